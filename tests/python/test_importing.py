"""An import is whole or not there: postings sorted, the received file kept, control totals, no file taken in twice."""

from __future__ import annotations

import csv
import datetime
import fcntl
import hashlib
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bokslut.intake import store
from bokslut.intake.postings import SCHEMA
from bokslut.intake.store import check_store, write_record
from import_desk import Desk, posting, voucher

JANUARY = [
    *voucher("1", posting("5010", "100.50", "20"), posting("1930", "-100.50")),
    *voucher("2", posting("3010", "-40.25", "20"), posting("1930", "40.25")),
]
FEBRUARY = voucher(
    "3",
    posting("4600", "7.00", "30"),
    posting("1930", "-7.00"),
    period=2,
    booked_on=datetime.date(2024, 2, 29),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def records(desk: Desk) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((desk.path / "data/imports").glob("organisation=*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows.extend(csv.DictReader(file))
    return rows


def test_an_import_writes_its_postings_sorted_with_the_schema(desk: Desk) -> None:
    file = desk.parquet("ledger.parquet", [*FEBRUARY, *reversed(JANUARY)])
    result = desk.bring_in(str(file))
    assert result.exit_code == 0, result.output
    (path,) = (desk.path / "data/postings/organisation=9999/year=2024").glob("*.parquet")
    schema = pq.read_schema(path)
    assert (schema.names, schema.types) == (SCHEMA.names, SCHEMA.types)
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    table = pq.ParquetFile(path).read()
    assert table.column("voucher").to_pylist() == ["1", "1", "2", "2", "3", "3"]
    assert "6 postings, debit 147.75, credit 147.75, sum 0.00" in result.output
    assert check_store(desk.path / "data") == []


def test_an_import_keeps_the_received_file_as_it_came(desk: Desk) -> None:
    file = desk.parquet("ledger.parquet", JANUARY)
    assert desk.bring_in(str(file)).exit_code == 0
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = desk.path / f"data/received/organisation=9999/{digest}/ledger.parquet"
    assert kept.read_bytes() == file.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o444


def test_a_record_has_the_control_totals_of_each_period(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    found = [(row["period"], row["row_count"], row["debit"], row["credit"], row["balance"]) for row in records(desk)]
    assert found == [("1", "4", "140.75", "140.75", "0.00"), ("2", "2", "7.00", "7.00", "0.00")]


def test_the_same_file_twice_changes_nothing_and_says_so(desk: Desk) -> None:
    file = desk.parquet("ledger.parquet", JANUARY)
    desk.bring_in(str(file))
    before = desk.files()
    result = desk.bring_in(str(file))
    assert result.exit_code == 0
    assert "imported already, nothing changed" in result.output
    assert desk.files() == before


def test_a_changed_file_of_the_same_period_asks_for_replace(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)))
    before = desk.files()
    other = desk.parquet("corrected.parquet", JANUARY[:2])
    result = desk.bring_in(str(other))
    assert result.exit_code == 1
    assert "2024 period 1, which ledger.parquet was imported for already - say --replace" in result.output
    assert desk.files() == before


def test_replace_takes_the_periods_of_the_new_file_and_leaves_the_others(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    result = desk.bring_in(str(desk.parquet("corrected.parquet", JANUARY[:2])), "--replace")
    assert result.exit_code == 0, result.output
    assert "imported, replacing TN-ledger-" in result.output
    assert desk.query("select period, count(*) from postings group by period order by period") == [(1, 2), (2, 2)]
    assert [row["row_count"] for row in records(desk)] == ["2", "2"]
    assert check_store(desk.path / "data") == []
    assert len(list((desk.path / "data/received").rglob("*.parquet"))) == 2
    log = (desk.path / "data/log.csv").read_text(encoding="utf-8")
    assert "imported" in log
    assert "2024 period 1" in log


def test_replace_of_everything_leaves_no_trace_among_the_postings(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)))
    desk.bring_in(str(desk.parquet("corrected.parquet", JANUARY[:2])), "--replace")
    assert desk.query("select count(*) from postings") == [(2,)]
    assert len(records(desk)) == 1
    assert check_store(desk.path / "data") == []


def test_another_period_another_board_and_a_budget_stand_beside(desk: Desk) -> None:
    desk.add("activity_codes", "9999,KS,2024,20,Ledning,2")
    desk.add("budget_versions", "9999,TN,2024,original,original,Beslutad budget,2023-11-20,,,,12")
    budget = [posting("5010", "90.00", "20", scenario="budget", version="original", voucher=None, booked_on=None)]
    ks = [line | {"board_id": "KS"} for line in JANUARY]
    for arguments in (
        (str(desk.parquet("january.parquet", JANUARY)),),
        (str(desk.parquet("february.parquet", FEBRUARY)),),
        (str(desk.parquet("budget.parquet", budget)), "--kind", "budget"),
    ):
        result = desk.bring_in(*arguments)
        assert result.exit_code == 0, result.output
    assert desk.bring_in(str(desk.parquet("ks.parquet", ks)), board="KS").exit_code == 0
    assert desk.query("select count(*) from postings") == [(11,)]


def test_of_several_files_all_are_taken_in_or_none(desk: Desk) -> None:
    good = desk.parquet("january.parquet", JANUARY)
    bad = desk.parquet("february.parquet", [FEBRUARY[0] | {"activity": "99"}, FEBRUARY[1]])
    result = desk.bring_in(str(good), str(bad))
    assert result.exit_code == 1
    assert "february.parquet:2: column activity: '99' an activity code that the board does not have" in result.output
    assert desk.query("select count(*) from postings") == [(0,)]
    assert not (desk.path / "data/received").exists()
    both = desk.bring_in(str(good), str(desk.parquet("february.parquet", FEBRUARY)))
    assert both.exit_code == 0, both.output
    assert desk.query("select count(*) from postings") == [(6,)]


def test_a_posting_in_two_of_the_files_is_refused(desk: Desk) -> None:
    first = desk.parquet("january.parquet", JANUARY)
    second = desk.parquet("quarter.parquet", [*JANUARY, *FEBRUARY])
    result = desk.bring_in(str(first), str(second))
    assert result.exit_code == 1
    assert "'1' the voucher (series A, period 1) stands in" in result.output
    assert desk.query("select count(*) from postings") == [(0,)]


def test_another_import_at_work_is_told_and_exits_3(desk: Desk) -> None:
    file = desk.parquet("ledger.parquet", JANUARY)
    desk.bring_in(str(file))
    with (desk.path / "data/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = desk.bring_in(str(file))
    assert result.exit_code == 3
    assert "another import" in result.output


def test_the_gate_refuses_what_no_record_names_and_the_same_import_heals_it(desk: Desk) -> None:
    file = desk.parquet("ledger.parquet", JANUARY)
    desk.bring_in(str(file))
    whole = desk.files()
    (record,) = (desk.path / "data/imports").glob("organisation=*/*.csv")
    record.unlink()
    (finding,) = check_store(desk.path / "data")
    assert "4 postings that no record of an import names - bring it in with `bokslut import`" in str(finding)
    assert desk.run("check").exit_code == 1
    assert desk.bring_in(str(file)).exit_code == 0
    assert check_store(desk.path / "data") == []
    assert desk.files("data/postings") == {
        name.removeprefix("postings/"): content for name, content in whole.items() if name.startswith("postings/")
    }


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.unlink(), "named by a record of an import, but not there"),
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "not a Parquet file"),
        (
            lambda path: pq.write_table(pq.ParquetFile(path).read().slice(1), path),
            "3 postings where its record says 4",
        ),
        (
            lambda path: pq.write_table(pq.ParquetFile(path).read().drop_columns(["text"]), path),
            "not the columns of canonical postings (text)",
        ),
    ],
)
def test_the_gate_sees_a_file_that_changed_after_its_import(desk: Desk, damage, told: str) -> None:  # type: ignore[no-untyped-def]
    desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)))
    (path,) = (desk.path / "data/postings/organisation=9999/year=2024").glob("*.parquet")
    damage(path)
    (finding,) = check_store(desk.path / "data")
    assert told in str(finding)
    result = desk.run("check")
    assert result.exit_code == 1
    assert told in result.output


def test_two_imports_of_the_same_rows_give_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    other = Desk.at(tmp_path / "other")
    rows = [
        line
        for number in range(2000)
        for line in voucher(str(number), posting("5010", "1.00", "20"), posting("1930", "-1.00"))
    ]
    desk.bring_in(str(desk.parquet("ledger.parquet", rows)))
    other.bring_in(str(other.parquet("ledger.parquet", list(reversed(rows)))))
    (first,) = [content for name, content in desk.files("data/postings").items() if "year=2024" in name]
    (second,) = [content for name, content in other.files("data/postings").items() if "year=2024" in name]
    assert first == second


@pytest.mark.parametrize(
    ("arguments", "told", "code"),
    [
        (("ledger.parquet",), "say whose the files are", 2),
        (("ledger.parquet", "--organisation", "1", "--board", "TN"), "known: 9999", 1),
        (("ledger.parquet", "--organisation", "9999", "--board", "XX"), "known: KS, TN", 1),
        (("ledger.parquet", "--organisation", "9999", "--board", "TN", "--kind", "x"), "known are ledger", 2),
        (("none.parquet", "--organisation", "9999", "--board", "TN"), "none.parquet: no such file", 1),
        ((".", "--organisation", "9999", "--board", "TN"), "not a file", 1),
        (("ledger.csv", "--organisation", "9999", "--board", "TN"), "--guess", 1),
        (("ledger.parquet", "--organisation", "9999", "--board", "TN", "--year", "2023"), "no posting is of 2023", 1),
        (("ledger.parquet", "--organisation", "9999", "--board", "TN", "--kind", "budget"), "not budget", 1),
    ],
)
def test_wrong_use_is_told_on_a_line(desk: Desk, arguments: tuple[str, ...], told: str, code: int) -> None:
    desk.parquet("ledger.parquet", JANUARY)
    desk.write("ledger.csv", "Konto;Belopp\n5010;1,00\n")
    result = desk.run("import", *arguments)
    assert result.exit_code == code, result.output
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_voucher_that_moves_to_another_period_is_not_counted_twice(desk: Desk) -> None:
    date = datetime.date(2024, 12, 31)
    year_end = voucher("9", posting("5010", "50.00", "20"), posting("1930", "-50.00"), booked_on=date)
    december = voucher("8", posting("5010", "1.00", "20"), posting("1930", "-1.00"), booked_on=date, period=12)
    first = [*december, *(line | {"period": 13} for line in year_end)]
    desk.bring_in(str(desk.parquet("ledger.parquet", first)))
    corrected = [*december, *(line | {"period": 12} for line in year_end)]
    result = desk.bring_in(str(desk.parquet("corrected.parquet", corrected)), "--replace")
    assert result.exit_code == 1
    assert "'9' the voucher (series A, periods 12 and 13) stands in ledger.parquet too" in result.output
    assert desk.query("select sum(amount) from postings where account = '5010'") == [(Decimal("51.00"),)]


def test_one_file_read_in_two_ways_is_two_imports(desk: Desk) -> None:
    desk.add("activity_codes", "9999,TN,2023,30,Gator,2")
    profile = (
        "profile: p\nkind: budget\ncolumns: {account: Konto, activity: Kod, amount: Belopp}\nconstants: {period: 1}\n"
    )
    desk.write("p.yml", profile + 'decimal: ","\n')
    file = str(desk.write("budget.csv", "Konto;Kod;Belopp\n5010;20;100,50\n"))
    for year in ("2023", "2024"):
        result = desk.bring_in(file, "--profile", str(desk.path / "p.yml"), "--year", year)
        assert (result.exit_code, ": imported\n" in result.output) == (0, True), result.output
    assert desk.query("select fiscal_year, amount from postings order by all") == [
        (2023, Decimal("100.50")),
        (2024, Decimal("100.50")),
    ]
    assert check_store(desk.path / "data") == []


def test_going_back_to_a_replaced_file_brings_it_back(desk: Desk) -> None:
    first = str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY]))
    desk.bring_in(first)
    desk.bring_in(str(desk.parquet("corrected.parquet", JANUARY[:2])), "--replace")
    assert desk.bring_in(first).exit_code == 1
    result = desk.bring_in(first, "--replace")
    assert result.exit_code == 0, result.output
    assert desk.query("select count(*) from postings") == [(6,)]
    assert check_store(desk.path / "data") == []


@pytest.mark.parametrize("stopped_at", ["write_record", "drop_periods", "log"])
def test_a_replacement_that_is_stopped_loses_nothing_and_is_mended(
    desk: Desk, stopped_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    corrected = str(desk.parquet("corrected.parquet", JANUARY[:2]))
    with monkeypatch.context() as patch:
        patch.setattr(store, stopped_at, stop)
        with pytest.raises(StoppedError):
            desk.bring_in(corrected, "--replace")
    (count,) = desk.query("select count(*) from postings")[0]
    assert count >= 4
    assert desk.run("check").exit_code == 1
    assert desk.bring_in(corrected, "--replace").exit_code == 0
    assert desk.query("select period, count(*) from postings group by period order by period") == [(1, 2), (2, 2)]
    assert desk.run("check").exit_code == 0


class StoppedError(Exception):
    """What a kill would be."""


def stop(*_: object) -> None:
    raise StoppedError


def test_what_a_stopped_import_left_is_removed_by_the_next(desk: Desk) -> None:
    left = desk.path / "data/.import-left"
    left.mkdir(parents=True)
    (left / "1.parquet").write_bytes(b"")
    desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)))
    assert not left.exists()


def test_a_name_with_signs_of_a_pattern_is_that_file(desk: Desk) -> None:
    desk.parquet("l1.parquet", FEBRUARY)
    result = desk.bring_in(str(desk.parquet("l[1].parquet", JANUARY)))
    assert result.exit_code == 0, result.output
    assert desk.query("select distinct period from postings") == [(1,)]


def test_an_import_is_listed_and_can_be_taken_out_again(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)))
    desk.bring_in(str(desk.parquet("february.parquet", FEBRUARY)))
    listed = desk.run("imports").output
    assert "from ledger.parquet" in listed
    assert "2024 actual, period 2: 2 postings, debit 7.00, credit 7.00, sum 0.00" in listed
    name = next(row["import_id"] for row in records(desk) if row["period"] == "1")
    assert desk.run("imports", "--remove", name).exit_code == 0
    assert desk.query("select distinct period from postings") == [(2,)]
    assert check_store(desk.path / "data") == []
    assert len(list((desk.path / "data/received").rglob("*.parquet"))) == 2
    assert desk.run("imports", "--remove", name).exit_code == 2


def test_a_check_sees_a_code_that_was_taken_from_the_lists(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    assert desk.run("check").exit_code == 0
    path = desk.list_path("activity_codes")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("9999,TN,2024,30,Gator,2\n", ""), encoding="utf-8")
    result = desk.run("check")
    assert result.exit_code == 1
    assert "column activity: '30' an activity code that is not in activity_codes.csv of 9999/TN 2024 (1 postings)" in (
        result.output
    )


def test_a_finding_names_the_heading_of_the_users_own_sheet(desk: Desk) -> None:
    columns = "{account: Konto, activity: Verksamhet, amount: Belopp, booked_on: Datum}"
    desk.write("p.yml", f"profile: p\nkind: ledger\ncolumns: {columns}\ndecimal: ','\n")
    file = desk.write("a.csv", "Konto;Verksamhet;Belopp;Datum\n5010;99;1,00;2024-01-31\n")
    result = desk.bring_in(str(file), "--profile", str(desk.path / "p.yml"))
    assert "a.csv:2: column Verksamhet: '99' an activity code" in result.output


def test_only_a_sie_file_has_a_series_of_year_end_entries(desk: Desk) -> None:
    result = desk.bring_in(str(desk.write("a.csv", "x")), "--year-end-series", "BO")
    assert result.exit_code == 1
    assert "only a SIE file has --year-end-series" in result.output


SIE = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#FNAMN "Exempelby"
#RAR 0 20240101 20241231
#DIM 20 "Verksamhet"
#KONTO 5010 "Hyra"
#KONTO 1930 "Bank"
#VER A 1 20240131 "Hyra"
{
#TRANS 5010 {20 "20"} 100.50
#TRANS 1930 {} -100.50
}
#VER BO 1 20241231 "Bokslut"
{
#TRANS 5010 {20 "20"} 9.50
#TRANS 1930 {} -9.50
}
"""


def test_the_series_of_year_end_entries_is_period_13(desk: Desk) -> None:
    result = desk.bring_in(str(desk.write("a.se", SIE)), "--year-end-series", "BO")
    assert result.exit_code == 0, result.output
    assert "no #KSUMMA" in result.output
    found = desk.query(
        "select period, sum(amount) from postings where account = '5010' group by period order by period"
    )
    assert found == [(1, Decimal("100.50")), (13, Decimal("9.50"))]


def test_a_series_that_no_voucher_has_is_refused(desk: Desk) -> None:
    result = desk.bring_in(str(desk.write("a.se", SIE)), "--year-end-series", "BÖ")
    assert result.exit_code == 1
    assert "'BÖ' no voucher has this series - name one of A, BO" in result.output


def test_a_forgotten_series_does_not_count_the_year_end_twice(desk: Desk) -> None:
    desk.bring_in(str(desk.write("a.se", SIE)), "--year-end-series", "BO")
    result = desk.bring_in(str(desk.write("b.se", SIE.replace('"Hyra"\n{', '"Lokalhyra"\n{'))), "--replace")
    assert result.exit_code == 1
    assert "name the same --year-end-series as before" in result.output


def test_a_sie_file_needs_no_profile_and_says_so(desk: Desk) -> None:
    result = desk.run("import", "--guess", str(desk.write("a.se", SIE)))
    assert result.exit_code == 2
    assert "a SIE file says itself how it is read" in result.output


PARTS = {
    "a.parquet": voucher("1", posting("5010", "100.00", "20"), posting("1930", "-100.00")),
    "b.parquet": voucher("2", posting("5010", "200.00", "20"), posting("1930", "-200.00")),
}
NET = "select sum(amount) from postings where account = '5010'"


def given_together(desk: Desk, *arguments: str, **changed: str) -> str:
    """Import both parts of January in one call; changed: other amounts, by part."""
    files = []
    for name, lines in PARTS.items():
        amount = Decimal(changed.get(name[0], str(lines[0]["amount"])))
        files.append(str(desk.parquet(name, [lines[0] | {"amount": amount}, lines[1] | {"amount": -amount}])))
    result = desk.bring_in(*files, *arguments)
    return f"{result.exit_code} {result.output}"


def test_parts_of_one_period_given_together_are_both_kept(desk: Desk) -> None:
    assert given_together(desk).startswith("0 ")
    assert desk.query(NET) == [(Decimal("300.00"),)]
    assert desk.run("check").exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("--replace",)])
def test_the_same_parts_again_change_nothing(desk: Desk, arguments: tuple[str, ...]) -> None:
    given_together(desk)
    before = desk.files()
    told = given_together(desk, *arguments)
    assert told.count("imported already, nothing changed") == 2
    assert desk.files() == before


@pytest.mark.parametrize(
    ("changed", "net"),
    [({"a": "101.00", "b": "202.00"}, "303.00"), ({"b": "202.00"}, "302.00"), ({"a": "101.00"}, "301.00")],
)
def test_changed_parts_replace_and_unchanged_ones_stay(desk: Desk, changed: dict[str, str], net: str) -> None:
    given_together(desk)
    assert given_together(desk, **changed).startswith("1 ")
    assert desk.query(NET) == [(Decimal("300.00"),)]
    assert given_together(desk, "--replace", **changed).startswith("0 ")
    assert desk.query(NET) == [(Decimal(net),)]
    assert desk.run("check").exit_code == 0
    assert given_together(desk, **changed).count("nothing changed") == 2


def test_a_broken_list_is_told_before_an_import_reads_it(desk: Desk) -> None:
    file = str(desk.parquet("ledger.parquet", JANUARY))
    path = desk.list_path("boards")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    for result in (desk.bring_in(file), desk.run("vouchers")):
        assert result.exit_code == 1
        assert "boards.csv:1: the file begins with a byte order mark" in result.output


def test_a_damaged_record_is_told(desk: Desk) -> None:
    file = str(desk.parquet("ledger.parquet", JANUARY))
    desk.bring_in(file)
    (record,) = (desk.path / "data/imports").glob("organisation=*/*.csv")
    record.write_text(record.read_text(encoding="utf-8").replace("140.75", "x"), encoding="utf-8")
    for result in (desk.bring_in(file), desk.run("imports"), desk.run("check")):
        assert result.exit_code == 1
        assert "not a record of an import" in result.output


def test_a_file_that_is_no_parquet_is_told_as_such(desk: Desk) -> None:
    result = desk.bring_in(str(desk.write("ledger.parquet", "x")))
    assert result.exit_code == 1
    assert "cannot be read as Parquet" in result.output


def test_the_named_version_is_given_and_another_one_is_refused(desk: Desk) -> None:
    desk.add("budget_versions", "9999,TN,2024,v1,original,Budget,2023-11-20,,,,12")
    row = {"scenario": "budget", "voucher": None, "series": None, "line": None}
    silent = desk.parquet("silent.parquet", [posting("5010", "1.00", "20", version=None, **row)])
    other = desk.parquet("other.parquet", [posting("5010", "2.00", "20", version="v2", **row)])
    refused = desk.bring_in(str(other), "--kind", "budget", "--version", "v1")
    assert refused.exit_code == 1
    assert "other.parquet:2: column version: 'v2' another version than v1" in refused.output
    assert desk.bring_in(str(silent), "--kind", "budget", "--version", "v1").exit_code == 0
    assert desk.query("select version, amount from postings") == [("v1", Decimal("1.00"))]


def test_a_decided_budget_is_held_to_its_unit_over_all_its_files(desk: Desk) -> None:
    desk.add("budget_versions", "9999,TN,2024,v1,original,Budget,2023-11-20,,157,1000,12")
    row = {"scenario": "budget", "version": "v1", "voucher": None, "series": None, "line": None}
    halves = [
        str(desk.parquet(f"{code}.parquet", [posting("5010", amount, code, **row)]))
        for code, amount in (("20", "100000.00"), ("30", "56800.00"))
    ]
    alone = desk.bring_in(halves[0], "--kind", "budget")
    assert alone.exit_code == 1
    assert "adds up to a net cost of 100000.00, but 157000 was decided" in alone.output
    together = desk.bring_in(*halves, "--kind", "budget")
    assert together.exit_code == 0, together.output
    assert desk.run("check").exit_code == 0
    desk.run("imports", "--remove", records(desk)[0]["import_id"])
    left = desk.run("check")
    assert left.exit_code == 1
    assert "'9999/TN 2024 v1' adds up to a net cost of" in left.output


def test_findings_need_a_folder_and_a_limit_is_at_least_one(desk: Desk) -> None:
    result = desk.bring_in(str(desk.parquet("ledger.parquet", JANUARY)), "--findings", "no/where.csv")
    assert (result.exit_code, "no is no folder" in result.output) == (2, True)
    assert desk.run("vouchers", "--limit", "-1").exit_code == 2


def test_listing_makes_no_folder(desk: Desk) -> None:
    assert desk.run("imports", "--data-dir", "typo").exit_code == 0
    assert not (desk.path / "typo").exists()


def test_two_municipalities_can_import_the_same_file_and_take_out_their_own(desk: Desk) -> None:
    desk.add("organisations", "8888,Annanby kommun,16")
    desk.add("boards", "8888,TN,Tekniska nämnden,16")
    desk.add("activity_codes", "8888,TN,2024,20,Planering,2")
    file = desk.path / "ledger.parquet"
    rows = [{name: value for name, value in line.items() if not name.endswith("_id")} for line in JANUARY]
    owned = ("organisation_id", "board_id")
    schema = pa.schema([field for field in SCHEMA if field.name not in owned])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
    desk.bring_in(str(file))
    assert desk.run("import", str(file), "--organisation", "8888", "--board", "TN").exit_code == 0
    names = {row["organisation_id"]: row["import_id"] for row in records(desk)}
    assert names["8888"] != names["9999"]
    desk.run("imports", "--remove", names["9999"])
    assert desk.query("select distinct organisation_id from postings") == [("8888",)]


def test_of_several_files_a_stop_between_them_is_seen_and_mended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(desk.parquet("january.parquet", JANUARY)), str(desk.parquet("february.parquet", FEBRUARY))]
    written = []

    def stop_at_the_second(data: Path, totals: object) -> None:
        written.append(totals)
        if len(written) == 2:
            raise StoppedError
        write_record(data, totals)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_record", stop_at_the_second)
        with pytest.raises(StoppedError):
            desk.bring_in(*files)
    assert desk.run("check").exit_code == 1
    assert desk.bring_in(*files).exit_code == 0
    assert desk.query("select count(*) from postings") == [(6,)]
    assert desk.run("check").exit_code == 0


def test_an_empty_text_is_no_text(desk: Desk) -> None:
    twice = [JANUARY[0] | {"version": None}, JANUARY[0] | {"version": "", "text": ""}]
    result = desk.bring_in(str(desk.parquet("ledger.parquet", twice)))
    assert result.exit_code == 1
    assert "'1' stands on line 2 already" in result.output


def test_a_file_whose_name_holds_an_identity_number_is_refused(desk: Desk) -> None:
    result = desk.bring_in(str(desk.parquet("lön 811218-9876.parquet", JANUARY)))
    assert result.exit_code == 1
    assert "the file's name holds a personal identity number" in result.output
    assert "811218" not in result.output


def test_a_missing_older_file_is_told_before_another_period_is_imported(desk: Desk) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    (path,) = (desk.path / "data/postings/organisation=9999/year=2024").glob("*.parquet")
    path.unlink()
    result = desk.bring_in(str(desk.parquet("corrected.parquet", JANUARY[:2])), "--replace")
    assert result.exit_code == 1
    assert "named by a record of an import, but not there - import ledger.parquet again" in result.output


def test_a_stopped_replacement_advises_the_newer_file_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bring_in(str(desk.parquet("ledger.parquet", [*JANUARY, *FEBRUARY])))
    corrected = str(desk.parquet("corrected.parquet", JANUARY[:2]))
    calls = []

    def stop_at_the_second(data: Path, totals: object) -> None:
        calls.append(totals)
        if len(calls) == 2:
            raise StoppedError
        write_record(data, totals)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_record", stop_at_the_second)
        with pytest.raises(StoppedError):
            desk.bring_in(corrected, "--replace")
    findings = [str(finding) for finding in check_store(desk.path / "data")]
    assert findings
    assert all("import corrected.parquet again with --replace" in finding for finding in findings)
