"""What the audit of a build refuses: each rule on the smallest case, without dbt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bokslut.release import building
from bokslut.release.audit import (
    EXPECTED,
    Expected,
    audit_marts,
    audit_run,
    audit_texts,
    audit_totals,
    counted,
    exit_code,
    read_expected,
)
from bokslut.release.building import MUCH_MEMORY
from bokslut.release.dbt_run import How, Run, environment
from bokslut.release.places import Places, ReleaseError
from bokslut.settings import Settings
from manifest import Manifest
from project import REPOSITORY, Project

COUNTS = {"seeds": 1, "models": 1, "data_tests": 1, "claims": 2}


def of(changed: str = "", status: str = "", returncode: int = 0) -> Run:
    """A run of one seed, one model and one test with two claims, as it should be but for the status of one."""
    names = {"seed": "seed.bokslut.boards", "model": "model.bokslut.dim_board", "test": "test.bokslut.claims.1a2b"}
    fine = {"seed": "success", "model": "success", "test": "pass"}
    manifest: dict[str, Any] = {
        "nodes": {names["test"]: {"test_metadata": {"kwargs": {"claims": {"a": "true", "b": "true"}}}}}
    }
    results = tuple(
        {"unique_id": names[kind], "status": status if kind == changed else fine[kind]}
        for kind in names
        if (kind, status) != (changed, "left out")
    )
    return Run(returncode, manifest, results)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema marts")
        opened.execute("create table marts.dim_board (board_id varchar, board_name varchar)")
        opened.execute("insert into marts.dim_board values ('KS', 'Kommunstyrelsen')")
        yield opened


def told(findings: Iterator[Any]) -> str:
    return "\n".join(map(str, findings))


def test_a_whole_run_passes() -> None:
    assert told(audit_run(of(), Expected(COUNTS, {}))) == ""


@pytest.mark.parametrize(
    ("left_out", "printed"),
    [
        ("seed", "0 seeds were built or passed, not 1"),
        ("model", "0 models were built or passed, not 1"),
        ("test", "0 data_tests were built or passed, not 1"),
    ],
)
def test_what_was_left_out_is_told_though_dbt_was_content(left_out: str, printed: str) -> None:
    assert printed in told(audit_run(of(left_out, "left out"), Expected(COUNTS, {})))


def test_a_claim_that_was_taken_out_is_told() -> None:
    assert "2 claims were built or passed, not 3" in told(audit_run(of(), Expected(COUNTS | {"claims": 3}, {})))


@pytest.mark.parametrize(("kind", "status"), [("test", "fail"), ("model", "error")])
def test_a_node_that_failed_is_named(kind: str, status: str) -> None:
    assert f": {status} - see what dbt says" in told(audit_run(of(kind, status, 1), Expected(COUNTS, {})))


def test_what_was_not_run_is_one_line() -> None:
    assert "1 nodes were skipped" in told(audit_run(of("test", "skipped", 1), Expected(COUNTS, {})))
    both = of("model", "error", 1)
    skipped = [dict(result) | {"status": "skipped"} for result in both.results if result["status"] == "pass"]
    run = Run(1, both.manifest, (*both.results[:2], *skipped))
    assert "1 more were not run because of that" in told(audit_run(run, Expected(COUNTS, {})))


def test_want_of_memory_is_said_and_is_no_fault_of_the_data() -> None:
    failed = {"unique_id": "model.bokslut.a", "status": "error", "message": "Out of Memory Error: could not allocate"}
    run = Run(1, {}, (failed,))
    assert "DuckDB had too little memory - say more with --memory-limit" in told(audit_run(run, Expected(COUNTS, {})))
    assert exit_code(run) == 2
    assert exit_code(of("test", "fail", 1)) == 1


def test_dbts_own_error_without_any_result_is_told() -> None:
    assert "dbt ended with exit code 2" in told(audit_run(Run(2, {}, ()), Expected(COUNTS, {})))


def test_a_model_in_python_is_told() -> None:
    manifest = {"nodes": {"model.a": {"language": "python", "name": "a", "original_file_path": "models/a.py"}}}
    assert "models/a.py: a: a model in Python" in told(audit_run(Run(0, manifest, ()), Expected(COUNTS, {})))


@pytest.mark.parametrize(
    ("node", "printed"),
    [
        ({"resource_type": "test", "config": {"error_if": ">10"}}, "has error_if: >10, and would pass unseen"),
        ({"resource_type": "test", "config": {"limit": 0}}, "has limit: 0"),
        ({"resource_type": "test", "config": {"where": "false"}}, "has where: false"),
        ({"resource_type": "test", "config": {"fail_calc": "0"}}, "has fail_calc: 0"),
        ({"resource_type": "test", "config": {"severity": "WARN"}}, "has severity: WARN"),
        ({"resource_type": "test", "config": {"severity": "ERROR", "error_if": "!= 0", "where": None}}, ""),
        (
            {"resource_type": "operation", "raw_code": "update marts.dim_board set board_name = 'x'"},
            "a hook can change",
        ),
        ({"resource_type": "operation", "raw_code": "{{ print_broken_claims(results) }}"}, ""),
        ({"resource_type": "model", "config": {"post-hook": [{"sql": "drop table marts.a"}]}}, "has a post-hook"),
        ({"resource_type": "model", "config": {"pre-hook": [], "post-hook": []}}, ""),
        ({"resource_type": "model", "package_name": "leftover"}, "is of the package leftover"),
    ],
)
def test_what_would_pass_unseen_is_told(node: dict[str, Any], printed: str) -> None:
    run = Run(1, {"nodes": {"a": node | {"name": "a"}}}, ({"unique_id": "test.bokslut.b", "status": "fail"},))
    found = told(audit_run(run, Expected(COUNTS, {}))).splitlines()
    assert [printed in line for line in found[1:]] == ([True] if printed else [])


def test_a_run_without_the_plugin_is_told() -> None:
    fine = of()
    assert "without the plugin" in told(audit_run(Run(0, fine.manifest, fine.results, False), Expected(COUNTS, {})))


@pytest.mark.parametrize(
    ("marts", "rows", "printed"),
    [
        ({"dim_board": ["boards"]}, {"boards": 1}, ""),
        ({"dim_board": ["boards"], "dim_goal": []}, {"boards": 1}, "the mart dim_goal is not there"),
        ({}, {"boards": 1}, "the mart dim_board is not named"),
        ({"dim_board": ["bords"]}, {"boards": 1}, "dim_board is said to be made of bords, which is no input"),
    ],
)
def test_the_marts_are_those_that_are_expected(
    connection: duckdb.DuckDBPyConnection, marts: dict[str, list[str]], rows: dict[str, int], printed: str
) -> None:
    expected = Expected(COUNTS, {name: tuple(inputs) for name, inputs in marts.items()})
    found = told(audit_marts(connection, expected, rows))
    assert (printed in found) if printed else found == ""


@pytest.mark.parametrize(("rows", "is_told"), [(0, False), (1, True)])
def test_a_mart_is_empty_only_where_its_inputs_are(
    connection: duckdb.DuckDBPyConnection, rows: int, is_told: bool
) -> None:
    connection.execute("delete from marts.dim_board")
    found = told(audit_marts(connection, Expected(COUNTS, {"dim_board": ("boards",)}), {"boards": rows}))
    assert ("the mart dim_board is empty, though boards is not" in found) is is_told


def test_a_control_total_that_does_not_arrive_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table marts.rpt_control_total (board_id varchar, is_in_agreement boolean)")
    connection.execute("insert into marts.rpt_control_total values ('BUN', true), ('KS', false), ('SBN', null)")
    found = told(audit_totals(connection))
    assert "board_id KS" in found
    assert "board_id SBN" in found
    assert "board_id BUN" not in found


def test_an_identity_number_is_told_and_masked(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("insert into marts.dim_board values ('X', 'Betalt till 19640823-3234 i mars')")
    found = told(audit_texts(connection))
    assert (
        "marts.dim_board: column board_name: 'Betalt till ******-**** i mars' holds a personal identity number" in found
    )
    assert "0823" not in found


@pytest.mark.parametrize(
    "text",
    [
        # an organisation number, a wrong check digit, no day of the calendar, part of a longer number
        "Askersund 212000-1983",
        "640823-3235",
        "640231-3233",
        "1964082332341",
    ],
)
def test_what_is_no_identity_number_passes(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    connection.execute("insert into marts.dim_board values ('X', ?)", [text])
    assert told(audit_texts(connection)) == ""


def test_the_committed_file_says_what_the_project_has(built: Project) -> None:
    manifest = Manifest(built)
    expected = read_expected(REPOSITORY / EXPECTED)
    assert expected.counts == {
        "seeds": len(manifest.seeds),
        "models": len(manifest.models),
        "data_tests": len(manifest.tests),
        "claims": manifest.claims,
    }
    assert sorted(expected.marts) == sorted(each["name"] for each in manifest.marts)
    assert not {name for inputs in expected.marts.values() for name in inputs} - {
        *(each["name"] for each in manifest.seeds),
        "postings",
    }


@pytest.mark.parametrize("text", ["", "[counts]\nseeds = 1\n", "[counts", "[counts]\nseeds = 'x'\n[marts]\n"])
def test_a_file_of_another_form_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "expected_build.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"expected_build\.toml: not what a build is held against"):
        read_expected(path)


def test_the_counts_are_of_what_passed() -> None:
    assert counted(of("test", "fail", 1)) == {"seeds": 1, "models": 1, "data_tests": 0, "claims": 0}


def test_dbt_takes_nothing_from_the_users_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBT_EXCLUDE_RESOURCE_TYPES", "DBT_TARGET_PATH", "BOKSLUT_DATABASE", "BOKSLUT_MEMORY_LIMIT"):
        monkeypatch.setenv(name, "theirs")
    settings = Settings(Path("a"), Path("b"), Path("c"), Path("d.duckdb"), Path("releases"))
    ours = environment(settings, How(memory_limit="500MB"))
    assert {name: value for name, value in ours.items() if name.startswith(("DBT_", "BOKSLUT_"))} == {
        "BOKSLUT_REFERENCE": "a",
        "BOKSLUT_SEEDS": "b",
        "BOKSLUT_DATA": "c",
        "BOKSLUT_DATABASE": "d.duckdb",
        "BOKSLUT_RELEASES": "releases",
        "BOKSLUT_MEMORY_LIMIT": "500MB",
    }


@pytest.mark.parametrize(("asked", "limits"), [(None, [None, MUCH_MEMORY]), ("200MB", ["200MB"])])
def test_a_build_that_had_too_little_memory_is_tried_once_more(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: str | None,
    limits: list[str | None],
) -> None:
    places = Places(tmp_path)
    places.built.parent.mkdir(parents=True)
    failed = {"unique_id": "model.bokslut.a", "status": "error", "message": "Out of Memory Error: could not allocate"}
    tried: list[str | None] = []

    def run(_settings: Settings, _places: Places, how: How, _lock: int) -> Run:
        assert not places.built.exists(), "the first try's file is gone"
        places.built.touch()
        tried.append(how.memory_limit)
        return Run(1, {}, (failed,)) if len(tried) == 1 else Run(0, {}, ())

    monkeypatch.setattr(building, "run_dbt", run)
    settings = Settings.from_environment({})
    done = building._run(How(memory_limit=asked), settings, places, 0)
    assert tried == limits
    assert done.returncode == (0 if asked is None else 1)
    assert ("once more with 1GB" in capsys.readouterr().err) is (asked is None)
