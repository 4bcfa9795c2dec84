"""Readers that read releases all the time, in processes of their own, and count what went wrong.

One read takes values from four marts within one connection: two variants of the inputs differ in all four, so that
values of both are a mixed read. Run as a program it reads until its standard input ends, and then tells its tally.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from bokslut.release.reader import connect

SHELL = Path(sys.executable).with_name("duckdb")
# between two reads: the builds are to have the most of the machine
PAUSE = 0.02
SHOWN = 5
ACTIVITY, PROJECT = "Revision", "Kommunens intranät"
# mart, the column with the mark, which row
MARKS = (
    ("dim_activity", "activity_name", "activity_code = '12'"),
    ("fct_project_year", "project_name", "project_id = 'intranat'"),
    ("fct_activity_variance", "activity_name", "activity_code = '12'"),
    ("dim_project", "project_name", "project_id = 'intranat'"),
)


@dataclass
class Tally:
    """What a reader has seen. mixed: reads with values of both variants. told: the first of what went wrong."""

    kind: str
    reads: int = 0
    failed: int = 0
    mixed: int = 0
    told: list[str] = field(default_factory=list)


def by_link(releases: Path) -> list[str]:
    """As BI does it: the database behind the link, opened anew each time."""
    with duckdb.connect(str(releases / "current/warehouse.duckdb"), read_only=True) as connection:
        return _values(connection, "marts.{}")


def by_connect(releases: Path) -> list[str]:
    """As Python is told to do it."""
    with connect(releases=releases) as connection:
        return _values(connection, "marts.{}")


def by_parquet(releases: Path) -> list[str]:
    """The Parquet of the release that the link leads to, looked up once."""
    marts = (releases / "current").resolve() / "marts"
    with duckdb.connect() as connection:
        return _values(connection, f"'{marts}/{{}}.parquet'")


def by_shell(releases: Path) -> list[str]:
    """DuckDB's own program, of an older version."""
    sql = " union all ".join(f"select {column} from marts.{mart} where {row}" for mart, column, row in MARKS)
    command = [str(SHELL), "-readonly", "-noheader", "-csv", str(releases / "current/warehouse.duckdb"), sql]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise duckdb.Error(done.stderr.strip())
    return [line.strip('"') for line in done.stdout.splitlines()]


class OpenReader:
    """One that opened the database behind the link once, and keeps it open."""

    def __init__(self) -> None:
        self.connection: duckdb.DuckDBPyConnection | None = None
        self.first: list[str] = []

    def __call__(self, releases: Path) -> list[str]:
        """Read again; raises ValueError where it is not what was read first."""
        if self.connection is None:
            self.connection = duckdb.connect(str(releases / "current/warehouse.duckdb"), read_only=True)
            self.first = _values(self.connection, "marts.{}")
        values = _values(self.connection, "marts.{}")
        if values != self.first:
            raise ValueError(f"{values} where {self.first} was read before")
        return values


KINDS: dict[str, Callable[[Path], list[str]]] = {
    "link": by_link,
    "connect": by_connect,
    "parquet": by_parquet,
    "shell": by_shell,
    "open": OpenReader(),
}


def variants(values: list[str]) -> set[str]:
    """Which variants the values are of: A as the project is, B with a B after the name. Raises ValueError."""
    names = {f"{name}{end}": variant for name in (ACTIVITY, PROJECT) for end, variant in (("", "A"), (" B", "B"))}
    unknown = [value for value in values if value not in names]
    if unknown or len(values) != len(MARKS):
        raise ValueError(f"{values} are not what was published")
    return {names[value] for value in values}


class Readers:
    """One process of each kind. To be used in a with statement; the tallies are there after it."""

    def __init__(self, releases: Path, kinds: tuple[str, ...] = tuple(KINDS)) -> None:
        self.tallies: list[Tally] = []
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[:3:2]))}
        self._processes = [
            subprocess.Popen(
                [sys.executable, __file__, kind, str(releases)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
            for kind in kinds
        ]

    def __enter__(self) -> Readers:
        """To be used in a with statement."""
        return self

    def __exit__(self, *error: object) -> None:
        """End what it has started."""
        for process in self._processes:
            told, _ = process.communicate()
            self.tallies.append(Tally(**json.loads(told)))


def _values(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    found = []
    for mart, column, row in MARKS:
        answer = connection.execute(f"select {column} from {table.format(mart)} where {row}").fetchall()
        found += [str(value) for (value,) in answer]
    return found


def main() -> None:
    """Read until the standard input ends."""
    kind, releases = sys.argv[1], Path(sys.argv[2])
    os.nice(10)
    tally = Tally(kind)
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        tally.reads += 1
        try:
            tally.mixed += len(variants(KINDS[kind](releases))) > 1
        except Exception as error:  # every error is a failed read
            tally.failed += 1
            if len(tally.told) < SHOWN:
                tally.told.append(f"{time.strftime('%X')} {kind}: {type(error).__name__}: {error}"[:300])
    print(json.dumps(asdict(tally)))


if __name__ == "__main__":
    main()
