"""Cells as a reader of files makes them, written by hand for the tests of profiles."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bokslut.intake.sheets.apply import Applied, Context, apply_profile
from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.profile import Profile, read_profile

Row = Sequence[str | None]
SHEET = Path("blad.csv")


def profile_of(folder: Path, text: str) -> Profile:
    """A profile written as YAML."""
    path = folder / "profile.yml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return read_profile(path)


def cells_of(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], kind: str = "csv") -> Cells:
    """The table cells with these rows, from line 1; an empty text is an empty cell."""
    width = max((len(row) for row in rows), default=0)
    names = ", ".join(f"c{number} varchar" for number in range(1, width + 1))
    connection.execute(f"create or replace table cells(line bigint, width integer, {names})")
    padded = [
        (line, len(row), *(cell or None for cell in row), *(None for _ in range(width - len(row))))
        for line, row in enumerate(rows, 1)
    ]
    connection.executemany(f"insert into cells values ({', '.join('?' for _ in range(width + 2))})", padded)
    return Cells(SHEET, kind, "utf-8", ";", None, width, len(rows), "")


def split(text: str, delimiter: str = ";") -> list[list[str | None]]:
    """Lines of a small sheet as rows."""
    lines = textwrap.dedent(text).strip("\n").splitlines()
    return [[cell.strip() or None for cell in line.split(delimiter)] for line in lines]


def applied(
    connection: duckdb.DuckDBPyConnection,
    profile: Profile,
    rows: Sequence[Row],
    year: int | None = None,
    kind: str = "csv",
) -> Applied:
    """What the profile makes of the rows."""
    return apply_profile(cells_of(connection, rows, kind), profile, connection, Context(year))
