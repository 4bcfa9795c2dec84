"""A copy of the dbt project that a test may change, build and read.

The repository itself is never built here: dbt runs as a subprocess in the copy, with an environment that holds nothing
of BOKSLUT_* or DBT_*. What a figure should be is not known here.
"""

from __future__ import annotations

import csv
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

REPOSITORY = Path(__file__).resolve().parents[2]
DATABASE = "warehouse.duckdb"
# what stands in the root and is no source: what a run leaves behind, and what was installed
LEFT_OUT = {".venv", ".venv-peers", ".venv-supply", ".git", ".hypothesis", "build", "logs", "releases", "target"}
# what a developer imported is no part of the project: of the data only the files that hold the schema
EMPTY = {"postings", "imports"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")
SECONDS = 300
SHOWN = 40

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """How a subprocess ended. output: standard output and error together, without colour codes."""

    returncode: int
    output: str

    def __str__(self) -> str:
        """What a failed assertion shows: the end of the output."""
        return "\n".join([f"exit code {self.returncode}", *self.output.splitlines()[-SHOWN:]])

    def broken(self, test: str) -> str:
        """The lines that the end of the run prints of a failed test, without the clock; empty if it did not fail."""
        lines = [line.split("  ", 1)[-1] for line in self.output.splitlines()]
        found: list[str] = []
        inside = False
        for line in lines:
            if line.startswith("BROKEN "):
                inside = line == f"BROKEN {test}"
            elif " | " not in line:
                inside = False
            if inside:
                found.append(line.strip())
        return "\n".join(found)


@dataclass(frozen=True)
class Project:
    """A copy of the project, at path, with a database of its own."""

    path: Path

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a program in the copy; env adds to a clean environment."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=_clean_environment() | dict(env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
        return Result(done.returncode, ANSI.sub("", done.stdout))

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a program in the copy; standard output and error come together, env adds to a clean environment."""
        return subprocess.Popen(
            command,
            cwd=self.path,
            env=_clean_environment() | dict(env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def dbt(self, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """Run the dbt that lies beside the Python of the tests, e.g. with "build", "--select", "boards+"."""
        return self.run(_beside_python("dbt"), "--no-use-colors", *arguments, env=env)

    def bokslut(self, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a command of the package as it stands in the copy."""
        return self.run(sys.executable, "-m", "bokslut", *arguments, env=env)

    def build(self, *arguments: str) -> Result:
        """Run dbt build without unit tests, which know nothing of a changed input."""
        return self.dbt("build", "--exclude-resource-type", "unit_test", *arguments)

    def query(self, sql: str, database: str = DATABASE) -> list[Row]:
        """The rows of a query against the built database, which is opened for reading only."""
        with duckdb.connect(str(self.path / database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        """The one value of a query that gives one row of one column."""
        ((value,),) = self.query(sql)
        return value

    def marts(self) -> dict[str, list[Row]]:
        """Every row of every mart, in order: what readers see, to compare two builds with."""
        names = self.query("select table_name from duckdb_tables() where schema_name = 'marts' order by table_name")
        return {name: self.query(f'select * from marts."{name}" order by all') for (name,) in names}

    def seed(self, name: str) -> Path:
        """The CSV of a seed, wherever it lies."""
        (path,) = (self.path / "seeds").rglob(f"{name}.csv")
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands exactly once in a seed."""
        path = self.seed(name)
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in {path}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def set_cell(self, name: str, row: Mapping[str, str], column: str, value: str) -> None:
        """Set one cell of a seed, in the only row that has the given cells."""
        path = self.seed(name)
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        found = [cells for cells in rows if all(cells[header.index(key)] == cell for key, cell in row.items())]
        if len(found) != 1:
            raise ValueError(f"{row} is said of {len(found)} rows of {path}")
        if found[0][header.index(column)] == value:
            raise ValueError(f"{column} of {row} is {value} already")
        found[0][header.index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])

    def append(self, name: str, rows: str) -> None:
        """Add rows to a seed: CSV with a header of the columns that they fill; the seed's others stay empty."""
        path = self.seed(name)
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            header, *lines = csv.reader(rows.strip().splitlines())
            writer.writerows(dict(zip(header, line, strict=True)) for line in lines)

    def write(self, relative: str, text: str) -> None:
        """Write a file of the copy, and its folders."""
        path = self.path / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Workshop:
    """The place of one copy that is used again and again.

    dbt's parse cache holds absolute paths, so that a copy is only fast where it was built: each test gets the copy at
    the same path, fresh from an image of the built one.
    """

    folder: Path

    @property
    def built(self) -> Project:
        """The image: built from the repository as it is, to read from, never to change or to run dbt in."""
        return Project(self.folder / "built")

    @property
    def copy(self) -> Project:
        """The place where tests change and build."""
        return Project(self.folder / "copy")

    def copied(self) -> Project:
        """The copy of the repository as it is, without anything built."""
        shutil.copytree(REPOSITORY, self.copy.path, ignore=_no_source)
        return self.copy

    def build(self) -> Result:
        """Copy the repository, build it and keep the image. Unit tests are left to the build of `make test`."""
        result = self.copied().build()
        shutil.copytree(self.copy.path, self.built.path)
        return result

    def fresh(self) -> Project:
        """The copy, as it was just after the build."""
        shutil.rmtree(self.copy.path, ignore_errors=True)
        shutil.copytree(self.built.path, self.copy.path)
        return self.copy

    def keep(self, folder: Path) -> Project:
        """What a test needs of the copy after its build: the database, the seeds and dbt's own files."""
        for name in ("seeds", "target"):
            shutil.copytree(self.copy.path / name, folder / name)
        shutil.copy2(self.copy.path / DATABASE, folder / DATABASE)
        return Project(folder)


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Let the first worker that asks fill the folder, and the others wait for it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "done").touch()
    return folder


def sqlfluff() -> str:
    """The sqlfluff of the environment that runs the tests."""
    return _beside_python("sqlfluff")


def _no_source(folder: str, names: list[str]) -> set[str]:
    if Path(folder) == REPOSITORY / "data":
        return {name for name in names if name not in EMPTY}
    if Path(folder).parent == REPOSITORY / "data":
        return {name for name in names if not name.startswith("empty.")}
    if Path(folder) != REPOSITORY:
        return {"__pycache__", "node_modules"}
    return {name for name in names if name in LEFT_OUT or name.startswith(DATABASE) or name.endswith("_cache")}


def _beside_python(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "DBT_", "PYTEST_"))}
