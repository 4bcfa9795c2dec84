"""A received file as a table of cells: right ones read exactly, wrong ones refused with line and column.

The numbers are the cases of the list of bad inputs that the import must survive.
"""

from __future__ import annotations

import datetime
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import duckdb
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets import csvfast, csvfile, files
from bokslut.intake.sheets.csvfile import load_csv
from bokslut.intake.sheets.delimiters import delimiter_of
from bokslut.intake.sheets.excel import plain_number
from bokslut.intake.sheets.excel_xml import NOT_CALCULATED
from bokslut.intake.sheets.files import BOOLEAN, DATE, ERROR, NUMBER, Cells, FileForm, fingerprint, load_cells
from bokslut.intake.sheets.table import BLANKS, cleaned, cleaning

ANY = FileForm()
Rows = list[tuple[object, ...]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def read(path: Path, connection: duckdb.DuckDBPyConnection, form: FileForm = ANY) -> tuple[Cells, Rows]:
    cells = load_cells(path, connection, form)
    return cells, connection.execute("select * from cells order by line").fetchall()


def refused(path: Path, connection: duckdb.DuckDBPyConnection, form: FileForm = ANY) -> tuple[Finding, ...]:
    with pytest.raises(RefusedError) as caught:
        load_cells(path, connection, form)
    return caught.value.findings


def written(folder: Path, content: bytes, name: str = "fil.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


SCHOOL: Rows = [(1, 3, "konto", "belopp", "text"), (2, 3, "4010", "1,5", "Åsa köpte ägg"), (3, 3, "4011", "-2", None)]
TEXT = "konto;belopp;text\n4010;1,5;Åsa köpte ägg\n4011;-2;\n"

ACCEPTED: list[tuple[str, bytes, str, str, Rows]] = [
    ("utf-8", TEXT.encode(), "utf-8", ";", SCHOOL),
    ("4 byte order mark", TEXT.encode("utf-8-sig"), "utf-8", ";", SCHOOL),
    ("5 CRLF", TEXT.replace("\n", "\r\n").encode(), "utf-8", ";", SCHOOL),
    ("6 mixed line ends", TEXT.replace("\n", "\r\n", 1).encode(), "utf-8", ";", SCHOOL),
    ("6 CR alone", TEXT.replace("\n", "\r").encode(), "utf-8", ";", SCHOOL),
    ("7 cp1252", TEXT.encode("cp1252"), "cp1252", ";", SCHOOL),
    ("7 cp437", TEXT.encode("cp437"), "cp437", ";", SCHOOL),
    ("9 utf-16", TEXT.encode("utf-16"), "utf-16", ";", SCHOOL),
    ("9 utf-16, big end first", b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16", ";", SCHOOL),
    ("9 utf-16 without a mark", TEXT.encode("utf-16-le"), "utf-16", ";", SCHOOL),
    ("9 utf-16 without a mark, big end first", TEXT.encode("utf-16-be"), "utf-16", ";", SCHOOL),
    ("23 tab", TEXT.replace(";", "\t").encode(), "utf-8", "\t", SCHOOL),
    ("23 bar", TEXT.replace(";", "|").encode(), "utf-8", "|", SCHOOL),
    (
        "23 comma",
        TEXT.replace(",", ".").replace(";", ",").encode(),
        "utf-8",
        ",",
        [SCHOOL[0], (2, 3, "4010", "1.5", "Åsa köpte ägg"), SCHOOL[2]],
    ),
    (
        "8 euro and dash",
        "a;b\n1 €;Åk 1–3\n".encode("cp1252"),
        "cp1252",
        ";",
        [(1, 2, "a", "b"), (2, 2, "1 €", "Åk 1–3")],
    ),
    (
        "27 quoted line break",
        b'a;b\n"x\ny";1\n\n"z ""q""";2\n',
        "utf-8",
        ";",
        [(1, 2, "a", "b"), (2, 2, "x\ny", "1"), (5, 2, 'z "q"', "2")],
    ),
    (
        "42 decomposed",
        "a;b\nA\u030asa;o\u0308\n".encode(),
        "utf-8",
        ";",
        [(1, 2, "a", "b"), (2, 2, "Åsa", "ö")],
    ),
    (
        "30 zeros and 32 no-break spaces stay",
        "a;b\n0045;\xa01\xa0234,56 \n".encode(),
        "utf-8",
        ";",
        [(1, 2, "a", "b"), (2, 2, "0045", "1\xa0234,56")],
    ),
    (
        "24 and 25 widths are told",
        b"a;b;c\n1;2;3\n1;2\n1;2;3;4\n",
        "utf-8",
        ";",
        [(1, 3, "a", "b", "c", None), (2, 3, "1", "2", "3", None), (3, 2, "1", "2", None, None), (4, 4, *"1234")],
    ),
    ("decimal commas alone", b"belopp\n1,5\n2,25\n", "utf-8", ";", [(1, 1, "belopp"), (2, 1, "1,5"), (3, 1, "2,25")]),
    ("declared by Excel", b"sep=,\na,b;c\n", "utf-8", ",", [(1, 2, "sep=", None), (2, 2, "a", "b;c")]),
]


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter", "rows"), [case[1:] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED]
)
def test_a_csv_file_is_read_as_it_stands(
    content: bytes, encoding: str, delimiter: str, rows: Rows, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = written(tmp_path, content)
    cells, found = read(path, connection)
    assert (cells.kind, cells.encoding, cells.delimiter) == ("csv", encoding, delimiter)
    assert found == rows
    assert (cells.rows, cells.width) == (len(rows), len(rows[0]) - 2)
    assert cells.sha256 == fingerprint(path).sha256


REFUSED: list[tuple[str, bytes, FileForm, int | None, str]] = [
    ("2 empty", b"", ANY, None, "is empty"),
    ("2 blank lines alone", b"\n \n", ANY, None, "blank lines"),
    ("10 mojibake", TEXT.encode().decode("cp1252").encode(), ANY, 2, "mojibake"),
    ("10 mojibake of latin-1", TEXT.encode().decode("latin-1").encode(), ANY, 2, "mojibake"),
    ("10 mojibake of cp437", TEXT.encode().decode("cp437").encode(), ANY, 2, "mojibake"),
    ("10 utf-8 declared as cp1252", TEXT.encode(), FileForm(encoding="cp1252"), 2, "mojibake"),
    ("10 lost letters", "a;b\nk\ufffdp;1\n".encode(), ANY, 2, "lost a letter"),
    ("10 two encodings in one file", TEXT.encode() + "1;2;ö\n".encode("cp1252"), ANY, 2, "mojibake"),
    ("11 NUL", b"a;b\n1;2\n3;\x004\n", ANY, 3, "NUL"),
    ("12 cut in a row", b"a;b;c\n1;2;3\n4;5", ANY, 3, "cut off"),
    ("12 cut in a letter", "a;b;c\n1;2;å\n1;2;å".encode()[:-1], ANY, 3, "cannot be read as utf-8"),
    ("26 unterminated quote", b'a;b\n1;2\n"3;4\n5;6\n', ANY, 3, "never closed"),
    ("26 text after a quote", b'a;b\n1;2\n"3" x;4\n', ANY, 3, "after a closing quote"),
    ("26 a quote closed by the next", b'a;b\n"1;2\n3;"x"\n', ANY, 2, "on line 3"),
    ("not as declared", TEXT.encode("cp1252"), FileForm(encoding="utf-8"), 2, "cannot be read as utf-8"),
    (
        "control characters of latin-1",
        "a;b\n€;1\n".encode("cp1252"),
        FileForm(encoding="latin-1"),
        2,
        "control character",
    ),
    ("no such encoding", TEXT.encode(), FileForm(encoding="ebcdic"), None, "unknown encoding"),
    ("no such kind", TEXT.encode(), FileForm(kind="word"), None, "no such kind"),
    ("no such delimiter", TEXT.encode(), FileForm(delimiter=";;"), None, "no such delimiter"),
    ("a mark of ours", "a;b\n\ue0001;2\n".encode(), ANY, 2, "private-use"),
]


@pytest.mark.parametrize(
    ("content", "form", "line", "what"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_wrong_csv_file_is_refused(
    content: bytes, form: FileForm, line: int | None, what: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    first = refused(written(tmp_path, content), connection, form)[0]
    assert first.line == line
    assert what in first.what


def test_all_that_is_wrong_is_told_with_column_and_value(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    findings = refused(written(tmp_path, 'a;b\n1;kÃ¶p\nlÃ¤n;2\n"3"4;5\n'.encode()), connection)
    assert [(each.line, each.column, each.value) for each in findings] == [
        (2, "B", "kÃ¶p"),
        (3, "A", "lÃ¤n"),
        (4, None, None),
    ]


def test_1_a_missing_file_and_a_folder_are_refused(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    assert "does not exist" in refused(tmp_path / "saknas.csv", connection)[0].what
    assert "folder" in refused(tmp_path, connection)[0].what


READ_AS_NOBODY = """
import os, pathlib, sys, duckdb
from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets.files import FileForm, load_cells
os.chdir("/")
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    load_cells(pathlib.Path(sys.argv[1]), duckdb.connect(), FileForm())
except RefusedError as error:
    print(error.findings[0].what)
"""


def test_17_a_file_that_may_not_be_read_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = written(Path(folder), TEXT.encode())
        path.chmod(0)
        told = subprocess.run(
            [sys.executable, "-c", READ_AS_NOBODY, str(path)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ,
        )
    if "PermissionError" in told.stderr and "setuid" in told.stderr:
        pytest.skip("no right to become another user here")
    assert told.stdout.strip() == "may not be read by this user", told.stderr


def test_16_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, TEXT.encode())

    def changed(file: Path, *rest: object) -> object:
        result = load_csv(file, *rest)  # type: ignore[arg-type]
        file.write_bytes(TEXT.replace("4010", "4012").encode() + b" ")
        return result

    monkeypatch.setattr(files, "load_csv", changed)
    assert "changed while it was read" in refused(path, connection)[0].what


def test_a_guess_of_the_encoding_is_told(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    plain = load_cells(written(tmp_path, TEXT.encode("cp437")), connection, ANY)
    unsure = load_cells(written(tmp_path, b"a;b\n\x94;\xf6\n"), connection, ANY)
    assert plain.encoding_is_certain
    assert not unsure.encoding_is_certain
    assert "guess" in unsure.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(("end", "is_told"), [("\n", False), ("\r\n", False), ("\r", False), ("", True)])
@pytest.mark.parametrize("large", [0, 1 << 40])
def test_a_file_without_a_line_end_may_be_cut_in_its_last_amount(
    encoding: str, end: str, is_told: bool, large: int, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = written(tmp_path, ("konto;belopp\n3011;1\n3012;1234" + end).encode(encoding))
    assert any("line end" in note for note in load_csv(path, connection, large=large).notes) == is_told


def test_a_declared_delimiter_wins(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    _, rows = read(written(tmp_path, b"a;b,c\n1;2,3\n"), connection, FileForm(delimiter=","))
    assert rows == [(1, 2, "a;b", "c"), (2, 2, "1;2", "3")]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a;b", "1,5;2,5", "1,5;2,5"], ";"),
        (["Rapport, 2024", "", "a;b", "1;2,5", "2;3", "4;5", "4;5"], ";"),
        (['a,"b;c"', '1,"2;3"', '1,"2;3"'], ","),
        (["a\tb", "1,5\t2,5"], "\t"),
        (["a,b", "45,12", "46,13"], ","),
        (["a"], ";"),
        ([], ";"),
    ],
)
def test_the_delimiter_divides_the_lines_evenly(lines: list[str], delimiter: str) -> None:
    assert delimiter_of([f"{line}\n" for line in lines]) == delimiter


# both ways to read a CSV file give the same cells

TEXTS = st.text(st.sampled_from("aÅäö 1,5.-\"\t\xa0\u202f€–\u0308;|\n\r'\u037eÃ¤"), max_size=6)


def quoted(cell: str, delimiter: str, is_quoted: bool) -> str:
    must = is_quoted or any(sign in cell for sign in (delimiter, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if must else cell


@st.composite
def csv_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A CSV text, mostly regular, and its delimiter."""
    delimiter = draw(st.sampled_from([";", ",", "\t", "|"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    width = draw(st.integers(2, 4))
    plain = st.text(st.sampled_from("aÅö 1,.\xa0€"), max_size=4)
    odd = draw(st.booleans())
    is_shifted = draw(st.booleans())
    lines: list[str] = []
    for _ in range(draw(st.integers(2, 8))):
        cells = draw(
            st.lists(TEXTS if odd else plain, min_size=width, max_size=width + (odd and draw(st.integers(0, 1))))
        )
        extra = is_shifted and len(lines) > 3 and draw(st.booleans())
        lines.append(delimiter.join(quoted(cell, delimiter, draw(st.booleans())) for cell in cells) + extra * delimiter)
    last = draw(st.sampled_from([end, "", end * 2]))
    text = end.join(lines) + last
    if odd and draw(st.booleans()):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(['"', "\n", "\r", delimiter, " ", '""', "\0"])) + text[at:]
    return text, delimiter


def outcome(path: Path, delimiter: str, encoding: str, large: int) -> tuple[object, object]:
    with duckdb.connect() as connection:
        try:
            table = load_csv(path, connection, encoding, delimiter, large)
        except RefusedError as error:
            return "refused", error.findings
        rows = connection.execute("select * from cells order by line").fetchall() if table.rows else []
        return (table.width, table.rows), rows


@settings(max_examples=300, deadline=None)
@given(text=csv_texts(), encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_both_ways_to_read_csv_give_the_same_cells(text: tuple[str, str], encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), text[0].encode(encoding, errors="replace"))
        # what stands below the sample is what the two may read differently
        with mock.patch.object(csvfile, "SAMPLE", 3):
            assert outcome(path, text[1], encoding, 0) == outcome(path, text[1], encoding, 1 << 40)


def large_file(rows: int, seed: int = 6) -> str:
    chance = random.Random(seed)  # noqa: S311
    head = 'Huvudbok 2024\n\nkonto;belopp;"text, och\nmera"\n'
    return head + "".join(
        f'{chance.randint(3000, 8999)};{chance.randint(-9999, 9999)},{chance.randint(0, 99):02d};"köp {row} "\n'
        for row in range(rows)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp437", "utf-16"])
def test_the_fast_way_is_taken_and_right(encoding: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = written(tmp_path, large_file(5000).encode(encoding))
    table = load_csv(path, connection, large=0)
    fast = connection.execute("select * from cells order by line").fetchall()
    kinds = connection.execute("select table_type from information_schema.tables where table_name = 'cells'").fetchall()
    assert kinds == [("VIEW",)]
    assert (table.rows, table.width) == (5002, 3)
    load_csv(path, connection, large=1 << 40)
    assert fast == connection.execute("select * from cells order by line").fetchall()
    assert fast[1] == (3, 3, "konto", "belopp", "text, och\nmera")
    assert fast[2][0] == 5


@pytest.mark.parametrize(
    "late",
    [
        "x;1",
        '"x" ;1;2',
        ' "x";1;2',
        "x\ry;1;2",
        '"x\ny";1;2',
        "",
        'x "y;1;2',
        '"x" y;1;2',
        "x;e\u0308;2",
        "x;kÃ¶p;1",
        "\r",
        "9;1;5000,00;",
        '"x;y";1;5000,00;',
        '9;1;"5000;00";',
    ],
)
def test_what_is_not_regular_is_left_to_the_exact_way(late: str, tmp_path: Path) -> None:
    text = large_file(900) + late + "\n" + "1;2;3\n" * 3
    path = written(tmp_path, text.encode())
    assert outcome(path, ";", "utf-8", 0) == outcome(path, ";", "utf-8", 1 << 40)


def test_a_fast_reading_leaves_nothing_behind_for_the_next(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    for large in (0, 1 << 40, 0):
        path = written(tmp_path, large_file(100).encode())
        assert load_csv(path, connection, large=large).rows == 102
    assert read(written(tmp_path, b"a;b\n1;2\n"), connection)[1] == [(1, 2, "a", "b"), (2, 2, "1", "2")]


def test_a_damaged_file_never_fails_in_the_fast_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(csvfast, "BLOCK", 64)
    path = written(tmp_path, large_file(600).encode("cp1252"))
    assert outcome(path, ";", "cp1252", 0) == outcome(path, ";", "cp1252", 1 << 40)


# encodings

SWEDISH = st.text(st.sampled_from("abcåäöÅÄÖé 12,-"), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(text=SWEDISH, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp437"]))
def test_swedish_text_comes_out_of_every_encoding(text: str, encoding: str) -> None:
    content = f"rubrik;kolumn å ä ö Å\n{text};1\n"
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        cells, rows = read(written(Path(folder), content.encode(encoding)), connection)
    assert rows[0][2:] == ("rubrik", "kolumn å ä ö Å")
    assert rows[1] == (2, 2, cleaned(text), "1")
    assert cells.encoding_is_certain


@settings(max_examples=300, deadline=None)
@given(content=st.binary(min_size=1, max_size=300), name=st.sampled_from(["a.csv", "a.xlsx", "a.parquet", "a"]))
def test_random_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = written(Path(folder), content, name)
        try:
            load_cells(path, connection, ANY)
        except RefusedError as error:
            assert error.findings


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from(BLANKS + "aå\u0308\u2000x1"), max_size=8), min_size=1, max_size=5))
def test_sql_cleans_as_python_does(texts: list[str]) -> None:
    with duckdb.connect() as connection:
        for text in texts:
            [(found,)] = connection.execute(f"select {cleaning('t')} from (select $t as t)", {"t": text}).fetchall()
            assert found == cleaned(text)


# Excel


def workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    fill(book)
    book.close()
    return path


def filled(book: xlsxwriter.Workbook) -> None:
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    clock = book.add_format({"num_format": "hh:mm"})
    book.add_worksheet("Tomt")
    hidden = book.add_worksheet("Dolt")
    hidden.write("A1", "hemligt")
    hidden.hide()
    sheet = book.add_worksheet("Utfall")
    sheet.write("B3", "45 Gymnasieskola ")
    sheet.write("C3", 1234.5)
    sheet.write("D3", 0.1 + 0.2)
    sheet.write("E3", 1000000)
    sheet.write_datetime("F3", datetime.date(2024, 3, 5), date)
    sheet.write_datetime("G3", datetime.datetime(2024, 3, 5, 23, 59, 59), moment)  # noqa: DTZ001
    sheet.write_datetime("H3", datetime.time(10, 20), clock)
    sheet.write("B5", True)
    sheet.write_formula("C5", "=C3*2", None, 2469)
    sheet.write_formula("D5", "=1/0", None, "#DIV/0!")
    sheet.write_string("E5", "0045")
    sheet.merge_range("B6:B8", "grupp")
    sheet.write("C6", -1e15)
    book.add_worksheet("Annat").write("A1", 1)


def test_a_sheet_is_read_as_it_stands(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    cells, rows = read(workbook(tmp_path / "a.xlsx", filled), connection)
    assert (cells.kind, cells.sheet, cells.width, cells.rows) == ("excel", "Utfall", 8, 3)
    day = f"{DATE}2024-03-05"
    numbers = [f"{NUMBER}{text}" for text in ("1234.5", "0.3", "1000000")]
    assert rows == [
        (3, 8, None, "45 Gymnasieskola", *numbers, day, day, "10:20:00"),
        (5, 8, None, f"{BOOLEAN}true", f"{NUMBER}2469", f"{ERROR}#DIV/0!", "0045", None, None, None),
        (6, 8, None, "grupp", f"{NUMBER}-1000000000000000", None, None, None, None, None),
    ]
    assert cells.notes == (
        "other sheets: Tomt, Annat",
        "hidden sheets: Dolt",
        "merged cells (the value stands in the first): B6:B8",
    )


def test_a_sheet_is_chosen_by_name(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = workbook(tmp_path / "a.xlsx", filled)
    assert read(path, connection, FileForm(sheet="Dolt"))[1] == [(1, 1, "hemligt")]
    assert "use one of: Tomt, Dolt, Utfall, Annat" in refused(path, connection, FileForm(sheet="Saknas"))[0].do
    assert "empty sheet" in refused(path, connection, FileForm(sheet="Tomt"))[0].what


def test_a_formula_that_was_never_calculated_is_no_empty_cell(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    def summed(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula("C1", "=B2*2", None, 777)
        sheet.write("B2", 3)
        sheet.write_formula("B3", "=1+1", None, 777)

    source, path = workbook(tmp_path / "a.xlsx", summed), tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"<v>777</v>", b"<v></v>"))
    assert read(source, connection)[1][0] == (1, 3, None, None, f"{NUMBER}777")
    flaw = f"{ERROR}{NOT_CALCULATED}"
    assert read(path, connection)[1] == [
        (1, 3, None, None, flaw),
        (2, 3, None, f"{NUMBER}3", None),
        (3, 3, None, flaw, None),
    ]


def with_cell(folder: Path, cell: str, name: str = "C2") -> Path:
    """A workbook of a head and one row, where one cell of the sheet's XML is another."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Konto", "Jan", "Feb"])
        sheet.write_row(1, 0, ["4011", 5, 777])

    source, path = workbook(folder / "a.xlsx", fill), folder / "b.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        for part in before.namelist():
            content = before.read(part).decode()
            if part.endswith("sheet1.xml"):
                content, changed = re.subn(f'<c r="{name}".*?</c>', lambda _: cell, content)
                assert changed == 1
            after.writestr(part, content)
    return path


@pytest.mark.parametrize(
    ("cell", "flaw"),
    [
        ('<c r="C2"><f>B2*2</f><v></v></c>', NOT_CALCULATED),
        ('<c r="C2"><f>B2*2</f><v/></c>', NOT_CALCULATED),
        ('<c r="C2"><f>B2*2</f><v /></c>', NOT_CALCULATED),
        ('<c r="C2"><f>B2*2</f>\n</c>', NOT_CALCULATED),
        ('<c r="C2"><f>B2*2</f ></c >', NOT_CALCULATED),
        ('<c r="C2"><f>B2*2</f><!-- none --><v> </v></c>', NOT_CALCULATED),
        ('<c r="C2"><f t="shared" si="0" /></c>', NOT_CALCULATED),
        ("<c r='C2'><f>B2*2</f></c>", NOT_CALCULATED),
        ("<c><f>B2*2</f></c>", NOT_CALCULATED),
        ("<c r='C2' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="C2" t = "e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="e" r="C2"><v>#REF!</v></c>', "#REF!"),
        ('<c r="C2" t="e"/>', "error"),
    ],
)
def test_a_flawed_cell_is_found_however_it_is_written(
    cell: str, flaw: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    assert read(with_cell(tmp_path, cell), connection)[1][1] == (2, 3, "4011", f"{NUMBER}5", f"{ERROR}{flaw}")


def test_a_formula_whose_text_is_empty_is_an_empty_cell(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = with_cell(tmp_path, '<c r="C2" t="str"><f>IF(B2=5,"",1)</f><v></v></c>')
    assert read(path, connection)[1][1] == (2, 3, "4011", f"{NUMBER}5", None)


def test_zeros_that_a_number_format_shows_are_kept(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, zeros = book.add_worksheet(), book.add_format({"num_format": "0000"})
        for row, value in enumerate([451, 4511, 45110, 0.5, -45, 0]):
            sheet.write_number(row, 1, value, zeros)
            sheet.write_number(row, 2, value)

    rows = read(workbook(tmp_path / "a.xlsx", fill), connection)[1]
    texts = ["0451", "4511", "45110", "0.5", "-45", "0000"]
    plain = ["451", "4511", "45110", "0.5", "-45", "0"]
    assert [row[3:] for row in rows] == [
        (f"{NUMBER}{text}", f"{NUMBER}{other}") for text, other in zip(texts, plain, strict=True)
    ]


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (45322.0, "2024-01-31"),
        (45322.5, "2024-01-31"),
        (45322.9999, "2024-01-31"),
        (45322.99999999, "2024-01-31"),
        (45322.999999999, "2024-01-31"),
        (45322.9999999999, "2024-01-31"),
        (45323.0000000001, "2024-02-01"),
    ],
)
def test_a_moment_before_midnight_is_of_its_own_day(
    serial: float, day: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_number(0, 0, serial, book.add_format({"num_format": "yyyy-mm-dd"}))

    assert read(workbook(tmp_path / "a.xlsx", fill), connection)[1] == [(1, 1, f"{DATE}{day}")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><body>Logga in</body></html>", "saved web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (b"konto;belopp\n1;2\n", "no zip archive"),
        (b"PK\x03\x04" + bytes(100), "no zip archive"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_excel_file_is_refused(
    content: bytes, what: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    assert what in refused(written(tmp_path, content, "a.xlsx"), connection)[0].what


def test_a_damaged_excel_file_is_refused(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    whole = workbook(tmp_path / "a.xlsx", filled).read_bytes()
    chance = random.Random(11)  # noqa: S311
    for _ in range(60):
        at = chance.randrange(len(whole))
        damaged = whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :] if at % 2 else whole[:at]
        try:
            load_cells(written(tmp_path, damaged, "b.xlsx"), connection, ANY)
        except RefusedError as error:
            assert error.findings
    empty = workbook(tmp_path / "c.xlsx", lambda book: book.add_worksheet())
    assert "no visible sheet" in refused(empty, connection)[0].what


def test_a_text_of_a_sheet_with_mojibake_is_refused(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda book: book.add_worksheet().write("C2", "lÃ¤n"))
    [finding] = refused(path, connection)
    assert (finding.line, finding.column, finding.value) == (2, "C", "lÃ¤n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
        (1.5e-7, "0.00000015"),
        (1e21, "1" + "0" * 21),
        (100.0, "100"),
        (123456789012345.6, "123456789012346"),
        (float("nan"), "nan"),
    ],
)
def test_a_number_has_plain_decimal_notation(value: float, text: str) -> None:
    assert plain_number(value) == text


# Parquet


def test_a_parquet_file_is_read_with_its_names_as_line_1(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a.parquet"
    duckdb.execute(
        "copy (select ' A\u030asa ' as t, 1 as i, 1234.50::decimal(18, 2) as d, 0.1::double + 0.2 as f,"
        " 1e15::double as g, 1.5e-7::double as h, date '2024-03-05' as dt, timestamp '2024-03-05 10:20:00' as ts,"
        " true as b, null::varchar as n, 100::double as w"
        f" union all select '', -2, 0, 0, 1, -1, null, null, false, 'x', null) to '{path}'"
    )
    cells, rows = read(path, connection)
    assert (cells.kind, cells.rows, cells.width) == ("parquet", 3, 11)
    assert rows[0] == (1, 11, "t", "i", "d", "f", "g", "h", "dt", "ts", "b", "n", "w")
    numbers = [f"{NUMBER}{text}" for text in ("1", "1234.5", "0.3", "1000000000000000", "0.00000015")]
    day = f"{DATE}2024-03-05"
    assert rows[1] == (2, 11, "Åsa", *numbers, day, day, f"{BOOLEAN}true", None, f"{NUMBER}100")
    numbers = [f"{NUMBER}{text}" for text in ("-2", "0", "0", "1", "-1")]
    assert rows[2] == (3, 11, None, *numbers, None, None, f"{BOOLEAN}false", "x", None)


def test_a_time_with_a_time_zone_is_no_date(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a.parquet"
    duckdb.execute(
        f"copy (select 1 as i, timestamptz '2024-01-31 23:30:00+00' as t union all select 2, null) to '{path}'"
    )
    [_, (*_, zoned), (*_, empty)] = read(path, connection)[1]
    assert str(zoned).startswith(ERROR)
    assert "time zone" in str(zoned)
    assert empty is None


@pytest.mark.parametrize("name", ["l[1]", "l*", "l?", "year=2024"])
def test_a_file_whose_name_is_a_pattern_is_read_itself(
    name: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    (tmp_path / name).mkdir()
    for stem, value in (("l1", 1), ("lx", 2), (name, 3)):
        written(tmp_path, large_file(100, seed=value).encode(), f"{stem}.csv")
        duckdb.execute(f"copy (select {value} as v) to '{tmp_path / 'plain'}' (format parquet)")
        (tmp_path / "plain").rename(tmp_path / name / f"{stem}.parquet")
    assert read(tmp_path / name / f"{name}.parquet", connection)[1] == [(1, 1, "v"), (2, 1, f"{NUMBER}3")]
    load_csv(tmp_path / f"{name}.csv", connection, large=0)
    fast = connection.execute("select * from cells order by line").fetchall()
    load_csv(tmp_path / f"{name}.csv", connection, large=1 << 40)
    assert fast == connection.execute("select * from cells order by line").fetchall()


def test_a_parquet_file_with_mojibake_or_damage_is_refused(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "a.parquet"
    duckdb.execute(f"copy (select 1 as i, 'lÃ¤n' as t) to '{path}'")
    [finding] = refused(path, connection)
    assert (finding.line, finding.column, finding.value) == (2, "B", "lÃ¤n")
    assert "cannot be read as Parquet" in refused(written(tmp_path, b"PAR1xx", "b.parquet"), connection)[0].what
