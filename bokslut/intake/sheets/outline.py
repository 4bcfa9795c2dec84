"""The outline of an unknown sheet: where its head stands, what kind it is and which column is which field.

Only a guess for a draft profile; see head.py for the head that a profile names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bokslut.intake.sheets.manners import AMOUNT
from bokslut.intake.sheets.values import MARKS
from bokslut.intake.sheets.words import (
    AMOUNT_WORDS,
    GOAL_WORDS,
    POSTING_WORDS,
    PROJECT_WORDS,
    ROW_TOTALS,
    YEAR,
    field_of,
    month_of,
    plain,
)
from bokslut.intake.sheets.years import NO_YEAR, GuessedYear, year_of

SEARCHED = 60
PROJECT_AMOUNTS = {"total_budget", "total_forecast", "cost_to_date", "actual", "budget"}
Record = tuple[int, tuple[str | None, ...]]


@dataclass(frozen=True)
class AmountPlace:
    """An amount column: place from 0, its scenario ("" where its heading names none) and the year in its heading."""

    place: int
    scenario: str
    year: int | None


@dataclass(frozen=True)
class Outline:
    """What a sheet seems to be. Places are counted from 0.

    line: of the head. head_rows: 1 or 2. headings: of each column, of two rows joined. fields: field -> place. months:
    month -> place. around: the texts above and in the head, the sheet's and the file's names. year: by them.
    """

    line: int
    head_rows: int
    headings: tuple[str, ...]
    kind: str
    kind_is_certain: bool
    fields: Mapping[str, int]
    months: Mapping[int, int] = field(default_factory=dict)
    amounts: tuple[AmountPlace, ...] = ()
    row_total: int | None = None
    around: tuple[str, ...] = ()
    year: GuessedYear = NO_YEAR


def outline_of(records: Sequence[Record], names: Sequence[str]) -> Outline | None:
    """The outline of a sheet by its first records; None where no row looks like a head. names: of file and sheet."""
    best: tuple[int, int, int, tuple[str, ...]] = (0, 0, 1, ())
    for index in range(min(len(records), SEARCHED)):
        for size in (1, 2):
            group = [record[1] for record in records[index : index + size]]
            if len(group) < size or (size == 2 and any(_has_amounts(row) for row in group)):
                continue
            headings = joined(group)
            score = _score(headings)
            # a second row must tell more than the first alone
            if score > best[0]:
                best = (score, index, size, headings)
    score, index, size, headings = best
    if score < 2:
        return None
    above = [cell.lstrip(MARKS) for _, cells in records[:index] for cell in cells if cell]
    head = [cell.lstrip(MARKS) for _, cells in records[index : index + size] for cell in cells if cell]
    outline = _outlined(records[index][0], size, headings, (*above, *head, *names))
    return replace(outline, year=year_of(above, head, names))


def joined(rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """The headings of one row, or of two joined: the upper one holds to the right over merged cells."""
    if len(rows) == 1:
        return tuple(cell or "" for cell in rows[0])
    headings, above = [], ""
    for upper, lower in zip(rows[0], rows[1], strict=True):
        if upper:
            above = upper if lower else ""
        elif not lower:
            above = ""
        headings.append("\n".join(part.lstrip(MARKS) for part in (upper or above, lower) if part))
    return tuple(headings)


def _score(headings: Sequence[str]) -> int:
    """How many headings are known: each word once, each month once."""
    known: set[str] = set()
    for place, heading in enumerate(headings):
        if not heading or len(heading) > 60:
            continue
        month = month_of(heading)
        found = field_of(heading, POSTING_WORDS) or field_of(heading, GOAL_WORDS) or field_of(heading, PROJECT_WORDS)
        if month:
            known.add(f"month {month}")
        elif found:
            known.add(found)
        elif _scenario(heading) is not None:
            known.add(f"amount {place}")
    return len(known)


def _has_amounts(row: Sequence[str | None]) -> bool:
    texts = [cell.lstrip(MARKS) for cell in row if cell]
    return any(AMOUNT.fullmatch(text) and not YEAR.fullmatch(text) and not month_of(text) for text in texts)


def _scenario(heading: str) -> str | None:
    """The scenario of an amount's heading, "" for a bare amount, None for what is none; two words may stand in it."""
    words = plain(heading)
    for scenario, pattern in AMOUNT_WORDS.items():
        if scenario and re.search(rf"(?<![a-zåäö])(?:{pattern})(?![a-zåäö])", words):
            rest = re.sub(rf"(?:{pattern})|{AMOUNT_WORDS['']}", "", words).strip(" .-/")
            return scenario if not rest else None
    return "" if words and re.fullmatch(AMOUNT_WORDS[""], words) else None


def _fields(headings: Sequence[str], words: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = field_of(heading, words)
        if name == "outcome_value" and name in found and _year(heading) < _year(headings[found[name]]):
            name = "previous_value"
        if name and name not in found:
            found[name] = place
    return found


def _year(heading: str) -> int:
    found = YEAR.search(heading)
    return int(found[0]) if found else 0


def _outlined(line: int, size: int, headings: tuple[str, ...], around: tuple[str, ...]) -> Outline:
    fields = _fields(headings, POSTING_WORDS)
    goals, projects = _fields(headings, GOAL_WORDS), _fields(headings, PROJECT_WORDS)
    if "project_id" in projects and "account" not in fields and PROJECT_AMOUNTS & set(projects):
        is_certain = bool({"total_budget", "total_forecast", "cost_to_date"} & set(projects))
        return Outline(line, size, headings, "projects", is_certain, projects, around=around)
    if "measure_name" in goals and {"target", "outcome_value"} & set(goals) and "account" not in fields:
        return Outline(line, size, headings, "goals", True, goals, around=around)
    months = {month: place for place, heading in reversed(list(enumerate(headings))) if (month := month_of(heading))}
    amounts: list[AmountPlace] = []
    if len(months) >= 12:
        total = next(
            (place for place, heading in enumerate(headings) if re.fullmatch(ROW_TOTALS, plain(heading))), None
        )
        kind, is_certain = _kind(fields, (), around)
        return Outline(line, size, headings, kind, is_certain, fields, months, (), total, around)
    if not {"debit", "credit"} <= set(fields):
        fields = {name: place for name, place in fields.items() if name not in ("debit", "credit")}
        for place, heading in enumerate(headings):
            scenario = _scenario(heading)
            if scenario is not None and place not in fields.values():
                amounts.append(AmountPlace(place, scenario, _year(heading) or None))
        # a bare amount beside named ones is theirs already, or a total
        amounts = [each for each in amounts if not each.scenario][:1] if _is_ledger(fields) else amounts
    kind, is_certain = _kind(fields, [each.scenario for each in amounts], around)
    taken = {each.place for each in amounts} | set(fields.values())
    others = " ".join(plain(heading) for place, heading in enumerate(headings) if place not in taken)
    is_certain = is_certain and not (amounts and re.search(r"budget|prognos|utfall", others))
    return Outline(line, size, headings, kind, is_certain, fields, {}, tuple(amounts), None, around)


def _is_ledger(fields: Mapping[str, int]) -> bool:
    return bool({"voucher", "series"} & set(fields))


def _kind(fields: Mapping[str, int], scenarios: Sequence[str], around: Sequence[str]) -> tuple[str, bool]:
    """The kind of postings and whether that is certain."""
    if _is_ledger(fields) or {"debit", "credit"} <= set(fields):
        return "ledger", True
    named = {scenario for scenario in scenarios if scenario}
    if len(named) == 1 and len(scenarios) == 1:
        return {"actual": "ledger"}.get(scenarios[0], scenarios[0]), True
    if "actual" in named or len(named) > 1:
        return "ledger", False
    texts = " ".join(around).lower()
    for word, kind in (("prognos", "forecast"), ("budget", "budget"), ("utfall", "ledger"), ("huvudbok", "ledger")):
        if word in texts:
            return kind, False
    return "ledger", False
