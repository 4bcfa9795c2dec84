"""A large regular CSV file as blocks of columns by pyarrow's parser, with the same cells as csvfile.py or none at all.

Nothing is kept of a block. What is not plain raises IrregularError, and the exact reader must do it; nothing is refused
here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from bokslut.intake.sheets import csvfast
from bokslut.intake.sheets.encoding import Encoding

BLOCK = 1 << 18
# so many rows for each different text, in the first block, and a column is worth numbering its texts
REPEATED = 4
# different texts of a column that are numbered at most: they are held in memory
MOST_TEXTS = 50_000
# and bytes of the texts of all columns
MOST_BYTES = 16 << 20


class IrregularError(Exception):
    """The file holds what only the exact reader reads right."""


class TooManyTextsError(Exception):
    """A column has more texts than are numbered. place: its number from 1."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


@dataclass
class Texts:
    """The different texts of a column, in the order of their first rows, as they stand in the file."""

    values: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))

    def numbers(self, column: pa.DictionaryArray) -> pa.Array:
        """Each row's text by its number from 1, null for an empty cell; new texts are added."""
        places = pc.index_in(column.dictionary, self.values)
        if places.null_count:
            new = column.dictionary.filter(pc.is_null(places))
            self.values = pa.concat_arrays([self.values, new])
            places = pc.index_in(column.dictionary, self.values)
        return pc.add(places, pa.scalar(1, pa.int32())).take(column.indices)


@dataclass
class Stream:
    """A file to be read once, line by line from the one after begin. width: cells of each of its records.

    numbered: the columns, from 1, that are given as numbers of their texts. rows: how many were given.
    """

    path: Path
    encoding: Encoding
    delimiter: str
    begin: int
    width: int
    plain: frozenset[int] = frozenset()
    numbered: dict[int, Texts] = field(default_factory=dict)
    rows: int = 0

    def __iter__(self) -> Iterator[list[pa.Array]]:
        """The columns of each block; a numbered one as int32, the others as text, null for an empty cell.

        plain: columns that are never numbered. Raises IrregularError and TooManyTextsError.
        """
        seen, quoted = csvfast.Seen(), 0
        edges = csvfast.edges_of(self.delimiter)
        for lines in self._blocks():
            before = seen.newlines
            if not csvfast.look(lines, seen, self.delimiter.encode(), edges):
                raise IrregularError
            is_ended = lines.endswith(b"\n")
            seen.edges += not is_ended and lines.endswith(b'"')
            if not csvfast.is_regular(seen):
                raise IrregularError
            columns = self._parsed(lines, seen.newlines - before + (not is_ended))
            if seen.quotes:
                inside = sum(pc.sum(pc.count_substring(each, self.delimiter)).as_py() or 0 for each in columns)
                if inside and not _is_well_quoted(lines, self.delimiter):
                    raise IrregularError
                quoted += inside
            self.rows += len(columns[0])
            if seen.delimiters != self.rows * (self.width - 1) + quoted:
                raise IrregularError
            yield self._numbers(columns)

    def _blocks(self) -> Iterator[bytes]:
        """Whole lines as UTF-8, those of the head passed over."""
        decoder = codecs.getincrementaldecoder(self.encoding.codec)()
        is_utf8, left, rest = self.encoding.name == "utf-8", self.begin, b""
        is_first = True
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                if not is_utf8:
                    try:
                        block = decoder.decode(block).encode()
                    except UnicodeDecodeError:
                        raise IrregularError from None
                elif is_first:
                    block = block.removeprefix(codecs.BOM_UTF8)
                is_first = False
                whole, newline, tail = block.rpartition(b"\n")
                if newline:
                    lines, rest = rest + whole + newline, tail
                    at = 0
                    while left and (at := lines.find(b"\n", at) + 1):
                        left -= 1
                    # a return alone ends a line too for the exact reader, which has counted those of the head
                    if left or lines.count(b"\r", 0, at) != lines.count(b"\r\n", 0, at):
                        raise IrregularError
                    _refuse_long(lines)
                    if lines[at:]:
                        yield lines[at:]
                else:
                    rest += tail
                if len(rest) > csvfast.LONGEST:
                    raise IrregularError
        if not is_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                raise IrregularError from None
        if left:
            raise IrregularError
        if rest:
            yield rest

    def _parsed(self, lines: bytes, count: int) -> list[pa.Array]:
        names = [f"c{number}" for number in range(1, self.width + 1)]
        try:
            table = csv.read_csv(
                pa.BufferReader(lines),
                csv.ReadOptions(column_names=names, block_size=max(len(lines), 1) + 1, use_threads=False),
                csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=False, ignore_empty_lines=False),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
                ),
            )
        except pa.ArrowException:
            raise IrregularError from None
        if table.num_rows != count:
            raise IrregularError
        return [pa.concat_arrays(column.chunks) for column in table.columns]

    def _numbers(self, columns: Sequence[pa.Array]) -> list[pa.Array]:
        found = []
        is_first = self.rows == len(columns[0])
        for place, column in enumerate(columns, start=1):
            if place in self.plain or not (is_first or place in self.numbered):
                found.append(column)
                continue
            coded = column.dictionary_encode()
            if is_first and len(coded.dictionary) * REPEATED <= len(column):
                self.numbered[place] = Texts()
            texts = self.numbered.get(place)
            found.append(texts.numbers(coded) if texts else column)
            if texts and len(texts.values) > MOST_TEXTS:
                raise TooManyTextsError(place)
        sizes = {place: texts.values.nbytes for place, texts in self.numbered.items()}
        if sum(sizes.values()) > MOST_BYTES:
            raise TooManyTextsError(max(sizes, key=lambda place: sizes[place]))
        return found


def _is_well_quoted(lines: bytes, delimiter: str) -> bool:
    """Whether each quoted cell ends where its quote is closed; the parser reads on to the next delimiter."""
    mark = delimiter.encode()
    rest = re.sub(rb'(?:^|(?<=[\n%b]))"[^"\n]*"(?=[\r\n%b]|\Z)' % ((re.escape(mark),) * 2), b"", lines)
    return not rest.startswith(b'"') and mark + b'"' not in rest and b'\n"' not in rest


def _refuse_long(lines: bytes) -> None:
    """A line that may hold a longer cell than the exact reader takes is left to it."""
    at = 0
    while len(lines) - at > csvfast.LONGEST:
        at = lines.rfind(b"\n", at, at + csvfast.LONGEST) + 1
        if not at:
            raise IrregularError
