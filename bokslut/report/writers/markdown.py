"""Write a report as one long Markdown file (CommonMark with pipe tables), with its charts as SVG in a folder beside it.

No text is markup: what could be is escaped, and no raw HTML is written. Numbers stand as they are printed, so that the
file can be proven as it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Code,
    Column,
    Delta,
    Details,
    Emphasis,
    Heading,
    Inline,
    Light,
    Link,
    List,
    Listing,
    Number,
    Page,
    PageBreak,
    Paragraph,
    Picture,
    Report,
    Row,
    Strong,
    Table,
    Text,
    Trend,
    plain,
)
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import arrow, charts, outline_level, safe_address, visible

FOLDER = "diagram"
KINDS = {"info": "Information", "success": "Klart", "warning": "Observera", "danger": "Viktigt"}
ARROWS = {"up": "▲", "down": "▼"}
# what begins markup wherever it stands; an underscore within a word and a "!" without "[" do not
ACTIVE = re.compile(r"[\\`*\[\]|~$#@]|(?<![^\W_])_|_(?![^\W_])|!(?=\[|$)|:(?=//)|(?<=www)\.", re.IGNORECASE)
ENTITY = re.compile(r"&(?=[#\w]|$)")
# what begins a block: a quote, a list, a rule, the underline of a heading
BLOCK_START = re.compile(r"(?P<sign>>|[-+](?=\s|$)|-(?=-)|=(?==*\s*$))|(?P<number>\d{1,9})(?P<point>[.)])(?=\s|$)")
FILE_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class _Title:
    """A heading that the contents lead to. level: 1 or 2, of its page."""

    level: int
    text: str
    anchor: str


def write_markdown(report: Report, pictures: Mapping[str, Picture], theme: Theme, path: Path) -> None:
    """Write the report to path and its charts to the folder "diagram" beside it. pictures: by the name of the chart.

    Raises OSError, KeyError (no picture), ValueError (a chart's name that is no name of a file).
    """
    path.write_text(markdown(report, theme), encoding="utf-8", newline="\n")
    drawn = [chart for page in report.pages for chart in charts(page.blocks)]
    if drawn:
        (path.parent / FOLDER).mkdir(exist_ok=True)
    for chart in drawn:
        svg = pictures[chart.name].svg
        (path.parent / FOLDER / _file(chart.name)).write_text(svg, encoding="utf-8", newline="\n")


def markdown(report: Report, theme: Theme) -> str:
    """The report as Markdown. Raises ValueError for a chart's name that is no name of a file."""
    return _Writer(report, theme).write()


def escaped(text: str) -> str:
    """The text on one line, with nothing in it that is markup within a line."""
    shown = ENTITY.sub("&amp;", visible(text).replace("\n", " "))
    return ACTIVE.sub(r"\\\g<0>", shown).replace("<", "&lt;")


def slug(text: str, taken: set[str]) -> str:
    """The anchor that readers of Markdown give a heading; one that is taken already is numbered."""
    base = re.sub(r"[^\w\- ]", "", visible(text).replace("\n", " ").strip().lower()).replace(" ", "-")
    name = next(name for number in count() if (name := f"{base}-{number}" if number else base) not in taken)
    taken.add(name)
    return name


class _Writer:
    """Writes one report; knows the level of the last heading and the anchors that are taken."""

    def __init__(self, report: Report, theme: Theme) -> None:
        self.report = report
        self.theme = theme
        self.above = 1
        self.taken: set[str] = set()
        self.anchors: dict[str, str] = {}
        self._name_headings()

    def _name_headings(self) -> None:
        """Give every heading its anchor in the order they stand: the contents and links come before some of them."""
        slug(self.report.title, self.taken)
        slug("Innehåll", self.taken)
        for page in self.report.pages:
            self.anchors[page.path] = slug(page.plain_title, self.taken)
            for text in _headings(page.blocks):
                slug(text, self.taken)

    def write(self) -> str:
        report = self.report
        parts = [
            [f"# {_line(escaped(report.title))}"],
            [_line(f"{escaped(report.organisation_name)} · {escaped(report.board_name)}")],
            ["## Innehåll"],
            [
                f"{'  ' * (page.level - 1)}- [{_line(escaped(page.plain_title))}](#{self.anchors[page.path]})"
                for page in report.pages
            ],
            *(part for page in report.pages for part in self.page(page)),
        ]
        return "\n".join(line.rstrip(" ") for line in _apart(parts)) + "\n"

    def page(self, page: Page) -> Iterator[list[str]]:
        self.above = top = outline_level(page.level + 1, self.above)
        yield [self.heading(top, page.title)]
        yield from self.blocks(page.blocks, top)

    def heading(self, level: int, children: Sequence[Inline]) -> str:
        return f"{'#' * level} {_line(self.inlines(children))}"

    def blocks(self, blocks: Iterable[Block], top: int) -> Iterator[list[str]]:
        """The lines of each block. top: the level of the page's heading."""
        for block in blocks:
            yield from self.block(block, top)

    def block(self, block: Block, top: int) -> Iterator[list[str]]:
        match block:
            case Heading(level, children):
                self.above = outline_level(top + level - 1, self.above)
                yield [self.heading(self.above, children)]
            case Paragraph(children):
                yield [_line(self.inlines(children))]
            case List(items, is_ordered):
                yield [
                    line for number, item in enumerate(items, 1) for line in self.item(item, number, is_ordered, top)
                ]
            case Table():
                yield from self.table(block)
            case Chart(name, title, description, _, table):
                yield [_strong(f"Diagram: {escaped(title)}")]
                yield [f"![{escaped(description)}]({FOLDER}/{_file(name)})"]
                yield from self.table(table)
            case BigValue():
                yield [self.big_value(block)]
            case Callout(kind, title, children):
                parts = [[_strong(escaped(title or KINDS[kind]))], *self.blocks(children, top)]
                yield [f"> {line}" for line in _apart(parts)]
            case Details(title, children):
                yield [_strong(escaped(title))]
                yield from self.blocks(children, top)
            case Row(children):
                yield from self.blocks(children, top)
            case Listing(text, language):
                yield _fenced(visible(text), language)
            case PageBreak():
                pass

    def item(self, blocks: Sequence[Block], number: int, is_ordered: bool, top: int) -> Iterator[str]:
        mark = f"{number}. " if is_ordered else "- "
        for place, line in enumerate(_apart(self.blocks(blocks, top))):
            yield f"{mark if place == 0 else ' ' * len(mark)}{line}"

    def table(self, table: Table) -> Iterator[list[str]]:
        yield [_strong(f"Tabell: {escaped(table.caption)}")]
        if table.columns:
            rows = [[self.inlines(cell) for cell in row] for row in table.rows]
            total = [[_strong(self.inlines(cell)) for cell in table.total]] if table.total else []
            heads = [_head(column) for column in table.columns]
            sides = ["---:" if column.is_number else ":---" for column in table.columns]
            yield [f"| {' | '.join(map(_cell, cells))} |" for cells in [heads, sides, *rows, *total]]

    def big_value(self, value: BigValue) -> str:
        """One number on a line of its own, with what it is compared with behind it."""
        line = f"{_strong(f'{escaped(value.title)}:')} {self.number(value.number)}"
        if value.comparison is None:
            return line
        return f"{line} ({' '.join([escaped(value.comparison_title), self.inlines((value.comparison,))]).strip()})"

    def inlines(self, inlines: Sequence[Inline]) -> str:
        return "".join(map(self.inline, inlines))

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return escaped(text)
            case Number():
                return self.number(inline)
            case Strong(children):
                return _strong(self.inlines(children))
            case Emphasis(children):
                return _around("*", self.inlines(children))
            case Code(text):
                return _code(visible(text).replace("\n", " "))
            case Link(children, page, address):
                return self.link(self.inlines(children), page, address)
            case Light(colour, label):
                return f"{self.theme.lights[colour].sign} {escaped(label)}"
            case Trend(direction, label):
                return f"{self.theme.trends[direction]} {escaped(label)}"
            case Delta(number):
                return f"{ARROWS.get(arrow(number), '')} {self.number(number)}".strip(" ")

    def number(self, number: Number) -> str:
        return visible(number.printed + number.suffix)

    def link(self, text: str, page: str | None, address: str | None) -> str:
        """A link to a page's heading or to an address; one that leads nowhere safe is its text."""
        if page is not None and page in self.anchors:
            return f"[{text}](#{self.anchors[page]})"
        if address is not None and safe_address(address):
            return f"[{text}](<{address.replace('&', '&amp;')}>)"
        return text


def _headings(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(children=children):
                yield plain(children)
            case Callout(children=inner) | Details(children=inner) | Row(children=inner):
                yield from _headings(inner)
            case List(items):
                for item in items:
                    yield from _headings(item)


def _file(name: str) -> str:
    if not FILE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a file")
    return f"{name}.svg"


def _apart(parts: Iterable[list[str]]) -> list[str]:
    """The lines of all parts, with an empty line between two of them."""
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def _line(text: str) -> str:
    """A line that is a block by itself, whatever it begins with."""
    stripped = text.strip(" ")
    match = BLOCK_START.match(stripped)
    if match is None:
        return stripped
    return f"{match['number'] or ''}\\{stripped[match.end('number') if match['number'] else 0 :]}"


def _cell(text: str) -> str:
    """The text of a cell; a bar that is not escaped stands in code, and would end the cell."""
    return re.sub(r"(?<!\\)\|", r"\|", text.strip(" "))


def _head(column: Column) -> str:
    return escaped(f"{column.title} ({column.unit})" if column.unit else column.title)


def _strong(text: str) -> str:
    return _around("**", text)


def _around(mark: str, text: str) -> str:
    """The mark on both sides of the text; spaces stay outside, where they do not undo it."""
    inner = text.strip(" \u00a0")
    return text.replace(inner, f"{mark}{inner}{mark}", 1) if inner else text


def _code(text: str) -> str:
    """Code between more backticks than it holds."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{fence}{inner}{fence}" if text.strip() else escaped(text)


def _fenced(text: str, language: str) -> list[str]:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}{language if language.isalnum() else ''}", *text.split("\n"), fence]
