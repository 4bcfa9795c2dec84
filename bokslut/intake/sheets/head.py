"""Find the head of a sheet and the columns that a profile names, by heading or by letter.

Headings are compared without regard to case, blanks and hyphens; see headings.py. No value below them is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.form import Column, Profile
from bokslut.intake.sheets.headings import normal, tidy
from bokslut.intake.sheets.letters import column_letter, column_number
from bokslut.intake.sheets.strict_yaml import closest
from bokslut.intake.sheets.values import MARKS

# a head is looked for among so many records
SEARCHED = 200
Record = tuple[int, int, tuple[str | None, ...]]


@dataclass(frozen=True)
class Head:
    """The head of a sheet. line, last_line: where it begins and ends. width: cells of its record.

    Of a sheet without a head, line is that of the first row of data and last_line the one before it.

    headings: of each column, None where it is empty. places: what was looked for -> the column's number from 1.
    """

    line: int
    last_line: int
    width: int
    headings: tuple[str | None, ...]
    places: Mapping[str, int]

    def title(self, place: int) -> str:
        """What a column is called in a message: its heading as it stands, else its letter."""
        return self.headings[place - 1] or column_letter(place)

    @property
    def others(self) -> tuple[int, ...]:
        """The columns that nothing looked for."""
        used = set(self.places.values())
        return tuple(place for place in range(1, len(self.headings) + 1) if place not in used)


def find_head(
    cells: Cells, profile: Profile, wanted: Mapping[str, Column], connection: duckdb.DuckDBPyConnection
) -> Head:
    """The head with a place for each wanted column.

    Raises RefusedError where the head or one of the columns is missing, or a heading stands twice.
    """
    names = ", ".join(f"c{number}" for number in range(1, cells.width + 1))
    rows = connection.execute(f"select line, width, {names} from cells order by line limit {SEARCHED}").fetchall()
    records = [(row[0], row[1], tuple(row[2:])) for row in rows if any(cell is not None for cell in row[2:])]
    sought = {normal(column.heading) for column in wanted.values() if column.heading is not None}
    if not profile.head_rows:
        return _without_head(cells, profile, wanted, records)
    found = _head_records(profile, records, sought)
    if len(found) < profile.head_rows:
        raise RefusedError([_no_head(cells, wanted)])
    headings = _headings([record[2] for record in found])
    if sought and not sought & {normal(heading) for heading in headings if heading}:
        raise RefusedError([_no_head(cells, wanted, found[0][0])])
    places, findings = _places(cells, wanted, headings, found[0][0])
    if findings:
        raise RefusedError(findings)
    return Head(found[0][0], found[-1][0], found[-1][1], headings, places)


def _without_head(cells: Cells, profile: Profile, wanted: Mapping[str, Column], records: Sequence[Record]) -> Head:
    """The place above the first row of data, of a sheet that has no head; its columns are known by letter alone."""
    above = profile.rows_above or 0
    width = next((record[1] for record in records if record[0] > above), cells.width)
    headings = (None,) * cells.width
    places, findings = _places(cells, wanted, headings, above + 1)
    if findings:
        raise RefusedError(findings)
    return Head(above + 1, above, width, headings, places)


def _head_records(profile: Profile, records: Sequence[Record], sought: set[str]) -> Sequence[Record]:
    size = profile.head_rows
    if profile.rows_above is not None:
        below = [record for record in records if record[0] > profile.rows_above]
        return below[:size]
    if not sought:
        return records[:size]
    best: Sequence[Record] = []
    most = 0
    for index in range(len(records) - size + 1):
        group = records[index : index + size]
        hits = len(sought & {normal(heading) for heading in _headings([each[2] for each in group]) if heading})
        if hits > most:
            best, most = group, hits
    return best


def _headings(rows: Sequence[tuple[str | None, ...]]) -> tuple[str | None, ...]:
    """The headings of one row, or of two joined: the upper one is filled to the right over merged cells."""
    plain = [[cell.lstrip(MARKS) if cell else None for cell in row] for row in rows]
    if len(plain) == 1:
        return tuple(tidy(cell) or None if cell else None for cell in plain[0])
    joined: list[str | None] = []
    above: str | None = None
    for upper, lower in zip(plain[0], plain[1], strict=True):
        if upper:
            # a heading over one column alone, merged downwards, is not the heading of its neighbours
            above = upper if lower else None
        elif not lower:
            above = None
        parts = [part for part in (upper or above, lower) if part]
        joined.append(tidy("\n".join(parts)) or None)
    return tuple(joined)


def _places(
    cells: Cells, wanted: Mapping[str, Column], headings: Sequence[str | None], line: int
) -> tuple[dict[str, int], list[Finding]]:
    by_name: dict[str, list[int]] = {}
    for place, heading in enumerate(headings, 1):
        if heading:
            by_name.setdefault(normal(heading), []).append(place)
    places: dict[str, int] = {}
    findings = []
    for key, column in wanted.items():
        if column.letter is not None:
            places[key] = column_number(column.letter)
            if places[key] > len(headings):
                what = f"the sheet has {len(headings)} columns, the last is {column_letter(len(headings))}"
                findings.append(Finding(cells.path, what, "check the letter in the profile", line, column.letter))
        elif not (found := by_name.get(normal(str(column.heading)), [])):
            findings.append(_missing(cells, str(column.heading), headings, line))
        else:
            places[key] = found[0]
    lettered = {places[key] for key, column in wanted.items() if column.letter is not None and key in places}
    for found in by_name.values():
        if len(found) > 1 and not set(found) <= lettered:
            letters = " and ".join(column_letter(place) for place in found)
            do = "give each column a heading of its own, or name all of them by letter in the profile"
            findings.append(
                Finding(cells.path, f"this heading stands twice ({letters})", do, line, headings[found[0] - 1])
            )
    return places, list(dict.fromkeys(findings))


def _missing(cells: Cells, heading: str, headings: Sequence[str | None], line: int) -> Finding:
    """What the sheet has in place of a heading: the one that resembles it most, or all of them."""
    others = [each for each in headings if each]
    close = closest(heading, others)
    what = f"the sheet has no such heading; it has {close or ', '.join(others) or 'none'}"
    meant = close or "the one that is meant"
    return Finding(cells.path, what, f"correct the heading, or write {meant} in the profile", line, heading)


def _no_head(cells: Cells, wanted: Mapping[str, Column], line: int | None = None) -> Finding:
    names = ", ".join(dict.fromkeys(str(column.heading) for column in wanted.values() if column.heading is not None))
    what = f"no head found: none of the headings {names} stands " + (
        "here" if line else f"in the first {SEARCHED} rows"
    )
    return Finding(cells.path, what, "check that it is the right file and profile, and rows_above", line)
