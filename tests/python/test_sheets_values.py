"""Amounts, codes, dates and periods as sheets write them: exact, or refused with what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.sheets import values
from bokslut.intake.sheets.amounts import EXACT, amount
from bokslut.intake.sheets.files import BOOLEAN, DATE, ERROR, NUMBER
from bokslut.intake.sheets.values import PROBLEMS, Reading

Read = tuple[bool, object, str]
ORE = st.integers(-(10**18) + 1, 10**18 - 1)
BLANKS = st.sampled_from([" ", "\u00a0", "\u202f"])


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(connection: duckdb.DuckDBPyConnection, reading: Reading, cells: Sequence[str | None]) -> list[Read]:
    """What the reading of column c makes of each cell."""
    rows = connection.execute(
        f"select coalesce({reading.ok}, false), {reading.value}, {reading.problem}"
        " from (select unnest(?::varchar[]) as c, generate_subscripts(?::varchar[], 1) as i) order by i",
        [list(cells), list(cells)],
    ).fetchall()
    return [(ok, value, problem) for ok, value, problem in rows]


def accepted(connection: duckdb.DuckDBPyConnection, reading: Reading, cell: str) -> object:
    ((ok, value, problem),) = read(connection, reading, [cell])
    assert ok, f"{cell}: {problem}"
    return value


def refused(connection: duckdb.DuckDBPyConnection, reading: Reading, cell: str | None) -> str:
    ((ok, _, problem),) = read(connection, reading, [cell])
    assert not ok, cell
    assert problem in PROBLEMS
    return problem


def grouped(digits: str, mark: str) -> str:
    head = len(digits) % 3
    return mark.join(([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)])


@settings(deadline=None)
@given(ore=ORE, blank=BLANKS, minus=st.sampled_from(["-", "−"]))
def test_every_form_of_an_amount_is_read_to_its_exact_ore(
    connection: duckdb.DuckDBPyConnection, ore: int, blank: str, minus: str
) -> None:
    whole, part = divmod(abs(ore), 100)
    sign = minus if ore < 0 else ""
    expected = Decimal(ore) / 100
    plain = f"{sign}{whole},{part:02}"
    for cells, reading in (
        ([plain, f"{sign}{grouped(str(whole), blank)},{part:02}"], amount("c")),
        ([f"{sign}{whole}.{part:02}", f"{sign}{grouped(str(whole), ',')}.{part:02}"], amount("c", "kronor", ".", ",")),
        ([plain, f"{sign}{grouped(str(whole), '.')},{part:02}"], amount("c", thousands=".")),
        ([f"{NUMBER}{'-' if ore < 0 else ''}{whole}.{part:02}"] * (whole < EXACT), amount("c", thousands=".")),
    ):
        assert [row[:2] for row in read(connection, reading, cells)] == [(True, expected)] * len(cells)
    turned = [f"{whole},{part:02}{minus}", f"({grouped(str(whole), blank)},{part:02})", f"{minus}{whole},{part:02}"]
    both = amount("c", negative=("trailing_minus", "parentheses"))
    assert [row[:2] for row in read(connection, both, turned)] == [(True, -abs(expected))] * 3
    assert accepted(connection, both, f"{whole},{part:02}") == abs(expected)


@settings(deadline=None)
@given(st.text("0123456789 .,-−()eE", min_size=1, max_size=14))
def test_what_is_accepted_as_an_amount_is_what_a_careful_reader_reads(
    connection: duckdb.DuckDBPyConnection, cell: str
) -> None:
    ((ok, value, _),) = read(connection, amount("c"), [cell])
    assert (value if ok else None) == careful(cell)


def careful(cell: str) -> Decimal | None:
    """An amount read without regular expressions: one sign, groups of three or none, at most two decimals."""
    body = cell[1:] if cell[0] in "-−" else cell
    whole, comma, part = body.partition(",")
    groups = whole.split(" ")
    if not all(group.isdigit() for group in groups) or (comma and not (part.isdigit() and len(part) <= 2)):
        return None
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    value = Decimal(f"{''.join(groups)}.{part or 0}")
    return -value if body != cell else value


@pytest.mark.parametrize(
    ("unit", "cell", "expected"),
    [
        ("tkr", "1 234,5", "1234500.00"),
        ("tkr", "0,00001", "0.01"),
        ("tkr", f"{NUMBER}-3985.123", "-3985123.00"),
        ("mkr", "−3,21500001", "-3215000.01"),
        ("kronor", "0012", "12.00"),
        ("kronor", f"{NUMBER}1000000", "1000000.00"),
        ("kronor", "9999999999999999,99", "9999999999999999.99"),
        ("kronor", f"{NUMBER}-9999999999999.99", "-9999999999999.99"),
        ("mkr", f"{NUMBER}9999999.99999999", "9999999999999.99"),
    ],
)
def test_an_amount_is_kronor_whatever_its_unit(
    connection: duckdb.DuckDBPyConnection, unit: str, cell: str, expected: str
) -> None:
    assert accepted(connection, amount("c", unit), cell) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (None, "empty"),
        ("1E+06", "scientific"),
        ("1,2E+05", "scientific"),
        ("NaN", "not_finite"),
        ("inf", "not_finite"),
        ("-∞", "not_finite"),
        ("1.234,56", "thousands"),
        ("1,234.56", "thousands"),
        ("1.234", "thousands"),
        ("12.34", "decimal_mark"),
        ("500,00-", "trailing_minus"),
        ("(500,00)", "parentheses"),
        ("500,123", "decimals"),
        (f"{NUMBER}0.125", "decimals"),
        ("10000000000000000,00", "overflow"),
        (f"{NUMBER}1" + "0" * 20, "overflow"),
        (f"{NUMBER}12345678901234.6", "inexact"),
        (f"{NUMBER}-10000000000000", "inexact"),
        ("1 23,00", "not_amount"),
        ("1  234,00", "not_amount"),
        ("12 kr", "not_amount"),
        ("--5", "not_amount"),
        ("1\n234", "not_amount"),
        (f"{ERROR}#REF!", "error"),
        (f"{DATE}2024-03-05", "date_cell"),
        (f"{BOOLEAN}true", "boolean"),
    ],
)
def test_a_bad_amount_is_refused_for_what_is_wrong_with_it(
    connection: duckdb.DuckDBPyConnection, cell: str | None, problem: str
) -> None:
    assert refused(connection, amount("c"), cell) == problem


def test_what_is_not_whole_ore_after_scaling_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    assert refused(connection, amount("c", "tkr"), "1,123456") == "decimals"
    assert refused(connection, amount("c", "mkr"), f"{NUMBER}0.123456789") == "decimals"
    assert refused(connection, amount("c", "mkr"), "10000000000,00") == "overflow"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0012", "0012"), (f"{NUMBER}45", "45"), ("V-12", "V-12"), ("narlunda-idrottshall", "narlunda-idrottshall")],
)
def test_a_code_keeps_what_stands_there(connection: duckdb.DuckDBPyConnection, cell: str, expected: str) -> None:
    assert accepted(connection, values.code("c"), cell) == expected


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("1E+06", "scientific"),
        ("1,2E+05", "scientific"),
        ("1E-06", "scientific"),
        (f"{NUMBER}45.5", "number_cell"),
        (f"{NUMBER}-4", "number_cell"),
        (f"{DATE}2024-03-05", "date_cell"),
        (f"{ERROR}#N/A", "error"),
        (f"{BOOLEAN}true", "boolean"),
        ("45 Gymnasieskola", "not_code"),
    ],
)
def test_a_bad_code_is_refused(connection: duckdb.DuckDBPyConnection, cell: str, problem: str) -> None:
    assert refused(connection, values.code("c"), cell) == problem


@pytest.mark.parametrize(
    "cell",
    ["45 Gymnasieskola", "45\u00a0Gymnasieskola", "45 - Gymnasieskola", "45: Gymnasieskola", "45 – Gymnasieskola"],
)
def test_a_code_and_a_name_in_one_cell_are_taken_apart(connection: duckdb.DuckDBPyConnection, cell: str) -> None:
    assert accepted(connection, values.code("c", take="code"), cell) == "45"
    assert accepted(connection, values.code("c", take="name"), cell) == "Gymnasieskola"


def test_a_code_alone_can_be_taken_but_a_name_alone_cannot(connection: duckdb.DuckDBPyConnection) -> None:
    taken = values.code("c", take="code")
    assert [accepted(connection, taken, cell) for cell in ("0045", f"{NUMBER}45")] == ["0045", "45"]
    assert refused(connection, taken, "Gymnasieskola") == "not_code_name"
    assert refused(connection, taken, "1E+06") == "scientific"
    assert refused(connection, taken, f"{NUMBER}4.5") == "number_cell"
    assert refused(connection, values.code("c", take="name"), "45") == "not_code_name"


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("yyyy-mm-dd", "2024-03-05"),
        ("yyyymmdd", "20240305"),
        ("yyyymmdd", f"{NUMBER}20240305"),
        ("dd/mm/yyyy", "05/03/2024"),
        ("dd.mm.yyyy", "05.03.2024"),
        ("dd/mm/yyyy", f"{DATE}2024-03-05"),
    ],
)
def test_a_date_is_read_in_its_declared_form_alone(connection: duckdb.DuckDBPyConnection, form: str, cell: str) -> None:
    assert str(accepted(connection, values.date("c", form), cell)) == "2024-03-05"


@pytest.mark.parametrize(
    ("form", "cell", "problem"),
    [
        ("yyyy-mm-dd", "05/03/2024", "not_date"),
        ("yyyy-mm-dd", "24-03-05", "two_digit_year"),
        ("yyyy-mm-dd", "05/03/24", "two_digit_year"),
        ("yyyy-mm-dd", "240305", "two_digit_year"),
        ("yyyy-mm-dd", "45356", "serial"),
        ("yyyy-mm-dd", f"{NUMBER}45356", "serial"),
        ("yyyy-mm-dd", "2024-02-30", "no_such_day"),
        ("dd/mm/yyyy", "30/02/2024", "no_such_day"),
        ("dd/mm/yyyy", "03/13/2024", "no_such_day"),
        ("dd/mm/yyyy", "2024-03-05", "not_date"),
        ("dd.mm.yyyy", "05x03x2024", "not_date"),
        ("yyyy-mm-dd", None, "empty"),
    ],
)
def test_a_bad_date_is_refused(
    connection: duckdb.DuckDBPyConnection, form: str, cell: str | None, problem: str
) -> None:
    assert refused(connection, values.date("c", form), cell) == problem


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        ("yyyymm", "202413", (13, 2024)),
        ("yyyymm", f"{NUMBER}202401", (1, 2024)),
        ("yyyy-mm", "2024-12", (12, 2024)),
        ("month yyyy", "dec 2024", (12, 2024)),
        ("month yyyy", "December 2024", (12, 2024)),
        ("month yyyy", "Sept. 2024", (9, 2024)),
        ("month", "december", (12, None)),
        ("month", "Maj", (5, None)),
        ("mm", "03", (3, None)),
        ("mm", f"{NUMBER}13", (13, None)),
        ("date", "2024-03-05", (3, 2024)),
        ("date", f"{DATE}2024-03-01", (3, 2024)),
    ],
)
def test_a_period_is_read_in_its_form(
    connection: duckdb.DuckDBPyConnection, form: str, cell: str, expected: tuple[int, int | None]
) -> None:
    period = values.period("c", form)
    assert accepted(connection, period.reading, cell) == expected[0]
    year = Reading(period.reading.ok, period.year or "null", period.reading.problem)
    assert accepted(connection, year, cell) == expected[1]


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("yyyymm", "202414"),
        ("yyyymm", "202400"),
        ("yyyymm", "2024-12"),
        ("yyyy-mm", "202412"),
        ("month yyyy", "dec"),
        ("month yyyy", "dec 24"),
        ("month", "decimber"),
        ("mm", "0"),
        ("mm", "14"),
        ("mm", f"{NUMBER}1.5"),
    ],
)
def test_a_bad_period_is_refused(connection: duckdb.DuckDBPyConnection, form: str, cell: str) -> None:
    assert refused(connection, values.period("c", form).reading, cell) == "not_period"


def test_labels_keep_zeros_and_refuse_what_a_sheet_has_spoilt(connection: duckdb.DuckDBPyConnection) -> None:
    label = values.label("c")
    assert [accepted(connection, label, cell) for cell in ("A 0012", f"{NUMBER}17", f"{DATE}2024-04-30")] == [
        "A 0012",
        "17",
        "2024-04-30",
    ]
    assert [refused(connection, label, cell) for cell in ("1E+06", f"{NUMBER}1.5", f"{ERROR}#N/A", "x" * 201)] == [
        "scientific",
        "number_cell",
        "error",
        "long",
    ]


def test_words_are_read_whatever_their_case(connection: duckdb.DuckDBPyConnection) -> None:
    words = values.worded("c", {"Utfall": "actual", "Årsbudget": "budget"})
    assert [accepted(connection, words, cell) for cell in ("UTFALL", "årsbudget")] == ["actual", "budget"]
    assert refused(connection, words, "Prognos") == "word"


def test_whole_numbers_and_years(connection: duckdb.DuckDBPyConnection) -> None:
    assert [accepted(connection, values.whole_number("c"), cell) for cell in ("007", f"{NUMBER}3")] == [7, 3]
    assert [refused(connection, values.whole_number("c"), cell) for cell in ("0", "1,5", "-1", f"{NUMBER}1.5")] == [
        "whole"
    ] * 4
    assert accepted(connection, values.whole_number("c", year=True), "2024") == 2024
    assert refused(connection, values.whole_number("c", year=True), "24") == "year"
