"""Write the example as files that a municipality receives from its systems: SIE 4, Excel and CSV.

The same content gives the same bytes. Nothing is drawn or summed here but what such a file prints itself.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from bokslut.intake.sie import records
from bokslut.intake.sie.writer import write_sie
from examples import municipality as facts
from examples.ledger import TKR, Line, Voucher
from examples.plans import FORECAST, NAMES, Row, decided_on
from examples.totals import ProjectTotal

MADE = datetime.datetime(2025, 1, 15, tzinfo=datetime.UTC)
ANSVAR, PROJEKT, VERKSAMHET, MOTPART = 1, 6, 20, 21
DIMENSIONS = ((ANSVAR, "Ansvar"), (PROJEKT, "Projekt"), (VERKSAMHET, "Verksamhet"), (MOTPART, "Motpart"))
LEDGER_HEAD = (
    "Serie", "Verifikation", "Rad", "Bokföringsdatum", "Period", "Konto", "Kontonamn", "Ansvar", "Verksamhet",
    "Projekt", "Motpart", "Debet", "Kredit", "Text",
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")
BUDGET_HEAD = ("Verksamhet", "Ansvar", "Konto", "Motpart", *MONTHS, "Helår")
STATUS = {"ongoing": "Pågående", "finished": "Avslutat", "not_started": "Ej påbörjat"}


def opening(earlier: Sequence[Sequence[Voucher]]) -> Mapping[str, int]:
    """The balances at the start of the year after the earlier ones, öre by account; results are carried to equity."""
    balances = Counter({account: kronor * 100 for account, kronor in facts.OPENING_KRONOR.items()})
    balances[facts.EQUITY] = -sum(balances.values())
    for vouchers in earlier:
        for account, ore in _moved(vouchers).items():
            balances[account if account[0] in "12" else facts.EQUITY] += ore
    return {account: ore for account, ore in sorted(balances.items()) if ore}


def sie(board: facts.Board, year: int, vouchers: Sequence[Voucher], balances: Mapping[str, int]) -> bytes:
    """The ledger of a year as SIE 4. balances: at its start, öre by account."""
    moved = _moved(vouchers)
    closing = Counter(balances)
    closing.update({account: ore for account, ore in moved.items() if account[0] in "12"})
    entries = [records.Balance("IB", 0, account, _kronor(ore)) for account, ore in sorted(balances.items())]
    entries += [records.Balance("UB", 0, account, _kronor(ore)) for account, ore in sorted(closing.items())]
    entries += [
        records.Balance("RES", 0, account, _kronor(ore)) for account, ore in sorted(moved.items()) if account[0] > "2"
    ]
    register = records.Register(
        header=records.Header(
            program="Exempelekonomi",
            program_version="1.0",
            company_name=f"{facts.ORGANISATION_NAME}, {board.name}",
            generated_on=MADE.date(),
            account_plan="Kommun-Bas",
            currency="SEK",
        ),
        years=(_year(0, year), _year(-1, year - 1)),
        accounts=tuple(records.Account(number, name, _kind(number)) for number, name in facts.ACCOUNTS.items()),
        dimensions=tuple(records.Dimension(number, name) for number, name in DIMENSIONS),
        objects=tuple(_objects(board)),
        balances=tuple(entries),
    )
    with io.BytesIO() as file:
        write_sie(file, register, (_sie_voucher(voucher) for voucher in vouchers), has_checksum=True)
        return file.getvalue()


def ledger_workbook(board: facts.Board, year: int, vouchers: Sequence[Voucher]) -> bytes:
    """The ledger of a year as a ledger system exports it to Excel: three lines above the head, a total row below."""
    with _Book() as book:
        sheet = book.sheet("Huvudbok")
        sheet.write_string(0, 0, f"Huvudbok {year}", book.bold)
        sheet.write_string(1, 0, f"{facts.ORGANISATION_NAME}, {board.name}")
        sheet.write_row(3, 0, LEDGER_HEAD, book.bold)
        row, debit, credit = 4, 0, 0
        for voucher in vouchers:
            for number, line in enumerate(voucher.lines, start=1):
                codes = (line.account, facts.ACCOUNTS[line.account], line.ansvar, line.activity, line.project)
                sheet.write_row(row, 0, (voucher.series, str(voucher.number), number))
                sheet.write_datetime(row, 3, _midnight(voucher.date), book.day)
                sheet.write_number(row, 4, year * 100 + voucher.period)
                for place, code in enumerate((*codes, line.motpart), start=5):
                    if code:
                        sheet.write_string(row, place, code)
                sheet.write_number(row, 11 if line.ore >= 0 else 12, abs(line.ore) / 100, book.money)
                sheet.write_string(row, 13, voucher.text)
                debit, credit = debit + max(line.ore, 0), credit + max(-line.ore, 0)
                row += 1
        sheet.write_string(row, 0, "Summa", book.bold)
        sheet.write_number(row, 11, debit / 100, book.money)
        sheet.write_number(row, 12, credit / 100, book.money)
        sheet.set_column(3, 3, 14)
        sheet.set_column(11, 12, 14)
        return book.done()


def budget_workbook(board: facts.Board, year: int, version: str, rows: Sequence[Row]) -> bytes:
    """A plan as a matrix in tkr: a column a month, each activity named once, subtotals and a total; cost positive."""
    with _Book() as book:
        sheet = book.sheet("Budget")
        decision = f"{NAMES[version]}, {decided_on(version, year).isoformat()}, tkr"
        sheet.write_string(0, 0, f"{board.name} {year}", book.bold)
        sheet.write_string(1, 0, decision)
        sheet.write_row(3, 0, BUDGET_HEAD, book.bold)
        place = 4
        for activity in board.activities:
            own = [row for row in rows if row.activity.code == activity.code]
            for number, row in enumerate(own):
                if not number:
                    sheet.write_string(place, 0, f"{activity.code} {activity.name}")
                sheet.write_string(place, 1, activity.ansvar)
                sheet.write_string(place, 2, f"{row.account} {facts.ACCOUNTS[row.account]}")
                if row.motpart:
                    sheet.write_string(place, 3, row.motpart)
                sheet.write_row(place, 4, (*row.months, row.tkr))
                place += 1
            sheet.write_string(place, 0, f"Summa {activity.code} {activity.name}", book.bold)
            sheet.write_row(place, 4, _sums(own), book.bold)
            place += 1
        sheet.write_string(place, 0, "Totalt", book.bold)
        sheet.write_row(place, 4, _sums(rows), book.bold)
        sheet.set_column(0, 0, 34)
        sheet.set_column(2, 2, 30)
        return book.done()


def forecast_csv(rows: Sequence[Row]) -> bytes:
    """A forecast of the whole year by activity and account, as an Excel user saves it: tkr, semicolons, cp1252."""
    head = ("Verksamhet", "Konto", "Motpart", NAMES[FORECAST], "Kommentar")
    lines = (
        (f"{row.activity.code} {row.activity.name}", row.account, row.motpart, _spaced(Decimal(row.tkr)), "")
        for row in rows
    )
    return _csv(head, lines, "cp1252")


def goals_csv(board: facts.Board, year: int) -> bytes:
    """Goals and their outcomes as a planning system exports them: targets in words, UTF-8 with a byte order mark."""
    return _csv(("Mål", "Mått-id", "Mått", "Målvärde", "Utfall", "Föregående år"), _measures(board, year), "utf-8-sig")


def projects_csv(board: facts.Board, year: int, totals: Sequence[ProjectTotal]) -> bytes:
    """The year's projects: cost positive, in kronor with a space for thousands and a decimal comma, cp1252."""
    head = (
        "Projektnr", "Projekt", "Status", "Budget året", "Upparbetat", "Beräknad totalutgift", "Beslutad totalutgift",
    )  # fmt: skip
    projects = {project.number: project for project in board.projects}
    lines = []
    for total in totals:
        project = projects[total.project_id]
        spent, approved = -total.cost_to_date, project.total * TKR
        forecast = spent if project.status[year] == "finished" else max(spent, approved)
        amounts = (-total.budget, spent, forecast, approved)
        status = STATUS[project.status[year]]
        lines.append((project.number, project.name, status, *(_spaced(_kronor(ore)) for ore in amounts)))
    return _csv(head, lines, "cp1252")


class _Book:
    """A workbook in memory with the formats that all of them use."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._book = Workbook(self._buffer, {"in_memory": True, "strings_to_numbers": False})
        self._book.set_properties({"created": MADE})
        self.bold = self._book.add_format({"bold": True})
        self.money = self._book.add_format({"num_format": "#,##0.00"})
        self.day = self._book.add_format({"num_format": "yyyy-mm-dd"})

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._buffer.close()

    def sheet(self, name: str) -> Worksheet:
        """A new sheet."""
        return self._book.add_worksheet(name)

    def done(self) -> bytes:
        """The bytes."""
        self._book.close()
        return self._buffer.getvalue()


def _measures(board: facts.Board, year: int) -> Iterator[Sequence[str]]:
    for goal in board.goals:
        for each in goal.measures:
            before = each.outcomes.get(year - 1, each.before)
            yield (goal.name, each.measure_id, each.name, each.target, each.outcomes[year], before)


def _sie_voucher(voucher: Voucher) -> records.Voucher:
    transactions = tuple(
        records.Transaction(line.account, _kronor(line.ore), tuple(_coding(line))) for line in voucher.lines
    )
    return records.Voucher(voucher.series, str(voucher.number), voucher.date, voucher.text, transactions)


def _coding(line: Line) -> Iterator[tuple[int, str]]:
    parts = {ANSVAR: line.ansvar, PROJEKT: line.project, VERKSAMHET: line.activity, MOTPART: line.motpart}
    return ((dimension, code) for dimension, code in parts.items() if code)


def _objects(board: facts.Board) -> Iterator[records.SieObject]:
    for ansvar in sorted({activity.ansvar for activity in board.activities}):
        yield records.SieObject(ANSVAR, ansvar, f"Enhet {ansvar}")
    for project in board.projects:
        yield records.SieObject(PROJEKT, project.number, project.name)
    for activity in board.activities:
        yield records.SieObject(VERKSAMHET, activity.code, activity.name)
    for other in facts.BOARDS:
        yield records.SieObject(MOTPART, facts.INTERNAL[other.board_id], other.name)
    for number, name in facts.EXTERNAL.items():
        yield records.SieObject(MOTPART, number, name)


def _moved(vouchers: Sequence[Voucher]) -> Mapping[str, int]:
    moved: Counter[str] = Counter()
    for voucher in vouchers:
        for line in voucher.lines:
            moved[line.account] += line.ore
    return moved


def _year(number: int, year: int) -> records.FiscalYear:
    return records.FiscalYear(number, datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _kind(account: str) -> str:
    return {"1": "T", "2": "S", "3": "I"}.get(account[0], "K")


def _kronor(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def _spaced(amount: Decimal) -> str:
    """1234567.5 -> 1 234 567,50; a whole number has no decimals."""
    text = f"{amount:,.2f}" if amount != amount.to_integral() else f"{amount:,.0f}"
    return text.replace(",", " ").replace(".", ",")


def _sums(rows: Sequence[Row]) -> Sequence[int]:
    return (*(sum(row.months[month] for row in rows) for month in range(12)), sum(row.tkr for row in rows))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel has no time zones


def _csv(head: Sequence[str], lines: Iterator[Sequence[str]] | Sequence[Sequence[str]], encoding: str) -> bytes:
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(head)
        writer.writerows(lines)
        return text.getvalue().encode(encoding)
