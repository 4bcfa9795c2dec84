"""From a figure to its vouchers: what is asked for comes back, what it adds up to, and no text unless asked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from import_desk import Desk, posting, voucher

PERSON = "Ersättning till en viss person"
LEDGER = [
    *voucher("1", posting("5010", "100.50", "20", text=PERSON, ansvar="11"), posting("1930", "-100.50")),
    *voucher("2", posting("3010", "-40.25", "20", motpart="5"), posting("1930", "40.25"), period=3, booked_on=None),
    *voucher("3", posting("4010", "7.00", "30", project="vag"), posting("1930", "-7.00"), period=3, booked_on=None),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    result = desk.bring_in(str(desk.parquet("ledger.parquet", LEDGER)))
    assert result.exit_code == 0, result.output
    return desk


def found(desk: Desk, *arguments: str) -> list[dict[str, str]]:
    target = desk.path / "found.csv"
    desk.run("vouchers", *arguments, "--csv", str(target))
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("arguments", "amounts"),
    [
        (("--activity", "20"), ["100.50", "-40.25"]),
        (("--activity", "20", "--period", "3"), ["-40.25"]),
        (("--account", "4"), ["7.00"]),
        (("--account", "40", "--project", "vag"), ["7.00"]),
        (("--voucher", "2"), ["40.25", "-40.25"]),
        (("--board", "TN", "--organisation", "9999", "--year", "2024", "--account", "3010"), ["-40.25"]),
        (("--board", "KS"), []),
        (("--scenario", "budget"), []),
    ],
)
def test_what_is_asked_for_comes_back(desk: Desk, arguments: tuple[str, ...], amounts: list[str]) -> None:
    assert sorted(row["amount"] for row in found(desk, *arguments)) == sorted(amounts)


def test_the_net_is_what_the_mart_would_say(desk: Desk) -> None:
    result = desk.run("vouchers", "--activity", "20")
    assert "2 postings: debit 100.50, credit 40.25 kronor" in result.output
    assert "income positive: -60.25 kronor" in result.output


def test_an_investment_is_no_part_of_the_operating_net(desk: Desk) -> None:
    assert "income positive" not in desk.run("vouchers", "--activity", "30").output


def test_texts_are_shown_only_when_asked_for(desk: Desk) -> None:
    assert PERSON not in desk.run("vouchers", "--activity", "20").output
    assert "text" not in found(desk, "--activity", "20")[0]
    assert found(desk, "--activity", "20", "--texts")[0]["text"] == PERSON


def test_what_is_not_shown_is_counted(desk: Desk) -> None:
    result = desk.run("vouchers", "--limit", "1")
    assert "6 postings, 5 of them not shown (--limit, --csv)" in result.output


def test_nothing_found_exits_1(desk: Desk) -> None:
    result = desk.run("vouchers", "--activity", "99")
    assert result.exit_code == 1
    assert "No posting in data is like that." in result.output


def test_nothing_imported_exits_2(tmp_path: Path) -> None:
    result = Desk.at(tmp_path).run("vouchers", "--activity", "20")
    assert result.exit_code == 2
    assert "import a ledger with `bokslut import`" in result.output


def test_a_narrow_screen_cuts_no_figure_and_no_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    output = desk.run("vouchers", "--texts").output
    assert "…" not in output
    for whole in ("2024-01-31", "-100.50", "5010", "Ersättning"):
        assert whole in output
