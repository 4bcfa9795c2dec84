"""The example from received files to marts: they equal the generator's own totals to the öre, from SIE and from Excel.

The generator adds up integers of öre and knows of no file, import or model. Nothing of it reaches the lists, the data
or the warehouse of the repository's own municipality.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from examples.example import environment, imports
from examples.generate import RECEIVED, SEEDS
from project import DATABASE, Project, Row, Workshop

SIE, EXCEL = Path("build/example"), Path("build/excel")
OWN = ("seeds", "data", DATABASE)


@dataclass(frozen=True)
class Told:
    """What the two ways gave. totals: the generator's. output: of the commands. own: hashes before and after."""

    totals: dict[str, list[dict[str, Any]]]
    sie: dict[str, list[Row]]
    excel: dict[str, list[Row]]
    columns: dict[str, list[str]]
    output: str
    own: tuple[dict[str, str], dict[str, str]]

    def rows(self, mart: str, key: Callable[[dict[str, Any]], Any]) -> dict[Any, dict[str, Any]]:
        """The rows of a mart built from SIE, by a key of theirs."""
        rows = [dict(zip(self.columns[mart], row, strict=True)) for row in self.sie[mart]]
        return {key(row): row for row in rows}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    project = Workshop(tmp_path_factory.mktemp("workshop")).copied()
    before = hashes(project)
    made = project.run(sys.executable, "-m", "examples.example", "--output", str(SIE), "--only", "markdown")
    assert made.returncode == 0, str(made)
    shutil.copytree(project.path / SIE / SEEDS, project.path / EXCEL / SEEDS)
    shutil.copytree(project.path / SIE / "data", project.path / EXCEL / "data")
    variables = {name: value for name, value in environment(EXCEL).items() if name.startswith("BOKSLUT_")}
    variables["BOKSLUT_DATABASE"] = str(EXCEL / DATABASE)
    for command in imports(SIE / RECEIVED, "excel"):
        if any("ledger-" in argument for argument in command):
            result = project.run(sys.executable, "-m", "bokslut", *command, "--replace", env=variables)
            assert result.returncode == 0, str(result)
    built = project.dbt("build", "--resource-type", "seed", "--resource-type", "model", env=variables)
    assert built.returncode == 0, str(built)
    sie = Project(project.path / SIE / "releases/current")
    described = sie.query(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' order by column_index"
    )
    columns: dict[str, list[str]] = {}
    for mart, column in described:
        columns.setdefault(mart, []).append(column)
    return Told(
        totals=json.loads((project.path / SIE / "totals.json").read_text(encoding="utf-8")),
        sie=sie.marts(),
        excel=Project(project.path / EXCEL).marts(),
        columns=columns,
        output=made.output,
        own=(before, hashes(project)),
    )


def hashes(project: Project) -> dict[str, str]:
    """Path -> SHA-256 of the project's own lists, data and warehouse."""
    paths = [path for name in OWN for path in (project.path / name, *(project.path / name).rglob("*"))]
    return {
        str(path.relative_to(project.path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
        if path.is_file()
    }


def kronor(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def place(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["board_id"], row["fiscal_year"], row["activity_code"])


def test_every_activity_code_comes_to_the_generators_total(told: Told) -> None:
    marts = told.rows("fct_activity_variance", place)
    assert len(marts) == len(told.totals["activities"]) > 30
    names = {
        "actual_revenue": "actual_revenue_sek",
        "actual_cost": "actual_cost_sek",
        "actual_net": "actual_net_sek",
        "budget_net": "budget_net_sek",
        "forecast_net": "forecast_net_sek",
    }
    for total in told.totals["activities"]:
        row = marts[place(total)]
        expected = {column: kronor(total[name]) for name, column in names.items()}
        assert {column: row[column] for column in expected} == expected, place(total)
        assert row["variance_net_sek"] == kronor(total["actual_net"] - total["budget_net"])


def test_every_month_comes_to_the_generators_total(told: Told) -> None:
    marts = told.rows("fct_monthly_activity", lambda row: (*place(row), row["period"]))
    accumulated: dict[tuple[Any, ...], int] = {}
    budgeted: dict[tuple[Any, ...], int] = {}
    for total in sorted(told.totals["months"], key=lambda each: each["period"]):
        key = place(total)
        accumulated[key] = accumulated.get(key, 0) + total["actual_net"]
        budgeted[key] = budgeted.get(key, 0) + total["budget_net"]
        row = marts[(*key, total["period"])]
        expected = {
            "actual_sek": kronor(total["actual_net"]),
            "actual_internal_sek": kronor(total["internal_net"]),
            "actual_external_sek": kronor(total["external_net"]),
            "budget_sek": kronor(total["budget_net"]),
            "actual_accumulated_sek": kronor(accumulated[key]),
            "budget_to_date_sek": kronor(budgeted[key]),
        }
        assert {column: row[column] for column in expected} == expected, (*key, total["period"])
    assert len(marts) == len(told.totals["months"])


def test_every_project_comes_to_the_generators_total(told: Told) -> None:
    variances = told.rows(
        "fct_investment_variance", lambda row: (row["board_id"], row["fiscal_year"], row["project_id"])
    )
    accumulations = told.rows(
        "fct_project_accumulation", lambda row: (row["board_id"], row["fiscal_year"], row["project_id"])
    )
    assert len(variances) == len(told.totals["projects"]) > 10
    for total in told.totals["projects"]:
        key = (total["board_id"], total["fiscal_year"], total["project_id"])
        assert variances[key]["actual_sek"] == kronor(total["actual"]), key
        assert variances[key]["budget_sek"] == kronor(total["budget"]), key
        assert accumulations[key]["accumulated_sek"] == kronor(total["cost_to_date"]), key


def test_the_income_statement_comes_to_the_generators_total(told: Told) -> None:
    results = {
        (row["board_id"], row["fiscal_year"]): row
        for row in told.rows("fct_income_statement", lambda row: tuple(row.values())).values()
        if row["line_role"] == "result"
    }
    for (board, year), row in results.items():
        own = [each for each in told.totals["activities"] if (each["board_id"], each["fiscal_year"]) == (board, year)]
        assert row["actual_sek"] == kronor(sum(each["actual_net"] for each in own))
        assert row["budget_sek"] == kronor(sum(each["budget_net"] for each in own))
    assert len(results) == 6


def test_the_forecast_is_held_against_the_generators_outcome(told: Told) -> None:
    marts = told.rows("fct_forecast_accuracy", place)
    for total in told.totals["activities"]:
        row = marts[place(total)]
        assert row["forecast_sek"] == kronor(total["forecast_net"])
        assert row["error_sek"] == kronor(total["actual_net"] - total["forecast_net"])


def test_the_budget_bridge_goes_from_the_original_to_the_revised(told: Told) -> None:
    steps = told.rows("fct_budget_bridge", lambda row: (row["board_id"], row["fiscal_year"], row["step_kind"]))
    for board, year in {(each["board_id"], each["fiscal_year"]) for each in told.totals["activities"]}:
        own = [each for each in told.totals["activities"] if (each["board_id"], each["fiscal_year"]) == (board, year)]
        original, revised = (sum(each[name] for each in own) for name in ("original_net", "budget_net"))
        assert steps[board, year, "frame"]["amount_sek"] == kronor(original)
        assert steps[board, year, "revision"]["amount_sek"] == kronor(revised - original)
        assert steps[board, year, "adjusted"]["amount_sek"] == kronor(revised)


def test_goals_are_read_from_words(told: Told) -> None:
    marts = told.rows("fct_measure_outcome", lambda row: (row["fiscal_year"], row["measure_id"]))
    seen = {
        name: (row["comparator"], str(row["target_value"].normalize()), row["status"])
        for (year, name), row in marts.items()
        if year == 2024
    }
    assert seen["sick-leave"] == ("below", "6", "met")
    assert seen["engagement-index"] == ("at_least", "8E+1", "met")
    assert seen["qualified-preschool-teachers"] == ("at_least", "45", "not_met")
    assert seen["permit-days"] == ("at_most", "35", "met")
    assert seen["satisfied-companies"] == ("above", "72", "no_outcome")


def test_sick_leave_is_told_of_groups_that_are_large_enough(told: Told) -> None:
    rows = told.rows("fct_sick_leave", lambda row: (row["board_id"], row["fiscal_year"], row["staff_group"]))
    hidden = {key: row["suppression_reason"] for key, row in rows.items() if row["is_suppressed"]}
    assert hidden == {
        ("KS", 2023, "age-to-29"): "small_group",
        ("KS", 2023, "age-50-up"): "gives_away",
        ("KS", 2024, "age-to-29"): "small_group",
        ("KS", 2024, "age-50-up"): "gives_away",
        ("SBN", 2023, "women"): "small_group",
        ("SBN", 2023, "men"): "gives_away",
        # 3 and 8 together are more than ten, 3 and 7 are not
        ("SBN", 2023, "age-to-29"): "small_group",
        ("SBN", 2023, "age-30-49"): "small_group",
        ("SBN", 2024, "women"): "small_group",
        ("SBN", 2024, "men"): "gives_away",
        ("SBN", 2024, "age-to-29"): "small_group",
        ("SBN", 2024, "age-30-49"): "small_group",
        ("SBN", 2024, "age-50-up"): "gives_away",
    }
    # the goal of the board states the same
    assert rows["KS", 2024, "all"]["sick_leave_share"].quantize(Decimal("0.0001")) == Decimal("0.0512")


def test_excel_gives_the_same_marts_as_sie(told: Told) -> None:
    assert told.sie.keys() == told.excel.keys()
    assert len(told.sie) > 30
    assert [mart for mart, rows in told.sie.items() if rows != told.excel[mart]] == []


def test_a_report_is_made_for_each_board_and_all_of_it_is_proven(told: Told) -> None:
    for board in ("KS", "BUN", "SBN"):
        assert f"build/example/report/9901-{board}-2024: " in told.output
    assert "NOT proven" not in told.output


def test_the_repositorys_own_municipality_is_unchanged(told: Told) -> None:
    before, after = told.own
    assert len(before) > 50
    assert after == before
