"""Tell a user what is wrong: lines on the standard error and an exit code, never a traceback.

Exit codes of every command: 0 fine, 1 a finding, refused data or a failed test, 2 wrong use or an input that cannot be
read, 3 another one is at work.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from bokslut.intake.findings import RefusedError
from bokslut.intake.findings import told as told_findings
from bokslut.intake.personal import masked
from bokslut.lock import BusyError


class UsageError(Exception):
    """The command was called in a way that makes no sense; the message is one line."""


@contextmanager
def told(findings: Path | None = None) -> Iterator[None]:
    """Turn what is wrong into lines on the standard error and an exit code: 1 refused data, 2 wrong use, 3 busy.

    findings: where all that was refused is written as CSV.
    """
    import duckdb

    from bokslut.proof import run
    from bokslut.release.building import BuildError
    from bokslut.release.places import ReleaseError
    from bokslut.report.errors import ERRORS

    try:
        if findings and not findings.parent.is_dir():
            raise UsageError(f"--findings {findings}: {findings.parent} is no folder")
        yield
    except RefusedError as error:
        count = len(error.findings)
        say(f"bokslut: refused, {count} finding{'s' if count > 1 else ''}:\n{told_findings(error.findings)}")
        if findings:
            _write_findings(findings, error)
        raise typer.Exit(1) from error
    except BuildError as error:
        say(f"bokslut: not published, the last release stands as it was:\n{told_findings(error.findings)}")
        raise typer.Exit(error.code) from error
    except BusyError as error:
        say(f"bokslut: {error}")
        raise typer.Exit(3) from error
    except (UsageError, ReleaseError, *run.ERRORS, *ERRORS, OSError, duckdb.Error) as error:
        say(f"bokslut: {error}")
        raise typer.Exit(2) from error


def say(text: str) -> None:
    """A line on the standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text))


def _write_findings(target: Path, error: RefusedError) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("file", "line", "column", "value", "what", "do"))
        for each in error.findings:
            writer.writerow((each.file, each.line, each.column, masked(each.value or ""), masked(each.what), each.do))
