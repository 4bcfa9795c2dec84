"""A large regular CSV file to the table of cells by DuckDB's reader, with the same cells as csvfile.py or none at all.

The bytes are looked through first. What is not plain (mixed line ends, odd quotes, decomposed or suspect letters) or
does not give one row a line is left to the exact reader; nothing is refused here.
"""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from bokslut.intake.plain_path import plain_path
from bokslut.intake.sheets.encoding import ASCII, BLOCK, Encoding
from bokslut.intake.sheets.table import cleaned, cleaning, drop_cells

if TYPE_CHECKING:
    from bokslut.intake.sheets.csvfile import Record

# the exact reader's longest cell; a longer line is left to it
LONGEST = 131_072
# UTF-8 of what is composed already and no sign of mojibake: U+00A0 to U+02FF but Â, Ã and â, dashes and quotes, €, −
PLAIN = re.compile(
    rb"(?:\xc2[\xa0-\xbf]|\xc3[\x80\x81\x84-\xa1\xa3-\xae\xb0-\xbf]|[\xc4-\xcb][\x80-\xbf]|\xe2\x80[\x82-\xbf]|\xe2\x82\xac"
    rb"|\xe2\x88\x92)*"
)


@dataclass
class Seen:
    """What the bytes hold. newlines, returns, pairs: LF, CR and CR LF. quotes: all; edges: beside a cell's edge.

    delimiters: all, in quoted cells too.
    """

    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    quotes: int = 0
    edges: int = 0
    delimiters: int = 0
    is_ended: bool = True


def load(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    encoding: Encoding,
    delimiter: str,
    head: Sequence[Record] | None,
) -> tuple[int, int] | None:
    """Read into cells (a view on the rows and their numbers). (width, rows), or None if the exact reader must do it.

    head: the records before the regular part and its first one.
    """
    if not head or not delimiter.isascii():
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, copy = path, None
        if encoding.name != "utf-8":
            source = copy = Path(folder) / "utf8.csv"
        blocks = _copied(path, encoding, copy) if copy else _blocks(path)
        try:
            seen = _seen(blocks, delimiter)
        except UnicodeDecodeError:
            return None
        if seen is None or not is_regular(seen):
            return None
        with plain_path(source) as plain:
            return _read(plain, connection, delimiter, head, seen)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _copied(path: Path, encoding: Encoding, copy: Path) -> Iterator[bytes]:
    """The file as UTF-8, written to the copy on the way."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    with copy.open("wb") as target:
        for block in (*_blocks(path), b""):
            utf8 = decoder.decode(block, final=not block).encode()
            target.write(utf8)
            yield utf8


def _seen(blocks: Iterator[bytes], delimiter: str) -> Seen | None:
    """Look through the bytes, whole lines at a time; None as soon as something is not plain."""
    seen = Seen()
    mark = delimiter.encode()
    edges = edges_of(delimiter)
    rest = b""
    is_first = True
    for block in blocks:
        whole, newline, tail = (block.removeprefix(codecs.BOM_UTF8) if is_first else block).rpartition(b"\n")
        is_first = False
        if newline:
            if not look(rest + whole + newline, seen, mark, edges):
                return None
            rest = b""
        rest += tail
        if len(rest) > LONGEST:
            return None
    if not look(rest, seen, mark, edges):
        return None
    seen.edges += rest.endswith(b'"')
    seen.is_ended = not rest
    return seen


def edges_of(delimiter: str) -> tuple[bytes, ...]:
    """What stands where a quote is beside a cell's edge, but for the first byte and the last."""
    mark = delimiter.encode()
    return (mark + b'"', b'"' + mark, b'\n"', b'"\r\n', b'"\n')


def look(lines: bytes, seen: Seen, mark: bytes, edges: Sequence[bytes]) -> bool:
    """Count what stands in some lines; False if they hold a byte that is not plain."""
    if b"\0" in lines or not PLAIN.fullmatch(lines.translate(None, ASCII)):
        return False
    seen.newlines += lines.count(b"\n")
    seen.delimiters += lines.count(mark)
    if b"\r" in lines:
        seen.returns += lines.count(b"\r")
        seen.pairs += lines.count(b"\r\n")
    if b'"' in lines:
        seen.quotes += lines.count(b'"')
        seen.edges += lines.startswith(b'"') + sum(lines.count(edge) for edge in edges)
    return True


def is_regular(seen: Seen) -> bool:
    """Lines end alike, and each quote stands at the edge of a cell."""
    return seen.returns in (0, seen.newlines) and seen.pairs == seen.returns and seen.quotes == seen.edges


def _read(
    source: Path,
    connection: duckdb.DuckDBPyConnection,
    delimiter: str,
    head: Sequence[Record],
    seen: Seen,
) -> tuple[int, int] | None:
    width, skipped = len(head[-1].cells), head[-1].line
    # DuckDB skips records, and a quoted line break is inside one
    passed = skipped - sum(record.last_line - record.line for record in head)
    widest = max(len(record.cells) for record in head)
    drop_cells(connection)
    columns = {f"c{number}": "VARCHAR" for number in range(1, width + 1)}
    cells = ", ".join(f"{cleaning(name, is_composed=True)} as {name}" for name in columns)
    try:
        connection.execute(
            f"create table cells_body as select {cells} from read_csv($source, auto_detect = false, header = false,"
            f" columns = {columns}, delim = $delimiter, quote = '\"', escape = '\"', nullstr = '', skip = {passed},"
            # new_line is not said: DuckDB 2.0 then finds no row in a file of CR LF
            " strict_mode = true, null_padding = false, ignore_errors = false, comment = '',"
            f" max_line_size = {LONGEST})",
            {"source": str(source), "delimiter": delimiter},
        )
    except duckdb.Error:
        return None
    rows, quoted = _counted(connection, delimiter, tuple(columns) if seen.quotes else ())
    lines = seen.newlines + (0 if seen.is_ended else 1)
    # strict mode forgives a cell too many that is empty, and its row may be shifted
    delimiters = sum(len(record.cells) - 1 + "".join(record.cells).count(delimiter) for record in head)
    delimiters += rows * (width - 1) + quoted
    if rows + skipped != lines or delimiters != seen.delimiters:
        drop_cells(connection)
        return None
    _write_head(connection, head, widest)
    padding = "".join(f", null::varchar as c{number}" for number in range(width + 1, widest + 1))
    connection.execute(
        f"create view cells as select * from cells_head union all"
        f" select rowid + {skipped + 1}, {width}, {', '.join(columns)}{padding} from cells_body"
    )
    return widest, rows + len(head)


def _counted(connection: duckdb.DuckDBPyConnection, delimiter: str, columns: Sequence[str]) -> tuple[int, int]:
    """How many rows cells_body has, and how many delimiters stand in its cells of these columns."""
    within = [f"coalesce(len({name}) - len(replace({name}, $delimiter, '')), 0)" for name in columns]
    [(rows, quoted)] = connection.execute(
        f"select count(*), coalesce(sum({' + '.join([*within, '0 * len($delimiter)'])}), 0) from cells_body",
        {"delimiter": delimiter},
    ).fetchall()
    return int(rows), int(quoted)


def _write_head(connection: duckdb.DuckDBPyConnection, head: Sequence[Record], widest: int) -> None:
    rows = [[*map(cleaned, record.cells), *[None] * (widest - len(record.cells))] for record in head]
    columns: dict[str, pa.Array] = {
        "line": pa.array([record.line for record in head], pa.int64()),
        "width": pa.array([len(record.cells) for record in head], pa.int32()),
    }
    columns |= {
        f"c{number}": pa.array([row[number - 1] for row in rows], pa.string()) for number in range(1, widest + 1)
    }
    connection.register("cells_block", pa.table(columns))
    connection.execute("create table cells_head as select * from cells_block")
    connection.unregister("cells_block")
