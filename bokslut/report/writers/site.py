"""The web site: an HTML file a page, and what lies under the figures. No server, and no script that is needed to read.

The theme's templates, style sheet and script lie in reports/theme/site. Nothing of another address is ever loaded, and
every link is relative, so that the site opens from a disk. The same report gives the same bytes.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bokslut.proof.formatting import NO_BREAK_SPACE, printed_form, typeset
from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Column,
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
    PageBreak,
    Paragraph,
    Picture,
    Report,
    Row,
    Strong,
    Table,
    Text,
    plain,
)
from bokslut.report.errors import ReportError
from bokslut.report.figures import FAMILIES
from bokslut.report.formats import UNIT_NAMES
from bokslut.report.theme import Theme
from bokslut.report.trace import Mart, SeedRow, SeedRows, Trace, Traces
from bokslut.report.writers.html import FILTERED, Html, listing
from bokslut.report.writers.paged import visible

ASSETS, SOURCES, MARTS = "tema", "kallor", "kallor/mart"
CONTROL = "kontroll"
PAGE = re.compile("[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
SEARCHED = 4000  # characters of a page that can be searched
LONGEST_NAME = 100  # characters of a file name

# the option of `bokslut vouchers` that takes the thing of a family
VOUCHERS = {"operating": "--activity"}
WORDS = {"total": "totalt", "operating": "drift", "investment": "investering", "unsplit": "ej uppdelat"}


class SiteError(ReportError):
    """The site cannot be made."""


def write_site(
    report: Report, pictures: Mapping[str, Picture], theme: Theme, traces: Traces, folder: Path
) -> list[Path]:
    """Write the site into a folder, index.html and what it leads to. The files in the order of reading.

    pictures: by name of the chart. Raises SiteError, OSError and KeyError (no picture).
    """
    written = []
    for file, text in site_files(report, pictures, theme, traces):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def site_files(
    report: Report, pictures: Mapping[str, Picture], theme: Theme, traces: Traces
) -> Iterator[tuple[str, str]]:
    """The files of the site by their place in it. Raises SiteError and KeyError (a chart without a picture)."""
    paths = [page.path for page in report.pages]
    for path in paths:
        if not PAGE.fullmatch(path) or path.split("/")[0] in (ASSETS, SOURCES) or paths.count(path) > 1:
            raise SiteError(f"no page can have the address {path!r} - name its file otherwise")
    return _Site(report, pictures, theme, traces).files()


@dataclass
class _Use:
    """Where a figure stands in the report. label: what it is called there, of a column or a large number, or empty."""

    label: str = ""
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Subject:
    """The figures of one thing: operating/45. family: "Drift". thing: "Gymnasieskola". file: their page."""

    key: str
    family: str
    thing: str
    file: str
    traces: tuple[Trace, ...]

    @property
    def name(self) -> str:
        return f"{self.family}, {self.thing}"


class _Site:
    """One site."""

    def __init__(self, report: Report, pictures: Mapping[str, Picture], theme: Theme, traces: Traces) -> None:
        self.report, self.pictures, self.theme, self.traces = report, pictures, theme, traces
        self.pages = {page.path: page for page in report.pages}
        self.uses = _uses(report)
        self.subjects = self._subjects()
        self.environment = Environment(
            loader=FileSystemLoader(theme.folder / "site"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_seen,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def files(self) -> Iterator[tuple[str, str]]:
        pages = self.report.pages
        for at, page in enumerate(pages):
            yield _file(page), self._page(page, pages[:at], pages[at + 1 :])
        if self.subjects:
            yield f"{SOURCES}/index.html", self._sources()
        for subject in self.subjects:
            yield subject.file, self._source(subject)
        for mart in self._marts(self.subjects):
            yield f"{MARTS}/{mart.name}.html", self._mart(mart)
        yield f"{ASSETS}/style.css", _variables(self.theme) + self._asset("style.css")
        yield f"{ASSETS}/script.js", self._asset("script.js")
        # a script, since a page that is opened from a disk may read no other file
        index = [{"title": visible(page.plain_title), "file": _file(page), "text": _searched(page)} for page in pages]
        data = json.dumps(index, indent=0).replace("<", "\\u003c")
        yield f"{ASSETS}/sok.js", f"window.searchIndex = {data};\n"

    def _asset(self, name: str) -> str:
        return (self.theme.folder / "site" / name).read_text(encoding="utf-8")

    def _render(self, template: str, file: str, title: str, parts: Mapping[str, object]) -> str:
        up = "../" * file.count("/")
        page = self.pages.get(file.removesuffix(".html"))
        opened = (page.parent or page.path) if page else None
        return self.environment.get_template(template).render(
            report=self.report,
            title=title,
            page=page,
            opened=opened,
            up=up,
            assets=ASSETS,
            sources=f"{SOURCES}/index.html" if self.subjects else None,
            control=_file(self.pages[CONTROL]) if CONTROL in self.pages else None,
            pages=[each for each in self.report.pages if each.parent is None],
            below=[each for each in self.report.pages if opened is not None and each.parent == opened],
            file_of=_file,
            above=self._above(file),
            **parts,
        )

    def _above(self, file: str) -> list[tuple[str, str]]:
        """The pages above a page, from the start page down: address from the root, and title."""
        start = self.report.pages[0]
        if file == _file(start):
            return []
        above = [(_file(start), start.plain_title)]
        page = self.pages.get(file.removesuffix(".html"))
        if page is not None and page.parent is not None and page.parent in self.pages:
            parent = self.pages[page.parent]
            above.append((_file(parent), parent.plain_title))
        elif page is None and file != f"{SOURCES}/index.html":
            above.append((f"{SOURCES}/index.html", "Källor"))
        return above

    def _page(self, page: Page, before: Sequence[Page], after: Sequence[Page]) -> str:
        up = "../" * page.path.count("/")

        def to_source(number: Number) -> str | None:
            found = self.traces.by_key.get((number.figure_key or "", number.fiscal_year or 0))
            return f"{up}{self._source_of(found)}" if found else None

        html = Html(self.pictures, self.theme, lambda path: f"{up}{_file(self.pages[path])}", to_source)
        return self._render(
            "report.html.j2",
            _file(page),
            page.plain_title,
            {
                "heading": html.inlines(page.title),
                "content": html.blocks(page.blocks),
                "previous": before[-1] if before else None,
                "next": after[0] if after else None,
            },
        )

    # ------------------------------------------------------------------------------------------------ sources

    def _subjects(self) -> list[_Subject]:
        """The things whose figures stand in the report, by key."""
        found: dict[str, list[Trace]] = {}
        for at, trace in self.traces.by_key.items():
            if at in self.uses:
                found.setdefault(_subject_of(trace.figure.key), []).append(trace)
        return [
            _Subject(
                key,
                FAMILIES.get(family, family),
                _thing(key, traces),
                f"{SOURCES}/{_subject_name(key)}.html",
                tuple(traces),
            )
            for key, traces in sorted(found.items())
            for family in [key.partition("/")[0]]
        ]

    @staticmethod
    def _marts(subjects: Iterable[_Subject]) -> list[Mart]:
        found = {trace.mart.name: trace.mart for subject in subjects for trace in subject.traces}
        return [mart for _, mart in sorted(found.items())]

    def _source_of(self, trace: Trace) -> str:
        """The place of a figure among the sources, from the root of the site."""
        return f"{SOURCES}/{_subject_name(_subject_of(trace.figure.key))}.html#{self._anchor(trace)}"

    def _anchor(self, trace: Trace) -> str:
        """The id of a figure on the page of its subject: its measure, with the year where it is not the report's."""
        measure = _safe(_measure_of(trace.figure.key).replace("/", "."))
        year = trace.figure.fiscal_year
        return measure if year == self.traces.fiscal_year else f"{measure}.{year}"

    def _sources(self) -> str:
        families: dict[str, list[_Subject]] = {}
        for subject in self.subjects:
            families.setdefault(subject.family, []).append(subject)
        parts = {"families": sorted(families.items()), "marts": self._marts(self.subjects)}
        return self._render("sources.html.j2", f"{SOURCES}/index.html", "Källor till siffrorna", parts)

    def _source(self, subject: _Subject) -> str:
        """What lies under the figures of one thing: figures that rest on the same rows show them once."""
        html = Html({}, self.theme, str, lambda _: None)
        bases = list(dict.fromkeys(trace.basis for trace in subject.traces))
        seeds = _merged(seed for basis in bases for seed in basis.seeds)
        parts = {
            "figures": [self._figure(trace) for trace in subject.traces],
            "has_postings": any(trace.mart.has_postings for trace in subject.traces),
            "vouchers": self._vouchers(subject.key),
            "is_whole": any(basis.is_whole for basis in bases),
            "tables": [html.table(_table(seed, seed.rows, "")) for seed in seeds if seed.rows],
            "earlier": [html.table(_table(seed, seed.earlier, ", tidigare år")) for seed in seeds if seed.earlier],
            "left_out": max(basis.left_out for basis in bases),
            "unlisted": sorted({file for basis in bases for file in basis.unlisted} - {seed.file for seed in seeds}),
            "marts": self._marts([subject]),
        }
        return self._render("source.html.j2", subject.file, f"Källa: {subject.name}", parts)

    def _vouchers(self, key: str) -> str | None:
        """The command that lists the imported postings behind a thing's figures; None where no option narrows to it."""
        family, thing = key.split("/")[:2]
        if family not in VOUCHERS or thing in WORDS:
            return None
        report = self.report
        owner = (
            "--organisation",
            report.organisation_id,
            "--board",
            report.board_id,
            "--year",
            str(report.fiscal_year),
        )
        return shlex.join(("bokslut", "vouchers", *owner, VOUCHERS[family], thing))

    def _figure(self, trace: Trace) -> dict[str, object]:
        """A figure among its sources."""
        figure, mart = trace.figure, trace.mart
        use = self.uses[figure.key, figure.fiscal_year]
        of_column = re.compile(rf"\b{re.escape(figure.column)}\b")
        year = [] if figure.fiscal_year == self.traces.fiscal_year else [str(figure.fiscal_year)]
        label = use.label or _measure_of(figure.key).replace("_", " ")
        return {
            "anchor": self._anchor(trace),
            "label": ", ".join(dict.fromkeys(part for part in (label, *trace.basis.names[1:], *year) if part)),
            "value": _in_full(figure.value, figure.unit),
            "figure": figure,
            "pages": [self.pages[path] for path in use.pages],
            "description": mart.columns.get(figure.column, ""),
            "guards": [guard for guard in mart.guards if of_column.search(guard.expression)],
        }

    def _mart(self, mart: Mart) -> str:
        subjects = [
            subject for subject in self.subjects if any(trace.mart.name == mart.name for trace in subject.traces)
        ]
        parts = {
            "mart": mart,
            "subjects": subjects,
            "models": [(model, listing(model.sql, "sql")) for model in mart.models],
            "filtered": FILTERED,
        }
        return self._render("mart.html.j2", f"{MARTS}/{mart.name}.html", f"Tabellen {mart.name}", parts)


def _seen(value: object) -> object:
    """What a template prints: text without signs that are not seen."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _file(page: Page) -> str:
    return f"{page.path}.html"


def _subject_of(key: str) -> str:
    """The thing that a figure is about: the first two parts of its key."""
    return "/".join(key.split("/")[:2])


def _measure_of(key: str) -> str:
    """What a figure says of its thing: the rest of its key."""
    return "/".join(key.split("/")[2:])


def _subject_name(key: str) -> str:
    """The name of the file of a subject; a family holds no hyphen, so that no two subjects share one."""
    family, _, thing = key.partition("/")
    name = f"{_safe(family)}-{_safe(thing)}"
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}~{sha256(key.encode()).hexdigest()[:16]}"


def _safe(text: str) -> str:
    """A text as part of an address and of a file name; other signs than letters and digits by their number."""
    return re.sub("[^A-Za-z0-9_.-]", lambda sign: f"~{ord(sign[0]):x}", text).lstrip(".") or "~"


def _thing(key: str, traces: Sequence[Trace]) -> str:
    """What the thing of a key is called, as its rows say it."""
    names = [name for trace in traces for name in trace.basis.names[:1] if name]
    thing = key.partition("/")[2]
    return names[-1] if names else WORDS.get(thing, thing)


def _in_full(value: Decimal, unit: str) -> str:
    """A figure in its own unit, with all its decimals."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{typeset(printed_form(value, 1, decimals))}{NO_BREAK_SPACE}{UNIT_NAMES.get(unit, unit)}".rstrip()


def _merged(seeds: Iterable[SeedRows]) -> list[SeedRows]:
    """The rows of each file once, in the order of its lines; a row that is of some figure's year is no earlier one."""
    found: dict[str, list[SeedRows]] = {}
    for seed in seeds:
        found.setdefault(seed.file, []).append(seed)
    merged = []
    for file, parts in sorted(found.items()):
        rows = {row for part in parts for row in part.rows}
        earlier = {row for part in parts for row in part.earlier} - rows
        merged.append(SeedRows(file, parts[0].columns, *(tuple(sorted(each, key=_at)) for each in (rows, earlier))))
    return merged


def _at(row: SeedRow) -> int:
    return row.line


def _table(seed: SeedRows, rows: Iterable[SeedRow], which: str) -> Table:
    """Rows of a seed as a table, each headed by its line in the file."""
    return Table(
        seed.file + which,
        (Column("Rad", is_number=True), *(Column(name) for name in seed.columns)),
        tuple((_line(row), *((Text(cell),) for cell in row.cells)) for row in rows),
    )


def _line(row: SeedRow) -> tuple[Number]:
    return (Number(str(row.line), value=Decimal(row.line)),)


def _variables(theme: Theme) -> str:
    """The theme as variables of the style sheet."""
    colours = dict(theme.colours) | {f"light_{name}": light.colour for name, light in theme.lights.items()}
    fonts = ", ".join(json.dumps(font) for font in theme.fonts)
    lines = [f"  --{name.replace('_', '-')}: {colour};" for name, colour in colours.items()]
    return "\n".join([":root {", *lines, f"  --fonts: {fonts};", "}\n"])


# ---------------------------------------------------------------------------------------------------- the tree


def _uses(report: Report) -> dict[tuple[str, int], _Use]:
    """Where each figure stands, by key and year."""
    uses: dict[tuple[str, int], _Use] = {}
    for page in report.pages:
        for number, label in [*((each, "") for each in _numbers(page.title)), *_labelled(page.blocks)]:
            if number.figure_key is None or number.fiscal_year is None:
                continue
            use = uses.setdefault((number.figure_key, number.fiscal_year), _Use())
            use.label = use.label or label
            if page.path not in use.pages:
                use.pages.append(page.path)
    return uses


def _labelled(blocks: Iterable[Block]) -> Iterator[tuple[Number, str]]:
    """The numbers of blocks, and what the head of their column or the title of the large number calls them."""
    for block in blocks:
        match block:
            case Heading(children=children) | Paragraph(children=children):
                yield from ((number, "") for number in _numbers(children))
            case List(items):
                for item in items:
                    yield from _labelled(item)
            case Table() | Chart(table=Table()):
                table = block.table if isinstance(block, Chart) else block
                for row in [*table.rows, *([table.total] if table.total else [])]:
                    for column, cell in zip(table.columns, row, strict=True):
                        yield from ((number, column.title) for number in _numbers(cell))
            case BigValue(title, number, comparison):
                yield number, title
                if comparison is not None:
                    yield comparison.number, ""
            case Callout(children=inside) | Details(children=inside) | Row(children=inside):
                yield from _labelled(inside)
            case Listing() | PageBreak():
                pass


def _numbers(inlines: Iterable[Inline]) -> Iterator[Number]:
    for inline in inlines:
        match inline:
            case Number():
                yield inline
            case Delta(number):
                yield number
            case Strong(children) | Emphasis(children) | Link(children):
                yield from _numbers(children)


def _searched(page: Page) -> str:
    """The text of a page that can be searched, on one line."""
    return re.sub(r"\s+", " ", visible(" ".join(_texts(page.blocks))))[:SEARCHED].strip()


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(children=children) | Paragraph(children=children):
                yield plain(children)
            case List(items):
                for item in items:
                    yield from _texts(item)
            case Table(caption, columns, rows):
                yield caption
                # numbers are not searched for
                wanted = [index for index, column in enumerate(columns) if not column.is_number]
                yield from (plain(row[index]) for row in rows for index in wanted)
            case Chart(title=title, description=description):
                yield title
                yield description
            case BigValue(title):
                yield title
            case Callout(title=title, children=inside) | Details(title=title, children=inside):
                yield title
                yield from _texts(inside)
            case Row(inside):
                yield from _texts(inside)
            case Listing() | PageBreak():
                pass
