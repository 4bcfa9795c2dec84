"""A large plain ledger in CSV to postings in one reading: each different text of a column is judged once.

The rules are those of rows.py and apply.py, asked of the texts instead of the rows, and rows are held as numbers. Where
anything at all is to be told, nothing is done: the exact reader reads the file again and tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa

from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets import csvfile
from bokslut.intake.sheets.apply import (
    Applied,
    Context,
    Rows,
    conclude,
    fiscal_year_of,
    shared_amounts,
    years_of,
)
from bokslut.intake.sheets.csvstream import IrregularError, Stream, TooManyTextsError
from bokslut.intake.sheets.files import Cells, fingerprint, kind_of
from bokslut.intake.sheets.form import POSTING_KINDS, Profile
from bokslut.intake.sheets.head import SEARCHED, Head, find_head
from bokslut.intake.sheets.notices import check_head
from bokslut.intake.sheets.plan import Plan, plan_of
from bokslut.intake.sheets.rows import may_be_no_data, tests
from bokslut.intake.sheets.table import TableWriter, cleaned, cleaning, drop_cells

# views of postings -> those of values that they read
VIEWS = {"postings_read": "sheet_values", "postings_written": "sheet_joined"}


@dataclass(frozen=True)
class Quick:
    """What was read into postings_read. encoding: by its name. notes: on the file, before those on its rows.

    written: the same postings as a view that is quick to read as a whole; else postings_read itself. said: field -> the
    table with each of its texts as value.
    """

    encoding: str
    notes: tuple[str, ...]
    applied: Applied
    written: str
    said: Mapping[str, str]


def read_quickly(
    path: Path, connection: duckdb.DuckDBPyConnection, profile: Profile, context: Context, *, as_view: bool
) -> Quick | None:
    """Make postings_read of a CSV file, as load_cells and apply_profile do, or None if they must do it.

    as_view: it may be a view, which nothing can change.
    """
    try:
        if not _is_meant(path, profile):
            return None
        before = fingerprint(path)
        quick = _read(path, connection, profile, context, before.sha256, VIEWS if as_view else {})
        after = path.stat()
        if quick and (after.st_size, after.st_mtime_ns) == (before.size, before.modified):
            return quick
    except (RefusedError, IrregularError, OSError, duckdb.OutOfMemoryException):
        # the exact reader meets the same and tells it, or needs less memory
        pass
    _forget(connection)
    return None


def _is_meant(path: Path, profile: Profile) -> bool:
    """A ledger whose rows stand each for itself, and whose cells are not to be told apart by patterns."""
    is_plain = not (profile.totals or profile.leave_out or profile.fill_down or profile.row_total)
    if profile.kind not in POSTING_KINDS or not is_plain or not path.is_file():
        return False
    return path.stat().st_size >= csvfile.LARGE and (profile.file.kind or kind_of(path)) == "csv"


def _read(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    profile: Profile,
    context: Context,
    sha256: str,
    views: Mapping[str, str],
) -> Quick | None:
    form = csvfile.form_of(path, profile.file.encoding, profile.file.delimiter)
    above = csvfile.head_of(path, form.sample, form.delimiter)
    if not above or not form.delimiter.isascii():
        return None
    width = len(above[-1].cells)
    sample = list(csvfile.records(path, iter(form.sample), form.delimiter, []))
    if len(sample) < SEARCHED:
        return None
    writer = TableWriter(connection)
    for record in sample:
        writer.add(record.line, len(record.cells), csvfile.clean_cells(record))
    writer.flush()
    plan = plan_of(profile)
    cells = Cells(
        path, "csv", form.encoding.name, form.delimiter, None, writer.columns, 0, sha256, form.encoding.is_certain,
        form.notes,
    )  # fmt: skip
    head = find_head(cells, profile, plan.wanted, connection)
    is_whole = head.last_line >= above[-1].line - 1 and head.width == width == writer.columns
    if not is_whole or shared_amounts(cells, head, plan) or check_head(connection, cells, head, plan):
        return None
    stream = _loaded(connection, Stream(path, form.encoding, form.delimiter, head.last_line, width), head, plan)
    texts = {place: tuple(map(cleaned, each.values.to_pylist())) for place, each in stream.numbered.items()}
    if not stream.rows or not _judge(connection, head, plan, texts):
        return None
    _view_values(connection, stream, head, plan, context)
    ignored = tuple(
        head.title(place)
        for place in head.others
        if head.headings[place - 1] or place not in texts or any(texts[place])
    )
    applied = conclude(connection, cells, head, plan, context, Rows(stream.rows, 0, ignored), views)
    kinds = connection.execute("select table_name from information_schema.tables where table_name = 'postings_written'")
    said = {field.name: f"sheet_{field.name}" for field in plan.fields if head.places[field.raw] in stream.numbered}
    written = "postings_written" if kinds.fetchall() else "postings_read"
    return Quick(form.encoding.name, form.notes, applied, written, said)


def _loaded(connection: duckdb.DuckDBPyConnection, stream: Stream, head: Head, plan: Plan) -> Stream:
    """Read the file into sheet_lines; again where a column turns out to have too many texts to be numbered."""
    plain = frozenset(head.places[source.raw] for source in plan.sources)
    while True:
        stream = Stream(stream.path, stream.encoding, stream.delimiter, stream.begin, stream.width, plain)
        try:
            _load(connection, stream, head, plan)
        except TooManyTextsError as error:
            plain |= {error.place}
            continue
        return stream


def _load(connection: duckdb.DuckDBPyConnection, stream: Stream, head: Head, plan: Plan) -> None:
    blocks = iter(stream)
    first = next(blocks, None)
    if first is None:
        raise IrregularError
    failed: list[Exception] = []

    def batches() -> Iterator[pa.RecordBatch]:
        line = head.last_line + 1
        try:
            for columns in chain((first,), blocks):
                count = len(columns[0])
                yield pa.record_batch([*columns, pa.array(range(line, line + count), pa.int64())], schema)
                line += count
        except (IrregularError, TooManyTextsError, OSError) as error:
            # the database would tell it in words of its own
            failed.append(error)

    kinds = {place: pa.int32() if place in stream.numbered else pa.string() for place in range(1, stream.width + 1)}
    schema = pa.schema([*((f"c{place}", kind) for place, kind in kinds.items()), ("line", pa.int64())])
    connection.register("sheet_block", pa.RecordBatchReader.from_batches(schema, batches()))
    connection.execute(f"create or replace temp table sheet_lines as {_lines(stream, head, plan)}")
    connection.unregister("sheet_block")
    pa.default_memory_pool().release_unused()
    if failed:
        raise failed[0]


def _lines(stream: Stream, head: Head, plan: Plan) -> str:
    """SQL: the rows of a block: the numbers of their texts, the values of other cells, and whether all is well."""
    plain = [place for place in range(1, stream.width + 1) if place not in stream.numbered]
    raw = {name: place for name, place in head.places.items() if place in plain}
    read = [f"{cleaning(f'c{place}', is_composed=True)} as t{place}" for place in plain]
    cells = [f"t{place} as {name}" for name, place in raw.items()]
    values = [f"{field.reading.value} as v_{field.name}" for field in plan.fields if field.raw in raw]
    values += [f"{source.reading.value} as v_{source.name}" for source in plan.sources]
    values += [f"{field.year} as y_{field.name}" for field in plan.fields if field.year and field.raw in raw]
    amounts = {head.places[source.raw] for source in plan.sources}
    wrong = [bad for name, bad, _ in tests(plan) if name in raw]
    wrong += [may_be_no_data(f"t{place}") for place in plain if place not in amounts]
    wrong += [
        f"n{head.places[field.raw]} is null"
        for field in plan.fields
        if field.required and head.places[field.raw] in stream.numbered
    ]
    # half as many bytes in all that is sorted and grouped
    numbers = [f"cast(n{place} as usmallint) as n{place}" for place in stream.numbered]
    return f"""
        with
        numbered as (select line, {", ".join([*(f"c{place} as n{place}" for place in stream.numbered), *read])}
            from sheet_block),
        cells as (select *, {", ".join([*cells, "null::integer as total", "null::integer as stray"])} from numbered)
        select {", ".join(["line", *numbers, *values])}, coalesce({" or ".join(wrong)}, false) as is_wrong from cells
    """


def _judge(
    connection: duckdb.DuckDBPyConnection,
    head: Head,
    plan: Plan,
    texts: Mapping[int, tuple[str | None, ...]],
) -> bool:
    """Whether all rows and texts are well; the values of the texts as variables, a list for each numbered field."""
    [(wrong,)] = connection.execute("select count(*) filter (where is_wrong) from sheet_lines").fetchall()
    if wrong or not any(field.required for field in plan.fields):
        return False
    bad_of = {raw: bad for raw, bad, _ in tests(plan)}
    for place, each in texts.items():
        connection.register(
            "sheet_texts",
            pa.table({"number": pa.array(range(1, len(each) + 1), pa.int32()), "raw": pa.array(each, pa.string())}),
        )
        fields = [field for field in plan.fields if head.places[field.raw] == place]
        bad = [bad_of[field.raw] for field in fields]
        raw = ", ".join(f"raw as {field.raw}" for field in fields)
        # an empty cell of a field that must be filled in is found by its number
        [(wrong,)] = connection.execute(f"""
            with texts as (
                select raw, {raw + ", " if raw else ""}null::integer as total, null::integer as stray from sheet_texts
            )
            select count(*) from texts where coalesce({" or ".join([*bad, may_be_no_data("raw")])}, false)
        """).fetchall()
        if wrong:
            return False
        for field in fields:
            connection.execute(
                f"create or replace temp table sheet_{field.name} as select number, {field.reading.value} as value,"
                f" {field.year or 'null::integer'} as year from (select number, raw as {field.raw} from sheet_texts)"
            )
            for column in ("value", "year"):
                connection.execute(
                    f"set variable sheet_{field.name}_{column} ="
                    f" (select list({column} order by number) from sheet_{field.name})"
                )
        connection.unregister("sheet_texts")
    return True


def _view_values(
    connection: duckdb.DuckDBPyConnection, stream: Stream, head: Head, plan: Plan, context: Context
) -> None:
    """The views sheet_values and sheet_joined over sheet_lines: the one of apply.py, by lists of texts and by joins.

    A list costs only who asks for its column. A join is quicker for all columns, and says where no cell is empty.
    """
    numbers = {field.name: head.places[field.raw] for field in plan.fields if head.places[field.raw] in stream.numbered}
    filled = ", ".join(["count(*)", *(f"count(n{place}) = count(*)" for place in numbers.values())])
    [(_, *are_filled)] = connection.execute(f"select {filled} from sheet_lines").fetchall()
    joins = []
    for (name, place), is_filled in zip(numbers.items(), are_filled, strict=True):
        [(is_whole,)] = connection.execute(f"select count(*) = count(value) from sheet_{name}").fetchall()
        kind = "inner" if is_filled and is_whole else "left"
        joins.append(f"{kind} join sheet_{name} on sheet_lines.n{place} = sheet_{name}.number")
    by_list = {
        (name, column): f"getvariable('sheet_{name}_{column}')[n{place}]"
        for name, place in numbers.items()
        for column in ("value", "year")
    }
    by_join = {(name, column): f"sheet_{name}.{column}" for name, column in by_list}
    period, stated, booked = plan.field("period"), plan.field("fiscal_year"), plan.field("booked_on")
    has_year = period is not None and period.year is not None
    years = years_of(
        plan, "v_fiscal_year" if stated else None, "y_period" if has_year else None, "v_booked_on" if booked else None
    )
    for view, found, joined in (("sheet_values", by_list, []), ("sheet_joined", by_join, joins)):
        columns = [f"{found.get((field.name, 'value'), f'v_{field.name}')} as v_{field.name}" for field in plan.fields]
        columns += [f"v_{source.name}" for source in plan.sources]
        columns += [f"{found.get(('period', 'year'), 'y_period')} as y_period"] if has_year else []
        connection.execute(f"""
            create or replace temp view {view} as
            with
            read as (select line, null::integer as total, {", ".join(columns)} from sheet_lines {" ".join(joined)}),
            dated as (select *, {", ".join(years)} from read)
            select *, {fiscal_year_of(context)} as fiscal_year from dated
        """)
    # cells are asked for their marks, of which a CSV file has none, and shown in findings, as the exact reader does
    shown = ", ".join(f"'' as {field.raw}" for field in plan.fields)
    connection.execute(f"create or replace temp view sheet_rows as select line, total, {shown} from sheet_values")


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    drop_cells(connection)
    rows = connection.execute(
        "select table_name, table_type from information_schema.tables"
        " where table_name like 'sheet\\_%' escape '\\' or table_name like 'postings\\_%' escape '\\'"
    ).fetchall()
    for name, kind in sorted(rows):
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")
