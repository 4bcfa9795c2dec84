"""The whole report of the built project: every file, proven, the same each time; and of one whose texts are hostile."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.testing import CliRunner

from bokslut.cli import app
from bokslut.proof.bindings import sidecar_of
from bokslut.proof.reader import read_document
from bokslut.report.errors import ReportError
from bokslut.report.run import KINDS, Inputs, Outcome, boards, choose_boards, open_maker
from bokslut.report.tags import PageError
from bokslut.report.writers.paged import visible
from project import DATABASE, Project
from report_sample import HOSTILE

LONG = 1000  # characters; a writer may cut a longer word, visibly
MANIFEST = Path("target") / "manifest.json"
WHOLE = ("arsredovisning.md", "arsredovisning.pdf", "arsredovisning.docx")


@dataclass(frozen=True)
class Made:
    """A report that was made, and the warehouse that it was made from."""

    outcome: Outcome
    database: Path

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.outcome.folder

    def html(self) -> dict[str, BeautifulSoup]:
        """The pages of the site by their path."""
        return {
            path.relative_to(self.folder).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
            for path in sorted(self.folder.rglob("*.html"))
        }

    def files(self) -> dict[str, bytes]:
        """What each file that it says it made holds."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in self.outcome.files}


def make(
    project: Project,
    folder: Path,
    kinds: tuple[str, ...] = KINDS,
    *,
    pages: Path | None = None,
    database: Path | None = None,
) -> Made:
    """The report of the only board, in its latest year."""
    database = database or project.path / DATABASE
    inputs = Inputs(database, pages or project.path / "reports", project.path / MANIFEST, project.path)
    with open_maker(inputs) as maker:
        (board,) = choose_boards(boards(maker.warehouse), None, None, None)
        return Made(maker.make(board, folder, kinds, lambda _: None), database)


@pytest.fixture(scope="session")
def made(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(built, tmp_path_factory.mktemp("report") / "made")


# ------------------------------------------------------------------------------------------------ the files


def test_every_file_is_there_with_its_bindings(made: Made) -> None:
    names = set(made.files())
    whole = {"webb/index.html", "arsredovisning.xlsx", *WHOLE}
    assert whole <= names
    assert {str(sidecar_of(Path(name))) for name in whole} <= names
    pages = [name for name in names if name.endswith(".html") and not name.startswith("webb/kallor/")]
    for part in ("drift/", "investeringar/", "mal/"):
        assert any(name.startswith(f"webb/{part}") for name in pages), part
    assert {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()} >= names
    assert [path.name for path in made.folder.parent.iterdir()] == [made.folder.name], "nothing is left beside it"


def test_everything_that_was_written_is_proven(made: Made) -> None:
    assert made.outcome.failures() == []
    assert set(made.outcome.failed.values()) == {0}
    for name in WHOLE:
        assert made.outcome.proven[name] > 100
    assert len({made.outcome.proven[name] for name in WHOLE}) == 1, "the same figures in each"
    assert sum(count for name, count in made.outcome.proven.items() if name.startswith("webb/")) > 100
    for name in WHOLE:
        assert f"{name}: {made.outcome.proven[name]} figures proven" in made.outcome.summary()


def test_the_same_marts_give_the_same_bytes(made: Made, built: Project, tmp_path: Path) -> None:
    again = make(built, tmp_path / "again").files()
    first = made.files()
    assert [name for name in first if first[name] != again.get(name)] == []
    assert again.keys() == first.keys()


def test_every_link_of_the_site_leads_to_a_file(made: Made) -> None:
    for name, soup in made.html().items():
        for link in soup.find_all(href=True):
            target = str(link["href"]).partition("#")[0]
            if target and not re.match("(?:https|mailto):", target):
                assert ((made.folder / name).parent / target).is_file(), f"{name}: {target}"


def test_every_sheet_has_its_texts_as_texts(made: Made) -> None:
    book = openpyxl.load_workbook(made.folder / "arsredovisning.xlsx")
    assert "Kontroll" in book.sheetnames
    assert len(book.sheetnames) > 5


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("wrong", [("9999", None, None), (None, "BUN", None), (None, None, 1999)])
def test_a_board_or_year_that_is_not_there_lists_those_that_are(
    built: Project, wrong: tuple[str | None, str | None, int | None]
) -> None:
    with open_maker(Inputs(built.path / DATABASE, built.path / "reports", built.path / MANIFEST, built.path)) as maker:
        known = boards(maker.warehouse)
        with pytest.raises(ReportError) as caught:
            choose_boards(known, *wrong)
    for board in known:
        assert f"{board.organisation_id} {board.board_id} {board.fiscal_year}" in str(caught.value)


def broken_pages(project: Project, folder: Path) -> Path:
    """The project's pages, of which the start page names a figure that there is not."""
    pages = folder / "pages-with-a-slip"
    shutil.copytree(project.path / "reports", pages)
    with (pages / "pages" / "index.md").open("a", encoding="utf-8") as file:
        file.write('\n{% figure key="operating/total/varience" /%}\n')
    return pages


def test_a_page_that_fails_leaves_the_former_report_as_it_was(built: Project, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "report"
    before = make(built, folder, ("markdown",)).files()
    with pytest.raises(PageError, match="did you mean variance"):
        make(built, folder, ("markdown",), pages=broken_pages(built, tmp_path))
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_writer_that_fails_leaves_the_former_report_as_it_was(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out" / "report"
    before = make(built, folder, ("markdown",)).files()

    def fails(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("bokslut.report.run.write_word", fails)
    with pytest.raises(OSError, match="no space"):
        make(built, folder, ("markdown", "word"))
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_report_that_is_made_again_takes_the_place_of_the_former(built: Project, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "of-before.txt").write_text("old", encoding="utf-8")
    make(built, folder, ("markdown",))
    assert not (folder / "of-before.txt").exists()
    assert list(tmp_path.iterdir()) == [folder]


# ------------------------------------------------------------------------------------------------ the command


@pytest.fixture
def command(built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs bokslut in the built project."""
    for name in [name for name in os.environ if name.startswith(("BOKSLUT_", "DBT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(built.path)

    def run(*arguments: str) -> Any:
        output = ["--output", str(tmp_path / "out")] if arguments[0] == "report" else []
        return CliRunner().invoke(app, [*arguments, *output, "--database", str(built.path / DATABASE)])

    return run


def test_the_command_makes_what_is_asked_for_and_a_changed_figure_is_found(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    result = command("report", "--only", "markdown")
    assert result.exit_code == 0, result.output
    (path,) = (tmp_path / "out").rglob("arsredovisning.md")
    assert "figures proven" in result.output
    assert not list((tmp_path / "out").rglob("*.html"))
    assert command("prove", str(path), "--strict").exit_code == 0
    text = path.read_text(encoding="utf-8")
    number = re.search("[1-9](?=\u00a0tkr)", text)
    assert number is not None
    other = "1" if number.group() != "1" else "2"
    path.write_text(text[: number.start()] + other + text[number.end() :], encoding="utf-8")
    assert command("prove", str(path)).exit_code == 1


def test_the_command_says_which_page_is_wrong(built: Project, command: Callable[..., Any], tmp_path: Path) -> None:
    pages = broken_pages(built, tmp_path)
    result = command("report", "--only", "markdown", "--pages", str(pages))
    assert result.exit_code == 1
    assert re.search(r"index\.md:[0-9]+: no figure key ends with 'varience' - did you mean variance\?", result.output)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "epub"), "known are site, markdown, pdf, word, excel"),
        (("--board", "BUN"), "it knows "),
        (("--pages", "nowhere"), "nowhere"),
    ],
)
def test_the_command_refuses_wrong_use(command: Callable[..., Any], arguments: tuple[str, ...], message: str) -> None:
    result = command("report", *arguments)
    assert result.exit_code == 2, result.output
    assert message in result.output


def test_the_command_needs_a_warehouse(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", "--database", str(tmp_path / "none.duckdb")])
    assert result.exit_code == 2
    assert "none.duckdb" in result.output


# ------------------------------------------------------------------------------------------------ hostile texts

# texts that people wrote, as the marts hand them on
TEXTS: Mapping[str, tuple[str, ...]] = {
    "fct_activity_variance": ("activity_name", "analysis_comment"),
    "fct_investment_variance": ("project_name", "analysis_comment"),
    "fct_project_accumulation": ("project_name",),
    "fct_contradiction": ("rule_name", "subject_name", "first_side", "second_side", "reason"),
    "fct_assignment": ("assignment_name", "follow_up"),
    "fct_focus_area": ("focus_area_name",),
    "dim_chapter": ("section_name", "section_text"),
    "dim_goal": ("goal_name", "council_goal", "method"),
    "dim_board": ("organisation_name", "board_name"),
}


@pytest.fixture(scope="session")
def hostile(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The report of a warehouse in whose columns of text the hostile ones stand in turn, from row to row."""
    folder = tmp_path_factory.mktemp("hostile")
    database = folder / "hostile.duckdb"
    shutil.copy2(built.path / DATABASE, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create temp table evil as select unnest(?::text[]) as text", [list(HOSTILE)])
        turn = 0
        for table, columns in TEXTS.items():
            for column in columns:
                connection.execute(
                    f"update marts.{table} set {column} = (select list(text) from evil)[1 + (rowid + ?) % ?]"
                    f" where {column} is not null",
                    [turn, len(HOSTILE)],
                )
                turn += 1
    return make(built, folder / "made", database=database)


def test_hostile_texts_change_nothing_that_is_proven(hostile: Made, made: Made) -> None:
    assert [name for name in hostile.outcome.failures() if not name.endswith(".pdf")] == []
    for name in WHOLE:
        assert hostile.outcome.proven[name] == made.outcome.proven[name]


@pytest.mark.xfail(strict=True, reason="a numeral in the name of a board has no row where a running head repeats it")
def test_hostile_texts_leave_no_numeral_of_the_pdf_unbound(hostile: Made) -> None:
    assert hostile.outcome.failed["arsredovisning.pdf"] == 0


def squeezed(text: str) -> str:
    """A text without space, as files break lines where they like."""
    return re.sub(r"\s|[\u00ad\u200b]", "", visible(text))


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    for name in WHOLE:
        yield name, read_document(folder / name).text
    pages = [path for path in sorted((folder / "webb").rglob("*.html")) if "kallor" not in path.parts]
    yield "webb", "\n".join(read_document(path).text for path in pages)
    book = openpyxl.load_workbook(folder / "arsredovisning.xlsx")
    yield (
        "xlsx",
        "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None),
    )


def test_each_hostile_text_is_seen_in_each_file(hostile: Made) -> None:
    for name, text in texts_of(hostile.folder):
        seen = squeezed(text)
        for evil in HOSTILE:
            # Markdown escapes its signs; it is read by a parser below
            assert name == "arsredovisning.md" or squeezed(evil)[:LONG] in seen, f"{evil[:30]!r} in {name}"


def shape(soup: BeautifulSoup) -> tuple[set[str], set[str]]:
    """The scripts of a page, by what they hold; and its attributes that run something."""
    scripts = {str(script) for script in soup.find_all("script")}
    runs = {f"{tag.name} {name}" for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")}
    return scripts, runs


def test_no_hostile_text_is_html(hostile: Made, made: Made) -> None:
    clean = made.html()
    names = {tag.name for soup in clean.values() for tag in soup.find_all(True)}
    assert hostile.html().keys() == clean.keys()
    for name, soup in hostile.html().items():
        scripts, runs = shape(soup)
        assert (len(scripts), runs) == (len(shape(clean[name])[0]), set()), name
        assert not any("alert(" in script and "<" in script[8:-9] for script in scripts), name
        assert {tag.name for tag in soup.find_all(True)} <= names, name
        for tag in soup.find_all(True):
            for attribute in ("href", "src", "action", "formaction", "xlink:href", "data"):
                target = str(tag.get(attribute, ""))
                assert not re.match(r"\s*(?:javascript|data:text|vbscript|http:)", target, re.IGNORECASE), name


def test_no_hostile_text_is_markdown(hostile: Made, made: Made) -> None:
    def tokens(folder: Path) -> list[Token]:
        text = (folder / "arsredovisning.md").read_text(encoding="utf-8")
        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        return [child for token in parser.parse(text) for child in (token, *(token.children or []))]

    def count(found: list[Token], kind: str) -> int:
        return len([token for token in found if token.type == kind])

    evil, clean = tokens(hostile.folder), tokens(made.folder)
    for kind in ("html_inline", "html_block", "link_open", "image", "table_open", "code_inline", "fence", "hr"):
        assert count(evil, kind) == count(clean, kind), kind
    targets = [str(token.attrs[name]) for token in evil for name in ("href", "src") if name in token.attrs]
    assert not [target for target in targets if re.match("(?:javascript|data|http):", target)]
    seen = squeezed("".join(token.content for token in evil if token.type == "text"))
    for text in HOSTILE:
        assert squeezed(text)[:LONG] in seen, repr(text[:30])


def parts(path: Path, pattern: str) -> dict[str, str]:
    """The parts of a Word or Excel file whose names fit."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name)}


@pytest.mark.parametrize("name", ["arsredovisning.docx", "arsredovisning.xlsx"])
def test_no_hostile_text_leads_out_of_an_office_file(hostile: Made, made: Made, name: str) -> None:
    def outside(folder: Path) -> set[str]:
        found = parts(folder / name, r"\.rels$").values()
        return {link for text in found for link in re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', text)}

    assert {re.sub('Id="[^"]*"', "", link) for link in outside(hostile.folder)} == {
        re.sub('Id="[^"]*"', "", link) for link in outside(made.folder)
    }
    with zipfile.ZipFile(hostile.folder / name) as archive:
        assert not [part for part in archive.namelist() if re.search("vbaProject|externalLink|activeX|oleObject", part)]


def test_no_hostile_text_is_a_field_of_word(hostile: Made, made: Made) -> None:
    def fields_of(folder: Path) -> set[str]:
        text = "".join(parts(folder / "arsredovisning.docx", r"word/[a-z0-9]+\.xml$").values())
        instructions = re.findall(r"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"", text)
        return {(one or other).split()[0] for one, other in instructions}

    assert fields_of(hostile.folder) == fields_of(made.folder)


def test_no_hostile_text_is_a_formula(hostile: Made, made: Made) -> None:
    def formulas(folder: Path) -> list[str]:
        book = openpyxl.load_workbook(folder / "arsredovisning.xlsx")
        return [
            re.sub("[0-9]+", "#", str(cell.value))
            for sheet in book
            for row in sheet
            for cell in row
            if cell.data_type == "f"
        ]

    assert formulas(hostile.folder)
    assert sorted(formulas(hostile.folder)) == sorted(formulas(made.folder))
    functions = {name for formula in formulas(hostile.folder) for name in re.findall(r"([A-Z.]+)\(", formula)}
    assert functions <= {"SUM", "COUNTIF", "IF", "ISNUMBER", "ROUND"}


def test_no_hostile_text_acts_in_the_pdf(hostile: Made) -> None:
    path = hostile.folder / "arsredovisning.pdf"
    with pikepdf.open(path) as pdf:
        assert not {"/OpenAction", "/AA"} & set(pdf.Root.keys())
        assert "/JavaScript" not in pdf.Root.get("/Names", pikepdf.Dictionary())
        for page in pdf.pages:
            for annotation in page.get("/Annots", pikepdf.Array()):
                action = annotation.get("/A")
                if action is not None:
                    assert action["/S"] in ("/GoTo", "/URI")
                    assert re.match("https:|mailto:", str(action.get("/URI", "https:")))
    document = pypdfium2.PdfDocument(path)
    seen = squeezed("".join(page.get_textpage().get_text_range() for page in document))
    for text in HOSTILE:
        assert squeezed(text)[:60] in seen, repr(text[:30])
