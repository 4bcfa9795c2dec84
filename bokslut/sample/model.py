"""What a sample is made of: slots, each one account of one code with the totals that its lines add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One account of one activity code or project in a board's year.

    actual, budget: what all its lines add up to, öre in the ledger's sign (debit positive), fixed before any line is
    made; None where nothing is posted. counter: the balance account that the vouchers are balanced against.
    per_voucher: how many lines a voucher has beside the counter line, about. Codes are empty where there is none.
    """

    account: str
    account_class: str
    entry_class: str
    counter: str
    text: str
    actual: int | None
    budget: int | None
    activity: str = ""
    ansvar: str = ""
    project: str = ""
    motpart: str = ""
    per_voucher: int = 1


@dataclass(frozen=True)
class BoardYear:
    """The postings of a board and year. version: of the budget; empty where the lists declare none."""

    organisation_id: str
    board_id: str
    fiscal_year: int
    version: str
    slots: Sequence[Slot]
    lines: int

    @property
    def least_lines(self) -> int:
        """The fewest lines that can hold these totals: one and its counter line, one of the budget."""
        return sum(2 * (slot.actual is not None) + (slot.budget is not None) for slot in self.slots)

    @property
    def planned(self) -> int:
        """How many slots have a budget."""
        return sum(slot.budget is not None for slot in self.slots)

    @property
    def months_planned(self) -> int:
        """How many lines a budgeted slot has, one a month: together a tenth of the lines, as far as 1 to 12 allow."""
        return max(1, min(12, self.lines // 10 // self.planned)) if self.planned else 0

    @property
    def actual_lines(self) -> int:
        """How many of the lines are the ledger's, counter lines among them."""
        return self.lines - self.planned * self.months_planned
