"""The gate in front of dbt: every way in which a seed can be wrong is told by file, line, column, value and remedy.

The numbers of the cases are those of the list of bad input that a warehouse for public money must survive. Seeds are
judged here without dbt; test_refused_inputs.py shows that dbt obeys, test_gate_properties.py that nothing slips by.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bokslut.intake.declarations import read_declarations
from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.gate import check
from bokslut.intake.seed_files import read_seed
from bokslut.intake.seeds import check_seeds
from bokslut.settings import Settings
from project import REPOSITORY
from small_seeds import REFERENCE, TEXTS, declared, findings_of, write_seeds

ENTRIES, COMMENTS, DECISIONS, PROJECTS = "operating_entries", "operating_comments", "budget_decisions", "projects"
HEADER = TEXTS[ENTRIES].splitlines()[0]
NUMBER = "decimal point, such as -1234.5"
UTF8 = "save it as UTF-8"
ENTRY_KEY = "organisation_id, board_id, fiscal_year, scenario, activity_code, entry_class"

Change = Callable[[str], bytes]


def swap(old: str, new: str) -> Change:
    """The first of a text replaced by another."""

    def change(text: str) -> bytes:
        assert old in text
        return text.replace(old, new, 1).encode()

    return change


def add(line: str) -> Change:
    """One more line at the end."""
    return lambda text: f"{text}{line}\n".encode()


def amount(value: str) -> Change:
    """The amount on line 3 as given."""
    return swap("net,-3184,", f"net,{value},")


class Refused(NamedTuple):
    """A case: what is changed in a seed, and the one finding that it must give."""

    case: str
    seed: str
    change: Change
    line: int | None
    column: str | None
    value: str | None
    what: str
    do: str


REFUSED = [
    Refused("2 empty", ENTRIES, lambda _: b"", 1, None, None, "the file is empty", HEADER),
    Refused("4 byte order mark", ENTRIES, lambda text: b"\xef\xbb\xbf" + text.encode(), 1, None, None, "mark", UTF8),
    Refused(
        "6 mixed line ends",
        ENTRIES,
        swap("-3022,1000,2\n", "-3022,1000,2\r\n"),
        2,
        None,
        None,
        "ends with CRLF, the lines above with LF",
        "one kind of line end",
    ),
    Refused(
        "6 CR alone",
        COMMENTS,
        lambda text: text.replace("\n", "\r").encode(),
        1,
        "report_part",
        "report_part\r1882",
        "ends no line",
        "end lines with LF",
    ),
    Refused(
        "6 CR at the end alone",
        ENTRIES,
        lambda text: f"{text[:-1]}\r".encode(),
        4,
        "report_part",
        "2\r",
        "ends no line",
        "end lines with LF",
    ),
    Refused(
        "7 cp1252 below the header",
        COMMENTS,
        lambda text: text.encode("cp1252"),
        2,
        "comment",
        'Arvoden, lägre än "beräknat".',
        "is not UTF-8 (byte E4; lines with such bytes: 2)",
        UTF8,
    ),
    Refused("9 UTF-16", ENTRIES, lambda text: text.encode("utf-16"), 1, None, None, "the file is UTF-16", UTF8),
    Refused(
        "9 UTF-16 without mark",
        ENTRIES,
        lambda text: text.encode("utf-16-le"),
        1,
        "organisation_id",
        None,
        "has a NUL byte",
        "is it UTF-16",
    ),
    Refused(
        "10 mojibake",
        COMMENTS,
        swap("såldes", "sÃ¥ldes"),
        3,
        "comment",
        "Inga tomter sÃ¥ldes.",
        "holds 'Ã¥', which was 'å'",
        "UTF-8",
    ),
    Refused(
        "10 mojibake of a dash",
        COMMENTS,
        swap("Inga", "â€“ Inga"),
        3,
        "comment",
        "â€“ Inga tomter såldes.",
        "'–'",
        "UTF-8",
    ),
    Refused(
        "10 mojibake of cp437",
        COMMENTS,
        swap("såldes", "s├Ñldes"),
        3,
        "comment",
        "Inga tomter s├Ñldes.",
        "'å'",
        "UTF-8",
    ),
    Refused(
        "10 lost signs",
        COMMENTS,
        swap("såldes", "s\ufffdldes"),
        3,
        "comment",
        "Inga tomter s\ufffdldes.",
        "a sign that was lost",
        "UTF-8",
    ),
    Refused("11 NUL", ENTRIES, amount("-31\x0084"), 3, "amount", "-31\x0084", "has a NUL byte", "damaged"),
    Refused(
        "11 control character",
        COMMENTS,
        swap("såldes", "s\x1aldes"),
        3,
        "comment",
        "Inga tomter s\x1aldes.",
        "U+001A",
        "remove",
    ),
    Refused(
        "12 cut in a row",
        ENTRIES,
        lambda text: text[:-20].encode(),
        4,
        None,
        "1882,KS,2024,actual,",
        "5 cells where the header has 9 columns",
        "is the row cut off? the last cell would be activity_code",
    ),
    Refused(
        "14 everything twice",
        DECISIONS,
        lambda text: (text + text.splitlines()[1] + "\n").encode(),
        4,
        "organisation_id, board_id, fiscal_year, account, step_number",
        "1882/KS/2024/operating/1",
        "is the whole of line 2 again",
        "remove one",
    ),
    Refused(
        "15 wrong year",
        DECISIONS,
        swap("1882,KS,2024,operating,2", "1882,KS,2099,operating,2"),
        3,
        "fiscal_year",
        "2099",
        "is no fiscal_year of fiscal_years.csv",
        "add its row to",
    ),
    Refused(
        "18 header missing",
        ENTRIES,
        swap(f"{HEADER}\n", ""),
        1,
        None,
        "1882,KS,2024,actual,0010,net,-3022,1000,2",
        "is no header of this seed",
        HEADER,
    ),
    Refused(
        "18 empty line first",
        ENTRIES,
        lambda text: f"\n{text}".encode(),
        1,
        None,
        "",
        "is no header",
        f"must be: {HEADER}",
    ),
    Refused(
        "19 extra column",
        ENTRIES,
        swap("report_part", "report_part,note"),
        1,
        None,
        None,
        "column note is unknown",
        HEADER,
    ),
    Refused(
        "20 renamed column",
        ENTRIES,
        swap("amount", "belopp"),
        1,
        None,
        None,
        "column amount is missing and column belopp is unknown",
        HEADER,
    ),
    Refused(
        "20 other case",
        ENTRIES,
        swap("amount", "Amount"),
        1,
        None,
        None,
        "column amount is missing and column Amount",
        HEADER,
    ),
    Refused("20 a blank", ENTRIES, swap(",amount", ", amount"), 1, None, None, "column  amount is unknown", HEADER),
    Refused(
        "21 duplicate column",
        ENTRIES,
        swap("amount,scale", "scale,scale"),
        1,
        None,
        None,
        "column scale stands more than once",
        HEADER,
    ),
    Refused(
        "22 other order",
        ENTRIES,
        swap("amount,scale", "scale,amount"),
        1,
        None,
        None,
        "column scale stands where amount belongs",
        HEADER,
    ),
    Refused(
        "23 semicolon",
        ENTRIES,
        lambda text: text.replace(",", ";").encode(),
        1,
        None,
        None,
        "apart by semicolons",
        "commas",
    ),
    Refused("23 tab", ENTRIES, lambda text: text.replace(",", "\t").encode(), 1, None, None, "apart by tabs", "commas"),
    Refused(
        "24 short row",
        ENTRIES,
        swap("-3184,1000,2", "-3184,1000"),
        3,
        None,
        "1882,KS,2024,budget,0010,net,-3184,1000",
        "8 cells where the header has 9 columns",
        "an empty cell has its comma",
    ),
    Refused("24 empty line", ENTRIES, swap("1000,2\n", "1000,2\n\n"), 3, None, None, "the line is empty", "remove it"),
    Refused(
        "25 unquoted comma",
        ENTRIES,
        amount("-3184,5"),
        3,
        None,
        "1882,KS,2024,budget,0010,net,-3184,5,1000,2",
        "10 cells where the header has 9 columns",
        "inside a text or number without quotes?",
    ),
    Refused(
        "26 unterminated quote",
        COMMENTS,
        swap("Inga tomter såldes.,3", '"Inga tomter såldes.,3'),
        3,
        "comment",
        '"Inga tomter såldes.,3',
        "opens a quote that is never closed",
        "close it",
    ),
    Refused(
        "26 unterminated quote in the header of a long file",
        ENTRIES,
        lambda text: text.replace("amount", '"amount', 1).encode() + b"1882,KS\n" * 30_000,
        1,
        "amount",
        '"amount,scale,report_part',
        "opens a quote that is never closed",
        "close it",
    ),
    Refused(
        "26 text after a closing quote",
        COMMENTS,
        swap("Inga tomter såldes.,3", '"Inga" tomter såldes.,3'),
        3,
        "comment",
        '"Inga" tomter såldes.,3',
        "has text after its closing quote",
        "double the quote marks",
    ),
    Refused(
        "26 quote that swallows lines",
        ENTRIES,
        lambda text: text.replace("budget", '"budget', 1).replace("-50.5", '"-50.5"', 1).encode(),
        3,
        "scenario",
        '"budget,0010,net,-3184,1000,2\n1882,KS,2024,actual,21,net,"-50.5",1000,2',
        "has text after its closing quote, 1 lines below",
        "is a quote left open?",
    ),
    Refused(
        "26 quote mark inside a plain cell",
        COMMENTS,
        swap("Inga", 'In"ga'),
        3,
        "comment",
        'In"ga tomter såldes.',
        "has a quote mark inside a cell without quotes",
        "double the mark",
    ),
    Refused(
        "26 blank before a quote",
        COMMENTS,
        swap("Inga tomter såldes.", ' "Inga"'),
        3,
        "comment",
        ' "Inga"',
        "has a quote mark inside a cell without quotes",
        "put the cell in quotes",
    ),
    Refused(
        "27 quoted line break",
        COMMENTS,
        swap("Inga tomter såldes.", '"Inga\ntomter"'),
        3,
        "comment",
        "Inga\ntomter",
        "has a tab, a line break",
        "one line of text",
    ),
    Refused(
        "28 total row",
        ENTRIES,
        add(",,,,Summa,,-6256.5,1000,"),
        5,
        "organisation_id, board_id, fiscal_year, scenario, entry_class, report_part",
        None,
        "are empty, and must be given",
        "a total or a blank row is taken out",
    ),
    Refused(
        "29 exact duplicate",
        ENTRIES,
        add("1882,KS,2024,actual,0010,net,-3022,1000,2"),
        5,
        ENTRY_KEY,
        "1882/KS/2024/actual/0010/net",
        "is the whole of line 2 again",
        "remove one of them",
    ),
    Refused(
        "29 same key, other amount",
        ENTRIES,
        add("1882,KS,2024,actual,0010,net,-1,1000,2"),
        5,
        ENTRY_KEY,
        "1882/KS/2024/actual/0010/net",
        "is on line 2 already",
        "correct the key",
    ),
    Refused("31 exponent", ENTRIES, amount("1E+06"), 3, "amount", "1E+06", "has an exponent", NUMBER),
    Refused(
        "31 code with an exponent",
        ENTRIES,
        swap("budget,0010", "budget,1E+06"),
        3,
        "activity_code",
        "1E+06",
        "is not an id",
        "letters a-z",
    ),
    Refused("32 space for thousands", ENTRIES, amount("-3 184"), 3, "amount", "-3 184", "space for thousands", NUMBER),
    Refused(
        "32 no-break space and comma",
        ENTRIES,
        amount('"-3\u00a0184,56"'),
        3,
        "amount",
        "-3\u00a0184,56",
        "space for thousands",
        NUMBER,
    ),
    Refused("32 decimal comma", ENTRIES, amount('"-3184,5"'), 3, "amount", "-3184,5", "has a comma", NUMBER),
    Refused(
        "33 point and comma",
        ENTRIES,
        amount('"1.234,56"'),
        3,
        "amount",
        "1.234,56",
        "point for thousands and a decimal",
        NUMBER,
    ),
    Refused(
        "34 minus of print", ENTRIES, amount("\u22123184"), 3, "amount", "\u22123184", "minus sign of print", NUMBER
    ),
    Refused("35 minus last", ENTRIES, amount("3184-"), 3, "amount", "3184-", "minus sign last", NUMBER),
    Refused("35 parentheses", ENTRIES, amount("(3184)"), 3, "amount", "(3184)", "stands in parentheses", NUMBER),
    Refused("35 plus sign", ENTRIES, amount("+3184"), 3, "amount", "+3184", "has a plus sign", NUMBER),
    Refused(
        "36 three decimals of a krona",
        ENTRIES,
        swap("-50.5,1000", "-50.505,1"),
        4,
        "amount",
        "-50.505",
        "with the scale 1 is not whole öre",
        "two decimals",
    ),
    Refused(
        "36 part of an öre in tkr",
        ENTRIES,
        amount("-3184.000001"),
        3,
        "amount",
        "-3184.000001",
        "with the scale 1000 is not whole öre",
        "two decimals",
    ),
    Refused(
        "36 seven decimals", ENTRIES, amount("-1.0000000"), 3, "amount", "-1.0000000", "more than six decimals", NUMBER
    ),
    Refused("37 exponent and comma", ENTRIES, amount('"1,2E+05"'), 3, "amount", "1,2E+05", "is not an amount", NUMBER),
    Refused("37 NaN", ENTRIES, amount("NaN"), 3, "amount", "NaN", "is not an amount", NUMBER),
    Refused("37 inf", ENTRIES, amount("-inf"), 3, "amount", "-inf", "is not an amount", NUMBER),
    Refused("38 empty amount", ENTRIES, amount(""), 3, "amount", None, "is empty, and must be given", NUMBER),
    Refused("38 quoted empty amount", ENTRIES, amount('""'), 3, "amount", None, "is empty, and must be given", NUMBER),
    Refused("38 blank amount", ENTRIES, amount(" "), 3, "amount", " ", "is not an amount", NUMBER),
    Refused(
        "38 overflow of digits", ENTRIES, amount("9" * 16), 3, "amount", "9" * 16, "more than fifteen digits", NUMBER
    ),
    Refused(
        "38 overflow by the scale",
        ENTRIES,
        swap("-3184,1000", "10000000000,1000000"),
        3,
        "amount",
        "10000000000",
        "with the scale 1000000 is too large",
        "sixteen digits",
    ),
    Refused(
        "38 amount without scale",
        DECISIONS,
        swap("126342,1000", "126342,"),
        2,
        "net_cost",
        "126342",
        "has no scale",
        "1, 1000 or 1000000",
    ),
    Refused(
        "38 other scale", ENTRIES, swap("-3184,1000", "-3184,100"), 3, "scale", "100", "is not a scale", "1000 for tkr"
    ),
    Refused(
        "39 date not ISO",
        DECISIONS,
        swap("2023-06-19", "19/6/2023"),
        2,
        "decided_on",
        "19/6/2023",
        "is not a date",
        "2024-12-31",
    ),
    Refused(
        "39 two-digit year",
        DECISIONS,
        swap("2023-06-19", "23-06-19"),
        2,
        "decided_on",
        "23-06-19",
        "is not a date",
        "2024-12-31",
    ),
    Refused(
        "39 serial number",
        DECISIONS,
        swap("2023-06-19", "45096"),
        2,
        "decided_on",
        "45096",
        "is not a date",
        "2024-12-31",
    ),
    Refused(
        "39 with a time",
        DECISIONS,
        swap("2023-06-19", "2023-06-19T00:00"),
        2,
        "decided_on",
        "2023-06-19T00:00",
        "is not a date",
        "2024-12-31",
    ),
    Refused(
        "40 30 February", DECISIONS, swap("2023-06-19", "2023-02-30"), 2, "decided_on", "2023-02-30", "no", "2024-12-31"
    ),
    Refused(
        "40 29 February of a common year",
        DECISIONS,
        swap("2023-06-19", "2023-02-29"),
        2,
        "decided_on",
        "2023-02-29",
        "is not a day of the calendar",
        "2024-12-31",
    ),
    Refused(
        "41 unknown code",
        ENTRIES,
        swap("budget,0010", "budget,46"),
        3,
        "activity_code",
        "46",
        "is no activity_code of activity_codes.csv with organisation_id 1882, board_id KS, fiscal_year 2024",
        "correct it, or add its row to",
    ),
    Refused(
        "41 code without its leading zeros",
        ENTRIES,
        swap("budget,0010", "budget,10"),
        3,
        "activity_code",
        "10",
        "is no activity_code",
        "add its row",
    ),
    Refused(
        "41 unknown board",
        ENTRIES,
        swap("1882,KS,2024,budget", "1882,XX,2024,budget"),
        3,
        "board_id",
        "XX",
        "is no board_id of boards.csv with organisation_id 1882",
        "add its row",
    ),
    Refused(
        "41 unknown parent",
        PROJECTS,
        swap("Tak,1,hall", "Tak,1,hus"),
        3,
        "parent_project_id",
        "hus",
        "is no project_id of projects.csv with",
        "add its row",
    ),
    Refused(
        "41 unknown word", PROJECTS, swap("ongoing", "pågår"), 2, "status", "pågår", "is unknown", "one of not_started"
    ),
    Refused(
        "41 other case",
        ENTRIES,
        swap("budget", "Budget"),
        3,
        "scenario",
        "Budget",
        "is unknown",
        "one of actual, budget",
    ),
    Refused(
        "41 blank after a code",
        ENTRIES,
        swap("actual,21,", "actual,21 ,"),
        4,
        "activity_code",
        "21 ",
        "is not an id",
        "letters",
    ),
    Refused(
        "41 year with a zero",
        ENTRIES,
        swap("2024,b", "02024,b"),
        3,
        "fiscal_year",
        "02024",
        "is not a year",
        "such as 2024",
    ),
    Refused(
        "41 number with a decimal",
        ENTRIES,
        swap("3184,1000,2", "3184,1000,2.0"),
        3,
        "report_part",
        "2.0",
        "whole number",
        "1200",
    ),
    Refused(
        "42 decomposed",
        COMMENTS,
        swap("såldes", "sa\u030aldes"),
        3,
        "comment",
        "Inga tomter sa\u030aldes.",
        "two signs (U+030A)",
        "'Inga tomter såldes.'",
    ),
    Refused(
        "outer blank",
        COMMENTS,
        swap("såldes.", "såldes. "),
        3,
        "comment",
        "Inga tomter såldes. ",
        "blank at an end",
        "one line",
    ),
    Refused(
        "tab", COMMENTS, swap("Inga ", "Inga\t"), 3, "comment", "Inga\ttomter såldes.", "has a tab", "one line of text"
    ),
    Refused(
        "a number given twice",
        COMMENTS,
        swap("2024,2,21", "2024,1,21"),
        3,
        "organisation_id, board_id, fiscal_year, analysis_number",
        "1882/KS/2024/1",
        "is on line 2 already",
        "correct the key",
    ),
    Refused(
        "a place in the list given twice",
        PROJECTS,
        swap("Bro,2", "Bro,1"),
        4,
        "organisation_id, board_id, fiscal_year, parent_project_id, list_number",
        "1882/KS/2024/-/1",
        "is on line 2 already",
        "correct the key",
    ),
    Refused(
        "59 identity number",
        COMMENTS,
        swap("Inga tomter", "Arvode till 811228-9874"),
        3,
        "comment",
        "Arvode till 811228-9874 såldes.",
        "holds a personal identity number",
        "take it out",
    ),
    Refused(
        "59 identity number as an id",
        PROJECTS,
        swap("bro,Bro", "198112289874,Bro"),
        4,
        "project_id",
        "198112289874",
        "holds a personal identity number",
        "take it out",
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=[case.case for case in REFUSED])
def test_a_wrong_seed_is_refused_once_with_line_column_value_and_remedy(tmp_path: Path, case: Refused) -> None:
    findings = findings_of(tmp_path, {case.seed: case.change(TEXTS[case.seed])})

    assert len(findings) == 1, findings
    (found,) = findings
    assert found.file == tmp_path / f"{case.seed}.csv"
    assert (found.line, found.column) == (case.line, case.column)
    assert case.what in found.what and case.do in found.do, str(found)
    if case.value is not None:
        assert found.value == case.value
    if case.case.startswith("59"):
        assert "9874" not in str(found) and "******-****" in str(found)


ACCEPTED: list[tuple[str, str, Change]] = [
    ("as it is", ENTRIES, str.encode),
    ("3 header only", DECISIONS, lambda text: (text.splitlines()[0] + "\n").encode()),
    ("3 header without a line end", DECISIONS, lambda text: text.splitlines()[0].encode()),
    ("5 CRLF", COMMENTS, lambda text: text.replace("\n", "\r\n").encode()),
    ("12 no line end at the end", ENTRIES, lambda text: text[:-1].encode()),
    ("25 quoted comma and quotes", COMMENTS, swap("Inga tomter såldes.", '"Inga, ""tomter"""')),
    (
        "26 everything in quotes",
        ENTRIES,
        lambda text: ('"' + text[:-1].replace(",", '","').replace("\n", '"\n"') + '"\n').encode(),
    ),
    ("30 leading zeros", ENTRIES, str.encode),
    ("36 three decimals of tkr", ENTRIES, amount("-3184.001")),
    ("38 empty where nothing is required", DECISIONS, swap("23KF105", "")),
    ("38 quoted empty where nothing is required", DECISIONS, swap("23KF105", '""')),
    ("38 the largest amount", ENTRIES, swap("-3184,1000", "-9999999999,1000000")),
    ("40 leap day", DECISIONS, swap("2023-06-19", "2024-02-29")),
    ("42 composed", COMMENTS, swap("såldes", "\u00e5\u00e4\u00f6 – é € 🙂")),
    ("59 organisation number", COMMENTS, swap("Inga tomter", "Faktura från 212000-1983")),
    ("59 a number that looks like one", ENTRIES, swap("-3184,1000", "8112289874,1")),
    ("a parent has a list of its own", PROJECTS, swap("Tak,1,hall", "Tak,2,hall")),
]


@pytest.mark.parametrize(("seed", "change"), [case[1:] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED])
def test_a_right_seed_is_accepted(tmp_path: Path, seed: str, change: Change) -> None:
    assert findings_of(tmp_path, {seed: change(TEXTS[seed])}) == []


def test_cells_are_read_as_they_stand_with_the_line_of_their_record(tmp_path: Path) -> None:
    """Leading zeros, quotes and commas are kept; lines are counted as an editor does, quoted line breaks too."""
    path = tmp_path / "operating_comments.csv"
    header = TEXTS[COMMENTS].splitlines()[0]
    path.write_text(f'{header}\n1882,KS,2024,1,0010,"a\nb, ""c""",""\n1882,KS,2024,x,0010,,3\n', encoding="utf-8")
    seed, findings = read_seed(path, declared()[COMMENTS])
    assert seed is not None and findings == []
    assert [tuple(record) for record in seed.records] == [
        (1, header.split(",")),
        (2, ["1882", "KS", "2024", "1", "0010", 'a\nb, "c"', ""]),
        (4, ["1882", "KS", "2024", "x", "0010", "", "3"]),
    ][1:]


def test_all_findings_are_told_at_once_by_file_and_line(tmp_path: Path) -> None:
    spoilt: dict[str, bytes | None] = {
        "boards": TEXTS["boards"].encode() + b"1882,KS,Igen,16\n",
        COMMENTS: TEXTS[COMMENTS].replace("2024,2,", "2024,tv\u00e5,").replace("2024,1,", "20024,1,").encode(),
        ENTRIES: TEXTS[ENTRIES].replace("-3184,1000", "x,2000").replace("-50.5", "-50,5").encode(),
        PROJECTS: None,
        "organisations": b"",
    }
    findings = findings_of(tmp_path, spoilt)
    assert [(finding.file.stem, finding.line, finding.column) for finding in findings] == [
        ("boards", 3, "organisation_id, board_id"),
        ("operating_comments", 2, "fiscal_year"),
        ("operating_comments", 3, "analysis_number"),
        ("operating_entries", 3, "amount"),
        ("operating_entries", 3, "scale"),
        ("operating_entries", 4, None),
        ("organisations", 1, None),
        ("projects", None, None),
    ]


def test_a_row_that_is_unknown_by_its_board_is_not_told_again_by_its_code(tmp_path: Path) -> None:
    changed = TEXTS[ENTRIES].replace("1882,KS,2024,budget,0010", "1882,XX,2099,budget,46").encode()
    findings = findings_of(tmp_path, {ENTRIES: changed})
    assert [(finding.column, finding.value) for finding in findings] == [("fiscal_year", "2099"), ("board_id", "XX")]


@pytest.mark.parametrize(
    ("changed", "columns"),
    [
        ("1882,KS,2024,1,0010,Igen,3", ["organisation_id, board_id, fiscal_year, activity_code"]),
        ("1882,KS,2024,x,21,Igen,3\n1882,KS,2024,x,21,Igen,3", ["analysis_number", "analysis_number"]),
    ],
    ids=["twice in both keys", "wrong in itself"],
)
def test_a_row_is_told_once_for_its_keys(tmp_path: Path, changed: str, columns: list[str]) -> None:
    first = "\n".join(TEXTS[COMMENTS].splitlines()[:2])
    findings = findings_of(tmp_path, {COMMENTS: f"{first}\n{changed}\n".encode()})
    assert [finding.column for finding in findings if finding.column in columns] == columns
    assert len([finding for finding in findings if finding.line == 3]) == 1


@pytest.mark.parametrize("name", ["Mark, gator", '"Mark" och gator', "Ma\rrk"])
def test_a_seed_that_lost_a_record_makes_no_other_seed_wrong(tmp_path: Path, name: str) -> None:
    codes = TEXTS["activity_codes"].replace("Mark,2", f"{name},2").encode()
    assert [finding.file.stem for finding in findings_of(tmp_path, {"activity_codes": codes})] == ["activity_codes"]


def test_a_reference_that_is_empty_in_part_names_nothing(tmp_path: Path) -> None:
    assert findings_of(tmp_path, {PROJECTS: TEXTS[PROJECTS].replace("Tak,1,hall", "Tak,3,").encode()}) == []


def test_a_missing_file_is_refused_with_the_header_to_write(tmp_path: Path) -> None:
    (finding,) = findings_of(tmp_path, {ENTRIES: None})
    assert str(finding) == (
        f"operating_entries.csv: no such file, though {REFERENCE}/_operating__seeds.yml declares it"
        f" - add it; header alone is fine: {HEADER}"
    )


def test_an_undeclared_file_and_a_second_one_of_the_same_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/boards.csv").write_text(TEXTS["boards"], encoding="utf-8")
    (tmp_path / "more/extra.csv").write_text(TEXTS["boards"], encoding="utf-8")
    assert [str(finding).replace(f"{tmp_path}/", "") for finding in findings_of(tmp_path, {})] == [
        "more/boards.csv: the seed stands in boards.csv too - keep one of them",
        "more/extra.csv: this seed is not declared - declare it in the reference folder's _*.yml, or move it away",
    ]


def test_a_seed_that_cannot_be_read_is_refused() -> None:
    """Case 17, as a user who is not root; a folder of the name of a file is told alike."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_seeds(folder, {PROJECTS: None})
        (folder / "projects.csv").mkdir()
        (folder / f"{ENTRIES}.csv").chmod(0)
        user = os.geteuid()
        declarations = declared()
        if user == 0:
            os.seteuid(65534)
        try:
            findings = check_seeds(declarations, [folder])
        finally:
            os.seteuid(user)
    assert [str(finding).replace(f"{name}/", "") for finding in findings] == [
        "operating_entries.csv: cannot be read: Permission denied - let the user who builds read it",
        "projects.csv: cannot be read: Is a directory - let the user who builds read it",
    ]


DECLARED = """seeds:
  - name: boards
    config: {meta: {key: [board_id]}}
    columns:
      - {name: board_id, config: {meta: {kind: id, required: true}}}
      - {name: amount, config: {meta: {kind: amount, scale_column: scale}}}
      - {name: scale, config: {meta: {kind: scale}}}
    data_tests:
      - seed_claims: {arguments: {references: [{columns: [board_id], to: boards}]}}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: id", "kind: ident", "boards.board_id has the kind 'ident' - give it one of id, text"),
        ("kind: id", "kind: enum", "boards.board_id has the kind 'enum' without values"),
        ("key: [board_id]", "key: [bord_id]", "boards has no column bord_id"),
        ("key: [board_id]", "key: [board_id], unique: [[amount, x]]", "boards has no column x"),
        ("scale_column: scale", "scale_column: scal", "boards has no column scal"),
        ("to: boards", "to: bords", "boards refers to bords, which is not declared"),
        ("to: boards", "to: boards, to_columns: [id]", "refers to columns of boards that are not there: id"),
        ("columns: [board_id], to", "columns: [x], to", "boards has no column x"),
        ("seeds:", "models:", "not the form of a declaration of seeds ('seeds')"),
        ("config: {meta: {key", "config: {mta: {key", "not the form of a declaration of seeds ('meta')"),
        ("{name: scale,", "{name: scale,,", "_x.yml:7: not YAML"),
        ("seeds:", "seeds: [", "not YAML"),
    ],
)
def test_a_declaration_that_says_nothing_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "_x.yml").write_text(DECLARED, encoding="utf-8")
    read_declarations(tmp_path)
    assert old in DECLARED
    (tmp_path / "_x.yml").write_text(DECLARED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        read_declarations(tmp_path)
    assert told in str(refused.value)


def test_a_seed_that_is_declared_twice_is_refused(tmp_path: Path) -> None:
    for name in ("_a.yml", "_b.yml"):
        (tmp_path / name).write_text(DECLARED, encoding="utf-8")
    with pytest.raises(RefusedError, match=r"_b.yml: boards is declared in .*_a.yml too"):
        read_declarations(tmp_path)


def test_every_declaration_is_read_whole() -> None:
    declarations = read_declarations(REFERENCE)
    entries = declarations[ENTRIES]
    assert entries.header == tuple(HEADER.split(","))
    assert ", ".join(entries.key) == ENTRY_KEY
    column = entries.columns[6]
    assert (column.kind, column.required, column.scale_column) == ("amount", True, "scale")
    assert entries.columns[3].values == ("actual", "budget", "forecast")
    assert ("activity_codes", "activity_code") in {(each.to, each.to_columns[-1]) for each in entries.references}
    assert [declarations[name].unique != () for name in (COMMENTS, "investment_comments", PROJECTS)] == [True] * 3
    assert all(declaration.key for declaration in declarations.values())


def settings(**changed: Any) -> Settings:
    """The folders of the repository, some of them changed."""
    return replace(Settings.from_environment({}), **changed)


def test_the_inputs_of_the_repository_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert check(settings()) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"board": Path("../seeds/board")}, ["BOKSLUT_SEEDS=../seeds/board must be a path inside the project"]),
        ({"board": Path("/tmp")}, ["BOKSLUT_SEEDS=/tmp must be a path inside the project"]),  # noqa: S108
        ({"board": Path("seeds/nowhere")}, ["BOKSLUT_SEEDS=seeds/nowhere is not a folder"]),
        (
            {"board": REPOSITORY / "seeds/board"},
            [f"BOKSLUT_SEEDS={REPOSITORY}/seeds/board must be a path inside the project, relative to its root"],
        ),
        (
            {"reference": Path("docs/nowhere"), "data": Path("docs")},
            ["BOKSLUT_REFERENCE=docs/nowhere is not a folder", "BOKSLUT_DATA=docs lacks"],
        ),
    ],
)
def test_folders_that_would_do_harm_are_refused_together(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Path], told: list[str]
) -> None:
    monkeypatch.chdir(REPOSITORY)
    findings = check(settings(**changed))
    assert len(findings) == len(told)
    assert all(text in str(finding) for text, finding in zip(told, findings, strict=True))


def test_a_declaration_that_cannot_be_read_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("reference", "board"):
        (tmp_path / folder).mkdir()
    (tmp_path / "reference/_x.yml").write_text("seeds: [", encoding="utf-8")
    findings: list[Finding] = check(
        settings(reference=Path("reference"), board=Path("board"), data=REPOSITORY / "data")
    )
    assert [finding.file for finding in findings] == [Path("reference/_x.yml")]
