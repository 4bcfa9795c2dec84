"""A received file becomes the table of cells, as it stands: CSV, Excel or Parquet.

What the cells mean (heads, amounts, periods) is not known here; see profile.py and apply.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.csvfile import load_csv
from bokslut.intake.sheets.excel import OLE, load_sheet
from bokslut.intake.sheets.parquet import load_parquet
from bokslut.intake.sheets.table import BOOLEAN, DATE, ERROR, NUMBER

__all__ = [
    "BOOLEAN",
    "DATE",
    "ERROR",
    "NUMBER",
    "Cells",
    "FileForm",
    "Fingerprint",
    "fingerprint",
    "kind_of",
    "load_cells",
]
KINDS = ("csv", "excel", "parquet")
SUFFIXES = {
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xls": "excel",
    ".xlsb": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".skv": "csv",
}


@dataclass(frozen=True)
class FileForm:
    """What is declared of a file; None lets it be found out.

    kind: csv, excel or parquet. encoding: utf-8, utf-16, cp1252, latin-1, cp437. delimiter: one character. sheet: the
    name of the sheet in an Excel file.
    """

    kind: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Cells:
    """What was read into the table cells(line bigint, width integer, c1 varchar ... cN varchar).

    line: the line of the file (from 1) where the record begins, the row of the sheet, or for Parquet 1 for the column
    names and from 2 the rows; blank lines and rows are left out. width in the table: how many cells the record had;
    the others are NULL. kind: csv, excel or parquet. encoding and delimiter: of a CSV file, else None;
    encoding_is_certain is False where the bytes allow another. sheet: of an Excel file, else None. width: N. rows: of
    the table. sha256: of the received bytes, hexadecimal. notes: what a reader of the import should know, such as
    merged ranges and other sheets. The table may be a view.
    """

    path: Path
    kind: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    width: int
    rows: int
    sha256: str
    encoding_is_certain: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fingerprint:
    """What tells that a file is still the same. size: bytes. modified: nanoseconds. sha256: hexadecimal."""

    size: int
    modified: int
    sha256: str


def load_cells(path: Path, connection: duckdb.DuckDBPyConnection, form: FileForm) -> Cells:
    """Read a file into the table cells of the connection; one of that name is replaced.

    Raises RefusedError with all that is wrong with the file, also when it changed while it was read.
    """
    _refuse_unreadable(path)
    try:
        before = fingerprint(path)
        cells = _loaded(path, connection, form, before.sha256)
        after = path.stat()
    except OSError as error:
        raise RefusedError([_unreadable(path, error)]) from None
    if (after.st_size, after.st_mtime_ns) != (before.size, before.modified):
        raise RefusedError([Finding(path, "was changed while it was read", "import it again when it is at rest")])
    if not cells.rows:
        raise RefusedError([Finding(path, "holds nothing but blank lines", "export it again")])
    return cells


def fingerprint(path: Path) -> Fingerprint:
    """Size, time and SHA-256 of a file, read in blocks. Raises OSError."""
    stat = path.stat()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Fingerprint(stat.st_size, stat.st_mtime_ns, digest.hexdigest())


def kind_of(path: Path) -> str:
    """csv, excel or parquet, by the suffix; of another suffix by the first bytes. Raises OSError."""
    known = SUFFIXES.get(path.suffix.lower())
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", OLE)):
        return "excel"
    return known or "csv"


def _loaded(path: Path, connection: duckdb.DuckDBPyConnection, form: FileForm, sha256: str) -> Cells:
    kind = form.kind or kind_of(path)
    if kind == "excel":
        sheet = load_sheet(path, connection, form.sheet)
        return Cells(path, kind, None, None, sheet.sheet, sheet.width, sheet.rows, sha256, notes=sheet.notes)
    if kind == "parquet":
        width, rows = load_parquet(path, connection)
        return Cells(path, kind, None, None, None, width, rows, sha256)
    if kind != "csv":
        raise RefusedError(
            [Finding(path, "is declared as no such kind of file", f"use {', '.join(KINDS)}", value=form.kind)]
        )
    read = load_csv(path, connection, form.encoding, form.delimiter)
    certain = read.encoding.is_certain
    return Cells(
        path, kind, read.encoding.name, read.delimiter, None, read.width, read.rows, sha256, certain, read.notes
    )


def _refuse_unreadable(path: Path) -> None:
    try:
        if path.is_dir():
            raise RefusedError([Finding(path, "is a folder", "name a file in it")])
        if not path.stat().st_size:
            raise RefusedError([Finding(path, "is empty", "export it again")])
        with path.open("rb"):
            pass
    except OSError as error:
        raise RefusedError([_unreadable(path, error)]) from None


def _unreadable(path: Path, error: OSError) -> Finding:
    if isinstance(error, FileNotFoundError):
        return Finding(path, "does not exist", "check the name of the file")
    if isinstance(error, PermissionError):
        return Finding(path, "may not be read by this user", "ask for the right to read it")
    return Finding(path, f"cannot be read ({error.strerror or error})", "check the file and its disk")
