"""What macros/engines/materialize_*.sql make: the same relations as dbt's own, whatever stood there before."""

from __future__ import annotations

import re

import pytest

from bokslut.settings import MEMORY_LIMIT
from project import Project

MODEL = "int_ledger__accounts_classified"
KIND = f"select table_type from information_schema.tables where table_name = '{MODEL}'"


def built_as(project: Project, kind: str) -> None:
    path = project.path / "models/intermediate/ledger" / f"{MODEL}.sql"
    text = path.read_text(encoding="utf-8").split("-- end of config\n")[-1]
    path.write_text(f"{{{{ config(materialized='{kind}') }}}}\n-- end of config\n{text}", encoding="utf-8")
    result = project.build("--select", MODEL)
    assert result.returncode == 0, result


def test_a_model_takes_the_place_of_one_of_another_kind(project: Project) -> None:
    assert project.query(KIND) == [("VIEW",)]
    built_as(project, "table")
    assert project.query(KIND) == [("BASE TABLE",)]
    built_as(project, "table")
    built_as(project, "view")
    assert project.query(KIND) == [("VIEW",)]
    built_as(project, "view")


def test_a_model_that_fails_leaves_what_stood_there(project: Project) -> None:
    mart = project.path / "models/marts/board/dim_board.sql"
    before = project.query("select * from marts.dim_board order by all")
    text = mart.read_text(encoding="utf-8")
    mart.write_text(text.replace("select * from final", "select * from final cross join range(2)"), encoding="utf-8")
    assert project.build("--select", "dim_board").returncode == 1
    assert project.query("select * from marts.dim_board order by all") == before


def test_a_mart_keeps_its_key_and_its_contract(built: Project, project: Project) -> None:
    keys = "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY' and schema_name = 'marts'"
    marts = "select count(*) from information_schema.tables where table_schema = 'marts'"
    assert built.value(keys) == built.value(marts)
    mart = project.path / "models/marts/board/dim_board.sql"
    text = mart.read_text(encoding="utf-8")
    mart.write_text(text.replace("select * from final", "select *, 1 as extra from final"), encoding="utf-8")
    result = project.build("--select", "dim_board")
    assert result.returncode == 1
    assert "enforced contract that failed" in result.output


def test_a_seed_is_text_as_it_stands(project: Project) -> None:
    path = project.seed("boards")
    path.write_text(path.read_text(encoding="utf-8").replace("Kommunstyrelsen", '"0012,5e1"'), encoding="utf-8")
    result = project.dbt("seed", "--select", "boards")
    assert result.returncode == 0, result
    assert project.value("select board_name from seeds.boards") == "0012,5e1"


@pytest.mark.parametrize(("said", "held"), [("", MEMORY_LIMIT), ("500MB", "500MB")])
def test_a_build_holds_so_much_memory(project: Project, said: str, held: str) -> None:
    inline = "select current_setting('memory_limit') as held, current_setting('threads') as threads"
    result = project.dbt("show", "--inline", inline, env={"BOKSLUT_MEMORY_LIMIT": said})
    assert result.returncode == 0, result
    told = re.search(r"([0-9.]+) MiB", result.output)
    assert told
    assert float(told[1]) == pytest.approx(int(held.removesuffix("MB")) * 1_000_000 / 2**20, abs=0.1)


def test_a_limit_that_is_none_is_told(project: Project) -> None:
    result = project.dbt("build", "--select", "boards", env={"BOKSLUT_MEMORY_LIMIT": "lots"})
    assert result.returncode != 0
    assert "BOKSLUT_MEMORY_LIMIT=lots: say a number and a unit" in result.output
    assert "Traceback" not in result.output


def test_want_of_memory_says_what_to_set(project: Project) -> None:
    result = project.dbt("build", "--select", "fct_figure", env={"BOKSLUT_MEMORY_LIMIT": "8MB"})
    assert result.returncode != 0
    assert "set BOKSLUT_MEMORY_LIMIT" in result.output
