"""Each rule of every import: a posting that breaks it is refused with its line, one that just holds is taken."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from import_desk import Desk, posting

Lines = list[dict[str, Any]]
NO_VOUCHER: dict[str, Any] = {"voucher": None, "series": None, "line": None}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def line(account: str | None = "5010", amount: str | None = "1.00", activity: str | None = "20", **cells: Any) -> Lines:
    return [posting(account, amount, activity, **NO_VOUCHER, **cells)]


GOOD = line()
BROKEN = {
    "no amount": (line(amount=None), "2: column amount: no amount"),
    "no account": (line(account=None), "2: column account: no account"),
    "an unknown account": (line(account="0110"), "2: column account: '0110' an account that no class takes"),
    "no activity": (line(activity=None), "column activity: '5010' an operating account without an activity code"),
    "an unknown activity": (line(activity="45"), "column activity: '45' an activity code that the board does not have"),
    "an activity of another year": (line(activity="30", fiscal_year=2023, booked_on=None), "'30' an activity code"),
    "no project": (line("4010"), "column project: '4010' an investment account without a project"),
    "an unknown project": (line("4010", project="bro"), "column project: 'bro' a project that the board does not have"),
    "a period after 13": (line(period=14), "column period: '14' not a period"),
    "no period": (line(period=None), "column period: not a period"),
    "a year that nobody knows": (line(fiscal_year=1999), "column fiscal_year: '1999' not a fiscal year"),
    "a date before the year": (line(booked_on=datetime.date(2023, 12, 31)), "'2023-12-31' outside the fiscal year"),
    "a date after the year": (line(booked_on=datetime.date(2025, 1, 1)), "'2025-01-01' outside the fiscal year"),
    "an identity number": (line(text="Ersättning 811218-9876"), "'Ersättning ******-****' holds a personal identity"),
    "a number of a person in motpart": (line(motpart="198112189876"), "'******-****' holds a personal identity"),
    "a version that is not declared": (
        line(scenario="budget", version="v9"),
        "column version: 'v9' a version that is not declared - add v9 of 2024 to budget_versions.csv",
    ),
    "a forecast as a budget": (
        line(scenario="budget", version="T2"),
        "column version: 'T2' a budget, but declared as forecast",
    ),
    "a budget that does not say which": (
        line(scenario="budget"),
        "which version of the budget 2024 it is is not said - say --version; budget_versions.csv has original",
    ),
    "a ledger with a version": (line(version="original"), "column version: 'original' a ledger has no version"),
    "some postings of another year": (
        [*line(), *line(fiscal_year=2023, booked_on=None)],
        "3: column fiscal_year: '2023' another year than 2024",
    ),
    "a budget that is not the decided one": (
        line(scenario="budget", version="original", amount="1000.01"),
        "adds up to a net cost of 1000.01, but 1000 was decided",
    ),
}
HOLDS = {
    "an organisation number": line(text="Faktura 556036-0793"),
    "the last day of the year": line(booked_on=datetime.date(2024, 12, 31), period=13),
    "leading zeros": line(activity="045"),
    "a balance account without codes": line("1930", activity=None),
    "an investment with its project": line("4010", project="vag"),
    "an operating account beside an unknown project": line(project="eget-nummer"),
    "the decided budget": line(scenario="budget", version="original", amount="1000.00"),
    "a forecast": line(scenario="forecast", version="T2"),
}


def kind(lines: Lines) -> tuple[str, ...]:
    scenario = lines[0]["scenario"]
    year = ("--year", "2024") if len({each["fiscal_year"] for each in lines}) > 1 else ()
    return year if scenario == "actual" else ("--kind", scenario)


def declare(desk: Desk) -> None:
    desk.add(
        "budget_versions",
        "9999,TN,2024,original,original,Beslutad budget,2023-11-20,KF 12,1000.00,1,12\n"
        "9999,TN,2024,T2,forecast,Prognos augusti,2024-08-31,,,,12",
    )


@pytest.mark.parametrize("fault", BROKEN)
def test_refused(desk: Desk, fault: str) -> None:
    declare(desk)
    lines, told = BROKEN[fault]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", lines)), *kind(lines))
    assert result.exit_code == 1, result.output
    assert told in result.output
    assert "8112189876" not in result.output.replace("-", "")
    assert desk.query("select count(*) from postings") == [(0,)]


@pytest.mark.parametrize("case", HOLDS)
def test_accepted(desk: Desk, case: str) -> None:
    declare(desk)
    lines = HOLDS[case]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", lines)), *kind(lines))
    assert result.exit_code == 0, result.output
    columns = ("account", "activity", "project", "amount", "period", "text")
    assert desk.query(f"select {', '.join(columns)} from postings") == [tuple(lines[0][name] for name in columns)]


def test_every_fault_is_told_and_all_of_them_are_written(desk: Desk) -> None:
    faults = [fault for lines, _ in list(BROKEN.values())[:10] for fault in lines]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", [*GOOD, *faults])), "--findings", "findings.csv")
    assert result.exit_code == 1
    written = (desk.path / "findings.csv").read_text(encoding="utf-8").splitlines()
    assert written[0] == "file,line,column,value,what,do"
    for number in range(3, 3 + len(faults)):
        assert any(f",{number}," in row for row in written), number


def test_a_posting_that_stands_twice_names_both_lines(desk: Desk) -> None:
    lines = [posting("1930", "1.00"), posting("1930", "-1.00", line=2), posting("1930", "1.00")]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", lines)))
    assert result.exit_code == 1
    assert "ledger.parquet:4: column voucher: '1' stands on line 2 already (series A, line 1" in result.output


def test_an_unbalanced_voucher_is_refused_where_the_file_has_balance_accounts(desk: Desk) -> None:
    lines = [posting("5010", "100.00", "20"), posting("1930", "-99.99", line=2)]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", lines)))
    assert result.exit_code == 1
    assert "voucher: '1' voucher of series A is 0.01 from zero" in result.output


def test_a_file_without_a_posting_is_refused(desk: Desk) -> None:
    result = desk.bring_in(str(desk.parquet("ledger.parquet", [])))
    assert result.exit_code == 1
    assert "no posting in it" in result.output


def test_a_budget_needs_no_version_where_none_is_declared(desk: Desk) -> None:
    result = desk.bring_in(str(desk.parquet("budget.parquet", line(scenario="budget"))), "--kind", "budget")
    assert result.exit_code == 0, result.output


def test_a_budget_row_that_stands_twice_names_both_lines(desk: Desk) -> None:
    lines = [*line(scenario="budget"), *line(scenario="budget")]
    result = desk.bring_in(str(desk.parquet("budget.parquet", lines)), "--kind", "budget")
    assert result.exit_code == 1
    assert "budget.parquet:3: the same as line 2 in all that is read" in result.output


@pytest.mark.parametrize(
    ("column", "kind", "told"),
    [
        ("amount", pa.float64(), "column amount: is DOUBLE, which may not keep the value - write it as decimal(18, 2)"),
        ("amount", pa.string(), "column amount: is VARCHAR"),
        ("account", pa.float64(), "column account: is DOUBLE, which may not keep the value - write it as text"),
        ("period", pa.float64(), "column period: is DOUBLE"),
        ("booked_on", pa.timestamp("us", "Europe/Stockholm"), "column booked_on: is TIMESTAMP WITH TIME ZONE"),
        ("ansvar", pa.list_(pa.string()), "column ansvar: is VARCHAR[]"),
    ],
)
def test_a_type_that_may_not_keep_the_value_is_refused(desk: Desk, column: str, kind: pa.DataType, told: str) -> None:
    path = desk.parquet("ledger.parquet", GOOD)
    table = pq.ParquetFile(path).read()
    cells = pa.array([None], kind)
    pq.write_table(table.set_column(table.schema.get_field_index(column), column, cells), path)
    result = desk.bring_in(str(path))
    assert result.exit_code == 1
    assert told in result.output


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"account": "5011 "}, "column account: '5011 ' not the form of a code"),
        ({"account": "50 11\n"}, "not the form of a code"),
        ({"ansvar": " 12"}, "column ansvar: ' 12' not the form of a code"),
        ({"text": "a\x00b"}, "column text: 'a\\x00b' holds a sign that cannot be printed"),
        ({"account": "6408233234"}, "column account: '******-****' holds a personal identity number"),
    ],
)
def test_a_code_has_the_form_of_one_whatever_file_it_came_from(desk: Desk, cells: dict[str, str], told: str) -> None:
    result = desk.bring_in(str(desk.parquet("ledger.parquet", [GOOD[0] | cells])))
    assert result.exit_code == 1
    assert told in result.output
