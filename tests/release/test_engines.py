"""The released file is read by the engines that BI drivers have, all the time while the next release is built."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from project import REPOSITORY, Result, Workshop

ENGINES = ("1.4", "1.5", "2.0")
# as tests/release/install puts them there
OLDER = REPOSITORY / "build/engines"
READ = """
import sys, time, duckdb
database, until = sys.argv[1], sys.argv[2]
import pathlib
print(duckdb.__version__, flush=True)
reads = 0
while not pathlib.Path(until).exists():
    with duckdb.connect(database, read_only=True, config={"enable_external_access": "false"}) as connection:
        net, codes = connection.execute(
            "select sum(actual_net_sek), count(*) from marts.fct_activity_variance"
        ).fetchone()
        (same,) = connection.execute(
            "select value from marts.fct_figure where figure_key = 'result/result/actual'"
        ).fetchone() or (net,)
    assert (str(net), codes) == ("-186560000.00", 23), (net, codes)
    reads += 1
print(reads, flush=True)
"""


@dataclass(frozen=True)
class Read:
    """What an engine said: its version, how many reads went well, and how it ended."""

    version: str
    reads: int
    returncode: int
    error: str


@dataclass(frozen=True)
class Told:
    """The second build, which release was current after it, and what was read while it ran."""

    build: Result
    current: str
    reads: dict[str, Read]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    copy = Workshop(tmp_path_factory.mktemp("workshop")).copied()
    first = copy.bokslut("build", "--quiet")
    assert first.returncode == 0, str(first)
    done = tmp_path_factory.mktemp("reading") / "done"
    readers = {}
    for name in ENGINES:
        path = {} if name == "2.0" else {"PYTHONPATH": str(OLDER / name)}
        readers[name] = subprocess.Popen(
            [sys.executable, "-c", READ, "releases/current/warehouse.duckdb", str(done)],
            cwd=copy.path,
            env=os.environ | path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    second = copy.bokslut("build", "--quiet")
    time.sleep(1)
    done.touch()
    reads = {}
    for name, reader in readers.items():
        output, error = reader.communicate(timeout=60)
        version, *counts = output.split()
        reads[name] = Read(version, int(counts[0]) if counts else 0, reader.returncode, error)
    return Told(second, str((copy.path / "releases/current").readlink()), reads)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_reads_whole_releases_all_the_time(told: Told, engine: str) -> None:
    read = told.reads[engine]
    assert read.version.startswith(f"{engine}.")
    assert read.returncode == 0, read.error
    assert read.reads > 20
    print(f"\nDuckDB {read.version}: {read.reads} reads while a build ran, 0 failed")


def test_the_build_was_not_disturbed_by_its_readers(told: Told) -> None:
    assert told.build.returncode == 0, str(told.build)
    assert told.current == "2"
