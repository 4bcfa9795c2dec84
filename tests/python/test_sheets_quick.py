"""The quick way to read a large ledger: what it takes is what the exact way gives; what is wrong is left to that."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets import csvfile, csvstream
from bokslut.intake.sheets.apply import Applied, Context, apply_profile
from bokslut.intake.sheets.files import Cells, FileForm, load_cells
from bokslut.intake.sheets.form import Profile
from bokslut.intake.sheets.quick import Quick, read_quickly
from sheet_cells import profile_of

HEAD = "Konto;Verksamhet;Datum;Ver;Rad;Belopp;Text;Annat;"
LEDGER = """
profile: Huvudbok
kind: ledger
columns:
  account: Konto
  activity: Verksamhet
  booked_on: Datum
  voucher: Ver
  line: Rad
  amount: Belopp
  text: Text
"""
PARTED = LEDGER.replace("amount: Belopp", "debit: Belopp\n  credit: Annat").replace("  line: Rad\n", "")
PERIODS = LEDGER.replace("booked_on: Datum", "period: {column: Datum, form: yyyy-mm}")
PROFILES = {"ledger": LEDGER, "parts": LEDGER + "vouchers: part\n", "parted": PARTED, "periods": PERIODS}
DEFAULT = ["4010", "451", "2024-03-05", "1", "1", "10,00", "Köp av bok", "", ""]
# what the cells of the last rows are: at most one of a row is odd
CELLS = (
    ("4010", "1930", " 4010 ", "", "45 Skola", "Summa", "40\u00a010", "1E+5"),
    ("451", "", "Summa 451", "0451", "4 5", "Totalt"),
    ("2024-03-05", "2024-03", "2024-02-30", "20240305", "2023-12-31", ""),
    ("77", "A 78", "", "Totalt", "7" * 201),
    ("1", "2", "0", "x", "1.0", ""),
    ("10,00", "-10,00", " 1 234,5", "10", "1,234", "1.234,00", "10-", "(10)", "", "9" * 17, "\u221210,00", "0,00"),
    ("Köp", "", "Summa", "UB 2024", "Ingående balans", "640823-3234", "a;b", "\u00a0blank\u00a0", "Ã¤"),
    ("", "5,00", "Delsumma"),
    ("", "något"),
)


def rows_of(count: int, name: str = "ledger") -> list[list[str]]:
    """Vouchers of two lines that balance."""
    day = "2024-03" if name == "periods" else "2024-03-05"
    rows = []
    for number in range(count):
        line, mark = number % 2 + 1, "-" if number % 2 else ""
        cells = {
            0: "1930" if mark else "4010",
            2: day,
            3: str(number // 2 + 100),
            4: str(line),
            5: f"{mark}{number // 2},50",
        }
        rows.append([cells.get(place, cell) for place, cell in enumerate(DEFAULT)])
    return rows


def outcome(path: Path, profile: Profile, *, is_quick: bool) -> tuple[object, ...]:
    with duckdb.connect() as connection:
        try:
            quick = read_quickly(path, connection, profile, Context(), as_view=True) if is_quick else None
            applied: Applied = (
                quick.applied if quick else apply_profile(load(path, connection), profile, connection, Context())
            )
        except RefusedError as error:
            return ("refused", error.findings)
        postings = connection.execute("select * from postings_read order by all").fetchall()
        if quick:
            assert connection.execute(f"select * from {quick.written} order by all").fetchall() == postings
            said_is_whole(connection, quick)
        return applied.rows, applied.ignored_columns, applied.notes, postings


def load(path: Path, connection: duckdb.DuckDBPyConnection) -> Cells:
    with mock.patch.object(csvfile, "LARGE", 1 << 40):
        return load_cells(path, connection, FileForm())


def said_is_whole(connection: duckdb.DuckDBPyConnection, quick: Quick) -> None:
    for column, texts in quick.said.items():
        missing = f"select {column} from postings_read where {column} is not null except select value from {texts}"
        assert connection.execute(missing).fetchall() == []


def is_taken(path: Path, profile: Profile) -> bool:
    with duckdb.connect() as connection:
        return read_quickly(path, connection, profile, Context(), as_view=True) is not None


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """Files are large from the first byte; blocks, samples and texts are few."""
    with (
        mock.patch.object(csvfile, "LARGE", 0),
        mock.patch.object(csvfile, "SAMPLE", 230),
        mock.patch.object(csvstream, "BLOCK", 4000),
        mock.patch.object(csvstream, "MOST_TEXTS", 12),
    ):
        yield


def written(folder: Path, rows: Sequence[Sequence[str]], encoding: str, end: str = "\r\n", above: str = "") -> Path:
    path = folder / "ledger.csv"
    lines = [above + HEAD, *(";".join(f'"{cell}"' if ";" in cell else cell for cell in row) for row in rows)]
    path.write_bytes((end.join(lines) + end).encode(encoding, errors="replace"))
    return path


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_both_ways_give_the_same_postings_notes_and_findings(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PROFILES)))
    rows = rows_of(240, name)
    for row in rows[230:]:
        if data.draw(st.booleans()):
            place = data.draw(st.integers(0, len(CELLS) - 1))
            row[place] = data.draw(st.sampled_from(CELLS[place]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    above = data.draw(st.sampled_from(["", f"Huvudbok 2024{end}{end}"]))
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), rows, encoding, end, above)
        profile = profile_of(Path(folder), PROFILES[name])
        assert outcome(path, profile, is_quick=True) == outcome(path, profile, is_quick=False)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_plain_ledger_is_taken(name: str, encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, rows_of(400, name), encoding)
    profile = profile_of(tmp_path, PROFILES[name])
    assert is_taken(path, profile)
    assert outcome(path, profile, is_quick=True) == outcome(path, profile, is_quick=False)


def test_blanks_at_the_edges_and_quotes_are_taken_too(tmp_path: Path) -> None:
    rows = rows_of(400)
    rows[300][6], rows[301][0], rows[302][5], rows[303][3] = "a;b", " 1930\u00a0", " 151,50", " 251"
    path, profile = written(tmp_path, rows, "cp1252"), profile_of(tmp_path, LEDGER)
    assert is_taken(path, profile)
    assert outcome(path, profile, is_quick=True) == outcome(path, profile, is_quick=False)


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (0, ""),
        (0, "Summa"),
        (1, "4 5"),
        (2, "2024-02-30"),
        (2, "2023-12-31"),
        (3, "Totalt"),
        (3, "7" * 201),
        (4, "0"),
        (5, "1,234"),
        (5, ""),
        (6, "Ingående balans"),
        (6, "e\u0308"),
        (6, "Ã¤"),
        (7, "Delsumma"),
    ],
)
def test_what_may_be_wrong_is_left_to_the_exact_way(place: int, cell: str, tmp_path: Path) -> None:
    rows = rows_of(400)
    profile = profile_of(tmp_path, PROFILES["parts"])
    assert is_taken(written(tmp_path, rows, "utf-8"), profile)
    rows[390][place] = cell
    assert not is_taken(written(tmp_path, rows, "utf-8"), profile)


@pytest.mark.parametrize("late", ["", "x", ";;;;;;;;", "1;2;3;4;5;6;7;8;9;10", '4010;451;"2024', "\r", "a\0b;;;;;;;;"])
def test_a_row_of_another_form_is_left_to_the_exact_way(late: str, tmp_path: Path) -> None:
    path, profile = written(tmp_path, rows_of(400), "utf-8", "\n"), profile_of(tmp_path, LEDGER)
    assert is_taken(path, profile)
    path.write_bytes(path.read_bytes() + late.encode() + b"\n")
    assert not is_taken(path, profile)


@pytest.mark.parametrize(
    "more",
    [
        "totals:\n  - where: {account: Summa}\n    adds: all\n",
        "leave_out:\n  - where: {account: IB}\n",
        "fill_down: [account]\n",
    ],
)
def test_a_profile_that_looks_beyond_the_row_is_left_to_the_exact_way(more: str, tmp_path: Path) -> None:
    assert not is_taken(written(tmp_path, rows_of(400), "utf-8"), profile_of(tmp_path, LEDGER + more))


def test_a_voucher_that_does_not_balance_is_left_to_the_exact_way(tmp_path: Path) -> None:
    rows = rows_of(400)
    rows[390][5] = "1,00"
    path = written(tmp_path, rows, "utf-8")
    assert is_taken(path, profile_of(tmp_path, PROFILES["parts"]))
    assert not is_taken(path, profile_of(tmp_path, LEDGER))


@pytest.mark.parametrize("above", ["Huvudbok 2024\r\r\n", "Huvudbok 2024\r", "Huvudbok\r\r\n2024\r\r\n"])
def test_a_return_alone_above_the_rows_loses_none(above: str, tmp_path: Path) -> None:
    path, profile = written(tmp_path, rows_of(400), "utf-8", "\n", above), profile_of(tmp_path, PROFILES["parts"])
    assert not is_taken(path, profile)
    assert outcome(path, profile, is_quick=False)[0] == 400


@pytest.mark.parametrize("cell", ['"b;"c', '"abc"def;"b', '"abc" ;"b'])
def test_text_after_a_closing_quote_is_left_to_the_exact_way(cell: str, tmp_path: Path) -> None:
    path, profile = written(tmp_path, rows_of(400), "utf-8", "\n"), profile_of(tmp_path, LEDGER)
    lines = path.read_text(encoding="utf-8").split("\n")
    # the cell stands where the text does, so that the number of delimiters is that of a quoted one
    lines[390] = lines[390].replace("Köp av bok", cell)
    path.write_text("\n".join(lines), encoding="utf-8")
    assert not is_taken(path, profile)
    assert outcome(path, profile, is_quick=False)[0] == "refused"


def test_a_byte_order_mark_read_as_text_is_left_to_the_exact_way(tmp_path: Path) -> None:
    rows = rows_of(400)
    rows[390][6] = "ï»¿Köp"
    assert not is_taken(written(tmp_path, rows, "cp1252"), profile_of(tmp_path, LEDGER))


def test_a_file_whose_columns_hardly_repeat_is_read(tmp_path: Path) -> None:
    rows = rows_of(400)
    for number, row in enumerate(rows):
        row[0], row[1] = str(4000 + number), str(10_000 + number)
    constants = 'constants: {fiscal_year: "2024", period: "3"}\ncolumns:\n  account: Konto\n  amount: Belopp\n'
    path = written(tmp_path, rows, "utf-8")
    profile = profile_of(tmp_path, f"profile: Huvudbok\nkind: ledger\n{constants}")
    assert outcome(path, profile, is_quick=True) == outcome(path, profile, is_quick=False)


def test_a_delimiter_beyond_ascii_is_left_to_the_exact_way(tmp_path: Path) -> None:
    path = written(tmp_path, rows_of(400), "utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(";", "§"), encoding="utf-8")
    profile = profile_of(tmp_path, LEDGER.replace("columns:", "file: {delimiter: §}\ncolumns:", 1))
    assert not is_taken(path, profile)


def test_texts_beyond_so_many_bytes_are_not_numbered(tmp_path: Path) -> None:
    rows = rows_of(400)
    for number, row in enumerate(rows):
        row[6] = f"Text {number // 40}"
    path, profile = written(tmp_path, rows, "utf-8"), profile_of(tmp_path, LEDGER)
    with mock.patch.object(csvstream, "MOST_BYTES", 20):
        assert outcome(path, profile, is_quick=True) == outcome(path, profile, is_quick=False)
