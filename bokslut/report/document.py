"""The report as a tree: what the pages say, before any kind of file is chosen. Plain data; nothing is rendered here.

Every text of the marts stands here as Text, so that no writer can take it for markup. Every number stands as Number,
with its figure or with the reason why it needs none, so that a sidecar of bindings follows from the tree alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

# ---------------------------------------------------------------------------------------------------- inline


@dataclass(frozen=True)
class Text:
    """Text as it is to be seen. exemption: why numerals in it need no figure; None where it can hold none."""

    text: str
    exemption: str | None = None


@dataclass(frozen=True)
class Number:
    """A number as it is printed.

    printed: with the signs of print (no-break space, U+2212, comma), without its unit; "–" where nothing is known.
    suffix: its unit as printed behind it (" tkr", " %"), or empty. value: of the figure or column in its own unit
    (kronor; percent 0-100), None where nothing is known. figure_key, fiscal_year: the figure, or None with an
    exemption. unit, scale, decimals, sign: of the binding (unit as in the marts: sek, percent ...; scale 1, 1000 or
    1000000; sign -1 where print turns it).
    number_format: the Excel format of the value in its own unit.
    """

    printed: str
    suffix: str = ""
    value: Decimal | None = None
    figure_key: str | None = None
    fiscal_year: int | None = None
    unit: str = ""
    scale: int = 1
    decimals: int = 0
    sign: int = 1
    exemption: str | None = None
    number_format: str = "General"


@dataclass(frozen=True)
class Strong:
    """Strong text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Emphasis:
    """Emphasised text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Code:
    """Code, as it is typed."""

    text: str


@dataclass(frozen=True)
class Link:
    """A link. page: the path of a page of the report ("operating/45"), or None with an address outside it (https)."""

    children: tuple[Inline, ...]
    page: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class Light:
    """A traffic light. colour: green, yellow, red or grey (not judged). label: what it says, in Swedish."""

    colour: str
    label: str


@dataclass(frozen=True)
class Trend:
    """A trend. direction: better, equal, worse or unknown. label: what it says, in Swedish."""

    direction: str
    label: str


@dataclass(frozen=True)
class Delta:
    """A number with an arrow: is_good says whether the change is favourable, None where it is neither."""

    number: Number
    is_good: bool | None


Inline = Text | Number | Strong | Emphasis | Code | Link | Light | Trend | Delta

# ---------------------------------------------------------------------------------------------------- blocks


@dataclass(frozen=True)
class Heading:
    """A heading below the page's title. level: from 2. anchor: unique within the page, ASCII."""

    level: int
    children: tuple[Inline, ...]
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class List:
    """A list; each item is blocks."""

    items: tuple[tuple[Block, ...], ...]
    is_ordered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table. title: its head. unit: of its numbers, shown in the head ("tkr", "%"), or empty.

    is_number: numbers, to the right. viz: "bar" to draw the number beside it, else empty.
    """

    title: str
    unit: str = ""
    is_number: bool = False
    viz: str = ""


@dataclass(frozen=True)
class Table:
    """A table. caption: what it shows, unique in the report. rows: one tuple of cells a row, a cell is inlines.

    total: the last row (its numbers are figures of their own), or None. sheet: a short name for the Excel sheet. The
    first column heads its row. is_live: per column, whether the total is the sum of the column's numbers exactly.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    total: tuple[tuple[Inline, ...], ...] | None = None
    sheet: str = ""
    is_live: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart. title, description: in Swedish. specification: Vega-Lite as a dictionary. table: its data, shown beside.

    name: unique in the report, ASCII, for file names and ids.
    """

    name: str
    title: str
    description: str
    specification: Mapping[str, object]
    table: Table


@dataclass(frozen=True)
class Picture:
    """A chart, drawn. svg: with title and description. png: the same at three times its size. width, height: CSS px."""

    svg: str
    png: bytes
    width: int
    height: int


@dataclass(frozen=True)
class BigValue:
    """One number, large. title: what it is. comparison: beneath it, or None, with its own title."""

    title: str
    number: Number
    comparison: Delta | None = None
    comparison_title: str = ""


@dataclass(frozen=True)
class Callout:
    """A box. kind: info, success, warning or danger. title may be empty."""

    kind: str
    title: str
    children: tuple[Block, ...]


@dataclass(frozen=True)
class Details:
    """What a reader may open; open in files that cannot fold."""

    title: str
    children: tuple[Block, ...]


@dataclass(frozen=True)
class Row:
    """Blocks side by side where there is room."""

    children: tuple[Block, ...]


@dataclass(frozen=True)
class Listing:
    """Code as a block, as it is typed. language: sql or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class PageBreak:
    """A new page in files that have pages."""


Block = Heading | Paragraph | List | Table | Chart | BigValue | Callout | Details | Row | Listing | PageBreak

# ---------------------------------------------------------------------------------------------------- report


@dataclass(frozen=True)
class Page:
    """A page. path: its place, parts joined by "/", ASCII ("index", "operating", "operating/45").

    title: its heading. parent: path of the page it belongs to, or None. level: 1, or 2 for a page below another.
    """

    path: str
    title: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    parent: str | None = None
    level: int = 1

    @property
    def plain_title(self) -> str:
        """The title as text."""
        return plain(self.title)


@dataclass(frozen=True)
class Report:
    """A report: of one board and year. pages: in reading order, the first is the start page."""

    organisation_id: str
    organisation_name: str
    board_id: str
    board_name: str
    fiscal_year: int
    title: str
    pages: tuple[Page, ...]
    language: str = "sv"

    @property
    def document_id(self) -> str:
        """The id of the rendered report in a sidecar: whose it is and for which year."""
        return f"report/{self.organisation_id}/{self.board_id}/{self.fiscal_year}"


def plain(inlines: tuple[Inline, ...]) -> str:
    """The text of inlines as it is seen, numbers with their unit."""
    return "".join(_plain_parts(inlines))


def _plain_parts(inlines: tuple[Inline, ...]) -> Iterator[str]:
    for inline in inlines:
        match inline:
            case Text(text) | Code(text):
                yield text
            case Number(printed, suffix):
                yield printed + suffix
            case Light(_, label) | Trend(_, label):
                yield label
            case Delta(number):
                yield number.printed + number.suffix
            case Strong(children) | Emphasis(children) | Link(children):
                yield plain(children)
