"""Turn the nodes of a page into HTML. Nothing is written here, and how the page around them looks is not known.

Every text is escaped by markupsafe where it is put into markup; nothing of the tree is ever markup itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup, escape

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
    PageBreak,
    Paragraph,
    Picture,
    Row,
    Strong,
    Table,
    Text,
    Trend,
)
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import arrow, outline_level, safe_address, visible

FILTERED = 8  # rows; a table with more can be filtered
ARROWS = {"up": "▲", "down": "▼", "none": ""}
TONES = {None: "", True: "good", False: "bad"}
TOLD = {None: "", True: "till det bättre", False: "till det sämre"}
# sign and name of each kind of box
BOXES = {"info": ("i", "Information"), "success": ("✓", "Bra"), "warning": ("!", "Obs"), "danger": ("!", "Viktigt")}

Cells = Sequence[Sequence[Inline]]


class Html:
    """The nodes of one page as HTML.

    to_page: the address of a page of the report, from this one. to_source: the address of what lies under a number, or
    None. pictures: by name of the chart. Raises KeyError: a chart without a picture, a colour without a light.
    """

    def __init__(
        self,
        pictures: Mapping[str, Picture],
        theme: Theme,
        to_page: Callable[[str], str],
        to_source: Callable[[Number], str | None],
    ) -> None:
        self.pictures, self.theme, self.to_page, self.to_source = pictures, theme, to_page, to_source
        self.level = 1
        self.tables = 0

    # ------------------------------------------------------------------------------------------------ blocks

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        """Blocks, one after the other."""
        return Markup("\n").join(self.block(block) for block in blocks)

    def block(self, block: Block) -> Markup:
        """One block."""
        match block:
            case Heading(level, children, anchor):
                self.level = outline_level(level, self.level)
                return Markup('<h{0} id="{1}">{2}</h{0}>').format(self.level, anchor, self.inlines(children))
            case Paragraph(children):
                return Markup("<p>{}</p>").format(self.inlines(children))
            case List(items, is_ordered):
                inside = Markup("\n").join(Markup("<li>{}</li>").format(self._item(item)) for item in items)
                return Markup("<{0}>\n{1}\n</{0}>").format("ol" if is_ordered else "ul", inside)
            case Table():
                return self.table(block)
            case Chart():
                return self._chart(block)
            case BigValue():
                return self._big_value(block)
            case Callout():
                return self._callout(block)
            case Details(title, children):
                return Markup("<details>\n<summary>{}</summary>\n{}\n</details>").format(
                    visible(title), self.blocks(children)
                )
            case Row(children):
                return Markup('<div class="row">\n{}\n</div>').format(self.blocks(children))
            case Listing(text, language):
                return listing(text, language)
            case PageBreak():
                return Markup('<div class="page-break"></div>')

    def _item(self, blocks: Sequence[Block]) -> Markup:
        """A list item; its only paragraph needs no element of its own."""
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self.inlines(blocks[0].children)
        return self.blocks(blocks)

    def _big_value(self, value: BigValue) -> Markup:
        comparison = Markup("")
        if value.comparison is not None:
            comparison = Markup('\n<p class="comparison">{} {}</p>').format(
                self.inline(value.comparison), visible(value.comparison_title)
            )
        return Markup('<div class="card">\n<p>{}</p>\n<p class="value">{}</p>{}\n</div>').format(
            visible(value.title), self.inline(value.number), comparison
        )

    def _callout(self, box: Callout) -> Markup:
        sign, name = BOXES[box.kind]
        head = Markup('<span class="sign" aria-hidden="true">{}</span> ').format(sign)
        if box.title:
            head += Markup('<span class="unseen">{}:</span> {}').format(name, visible(box.title))
        else:
            head += name
        return Markup('<div class="callout {}">\n<p class="callout-title">{}</p>\n{}\n</div>').format(
            box.kind, head, self.blocks(box.children)
        )

    def _chart(self, chart: Chart) -> Markup:
        title = visible(chart.title)
        caption = Markup('<figcaption id="diagram_{}">{}</figcaption>').format(chart.name, title)
        drawing = Markup('<div class="drawing scroll" tabindex="0" role="region" aria-label="{}">{}</div>').format(
            f"Diagram: {title}", _drawing(self.pictures[chart.name].svg, chart.name)
        )
        # a table of the same name as the chart takes it from the chart
        table = self.table(chart.table, f"diagram_{chart.name}" if chart.table.caption == chart.title else None)
        return Markup(
            '<figure class="chart">\n{}\n{}\n<details>\n<summary>Visa som tabell{}</summary>\n{}\n</details>\n</figure>'
        ).format(caption, drawing, Markup('<span class="unseen">: {}</span>').format(title), table)

    # ------------------------------------------------------------------------------------------------ tables

    def table(self, table: Table, named_by: str | None = None) -> Markup:
        """A table that scrolls by itself. named_by: the id of the element that names it, where it has no caption."""
        self.tables += 1
        name = named_by or f"tabell_{self.tables}"
        columns = table.columns
        caption = Markup('<caption id="{}">{}</caption>\n').format(name, visible(table.caption)) if not named_by else ""
        heads = Markup("").join(_head(column) for column in columns)
        bars = [_Bars([_value(row[index]) for row in table.rows]) for index in range(len(columns))]
        body = Markup("\n").join(self._row(row, columns, bars) for row in table.rows)
        foot = Markup("")
        if table.total is not None:
            foot = Markup("\n<tfoot>\n{}\n</tfoot>").format(self._row(table.total, columns, None))
        return Markup(
            '<div class="table scroll" tabindex="0" role="region" aria-labelledby="{0}">\n'
            "<table{1}{2}>\n{3}<thead>\n<tr>{4}</tr>\n</thead>\n<tbody>\n{5}\n</tbody>{6}\n</table>\n</div>"
        ).format(
            name,
            Markup(' aria-labelledby="{}"').format(name) if named_by else "",
            Markup(" data-filter") if len(table.rows) > FILTERED else "",
            caption,
            heads,
            body,
            foot,
        )

    def _row(self, cells: Cells, columns: Sequence[Column], bars: Sequence[_Bars] | None) -> Markup:
        return Markup("<tr>{}</tr>").format(
            Markup("").join(
                self._cell(cell, column, bars[index] if bars and column.viz == "bar" else None, is_first=index == 0)
                for index, (cell, column) in enumerate(zip(cells, columns, strict=True))
            )
        )

    def _cell(self, cell: Sequence[Inline], column: Column, bars: _Bars | None, *, is_first: bool) -> Markup:
        value = _value(cell) if column.is_number else None
        inside = self.inlines(cell)
        # an empty cell heads nothing
        is_head = is_first and bool(inside)
        return Markup("<{}{}{}{}>{}{}</{}>").format(
            "th" if is_head else "td",
            Markup(' scope="row"') if is_head else "",
            Markup(' class="number"') if column.is_number else "",
            Markup(' data-value="{}"').format(value) if value is not None else "",
            bars.draw(value) if bars else "",
            inside,
            "th" if is_head else "td",
        )

    # ------------------------------------------------------------------------------------------------ inlines

    def inlines(self, inlines: Iterable[Inline], *, is_linked: bool = False) -> Markup:
        """Inlines. is_linked: inside a link, where there can be no other one."""
        return Markup("").join(self.inline(inline, is_linked=is_linked) for inline in inlines)

    def inline(self, inline: Inline, *, is_linked: bool = False) -> Markup:
        """One inline."""
        match inline:
            case Text(text):
                return escape(visible(text))
            case Number():
                return self._number(inline, is_linked=is_linked)
            case Strong(children):
                return Markup("<strong>{}</strong>").format(self.inlines(children, is_linked=is_linked))
            case Emphasis(children):
                return Markup("<em>{}</em>").format(self.inlines(children, is_linked=is_linked))
            case Code(text):
                return Markup("<code>{}</code>").format(visible(text))
            case Link():
                return self._link(inline, is_linked=is_linked)
            case Light(colour, label):
                return _signed(f"light {colour}", self.theme.lights[colour].sign, label)
            case Trend(direction, label):
                return _signed(f"trend {direction}", self.theme.trends[direction], label)
            case Delta(number, is_good):
                told = Markup('<span class="unseen"> {}</span>').format(TOLD[is_good]) if is_good is not None else ""
                return Markup('<span class="delta {}"><span aria-hidden="true">{}</span> {}{}</span>').format(
                    TONES[is_good], ARROWS[arrow(number)], self._number(number, is_linked=is_linked), told
                )

    def _number(self, number: Number, *, is_linked: bool) -> Markup:
        """A number, with the way to where it comes from."""
        printed = visible(number.printed + number.suffix)
        source = None if is_linked else self.to_source(number)
        if source is None:
            return Markup('<span class="number">{}</span>').format(printed)
        return Markup('<a class="number" href="{}">{}</a>').format(source, printed)

    def _link(self, link: Link, *, is_linked: bool) -> Markup:
        inside = self.inlines(link.children, is_linked=True)
        if is_linked:
            return inside
        if link.page is not None:
            return Markup('<a href="{}">{}</a>').format(self.to_page(link.page), inside)
        if link.address is not None and safe_address(link.address):
            return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(link.address, inside)
        return inside


def listing(text: str, language: str = "") -> Markup:
    """Code as a block that scrolls by itself."""
    name = language.upper() or "Kod"
    return Markup('<pre class="scroll" tabindex="0" role="group" aria-label="{}"><code>{}</code></pre>').format(
        name, visible(text)
    )


class _Bars:
    """The bars of a column: from a common zero, as long as the numbers are large. They are only drawn."""

    def __init__(self, values: Iterable[Decimal | None]) -> None:
        known = [value for value in values if value is not None]
        self.largest = max(map(abs, known), default=Decimal(0))
        self.has_less, self.has_more = min(known, default=0) < 0, max(known, default=0) > 0

    def draw(self, value: Decimal | None) -> Markup:
        """The bar of a number; room for one where there is none."""
        width = round(abs(value) / self.largest * 100, 1) if value and self.largest else Decimal(0)
        low, high = (-100 if self.has_less else 0), (100 if self.has_more else 0)
        # only where there are both is one of them the better
        tone = ("less" if value < 0 else "more") if value and self.has_less and self.has_more else ""
        return Markup(
            '<svg class="bar" viewBox="{} 0 {} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
            '<rect class="{}" x="{}" width="{}" height="10"/></svg> '
        ).format(low, high - low or 100, tone, -width if value and value < 0 else 0, width)


def _signed(kind: str, sign: str, label: str) -> Markup:
    return Markup('<span class="{}"><span aria-hidden="true">{}</span> {}</span>').format(kind, sign, visible(label))


def _head(column: Column) -> Markup:
    kind = Markup(' class="number"') if column.is_number else ""
    if not column.title:
        return Markup("<td{}></td>").format(kind)
    unit = Markup(" <small>{}</small>").format(visible(column.unit)) if column.unit else ""
    return Markup('<th scope="col"{}>{}{}</th>').format(kind, visible(column.title), unit)


def _value(cell: Iterable[Inline]) -> Decimal | None:
    """The first number of a cell."""
    for inline in cell:
        match inline:
            case Number(value=value) | Delta(Number(value=value)):
                return value
    return None


def _drawing(svg: str, name: str) -> Markup:
    """A drawing whose ids no other one on the page has. In its texts "<" is escaped, so only tags are changed."""

    def own(tag: re.Match[str]) -> str:
        named = re.sub(
            r'(\s(?:id|aria-labelledby|aria-describedby)=")([^"]*)"',
            lambda found: found[1] + " ".join(f"{name}_{each}" for each in found[2].split()) + '"',
            tag[0],
        )
        return re.sub(r'(url\(|href=")#', rf"\1#{name}_", named)

    return Markup(re.sub("<[^<>]*>", own, svg))  # noqa: S704 - drawn by the report itself
