"""What a sample adds up to, by key: from the totals that were fixed first, never from the lines.

totals.csv has a row per organisation, board, year, scenario, version, activity code, project and account class, with
the lines and the sum in kronor and öre, in the ledger's sign (debit positive: costs are positive, income negative).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bokslut.sample.cells import Cell
from bokslut.sample.chart import Classes
from bokslut.sample.model import BoardYear, Slot
from bokslut.sample.planned import budget_rows

COLUMNS = (
    "organisation_id", "board_id", "fiscal_year", "scenario", "version", "activity", "project", "account_class",
    "entry_class", "lines", "amount",
)  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One row of totals.csv within a board and year; entry_class is empty for balance accounts."""

    scenario: str
    version: str
    activity: str
    project: str
    account_class: str
    entry_class: str


def sums(board_year: BoardYear, cells: Sequence[Cell], balance_classes: Mapping[str, str]) -> dict[Key, list[int]]:
    """Key -> lines and öre, in the order of the keys. balance_classes: counter account -> its class."""
    found: dict[Key, list[int]] = {}

    def add(key: Key, lines: int, ore: int) -> None:
        row = found.setdefault(key, [0, 0])
        row[0] += lines
        row[1] += ore

    months = board_year.months_planned
    for slot in board_year.slots:
        if slot.actual is not None:
            add(_key(slot, "actual", ""), 0, slot.actual)
            add(Key("actual", "", "", "", balance_classes[slot.counter], ""), 0, -slot.actual)
        if slot.budget is not None:
            add(_key(slot, "budget", board_year.version), months, slot.budget)
    for cell in cells:
        add(_key(cell.slot, "actual", ""), cell.lines - cell.vouchers, 0)
        add(Key("actual", "", "", "", balance_classes[cell.slot.counter], ""), cell.vouchers, 0)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def by_period(board_year: BoardYear, cells: Sequence[Cell]) -> dict[tuple[str, int], tuple[int, int, int]]:
    """Scenario and period -> lines, debit and credit in öre, both positive: what an import would have counted.

    All lines of a cell are on one side and their counter lines on the other.
    """
    found: dict[tuple[str, int], list[int]] = {}
    for cell in cells:
        row = found.setdefault(("actual", cell.period), [0, 0, 0])
        for place, value in enumerate((cell.lines, abs(cell.total), abs(cell.total))):
            row[place] += value
    for period, ore, _ in budget_rows(board_year):
        row = found.setdefault(("budget", period), [0, 0, 0])
        for place, value in enumerate((1, max(ore, 0), max(-ore, 0))):
            row[place] += value
    return {key: (row[0], row[1], row[2]) for key, row in sorted(found.items())}


class TotalsFile:
    """totals.csv while it is written, a board and year at a time."""

    def __init__(self, file: TextIO, classes: Classes) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(COLUMNS)
        self._classes = classes

    def add(self, board_year: BoardYear, cells: Sequence[Cell]) -> None:
        """Write the rows of a board and year."""
        counters = {slot.counter for slot in board_year.slots}
        balance = {counter: self._classes.of(counter)["account_class"] for counter in counters}
        owner = (board_year.organisation_id, board_year.board_id, board_year.fiscal_year)
        for key, (lines, ore) in sums(board_year, cells, balance).items():
            codes = (key.scenario, key.version, key.activity, key.project, key.account_class, key.entry_class)
            self._writer.writerow((*owner, *codes, lines, kronor(ore)))


def kronor(ore: int) -> str:
    """Öre as kronor with two decimals."""
    sign, size = ("-" if ore < 0 else ""), abs(ore)
    return f"{sign}{size // 100}.{size % 100:02}"


def _key(slot: Slot, scenario: str, version: str) -> Key:
    return Key(scenario, version, slot.activity, slot.project, slot.account_class, slot.entry_class)


def totals_path(out: Path) -> Path:
    """Where the totals of a sample lie."""
    return out / "totals.csv"
