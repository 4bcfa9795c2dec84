"""The bindings of a rendered file: a row for each numeral that it prints, in the order in which it stands there.

What stands in the tree is known; the file is read back as `bokslut prove` will read it, so that a number that a writer
lost or changed is found here, and a numeral that a rule of the warehouse exempts anyhow gets no row of its own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bokslut.proof.align import Expected, Kind, align
from bokslut.proof.bindings import COLUMNS
from bokslut.proof.exemptions import Rule, exempt_atoms, find_exemptions
from bokslut.proof.formatting import MINUS, NO_BREAK_SPACE, parse_printed
from bokslut.proof.numerals import find_atoms, grouped, shown
from bokslut.proof.reader import Document
from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Code,
    Delta,
    Details,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    Listing,
    Number,
    Page,
    Paragraph,
    Report,
    Row,
    Strong,
    Table,
    Text,
    plain,
)
from bokslut.report.errors import SidecarError

PLACE = 100  # characters of a place
OF_TITLE = "part of a title or name"


@dataclass(frozen=True)
class Piece:
    """A number of the tree, or a text that may hold numerals, where it stands: section (page) and place."""

    inline: Number | Text
    section: str
    place: str


@dataclass(frozen=True)
class Entry:
    """A numeral that the file should print: with a figure, or with a reason why it needs none."""

    printed: str
    number: Number | None
    reason: str
    section: str
    place: str


def report_pieces(report: Report, *, has_contents: bool = False) -> Iterator[Piece]:
    """All of a report in reading order. has_contents: whether the titles of its pages stand in a list before it."""
    yield from masthead(report)
    if has_contents:
        for page in report.pages:
            yield Piece(Text(page.plain_title, OF_TITLE), report.title, page.path)
    for page in report.pages:
        yield from page_pieces(page)


def masthead(report: Report) -> Iterator[Piece]:
    """Whose report it is, as stands above it; a file that names the organisation after the title has it there."""
    for text in (report.organisation_name, report.title, report.organisation_name, report.board_name):
        yield Piece(Text(text, OF_TITLE), report.title, "")


def page_pieces(page: Page) -> Iterator[Piece]:
    """A page in reading order: its title, then its blocks."""
    section = page.plain_title
    yield from _inlines(page.title, section, section)
    yield from _blocks(page.blocks, section)


def _blocks(blocks: Iterable[Block], section: str) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Heading(children=children) | Paragraph(children=children):
                yield from _inlines(children, section, plain(children))
            case List(items):
                for item in items:
                    yield from _blocks(item, section)
            case Table():
                yield from _table(block, section)
            case Chart(title=title, table=table):
                if title != table.caption:
                    yield Piece(Text(title, OF_TITLE), section, title)
                yield from _table(table, section)
            case BigValue(title, number, comparison, comparison_title):
                yield Piece(Text(title, OF_TITLE), section, title)
                yield Piece(number, section, title)
                if comparison is not None:
                    yield Piece(comparison.number, section, f"{title}, {comparison_title}")
                yield Piece(Text(comparison_title, OF_TITLE), section, title)
            case Callout(title=title, children=children) | Details(title=title, children=children):
                yield Piece(Text(title, OF_TITLE), section, title)
                yield from _blocks(children, section)
            case Row(children):
                yield from _blocks(children, section)
            case Listing(text):
                yield Piece(Text(text, "code"), section, "")


def _table(table: Table, section: str) -> Iterator[Piece]:
    yield Piece(Text(table.caption, OF_TITLE), section, table.caption)
    for column in table.columns:
        yield Piece(Text(column.title, OF_TITLE), section, table.caption)
    for row in (*table.rows, *([table.total] if table.total else [])):
        head = plain(row[0])
        for column, cell in zip(table.columns, row, strict=True):
            yield from _inlines(cell, section, f"{head}, {column.title}")


def _inlines(inlines: Iterable[Inline], section: str, place: str) -> Iterator[Piece]:
    for inline in inlines:
        match inline:
            case Text() | Number():
                yield Piece(inline, section, place[:PLACE])
            case Code(text):
                yield Piece(Text(text, "code"), section, place[:PLACE])
            case Delta(number):
                yield Piece(number, section, place[:PLACE])
            case Strong(children) | Emphasis(children) | Link(children):
                yield from _inlines(children, section, place)


def entries(pieces: Iterable[Piece]) -> Iterator[Entry]:
    """The numerals of the pieces: a number is one, a text has those that are read in it."""
    for piece in pieces:
        inline = piece.inline
        if isinstance(inline, Number):
            if any(sign.isdigit() for sign in inline.printed):
                printed = inline.printed.replace(NO_BREAK_SPACE, " ").replace(MINUS, "-")
                number = inline if inline.figure_key else None
                yield Entry(printed, number, inline.exemption or "", piece.section, piece.place)
            continue
        atoms = find_atoms(inline.text)
        first = 0
        while first < len(atoms):
            end = grouped(atoms, first)
            printed = shown(inline.text, atoms, first, end)
            if not atoms[first].is_label and _is_numeral(printed):
                yield Entry(printed, None, inline.exemption or OF_TITLE, piece.section, piece.place)
            first = end


def _is_numeral(printed: str) -> bool:
    try:
        parse_printed(printed)
    except ValueError:
        return False
    return True


def bind(document: Document, pieces: Iterable[Piece], rules: Sequence[Rule]) -> list[Entry]:
    """The entries that a file needs rows for: every figure, and what no rule exempts. Raises SidecarError."""
    wanted = list(entries(pieces))
    atoms = find_atoms(document.text)
    exempt = [each is not None for each in exempt_atoms(atoms, find_exemptions(document.text, rules))]
    pairs = align(document, atoms, exempt, [Expected.of(entry.printed, entry.place) for entry in wanted])
    kept: list[Entry] = []
    for entry, pair in zip(wanted, pairs, strict=True):
        stands = pair.kind is Kind.MATCHED
        if entry.number is not None:
            if not stands:
                raise SidecarError(
                    f"{document.name}: {entry.printed} ({entry.number.figure_key}, {entry.section}: {entry.place})"
                    " does not stand there as the report says it"
                )
            kept.append(entry)
        elif stands and not all(exempt[pair.first : pair.end]):
            kept.append(entry)
    return kept


def sidecar(report: Report, rows: Sequence[Entry]) -> str:
    """The sidecar as CSV, with the columns of the warehouse's own bindings."""
    output = io.StringIO()
    writer = csv.DictWriter(output, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for position, entry in enumerate(rows, start=1):
        number = entry.number
        row: dict[str, object] = {
            "document_id": report.document_id,
            "printed_number": position,
            "section": entry.section,
            "place": entry.place,
            "printed": entry.printed,
        }
        if number is None:
            row["exemption"] = entry.reason
        else:
            row |= {
                "unit": number.unit,
                "scale": number.scale,
                "sign": number.sign,
                "decimals": number.decimals,
                "qualifier": "exact",
                "figure_key": number.figure_key,
                "fiscal_year": number.fiscal_year,
            }
        writer.writerow(row)
    return output.getvalue()
