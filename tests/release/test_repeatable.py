"""The same input gives the same Parquet and the same report, byte for byte, at 1 and at 8 threads, rows shuffled.

A municipality with a ledger of ten thousand postings, imported from its files; then every list and every Parquet of
postings gets its rows in another order.
"""

from __future__ import annotations

import csv
import hashlib
import random
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from examples.example import environment, imports
from examples.generate import RECEIVED
from project import Project, Workshop

PLACE = Path("build/example")


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example with two releases, and a report of each in report/1 and report/2."""
    copy = Workshop(tmp_path_factory.mktemp("workshop")).copied()
    variables = {name: value for name, value in environment(PLACE).items() if name.startswith("BOKSLUT_")}
    made = copy.run(sys.executable, "-m", "examples.generate", "--output", str(PLACE))
    assert made.returncode == 0, str(made)
    for command in imports(PLACE / RECEIVED, "sie"):
        imported = copy.bokslut(*command, env=variables)
        assert imported.returncode == 0, str(imported)
    for number, threads in enumerate(("1", "8"), start=1):
        built = copy.bokslut("build", "--quiet", "--threads", threads, env=variables)
        assert built.returncode == 0, str(built)
        reported = copy.bokslut("report", "--board", "BUN", "--output", str(PLACE / f"report/{number}"), env=variables)
        assert reported.returncode == 0, str(reported)
        shuffle(copy.path / variables["BOKSLUT_SEEDS"], copy.path / variables["BOKSLUT_DATA"])
    return Project(copy.path / PLACE)


def shuffle(lists: Path, data: Path) -> None:
    """Put the rows of every list and of every Parquet of postings into another order."""
    generator = random.Random(1)  # noqa: S311 - not for secrets
    for path in sorted(lists.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        generator.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    for path in sorted(data.glob("postings/organisation=*/**/*.parquet")):
        table = pq.read_table(path)
        order = list(range(table.num_rows))
        generator.shuffle(order)
        pq.write_table(table.take(order), path)


def hashes(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of each file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_inputs_were_in_another_order(twice: Project) -> None:
    first, second = (hashes(twice.path / f"releases/{number}/inputs") for number in (1, 2))
    assert first.keys() == second.keys()
    assert sum(1 for name in first if first[name] != second[name]) > 8


def test_the_parquet_is_the_same(twice: Project) -> None:
    first, second = (hashes(twice.path / f"releases/{number}/marts") for number in (1, 2))
    assert len(first) > 30
    assert first == second


def test_the_report_is_the_same(twice: Project) -> None:
    first, second = (hashes(twice.path / f"report/{number}") for number in (1, 2))
    assert {Path(name).suffix for name in first} >= {".html", ".md", ".pdf", ".docx", ".xlsx", ".csv"}
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
