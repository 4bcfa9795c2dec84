"""Publish a sealed release by one symlink, roll back, remove; and clear up what a stopped command left.

The move of the symlink is the one moment that counts: before it readers have the old release, after it the new one.
All of it is for one who holds the lock.
"""

from __future__ import annotations

import csv
import os
import shutil

from bokslut.intake.store import sha256
from bokslut.release.manifest import manifest_path
from bokslut.release.places import MANIFEST, NUMBER, Places
from bokslut.release.seal import remove, sync

LOG_COLUMNS = ("at", "action", "release", "manifest_sha256")
PUBLISHED, ROLLED_BACK, REMOVED = "published", "rolled back", "removed"


def recover(places: Places, now: str) -> list[str]:
    """Clear up after a command that was stopped: what it had not published is removed; gives what was done."""
    places.root.mkdir(parents=True, exist_ok=True)
    done = []
    for path in sorted([*places.root.glob(".removing-*"), *places.root.glob(".current-*")]):
        path.unlink() if path.is_symlink() else remove(path)
        done.append(f"removed {path}")
    if places.building.exists():
        clear(places, now)
        done.append("removed what a build that was stopped had left")
        # dbt may have been stopped while it wrote its parse
        shutil.rmtree(places.target, ignore_errors=True)
    return done


def clear(places: Places, now: str) -> None:
    """Remove what a build made aside, and the release that it named but did not publish."""
    number = _number(places)
    if number is not None and places.release(number).exists():
        if places.current_number() == number:
            _log_once(places, number, now)
        else:
            remove(places.release(number))
    remove(places.building)


def publish(places: Places, number: int, now: str) -> None:
    """Give the sealed folder its name and let readers have it. Raises OSError, and then nothing is published."""
    places.number.write_text(str(number), encoding="utf-8")
    sync(places.number)
    sync(places.building)
    folder = places.release(number)
    places.sealed.rename(folder)
    folder.chmod(0o555)
    sync(places.root)
    move(places, number)
    log(places, PUBLISHED, number, now)


def move(places: Places, number: int) -> None:
    """Let the symlink lead to a release, in one step."""
    aside = places.root / f".current-{number}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(str(number))
    aside.replace(places.current)
    sync(places.root)


def remove_release(places: Places, number: int, now: str) -> None:
    """Remove a release that is not current; its manifest is kept, since the next one names it."""
    folder = places.release(number)
    places.removed.mkdir(exist_ok=True)
    kept = places.removed / f"{number}.json"
    aside = kept.with_suffix(".part")
    shutil.copyfile(folder / MANIFEST, aside)
    sync(aside)
    aside.replace(kept)
    sync(places.removed)
    going = places.root / f".removing-{number}"
    folder.chmod(0o755)
    folder.rename(going)
    log(places, REMOVED, number, now)
    remove(going)


def log(places: Places, action: str, number: int, now: str) -> None:
    """Add a line to the history."""
    new = not places.log.is_file()
    with places.log.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(LOG_COLUMNS)
        writer.writerow((now, action, number, sha256(manifest_path(places, number))))
        file.flush()
        os.fsync(file.fileno())


def read_log(places: Places) -> list[dict[str, str]]:
    """The history, oldest first."""
    if not places.log.is_file():
        return []
    with places.log.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _log_once(places: Places, number: int, now: str) -> None:
    if not any(row["action"] == PUBLISHED and row["release"] == str(number) for row in read_log(places)):
        log(places, PUBLISHED, number, now)


def _number(places: Places) -> int | None:
    try:
        text = places.number.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return int(text) if NUMBER.fullmatch(text) else None
