"""The command that makes a sample: arguments and exit codes. What is done stands in the other modules here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bokslut.settings import Settings
from bokslut.telling import told


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(sample)


def sample(
    out: Annotated[Path, typer.Argument(help="A new folder inside the project, as build/sample", show_default=False)],
    municipalities: Annotated[int, typer.Option("--municipalities", help="How many municipalities")] = 1,
    boards: Annotated[int, typer.Option("--boards", help="Boards in each fictional municipality")] = 1,
    years: Annotated[int, typer.Option("--years", help="Years of each fictional board, up to 2024")] = 1,
    lines: Annotated[int, typer.Option("--lines", help="Postings in all, exactly")] = 10_000,
    activities: Annotated[int, typer.Option("--activities", help="Activity codes of each fictional board")] = 20,
    accounts: Annotated[int, typer.Option("--accounts", help="Operating accounts of a fictional municipality")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws other totals and lines")] = 1,
    like: Annotated[
        str, typer.Option("--like", help="ORGANISATION/BOARD/YEAR of the lists: postings that add up to what it prints")
    ] = "",
    form: Annotated[str, typer.Option("--format", help="parquet, or files to import: sie, csv, excel")] = "parquet",
) -> None:
    """Make a sample: seeded postings with lists to build them with, and the totals that they were made from.

    The same arguments give the same bytes. Exit code 0: made. 1: lists that are refused. 2: wrong use, or
    figures that no postings meet.
    """
    from bokslut.progress import shown
    from bokslut.sample import run
    from bokslut.sample.request import Request, checked

    request = Request(out, municipalities, boards, years, lines, activities, accounts, seed, like, form)
    with told():
        settings = Settings.from_environment(os.environ)
        checked(request, settings)
        with shown("sample") as step:
            text = run.make(request, settings, step)
    console = Console(highlight=False, soft_wrap=True)
    for line in text:
        console.print(Text(line))
