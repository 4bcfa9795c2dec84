"""SQL in a model, a hook, a macro or a question reaches the inputs and the own database, and nothing else.

Page queries are tried in test_report_queries.py, a reader's connection in test_release_files.py. A plain `dbt build` can
still write into its input folders, since DuckDB's allowed folders are open both ways; a release is built from a copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import Scenario
from project import Project, sqlfluff

REFUSED = 'Permission Error: Cannot access file "{}" - file system operations are disabled by configuration'
LOCKED = 'Cannot change configuration option ""{}"" - the configuration has been locked'
NO_EXTENSION = "Permission Error: Loading external extensions is disabled through configuration"
OUTSIDE = "../escaped"


class Escape(NamedTuple):
    """A model that tries to get out, by its query or by its hook, and what it is told."""

    sql: str
    printed: str
    hook: str = ""


ESCAPES = {
    "reads_a_text": Escape("select * from read_text('/etc/passwd')", REFUSED.format("/etc/passwd")),
    "reads_a_csv": Escape("select * from read_csv('/etc/passwd')", REFUSED.format("/etc/passwd")),
    "reads_the_profile": Escape("select * from read_text('profiles.yml')", REFUSED.format("profiles.yml")),
    "reads_other_parquet": Escape(
        "select * from read_parquet('../escaped.parquet')", REFUSED.format("../escaped.parquet")
    ),
    "leaves_by_a_relative_path": Escape(
        "select * from read_text('data/postings/../../profiles.yml')", "Permission Error: Cannot access file"
    ),
    "lists_a_folder": Escape("select * from glob('/etc/*')", REFUSED.format("/etc/*")),
    "reads_the_network": Escape(
        "select * from read_csv('https://localhost/x.csv')", REFUSED.format("https://localhost/x.csv")
    ),
    "copies_out": Escape("select 1 as a", REFUSED.format(f"{OUTSIDE}.csv"), f"copy (select 1 as a) to '{OUTSIDE}.csv'"),
    "copies_beside_the_database": Escape(
        "select 1 as a", REFUSED.format("escaped.csv"), "copy (select 1 as a) to 'escaped.csv'"
    ),
    "exports": Escape(
        "select 1 as a", f'Permission Error: Cannot access file "{OUTSIDE}', f"export database '{OUTSIDE}'"
    ),
    "attaches": Escape("select 1 as a", "escaped.duckdb", f"attach '{OUTSIDE}.duckdb' as escaped"),
    "installs": Escape("select 1 as a", "Permission Error: ", "install httpfs"),
    "loads": Escape("select 1 as a", NO_EXTENSION, "load httpfs"),
    "opens_access": Escape(
        "select 1 as a", LOCKED.format("enable_external_access"), "set enable_external_access = true"
    ),
    "adds_a_folder": Escape("select 1 as a", LOCKED.format("allowed_directories"), "set allowed_directories = ['/']"),
    "unlocks": Escape("select 1 as a", LOCKED.format("lock_configuration"), "set lock_configuration = false"),
    "materialises_outside": Escape(
        f"{{{{ config(materialized='external', location='{OUTSIDE}.parquet') }}}} select 1 as a",
        REFUSED.format(f"{OUTSIDE}.parquet"),
    ),
}


def written_outside(project: Project) -> list[Path]:
    """Whatever an escape has left."""
    return [*project.path.parent.glob("escaped*"), *project.path.glob("escaped*")]


def try_to_escape(project: Project) -> None:
    """Run one model for each escape, together."""
    for name, escape in ESCAPES.items():
        hook = f'{{{{ config(pre_hook="{escape.hook}") }}}} ' if escape.hook else ""
        project.write(f"models/staging/escapes/stg_escapes__{name}.sql", f"{hook}{escape.sql}\n")
    result = project.dbt("run", "--select", "models/staging/escapes")
    assert result.returncode == 1, str(result)
    assert f"PASS=1 WARN=0 ERROR={len(ESCAPES)} " in result.output, str(result)
    assert "Traceback" not in result.output, str(result)
    assert written_outside(project) == []
    project.write("target/output.txt", result.output)


@pytest.fixture(scope="module")
def tried(scenario: Scenario) -> Project:
    return scenario("escapes", try_to_escape)


@pytest.mark.parametrize("name", ESCAPES)
def test_a_model_is_stopped_that(tried: Project, name: str) -> None:
    output = (tried.path / "target/output.txt").read_text(encoding="utf-8")
    model = f"stg_escapes__{name}"
    _, _, failure = output.partition(f"Failure in model {model} (")
    assert ESCAPES[name].printed in failure.partition("Failure in model")[0], output
    assert tried.query(f"select 1 from duckdb_tables() where table_name = '{model}'") == []


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("select * from read_text('/etc/passwd')", REFUSED.format("/etc/passwd")),
        (
            f"{{% do run_query(\"copy (select 1 as a) to '{OUTSIDE}.csv'\") %}} select 1",
            REFUSED.format(f"{OUTSIDE}.csv"),
        ),
        (f"{{% do run_query(\"attach '{OUTSIDE}.duckdb' as escaped\") %}} select 1", "escaped.duckdb"),
        ("{% do run_query('install httpfs') %} select 1", "Permission Error: "),
        (
            "{% do run_query(\"copy (select 1 as a) to 'seeds/board/escaped.csv'\") %} select 1",
            REFUSED.format("seeds/board/escaped.csv"),
        ),
    ],
    ids=["reads", "copies by another query", "attaches", "installs", "writes among the lists"],
)
def test_a_question_on_the_command_line_is_stopped_that(project: Project, question: str, printed: str) -> None:
    result = project.dbt("show", "--limit", "-1", "--inline", question)

    assert result.returncode == 2, str(result)
    assert printed in result.output, str(result)
    assert "Traceback" not in result.output, str(result)
    assert written_outside(project) == []


def test_an_operation_is_stopped_that_copies_out(project: Project) -> None:
    project.write(
        "macros/escape.sql",
        f"{{% macro escape() %}}{{% do run_query(\"copy (select 1 as a) to '{OUTSIDE}.csv'\") %}}{{% endmacro %}}\n",
    )

    result = project.dbt("run-operation", "escape")

    assert result.returncode == 1, str(result)
    assert REFUSED.format(f"{OUTSIDE}.csv") in result.output, str(result)
    assert written_outside(project) == []


def test_the_linter_opens_the_database_behind_the_same_gate(project: Project) -> None:
    project.replace("boards", "board_id,board_name", "board_name,board_id")

    refused = project.run(sqlfluff(), "lint", "--disable-progress-bar", "models/marts/board/dim_board.sql")

    assert refused.returncode == 1, str(refused)
    told = " ".join(refused.output.replace("|", " ").split())
    assert "seeds/board/boards.csv:1: column board_name stands where board_id" in told, str(refused)
