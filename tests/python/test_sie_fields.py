"""A line of a SIE file is split as the specification wants it, and the fast way reads what the exact one does."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.sie.fields import Field, ore, pairs, split_fields, split_values
from bokslut.intake.sie.lines import TransactionFields, cut, exact_transaction, usual_ore
from bokslut.intake.sie.numbers import NumberSet, VoucherNumbers
from bokslut.intake.sie.trouble import FieldError


@pytest.mark.parametrize(
    ("line", "label", "fields"),
    [
        ("#KONTO 1915 Kassa", "#KONTO", ("1915", "Kassa")),
        ('  \t#KONTO\t1915 \t "Kassa ett"  ', "#KONTO", ("1915", "Kassa ett")),
        ('#KONTO 1915 "Kassa \\"special\\""', "#KONTO", ("1915", 'Kassa "special"')),
        ('#KONTO 1915 Kassa\\"s', "#KONTO", ("1915", 'Kassa"s')),
        ('#KONTO 1915 "C:\\temp"', "#KONTO", ("1915", "C:\\temp")),
        ('#KONTO 1915 "a\\\\"b"', "#KONTO", ("1915", 'a\\"b')),
        ('"#KONTO" "1915" ""', "#KONTO", ("1915", "")),
        ('#TRANS 7010 {"1" "456" "7" "47"} 13200.00', "#TRANS", ("7010", ("1", "456", "7", "47"), "13200.00")),
        ("#TRANS 1910{ }-5", "#TRANS", ("1910", (), "-5")),
        ('#TRANS 1910 {1 "a}{ b"} 5 "" "{x}"', "#TRANS", ("1910", ("1", "a}{ b"), "5", "", "{x}")),
        ("#KSUMMA", "#KSUMMA", ()),
    ],
)
def test_a_line_is_split_into_label_and_fields(line: str, label: str, fields: tuple[Field, ...]) -> None:
    assert split_fields(line) == (label, fields)


@pytest.mark.parametrize(
    "line", ['#A "x', '#A "x\\"', '#A "x"y', '#A x"y', "#A {1", "#A {1 {2}}", "#A }", "#A \x01", "# x", "#a"]
)
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(FieldError):
        split_fields(line)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("-0", 0), ("1", 100), ("-1.5", -150), ("00.05", 5), ("9999999999999999.99", 10**18 - 1)],
)
def test_amounts(text: str, amount: int) -> None:
    assert ore(text) == amount


@pytest.mark.parametrize(
    "text", ["", "1.", ".5", "1.234", "1,5", "1e5", "+1", "- 1", "1 000", "٣", "10000000000000000", "9" * 40]
)
def test_other_forms_of_an_amount_are_refused(text: str) -> None:
    with pytest.raises(FieldError):
        ore(text)


def usual(line: str) -> TransactionFields | None:
    """What the fast way makes of a line; None where it leaves it to the exact one."""
    ((_, account, listed, _, whole, cents, day, quoted, bare, _),) = cut(line + "\n")
    if not account:
        return None
    objects = pairs(split_values(listed))
    return TransactionFields(account, objects, usual_ore(whole, cents), day.strip('"'), quoted or bare)


def exact(line: str) -> TransactionFields:
    label, fields = split_fields(line.removesuffix("\r"))
    assert label == "#TRANS"
    return exact_transaction(fields)


PIECES = [
    *(
        "#TRANS",
        " ",
        "\t",
        "  ",
        "{",
        "}",
        '"',
        "\\",
        '\\"',
        "1910",
        "-",
        "5",
        ".",
        "50",
        "12.34",
        "20240115",
        "20241399",
    ),
    *(
        "1",
        '"1"',
        '"a b"',
        "åäö",
        '""',
        "x",
        "1234567890123456",
        "\r",
        "\x07",
        "{1 2}",
        '{1 "2" 6 "P}"}',
        " {} ",
        "\u00a0",
    ),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_what_the_fast_way_takes_it_reads_as_the_exact_one(pieces: list[str]) -> None:
    assert_alike("#TRANS 1910 " + "".join(pieces))


@pytest.mark.parametrize(
    "line",
    [
        '#TRANS 1910 {} 5 "" "a\x7fb"',
        '#TRANS 1910 {} 5 "" "x" "y\x7f"',
        '#TRANS 1910 {1 "a\x7f"} 5',
        '#TRANS 1910 {1 "a\tb"} 5',
        '#TRANS 1910 {1\t"a"\t6 "b"}\t5',
        '#TRANS 1910 {1 "a} 5 "" x" } 7',
        '#TRANS 1910 {1 "a"b"} 5',
        '#TRANS 1910 {1 a"} 5',
        '#TRANS "1910" {} "5.5" "20240115" ord mer mer',
        '#TRANS "1910 {} 5',
        "#TRANS 1910 {} 5 20240115x",
        "#TRANS 1910 {} 5.",
    ],
)
def test_lines_close_to_the_usual_are_read_as_the_exact_way_reads_them(line: str) -> None:
    assert_alike(line)


def assert_alike(line: str) -> None:
    """What the fast way takes, the exact one reads as the same or refuses as well."""
    try:
        fast = usual(line)
    except FieldError:
        with pytest.raises(FieldError):
            exact(line)
        return
    if fast is not None:
        try:
            assert exact(line) == fast
        except FieldError as error:  # the day is looked up later, with its fiscal year
            assert error.field == "date"


TEXT = st.text('"\\{}# ab0,-åäöÅÄÖé', max_size=12)


def as_field(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


@settings(max_examples=400, deadline=None)
@given(
    st.from_regex(r"\A[0-9]{1,6}\Z").filter(str.isascii),
    st.lists(st.tuples(st.integers(1, 99), TEXT.filter(lambda text: not text.endswith("\\"))), max_size=3),
    st.integers(-(10**14), 10**14),
    st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)),
    TEXT.filter(lambda text: not text.endswith("\\")),
    st.sampled_from([" ", "\t", "  "]),
)
def test_a_transaction_as_written_is_read_alike(
    account: str, objects: list[tuple[int, str]], amount: int, day: datetime.date | None, text: str, blank: str
) -> None:
    listed = blank.join(f"{number} {as_field(code)}" for number, code in objects)
    money = f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"
    date_text = day.strftime("%Y%m%d") if day else ""
    line = blank.join(["#TRANS", account, "{" + listed + "}", money, date_text or '""', as_field(text)])
    coded = tuple((number, code.strip()) for number, code in objects if code.strip())
    expected = TransactionFields(account, coded, amount, date_text, text)
    assert exact(line) == expected
    fast = usual(line)
    assert fast in (None, expected)
    if "\\" not in line and not any("{" in code or "}" in code for _, code in objects):
        assert fast == expected


@given(st.lists(st.integers(0, 60)))
def test_a_set_of_numbers_is_a_set(numbers: list[int]) -> None:
    seen, ranges = set[int](), NumberSet()
    for number in numbers:
        assert ranges.add(number) == (number not in seen)
        seen.add(number)


def test_an_unbroken_series_takes_no_room() -> None:
    ranges = NumberSet()
    for number in range(10_000):
        ranges.add(number)
    assert ranges.room == 1
    for number in (10_001, 10_002, 10_000):
        ranges.add(number)
    assert ranges.room == 1


def test_voucher_numbers_of_every_form() -> None:
    numbers = VoucherNumbers()
    forms = [("A", "1"), ("A", "01"), ("B", "1"), ("A", "1b"), ("A", "²"), ("A", "٣"), ("A", "3")]
    assert all(numbers.add(series, "20240101", number) for series, number in forms)
    assert not any(numbers.add(series, "20240101", number) for series, number in forms)
