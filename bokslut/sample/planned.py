"""The lines of a budget: each slot over some months, exactly. A budget has no vouchers and no counter lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa

from bokslut.intake.postings import SCHEMA
from bokslut.sample.draws import apportion
from bokslut.sample.model import BoardYear


def budget_rows(board_year: BoardYear) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Period, öre and codes of each line. No slot has two lines in one period, so that no two lines are the same."""
    slots = [slot for slot in board_year.slots if slot.budget is not None]
    count = board_year.months_planned
    for index, slot in enumerate(slots):
        periods = [(11 - index + 12 * j // count) % 12 + 1 for j in range(count)]
        for period, ore in zip(sorted(periods), apportion(slot.budget or 0, [1] * count), strict=True):
            names = ("account", "ansvar", "activity", "project", "motpart", "text")
            yield period, ore, {name: getattr(slot, name) or None for name in names}


def budget_table(board_year: BoardYear) -> pa.Table:
    """The lines of the budget as canonical postings, sorted by all columns."""
    empty = dict.fromkeys(SCHEMA.names)
    owner = {
        "organisation_id": board_year.organisation_id,
        "board_id": board_year.board_id,
        "fiscal_year": board_year.fiscal_year,
        "scenario": "budget",
        "version": board_year.version or None,
    }
    order = ("period", "account", "ansvar", "activity", "project", "motpart", "amount", "text")
    rows = [
        empty | owner | codes | {"period": period, "amount": Decimal(ore).scaleb(-2)}
        for period, ore, codes in budget_rows(board_year)
    ]
    # what is not there comes last, as in an import
    rows.sort(key=lambda row: [(row[name] is None, row[name]) for name in order])
    return pa.Table.from_pylist(rows, schema=SCHEMA)
