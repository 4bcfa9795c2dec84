"""The benchmark: that it measures what a command takes, tells who makes other marts, and that ours agree.

No time is asserted here, only that what was surely used is seen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks import floor
from benchmarks.contest import Entry, contest, rows
from benchmarks.contestants import DBT, FLOOR, SELECTED, THREE, WHOLE, Contestant
from benchmarks.limits import limited
from benchmarks.marts import MARTS, differences
from benchmarks.measuring import Cost, measured
from benchmarks.tables import as_csv, as_markdown, cells, overview, records
from project import DATABASE, Project, Workshop

BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
HOLD = "import time; held = bytearray(b'x') * 200_000_000; time.sleep(0.4)"
INPUTS = {"BOKSLUT_SEEDS": "mine/lists", "BOKSLUT_DATA": "mine/data"}
KEYS = {"fiscal_year": "2024", "line_number": "1"}


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_processor_seconds_of_what_a_command_started_are_counted() -> None:
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n" + BURN
    assert measured(python(code), Path()).cpu >= 0.6


def test_what_a_command_leaves_running_is_counted() -> None:
    code = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BURN!r}])"
    assert measured(python(code), Path()).cpu >= 0.3


def test_memory_is_of_all_processes_together() -> None:
    code = "import subprocess, sys\nheld = bytearray(b'x') * 100_000_000\n"
    code += f"subprocess.run([sys.executable, '-c', {HOLD!r}])"
    cost = measured(python(code), Path())
    assert 190 < cost.largest < 280
    assert 285 < cost.peak < 400


def test_memory_that_processes_share_counts_once() -> None:
    code = (
        "import os, time\nheld = bytearray(b'x') * 200_000_000\n"
        "if os.fork() == 0:\n    time.sleep(0.5)\n    os._exit(0)\nos.wait()"
    )
    assert 190 < measured(python(code), Path()).peak < 300


def test_a_command_that_holds_more_than_it_may_is_ended() -> None:
    cost = measured(python("import time; held = bytearray(b'x') * 300_000_000; time.sleep(60)"), Path(), most_mib=150)
    assert (cost.is_stopped, cost.returncode) == (True, -9)


def test_a_hard_limit_is_held_however_it_is_set() -> None:
    with limited(100) as limit:
        cost = measured(python(HOLD), Path(), most_mib=limit.most_mib, joins=limit.joins)
    assert cost.returncode == -9, limit.how
    with limited(600) as limit:
        assert measured(python(HOLD), Path(), most_mib=limit.most_mib, joins=limit.joins).returncode == 0


def test_a_command_gets_no_setting_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOKSLUT_SEEDS", "elsewhere")
    code = "import os; print(sorted(name for name in os.environ if name.startswith('BOKSLUT_')))"
    assert measured(python(code), Path(), {"BOKSLUT_DATA": "here"}).output == "['BOKSLUT_DATA']\n"


def write_marts(path: Path, amount: str = "1.50", *, more: str = "") -> None:
    """The three marts with a row each, into a DuckDB file or a folder of Parquet."""
    with duckdb.connect(str(path) if path.suffix else ":memory:") as connection:
        connection.execute("create schema if not exists marts")
        for name, mart in MARTS.items():
            texts = [f"'{KEYS.get(column, 'x')}' as {column}" for column in mart.key]
            amounts = [f"{amount}::decimal(18, 2) as {column}" for column in mart.amounts]
            connection.execute(f"create table marts.{name} as select {', '.join(texts + amounts)}")
        connection.execute(more)
        if not path.suffix:
            path.mkdir()
            for name in MARTS:
                connection.execute(f"copy marts.{name} to '{path / name}.parquet'")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update marts.fct_income_statement set actual_sek = 1.51", "x/x/2024/1: actual_sek 1.51, not 1.50"),
        ("update marts.fct_income_statement set budget_sek = null", "x/x/2024/1: budget_sek None, not 1.50"),
        ("update marts.fct_income_statement set line_number = '2'", "x/x/2024/2 is not in dbt's"),
        ("insert into marts.fct_income_statement from marts.fct_income_statement", "2 rows, not 1"),
        ("delete from marts.fct_income_statement", "x/x/2024/1 is missing"),
        ("alter table marts.fct_income_statement alter change_sek type double", "change_sek is DOUBLE"),
        ("alter table marts.fct_income_statement drop change_sek", 'column "change_sek" not found'),
        ("drop table marts.fct_income_statement", "Catalog Error"),
    ],
)
def test_every_difference_of_a_mart_is_told(tmp_path: Path, change: str, told: str) -> None:
    write_marts(tmp_path / "dbt.duckdb")
    write_marts(tmp_path / "other.duckdb", more=change)
    found = differences(tmp_path / "dbt.duckdb", tmp_path / "other.duckdb")
    assert any(line.startswith("fct_income_statement: ") and told in line for line in found), found
    assert all(line.startswith("fct_income_statement: ") for line in found)


def test_equal_marts_are_equal_as_database_and_as_parquet(tmp_path: Path) -> None:
    for name in ("dbt.duckdb", "other.duckdb", "folder"):
        write_marts(tmp_path / name)
    assert differences(tmp_path / "dbt.duckdb", tmp_path / "other.duckdb") == []
    assert differences(tmp_path / "dbt.duckdb", tmp_path / "folder") == []
    assert differences(tmp_path / "dbt.duckdb", tmp_path / "nothing") != []


def test_only_equal_marts_get_a_time(tmp_path: Path) -> None:
    write_marts(tmp_path / "dbt.duckdb")
    write_marts(tmp_path / "others", "1.51")

    def of(name: str, code: str, marts: str = "dbt.duckdb", missing: str = "") -> Contestant:
        return Contestant(name, WHOLE, python(code), Path(marts), (), missing=missing)

    entries = contest(
        [
            of(DBT, "pass"),
            of(FLOOR, "pass"),
            of("other marts", "pass", "others"),
            of("absent", "import sys; sys.exit('no server here' if 0 else print('no server here') or 77)"),
            of("broken", "raise SystemExit('it broke')"),
            of("not installed", "pass", missing="no interpreter"),
        ],
        2,
        lambda _: None,
        tmp_path,
    )
    assert [len(entry.costs) for entry in entries] == [2, 2, 0, 0, 0, 0]
    by_name = {row.name: row for row in rows(entries)}
    assert by_name[FLOOR].x_floor == by_name[DBT].x_dbt == 1
    assert by_name["other marts"].told.startswith(
        "makes other marts than dbt, so it has no time: fct_activity_variance"
    )
    assert by_name["absent"].told == "not available here: no server here"
    assert by_name["broken"].told == "ended with exit code 1: it broke"
    assert by_name["not installed"].told == "not available here: no interpreter"
    assert "1.51, not 1.50" in "".join(entries[2].told)


def test_the_tables_show_seconds_and_reasons() -> None:
    entries = [
        Entry(DBT, WHOLE, [Cost(2.0, 3.0, 100.0, 90.0, 0, ""), Cost(4.0, 5.0, 120.0, 90.0, 0, "")]),
        Entry(FLOOR, WHOLE, [Cost(1.0, 1.0, 50.0, 50.0, 0, '{"loaded_seconds": 0.25}\n')]),
        Entry("absent", THREE, told=["not available here: no server"]),
    ]
    found = rows(entries)
    assert cells(found)[0][2:] == ["2", "3.00", "2.00-4.00", "4.00", "120", "90", "", "3.00", "1.00", "4.00", "1.00"]
    assert cells(found)[1][8] == "0.25"
    assert "absent,three marts,0,,,,,,,,,,,,,,not available here: no server\n" in as_csv(records(found))
    head, body = overview({10: records(found), 100: records(found[:2])})
    assert head[2:5] == ["1e1 s", "CPU s", "MiB"]
    assert body[0] == [DBT, WHOLE, "3.00", "4.00", "120", "3.00", "4.00", "120"]
    assert body[2] == ["absent", THREE, "not available here", "", "", "-", "", ""]
    assert as_csv([{"a": 1}, {"a": 2, "b": 3}]) == "a,b\n1,\n2,3\n"
    assert as_markdown(("a", "b"), [["x|y", "1"]]) == "| a | b |\n| --- | --: |\n| x/y | 1 |\n"


def test_the_floor_of_some_marts_is_what_they_are_made_of() -> None:
    def node(kind: str, *parents: str) -> dict[str, object]:
        return {"name": parents[0], "resource_type": kind, "depends_on": {"nodes": list(parents[1:])}}

    nodes = {
        "test.of_both": node("test", "of_both", "model.mart", "model.other"),
        "test.of_mart": node("test", "of_mart", "model.mart"),
        "model.other": node("model", "other", "seed.list"),
        "model.mart": node("model", "mart", "model.stage"),
        "model.stage": node("model", "stage", "seed.list"),
        "seed.list": node("seed", "list"),
    }
    assert set(floor.chosen(nodes, ["mart"])) == {"model.mart", "model.stage", "seed.list", "test.of_mart"}
    assert floor.chosen(nodes, []) == nodes
    order = [str(each["name"]) for each in floor.in_order(nodes)]
    assert order.index("list") < order.index("stage") < order.index("mart") < order.index("of_mart")


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project with a sample of postings and the three marts built from them by dbt."""
    project = Workshop(tmp_path_factory.mktemp("sampled")).copied()
    made = project.bokslut(
        "sample", "mine", "--municipalities", "2", "--boards", "2", "--years", "3", "--lines", "6000"
    )
    assert made.returncode == 0, str(made)
    marts = [f"+{name}" for name in SELECTED]
    built = project.dbt("build", "--indirect-selection", "cautious", "--select", *marts, env=INPUTS)
    assert built.returncode == 0, str(built)
    return project


def test_the_floor_makes_the_marts_of_dbt(sampled: Project) -> None:
    (sampled.path / "floor").mkdir(exist_ok=True)
    database = sampled.path / "floor" / DATABASE
    command = ("-m", "benchmarks.floor", "target/manifest.json", str(database), "--select", *SELECTED)
    done = sampled.run(sys.executable, *command, env=INPUTS)
    assert done.returncode == 0, str(done)
    assert differences(sampled.path / DATABASE, database) == []
    assert sampled.value("select count(*) from marts.fct_activity_variance") > 100
    with duckdb.connect(str(database), read_only=True) as connection:
        keys = connection.execute(
            "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY' and schema_name = 'marts'"
        ).fetchall()
    assert keys == [(len(MARTS),)]


def test_the_floor_makes_every_mart_of_the_whole_project(built: Project, tmp_path: Path) -> None:
    done = built.run(sys.executable, "-m", "benchmarks.floor", "target/manifest.json", str(tmp_path / DATABASE))
    assert done.returncode == 0, str(done)
    assert Project(tmp_path).marts() == built.marts()


def test_the_floor_ends_with_1_where_an_assertion_finds_rows(sampled: Project) -> None:
    path = sampled.path / "target" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    node = manifest["nodes"]["model.bokslut.fct_income_statement"]
    node["compiled_code"] = node["compiled_code"].replace("actual_sek - budget_sek", "actual_sek - budget_sek + 1")
    (sampled.path / "changed.json").write_text(json.dumps(manifest), encoding="utf-8")
    (sampled.path / "floor").mkdir(exist_ok=True)
    command = ("-m", "benchmarks.floor", "changed.json", f"floor/{DATABASE}", "--select", *SELECTED)
    done = sampled.run(sys.executable, *command, env=INPUTS)
    assert done.returncode == 1
    assert "assertion found rows: fct_income_statement__claims" in done.output


def test_the_sql_by_hand_makes_the_marts_of_dbt(sampled: Project) -> None:
    done = sampled.run(sys.executable, "benchmarks/handwritten.py", "mine/data", "mine/lists", "by-hand")
    assert done.returncode == 0, str(done)
    assert differences(sampled.path / DATABASE, sampled.path / "by-hand") == []


def test_the_sql_by_hand_makes_the_marts_of_a_board_that_states_its_amounts(built: Project, tmp_path: Path) -> None:
    command = ("benchmarks/handwritten.py", "data", "seeds/board", str(tmp_path / "by-hand"))
    done = built.run(sys.executable, *command)
    assert done.returncode == 0, str(done)
    assert differences(built.path / DATABASE, tmp_path / "by-hand") == []
