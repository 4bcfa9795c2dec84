"""What a mapping profile can say: its parts as dataclasses, and the fields that each kind of import knows.

Nothing is read here; see profile.py for the YAML and apply.py for what a profile does to cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.sheets.files import FileForm

POSTING_KINDS = {"ledger": "actual", "budget": "budget", "forecast": "forecast"}
KINDS = (*POSTING_KINDS, "projects", "goals")

CODES = (
    "account",
    "ansvar",
    "activity",
    "project",
    "motpart",
    "project_id",
    "parent_project_id",
    "measure_id",
    "goal_id",
)
LABELS = ("version", "series", "voucher")
FREE_TEXTS = ("text", "project_name", "measure_name")
WHOLE_NUMBERS = ("line", "list_number", "fiscal_year")
POSTING_AMOUNTS = ("amount", "debit", "credit")
PROJECT_AMOUNTS = ("actual", "budget", "cost_to_date", "total_forecast", "total_budget")
GOAL_TEXTS = ("outcome_value", "previous_value", "target")
# number: as it stands; share: 0-1, as Excel holds what it shows in percent
GOAL_FORMS = ("number", "share")
GOAL_STATUSES = ("met", "partly_met", "not_met", "no_target", "no_outcome")
STATUSES = ("not_started", "ongoing", "finished", "cancelled")

POSTING_KEYS = (
    "fiscal_year",
    "period",
    "scenario",
    "version",
    "series",
    "voucher",
    "line",
    "booked_on",
    "account",
    "ansvar",
    "activity",
    "project",
    "motpart",
    "text",
)
PROJECT_KEYS = ("fiscal_year", "project_id", "project_name", "list_number", "parent_project_id", "status")
GOAL_KEYS = ("fiscal_year", "measure_id", "goal_id", "measure_name", "status")
# the fields that a column can be mapped to, by kind
FIELDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(POSTING_KINDS, POSTING_KEYS + POSTING_AMOUNTS),
    "projects": PROJECT_KEYS + PROJECT_AMOUNTS,
    "goals": GOAL_KEYS + GOAL_TEXTS,
}
# the fields that can be the same for the whole file
CONSTANTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(POSTING_KINDS, tuple(key for key in POSTING_KEYS if key != "line")),
    "projects": ("fiscal_year",),
    "goals": ("fiscal_year", "goal_id"),
}

TAKES = ("whole", "code", "name")
PERIOD_FORMS = ("yyyymm", "yyyy-mm", "month yyyy", "month", "mm", "date")
PERIODS_WITH_YEAR = ("yyyymm", "yyyy-mm", "month yyyy", "date")
DATE_FORMS = ("yyyy-mm-dd", "yyyymmdd", "yyyy/mm/dd", "yyyy.mm.dd", "dd/mm/yyyy", "dd.mm.yyyy", "dd-mm-yyyy")
UNITS = {"kronor": 1, "tkr": 1_000, "mkr": 1_000_000}
SIGNS = ("ledger", "result", "cost_positive")
NEGATIVES = ("trailing_minus", "parentheses")
EMPTY_AMOUNTS = ("refused", "no_posting")


@dataclass(frozen=True)
class Column:
    """Where a field stands in the file, and how it is written there.

    heading: as in the head, or letter: as in Excel (A is the first column of a CSV too); one of them. take: whole, or
    the code or the name out of "45 Gymnasieskola". form: of a period or a date. words: what stands in the file -> what
    is meant; anything else is refused.
    """

    heading: str | None = None
    letter: str | None = None
    take: str = "whole"
    form: str | None = None
    words: Mapping[str, str] | None = None

    def __str__(self) -> str:
        """The heading, else the letter."""
        return self.heading if self.heading is not None else f"{self.letter}"


@dataclass(frozen=True)
class AmountColumn:
    """One of several amount columns: what holds for its postings alone. sign: None where the profile's holds."""

    column: Column
    constants: Mapping[str, str]
    sign: str | None = None


@dataclass(frozen=True)
class Total:
    """Rows that sum others: left out of the data, and compared with them to the öre.

    where: a field or heading -> a pattern with * for any text ("" for an empty cell); a row that fits all of them is
    such a total. adds: since_last (the rows after the total before it), all, or same (the rows with the same value of
    same). required: a file without it, or with rows that none of them sums, is refused.
    """

    where: Mapping[str, str]
    adds: str
    same: str | None = None
    required: bool = True


@dataclass(frozen=True)
class LeftOut:
    """Rows that are no data, as opening balances: a row that fits all of where, as of a Total, is left out and told."""

    where: Mapping[str, str]


@dataclass(frozen=True)
class Profile:
    """How the sheets of one system look; see docs/profiles.md for each key.

    kind: ledger, budget, forecast, projects or goals. rows_above: lines above the head, None where the head is found by
    its names. head_rows: 0 for a sheet without a head, whose columns are named by letter. months: month 1-13 -> column.
    spread: 12 for a yearly amount over the months. vouchers: balance or part.
    comparator: of a target that is a bare number. years: one or several in a file.
    """

    path: Path
    name: str
    kind: str
    file: FileForm
    columns: Mapping[str, Column]
    rows_above: int | None = None
    head_rows: int = 1
    months: Mapping[int, Column] | None = None
    amounts: tuple[AmountColumn, ...] = ()
    constants: Mapping[str, str] | None = None
    fill_down: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    row_total: Column | None = None
    unit: str = "kronor"
    decimal: str = ","
    thousands: str | None = None
    negative: tuple[str, ...] = ()
    sign: str = "ledger"
    empty_amounts: str = "refused"
    spread: int | None = None
    vouchers: str = "part"
    years: str = "one"
    comparator: str | None = None
