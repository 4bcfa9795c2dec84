"""What the values of a sheet must be together: one year, no row twice, vouchers that balance, rows that sum.

The rows are read and each value is well written when these are asked; see rows.py. Nothing is changed here.
"""

from __future__ import annotations

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Plan
from bokslut.intake.sheets.rows import TOLD
from bokslut.intake.sheets.values import MARKS


def check_years(
    connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan, asked: int | None
) -> list[Finding]:
    """The year of each row: the one asked for and declared, and of dates and periods alike."""
    stated = (plan.profile.constants or {}).get("fiscal_year")
    if asked is not None and stated is not None and asked != int(stated):
        what = f"the profile is for {stated}, and the year asked for is {asked}"
        return [Finding(cells.path, what, "check that it is the right file and profile")]
    years = connection.execute(
        "select fiscal_year, count(*), min(line) from sheet_values where total is null group by 1 order by 1"
    ).fetchall()
    if any(year is None for year, _, _ in years):
        what = "says no year, neither in a period nor a date"
        return [Finding(cells.path, what, "give the year when importing, or under constants in the profile")]
    findings: list[Finding] = []
    booked = (plan.profile.constants or {}).get("booked_on", "")[:4]
    if booked and any(year != int(booked) for year, _, _ in years):
        what = f"the profile books on a date in {booked}, and rows are of another year"
        findings.append(Finding(cells.path, what, "correct booked_on under constants in the profile"))
    if asked is None and stated is None and len(years) > 1 and plan.profile.years == "one":
        listed = ", ".join(f"{year} ({count} rows, from line {line})" for year, count, line in years)
        findings.append(Finding(cells.path, f"holds several years: {listed}", "if so meant, write years: several"))
    for name, title in (("fiscal_year", "fiscal_year"), ("period", "period_year"), ("booked_on", "booked_year")):
        field = plan.field(name)
        if field is None:
            continue
        wanted = "fiscal_year" if asked is None or name != "fiscal_year" else str(asked)
        column = "stated_year" if name == "fiscal_year" else title
        findings.extend(_outside(connection, cells, head, field.raw, column, wanted))
    return findings


def _outside(
    connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, raw: str, column: str, wanted: str
) -> list[Finding]:
    bad = f"total is null and {column} <> {wanted}"
    count, rows, first, last = connection.execute(f"""
        select count(*) filter (where {bad}), count(*) filter (where total is null),
            min({column}) filter (where {bad}), max({column}) filter (where {bad})
        from sheet_values
    """).fetchone() or (0, 0, 0, 0)
    if not count:
        return []
    title = head.title(head.places[raw])
    if count == rows:
        years = f"{first}" if first == last else f"{first} to {last}"
        what = f"all {rows} rows are of {years}, and not of the year asked for"
        return [Finding(cells.path, what, "check that it is the right file and year", head.last_line + 1, title)]
    cases = connection.execute(f"""
        select line, sheet_rows.{raw}, fiscal_year
        from sheet_values inner join sheet_rows using (line)
        where sheet_values.{bad} order by line limit {TOLD}
    """).fetchall()
    return [
        Finding(
            cells.path,
            f"lies outside the fiscal year {year}",
            "correct it, or leave the row out",
            line,
            title,
            value.lstrip(MARKS),
        )
        for line, value, year in cases
    ]


def lines_are_unique(connection: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Whether each row is known to be another line of a voucher, by hashes: false where it would have to be looked at.

    Then neither rows nor lines of vouchers repeat.
    """
    if not {"voucher", "line"} <= {field.name for field in plan.fields}:
        return False
    names = [
        "fiscal_year",
        *(f"v_{field.name}" for field in plan.fields if field.name in ("series", "voucher", "line")),
    ]
    [(is_unique,)] = connection.execute(
        f"select count(distinct hash({', '.join(names)})) = count(*) from sheet_values where total is null"
    ).fetchall()
    return bool(is_unique)


def check_repeats(connection: duckdb.DuckDBPyConnection, cells: Cells, plan: Plan) -> list[Finding]:
    """Rows that say the same in each mapped column; of projects and goals, ids that stand twice."""
    ids = {"projects": "project_id", "goals": "measure_id"}.get(plan.profile.kind)
    mapped = [field.name for field in plan.fields] + [source.name for source in plan.sources]
    names = ["fiscal_year", *(f"v_{name}" for name in ([ids] if ids else mapped))]
    # candidates by hash, so that a million rows of text are not kept in groups
    rows = connection.execute(f"""
        with
        hashed as (select *, hash({", ".join(names)}) as hashed from sheet_values where total is null),
        suspects as (select hashed from hashed group by hashed having count(*) > 1),
        repeated as (
            select line, min(line) over (partition by {", ".join(names)}) as first_line
            from hashed where hashed in (select hashed from suspects)
        )
        select line, first_line from repeated where line > first_line order by line limit {TOLD}
    """).fetchall()
    what = f"has the {ids} of" if ids else "is the same in each mapped column as"
    do = "keep one of them" if ids else "leave one out; if both are meant, map a line number that tells them apart"
    return [Finding(cells.path, f"{what} line {first}", do, line) for line, first in rows]


def check_credits(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """A credit column whose amounts are all negative has its sign already, and would be turned twice."""
    if "credit" not in plan.profile.columns:
        return []
    row = connection.execute("""
        select min(line) filter (where v_credit < 0), count(*) filter (where v_credit > 0)
        from sheet_values where total is null
    """).fetchone()
    if row is None or row[0] is None or row[1]:
        return []
    what = "every amount in the credit column is negative, so that its sign would be turned twice"
    do = "map both columns under amounts instead of debit and credit"
    return [Finding(cells.path, what, do, row[0], head.title(head.places["r_credit"]))]


def check_row_totals(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """A row's months against the total that stands in it."""
    if plan.row_total is None:
        return []
    summed = " + ".join(f"coalesce(v_{source.name}, 0)" for source in plan.sources)
    rows = connection.execute(f"""
        select line, v_row_total, {summed} from sheet_values
        where v_row_total is not null and v_row_total <> {summed} order by line limit {TOLD}
    """).fetchall()
    title = head.title(head.places["r_row_total"])
    return [
        Finding(
            cells.path,
            f"the row's total is {stated} kronor, but its months sum to {months}",
            "find the month that is wrong, or correct the total",
            line,
            title,
        )
        for line, stated, months in rows
    ]


def check_vouchers(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """Each voucher of postings_read sums to zero, where the profile says that the extract has them whole."""
    if plan.profile.vouchers != "balance":
        return []
    rows = connection.execute(f"""
        select min(source_line), series, voucher, count(*), sum(amount) from postings_read
        group by fiscal_year, scenario, version, series, voucher
        having sum(amount) <> 0 order by 1 limit {TOLD}
    """).fetchall()
    title = head.title(head.places["r_voucher"])
    return [
        Finding(
            cells.path,
            f"the voucher does not balance: its {count} lines sum to {rest} kronor",
            "correct it; if the extract holds parts of vouchers, write vouchers: part",
            line,
            title,
            " ".join(part for part in (series, voucher) if part),
        )
        for line, series, voucher, count, rest in rows
    ]
