"""The printed form of a figure: rounded half away from zero, read back to the same number, one rule with the macro."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.proof.formatting import WORD_VALUES, parse_printed, printed_form, rounded, typeset, word_for

REPOSITORY = Path(__file__).resolve().parents[2]

# what decimal(28, 6) holds
values = st.decimals(min_value=-(10**15), max_value=10**15, places=6, allow_nan=False, allow_infinity=False)
scales = st.sampled_from([1, 1000, 1_000_000])
decimals = st.integers(min_value=0, max_value=3)
signs = st.sampled_from([1, -1])


def half_away_from_zero(value: Decimal, scale: int, places: int) -> Fraction:
    """The rule in whole numbers: the magnitude times the unit, plus a half, cut off."""
    magnitude = abs(Fraction(value)) / scale * 10**places
    units = (2 * magnitude.numerator + magnitude.denominator) // (2 * magnitude.denominator)
    return Fraction(units if value >= 0 else -units, 10**places)


@settings(deadline=None)
@given(values, scales, decimals, signs)
def test_rounds_half_away_from_zero(value: Decimal, scale: int, places: int, sign: int) -> None:
    assert Fraction(rounded(value, scale, places, sign)) == half_away_from_zero(value * sign, scale, places)


@settings(deadline=None)
@given(values, scales, decimals, signs)
def test_printed_form_reads_back_as_the_rounded_value(value: Decimal, scale: int, places: int, sign: int) -> None:
    printed = printed_form(value, scale, places, sign)
    assert parse_printed(printed) == rounded(value, scale, places, sign)
    assert parse_printed(typeset(printed)) == parse_printed(printed)
    assert len(printed.partition(",")[2]) == places


@settings(deadline=None)
@given(values, scales, decimals)
def test_a_turned_sign_changes_nothing_but_the_minus(value: Decimal, scale: int, places: int) -> None:
    printed, turned = printed_form(value, scale, places), printed_form(value, scale, places, -1)
    assert printed.lstrip("-") == turned.lstrip("-")
    assert printed.startswith("-") + turned.startswith("-") == (parse_printed(printed) != 0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(values, scales, decimals), min_size=20, max_size=20))
def test_the_sql_macro_rounds_alike(cases: list[tuple[Decimal, int, int]]) -> None:
    source = (REPOSITORY / "macros" / "rounded.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, no page
    sql = environment.from_string(source + "{{ rounded('value', 'scale', 'decimals') }}").render()
    rows = ", ".join(f"({value}::decimal(28, 6), {scale}, {places})" for value, scale, places in cases)
    with duckdb.connect() as connection:
        found = connection.execute(f"select {sql} from (values {rows}) as cases(value, scale, decimals)").fetchall()
    assert [number for (number,) in found] == [rounded(value, scale, places) * scale for value, scale, places in cases]


@pytest.mark.parametrize(
    ("value", "scale", "places", "printed"),
    [
        ("-12508000", 1000, 0, "-12 508"),
        ("-12508000", 1_000_000, 1, "-12,5"),
        ("-12550000", 1_000_000, 1, "-12,6"),
        ("12500", 1000, 0, "13"),
        ("-12500", 1000, 0, "-13"),
        ("499.99", 1000, 0, "0"),
        ("-499.99", 1000, 0, "0"),
        ("-500", 1000, 0, "-1"),
        ("0", 1000, 0, "0"),
        ("0", 1, 2, "0,00"),
        ("126342000", 1, 0, "126 342 000"),
        ("999999.5", 1, 0, "1 000 000"),
        ("69", 1, 1, "69,0"),
        ("2.125", 1, 2, "2,13"),
    ],
)
def test_known_forms(value: str, scale: int, places: int, printed: str) -> None:
    assert printed_form(Decimal(value), scale, places) == printed


def test_three_thirds_are_shown_as_they_are() -> None:
    third = Decimal("333333.333333")
    assert [printed_form(third, 1000)] * 3 == ["333", "333", "333"]
    assert printed_form(3 * third, 1000) == "1 000"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        rounded(Decimal(value))


@pytest.mark.parametrize(
    "text", ["", "-", "1.5", "1 23", "12 3456", "1,", ",5", "1,5,2", "1e3", "tre", "1 000 tkr", "٣"]
)
def test_what_is_no_printed_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a printed number"):
        parse_printed(text)


def test_words_follow_the_capital_of_the_word_that_stands_there() -> None:
    assert word_for(Decimal(4), "tre") == "fyra"
    assert word_for(Decimal("4.000000"), "Tre") == "Fyra"
    assert word_for(Decimal(13), "tre") is None
    assert word_for(Decimal("3.5"), "tre") is None
    assert word_for(Decimal(-1), "tre") is None


def test_the_words_of_the_warehouse_are_known() -> None:
    with (REPOSITORY / "seeds" / "reference" / "number_words.csv").open(encoding="utf-8") as file:
        words = {row["word"]: int(row["value"]) for row in csv.DictReader(file)}
    assert words
    assert {word: WORD_VALUES.get(word) for word in words} == words
