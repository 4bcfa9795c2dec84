"""The folder of imported data: postings as Parquet, the received files unchanged, and a record of control totals.

    postings/organisation=1882/year=2024/<import>.parquet   the canonical postings of one import and year, sorted
    received/organisation=1882/<sha256>/<name>               the file as it came, read-only (LKBR 2018:597 3:12)
    imports/organisation=1882/<import>.csv                   rows, debit, credit, sum of each period (control totals)
    log.csv                                                  what was done, in order (LKBR 3:11, processing history)

A Parquet that no record names is not whole: the gate refuses it, and importing the same file again makes it whole.
Nothing is parsed or judged here.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.postings import SCHEMA
from bokslut.intake.sql import literal, quoted, sql_type
from bokslut.lock import held

EMPTY_POSTINGS = "postings/empty.parquet"
EMPTY_IMPORTS = "imports/empty.csv"
# of postings with vouchers, in the order of the schema: the import refuses a line of a voucher that stands twice
VOUCHER_LINE = ("fiscal_year", "period", "scenario", "version", "series", "voucher", "line")
LOG = "log.csv"
LOCK = ".lock"
LOG_COLUMNS = ("received_at", "action", "organisation_id", "board_id", "import_id", "source_file", "source_sha256")
IMPORT_AGAIN = "bring it in with `bokslut import`, which checks each line and keeps its control totals"
BLOCK = 1 << 20
# what reading a record that is none raises
NO_RECORD = (ValueError, KeyError, ArithmeticError, TypeError, csv.Error, OSError)


@dataclass(frozen=True)
class ControlTotal:
    """The control totals of one import, year, scenario, version and period: one line of its record.

    row_count: postings. debit, credit: sums of the positive and of the negative amounts, kronor and öre, both positive.
    balance: debit - credit. file_rows: postings of the whole file, so that a period that was replaced shows.
    postings_file: the Parquet, from the data folder. source_file, source_sha256, encoding: the received file. profile,
    profile_sha256: how it was read; empty where none was needed. received_at: UTC.
    """

    import_id: str
    organisation_id: str
    board_id: str
    fiscal_year: int
    scenario: str
    version: str
    period: int
    row_count: int
    debit: Decimal
    credit: Decimal
    balance: Decimal
    file_rows: int
    postings_file: str
    source_file: str
    source_sha256: str
    encoding: str
    profile: str
    profile_sha256: str
    received_at: str


COLUMNS = tuple(field.name for field in fields(ControlTotal))
NUMBERS = {
    "fiscal_year": int,
    "period": int,
    "row_count": int,
    "file_rows": int,
    "debit": Decimal,
    "credit": Decimal,
    "balance": Decimal,
}


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Let one import at a time write into the folder, made if it is not there; BusyError for a second one."""
    prepare(data)
    with held(data / LOCK, "another import, or a build that copies,"):
        for name in leftovers(data):
            shutil.rmtree(name)
        yield


def leftovers(data: Path) -> list[Path]:
    """Folders that an import which was stopped left behind; only for one who holds the lock."""
    return sorted(path for pattern in (".import-*", ".work-*") for path in data.glob(pattern))


def prepare(data: Path) -> None:
    """Put the empty files with the schema there: a pattern that matches nothing fails in DuckDB."""
    empty = data / EMPTY_POSTINGS
    if not empty.is_file():
        empty.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist([], schema=SCHEMA), empty)
        # ledgers can hold personal data: a new folder keeps itself out of version control
        (data / ".gitignore").write_text("*\n", encoding="utf-8")
    imports = data / EMPTY_IMPORTS
    if not imports.is_file():
        imports.parent.mkdir(parents=True, exist_ok=True)
        imports.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def import_id(board: str, kind: str, version: str, said: Sequence[str]) -> str:
    """The name of an import: what it is for, and the beginning of a hash over all that decides what it holds.

    said: the SHA-256 of the file and of what was said of how it is read. Two files, or one file read in two ways, never
    share a name.
    """
    digest = hashlib.sha256("\n".join((board, kind, version, *said)).encode()).hexdigest()
    parts = (board, kind, version, digest[:12])
    return "-".join(re.sub(r"[^A-Za-z0-9_.]", "_", part) for part in parts if part)


def records(data: Path, organisation: str | None = None) -> list[ControlTotal]:
    """Every record in the folder, of one organisation or of all, in the order of files and lines.

    Raises RefusedError with every record that cannot be read.
    """
    folder = data / "imports"
    pattern = f"organisation={organisation}/*.csv" if organisation else "organisation=*/*.csv"
    totals: list[ControlTotal] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob(pattern)):
        try:
            totals.extend(read_record(path))
        except NO_RECORD as error:
            findings.append(Finding(path, f"not a record of an import ({_line(error)})", IMPORT_AGAIN))
    if findings:
        raise RefusedError(findings)
    return totals


def read_record(path: Path) -> list[ControlTotal]:
    """One import's record. Raises ValueError or KeyError where it is not of our form."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return [ControlTotal(**{name: NUMBERS.get(name, str)(row[name]) for name in COLUMNS}) for row in rows]


def write_record(data: Path, totals: Sequence[ControlTotal]) -> Path:
    """Write one import's record, in one step; totals: of one import, at least one."""
    path = record_path(data, totals[0].organisation_id, totals[0].import_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".csv.part")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(total) for total in totals)
    aside.replace(path)
    return path


def record_path(data: Path, organisation: str, name: str) -> Path:
    """Where an import's record lies."""
    return data / "imports" / f"organisation={organisation}" / f"{name}.csv"


def postings_path(organisation: str, year: int, name: str) -> str:
    """Where an import's postings of a year lie, from the data folder."""
    return f"postings/organisation={organisation}/year={year}/{name}.parquet"


def keep_received(data: Path, organisation: str, source: Path, digest: str) -> Path:
    """Copy the received file as it is; a file that lies there already is the same, by its SHA-256."""
    kept = data / "received" / f"organisation={organisation}" / digest / source.name
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        aside = kept.with_name(f"{kept.name}.part")
        aside.unlink(missing_ok=True)
        shutil.copyfile(source, aside)
        aside.chmod(0o444)
        aside.replace(kept)
    return kept


def forget_received(data: Path, kept: Path, at: str) -> None:
    """Remove a received file that need not be kept any more, and say so in the history."""
    organisation = kept.parts[-3].partition("=")[2]
    said = {"organisation_id": organisation, "source_file": kept.name, "source_sha256": kept.parent.name}
    kept.unlink()
    kept.parent.rmdir()
    log(data, "forgotten", said, at)


def log(data: Path, action: str, total: ControlTotal | Mapping[str, str], received_at: str) -> None:
    """Add a line to the history of the folder: when, what was done, to which import, from which file."""
    row = asdict(total) if isinstance(total, ControlTotal) else dict(total)
    path = data / LOG
    new = not path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, LOG_COLUMNS, extrasaction="ignore", lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row | {"received_at": received_at, "action": action})


def write_postings(
    connection: duckdb.DuckDBPyConnection, select: str, path: Path, unique: Sequence[str] | None = None
) -> None:
    """Write the rows of a query over canonical columns as one Parquet, sorted by all columns, in one step.

    Sorted by what it is filtered by first, so that a reader skips whole row groups. zstd, one file, the same bytes for
    the same rows. unique: the first columns after the owner, where no two rows are alike in them, so that no other
    decides the order.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".parquet.part")
    columns = ", ".join(f'cast("{field.name}" as {sql_type(field.type)}) as "{field.name}"' for field in SCHEMA)
    order = ", ".join(f'"{name}"' for name in unique or SCHEMA.names)
    connection.execute(
        f"copy (select {columns} from ({select}) order by {order}) to {quoted(str(aside))}"
        " (format parquet, compression zstd)"
    )
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def place(total: ControlTotal) -> tuple[int, str, str, int]:
    """What one line of a record is about: fiscal year, scenario, version and period."""
    return (total.fiscal_year, total.scenario, total.version, total.period)


def drop_periods(data: Path, organisation: str, name: str, dropped: Sequence[ControlTotal]) -> None:
    """Take periods out of an import, from its postings and its record; what is left of it stays as it was."""
    path = record_path(data, organisation, name)
    totals = read_record(path)
    gone = {place(total) for total in dropped if total.import_id == name}
    left = [total for total in totals if place(total) not in gone]
    for file in sorted({total.postings_file for total in totals}):
        places = sorted(place(total) for total in left if total.postings_file == file)
        if not places:
            (data / file).unlink(missing_ok=True)
        elif any(place(total) in gone for total in totals if total.postings_file == file):
            kept = ", ".join(
                f"({year}, {quoted(scenario)}, {quoted(version)}, {p})" for year, scenario, version, p in places
            )
            with duckdb.connect() as connection:
                select = (
                    f"select * from read_parquet({quoted(literal(data / file))}, hive_partitioning = false)"
                    f" where (fiscal_year, scenario, coalesce(version, ''), period) in ({kept})"
                )
                write_postings(connection, select, data / file)
    if left:
        write_record(data, left)
    else:
        path.unlink()


def check_store(data: Path) -> list[Finding]:
    """What is wrong with the imported data, by the Parquet files' footers and the records; no posting is read."""
    findings: list[Finding] = []
    named: dict[str, int] = {}
    holders: dict[tuple[object, ...], ControlTotal] = {}
    giving_way: set[str] = set()
    for path in sorted((data / "imports").glob("organisation=*/*.csv")):
        try:
            for total in read_record(path):
                named[total.postings_file] = named.get(total.postings_file, 0) + total.row_count
                whose = (total.organisation_id, total.board_id, *place(total))
                first = holders.setdefault(whose, total)
                if first.import_id != total.import_id and first.received_at != total.received_at:
                    findings.append(_held_twice(path, first, total))
                    # the older one may be half taken away: the advice is to finish that
                    giving_way.add(min(first, total, key=lambda each: each.received_at).postings_file)
        except NO_RECORD as error:
            findings.append(Finding(path, f"not a record of an import ({_line(error)})", IMPORT_AGAIN))
    found = set()
    for path in sorted((data / "postings").rglob("*.parquet")):
        name = path.relative_to(data).as_posix()
        found.add(name)
        if name not in giving_way:
            findings.extend(_check_parquet(path, named.get(name)))
    findings.extend(
        Finding(data / name, "named by a record of an import, but not there", "import its file again with --replace")
        for name in sorted(set(named) - found - giving_way)
    )
    return findings


def _held_twice(path: Path, first: ControlTotal, second: ControlTotal) -> Finding:
    newer = max(first, second, key=lambda total: total.received_at)
    return Finding(
        path,
        f"{first.fiscal_year} period {first.period} is held by {first.import_id} and {second.import_id}:"
        " an import with --replace was stopped",
        f"import {newer.source_file} again with --replace",
    )


def _check_parquet(path: Path, expected: int | None) -> Iterator[Finding]:
    try:
        parquet = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        yield Finding(path, f"not a Parquet file ({_line(error)})", IMPORT_AGAIN)
        return
    with parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    # whether a column may be null is no part of it: a writer says so where it saw none
    if list(zip(schema.names, schema.types, strict=True)) != list(zip(SCHEMA.names, SCHEMA.types, strict=True)):
        wrong = [
            field.name
            for field in SCHEMA
            if field.name not in schema.names or schema.field(field.name).type != field.type
        ] + [name for name in schema.names if name not in SCHEMA.names]
        where = ", ".join(wrong) or "their order"
        yield Finding(path, f"not the columns of canonical postings ({where})", IMPORT_AGAIN)
    elif expected is None and rows:
        yield Finding(path, f"{rows} postings that no record of an import names", IMPORT_AGAIN)
    elif expected is not None and rows != expected:
        yield Finding(path, f"{rows} postings where its record says {expected}", "import its file again with --replace")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
