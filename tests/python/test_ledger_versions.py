"""Budget versions, forecasts by date, counterparties and months reach the marts to the öre; contradictions are refused.

One ledger of two boards: TN is booked to the year-end and has versions of its budget, BN is booked to February.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from conftest import Scenario
from project import Project
from test_ledger import decimals, posting, write_postings

TN = "organisation_id = '9999' and board_id = 'TN' and fiscal_year = 2024"
BN = "organisation_id = '9999' and board_id = 'BN' and fiscal_year = 2024"

SEEDS = {
    "organisations": """
organisation_id,organisation_name,report_part
9999,Exempelby kommun,16
""",
    "boards": """
organisation_id,board_id,board_name,report_part
9999,TN,Tekniska nämnden,16
9999,BN,Byggnadsnämnden,16
""",
    "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
9999,TN,2023,20,Planering,2
9999,TN,2024,20,Teknisk planering,2
9999,TN,2024,30,Gator,2
9999,BN,2024,50,Bygglov,2
""",
    # the year before is stated, forecast and all; beside the postings of 2024 stated amounts are controls
    "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
9999,TN,2023,actual,20,net,-90,1000,2
9999,TN,2023,forecast,20,net,-88,1000,2
9999,TN,2024,actual,20,net,-60,1000,2
9999,TN,2024,actual,20,revenue,50,1000,3
9999,TN,2024,actual,20,cost,-110,1000,3
9999,TN,2024,budget,30,net,-39000,1,2
""",
    "counterparty_classes": """
organisation_id,motpart_prefix,counterparty_class,counterparty_name,report_part
9999,1,external,Utanför kommunen,16
9999,18,internal,Kommunens egna nämnder,16
""",
    # by their names 10 comes before 9, and B after A: it is the dates that count
    "budget_versions": """
organisation_id,board_id,fiscal_year,version,version_kind,version_name,decided_on,decision_number,net_cost,scale,report_part
9999,TN,2024,10,revised,Tillägg för gator,2024-04-22,KF 2,139.5,1000,12
9999,TN,2024,9,original,Budget 2024,2023-11-20,KF 1,130000.50,1,12
9999,TN,2024,A,forecast,Tertial 2,2024-09-30,,,,12
9999,TN,2024,B,forecast,Tertial 1,2024-05-31,,,,12
""",
    "budget_decisions": """
organisation_id,board_id,fiscal_year,account,step_number,step_kind,step_name,net_cost,scale,decision_number,decided_on,report_part
9999,TN,2024,operating,1,frame,Ram,130,1000,KF 1,2023-11-20,12
9999,TN,2024,operating,2,revision,Gator,9500.00,1,KF 2,2024-04-22,12
""",
    "projects": """
organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,first_fiscal_year,report_part
9999,TN,2024,vag,Ny väg,1,,ongoing,2024,4
9999,TN,2024,vag-belysning,Belysning vid vägen,1,vag,,,4
""",
    "project_amounts": """
organisation_id,board_id,fiscal_year,project_id,scenario,amount,scale,report_part
9999,TN,2024,vag-belysning,actual,-1,1000,4
""",
}


def bn(account: str, amount: str, **cells: Any) -> dict[str, Any]:
    """A posting of the board that has come to February."""
    return posting(account, amount, "50", board_id="BN", **cells)


def budget(version: str, account: str, amount: str, activity: str, **cells: Any) -> dict[str, Any]:
    """A posting of a budget version of TN."""
    return posting(account, amount, activity, scenario="budget", version=version, **cells)


def forecast(version: str, account: str, amount: str, activity: str, **cells: Any) -> dict[str, Any]:
    """A posting of a forecast of TN."""
    return posting(account, amount, activity, scenario="forecast", version=version, **cells)


LEDGER = [
    posting("5010", "60000.10", "20"),
    posting("4600", "40000.15", "20", period=2, motpart="181"),
    posting("9010", "100.00", "20", period=2),
    posting("7910", "10000.00", "20", period=12),
    posting("3010", "-50000.50", "20", period=13, motpart="12"),
    # a counterparty that no prefix takes, and a project that only the ledger knows
    posting("4600", "5000.01", "30", period=2, motpart="77", project="uppfoljning"),
    # of class 8 some is cost and some is revenue
    posting("8510", "12.34", "30", period=12),
    posting("8410", "-20.00", "30", period=12),
    posting("4010", "1000.40", "30", project="vag-belysning"),
    budget("9", "5010", "60000.25", "20"),
    budget("9", "5010", "40000.25", "20", period=2),
    budget("9", "4600", "30000.00", "30", period=2),
    # the investments were not revised: what was decided first is in force still
    budget("9", "4010", "300000.00", "30", project="vag"),
    budget("10", "5010", "60000.25", "20"),
    budget("10", "5010", "40000.25", "20", period=2),
    budget("10", "5010", "500.00", "20", period=13),
    budget("10", "4600", "39000.00", "30", period=2),
    forecast("B", "5010", "80000.00", "20"),
    forecast("B", "5010", "1000.75", "20", period=6),
    forecast("B", "4600", "5000.00", "30"),
    forecast("A", "5010", "61000.00", "20"),
    # versions that stand alone need no declaration; this budget is one of the year, in one period
    bn("5010", "100.10"),
    bn("5010", "50.00", period=2),
    bn("5010", "1200.00", scenario="budget", version="B1"),
    bn("5010", "1300.00", scenario="forecast", version="T1"),
]


def add_boards(project: Project, postings: list[dict[str, Any]]) -> None:
    """Add the boards' rows and their ledger to a copy."""
    for name, rows in SEEDS.items():
        project.append(name, rows)
    write_postings(project, postings)


def build_with_versions(project: Project) -> None:
    """Add the boards, and build."""
    add_boards(project, LEDGER)
    result = project.build("--select", *[f"{name}+" for name in SEEDS], "source:ledger.postings+")
    assert result.returncode == 0, str(result)


@pytest.fixture(scope="module")
def versions(scenario: Scenario) -> Project:
    return scenario("ledger_versions", build_with_versions)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_the_version_last_decided_is_the_budget_and_the_last_forecast_the_forecast(versions: Project) -> None:
    rows = versions.query(f"""
        select activity_code, actual_revenue_sek, actual_cost_sek, actual_net_sek, budget_net_sek, forecast_net_sek
        from marts.fct_activity_variance where {TN} order by activity_code
    """)
    assert rows == [
        ("20", *decimals("50000.50", "-110100.25", "-60099.75", "-100500.50", "-61000.00")),
        ("30", *decimals("20.00", "-5012.35", "-4992.35", "-39000.00", "0.00")),
    ]


def test_a_version_leaves_the_account_that_it_does_not_post_on_as_it_was(versions: Project) -> None:
    rows = versions.query(f"select project_id, actual_sek, budget_sek from marts.fct_investment_variance where {TN}")
    assert rows == [("vag", *decimals("-1000.40", "-300000.00"))]


def test_the_bridge_goes_from_the_original_over_what_each_version_changed(versions: Project) -> None:
    rows = versions.query(f"""
        select account, step_kind, step_name, decision_number, decided_on, is_explained, amount_sek
        from marts.fct_budget_bridge where {TN} order by account desc, step_number
    """)
    assert rows == [
        ("operating", "frame", "Budget 2024", "KF 1", day("2023-11-20"), True, Decimal("-130000.50")),
        ("operating", "revision", "Tillägg för gator", "KF 2", day("2024-04-22"), True, Decimal("-9500.00")),
        ("operating", "unexplained", "Utan angivet belopp", None, None, True, Decimal("0.00")),
        ("operating", "adjusted", "Justerad budget", None, None, True, Decimal("-139500.50")),
        ("investment", "frame", "Budget 2024", "KF 1", day("2023-11-20"), True, Decimal("-300000.00")),
        ("investment", "unexplained", "Utan angivet belopp", None, None, True, Decimal("0.00")),
        ("investment", "adjusted", "Justerad budget", None, None, True, Decimal("-300000.00")),
    ]


def test_each_month_is_booked_accumulated_and_held_to_the_budget_by_period(versions: Project) -> None:
    rows = versions.query(f"""
        select
            period, actual_sek, actual_internal_sek, actual_external_sek, actual_unclassified_sek,
            actual_accumulated_sek, budget_sek, budget_to_date_sek, variance_to_date_sek
        from marts.fct_monthly_activity where {TN} and activity_code = '20' order by period
    """)
    first = "-60000.10"
    second = ("-40100.15", "-40100.15", "0.00", "0.00", "-100100.25", "-40000.25", "-100000.50", "-99.75")
    nothing = ("0.00", "0.00", "0.00", "0.00", "-100100.25", "0.00", "-100000.50", "-99.75")
    december = ("-10000.00", "0.00", "0.00", "-10000.00", "-110100.25", "0.00", "-100000.50", "-10099.75")
    year_end = ("50000.50", "0.00", "50000.50", "0.00", "-60099.75", "-500.00", "-100500.50", "40400.75")
    assert rows == [
        (1, *decimals(first, "0.00", "0.00", first, first, "-60000.25", "-60000.25", "0.15")),
        (2, *decimals(*second)),
        *[(period, *decimals(*nothing)) for period in range(3, 12)],
        (12, *decimals(*december)),
        (13, *decimals(*year_end)),
    ]


def test_a_month_to_come_is_not_known_and_a_budget_of_the_year_none_of_a_month(versions: Project) -> None:
    rows = versions.query(f"""
        select period, period_name, actual_sek, actual_accumulated_sek, budget_sek, budget_to_date_sek,
            variance_to_date_sek
        from marts.fct_monthly_activity where {BN} order by period
    """)
    assert rows[:3] == [
        (1, "Januari", *decimals("-100.10", "-100.10", None, None, None)),
        (2, "Februari", *decimals("-50.00", "-150.10", None, None, None)),
        (3, "Mars", *decimals(None, None, None, None, None)),
    ]
    assert [row[0] for row in rows] == list(range(1, 13))


def test_forecasts_are_held_to_the_outcome_of_closed_years_and_their_bias_is_the_mean(versions: Project) -> None:
    rows = versions.query("""
        select
            board_id, fiscal_year, version, activity_code, version_name, made_on, forecast_count,
            forecast_sek, actual_sek, error_sek, bias_sek
        from marts.fct_forecast_accuracy where organisation_id = '9999'
        order by board_id, fiscal_year, made_on, activity_code
    """)
    spring, autumn = ("Tertial 1", day("2024-05-31")), ("Tertial 2", day("2024-09-30"))
    assert rows == [
        ("BN", 2024, "T1", "50", "Prognos", None, 0, *decimals("-1300.00", None, None, None)),
        ("TN", 2023, "", "20", "Prognos", None, 3, *decimals("-88000.00", "-90000.00", "-2000.00", "6600.42")),
        ("TN", 2024, "B", "20", *spring, 3, *decimals("-81000.75", "-60099.75", "20901.00", "6600.42")),
        ("TN", 2024, "B", "30", *spring, 2, *decimals("-5000.00", "-4992.35", "7.65", "-2492.35")),
        ("TN", 2024, "A", "20", *autumn, 3, *decimals("-61000.00", "-60099.75", "900.25", "6600.42")),
        ("TN", 2024, "A", "30", *autumn, 2, *decimals("0.00", "-4992.35", "-4992.35", "-2492.35")),
    ]


def test_every_version_is_counted_whether_it_is_in_force_or_not(versions: Project) -> None:
    rows = versions.query(f"""
        select scenario, version, cast(sum(posting_count) as integer), sum(amount_sek)
        from intermediate.int_ledger__entries_posted where {TN} group by scenario, version order by scenario, version
    """)
    assert rows == [
        ("actual", "", 9, Decimal("-66092.50")),
        ("budget", "10", 4, Decimal("-139500.50")),
        ("budget", "9", 4, Decimal("-430000.50")),
        ("forecast", "A", 1, Decimal("-61000.00")),
        ("forecast", "B", 3, Decimal("-86000.75")),
    ]


def refuse(change: Callable[[Project], None], *lines: dict[str, Any]) -> Callable[[Project], None]:
    """Add the boards with a change and lines that must fail the build; its output is kept."""

    def broken(project: Project) -> None:
        add_boards(project, [*LEDGER, *lines])
        change(project)
        result = project.build("--select", *[f"{name}+" for name in SEEDS], "source:ledger.postings+")
        assert result.returncode == 1, str(result)
        project.write("target/output.txt", result.output)

    return broken


def spoil_versions(project: Project) -> None:
    """An öre in a decided net, a second original, and a last decision that nobody posted."""
    project.replace("budget_versions", "KF 1,130000.50,", "KF 1,130000.51,")
    project.append(
        "budget_versions",
        """
organisation_id,board_id,fiscal_year,version,version_kind,version_name,decided_on,report_part
9999,TN,2024,8,original,Budget igen,2023-12-18,12
9999,TN,2024,11,revised,Höst,2024-10-01,12
""",
    )


def spoil_controls(project: Project) -> None:
    """A krona in what is stated beside the postings."""
    project.replace("operating_entries", "9999,TN,2024,actual,20,revenue,50,", "9999,TN,2024,actual,20,revenue,51,")
    project.replace("budget_decisions", ",9500.00,1,KF 2", ",9501.00,1,KF 2")
    project.replace("project_amounts", "9999,TN,2024,vag-belysning,actual,-1,", "9999,TN,2024,vag-belysning,actual,-2,")


VERSIONS = {
    "a version that is not declared beside others": "claim: one_of_several_versions_stands_in_budget_versions",
    "a forecast posted as a budget": "claim: kind_of_the_version_fits_its_scenario",
    "an original after another": "claim: only_the_first_version_is_the_original",
    "a net that was not decided": "version_key: 9999/TN/2024/budget/9 | finding: the posted net is not the decided one",
    "no posting of the last decision": (
        "version_key: 9999/TN/2024/budget/11 | finding: the version last decided is not posted"
    ),
}
CONTROLS = {
    "revenue": "entry_key: 9999/TN/2024/20/actual/revenue",
    "what a decision changed": "step_key: 9999/TN/2024/operating/revision/KF 2",
    "a sub-project": "amount_key: 9999/TN/2024/vag-belysning/actual",
}


@pytest.fixture(scope="module")
def refused_versions(scenario: Scenario) -> str:
    lines = [
        budget("X", "5010", "1.00", "20"),
        budget("A", "5010", "1.00", "20"),
        budget("8", "5010", "1.00", "20"),
    ]
    project = scenario("refused_versions", refuse(spoil_versions, *lines))
    return (project.path / "target/output.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def refused_controls(scenario: Scenario) -> str:
    project = scenario("refused_controls", refuse(spoil_controls))
    return (project.path / "target/output.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", VERSIONS)
def test_a_ledger_is_refused_with(refused_versions: str, fault: str) -> None:
    assert VERSIONS[fault] in refused_versions


@pytest.mark.parametrize("fault", CONTROLS)
def test_postings_are_refused_that_do_not_agree_with_the_stated(refused_controls: str, fault: str) -> None:
    assert CONTROLS[fault] in refused_controls
