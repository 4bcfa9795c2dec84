"""Which rows of an unknown sheet sum others, and which: each is tried against the rows above it.

Only a guess for a draft profile; see totals.py for the totals that a profile declares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bokslut.intake.sheets.rows import BALANCE_WORDS, TOTAL_WORDS

WORD = re.compile(r"(?:(?:del|total|slut)?summa|s:a|totalt|totalen|total|summering)", re.IGNORECASE)
IS_TOTAL = re.compile(TOTAL_WORDS)
IS_BALANCE = re.compile(BALANCE_WORDS)
BALANCE = re.compile(r"[^\W\d_]+\.?(?:\s*(?:balans(?:en|er)?|saldo))?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row below the head. cells: as they stand. amounts: of each amount column, None where it shows none."""

    line: int
    cells: tuple[str | None, ...]
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class GuessedTotal:
    """place: the column (from 0) where the word stands. pattern: with *. adds: since_last or all.

    agrees: whether each such row is that sum.
    """

    place: int
    pattern: str
    adds: str
    agrees: bool


def total_place(row: Row, keys: Sequence[int], skipped: Sequence[int]) -> int | None:
    """The column where a row says that it is a total; None for other rows. keys: places of the codes of a row."""
    has_gap = any(row.cells[place] is None for place in keys)
    for place, cell in enumerate(row.cells):
        if cell and place not in skipped and (place in keys or has_gap) and IS_TOTAL.fullmatch(cell):
            return place
    return None


def balance_place(row: Row, skipped: Sequence[int]) -> int | None:
    """The column where a row says that it is an opening or closing balance; None for other rows."""
    for place, cell in enumerate(row.cells):
        if cell and place not in skipped and IS_BALANCE.fullmatch(cell):
            return place
    return None


def balance_pattern(text: str) -> str:
    """The pattern of the rows with such a text: "Ingående balans*" of "Ingående balans 2024", "IB *" of "IB 2024"."""
    text = " ".join(text.split())
    word = BALANCE.match(text)
    found = word[0] if word else text
    if found in ("IB", "UB"):
        # other words begin with these letters
        return f"{found}{text[2]}*" if text[2:] else found
    return f"{found}*"


def totals_of(rows: Sequence[Row], places: Mapping[int, int]) -> tuple[GuessedTotal, ...]:
    """The totals among the rows, the narrower pattern first. places: line of a total row -> the column of its word."""
    sums = [Decimal(0)] * len(rows[0].amounts) if rows else []
    before: dict[tuple[int, str], list[Decimal]] = {}
    found: dict[tuple[int, str], list[tuple[str, frozenset[str]]]] = {}
    for row in rows:
        if row.line not in places:
            sums = [one + (other or Decimal(0)) for one, other in zip(sums, row.amounts, strict=True)]
            continue
        place = places[row.line]
        text = " ".join((row.cells[place] or "").split())
        word = WORD.match(text)
        # of a text that only ends in the word, as "Skola totalt", the end is the pattern
        kind = place, f"{word[0]}*" if word else f"*{text.split()[-1]}"
        since = [one - other for one, other in zip(sums, before.get(kind, [Decimal(0)] * len(sums)), strict=True)]
        ways = {way for way, summed in (("since_last", since), ("all", sums)) if _agrees(row, summed)}
        found.setdefault(kind, []).append((text, frozenset(ways)))
        before[kind] = sums
    return tuple(_gathered(found))


def _agrees(row: Row, sums: Sequence[Decimal]) -> bool:
    pairs = [(stated, summed) for stated, summed in zip(row.amounts, sums, strict=True) if stated is not None]
    return bool(pairs) and all(stated == summed for stated, summed in pairs)


def _gathered(found: Mapping[tuple[int, str], Sequence[tuple[str, frozenset[str]]]]) -> list[GuessedTotal]:
    """One total for each word, and one of its own for each text that sums otherwise than most with that word."""
    narrow, wide = [], []
    for (place, pattern), totals in found.items():
        counts = {way: sum(way in ways for _, ways in totals) for way in ("all", "since_last")}
        usual = (
            "since_last" if counts["since_last"] > counts["all"] or len(totals) > 1 <= counts["since_last"] else "all"
        )
        others = {text: ways for text, ways in totals if usual not in ways and ways}
        narrow += [GuessedTotal(place, text, min(ways), True) for text, ways in others.items()]
        wide.append(GuessedTotal(place, pattern, usual, all(ways for _, ways in totals)))
    return narrow + wide
