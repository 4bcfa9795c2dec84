"""Every analysis runs against the built database and answers with rows; whether the answer is right is not said."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from conftest import Scenario
from project import DATABASE, REPOSITORY, Project
from test_ledger_versions import build_with_versions

ANALYSES = sorted(path.name for path in (REPOSITORY / "analyses").glob("*.sql"))
COMPILED = Path("target/compiled/bokslut/analyses")


def compile_analyses(project: Project) -> None:
    """Compile what a build leaves alone."""
    result = project.dbt("compile", "--select", "resource_type:analysis")
    assert result.returncode == 0, str(result)


@pytest.fixture(scope="module")
def compiled(scenario: Scenario) -> Project:
    return scenario("analyses", compile_analyses)


@pytest.fixture(scope="module")
def posted(scenario: Scenario) -> Project:
    """The project with the ledger of another municipality, since some analyses ask of months and forecasts."""
    return scenario("ledger_versions", build_with_versions)


def test_there_are_analyses() -> None:
    assert ANALYSES


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_answers_with_rows_of_named_columns(compiled: Project, posted: Project, name: str) -> None:
    sql = (compiled.path / COMPILED / name).read_text(encoding="utf-8")
    with duckdb.connect(
        str(posted.path / DATABASE), read_only=True, config={"enable_external_access": False}
    ) as connection:
        cursor = connection.execute(sql)
        columns = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    assert rows
    assert len(set(columns)) == len(columns)
    assert any(cell is not None for row in rows for cell in row)
