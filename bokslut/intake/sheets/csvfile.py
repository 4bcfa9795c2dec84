"""A CSV file to the table of cells, record by record: every refusal has its line. See csvfast.py for large files.

The csv module parses in strict mode; what the cells mean is not known here.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets import csvfast
from bokslut.intake.sheets.delimiters import CANDIDATES, delimiter_of
from bokslut.intake.sheets.encoding import MOST_FINDINGS, Encoding, encoding_of, lines_of
from bokslut.intake.sheets.table import FLAW, TableWriter, cleaned, flaw_of

SAMPLE = 500
# below this the exact reader is quick enough
LARGE = 4 << 20


@dataclass(frozen=True)
class CsvTable:
    """What was read. width: of the widest record. rows: of the table. notes: what is worth telling."""

    encoding: Encoding
    delimiter: str
    width: int
    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CsvForm:
    """How a file is written. sample: its first lines. notes: as of CsvTable."""

    encoding: Encoding
    delimiter: str
    sample: list[str]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One record. line: where it begins, from 1. last_line: where it ends. cells: as written, without the quotes."""

    line: int
    last_line: int
    cells: list[str]
    is_flawed: bool


def load_csv(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    encoding: str | None = None,
    delimiter: str | None = None,
    large: int = LARGE,
) -> CsvTable:
    """Read the file into cells. large: from how many bytes the fast way is tried.

    Raises RefusedError with all that is wrong.
    """
    form = form_of(path, encoding, delimiter)
    found, separator, notes = form.encoding, form.delimiter, list(form.notes)
    if path.stat().st_size >= large:
        size = csvfast.load(path, connection, found, separator, head_of(path, form.sample, separator))
        if size:
            return CsvTable(found, separator, *size, form.notes)
    writer = TableWriter(connection)
    _write(path, writer, found, separator)
    if writer.columns == 1 and delimiter is None:
        notes.append(
            f"no delimiter was found (none of {' '.join(repr(each) for each in CANDIDATES)} divides its lines)"
        )
    return CsvTable(found, separator, writer.columns, writer.rows, tuple(notes))


def form_of(path: Path, encoding: str | None, delimiter: str | None) -> CsvForm:
    """How the file is written, as declared or found. Raises RefusedError."""
    found = encoding_of(path, encoding)
    sample = list(islice(lines_of(path, found), SAMPLE))
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise RefusedError(
            [Finding(path, "is declared with no such delimiter", "declare one character", value=delimiter)]
        )
    notes = [] if found.is_certain else [f"the encoding {found.name} is a guess: the bytes allow another"]
    if not _is_ended(path):
        notes.append("the file does not end with a line end: check that its last row is whole")
    return CsvForm(found, delimiter or delimiter_of(sample), sample, tuple(notes))


def head_of(path: Path, sample: list[str], delimiter: str) -> list[Record] | None:
    """The records before the regular part: from the one after them all in the sample are of one width and one line.

    None if the sample has a flaw or is not regular at its end.
    """
    findings: list[Finding] = []
    every = list(records(path, iter(sample), delimiter, findings))
    if findings or len(every) < 2 or any(record.is_flawed for record in every):
        return None
    width = len(every[-1].cells)
    regular_from = len(every)
    for index in range(len(every) - 1, -1, -1):
        record = every[index]
        previous = every[index - 1].last_line if index else 0
        if len(record.cells) != width or record.last_line != record.line or record.line != previous + 1:
            break
        regular_from = index
    if width < 2 or regular_from >= len(every) - 1:
        return None
    # the first regular record too is read here, so that a byte order mark is out of the way
    head = every[: regular_from + 1]
    return head if head[-1].last_line == head[-1].line else None


def records(path: Path, lines: Iterator[str], delimiter: str, findings: list[Finding]) -> Iterator[Record]:
    """The records of the lines; blank lines are none. What cannot be parsed is added to findings and left out."""
    flawed = False

    def watched() -> Iterator[str]:
        nonlocal flawed
        for line in lines:
            if not line.isascii() or "\0" in line:
                flawed = flawed or FLAW.search(line) is not None
            yield line

    reader = csv.reader(watched(), delimiter=delimiter, strict=True)
    begin = 1
    while len(findings) < MOST_FINDINGS:
        begin, flawed = reader.line_num + 1, False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            findings.append(_unparsed(path, begin, reader.line_num, str(error)))
            continue
        if len(cells) > 1 or (cells and cleaned(cells[0])):
            yield Record(begin, reader.line_num, cells, flawed)


def clean_cells(record: Record) -> list[str | None]:
    """The cells of a record as the table holds them."""
    return [cleaned(cell) for cell in record.cells]


def _write(path: Path, writer: TableWriter, encoding: Encoding, delimiter: str) -> None:
    findings: list[Finding] = []
    last_text = [""]

    def remembered() -> Iterator[str]:
        for line in lines_of(path, encoding):
            last_text[0] = line
            yield line

    previous = width = line = 0
    for record in records(path, remembered(), delimiter, findings):
        if record.is_flawed:
            findings += _flaws(path, record)
        previous, width, line = width, len(record.cells), record.line
        writer.add(line, width, clean_cells(record))
    writer.flush()
    if width < previous and width > 1 and not last_text[0].endswith(("\n", "\r")):
        what = f"is cut off: {width} cells, {previous} in the record before it, and no line end"
        findings.append(Finding(path, what, "get the whole file again", line=line))
    if findings:
        raise RefusedError(findings)


def _is_ended(path: Path) -> bool:
    """The last byte is a line end; of UTF-16 one of the last two."""
    with path.open("rb") as file:
        file.seek(-min(2, path.stat().st_size), os.SEEK_END)
        return file.read().strip(b"\0").endswith((b"\n", b"\r"))


def _flaws(path: Path, record: Record) -> list[Finding]:
    found = [flaw_of(path, record.line, column, cell) for column, cell in enumerate(record.cells)]
    return [finding for finding in found if finding]


def _unparsed(path: Path, begin: int, end: int, error: str) -> Finding:
    if "expected after" in error:
        where = f" (on line {end})" if end > begin else ""
        what = f"has text after a closing quote{where}"
        return Finding(path, what, 'put the whole cell in quotes and write a quote inside it twice: "a ""b"" c"', begin)
    if "end of data" in error or "field limit" in error:
        return Finding(path, "has a quote that is never closed", "close it, or get the whole file again", begin)
    return Finding(path, f"cannot be read as CSV ({error})", "export the file again", begin)
