"""Each thing that is wrong with a SIE file is refused, with its line, and nothing of it is read in silence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sie_samples import BALANCES, HEAD, SAMPLE, VOUCHERS, changed, findings, line_of, read, write

RENT = '#TRANS 5010 {1 "100" 20 "45" 6 "P1" 21 "87"} 1000.00 20240115 "Lokal"'
AMOUNT = "a decimal point and at most two decimals"
# old -> new in the sample; a part of the message; the part of the changed sample on whose line it is
CASES = {
    "unbalanced": ("{} -1000\n}", "{} -999.99\n}", "up to 0.01 kronor", "#VER A 1"),
    "three decimals": ("1000.00 2024", "1000.001 2024", AMOUNT, "1000.001"),
    "decimal comma": ("1000.00 2024", "1000,00 2024", AMOUNT, "1000,00"),
    "exponent": ("1000.00 2024", "1E3 2024", AMOUNT, "1E3"),
    "plus sign": ("1000.00 2024", "+1000.00 2024", AMOUNT, "+1000"),
    "not a number": ("1000.00 2024", "NaN 2024", AMOUNT, "NaN"),
    "empty amount": ("1000.00 2024", '"" 2024', AMOUNT, '"" 2024'),
    "too large": ("1000.00 2024", "10000000000000000 2024", "larger than decimal(18, 2)", "10000000000000000"),
    "30 February": ("20240229", "20240230", "no such day", "20240230"),
    "date with hyphens": ("20240229", "2024-02-29", "YYYYMMDD", "2024-02-29"),
    "outside the years": ("20240229", "20250229"[:4] + "0301", "outside the fiscal years", "20250301"),
    "transaction outside": ("1000.00 20240115", "1000.00 20220115", "outside the fiscal years", "20220115"),
    "transaction of another year": ("1000.00 20240115", "1000.00 20230115", "another fiscal year", "20230115"),
    "transaction on no day": ("1000.00 20240115", "1000.00 20241315", "no such day", "20241315"),
    "account with letters": ("#TRANS 5010", "#TRANS 50A0", "digits only", "50A0"),
    "two objects of one part": ('20 "45" 6', '20 "45" 20 "46" 6', "both the posting's activity", '"46"'),
    "odd object list": ('{20 "45"}', '{20 "45" 6}', "pairs", '{20 "45" 6}'),
    "dimension that is no number": ('{20 "45"}', '{X "45"}', "whole number", '{X "45"}'),
    "open object list": ('{20 "45"} -250.50', '{20 "45" -250.50', "not closed", '{20 "45" -250'),
    "object list in another": ('{20 "45"}', '{20 {"45"}}', "stands in another", '{20 {"45"}}'),
    "object list missing": ('{20 "45"} -250.50', "-250.50", "object list in braces", "#TRANS 3010 -250"),
    "amount missing": ("{} 250.50", "{}", "ends before its amount", "#TRANS 1910 {}"),
    "open quote": ('"Avgift"', '"Avgift', "quotation mark is not closed", '29 "Avgift\n'),
    "text after a quote": ('"Avgift"', '"Avgift"er', "without a backslash", '"Avgift"er'),
    "quote in a word": ('"Avgift"', 'Av"gift', "without a backslash", 'Av"gift'),
    "control character": ('"Avgift"', '"Av\x07gift"', "control character (code 7)", "Av\x07gift"),
    "tab in a text": ('"Avgift"', '"Av\tgift"', "control character (code 9)", "Av\tgift"),
    "control character in a usual line": ('"Lokal"', '"Lo\x1bkal"', "control character (code 27)", "Lo\x1bkal"),
    "no label": ("#GEN 20250110", "GEN 20250110", "begins with #", "GEN 2025"),
    "a blank of another kind": ("#VER B 7", "\u00a0\n#VER B 7", "begins with #", "\u00a0"),
    "small letters": ("#UB 0 1910", "#Ub 0 1910", "in capitals", "#Ub 0"),
    "voucher in a voucher": ("{} -1000\n}\n", "{} -1000\n", "before this one is closed", "#VER A 1"),
    "no block": ("#VER B 7 20240229", "#VER C 1 20240101\n#VER B 7 20240229", "no { follows", "#VER C 1"),
    "transaction outside a voucher": ("#VER B 7", "#TRANS 1910 {} 5\n#VER B 7", "outside a voucher's braces", "{} 5\n"),
    "brace too many": ("#VER B 7", "}\n#VER B 7", "closes what was not opened", "}\n#VER B"),
    "brace without a voucher": ("#VER B 7", "{\n#VER B 7", "opens where no voucher", "{\n#VER B"),
    "account inside a voucher": ("#TRANS 1910", "#KONTO 9999 x\n#TRANS 1910", "does not belong inside", "#KONTO 9999"),
    "same voucher again": (
        "#VER B 7 20240229",
        "#VER A 1 20240115",
        "stands in the file before",
        '#VER A 1 20240115 "Av',
    ),
    "result disagrees": ("#RES 0 5010 1000", "#RES 0 5010 1000.01", "the difference is -0.01", "#RES 0 5010"),
    "result left out": ("#RES 0 5010 1000\n", "", "account 5010", None),
    "balance disagrees": ("#UB 0 1910 350.50", "#UB 0 1910 350.49", "the difference is 0.01", "#UB 0 1910"),
    "opening balance disagrees": ("#IB 0 1910 100.00", "#IB 0 1910 1", "the difference is -99.00", "#UB 0 1910"),
    "closing balance left out": ("#UB 0 2440 -1000\n", "", "account 2440", None),
    "same balance again": (
        "#RES 0 5010 1000",
        "#RES 0 5010 1000\n#RES 0 5010 1000",
        "same balance stands on line",
        None,
    ),
    "balance of an unknown year": ("#RES 0 5010", "#RES -2 5010", "no #RAR", "#RES -2"),
    "balance of no year": ("#RES 0 5010", "#RES x 5010", "whole number", "#RES x"),
    "year twice": ("#RAR -1 2023", "#RAR 0 2023", "stands twice", "#RAR 0 2023"),
    "years overlap": ("#RAR -1 20230101 20231231", "#RAR -1 20230201 20240101", "overlaps year 0", "#RAR -1"),
    "year backwards": ("20230101 20231231", "20231231 20230101", "ends before it begins", "#RAR -1"),
    "year of 18 months": ("20230101 20231231", "20220701 20231231", "more than twelve months", "#RAR -1"),
    "year to come": ("#RAR -1 2023", "#RAR 1 2023", "0, -1, -2", "#RAR 1"),
    "dimension with two names": (
        '#DIM 6 "Projekt"',
        '#DIM 6 "Projekt"\n#DIM 6 "Motpart"',
        "was declared as",
        '6 "Motpart"',
    ),
    "dimension of no number": ('#DIM 6 "Projekt"', '#DIM 0 "Projekt"', "1 or more", "#DIM 0"),
    "dimension below itself": ('#DIM 6 "Projekt"', '#UNDERDIM 6 "Projekt" 6', "below itself", "#UNDERDIM 6"),
    "unknown type": ("#SIETYP 4", "#SIETYP 5", "1, 2, 3 or 4", "#SIETYP 5"),
    "vouchers in type 1": ("#SIETYP 4", "#SIETYP 1", "vouchers in a file of type 1", None),
    "other currency": ("#SIETYP 4", "#SIETYP 4\n#VALUTA NOK", "only ledgers in SEK", "#VALUTA NOK"),
    "dimension below a voucher": ("#VER B 7", '#DIM 30 "Motpart"\n#VER B 7', "above the first one", "#DIM 30"),
    "year below a voucher": ("#VER B 7", "#RAR -2 20220101 20221231\n#VER B 7", "above the first one", "#RAR -2"),
    "no flag": ("#FLAGGA 0\n", "", "no #FLAGGA", "#PROGRAM"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    old, new, message, place = CASES[case]
    text = changed(old, new)
    found = findings(write(tmp_path, text))
    assert [each for each in found if message in each.what], found
    if place is not None:
        line = next(each.line for each in found if message in each.what)
        assert line == line_of(text, place)


def test_the_sample_itself_is_read(tmp_path: Path) -> None:
    assert findings(write(tmp_path, SAMPLE)) == []


def test_all_findings_are_told_at_once(tmp_path: Path) -> None:
    text = SAMPLE.replace("1000.00 2024", "1000.001 2024").replace("20240229", "20250301").replace("#GEN ", "#GEN x")
    assert [each.line for each in findings(write(tmp_path, text))] == sorted(
        line_of(text, part) for part in ("#GEN x", "1000.001", "20250301")
    )


def test_a_finding_names_line_column_value_and_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, changed("{} -1000\n}", "{} -999.99\n}"))
    (found,) = findings(path)
    assert str(found).startswith(f"{path}:24: column #VER: 'A 1' the voucher does not balance")


@pytest.mark.parametrize("length", range(len(HEAD + BALANCES), len(SAMPLE) - 2, 5))
def test_a_file_cut_off_anywhere_among_its_vouchers_is_refused(length: int, tmp_path: Path) -> None:
    assert findings(write(tmp_path, SAMPLE[:length]))


def test_a_file_cut_off_in_a_voucher_says_so(tmp_path: Path) -> None:
    found = findings(write(tmp_path, SAMPLE[: SAMPLE.index("#TRANS 1910")]))
    assert [(each.line, each.value) for each in found] == [(line_of(SAMPLE, "#VER B"), "B 7")]
    assert "cut off" in found[0].what


def test_a_last_record_without_a_line_end_is_refused(tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, HEAD + VOUCHERS + "#RES 0 5010 1000"))
    assert "no line end" in found.what
    assert found.value == "#RES 0 5010 1000"


def test_a_last_brace_without_a_line_end_and_the_end_mark_of_dos_are_read(tmp_path: Path) -> None:
    assert findings(write(tmp_path, SAMPLE.rstrip("\n") + "\x1a")) == []
    assert findings(write(tmp_path, SAMPLE + "\x1a")) == []


def test_everything_twice_is_refused(tmp_path: Path) -> None:
    found = findings(write(tmp_path, SAMPLE + SAMPLE))
    assert {each.value for each in found if "in the file before" in each.what} == {"A 1", "B 7"}


def test_the_same_number_on_another_day_is_read(tmp_path: Path) -> None:
    text = HEAD + VOUCHERS + VOUCHERS.replace("20240115", "20240116").replace("20240229", "20240228")
    assert len(read(write(tmp_path, text)).rows) == 8


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>Logga in</body></html>", "web page"),
        (b"\xef\xbb\xbf  <html>", "web page"),
        (b'<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5">', "SIE 5"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (SAMPLE.encode("utf-16"), "UTF-16"),
        (b"konto;belopp\r\n1910;5\r\n", "begins with #FLAGGA"),
        (b"#FLAGGA 0\r\n#FNAMN \x00\r\n", "NUL"),
        (b"\xef\xbb\xbf#FLAGGA 0\r\n#FNAMN \x84\r\n", "a byte that is not UTF-8"),
        (SAMPLE.encode("utf-8").decode("latin-1").encode("utf-8"), "wrong character set"),
        (b'#FLAGGA 0\r\n#FNAMN "\x84\xe4"\r\n', "two character sets"),
    ],
)
def test_another_thing_with_the_right_name_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, content))
    assert message in found.what


def test_an_excel_file_with_the_right_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.se"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    assert "Excel" in findings(path)[0].what


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in findings(tmp_path / "nothing.se")[0].what


def test_a_character_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    content = changed('"Avgift"', '"Kök £££ ö"').encode("cp1252").replace("£££".encode("cp1252"), b"\x9d")
    (found,) = findings(write(tmp_path, content))
    assert (found.line, found.what) == (line_of(SAMPLE, "#VER B"), "a character that is not in cp1252")
    lost = changed('"Avgift"', '"K\ufffdk"').encode("utf-8")
    assert "not in utf-8" in findings(write(tmp_path, lost))[0].what


def test_a_nul_byte_is_told_with_its_line_however_far_in(tmp_path: Path) -> None:
    content = b"#FLAGGA 0\n" + b"#PROSA x\n" * 100_000 + b"#PROSA \x00\n"
    (found,) = findings(write(tmp_path, content))
    assert found.line == 100_002


def test_a_file_of_nothing_but_errors_is_given_up(tmp_path: Path) -> None:
    assert len(findings(write(tmp_path, "#FLAGGA 0\n" + "x\n" * 5_000))) == 1_000


def test_a_file_without_vouchers_or_budget_is_refused(tmp_path: Path) -> None:
    assert "holds no postings (#VER)" in findings(write(tmp_path, HEAD))[0].what
    assert "no budget" in findings(write(tmp_path, SAMPLE), kind="budget")[0].what
    assert "no activity" not in findings(write(tmp_path, HEAD))[0].what


def test_a_file_of_type_1_is_refused_for_its_lack_of_activities(tmp_path: Path) -> None:
    text = changed("#SIETYP 4", "#SIETYP 1", HEAD + BALANCES)
    assert "without activity codes" in findings(write(tmp_path, text))[0].what


def test_an_identity_number_in_a_finding_is_masked(tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, changed('"Avgift"', '"Avgift 19811218-9876')))
    assert "9876" not in str(found)


@pytest.mark.parametrize("label", ["PSALDO", "PBUDGET"])
def test_the_same_balance_with_its_objects_in_another_order_is_refused(label: str, tmp_path: Path) -> None:
    text = HEAD.replace("#SIETYP 4", "#SIETYP 3")
    text += f'#{label} 0 202401 5010 {{1 "10" 20 "20"}} 100\n#{label} 0 202401 5010 {{20 "20" 1 " 10"}} 100\n'
    (found,) = findings(write(tmp_path, text), kind="budget" if label == "PBUDGET" else "ledger")
    assert f"same balance stands on line {line_of(text, label)};" in found.what
    assert found.line == line_of(text, label) + 1


def year_of_balances(sie_type: int, amount: str = "10", more: str = "") -> str:
    """A file of type 2 or 3 with the same change each month on an account, and its result."""
    changes = "".join(f"#PSALDO 0 2024{month:02} 5010 {{}} {amount}\n" for month in range(1, 13))
    coded = "".join(f'#PSALDO 0 2024{month:02} 5010 {{20 "45"}} {amount}\n' for month in range(1, 13))
    results = "#RES 0 5010 120\n#IB 0 1910 5\n#UB 0 1910 8\n#PSALDO 0 202402 1910 {} 3\n"
    return HEAD.replace("#SIETYP 4", f"#SIETYP {sie_type}") + results + changes + coded + more


@pytest.mark.parametrize("sie_type", [2, 3])
def test_period_balances_that_do_not_lead_to_the_result_are_refused(sie_type: int, tmp_path: Path) -> None:
    text = year_of_balances(sie_type)
    assert findings(write(tmp_path, text)) == []
    assert read(write(tmp_path, text)).summary.not_compared == ()
    (found,) = findings(write(tmp_path, text.replace("#RES 0 5010 120", "#RES 0 5010 120.01")))
    assert (found.line, found.column, found.value) == (line_of(text, "#RES 0 5010"), "#RES", "120.01")
    assert "account 5010: the file says 120.01, its #PSALDO lead to 120.00" in found.what
    (found,) = findings(write(tmp_path, text.replace("#UB 0 1910 8", "#UB 0 1910 9")))
    assert (found.line, found.column) == (line_of(text, "#UB 0 1910"), "#UB")
    (found,) = findings(write(tmp_path, text + "#RES 0 3010 -4\n"))
    assert "account 3010: the file says -4.00, its #PSALDO lead to 0.00" in found.what
    left_out = text + "#KTYP 3010 I\n#PSALDO 0 202403 3010 {} -4\n"
    (found,) = findings(write(tmp_path, left_out))
    assert (found.line, found.column) == (line_of(left_out, "#PSALDO 0 202403 3010"), "#RES")


def test_period_balances_of_some_months_are_not_held_against_the_year(tmp_path: Path) -> None:
    text = "".join(line for line in year_of_balances(3).splitlines(keepends=True) if "#PSALDO 0 202412" not in line)
    (told,) = read(write(tmp_path, text)).summary.not_compared
    assert told == "year 0: #PSALDO has 11 of 12 months and was not compared with #RES and #UB"
    until = text.replace("#SIETYP 3", "#SIETYP 3\n#OMFATTN 20241130")
    (found,) = findings(write(tmp_path, until))
    assert "lead to 110.00" in found.what
    assert findings(write(tmp_path, until.replace("5010 120", "5010 110"))) == []


def test_balances_by_object_of_type_1_that_are_not_the_result_are_refused(tmp_path: Path) -> None:
    text = HEAD.replace("#SIETYP 4", "#SIETYP 1") + '#RES 0 5010 100\n#RES 0 3010 -5\n#OUB 0 5010 {20 "45"} 99.99\n'
    found = findings(write(tmp_path, text))
    assert [(each.line, each.column) for each in found] == [
        (line_of(text, "#RES 0 5010"), "#RES"),
        (line_of(text, "#RES 0 3010"), "#RES"),
    ]
    assert "the file says 100.00, its #OUB lead to 99.99" in found[0].what


UNNUMBERED = '#VER A "" 20240101 "Porto"\n{\n#TRANS 1910 {} -1\n#TRANS 5010 {20 "45"} 1\n}\n'


@pytest.mark.parametrize("between", ["", VOUCHERS, UNNUMBERED.replace("Porto", "Brev")])
def test_a_voucher_without_a_number_that_stands_twice_is_refused(between: str, tmp_path: Path) -> None:
    text = HEAD + UNNUMBERED + between + UNNUMBERED
    (found,) = findings(write(tmp_path, text))
    first = line_of(HEAD + UNNUMBERED, '#VER A ""')
    assert f"the same as the one on line {first}," in found.what
    assert found.line == first + 5 + between.count("\n")


def test_long_vouchers_without_a_number_are_compared_to_their_end(tmp_path: Path) -> None:
    lines = "".join(f'#TRANS 1910 {{}} -{n % 9}\n#TRANS 5010 {{20 "45"}} {n % 9}\n' for n in range(1, 40_000))
    one = '#VER "" "" 20240101 "Allt"\n{\n' + lines + "#TRANS 1910 {} 5\n#TRANS 1910 {} -5\n}\n"
    other = one.replace("{} 5\n#TRANS 1910 {} -5\n}", "{} 6\n#TRANS 1910 {} -6\n}")
    early = one.replace("#TRANS 1910 {} -1\n", "#TRANS 1911 {} -1\n", 1)
    assert findings(write(tmp_path, HEAD + one + other + early)) == []
    assert [each.line for each in findings(write(tmp_path, HEAD + one + other + one))] == [
        HEAD.count("\n") + 2 * one.count("\n") + 1
    ]


def test_utf8_with_a_few_other_bytes_is_refused_with_their_lines(tmp_path: Path) -> None:
    content = changed('"Avgift"', '"Löner för §X"').encode("utf-8").replace("§".encode(), b"\xa7")
    (found,) = findings(write(tmp_path, content))
    assert (found.line, "not UTF-8" in found.what) == (line_of(SAMPLE, "#VER B"), True)
    (found,) = findings(write(tmp_path, b"\xef\xbb\xbf" + content))
    assert (found.line, "not UTF-8" in found.what) == (line_of(SAMPLE, "#VER B"), True)


@pytest.mark.parametrize(
    ("encoding", "other", "wrong"),
    [("cp437", "utf-8", "├╢"), ("cp1252", "utf-8", "Ã¶"), ("cp437", "cp1252", None), ("cp1252", "cp437", None)],
)
def test_one_text_in_another_character_set_is_refused_with_its_line(
    encoding: str, other: str, wrong: str | None, tmp_path: Path
) -> None:
    content = changed('"Avgift"', '"Lön"').replace('"Hyra januari"', '"Hyra för två år på Åsen"').encode(encoding)
    content = content.replace("Lön".encode(encoding), "Lön".encode(other))
    (found,) = findings(write(tmp_path, content))
    assert found.line == line_of(SAMPLE, "#VER B")
    assert (wrong in found.what) if wrong else ("two character sets" in found.what)


@pytest.mark.parametrize("text", ["“Lunch”", "SØREN"])
def test_signs_of_windows_1252_among_letters_of_code_page_437_are_refused(text: str, tmp_path: Path) -> None:
    content = changed('"Avgift"', '"xx"').replace("Kassa", "Låda").encode("cp437").replace(b"xx", text.encode("cp1252"))
    (found,) = findings(write(tmp_path, content))
    assert (found.line, "here in Windows-1252" in found.what) == (line_of(SAMPLE, "#VER B"), True)


@pytest.mark.parametrize("text", ["jan–mars", "5 §", "5 € kvar", "”jord och damm”"])
def test_signs_that_tell_no_character_set_are_refused(text: str, tmp_path: Path) -> None:
    content = SAMPLE.replace("Leverantörs", "Leverantors").replace('"Avgift"', f'"{text}"')
    (found,) = findings(write(tmp_path, content, "cp1252"))
    assert (found.line, "nothing tells" in found.what) == (line_of(SAMPLE, "#VER B"), True)


def test_a_sign_lost_as_a_control_character_is_refused(tmp_path: Path) -> None:
    content = changed('"Avgift"', '"jan–mars"').encode("cp1252").decode("latin-1").encode("utf-8")
    (found,) = findings(write(tmp_path, content))
    assert (found.line, "control character" in found.what) == (line_of(SAMPLE, "#VER B"), True)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("”Lunch” för två", "cp1252"),
        ("“Lunch” i parken – del 2", "cp1252"),
        ("”Lunch”", "cp1252"),
        ("”lunch” i maj", "cp1252"),
        ("”Lunch i maj”", "cp1252"),
        ("“lunch i maj”", "cp1252"),
        ("mat ”i parken” för två", "cp1252"),
        ("Ärende från Café Öst", "cp1252"),
        ("sjö och över", "cp437"),
        ("10÷2 ═══ för Åsa", "cp437"),
        ("──RUBRIK── år ±5", "cp437"),
        ("Idé", "cp437"),
        ("löner", "cp437"),
    ],
)
def test_quotation_marks_and_box_signs_do_not_mislead(text: str, encoding: str, tmp_path: Path) -> None:
    content = SAMPLE.replace("Leverantörs", "Leverantors").replace('"Avgift"', f'"{text}"')
    reading = read(write(tmp_path, content, encoding))
    assert (reading.summary.encoding, reading.rows[2]["text"]) == (encoding, text)
