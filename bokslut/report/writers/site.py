"""The web site: one HTML file a page, one for what lies under each subject's figures. No server, no script needed.

Every text is escaped by markupsafe when it is put into markup; nothing of the tree is ever markup itself. The theme's
templates and style sheet lie in reports/theme/site.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bokslut.proof.formatting import printed_form, typeset
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
from bokslut.report.markup import slug
from bokslut.report.theme import Theme
from bokslut.report.trace import Mart, SeedRows, Trace, Traces
from bokslut.report.writers.paged import arrow, safe_address, visible

SOURCES = "kallor"
ASSETS = "tema"
FILTERED = 8  # rows from which on a table can be filtered
SNIPPET = 300  # characters of a page in the index of the search
ARROWS = {"up": "▲", "down": "▼", "none": ""}
UNITS = {"sek": "kronor", "percent": "procent", "percentage_points": "procentenheter", "count": "antal", "year": "år"}


def write_site(
    report: Report, pictures: Mapping[str, Picture], theme: Theme, traces: Traces, folder: Path
) -> list[Path]:
    """Write the site into a folder that is not there yet, index.html and what it leads to; the files in order.

    pictures: by the name of the chart. Raises OSError and KeyError (a chart without a picture).
    """
    return _Site(report, pictures, theme, traces, folder).write()


@dataclass(frozen=True)
class _Place:
    """Where a page lies: its file within the site, and the way from it to the site's root."""

    file: str

    @property
    def up(self) -> str:
        return "../" * (len(PurePosixPath(self.file).parts) - 1)

    def to(self, file: str) -> str:
        """The address of another file, from here."""
        return f"{self.up}{file}"


class _Site:
    """One site while it is written."""

    def __init__(
        self, report: Report, pictures: Mapping[str, Picture], theme: Theme, traces: Traces, folder: Path
    ) -> None:
        self.report, self.pictures, self.theme, self.traces, self.folder = report, pictures, theme, traces, folder
        self.environment = Environment(
            loader=FileSystemLoader(theme.folder / "site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.files: list[Path] = []

    def write(self) -> list[Path]:
        pages = self.report.pages
        for index, page in enumerate(pages):
            self._write_page(page, pages[index - 1] if index else None, pages[index + 1 : index + 2])
        subjects: dict[str, list[Trace]] = {}
        for key, trace in self.traces.by_key.items():
            subjects.setdefault(subject_of(key), []).append(trace)
        for name, traces in subjects.items():
            self._write_source(name, traces)
        for mart in self.traces.marts.values():
            self._write_mart(mart)
        look = {**self.theme.colours, **{f"light-{name}": sign.colour for name, sign in self.theme.lights.items()}}
        style = (self.theme.folder / "site" / "style.css").read_text(encoding="utf-8")
        variables = "".join(f"  --{name.replace('_', '-')}: {colour};\n" for name, colour in look.items())
        self._save(f"{ASSETS}/style.css", f":root {{\n{variables}}}\n{style}")
        self._save(f"{ASSETS}/script.js", (self.theme.folder / "site" / "script.js").read_text(encoding="utf-8"))
        found = [
            {"title": page.plain_title, "file": f"{page.path}.html", "text": _snippet(page.blocks)} for page in pages
        ]
        # a script file, since a page that is opened from disk may not read any other
        data = json.dumps(found, ensure_ascii=True, indent=0).replace("</", "<\\/")
        self._save(f"{ASSETS}/sok.js", f"window.searchIndex = {data};\n")
        return self.files

    def _save(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        self.files.append(path)

    def _page(self, file: str, title: str, content: Markup, current: Page | None, links: Mapping[str, object]) -> None:
        place = _Place(file)
        tops = [page for page in self.report.pages if page.level == 1]
        opened = (current.parent or current.path) if current else None
        template = self.environment.get_template("page.html.j2")
        self._save(
            file,
            template.render(
                report=self.report,
                title=visible(title),
                content=content,
                up=place.up,
                assets=ASSETS,
                current=current,
                opened=opened,
                has_control=any(page.path == "kontroll" for page in self.report.pages),
                tops=[
                    (
                        page,
                        [each for each in self.report.pages if each.parent == page.path] if page.path == opened else [],
                    )
                    for page in tops
                ],
                parent=next((page for page in tops if current and page.path == current.parent), None),
                visible=visible,
                **links,
            ),
        )

    def _write_page(self, page: Page, before: Page | None, after: Sequence[Page]) -> None:
        file = f"{page.path}.html"
        writer = _Blocks(self, _Place(file))
        content = Markup("<h1>{}</h1>\n{}").format(writer.inlines(page.title), writer.blocks(page.blocks))
        self._page(file, page.plain_title, content, page, {"before": before, "after": after[0] if after else None})

    # ---------------------------------------------------------------------------------------------------- sources

    def _write_source(self, name: str, traces: Sequence[Trace]) -> None:
        """What lies under the figures of one subject."""
        file = f"{SOURCES}/{name}.html"
        place = _Place(file)
        marts = list(dict.fromkeys(trace.mart.name for trace in traces))
        title = f"Underlag: {name.replace('-', ' ')}"
        template = self.environment.get_template("source.html.j2")
        seeds = list(dict.fromkeys(rows for trace in traces for rows in trace.seeds))
        content = Markup(  # noqa: S704 - the template escapes
            template.render(
                title=title,
                figures=[(trace, measure_of(trace.figure.key), _value(trace)) for trace in traces],
                seeds=[self._seed_table(rows) for rows in seeds],
                marts=[(mart, place.to(f"{SOURCES}/mart/{mart}.html")) for mart in marts],
                has_postings=any(trace.mart.has_postings for trace in traces),
                visible=visible,
            )
        )
        self._page(file, title, content, None, {"before": None, "after": None})

    @staticmethod
    def _seed_table(rows: SeedRows) -> dict[str, object]:
        return {
            "file": rows.file,
            "columns": rows.columns,
            "rows": [(row.line, [visible(cell) for cell in row.cells]) for row in rows.rows],
            "id": slug(rows.file),
        }

    def _write_mart(self, mart: Mart) -> None:
        """The SQL of a mart and of what it reads, and the tests that guard it."""
        title = f"Tabellen {mart.name}"
        template = self.environment.get_template("mart.html.j2")
        content = Markup(template.render(title=title, mart=mart))  # noqa: S704 - the template escapes
        self._page(f"{SOURCES}/mart/{mart.name}.html", title, content, None, {"before": None, "after": None})


class _Blocks:
    """Writes the blocks of one page."""

    def __init__(self, site: _Site, place: _Place) -> None:
        self.site, self.place = site, place
        self.seen: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """An id that stands once on the page."""
        self.seen[name] = self.seen.get(name, 0) + 1
        return name if self.seen[name] == 1 else f"{name}-{self.seen[name]}"

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        return Markup("\n").join(self.block(block) for block in blocks)

    def block(self, block: Block) -> Markup:
        match block:
            case Heading(level, children, anchor):
                return Markup('<h{0} id="{1}">{2}</h{0}>').format(
                    min(level, 6), self.unique(anchor), self.inlines(children)
                )
            case Paragraph(children):
                return Markup("<p>{}</p>").format(self.inlines(children))
            case List(items, is_ordered):
                inside = Markup("").join(Markup("<li>{}</li>").format(self.item(item)) for item in items)
                return Markup("<{0}>{1}</{0}>").format("ol" if is_ordered else "ul", inside)
            case Table():
                return self.table(block)
            case Chart():
                return self.chart(block)
            case BigValue():
                return self.big_value(block)
            case Callout(kind, title, children):
                head = Markup('<p class="callout-title">{}</p>').format(visible(title)) if title else ""
                return Markup('<div class="callout {}">{}{}</div>').format(kind, head, self.blocks(children))
            case Details(title, children):
                return Markup("<details><summary>{}</summary>{}</details>").format(
                    visible(title), self.blocks(children)
                )
            case Row(children):
                return Markup('<div class="row">{}</div>').format(self.blocks(children))
            case Listing(text):
                return Markup('<pre tabindex="0"><code>{}</code></pre>').format(visible(text))
            case PageBreak():
                return Markup('<div class="page-break"></div>')

    def item(self, blocks: Sequence[Block]) -> Markup:
        """A list item; its only paragraph needs no element of its own."""
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self.inlines(blocks[0].children)
        return self.blocks(blocks)

    def inlines(self, inlines: Iterable[Inline]) -> Markup:
        return Markup("").join(self.inline(inline) for inline in inlines)

    def inline(self, inline: Inline) -> Markup:
        match inline:
            case Text(text):
                return escape(visible(text))
            case Number():
                return self.number(inline)
            case Strong(children):
                return Markup("<strong>{}</strong>").format(self.inlines(children))
            case Emphasis(children):
                return Markup("<em>{}</em>").format(self.inlines(children))
            case Code(text):
                return Markup("<code>{}</code>").format(visible(text))
            case Link(children, page, address):
                target = self.place.to(f"{page}.html") if page is not None else address or ""
                if page is None and not safe_address(target):
                    return self.inlines(children)
                return Markup('<a href="{}">{}</a>').format(target, self.inlines(children))
            case Light(colour, label):
                sign = self.site.theme.lights[colour].sign
                return Markup('<span class="light {}"><span aria-hidden="true">{}</span> {}</span>').format(
                    colour, sign, visible(label)
                )
            case Trend(direction, label):
                sign = self.site.theme.trends[direction]
                return Markup('<span class="trend"><span aria-hidden="true">{}</span> {}</span>').format(
                    sign, visible(label)
                )
            case Delta(number, is_good):
                tone = {None: "even", True: "good", False: "bad"}[is_good]
                return Markup('<span class="delta {}"><span aria-hidden="true">{}</span> {}</span>').format(
                    tone, ARROWS[arrow(number)], self.number(number)
                )

    def number(self, number: Number) -> Markup:
        """A number, with the way to where it comes from."""
        key = number.figure_key
        if key is None or key not in self.site.traces.by_key:
            return Markup('<span class="number">{}{}</span>').format(number.printed, number.suffix)
        target = self.place.to(f"{SOURCES}/{subject_of(key)}.html#{slug(measure_of(key))}")
        return Markup('<a class="number" href="{}">{}{}</a>').format(target, number.printed, number.suffix)

    def big_value(self, value: BigValue) -> Markup:
        comparison = Markup("")
        if value.comparison is not None:
            comparison = Markup('<span class="comparison">{} <span>{}</span></span>').format(
                self.inline(value.comparison), visible(value.comparison_title)
            )
        return Markup('<p class="big-value"><span class="title">{}</span> <span class="value">{}</span> {}</p>').format(
            visible(value.title), self.number(value.number), comparison
        )

    def chart(self, chart: Chart) -> Markup:
        picture = self.site.pictures[chart.name]
        return Markup(
            '<figure class="chart"><figcaption>{}</figcaption>'
            '<div class="drawing" tabindex="0" role="region" aria-label="{}">{}</div>'
            "<details><summary>Visa som tabell</summary>{}</details></figure>"
        ).format(
            visible(chart.title),
            f"Diagram: {visible(chart.title)}",
            Markup(picture.svg),  # noqa: S704 - drawn by us, its texts are escaped there
            self.table(chart.table),
        )

    def table(self, table: Table) -> Markup:
        name = self.unique(slug(table.caption)[:60] or "tabell")
        classes = ["number" if column.is_number else "" for column in table.columns]
        heads = Markup("").join(
            Markup('<th scope="col"{}>{}{}</th>').format(
                _class(kind),
                visible(column.title),
                Markup(" <small>{}</small>").format(column.unit) if column.unit else "",
            )
            for column, kind in zip(table.columns, classes, strict=True)
        )
        largest = [self.largest(table, index) for index in range(len(table.columns))]
        rows = Markup("\n").join(self.row(table, row, classes, largest) for row in table.rows)
        foot = Markup("")
        if table.total is not None:
            none = [Decimal(0)] * len(table.columns)
            foot = Markup("<tfoot>{}</tfoot>").format(self.row(table, table.total, classes, none))
        filtered = Markup(" data-filter") if len(table.rows) > FILTERED else ""
        return Markup(
            '<div class="table" tabindex="0" role="region" aria-labelledby="{0}"><table{1}>'
            '<caption id="{0}">{2}</caption>'
            "<thead><tr>{3}</tr></thead>\n<tbody>{4}</tbody>{5}</table></div>"
        ).format(f"t-{name}", filtered, visible(table.caption), heads, rows, foot)

    def row(
        self, table: Table, row: Sequence[tuple[Inline, ...]], classes: Sequence[str], largest: Sequence[Decimal]
    ) -> Markup:
        cells = []
        for index, (cell, kind) in enumerate(zip(row, classes, strict=True)):
            bar = _bar(cell, largest[index]) if table.columns[index].viz == "bar" else ""
            value = _number(cell)
            sort = Markup(' data-sort="{}"').format(value) if value is not None and kind else ""
            inside = Markup("{}{}").format(bar, self.inlines(cell))
            name = Markup('th scope="row"') if index == 0 else Markup("td")
            cells.append(
                Markup("<{}{}{}>{}</{}>").format(name, _class(kind), sort, inside, "th" if index == 0 else "td")
            )
        return Markup("<tr>{}</tr>").format(Markup("").join(cells))

    @staticmethod
    def largest(table: Table, index: int) -> Decimal:
        """The largest number of a column, whatever its sign: the length of the longest bar."""
        values = [abs(value) for row in table.rows for value in [_number(row[index])] if value is not None]
        return max(values, default=Decimal(0))


def subject_of(key: str) -> str:
    """The name of the page of a figure's subject: its key without the last part."""
    return slug(key.rpartition("/")[0])


def measure_of(key: str) -> str:
    """The last part of a key."""
    return key.rpartition("/")[2]


def _number(cell: Sequence[Inline]) -> Decimal | None:
    for inline in cell:
        if isinstance(inline, Number):
            return inline.value
        if isinstance(inline, Delta):
            return inline.number.value
    return None


def _bar(cell: Sequence[Inline], largest: Decimal) -> Markup:
    """A bar beside a number, a fiftieth of its column's longest a step; it says nothing that the number does not."""
    value = _number(cell)
    if not value or not largest:
        return Markup('<span class="bar" aria-hidden="true"></span>')
    return Markup('<span class="bar {} w{}" aria-hidden="true"></span>').format(
        "good" if value > 0 else "bad", max(1, round(abs(value) / largest * 20))
    )


def _class(name: str) -> Markup:
    return Markup(' class="{}"').format(name) if name else Markup("")


def _value(trace: Trace) -> str:
    """A figure in its own unit, in full."""
    value = trace.figure.value
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{typeset(printed_form(value, 1, decimals))} {UNITS.get(trace.figure.unit, '')}".strip()


def _snippet(blocks: Iterable[Block]) -> str:
    """The first words of a page, for the search."""
    words = " ".join(_texts(blocks))
    return re.sub(r"\s+", " ", visible(words))[:SNIPPET]


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        match block:
            case Heading(children=children) | Paragraph(children=children):
                yield plain(children)
            case Row(children) | Callout(children=children) | Details(children=children):
                yield from _texts(children)
            case Table(caption, rows=rows):
                yield caption
                yield from (plain(row[0]) for row in rows)
            case _:
                pass
