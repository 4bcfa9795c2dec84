"""A received file becomes the table of cells, as it stands: CSV, Excel or Parquet.

What the cells mean (heads, amounts, periods) is not known here; see profile.py and apply.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

# one private-use character in front of a cell tells that the file holds a value and not a text
NUMBER = "\ue000"
DATE = "\ue001"
BOOLEAN = "\ue002"
ERROR = "\ue003"


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
    names and from 2 the rows. width: how many cells the record had; the others are NULL. kind: csv, excel or parquet.
    encoding and delimiter: of a CSV file, else None; encoding_is_certain is False where the bytes allow another.
    sheet: of an Excel file, else None. width: N. rows: of the table. sha256: of the received bytes, hexadecimal.
    notes: what a reader of the import should know, such as merged ranges and other sheets.
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
    """Read a file into the table cells of the connection; a table of that name is replaced.

    Raises RefusedError with all that is wrong with the file.
    """
    raise NotImplementedError


def fingerprint(path: Path) -> Fingerprint:
    """Size, time and SHA-256 of a file, read in blocks. Raises OSError."""
    raise NotImplementedError
