"""Another municipality, board and year are more rows: they come out right, and no row of the first moves.

The rows are in second_municipality.py. Postings of another municipality are in test_ledger.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from conftest import Scenario
from project import Project, Row
from second_municipality import SECOND_MUNICIPALITY, SECOND_YEAR

EXEMPELBY = "organisation_id = '9999' and board_id = 'KS'"
ASKERSUND_2025 = "organisation_id = '1882' and board_id = 'KS' and fiscal_year = 2025"


def add_rows(project: Project) -> None:
    """Add the rows and build; every test of the project must hold for them too."""
    for rows in (SECOND_MUNICIPALITY, SECOND_YEAR):
        for name, lines in rows.items():
            project.append(name, lines)
    result = project.build()
    assert result.returncode == 0, str(result)


@pytest.fixture(scope="module")
def grown(scenario: Scenario) -> Project:
    return scenario("second_municipality", add_rows)


def thousands(grown: Project, columns: str, mart: str, where: str, order: str) -> list[Row]:
    """Rows of a mart, with the columns whose names end in _sek as whole thousands of kronor."""
    shown = [f"cast({name} / 1000 as integer)" if name.endswith("_sek") else name for name in columns.split()]
    return grown.query(f"select {', '.join(shown)} from marts.{mart} where {where} order by {order}")


def test_every_mart_has_rows_of_the_second_municipality(grown: Project) -> None:
    """All but the months, which only postings have: test_ledger_versions.py."""
    marts = grown.query("""
        select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'organisation_id'
    """)
    assert len(marts) > 20
    without = [
        mart for (mart,) in marts if not grown.query(f"select 1 from marts.{mart} where organisation_id = '9999'")
    ]
    assert without == ["fct_monthly_activity"]


def test_every_row_of_the_first_municipality_stays_as_it_was(grown: Project, built: Project) -> None:
    keyed_by_year = [
        mart
        for (mart,) in built.query("""
            select table_name from duckdb_columns() where schema_name = 'marts'
            group by table_name
            having count(*) filter (where column_name in ('organisation_id', 'board_id', 'fiscal_year')) = 3
        """)
    ]
    assert len(keyed_by_year) > 15
    for mart in keyed_by_year:
        sql = f"select * from marts.{mart} where organisation_id = '1882' and board_id = 'KS' and fiscal_year <= 2024"
        # the reports of 2024 hold what is planned for 2025
        assert grown.query(f"{sql} order by all") == built.query(f"{sql} order by all"), mart
        assert set(built.query(f"select * from marts.{mart}")) <= set(grown.query(f"select * from marts.{mart}")), mart


def test_the_second_municipality_has_its_own_activity_codes(grown: Project) -> None:
    rows = thousands(
        grown,
        "fiscal_year activity_code activity_name actual_revenue_sek actual_cost_sek actual_net_sek budget_net_sek"
        " variance_net_sek prior_actual_net_sek forecast_net_sek analysis_number",
        "fct_activity_variance",
        EXEMPELBY,
        "fiscal_year, activity_code",
    )
    assert rows == [
        (2023, "10", "Nämnder", None, None, -1000, -1000, 0, None, None, None),
        (2023, "45", "Gymnasiet", None, None, -2000, -1900, -100, None, None, None),
        (2024, "10", "Nämnder och styrelser", 5, -1006, -1001, -990, -11, -1000, 0, None),
        (2024, "45", "Gymnasiet", None, None, -3000, -2900, -100, -2000, -2950, 1),
        (2024, "46", "Komvux", None, None, 0, -200, 200, 0, 0, None),
    ]


def test_the_second_board_states_kronor_and_has_no_budget(grown: Project) -> None:
    rows = grown.query("""
        select activity_code, cast(actual_net_sek as text), budget_net_sek, variance_net_sek, variance_share
        from marts.fct_activity_variance where organisation_id = '9999' and board_id = 'TN'
    """)
    assert rows == [("20", "-1234567.00", None, None, None)]


def test_the_year_before_of_the_income_statement_comes_from_the_warehouse(grown: Project) -> None:
    columns = "line_role prior_actual_sek actual_sek budget_sek variance_sek change_sek"
    year = f"{EXEMPELBY} and fiscal_year = 2024"
    assert thousands(grown, columns, "fct_income_statement", year, "line_number") == [
        ("revenue", 50, 105, 10, 95, 55),
        ("cost", -3050, -4106, -4100, -6, -1056),
        ("result", -3000, -4001, -4090, 89, -1001),
    ]
    assert thousands(grown, columns, "fct_income_statement", ASKERSUND_2025, "line_number") == [
        ("revenue", 60586, 100, 50, 50, -60486),
        ("cost", -247146, -83210, -83050, -160, 163936),
        ("memo", -42258, -43000, -43000, 0, -742),
        ("result", -186560, -83110, -83000, -110, 103450),
    ]


def test_the_second_year_knows_the_first_and_a_new_code_was_nothing_then(grown: Project) -> None:
    columns = "activity_code activity_name actual_net_sek budget_net_sek prior_actual_net_sek"
    assert thousands(grown, columns, "fct_activity_variance", ASKERSUND_2025, "activity_code") == [
        ("10", "Nämnder och styrelser", -3100, -3000, -3022),
        ("45", "Gymnasieskola", -80000, -80000, -82802),
        ("93", "Ny verksamhet", -10, 0, 0),
    ]
    names = grown.query("""
        select organisation_id, activity_name, last_fiscal_year from marts.dim_activity
        where activity_code = '10' order by organisation_id
    """)
    assert names == [("1882", "Nämnder och styrelser", 2025), ("9999", "Nämnder och styrelser", 2024)]


def test_a_fully_decided_budget_leaves_nothing_unexplained(grown: Project) -> None:
    columns = "step_kind amount_sek is_explained"
    assert thousands(grown, columns, "fct_budget_bridge", EXEMPELBY, "step_number") == [
        ("frame", -4000, True),
        ("revision", -90, True),
        ("unexplained", 0, True),
        ("adjusted", -4090, True),
    ]


def test_a_driver_without_a_code_explains_the_whole_result(grown: Project) -> None:
    columns = "driver_id activity_code amount_sek variance_sek residual_sek"
    assert thousands(grown, columns, "fct_variance_driver", EXEMPELBY, "driver_id") == [("suf", None, 50, 89, 39)]


def test_a_parent_is_the_sum_of_its_children_in_both_years(grown: Project) -> None:
    columns = "fiscal_year project_id project_name actual_sek budget_sek mandate_sek variance_sek"
    assert thousands(grown, columns, "fct_investment_variance", EXEMPELBY, "fiscal_year, project_id") == [
        (2023, "gustavslund", "Bro vid Gustavslund", -1000, 0, None, -1000),
        (2023, "hall", "Idrottshall", -300, -500, None, 200),
        (2024, "gustavslund", "Bro vid Gustavslund", -2000, 0, None, -2000),
        (2024, "hall", "Ny idrottshall", -75, -100, -80, 25),
    ]
    columns = "fiscal_year project_id reported_project_id amount_sek"
    assert thousands(grown, columns, "fct_project_year", EXEMPELBY, "fiscal_year, project_id") == [
        (2023, "gustavslund", "gustavslund", -1000),
        (2023, "hall-golv", "hall", -200),
        (2023, "hall-tak", "hall", -100),
        (2024, "gustavslund", "gustavslund", -2000),
        (2024, "hall-golv", "hall", -25),
        (2024, "hall-tak", "hall", -50),
    ]


def test_an_accumulation_spans_two_years_from_its_first_stated_cost_or_its_first_year(grown: Project) -> None:
    columns = (
        "fiscal_year project_id status opening_sek year_sek accumulated_sek total_budget_sek total_forecast_sek"
        " forecast_variance_sek remaining_forecast_sek"
    )
    assert thousands(grown, columns, "fct_project_accumulation", EXEMPELBY, "fiscal_year, project_id") == [
        (2023, "gustavslund", "ongoing", -500, -1000, -1500, -4500, -5000, -500, -3500),
        (2023, "hall", "ongoing", 0, -300, -300, None, None, None, None),
        (2024, "gustavslund", "ongoing", -1500, -2000, -3500, -4500, -5200, -700, -1700),
        (2024, "hall", "finished", -300, -75, -375, -450, -400, 50, -25),
    ]
    assert thousands(grown, columns, "fct_project_accumulation", ASKERSUND_2025, "project_id") == [
        (2025, "gustavslund", "ongoing", -23982, -500, -24482, -23400, -25500, -2100, -1018),
    ]


def test_a_carry_over_is_held_against_the_remainder_of_its_own_project(grown: Project) -> None:
    columns = "fiscal_year project_id remaining_sek requested_sek is_within_remaining"
    assert thousands(grown, columns, "fct_carry_over", EXEMPELBY, "fiscal_year, project_id") == [
        (2023, "hall", 200, None, None),
        (2024, "hall", 25, 25, True),
    ]


def test_the_earlier_value_of_a_measure_comes_from_the_warehouse(grown: Project) -> None:
    sql = """
        select fiscal_year, measure_id, cast(outcome_value as double), cast(previous_value as double), status, trend
        from marts.fct_measure_outcome where {} order by fiscal_year, measure_id
    """
    assert grown.query(sql.format(EXEMPELBY)) == [
        (2023, "response-time", 12.0, None, "met", "unknown"),
        (2024, "response-time", 10.0, 12.0, "not_met", "better"),
        (2024, "sfi-two-courses", 50.0, None, "met", "unknown"),
    ]
    assert grown.query(sql.format(ASKERSUND_2025)) == [(2025, "hme-index", 79.0, 77.0, "met", "better")]
    goals = grown.query(
        f"select fiscal_year, goal_id, status, trend from marts.fct_goal_status where {EXEMPELBY} order by fiscal_year"
    )
    assert goals == [(2023, "sick-leave", "met", "unknown"), (2024, "sick-leave", "partly_met", "unknown")]


def test_an_indicator_of_the_same_name_changes_within_its_own_municipality(grown: Project) -> None:
    rows = grown.query(f"""
        select fiscal_year, place_name, cast(value as double), cast(change as double)
        from marts.fct_indicator where {EXEMPELBY} order by fiscal_year
    """)
    assert rows == [(2023, "Exempelby", 40.5, None), (2024, "Exempelby", 42.0, 1.5)]


def test_sick_leave_is_told_of_groups_above_the_limit_that_give_no_other_away(grown: Project) -> None:
    rows = grown.query(f"""
        select staff_group, suppression_reason_name, cast(sick_leave_share as text), cast(long_term_share as text)
        from marts.fct_sick_leave where {EXEMPELBY} order by group_number
    """)
    assert rows == [
        ("all", None, "0.050000", "0.250000"),
        ("women", None, "0.050002", "0.249989"),
        ("men", None, "0.049987", "0.250071"),
        ("age-to-29", "För få anställda", None, None),
        ("age-30-49", None, "0.050000", "0.250000"),
        ("age-50-up", "Skulle röja en annan grupp", None, None),
    ]
    figures = grown.query(
        f"select figure_key from marts.fct_figure where {EXEMPELBY} and figure_key like 'sick_leave/age%'"
    )
    assert sorted(figures) == [("sick_leave/age-30-49/long_term_share",), ("sick_leave/age-30-49/share",)]


ODD_BOARDS: Mapping[str, Mapping[str, str]] = {
    "MN": {
        "boards": """
organisation_id,board_id,board_name,report_part
1882,MN,Nämnd som anger miljoner med decimal,16
""",
        "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
1882,MN,2024,26,Miljö,2
""",
        "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
1882,MN,2024,actual,26,net,-1.2,1000000,2
1882,MN,2024,budget,26,net,-1.2,1000000,2
""",
        "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
1882,MN,2024,1,Intäkter,revenue,,,0,0,1000000,1
1882,MN,2024,2,Kostnader,cost,,,-1.2,-1.2,1000000,1
""",
    },
    "BN": {
        "boards": """
organisation_id,board_id,board_name,report_part
1882,BN,Nämnd utan budget,16
""",
        "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
1882,BN,2024,26,Miljö,2
""",
        "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
1882,BN,2024,actual,26,net,-1200,1000,2
""",
        "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
1882,BN,2024,1,Intäkter,revenue,,,0,,1000,1
1882,BN,2024,2,Kostnader,cost,,,-1200,,1000,1
""",
    },
    "SN": {
        "boards": """
organisation_id,board_id,board_name,report_part
1882,SN,Nämnd som ännu inte har något utfall,16
""",
        "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
1882,SN,2024,26,Miljö,2
""",
        "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
1882,SN,2024,budget,26,net,-1200,1000,2
""",
        "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
1882,SN,2024,1,Intäkter,revenue,,,,0,1000,1
1882,SN,2024,2,Kostnader,cost,,,,-1200,1000,1
""",
    },
}


def add_boards(*boards: str) -> Callable[[Project], None]:
    """Add some of the boards and build; the output is kept, whether it fails or not."""

    def change(project: Project) -> None:
        for board in boards:
            for name, lines in ODD_BOARDS[board].items():
                project.append(name, lines)
        project.write("target/output.txt", project.build().output)

    return change


@pytest.mark.parametrize(
    "boards", [("MN",), ("BN", "SN")], ids=["millions with a decimal", "no budget, or no actual yet"]
)
def test_a_board_is_accepted_that_states(scenario: Scenario, boards: tuple[str, ...]) -> None:
    odd = scenario("_".join(boards), add_boards(*boards))
    output = (odd.path / "target/output.txt").read_text(encoding="utf-8")
    assert [line for line in output.splitlines() if any(f"1882/{board}/" in line for board in boards)] == []
    assert "ERROR=0" in output.splitlines()[-1]
    rows = odd.query(f"""
        select board_id, cast(coalesce(actual_net_sek, budget_net_sek) as integer) from marts.fct_activity_variance
        where board_id in ('{"', '".join(boards)}') order by board_id
    """)
    assert rows == [(board, -1_200_000) for board in boards]
