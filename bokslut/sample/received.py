"""Write a sample as files that a municipality's systems export, with the profiles and commands that bring them in.

A ledger is a file of vouchers; a budget is a list by month, in CSV beside SIE, which holds no budget by version. Only
for samples of a size that a person opens: a file is made in memory.
"""

from __future__ import annotations

import csv
import datetime
import io
import shlex
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from bokslut.intake.postings import CODE_PARTS
from bokslut.intake.sie import records
from bokslut.intake.sie.writer import write_sie
from bokslut.sample.cells import YEAR_END, Cell, segments_of
from bokslut.sample.ledger import YEAR_END_SERIES, ledger_query
from bokslut.sample.model import BoardYear
from bokslut.sample.planned import budget_rows

ENDINGS = {"sie": "se", "csv": "csv", "excel": "xlsx"}
DIMENSIONS = {"ansvar": 1, "project": 6, "activity": 20, "motpart": 21}
DIMENSION_NAMES = {1: "Ansvar", 6: "Projekt", 20: "Verksamhet", 21: "Motpart"}
LEDGER_HEAD = (
    "Serie", "Verifikation", "Rad", "Datum", "Period", "Konto", "Ansvar", "Verksamhet", "Projekt", "Motpart", "Belopp",
    "Text",
)  # fmt: skip
BUDGET_HEAD = ("Period", "Konto", "Ansvar", "Verksamhet", "Projekt", "Motpart", "Belopp", "Text")
CODES = "  account: Konto\n  ansvar: Ansvar\n  activity: Verksamhet\n  project: Projekt\n  motpart: Motpart\n"
PERIOD = "  period: {column: Period, form: yyyymm}\n"
LEDGER_PROFILE = (
    "kind: ledger\ncolumns:\n  series: Serie\n  voucher: Verifikation\n  line: Rad\n  booked_on: Datum\n"
    f"{PERIOD}{CODES}  amount: Belopp\n  text: Text\nvouchers: balance\n"
)
BUDGET_PROFILE = f"kind: budget\ncolumns:\n{PERIOD}{CODES}  amount: Belopp\n  text: Text\n"
CSV_FILE = 'file: {kind: csv, encoding: cp1252, delimiter: ";"}\n'
Cells = Sequence[Any]


def write_profiles(folder: Path, form: str) -> None:
    """Write the profiles: of the ledger where it is a sheet, and of the budget."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets = {"ledger": "Huvudbok", "budget": "Budget"}
    for kind, text in (("ledger", LEDGER_PROFILE), ("budget", BUDGET_PROFILE)):
        if (kind, form) == ("ledger", "sie"):
            continue
        file = f"file: {{kind: excel, sheet: {sheets[kind]}}}\n" if form == "excel" else CSV_FILE
        (folder / f"{kind}.yml").write_text(f"profile: Prov, {sheets[kind].lower()}\n{file}{text}", encoding="utf-8")


def write_received(
    connection: duckdb.DuckDBPyConnection, out: Path, form: str, board_year: BoardYear, cells: Sequence[Cell]
) -> list[str]:
    """Write the ledger and the budget of a board and year; returns the commands that import them."""
    folder = out / "received"
    owner = f"{board_year.organisation_id}-{board_year.board_id}-{board_year.fiscal_year}"
    made = []
    if cells:
        name = f"{owner}-ledger.{ENDINGS[form]}"
        lines = _lines(connection, board_year, cells)
        if form == "sie":
            (folder / name).write_bytes(_sie(board_year, lines))
            has_year_end = any(cell.period == YEAR_END for cell in cells)
            said = "--kind ledger" + (f" --year-end-series {YEAR_END_SERIES}" if has_year_end else "")
        else:
            (folder / name).write_bytes(_sheet(form, "Huvudbok", LEDGER_HEAD, map(_ledger_row, lines)))
            said = f"--profile {shlex.quote(f'{folder}/ledger.yml')}"
        made.append((name, said))
    if board_year.planned:
        name = f"{owner}-budget.{ENDINGS[form] if form == 'excel' else 'csv'}"
        rows = (_budget_row(board_year.fiscal_year, row) for row in budget_rows(board_year))
        (folder / name).write_bytes(_sheet(form, "Budget", BUDGET_HEAD, rows))
        version = f" --version {board_year.version}" if board_year.version else ""
        made.append((name, f"--profile {shlex.quote(f'{folder}/budget.yml')}{version}"))
    places = {"SEEDS": "lists", "DATA": "data"}
    where = " ".join(f"BOKSLUT_{name}={shlex.quote(str(out / part))}" for name, part in places.items())
    where += " bokslut import"
    whose = f"--organisation {board_year.organisation_id} --board {board_year.board_id}"
    return [f"{where} {shlex.quote(f'{folder}/{name}')} {whose} {said}" for name, said in made]


def _lines(
    connection: duckdb.DuckDBPyConnection, board_year: BoardYear, cells: Sequence[Cell]
) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(ledger_query(connection, board_year, cells, list(segments_of(cells))))
    names = [column[0] for column in cursor.description or ()]
    return (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _ledger_row(line: Mapping[str, Any]) -> Cells:
    head = (line["series"], line["voucher"], line["line"], line["booked_on"])
    codes = (line["account"], *(line[each] for each in CODE_PARTS))
    return (*head, line["fiscal_year"] * 100 + line["period"], *codes, line["amount"], line["text"])


def _budget_row(year: int, row: tuple[int, int, Mapping[str, Any]]) -> Cells:
    period, ore, codes = row
    parts = (codes["account"], *(codes[each] for each in CODE_PARTS))
    return (year * 100 + period, *parts, Decimal(ore).scaleb(-2), codes["text"])


def _sheet(form: str, title: str, head: Sequence[str], rows: Iterator[Cells]) -> bytes:
    return _workbook(title, head, rows) if form == "excel" else _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterator[Cells]) -> bytes:
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(head)
        for row in rows:
            writer.writerow([f"{cell:.2f}".replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row])
        return text.getvalue().encode("cp1252")


def _workbook(title: str, head: Sequence[str], rows: Iterator[Cells]) -> bytes:
    with io.BytesIO() as buffer:
        book = Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
        # a workbook says when it was made: the same moment gives the same bytes
        book.set_properties({"created": datetime.datetime(2025, 1, 31, tzinfo=datetime.UTC)})
        sheet = book.add_worksheet(title)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, head, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(number, place, datetime.datetime(*cell.timetuple()[:3]), day)  # noqa: DTZ001
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write_number(number, place, float(cell))
        book.close()
        return buffer.getvalue()


def _sie(board_year: BoardYear, lines: Iterator[Mapping[str, Any]]) -> bytes:
    year = board_year.fiscal_year
    slots = [slot for slot in board_year.slots if slot.actual is not None]
    moved: dict[str, int] = {}
    for slot in slots:
        moved[slot.account] = moved.get(slot.account, 0) + (slot.actual or 0)
        moved[slot.counter] = moved.get(slot.counter, 0) - (slot.actual or 0)
    objects = sorted(
        {(number, getattr(slot, part)) for slot in slots for part, number in DIMENSIONS.items() if getattr(slot, part)}
    )
    register = records.Register(
        header=records.Header(
            program="Provekonomi",
            program_version="1.0",
            company_name=f"{board_year.organisation_id} {board_year.board_id}",
            generated_on=datetime.date(year + 1, 1, 31),
            account_plan="Kommun-Bas",
            currency="SEK",
        ),
        years=(records.FiscalYear(0, datetime.date(year, 1, 1), datetime.date(year, 12, 31)),),
        accounts=tuple(records.Account(account, f"Konto {account}", _kind(account)) for account in sorted(moved)),
        dimensions=tuple(records.Dimension(number, name) for number, name in DIMENSION_NAMES.items()),
        objects=tuple(records.SieObject(number, code, f"Kod {code}") for number, code in objects),
        balances=tuple(
            records.Balance("UB" if account[0] in "12" else "RES", 0, account, Decimal(ore).scaleb(-2))
            for account, ore in sorted(moved.items())
        ),
    )
    with io.BytesIO() as file:
        write_sie(file, register, _vouchers(lines), has_checksum=True)
        return file.getvalue()


def _vouchers(lines: Iterator[Mapping[str, Any]]) -> Iterator[records.Voucher]:
    for (series, number), own in groupby(lines, key=lambda line: (line["series"], line["voucher"])):
        rows = list(own)
        transactions = tuple(
            records.Transaction(
                row["account"],
                row["amount"],
                tuple((number, row[part]) for part, number in DIMENSIONS.items() if row[part]),
            )
            for row in rows
        )
        yield records.Voucher(series, number, rows[0]["booked_on"], rows[0]["text"], transactions)


def _kind(account: str) -> str:
    return {"1": "T", "2": "S", "3": "I"}.get(account[0], "K")
