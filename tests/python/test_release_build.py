"""`bokslut build` as a user runs it: what it publishes, what it says, and what it refuses. One build for all."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from project import Project, Result, Workshop

SHELL = str(Path(sys.executable).with_name("duckdb"))


@pytest.fixture(scope="module")
def released(workshop: Workshop) -> tuple[Project, Result]:
    """A copy with one release, and what the build said."""
    project = workshop.fresh()
    result = project.bokslut("build", "--quiet", "--threads", "1")
    assert result.returncode == 0, str(result)
    return project, result


@pytest.fixture(scope="module")
def manifest(released: tuple[Project, Result]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((released[0].path / "releases/1/manifest.json").read_text(encoding="utf-8"))
    return content


def test_the_build_says_what_was_published_and_where(released: tuple[Project, Result]) -> None:
    lines = [line.partition(":")[0] for line in released[1].output.splitlines()]
    assert lines == ["Built", "Since", "Released", "Database", "Next"]
    assert "Released: releases/1, manifest " in released[1].output


def test_the_release_holds_what_the_workbench_of_the_same_inputs_holds(
    released: tuple[Project, Result], built: Project
) -> None:
    marts = Project(released[0].path / "releases/current").marts()
    assert len(marts) > 30
    assert marts == built.marts()


def test_every_input_and_every_output_is_in_the_manifest(
    released: tuple[Project, Result], manifest: dict[str, Any]
) -> None:
    project = released[0].path
    inputs = {each["path"] for each in manifest["inputs"]}
    seeds = {path.relative_to(project).as_posix() for path in (project / "seeds").rglob("*.*") if path.is_file()}
    assert inputs == seeds | {"postings/empty.parquet", "imports/empty.csv"}
    release = project / "releases/1"
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert {each["path"] for each in manifest["outputs"]} == files - {"manifest.json", "manifest.json.sha256"}
    for each in manifest["inputs"]:
        if each["kept"]:
            source = project / ("data" if each["folder"] == "data" else "") / each["path"]
            assert (release / each["kept"]).read_bytes() == source.read_bytes()


def test_the_manifest_says_what_was_counted_and_followed(manifest: dict[str, Any]) -> None:
    assert manifest["counts"]["data_tests"] > 100
    assert manifest["counts"]["claims"] > 250
    assert manifest["fiscal_years"] == [2024]
    assert manifest["tools"]["dbt-core"].startswith("1.11.")
    assert manifest["previous"] is None
    totals = [each for each in manifest["control_totals"] if each["scenario"] == "actual"]
    assert all(each["is_in_agreement"] for each in totals)
    assert "-186560000.00" in {value for each in totals for value in each.values()}


def test_nothing_but_the_release_is_left(released: tuple[Project, Result]) -> None:
    folder = released[0].path / "releases"
    assert sorted(path.name for path in folder.iterdir()) == [".lock", ".target", "1", "current", "log.csv"]


def test_an_older_engine_reads_the_release(released: tuple[Project, Result]) -> None:
    # the shell that is installed is of 1.5
    result = released[0].run(
        SHELL, "-readonly", "-csv", "releases/current/warehouse.duckdb", "select count(*) as n from marts.dim_activity"
    )
    assert result.output.split() == ["n", "23"]


def test_verify_and_status_find_it_as_it_was(released: tuple[Project, Result]) -> None:
    verified = released[0].bokslut("verify")
    assert verified.returncode == 0, str(verified)
    assert "files are as they were released" in verified.output
    status = released[0].bokslut("status")
    assert "Inputs:   as they were released" in status.output
    assert "fiscal years 2024" in status.output


def test_a_refused_input_is_named_and_the_release_stands(released: tuple[Project, Result]) -> None:
    project = released[0]
    path = project.seed("boards")
    before = path.read_bytes()
    path.write_text(path.read_text(encoding="utf-8") + "1882,KS,Kommunstyrelsen,99\n", encoding="utf-8")
    try:
        refused = project.bokslut("build")
        status = project.bokslut("status")
    finally:
        path.write_bytes(before)
    assert refused.returncode == 1, str(refused)
    assert "seeds/board/boards.csv:3" in refused.output
    assert "Traceback" not in refused.output
    assert "changed since: seeds/board/boards.csv - say bokslut build" in status.output
    assert str((project.path / "releases/current").readlink()) == "1"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("BOKSLUT_RELEASES", "../elsewhere"), ("BOKSLUT_RELEASES", "/tmp/releases")],  # noqa: S108
)
def test_releases_outside_the_project_are_refused(released: tuple[Project, Result], variable: str, value: str) -> None:
    result = released[0].bokslut("build", env={variable: value})
    assert result.returncode == 2, str(result)
    assert f"{variable}={value} must be a path inside the project" in result.output


def test_variables_for_dbt_are_refused(released: tuple[Project, Result]) -> None:
    result = released[0].dbt("show", "--inline", "select 1", "--vars", "{schema: other}")
    assert result.returncode == 2, str(result)
    assert "--vars schema: no variable is known here" in result.output
    assert "Traceback" not in result.output


def test_a_model_in_python_is_refused_before_anything_is_built(released: tuple[Project, Result]) -> None:
    project = released[0]
    model = project.path / "models/marts/board/dim_escape.py"
    model.write_text("def model(dbt, session):\n    return session.sql('select 1 as a')\n", encoding="utf-8")
    try:
        result = project.bokslut("build")
        plain = project.dbt("run", "--select", "dim_escape")
    finally:
        model.unlink()
    assert result.returncode == 1, str(result)
    assert "models/marts/board/dim_escape.py: a model in Python" in result.output
    assert plain.returncode == 2, str(plain)
    assert "dim_escape.py: a model in Python" in plain.output
