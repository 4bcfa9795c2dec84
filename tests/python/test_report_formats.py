"""Numbers in Swedish: what each format prints, in which unit, and what Excel is told. Rounding is the proof's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.proof.formatting import parse_printed, printed_form, rounded, typeset
from bokslut.report.document import Number
from bokslut.report.formats import FormatError, excel_format, fit, read_format, show_date, show_figure

NAMES = [f"{kind}{decimals}" for kind in ("num", "pct", "sek") for decimals in ("", 0, 1, 2, 3, 4)]
SCALED = [f"{kind}{decimals}{scale}" for kind in ("num", "sek") for decimals in ("", 0, 1, 2) for scale in "km"]
UNITS = ("sek", "percent", "percentage_points", "index", "count", "year", "rank")
VALUES = st.decimals(-(10**22), 10**22, places=6)


def shown(value: str, unit: str, form: str, *, turn: bool = False) -> str:
    number = show_figure(Decimal(value), unit, read_format(form), "a/b/c", 2024, turn=turn)
    return number.printed + number.suffix


@pytest.mark.parametrize(
    ("value", "unit", "form", "printed"),
    [
        ("-12508000", "sek", "sek0k", "\u221212\u00a0508\u00a0tkr"),
        ("-13050499.99", "sek", "sek0k", "\u221213\u00a0050\u00a0tkr"),
        ("-500", "sek", "sek0k", "\u22121\u00a0tkr"),
        ("499.99", "sek", "sek0k", "0\u00a0tkr"),
        ("-499.99", "sek", "sek0k", "0\u00a0tkr"),
        ("186560000", "sek", "sek1m", "186,6\u00a0mnkr"),
        ("186560000", "sek", "sek2m", "186,56\u00a0mnkr"),
        ("1234567.5", "sek", "sek0", "1\u00a0234\u00a0568\u00a0kr"),
        ("1234567.5", "sek", "sek2", "1\u00a0234\u00a0567,50\u00a0kr"),
        ("1234567", "sek", "num0", "1\u00a0234\u00a0567"),
        ("1234567", "sek", "num1k", "1\u00a0234,6\u00a0tusen"),
        ("1234567", "count", "num1m", "1,2\u00a0miljoner"),
        ("7.45", "percent", "pct1", "7,5\u00a0%"),
        ("-7.45", "percent", "pct1", "\u22127,5\u00a0%"),
        ("100", "percent", "pct0", "100\u00a0%"),
        ("1000", "count", "num0", "1\u00a0000"),
        ("1500", "sek", "auto", "2\u00a0tkr"),
        ("7.50", "percent", "auto", "7,5\u00a0%"),
        ("7.00", "percent", "auto", "7\u00a0%"),
        ("7.456", "percent", "auto", "7,46\u00a0%"),
        ("1.2", "percentage_points", "auto", "1,2\u00a0procentenheter"),
        ("81.25", "index", "auto", "81,25"),
        ("18", "count", "auto", "18"),
        ("3.5", "of another unit", "auto", "3,5"),
    ],
)
def test_numbers_are_printed_in_swedish(value: str, unit: str, form: str, printed: str) -> None:
    assert shown(value, unit, form) == printed


def test_a_turned_number_says_so_to_the_proof() -> None:
    number = show_figure(Decimal(-13_050_000), "sek", read_format("sek0k"), "a/b/c", 2024, turn=True)
    assert (number.printed, number.sign, number.value) == ("13\u00a0050", -1, Decimal(-13_050_000))


def test_nothing_known_is_a_dash_without_a_unit() -> None:
    assert show_figure(None, "sek", read_format("sek0k"), "a/b/c", 2024) == Number("–")


def test_a_head_may_carry_the_unit() -> None:
    number = show_figure(Decimal(1000), "sek", read_format("sek0k"), "a/b/c", 2024, has_suffix=False)
    assert (number.printed, number.suffix, number.unit, number.scale) == ("1", "", "sek", 1000)


@given(VALUES, st.sampled_from(UNITS), st.sampled_from([*NAMES, *SCALED, "auto"]), st.booleans())
def test_what_is_printed_is_what_the_proof_expects(value: Decimal, unit: str, name: str, turn: bool) -> None:
    form = read_format(name)
    try:
        number = show_figure(value, unit, form, "a/b/c", 2024, turn=turn)
    except FormatError:
        assert (form.kind == "sek" and unit != "sek") or (form.kind == "pct" and unit != "percent")
        return
    assert form.kind in ("num", "auto") or (form.kind == "sek") == (unit == "sek")
    assert number.printed == typeset(printed_form(value, number.scale, number.decimals, number.sign))
    assert parse_printed(number.printed) == rounded(value, number.scale, number.decimals, number.sign)
    assert not set(number.printed) & set(" -."), "signs of print alone"
    assert number.value == value, "a value is shown, never changed"


@pytest.mark.parametrize("name", ["", "sek0K", "sek5", "usd0k", "pct1k", "num0x", "0", "sek-1", "auto0", "tkr"])
def test_an_unknown_format_names_the_known_ones(name: str) -> None:
    with pytest.raises(FormatError, match=r"known are num0, .*sek0k"):
        read_format(name)


@pytest.mark.parametrize(
    ("form", "unit"), [("sek0k", "percent"), ("sek0", "count"), ("pct1", "sek"), ("pct1", "index"), ("pct0", "count")]
)
def test_a_format_of_another_unit_is_refused(form: str, unit: str) -> None:
    with pytest.raises(FormatError, match=f"the figure is in {unit}"):
        fit(read_format(form), unit, Decimal(1))


@pytest.mark.parametrize(
    ("unit", "value", "form", "excel"),
    [
        ("sek", "1000", "sek0k", "#,##0"),
        ("sek", "1000.50", "sek0k", "#,##0.00"),
        ("year", "2024", "auto", "0"),
        ("percent", "7.5", "pct1", '0.0" %"'),
        ("percent", "7.5", "pct0", '0" %"'),
        ("count", "18", "num0", "#,##0"),
        ("index", "81.25", "num2", "#,##0.00"),
    ],
)
def test_excel_shows_a_value_in_its_own_unit(unit: str, value: str, form: str, excel: str) -> None:
    assert excel_format(unit, Decimal(value), read_format(form)) == excel


def test_a_date_is_words() -> None:
    assert show_date(date(2023, 6, 19)) == "19\u00a0juni 2023"
    assert show_date(date(2024, 12, 1)) == "1\u00a0december 2024"
