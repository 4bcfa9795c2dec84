"""The checks that every import passes, whatever file it came from: its postings against the lists of the warehouse.

They read the table postings_read (postings.READ_SCHEMA) and give findings with the line of the received file. What
only one kind of file can have wrong (its encoding, its totals, its vouchers) is checked where that file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from bokslut.intake.findings import Finding
from bokslut.intake.known import Known
from bokslut.intake.personal import PREFILTER, identity_numbers
from bokslut.intake.postings import CODE_PARTS, READ_SCHEMA

# so many findings of one kind are kept: a wrong column is wrong on every line
KEPT = 200
TEXT_COLUMNS = ("text", "voucher", "series", "account", "ansvar", "activity", "project", "motpart", "version")
CODE = "[A-Za-z0-9ÅÄÖåäöÉé][A-Za-z0-9ÅÄÖåäöÉé_.&/ +-]*"


@dataclass(frozen=True)
class Check:
    """A rule over one posting. broken: SQL over `read`, true where the rule is broken. value: SQL of what is shown."""

    column: str
    broken: str
    what: str
    do: str
    value: str = ""


# read: the postings with the kind of their account and whether the lists know their codes
CHECKS = (
    Check("amount", "amount is null", "no amount", "give an amount on every line"),
    Check("fiscal_year", "starts_on is null", "not a fiscal year that the warehouse knows", "see fiscal_years.csv"),
    Check(
        "period", "period is null or period not between 1 and 13", "not a period", "a period is 1-12, 13 is year-end"
    ),
    Check(
        "booked_on",
        "booked_on not between starts_on and ends_on",
        "outside the fiscal year",
        "correct the date, or import the line with its own year",
    ),
    Check("account", "account is null", "no account", "give an account on every line"),
    Check(
        "account",
        "account is not null and account_kind is null",
        "an account that no class takes",
        "correct it, or add its prefix to account_classes.csv",
    ),
    *(
        Check(
            column,
            f"{column} is not null and (not regexp_full_match({column}, '{CODE}') or {column} <> trim({column}))",
            "not the form of a code",
            "write letters and digits, without blanks at its ends",
        )
        for column in ("account", *CODE_PARTS)
    ),
    *(
        Check(
            column,
            f"regexp_matches({column}, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]')",
            "holds a sign that cannot be printed",
            "take it out",
        )
        for column in ("series", "voucher", "text")
    ),
    Check(
        "activity",
        "account_kind = 'operating' and activity is null",
        "an operating account without an activity code",
        "give the activity code (verksamhet) of the line",
        "account",
    ),
    Check(
        "activity",
        "account_kind = 'operating' and activity is not null and not activity_is_known",
        "an activity code that the board does not have that year",
        "correct it, or add it to activity_codes.csv",
    ),
    Check(
        "project",
        "account_kind = 'investment' and project is null",
        "an investment account without a project",
        "give the project of the line",
        "account",
    ),
    Check(
        "project",
        "account_kind = 'investment' and project is not null and not project_is_known",
        "a project that the board does not have that year",
        "correct it, or add it to projects.csv",
    ),
)

# what the rules over several columns look at, beside the year: postings that are alike there are looked at once
DATED, CODED = ("fiscal_year", "period", "booked_on"), ("account", "activity", "project")
DATES = """
select dates.*, known_years.starts_on, known_years.ends_on
from (select distinct fiscal_year, period, booked_on from postings_read) as dates
left join known_years on dates.fiscal_year = known_years.fiscal_year
"""
READ = """
with classes as (
    select used.account, max_by(known_accounts.kind, length(known_accounts.prefix)) as account_kind
    from (select distinct account from {postings}) as used
    inner join known_accounts on starts_with(used.account, known_accounts.prefix)
    group by used.account
)
select
    postings.*,
    classes.account_kind,
    known_years.starts_on,
    known_years.ends_on,
    known_activities.code is not null as activity_is_known,
    known_projects.code is not null as project_is_known
from {postings} as postings
left join classes on postings.account = classes.account
left join known_years on postings.fiscal_year = known_years.fiscal_year
left join known_activities
    on postings.fiscal_year = known_activities.fiscal_year and postings.activity = known_activities.code
left join known_projects
    on postings.fiscal_year = known_projects.fiscal_year and postings.project = known_projects.code
"""


def check_postings(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    known: Known,
    fiscal_year: int | None,
    *,
    vouchers_balance: bool,
    said: Mapping[str, str] | None = None,
    lines_are_unique: bool = False,
) -> list[Finding]:
    """What is wrong with the postings read from a file, in the order of its lines; known: what they may name.

    fiscal_year: the year that the user named, None for the file's own. vouchers_balance: hold each voucher to
    zero where the file has balance accounts. said: column of postings_read -> a table with each of its texts as value.
    lines_are_unique: no line of a voucher stands twice, as the reader has found. At most KEPT findings of each rule.
    """
    said = said or {}
    _load_known(connection, known)
    connection.execute(f"create or replace temp view read as {READ.format(postings='postings_read')}")
    findings: list[Finding] = []
    if not connection.execute("select 1 from postings_read limit 1").fetchall():
        return [Finding(file, "no posting in it", "export it again, with its rows")]
    for check in _broken(connection, said):
        findings.extend(_found(connection, file, check))
    if fiscal_year is not None and _is_of_other_years(connection, fiscal_year):
        what = f"no posting is of {fiscal_year}, the year that was asked for"
        return [Finding(file, what, "import the file of the right year, or leave out --year")]
    if fiscal_year is not None:
        other = Check(
            "fiscal_year",
            f"fiscal_year is distinct from {int(fiscal_year)}",
            f"another year than {fiscal_year}, which was asked for",
            "import the file of the right year, or leave out --year",
        )
        findings.extend(_found(connection, file, other))
    if not lines_are_unique:
        findings.extend(_repeated(connection, file))
    if vouchers_balance:
        findings.extend(_unbalanced(connection, file))
    findings.extend(_personal(connection, file, said))
    findings.extend(_undeclared_versions(connection, file, known))
    return sorted(findings, key=lambda finding: finding.line or 0)


def _load_known(connection: duckdb.DuckDBPyConnection, known: Known) -> None:
    tables = {
        "known_accounts": pa.table(
            {"prefix": [prefix for prefix, _ in known.accounts], "kind": [kind for _, kind in known.accounts]},
            schema=pa.schema([("prefix", pa.string()), ("kind", pa.string())]),
        ),
        "known_years": pa.table(
            {
                "fiscal_year": list(known.years),
                "starts_on": [first for first, _ in known.years.values()],
                "ends_on": [last for _, last in known.years.values()],
            },
            schema=pa.schema([("fiscal_year", pa.int32()), ("starts_on", pa.string()), ("ends_on", pa.string())]),
        ),
    }
    for name, codes in (("known_activities", known.activities), ("known_projects", known.projects)):
        tables[name] = pa.table(
            {"fiscal_year": [year for year, _ in codes], "code": [code for _, code in codes]},
            schema=pa.schema([("fiscal_year", pa.int32()), ("code", pa.string())]),
        )
    for name, table in tables.items():
        connection.register("loading", table)
        columns = "* replace (cast(starts_on as date) as starts_on, cast(ends_on as date) as ends_on)"
        connection.execute(
            f"create or replace temp table {name} as select {columns if name == 'known_years' else '*'} from loading"
        )
        connection.unregister("loading")


def _broken(connection: duckdb.DuckDBPyConnection, said: Mapping[str, str]) -> list[Check]:
    """The rules that some posting breaks; each is asked of what is different in its columns."""
    by_column: dict[str, list[Check]] = {}
    for check in CHECKS:
        by_column.setdefault(check.column, []).append(check)
    codes = READ.format(postings=f"(select distinct fiscal_year, {', '.join(CODED)} from postings_read)")
    broken = _asked(connection, DATES, [check for column in DATED for check in by_column[column]])
    broken += _asked(connection, codes, [check for column in CODED for check in by_column[column]])
    rest: list[Check] = []
    for column in sorted(set(by_column) - {*DATED, *CODED}):
        if column in said:
            broken += _asked(connection, f"select value as {column} from {said[column]}", by_column[column])
        else:
            rest += by_column[column]
    broken += _asked(connection, "select * from postings_read", rest)
    return [check for check in CHECKS if check in broken]


def _asked(connection: duckdb.DuckDBPyConnection, rows: str, checks: Sequence[Check]) -> list[Check]:
    counts = ", ".join(f"count(*) filter (where {check.broken})" for check in checks)
    row = connection.execute(f"with asked as ({rows}) select {counts} from asked").fetchone()
    return [check for check, count in zip(checks, row or (), strict=True) if count]


def _found(connection: duckdb.DuckDBPyConnection, file: Path, check: Check) -> Iterator[Finding]:
    rows = connection.execute(
        f"select source_line, cast({check.value or check.column} as varchar) from read"
        f" where {check.broken} order by source_line limit {KEPT}"
    ).fetchall()
    for line, value in rows:
        yield Finding(file, check.what, check.do, line=line, column=check.column, value=value)


def _is_of_other_years(connection: duckdb.DuckDBPyConnection, fiscal_year: int) -> bool:
    return not connection.execute("select 1 from postings_read where fiscal_year = ? limit 1", [fiscal_year]).fetchall()


def _repeated(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[Finding]:
    rows = connection.execute(
        f"""
        select max(source_line), min(source_line), series, voucher, line
        from postings_read
        where voucher is not null
        group by fiscal_year, scenario, version, series, voucher, line
        having count(*) > 1
        order by 1 limit {KEPT}
        """
    ).fetchall()
    columns = [name for name in READ_SCHEMA.names if name != "source_line"]
    same = connection.execute(
        f"""
        select max(source_line), min(source_line) from postings_read
        where voucher is null group by {", ".join(columns)} having count(*) > 1 order by 1 limit {KEPT}
        """
    ).fetchall()
    for again, first in same:
        yield Finding(file, f"the same as line {first} in all that is read", "give each row once", line=again)
    for again, first, series, voucher, line in rows:
        yield Finding(
            file,
            f"stands on line {first} already (series {series or '-'}, line {line} of the voucher)",
            "export the file again, each posting once",
            line=again,
            column="voucher",
            value=voucher,
        )


def _unbalanced(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[Finding]:
    rows = connection.execute(
        f"""
        select min(source_line), series, voucher, sum(amount)
        from read
        where voucher is not null
        group by fiscal_year, scenario, version, series, voucher
        having sum(amount) <> 0 and (select bool_or(account_kind = 'balance') from read)
        order by 1 limit {KEPT}
        """
    ).fetchall()
    for line, series, voucher, difference in rows:
        what = f"voucher of series {series or '-'} is {difference} from zero"
        yield Finding(file, what, "export the whole voucher", line=line, column="voucher", value=voucher)


def _personal(connection: duckdb.DuckDBPyConnection, file: Path, said: Mapping[str, str]) -> Iterator[Finding]:
    for column in TEXT_COLUMNS:
        if column in said and not _may_hold_any(connection, said[column]):
            continue
        cursor = connection.execute(
            f"select source_line, {column} from postings_read where regexp_matches({column}, ?) order by source_line",
            [PREFILTER],
        )
        kept = 0
        while kept < KEPT and (row := cursor.fetchone()) is not None:
            if any(identity_numbers(row[1])):
                kept += 1
                do = "take it out of the ledger's text: what is imported is kept for years"
                yield Finding(file, "holds a personal identity number", do, line=row[0], column=column, value=row[1])


def _may_hold_any(connection: duckdb.DuckDBPyConnection, texts: str) -> bool:
    sql = f"select 1 from {texts} where regexp_matches(value::varchar, ?) limit 1"
    return bool(connection.execute(sql, [PREFILTER]).fetchall())


def _undeclared_versions(connection: duckdb.DuckDBPyConnection, file: Path, known: Known) -> Iterator[Finding]:
    declared = {(row["fiscal_year"], row["version"]): row["version_kind"] for row in known.versions}
    kinds = {"budget": ("original", "revised"), "forecast": ("forecast",)}
    rows = connection.execute(
        "select fiscal_year, scenario, coalesce(version, '') as version, min(source_line) from postings_read"
        " group by all order by all"
    ).fetchall()
    for year, scenario, version, line in rows:
        if scenario == "actual":
            if version:
                yield Finding(file, "a ledger has no version", "leave out --version", column="version", value=version)
            continue
        if not version:
            names = [name for (each, name), kind in declared.items() if each == str(year) and kind in kinds[scenario]]
            if names:
                what = f"which version of the {scenario} {year} it is is not said"
                yield Finding(file, what, f"say --version; budget_versions.csv has {', '.join(names)}")
            continue
        kind = declared.get((str(year), version))
        if kind is None:
            do = f"add {version} of {year} to budget_versions.csv, with the date of its decision"
            yield Finding(file, "a version that is not declared", do, line=line, column="version", value=version)
        elif kind not in kinds.get(scenario, ()):
            do = "import it as what it is, or correct budget_versions.csv"
            yield Finding(file, f"a {scenario}, but declared as {kind}", do, line=line, column="version", value=version)
