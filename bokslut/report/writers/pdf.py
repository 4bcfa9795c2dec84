"""Write a report as PDF/UA-1 by Typst: tagged, with contents, running heads and page numbers.

Typst source is made from the tree, and every text of the tree is a string in it, never markup. How pages look is told
by report.typ of the theme. Nothing outside the report is read but that template and the fonts; the clock is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import font_source_sans_pro  # type: ignore[import-untyped]
import typst

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
from bokslut.report.errors import PdfError
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import (
    LONG_WORD,
    NARROWEST,
    SMALL,
    arrow,
    charts,
    column_widths,
    outline_level,
    safe_address,
    tone,
    visible,
)

FONTS = Path(font_source_sans_pro.__file__).parent / "files"
ROOM = 62  # em of the small type across a page; a table that needs more stands on a page turned
LONG_CELL = 600  # characters, from which on a row may break over pages
ENDLESS = 40  # characters; a word of so many that holds no signs breaks anywhere, after STEP
STEP = 8
BREAK = "\u200b"  # zero width space
TRIES = 3
MISSING_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')
SHOWN_INSTEAD = "\ufffd"
LAST_LATIN = "\u024f"  # fonts have what comes before, though it is named with a mark that they lack


def write_pdf(report: Report, pictures: Mapping[str, Picture], theme: Theme, path: Path) -> None:
    """Write the report to path. pictures: by the name of the chart. Raises PdfError, OSError, KeyError (no picture)."""
    path.write_bytes(pdf_bytes(report, pictures, theme))


def pdf_bytes(report: Report, pictures: Mapping[str, Picture], theme: Theme) -> bytes:
    """The report as PDF, the same bytes for the same report. Letters that no font has are shown as U+FFFD."""
    look = {
        "fonts": theme.fonts,
        "colours": dict(theme.colours),
        "lights": {name: asdict(light) for name, light in theme.lights.items()},
        "trends": dict(theme.trends),
        "language": report.language,
    }
    source = typst_source(report, pictures)
    # Typst takes pictures from files alone
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.typ").write_bytes((theme.folder / "report.typ").read_bytes())
        for chart in (chart for page in report.pages for chart in charts(page.blocks)):
            (root / _file(chart.name)).write_bytes(pictures[chart.name].png)
        for _ in range(TRIES):
            (root / "main.typ").write_text(source, encoding="utf-8", newline="\n")
            try:
                content = typst.compile(
                    root / "main.typ",
                    root=root,
                    format="pdf",
                    font_paths=[FONTS],
                    ignore_system_fonts=True,
                    sys_inputs={"theme": json.dumps(look)},
                    pdf_standards=["ua-1"],
                    timestamp=datetime(report.fiscal_year, 12, 31, tzinfo=UTC),
                )
            except typst.TypstError as error:
                unknown = _without_glyph(error.diagnostic)
                if not unknown:
                    raise PdfError(" ".join(error.diagnostic.split())) from error
                source = re.sub(f"[{re.escape(''.join(sorted(unknown)))}]", SHOWN_INSTEAD, source)
            else:
                return bytes(content or b"")
    raise PdfError("the fonts lack letters that the report has")


def _without_glyph(diagnostic: str) -> set[str]:
    """The letters that Typst says no font has."""
    found = set("".join(re.sub(r"\\u\{([0-9a-f]+)\}", _letter, text) for text in MISSING_GLYPH.findall(diagnostic)))
    return {letter for letter in found if letter > LAST_LATIN}


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def typst_source(report: Report, pictures: Mapping[str, Picture]) -> str:
    """The Typst source of the report: calls of the functions of report.typ, with texts as strings."""
    cover = _named(
        {
            "name": _quoted(visible(report.title)),
            "title": _string(report.title),
            "organisation": _string(report.organisation_name),
            "board": _string(report.board_name),
            "year": _quoted(str(report.fiscal_year)),
        }
    )
    writer = _Writer({page.path for page in report.pages}, pictures)
    pages = "\n".join(writer.page(page) for page in report.pages)
    return f'#import "report.typ": *\n#show: report.with({cover})\n#{{\n{pages}\n}}\n'


class _Writer:
    """Makes the source of one report; knows the level of the last heading."""

    def __init__(self, paths: set[str], pictures: Mapping[str, Picture]) -> None:
        self.paths = paths
        self.pictures = pictures
        self.above = 0

    def page(self, page: Page) -> str:
        self.above = outline_level(page.level, self.above)
        page_level = self.above
        title = _call("chapter", str(page_level), _quoted(_id(page.path)), *self.inlines(page.title))
        return "\n".join([title, *self.blocks(page.blocks, page_level)])

    def blocks(self, blocks: Sequence[Block], page_level: int) -> Iterator[str]:
        for is_value, some in groupby(blocks, lambda block: isinstance(block, BigValue)):
            if is_value:
                yield _call("cards", *(self.card(block) for block in some if isinstance(block, BigValue)))
            else:
                for block in some:
                    yield self.block(block, page_level)

    def block(self, block: Block, page_level: int) -> str:
        match block:
            case Heading(level, children):
                self.above = outline_level(page_level + level - 1, self.above)
                return _call("subheading", str(self.above), *self.inlines(children))
            case Paragraph(children):
                return _call("paragraph", *self.inlines(children))
            case List(items, is_ordered):
                name = "numbers" if is_ordered else "bullets"
                return _call(name, *(_call("group", *self.blocks(item, page_level)) for item in items))
            case Table():
                return self.table(block)
            case Chart(name, title, description, _, table):
                width = str(self.pictures[name].width)
                drawn = _call("chart", _string(title), _quoted(visible(description)), _quoted(_file(name)), width)
                return f"{drawn}\n{self.table(table)}"
            case BigValue():
                return _call("cards", self.card(block))
            case Callout(kind, title, children):
                return _call("callout", _quoted(kind), _string(title), *self.blocks(children, page_level))
            case Details(title, children):
                return _call("details", _string(title), *self.blocks(children, page_level))
            case Row(children):
                return _call("group", *self.blocks(children, page_level))
            case Listing(text, language):
                return _call("listing", _quoted(language), _string(text))
            case PageBreak():
                return _call("new-page")

    def card(self, value: BigValue) -> str:
        below = []
        if value.comparison is not None:
            below = [self.inline(value.comparison), _string(f" {value.comparison_title}")]
        return _call("card", _string(value.title), self.inline(value.number), *below)

    def table(self, table: Table) -> str:
        columns, widths = table.columns, column_widths(table)
        cells = [
            _call("cell", _truth(len(plain(cell)) > LONG_CELL), *self.inlines(cell))
            for row in table.rows
            for cell in row
        ]
        total = "none" if table.total is None else _array(_call("group", *self.inlines(cell)) for cell in table.total)
        drawn = _call(
            "data-table",
            _string(table.caption),
            _array(f"{width:.2f}{unit}" for width, unit in widths),
            _array('"right"' if column.is_number else '"left"' for column in columns),
            _array(_call("head", _string(column.title), _string(column.unit)) for column in columns),
            total,
            f"is-small: {_truth(len(columns) > SMALL)}",
            *cells,
        )
        needed = sum(width if unit == "em" else NARROWEST for width, unit in widths)
        return _call("turned", drawn) if needed > ROOM else drawn

    def inlines(self, inlines: Iterable[Inline]) -> list[str]:
        return [self.inline(inline) for inline in inlines]

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return _string(text)
            case Number(printed, suffix):
                # a number and its unit stand on one line
                return _string((printed + suffix).replace(" ", "\u00a0"))
            case Strong(children):
                return _call("bold", *self.inlines(children))
            case Emphasis(children):
                return _call("italic", *self.inlines(children))
            case Code(text):
                return _call("code", _string(text))
            case Link(children, page, address):
                if page in self.paths:
                    return _call("to-page", _quoted(_id(page or "")), *self.inlines(children))
                if address and safe_address(address):
                    return _call("to-address", _quoted(address), *self.inlines(children))
                return _call("group", *self.inlines(children))
            case Light(colour, label):
                return _call("light", _quoted(colour), _string(label))
            case Trend(direction, label):
                return _call("trend", _quoted(direction), _string(label))
            case Delta(number, is_good):
                return _call("delta", _quoted(tone(is_good)), _quoted(arrow(number)), self.inline(number))


def _id(path: str) -> str:
    return f"sida:{path}"


def _file(name: str) -> str:
    return f"{name}.png"


def _call(name: str, *arguments: str) -> str:
    return f"{name}({', '.join(arguments)})"


def _array(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


def _named(values: Mapping[str, str]) -> str:
    return f"({', '.join(f'{name}: {value}' for name, value in values.items())})"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _string(text: str) -> str:
    """A text as a Typst string, with places to break where its words are long."""
    return _quoted(re.sub(rf"\S{{{LONG_WORD + 1},}}", _breakable, visible(text)))


def _breakable(match: re.Match[str]) -> str:
    word = re.sub(r"([/_.,:;=&?+-])(?=\w)", rf"\1{BREAK}", match[0])
    return re.sub(rf"[^{BREAK}]{{{ENDLESS},}}", _endless, word)


def _endless(match: re.Match[str]) -> str:
    return re.sub(f".{{{STEP}}}", rf"\g<0>{BREAK}", match[0])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
