"""docs/reports.md says what the code does: every example renders, every message is said, every tag is told in full.

The pages of the report are held to what they share: queries, partials, and the exposure that names their marts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from bokslut.cli import app
from bokslut.proof.formatting import NO_BREAK_SPACE
from bokslut.proof.warehouse import open_warehouse
from bokslut.report.document import Report
from bokslut.report.figures import Figures
from bokslut.report.formats import read_format, show_figure
from bokslut.report.pages import Folder, read_folder, read_page
from bokslut.report.queries import Marts
from bokslut.report.render import Board, Renderer
from bokslut.report.run import boards
from bokslut.report.specs import SPECS
from bokslut.report.tags import PageError, Tag, read_source
from bokslut.report.theme import Theme
from bokslut.report.trace import read_lineage
from bokslut.report.writers.markdown import markdown
from project import DATABASE, REPOSITORY, Project

DOCS = REPOSITORY / "docs/reports.md"
REPORTS = REPOSITORY / "reports"
PLACE = "exempel.md"  # the file of an example that does not name one
EXAMPLE = re.compile(r"(?ms)^(?P<fence>`{3,})markdown(?: (?P<file>\S+))?\n(?P<body>.*?)^(?P=fence)$")
TABLE = re.compile(r"(?m)^\|.*\n\|[-| ]+\n(?:\|.*\n)+")
CODE = re.compile(r"`([^`]+)`")
MART = re.compile(r"\bmarts\.((?:dim|fct|rpt)_[a-z_]+)")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Example:
    """A page of the docs. line: where it begins in them. file: its place below reports/pages."""

    line: int
    file: str
    text: str

    @property
    def path(self) -> str:
        """The path of its page."""
        return self.file.removesuffix(".md")

    @property
    def tags(self) -> set[str]:
        """The names of the tags in it."""
        return {token.name for token in read_source(self.text, self.file).tokens if isinstance(token, Tag)}


@dataclass(frozen=True)
class Section:
    """A section of the docs. names: what stands as code in its heading. text: what stands under it, examples apart."""

    names: tuple[str, ...]
    text: str
    examples: tuple[Example, ...]


def read_docs() -> Iterator[Section]:
    """The sections of the docs in order."""
    docs = DOCS.read_text(encoding="utf-8")
    # an example may hold headings of its own
    blank = EXAMPLE.sub(lambda found: re.sub("[^\n]", " ", found.group()), docs)
    starts = [heading.start() for heading in re.finditer("(?m)^#{1,3} ", blank)]
    for start, end in zip(starts, [*starts[1:], len(docs)], strict=True):
        found = EXAMPLE.finditer(docs, start, end)
        yield Section(
            tuple(CODE.findall(blank[start : blank.index("\n", start)])),
            blank[start:end],
            tuple(
                Example(1 + docs.count("\n", 0, each.start()), each["file"] or PLACE, each["body"]) for each in found
            ),
        )


def rows_of(text: str, *heads: str) -> list[Cells]:
    """The rows of every table with these heads, by head."""
    found = [table.group().strip().split("\n") for table in TABLE.finditer(text)]
    return [
        dict(zip(heads, _cells(line), strict=True))
        for first, _, *lines in found
        if _cells(first) == [*heads]
        for line in lines
    ]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def code(cell: str) -> str:
    """What stands as code in a cell, the first of several."""
    return str(CODE.findall(cell)[0])


SECTIONS = tuple(read_docs())
WHOLE = "".join(section.text for section in SECTIONS)
EXAMPLES = [example for section in SECTIONS for example in section.examples]
# only tags stand as code in headings; a table of attributes with a column "of" says which of them has the attribute
TAGS = [section for section in SECTIONS if section.names]
# tables of what is refused: by the head of what is written, the page that it is written in
PAGES = {
    "written": "---\ntitle: Exempel\n---\n\nWRONG\n",
    "query": '---\ntitle: Exempel\n---\n\n```sql q\nWRONG\n```\n\n{% if data="q" %}\nText\n{% /if %}\n',
    "front matter": "---\nWRONG\n---\n\nText\n",
}
WRONG = [
    (page.replace("WRONG", code(row[head])), code(row["said"]))
    for head, page in PAGES.items()
    for row in rows_of(WHOLE, head, "said")
]


@dataclass(frozen=True)
class Desk:
    """Renders a page among the pages of the report, which stand there by their titles alone, as targets of links."""

    folder: Folder
    marts: Marts
    figures: Figures
    board: Board
    theme: Theme
    tests: Mapping[str, Sequence[tuple[str, str]]]

    def render(self, text: str, file: str = PLACE) -> Report:
        """The report with this page, in place of the one of the same file. Raises PageError."""
        written = read_page(text, file, file.removesuffix(".md"))
        others = (
            replace(page, source=replace(page.source, tokens=()))
            for page in self.folder.pages
            if page.path != written.path
        )
        folder = replace(self.folder, pages=(*others, written))
        renderer = Renderer(folder, self.marts, self.figures, self.board, self.theme, self.tests, lambda _: None)
        return renderer.report("Exempel")


@contextmanager
def open_desk(project: Path) -> Iterator[Desk]:
    """Everything but the page, from a built project."""
    folder, theme = read_folder(project / "reports"), Theme.read(project / "reports/theme")
    tests = read_lineage(project / "target/manifest.json", project).tests
    with open_warehouse(project / DATABASE) as warehouse:
        board = boards(warehouse)[-1]
        figures = Figures.read(warehouse.connection, board.organisation_id, board.board_id)
        yield Desk(folder, Marts(warehouse.connection), figures, board, theme, tests)


@pytest.fixture(scope="module")
def desk(built: Project) -> Iterator[Desk]:
    """The desk of the built project; closed with this module, since others open the database otherwise."""
    with open_desk(built.path) as desk:
        yield desk


# ----------------------------------------------------------------------------------------------------------- examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line-{example.line}")
def test_each_example_renders(desk: Desk, example: Example) -> None:
    text = example.text if example.text.startswith("---") else f"---\ntitle: Exempel\n---\n\n{example.text}"
    report = desk.render(text, example.file)
    made = [page.path for page in report.pages if page.blocks]
    if "[" in example.file:
        assert made
        assert {path.rpartition("/")[0] for path in made} == {example.path.rpartition("/")[0]}
    else:
        assert made == [example.path]
    without = replace(report, pages=tuple(replace(page, blocks=()) for page in report.pages))
    assert len(markdown(report, desk.theme)) > len(markdown(without, desk.theme))


@pytest.mark.parametrize(("page", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_said_as_the_docs_say_it(desk: Desk, page: str, said: str) -> None:
    with pytest.raises(PageError) as error:
        desk.render(page)
    assert error.value.message == said


def test_the_docs_show_what_each_kind_of_error_looks_like() -> None:
    assert [head for head in PAGES if not rows_of(WHOLE, head, "said")] == []


# --------------------------------------------------------------------------------------------------------------- tags


def test_each_tag_is_told_once() -> None:
    assert sorted(name for section in TAGS for name in section.names) == sorted(SPECS)


def test_each_tag_has_an_example_in_its_section() -> None:
    shown = {name for section in TAGS for name in section.names for each in section.examples if name in each.tags}
    assert sorted(SPECS.keys() - shown) == []


@pytest.mark.parametrize("name", SPECS)
def test_each_attribute_is_told_and_no_other(name: str) -> None:
    (section,) = (section for section in TAGS if name in section.names)
    rows = rows_of(section.text, "attribute", "what it says") if len(section.names) == 1 else []
    rows += [
        row
        for row in rows_of(section.text, "attribute", "of", "what it says")
        if row["of"] == "all" or name in CODE.findall(row["of"])
    ]
    told = {attribute: "(needed)" in row["attribute"] for row in rows for attribute in CODE.findall(row["attribute"])}
    assert told == {attribute: attribute in SPECS[name].required for attribute in SPECS[name].attributes}


def test_tables_of_attributes_name_the_tags_of_their_section_alone() -> None:
    for section in TAGS:
        of = {
            name for row in rows_of(section.text, "attribute", "of", "what it says") for name in CODE.findall(row["of"])
        }
        assert of <= set(section.names)


# --------------------------------------------------------------------------------------------- formats, keys, options


def test_each_format_prints_what_the_docs_say() -> None:
    rows = rows_of(WHOLE, "format", "value", "unit", "prints")
    assert rows
    for row in rows:
        number = show_figure(
            Decimal(code(row["value"])), code(row["unit"]), read_format(code(row["format"])), None, None
        )
        printed = (number.printed + number.suffix).replace(NO_BREAK_SPACE, " ")
        assert (code(row["format"]), printed) == (code(row["format"]), code(row["prints"]))


def test_the_figures_of_the_docs_are_there(desk: Desk) -> None:
    rows = rows_of(WHOLE, "key", "what it is")
    keys = [key for row in rows for key in CODE.findall(row["key"])]
    assert sorted(set(keys) - {key for key, _ in desk.figures.by_key}) == []
    assert sorted(key.split("/")[0] for key in keys) == sorted(desk.figures.families)


def test_the_built_in_variables_are_told(desk: Desk) -> None:
    told = [code(row["variable"]).removeprefix("$") for row in rows_of(WHOLE, "variable", "what it is")]
    assert sorted(told) == sorted(desk.board.variables())


def test_the_options_of_the_command_are_told() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    known = [option for each in group.commands["report"].params for option in each.opts]
    assert sorted(code(row["option"]).split()[0] for row in rows_of(WHOLE, "option", "what it does")) == sorted(known)


# --------------------------------------------------------------------------------------------------------------- pages


def test_each_shared_query_is_used() -> None:
    assert unused("queries/*.sql", "{{{{ {0} }}}}", 'data="{0}"', "\neach: {0}\n") == []


def test_each_partial_is_used() -> None:
    assert unused("partials/*.md", '{{% partial file="/partials/{0}"') == []


def unused(shared: str, *uses: str) -> list[str]:
    """The files of that pattern that no page or partial uses in any of these ways."""
    written = "".join(path.read_text(encoding="utf-8") for path in REPORTS.rglob("*.md"))
    names = sorted(path.stem for path in REPORTS.glob(shared))
    assert names
    return [name for name in names if not any(use.format(name) in written for use in uses)]


def test_the_exposure_names_the_marts_of_the_report() -> None:
    files = [*REPORTS.rglob("*.md"), *REPORTS.rglob("*.sql"), *(REPOSITORY / "bokslut/report").rglob("*.py")]
    read = {mart for path in files for mart in MART.findall(path.read_text(encoding="utf-8"))}
    exposures = yaml.safe_load((REPOSITORY / "models/marts/_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    (annual_report,) = (each for each in exposures if each["name"] == "annual_report")
    named = {re.sub(r"ref\('(.*)'\)", r"\1", each) for each in annual_report["depends_on"]}
    assert (sorted(named - read), sorted(read - named)) == ([], [])
