"""The build's own copy of the inputs: exact bytes, each with its SHA-256, and whether they are still the same.

Seeds keep the path that they have in the project, under inputs/, so that dbt's own account of them can be read with or
without the copy. Imported data lies beside them; what was received and the history are no inputs of a build.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.findings import Finding
from bokslut.intake.store import sha256
from bokslut.release.manifest import Manifest
from bokslut.release.places import Places
from bokslut.settings import Settings

BLOCK = 1 << 20
DATA_FILES = ("postings/**/*.parquet", "imports/**/*.csv")
CHANGED = "build again; let nothing write into the inputs meanwhile"


@dataclass(frozen=True)
class Input:
    """One file that a build read.

    folder: reference, board or data. path: from the project's root, or from the data folder. source: where it lies.
    copy: the build's own. size: bytes.
    """

    folder: str
    path: str
    source: Path
    copy: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Copied:
    """The copy: its files, and the settings by which dbt reads it."""

    inputs: tuple[Input, ...]
    settings: Settings

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.inputs)


def sources(settings: Settings) -> Iterator[tuple[str, str, Path]]:
    """Folder, path and place of each input, in order; a seed folder gives every file that is no hidden one."""
    for name, folder in (("reference", settings.reference), ("board", settings.board)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield name, path.as_posix(), path
    for path in sorted({path for pattern in DATA_FILES for path in settings.data.glob(pattern)}):
        yield "data", path.relative_to(settings.data).as_posix(), path


def size_of(settings: Settings) -> int:
    """Bytes of all inputs."""
    return sum(path.stat().st_size for _, _, path in sources(settings))


def copy_inputs(settings: Settings, places: Places) -> Copied:
    """Copy every input aside, byte for byte. Raises OSError."""
    inputs = []
    for folder, path, source in sources(settings):
        target = (places.data if folder == "data" else places.inputs) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        inputs.append(Input(folder, path, source, target, *_copy(source, target)))
    for empty in (places.inputs / settings.reference, places.inputs / settings.board, places.data):
        empty.mkdir(parents=True, exist_ok=True)
    _protect(places)
    copied = Settings(
        reference=places.inputs / settings.reference,
        board=places.inputs / settings.board,
        data=places.data,
        database=places.built,
        releases=settings.releases,
    )
    return Copied(tuple(inputs), copied)


def changed(copied: Copied, settings: Settings, places: Places) -> list[Finding]:
    """What is not as it was when it was copied: the copy that dbt read, or the file that it was copied from."""
    findings = []
    for each in copied.inputs:
        if not each.copy.is_file() or sha256(each.copy) != each.sha256:
            what = f"the build's copy of {each.path} was changed while dbt ran: a model or a macro wrote to it"
            findings.append(Finding(each.copy, what, "take that out of the code"))
        if not each.source.is_file() or sha256(each.source) != each.sha256:
            findings.append(Finding(each.source, "it was changed while it was built", CHANGED))
    known = {each.copy for each in copied.inputs}
    for path in sorted([*places.inputs.rglob("*"), *places.data.rglob("*")]):
        if path.is_file() and path not in known:
            findings.append(Finding(path, "written while dbt ran, by a model or a macro", "take that out of the code"))
    there = {source for _, _, source in sources(settings)}
    findings.extend(
        Finding(source, "it came while the others were built", CHANGED)
        for source in sorted(there - {each.source for each in copied.inputs})
    )
    return findings


def changed_since(copied: Copied, before: Manifest | None) -> list[Finding]:
    """The inputs that are not as in the release before: where a mistake that stopped a build may lie."""
    if before is None:
        return []
    released = {(each["folder"], each["path"]): each["sha256"] for each in before.inputs}
    return [
        Finding(each.source, f"it has changed since release {before.release}", "look there first")
        for each in copied.inputs
        if released.get((each.folder, each.path)) != each.sha256
    ]


def keep_seeds(copied: Copied, target: Path) -> dict[Path, str]:
    """Put what a release keeps of its inputs under target: seeds and records of imports, each by its path there.

    Postings stay in the data folder alone: they hold texts, and are the bulk. Their hashes are kept.
    """
    kept = {}
    for each in copied.inputs:
        if each.folder == "data" and not each.path.startswith("imports/"):
            continue
        name = f"data/{each.path}" if each.folder == "data" else each.path
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each.copy, target / name)
        kept[each.copy] = f"{target.name}/{name}"
    return kept


def _protect(places: Places) -> None:
    """Take the right to write from all: DuckDB can write where it may read, and the root user is told by the hashes."""
    for path in [*places.inputs.rglob("*"), *places.data.rglob("*"), places.inputs, places.data]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            size += len(block)
            writing.write(block)
    return digest.hexdigest(), size
