"""The Word and Excel files in LibreOffice: they open, print, count, and show every figure."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import font_source_sans_pro  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest

from outputs import Report, listed, numerals, output, reports, sidecar

PAGES = 10  # more than so many, or something is lost
ERRORS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "Err:", "###")


@pytest.fixture(scope="module", params=reports(), ids=lambda report: report.name)
def report(request: pytest.FixtureRequest) -> Report:
    """Each report in turn."""
    found: Report = request.param
    return found


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings of LibreOffice that no one else has changed or holds, and the font that the Word file asks for."""
    profile = tmp_path_factory.mktemp("profile")
    fonts = profile / "fonts"
    fonts.mkdir()
    (fonts / "house").symlink_to(Path(font_source_sans_pro.__file__).parent / "files")
    return profile


def convert(path: Path, kind: str, folder: Path, profile: Path) -> Path:
    """The file as LibreOffice writes it as another kind, in the folder."""
    settings = f"-env:UserInstallation={profile.as_uri()}"
    command: list[str | Path] = ["soffice", "--headless", settings, "--convert-to", kind, "--outdir", folder, path]
    output(command, {"XDG_DATA_HOME": str(profile)})
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), f"LibreOffice could not convert {path.name}"
    return made


def printed(path: Path, profile: Path, folder: Path) -> tuple[int, str]:
    """How many pages LibreOffice prints of a file, and their text."""
    made = convert(path, "pdf", folder, profile)
    text = output(["pdftotext", "-layout", made, "-"])
    return text.count("\f"), text


def figures(path: Path) -> list[dict[str, str]]:
    """The rows of a file's bindings that have a figure."""
    with sidecar(path).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["figure_key"]]


def lost(wanted: Counter[str], found: Counter[str]) -> list[str]:
    """What stands less often than wanted."""
    return [f"{each}: {found[each]} of {count} times" for each, count in sorted(wanted.items()) if found[each] < count]


def test_the_word_file_prints_with_every_figure(
    report: Report, profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report.file(".docx")
    pages, text = printed(path, profile, tmp_path)
    assert pages > PAGES
    wanted = Counter(row["printed"] for row in figures(path))
    missing = lost(wanted, numerals(text))
    assert not missing, listed(missing)
    with capsys.disabled():
        print(f"\n{report.name}: Word in LibreOffice: {pages} pages, {wanted.total()} figures", end="")


def test_the_workbook_prints_without_errors_or_narrow_columns(report: Report, profile: Path, tmp_path: Path) -> None:
    pages, text = printed(report.file(".xlsx"), profile, tmp_path)
    assert pages > PAGES
    wrong = [line.strip() for line in text.splitlines() if any(error in line for error in ERRORS)]
    assert not wrong, listed(wrong)


def counted(path: Path, profile: Path, folder: Path) -> Any:
    """The workbook when LibreOffice has counted it anew, from cells without stored values."""
    bare = folder / f"bare-{path.name}"
    openpyxl.load_workbook(path).save(bare)
    return openpyxl.load_workbook(convert(bare, "xlsx", folder / "counted", profile), data_only=True)


def changed(workbook: Any) -> int:
    """How many cells the sheet Kontroll says were changed."""
    rows = {row[0].value: row[1].value for row in workbook["Kontroll"].iter_rows(max_col=2)}
    return int(rows["Tal i filen som är ändrade"])


def test_the_workbook_counts_what_is_stored_and_every_figure(
    report: Report, profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report.file(".xlsx")
    anew = counted(path, profile, tmp_path)
    stored = openpyxl.load_workbook(path, data_only=True)
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    differ = [
        f"{sheet} {cell}: {stored[sheet][cell].value} stored, {anew[sheet][cell].value} counted"
        for sheet, cell in formulas
        if stored[sheet][cell].value != anew[sheet][cell].value
    ]
    assert formulas
    assert not differ, listed(differ)
    rows = figures(path)
    wrong = [
        f"{row['section']} {row['place']}: {row['printed']} bound"
        for row in rows
        if Decimal(str(anew[row["section"]][row["place"]].value)) != Decimal(row["printed"])
    ]
    assert not wrong, listed(wrong)
    assert changed(anew) == 0
    with capsys.disabled():
        print(f"\n{report.name}: Excel in LibreOffice: {len(formulas)} formulas, {len(rows)} figures", end="")


def test_the_workbook_tells_of_a_changed_figure(report: Report, profile: Path, tmp_path: Path) -> None:
    path = report.file(".xlsx")
    workbook = openpyxl.load_workbook(path)
    cell = next(
        workbook[row["section"]][row["place"]]
        for row in figures(path)
        if workbook[row["section"]][row["place"]].data_type == "n"
    )
    cell.value += 1000
    edited = tmp_path / "edited.xlsx"
    workbook.save(edited)
    assert changed(counted(edited, profile, tmp_path)) >= 1
