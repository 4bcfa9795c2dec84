"""Read a received file by what it is - SIE, canonical Parquet, or a sheet through its profile - into a table.

The table is postings_read (postings.READ_SCHEMA) for a ledger, budget or forecast, and records_read for goals and
projects. What the postings may name is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.plain_path import plain_path
from bokslut.intake.postings import POSTED, READ_SCHEMA, SCHEMA
from bokslut.intake.sheets.files import load_cells
from bokslut.intake.sheets.profile import Profile
from bokslut.intake.sql import quoted, sql_type

if TYPE_CHECKING:
    from bokslut.intake.sie.reader import SieSummary

SIE_SUFFIXES = (".se", ".si", ".sie")
SIE_KINDS = ("ledger", "budget")
SHOWN = 10


WHOLE = r"U?(TINY|SMALL|BIG)?INT(EGER)?"
# the types of a column that become ours without loss, and what to say of others
LOSSLESS = {
    pa.string(): (rf"VARCHAR|{WHOLE}", "text"),
    pa.int32(): (WHOLE, "a whole number"),
    pa.date32(): (r"DATE", "a date"),
    pa.decimal128(18, 2): (rf"DECIMAL\(.*\)|{WHOLE}", "decimal(18, 2)"),
}


@dataclass(frozen=True)
class How:
    """How a file is to be read. profile: of a sheet. fiscal_year, version: as the user named them, or None.

    reference: the folder with the reference seeds. year_end_series: of a SIE file, see sie.reader.
    """

    kind: str
    organisation_id: str
    board_id: str
    reference: Path
    profile: Profile | None
    fiscal_year: int | None
    version: str | None
    year_end_series: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a reader tells beside the rows. encoding: as detected. notes: what the user should see, a line each.

    vouchers_balance: whether the vouchers of a file with balance accounts are still to be held to zero; the readers of
    SIE and of sheets do that themselves. written: what the postings are to be read from as a whole.
    said, lines_are_unique: as checks.check_postings takes them.
    """

    encoding: str
    notes: tuple[str, ...]
    vouchers_balance: bool = False
    written: str = "postings_read"
    said: Mapping[str, str] = field(default_factory=dict)
    lines_are_unique: bool = False


def read_file(file: Path, connection: duckdb.DuckDBPyConnection, how: How) -> Reading:
    """Read one file into postings_read or records_read. Raises RefusedError with all that is wrong with it."""
    reading = _read(file, connection, how)
    if how.kind in POSTED and how.version is not None:
        _give_version(file, connection, how.version)
    return reading


def _give_version(file: Path, connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Give the postings the version that the user named; a file that says another itself is refused."""
    rows = connection.execute(
        "select source_line, version from postings_read where coalesce(version, '') not in ('', ?) order by 1 limit 20",
        [version],
    ).fetchall()
    if rows:
        do = "leave out --version, or import the file of that version"
        what = f"another version than {version}, which was named"
        raise RefusedError([Finding(file, what, do, line=line, column="version", value=value) for line, value in rows])
    connection.execute("update postings_read set version = ?", [version])


def _read(file: Path, connection: duckdb.DuckDBPyConnection, how: How) -> Reading:
    """Read a file by its kind."""
    if file.suffix.lower() in SIE_SUFFIXES:
        return _read_sie(file, connection, how)
    if how.year_end_series:
        do = "leave it out; in a sheet the period says which postings are year-end entries"
        raise RefusedError([Finding(file, "only a SIE file has --year-end-series", do)])
    if how.profile is None:
        if file.suffix.lower() == ".parquet" and is_canonical(file):
            with plain_path(file) as path:
                return _read_canonical(file, path, connection, how)
        do = f"say how with --profile; `bokslut import --guess {file}` drafts one"
        raise RefusedError([Finding(file, "how this sheet is to be read is not known", do)])
    from bokslut.intake.sheets.apply import Context, apply_profile
    from bokslut.intake.sheets.quick import read_quickly

    context = Context(fiscal_year=how.fiscal_year)
    quick = read_quickly(file, connection, how.profile, context, as_view=how.version is None)
    if quick:
        said = {column: texts for column, texts in quick.said.items() if column != "version" or how.version is None}
        reading = Reading(quick.encoding, quick.notes, written=quick.written, said=said)
        applied = quick.applied
    else:
        cells = load_cells(file, connection, how.profile.file)
        applied = apply_profile(cells, how.profile, connection, context)
        reading = Reading(cells.encoding or "", cells.notes)
    notes = [*reading.notes, *applied.notes]
    if applied.ignored_columns:
        notes.append(f"columns not read: {', '.join(applied.ignored_columns)}")
    return replace(reading, notes=tuple(notes), lines_are_unique=applied.lines_are_unique)


def is_canonical(file: Path) -> bool:
    """Whether a Parquet has the canonical columns, with or without their owner, in any order. Raises RefusedError."""
    try:
        names = set(pq.read_schema(file).names)
    except (pa.ArrowException, OSError) as error:
        do = "write it again; it is damaged, or no Parquet"
        raise RefusedError([Finding(file, "cannot be read as Parquet", do)]) from error
    owned = {field.name for field in SCHEMA}
    return names in (owned, owned - {"organisation_id", "board_id"})


def _read_sie(file: Path, connection: duckdb.DuckDBPyConnection, how: How) -> Reading:
    from bokslut.intake.sie.dimensions import load_dimension_map
    from bokslut.intake.sie.reader import SieOptions, read_sie

    if how.kind not in SIE_KINDS:
        do = f"import it as {' or '.join(SIE_KINDS)}, or give another file"
        raise RefusedError([Finding(file, f"a SIE file holds no {how.kind}", do)])
    options = SieOptions(
        dimensions=load_dimension_map(how.reference / "sie_dimensions.csv"),
        kind="budget" if how.kind == "budget" else "ledger",
        version=how.version,
        year_end_series=frozenset(how.year_end_series),
    )
    reading = read_sie(file, options)
    connection.register("empty", READ_SCHEMA.empty_table())
    connection.execute("create table postings_read as select * from empty")
    connection.unregister("empty")
    for batch in reading.batches():
        connection.register("batch", pa.Table.from_batches([batch]))
        connection.execute("insert into postings_read select * from batch")
        connection.unregister("batch")
    summary = reading.summary()
    unknown = [name for name in how.year_end_series if name not in summary.series]
    if unknown:
        do = f"name one of {', '.join(sorted(summary.series)) or 'none'}"
        raise RefusedError(
            [
                Finding(file, "no voucher has this series", do, column="--year-end-series", value=name)
                for name in unknown
            ]
        )
    return Reading(summary.encoding, tuple(_sie_notes(summary)))


def _sie_notes(summary: SieSummary) -> Iterator[str]:
    """What a user should know of a SIE file beside its postings: what was left out, and what looks odd."""
    if summary.declared_format.upper() == "PC8" and summary.encoding != "cp437":
        yield f"declares PC8 (cp437) but is {summary.encoding}"
    if summary.unknown_labels:
        labels = (f"{label} ({count}, line {line})" for label, (count, line) in summary.unknown_labels.items())
        yield f"labels not read: {', '.join(labels)}"
    unread = [f"{each.number} {each.name} ({each.unread})" for each in summary.dimensions if each.unread]
    if unread:
        yield f"dimensions not read: {', '.join(unread)}; sie_dimensions.csv says which are"
    if summary.decided_by_number:
        yield f"dimensions known by their number alone: {', '.join(summary.decided_by_number)}; look whether they are"
    if summary.struck:
        yield f"struck out (#BTRANS), not counted: {summary.struck}"
    if summary.added:
        yield f"added later (#RTRANS), counted once: {summary.added}"
    if summary.undeclared_accounts:
        yield f"accounts without #KONTO: {_some(summary.undeclared_accounts)}"
    yield from summary.renamed[:SHOWN]
    yield from summary.not_compared
    if not summary.has_checksum:
        yield "no #KSUMMA: the file carries no checksum of its own"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _read_canonical(file: Path, path: Path, connection: duckdb.DuckDBPyConnection, how: How) -> Reading:
    """Postings as we write them ourselves: types must convert without loss, and the owner must be the one named."""
    connection.execute(
        "create temp view received as select *, file_row_number + 2 as source_line"
        f" from read_parquet({quoted(str(path))}, hive_partitioning = false, file_row_number = true)"
    )
    columns = {row[0]: row[1] for row in connection.execute("describe received").fetchall()}
    findings = [
        Finding(file, f"is {columns[field.name]}, which may not keep the value", f"write it as {do}", column=field.name)
        for field in READ_SCHEMA
        if field.name != "source_line"
        for pattern, do in [LOSSLESS[field.type]]
        if not re.fullmatch(pattern, columns[field.name])
    ]
    for column, expected in (("organisation_id", how.organisation_id), ("board_id", how.board_id)):
        if column in columns:
            rows = connection.execute(
                f"select source_line, {column}::varchar from received"
                f" where {column}::varchar is distinct from ? order by source_line limit 20",
                [expected],
            ).fetchall()
            do = f"import the file of {expected}, or name its own owner"
            findings.extend(
                Finding(file, f"another owner than {expected}", do, line=line, column=column, value=value)
                for line, value in rows
            )
    if findings:
        raise RefusedError(findings)
    read = ", ".join(f'{_as_read(field)} as "{field.name}"' for field in READ_SCHEMA)
    try:
        connection.execute(f"create table postings_read as select {read} from received")
    except duckdb.Error as error:
        what = f"a value is not of its column's type ({str(error).splitlines()[0]})"
        raise RefusedError([Finding(file, what, "write the columns with the types of the documentation")]) from error
    findings = [*_lossy_amounts(file, connection), *_other_scenarios(file, connection, how.kind)]
    if findings:
        raise RefusedError(findings)
    return Reading("", (), vouchers_balance=True)


def _as_read(field: pa.Field) -> str:
    """The SQL of a canonical column; an empty text is no text, as in every other kind of file."""
    cast = f'cast("{field.name}" as {sql_type(field.type)})'
    return f"nullif({cast}, '')" if field.type == pa.string() else cast


def _lossy_amounts(file: Path, connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute(
        "select source_line, cast(received.amount as varchar) from received"
        " where received.amount <> cast(received.amount as decimal(18, 2)) order by 1 limit 20"
    ).fetchall()
    do = "give amounts in whole öre"
    return [Finding(file, "more than two decimals", do, line=line, column="amount", value=v) for line, v in rows]


def _other_scenarios(file: Path, connection: duckdb.DuckDBPyConnection, kind: str) -> list[Finding]:
    expected = POSTED[kind]
    rows = connection.execute(
        "select source_line, scenario from postings_read where scenario is distinct from ? order by 1 limit 20",
        [expected],
    ).fetchall()
    do = f"say --kind, or import {expected} alone"
    return [Finding(file, f"not {expected}", do, line=line, column="scenario", value=value) for line, value in rows]
