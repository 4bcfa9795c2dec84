"""Show how far a command has come: the step on a line, and how many are done. On a terminal alone; no clock is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn


@contextmanager
def shown(title: str) -> Iterator[Callable[[str], None]]:
    """A progress bar on the standard error; call what it gives with the name of each step."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[step]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None, step="")

        def step(name: str) -> None:
            progress.update(task, advance=1, step=name)

        yield step
