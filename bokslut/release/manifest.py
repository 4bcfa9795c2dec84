"""The manifest of a release: what it was made of, by what, and the SHA-256 of every file; each names the one before.

Written once, at sealing. Beside it lies its own checksum in the form of sha256sum, for those who have no bokslut.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from platform import python_version
from subprocess import DEVNULL, PIPE, run
from typing import Any

from bokslut.intake.store import sha256
from bokslut.release.places import CHECKSUM, MANIFEST, Places, ReleaseError

FORMAT = 1
MEND = "put it back from a back-up, or say bokslut rollback N for another release"
TOOLS = ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb", "pyarrow")


@dataclass(frozen=True)
class Manifest:
    """One release, as it was sealed.

    built_at: UTC. previous: number and manifest_sha256 of the release before, None for the first. git: commit and
    is_clean, None outside a repository. counts: nodes and claims that passed. folders: where inputs lay. inputs:
    folder, path, bytes, sha256, kept (path in the release, or None). marts: name, rows, sums of the amounts as texts,
    sha256 of the Parquet. outputs: path in the release, bytes, sha256. control_totals: from file to mart.
    """

    format: int
    release: int
    built_at: str
    previous: Mapping[str, Any] | None
    git: Mapping[str, Any] | None
    tools: Mapping[str, str]
    counts: Mapping[str, int]
    fiscal_years: Sequence[int]
    folders: Mapping[str, str]
    control_totals: Sequence[Mapping[str, Any]]
    marts: Sequence[Mapping[str, Any]]
    inputs: Sequence[Mapping[str, Any]]
    outputs: Sequence[Mapping[str, Any]]


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Write it and its checksum into a release; gives its SHA-256."""
    content = (json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n").encode()
    digest = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_bytes(content)
    (folder / CHECKSUM).write_text(f"{digest}  {MANIFEST}\n", encoding="utf-8", newline="\n")
    return digest


def read_manifest(path: Path) -> Manifest:
    """Read one. Raises ReleaseError where it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = content["format"]
        manifest = Manifest(**content)
        _check(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReleaseError(f"{path}: not the manifest of a release ({str(error)[:80]}) - {MEND}") from error
    if known != FORMAT:
        raise ReleaseError(f"{path}: format {known} is not known to this version of bokslut")
    return manifest


def _check(manifest: Manifest) -> None:
    """Raises TypeError or KeyError where a part is not of its form."""
    parts = (
        (manifest.outputs, {"path": str, "bytes": int, "sha256": str}),
        (manifest.inputs, {"folder": str, "path": str, "bytes": int, "sha256": str, "kept": str | None}),
        (manifest.marts, {"name": str, "rows": int, "sums": dict, "sha256": str}),
        ([] if manifest.previous is None else [manifest.previous], {"release": int, "manifest_sha256": str}),
        ([] if manifest.git is None else [manifest.git], {"commit": str, "is_clean": bool}),
        ([manifest.folders], {"reference": str, "board": str, "data": str}),
        ([manifest.counts], {"seeds": int, "models": int, "data_tests": int, "claims": int}),
        ([asdict(manifest)], {"release": int, "built_at": str, "fiscal_years": list, "control_totals": list}),
    )
    for rows, kinds in parts:
        for row in rows:
            for name, kind in kinds.items():
                if not isinstance(row[name], kind):
                    raise TypeError(f"{name} is {row[name]!r}")
    if not all(isinstance(year, int) for year in manifest.fiscal_years) or not manifest.built_at[:4].isdecimal():
        raise TypeError("fiscal_years or built_at")


def manifest_path(places: Places, number: int) -> Path:
    """Where the manifest of a release lies, of one that was removed too."""
    path = places.release(number) / MANIFEST
    return path if path.is_file() else places.removed / f"{number}.json"


def previous_of(places: Places) -> Mapping[str, Any] | None:
    """The newest release that was published, by number and the hash of its manifest."""
    known = [*places.numbers(), *places.gone()]
    if not known:
        return None
    number = max(known)
    path = manifest_path(places, number)
    if not path.is_file():
        raise ReleaseError(f"{places.release(number)} holds no manifest and is no release: move it away")
    return {"release": number, "manifest_sha256": sha256(path)}


def tools() -> dict[str, str]:
    """The versions of what makes the figures."""
    return {"python": python_version()} | {name: metadata.version(name) for name in TOOLS}


def git_state() -> Mapping[str, Any] | None:
    """The commit that the code is of, and whether it is just that; None without git or a repository."""
    commit = _git("rev-parse", "HEAD")
    return None if commit is None else {"commit": commit, "is_clean": not _git("status", "--porcelain")}


def _git(*arguments: str) -> str | None:
    try:
        done = run(["git", *arguments], stdout=PIPE, stderr=DEVNULL, encoding="utf-8", check=False)  # noqa: S603, S607
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
