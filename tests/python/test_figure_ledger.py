"""The figure ledger is whole: each number that a mart holds is a figure, under a key of its own.

What a figure is, is not tested here.
"""

from __future__ import annotations

from manifest import Manifest, folder
from project import Project

# numbers that order or date a row, and say nothing of the board
NO_FIGURES = ("fiscal_year", "to_fiscal_year")


def measures(manifest: Manifest) -> set[tuple[str, str]]:
    """Mart and column of every number in a fact, the ledger's own marts left out and those declared without figures."""
    return {
        (mart["name"], name)
        for mart in manifest.marts
        if mart["name"].startswith("fct_") and folder(mart) != "control" and "figures" not in mart["config"]["meta"]
        for name, column in mart["columns"].items()
        if column["data_type"].startswith(("decimal", "integer"))
        and name not in NO_FIGURES
        and not name.endswith("_number")
    }


def test_every_measure_of_a_mart_is_a_figure_and_no_other(built: Project) -> None:
    listed = set(built.query("select mart_name, column_name from seeds.figure_measures"))
    assert listed == measures(Manifest(built))


def test_a_mart_without_figures_says_why_in_its_declaration(built: Project) -> None:
    declared = {
        mart["name"]: mart["config"]["meta"]["figures"]
        for mart in Manifest(built).marts
        if "figures" in mart["config"]["meta"]
    }
    assert sorted(declared) == ["fct_forecast_accuracy", "fct_monthly_activity", "rpt_control_total"]
    assert [name for name, said in declared.items() if not said.startswith("none - ")] == []


def test_every_measure_that_has_a_value_stands_in_the_ledger(built: Project) -> None:
    """A measure that is null in every row of its mart is no figure; any other one is."""
    missing = []
    for mart, column in built.query("select mart_name, column_name from seeds.figure_measures order by all"):
        known = built.value(f"select count({column}) from marts.{mart}")
        told = built.value(
            f"select count(*) from marts.fct_figure where mart_name = '{mart}' and column_name = '{column}'"
        )
        if known and told < known - built.value(f"select count(*) from marts.{mart} where {leaf_of(mart)}"):
            missing.append((mart, column, known, told))
    assert missing == []


def leaf_of(mart: str) -> str:
    """Which rows of a mart are no figures of their own: a reported project's year is its investment figure."""
    return "project_id = reported_project_id" if mart == "fct_project_year" else "false"


def test_a_figure_is_named_without_year_board_or_organisation(built: Project) -> None:
    assert (
        built.query("""
        select figure_key from marts.fct_figure
        where figure_key like '%2024%' or figure_key like '%1882%' or figure_key like '%/KS/%'
    """)
        == []
    )


def test_a_key_stands_once_for_a_board_and_year(built: Project) -> None:
    assert (
        built.query("""
        select figure_key from marts.fct_figure
        group by organisation_id, board_id, fiscal_year, figure_key having count(*) > 1
    """)
        == []
    )
