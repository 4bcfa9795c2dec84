"""Postings as Parquet reach the marts to the öre, for a board that has little else; faulty ones are refused.

The ledger's sign is debit positive. How postings are imported is not the matter here: the file is written as an import
would leave it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from conftest import Scenario
from imported import put_postings
from project import Project

PERSON = "Anna Exempel"
TN = "organisation_id = '9999' and board_id = 'TN' and fiscal_year = 2024"

SEEDS = {
    "organisations": """
organisation_id,organisation_name,report_part
9999,Exempelby kommun,16
""",
    "boards": """
organisation_id,board_id,board_name,report_part
9999,TN,Tekniska nämnden,16
""",
    "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
9999,TN,2024,20,Teknisk planering,2
9999,TN,2024,30,Gator,2
9999,TN,2024,40,Vilande verksamhet,2
""",
    # stated beside postings of the same scenario: controls, in thousands, and no entries
    "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
9999,TN,2024,actual,20,net,-35,1000,2
9999,TN,2024,actual,30,net,-6,1000,2
""",
    "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,account_class,prior_actual,actual,budget,scale,report_part
9999,TN,2024,1,Intäkter,revenue,,70,75,,1000,1
9999,TN,2024,2,Kostnader,cost,,-109,-116,,1000,1
9999,TN,2024,3,varav personalkostnader,memo,personnel,-98,-100,,1000,1
9999,TN,2024,4,varav kapitalkostnader,memo,capital_cost,-9,-10,,1000,1
9999,TN,2024,5,Resultat,result,,-39,-41,,1000,1
""",
    "budget_versions": """
organisation_id,board_id,fiscal_year,version,version_kind,version_name,decided_on,decision_number,net_cost,scale,report_part
9999,TN,2024,2023-11-01,original,Budget 2024,2023-11-01,KF 1,,,12
9999,TN,2024,2024-02-01,revised,Reviderad budget,2024-02-01,KF 2,101000.50,1,12
9999,TN,2024,T1,forecast,Tertial 1,2024-05-31,,,,12
9999,TN,2024,T2,forecast,Tertial 2,2024-09-30,,,,12
""",
    "projects": """
organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,first_fiscal_year,report_part
9999,TN,2024,vag,Ny väg,1,,ongoing,2024,4
9999,TN,2024,vag-belysning,Belysning vid vägen,1,vag,,,4
""",
    "project_amounts": """
organisation_id,board_id,fiscal_year,project_id,scenario,amount,scale,report_part
9999,TN,2024,vag,actual,-251,1000,4
9999,TN,2024,vag,budget,-300,1000,4
""",
}


def posting(account: str | None, amount: str, activity: str | None = None, **cells: Any) -> dict[str, Any]:
    """One line of the ledger, actual in January 2024 unless said otherwise; debit is positive."""
    return {
        "organisation_id": "9999",
        "board_id": "TN",
        "fiscal_year": 2024,
        "period": 1,
        "scenario": "actual",
        "version": "",
        "series": "A",
        "voucher": "1",
        "line": 1,
        "booked_on": datetime.date(2024, 1, 31),
        "account": account,
        "activity": activity,
        "amount": Decimal(amount),
        "text": PERSON,
    } | cells


LEDGER = [
    posting("3010", "-50000.50", "20"),
    posting("3010", "-25000.25", "20", period=13),
    posting("5010", "60000.10", "20"),
    posting("5010", "40000.15", "20", period=2),
    posting("7910", "10000.00", "20", period=12),
    posting("4600", "5000.01", "30"),
    # an operating account stays one beside a project, and 40 is an investment though 4 is operating
    posting("4520", "700.70", "30", project="vag"),
    posting("4010", "250000.10", "30", project="vag"),
    posting("4010", "1000.40", None, project="vag-belysning"),
    posting("1930", "-291700.71", None),
    # of several versions the last decided counts alone
    posting("3010", "-99999.99", "20", scenario="budget", version="2023-11-01"),
    posting("5010", "90000.00", "20", scenario="budget", version="2023-11-01"),
    posting("5010", "95000.50", "20", scenario="budget", version="2024-02-01"),
    posting("4600", "6000.00", "30", scenario="budget", version="2024-02-01"),
    posting("5010", "80000.00", "20", scenario="forecast", version="T1"),
    posting("5010", "81000.75", "20", scenario="forecast", version="T2"),
]


def add_board(project: Project, postings: list[dict[str, Any]]) -> None:
    """Add the board's rows and its ledger to a copy."""
    for name, rows in SEEDS.items():
        project.append(name, rows)
    write_postings(project, postings)


def write_postings(project: Project, postings: list[dict[str, Any]]) -> None:
    """Write the ledger as an import would leave it."""
    put_postings(project.path / "data", "ledger", postings)


def build_with_ledger(project: Project) -> None:
    """Add the board, and build."""
    add_board(project, LEDGER)
    result = project.build("--select", *SEEDS, "source:ledger.postings+")
    assert result.returncode == 0, str(result)


@pytest.fixture(scope="module")
def ledger(scenario: Scenario) -> Project:
    return scenario("ledger", build_with_ledger)


def decimals(*amounts: str | None) -> tuple[Decimal | None, ...]:
    """Amounts in kronor and öre."""
    return tuple(None if amount is None else Decimal(amount) for amount in amounts)


def test_revenue_and_cost_have_their_signs_to_the_öre(ledger: Project) -> None:
    rows = ledger.query(f"""
        select activity_code, actual_revenue_sek, actual_cost_sek, actual_net_sek
        from marts.fct_activity_variance where {TN} order by activity_code
    """)
    assert rows == [
        ("20", *decimals("75000.75", "-110000.25", "-34999.50")),
        ("30", *decimals("0.00", "-5700.71", "-5700.71")),
        ("40", *decimals(None, None, "0.00")),
    ]


def test_of_several_versions_the_last_decided_counts_alone(ledger: Project) -> None:
    rows = ledger.query(f"""
        select activity_code, budget_revenue_sek, budget_cost_sek, budget_net_sek, variance_net_sek, forecast_net_sek
        from marts.fct_activity_variance where {TN} order by activity_code
    """)
    assert rows == [
        ("20", *decimals("0.00", "-95000.50", "-95000.50", "60001.00", "-81000.75")),
        ("30", *decimals("0.00", "-6000.00", "-6000.00", "299.29", "0.00")),
        ("40", *decimals(None, None, "0.00", "0.00", "0.00")),
    ]


def test_the_income_statement_reads_memo_lines_by_account_class(ledger: Project) -> None:
    rows = ledger.query(f"""
        select line_name, prior_actual_sek, actual_sek, budget_sek
        from marts.fct_income_statement where {TN} order by line_number
    """)
    assert rows == [
        ("Intäkter", *decimals("70000.00", "75000.75", "0.00")),
        ("Kostnader", *decimals("-109000.00", "-115700.96", "-101000.50")),
        ("varav personalkostnader", *decimals("-98000.00", "-100000.25", "-95000.50")),
        ("varav kapitalkostnader", *decimals("-9000.00", "-10000.00", "0.00")),
        ("Resultat", *decimals("-39000.00", "-40700.21", "-101000.50")),
    ]


def test_an_account_of_class_40_belongs_to_the_investment_account(ledger: Project) -> None:
    rows = ledger.query(f"""
        select project_id, actual_sek, budget_sek, variance_sek from marts.fct_investment_variance where {TN}
    """)
    assert rows == [("vag", *decimals("-251000.50", "-300000.00", "48999.50"))]
    years = ledger.query(f"""
        select project_id, reported_project_id, amount_sek from marts.fct_project_year where {TN} order by project_id
    """)
    assert years == [
        ("vag", "vag", *decimals("-250000.10")),
        ("vag-belysning", "vag", *decimals("-1000.40")),
    ]


def test_no_table_holds_the_text_of_a_posting(ledger: Project) -> None:
    tables = ledger.query("select schema_name, table_name from duckdb_tables()")
    assert ("marts", "fct_activity_variance") in tables
    holding = [
        table
        for schema, table in tables
        if ledger.value(f"""select count(*) from {schema}."{table}" as row where cast(row as text) like '%{PERSON}%'""")
    ]
    assert holding == []


def test_the_other_municipality_keeps_every_row(ledger: Project, built: Project) -> None:
    before, after = built.marts(), ledger.marts()
    changed = [name for name, rows in before.items() if not set(rows) <= set(after[name])]
    assert changed == []


FAULTY = {
    "an account that no class takes": (posting("0110", "1.00", "20"), "claim: account_is_mapped"),
    "an operating account without an activity code": (
        posting("5010", "1.00"),
        "claim: an_operating_posting_has_an_activity",
    ),
    "an investment without a project": (posting("4010", "1.00", "20"), "claim: an_investment_posting_has_a_project"),
    "a period after 13": (posting("5010", "1.00", "20", period=14), "claim: period_is_1_to_13"),
    "an unknown scenario": (posting("5010", "1.00", "20", scenario="plan"), "claim: scenario_is_known"),
}
UNKNOWN = {
    "an unknown activity code": (
        posting("5010", "1.00", "99"),
        "activity_code_is_known_in_activity_codes | broken_count: 1 | example_key: 9999/TN/2024/99",
    ),
    "an unknown project": (
        posting("4010", "1.00", "30", project="bro"),
        "project_id_is_known_in_projects | broken_count: 1 | example_key: 9999/TN/2024/bro",
    ),
}
READ_FROM_THE_LEDGER = ("fct_activity_variance", "fct_income_statement", "fct_investment_variance", "fct_project_year")


def refuse(lines: list[dict[str, Any]]) -> Callable[[Project], None]:
    """Add the board and its ledger with lines that must fail the build; its output is kept."""

    def change(project: Project) -> None:
        add_board(project, [*LEDGER, *lines])
        result = project.build("--select", *SEEDS, "source:ledger.postings+")
        assert result.returncode == 1, str(result)
        project.write("target/output.txt", result.output)

    return change


@pytest.fixture(scope="module")
def faulty(scenario: Scenario) -> Project:
    return scenario("faulty_postings", refuse([line for line, _ in FAULTY.values()]))


@pytest.fixture(scope="module")
def unknown(scenario: Scenario) -> Project:
    return scenario("unknown_postings", refuse([line for line, _ in UNKNOWN.values()]))


@pytest.mark.parametrize("fault", FAULTY)
def test_a_posting_is_refused_that_has(faulty: Project, fault: str) -> None:
    assert FAULTY[fault][1] in (faulty.path / "target/output.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", UNKNOWN)
def test_a_posting_is_refused_that_names(unknown: Project, fault: str) -> None:
    assert UNKNOWN[fault][1] in (unknown.path / "target/output.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("mart", READ_FROM_THE_LEDGER)
def test_no_mart_takes_in_a_ledger_with_a_refused_posting(
    faulty: Project, unknown: Project, built: Project, mart: str
) -> None:
    assert faulty.marts()[mart] == built.marts()[mart]
    if mart in ("fct_activity_variance", "fct_investment_variance"):
        assert unknown.marts()[mart] == built.marts()[mart]


@pytest.mark.parametrize("cell", ["account", "amount"])
def test_a_posting_is_not_lost_in_silence_without_its(project: Project, cell: str) -> None:
    forecast = posting("5010", "1.00", "45", organisation_id="1882", board_id="KS", scenario="forecast", version="T1")
    write_postings(project, [forecast, forecast | {"line": 2, cell: None}])

    result = project.build("--select", "source:ledger.postings+")

    assert result.returncode == 1, str(result)
    assert "BROKEN int_ledger__" in result.output or "BROKEN stg_ledger__" in result.output, str(result)
