"""The command line: arguments, files and exit codes. What is done stands in the packages; nothing is computed here.

The commands on releases stand in release/commands.py. Exit codes of every command: 0 fine, 1 a finding, refused data or
a failed test, 2 wrong use or an input that cannot be read, 3 another import or build is at work.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bokslut.intake.findings import RefusedError
from bokslut.release import commands
from bokslut.sample import commands as sample_commands
from bokslut.settings import Settings
from bokslut.telling import UsageError, told

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

Findings = Annotated[
    Path | None, typer.Option("--findings", help="Write all findings as CSV to this file, where the screen shows some")
]


@app.callback()
def main() -> None:
    """An open warehouse for Swedish municipal boards: every printed figure proven."""


commands.add_to(app)
sample_commands.add_to(app)


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

    with told():
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

    with told():
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
    from bokslut.progress import shown
    from bokslut.release.reader import lineage_of
    from bokslut.report import run
    from bokslut.report.errors import ReportError
    from bokslut.report.tags import PageError

    unknown = [kind for kind in only or [] if kind not in run.KINDS]
    with told():
        if unknown:
            raise ReportError(f"--only {unknown[0]}: known are {', '.join(run.KINDS)}")
        warehouse = _database(database)
        inputs = run.Inputs(warehouse, pages, *lineage_of(warehouse, os.environ))
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
    console.print(Text(f"Figures: {warehouse}"))
    for outcome in made:
        console.print(Text(outcome.summary()))
    raise typer.Exit(1 if any(outcome.failures() for outcome in made) else 0)


@app.command()
def check(
    findings: Findings = None,
) -> None:
    """Check every seed and every import against its declaration, as a build does before dbt reads a byte.

    Exit code 0: all is as declared. 1: refused, with file, line, column, value and what to do.
    """
    from bokslut.intake import gate, recheck, store

    settings = Settings.from_environment(os.environ)
    with told(findings):
        store.prepare(settings.data)
        found = gate.check(settings) or recheck.check_codes(settings)
        if found:
            raise RefusedError(found)
    Console(highlight=False).print(Text("Checked: every seed and import is as declared"))


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="SIE, .xlsx, .csv, .txt or .parquet", readable=False, show_default=False)
    ],
    organisation: Annotated[str | None, typer.Option("--organisation", help="The municipality's code")] = None,
    board: Annotated[str | None, typer.Option("--board", help="The board's id")] = None,
    year: Annotated[int | None, typer.Option("--year", help="The fiscal year, where the file does not say it")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="ledger, budget, forecast, projects or goals; else as the profile says")
    ] = None,
    version: Annotated[str | None, typer.Option("--version", help="Version of the budget or forecast")] = None,
    profile: Annotated[Path | None, typer.Option("--profile", help="YAML that says how the sheet is read")] = None,
    year_end_series: Annotated[
        list[str] | None, typer.Option("--year-end-series", help="Series of a SIE file that is period 13 (repeatable)")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the files take the place of what was imported for the same periods")
    ] = False,
    guess: Annotated[bool, typer.Option("--guess", help="Draft a profile of the file, and import nothing")] = False,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="The data folder; else BOKSLUT_DATA or data")
    ] = None,
    findings: Findings = None,
) -> None:
    """Import a ledger, budget, forecast, projects or goal outcomes; all files are taken in, or none.

    Exit code 0: imported, or there already. 1: refused, with file, line, column, value and what to do. 2: wrong use.
    3: another import is at work.
    """
    from bokslut.intake import importing, show
    from bokslut.progress import shown

    if guess:
        _guess(files)
        return
    with told(findings):
        if organisation is None or board is None:
            raise UsageError("say whose the files are: --organisation CODE --board ID")
        if kind is not None and kind not in importing.KINDS:
            raise UsageError(f"--kind {kind}: known are {', '.join(importing.KINDS)}")
        settings = Settings.from_environment(os.environ)
        request = importing.Request(
            files=tuple(files),
            organisation_id=organisation,
            board_id=board,
            settings=dataclasses.replace(settings, data=data_dir) if data_dir else settings,
            kind=kind,
            version=version,
            fiscal_year=year,
            profile=profile,
            year_end_series=tuple(year_end_series or ()),
            replace=replace,
        )
        with shown("import") as step:
            imported = importing.import_files(request, _now(), step)
    console = Console(highlight=False, soft_wrap=True)
    for each in imported:
        console.print(Text(show.imported(each)))


@app.command()
def imports(
    remove: Annotated[str | None, typer.Option("--remove", help="Take this import out of the data again")] = None,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="The data folder; else BOKSLUT_DATA or data")
    ] = None,
) -> None:
    """List what was imported, with its control totals, or take an import out again; what was received is kept.

    Exit code 0: shown, or removed. 2: no such import. 3: another import is at work.
    """
    from bokslut.intake import show, store

    data = data_dir or Settings.from_environment(os.environ).data
    with told(), store.locked(data) if remove else nullcontext():
        there = store.records(data)
        mine = [total for total in there if total.import_id == remove]
        if remove is not None and not mine:
            raise UsageError(f"--remove {remove}: no such import; `bokslut imports` lists them")
        if mine:
            store.drop_periods(data, mine[0].organisation_id, mine[0].import_id, mine)
            store.log(data, "removed", mine[0], _now())
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"Removed: {remove}" if remove else show.imports(there)))


@app.command()
def vouchers(
    activity: Annotated[str | None, typer.Option("--activity", help="Activity code (verksamhet)")] = None,
    period: Annotated[int | None, typer.Option("--period", help="1-12, or 13 for year-end entries")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Fiscal year")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="The municipality's code")] = None,
    board: Annotated[str | None, typer.Option("--board", help="The board's id")] = None,
    account: Annotated[str | None, typer.Option("--account", help="Account, or the beginning of one")] = None,
    project: Annotated[str | None, typer.Option("--project", help="Project")] = None,
    voucher: Annotated[str | None, typer.Option("--voucher", help="Number of one voucher")] = None,
    scenario: Annotated[str, typer.Option("--scenario", help="actual, budget or forecast")] = "actual",
    version: Annotated[str | None, typer.Option("--version", help="Version of the budget or forecast")] = None,
    texts: Annotated[
        bool, typer.Option("--texts", help="Show the texts too: they can hold personal data, keep them on this machine")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Show at most so many lines")] = 100,
    csv: Annotated[str | None, typer.Option("--csv", help="Write all lines as CSV to a file, - for stdout")] = None,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="The data folder; else BOKSLUT_DATA or data")
    ] = None,
) -> None:
    """List the imported postings behind a figure, without their texts.

    Exit code 0: shown. 1: no posting is like that. 2: wrong use, or nothing was imported.
    """
    from bokslut.intake import gate, show
    from bokslut.intake.vouchers import Wanted, find_vouchers

    settings = Settings.from_environment(os.environ)
    wanted = Wanted(organisation, board, year, period, activity, account, project, voucher, scenario, version)
    with told():
        refused = gate.check_lists(settings)
        if refused:
            raise RefusedError(refused)
        found = find_vouchers(
            dataclasses.replace(settings, data=data_dir) if data_dir else settings,
            wanted,
            texts=texts,
            limit=None if csv else limit,
        )
        _write(csv, lambda: show.vouchers_as_csv(found))
    console = Console(stderr=csv == "-", highlight=False)
    if csv is None and found.rows:
        table, needed = show.vouchers_as_table(found)
        console.print(table, width=max(console.width, needed), crop=False)
    folder = data_dir or settings.data
    console.print(Text(show.vouchers_summary(found) if found.count else f"No posting in {folder} is like that."))
    raise typer.Exit(0 if found.count else 1)


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="The folder to make, inside the project", show_default=False)],
    workbook: Annotated[
        Path | None, typer.Option("--from", help="Fill the lists of a folder that is there from its filled workbook")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over lists that have other rows already")] = False,
) -> None:
    """Make the folder of a new municipality: every list with its header, and what each column means.

    Exit code 0: made, or filled. 1: refused, since it is there already, or the workbook does not fit. 2: wrong use.
    """
    from bokslut.intake.starter import create_folder, fill_folder

    settings = Settings.from_environment(os.environ)
    with told():
        if workbook:
            filled = fill_folder(Path(name), workbook, settings.reference, replace=replace)
            text = (
                f"Filled: {', '.join(path.name for path in filled) or 'nothing new'} in {name}\nNext:   bokslut check"
            )
        else:
            made = create_folder(name, settings.reference)
            # all of a municipality in one folder, where the name gives one
            beside = f"{made.parent}/" if made.parent != Path() else f"{made}-"
            text = (
                f"Made:  {made}, with every list's header, COLUMNS.md and a workbook to fill in\n"
                f"Next:  export BOKSLUT_SEEDS={made} BOKSLUT_DATA={beside}data BOKSLUT_RELEASES={beside}releases\n"
                "       and see docs/own-data.md"
            )
    Console(highlight=False, soft_wrap=True).print(Text(text))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")


def _guess(files: list[Path]) -> None:
    """Print the draft of a profile for each file."""
    import duckdb

    from bokslut.intake.reading import SIE_SUFFIXES
    from bokslut.intake.sheets.guess import guess

    with told():
        for file in files:
            if file.suffix.lower() in SIE_SUFFIXES:
                raise UsageError(f"{file}: a SIE file says itself how it is read; import it without a profile")
            with duckdb.connect() as connection:
                draft = guess(file, connection)
            sys.stdout.write(draft.text)
            for line in draft.unsure:
                Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"unsure: {line}"))


def _database(given: Path | None) -> Path:
    from bokslut.release.reader import choose_database

    return choose_database(os.environ, given)


def _write(target: str | None, content: Callable[[], str]) -> None:
    if target == "-":
        sys.stdout.write(content())
    elif target is not None:
        Path(target).write_text(content(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    app()
