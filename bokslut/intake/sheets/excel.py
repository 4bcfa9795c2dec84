"""A sheet of an Excel file (.xlsx, .xlsm) to the table of cells: the stored values, never the formulas.

python-calamine reads the values; it leaves errors (#REF!) and formulas that were never calculated empty, so those are
found in the sheet's own XML (ECMA-376 part 1, 18.3.1.4) and kept as what they are.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import duckdb
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.letters import column_letter, column_number
from bokslut.intake.sheets.table import BOOLEAN, DATE, ERROR, NUMBER, TableWriter, cleaned, flaw_of

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
NOT_CALCULATED = "formula never calculated"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
MOST_RANGES = 20
# a cell with an error, or a formula with no value behind it; <c/> has neither
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
REFERENCE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
TYPE = re.compile(rb'\bt="(\w+)"')
SUSPECT = re.compile(
    rb't="e"|</(?:\w+:)?f></(?:\w+:)?c>|<(?:\w+:)?f\b[^>]*/></(?:\w+:)?c>|<(?:\w+:)?v></|<(?:\w+:)?v/>'
)
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
            flawed = _flawed(path, sheet.name)
            table = _write(path, sheet, flawed, TableWriter(connection))
            return SheetTable(sheet.name, table.columns, table.rows, (*notes, *_merged(sheet)))
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,
        EOFError,
        NotImplementedError,
    ) as error:
        what = f"cannot be read as Excel ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        raise RefusedError([Finding(path, what, "open it in Excel and save it as .xlsx")]) from None


def plain_number(value: float) -> str:
    """A number in plain decimal notation by 15 significant digits, as Excel keeps it: 1234.5, 1000000, 0.1."""
    text = format(Decimal(f"{value:.15g}"), "f") if value == value and abs(value) != float("inf") else str(value)
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


def _merged(sheet: CalamineSheet) -> list[str]:
    ranges = sheet.merged_cell_ranges or []
    shown = [
        f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}"
        for (top, left), (bottom, right) in ranges
    ]
    more = f" and {len(shown) - MOST_RANGES} more" if len(shown) > MOST_RANGES else ""
    return [f"merged cells (the value stands in the first): {', '.join(shown[:MOST_RANGES])}{more}"] if shown else []


def _write(path: Path, sheet: CalamineSheet, flawed: dict[tuple[int, int], str], writer: TableWriter) -> TableWriter:
    findings: list[Finding] = []
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    width = max([end[1], *(column for _, column in flawed)]) + 1
    before: Sequence[str | None] = [None] * start[1]
    after: Sequence[str | None] = [None] * (width - end[1] - 1)
    errors: dict[int, dict[int, str]] = {}
    for (row, column), text in flawed.items():
        errors.setdefault(row, {})[column] = text
    line = 0
    for line, values in enumerate(sheet.iter_rows(), start=1):
        cells = [*before, *map(rendered, values), *after]
        for column, text in errors.pop(line - 1, {}).items():
            cells[column] = ERROR + text
        for column, value in enumerate(values, start=start[1]):
            if isinstance(value, str) and not value.isascii():
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


def _flawed(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """(row, column), both from 0, of each cell with an error or with a formula that has no stored value."""
    with zipfile.ZipFile(path) as archive, archive.open(_part(archive, sheet)) as xml:
        return _flawed_in(xml)


def _flawed_in(xml: IO[bytes]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rest = b""
    while block := xml.read(1 << 20):
        whole, mark, tail = (rest + block).rpartition(b"</c>")
        rest = tail
        if mark and SUSPECT.search(whole + mark):
            for cell in CELL.finditer(whole + mark):
                _add_flaw(found, cell[1], cell[2])
    for cell in CELL.finditer(rest):
        _add_flaw(found, cell[1], cell[2])
    return found


def _add_flaw(found: dict[tuple[int, int], str], attributes: bytes, body: bytes) -> None:
    reference, kind, value = REFERENCE.search(attributes), TYPE.search(attributes), VALUE.search(body)
    if not reference:
        return
    place = int(reference[2]) - 1, column_number(reference[1].decode()) - 1
    if kind and kind[1] == b"e":
        found[place] = value[1].decode() if value else "error"
    elif FORMULA.search(body) and not (value and value[1]) and not (kind and kind[1] == b"str"):
        found[place] = NOT_CALCULATED


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the sheet's part in the archive, by the workbook's relations."""
    # the parser of the standard library expands no external entity, and expat limits the others
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    identity = next(
        relation
        for element in book.iter()
        if element.tag.endswith("}sheet") and element.get("name") == sheet
        for key, relation in element.items()
        if key == RELATION or key.endswith("}id")
    )
    target = next(element.get("Target", "") for element in relations if element.get("Id") == identity)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
