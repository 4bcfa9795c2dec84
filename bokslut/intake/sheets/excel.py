"""A sheet of an Excel file (.xlsx, .xlsm) to the table of cells: the stored values, never the formulas.

python-calamine reads the values; it leaves errors (#REF!) and formulas that were never calculated empty, so those are
found in the sheet's own XML by excel_xml.py and kept as what they are.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import duckdb
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.excel_xml import SheetMarks, marks_of
from bokslut.intake.sheets.letters import column_letter
from bokslut.intake.sheets.table import BOOLEAN, DATE, ERROR, FLAW, NUMBER, TableWriter, cleaned, flaw_of

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MOST_RANGES = 20
# different texts that are remembered
MOST_TEXTS = 50_000
Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


@dataclass(frozen=True)
class SheetTable:
    """What was read. sheet: its name. width, rows: of the table. notes: other sheets, merged ranges."""

    sheet: str
    width: int
    rows: int
    notes: tuple[str, ...]


def load_sheet(path: Path, connection: duckdb.DuckDBPyConnection, name: str | None) -> SheetTable:
    """Read a sheet into cells: the named one, or the first visible one that holds anything. It is held in memory.

    Raises RefusedError for what is no such file, is locked by a password, has no such sheet or holds nothing.
    """
    try:
        _refuse_others(path)
        with CalamineWorkbook.from_path(path) as book:
            sheet, notes = _chosen(path, book, name)
            with zipfile.ZipFile(path) as archive:
                marks = marks_of(archive, sheet.name)
            table = _write(path, sheet, marks, TableWriter(connection))
            return SheetTable(sheet.name, table.columns, table.rows, (*notes, *_merged(sheet)))
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        expat.ExpatError,
        KeyError,
        EOFError,
        NotImplementedError,
    ) as error:
        what = f"cannot be read as Excel ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        raise RefusedError([Finding(path, what, "open it in Excel and save it as .xlsx")]) from None


def plain_number(value: float) -> str:
    """A number in plain decimal notation by 15 significant digits, as Excel keeps it: 1234.5, 1000000, 0.1."""
    short = f"{value:.15g}"
    if "e" not in short and "n" not in short:
        # plain already, and with no zero at its end
        return "0" if short == "-0" else short
    text = format(Decimal(short), "f") if value == value and abs(value) != float("inf") else str(value)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def rendered(value: Value) -> str | None:
    """A cell's value as the table holds it: native values with their mark, text cleaned, None for nothing.

    Of a date with a time of day the date is kept; a time or a duration alone is text.
    """
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, bool):
        return f"{BOOLEAN}{str(value).lower()}"
    if isinstance(value, int | float):
        return NUMBER + plain_number(value)
    if isinstance(value, datetime.datetime):
        return DATE + value.date().isoformat()
    if isinstance(value, datetime.date):
        return DATE + value.isoformat()
    return str(value)


def _refuse_others(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    do = "open it in Excel and save it as .xlsx"
    if head.startswith(OLE):
        what = "is locked by a password, or is an old .xls file"
        raise RefusedError([Finding(path, what, f"take the password away, or {do}")])
    if head.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"\xef\xbb\xbf<")):
        raise RefusedError([Finding(path, "is a saved web page or XML, not an Excel file", do)])
    if not zipfile.is_zipfile(path):
        raise RefusedError([Finding(path, "is not an Excel file (no zip archive), or is cut off", do)])
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise RefusedError([Finding(path, "is a zip archive but no .xlsx", do)])


def _chosen(path: Path, book: CalamineWorkbook, name: str | None) -> tuple[CalamineSheet, list[str]]:
    sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    names = ", ".join(each.name for each in sheets)
    if name is not None:
        if name not in [each.name for each in sheets]:
            raise RefusedError([Finding(path, "has no sheet of this name", f"use one of: {names}", value=name)])
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            raise RefusedError([Finding(path, "is an empty sheet", f"use one of: {names}", value=name)])
        return sheet, []
    visible = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    for each in visible:
        sheet = book.get_sheet_by_name(each)
        if sheet.start is not None:
            hidden = [other.name for other in sheets if other.name not in visible]
            others = [other for other in visible if other != each]
            notes = [f"other sheets: {', '.join(others)}"] if others else []
            return sheet, notes + ([f"hidden sheets: {', '.join(hidden)}"] if hidden else [])
    raise RefusedError([Finding(path, "has no visible sheet that holds anything", f"name the sheet; it has: {names}")])


def _by_row(marks: SheetMarks) -> dict[int, list[int]]:
    """The columns, by row, of the cells that are not rendered as the reader gives them."""
    rows: dict[int, list[int]] = {}
    for row, column in (*marks.padded, *marks.late):
        rows.setdefault(row, []).append(column)
    return rows


def _as_shown(value: Value, digits: int | None) -> str | None:
    """A whole number with the zeros that its format shows (451 as 0451), or a moment that was rounded to midnight."""
    if digits is None:
        is_midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
        return rendered(value - datetime.timedelta(days=1) if is_midnight else value)  # type: ignore[operator]
    if isinstance(value, float) and value >= 0 and value.is_integer():
        return NUMBER + plain_number(value).zfill(digits)
    return rendered(value)


def _merged(sheet: CalamineSheet) -> list[str]:
    ranges = sheet.merged_cell_ranges or []
    shown = [
        f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}"
        for (top, left), (bottom, right) in ranges
    ]
    more = f" and {len(shown) - MOST_RANGES} more" if len(shown) > MOST_RANGES else ""
    return [f"merged cells (the value stands in the first): {', '.join(shown[:MOST_RANGES])}{more}"] if shown else []


class _Texts(dict[str, str | None]):
    """Each text as the table holds it, cleaned once. flawed: those with what no text may hold."""

    def __init__(self) -> None:
        self.flawed: set[str] = set()

    def __missing__(self, text: str) -> str | None:
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[text] = clean = cleaned(text)
        if not text.isascii() and FLAW.search(text):
            self.flawed.add(text)
        return clean


def _write(path: Path, sheet: CalamineSheet, marks: SheetMarks, writer: TableWriter) -> TableWriter:
    findings: list[Finding] = []
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    width = max([end[1], *(column for _, column in marks.flawed)]) + 1
    before: Sequence[str | None] = [None] * start[1]
    after: Sequence[str | None] = [None] * (width - end[1] - 1)
    errors: dict[int, dict[int, str]] = {}
    for (row, column), text in marks.flawed.items():
        errors.setdefault(row, {})[column] = text
    shown = _by_row(marks)
    line, texts = 0, _Texts()
    for line, values in enumerate(sheet.iter_rows(), start=1):
        cells = [*before, *[texts[each] if isinstance(each, str) else rendered(each) for each in values], *after]
        for column in shown.get(line - 1, ()):
            if start[1] <= column <= end[1]:
                width_shown = marks.padded.get((line - 1, column))
                cells[column] = _as_shown(values[column - start[1]], width_shown)
        for column, text in errors.pop(line - 1, {}).items():
            cells[column] = ERROR + text
        for column, value in enumerate(values if texts.flawed else (), start=start[1]):
            if isinstance(value, str) and value in texts.flawed:
                finding = flaw_of(path, line, column, value)
                findings += [finding] if finding else []
        if any(cell is not None for cell in cells):
            writer.add(line, width, cells)
    for row in sorted(errors):
        writer.add(
            row + 1, width, [ERROR + errors[row][column] if column in errors[row] else None for column in range(width)]
        )
    writer.flush()
    if findings:
        raise RefusedError(findings)
    return writer
