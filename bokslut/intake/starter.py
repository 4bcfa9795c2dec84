"""Make a folder for a new municipality: every list with its header, COLUMNS.md and a workbook - or fill it from that.

The folder has the shape that BOKSLUT_SEEDS expects. All of it is made from the declarations of the seeds, so the same
declarations give the same bytes. No row is invented, and no value is judged: that is the gate's.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

from python_calamine import CalamineError, CalamineWorkbook

from bokslut.intake.described import DescribedColumn, DescribedSeed, read_described
from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.starter_workbook import workbook

COLUMNS_FILE = "COLUMNS.md"
WORKBOOK_FILE = "listor.xlsx"
GLOSSARY = Path("models/glossary.md")
KINDS = {
    "id": "a code or slug: letters a-z, digits and . _ / -",
    "text": "text on one line",
    "integer": "a whole number",
    "year": "a year, four digits",
    "date": "a date, year-month-day",
    "decimal": "a number, decimal point",
    "amount": "an amount, decimal point and hyphen for minus",
    "scale": "the unit that an amount is in",
    "enum": "one of the values below",
    "boolean": "true or false",
}


def create_folder(name: str, reference: Path, glossary: Path = GLOSSARY) -> Path:
    """Make the folder `name`, a path inside the project (the current folder), and return it.

    Raises RefusedError when the path is absolute, leaves the project, or is there and not empty: nothing is written
    then.
    """
    folder = Path(name)
    findings = list(_misplaced(folder))
    if findings:
        raise RefusedError(findings)
    for path, content in starter_files(read_described(reference, glossary)).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def starter_files(seeds: Sequence[DescribedSeed]) -> Mapping[str, bytes]:
    """Path in the folder -> bytes: a CSV with the header alone of each seed, COLUMNS.md, and the workbook."""
    files = {str(seed.path): _csv(seed, ()) for seed in seeds}
    return files | {COLUMNS_FILE: columns_text(seeds).encode("utf-8"), WORKBOOK_FILE: workbook(seeds)}


def fill_folder(folder: Path, book: Path, reference: Path, *, replace: bool, glossary: Path = GLOSSARY) -> list[Path]:
    """Write the lists of a filled workbook into a folder that create_folder made; returns those that changed.

    A sheet without rows leaves its list alone. A list that has other rows already is changed only with replace. Raises
    RefusedError with all that is wrong, in which case nothing is written.
    """
    seeds = read_described(reference, glossary)
    changed: list[tuple[Path, bytes]] = []
    findings = list(_outside(folder))
    for path, content in filled_files(book, seeds).items():
        target = folder / path
        there = target.read_bytes() if target.exists() else b""
        if there == content:
            continue
        if there.count(b"\n") > 1 and not replace:
            findings.append(Finding(target, "has other rows than the workbook", "say --replace to write over them"))
        changed.append((target, content))
    if findings:
        raise RefusedError(findings)
    for target, content in changed:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return [target for target, _ in changed]


def filled_files(book: Path, seeds: Sequence[DescribedSeed]) -> Mapping[str, bytes]:
    """Path in the folder -> CSV, for each sheet of a filled workbook that has rows. Stored values are read.

    Raises RefusedError: not a workbook, or a sheet of a seed's name without its row of technical names.
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    sheets = _sheets(book)
    for seed in seeds:
        if seed.name not in sheets:
            continue
        rows = [[_cell(value) for value in row] for row in sheets[seed.name]]
        header = list(seed.declaration.header)
        width = len(header)
        place = next((number for number, row in enumerate(rows) if row[:width] == header), None)
        if place is None:
            what = f"the sheet {seed.name} has no row with the columns {','.join(header)}"
            findings.append(Finding(book, what, "put back the row of technical names as init made it"))
            continue
        for number, row in enumerate(rows[place + 1 :], start=place + 2):
            if any(row[width:]):
                what, do = f"a cell to the right of the columns of {seed.name}", "move it away"
                findings.append(Finding(book, what, do, line=number, value=next(filter(None, row[width:]))))
        given = [row[:width] for row in rows[place + 1 :] if any(row[:width])]
        if given:
            files[str(seed.path)] = _csv(seed, given)
    if findings:
        raise RefusedError(findings)
    return files


def columns_text(seeds: Sequence[DescribedSeed]) -> str:
    """COLUMNS.md: each list, what its rows are, and each column with what it means and what fits."""
    lines = [
        "# The lists of a municipality",
        "",
        "Made from the declarations of the seeds. Each list is a CSV in UTF-8 without byte order mark, with commas,"
        " decimal points and dates as year-month-day; its first line is the header as it stands. A list with its header"
        " alone is fine.",
        f"The same lists stand in {WORKBOOK_FILE}, with headings in Swedish. Begin with organisations, boards and"
        " activity_codes.",
        "",
        "| list | in Swedish | rows |",
        "|---|---|---|",
    ]
    lines += [f"| [{seed.name}](#{seed.name}) | {seed.swedish} | {seed.description} |" for seed in seeds]
    for seed in seeds:
        lines += ["", f"## {seed.name}", "", f"{seed.swedish} ({seed.path}). {seed.description}", ""]
        key = ", ".join(seed.declaration.key)
        lines += [f"No two rows have the same {key}.", ""]
        lines += ["| column | in Swedish | what it means | what fits | required |", "|---|---|---|---|---|"]
        lines += [_column_line(column) for column in seed.columns]
    return "\n".join(lines) + "\n"


def _column_line(told: DescribedColumn) -> str:
    fits = KINDS[told.column.kind]
    if told.values:
        fits = ", ".join(f"`{each.value}`" + (f" {each.name}" if each.name else "") for each in told.values)
    if told.refers_to:
        fits += f"; stands in {', '.join(told.refers_to)}"
    if told.column.scale_column:
        fits += f"; its unit stands in {told.column.scale_column}"
    required = "yes" if told.column.required else "no"
    cells = (f"`{told.column.name}`", told.swedish, told.description, fits, required)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _csv(seed: DescribedSeed, rows: Sequence[Sequence[str]]) -> bytes:
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(seed.declaration.header)
        writer.writerows(rows)
        return text.getvalue().encode("utf-8")


def _misplaced(folder: Path) -> list[Finding]:
    findings = _outside(folder)
    if not findings and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        findings.append(Finding(folder, "is there already and not empty", "name a new folder"))
    return findings


def _outside(folder: Path) -> list[Finding]:
    inside = not folder.is_absolute() and ".." not in folder.parts and folder.parts
    if inside and folder.resolve().is_relative_to(Path.cwd().resolve()):
        return []
    # dbt would write its own SQL over a seed outside the project
    return [Finding(folder, "is not a folder inside the project", "name one by its path from the root of the project")]


def _sheets(book: Path) -> Mapping[str, list[list[Any]]]:
    try:
        if not is_zipfile(book):
            raise RefusedError([Finding(book, "is no Excel workbook", "save it as .xlsx")])
        opened = CalamineWorkbook.from_path(book)
        # from the first cell, so that a row is the row of the sheet
        return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}
    except (OSError, CalamineError, BadZipFile) as error:
        raise RefusedError(
            [Finding(book, f"cannot be read: {error}", "save it as .xlsx, without a password")]
        ) from error


def _cell(value: Any) -> str:
    """A stored value as a seed writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).strip()
