"""What is wrong with an input: where it stands, what was found and what to do. Identity numbers are masked here, once.

Nothing is read or checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.personal import masked

SHOWN = 20
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with an input.

    file: as the user named it. what: what was found, or what was expected of the value. do: what to do about it.
    line: from 1 as an editor counts, or None for the file as a whole. column: the heading or the letter. value: the
    text as it stands in the file, None where no one value is at fault.
    """

    file: Path
    what: str
    do: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        """One line: file, line, column, value, what is wrong, what to do. An identity number in it is masked."""
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        column = f"column {self.column}: " if self.column else ""
        value = f"{_shown(self.value)} " if self.value is not None else ""
        return masked(f"{place}: {column}{value}{self.what} - {self.do}")


class RefusedError(Exception):
    """An input was refused. findings: all that is wrong with it, in the order of files and lines; never empty."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(told(findings))
        self.findings = tuple(findings)


def told(findings: Sequence[Finding], shown: int = SHOWN) -> str:
    """The findings on one screen: the first of them, one a line, and how many more there are."""
    lines = [f"  {finding}" for finding in findings[:shown]]
    if len(findings) > shown:
        lines.append(f"  and {len(findings) - shown} more")
    return "\n".join(lines)


def _shown(value: str) -> str:
    # masked as it stands, before signs that are not seen are spelled out
    text = masked(value)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return f"'{text[:LONGEST_VALUE]}…'" if len(text) > LONGEST_VALUE else f"'{text}'"
