"""Write a report as a Word file that an administration can edit on: real headings, tables, lists, captions and fields.

Each number with a figure stands in a content control: its tag is the figure's key, its id the number's place among
those in the document, from 1. So the file can be proven however its text is moved. Styles are those of the theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
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
from bokslut.report.errors import WordError
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import (
    NARROWEST,
    SMALL,
    arrow,
    column_widths,
    outline_level,
    safe_address,
    tone,
    visible,
)
from bokslut.report.writers.word_parts import (
    BULLETS,
    INDENT,
    LIST_LEVELS,
    NUMBERS,
    OFFICE,
    ROOM,
    TURNED_ROOM,
    WORD,
    Relation,
    attribute,
    content,
    first_relations,
    hexadecimal,
    package,
    section,
)

LONGEST_TAG = 64  # characters that Word keeps of a tag, and of a title
EMU = 9525  # of a pixel, in the measure of pictures
EMU_OF_TWENTIETH = 635
EM, SMALL_EM = 180, 150  # of table text, in twentieths of a point
CARDS = 3  # in a row
BOX_INDENT = 227  # of the style Ruta
CONTENTS_LEVELS = 2
NAMESPACES = (
    f'{WORD} xmlns:r="{OFFICE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
BOXES = {"warning": "RutaVarning", "danger": "RutaVarning", "success": "RutaBra"}
ARROWS = {"up": "▲", "down": "▼"}
TREND_TONES = {"better": "favourable", "worse": "unfavourable"}
BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def write_word(report: Report, pictures: Mapping[str, Picture], theme: Theme, path: Path) -> None:
    """Write the report to path. pictures: by name of the chart. Raises WordError, OSError, KeyError (no picture)."""
    path.write_bytes(word_bytes(report, pictures, theme))


def word_bytes(report: Report, pictures: Mapping[str, Picture], theme: Theme) -> bytes:
    """The report as a Word file, the same bytes for the same report. Raises WordError for a key longer than a tag."""
    writer = _Writer(report, pictures, theme)
    pages = "".join(writer.page(page) for page in report.pages)
    document = (
        f"<w:document {NAMESPACES}><w:body>{_cover(report)}{writer.contents()}{pages}"
        f"{section(has_cover=not writer.has_turned)}</w:body></w:document>"
    )
    return package(report, theme, document, writer.relations, writer.drawn, writer.lists)


@dataclass(frozen=True)
class _Look:
    """How a run looks. role: its colour in the theme, or empty. style: of characters. about: what numbers are of."""

    is_bold: bool = False
    is_italic: bool = False
    role: str = ""
    style: str = ""
    about: str = ""

    def properties(self, theme: Theme) -> str:
        parts = [
            f'<w:rStyle w:val="{self.style}"/>' if self.style else "",
            "<w:b/>" if self.is_bold else "",
            "<w:i/>" if self.is_italic else "",
            f'<w:color w:val="{hexadecimal(theme.colours[self.role])}"/>' if self.role else "",
        ]
        return f"<w:rPr>{''.join(parts)}</w:rPr>" if any(parts) else ""


@dataclass(frozen=True)
class _Place:
    """Where blocks stand. page_level, about: of the page. style: of paragraphs. list_level: how deep in lists."""

    page_level: int
    about: str
    style: str = ""
    list_level: int = 0


class _Writer:
    """Makes the text of one report; counts what Word numbers: headings, controls, captions, pictures, lists."""

    def __init__(self, report: Report, pictures: Mapping[str, Picture], theme: Theme) -> None:
        self.pictures = pictures
        self.theme = theme
        self.marks = {page.path: f"sida_{number}" for number, page in enumerate(report.pages, start=1)}
        self.relations = first_relations()
        self.drawn: list[bytes] = []
        self.headings: list[tuple[int, str, str]] = []
        self.counts = {"Tabell": 0, "Diagram": 0}
        self.bookmarks = 0
        self.controls = 0
        self.lists = 0
        self.above = 0
        self.has_turned = False

    # ------------------------------------------------------------------------------------------------ inline

    def inlines(self, inlines: Iterable[Inline], look: _Look) -> str:
        return "".join(self.inline(inline, look) for inline in inlines)

    def inline(self, inline: Inline, look: _Look) -> str:
        match inline:
            case Text(text):
                return self.run(text, look)
            case Number():
                return self.number(inline, look)
            case Strong(children):
                return self.inlines(children, replace(look, is_bold=True))
            case Emphasis(children):
                return self.inlines(children, replace(look, is_italic=True))
            case Code(text):
                return self.run(text, replace(look, style="Kod"))
            case Link():
                return self.link(inline, look)
            case Light(colour, label):
                light = self.theme.lights[colour]
                return self.sign(light.sign, hexadecimal(light.colour)) + self.run(f"\u00a0{label}", look)
            case Trend(direction, label):
                colour = self.theme.colours[TREND_TONES.get(direction, "muted")]
                arrows = self.sign(self.theme.trends[direction], hexadecimal(colour))
                return arrows + self.run(f"\u00a0{label}", look)
            case Delta(number, is_good):
                toned = replace(look, role=tone(is_good))
                sign = ARROWS.get(arrow(number))
                return (self.run(f"{sign}\u00a0", toned) if sign else "") + self.number(number, toned)

    def run(self, text: str, look: _Look) -> str:
        """A run of text; its line ends are line breaks."""
        if not visible(text):
            return ""
        lines = [f'<w:t xml:space="preserve">{line}</w:t>' if line else "" for line in content(text).split("\n")]
        return f"<w:r>{look.properties(self.theme)}{'<w:br/>'.join(lines)}</w:r>"

    def sign(self, sign: str, colour: str) -> str:
        return f'<w:r><w:rPr><w:color w:val="{colour}"/></w:rPr><w:t>{content(sign)}</w:t></w:r>'

    def number(self, number: Number, look: _Look) -> str:
        """A number, in a control if it has a figure; its unit stands behind."""
        printed = self.run(number.printed, look)
        if number.figure_key is not None:
            printed = self.control(number.figure_key, printed, look)
        # a number and its unit stand on one line
        return printed + self.run(number.suffix.replace(" ", "\u00a0"), look)

    def control(self, key: str, printed: str, look: _Look) -> str:
        if len(key) > LONGEST_TAG:
            raise WordError(f"the figure key {key} is longer than the {LONGEST_TAG} characters of a tag in Word")
        self.controls += 1
        return (
            f"<w:sdt><w:sdtPr>{look.properties(self.theme)}<w:alias w:val={attribute(_short(look.about))}/>"
            f'<w:tag w:val={attribute(key)}/><w:id w:val="{self.controls}"/></w:sdtPr>'
            f"<w:sdtContent>{printed}</w:sdtContent></w:sdt>"
        )

    def link(self, link: Link, look: _Look) -> str:
        linked = replace(look, style="Hyperlink")
        if link.page in self.marks:
            return _anchored(self.marks[link.page], self.inlines(link.children, linked))
        if link.address and safe_address(link.address):
            number = self.relate(Relation("hyperlink", link.address, is_external=True))
            return f'<w:hyperlink r:id="rId{number}">{self.inlines(link.children, linked)}</w:hyperlink>'
        return self.inlines(link.children, look)

    def relate(self, relation: Relation) -> int:
        if relation not in self.relations:
            self.relations.append(relation)
        return self.relations.index(relation) + 1

    # ------------------------------------------------------------------------------------------------ blocks

    def page(self, page: Page) -> str:
        self.above = outline_level(page.level, self.above)
        place = _Place(self.above, page.plain_title)
        return self.heading(self.above, page.title, self.marks[page.path], place) + self.blocks(page.blocks, place)

    def heading(self, level: int, children: tuple[Inline, ...], name: str, place: _Place) -> str:
        self.bookmarks += 1
        self.headings.append((level, name, plain(children)))
        return _paragraph(
            f"Heading{level}",
            f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{name}"/>'
            f"{self.inlines(children, _Look(about=place.about))}"
            f'<w:bookmarkEnd w:id="{self.bookmarks}"/>',
        )

    def blocks(self, blocks: Sequence[Block], place: _Place) -> str:
        parts = []
        for is_value, some in groupby(blocks, lambda block: isinstance(block, BigValue)):
            if is_value:
                parts.append(self.cards([block for block in some if isinstance(block, BigValue)]))
            else:
                parts.extend(self.block(block, place) for block in some)
        return "".join(parts)

    def block(self, block: Block, place: _Place) -> str:
        match block:
            case Heading(level, children):
                self.above = outline_level(place.page_level + level - 1, self.above)
                return self.heading(self.above, children, f"rubrik_{len(self.headings) + 1}", place)
            case Paragraph(children):
                behind = f'<w:ind w:left="{place.list_level * INDENT}"/>' if place.list_level else ""
                return _paragraph(place.style, self.inlines(children, _Look(about=place.about)), behind)
            case List():
                return self.list(block, place)
            case Table():
                return self.table(block)
            case Chart():
                return self.chart(block) + self.table(block.table)
            case BigValue():
                return self.cards([block])
            case Callout(kind, title, children):
                style = BOXES.get(kind, "Ruta")
                head = _paragraph(style, self.run(title, _Look(is_bold=True)), "<w:keepNext/>") if title else ""
                return head + self.blocks(children, replace(place, style=style)) + _paragraph("Eftertabell", "")
            case Details(title, children):
                return _paragraph("Detaljrubrik", self.run(title, _Look())) + self.blocks(children, place)
            case Row(children):
                return self.blocks(children, place)
            case Listing(text):
                return _paragraph("Kodblock", self.run(text.expandtabs(4), _Look()))
            case PageBreak():
                return BREAK

    def list(self, block: List, place: _Place) -> str:
        level = min(place.list_level, LIST_LEVELS - 1)
        number = BULLETS
        if block.is_ordered:
            number = NUMBERS + self.lists
            self.lists += 1
        style = place.style or ("ListNumber" if block.is_ordered else "ListBullet")
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        if place.style:  # a box begins at one place, though numbering would move it
            numbered += f'<w:ind w:left="{BOX_INDENT + (level + 1) * INDENT}" w:hanging="{INDENT}"/>'
        inside = replace(place, list_level=level + 1)
        parts = []
        for item in block.items:
            first, rest = item[:1], item
            if first and isinstance(first[0], Paragraph):
                parts.append(_paragraph(style, self.inlines(first[0].children, _Look(about=place.about)), numbered))
                rest = item[1:]
            parts.append(self.blocks(rest, inside))
        return "".join(parts)

    def chart(self, chart: Chart) -> str:
        picture = self.pictures[chart.name]
        self.drawn.append(picture.png)
        count = len(self.drawn)
        relation = self.relate(Relation("image", f"media/{count}.png"))
        width = min(picture.width * EMU, ROOM * EMU_OF_TWENTIETH)
        extent = f'cx="{width}" cy="{picture.height * width // picture.width}"'
        drawing = (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:docPr id="{count}" name="Diagram {count}" descr={attribute(chart.description)}/>'
            f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
            f'<pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr>'
            f'<pic:cNvPr id="{count}" name="{count}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="rId{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
        return self.caption("Diagram", chart.title) + _paragraph("Diagram", drawing)

    def caption(self, kind: str, text: str) -> str:
        self.counts[kind] += 1
        field = (
            f'<w:fldSimple w:instr=" SEQ {kind} \\* ARABIC ">{self.run(str(self.counts[kind]), _Look())}</w:fldSimple>'
        )
        return _paragraph("Caption", self.run(f"{kind} ", _Look()) + field + self.run(f". {text}", _Look()))

    # ------------------------------------------------------------------------------------------------ tables

    def table(self, table: Table) -> str:
        is_small = len(table.columns) > SMALL
        em = SMALL_EM if is_small else EM
        widths = column_widths(table)
        is_turned = em * sum(width if unit == "em" else NARROWEST for width, unit in widths) > ROOM
        twentieths = _shared(widths, em, TURNED_ROOM if is_turned else ROOM)
        style = "Tabelltextliten" if is_small else "Tabelltext"
        heads = [
            _cell(width, _paragraph(style, self.head(column), _aligned(column)))
            for column, width in zip(table.columns, twentieths, strict=True)
        ]
        rows = [self.row(row, table.columns, twentieths, style) for row in table.rows]
        if table.total is not None:
            rows.append(self.row(table.total, table.columns, twentieths, style))
        # the first row and column are heads, no bands; 0040 is the last row, set apart as the total
        look = "06E0" if table.total is not None else "06A0"
        drawn = (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="Bokslutstabell"/><w:tblW w:w="{sum(twentieths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look}"/>'
            f"<w:tblCaption w:val={attribute(table.caption)}/></w:tblPr>{_grid(twentieths)}"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(heads)}</w:tr>{''.join(rows)}</w:tbl>"
        )
        whole = self.caption("Tabell", table.caption) + drawn + _paragraph("Eftertabell", "")
        return self.turned(whole) if is_turned else whole

    def head(self, column: Column) -> str:
        unit = self.run(f"\n{column.unit}", _Look(role="muted")) if column.unit else ""
        return self.run(column.title, _Look(is_bold=True)) + unit

    def row(
        self, cells: Sequence[tuple[Inline, ...]], columns: Sequence[Column], widths: Sequence[int], style: str
    ) -> str:
        name = plain(cells[0]) if cells else ""
        parts = [
            _cell(
                width,
                _paragraph(style, self.inlines(cell, _Look(about=f"{column.title}, {name}")), _aligned(column)),
            )
            for cell, column, width in zip(cells, columns, widths, strict=True)
        ]
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(parts)}</w:tr>"

    def turned(self, whole: str) -> str:
        """What stands on pages turned: between two sections' ends. The first section of all has the cover."""
        before = section(has_cover=not self.has_turned)
        self.has_turned = True
        after = section(is_turned=True)
        return f"{_paragraph('Eftertabell', '', before)}{whole}{_paragraph('Eftertabell', '', after)}"

    def cards(self, values: Sequence[BigValue]) -> str:
        width = ROOM // CARDS
        rows = []
        for start in range(0, len(values), CARDS):
            cells = [_cell(width, self.card(value)) for value in values[start : start + CARDS]]
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
        count = min(len(values), CARDS)
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="Nyckeltalskort"/><w:tblW w:w="{width * count}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr>{_grid([width] * count)}{"".join(rows)}</w:tbl>'
            f"{_paragraph('Eftertabell', '')}"
        )

    def card(self, value: BigValue) -> str:
        card = _paragraph("Nyckeltalsnamn", self.run(value.title, _Look()))
        card += _paragraph("Nyckeltal", self.number(value.number, _Look(about=value.title)))
        if value.comparison is not None:
            look = _Look(about=f"{value.title}, {value.comparison_title}")
            change = self.inline(value.comparison, look) + self.run(f" {value.comparison_title}", _Look())
            card += _paragraph("Jamforelse", change)
        return card

    # ------------------------------------------------------------------------------------------------ contents

    def contents(self) -> str:
        """The table of contents, filled in; page numbers come when its reader updates it. Nothing asks for that."""
        entries = [(level, name, title) for level, name, title in self.headings if level <= CONTENTS_LEVELS]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{CONTENTS_LEVELS}" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        lines = [
            _paragraph(f"TOC{level}", (begin if number == 0 else "") + _anchored(name, self.run(title, _Look())))
            for number, (level, name, title) in enumerate(entries)
        ]
        end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{_paragraph('TOCHeading', self.run('Innehåll', _Look()))}"
            f"{''.join(lines)}{end}</w:sdtContent></w:sdt>"
        )


def _cover(report: Report) -> str:
    year = str(report.fiscal_year)
    lines = [
        ("Avsandare", report.organisation_name),
        ("Subtitle", report.board_name),
        ("Title", report.title),
        *([] if year in report.title else [("Subtitle", year)]),
    ]
    return "".join(
        _paragraph(style, f'<w:r><w:t xml:space="preserve">{content(text)}</w:t></w:r>') for style, text in lines
    )


def _anchored(name: str, runs: str) -> str:
    return f'<w:hyperlink w:anchor="{name}">{runs}</w:hyperlink>'


def _paragraph(style: str, runs: str, properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def _aligned(column: Column) -> str:
    return '<w:jc w:val="right"/>' if column.is_number else ""


def _cell(width: int, paragraphs: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def _grid(widths: Iterable[int]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def _shared(widths: Sequence[tuple[float, str]], em: int, room: int) -> list[int]:
    """The widths in twentieths of a point: those in em as they are, the rest of the room shared by the others."""
    fixed = sum(width for width, unit in widths if unit == "em") * em
    shares = sum(width for width, unit in widths if unit == "fr")
    rest = max(room - fixed, 0)
    return [int(width * em if unit == "em" else rest * width / shares) for width, unit in widths]


def _short(title: str) -> str:
    text = " ".join(visible(title).split())
    return text if len(text) <= LONGEST_TAG else f"{text[: LONGEST_TAG - 1]}…"
