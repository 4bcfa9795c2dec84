"""The same input gives the same Parquet and the same report, byte for byte, at 1 and at 8 threads.

A municipality with a ledger of ten thousand postings, imported from its files, is built twice; then every list and
every Parquet of postings gets its rows in another order, and it is built a third time.
"""

from __future__ import annotations

import csv
import hashlib
import random
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from examples.example import environment, imports
from examples.generate import RECEIVED
from project import Project, Workshop

PLACE = Path("build/example")
SHUFFLED = 3
# a source page gives the line that a row has in its list
SOURCES = "/webb/kallor/"


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example with three releases, the third of shuffled rows, and a report of each in report/1, report/2, ..."""
    copy = Workshop(tmp_path_factory.mktemp("workshop")).copied()
    variables = {name: value for name, value in environment(PLACE).items() if name.startswith("BOKSLUT_")}
    made = copy.run(sys.executable, "-m", "examples.generate", "--output", str(PLACE))
    assert made.returncode == 0, str(made)
    for command in imports(PLACE / RECEIVED, "sie"):
        imported = copy.bokslut(*command, env=variables)
        assert imported.returncode == 0, str(imported)
    lists, data = (copy.path / variables[name] for name in ("BOKSLUT_SEEDS", "BOKSLUT_DATA"))
    for number, threads in enumerate(("1", "8", "8"), start=1):
        if number == SHUFFLED:
            shuffle(lists, data)
        built = copy.bokslut("build", "--quiet", "--threads", threads, env=variables)
        assert built.returncode == 0, str(built)
        reported = copy.bokslut("report", "--board", "BUN", "--output", str(PLACE / f"report/{number}"), env=variables)
        assert reported.returncode == 0, str(reported)
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


def differing(first: Path, second: Path) -> list[str]:
    """The files that are not the same in both folders, and those that one of them lacks."""
    one, other = hashes(first), hashes(second)
    assert len(one) > 30
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def test_the_rows_were_in_another_order(thrice: Project) -> None:
    releases = thrice.path / "releases"
    assert differing(releases / "1/inputs", releases / "2/inputs") == []
    assert len(differing(releases / "1/inputs", releases / "3/inputs")) > 8


@pytest.mark.parametrize("number", [2, SHUFFLED])
def test_the_parquet_is_the_same(thrice: Project, number: int) -> None:
    releases = thrice.path / "releases"
    assert differing(releases / "1/marts", releases / f"{number}/marts") == []


def test_the_report_is_the_same(thrice: Project) -> None:
    reports = thrice.path / "report"
    assert {path.suffix for path in (reports / "1").rglob("*.*")} >= {".html", ".md", ".pdf", ".docx", ".xlsx", ".csv"}
    assert differing(reports / "1", reports / "2") == []


def test_the_report_of_shuffled_rows_differs_in_the_lines_of_its_sources_alone(thrice: Project) -> None:
    reports = thrice.path / "report"
    assert [name for name in differing(reports / "1", reports / "3") if SOURCES not in f"/{name}"] == []


def test_no_text_of_the_ledger_is_in_the_release(thrice: Project) -> None:
    postings = f"read_parquet('{thrice.path}/data/postings/organisation=*/**/*.parquet', hive_partitioning = false)"
    with duckdb.connect() as connection:
        texts = {text for (text,) in connection.execute(f"select distinct text from {postings}").fetchall() if text}
        vouchers = {
            number for (number,) in connection.execute(f"select distinct voucher from {postings}").fetchall() if number
        }
        released = set()
        for mart in sorted((thrice.path / "releases/1/marts").glob("*.parquet")):
            names = [
                name
                for name, kind, *_ in connection.execute(f"describe select * from '{mart}'").fetchall()
                if kind == "VARCHAR"
            ]
            for name in names:
                released |= {cell for (cell,) in connection.execute(f"select distinct {name} from '{mart}'").fetchall()}
    assert len(texts) > 20
    assert len(vouchers) > 400
    assert len(released) > 200
    assert texts & released == set()
    # a voucher number of one or two digits can also be a code
    assert {number for number in vouchers if len(number) > 3} & released == set()
