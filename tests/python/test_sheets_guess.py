"""A draft profile of an unknown sheet is readable, and gives the right sums of well-formed sheets of many shapes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets.apply import Context, apply_profile
from bokslut.intake.sheets.files import load_cells
from bokslut.intake.sheets.guess import Draft, guess
from bokslut.intake.sheets.manners import Amounts, amounts_of
from bokslut.intake.sheets.profile import Profile, read_profile
from bokslut.intake.sheets.sums import GuessedTotal, Row, total_place, totals_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@dataclass(frozen=True)
class Posting:
    """What a sheet is made from."""

    voucher: int
    month: int
    account: str
    ansvar: str
    activity: str
    ore: int


def postings(count: int = 60, seed: int = 8) -> list[Posting]:
    """Vouchers of two lines each that balance: a cost and its counter entry of a balance sheet account."""
    chance = random.Random(seed)  # noqa: S311
    found = []
    for number in range(count):
        month, ore = chance.randint(1, 12), chance.randint(100, 90_000_000)
        account = chance.choice(["4010", "5020", "5610", "6110", "7010"])
        ansvar, activity = chance.choice(["110", "120", "0130"]), chance.choice(["400", "440", "450"])
        found.append(Posting(1000 + number, month, account, ansvar, activity, ore))
        found.append(Posting(1000 + number, month, "1510", ansvar, activity, -ore))
    return found


def swedish(ore: int, thousands: str = "") -> str:
    whole, rest = divmod(abs(ore), 100)
    text = f"{whole:,}".replace(",", thousands)
    return f"{'-' if ore < 0 else ''}{text},{rest:02d}"


def applied(path: Path, draft: Draft, connection: duckdb.DuckDBPyConnection, year: int | None = 2024) -> Profile:
    """Read the draft and apply it to its file."""
    saved = path.with_suffix(".yml")
    saved.write_text(draft.text, encoding="utf-8")
    profile = read_profile(saved)
    cells = load_cells(path, connection, profile.file)
    apply_profile(cells, profile, connection, Context(year))
    return profile


def grouped(connection: duckdb.DuckDBPyConnection, by: str) -> dict[tuple[object, ...], Decimal]:
    rows = connection.execute(f"select {by}, sum(amount) from postings_read group by all").fetchall()
    return {row[:-1]: row[-1] for row in rows}


def expected(rows: Sequence[Posting], *by: Callable[[Posting], object]) -> dict[tuple[object, ...], Decimal]:
    sums: dict[tuple[object, ...], Decimal] = {}
    for row in rows:
        key = tuple(each(row) for each in by)
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row.ore) / 100
    return sums


def lines(path: Path, rows: Sequence[str], encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{row}\r\n" for row in rows).encode(encoding))
    return path


def sheet(path: Path, rows: Sequence[Sequence[object]], name: str = "Blad1") -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, value)
    book.close()
    return path


BY_ALL = (
    lambda row: row.month,
    lambda row: row.account,
    lambda row: row.ansvar,
    lambda row: row.activity,
)


def test_a_ledger_in_cp1252_with_rows_above_and_names_beside_codes(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    data = postings()
    head = ["Huvudbok 2024;;;;;;;;", ";;;;;;;;", "Serie;Ver.nr;Bokföringsdatum;Konto;Ansvar;Vht;Projekt;Belopp;Text"]
    path = lines(
        tmp_path / "huvudbok.csv",
        head
        + [
            f"A;{row.voucher};2024-{row.month:02d}-15;{row.account} Något;{row.ansvar};{row.activity} Skola;;"
            f"{swedish(row.ore, chr(160))};Köp"
            for row in data
        ],
        "cp1252",
    )
    profile = applied(path, guess(path, connection), connection)
    assert (profile.kind, profile.rows_above, profile.vouchers, profile.sign) == ("ledger", 2, "balance", "ledger")
    assert profile.file.encoding == "cp1252"
    assert grouped(connection, "period, account, ansvar, activity") == expected(data, *BY_ALL)


def test_a_ledger_with_debit_and_credit_points_and_periods(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    data = postings(seed=9)
    path = lines(
        tmp_path / "export.csv",
        ["Verifikation,Period,Konto,Ansvar,Verksamhet,Debet,Kredit"]
        + [
            f"{row.voucher},2024{row.month:02d},{row.account},{row.ansvar},{row.activity},"
            + (f"{row.ore / 100:.2f}," if row.ore > 0 else f",{-row.ore / 100:.2f}")
            for row in data
        ],
    )
    profile = applied(path, guess(path, connection), connection, None)
    assert (profile.decimal, profile.file.delimiter, profile.columns["period"].form) == (".", ",", "yyyymm")
    assert grouped(connection, "period, account, ansvar, activity") == expected(data, *BY_ALL)


@pytest.mark.parametrize(
    ("written", "form"), [("2024-{0:02d}", "yyyy-mm"), ("{1} 2024", "month yyyy"), ("{1}", "month"), ("{0}", "mm")]
)
def test_the_forms_of_a_period(written: str, form: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    data = postings(seed=10)
    path = lines(
        tmp_path / "export.txt",
        ["Vernr\tPeriod\tKonto\tAnsvar\tVerksamhet\tBelopp"]
        + [
            f"{row.voucher}\t{written.format(row.month, MONTHS[row.month - 1])}\t{row.account}\t{row.ansvar}"
            f"\t{row.activity}\t{swedish(row.ore)}"
            for row in data
        ],
    )
    profile = applied(path, guess(path, connection), connection)
    assert profile.columns["period"].form == form
    assert profile.file.delimiter == "\t"
    assert grouped(connection, "period, account, ansvar, activity") == expected(data, *BY_ALL)


def test_a_budget_a_column_a_month_in_tkr_with_blank_keys_and_totals(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    chance = random.Random(12)  # noqa: S311
    rows: list[list[object]] = [["Budget 2024, tkr"], [], ["Verksamhet", "Konto", *MONTHS, "Totalt"]]
    sums: dict[tuple[object, ...], Decimal] = {}
    whole = [0] * 13
    for activity in ("400 Grundskola", "450 Gymnasieskola"):
        part = [0] * 13
        for at, account in enumerate(("3010", "5010", "6020")):
            cells = [chance.randint(1, 900) * (-1 if account == "3010" else 1) for _ in MONTHS]
            for month, cell in enumerate(cells, 1):
                sums[(month, activity[:3], account)] = Decimal(cell * 1000)
            cells.append(sum(cells))
            rows.append([activity if not at else None, account, *cells])
            part = [one + other for one, other in zip(part, cells, strict=True)]
        rows.append([f"Summa {activity}", None, *part])
        whole = [one + other for one, other in zip(whole, part, strict=True)]
    rows.append(["Totalt", None, *whole])
    path = sheet(tmp_path / "plan.xlsx", rows)
    draft = guess(path, connection)
    profile = applied(path, draft, connection)
    assert (profile.kind, profile.unit, profile.fill_down, profile.rows_above) == ("budget", "tkr", ("activity",), 2)
    assert [(dict(each.where), each.adds) for each in profile.totals] == [
        ({"activity": "Summa*"}, "since_last"),
        ({"activity": "Totalt*"}, "all"),
    ]
    assert profile.row_total is not None
    assert not any("not the sum" in each for each in draft.unsure)
    assert any("unit" in each for each in draft.unsure)
    assert grouped(connection, "period, activity, account") == sums


def test_a_budget_beside_its_outcome_under_a_head_of_two_rows(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    rows: list[list[object]] = [
        ["Kontokod", "Verksamhet", "2024", None],
        [None, None, "Utfall", "Budget"],
        ["3010", "400", -100.5, -90],
        ["5010", "400", 250.25, 240],
        ["5010", "450", 1000, 1100],
    ]
    path = sheet(tmp_path / "uppföljning.xlsx", rows)
    draft = guess(path, connection)
    # a sheet without periods gets none: the draft is refused until one is written
    with pytest.raises(RefusedError, match="period is missing"):
        applied(path, draft, connection)
    whole_year = Draft(f"{draft.text}constants: {{period: 12}}\n", draft.unsure)
    profile = applied(path, whole_year, connection)
    assert profile.head_rows == 2
    assert grouped(connection, "fiscal_year, scenario") == {
        (2024, "actual"): Decimal("1149.75"),
        (2024, "budget"): Decimal("1250"),
    }


def test_a_yearly_budget_with_costs_negative(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = lines(
        tmp_path / "budget.csv",
        ["Konto;Ansvar;Budget 2024", "3010;110;1200", "5010;110;-2 400", "5020;120;-1200,00", "Summa;;-2400"],
    )
    draft = guess(path, connection)
    profile = applied(path, draft, connection)
    assert (profile.kind, profile.sign, profile.spread) == ("budget", "result", 12)
    assert any("sign" in each for each in draft.unsure)
    assert grouped(connection, "account") == {
        ("3010",): Decimal(-1200),
        ("5010",): Decimal(2400),
        ("5020",): Decimal(1200),
    }


def test_goals_and_projects(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    goals = lines(
        tmp_path / "mål.csv",
        [
            "Nr;Mått;Målvärde;Utfall;Status",
            "1;Andel behöriga;minst 80;82,5;Uppfyllt",
            "2;Sjukfrånvaro;6;5,5;Ej uppfyllt",
        ],
    )
    assert applied(goals, guess(goals, connection), connection).kind == "goals"
    assert connection.execute("select count(*) from records_read").fetchall() == [(2,)]
    named = lines(
        tmp_path / "mått.csv",
        ["Mått 2024;;;", "Mått;Målvärde;Utfall 2024;Utfall 2023", "M1 Andel behöriga;80;82,5;79", "M2 Svar;7;8;"],
    )
    profile = applied(named, guess(named, connection), connection, None)
    assert (profile.columns["measure_id"].take, profile.columns["measure_name"].take) == ("code", "name")
    assert str(profile.columns["previous_value"]) == "Utfall 2023"
    projects = sheet(
        tmp_path / "investeringar.xlsx",
        [
            ["Investeringar 2024 (tkr)"],
            ["Projekt", "Benämning", "Total budget", "Ackumulerat utfall", "Utfall", "Budget"],
            ["P1001", "Ny skola", 50000, 1200, 700.5, 900],
            ["P1002", "Hall", 10000, 0, 0, 100],
        ],
    )
    assert applied(projects, guess(projects, connection), connection).kind == "projects"
    [(rows,)] = connection.execute("select count(*) from records_read").fetchall()
    assert rows == 2


def test_what_cannot_be_known_is_said(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = lines(tmp_path / "a.csv", ["Ansvar;Belopp;Annat", "110;100,00;x", "120;200,00;y", "Summa;301,00;"])
    draft = guess(path, connection)
    told = " | ".join(draft.unsure)
    for word in ("kind", "account", "period", "year", "left out: Annat", "not the sum"):
        assert word in told
    saved = tmp_path / "a.yml"
    saved.write_text(draft.text, encoding="utf-8")
    with pytest.raises(RefusedError, match=r"period is missing - name the column of its periods \(period\) or dates"):
        read_profile(saved)
    assert draft.text.count("# unsure: ") == len(draft.unsure)


def test_totals_of_one_word_that_sum_differently_are_told_apart() -> None:
    cells = [("400", 10), ("Summa 400", 10), ("450", 5), ("460", 6), ("Summa 450", 11), ("Summa totalt", 21)]
    rows = [Row(line, (text,), (Decimal(amount),)) for line, (text, amount) in enumerate(cells, 2)]
    places = {row.line: 0 for row in rows if total_place(row, [0], []) is not None}
    assert list(places) == [3, 6, 7]
    assert totals_of(rows, places) == (
        GuessedTotal(0, "Summa totalt", "all", True),
        GuessedTotal(0, "Summa*", "since_last", True),
    )


@pytest.mark.parametrize(
    ("texts", "manners"),
    [
        (["1,5", "1 234,50", "-2"], Amounts(",")),
        (["1.5", "1234.50", "-2"], Amounts(".")),
        (["1.234,50", "2,00"], Amounts(",", ".")),
        (["1,234.50", "2.00"], Amounts(".", ",")),
        (["1,50-", "(2,00)"], Amounts(",", None, ("trailing_minus", "parentheses"))),
        (["1,5", "2.5"], Amounts(",", None, (), False)),
        (["1.234", "2.345"], Amounts(",", ".", (), False)),
        ([], Amounts(",")),
    ],
)
def test_how_amounts_are_written(texts: list[str], manners: Amounts) -> None:
    assert amounts_of(texts) == manners


def test_a_file_without_a_head_is_refused(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(RefusedError, match="looks like a head"):
        guess(lines(tmp_path / "a.csv", ["hej;hopp", "1;2"]), connection)


@settings(max_examples=150, deadline=None)
@given(
    head=st.lists(
        st.sampled_from(["Konto", "Ansvar", "Vht", "Belopp", "Datum", "Vernr", "Budget", "Utfall", "", 'A "b"', "Mått"])
        | st.text(max_size=6),
        min_size=2,
        max_size=6,
    ),
    rows=st.lists(
        st.lists(st.text(max_size=6) | st.sampled_from(["1,5", "Summa", "4010", ""]), max_size=6), max_size=6
    ),
)
def test_a_draft_is_made_or_refused_and_never_fails(
    head: list[str], rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def cells(row: list[str]) -> str:
        return ";".join('"' + cell.replace('"', '""') + '"' for cell in row)

    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_text("\n".join(map(cells, [head, *rows])) + "\n", encoding="utf-8", errors="replace")
    with duckdb.connect() as connection:
        try:
            draft = guess(path, connection)
        except RefusedError:
            return
    assert draft.text.count("# unsure: ") >= len(draft.unsure)


# headings, periods and years


@pytest.mark.parametrize(
    "heading",
    [
        "Bokföringsdatum",
        "Bokförings-\ndatum",
        "Bokförings-\r\ndatum",
        "Bokförings\u00addatum",
        "Bokförings\u2010\ndatum",
    ],
)
def test_a_heading_divided_by_a_line_break_or_a_soft_hyphen_is_the_same(
    heading: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    rows: list[list[object]] = [
        ["Huvudbok"],
        ["Period: 2025-01 – 2025-06"],
        ["Utskriven 2026-01-14"],
        ["Ver.\nnr", heading, "Konto", "Radtext", "Belopp"],
        ["1", "2025-02-03", "6010", "Hyra", 5.5],
        ["1", "2025-02-03", "1910", "Hyra", -5.5],
    ]
    path = sheet(tmp_path / "huvudbok.xlsx", rows)
    draft = guess(path, connection)
    profile = applied(path, draft, connection, None)
    assert {"voucher", "booked_on", "account", "text"} <= set(profile.columns)
    assert grouped(connection, "fiscal_year, period, account") == {
        (2025, 2, "6010"): Decimal("5.5"),
        (2025, 2, "1910"): Decimal("-5.5"),
    }


def test_a_heading_divided_over_two_rows_of_the_head_is_the_same(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    rows: list[list[object]] = [
        ["Ver", "Bokförings-", "Konto", "Belopp"],
        [None, "datum", None, "kr"],
        ["1", "2025-02-03", "6010", 5.5],
        ["1", "2025-02-03", "1910", -5.5],
    ]
    path = sheet(tmp_path / "bok.xlsx", rows)
    assert "booked_on" in applied(path, guess(path, connection), connection, None).columns


def test_a_ledger_without_a_known_date_gets_no_period_and_the_year_of_its_period_line(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(
        tmp_path / "bok.csv",
        [
            "Utskriven 2026-01-14;;;",
            "Period:;2025-01 – 2025-06;;",
            "Ver;Bokfört;Konto;Belopp",
            "1;2025-02-03;6010;5,50",
            "1;2025-02-03;1910;-5,50",
        ],
    )
    draft = guess(path, connection)
    assert "fiscal_year: 2025  # unsure" in draft.text
    assert "period:" not in draft.text
    with pytest.raises(RefusedError, match="period is missing"):
        applied(path, draft, connection, None)


@pytest.mark.parametrize(
    ("above", "year"),
    [
        ("Utskriven 2026-01-14;", None),
        ("Utskriven;2026-01-14", None),
        ("Skapad: 2026;", None),
        ("2026-01-14;", None),
        ("Period: 2024-07 – 2025-06;", None),
        ("Utskriven 2026-01-14;Period: 202501-202506", "2025"),
        ("Utskriven;Period", None),
        ("Räkenskapsår;2025", "2025"),
        ("2025-01-01 – 2025-12-31;Utskriven: 2026-02-03 10:15", "2025"),
        ("Budget 2025;Skapad av ekonomi 2024", "2025"),
        ("Budget 2024;Period: 2025", "2025"),
        ("Budget 2025;Utfall 2024", None),
    ],
)
def test_the_year_is_of_a_period_never_of_the_day_of_printing_and_one_of_several_is_not_chosen(
    above: str, year: str | None, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(tmp_path / "bok.csv", [f"{above};", "Konto;Period;Belopp", "3010;1;5,00"])
    draft = guess(path, connection)
    if year:
        assert f"fiscal_year: {year}  # unsure" in draft.text
    else:
        assert "fiscal_year:" not in draft.text
        assert "--year" in draft.text


@pytest.mark.parametrize("heading", ["Verifikationstext", "Vertext", "Radtext", "Ver.text", "Text"])
def test_the_headings_of_a_text(heading: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = lines(tmp_path / "bok.csv", [f"Konto;Period;{heading};Belopp", "3010;202501;Hyra;5,00"])
    assert f'text: {{column: "{heading}"}}' in guess(path, connection).text


@pytest.mark.parametrize(
    ("name", "heading", "is_unsure"),
    [
        ("budget", "Belopp", True),
        ("prognos", "Belopp", True),
        ("budget", "Belopp (kr)", False),
        ("budget kronor", "Belopp", False),
        ("utfall", "Belopp", False),
    ],
)
def test_the_unit_of_a_budget_that_nothing_names_is_unsure(
    name: str, heading: str, is_unsure: bool, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(tmp_path / f"{name}.csv", [f"Konto;Period;{heading}", "3010;202501;5,00"])
    draft = guess(path, connection)
    assert ("unit: kronor  # unsure" in draft.text) is is_unsure
    assert "unit: kronor" in draft.text


# rows that are no data, and cells that repeat the one above


def test_the_balances_of_a_general_ledger_are_proposed_to_be_left_out(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(
        tmp_path / "huvudbok.csv",
        [
            "Konto;Ver;Datum;Text;Belopp",
            "1910;;;Ingående balans;100,00",
            "1910;1;2025-02-03;Hyra;-5,50",
            "1910;;;UB 2025;94,50",
            "6010;;;Ingående saldo 2025;0,00",
            "6010;1;2025-02-03;IB Data AB;5,50",
            "6010;;;UB 2025;5,50",
        ],
    )
    draft = guess(path, connection)
    profile = applied(path, draft, connection, None)
    assert [dict(each.where) for each in profile.leave_out] == [
        {"text": "Ingående balans*", "voucher": ""},
        {"text": "UB *", "voucher": ""},
        {"text": "Ingående saldo*", "voucher": ""},
    ]
    assert profile.vouchers == "balance"
    assert sum("balances" in each for each in draft.unsure) == 4
    assert grouped(connection, "account") == {("1910",): Decimal("-5.5"), ("6010",): Decimal("5.5")}


def test_codes_that_balance_accounts_lack_are_not_filled_down(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(
        tmp_path / "bok.csv",
        ["Ver;Period;Konto;Ansvar;Verksamhet;Belopp"]
        + [f"{n};202501;6010;110;400;5,00\r\n{n};202501;1910;;;-5,00" for n in range(5)],
    )
    assert "fill_down" not in guess(path, connection).text


@pytest.mark.parametrize(
    ("rows", "fill_down"),
    [
        (("110;400;3", ";;4", ";450;3", "120;400;3", ";;5"), "fill_down: [ansvar, activity]"),
        # written again on each row of its own: what is empty is empty by rights
        (("110;400;3", "110;400;4", "110;;5", "120;450;3", "120;450;4"), None),
    ],
)
def test_a_key_is_filled_down_only_where_it_stands_on_the_first_of_its_rows(
    rows: Sequence[str], fill_down: str | None, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = lines(
        tmp_path / "budget.csv", ["Ansvar;Verksamhet;Konto;Period;Belopp", *(f"{row};202501;5,00" for row in rows)]
    )
    text = guess(path, connection).text
    assert fill_down in text if fill_down else "fill_down" not in text
