"""Inputs that must not reach a figure: dbt refuses them by name and place, and the marts keep what they held.

Faults of different seeds are put into one copy and built together, since each must be told; the ways in which one
seed can be wrong are in test_gate.py. dbt's own tests find wrong rows too, which shows with the gate taken away. Wrong
figures of the right form are in test_changed_figures.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from dbt_common.exceptions import DbtRuntimeError

from bokslut.plugin import Plugin
from conftest import Scenario
from project import Project

OUTPUT = "output.txt"


def refused_build(project: Project, *arguments: str) -> str:
    """The output of a build that must fail without a Python traceback."""
    result = project.build(*arguments)
    assert result.returncode in (1, 2), str(result)
    assert "Traceback" not in result.output, str(result)
    return result.output


def rewrite(name: str, change: Callable[[str], str]) -> Callable[[Project], None]:
    """A change of the whole text of a seed."""

    def apply(project: Project) -> None:
        path = project.seed(name)
        old = path.read_text(encoding="utf-8")
        new = change(old)
        assert new != old
        path.write_text(new, encoding="utf-8")

    return apply


def header(old: str, new: str) -> Callable[[str], str]:
    """A change of the first line."""
    return lambda text: text.replace(old, new, 1)


class Fault(NamedTuple):
    """A change of one seed, and what must be printed of it: of a row, by dbt's own tests and by the gate."""

    name: str
    change: Callable[[Project], None]
    printed: str
    told: str = ""


HEADER_FAULTS = [
    Fault(
        "missing column",
        rewrite("operating_entries", header("amount,scale", "amount")),
        "seeds/board/operating/operating_entries.csv:1: column scale is missing",
    ),
    Fault(
        "renamed column",
        rewrite("result_lines", header("actual,budget", "utfall,budget")),
        "seeds/board/operating/result_lines.csv:1: column actual is missing and column utfall is unknown",
    ),
    Fault(
        "swapped columns",
        rewrite("project_totals", header("total_forecast,total_budget", "total_budget,total_forecast")),
        "seeds/board/investments/project_totals.csv:1: column total_budget stands where total_forecast belongs",
    ),
    Fault(
        "duplicated column",
        rewrite("mandates", header("mandated_cost,scale", "scale,scale")),
        "seeds/board/investments/mandates.csv:1: column scale stands more than once",
    ),
    Fault(
        "swapped columns of a reference seed",
        rewrite("trends", header("trend,trend_name", "trend_name,trend")),
        "seeds/reference/trends.csv:1: column trend_name stands where trend belongs",
    ),
    Fault(
        "empty file",
        rewrite("programmes", lambda _: ""),
        "seeds/board/goals/programmes.csv:1: the file is empty",
    ),
    Fault(
        "byte order mark",
        rewrite("boards", lambda text: "\ufeff" + text),
        "seeds/board/boards.csv:1: the file begins with a byte order mark",
    ),
    Fault(
        "undeclared file",
        lambda project: project.write("seeds/board/operating/extra.csv", "a,b\n1,2\n"),
        "seeds/board/operating/extra.csv: this seed is not declared",
    ),
]


def cell(name: str, column: str, value: str, **row: str) -> Callable[[Project], None]:
    """A change of one cell of a seed."""
    return lambda project: project.set_cell(name, row, column, value)


def line(name: str, old: str, new: str) -> Callable[[Project], None]:
    """A change of one line of a seed."""
    return lambda project: project.replace(name, old, new)


LEVEL_TWICE = """
organisation_id,board_id,fiscal_year,level_number,level_name,decided_by,report_part
1882,KS,2025,1,En nivå till,Kommunfullmäktige,15
"""

ROW_FAULTS = [
    Fault(
        "decimal comma in quotes",
        cell("operating_entries", "amount", "-82802,5", scenario="actual", activity_code="45", entry_class="net"),
        "claim: amount_is_of_kind_amount | broken_count: 1 | example_key: 1882/KS/2024/actual/45/net",
        "operating/operating_entries.csv:30: column amount: '-82802,5' is not an amount: it has a comma",
    ),
    Fault(
        "decimal comma without quotes",
        line("carry_over_requests", "intranat,101,1000", "intranat,101,5,1000"),
        "Failure in seed carry_over_requests (seeds/board/investments/carry_over_requests.csv)",
        "investments/carry_over_requests.csv:3: '1882,KS,2024,intranat,101,5,1000,2025,5' 9 cells where",
    ),
    Fault(
        "short row",
        line("mandates", "1882,KS,2024,reinvesteringsplan,3215,1000,14", "1882,KS,2024,reinvesteringsplan,3215,1000"),
        "seeds/board/investments/mandates.csv)",
        "investments/mandates.csv:2: '1882,KS,2024,reinvesteringsplan,3215,1000' 6 cells where the header has 7",
    ),
    Fault(
        "unknown activity code",
        cell("operating_comments", "activity_code", "46", activity_code="45"),
        "claim: activity_code_is_known_in_activity_codes | broken_count: 1 | example_key: 1882/KS/2024/46",
        "operating/operating_comments.csv:7: column activity_code: '46' is no activity_code of activity_codes.csv",
    ),
    Fault(
        "unknown project",
        cell("project_totals", "project_id", "gustavsberg", project_id="gustavslund"),
        "claim: project_id_is_known_in_projects | broken_count: 1 | example_key: 1882/KS/2024/gustavsberg",
        "investments/project_totals.csv:8: column project_id: 'gustavsberg' is no project_id of projects.csv",
    ),
    Fault(
        "unknown year",
        cell("result_lines", "fiscal_year", "2099", line_number="1"),
        "claim: fiscal_year_is_known_in_fiscal_years | broken_count: 1 | example_key: 2099",
        "operating/result_lines.csv:2: column fiscal_year: '2099' is no fiscal_year of fiscal_years.csv",
    ),
    Fault(
        "unknown board",
        cell("budget_decisions", "board_id", "XX", account="operating", step_number="1"),
        "claim: board_id_is_known_in_boards | broken_count: 1 | example_key: 1882/XX",
        "operating/budget_decisions.csv:2: column board_id: 'XX' is no board_id of boards.csv",
    ),
    Fault(
        "unknown measure",
        cell("measure_targets", "measure_id", "sick-leave", measure_id="sick-leave-ame"),
        "claim: measure_id_is_known_in_measures | broken_count: 1 | example_key: 1882/KS/2024/sick-leave",
        "goals/measure_targets.csv:3: column measure_id: 'sick-leave' is no measure_id of measures.csv",
    ),
    Fault(
        "duplicate key",
        lambda project: project.append("goal_levels", LEVEL_TWICE),
        "claim: key_is_unique | broken_count: 2 | example_key: 1882/KS/2025/1",
        "fiscal_year, level_number: '1882/KS/2025/1' is on line 2 already",
    ),
    Fault(
        "empty required cell",
        cell("assignments", "assignment_name", "", assignment_number="1"),
        "claim: assignment_name_is_given | broken_count: 1 | example_key: 1882/KS/2024/",
        "goals/assignments.csv:2: column assignment_name: is empty, and must be given",
    ),
    Fault(
        "part of an öre",
        cell("variance_drivers", "amount", "-477.000001", driver_id="sydnarke-it"),
        "claim: amount_is_of_kind_amount | broken_count: 1 | example_key: 1882/KS/2024/sydnarke-it",
        "operating/variance_drivers.csv:3: column amount: '-477.000001' with the scale 1000 is not whole öre",
    ),
    Fault(
        "minus sign of print",
        cell("project_amounts", "amount", "\u22122318", project_id="gustavslund", scenario="actual"),
        "claim: amount_is_of_kind_amount | broken_count: 1 | example_key: 1882/KS/2024/gustavslund/actual",
        "project_amounts.csv:14: column amount: '\u22122318' is not an amount: it has a minus sign of print",
    ),
    Fault(
        "space for thousands",
        cell("indicator_values", "value", "63 700", fiscal_year="2022", indicator_id="fibre-share", place="askersund"),
        "claim: value_is_of_kind_decimal | broken_count: 1 | example_key: 1882/KS/2022/fibre-share/askersund",
        "indicator_values.csv:2: column value: '63 700' is not a number: it has a space for thousands",
    ),
    Fault(
        "number as a spreadsheet shows it",
        cell("measure_outcomes", "outcome_value", "1E+01", measure_id="ame-exits"),
        "claim: outcome_value_is_of_kind_decimal | broken_count: 1 | example_key: 1882/KS/2024/ame-exits",
        "measure_outcomes.csv:5: column outcome_value: '1E+01' is not a number: it has an exponent",
    ),
    Fault(
        "unknown word",
        cell("projects", "status", "klart", project_id="gustavslund"),
        "claim: status_is_of_kind_enum | broken_count: 1 | example_key: 1882/KS/2024/gustavslund",
        "investments/projects.csv:8: column status: 'klart' is unknown - one of not_started, ongoing",
    ),
    Fault(
        "wrong date",
        cell("fiscal_years", "ends_on", "2024-31-12", fiscal_year="2024"),
        "claim: ends_on_is_of_kind_date | broken_count: 1 | example_key: 2024",
        "fiscal_years.csv:26: column ends_on: '2024-31-12' is not a date - year-month-day",
    ),
]


def together(faults: list[Fault]) -> Callable[[Project], None]:
    """All faults in one copy, with the output of its build beside them."""

    def change(project: Project) -> None:
        for fault in faults:
            fault.change(project)
        project.write(f"target/{OUTPUT}", refused_build(project))

    return change


@pytest.fixture(scope="module")
def header_faults(scenario: Scenario) -> Project:
    return scenario("header_faults", together(HEADER_FAULTS))


PLUGIN = """
      plugins:
        - module: bokslut.plugin"""


def without_gate(project: Project) -> None:
    """The copy without the plugin: what is wrong gets as far as dbt's own tests."""
    path = project.path / "profiles.yml"
    profile = path.read_text(encoding="utf-8")
    assert PLUGIN in profile
    path.write_text(profile.replace(PLUGIN, ""), encoding="utf-8")


@pytest.fixture(scope="module")
def row_faults(scenario: Scenario) -> Project:
    return scenario("row_faults", together(ROW_FAULTS))


@pytest.fixture(scope="module")
def row_faults_without_gate(scenario: Scenario) -> Project:
    def change(project: Project) -> None:
        without_gate(project)
        together(ROW_FAULTS)(project)

    return scenario("row_faults_without_gate", change)


@pytest.mark.parametrize("fault", HEADER_FAULTS, ids=[fault.name for fault in HEADER_FAULTS])
def test_a_file_that_is_not_as_declared_is_refused_by_name_and_line(header_faults: Project, fault: Fault) -> None:
    assert fault.printed in (header_faults.path / "target" / OUTPUT).read_text(encoding="utf-8")


def test_nothing_is_built_from_files_that_are_not_as_declared(header_faults: Project, built: Project) -> None:
    everything = "select schema_name, table_name, estimated_size from duckdb_tables() order by all"
    assert header_faults.query(everything) == built.query(everything)
    assert header_faults.query("select * from seeds.project_totals") == built.query(
        "select * from seeds.project_totals"
    )
    assert header_faults.marts() == built.marts()


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=[fault.name for fault in ROW_FAULTS])
def test_a_row_that_is_not_as_declared_is_refused_by_file_line_and_column(row_faults: Project, fault: Fault) -> None:
    assert fault.told in (row_faults.path / "target" / OUTPUT).read_text(encoding="utf-8")


def test_nothing_is_built_from_rows_that_are_not_as_declared(row_faults: Project, built: Project) -> None:
    assert row_faults.query("select * from seeds.result_lines") == built.query("select * from seeds.result_lines")
    assert row_faults.marts() == built.marts()


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=[fault.name for fault in ROW_FAULTS])
def test_the_tests_of_dbt_find_such_a_row_too(row_faults_without_gate: Project, fault: Fault) -> None:
    assert fault.printed in (row_faults_without_gate.path / "target" / OUTPUT).read_text(encoding="utf-8")


def test_a_seed_that_is_not_utf_8_is_refused_and_the_marts_hold(project: Project, built: Project) -> None:
    path = project.seed("activity_codes")
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))

    result = project.dbt("build")

    assert result.returncode == 2, str(result)
    assert project.marts() == built.marts()


def test_a_missing_seed_is_refused_by_its_name(project: Project) -> None:
    project.seed("programmes").unlink()
    assert "'programmes'" in refused_build(project)


def test_a_board_whose_goals_are_headers_alone_builds_with_empty_marts(project: Project) -> None:
    emptied = [
        *(project.path / "seeds/board/goals").glob("*.csv"),
        *(project.path / "seeds/board/control").glob("*.csv"),
    ]
    for path in emptied:
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    result = project.build("--select", "path:seeds/board/control", "path:seeds/board/goals+")

    assert result.returncode == 0, str(result)
    assert project.value("select count(*) from marts.fct_goal_status") == 0
    assert project.value("select count(*) from marts.fct_activity_variance") == 23


def test_a_subject_that_lost_the_rows_of_one_seed_alone_is_refused(project: Project) -> None:
    path = project.seed("measures")
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    output = refused_build(project, "--select", "measures+")
    assert "is no measure_id of measures.csv" in output


REFUSED_SETTINGS = [
    ("BOKSLUT_SEEDS", "{path}/seeds/board", "must be a path inside the project"),
    ("BOKSLUT_SEEDS", "../elsewhere/seeds/board", "must be a path inside the project"),
    ("BOKSLUT_SEEDS", "seeds/nowhere", "is not a folder"),
    ("BOKSLUT_REFERENCE", "{path}/seeds/reference", "must be a path inside the project"),
    ("BOKSLUT_DATABASE", "releases/current/warehouse.duckdb", "lies under releases/"),
    ("BOKSLUT_DATABASE", "marts.duckdb", "is named like the schema marts"),
    ("BOKSLUT_DATABASE", "build/seeds.duckdb", "is named like the schema seeds"),
    ("BOKSLUT_DATA", "elsewhere", "lacks "),
]


@pytest.mark.parametrize(("variable", "value", "why"), REFUSED_SETTINGS)
def test_the_plugin_refuses_a_setting_that_would_do_harm(
    built: Project, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    monkeypatch.chdir(built.path)
    setting = value.format(path=built.path)
    monkeypatch.setenv(variable, setting)
    with pytest.raises(DbtRuntimeError, match=re.escape(f"{variable}={setting} {why}")):
        Plugin("bokslut", {})


@pytest.mark.parametrize(("variable", "value", "why"), [REFUSED_SETTINGS[0], REFUSED_SETTINGS[4]])
def test_dbt_writes_nothing_where_a_setting_would_do_harm(
    project: Project, variable: str, value: str, why: str
) -> None:
    def files() -> dict[Path, bytes]:
        kept = [path for path in project.path.rglob("*") if path.is_file()]
        written = ("target", "logs", "bokslut")
        return {path: path.read_bytes() for path in kept if path.relative_to(project.path).parts[0] not in written}

    before = files()
    setting = value.format(path=project.path)

    result = project.dbt("build", env={variable: setting})

    assert result.returncode == 2, str(result)
    assert f"{variable}={setting} {why}" in result.output, str(result)
    assert "Traceback" not in result.output, str(result)
    assert files() == before
