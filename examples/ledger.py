"""Draw the ledger of a board and year: vouchers that balance, in whole öre. The same seed gives the same vouchers.

What things cost stands in municipality.py; files are written in files.py. All amounts are integers, debit positive.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from examples.municipality import (
    BOARDS,
    FEE_SHARE_PERMILLE,
    INTERNAL,
    TAX_SHARE_PERCENT,
    VAT_PERCENT,
    YEAR_END_PERIOD,
    YEAR_END_SERIES,
    Activity,
    Board,
    Project,
)

TKR = 100_000  # öre
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
BANK, RECEIVABLE, VAT, PREPAID, PAYABLE, WITHHELD, ACCRUED, WORN = (
    "1940", "1510", "1630", "1790", "2510", "2710", "2990", "1219",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of a voucher. ore: debit positive. Codes are empty where the line has none."""

    account: str
    ore: int
    ansvar: str = ""
    activity: str = ""
    project: str = ""
    motpart: str = ""


@dataclass(frozen=True)
class Voucher:
    """A voucher whose lines add up to zero. period: the month, or 13 for a year-end entry."""

    series: str
    number: int
    date: datetime.date
    period: int
    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Draft:
    """A voucher before it has its number."""

    date: datetime.date
    period: int
    series: str
    text: str
    lines: tuple[Line, ...]


def vouchers(board: Board, year: int, seed: int) -> tuple[Voucher, ...]:
    """All vouchers of a board and year, in the order of series, date and number."""
    random = Random(f"{seed}/{board.board_id}/{year}")  # noqa: S311 - for a fiction, not for secrets
    drafts = list(_salaries(board, year, random))
    drafts += _purchases(board, year, random)
    drafts += _income(board, year, random)
    drafts += _rents(board, year)
    drafts += _investments(board, year, random)
    drafts += _payments(drafts, year)
    drafts += _year_end(board, year, random)
    numbers: dict[str, int] = {}
    done = []
    for draft in sorted(drafts, key=lambda each: (each.series, each.date)):
        numbers[draft.series] = numbers.get(draft.series, 0) + 1
        done.append(Voucher(draft.series, numbers[draft.series], draft.date, draft.period, draft.text, draft.lines))
    return tuple(done)


def plan_ore(tkr: int, year: int, activity: Activity) -> int:
    """What a plan of so many tkr a year becomes: 4 percent more from the second year, and the drift of the activity."""
    percent = 100 + activity.drift.get(year, 0) + (4 if year > 2023 else 0)
    return tkr * TKR * percent // 100


def _salaries(board: Board, year: int, random: Random) -> Iterator[Draft]:
    for activity in board.activities:
        if not activity.staff:
            continue
        monthly = plan_ore(activity.staff, year, activity) * 1000 // (1000 + FEE_SHARE_PERMILLE) // 12
        for month in range(1, 13):
            pay = _vary(monthly, 2, random)
            fee = pay * FEE_SHARE_PERMILLE // 1000
            tax = pay * TAX_SHARE_PERCENT // 100
            lines = (
                _coded("5010", pay, activity),
                _coded("5610", fee, activity),
                Line(WITHHELD, -tax - fee),
                Line(BANK, -(pay - tax)),
            )
            yield _draft(year, month, 25, "LÖ", f"Löner {MONTHS[month - 1]}, {activity.name}", lines)


def _purchases(board: Board, year: int, random: Random) -> Iterator[Draft]:
    for activity in board.activities:
        for account, tkr in activity.bought.items():
            yearly = plan_ore(tkr, year, activity)
            for month in range(1, 13):
                share = _vary(yearly // 12, 12, random)
                for part in _split(share, random.randint(2, 4), random):
                    tax = 0 if account in ("4510", "4610") else part * VAT_PERCENT // 100
                    lines = [_coded(account, part, activity, motpart="82" if account == "4610" else "88")]
                    lines += [Line(VAT, tax)] if tax else []
                    lines.append(Line(PAYABLE, -part - tax))
                    text = f"Leverantörsfaktura, {activity.name.lower()}"
                    yield _draft(year, month, random.randint(2, 27), "LF", text, lines)
                if random.random() < 0.06:
                    back = share // 40
                    lines = [_coded(account, -back, activity, motpart="88"), Line(PAYABLE, back)]
                    yield _draft(year, month, 28, "LF", f"Kreditfaktura, {activity.name.lower()}", lines)


def _income(board: Board, year: int, random: Random) -> Iterator[Draft]:
    for activity in board.activities:
        for account, tkr in activity.income.items():
            # the drift is of the cost: income follows the plan and the year
            yearly = tkr * TKR * (104 if year > 2023 else 100) // 100
            quarterly = account == "3510"
            for month in (3, 6, 9, 12) if quarterly else range(1, 13):
                amount = _vary(yearly // (4 if quarterly else 12), 5, random)
                against = BANK if quarterly else RECEIVABLE
                motpart = "81" if quarterly else "88"
                lines = (Line(against, amount), _coded(account, -amount, activity, motpart=motpart))
                text = f"{'Statsbidrag' if quarterly else 'Debitering'} {MONTHS[month - 1]}, {activity.name.lower()}"
                yield _draft(year, month, 20, "KF", text, lines)


def _rents(board: Board, year: int) -> Iterator[Draft]:
    """Rents between boards: the owner's income is the other's cost, to the öre."""
    owner = next(each for each in BOARDS if each.premises)
    premises = next(each for each in owner.activities if each.code == owner.premises)
    for tenant in BOARDS:
        for activity in tenant.activities:
            monthly = activity.rent * TKR * (104 if year > 2023 else 100) // 100 // 12
            if not monthly:
                continue
            for month in range(1, 13):
                text = f"Intern hyra {MONTHS[month - 1]}, {activity.name.lower()}"
                if tenant is board:
                    lines = (
                        _coded("6010", monthly, activity, motpart=INTERNAL[owner.board_id]),
                        Line(BANK, -monthly, motpart=INTERNAL[owner.board_id]),
                    )
                    yield _draft(year, month, 5, "IN", text, lines)
                if owner is board:
                    lines = (
                        Line(BANK, monthly, motpart=INTERNAL[tenant.board_id]),
                        _coded("3410", -monthly, premises, motpart=INTERNAL[tenant.board_id]),
                    )
                    yield _draft(year, month, 5, "IN", text, lines)


def _investments(board: Board, year: int, random: Random) -> Iterator[Draft]:
    for project in board.projects:
        if year not in project.budget:
            continue
        total = project.budget[year] * TKR * project.spent_percent[year] // 100
        for part in _split(_vary(total, 1, random), random.randint(6, 12), random):
            account = random.choice(("4010", "4070"))
            lines = (
                _project_line(account, part, board, project),
                Line(VAT, part * VAT_PERCENT // 100),
                Line(PAYABLE, -part - part * VAT_PERCENT // 100),
            )
            month = random.randint(1, 12)
            yield _draft(year, month, random.randint(2, 27), "LF", f"Faktura, {project.name}", lines)


def _payments(drafts: Iterable[Draft], year: int) -> Iterator[Draft]:
    """What suppliers are owed is paid the month after; December's is owed at the year's end."""
    owed = dict.fromkeys(range(1, 13), 0)
    for draft in drafts:
        owed[draft.period] -= sum(line.ore for line in draft.lines if line.account == PAYABLE)
    for month in range(2, 13):
        if owed[month - 1]:
            lines = (Line(PAYABLE, owed[month - 1]), Line(BANK, -owed[month - 1]))
            yield _draft(year, month, 15, "UB", "Utbetalning till leverantörer", lines)


def _year_end(board: Board, year: int, random: Random) -> Iterator[Draft]:
    for activity in board.activities:
        worn = activity.depreciation * TKR
        if worn:
            lines = (_coded("7910", worn, activity), Line(WORN, -worn))
            yield _closing(year, f"Avskrivningar, {activity.name.lower()}", lines)
        if activity.staff:
            debt = _vary(activity.staff * TKR // 200, 30, random) * random.choice((1, 1, -1))
            lines = (_coded("5010", debt, activity), Line(ACCRUED, -debt))
            yield _closing(year, f"Förändrad semesterlöneskuld, {activity.name.lower()}", lines)
        for account, tkr in activity.bought.items():
            if account in ("4610", "7410"):
                accrued = _vary(tkr * TKR // 60, 40, random)
                lines = (_coded(account, accrued, activity, motpart="88"), Line(ACCRUED, -accrued))
                yield _closing(year, f"Upplupna kostnader, {activity.name.lower()}", lines)
        if "3510" in activity.income:
            kept = _vary(activity.income["3510"] * TKR // 50, 40, random)
            lines = (_coded("3510", kept, activity, motpart="81"), Line(PREPAID, -kept))
            yield _closing(year, f"Periodiserat statsbidrag, {activity.name.lower()}", lines)


def _coded(account: str, ore: int, activity: Activity, motpart: str = "") -> Line:
    return Line(account, ore, activity.ansvar, activity.code, motpart=motpart)


def _project_line(account: str, ore: int, board: Board, project: Project) -> Line:
    activity = next(each for each in board.activities if each.code == project.activity)
    return Line(account, ore, activity.ansvar, activity.code, project.number, "88")


def _draft(year: int, month: int, day: int, series: str, text: str, lines: Iterable[Line]) -> Draft:
    return Draft(datetime.date(year, month, day), month, series, text, tuple(lines))


def _closing(year: int, text: str, lines: Iterable[Line]) -> Draft:
    return Draft(datetime.date(year, 12, 31), YEAR_END_PERIOD, YEAR_END_SERIES, text, tuple(lines))


def _vary(ore: int, percent: int, random: Random) -> int:
    """The amount give or take so many percent."""
    return ore + ore * random.randint(-percent * 100, percent * 100) // 10_000


def _split(ore: int, parts: int, random: Random) -> list[int]:
    """The amount in so many parts that add up to it."""
    weights = [random.randint(1, 9) for _ in range(parts)]
    shares = [ore * weight // sum(weights) for weight in weights]
    return [*shares[:-1], ore - sum(shares[:-1])]
