"""Make the report's files: read pages and marts, render, draw, write, and prove what was written. One board and year.

What is written first lies aside and takes its place when all of it is there, so that a report that fails leaves the one
before as it was. The same marts give the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from bokslut.proof.bindings import sidecar_of
from bokslut.proof.exemptions import Rule
from bokslut.proof.prove import Verdict
from bokslut.proof.reader import read_document
from bokslut.proof.run import prove_file
from bokslut.proof.warehouse import Warehouse, open_warehouse
from bokslut.report.charts import draw
from bokslut.report.document import Picture, Report
from bokslut.report.errors import ReportError
from bokslut.report.figures import Figures
from bokslut.report.pages import Folder, read_folder
from bokslut.report.queries import Marts
from bokslut.report.render import Board, Renderer
from bokslut.report.sidecar import Entry, Piece, bind, masthead, page_pieces, report_pieces, sidecar
from bokslut.report.theme import Theme
from bokslut.report.trace import Lineage, read_lineage
from bokslut.report.writers.excel import Control, Placed, write_excel
from bokslut.report.writers.markdown import write_markdown
from bokslut.report.writers.paged import charts
from bokslut.report.writers.pdf import write_pdf
from bokslut.report.writers.site import write_site
from bokslut.report.writers.word import write_word

NAME = "arsredovisning"
SITE = "webb"
KINDS = ("site", "markdown", "pdf", "word", "excel")
Step = Callable[[str], None]


@dataclass(frozen=True)
class Inputs:
    """What a report is made from. pages: the folder with pages, queries, partials and theme. manifest: dbt's own."""

    database: Path
    pages: Path
    manifest: Path
    root: Path


@dataclass(frozen=True)
class Outcome:
    """What was made. folder: where. proven, failed: numerals of the files that can be read back, by file name."""

    folder: Path
    files: tuple[Path, ...]
    proven: Mapping[str, int]
    failed: Mapping[str, int]

    def failures(self) -> list[str]:
        """The files that do not prove, by name."""
        return [name for name, count in self.failed.items() if count]

    def summary(self) -> str:
        """What a user wants to know, on a few lines."""
        lines = [f"{self.folder}: {len(self.files)} files"]
        if (self.folder / SITE / "index.html").exists():
            lines.append(f"  open {self.folder / SITE / 'index.html'} in a browser")
        site = [count for name, count in self.proven.items() if name.startswith(f"{SITE}/")]
        if site:
            lines.append(f"  {SITE}: {sum(site)} figures on {len(site)} pages proven")
        lines += [f"  {name}: {count} figures proven" for name, count in self.proven.items() if "/" not in name]
        lines += [
            f"  {name}: {self.failed[name]} numerals are NOT proven - run bokslut prove --strict {self.folder / name}"
            for name in self.failures()
        ]
        return "\n".join(lines)


def boards(warehouse: Warehouse) -> list[Board]:
    """The boards of a warehouse and each of their years that has an account, latest year last. Raises ReportError."""
    rows = warehouse.connection.execute(
        "select distinct boards.organisation_id, boards.organisation_name, boards.board_id, boards.board_name,"
        " years.fiscal_year from marts.dim_board as boards inner join ("
        " select organisation_id, board_id, fiscal_year from marts.fct_activity_variance union"
        " select organisation_id, board_id, fiscal_year from marts.fct_investment_variance union"
        " select organisation_id, board_id, fiscal_year from marts.fct_goal_status) as years"
        " on boards.organisation_id = years.organisation_id and boards.board_id = years.board_id"
        " order by boards.organisation_id, boards.board_id, years.fiscal_year"
    ).fetchall()
    if not rows:
        raise ReportError(f"{warehouse.path}: no board has an account for any year - fill its seeds and build")
    return [Board(*row) for row in rows]


def choose_boards(known: Sequence[Board], organisation: str | None, board: str | None, year: int | None) -> list[Board]:
    """The boards that the options name, each in the year given or its latest. Raises ReportError, which lists them."""
    found = [
        each
        for each in known
        if organisation in (None, each.organisation_id)
        and board in (None, each.board_id)
        and year in (None, each.fiscal_year)
    ]
    if not found:
        listed = ", ".join(f"{each.organisation_id} {each.board_id} {each.fiscal_year}" for each in known)
        raise ReportError(f"no such board and year in the warehouse - it knows {listed}")
    return list({(each.organisation_id, each.board_id): each for each in found}.values())


@dataclass(frozen=True)
class Maker:
    """Makes the reports of one warehouse."""

    inputs: Inputs
    warehouse: Warehouse
    folder: Folder
    marts: Marts
    theme: Theme
    lineage: Lineage
    rules: Sequence[Rule]

    def make(self, board: Board, folder: Path, kinds: Sequence[str], step: Step) -> Outcome:
        """Write the report of a board into the folder. Raises PageError, ReportError and what writers raise."""
        step("sidor")
        report = self.render(board, step)
        step("diagram")
        drawn: dict[str, Picture] = {}
        for page in report.pages:
            for chart in charts(page.blocks):
                step(f"diagram: {chart.title}")
                drawn[chart.name] = draw(chart, self.theme)
        with _aside(folder) as place:
            files = [path for kind in kinds for path in self._write(kind, report, drawn, board, place, step)]
        files = [folder / path.relative_to(place) for path in files]
        return self._proven(folder, files, step)

    def render(self, board: Board, step: Step) -> Report:
        """The report as a tree. Raises PageError."""
        figures = Figures.read(self.warehouse.connection, board.organisation_id, board.board_id)
        renderer = Renderer(
            self.folder,
            self.marts,
            figures,
            board,
            self.theme,
            self.lineage.tests,
            lambda path: step(f"sida: {path}"),
        )
        return renderer.report(f"Årsredovisning {board.fiscal_year}")

    def _write(
        self, kind: str, report: Report, drawn: Mapping[str, Picture], board: Board, place: Path, step: Step
    ) -> Iterator[Path]:
        step(f"fil: {kind}")
        if kind == "site":
            figures = Figures.read(self.warehouse.connection, board.organisation_id, board.board_id)
            traces = self.lineage.traces(board.organisation_id, board.board_id, board.fiscal_year, figures)
            pages = write_site(report, drawn, self.theme, traces, place / SITE)
            by_path = {page.path: page for page in report.pages}
            for path in pages:
                yield path
                page = by_path.get(path.relative_to(place / SITE).with_suffix("").as_posix())
                if page is not None:
                    yield from self._bound(report, path, [*masthead(report), *page_pieces(page)])
            return
        if kind == "excel":
            path = place / f"{NAME}.xlsx"
            placed = write_excel(without_single(report), self._control(board), self.theme, path)
            yield path
            target = sidecar_of(path)
            target.write_text(sidecar(report, placed_entries(placed)), encoding="utf-8", newline="\n")
            yield target
            return
        path = place / f"{NAME}.{ {'markdown': 'md', 'pdf': 'pdf', 'word': 'docx'}[kind] }"
        if kind == "markdown":
            write_markdown(report, drawn, self.theme, path)
        elif kind == "pdf":
            write_pdf(report, drawn, self.theme, path)
        else:
            write_word(report, drawn, self.theme, path)
        yield path
        yield from self._bound(report, path, list(report_pieces(report, has_contents=kind != "word")))

    def _bound(self, report: Report, path: Path, pieces: list[Piece]) -> Iterator[Path]:
        """The sidecar of a file; none for one without numerals."""
        rows = bind(read_document(path), pieces, self.rules)
        if rows:
            target = sidecar_of(path)
            target.write_text(sidecar(report, rows), encoding="utf-8", newline="\n")
            yield target

    def _control(self, board: Board) -> Control:
        """The proof of the board's printed documents, for the workbook."""
        mine = [board.organisation_id, board.board_id, board.fiscal_year]
        summary = self.warehouse.connection.execute(
            "select section || ': ' || verdict_name, numeral_count from marts.rpt_control_summary"
            " where organisation_id = ? and board_id = ? and fiscal_year = ? order by first_printed_number, verdict",
            mine,
        ).fetchall()
        contradictions = self.warehouse.connection.execute(
            "select rule_name, coalesce(subject_name, subject), first_side, second_side, coalesce(reason, '')"
            " from marts.fct_contradiction where organisation_id = ? and board_id = ? and fiscal_year = ?"
            " order by contradiction_id",
            mine,
        ).fetchall()
        heads = ("Vad som hittades", "Vad det gäller", "Den ena uppgiften", "Den andra uppgiften", "Förklaring")
        return Control(tuple(summary), heads, tuple(contradictions))

    def _proven(self, folder: Path, files: Sequence[Path], step: Step) -> Outcome:
        """Prove what was written, as a reader would: the files that can be read back, by their sidecars."""
        proven: dict[str, int] = {}
        failed: dict[str, int] = {}
        for path in files:
            if path.suffix == ".xlsx" or sidecar_of(path) not in files:
                continue
            step(f"prövas: {path.name}")
            _, proof = prove_file(path, None, self.inputs.database)
            name = path.relative_to(folder).as_posix()
            proven[name] = len(proof.of(Verdict.PROVEN))
            failed[name] = len(proof.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND))
        return Outcome(folder, tuple(files), proven, failed)


def without_single(report: Report) -> Report:
    """The report without the pages of single codes, projects and goals, whose rows stand in the tables above them."""
    return replace(report, pages=tuple(page for page in report.pages if page.level == 1))


def placed_entries(placed: Sequence[Placed]) -> list[Entry]:
    """A row of the sidecar for each number of the workbook, in its own unit: section is the sheet, place the cell."""
    return [
        Entry(str(each.number.value), replace(each.number, scale=1, sign=1), "", each.sheet, each.cell)
        for each in placed
        if each.number.figure_key is not None and each.number.value is not None
    ]


@contextmanager
def open_maker(inputs: Inputs) -> Iterator[Maker]:
    """Open the warehouse and read what all reports share. Raises PageError, ReportError, WarehouseError."""
    if not inputs.pages.is_dir():
        raise ReportError(f"{inputs.pages}: no such folder of pages - name one with --pages")
    folder = read_folder(inputs.pages)
    theme = Theme.read(inputs.pages / "theme")
    with open_warehouse(inputs.database) as warehouse:
        lineage = read_lineage(inputs.manifest, inputs.root)
        yield Maker(inputs, warehouse, folder, Marts(warehouse.connection), theme, lineage, warehouse.rules())


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder beside the one that is to be, which takes its place in the end; after a failure nothing is left."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    place.chmod(0o755)
    try:
        yield place
        old = place.with_name(f"{place.name}-old")
        if folder.exists():
            folder.rename(old)
        place.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
