"""A draft of bindings: sure where value, place and row agree, open with candidates where they do not."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from bokslut.proof.bind import DRAFT_COLUMNS, Draft, draft_bindings
from bokslut.proof.bindings import COLUMNS, Figure, read_sidecar
from bokslut.proof.exemptions import Rule
from bokslut.proof.reader import build_document

YEAR = 2024
RULES = [Rule("year", "(?P<n>20[0-9]{2})", "a year"), Rule("code", r"(?m)^(?P<n>[0-9]{2}) [A-Z]", "a code")]
NAMES = {
    "operating/45": "Gymnasieskola",
    "operating/53": "Färdtjänst",
    "project/bron": "Sågbron; Bron",
    "investment/bron": "Sågbron; Bron",
    "indicator/fibre/kommunen": "Hushåll med fiber ; Kommunen",
}
AMOUNTS = {
    "operating/45/actual": -3022,
    "operating/45/budget": -3184,
    "operating/45/variance": 162,
    "operating/53/actual": -3968,
    "operating/53/budget": -4100,
    "operating/53/variance": 132,
    "investment/bron/variance": -6500,
    "project/bron/forecast_variance": -6500,
    "project/bron/total_budget": -60000,
}
TEXT = """Driftredovisning 2024, tkr

Verksamhet Utfall Budget Avvikelse
45 Gymnasieskola -3 022 -3 184 162
53 Färdtjänst -3 968 -4 100 132

Investeringar

Sågbron beräknas kosta 6,5 mkr mer än väntat. I december bodde 4 711 personer i tätorten.

Andelen hushåll med fiber i kommunen var 63,7 procent 2022.
"""


@pytest.fixture(scope="module")
def draft() -> Draft:
    figures = {(key, YEAR): Figure(Decimal(tkr) * 1000, "sek") for key, tkr in AMOUNTS.items()}
    figures["indicator/fibre/kommunen", 2022] = Figure(Decimal("63.7"), "percent")
    figures["indicator/fibre/kommunen", 2023] = Figure(Decimal("69.0"), "percent")
    return draft_bindings(build_document("text", TEXT), "a-report", YEAR, RULES, figures, NAMES)


@pytest.fixture(scope="module")
def rows(draft: Draft) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(draft.text)))


def test_columns_are_those_of_the_seed_and_the_candidates(draft: Draft) -> None:
    seed = Path(__file__).resolve().parents[2] / "seeds" / "board" / "control" / "printed_figures.csv"
    header = seed.read_text(encoding="utf-8").splitlines()[0]
    assert ",".join(COLUMNS) == header
    assert draft.text.splitlines()[0] == f"{header},candidates"
    assert DRAFT_COLUMNS[-1] == "candidates"


def test_cells_are_split_and_bound_by_value_row_and_column(rows: list[dict[str, str]]) -> None:
    assert [(row["printed"], row["figure_key"]) for row in rows[:6]] == [
        ("-3 022", "operating/45/actual"),
        ("-3 184", "operating/45/budget"),
        ("162", "operating/45/variance"),
        ("-3 968", "operating/53/actual"),
        ("-4 100", "operating/53/budget"),
        ("132", "operating/53/variance"),
    ]
    assert {(row["unit"], row["scale"], row["sign"], row["decimals"]) for row in rows[:6]} == {
        ("sek", "1000", "1", "0")
    }
    assert rows[0]["place"] == "45 Gymnasieskola"


def test_two_figures_of_one_value_are_left_open_with_both(rows: list[dict[str, str]]) -> None:
    row = rows[6]
    assert (row["printed"], row["figure_key"]) == ("6,5", "")
    assert set(row["candidates"].split(" | ")) == {"investment/bron/variance", "project/bron/forecast_variance"}


def test_what_no_figure_says_is_left_open(rows: list[dict[str, str]]) -> None:
    assert (rows[7]["printed"], rows[7]["figure_key"], rows[7]["candidates"]) == ("4 711", "", "")


def test_a_figure_of_another_year_names_its_year(rows: list[dict[str, str]]) -> None:
    assert (rows[8]["printed"], rows[8]["figure_key"], rows[8]["fiscal_year"]) == (
        "63,7",
        "indicator/fibre/kommunen",
        "2022",
    )
    assert (rows[8]["unit"], rows[8]["decimals"]) == ("percent", "1")


def test_the_counts_of_the_draft(draft: Draft) -> None:
    assert (draft.numerals, draft.suggested, draft.with_candidates) == (9, 7, 1)
    assert "9 numerals: 7 with a figure, 1 left open" in draft.summary("report.draft.csv")


def test_a_draft_can_be_read_as_a_sidecar(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "report.txt.figures.csv"
    path.write_text(draft.text, encoding="utf-8")
    assert [binding.printed for binding in read_sidecar(path, YEAR)][:3] == ["-3 022", "-3 184", "162"]
