"""A profile over cells: the head, widths, values, totals, and what rows must be together. Cases are of bad input."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.postings import READ_SCHEMA
from bokslut.intake.sheets.apply import Applied, Context, apply_profile
from bokslut.intake.sheets.files import DATE, ERROR, NUMBER, load_cells
from bokslut.intake.sheets.headings import normal, tidy
from sheet_cells import applied, profile_of, split

LEDGER = """
profile: Verifikationer
kind: ledger
columns:
  voucher: Ver
  account: Konto
  activity: {column: Verksamhet, take: code}
  period: Period
  text: Text
  amount: Belopp
"""
HEAD = "Ver;Konto;Verksamhet;Period;Text;Belopp\n"
ROWS = "1;4011;45 Gymnasieskola;202403;Bok;1 234,56\n1;1910;;202403;Bok;-1234,56\n"
Sheet = Callable[..., Applied]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def sheet(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Sheet:
    def apply(text: str, profile: str = LEDGER, year: int | None = None, kind: str = "csv") -> Applied:
        return applied(connection, profile_of(tmp_path, profile), split(text), year, kind)

    return apply


def refused(
    sheet: Sheet, text: str, profile: str = LEDGER, year: int | None = None, kind: str = "csv"
) -> list[Finding]:
    with pytest.raises(RefusedError) as error:
        sheet(text, profile, year, kind)
    return list(error.value.findings)


def amounts(connection: duckdb.DuckDBPyConnection, *columns: str) -> list[tuple[object, ...]]:
    listed = ", ".join((*columns, "amount"))
    rows = connection.execute(f"select {listed} from postings_read order by source_line, period, account").fetchall()
    return [(*row[:-1], str(row[-1])) for row in rows]


def places(findings: list[Finding]) -> list[tuple[int | None, str | None, str | None]]:
    return [(finding.line, finding.column, finding.value) for finding in findings]


def test_postings_have_the_columns_of_the_schema(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    result = sheet(HEAD + ROWS)
    assert connection.table("postings_read").to_arrow_table().schema.equals(READ_SCHEMA)
    assert (result.rows, result.ignored_columns, result.totals_checked) == (2, (), 0)
    assert connection.execute("select * from postings_read order by line").fetchall() == [
        (2024, 3, "actual", None, None, "1", 1, None, "4011", None, "45", None, None, Decimal("1234.56"), "Bok", 2),
        (2024, 3, "actual", None, None, "1", 2, None, "1910", None, None, None, None, Decimal("-1234.56"), "Bok", 3),
    ]


# heads


def test_columns_are_found_by_name_in_any_order_and_others_are_reported(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:  # cases 19 and 22
    text = "Rapport;;;;;;\nBELOPP;Text;period;Kst;Konto;  Verksamhet ;Ver\n"
    result = sheet(text + "10,00;;202401;9;4011;45;A\n-10,00;;202401;9;1910;;A\n")
    assert result.ignored_columns == ("Kst",)
    assert amounts(connection, "account", "activity") == [("4011", "45", "10.00"), ("1910", None, "-10.00")]


def test_a_renamed_heading_is_refused_with_what_it_resembles(sheet: Sheet) -> None:  # case 20
    (finding,) = refused(sheet, HEAD.replace("Belopp", "Beloppet") + ROWS)
    assert (finding.line, finding.column) == (1, "Belopp")
    assert "the sheet has no such heading; it has Beloppet - correct the heading, or write Beloppet" in str(finding)


def test_a_heading_that_resembles_none_is_refused_with_those_of_the_sheet(sheet: Sheet) -> None:
    (finding,) = refused(sheet, HEAD.replace("Belopp", "Xyz") + ROWS)
    assert "it has Ver, Konto, Verksamhet, Period, Text, Xyz - " in str(finding)
    assert "or write the one that is meant in the profile" in str(finding)


@pytest.mark.parametrize("heading", ["Be-\nlopp", "Be\u00adlopp", "BE-\r\nLOPP", "Be-lopp"])
def test_a_heading_is_the_same_with_and_without_what_divides_it(
    heading: str, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [["Konto", "Period", heading], ["4011", "202401", "1,00"]]
    profile = "{profile: P, kind: ledger, columns: {account: Konto, period: Period, amount: %s}}"
    for name in ("Belopp", '"Be- lopp"'):
        assert applied(connection, profile_of(tmp_path, profile % name), rows).ignored_columns == ()


def test_hyphens_between_words_stay() -> None:
    assert tidy("Intäkts- och\nkostnadsslag") == "Intäkts- och kostnadsslag"
    assert normal("2024-01") != normal("202401")


def test_a_sheet_without_a_head_is_refused(sheet: Sheet) -> None:  # case 18
    assert "no head found" in str(refused(sheet, ROWS)[0])


def test_a_heading_that_stands_twice_is_refused(sheet: Sheet) -> None:  # case 21
    (finding,) = refused(sheet, "Ver;Konto;Verksamhet;Period;Text;Belopp;konto\n1;4011;45;202403;Bok;1,00;4\n")
    assert (finding.line, finding.column) == (1, "Konto")
    assert "(B and G)" in str(finding)


def test_a_heading_that_stands_twice_can_be_named_by_letters(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    profile = """
    profile: Bokstäver
    kind: budget
    columns: {account: Konto, activity: {letter: B}, ansvar: {letter: C}, period: Period, amount: Belopp}
    """
    sheet("Konto;Kod;Kod;Period;Belopp\n4;45;12;202401;5,00", profile)
    assert amounts(connection, "activity", "ansvar") == [("45", "12", "5.00")]
    assert "the last is E" in str(
        refused(sheet, "Konto;Period;Belopp;a;b\n4;202401;5,00;;", profile.replace("C}", "F}"))[0]
    )


def test_a_head_over_two_rows_is_joined_over_merged_cells(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    profile = """
    profile: Två rader
    kind: budget
    head_rows: 2
    columns: {account: Konto, activity: Verksamhet kod, text: Verksamhet namn, period: Period, amount: 2024 Budget}
    """
    text = "Enhet;;;;;\nKonto;Verksamhet;;Period;2024;\n;kod;namn;;Budget;Utfall\n4;45;Skola;202401;5,00;9,00\n"
    assert sheet(text, profile).ignored_columns == ("2024 Utfall",)
    assert amounts(connection, "account", "activity", "text") == [("4", "45", "Skola", "5.00")]


def test_a_heading_merged_downwards_is_not_its_neighbours(sheet: Sheet) -> None:
    profile = """
    profile: Sammanfogad nedåt
    kind: budget
    head_rows: 2
    columns: {account: Konto, activity: kod, period: Period, amount: Belopp}
    """
    assert sheet("Konto;;Period;Belopp\n;kod;;\n4;45;202401;5,00\n", profile).ignored_columns == ()


def test_rows_above_the_head_are_counted_as_lines(sheet: Sheet) -> None:
    text = HEAD + "Ver;Konto;Verksamhet;Period;Text;Belopp\n" + ROWS
    assert refused(sheet, text)[0].line == 2
    assert sheet(text, LEDGER + "rows_above: 1").rows == 2
    assert "no head found" in str(refused(sheet, HEAD + ROWS, LEDGER + "rows_above: 1")[0])


LETTERS = """
profile: Bokstäver
kind: ledger
columns: {account: {letter: A}, period: {letter: B}, amount: {letter: C}}
"""
TWO_ROWS = "4011;202401;5,00\n4012;202401;6,00\n"


def test_a_sheet_without_a_head_loses_no_row(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    result = sheet(TWO_ROWS, LETTERS + "head_rows: 0")
    assert amounts(connection, "account", "source_line") == [("4011", 1, "5.00"), ("4012", 2, "6.00")]
    assert not any("above" in note for note in result.notes)
    result = sheet("Utskrift\n" + TWO_ROWS, LETTERS + "head_rows: 0\nrows_above: 1")
    assert (result.rows, "rows above the head passed over: 1" in result.notes) == (2, True)


def test_a_row_of_data_is_not_taken_as_the_head(sheet: Sheet) -> None:
    (finding,) = refused(sheet, TWO_ROWS, LETTERS)
    assert (finding.line, "head_rows: 0" in finding.do) == (1, True)
    (finding,) = refused(sheet, "Utskrift\n" + TWO_ROWS, LETTERS + "rows_above: 1")
    assert finding.line == 2
    months = LETTERS.replace(
        "period: {letter: B}, amount: {letter: C}}", "activity: {letter: B}}\nmonths: {1: {letter: C}}"
    )
    assert sheet("Konto;Verksamhet;2024\n4011;45;5,00\n", months.replace("ledger", "budget"), 2024).rows == 1


def test_a_row_without_a_head_that_is_short_or_too_narrow_is_refused(sheet: Sheet) -> None:
    assert "has 2 cells" in refused(sheet, TWO_ROWS + "4013;202401\n", LETTERS + "head_rows: 0")[0].what
    assert "has 2 columns" in refused(sheet, "4011;202401\n", LETTERS + "head_rows: 0")[0].what


def test_rows_above_the_head_are_told(sheet: Sheet) -> None:
    assert "rows above the head passed over: 2" in sheet("Huvudbok;;;;;\n;;;;;\n2024;;;;;\n" + HEAD + ROWS).notes


def test_codes_held_as_numbers_are_told(sheet: Sheet) -> None:
    text = HEAD + f"1;{NUMBER}451;45;202403;Bok;5\n1;1910;;{NUMBER}202403;Bok;-5\n"
    told = [note for note in sheet(text).notes if "numbers" in note]
    assert told == ["codes held as numbers, which keep no zeros in front: Konto"]
    assert not any("numbers" in note for note in sheet(HEAD + ROWS).notes)


def test_a_head_without_rows_is_refused(sheet: Sheet) -> None:  # case 3
    assert "no rows" in str(refused(sheet, HEAD)[0])


# rows


def test_short_and_long_rows_are_refused_with_their_lines(sheet: Sheet) -> None:  # cases 24 and 25
    findings = refused(sheet, HEAD + ROWS + "2;4011;45;202403;1,00\n2;1910;45;202403;a;b;-1,00\n")
    assert [(each.line, each.what) for each in findings] == [
        (4, "the row has 5 cells, the head has 6"),
        (5, "the row has 7 cells, the head has 6"),
    ]


def test_empty_rows_are_passed_over_and_counted(sheet: Sheet) -> None:
    result = sheet(HEAD + ";;;;;\n" + ROWS + ";;;;;\n\n")
    assert result.notes == ("rows read: 2", "empty rows passed over: 2")


def test_an_undeclared_total_row_is_refused(sheet: Sheet) -> None:  # case 28
    for label in ("Summa;;;;;0,00", ";Summa 4011;;;;0,00", ";;Totalt;;;0,00", ";;;;Delsumma;0,00", ";;45 Summa;;;0,00"):
        (finding,) = refused(sheet, HEAD + ROWS + label)
        assert finding.line == 4, label
        assert "declare it under totals" in str(finding)


PLAIN_BUDGET = """
profile: Delsummor
kind: budget
columns: {account: {column: Konto, take: code}, amount: Belopp}
constants: {fiscal_year: 2024, period: 1}
"""


@pytest.mark.parametrize(
    "word",
    ["Summa intäkter", "summa", "Delsumma", "SLUTSUMMA 2024", "S:a intäkter", "Totalt", "Totalt intäkter", "Total:"],
)
@pytest.mark.parametrize("mark", [" ", ";", " - "])
def test_an_undeclared_total_row_with_a_code_is_refused(sheet: Sheet, word: str, mark: str) -> None:
    head = "Konto;Benämning;Belopp\n" if mark == ";" else "Konto;Belopp\n"
    name = "Avgifter" if mark == ";" else ""
    rows = f"3011{mark}{name or 'Avgifter'};60\n3012{mark}Hyror;40\n30{mark}{word};100\n"
    (finding,) = refused(sheet, head + rows, PLAIN_BUDGET)
    assert (finding.line, finding.column) == (4, "Benämning" if mark == ";" else "Konto")
    assert "under totals" in finding.do


def test_a_name_may_begin_with_a_word_for_a_total(sheet: Sheet) -> None:
    names = ["Totalentreprenad", "Total renovering", "Summarum AB", "Summativ bedömning", "Intäkter summa 3"]
    text = "Konto;Benämning;Belopp\n" + "".join(f"30{place};{name};1{place}\n" for place, name in enumerate(names))
    assert sheet(text, PLAIN_BUDGET).rows == len(names)
    text = "Konto;Belopp\n" + "".join(f"30{place} {name};1{place}\n" for place, name in enumerate(names))
    assert sheet(text, PLAIN_BUDGET).rows == len(names)


def test_a_column_beside_a_voucher_may_say_summa(sheet: Sheet) -> None:
    text = "Ver;Konto;Verksamhet;Period;Text;Leverantör;Belopp\n"
    text += "1;4011;45;202403;Summa Equity AB faktura 12;Summa Equity AB;5\n1;1910;;202403;Bok;;-5\n"
    assert sheet(text).rows == 2


def test_a_measure_may_be_called_a_total(sheet: Sheet) -> None:
    text = "Mått;Namn;Utfall;Förra året;Målvärde;Bedömning\nkpi;Totalt antal platser;77;;;Uppfyllt\n"
    assert sheet(text, GOALS.replace("measure_id: Mått", "measure_id: Mått\n  measure_name: Namn"), 2024).rows == 1


def test_a_text_may_say_summa(sheet: Sheet) -> None:
    assert (
        sheet(HEAD + ROWS.replace("45 Gymnasieskola", "45").replace(";;", ";45;").replace("Bok", "Summa moms")).rows
        == 2
    )


def test_amounts_that_nothing_names_are_refused(sheet: Sheet) -> None:
    (finding,) = refused(sheet, HEAD + ROWS + ";;;;;0,00")
    assert (finding.line, finding.what) == (4, "nothing says what this row is about")


def test_a_row_that_stands_twice_is_refused_unless_a_line_tells_them_apart(sheet: Sheet) -> None:  # cases 14 and 29
    findings = refused(sheet, HEAD + ROWS + ROWS)
    assert [(each.line, "line 2" in each.what, "line 3" in each.what) for each in findings] == [
        (4, True, False),
        (5, False, True),
    ]
    head = "Rad;" + HEAD
    profile = LEDGER.replace("columns:", "columns:\n  line: Rad")
    rows = "".join(f"{number};{row}\n" for number, row in enumerate((ROWS + ROWS).splitlines(), 1))
    assert sheet(head + rows, profile).rows == 4
    assert sheet(HEAD + ROWS + ROWS.replace("Bok", "Penna")).rows == 4


def test_keys_are_filled_down_but_never_past_a_new_key_above(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    profile = """
    profile: Sammanfogade celler
    kind: budget
    columns: {ansvar: Ansvar, activity: Verksamhet, account: Konto, amount: Belopp}
    fill_down: [ansvar, activity]
    constants: {period: 1, fiscal_year: 2024}
    """
    head = "Ansvar;Verksamhet;Konto;Belopp\n"
    sheet(head + "10;45;4;1,00\n;;5;2,00\n;46;4;3,00\n20;46;4;4,00\n;;5;5,00\n", profile)
    assert amounts(connection, "ansvar", "activity") == [
        ("10", "45", "1.00"),
        ("10", "45", "2.00"),
        ("10", "46", "3.00"),
        ("20", "46", "4.00"),
        ("20", "46", "5.00"),
    ]
    (finding,) = refused(sheet, head + "10;45;4;1,00\n20;;5;2,00\n", profile)
    assert (finding.line, finding.column) == (3, "Verksamhet")
    assert "nothing above it to repeat" in finding.what


# values


def test_every_bad_cell_is_told_at_once_with_line_heading_and_value(sheet: Sheet) -> None:
    findings = refused(
        sheet,
        HEAD
        + "1;1E+06;45;202403;a;1,00\n"
        + f"1;4011;45,5;202414;b;1,2E+05\n1;4011;45;{NUMBER}202403;c;1.234,56\n;4011;45;202403;d;{ERROR}#REF!\n",
    )
    assert places(findings) == [
        (2, "Konto", "1E+06"),
        (3, "Verksamhet", "45,5"),
        (3, "Period", "202414"),
        (3, "Belopp", "1,2E+05"),
        (4, "Belopp", "1.234,56"),
        (5, "Ver", None),
        (5, "Belopp", "#REF!"),
    ]


def test_more_bad_cells_than_a_person_reads_are_counted(sheet: Sheet) -> None:
    rows = "".join(f"{number};4011;45;202403;a;x\n" for number in range(700))
    findings = refused(sheet, HEAD + rows)
    assert len(findings) == 501
    assert any(finding.what == "200 more rows have the like" for finding in findings)


def test_codes_keep_leading_zeros_and_native_numbers_are_their_digits(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:  # case 30
    sheet(HEAD + f"1;04011;0045;202403;a;1,00\n{NUMBER}1;{NUMBER}1910;{NUMBER}45;{NUMBER}202403;a;{NUMBER}-1\n")
    assert amounts(connection, "voucher", "account", "activity") == [
        ("1", "04011", "0045", "1.00"),
        ("1", "1910", "45", "-1.00"),
    ]


def test_an_empty_amount_is_refused_unless_it_may_be_no_posting(sheet: Sheet) -> None:  # case 38
    text = HEAD + ROWS + "2;4011;45;202403;Tom;\n"
    assert places(refused(sheet, text)) == [(4, "Belopp", None)]
    assert sheet(text, LEDGER + "empty_amounts: no_posting").rows == 2


def test_marks_that_are_declared_are_read(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:  # 33 and 35
    text = HEAD + "1;4011;45;202403;a;1.234,56\n1;1910;;202403;a;500,00-\n1;1910;;202403;a;(734,56)\n"
    assert len(refused(sheet, text)) == 3
    sheet(text, LEDGER + 'thousands: "."\nnegative: [trailing_minus, parentheses]')
    assert amounts(connection) == [("1234.56",), ("-500.00",), ("-734.56",)]


@pytest.mark.parametrize("sign", ["ledger", "cost_positive", "result"])
def test_the_sign_of_the_sheet_is_turned_to_the_ledgers(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, sign: str
) -> None:
    sheet(HEAD + ROWS, LEDGER + f"sign: {sign}")
    assert amounts(connection)[0] == ("-1234.56" if sign == "result" else "1234.56",)


def test_debit_less_credit_is_the_amount(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    profile = LEDGER.replace("  amount: Belopp", "  debit: Debet\n  credit: Kredit")
    head = HEAD.replace("Belopp", "Debet;Kredit")
    sheet(head + "1;4011;45;202403;a;10,00;\n1;1910;;202403;a;;10,00\n", profile)
    assert amounts(connection) == [("10.00",), ("-10.00",)]
    assert places(refused(sheet, head + "1;4011;45;202403;a;;\n", profile)) == [(2, "Debet", None), (2, "Kredit", None)]


def test_a_credit_that_has_its_sign_already_is_refused(sheet: Sheet) -> None:
    profile = LEDGER.replace("  amount: Belopp", "  debit: Debet\n  credit: Kredit") + "vouchers: part"
    head = HEAD.replace("Belopp", "Debet;Kredit")
    (finding,) = refused(sheet, head + "1;4011;45;202403;a;10,00;\n1;1910;;202403;a;;-10,00\n", profile)
    assert (finding.line, finding.column) == (3, "Kredit")
    most = "9999999999999999,99"
    findings = refused(sheet, head + f"1;4011;45;202403;a;{most};-{most}\n1;1910;;202403;a;;1,00\n", profile)
    assert [finding.what for finding in findings] == ["an amount is larger than an amount can be"]


def test_a_column_without_a_heading_is_reported_if_it_holds_anything(sheet: Sheet) -> None:
    text = "Rapport;;;;;;Utskriven;\n" + (HEAD + ROWS).replace("\n", ";;\n")
    assert sheet(text).ignored_columns == ()
    assert sheet(text.replace("1 234,56;;", "1 234,56;;x")).ignored_columns == ("H",)


def test_several_amount_columns_have_constants_and_signs_of_their_own(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    profile = """
    profile: Intäkt och kostnad
    kind: budget
    columns: {activity: Vht}
    amounts:
      - {column: Intäkt, constants: {account: "3"}, sign: result}
      - {column: Kostnad, constants: {account: "4"}}
    constants: {fiscal_year: 2024, period: 12, version: original}
    unit: tkr
    """
    sheet("Vht;Intäkt;Kostnad\n45;10,5;20\n", profile)
    assert amounts(connection, "account", "version", "period") == [
        ("3", "original", 12, "-10500.00"),
        ("4", "original", 12, "20000.00"),
    ]


MONTHS = """
profile: Matris
kind: budget
columns: {account: Konto, activity: Vht}
months: {1: Jan, 2: Feb}
row_total: Helår
empty_amounts: no_posting
constants: {fiscal_year: 2024}
"""


def test_one_column_a_month_is_a_posting_a_month(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    sheet("Konto;Vht;Jan;Feb;Helår\n4;45;1,00;2,00;3,00\n5;45;;4,00;4,00\n", MONTHS)
    assert amounts(connection, "account", "period") == [("4", 1, "1.00"), ("4", 2, "2.00"), ("5", 2, "4.00")]


def test_a_row_whose_months_do_not_sum_to_its_total_is_refused(sheet: Sheet) -> None:
    (finding,) = refused(sheet, "Konto;Vht;Jan;Feb;Helår\n4;45;1,00;2,00;3,01\n", MONTHS)
    assert (finding.line, finding.column) == (2, "Helår")
    assert "3.01 kronor, but its months sum to 3.00" in finding.what


@pytest.mark.parametrize("amount", ["100,00", "-100,00", "0,05", "9999999999999999,99", "-0,11"])
def test_a_yearly_amount_is_spread_with_its_rest_in_december(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, amount: str
) -> None:
    profile = """
    profile: Årsbudget
    kind: budget
    columns: {account: Konto, amount: Belopp}
    spread: 12
    constants: {fiscal_year: 2024}
    """
    sheet(f"Konto;Belopp\n4;{amount}\n", profile)
    spread = [Decimal(value) for _, value in amounts(connection, "period")]  # type: ignore[arg-type]
    assert len(spread) == 12
    assert sum(spread) == Decimal(amount.replace(",", "."))
    assert len(set(spread[:11])) == 1
    assert abs(spread[11]) >= abs(spread[0])
    assert abs(spread[11] - spread[0]) < Decimal("0.12")


def test_words_say_the_scenario(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    profile = """
    profile: Utfall och budget
    kind: budget
    columns: {account: Konto, period: Period, amount: Belopp, scenario: {column: Typ, words: {U: actual, B: budget}}}
    """
    sheet("Konto;Period;Belopp;Typ\n4;202401;1,00;U\n4;202401;1,00;b\n", profile)
    assert amounts(connection, "scenario") == [("actual", "1.00"), ("budget", "1.00")]
    assert places(refused(sheet, "Konto;Period;Belopp;Typ\n4;202401;1,00;P\n", profile)) == [(2, "Typ", "P")]


# years, dates and vouchers


DATED = LEDGER.replace("period: Period", "booked_on: Datum")


def test_a_date_gives_period_and_year(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:  # case 39
    text = HEAD.replace("Period", "Datum") + f"1;4011;45;2024-03-05;a;1,00\n1;1910;;{DATE}2024-12-31;a;-1,00\n"
    sheet(text, DATED, 2024)
    assert amounts(connection, "fiscal_year", "period", "cast(booked_on as varchar)") == [
        (2024, 3, "2024-03-05", "1.00"),
        (2024, 12, "2024-12-31", "-1.00"),
    ]


def test_a_file_of_another_year_is_refused(sheet: Sheet) -> None:  # case 15
    (finding,) = refused(sheet, HEAD + ROWS, LEDGER, 2023)
    assert (finding.line, finding.column) == (2, "Period")
    assert "all 2 rows are of 2024" in finding.what
    assert "the profile is for 2024" in str(
        refused(sheet, HEAD + ROWS, LEDGER + "constants: {fiscal_year: 2024}", 2023)[0]
    )


def test_a_date_outside_the_fiscal_year_is_refused(sheet: Sheet) -> None:  # case 40
    text = HEAD.replace("Period", "Datum") + "1;4011;45;2024-03-05;a;1,00\n1;1910;;2025-03-05;a;-1,00\n"
    assert places(refused(sheet, text, DATED, 2024)) == [(3, "Datum", "2025-03-05")]
    assert "holds several years" in str(refused(sheet, text, DATED)[0])
    both = refused(sheet, text.replace("1;1910", "2;1910"), DATED + "years: several\nvouchers: part\nunit: tkr", 2024)
    assert places(both) == [(3, "Datum", "2025-03-05")]


def test_a_constant_date_must_lie_in_the_year_of_the_rows(sheet: Sheet) -> None:
    (finding,) = refused(sheet, HEAD + ROWS, LEDGER + "constants: {booked_on: 2023-12-31}")
    assert "books on a date in 2023" in finding.what


def test_several_years_can_be_declared(sheet: Sheet) -> None:
    text = HEAD + ROWS + ROWS.replace("202403", "202503")
    assert "years 2024, 2025" in sheet(text, LEDGER + "years: several").notes


def test_a_date_must_lie_in_the_year_of_its_period(sheet: Sheet) -> None:
    profile = LEDGER.replace("text: Text", "booked_on: Text")
    text = HEAD + "1;4011;45;202403;2024-03-01;1,00\n1;1910;;202403;2025-03-01;-1,00\n"
    assert places(refused(sheet, text, profile)) == [(3, "Text", "2025-03-01")]


def test_a_sheet_that_says_no_year_needs_one(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    profile = LEDGER.replace("period: Period", "period: {column: Period, form: month}")
    text = HEAD + ROWS.replace("202403", "mars")
    assert "says no year" in str(refused(sheet, text, profile)[0])
    sheet(text, profile, 2023)
    assert amounts(connection, "fiscal_year", "period")[0] == (2023, 3, "1234.56")


def test_a_voucher_that_does_not_balance_is_refused(sheet: Sheet) -> None:  # case 43
    (finding,) = refused(sheet, HEAD + ROWS.replace("-1234,56", "-1234,55"))
    assert (finding.line, finding.column, finding.value) == (2, "Ver", "1")
    assert "sum to 0.01 kronor" in finding.what
    assert sheet(HEAD + ROWS.replace("-1234,56", "-1234,55"), LEDGER + "vouchers: part").rows == 2


# totals

SUBTOTALS = """
profile: Delsummor
kind: budget
columns: {ansvar: Ansvar, activity: {column: Vht, take: code}, account: Konto, amount: Belopp}
fill_down: [ansvar, activity]
constants: {period: 1, fiscal_year: 2024}
totals:
  - {where: {activity: "Summa *"}, adds: same activity}
  - {where: {ansvar: "Summa ansvar*"}, adds: since_last}
  - {where: {ansvar: Totalt}, adds: all}
"""
SUMMED = """
Ansvar;Vht;Konto;Belopp
10;45 Skola;4;1,00
;;5;2,00
;Summa 45;;3,00
;46 Vux;4;4,00
;Summa 46 Vux;;4,00
Summa ansvar 10;;;7,00
20;47 SFI;4;5,00
;Summa 47;;5,00
Summa ansvar 20;;;5,00
Totalt;;;12,00
"""


def test_totals_are_left_out_and_counted(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    result = sheet(SUMMED, SUBTOTALS)
    assert (result.rows, result.totals_checked) == (4, 6)
    assert "totals that agree with their rows to the öre: 6" in result.notes
    assert amounts(connection, "ansvar", "activity") == [
        ("10", "45", "1.00"),
        ("10", "45", "2.00"),
        ("10", "46", "4.00"),
        ("20", "47", "5.00"),
    ]


def test_a_totals_label_is_no_key_for_the_rows_below_it(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    profile = SUBTOTALS[: SUBTOTALS.index("totals:")] + "totals: [{where: {activity: Delsumma}, adds: since_last}]"
    text = "Ansvar;Vht;Konto;Belopp\n10;45;4;1,00\n;Delsumma;;1,00\n;;5;2,00\n;Delsumma;;2,00\n"
    assert sheet(text, profile).totals_checked == 2
    assert amounts(connection, "activity", "account") == [("45", "4", "1.00"), ("45", "5", "2.00")]


def test_a_total_without_a_key_of_its_own_has_that_of_the_rows_above(sheet: Sheet) -> None:
    profile = SUBTOTALS[: SUBTOTALS.index("totals:")] + 'totals: [{where: {activity: "Summa*"}, adds: same activity}]'
    text = "Ansvar;Vht;Konto;Belopp\n10;45;4;1,00\n;Summa;;1,00\n;46;5;2,00\n;Summa 46;;2,00\n"
    assert sheet(text, profile).totals_checked == 2


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    [
        ("Summa 45;;3,00", "Summa 45;;3,01", 4, "says 3.01 kronor, but its 2 rows sum to 3.00, a difference of 0.01"),
        ("10;;;7,00", "10;;;6,00", 7, "says 6.00 kronor, but its 3 rows sum to 7.00"),
        ("Totalt;;;12,00", "Totalt;;;11,00", 11, "says 11.00 kronor, but its 4 rows sum to 12.00"),
        ("Summa 47;", "Summa 48;", 9, "its 0 rows sum to 0.00"),
        ("Totalt;;;12,00", "Totalt;;;", 11, "has no amount"),
        ("Totalt;;;12,00", "Totalt;;;tolv", 11, "is not an amount"),
    ],
)
def test_a_total_that_differs_from_its_rows_is_refused(
    sheet: Sheet, right: str, wrong: str, line: int, told: str
) -> None:
    assert right in SUMMED
    findings = refused(sheet, SUMMED.replace(right, wrong), SUBTOTALS)
    assert any(finding.line == line and told in finding.what for finding in findings), findings


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (10, "no row is the total that totals declares (ansvar: Totalt)"),
        (9, "no total (ansvar: Summa ansvar*)"),
        (8, "47"),
    ],
)
def test_a_file_cut_between_rows_is_refused(sheet: Sheet, kept: int, told: str) -> None:  # case 13
    cut = "\n".join(SUMMED.strip().splitlines()[:kept])
    findings = refused(sheet, cut, SUBTOTALS)
    assert findings
    assert told in str(findings) or any(finding.line == 8 for finding in findings)


def test_a_total_that_is_not_required_may_be_missing(sheet: Sheet) -> None:
    profile = SUBTOTALS.replace("adds: all}", "adds: all, required: false}")
    assert sheet(SUMMED.replace("Totalt;;;12,00", ""), profile).totals_checked == 5


def test_totals_are_compared_in_each_amount_column(sheet: Sheet) -> None:
    profile = MONTHS + 'totals: [{where: {account: Summa, Vht: ""}, adds: all}]'
    text = "Konto;Vht;Jan;Feb;Helår\n4;45;1,00;2,00;3,00\n5;45;;4,00;4,00\nSumma;;1,00;6,00;7,00\n"
    assert sheet(text, profile).totals_checked == 1
    (finding,) = refused(sheet, text.replace("6,00", "5,00").replace("7,00", "6,00"), profile)
    assert (finding.line, finding.column) == (4, "Feb")


# projects and goals


PROJECTS = """
profile: Investeringar
kind: projects
columns:
  project_id: Projekt
  project_name: Namn
  status: Status
  actual: Utfall
  budget: Budget
  total_forecast: Slutprognos
sign: cost_positive
unit: tkr
totals: [{where: {project_id: Summa}, adds: all}]
"""
PROJECT_ROWS = """
Projekt;Namn;Status;Utfall;Budget;Slutprognos
4512;Närlunda;Pågående;2 260;;5
4513;Åsbro;Klart;1,5;2;
Summa;;;2 261,5;2;5
"""


def test_projects_are_kronor_with_spending_negative(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    assert sheet(PROJECT_ROWS, PROJECTS, 2024).totals_checked == 1
    assert connection.execute(
        "select fiscal_year, project_id, status, actual, budget, total_forecast, total_budget, source_line"
        " from records_read"
    ).fetchall() == [
        (2024, "4512", "ongoing", Decimal("-2260000.00"), None, Decimal("-5000.00"), None, 2),
        (2024, "4513", "finished", Decimal("-1500.00"), Decimal("-2000.00"), None, None, 3),
    ]


def test_a_project_that_stands_twice_or_has_an_unknown_status_is_refused(sheet: Sheet) -> None:
    findings = refused(sheet, PROJECT_ROWS.replace("4513", "4512").replace("Klart", "Vilar"), PROJECTS, 2024)
    assert [(finding.line, finding.value) for finding in findings] == [(3, None), (3, "Vilar")]


GOALS = """
profile: Mål
kind: goals
columns:
  measure_id: Mått
  outcome_value: Utfall
  previous_value: Förra året
  target: {column: Målvärde, form: share}
  status: Bedömning
constants: {goal_id: skola}
"""


def test_goals_are_read_as_planning_systems_write_them(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    text = "Mått;Utfall;Förra året;Målvärde;Bedömning\nhme;77;80;80 eller högre;Delvis uppfyllt\n"
    text += "frånvaro;2,12 %;;< 5,00;Uppfyllt\nny;3;;;\n"
    assert sheet(text, GOALS, 2024).rows == 3
    assert connection.execute("select * from records_read order by source_line").fetchall() == [
        (2024, "hme", "skola", None, "77", "80", "at_least", "80", "partly_met", 2),
        (2024, "frånvaro", "skola", None, "2.12", None, "below", "5.00", "met", 3),
        (2024, "ny", "skola", None, "3", None, None, None, None, 4),
    ]  # the last is case 46


def test_a_share_is_percent_only_where_declared(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    text = f"Mått;Utfall;Förra året;Målvärde;Bedömning\nsfi;{NUMBER}0.5;;{NUMBER}0.8;\n"
    number = GOALS.replace("outcome_value: Utfall", "outcome_value: {column: Utfall, form: number}")
    sheet(text, number + "comparator: at_least", 2024)
    assert connection.execute("select outcome_value, target_value from records_read").fetchall() == [("0.5", "80.0")]


def test_a_native_number_below_one_is_refused_until_the_profile_tells_its_form(sheet: Sheet) -> None:
    text = f"Mått;Utfall;Förra året;Målvärde;Bedömning\nsfi;{NUMBER}0.0212;{NUMBER}2;;\nhme;0,5;;;\nny;{NUMBER}0;;;\n"
    (finding,) = refused(sheet, text, GOALS, 2024)
    assert (finding.line, finding.column, finding.value) == (2, "Utfall", "0.0212")
    assert "form: share or form: number" in finding.do


@pytest.mark.parametrize(
    ("value", "is_asked"), [("1", True), ("-1", True), ("1.05", True), ("2", False), ("2.5", False)]
)
def test_a_number_that_excel_may_show_as_100_percent_or_more_is_asked_for(
    sheet: Sheet, value: str, is_asked: bool
) -> None:
    text = f"Mått;Utfall;Förra året;Målvärde;Bedömning\nsfi;;{NUMBER}{value};;\n"
    if is_asked:
        assert places(refused(sheet, text, GOALS, 2024)) == [(2, "Förra året", value)]
    else:
        assert sheet(text, GOALS, 2024).rows == 1


def test_goals_that_are_not_understood_are_told_at_once(sheet: Sheet) -> None:
    text = "Mått;Utfall;Förra året;Målvärde;Bedömning\nhme;bra;80;öka;Grön\nhme;1;2;100;\n"
    assert places(refused(sheet, text, GOALS, 2024)) == [
        (2, "Utfall", "bra"),
        (2, "Målvärde", "öka"),
        (2, "Bedömning", "Grön"),
        (3, None, None),
        (3, "Målvärde", "100"),
    ]


# rows left out

BALANCES = """
profile: Huvudbok
kind: ledger
columns: {account: Konto, voucher: Ver, period: Period, text: Text, amount: Belopp}
leave_out:
  - {where: {text: "Ingående balans*"}}
  - {where: {text: "Utgående balans*"}}
"""
BOOK = """
Konto;Ver;Period;Text;Belopp
1910;;;Ingående balans;100,00
1910;A;202401;Hyra;-5,50
6010;;;INGÅENDE  balans 2024;0,25
6010;A;202401;Hyra;5,50
"""


def test_rows_are_left_out_by_declaration_and_told_with_their_sum(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    result = sheet(BOOK, BALANCES)
    assert amounts(connection, "account") == [("1910", "-5.50"), ("6010", "5.50")]
    assert result.notes == (
        "rows read: 2",
        "rows left out (text: Ingående balans*): 2, their amounts sum to 100.25 kronor",
        "leave_out: no row to leave out is text: Utgående balans*",
    )


def test_amounts_of_rows_left_out_that_cannot_be_read_are_told(sheet: Sheet) -> None:
    result = sheet(BOOK.replace("0,25", "se nedan"), BALANCES)
    assert result.notes[1].endswith("sum to 100.00 kronor, and 1 of their cells show no amount that can be read")


def test_the_amounts_left_out_are_summed_as_they_would_be_imported(sheet: Sheet) -> None:
    turned = BALANCES + "sign: result\nunit: tkr\n"
    assert "sum to -100250.00 kronor" in sheet(BOOK, turned).notes[1]
    sides = BALANCES.replace("amount: Belopp", "debit: D, credit: K")
    text = "Konto;Ver;Period;Text;D;K\n1910;;;Ingående balans;;7,00\n1910;A;202401;x;5,00;\n6010;A;202401;x;;5,00"
    assert "sum to -7.00 kronor" in sheet(text, sides).notes[1]
    months = """
    profile: Månader
    kind: budget
    columns: {account: Konto, text: Text}
    months: {1: Jan, 2: Feb}
    constants: {fiscal_year: 2024}
    leave_out: [{where: {text: "Ingående balans*"}}]
    """
    assert (
        "sum to 3.00 kronor" in sheet("Konto;Text;Jan;Feb\n1;Ingående balans;1,00;2,00\n4;x;1,00;1,00", months).notes[1]
    )
    several = """
    profile: Flera
    kind: ledger
    columns: {account: Konto, text: Text}
    amounts: [{column: U, constants: {scenario: actual}}, {column: B, constants: {scenario: budget}}]
    constants: {fiscal_year: 2024, period: 1}
    leave_out: [{where: {text: "Ingående balans*"}}]
    """
    assert (
        "sum to U 1.00, B 2.00 kronor"
        in sheet("Konto;Text;U;B\n1;Ingående balans;1,00;2,00\n4;x;1,00;1,00", several).notes[1]
    )


def test_a_total_is_checked_before_anything_is_left_out(sheet: Sheet) -> None:
    profile = """
    profile: Summa
    kind: budget
    columns: {account: Konto, text: Text, amount: Belopp}
    constants: {fiscal_year: 2024, period: 1}
    totals: [{where: {text: Summa}, adds: all}]
    leave_out: [{where: {text: "S*"}}]
    """
    text = "Konto;Text;Belopp\n4;x;1,00\n;Sida 2;\n;Summa;2,00"
    assert "the total says 2.00" in str(refused(sheet, text, profile)[0])
    result = sheet(text.replace("2,00", "1,00"), profile)
    assert (result.totals_checked, result.notes[0]) == (1, "rows read: 1")


def test_a_row_left_out_still_names_the_rows_below_it_but_by_the_column_of_its_pattern(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    profile = BALANCES + "fill_down: [account]\nvouchers: part\n"
    text = "Konto;Ver;Period;Text;Belopp\n1910;;;Ingående balans;9,00\n;A;202401;x;1,00\n2010;;;Ingående balans;9,00\n"
    sheet(text + ";A;202401;y;2,00", profile)
    assert amounts(connection, "account") == [("1910", "1.00"), ("2010", "2.00")]
    named = profile.replace('{text: "Ingående', '{account: "Ingående').replace(
        '{text: "Utgående', '{account: "Utgående'
    )
    sheet("Konto;Ver;Period;Text;Belopp\n1910;A;202401;x;1,00\nIngående balans;;;;9,00\n;A;202401;y;2,00", named)
    assert amounts(connection, "account") == [("1910", "1.00"), ("1910", "2.00")]


def test_a_pattern_of_leave_out_can_look_at_a_heading_that_no_field_has(sheet: Sheet) -> None:
    profile = BALANCES.replace("text: Text, ", "").replace("{text:", "{Text:")
    assert sheet(BOOK, profile).notes[1].startswith("rows left out (Text: Ingående balans*): 2, ")


@pytest.mark.parametrize("text", ["Ingående balans", "Ing. balans 2024", "utgående saldo:", "IB", "UB 2024"])
def test_a_balance_that_nothing_declares_is_refused_and_told_of_leave_out(text: str, sheet: Sheet) -> None:
    profile = BALANCES[: BALANCES.index("leave_out")]
    (finding,) = refused(sheet, f"Konto;Ver;Period;Text;Belopp\n1910;;;{text};1,00", profile)
    assert (finding.line, finding.column, finding.value) == (2, "Text", text)
    assert "name it under leave_out" in finding.do


def test_a_posting_with_all_its_keys_may_be_called_a_balance(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet
) -> None:
    profile = BALANCES[: BALANCES.index("leave_out")]
    sheet(
        BOOK.replace("1910;;;", "1910;B;202401;").replace("6010;;;", "6010;B;202401;").replace("0,25", "-100,00"),
        profile,
    )
    assert len(amounts(connection)) == 4


def test_a_file_of_which_all_is_left_out_is_refused(sheet: Sheet) -> None:
    assert "holds no amounts" in str(
        refused(sheet, "Konto;Ver;Period;Text;Belopp\n1910;;;Ingående balans;1,00", BALANCES)[0]
    )


def test_a_formula_without_a_value_is_told_how_to_get_one(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "blad.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Konto", "Period", "Belopp"])
    book.active.append(["4011", "202401", "=1+1"])
    book.save(path)
    profile = profile_of(
        tmp_path, "{profile: P, kind: ledger, columns: {account: Konto, period: Period, amount: Belopp}}"
    )
    with pytest.raises(RefusedError) as error:
        apply_profile(load_cells(path, connection, profile.file), profile, connection, Context())
    (finding,) = error.value.findings
    assert str(finding).endswith(
        ":2: column Belopp: is a formula that was never calculated"
        " - open the file in Excel and save it, so that its formulas have values"
    )


@pytest.mark.parametrize(
    "mapped",
    [
        "columns: {account: Konto, activity: Vht}\nmonths: {1: Belopp, 2: Belopp}\n",
        "columns: {account: Konto, activity: Vht, period: Period}\namounts: [{column: Belopp}, {letter: D}]\n",
        "columns: {account: Konto, activity: Vht, period: Period, amount: Vht}\n",
        "columns: {account: Konto, activity: Vht, period: Period, debit: Belopp, credit: Belopp}\n",
    ],
)
def test_a_column_that_is_an_amount_and_something_else_is_refused(sheet: Sheet, mapped: str) -> None:
    profile = f"profile: p\nkind: ledger\n{mapped}"
    with pytest.raises(RefusedError) as refusal:
        sheet("Konto;Vht;Period;Belopp\n5011;20;202401;10,00\n", profile, 2024)
    assert [finding.what for finding in refusal.value.findings] == ["is read as an amount and once more"]
