"""What a sheet holds beside its rows of data: a first row taken as the head, rows above it, codes held as numbers.

Nothing is changed here; see apply.py for what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.sheets.files import NUMBER, Cells
from bokslut.intake.sheets.form import CODES
from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Plan


def check_head(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> list[Finding]:
    """A row taken as the head, where no heading says that it is, and that holds a code and an amount as data does."""
    codes = [field for field in plan.fields if field.name in CODES]
    if not codes or not plan.sources or any(column.heading is not None for column in plan.wanted.values()):
        return []
    wanted = ", ".join(f"c{head.places[raw]} as {raw}" for raw in plan.wanted)
    is_code = " or ".join(
        f"(coalesce({field.reading.ok}, false) and regexp_matches({field.raw}, '[0-9]'))" for field in codes
    )
    is_amount = " or ".join(f"coalesce({source.reading.ok}, false)" for source in plan.sources)
    rows = connection.execute(f"""
        with taken as (select line, {wanted} from cells where line between {head.line} and {head.last_line})
        select line from taken where ({is_code}) and ({is_amount}) order by line
    """).fetchall()
    what = "is taken as the head, but holds a code and an amount"
    do = "if the file has no head, write head_rows: 0 in the profile"
    return [Finding(cells.path, what, do, line) for (line,) in rows]


def notices(connection: duckdb.DuckDBPyConnection, cells: Cells, head: Head, plan: Plan) -> Iterator[str]:
    """What whoever imports the file should know of rows that are not read, and of codes that may have lost zeros."""
    filled = ", ".join(f"c{number}" for number in range(1, cells.width + 1))
    [(above,)] = connection.execute(
        f"select count(*) from cells where line < {head.line} and coalesce({filled}, null) is not null"
    ).fetchall()
    if above:
        yield f"rows above the head passed over: {above}"
    codes = [field for field in plan.fields if field.name in CODES]
    if not codes:
        return
    held = ", ".join(f"coalesce(bool_or(starts_with({field.raw}, '{NUMBER}')), false)" for field in codes)
    [row] = connection.execute(f"select {held} from sheet_rows where total is null").fetchall()
    titles = [head.title(head.places[field.raw]) for field, is_held in zip(codes, row, strict=True) if is_held]
    if titles:
        yield f"codes held as numbers, which keep no zeros in front: {', '.join(dict.fromkeys(titles))}"
