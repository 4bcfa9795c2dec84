"""Samples: totals that are exact, vouchers that balance, the same bytes twice, and a build like a board's own."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner
from typer.testing import Result as Ran

from bokslut.cli import app
from bokslut.intake.gate import check
from bokslut.intake.known import rows_of
from bokslut.intake.personal import identity_numbers
from bokslut.intake.postings import SCHEMA
from bokslut.intake.recheck import check_codes
from bokslut.proof.formatting import rounded
from bokslut.sample.cells import cells_of, segments_of
from bokslut.sample.chart import Classes
from bokslut.sample.draws import apportion
from bokslut.sample.fitting import Code, Printed, Result, fit_codes
from bokslut.sample.ledger import ledger_query, open_ledger
from bokslut.sample.model import BoardYear, Slot
from bokslut.sample.planned import budget_rows
from bokslut.sample.sums import sums
from bokslut.settings import Settings
from import_desk import Desk
from project import REPOSITORY, Workshop

SMALL = ("--lines", "1200", "--activities", "6", "--accounts", "12")
KEY = (
    "organisation_id", "board_id", "fiscal_year", "scenario", "version", "activity", "project", "account_class",
    "entry_class",
)  # fmt: skip
AMOUNTS = st.integers(-(10**9), 10**9)


def postings(folder: Path) -> Iterator[dict[str, Any]]:
    """All lines of a data folder."""
    with duckdb.connect() as connection:
        cursor = connection.execute(
            f"select * from read_parquet('{folder}/data/postings/*/*/*.parquet', hive_partitioning = false)"
        )
        names = [column[0] for column in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def by_key(lines: Iterator[dict[str, Any]]) -> dict[tuple[str, ...], tuple[int, Decimal]]:
    """Lines and sum by the key of totals.csv, classed by the lists of the project."""
    classes = Classes(rows_of([REPOSITORY / "seeds/reference"], "account_classes"))
    found: dict[tuple[str, ...], tuple[int, Decimal]] = {}
    for line in lines:
        account = classes.of(line["account"])
        key = tuple(str((account if name in account else line)[name] or "") for name in KEY)
        count, amount = found.get(key, (0, Decimal(0)))
        found[key] = (count + 1, amount + line["amount"])
    return found


def stated(folder: Path) -> dict[tuple[str, ...], tuple[int, Decimal]]:
    """What totals.csv says."""
    with (folder / "totals.csv").open(encoding="utf-8", newline="") as file:
        return {
            tuple(row[name] for name in KEY): (int(row["lines"]), Decimal(row["amount"]))
            for row in csv.DictReader(file)
        }


def as_read(folder: Path) -> list[str]:
    """Every posting with all that it says, in some order; a budget has no vouchers, though sheets number its rows."""
    lines = ({**line, "line": line["line"] if line["voucher"] else None} for line in postings(folder))
    return sorted(str([line[name] or None for name in SCHEMA.names]) for line in lines)


def bring_in(desk: Desk, name: str, *command: str) -> Ran:
    """Run an import as the sample says, with its lists and data."""
    places = {"BOKSLUT_SEEDS": f"{name}/lists", "BOKSLUT_DATA": f"{name}/data"}
    with chdir(desk.path):
        return CliRunner().invoke(app, command, env=places, catch_exceptions=False)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with two municipalities of two boards and years, made as Parquet in the folder parquet."""
    made = Desk.at(tmp_path_factory.mktemp("sample"))
    many = ("--municipalities", "2", "--boards", "2", "--years", "2", "--lines", "4000", "--activities", "6")
    result = made.run("sample", "parquet", *many, "--accounts", "12")
    assert result.exit_code == 0, result.output
    return made


def test_lines_add_up_to_the_totals_that_were_fixed_first(desk: Desk) -> None:
    folder = desk.path / "parquet"
    assert by_key(postings(folder)) == stated(folder)
    assert sum(count for count, _ in stated(folder).values()) == 4000


def test_the_gate_and_the_check_of_codes_accept_the_folder(desk: Desk) -> None:
    with chdir(desk.path):
        own = Settings(Path("seeds/reference"), Path("parquet/lists"), Path("parquet/data"), Path("warehouse.duckdb"))
        assert check(own) == []
        assert check_codes(own) == []


def test_records_say_what_an_import_would_have_counted(desk: Desk) -> None:
    counted: dict[tuple[str, ...], list[Any]] = {}
    for line in postings(desk.path / "parquet"):
        key = tuple(str(line[name]) for name in ("organisation_id", "board_id", "fiscal_year", "scenario", "period"))
        total = counted.setdefault(key, [0, Decimal(0), Decimal(0)])
        total[0] += 1
        total[1 if line["amount"] > 0 else 2] += abs(line["amount"])
    recorded = {}
    for path in (desk.path / "parquet/data/imports").glob("*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = tuple(row[name] for name in ("organisation_id", "board_id", "fiscal_year", "scenario", "period"))
                recorded[key] = [int(row["row_count"]), Decimal(row["debit"]), Decimal(row["credit"])]
                assert Decimal(row["balance"]) == Decimal(row["debit"]) - Decimal(row["credit"])
    assert recorded == counted


def test_files_are_sorted_as_an_import_sorts_them(desk: Desk) -> None:
    files = sorted((desk.path / "parquet/data/postings").rglob("organisation=*/*/*.parquet"))
    assert len(files) == 16
    columns = ", ".join(SCHEMA.names)
    with duckdb.connect() as connection:
        for file in files:
            read = f"select {columns} from read_parquet('{file}', hive_partitioning = false)"
            as_it_is = connection.execute(read).fetchall()
            assert as_it_is == connection.execute(f"{read} order by {columns}").fetchall(), file


def test_vouchers_balance_and_have_numbers_without_gaps(desk: Desk) -> None:
    balances: Counter[tuple[Any, ...]] = Counter()
    lines: dict[tuple[Any, ...], list[int]] = {}
    for line in postings(desk.path / "parquet"):
        if line["scenario"] == "actual":
            key = (line["organisation_id"], line["board_id"], line["fiscal_year"], line["voucher"])
            balances[key] += int(line["amount"] * 100)
            lines.setdefault(key, []).append(line["line"])
    assert set(balances.values()) == {0}
    assert all(own == list(range(1, len(own) + 1)) for own in map(sorted, lines.values()))
    numbers = sorted(int(key[3]) for key in lines if key[:3] == ("9001", "KS", 2024))
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_no_text_or_number_looks_like_an_identity_number(desk: Desk) -> None:
    for line in postings(desk.path / "parquet"):
        joined = " ".join(str(line[name] or "") for name in ("series", "voucher", "text", "account", "project"))
        assert not any(identity_numbers(joined)), joined


def test_the_same_arguments_give_the_same_bytes(desk: Desk) -> None:
    for name in ("first", "second", "other"):
        result = desk.run("sample", name, *SMALL, "--seed", "2" if name == "other" else "1")
        assert result.exit_code == 0, result.output
    first, second, other = (desk.files(name) for name in ("first", "second", "other"))
    assert first == second
    assert first["totals.csv"] != other["totals.csv"]


def test_a_board_is_the_same_whatever_stands_beside_it(desk: Desk) -> None:
    for name, more in (("alone", "1"), ("beside", "2")):
        lines = str(1200 * int(more))
        assert desk.run("sample", name, *SMALL, "--lines", lines, "--municipalities", more).exit_code == 0
    alone, beside = stated(desk.path / "alone"), stated(desk.path / "beside")
    assert alone == {key: row for key, row in beside.items() if key[0] == "9001"}


@pytest.mark.parametrize("form", ["sie", "csv", "excel"])
def test_received_files_are_imported_as_the_same_postings(desk: Desk, form: str) -> None:
    for name, said in ((f"as-{form}", form), (f"beside-{form}", "parquet")):
        result = desk.run("sample", name, *SMALL, "--format", said)
        assert result.exit_code == 0, result.output
        commands = [
            line.split("bokslut ")[1].split() for line in result.output.splitlines() if "bokslut import" in line
        ]
        for command in commands:
            imported = bring_in(desk, name, *command)
            assert imported.exit_code == 0, imported.output
        assert len(commands) == (0 if said == "parquet" else 2)
    assert as_read(desk.path / f"as-{form}") == as_read(desk.path / f"beside-{form}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--lines", "30"), "say --lines 120 or more"),
        (("--format", "pdf"), "known are parquet, sie, csv, excel"),
        (("--format", "csv", "--lines", "200001"), "for at most 200000 lines"),
        (("--municipalities", "1000"), "say 1 to 999"),
        (("--accounts", "1"), "say 2 to"),
        (("--like", "9999/TN"), "say ORGANISATION/BOARD/YEAR"),
        (("--like", "9999/TN/2024"), "states no amounts"),
        (("--like", "9999/TN/2024", "--years", "2"), "add --municipalities 2"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    desk: Desk, arguments: tuple[str, ...], told: str
) -> None:
    result = desk.run("sample", "refused", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert not (desk.path / "refused").exists()


def test_a_folder_that_is_not_empty_is_left_alone(desk: Desk) -> None:
    before = desk.files("parquet")
    result = desk.run("sample", "parquet", *SMALL)
    assert result.exit_code == 2
    assert "is there already and not empty" in " ".join(result.stderr.split())
    assert desk.files("parquet") == before


slots = st.builds(
    lambda amounts, codes, each: Slot(
        "4610", "bought_services", "cost", "2440", "Köp", amounts[0], amounts[1], str(codes), per_voucher=each
    ),
    st.tuples(AMOUNTS, AMOUNTS | st.none()),
    st.integers(10, 15),
    st.integers(1, 4),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(slots, min_size=1, max_size=8), st.integers(0, 3000), st.integers(0, 10**6))
def test_any_slots_over_any_number_of_lines_are_exact(own: list[Slot], more: int, seed: int) -> None:
    least = BoardYear("9001", "KS", 2024, "", own, 0).least_lines
    posted = BoardYear("9001", "KS", 2024, "", own, least + more)
    cells = cells_of(posted, seed)
    with open_ledger() as connection:
        query = ledger_query(connection, posted, cells, list(segments_of(cells)))
        rows = connection.execute(
            f"select series, voucher, activity, account, amount, period from ({query})"
        ).fetchall()
    budget = list(budget_rows(posted))
    assert len(rows) + len(budget) == least + more
    found: Counter[str] = Counter()
    vouchers: Counter[tuple[str, str]] = Counter()
    for series, voucher, activity, account, amount, _ in rows:
        vouchers[series, voucher] += int(amount * 100)
        found[activity or account] += int(amount * 100)
    assert set(vouchers.values()) == {0}
    expected: Counter[str] = Counter()
    for slot in own:
        expected[slot.activity] += slot.actual or 0
        expected["2440"] -= slot.actual or 0
    assert {key: ore for key, ore in found.items() if ore} == {key: ore for key, ore in expected.items() if ore}
    assert sum(ore for _, ore, _ in budget) == sum(slot.budget or 0 for slot in own)
    told = sums(posted, cells, {"2440": "equity_and_liabilities"})
    assert sum(lines for lines, _ in told.values()) == least + more
    # the numbers are of one length, so that they are in order as texts too
    assert [row[:2] + row[5:] for row in rows] == sorted((row[:2] + row[5:] for row in rows), key=lambda row: row[1])


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_what_is_apportioned_adds_up_and_none_passes_its_share(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(abs(part) * sum(weights) - abs(total) * weight) < sum(weights)


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 1000, 1000000]), st.integers(0, 2))
def test_an_interval_is_all_that_rounds_to_the_printed(number: int, scale: int, decimals: int) -> None:
    value = Decimal(number).scaleb(-decimals)
    printed = Printed.of(f"{value:.{decimals}f}", str(scale))
    assert printed is not None
    for ore in (printed.low - 1, printed.low, printed.value, printed.high, printed.high + 1):
        is_inside = printed.low <= ore <= printed.high
        assert (rounded(Decimal(ore).scaleb(-2), scale, decimals) == value) == is_inside, ore


def in_tkr(ore: int) -> Printed:
    """What tkr prints of it."""
    printed = Printed.of(str(int(rounded(Decimal(ore).scaleb(-2), 1000))), "1000")
    assert printed is not None
    return printed


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(-(10**9), 0), st.booleans()), min_size=1, max_size=25))
def test_what_is_printed_of_real_amounts_is_met(amounts: list[tuple[int, int, bool]]) -> None:
    codes = [
        Code(str(index), in_tkr(revenue + cost), in_tkr(revenue) if split else None, in_tkr(cost) if split else None)
        for index, (revenue, cost, split) in enumerate(amounts)
    ]
    revenue, cost = sum(row[0] for row in amounts), sum(row[1] for row in amounts)
    assert fit_codes(codes, Result(in_tkr(revenue), in_tkr(cost), in_tkr(revenue + cost)))
    assert in_tkr(sum(code.revenue_ore for code in codes)) == in_tkr(revenue)
    assert in_tkr(sum(code.cost_ore for code in codes)) == in_tkr(cost)
    assert in_tkr(sum(code.net_ore for code in codes)) == in_tkr(revenue + cost)
    for code in codes:
        assert code.net == in_tkr(code.net_ore)
        assert code.revenue in (None, in_tkr(code.revenue_ore))
        assert code.cost in (None, in_tkr(code.cost_ore))


def test_figures_that_no_amounts_meet_are_told() -> None:
    wrong = [Code("45", Printed.of("-58090", "1000"), Printed.of("206", "1000"), Printed.of("-58293", "1000"))]
    assert not fit_codes(wrong, Result())


def test_a_build_like_a_board_prints_what_the_board_prints(workshop: Workshop) -> None:
    built, project = workshop.built, workshop.fresh()
    # few lines, so that each total is split over few; beside it a municipality that nobody has
    arguments = ("--like", "1882/KS/2024", "--municipalities", "2", "--lines", "2400", "--activities", "5")
    made = project.bokslut("sample", "build/sample", *arguments)
    assert made.returncode == 0, made
    places = {"BOKSLUT_SEEDS": "build/sample/lists", "BOKSLUT_DATA": "build/sample/data"}
    result = project.dbt("--warn-error", "build", "--exclude-resource-type", "unit_test", env=places)
    assert result.returncode == 0, result

    # every printed figure has the verdict that it has without postings, and none of them is of another source
    verdicts = "select printed_id, verdict from marts.fct_figure_check where organisation_id = '1882' order by 1"
    assert project.query(verdicts) == built.query(verdicts)
    assert project.value("select count(*) from marts.fct_figure_check where organisation_id = '9001'") == 5
    source = "select distinct operating_status from marts.rpt_control_total where total_source = 'postings'"
    assert project.query(source) == [("counted",)]
    assert project.value("select bool_and(is_in_agreement) from marts.rpt_control_total")
    # where the parts were rounded by themselves, the öre meet each of them and their sum
    parts = """
        select actual_revenue_sek, actual_cost_sek, actual_net_sek
        from marts.fct_activity_variance
        where organisation_id = '1882' and fiscal_year = 2024 and activity_code = '91'
    """
    ((revenue, cost, net),) = project.query(parts)
    assert revenue + cost == net
    assert [rounded(each, 1000) for each in (revenue, cost, net)] == [206, -58293, -58088]
    assert project.value("select count(*) from marts.fct_income_statement where fiscal_year = 2023") == 5
    assert project.value("select count(distinct period) from marts.fct_monthly_activity") == 12
