"""Targets, outcomes and statuses in the words of planning systems, and what is refused."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.intake.sheets.files import ERROR, NUMBER
from bokslut.intake.sheets.targets import FORMS, STATUSES, Target, read_outcome, read_status, read_target

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "comparator", "value"),
    [
        ("80 eller högre", "at_least", "80"),
        ("80 % eller mer", "at_least", "80"),
        ("minst 20", "at_least", "20"),
        ("Minst 95,5 %", "at_least", "95.5"),
        ("≥ 80", "at_least", "80"),
        (">=80", "at_least", "80"),
        ("högst 7", "at_most", "7"),
        ("max 7,00 procent", "at_most", "7.00"),
        ("7 eller lägre", "at_most", "7"),
        ("≤7", "at_most", "7"),
        ("över 20", "above", "20"),
        ("> 20", "above", "20"),
        ("mer än 1 000", "above", "1000"),
        ("< 5,00", "below", "5.00"),
        ("under 5", "below", "5"),
        ("lägre än −2,5", "below", "-2.5"),
        ("lika med 100", "equal_to", "100"),
        ("= 100 %", "equal_to", "100"),
        ("bland de 25 % bästa", "rank_within", "25"),
        ("bland de bästa 25 procenten", "rank_within", "25"),
    ],
)
def test_a_target_is_its_comparator_and_its_value(text: str, comparator: str, value: str) -> None:
    assert read_target(text) == Target(comparator, Decimal(value))


def test_last_years_outcome_can_be_the_target() -> None:
    assert read_target("Minst samma som föregående år") == Target("at_least_previous", None)


def test_no_target_is_no_target_and_never_zero() -> None:
    assert read_target(None) is None
    assert read_target(None, default="at_least") is None
    assert read_outcome(None) is None
    assert read_target("minst 0") == Target("at_least", Decimal(0))


@pytest.mark.parametrize("text", ["100", f"{NUMBER}100", "2,12 %"])
def test_a_bare_number_is_a_target_only_with_a_comparator_declared(text: str) -> None:
    with pytest.raises(ValueError, match="what is good"):
        read_target(text)
    target = read_target(text, default="at_most")
    assert target is not None
    assert target.comparator == "at_most"


@pytest.mark.parametrize(
    "text", ["80-90", "öka", "minst åttio", "minst", "minst 80 och högst 90", "80 eller", "-", "0", "5 <", "minst 1.5"]
)
def test_a_target_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_target(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("77", "77"), ("2,12 %", "2.12"), ("−3,5", "-3.5"), ("1 234,5", "1234.5"), (f"{NUMBER}4.42", "4.42"), ("0", "0")],
)
def test_an_outcome_is_its_number(text: str, expected: str) -> None:
    assert read_outcome(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["saknas", "< 5", "1.5", "1,2E+05", f"{ERROR}#N/A", "77 (76)", "nan", "1 23"])
def test_an_outcome_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_outcome(text)


def test_a_share_of_a_number_cell_is_percent_and_a_text_is_as_it_stands() -> None:
    assert read_outcome(f"{NUMBER}0.0212", share=True) == Decimal("2.12")
    assert read_outcome("2,12 %", share=True) == Decimal("2.12")
    assert read_target(f"{NUMBER}0.8", default="at_least", share=True) == Target("at_least", Decimal("80"))


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2))
def test_an_outcome_round_trips(value: Decimal) -> None:
    text = f"{value:f}".replace(".", ",")
    assert read_outcome(text) == value
    assert read_target(f"{text} eller högre") == Target("at_least", value)
    assert read_outcome(text.replace(",", "."), decimal=".") == value


def test_statuses_are_those_of_the_house() -> None:
    assert [read_status(text) for text in ("Uppfyllt", "Delvis uppfyllt", "EJ  UPPFYLLT", None)] == [
        "met",
        "partly_met",
        "not_met",
        None,
    ]
    with pytest.raises(ValueError, match="expected"):
        read_status("Grön")
    assert set(STATUSES.values()) <= {row["status"] for row in rows("statuses")}


def test_every_comparator_stands_in_the_reference_seed() -> None:
    known = {row["comparator"] for row in rows("comparators")}
    assert {*FORMS, "at_least_previous"} <= known


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / f"seeds/reference/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
