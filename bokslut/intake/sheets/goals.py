"""Goal outcomes of a sheet as the table records_read. They are few, so each cell is read in Python by targets.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.sheets.files import NUMBER, Cells
from bokslut.intake.sheets.form import Profile
from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Plan
from bokslut.intake.sheets.targets import read_outcome, read_status, read_target

SHARED = ("outcome_value", "previous_value", "target")
TEXTS = ("measure_id", "goal_id", "measure_name")
COLUMNS = (*TEXTS, "outcome_value", "previous_value", "comparator", "target_value", "status")
T = TypeVar("T")


@dataclass
class _Row:
    """One row: its raw cells by field, and what is wrong with them."""

    cells: Cells
    head: Head
    line: int
    raw: dict[str, str | None]
    findings: list[Finding] = field(default_factory=list)

    def maybe_share(self, name: str) -> Finding:
        """A native number of which nothing says whether it is 0,02 or 2 %."""
        title = self.head.title(self.head.places[f"r_{name}"])
        value = (self.raw.get(name) or "").lstrip(NUMBER)
        what = "may be a share: a percent cell holds 2,12 % as 0.0212, and the sheet does not tell which it is"
        return Finding(self.cells.path, what, f"write form: share or form: number for {name}", self.line, title, value)

    def read(self, name: str, reader: Callable[[str | None], T | None]) -> T | None:
        """What the reader makes of the field, or None and a finding."""
        value = self.raw.get(name)
        try:
            return reader(value)
        except ValueError as error:
            what, _, do = str(error).partition("; ")
            title = self.head.title(self.head.places[f"r_{name}"])
            self.findings.append(Finding(self.cells.path, what, do, self.line, title, (value or "").lstrip(NUMBER)))
            return None


def make_goals(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """Make records_read(fiscal_year, COLUMNS as text, source_line); gives what was not understood, all at once.

    Numbers are in the measure's unit, percent as 0-100. An empty cell is NULL, never 0.
    """
    profile = plan.profile
    constants = profile.constants or {}
    names = [name for name in (*TEXTS, "outcome_value", "previous_value", "target", "status") if plan.field(name)]
    rows = connection.execute(f"""
        select line, fiscal_year, {", ".join(f"sheet_rows.r_{name}, sheet_values.v_{name}" for name in names)}
        from sheet_values inner join sheet_rows using (line) order by line
    """).fetchall()
    shares = {name for name, column in profile.columns.items() if column.form == "share"}
    words = profile.columns["status"].words if "status" in profile.columns else None
    findings: list[Finding] = []
    made: list[tuple[object, ...]] = []
    for line, year, *both in rows:
        row = _Row(cells, head, line, dict(zip(names, both[::2], strict=True)))
        read = dict(zip(names, both[1::2], strict=True))
        numbers = [
            row.read(name, lambda text, share=name in shares: read_outcome(text, profile.decimal, share))  # type: ignore[misc]
            for name in ("outcome_value", "previous_value")
        ]
        target = row.read(
            "target", lambda text: read_target(text, profile.decimal, profile.comparator, "target" in shares)
        )
        comparator, value = (target.comparator, target.value) if target else (None, None)
        status = read.get("status") if words else row.read("status", read_status)
        texts = [read.get(name, constants.get(name)) for name in TEXTS]
        made.append((year, *texts, *map(_text, numbers), comparator, _text(value), status, line))
        findings.extend(row.findings)
        findings.extend(row.maybe_share(name) for name in SHARED if _may_be_share(row.raw.get(name), profile, name))
    columns = ", ".join(f"{name} varchar" for name in COLUMNS)
    connection.execute(f"create or replace temp table records_read(fiscal_year integer, {columns}, source_line bigint)")
    if made:
        marks = ", ".join("?" for _ in range(len(COLUMNS) + 2))
        connection.executemany(f"insert into records_read values ({marks})", made)
    return findings


def _may_be_share(raw: str | None, profile: Profile, name: str) -> bool:
    if raw is None or not raw.startswith(NUMBER) or profile.columns[name].form is not None:
        return False
    size = abs(Decimal(raw[1:]))
    # 100 % is 1, and 105 % is 1.05
    return 0 < size <= 1 or (size < 2 and size % 1 != 0)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
