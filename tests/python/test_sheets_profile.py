"""A profile is read strictly: what it does not know it refuses, with file, line and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.files import FileForm
from bokslut.intake.sheets.form import AmountColumn, Column, Total
from bokslut.intake.sheets.profile import read_profile
from sheet_cells import profile_of

LEAST = """
profile: Minst
kind: ledger
columns: {account: Konto, period: Period, amount: Belopp}
"""


def findings_of(folder: Path, text: str) -> tuple[Finding, ...]:
    with pytest.raises(RefusedError) as refused:
        profile_of(folder, text)
    return refused.value.findings


def test_the_least_profile_has_the_plain_defaults(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, LEAST)
    assert profile.columns["account"] == Column(heading="Konto")
    assert profile.columns["period"] == Column(heading="Period", form="yyyymm")
    assert (profile.unit, profile.decimal, profile.thousands, profile.sign) == ("kronor", ",", None, "ledger")
    assert (profile.rows_above, profile.head_rows, profile.vouchers, profile.negative) == (None, 1, "part", ())
    assert profile.file == FileForm()


def test_every_key_is_read_as_it_stands(tmp_path: Path) -> None:
    profile = profile_of(
        tmp_path,
        """
        profile: Alla nycklar
        kind: budget
        file: {kind: csv, encoding: cp1252, delimiter: tab}
        rows_above: 4
        head_rows: 2
        columns:
          activity: {column: Verksamhet, take: code}
          ansvar: {letter: b}
          version: {column: Version, words: {Grund: original}}
          booked_on: {column: Datum, form: dd/mm/yyyy}
        amounts:
          - {column: Intäkt, constants: {account: 0030}, sign: result}
          - {letter: F, constants: {account: "4"}}
        constants: {fiscal_year: 2024, scenario: forecast}
        fill_down: [ansvar, activity]
        totals:
          - {where: {ansvar: "Summa*", Fritt: ""}, adds: same activity, required: false}
          - {where: {activity: Totalt}, adds: all}
        unit: tkr
        decimal: .
        thousands: ","
        negative: [parentheses]
        sign: cost_positive
        empty_amounts: no_posting
        years: several
        """,
    )
    assert profile.file == FileForm("csv", "cp1252", "\t")
    assert profile.columns["activity"] == Column(heading="Verksamhet", take="code")
    assert profile.columns["ansvar"] == Column(letter="B")
    assert profile.columns["version"].words == {"Grund": "original"}
    assert profile.columns["booked_on"].form == "dd/mm/yyyy"
    assert profile.amounts == (
        AmountColumn(Column(heading="Intäkt"), {"account": "0030"}, "result"),
        AmountColumn(Column(letter="F"), {"account": "4"}),
    )
    assert profile.constants == {"fiscal_year": "2024", "scenario": "forecast"}
    assert profile.fill_down == ("ansvar", "activity")
    assert profile.totals == (
        Total({"ansvar": "Summa*", "Fritt": ""}, "same", "activity", required=False),
        Total({"activity": "Totalt"}, "all"),
    )
    assert (profile.unit, profile.decimal, profile.thousands) == ("tkr", ".", ",")
    assert (profile.negative, profile.sign) == (("parentheses",), "cost_positive")
    assert (profile.empty_amounts, profile.years, profile.rows_above, profile.head_rows) == (
        "no_posting",
        "several",
        4,
        2,
    )


def test_months_are_named_or_twelve_letters_in_a_row(tmp_path: Path) -> None:
    head = "profile: M\nkind: budget\ncolumns: {account: Konto}\n"
    assert profile_of(tmp_path, head + "months: {1: Jan, 13: {letter: P}}").months == {
        1: Column(heading="Jan"),
        13: Column(letter="P"),
    }
    months = profile_of(tmp_path, head + "months: {from: y, to: AJ}").months
    assert months is not None
    assert [column.letter for column in months.values()] == [
        *"YZ",
        "AA",
        "AB",
        "AC",
        "AD",
        "AE",
        "AF",
        "AG",
        "AH",
        "AI",
        "AJ",
    ]
    (finding,) = findings_of(tmp_path, head + "months: {from: C, to: M}")
    assert (finding.line, finding.column) == (4, "months")


def test_vouchers_balance_in_a_ledger_that_has_them_unless_declared(tmp_path: Path) -> None:
    head = "profile: V\ncolumns: {account: Konto, period: P, amount: B, voucher: Ver}\n"
    assert profile_of(tmp_path, head + "kind: ledger").vouchers == "balance"
    assert profile_of(tmp_path, head + "kind: ledger\nvouchers: part").vouchers == "part"
    assert profile_of(tmp_path, head + "kind: budget").vouchers == "part"


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("kinds: x", 5, None, "did you mean kind?"),
        ("unit: tkrr", 5, "unit", "did you mean tkr?"),
        ("unit: TKR", 5, "unit", "did you mean tkr?"),
        ("decimal: ;", 5, "decimal", "use one of"),
        ("head_rows: 3", 5, "head_rows", "from 0 to 2"),
        ("head_rows: 0", 5, "head_rows", "has no headings - write letter in place of the heading Konto"),
        ("rows_above: -1", 5, "rows_above", "from 0"),
        ("thousands: ','", 5, "thousands", "decimal mark too"),
        ("constants: {fiscal_year: 24}", 5, "fiscal_year", "from 1900"),
        ("constants: {period: 14}", 5, "period", "from 1 to 13"),
        ("constants: {booked_on: 2024-02-30}", 5, "booked_on", "expected a date"),
        ("constants: {scenario: utfall}", 5, "scenario", "expected actual"),
        ("constants: {account: 4}", 5, "constants", "is a column too"),
        ("constants: {amount: 4}", 5, "constants", "is not a key"),
        ("fill_down: [acount]", 5, "fill_down", "did you mean account?"),
        ("fill_down: account", 5, "fill_down", "a list is expected"),
        ("fill_down: [account, account]", 5, "fill_down", "twice"),
        ("negative: [minus]", 5, "negative", "trailing_minus"),
        ("spread: 12", 5, "spread", "so does another key"),
        ("months: {1: Jan}", 4, "columns", "amount and months"),
        ("amounts: [{column: A}]", 4, "columns", "amount and amounts"),
        ("row_total: Summa", 5, "row_total", "without months"),
        ("vouchers: balance", 5, "vouchers", "without a voucher column"),
        ("comparator: at_least", 5, "comparator", "means nothing for ledger"),
        ("totals: [{where: {account: Summa}}]", 5, "totals", "adds is missing"),
        ("totals: [{adds: all}]", 5, "totals", "where is missing"),
        ("totals: [{where: {account: ''}, adds: all}]", 5, "where", "expected a pattern"),
        ("totals: [{where: {account: S}, adds: same acount}]", 5, "adds", "did you mean account?"),
        ("leave_out: [{where: {text: ''}}]", 5, "where", "expected a pattern such as Ingående balans*"),
        ("leave_out: [{where: {text: '*', account: ''}}]", 5, "where", "would leave out any row"),
        ("leave_out: [{}]", 5, "leave_out", "where is missing"),
        ("leave_out: [{where: {text: A}, adds: all}]", 5, "leave_out", "use one of where"),
        ("leave_out: {where: {text: A}}", 5, "leave_out", "a list is expected"),
        ("totals: [{where: {account: S}, adds: some}]", 5, "adds", "since_last"),
        ("file: {encoding: ansi}", 5, "encoding", "cp1252"),
        ("file: {delimiter: ;;}", 5, "delimiter", "one character"),
        ("unit: kronor\nunit: tkr", 6, None, "stands twice"),
        ("unit:", 5, "unit", "one value is expected"),
        ("unit: [tkr]", 5, "unit", "one value is expected"),
    ],
)
def test_what_is_not_known_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, column: str | None, told: str
) -> None:
    finding = findings_of(tmp_path, LEAST + text)[0]
    assert (finding.line, finding.column) == (line, column)
    assert told in str(finding)
    assert finding.file == tmp_path / "profile.yml"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("{acount: K, period: P, amount: B}", "did you mean account?"),
        ("{account: K, period: P}", "found none"),
        ("{account: K, period: P, debit: D}", "belong together"),
        ("{period: P, amount: B}", "account is missing"),
        ("{account: K, amount: B}", "period is missing"),
        ("{account: {}, period: P, amount: B}", "either column"),
        ("{account: {column: K, letter: A}, period: P, amount: B}", "either column"),
        ("{account: {letter: 3}, period: P, amount: B}", "a letter such as"),
        ("{account: {column: K, tak: code}, period: P, amount: B}", "did you mean take?"),
        ("{account: {column: K, form: yyyymm}, period: P, amount: B}", "have a form"),
        ("{account: K, period: {column: P, form: yymm}, amount: B}", "did you mean yyyymm?"),
        ("{account: K, period: {column: P, take: code}, amount: B}", "can be taken"),
        ("{account: K, period: {column: P, words: {a: 1}}, amount: B}", "have words"),
        ("{account: K, period: P, amount: B, scenario: {column: S, words: {a: plan}}}", "expected actual"),
    ],
)
def test_columns_are_refused_with_what_was_meant(tmp_path: Path, columns: str, told: str) -> None:
    findings = findings_of(tmp_path, f"profile: K\nkind: ledger\ncolumns: {columns}\n")
    assert told in " ".join(map(str, findings))
    assert all(finding.line == 3 for finding in findings)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    findings = findings_of(tmp_path, LEAST + "unit: öre\nsign: plus\nrows: 3")
    assert [finding.line for finding in findings] == [5, 6, 7]


@pytest.mark.parametrize(
    ("kind", "columns", "told"),
    [
        ("projects", "{actual: A}", "project_id is missing"),
        ("projects", "{project_id: P}", "none of actual"),
        ("goals", "{target: M}", "measure_id is missing"),
        ("goals", "{measure_id: M, account: K}", "is not a key"),
    ],
)
def test_projects_and_goals_need_an_identity(tmp_path: Path, kind: str, columns: str, told: str) -> None:
    assert told in str(findings_of(tmp_path, f"profile: P\nkind: {kind}\ncolumns: {columns}")[0])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "holds no keys"),
        (b"- a", "holds no keys"),
        (b"a: [", "not YAML"),
        (b"\xff", "not UTF-8"),
        (b"a: 1\n" * 30_000, "more than"),
        (b"[" * 5000, "not YAML"),
        (b"kind: ledger", "column columns: is missing"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "p.yml"
    path.write_bytes(data)
    with pytest.raises(RefusedError) as refused:
        read_profile(path)
    assert told in str(refused.value)
    with pytest.raises(RefusedError):
        read_profile(tmp_path / "missing.yml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_profile_is_read_as_powershell_saves_it(tmp_path: Path, encoding: str) -> None:
    text = "profile: Nämnd\nkind: ledger\ncolumns: {account: Konto, period: År och månad, amount: Belopp}\n"
    path = tmp_path / "p.yml"
    path.write_bytes((b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding))
    profile = read_profile(path)
    assert (profile.name, str(profile.columns["period"])) == ("Nämnd", "År och månad")


def test_a_profile_cut_off_within_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_bytes("profile: P".encode("utf-16")[:-1])
    with pytest.raises(RefusedError, match="save it as UTF-8"):
        read_profile(path)
