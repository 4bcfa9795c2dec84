"""Apply a profile to the cells of a sheet: postings, or records of projects and goals, or all that is wrong with it.

A million rows are read by DuckDB, never one by one in Python. Accounts, codes and boards are not looked up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.postings import READ_SCHEMA
from bokslut.intake.sheets import checks, goals
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.form import POSTING_KINDS, PROJECT_AMOUNTS, Profile
from bokslut.intake.sheets.head import Head, find_head
from bokslut.intake.sheets.left_out import left_out
from bokslut.intake.sheets.notices import check_head, notices
from bokslut.intake.sheets.plan import PROJECT_STATUSES, Plan, Source, plan_of, posting_amounts
from bokslut.intake.sheets.rows import check_rows, finding, make_rows, same_fields
from bokslut.intake.sheets.totals import check_totals
from bokslut.intake.sheets.values import PROBLEMS, quoted

TYPES = {
    "string": "varchar",
    "int32": "integer",
    "int64": "bigint",
    "date32[day]": "date",
    "decimal128(18, 2)": "decimal(18, 2)",
}
PROJECT_TEXTS = ("project_id", "project_name", "list_number", "parent_project_id", "status")


@dataclass(frozen=True)
class Context:
    """What is known beside the file. fiscal_year: given on the command line, or None."""

    fiscal_year: int | None = None


@dataclass(frozen=True)
class Applied:
    """What a profile made of a sheet. rows: postings or records. ignored_columns: headings that nothing is mapped to.

    totals_checked: declared totals that agree with their rows. notes: for whoever imports the file. lines_are_unique:
    no line of a voucher stands twice, or it is not known.
    """

    rows: int
    ignored_columns: tuple[str, ...]
    totals_checked: int
    notes: tuple[str, ...]
    lines_are_unique: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows below the head, how many of them are empty, and the headings of columns that nothing is mapped to."""

    below: int
    empty: int
    ignored: tuple[str, ...]


def shared_amounts(cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """Columns that the profile reads as an amount and as something else too: each krona would count twice."""
    amounts = {source.raw for source in plan.sources} | {"r_row_total"}
    by_place: dict[int, list[str]] = {}
    for key, place in head.places.items():
        if not key.startswith("w_"):
            by_place.setdefault(place, []).append(key)
    do = "name each column once; an amount has a column of its own"
    return [
        Finding(cells.path, "is read as an amount and once more", do, head.last_line, head.title(place))
        for place, keys in sorted(by_place.items())
        if len(keys) > 1 and amounts & set(keys)
    ]


def apply_profile(cells: Cells, profile: Profile, connection: duckdb.DuckDBPyConnection, context: Context) -> Applied:
    """Make the table postings_read (READ_SCHEMA), or records_read for projects and goals, from the table cells.

    Amounts are kronor: postings debit positive, records income positive. Raises RefusedError with all findings.
    """
    plan = plan_of(profile)
    head = find_head(cells, profile, plan.wanted, connection)
    _refuse(shared_amounts(cells, head, plan))
    below, empty = make_rows(connection, cells, head, plan)
    if below == empty:
        raise RefusedError([Finding(cells.path, "holds no rows below its head", "check the file", head.last_line)])
    _refuse(check_head(connection, cells, head, plan))
    _refuse(check_rows(connection, cells, head, plan))
    _make_values(connection, plan, context)
    ignored = tuple(head.title(place) for place in _ignored(connection, head))
    return conclude(connection, cells, head, plan, context, Rows(below, empty, ignored))


def conclude(
    connection: duckdb.DuckDBPyConnection,
    cells: Cells,
    head: Head,
    plan: Plan,
    context: Context,
    read: Rows,
    views: Mapping[str, str] | None = None,
) -> Applied:
    """Check what the values are together, and make the postings or records of the table sheet_values.

    views: for view_postings, instead of a table of postings where that will do. Raises RefusedError with all findings.
    """
    profile = plan.profile
    findings = checks.check_years(connection, cells, head, plan, context.fiscal_year)
    is_unique = profile.kind in POSTING_KINDS and checks.lines_are_unique(connection, plan)
    if not is_unique:
        findings += checks.check_repeats(connection, cells, plan)
    findings += checks.check_credits(connection, cells, head, plan)
    findings += checks.check_row_totals(connection, cells, head, plan)
    checked, wrong = check_totals(connection, cells, head, plan)
    findings += wrong
    table = "postings_read" if profile.kind in POSTING_KINDS else "records_read"
    if profile.kind in POSTING_KINDS:
        try:
            if not views or not view_postings(connection, plan, views):
                _make_postings(connection, plan)
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            what, do = PROBLEMS["overflow"]
            raise RefusedError([Finding(cells.path, f"an amount {what}", do)]) from error
        findings += checks.check_vouchers(connection, cells, head, plan)
    elif profile.kind == "projects":
        findings += _make_projects(connection, cells, head, plan)
    else:
        findings += goals.make_goals(connection, cells, head, plan)
    _refuse(findings)
    rows = _count(connection, f"select count(*) from {table}")
    if not rows:
        raise RefusedError([Finding(cells.path, "holds no amounts", "check the file and the profile")])
    left, told = left_out(connection, head, plan)
    totals = _count(connection, "select count(*) from sheet_values where total is not null")
    notes = _notes(connection, profile, read.below - read.empty - totals - left, read.empty, checked)
    # a row with several amounts becomes as many postings
    is_unique = is_unique and len(plan.sources) == 1 and not profile.spread
    return Applied(rows, read.ignored, checked, (*notes, *notices(connection, cells, head, plan), *told), is_unique)


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise RefusedError(sorted(findings, key=lambda each: each.line or 0))


def _make_values(connection: duckdb.DuckDBPyConnection, plan: Plan, context: Context) -> None:
    """The table sheet_values: line, total, v_<field> and v_<source>, the years that the row names, key_<field>."""
    columns = [f"{field.reading.value} as v_{field.name}" for field in plan.fields]
    columns += [f"{source.reading.value} as v_{source.name}" for source in plan.sources]
    if plan.row_total:
        columns.append(f"{plan.row_total.value} as v_row_total")
    for name in same_fields(plan):
        field = plan.field(name)
        reading = field.reading.value.replace(field.raw, f"key_{name}") if field else f"key_{name}"
        columns.append(f"cast({reading} as varchar) as key_{name}")
    period, booked, stated = plan.field("period"), plan.field("booked_on"), plan.field("fiscal_year")
    columns += years_of(
        plan,
        stated.reading.value if stated else None,
        period.year if period else None,
        booked.reading.value if booked else None,
    )
    connection.execute(f"""
        create or replace temp table sheet_values as
        with read as (select line, total, {", ".join(columns)} from sheet_rows)
        select *, {fiscal_year_of(context)} as fiscal_year from read
    """)


def years_of(plan: Plan, stated: str | None, period_year: str | None, booked: str | None) -> list[str]:
    """The columns stated_year, period_year and booked_year, by the SQL of what the row says or the profile."""
    constants = plan.profile.constants or {}
    if booked is None and "booked_on" in constants:
        booked = f"date {quoted(constants['booked_on'])}"
    years = {
        "stated_year": stated or constants.get("fiscal_year", "null"),
        "period_year": period_year or "null",
        "booked_year": f"year({booked})" if booked else "null",
    }
    return [f"cast({year} as integer) as {name}" for name, year in years.items()]


def fiscal_year_of(context: Context) -> str:
    """SQL: the year of a row, as it was asked for or as the row says."""
    asked = "null" if context.fiscal_year is None else str(context.fiscal_year)
    return f"coalesce({asked}, stated_year, period_year, booked_year)"


def _make_postings(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    connection.execute(f"create or replace temp table postings_read as {_postings(plan, 'sheet_values')}")


def view_postings(connection: duckdb.DuckDBPyConnection, plan: Plan, views: Mapping[str, str]) -> bool:
    """Make views of postings, by the view of values that each reads, where a row is a posting that says its line.

    Returns whether it did: other postings are computed, and need a table.
    """
    is_told = plan.field("line") is not None and len(plan.sources) == 1 and not plan.profile.spread
    if is_told:
        for name, values in views.items():
            connection.execute(f"create or replace temp view {name} as {_postings(plan, values)}")
    return is_told


def _postings(plan: Plan, values: str) -> str:
    """SQL: the postings of a table or view of values."""
    names = [field.name for field in READ_SCHEMA]
    types = {field.name: TYPES[str(field.type)] for field in READ_SCHEMA}
    parts = []
    for rank, (amount, source) in enumerate(posting_amounts(plan)):
        terms = _terms(plan, source) | {"amount": amount, "source_line": "line"}
        columns = ", ".join(f"cast({terms.get(name, 'null')} as {types[name]}) as {name}" for name in names)
        parts.append(f"select {columns}, {rank} as rank from {values} where total is null and {amount} is not null")
    rows = " union all ".join(parts)
    if plan.profile.spread:
        rows = _spread(rows)
    numbered = "line"
    if plan.field("line") is None:
        numbered = (
            "cast(row_number() over (partition by fiscal_year, scenario, version, series, voucher"
            " order by source_line, rank, period) as integer)"
        )
    listed = ", ".join(f"{numbered} as line" if name == "line" else name for name in names)
    return f"with rows as ({rows}) select {listed} from rows"


def _terms(plan: Plan, source: Source) -> dict[str, str]:
    """The SQL of each field of a source's postings."""
    constants = {"scenario": POSTING_KINDS[plan.profile.kind], **(plan.profile.constants or {}), **source.constants}
    terms = {name: quoted(value) for name, value in constants.items()}
    terms |= {field.name: f"v_{field.name}" for field in plan.fields}
    terms["fiscal_year"] = "fiscal_year"
    if "period" not in terms and plan.field("booked_on"):
        terms["period"] = "month(v_booked_on)"
    return terms


def _spread(rows: str) -> str:
    """SQL: a yearly amount as twelve equal months to the öre, and the rest in December."""
    columns = ", ".join(field.name for field in READ_SCHEMA if field.name not in ("period", "amount"))
    return f"""
        with
        yearly as ({rows}),
        in_ore as (select *, cast(cast(amount as decimal(20, 2)) * 100 as bigint) as ore from yearly),
        shared as (select *, sign(ore) * (abs(ore) // 12) as share from in_ore),
        months as (select unnest(range(1, 13)) as month)
        select
            {columns}, rank, cast(month as integer) as period,
            cast(cast(case when month = 12 then ore - 11 * share else share end as decimal(20, 0)) * 0.01
                as decimal(18, 2)) as amount
        from shared cross join months
    """


def _make_projects(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    terms: Mapping[str, str] = {field.name: f"v_{field.name}" for field in plan.fields} | {
        source.name: f"{'-' if source.sign < 0 else ''}v_{source.name}" for source in plan.sources
    }
    status = plan.field("status")
    findings: list[Finding] = []
    if status and not plan.profile.columns["status"].words:
        known = ", ".join(quoted(word) for word in PROJECT_STATUSES)
        rows = connection.execute(
            f"select line, v_status from sheet_values where total is null and lower(v_status) not in ({known})"
        ).fetchall()
        findings = [finding(cells, head, line, head.places["r_status"], value, "choice") for line, value in rows]
        branches = " ".join(f"when {quoted(word)} then {quoted(name)}" for word, name in PROJECT_STATUSES.items())
        terms = {**terms, "status": f"case lower(v_status) {branches} end"}
    columns = [f"cast({terms.get(name, 'null')} as varchar) as {name}" for name in PROJECT_TEXTS]
    columns += [f"cast({terms.get(name, 'null')} as decimal(18, 2)) as {name}" for name in PROJECT_AMOUNTS]
    connection.execute(f"""
        create or replace temp table records_read as
        select fiscal_year, {", ".join(columns)}, line as source_line from sheet_values where total is null
    """)
    return findings


def _ignored(connection: duckdb.DuckDBPyConnection, head: Head) -> list[int]:
    """The columns that nothing is mapped to, if they have a heading or hold anything."""
    if not head.others:
        return []
    counts = ", ".join(f"count(c{place})" for place in head.others)
    row = connection.execute(f"select {counts} from cells where line > {head.last_line}").fetchone() or ()
    return [place for place, held in zip(head.others, row, strict=True) if held or head.headings[place - 1]]


def _notes(
    connection: duckdb.DuckDBPyConnection, profile: Profile, rows: int, empty: int, checked: int
) -> Iterator[str]:
    yield f"rows read: {rows}"
    if empty:
        yield f"empty rows passed over: {empty}"
    if profile.totals:
        yield f"totals that agree with their rows to the öre: {checked}"
    table = "postings_read" if profile.kind in POSTING_KINDS else "records_read"
    years = connection.execute(f"select distinct fiscal_year from {table} order by 1").fetchall()
    if len(years) > 1:
        yield "years " + ", ".join(str(year) for (year,) in years)


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
