"""The Excel file: real numbers that prove themselves, live sums with their value, and texts that stay texts."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.report.document import (
    Block,
    Callout,
    Chart,
    Column,
    Delta,
    Details,
    Inline,
    List,
    Number,
    Page,
    Report,
    Row,
    Strong,
    Table,
    Text,
)
from bokslut.report.theme import Theme
from bokslut.report.writers.excel import Control, Placed, sheet_names, tables, write_excel
from bokslut.report.writers.paged import visible
from report_sample import HOSTILE, NOTHING, money, report, specification, variance_table

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
CONTROL = Control(
    (("Tal i rapporten som är bevisade", 812),),
    ("Vad", "Källan säger"),
    (("Gymnasieskola", HOSTILE[0]),),
)
TABLE_SHEETS = ["Drift", "Drift (2)", "Texter 1"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Placed]]:
    path = tmp_path_factory.mktemp("excel") / "report.xlsx"
    return path, write_excel(report(), CONTROL, THEME, path)


@pytest.fixture(scope="module")
def formulas(sample: tuple[Path, list[Placed]]) -> Any:
    return openpyxl.load_workbook(sample[0])


@pytest.fixture(scope="module")
def stored(sample: tuple[Path, list[Placed]]) -> Any:
    return openpyxl.load_workbook(sample[0], data_only=True)


def one_page(*blocks: Block) -> Report:
    return replace(report(), pages=(Page("index", (Text("Sida"),), blocks),))


def sheet_of(path: Path, *cells: tuple[Inline, ...], unit: str = "", is_number: bool = True) -> Any:
    """The sheet of a table with one row of those cells, each in a column of that unit."""
    columns = tuple(Column(f"Kolumn {place}", unit, is_number=is_number) for place in range(len(cells)))
    write_excel(one_page(Table("Tabell", columns, (cells,))), None, THEME, path)
    return openpyxl.load_workbook(path)["Tabell"]


def test_every_table_has_a_sheet_that_the_contents_lead_to(formulas: Any) -> None:
    assert formulas.sheetnames == ["Innehåll", "Kontroll", "Talkontroll", *TABLE_SHEETS]
    contents = formulas["Innehåll"]
    rows = [(contents.cell(row, 1), contents.cell(row, 2).value) for row in range(5, 10)]
    assert [(cell.value, cell.hyperlink.location) for cell, _ in rows] == [
        (name, f"'{name}'!A1") for name in formulas.sheetnames[1:]
    ]
    assert [caption for _, caption in rows[2:4]] == ["Driftredovisning", "Avvikelse per verksamhet"]


def test_tables_within_other_blocks_are_found_and_a_table_is_written_once() -> None:
    first, second, third, fourth = (variance_table(f"Tabell {letter}") for letter in "abcd")
    chart = Chart("c", "Tabell a", "", specification(), first)
    other = Chart("d", "Diagram", "", specification(), variance_table("Diagram"))
    blocks = (first, Callout("info", "", (second,)), Details("", (Row((third,)),)), List(((fourth,),)), chart, other)
    found = [table.caption for _, table in tables(one_page(*blocks))]
    assert found == ["Tabell a", "Tabell b", "Tabell c", "Tabell d", "Diagram"]


def test_money_is_whole_kronor_as_a_number(formulas: Any) -> None:
    sheet = formulas["Drift"]
    assert [cell.value for cell in sheet[4]] == ["Verksamhet", "Avvikelse (kr)", "Orsak"]
    assert [sheet["B5"].value, sheet["B6"].value] == [-12_508_000, 658_000]
    assert sheet["B5"].data_type == "n"
    assert sheet["B5"].number_format == "#,##0"
    assert sheet["B7"].value == "–"
    assert [sheet["A1"].value, sheet["A2"].value] == ["Driftredovisning", "Till innehållet"]
    assert sheet["B2"].value == "Från sidan Året i korthet"


@pytest.mark.parametrize(
    ("number", "unit", "expected", "number_format", "head"),
    [
        (Number("7,5", " %", Decimal("7.5"), "a", 2024, "percent", 1, 1, number_format='0.0" %"'), "%", 7.5, 0, "%"),
        (Number("18", "", Decimal(18), "a", 2024, "count", number_format="#,##0"), "", 18, 0, ""),
        (money("658", 658_000, "a"), "", 658_000, '#,##0" kr"', ""),
        (replace(money("0,5", 500, "a", ""), decimals=1), "tkr", 500, 0, "kr"),
        (Number("3", " procentenheter", Decimal(3), "a", 2024, "percentage_points", number_format="0"), "", 3, 1, ""),
        (Number("2", " miljoner", Decimal(2_000_000), "a", 2024, "count", 10**6, number_format="0"), "", 2e6, 0, ""),
    ],
)
def test_a_number_keeps_its_unit(
    tmp_path: Path, number: Number, unit: str, expected: float, number_format: str | int, head: str
) -> None:
    sheet = sheet_of(tmp_path / "a.xlsx", (number,), unit=unit)
    assert sheet["A5"].value == expected
    wanted = number_format if isinstance(number_format, str) else number.number_format
    assert sheet["A5"].number_format == (f'{number.number_format}" procentenheter"' if number_format == 1 else wanted)
    assert sheet["A4"].value == (f"Kolumn 0 ({head})" if head else "Kolumn 0")


def test_a_number_with_its_sign_turned_is_as_it_is_printed(tmp_path: Path) -> None:
    number = replace(money("13\u00a0050", -13_050_000, "a"), sign=-1)
    assert sheet_of(tmp_path / "a.xlsx", (number,))["A5"].value == 13_050_000


def test_a_number_beside_text_is_text_and_a_change_is_a_number(tmp_path: Path) -> None:
    number = money("658", 658_000, "a")
    sheet = sheet_of(
        tmp_path / "a.xlsx", (Text("cirka "), number), (Delta(number, True),), (Strong((number,)),), (NOTHING,)
    )
    assert [cell.value for cell in sheet[5]] == ["cirka 658 tkr", 658_000, 658_000, "–"]


def test_a_total_is_a_live_sum_where_it_is_the_sum(formulas: Any, stored: Any, tmp_path: Path) -> None:
    assert formulas["Drift"]["B8"].value == "=SUM(B5:B7)"
    assert stored["Drift"]["B8"].value == -11_850_000
    plain_total = replace(variance_table("Annan"), is_live=(False, False, False))
    write_excel(one_page(plain_total), None, THEME, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Drift"]["B8"].value == -11_850_000


def test_the_only_formulas_are_sums_and_comparisons(formulas: Any) -> None:
    allowed = r"=SUM\(B5:B\d+\)|=COUNTIF\('Talkontroll'!\$I\$5:\$I\$\d+,\"(stämmer|ändrad)\"\)|=IF\(ISNUMBER\(.*\)"
    found = [cell.value for sheet in formulas for row in sheet for cell in row if cell.data_type == "f"]
    assert len(found) == 2 + 2 + 6
    assert all(re.fullmatch(allowed, formula) for formula in found)


def test_each_figure_is_compared_with_what_was_proven(sample: tuple[Path, list[Placed]], formulas: Any) -> None:
    sheet, placed = formulas["Talkontroll"], sample[1]
    rows = list(sheet.iter_rows(min_row=5, max_row=4 + len(placed)))
    assert [(row[0].value, row[2].value, row[3].value) for row in rows] == [
        (place.number.figure_key, place.sheet, place.cell) for place in placed
    ]
    assert [cell.value for cell in rows[2]] == [
        "operating/total/variance",
        2024,
        "Drift",
        "B8",
        "Summa",
        "Avvikelse",
        "kronor",
        -11_850_000,
        '=IF(ISNUMBER(\'Drift\'!B8),IF(ROUND(\'Drift\'!B8-H7,6)=0,"stämmer","ändrad"),"ändrad")',
    ]
    assert rows[2][3].hyperlink.location == "'Drift'!B8"


def test_the_proof_is_stored_with_its_outcome(stored: Any) -> None:
    assert [stored["Talkontroll"].cell(row, 9).value for row in range(5, 11)] == ["stämmer"] * 6
    control = stored["Kontroll"]
    assert [[cell.value for cell in row[:2]] for row in control.iter_rows(min_row=4, max_row=11)] == [
        ["Vad", "Antal"],
        ["Tal i filen som är det bevisade värdet", 6],
        ["Tal i filen som är ändrade", 0],
        ["Tal i rapporten som är bevisade", 812],
        [None, None],
        ["Motsägelser i källorna", None],
        ["Vad", "Källan säger"],
        ["Gymnasieskola", HOSTILE[0]],
    ]


def test_a_number_stands_where_it_is_said_to_stand(sample: tuple[Path, list[Placed]], stored: Any) -> None:
    assert [(place.sheet, place.cell) for place in sample[1]] == [
        (sheet, cell) for sheet in ("Drift", "Drift (2)") for cell in ("B5", "B6", "B8")
    ]
    for place in sample[1]:
        assert stored[place.sheet][place.cell].value == place.number.value


def test_hostile_text_is_shown_as_text(formulas: Any, sample: tuple[Path, list[Placed]]) -> None:
    sheet = formulas["Texter 1"]
    for row, text in enumerate(HOSTILE, 5):
        for column in (1, 2):
            cell = sheet.cell(row, column)
            assert cell.data_type == "s"
            assert cell.value == visible(text)
            assert cell.hyperlink is None
            assert cell.quotePrefix == (text[0] in "=+-@")
    assert sheet["A1"].value.endswith(HOSTILE[0])
    with zipfile.ZipFile(sample[0]) as archive:
        names = archive.namelist()
        assert not [name for name in names if "rels" in name and b'TargetMode="External"' in archive.read(name)]
        assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]


def test_a_text_longer_than_a_cell_is_cut_where_it_can_be_seen(tmp_path: Path) -> None:
    value = sheet_of(tmp_path / "a.xlsx", (Text("å" * 40_000),))["A5"].value
    assert len(value) == 32_767
    assert value.endswith("å…")


def test_the_head_stays_and_is_printed_on_every_page(formulas: Any) -> None:
    for name in ["Innehåll", "Talkontroll", *TABLE_SHEETS]:
        sheet = formulas[name]
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.page_setup.orientation == "landscape"
        # as wide as one page, which is what nothing said means, and as high as it gets
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.auto_filter.ref.startswith("A4:")
    assert formulas["Drift"].auto_filter.ref == "A4:C7", "the total is not sorted among the rows"
    assert formulas["Drift"].oddFooter.right.text == "Sida &P av &N"


def test_columns_are_as_wide_as_what_they_hold(formulas: Any) -> None:
    widths = formulas["Drift"].column_dimensions
    assert widths["C"].width > len("Medfinansiering av underskott")
    assert widths["B"].width > len("\u221212 508 000")
    assert formulas["Texter 1"].column_dimensions["A"].width < 70
    assert formulas["Texter 1"].row_dimensions[10].height > 400


def test_the_file_says_whose_it_is(formulas: Any) -> None:
    assert formulas.properties.title == report().title
    assert formulas.properties.creator == "Askersunds kommun"
    assert formulas.properties.created.year == 2024


def test_the_same_report_gives_the_same_bytes(sample: tuple[Path, list[Placed]], tmp_path: Path) -> None:
    write_excel(report(), CONTROL, THEME, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == sample[0].read_bytes()
    with zipfile.ZipFile(sample[0]) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_report_without_tables_or_proof_can_be_written(tmp_path: Path) -> None:
    assert write_excel(one_page(Table("Tom", (), ())), None, THEME, tmp_path / "a.xlsx") == []
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[3:] == ["Tom"]


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=50), max_size=8))
def test_sheets_have_names_that_excel_takes(wanted: list[str]) -> None:
    names = sheet_names(wanted, ["Kontroll"])
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in [*names, "Kontroll", "History"]}) == len(names) + 2
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_names_that_are_alike_are_numbered() -> None:
    names = sheet_names(["Drift", "DRIFT", "x" * 40, "x" * 50, "kontroll", "[]:*?/\\", ""], ["Kontroll"])
    assert names == ["Drift", "DRIFT (2)", "x" * 31, "x" * 27 + " (2)", "kontroll (2)", "Tabell", "Tabell (2)"]


def test_a_quote_in_a_name_does_not_end_it(tmp_path: Path) -> None:
    table = replace(variance_table("Kommunens'!A1 + drift"), sheet="")
    write_excel(one_page(table), None, THEME, tmp_path / "a.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert workbook["Talkontroll"]["I5"].value.startswith("=IF(ISNUMBER('Kommunens''!A1 + drift'!B5),")
