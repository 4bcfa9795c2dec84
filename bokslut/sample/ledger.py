"""Write the lines of a ledger: a query that divides each cell over its vouchers and lines, as one stream into Parquet.

The amount of line k of a cell is F(k + 1) - F(k), and the counter line of a voucher is F of its first line less F of
the one after its last. F(0) is 0 and F behind the last is the cell's total, so that lines add up to it and vouchers to
zero, whatever lies between: F(k) is k times the quotient of total and lines, the first k of the rest, and a jitter that
keeps every line on the side of the total. The jitter is integer arithmetic of our own: a database may change its hash.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from bokslut.intake.postings import SCHEMA
from bokslut.intake.sql import quoted, sql_type
from bokslut.sample.cells import YEAR_END, Cell, Segment
from bokslut.sample.model import BoardYear

MEMORY = "256MB"
CHUNK = 1024  # vouchers that are listed at a time
PRIME = 2147483647
CODES = ("account", "ansvar", "activity", "project", "motpart", "counter", "text")
NUMBERS = ("lines", "quotient", "rest", "span", "salt", "vouchers")
SERIES, YEAR_END_SERIES = "L", "B"
# the order of the segments is the order of the lines: no join may be turned round
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": MEMORY,
    "disabled_optimizers": "join_order,build_side_probe_side",
}


def open_ledger() -> duckdb.DuckDBPyConnection:
    """A database in memory that gives lines in the order they are asked for."""
    return duckdb.connect(config=CONFIG)


def write_ledger(
    connection: duckdb.DuckDBPyConnection,
    board_year: BoardYear,
    cells: Sequence[Cell],
    segments: Sequence[Segment],
    path: Path,
) -> None:
    """Write the ledger of a board and year as one Parquet, in the order of the canonical columns."""
    # not synced to disk as an import is: a sample is made again
    path.parent.mkdir(parents=True, exist_ok=True)
    select = ledger_query(connection, board_year, cells, segments)
    connection.execute(f"copy ({select}) to {quoted(str(path))} (format parquet, compression zstd)")


def ledger_query(
    connection: duckdb.DuckDBPyConnection, board_year: BoardYear, cells: Sequence[Cell], segments: Sequence[Segment]
) -> str:
    """A query of canonical lines in their order, over tables that are put into the database for it."""
    _load(connection, "sample_cells", _cell_table(cells))
    _load(connection, "sample_segments", _segment_table(segments, board_year.fiscal_year))
    # where a voucher's lines begin and end in the cell
    start, end = "own * lines // vouchers", "(own + 1) * lines // vouchers"
    fixed = {
        "organisation_id": quoted(board_year.organisation_id),
        "board_id": quoted(board_year.board_id),
        "fiscal_year": str(board_year.fiscal_year),
        "scenario": "'actual'",
        "version": "null",
        "series": f"case when period = {YEAR_END} then '{YEAR_END_SERIES}' else '{SERIES}' end",
        "voucher": "cast(number as varchar)",
        "line": "place + 1",
        "account": "case when is_counter then counter else account end",
        **{code: f"case when not is_counter then {code} end" for code in ("ansvar", "activity", "project", "motpart")},
        # a decimal times a decimal is exact, where a division would be a floating-point number
        "amount": "cast(ore as decimal(15, 0)) * cast(0.01 as decimal(3, 2))",
        "text": "text || ' ' || cast(number % 89989 as varchar)",
    }
    columns = ", ".join(
        f"cast({fixed.get(field.name, field.name)} as {sql_type(field.type)}) as {field.name}" for field in SCHEMA
    )
    return f"""
    with chunks as (
        select *, unnest(range((vouchers + {CHUNK - 1}) // {CHUNK})) * {CHUNK} as chunk from sample_segments
    ),
    numbered as (
        select *, unnest(range(chunk, least(vouchers, chunk + {CHUNK}))) as i from chunks
    ),
    vouchers as (
        select
            period, first + i as number, round + i // active as own, i % active as rank,
            first_day + cast((before + i) * days // in_period as integer) as booked_on
        from numbered
    ),
    bounded as (
        select vouchers.*, sample_cells.* exclude (period, rank), {start} as lower_bound, {end} as upper_bound
        from vouchers
        inner join sample_cells on vouchers.period = sample_cells.period and vouchers.rank = sample_cells.rank
    ),
    placed as (
        select *, unnest(range(upper_bound - lower_bound + 1)) as place from bounded
    ),
    stepped as (
        select
            *,
            place = upper_bound - lower_bound as is_counter,
            lower_bound + place as k,
            case when place = upper_bound - lower_bound then lower_bound else lower_bound + place + 1 end as next_k
        from placed
    ),
    amounts as (
        select *, {_running("next_k")} - {_running("k")} as ore from stepped
    )
    select {columns} from amounts
    """


def _running(k: str) -> str:
    """F(k): what the lines before line k of a cell add up to, öre."""
    # a square modulo a prime, twice, so that neighbours do not differ by the same; no product passes 64 bits
    once = f"((({k} + salt) % {PRIME}) * (({k} + salt) % {PRIME})) % {PRIME}"
    mixed = f"(({once} + salt) % {PRIME}) * (({once} + salt) % {PRIME}) % {PRIME}"
    jitter = f"case when {k} = 0 or {k} = lines then 0 else {mixed} % span end"
    return f"(quotient * {k} + least({k}, rest) + {jitter})"


def _cell_table(cells: Sequence[Cell]) -> pa.Table:
    columns: dict[str, list[object]] = {name: [] for name in ("period", "rank", *CODES, *NUMBERS)}
    rank, period = 0, 0
    for cell in cells:
        rank, period = (rank + 1 if cell.period == period else 0), cell.period
        lines = cell.lines - cell.vouchers
        quotient, rest = divmod(cell.total, lines)
        row: dict[str, object] = {code: getattr(cell.slot, code) or None for code in CODES}
        row |= {"period": period, "rank": rank, "lines": lines, "vouchers": cell.vouchers, "salt": cell.salt}
        # nine tenths of a line at most, so that no line passes zero
        row |= {"quotient": quotient, "rest": rest, "span": max(1, abs(quotient) * 9 // 10)}
        for name, values in columns.items():
            values.append(row[name])
    kinds = {name: pa.string() if name in CODES else pa.int64() for name in columns}
    return pa.table({name: pa.array(values, kinds[name]) for name, values in columns.items()})


def _segment_table(segments: Sequence[Segment], year: int) -> pa.Table:
    rows = []
    for segment in segments:
        month = min(segment.period, 12)
        last = calendar.monthrange(year, month)[1]
        day = last if segment.period == YEAR_END else 1
        first_day = f"{year}-{month:02}-{day:02}"
        rows.append(asdict(segment) | {"first_day": first_day, "days": 1 if segment.period == YEAR_END else last})
    return pa.Table.from_pylist(rows)


def _load(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("loading", table)
    dated = " replace (cast(first_day as date) as first_day)" if "first_day" in table.column_names else ""
    connection.execute(f"create or replace temp table {name} as select *{dated} from loading")
    connection.unregister("loading")
