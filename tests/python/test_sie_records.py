"""Each record type of a SIE file is read as the specification (version 4C) wants it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from bokslut.intake.postings import READ_SCHEMA
from bokslut.intake.sie.lines import NOTHING_IS_USUAL, USUAL
from bokslut.intake.sie.reader import SieOptions, read_sie
from bokslut.intake.sie.records import Account, Balance, Dimension, FiscalYear, SieObject
from sie_samples import HEAD, MAPPING, SAMPLE, VOUCHERS, changed, day, findings, line_of, read, write


def header_of(record: str, folder: Path) -> object:
    return read(write(folder, SAMPLE.replace("#RAR 0", record + "\n#RAR 0"))).summary.register.header


def codes(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[part] for part in ("ansvar", "activity", "project", "motpart"))


def test_vouchers_become_postings(tmp_path: Path) -> None:
    rows = read(write(tmp_path, SAMPLE)).rows
    assert rows[0] == {
        "fiscal_year": 2024,
        "period": 1,
        "scenario": "actual",
        "version": None,
        "series": "A",
        "voucher": "1",
        "line": 1,
        "booked_on": day("2024-01-15"),
        "account": "5010",
        "ansvar": "100",
        "activity": "45",
        "project": "P1",
        "motpart": "87",
        "amount": Decimal("1000.00"),
        "text": "Lokal",
        "source_line": line_of(SAMPLE, "#TRANS 5010"),
    }
    assert [(row["voucher"], row["line"], row["period"], row["amount"]) for row in rows] == [
        ("1", 1, 1, Decimal("1000.00")),
        ("1", 2, 1, Decimal("-1000.00")),
        ("7", 1, 2, Decimal("250.50")),
        ("7", 2, 2, Decimal("-250.50")),
    ]
    assert [row["text"] for row in rows] == ["Lokal", "Hyra januari", "Avgift", "Avgift"]
    assert codes(rows[1]) == (None, None, None, None)


def test_batches_are_of_the_canonical_schema(tmp_path: Path) -> None:
    for batch in read_sie(write(tmp_path, SAMPLE), SieOptions(MAPPING)).batches():
        assert batch.schema == READ_SCHEMA
        assert batch["amount"].type == pa.decimal128(18, 2)


def test_the_summary_counts_and_adds_up(tmp_path: Path) -> None:
    summary = read(write(tmp_path, SAMPLE)).summary
    assert (summary.vouchers, summary.transactions, summary.rows) == (2, 4, 4)
    assert (summary.debit, summary.credit) == (Decimal("1250.50"), Decimal("-1250.50"))
    assert (summary.first, summary.last) == ((2024, 1), (2024, 2))
    assert (summary.encoding, summary.declared_format, summary.has_checksum) == ("cp437", "PC8", False)
    assert summary.unknown_labels == {}
    assert summary.undeclared_accounts == summary.renamed == ()
    assert {each.number: each.code_part for each in summary.dimensions} == {
        1: "ansvar",
        6: "project",
        20: "activity",
        21: "motpart",
    }


def test_a_summary_before_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="to its end"):
        read_sie(write(tmp_path, SAMPLE), SieOptions(MAPPING)).summary()


def test_the_header_records(tmp_path: Path) -> None:
    more = '#FLAGGA 1\n#PROSA "Exporterad"\n#TAXAR 2025\n#OMFATTN 20241231\n#KPTYP Kommun-Bas\n#VALUTA SEK\n'
    header = read(write(tmp_path, SAMPLE.replace("#FLAGGA 0\n", more))).summary.register.header
    assert (header.flag, header.comment, header.tax_year, header.covers_to) == (
        1,
        "Exporterad",
        2025,
        day("2024-12-31"),
    )
    assert (header.account_plan, header.currency, header.sie_type) == ("Kommun-Bas", "SEK", 4)
    assert (header.program, header.program_version, header.generated_on) == ("Ledger", "1.0", day("2025-01-10"))
    assert (header.company_name, header.organisation_number) == ("Exempel kommun", "212000-0001")


@pytest.mark.parametrize("value", ["4", "4E", "4i", '"4"'])
def test_type_4_in_its_forms(value: str, tmp_path: Path) -> None:
    assert len(read(write(tmp_path, changed("#SIETYP 4", f"#SIETYP {value}"))).rows) == 4


@pytest.mark.parametrize(
    "record",
    ['#ADRESS "A B" "Box 1" "123 45 X" "0"', "#BKOD 84111", "#FNR 12", "#FTYP X", "#SRU 1910 7281", "#ENHET 5010 st"],
)
def test_records_of_no_use_are_passed_over_and_are_known(record: str, tmp_path: Path) -> None:
    reading = read(write(tmp_path, SAMPLE.replace("#IB 0", record + "\n#IB 0")))
    assert reading.summary.unknown_labels == {}
    assert len(reading.rows) == 4


def test_accounts_dimensions_objects_and_years(tmp_path: Path) -> None:
    text = SAMPLE.replace("#KONTO 2440", '#KTYP 1910 T\n#UNDERDIM 22 "Enhet" 1\n#KONTO 2440')
    register = read(write(tmp_path, text)).summary.register
    assert register.accounts[:2] == (Account("1910", "Kassa", "T"), Account("2440", "Leverantörsskulder"))
    assert Dimension(22, "Enhet", 1) in register.dimensions
    assert register.objects == (SieObject(20, "45", "Gymnasieskola"),)
    assert register.years == (
        FiscalYear(0, day("2024-01-01"), day("2024-12-31")),
        FiscalYear(-1, day("2023-01-01"), day("2023-12-31")),
    )


def test_balances(tmp_path: Path) -> None:
    more = '#OIB 0 1910 {1 "9"} 5\n#OUB -1 1910 {1 "9"} 6 12\n'
    more += "#PSALDO 0 202401 5010 {} 7\n#PBUDGET 0 202402 5010 {} 8.5 1\n"
    register = read(write(tmp_path, SAMPLE.replace("#IB 0", more + "#IB 0"))).summary.register
    assert register.balances[:5] == (
        Balance("OIB", 0, "1910", Decimal("5.00"), ((1, "9"),)),
        Balance("OUB", -1, "1910", Decimal("6.00"), ((1, "9"),)),
        Balance("PSALDO", 0, "5010", Decimal("7.00"), (), 202401),
        Balance("PBUDGET", 0, "5010", Decimal("8.50"), (), 202402),
        Balance("IB", 0, "1910", Decimal("100.00")),
    )
    assert [balance.kind for balance in register.balances[5:]] == ["UB", "UB", "RES", "RES"]


def test_unknown_labels_are_passed_over_with_their_blocks_and_listed(tmp_path: Path) -> None:
    new = "#NEW 1 2\n#NEWBLOCK x\n{\n#TRANS 1910 {} 99\n#PART 1\n}\n#NEW 3\n#VER B 7"
    text = changed("#VER B 7", new).replace("#TRANS 3010", "#INNER 5\n#TRANS 3010")
    reading = read(write(tmp_path, text))
    assert len(reading.rows) == 4
    assert reading.summary.unknown_labels == {
        "#INNER": (1, line_of(text, "#INNER")),
        "#NEW": (2, line_of(text, "#NEW 1")),
        "#NEWBLOCK": (1, line_of(text, "#NEWBLOCK")),
    }


def test_fields_behind_the_known_ones_are_passed_over(tmp_path: Path) -> None:
    text = SAMPLE.replace('"Lokal"', '"Lokal" 3 "AN" mer').replace("20240116", '20240116 "AN" mer')
    text = text.replace('"Kassa"', '"Kassa" mer').replace("#RES 0 5010 1000", "#RES 0 5010 1000 7 mer")
    assert read(write(tmp_path, text)).rows == read(write(tmp_path, SAMPLE, name="plain.se")).rows


def test_struck_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    reading = read(write(tmp_path, changed("#TRANS 2440", "#BTRANS 5010 {} 77 20240101 x\n#TRANS 2440")))
    assert reading.summary.struck == 1
    assert [row["line"] for row in reading.rows] == [1, 2, 1, 2]
    assert sum(row["amount"] for row in reading.rows) == 0


def test_an_added_line_counts_once_with_the_transaction_that_repeats_it(tmp_path: Path) -> None:
    added = '#RTRANS 1910 {} 5 "" "Ny"\n\n#TRANS 1910 {} 5 "" "Ny"\n#RTRANS 1910 {} -5\n#TRANS 1910 {} -5\n'
    reading = read(write(tmp_path, changed("#TRANS 2440", added + "#TRANS 2440")))
    assert reading.summary.added == 2
    assert [row["amount"] for row in reading.rows[:4]] == [1000, 5, -5, -1000]


@pytest.mark.parametrize(
    "next_line", ["#TRANS 1910 {} 6", "#TRANS 1930 {} 5", "#BTRANS 1910 {} 5", "}", "#RTRANS 1910 {} 5"]
)
def test_an_added_line_that_is_not_repeated_is_refused(next_line: str, tmp_path: Path) -> None:
    text = (
        HEAD + f"#VER A 1 20240101\n{{\n#TRANS 1910 {{}} -5\n#RTRANS 1910 {{}} 5\n{next_line}\n#TRANS 1910 {{}} 5\n}}\n"
    )
    assert [each for each in findings(write(tmp_path, text)) if "not repeated" in each.what]


def test_several_fiscal_years(tmp_path: Path) -> None:
    earlier = VOUCHERS.replace("2024", "2023").replace("0229", "0228")
    rows = read(write(tmp_path, SAMPLE + earlier)).rows
    assert [(row["fiscal_year"], row["period"]) for row in rows[3:6]] == [(2024, 2), (2023, 1), (2023, 1)]


def test_each_year_is_held_against_its_own_results(tmp_path: Path) -> None:
    earlier = VOUCHERS.replace("2024", "2023").replace("0229", "0228")
    text = SAMPLE.replace("#RES 0 3010", "#RES -1 5010 999\n#RES -1 3010 -250.50\n#RES 0 3010") + earlier
    found = findings(write(tmp_path, text))
    assert [(each.line, each.column) for each in found] == [(line_of(text, "#RES -1 5010"), "#RES")]


def test_a_year_without_vouchers_is_not_held_against_them(tmp_path: Path) -> None:
    assert (
        findings(write(tmp_path, SAMPLE.replace("#RES 0 3010", "#RES -1 3010 -99\n#UB -1 1910 100\n#RES 0 3010"))) == []
    )


def test_a_broken_fiscal_year_is_told_by_its_end_and_counted_from_its_start(tmp_path: Path) -> None:
    text = HEAD.replace("20240101 20241231", "20230701 20240630").replace("#RAR -1 20230101 20231231\n", "") + VOUCHERS
    assert {(row["fiscal_year"], row["period"]) for row in read(write(tmp_path, text)).rows} == {(2024, 7), (2024, 8)}


def test_the_period_is_the_transactions_own_day(tmp_path: Path) -> None:
    rows = read(write(tmp_path, changed("1000.00 20240115", "1000.00 20240331"))).rows
    assert [(row["period"], row["booked_on"]) for row in rows[:2]] == [(3, day("2024-03-31")), (1, day("2024-01-15"))]


def test_year_end_series_are_period_13(tmp_path: Path) -> None:
    rows = read(write(tmp_path, SAMPLE), year_end_series=frozenset({"B"})).rows
    assert [row["period"] for row in rows] == [1, 1, 13, 13]


def test_a_file_without_years_takes_calendar_years(tmp_path: Path) -> None:
    text = "#FLAGGA 0\n#SIETYP 4\n" + VOUCHERS
    assert {(row["fiscal_year"], row["period"]) for row in read(write(tmp_path, text)).rows} == {(2024, 1), (2024, 2)}


def test_vouchers_without_series_and_number_as_in_4i(tmp_path: Path) -> None:
    stamp = '#VER "" "" 20240101 "Porto"\n{\n#TRANS 1910 { } -1\n#TRANS 5010 { } 1\n}\n'
    text = HEAD + stamp + stamp.replace("Porto", "Brev") + stamp.replace("0101", "0102") + stamp.replace("1910", "1911")
    text += stamp.replace("{ } 1", '{ } 1 "" "Ett"') + stamp.replace("{ } 1", "{ } 1 20240102")
    assert {(row["series"], row["voucher"]) for row in read(write(tmp_path, text)).rows} == {(None, None)}


def test_an_empty_voucher_is_counted(tmp_path: Path) -> None:
    assert read(write(tmp_path, SAMPLE + "#VER C 1 20240101\n{\n}\n")).summary.empty == 1


def test_vouchers_are_counted_by_series(tmp_path: Path) -> None:
    text = SAMPLE + "#VER C 1 20240101\n{\n}\n" + VOUCHERS.replace("#VER B 7", "#VER A 2").split("\n}\n")[1] + "\n}\n"
    text = text.replace("#UB 0 1910 350.50", "#UB 0 1910 601").replace("#RES 0 3010 -250.50", "#RES 0 3010 -501")
    assert read(write(tmp_path, text)).summary.series == {"A": 2, "B": 1, "C": 1}


def test_accounts_that_are_used_but_not_declared_are_listed(tmp_path: Path) -> None:
    text = changed('#KONTO 3010 "Avgifter"\n', "")
    assert read(write(tmp_path, text)).summary.undeclared_accounts == ("3010",)


def test_names_that_are_given_twice_are_listed(tmp_path: Path) -> None:
    text = SAMPLE.replace(
        "#KONTO 2440", '#KONTO 1910 "Bank"\n#OBJEKT 20 "45" "Gymnasiet"\n#KONTO 1910 "Kassa"\n#KONTO 2440'
    )
    bank = line_of(text, '1910 "Bank')
    renamed = read(write(tmp_path, text)).summary.renamed
    assert renamed == (
        f"line {bank}: account 1910 is 'Kassa' and 'Bank'",
        f"line {line_of(text, 'Gymnasiet')}: object '45' of dimension 20 is 'Gymnasieskola' and 'Gymnasiet'",
    )


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp437", "cp437"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "cp1252")]
)
def test_the_character_set_is_found_whatever_is_declared(encoding: str, name: str, tmp_path: Path) -> None:
    text = changed('"Avgift"', '"Avgift för kök, Åäöé"')
    reading = read(write(tmp_path, text, encoding))
    assert reading.summary.encoding == name
    assert reading.summary.declared_format == "PC8"
    assert reading.rows[2]["text"] == "Avgift för kök, Åäöé"


def test_letters_are_found_however_far_in(tmp_path: Path) -> None:
    text = changed('"Avgift"', '"Kök"').replace("Leverantörsskulder", "Skulder")
    text = text.replace("#IB 0", '#PROSA "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n' * 12_000 + "#IB 0")
    for encoding in ("cp437", "utf-8", "cp1252"):
        assert read(write(tmp_path, text, encoding)).rows[2]["text"] == "Kök"


def test_an_object_below_another_belongs_to_its_code_part(tmp_path: Path) -> None:
    text = SAMPLE.replace("#KONTO 1910", '#UNDERDIM 30 "Enhet" 1\n#KONTO 1910').replace('{1 "100"', '{30 "1001"')
    assert codes(read(write(tmp_path, text)).rows[0])[0] == "1001"


def test_dimension_2_lies_below_1_without_a_declaration(tmp_path: Path) -> None:
    assert codes(read(write(tmp_path, SAMPLE.replace('{1 "100"', '{2 "1001"'))).rows[0])[0] == "1001"


def test_an_object_beside_the_one_above_it_is_left_out(tmp_path: Path) -> None:
    assert codes(read(write(tmp_path, SAMPLE.replace('{1 "100"', '{1 "100" 2 "01"'))).rows[0])[0] == "100"


def test_a_known_name_decides_before_the_number(tmp_path: Path) -> None:
    text = SAMPLE.replace('#DIM 1 "Ansvar"', '#DIM 1 "VERKSAMHET "').replace(
        '#DIM 20 "Verksamhet"', '#DIM 20 " ansvar"'
    )
    assert codes(read(write(tmp_path, text)).rows[0]) == ("45", "100", "P1", "87")


def test_a_reserved_number_decides_where_the_name_is_not_known(tmp_path: Path) -> None:
    text = SAMPLE.replace('#DIM 1 "Ansvar"', '#DIM 1 "Avdelning"').replace('#DIM 6 "Projekt"\n', "")
    assert codes(read(write(tmp_path, text)).rows[0]) == ("100", "45", "P1", "87")


def test_a_dimension_known_by_its_number_alone_is_told_when_it_is_used(tmp_path: Path) -> None:
    assert read(write(tmp_path, SAMPLE)).summary.decided_by_number == ()
    text = SAMPLE.replace('#DIM 6 "Projekt"', '#DIM 6 "Aktivitet"').replace('#DIM 1 "Ansvar"', '#DIM 1 " Fastighet"')
    assert read(write(tmp_path, text)).summary.decided_by_number == ("1 Fastighet as ansvar", "6 Aktivitet as project")
    assert read(write(tmp_path, text.replace('6 "P1" ', ""))).summary.decided_by_number == ("1 Fastighet as ansvar",)
    below = text.replace("#KONTO 1910", '#UNDERDIM 30 "Del" 6\n#KONTO 1910').replace('6 "P1"', '30 "P1"')
    assert "6 Aktivitet as project" in read(write(tmp_path, below)).summary.decided_by_number
    assert read(write(tmp_path, SAMPLE.replace('#DIM 6 "Projekt"\n', ""))).summary.decided_by_number == ()


def test_blanks_around_an_object_are_no_part_of_it(tmp_path: Path) -> None:
    text = SAMPLE.replace('{1 "100" 20 "45"', '{1 " 100 " 20 "\u00a045"').replace('#OBJEKT 20 "45"', '#OBJEKT 20 " 45"')
    for usual in (USUAL, NOTHING_IS_USUAL):
        reading = read(write(tmp_path, text), usual=usual)
        assert codes(reading.rows[0]) == ("100", "45", "P1", "87")
    assert reading.summary.register.objects[0].number == "45"
    assert codes(read(write(tmp_path, SAMPLE.replace('{1 "100"', '{1 "  "'))).rows[0])[0] is None


def test_an_object_with_quotation_marks_is_not_another_list(tmp_path: Path) -> None:
    text = SAMPLE.replace("{} -1000\n", '{1 "a\\" 6 \\"b"} -600\n#TRANS 2440 {1 "a" 6 "b"} -400\n')
    rows = read(write(tmp_path, text)).rows
    assert [codes(row)[::2] for row in rows[1:3]] == [('a" 6 "b', None), ("a", "b")]


def test_a_dimension_of_another_name_is_not_read_but_listed(tmp_path: Path) -> None:
    reading = read(write(tmp_path, SAMPLE.replace('#DIM 20 "Verksamhet"', '#DIM 20 "Aktivitet"')))
    assert codes(reading.rows[0])[1] is None
    (unread,) = [each for each in reading.summary.dimensions if each.code_part is None]
    assert (unread.number, unread.name, unread.unread) == (20, "Aktivitet", 2)


def test_object_balances_are_held_against_the_vouchers(tmp_path: Path) -> None:
    balances = '#OIB 0 5010 {20 "45"} 10\n#OUB 0 5010 {20 "45"} 1010\n#OUB 0 5010 {1 "100"} 1000\n'
    text = SAMPLE.replace("#RES 0 3010", balances + "#RES 0 3010").replace("#RES 0 5010 1000", "#RES 0 5010 1007")
    text = text.replace("2440 -1000", "2440 -1007").replace("{} -1000\n", '{} -1007\n#TRANS 5010 {20 "46"} 7\n')
    assert findings(write(tmp_path, text)) == []
    wrong = text.replace("1010\n", "1010.01\n")
    (found,) = findings(write(tmp_path, wrong))
    assert (found.line, found.column) == (line_of(wrong, "#OUB 0 5010 {20"), "#OUB")


TYPE_3 = (
    HEAD.replace("#SIETYP 4", "#SIETYP 3")
    + """\
#PSALDO 0 202401 5010 {} 1000
#PSALDO 0 202401 5010 {20 "45"} 700
#PSALDO 0 202401 5010 {20 "46"} 250
#PSALDO 0 202401 5010 {1 "100"} 1000
#PSALDO 0 202402 5010 {} 30.50
#PSALDO 0 202402 2440 {} -30.50
#PBUDGET 0 202403 5010 {} 12
#PBUDGET 0 202403 5010 {20 "45"} 12
"""
)


def amounts(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(row["period"], row["account"], row["activity"], row["amount"]) for row in rows]


def test_period_balances_of_type_3_count_each_krona_once(tmp_path: Path) -> None:
    rows = read(write(tmp_path, TYPE_3)).rows
    assert amounts(rows) == [
        (1, "5010", None, Decimal("50.00")),
        (1, "5010", "45", Decimal("700.00")),
        (1, "5010", "46", Decimal("250.00")),
        (2, "5010", None, Decimal("30.50")),
        (2, "2440", None, Decimal("-30.50")),
    ]
    assert {row["scenario"] for row in rows} == {"actual"}
    assert rows[1]["source_line"] == line_of(TYPE_3, "#PSALDO") + 1


def test_period_balances_of_type_2_pass_over_objects(tmp_path: Path) -> None:
    rows = read(write(tmp_path, TYPE_3.replace("#SIETYP 3", "#SIETYP 2"))).rows
    assert amounts(rows)[0] == (1, "5010", None, Decimal("1000.00"))
    assert len(rows) == 3


def test_a_dimension_and_the_one_below_it_tell_the_same_amounts(tmp_path: Path) -> None:
    text = TYPE_3.replace("#KONTO 1910", '#UNDERDIM 30 "Delverksamhet" 20\n#KONTO 1910')
    text = text.replace("#PSALDO 0 202402 5010", '#PSALDO 0 202401 5010 {30 "451"} 700\n#PSALDO 0 202402 5010')
    assert amounts(read(write(tmp_path, text)).rows)[:3] == amounts(read(write(tmp_path, TYPE_3)).rows)[:3]


def test_the_same_amounts_in_two_dimensions_of_activities_are_refused(tmp_path: Path) -> None:
    text = TYPE_3.replace("#KONTO 1910", '#DIM 30 "Verksamhetskod"\n#KONTO 1910')
    text = text.replace('{1 "100"}', '{30 "45"}')
    assert "in several dimensions" in findings(write(tmp_path, text))[0].what


def test_budgets_are_read_when_asked_for(tmp_path: Path) -> None:
    rows = read(write(tmp_path, TYPE_3), kind="budget", version="original").rows
    assert amounts(rows) == [(3, "5010", "45", Decimal("12.00"))]
    assert (rows[0]["scenario"], rows[0]["version"]) == ("budget", "original")
    text = SAMPLE.replace("#RES 0 3010", "#PBUDGET 0 202412 3010 {} -5\n#RES 0 3010")
    assert amounts(read(write(tmp_path, text), kind="budget").rows) == [(12, "3010", None, Decimal("-5.00"))]


def test_a_month_outside_its_year_is_refused(tmp_path: Path) -> None:
    text = TYPE_3.replace("202402 2440", "202302 2440")
    (found,) = findings(write(tmp_path, text))
    assert (found.line, found.column) == (line_of(text, "202302 2440"), "#PSALDO period")
    for period in ("202413", "000001", "2024"):
        assert "YYYYMM" in findings(write(tmp_path, TYPE_3.replace("202402 2440", f"{period} 2440")))[0].what


def test_a_file_of_type_1_gives_the_years_change_by_activity(tmp_path: Path) -> None:
    text = (
        HEAD.replace("#SIETYP 4\n", "")
        + '#OIB 0 5010 {20 "45"} 10\n#OUB 0 5010 {20 "45"} 1010\n#OUB 0 5010 {1 "1"} 5\n'
    )
    assert amounts(read(write(tmp_path, text)).rows) == [(12, "5010", "45", Decimal("1000.00"))]


def test_a_day_of_another_year_is_refused_also_where_that_day_is_known(tmp_path: Path) -> None:
    earlier = VOUCHERS.replace("2024", "2023").replace("0229", "0228")
    text = HEAD + earlier + VOUCHERS.replace("{} 250.50", "{} 250.50 20230115")
    (found,) = findings(write(tmp_path, text))
    assert (found.line, found.value) == (line_of(text, "250.50 20230115"), "20230115")


def test_a_balance_by_object_of_type_1_counts_each_krona_once(tmp_path: Path) -> None:
    head = HEAD.replace("#SIETYP 4", "#SIETYP 1")
    text = head + '#RES 0 5010 100\n#OUB 0 5010 {20 "45"} 100\n#OUB 0 5010 {1 "10" 20 "45"} 100\n'
    (found,) = findings(write(tmp_path, text))
    assert (found.line, found.column) == (line_of(text, "#OUB 0 5010 {20"), "#OUB objects")
    assert "in several dimensions" in found.what
    below = text.replace("#KONTO 1910", '#UNDERDIM 30 "Del" 20\n#KONTO 1910').replace('{1 "10" 20 "45"}', '{30 "4"}')
    assert amounts(read(write(tmp_path, below)).rows) == [(12, "5010", "45", Decimal("100.00"))]


def test_an_opening_balance_by_object_is_found_in_any_order(tmp_path: Path) -> None:
    balances = '#OIB 0 5010 {1 "1" 20 "45"} 10\n#OUB 0 5010 {20 "45" 1 "1"} 1010\n'
    text = HEAD.replace("#SIETYP 4", "#SIETYP 1") + balances
    assert amounts(read(write(tmp_path, text)).rows) == [(12, "5010", "45", Decimal("1000.00"))]
    text = SAMPLE.replace("#RES 0 3010", balances.replace('1 "1"', '1 "100"') + "#RES 0 3010")
    assert findings(write(tmp_path, text)) == []
