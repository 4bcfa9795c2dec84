"""Read CSV text as RFC 4180 has it, record by record with the line where each begins, and tell what breaks that form.

Comma, double quote, doubled quote inside quotes, one kind of line end. Python's csv module gives no line of a record's
beginning, lets quotes stand inside plain cells and stops at 131 072 characters. What cells mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

CELL = re.compile(r'(?:"([^"]*+(?:""[^"]*+)*+)"|([^",\r\n]*+))(,|\r?\n|\Z)')
QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


class Record(NamedTuple):
    """One record. line: where it begins, from 1. cells: their texts without quotes; a quoted empty cell is empty."""

    line: int
    cells: list[str]


class Broken(NamedTuple):
    """Where the form breaks. line: where the record begins. column: from 0, None for the whole record."""

    line: int
    column: int | None
    value: str | None
    what: str
    do: str


def read_records(text: str) -> Iterator[Record | Broken]:
    """Each record of a text, in order; a broken one is told and left out, and reading goes on at the next line."""
    position, line, ends, mixed = 0, 1, "", False
    while position < len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        plain = text[position:stop]
        item: Record | Broken
        returns = plain.endswith("\r") and stop < len(text)
        if '"' in plain or "\r" in plain[: -1 if returns else None]:
            item, end, after = _record(text, position, line)
        else:
            end = "" if stop == len(text) else "\r\n" if returns else "\n"
            item, after = Record(line, plain.removesuffix("\r").split(",")), stop + 1
        yield item
        ends = ends or end
        if end and end != ends and not mixed:
            mixed = True
            do = "save the file with one kind of line end"
            yield Broken(line, None, None, f"ends with {NAMES[end]}, the lines above with {NAMES[ends]}", do)
        line += text.count("\n", position, after)
        position = after


def _record(text: str, position: int, line: int) -> tuple[Record | Broken, str, int]:
    """The record at a position that has quotes or a carriage return: it, its line end, where the next one begins."""
    cells: list[str] = []
    while True:
        found = CELL.match(text, position)
        if found is None:
            broken, position = _broken(text, position, line, len(cells))
            return broken, "", position
        quoted, plain, mark = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position = found.end()
        if mark != ",":
            return Record(line, cells), mark, position


def _broken(text: str, position: int, line: int, column: int) -> tuple[Broken, int]:
    """Why no cell can be read at a position, and where to read on: at the next line, or nowhere."""
    if text[position] != '"':
        value = re.compile(r"[^,\n]*").match(text, position)
        shown = value[0] if value else ""
        if '"' in shown.rstrip("\r"):
            what, do = "has a quote mark inside a cell without quotes", "put the cell in quotes and double the mark"
        else:
            what, do = "has a carriage return that ends no line", "end lines with LF, or with CRLF"
        return Broken(line, column, shown, what, do), _next_line(text, position)
    quoted = QUOTED.match(text, position)
    if quoted is None:
        shown = text[position : _next_line(text, position)].rstrip("\r\n")
        return Broken(line, column, shown, "opens a quote that is never closed", "close it, or double it"), len(text)
    shown = text[position : _next_line(text, quoted.end())].rstrip("\r\n")
    below = quoted[0].count("\n")
    what = "has text after its closing quote" + (f", {below} lines below" if below else "")
    do = "is a quote left open?" if below else "double the quote marks inside the cell"
    return Broken(line, column, shown, what, do), _next_line(text, quoted.end())


def _next_line(text: str, position: int) -> int:
    stop = text.find("\n", position)
    return len(text) if stop < 0 else stop + 1
