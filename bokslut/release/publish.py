"""Publish a sealed release by one symlink, roll back, remove; and clear up what a stopped command left.

The move of the symlink is the one moment that counts: before it readers have the old release, after it the new one.
The history that tells of it is written beforehand and only takes its name afterwards, so that no room is needed then,
and that a command that was stopped between the two is in the history all the same.
All of it is for one who holds the lock.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import suppress
from pathlib import Path

from bokslut.intake.store import sha256
from bokslut.release.manifest import manifest_path
from bokslut.release.places import MANIFEST, NUMBER, Places, ReleaseError
from bokslut.release.seal import remove, sync

LOG_COLUMNS = ("at", "action", "release", "manifest_sha256")
FROM_BACKUP = "take it from a back-up, or correct that line"
PUBLISHED, ROLLED_BACK, REMOVED, KEPT = "published", "rolled back", "removed", "kept"


def recover(places: Places) -> list[str]:
    """Clear up after a command that was stopped: what it had not published is removed; gives what was done."""
    places.root.mkdir(parents=True, exist_ok=True)
    _finish_history(places)
    done = []
    for path in sorted([*places.root.glob(".removing-*"), *places.root.glob(".current-*")]):
        remove(path)
        done.append(f"removed {path}")
    for number in set(places.gone()) & set(places.numbers()):
        # its removal had not come further than to its manifest
        (places.removed / f"{number}.json").unlink()
    for path in places.removed.glob("*.part"):
        path.unlink()
    if places.building.is_symlink() or places.building.exists():
        clear(places)
        done.append("removed what a build that was stopped had left")
        # dbt may have been stopped while it wrote its parse
        shutil.rmtree(places.target, ignore_errors=True)
    return done


def clear(places: Places) -> None:
    """Remove what a build made aside, and the release that it named but did not publish."""
    _finish_history(places)
    number = _number(places)
    if number is not None and not places.sealed.exists() and places.release(number).exists():
        # it has its name; it stays where readers have it, or had it
        published = {row["release"] for row in read_log(places) if row["action"] == PUBLISHED}
        if str(number) not in published and not _leads_to(places, number):
            remove(places.release(number))
    remove(places.building)


def publish(places: Places, number: int, now: str) -> None:
    """Give the sealed folder its name and let readers have it.

    Raises OSError, and ReleaseError where the name is taken; then nothing is published.
    """
    folder = places.release(number)
    if folder.is_symlink() or folder.exists():
        raise ReleaseError(f"{folder} is there already, and is no release of ours: move it away")
    places.number.write_text(str(number), encoding="utf-8")
    sync(places.number)
    sync(places.building)
    places.sealed.rename(folder)
    folder.chmod(0o555)
    sync(places.root)
    move(places, number, PUBLISHED, now)


def move(places: Places, number: int, action: str, now: str) -> None:
    """Let the symlink lead to a release, in one step. action: what the history says of it."""
    if places.current.is_dir() and not places.current.is_symlink():
        raise ReleaseError(f"{places.current} is a folder, where the link to a release belongs: move it away")
    _write_history(places, action, number, now)
    aside = places.root / f".current-{number}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(str(number))
    aside.replace(places.current)
    sync(places.root)
    # readers have it: what cannot be done now, the next command does
    with suppress(OSError):
        _finish_history(places)


def remove_release(places: Places, number: int, now: str) -> None:
    """Remove a release; its manifest is kept, since the next one names it. Raises ReleaseError for the current one."""
    if _leads_to(places, number):
        raise ReleaseError(f"release {number} is current: readers have it")
    folder = places.release(number)
    places.removed.mkdir(exist_ok=True)
    kept = places.removed / f"{number}.json"
    aside = kept.with_suffix(".part")
    shutil.copyfile(folder / MANIFEST, aside)
    sync(aside)
    aside.replace(kept)
    sync(places.removed)
    _write_history(places, REMOVED, number, now)
    going = places.root / f".removing-{number}"
    folder.chmod(0o755)
    folder.rename(going)
    sync(places.root)
    _finish_history(places)
    remove(going)


def keep_release(places: Places, number: int, now: str) -> None:
    """Write into the history that a release is to be kept as long as the law asks."""
    _write_history(places, KEPT, number, now)
    _finish_history(places)


def read_log(places: Places) -> list[dict[str, str]]:
    """The history, oldest first."""
    return _rows(places.log)


def _write_history(places: Places, action: str, number: int, now: str) -> None:
    """Write the history with one line more beside the one that is; whole, or not under its name."""
    aside = places.next_log.with_suffix(".part")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if places.log.is_file():
            file.write(places.log.read_text(encoding="utf-8"))
        else:
            writer.writerow(LOG_COLUMNS)
        writer.writerow((now, action, number, sha256(manifest_path(places, number))))
    sync(aside)
    aside.replace(places.next_log)


def _finish_history(places: Places) -> None:
    """Let the history that was written take its name if what its last line tells of was done; else it goes."""
    places.next_log.with_suffix(".part").unlink(missing_ok=True)
    rows = _rows(places.next_log)
    if not rows:
        return
    action, number = rows[-1]["action"], rows[-1]["release"]
    is_done = {
        REMOVED: not places.release(int(number)).exists(),
        KEPT: True,
    }.get(action, _leads_to(places, int(number)))
    if is_done:
        places.next_log.replace(places.log)
        sync(places.root)
    else:
        places.next_log.unlink()


def _rows(log: Path) -> list[dict[str, str]]:
    if not log.is_file():
        return []
    try:
        with log.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
    except (ValueError, OSError, csv.Error) as error:
        raise ReleaseError(f"{log}: not a history of releases ({error}) - {FROM_BACKUP}") from error
    for line, row in enumerate([header, *rows], start=1):
        if len(row) != len(LOG_COLUMNS) or (line > 1 and not NUMBER.fullmatch(row[2])):
            raise ReleaseError(f"{log}:{line}: not a line of the history - {FROM_BACKUP}")
    return [dict(zip(LOG_COLUMNS, row, strict=True)) for row in rows]


def _leads_to(places: Places, number: int) -> bool:
    return places.current.is_symlink() and str(places.current.readlink()) == str(number)


def _number(places: Places) -> int | None:
    try:
        text = places.number.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(text) if NUMBER.fullmatch(text) else None
