"""Verify releases: every file against the manifest, the manifest against its checksum, and each against the next.

Only reading; nothing that was released is trusted but the hashes, and those are recomputed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.store import sha256
from bokslut.release.manifest import Manifest, manifest_path, read_manifest
from bokslut.release.places import CHECKSUM, MANIFEST, Places, ReleaseError
from bokslut.release.publish import PUBLISHED, REMOVED, read_log


@dataclass(frozen=True)
class Verified:
    """One release. faults: what is wrong with it, a line each. digest: SHA-256 of its manifest as it is now.

    postings: how many of its imported postings still lie in the data folder as they were, of how many.
    """

    number: int
    digest: str
    files: int
    faults: tuple[str, ...]
    postings: tuple[int, int]


def verify(places: Places, number: int) -> Verified:
    """Recompute each hash of one release, and hold its manifest to its checksum, the history and the next release."""
    folder = places.release(number)
    faults: list[str] = [f"{folder}: a link, where a release is a folder"] if folder.is_symlink() else []
    files, postings = 0, (0, 0)
    try:
        manifest = read_manifest(folder / MANIFEST)
    except ReleaseError as error:
        faults.append(str(error))
    else:
        files = len(manifest.outputs)
        faults += [*_outputs(folder, manifest), *_kept(folder, manifest)]
        postings = _postings(manifest)
        if manifest.release != number:
            faults.append(f"{folder / MANIFEST}: it is of release {manifest.release}")
    faults += [*_checksum(folder), *_logged(places, number), *_next(places, number)]
    path = folder / MANIFEST
    digest = sha256(path) if path.is_file() else ""
    return Verified(number, digest, files, tuple(faults), postings)


def chain(places: Places) -> list[str]:
    """What is broken in the chain from the first release to the newest, through those that were removed."""
    known = sorted({*places.numbers(), *places.gone()})
    faults = list(_history(places))
    for before, number in zip([None, *known], known, strict=False):
        try:
            previous = read_manifest(manifest_path(places, number)).previous
        except ReleaseError as error:
            faults.append(str(error))
            continue
        named: int | None = None if previous is None else int(previous["release"])
        if named != before:
            is_missing = named is not None and named not in known
            faults.append(
                f"release {number} follows {named or 'none'}, "
                + ("whose manifest is gone" if is_missing else f"but {before or 'none'} lies before it")
            )
        elif (
            previous is not None
            and named is not None
            and sha256(manifest_path(places, named)) != previous["manifest_sha256"]
        ):
            faults.append(f"the manifest of release {named} is not the one that release {number} was built on")
    return faults


def _outputs(folder: Path, manifest: Manifest) -> Iterator[str]:
    named = {each["path"]: each for each in manifest.outputs}
    parents = {parent.as_posix() for name in named for parent in Path(name).parents}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            yield f"{path}: a link or no file, where a release has files alone"
        elif name not in named and name not in parents and name not in (MANIFEST, CHECKSUM):
            yield f"{path}: the manifest does not name it"
    for name in sorted(named):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            yield f"{folder / MANIFEST}: it names {name}, which is outside the release"
            continue
        try:
            digest = sha256(folder / name)
        except FileNotFoundError:
            yield f"{folder / name}: it is gone"
            continue
        except OSError as error:
            yield f"{folder / name}: cannot be read ({error.strerror})"
            continue
        if digest != named[name]["sha256"]:
            yield f"{folder / name}: its bytes are not those that were released"


def _kept(folder: Path, manifest: Manifest) -> Iterator[str]:
    """An input that was kept is an output too; the two hashes of it must be one."""
    outputs = {each["path"]: each["sha256"] for each in manifest.outputs}
    for each in manifest.inputs:
        if each["kept"] is not None and outputs.get(each["kept"]) != each["sha256"]:
            yield f"{folder / each['kept']}: not the input that was read"
    for mart in manifest.marts:
        if outputs.get(f"marts/{mart['name']}.parquet") != mart["sha256"]:
            yield f"{folder}: the manifest has two hashes of {mart['name']}"


def _checksum(folder: Path) -> Iterator[str]:
    try:
        text = (folder / CHECKSUM).read_text(encoding="utf-8")
        content = (folder / MANIFEST).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        yield f"{folder}: manifest or checksum cannot be read ({error})"
        return
    if text != f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n":
        yield f"{folder / CHECKSUM}: not the checksum of {MANIFEST} beside it; one of the two was changed"


def _history(places: Places) -> Iterator[str]:
    """What history, folders and link say of each other."""
    try:
        rows = read_log(places)
        places.current_number()
    except ReleaseError as error:
        yield str(error)
        return
    published = {int(row["release"]) for row in rows if row["action"] == PUBLISHED}
    removed = {int(row["release"]) for row in rows if row["action"] == REMOVED}
    for number in sorted(set(places.numbers()) - published):
        yield f"{places.log} does not say that release {number} was published"
    for number in sorted(published - removed - set(places.numbers())):
        yield f"release {number} was published, was not removed by bokslut, and is gone"
    if places.numbers() and places.current_number() is None:
        yield f"{places.current} is gone: say bokslut rollback {places.numbers()[-1]}"


def _logged(places: Places, number: int) -> Iterator[str]:
    path = places.release(number) / MANIFEST
    try:
        rows = read_log(places)
    except ReleaseError:
        # said of the chain
        return
    said = {row["manifest_sha256"] for row in rows if row["action"] == PUBLISHED and row["release"] == str(number)}
    if path.is_file() and said and said != {sha256(path)}:
        yield f"{path}: not the manifest that {places.log} says was published"


def _next(places: Places, number: int) -> Iterator[str]:
    """The release after it names the hash of its manifest."""
    after = [each for each in (*places.numbers(), *places.gone()) if each > number]
    path = places.release(number) / MANIFEST
    if not after or not path.is_file():
        return
    try:
        previous = read_manifest(manifest_path(places, min(after))).previous
    except ReleaseError:
        # said of that release
        return
    if previous is not None and previous["release"] == number and previous["manifest_sha256"] != sha256(path):
        yield f"{path}: not the manifest that release {min(after)} was built on"


def _postings(manifest: Manifest) -> tuple[int, int]:
    """Imported files that are not kept in the release: still there as they were, of all."""
    data = Path(manifest.folders["data"])
    mine = [each for each in manifest.inputs if each["kept"] is None]
    same = [each for each in mine if (data / each["path"]).is_file() and sha256(data / each["path"]) == each["sha256"]]
    return len(same), len(mine)
