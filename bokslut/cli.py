"""The command line: arguments, files and exit codes. What is done stands in the packages; nothing is computed here.

Exit codes of every command: 0 fine, 1 a finding, 2 wrong use or an input that cannot be read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

app = typer.Typer(
    name="bokslut",
    help="An open warehouse for Swedish municipal boards: every printed figure proven.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

File = Annotated[Path, typer.Argument(help="The finished report: .txt .md .html .docx or .pdf", show_default=False)]
DocumentId = Annotated[
    str | None, typer.Option("--document", help="Which document of the warehouse it is; needed when there are several")
]
Database = Annotated[
    Path | None,
    typer.Option("--database", help="Warehouse to read; else BOKSLUT_DATABASE, the release, or warehouse.duckdb"),
]


@app.callback()
def main() -> None:
    """An open warehouse for Swedish municipal boards: every printed figure proven."""


@app.command()
def prove(
    file: File,
    document: DocumentId = None,
    json: Annotated[
        str | None, typer.Option("--json", help="Write all findings as JSON to a file, - for stdout")
    ] = None,
    csv: Annotated[str | None, typer.Option("--csv", help="Write all findings as CSV to a file, - for stdout")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let every unbound numeral fail, with or without a unit")
    ] = False,
    database: Database = None,
) -> None:
    """Prove every numeral of a finished report against the warehouse.

    Exit code 0: all figures are proven, exempt or declared. 1: one differs, is missing, or is unbound with a unit.
    2: wrong use, a file that cannot be read, no warehouse, or not the document that was bound.
    """
    from bokslut.proof import run, show

    with _told():
        subject, proof = run.prove_file(file, document, _database(database))
        if json == csv == "-":
            raise run.UsageError("--json - and --csv - cannot share the standard output")
        _write(json, lambda: show.as_json(subject, proof, strict=strict))
        _write(csv, lambda: show.as_csv(proof))
    console = Console(stderr="-" in (json, csv), highlight=False, soft_wrap=False)
    console.print(show.for_people(subject, proof, strict=strict))
    raise typer.Exit(1 if proof.failures(strict=strict) else 0)


@app.command()
def bind(
    file: File,
    document: DocumentId = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help="Where the draft goes, - for stdout; else FILE.draft.csv", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a draft that is there")] = False,
    database: Database = None,
) -> None:
    """Draft the bindings of a report that has none, from its text and the marts, for a controller to confirm.

    A row whose figure is not certain is left open, with what it could be in the column candidates.
    """
    from bokslut.proof import run

    with _told():
        draft = run.bind_file(file, document, _database(database))
        target = output or f"{file}.draft.csv"
        if target != "-" and Path(target).exists() and not force:
            raise run.UsageError(f"{target} is there already: --force writes over it")
        _write(target, lambda: draft.text)
    Console(stderr=target == "-", highlight=False).print(Text(draft.summary(target)))


@app.command()
def report(
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Only this municipality, by its code")
    ] = None,
    board: Annotated[str | None, typer.Option("--board", help="Only this board, by its id")] = None,
    year: Annotated[int | None, typer.Option("--year", help="This year; else the latest of each board")] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only these files: site, markdown, pdf, word, excel (repeatable)")
    ] = None,
    pages: Annotated[Path, typer.Option("--pages", help="The folder with pages, queries, partials and theme")] = Path(
        "reports"
    ),
    output: Annotated[Path, typer.Option("--output", help="Where the reports go, a folder a board and year")] = Path(
        "build/report"
    ),
    database: Database = None,
) -> None:
    """Make the annual report of each board: web site, Markdown, PDF, Word and Excel, every figure proven.

    Exit code 0: made, and all that was written is proven. 1: a page is wrong, or a file does not prove. 2: wrong use,
    no warehouse.
    """
    from bokslut.report import run
    from bokslut.report.errors import ReportError
    from bokslut.report.progress import shown
    from bokslut.report.tags import PageError

    unknown = [kind for kind in only or [] if kind not in run.KINDS]
    with _told():
        if unknown:
            raise ReportError(f"--only {unknown[0]}: known are {', '.join(run.KINDS)}")
        inputs = run.Inputs(_database(database), pages, _manifest(), Path())
        try:
            with run.open_maker(inputs) as maker:
                chosen = run.choose_boards(run.boards(maker.warehouse), organisation, board, year)
                made = []
                for each in chosen:
                    folder = output / f"{each.organisation_id}-{each.board_id}-{each.fiscal_year}"
                    with shown(f"{each.board_name} {each.fiscal_year}") as step:
                        made.append(maker.make(each, folder, tuple(only or run.KINDS), step))
        except PageError as error:
            Console(stderr=True, highlight=False, soft_wrap=True).print(Text(str(error)))
            raise typer.Exit(1) from error
    console = Console(highlight=False, soft_wrap=True)
    for outcome in made:
        console.print(Text(outcome.summary()))
    raise typer.Exit(1 if any(outcome.failures() for outcome in made) else 0)


def _manifest() -> Path:
    """The manifest of the last build, where dbt wrote it."""
    return Path(os.environ.get("DBT_TARGET_PATH", "target")) / "manifest.json"


def _database(given: Path | None) -> Path:
    from bokslut.proof.warehouse import choose_database

    return choose_database(os.environ, given)


def _write(target: str | None, content: Callable[[], str]) -> None:
    if target == "-":
        sys.stdout.write(content())
    elif target is not None:
        Path(target).write_text(content(), encoding="utf-8", newline="\n")


@contextmanager
def _told() -> Iterator[None]:
    """Turn what is wrong with the input into one line on the standard error and exit code 2."""
    from bokslut.proof import run
    from bokslut.report.errors import ERRORS

    try:
        yield
    except (*run.ERRORS, *ERRORS, OSError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"bokslut: {error}"))
        raise typer.Exit(2) from error


if __name__ == "__main__":
    app()
