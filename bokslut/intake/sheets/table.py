"""The table of cells: the marks of native values, how a cell's text is cleaned, and the writer of rows.

No file is read here, and what a cell means is not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import duckdb
import pyarrow as pa

from bokslut.intake.findings import Finding
from bokslut.intake.sheets.letters import column_letter

# one private-use character in front of a cell tells that the file holds a value and not a text
NUMBER = "\ue000"
DATE = "\ue001"
BOOLEAN = "\ue002"
ERROR = "\ue003"
# what is no part of a cell's text at its edges: all Unicode white space, zero width space and byte order mark
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
)
BLANK_CLASS = "[" + "".join(f"\\x{{{ord(blank):x}}}" for blank in BLANKS) + "]"
# two characters where there was one: UTF-8 read as cp1252 or latin-1 (Ã¤, â‚¬), or as cp437 (├ñ); \ufffd: lost before
MOJIBAKE = "\ufffd|ï»¿|Ã[¤¥¶„…–©¼\u0084\u0085\u0096\u00a0-\u00bf]|Â[\u00a0§°´½²]|â‚¬|â€[“”™œ¦\u0093\u0094]|├[ñÑÂäûàÖ®]"
CONTROL = "[\\x00\u0080-\u0084\u0086-\u009f]"
MARKS = "[\ue000-\ue003]"
FLAWS = f"{CONTROL}|{MARKS}|{MOJIBAKE}"
FLAW = re.compile(FLAWS)
BATCH = 20_000


def cleaned(text: str) -> str | None:
    """A cell's text without white space at its edges, composed (NFC); None where nothing is left."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.strip(BLANKS) or None


def cleaning(column: str, is_composed: bool = False) -> str:
    """The SQL that does what `cleaned` does to a column; is_composed: its text is known to be in NFC."""
    text = column if is_composed else f"nfc_normalize({column})"
    blanks = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)
    edge = f"^{BLANK_CLASS}|{BLANK_CLASS}$"
    return f"nullif(case when regexp_matches({column}, '{edge}') then trim({text}, {blanks}) else {text} end, '')"


def flaw_of(path: Path, line: int, column: int, text: str) -> Finding | None:
    """What no text of a cell may hold: NUL, control characters, marks, mojibake; None if it holds none of them."""
    found = FLAW.search(text)
    if not found:
        return None
    sign = found[0]
    if sign == "\0":
        what, do = "holds a NUL byte", "export the file again; it is damaged or no text file"
    elif re.fullmatch(MARKS, sign):
        what, do = "holds a private-use character (U+E000 to U+E003)", "take the character away"
    elif re.fullmatch(CONTROL, sign):
        what, do = "holds a control character; the encoding is another", "declare the encoding, such as cp1252 or cp437"
    elif sign == "\ufffd":
        what, do = "has lost a letter to an encoding (U+FFFD)", "export the file again as UTF-8"
    else:
        what, do = "is UTF-8 read as another encoding (mojibake)", "export the file again as UTF-8, or declare utf-8"
    return Finding(path, what, do, line=line, column=column_letter(column + 1), value=text)


class TableWriter:
    """Writes rows into a new table cells(line, width, c1 ... cN), in blocks; N grows with the widest row."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        drop_cells(connection)
        connection.execute("create table cells (line bigint, width integer)")
        self._connection = connection
        self._lines: list[int] = []
        self._widths: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self.columns = 0
        self.rows = 0

    def add(self, line: int, width: int, cells: Sequence[str | None]) -> None:
        """One row. line: from 1. width: how many cells the record has. cells: cleaned."""
        self._lines.append(line)
        self._widths.append(width)
        self._rows.append(cells)
        if len(self._rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is held back; to be called at the end."""
        if not self._rows:
            return
        widest = max(len(row) for row in self._rows)
        for number in range(self.columns + 1, widest + 1):
            self._connection.execute(f"alter table cells add column c{number} varchar")
        self.columns = max(self.columns, widest)
        columns = [pa.array(column, pa.string()) for column in zip_longest(*self._rows)]
        columns += [pa.nulls(len(self._rows), pa.string())] * (self.columns - len(columns))
        names = ["line", "width", *(f"c{number}" for number in range(1, self.columns + 1))]
        block = pa.table([pa.array(self._lines, pa.int64()), pa.array(self._widths, pa.int32()), *columns], names)
        self._connection.register("cells_block", block)
        self._connection.execute("insert into cells select * from cells_block")
        self._connection.unregister("cells_block")
        self.rows += len(self._rows)
        self._lines, self._widths, self._rows = [], [], []


def drop_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away what an earlier file left."""
    kinds = connection.execute(
        "select table_name, table_type from information_schema.tables"
        " where table_name in ('cells', 'cells_body', 'cells_head')"
    ).fetchall()
    # the view before the tables that it reads
    for name, kind in sorted(kinds):
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")
