"""The generator of the example: the same bytes each time, vouchers that balance, totals that add up, no person."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from bokslut.intake.declarations import read_declarations
from bokslut.intake.personal import identity_numbers
from bokslut.intake.seeds import check_seeds
from bokslut.intake.sheets.profile import read_profile
from bokslut.intake.sie.dimensions import load_dimension_map
from bokslut.intake.sie.reader import SieOptions, SieSummary, read_sie
from examples.example import LEDGERS, imports
from examples.generate import RECEIVED, SEED, SEEDS, example, write
from examples.ledger import Voucher, vouchers
from examples.municipality import ACCOUNTS, BOARDS, YEAR_END_SERIES, YEARS
from examples.totals import is_investment, is_operating
from project import REPOSITORY

REFERENCE = REPOSITORY / "seeds/reference"
GLOSSARY = REPOSITORY / "models/glossary.md"
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def files() -> Files:
    return example(SEED, REFERENCE, GLOSSARY)


@pytest.fixture(scope="module")
def totals(files: Files) -> dict[str, list[dict[str, Any]]]:
    return json.loads(files["totals.json"])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def ledgers() -> dict[tuple[str, int], tuple[Voucher, ...]]:
    return {(board.board_id, year): vouchers(board, year, SEED) for board in BOARDS for year in YEARS}


def sie(content: bytes, tmp_path: Path) -> tuple[list[dict[str, Any]], SieSummary]:
    """The postings of a SIE file, and what the reader says of it."""
    path = tmp_path / "ledger.se"
    path.write_bytes(content)
    mapping = load_dimension_map(REFERENCE / "sie_dimensions.csv")
    reading = read_sie(path, SieOptions(mapping, year_end_series=frozenset({YEAR_END_SERIES})))
    rows = [row for batch in reading.batches() for row in batch.to_pylist()]
    return rows, reading.summary()


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(files: Files) -> None:
    assert example(SEED, REFERENCE, GLOSSARY) == files
    other = example(SEED + 1, REFERENCE, GLOSSARY)
    assert other.keys() == files.keys()
    assert other["received/ledger-KS-2024.se"] != files["received/ledger-KS-2024.se"]


def test_every_voucher_balances_and_has_its_number_once(ledgers: Mapping[tuple[str, int], tuple[Voucher, ...]]) -> None:
    assert sum(len(each) for each in ledgers.values()) > 3000
    for place, each in ledgers.items():
        assert [voucher for voucher in each if sum(line.ore for line in voucher.lines)] == []
        assert [voucher for voucher in each if any(not line.ore for line in voucher.lines)] == []
        numbers = Counter((voucher.series, voucher.number) for voucher in each)
        assert set(numbers.values()) == {1}, place
        assert {voucher.date.year for voucher in each} == {place[1]}
        assert {voucher.period for voucher in each} == set(range(1, 14))
        assert all((voucher.period == 13) == (voucher.series == YEAR_END_SERIES) for voucher in each)


def test_lines_are_coded_as_a_municipality_codes_them(
    ledgers: Mapping[tuple[str, int], tuple[Voucher, ...]],
) -> None:
    lines = [line for each in ledgers.values() for voucher in each for line in voucher.lines]
    assert {line.account for line in lines} <= set(ACCOUNTS)
    assert all(line.activity and line.ansvar for line in lines if is_operating(line.account))
    assert all(line.project for line in lines if is_investment(line.account))
    assert not any(line.activity for line in lines if line.account[0] in "12")
    assert any(line.motpart == "13" for line in lines)


def test_what_one_board_pays_another_for_premises_is_what_the_other_gets(
    ledgers: Mapping[tuple[str, int], tuple[Voucher, ...]],
) -> None:
    for year in YEARS:
        internal = [
            line.ore
            for board in BOARDS
            for voucher in ledgers[board.board_id, year]
            for line in voucher.lines
            if line.motpart in ("11", "12", "13") and is_operating(line.account)
        ]
        assert len(internal) > 100
        assert sum(internal) == 0


def test_totals_add_up(totals: Mapping[str, list[dict[str, Any]]]) -> None:
    months: Counter[tuple[object, ...]] = Counter()
    budget: Counter[tuple[object, ...]] = Counter()
    for each in totals["months"]:
        key = (each["board_id"], each["fiscal_year"], each["activity_code"])
        months[key] += each["actual_net"]
        budget[key] += each["budget_net"]
    for each in totals["activities"]:
        key = (each["board_id"], each["fiscal_year"], each["activity_code"])
        assert each["actual_net"] == each["actual_revenue"] + each["actual_cost"] == months[key]
        assert each["budget_net"] == budget[key]
    assert all(each["debit"] == each["credit"] for each in totals["ledgers"])
    assert all(each["cost_to_date"] <= each["actual"] < 0 for each in totals["projects"])


def test_the_totals_in_csv_are_those_in_json(files: Files, totals: Mapping[str, list[dict[str, Any]]]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["totals.csv"].decode())))
    nets = {
        (row["board_id"], int(row["fiscal_year"]), row["key"]): int(row["ore"])
        for row in rows
        if row["of"] == "activity" and row["measure"] == "actual_net"
    }
    assert nets == {
        (each["board_id"], each["fiscal_year"], each["activity_code"]): each["actual_net"]
        for each in totals["activities"]
    }


@pytest.mark.parametrize("board", [board.board_id for board in BOARDS])
def test_the_sie_files_are_read_without_a_word_and_to_the_ore(
    board: str, files: Files, totals: Mapping[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    for each in totals["ledgers"]:
        if each["board_id"] != board:
            continue
        rows, summary = sie(files[f"received/ledger-{board}-{each['fiscal_year']}.se"], tmp_path)
        assert len(rows) == each["lines"]
        assert sum(row["amount"] for row in rows if row["amount"] > 0) == Decimal(each["debit"]) / 100
        assert {row["period"] for row in rows} == set(range(1, 14))
        assert (summary.encoding, summary.has_checksum) == ("cp437", True)
        assert not summary.unknown_labels
        assert not summary.undeclared_accounts
        assert summary.vouchers == each["vouchers"]


def test_the_opening_balances_are_the_closing_ones_of_the_year_before(files: Files, tmp_path: Path) -> None:
    _, earlier = sie(files["received/ledger-SBN-2023.se"], tmp_path)
    _, later = sie(files["received/ledger-SBN-2024.se"], tmp_path)
    closing = {each.account: each.amount for each in earlier.register.balances if each.kind == "UB"}
    result = sum(each.amount for each in earlier.register.balances if each.kind == "RES")
    opening = {each.account: each.amount for each in later.register.balances if each.kind == "IB"}
    closing["2010"] += result
    assert sum(opening.values()) == 0
    assert opening == {account: amount for account, amount in closing.items() if amount}


def test_the_excel_ledger_has_the_lines_of_the_sie_file(files: Files, tmp_path: Path) -> None:
    rows, _ = sie(files["received/ledger-KS-2024.se"], tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(files["received/ledger-KS-2024.xlsx"]), data_only=True)
    cells = list(book["Huvudbok"].iter_rows(min_row=5, values_only=True))
    assert cells[-1][0] == "Summa"
    told = [
        (row[0], row[1], str(row[5]), row[8] or "", Decimal(repr(row[11] or 0)) - Decimal(repr(row[12] or 0)))
        for row in cells[:-1]
    ]
    assert told == [
        (row["series"], row["voucher"], row["account"], row["activity"] or "", row["amount"]) for row in rows
    ]


def test_the_gate_takes_the_lists(files: Files, tmp_path: Path) -> None:
    write(tmp_path, files)
    assert check_seeds(read_declarations(REFERENCE), (REFERENCE, tmp_path / SEEDS)) == []


def test_a_second_run_leaves_nothing_of_the_first(files: Files, tmp_path: Path) -> None:
    write(tmp_path, files)
    (tmp_path / SEEDS / "old.csv").write_text("a\n", encoding="utf-8")
    write(tmp_path, files)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(files)


def test_no_text_holds_an_identity_number_or_a_digit(
    ledgers: Mapping[tuple[str, int], tuple[Voucher, ...]],
) -> None:
    texts = {voucher.text for each in ledgers.values() for voucher in each}
    assert len(texts) > 100
    assert [text for text in texts if re.search(r"\d", text) or list(identity_numbers(text))] == []


def test_the_municipality_has_a_name_and_code_that_none_has(files: Files) -> None:
    assert files["seeds/organisations.csv"].decode().splitlines()[1:] == ["9901,Björkvikens kommun,16"]


def test_every_received_file_is_imported_once(files: Files) -> None:
    received = {name for name in files if name.startswith(RECEIVED)}
    for ledger, suffix in LEDGERS.items():
        named = [
            argument for command in imports(Path(RECEIVED), ledger) for argument in command if RECEIVED in argument
        ]
        others = {name for name in received if "ledger-" in name and not name.endswith(suffix)}
        assert sorted(named) == sorted(received - others)


def test_the_profiles_are_of_the_form_that_imports_read() -> None:
    profiles = sorted((REPOSITORY / "examples/bjorkviken").glob("*.yml"))
    assert [read_profile(path).kind for path in profiles] == ["budget", "forecast", "goals", "ledger", "projects"]
