"""The folder of a new municipality: made from the declarations, the same each time, and filled from its workbook."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from bokslut.intake.declarations import read_declarations
from bokslut.intake.described import DescribedSeed, read_described
from bokslut.intake.findings import RefusedError
from bokslut.intake.seeds import check_seeds
from bokslut.intake.starter import COLUMNS_FILE, WORKBOOK_FILE, create_folder, fill_folder, starter_files
from bokslut.intake.starter_workbook import FIRST_ROW, FIRST_SHEET, HEADING, HELP, TECHNICAL
from project import REPOSITORY

REFERENCE = REPOSITORY / "seeds/reference"
GLOSSARY = REPOSITORY / "models/glossary.md"
SWEDISH = re.compile(r"[A-ZÅÄÖ][^_]*")


@pytest.fixture(scope="module")
def seeds() -> tuple[DescribedSeed, ...]:
    return read_described(REFERENCE, GLOSSARY)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return create_folder("nykommun", REFERENCE, GLOSSARY)


def fill(book: Path, sheet: str, *rows: tuple[object, ...]) -> None:
    """Type rows into a sheet of the workbook, as a person would."""
    opened = openpyxl.load_workbook(book)
    for number, row in enumerate(rows, start=FIRST_ROW + 1):
        for place, value in enumerate(row, start=1):
            opened[sheet].cell(number, place, value)
    opened.save(book)


def test_every_list_and_column_of_a_board_has_a_swedish_name(seeds: tuple[DescribedSeed, ...]) -> None:
    named = {seed.name: seed.swedish for seed in seeds}
    named |= {f"{seed.name}.{each.column.name}": each.swedish for seed in seeds for each in seed.columns}
    assert len(named) > 200
    assert {name: text for name, text in named.items() if not SWEDISH.fullmatch(text)} == {}


def test_no_column_of_a_list_has_the_swedish_name_of_another(seeds: tuple[DescribedSeed, ...]) -> None:
    for seed in seeds:
        names = [each.swedish for each in seed.columns]
        assert sorted(names) == sorted(set(names)), seed.name


def test_descriptions_hold_the_words_of_the_glossary_and_no_call_of_dbt(seeds: tuple[DescribedSeed, ...]) -> None:
    described = [each.description for seed in seeds for each in seed.columns]
    assert all(described)
    assert not [text for text in described if "{" in text]
    assert any("kommunkod" in text for text in described)


def test_the_folder_has_the_shape_of_the_repositorys_own(seeds: tuple[DescribedSeed, ...]) -> None:
    board = REPOSITORY / "seeds/board"
    assert {str(seed.path) for seed in seeds} == {str(path.relative_to(board)) for path in board.rglob("*.csv")}


def test_the_lists_begin_with_what_is_needed_first(seeds: tuple[DescribedSeed, ...]) -> None:
    assert [seed.name for seed in seeds][:3] == ["organisations", "boards", "activity_codes"]


def test_the_same_declarations_give_the_same_bytes(seeds: tuple[DescribedSeed, ...]) -> None:
    assert starter_files(seeds) == starter_files(read_described(REFERENCE, GLOSSARY))


def test_the_gate_takes_the_folder_as_it_is_made(made: Path) -> None:
    assert check_seeds(read_declarations(REFERENCE), (REFERENCE, made)) == []
    assert (made / "organisations.csv").read_text(encoding="utf-8") == "organisation_id,organisation_name,report_part\n"


def test_columns_md_says_what_each_column_takes(made: Path) -> None:
    text = (made / COLUMNS_FILE).read_text(encoding="utf-8")
    assert "| `report_part` | Del av årsredovisningen |" in text
    assert "`1` Driftresultat" in text
    assert "`actual`, `budget`, `forecast`" in text
    assert "its unit stands in scale" in text
    assert "stands in boards" in text


def test_the_workbook_has_a_sheet_a_list_with_help_and_choices(made: Path, seeds: tuple[DescribedSeed, ...]) -> None:
    book = openpyxl.load_workbook(io.BytesIO((made / WORKBOOK_FILE).read_bytes()))
    assert book.sheetnames == [FIRST_SHEET, *(seed.name for seed in seeds)]
    sheet = book["operating_entries"]
    rows = list(sheet.iter_rows(values_only=True))
    header = next(seed for seed in seeds if seed.name == "operating_entries").declaration.header
    assert rows[TECHNICAL] == header
    assert rows[HEADING][0] == "Kommunkod *"
    assert rows[HELP][3] == "Ett av: actual, budget, forecast. Måste fyllas i."
    choices = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation if each.type == "list"}
    assert choices["D4:D5001"] == '"actual,budget,forecast"'
    assert choices["H4:H5001"] == '"1,1000,1000000"'


def test_no_choice_stands_twice(made: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO((made / WORKBOOK_FILE).read_bytes()))
    found = []
    for sheet in book.worksheets[1:]:
        for each in sheet.data_validations.dataValidation:
            if each.type == "list":
                found.append(str(each.formula1).strip('"').split(","))
        for cell in sheet[HELP + 1]:
            if chosen := re.match(r"Ett av: (.*?)\. ", str(cell.value)):
                found.append(chosen[1].split(", "))
    assert any("tax_and_finance Skatter och finansiella poster" in each for each in found)
    assert [each for each in found if len(set(each)) < len(each)] == []


@pytest.mark.parametrize("name", ["/tmp/outside", "../outside", ".", "", "a/../../b"])  # noqa: S108 - is refused
def test_a_folder_outside_the_project_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError, match="not a folder inside the project"):
        create_folder(name, REFERENCE, GLOSSARY)
    assert list(tmp_path.iterdir()) == []


def test_a_link_out_of_the_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "link").symlink_to(outside)
    monkeypatch.chdir(project)
    with pytest.raises(RefusedError, match="not a folder inside the project"):
        create_folder("link/new", REFERENCE, GLOSSARY)
    assert list(outside.iterdir()) == []


def test_a_folder_with_something_in_it_is_refused_and_left_alone(made: Path) -> None:
    (made / "boards.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError, match="not empty"):
        create_folder("nykommun", REFERENCE, GLOSSARY)
    assert (made / "boards.csv").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    assert (create_folder("there", REFERENCE, GLOSSARY) / "boards.csv").exists()


def test_a_filled_workbook_becomes_lists_that_the_gate_takes(made: Path) -> None:
    book = made / WORKBOOK_FILE
    fill(book, "organisations", ("0114", "Upplands Väsby kommun", 16))
    fill(book, "boards", ("0114", "KS", "Kommunstyrelsen", 16), (None, None, None, None), ("0114", "BN", " Nämnd ", 16))
    fill(book, "activity_codes", ("0114", "KS", 2024, "012", 'Plan, "skog" och mark', 2))
    changed = fill_folder(made, book, REFERENCE, replace=False, glossary=GLOSSARY)
    assert [path.name for path in changed] == ["organisations.csv", "boards.csv", "activity_codes.csv"]
    assert (made / "boards.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "0114,KS,Kommunstyrelsen,16",
        "0114,BN,Nämnd,16",
    ]
    text = (made / "activity_codes.csv").read_text(encoding="utf-8")
    assert text.endswith('\n0114,KS,2024,012,"Plan, ""skog"" och mark",2\n')
    assert check_seeds(read_declarations(REFERENCE), (REFERENCE, made)) == []
    assert fill_folder(made, book, REFERENCE, replace=False, glossary=GLOSSARY) == []


def test_numbers_and_dates_of_the_workbook_are_written_as_lists_have_them(made: Path) -> None:
    import datetime

    book = made / WORKBOOK_FILE
    day = datetime.datetime(2023, 11, 20)  # noqa: DTZ001 - Excel has no time zones
    fill(book, "budget_decisions", ("0114", "KS", 2024, "operating", 1, "frame", "Ram", 1234.1, 1000, "23/1", day, 12))
    fill_folder(made, book, REFERENCE, replace=False, glossary=GLOSSARY)
    text = (made / "operating/budget_decisions.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1] == "0114,KS,2024,operating,1,frame,Ram,1234.1,1000,23/1,2023-11-20,12"


def test_rows_that_a_list_has_are_written_over_only_when_asked(made: Path) -> None:
    book = made / WORKBOOK_FILE
    fill(book, "organisations", ("0114", "Upplands Väsby kommun", 16))
    there = made / "organisations.csv"
    there.write_text("organisation_id,organisation_name,report_part\n0114,Väsby,16\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="other rows than the workbook"):
        fill_folder(made, book, REFERENCE, replace=False, glossary=GLOSSARY)
    assert "Väsby,16" in there.read_text(encoding="utf-8")
    assert fill_folder(made, book, REFERENCE, replace=True, glossary=GLOSSARY) == [there]
    assert "Upplands Väsby kommun" in there.read_text(encoding="utf-8")


def test_a_sheet_that_lost_its_technical_names_or_has_cells_astray_is_refused(made: Path) -> None:
    book = made / WORKBOOK_FILE
    opened = openpyxl.load_workbook(book)
    opened["boards"].delete_rows(TECHNICAL + 1)
    opened["organisations"].cell(FIRST_ROW + 1, 9, "astray")
    opened.save(book)
    with pytest.raises(RefusedError) as refused:
        fill_folder(made, book, REFERENCE, replace=False, glossary=GLOSSARY)
    told = str(refused.value)
    assert "the sheet boards has no row with the columns organisation_id,board_id" in told
    assert ":4: 'astray' a cell to the right of the columns of organisations" in told


def test_a_file_that_is_no_workbook_is_refused(made: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.xlsx"
    page.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(RefusedError, match="no Excel workbook"):
        fill_folder(made, page, REFERENCE, replace=False, glossary=GLOSSARY)


def test_a_seed_that_is_declared_later_is_in_the_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(REFERENCE, reference)
    declared = """version: 2
seeds:
  - name: meetings
    description: One row per meeting.
    config: {meta: {key: [meeting_id], swedish: Sammanträden}}
    columns:
      - name: meeting_id
        description: Slug of the meeting.
        config: {meta: {kind: id, required: true, swedish: Sammanträdets id}}
"""
    (reference / "_calendar__seeds.yml").write_text(declared, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    folder = create_folder("ny", reference, GLOSSARY)
    assert (folder / "calendar/meetings.csv").read_text(encoding="utf-8") == "meeting_id\n"
