"""A Parquet file to the table of cells by DuckDB: the column names are line 1, native values have their mark."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.plain_path import plain_path
from bokslut.intake.sheets.table import BOOLEAN, DATE, ERROR, FLAWS, NUMBER, cleaned, cleaning, drop_cells, flaw_of

MOST_SHOWN = 100
ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
ZONED_FLAW = "a time with a time zone is another day elsewhere: write it as a date"
WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)


def load_parquet(path: Path, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Read the file into cells. (width, rows). Raises RefusedError for what is no Parquet file or has a flawed text."""
    drop_cells(connection)
    try:
        with plain_path(path) as plain:
            heads = _copy(plain, connection)
    except duckdb.Error as error:
        what = f"cannot be read as Parquet ({str(error).splitlines()[0]})"
        raise RefusedError([Finding(path, what, "write it again, or name the kind of the file")]) from None
    texts = [f"c{number}" for number, (_, kind) in enumerate(heads, start=1) if kind == "VARCHAR"]
    _refuse_flaws(path, connection, texts)
    [(rows,)] = connection.execute("select count(*) from cells").fetchall()
    return len(heads), rows


def _copy(path: Path, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Make cells. Gives each column's name as SQL has it, and its type. path: without a sign that DuckDB expands."""
    source = {"path": str(path)}
    names = connection.execute(
        "describe select * from read_parquet($path, hive_partitioning = false)", source
    ).fetchall()
    heads = [(quoted(name), kind) for name, kind, *_ in names]
    cells = ", ".join(f"{_rendering(name, kind)} as c{number}" for number, (name, kind) in enumerate(heads, start=1))
    order = ", ".join(["file_row_number", *(name for name, _ in heads)])
    connection.execute(
        f"create table cells as select 1::bigint as line, {len(heads)} as width, "
        + ", ".join(f"${number}::varchar as c{number}" for number in range(1, len(heads) + 1)),
        {str(number): cleaned(name) for number, (name, *_) in enumerate(names, start=1)},
    )
    connection.execute(
        f"insert into cells select file_row_number + 2, {len(heads)}, {cells}"
        f" from (select {order} from read_parquet($path, hive_partitioning = false, file_row_number = true))",
        source,
    )
    return heads


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _rendering(name: str, kind: str) -> str:
    if kind in WHOLE:
        return f"'{NUMBER}' || cast({name} as varchar)"
    if kind.startswith("DECIMAL"):
        text = f"cast({name} as varchar)"
        return f"'{NUMBER}' || case when contains({text}, '.') then rtrim(rtrim({text}, '0'), '.') else {text} end"
    if kind in ("FLOAT", "DOUBLE"):
        short = f"format('{{:.15g}}', cast({name} as double))"
        plain = f"rtrim(rtrim(cast(try_cast({short} as decimal(38, 18)) as varchar), '0'), '.')"
        text = f"case when contains({short}, 'e') then coalesce({plain}, {short}) else {short} end"
        return f"'{NUMBER}' || case when {name} = 0 then '0' else {text} end"
    if kind in ZONED:
        # the day depends on where the file is read, so that a cell of it is no value
        return f"case when {name} is not null then '{ERROR}{ZONED_FLAW}' end"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"'{DATE}' || cast(cast({name} as date) as varchar)"
    if kind == "BOOLEAN":
        return f"'{BOOLEAN}' || cast({name} as varchar)"
    return cleaning(f"cast({name} as varchar)")


def _refuse_flaws(path: Path, connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    findings: list[Finding] = []
    for column in texts:
        found = connection.execute(
            f"select line, {column} from cells where regexp_matches({column}, $flaws) order by line limit {MOST_SHOWN}",
            {"flaws": FLAWS},
        ).fetchall()
        flaws = [flaw_of(path, line, int(column[1:]) - 1, text) for line, text in found]
        findings += [flaw for flaw in flaws if flaw]
    if findings:
        raise RefusedError(sorted(findings, key=lambda each: (each.line or 0, each.column or "")))
