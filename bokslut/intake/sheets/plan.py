"""What a profile asks of a sheet: which columns are wanted, how each field is read, which amounts become postings.

Nothing is run here: the parts are SQL for rows.py, checks.py, totals.py and apply.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bokslut.intake.postings import SCENARIOS
from bokslut.intake.sheets import amounts, values
from bokslut.intake.sheets.form import (
    CODES,
    FREE_TEXTS,
    LABELS,
    POSTING_AMOUNTS,
    POSTING_KINDS,
    PROJECT_AMOUNTS,
    WHOLE_NUMBERS,
    Column,
    Profile,
)

REQUIRED = (
    "fiscal_year",
    "period",
    "scenario",
    "version",
    "voucher",
    "line",
    "booked_on",
    "account",
    "project_id",
    "measure_id",
)
# Swedish words of a project's status, as planning systems have them
PROJECT_STATUSES: Mapping[str, str] = {
    "ej påbörjat": "not_started",
    "ej påbörjad": "not_started",
    "planerat": "not_started",
    "pågående": "ongoing",
    "pågår": "ongoing",
    "avslutat": "finished",
    "avslutad": "finished",
    "klart": "finished",
    "slutfört": "finished",
    "genomförs inte": "cancelled",
    "utgår": "cancelled",
    "avbrutet": "cancelled",
}
SCENARIO_WORDS: Mapping[str, str] = {
    **{name: name for name in SCENARIOS},
    "utfall": "actual",
    "budget": "budget",
    "prognos": "forecast",
}


@dataclass(frozen=True)
class Field:
    """A mapped field: raw is its column in sheet_rows, and year the SQL of the year that a period has."""

    name: str
    raw: str
    reading: values.Reading
    required: bool
    year: str | None = None


@dataclass(frozen=True)
class Source:
    """An amount column: raw is its column in sheet_rows. sign: what turns it to a posting's or a record's sign.

    period and constants: what holds for its postings alone.
    """

    name: str
    raw: str
    column: Column
    sign: int
    reading: values.Reading
    constants: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """A profile as fields and sources. wanted: each column to look for, by its name in sheet_rows."""

    profile: Profile
    fields: tuple[Field, ...]
    sources: tuple[Source, ...]
    row_total: values.Reading | None
    wanted: Mapping[str, Column]

    def field(self, name: str) -> Field | None:
        """A mapped field."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def keys(self) -> tuple[Field, ...]:
        """The fields that say what a row is about; not its texts."""
        return tuple(field for field in self.fields if field.name not in FREE_TEXTS)


def plan_of(profile: Profile) -> Plan:
    """The plan of a profile."""
    money = POSTING_AMOUNTS if profile.kind in POSTING_KINDS else PROJECT_AMOUNTS if profile.kind == "projects" else ()
    wanted = {f"r_{name}": column for name, column in profile.columns.items()}
    fields = tuple(_field(profile, name, column) for name, column in profile.columns.items() if name not in money)
    sources = tuple(_sources(profile, money))
    wanted |= {source.raw: source.column for source in sources}
    if profile.row_total:
        wanted["r_row_total"] = profile.row_total
    wanted |= {where_column(profile, name): Column(name) for name in _sought(profile) if name not in profile.columns}
    row_total = _amount(profile, "r_row_total") if profile.row_total else None
    return Plan(profile, fields, sources, row_total, wanted)


def posting_amounts(plan: Plan) -> Iterator[tuple[str, Source]]:
    """The SQL over sheet_values of each amount that becomes a posting or a record's amount, and its source."""
    by_name = {source.name: source for source in plan.sources}
    if "debit" in by_name:
        # a row without either is refused before, or has no posting
        amount = "coalesce(v_debit, 0) - coalesce(v_credit, 0)"
        turned = f"-({amount})" if by_name["debit"].sign < 0 else f"({amount})"
        yield f"case when coalesce(v_debit, v_credit) is not null then {turned} end", by_name["debit"]
        return
    for source in plan.sources:
        yield f"{'-' if source.sign < 0 else ''}v_{source.name}", source


def where_column(profile: Profile, name: str) -> str:
    """The column of sheet_rows that a pattern looks at: of a field, or of a heading that none is mapped to."""
    if name in profile.columns:
        return f"r_{name}"
    return f"w_{_sought(profile).index(name)}"


def _sought(profile: Profile) -> list[str]:
    """The fields and headings that patterns look at."""
    wheres = [*(each.where for each in profile.totals), *(each.where for each in profile.leave_out)]
    return list(dict.fromkeys(name for where in wheres for name in where))


def _field(profile: Profile, name: str, column: Column) -> Field:
    raw, required = f"r_{name}", name in REQUIRED or name in profile.fill_down
    if name == "period":
        period = values.period(raw, column.form or "yyyymm")
        return Field(name, raw, period.reading, required, period.year)
    return Field(name, raw, _reading(name, raw, column), required)


def _reading(name: str, raw: str, column: Column) -> values.Reading:
    if column.words:
        return values.worded(raw, column.words)
    if name == "scenario":
        return values.worded(raw, SCENARIO_WORDS, "choice")
    if name == "status":
        return values.free_text(raw)
    if name == "booked_on":
        return values.date(raw, column.form or "yyyy-mm-dd")
    if name in WHOLE_NUMBERS:
        return values.whole_number(raw, year=name == "fiscal_year")
    if name in CODES or (name in LABELS and column.take != "whole"):
        return values.code(raw, values.ACCOUNT if name == "account" else values.CODE, column.take)
    if name in LABELS:
        return values.label(raw)
    if column.take != "whole":
        return values.code(raw, values.CODE, column.take)
    return values.free_text(raw)


def _sources(profile: Profile, money: tuple[str, ...]) -> list[Source]:
    turned = _turned(profile.sign, profile.kind)
    found: list[tuple[str, Column, int, Mapping[str, str]]] = []
    for name in money:
        if name in profile.columns:
            sign = -1 if name == "credit" else turned
            found.append((name, profile.columns[name], sign, {}))
    for month, column in (profile.months or {}).items():
        found.append((f"month_{month}", column, turned, {"period": str(month)}))
    for number, each in enumerate(profile.amounts, 1):
        found.append(
            (f"amount_{number}", each.column, _turned(each.sign or profile.sign, profile.kind), each.constants)
        )
    return [
        Source(name, f"r_{name}", column, sign, _amount(profile, f"r_{name}"), constants)
        for name, column, sign, constants in found
    ]


def _turned(sign: str, kind: str) -> int:
    """A posting has debit (cost) positive, a project has income positive."""
    return (-1 if sign == "result" else 1) * (-1 if kind == "projects" else 1)


def _amount(profile: Profile, raw: str) -> values.Reading:
    return amounts.amount(raw, profile.unit, profile.decimal, profile.thousands, profile.negative)
