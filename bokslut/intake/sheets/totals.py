"""The totals that a profile declares, compared to the öre with the rows that they sum.

They stand in sheet_values beside the rows (total: which of them, NULL for a row). Nothing is rounded or forgiven.
"""

from __future__ import annotations

from decimal import Decimal

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.form import Total
from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Plan

CUT = "the file may be cut off; if it is so by rights, write required: false"


def check_totals(
    connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan
) -> tuple[int, list[Finding]]:
    """How many totals agree with their rows, and what is wrong with the others."""
    checked = 0
    findings: list[Finding] = []
    for number, total in enumerate(plan.profile.totals, 1):
        rows = _compared(connection, plan, number, total)
        if not rows and total.required:
            what = f"no row is the total that totals declares ({_told(total)})"
            findings.append(Finding(cells.path, what, CUT))
            continue
        for line, count, *amounts in rows:
            pairs = list(zip(amounts[::2], amounts[1::2], strict=True))
            wrong = _wrong(cells, head, plan, line, count, pairs)
            findings.extend(wrong)
            checked += not wrong
        if total.required:
            findings.extend(_uncovered(connection, cells, number, total))
    return checked, findings


def _compared(
    connection: duckdb.DuckDBPyConnection, plan: Plan, number: int, total: Total
) -> list[tuple[int, int, *tuple[Decimal, ...]]]:
    """Each row of a declared total: its line, how many rows it sums; by source what it says and what they sum to."""
    names = [f"v_{source.name}" for source in plan.sources]
    key = {"all": "0", "since_last": "part", "same": f"lower(key_{total.same})"}[total.adds]
    sums = ", ".join(f"coalesce(sum({name}), 0) as {name}" for name in names)
    pairs = ", ".join(f"stated.{name}, coalesce(summed.{name}, 0)" for name in names)
    return connection.execute(f"""
        with
        parted as ({_parted(number)}),
        keyed as (select *, {key} as key from parted),
        summed as (select key, count(*) as rows, {sums} from keyed where total is null group by key),
        stated as (select * from keyed where total = {number})
        select stated.line, coalesce(summed.rows, 0), {pairs}
        from stated left join summed on stated.key is not distinct from summed.key
        order by stated.line
    """).fetchall()


def _parted(number: int) -> str:
    """SQL: each row with the number of totals of this kind above it."""
    return f"""
        select *, coalesce(count(*) filter (where total = {number}) over (
            order by line rows between unbounded preceding and 1 preceding
        ), 0) as part
        from sheet_values
    """


def _wrong(
    cells: Cells, head: Head, plan: Plan, line: int, count: int, pairs: list[tuple[Decimal, Decimal]]
) -> list[Finding]:
    if all(stated is None for stated, _ in pairs):
        return [Finding(cells.path, "the total row has no amount", "fill it in", line)]
    return [
        Finding(
            cells.path,
            f"the total says {stated} kronor, but its {count} rows sum to {summed}, a difference of {stated - summed}",
            "find the row that is wrong or missing, or correct the total",
            line,
            head.title(head.places[source.raw]),
        )
        for source, (stated, summed) in zip(plan.sources, pairs, strict=True)
        if stated is not None and stated != summed
    ]


def _uncovered(connection: duckdb.DuckDBPyConnection, cells: Cells, number: int, total: Total) -> list[Finding]:
    """Rows that none of a declared total's rows sums."""
    if total.adds == "all":
        return []
    last = f"part >= (select count(*) from sheet_values where total = {number})"
    key = f"lower(key_{total.same})"
    unnamed = f"{key} not in (select {key} from sheet_values where total = {number} and {key} is not null)"
    rows = connection.execute(f"""
        with parted as ({_parted(number)})
        select min(line), count(*) from parted
        where total is null and {last if total.adds == "since_last" else unnamed}
        {f"group by {key}" if total.adds == "same" else ""}
        order by 1
    """).fetchall()
    return [
        Finding(cells.path, f"no total ({_told(total)}) sums this row and {count - 1} others", CUT, line)
        for line, count in rows
        if count
    ]


def _told(total: Total) -> str:
    return ", ".join(f"{name}: {pattern or 'empty'}" for name, pattern in total.where.items())
