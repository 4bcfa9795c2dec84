"""What may be removed, and when: received files and old releases, by the years that the law keeps them.

LKBR (2018:597) 3 kap. 12 §: accounting records are kept up to and including the seventh year after the end of the
calendar year in which the fiscal year ended. Nothing is removed here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake import store
from bokslut.release.manifest import manifest_path, read_manifest
from bokslut.release.places import Places, ReleaseError
from bokslut.release.publish import KEPT, read_log

YEARS = 7


@dataclass(frozen=True)
class Goes:
    """Something that may go. fiscal_year: the latest that it is of. size: bytes."""

    path: Path
    fiscal_year: int
    size: int


def is_over(fiscal_year: int, years: int, now: str) -> bool:
    """Whether a fiscal year, which is a calendar year, need not be kept any more. now: ISO 8601."""
    return int(now[:4]) > fiscal_year + years


def surplus(places: Places, keep: int, years: int, now: str) -> list[int]:
    """Old releases beyond the newest `keep`, oldest first; not the current one, nor one that was said to be kept.

    The newest release with a fiscal year is the record of its closing, and stays, too, as long as the law keeps it.
    """
    current = places.current_number()
    last_of = newest_of_years(places)
    held = {number for year, number in last_of.items() if not is_over(year, years, now)}
    old = [number for number in reversed(places.numbers()) if number != current]
    held |= kept_by_word(places)
    return sorted(number for number in old[keep:] if number not in held)


def kept_by_word(places: Places) -> set[int]:
    """The releases that a user has said to keep, such as the one whose hash is in the minutes."""
    return {int(row["release"]) for row in read_log(places) if row["action"] == KEPT}


def newest_of_years(places: Places) -> dict[int, int]:
    """For each fiscal year, the newest release whose latest year it is."""
    return {latest_year(places, number): number for number in places.numbers()}


def latest_year(places: Places, number: int) -> int:
    """The latest fiscal year of a release; of one without any, the year that it was built in."""
    manifest = read_manifest(manifest_path(places, number))
    return max(manifest.fiscal_years, default=int(manifest.built_at[:4]))


def releases_that_may_go(places: Places, years: int, now: str) -> list[tuple[int, Goes]]:
    """Releases of which even the latest fiscal year is over; never the current one, nor the newest."""
    kept = {places.current_number(), *places.numbers()[-1:]}
    found = []
    for number in places.numbers():
        year = latest_year(places, number)
        if number not in kept and is_over(year, years, now):
            found.append((number, Goes(places.release(number), year, _size(places.release(number)))))
    return found


def received_that_may_go(data: Path, years: int, now: str) -> list[Goes]:
    """Received files of which even the latest fiscal year is over.

    A file's years are those of its imports; one whose imports were replaced or removed has the year it came in.
    """
    of: dict[str, int] = {}
    for total in store.records(data):
        of[total.source_sha256] = max(of.get(total.source_sha256, 0), total.fiscal_year)
    log = data / store.LOG
    if log.is_file():
        try:
            with log.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    of.setdefault(row["source_sha256"], int(row["received_at"][:4]))
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            raise ReleaseError(f"{log}: not the history of imports ({error}) - take it from a back-up") from error
    found = []
    for path in sorted(data.glob("received/organisation=*/*/*")):
        year = of.get(path.parent.name)
        if year is not None and is_over(year, years, now):
            found.append(Goes(path, year, path.stat().st_size))
    return found


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
