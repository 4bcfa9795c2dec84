"""Draw fictional municipalities: their boards, codes and projects, and what each account of a code adds up to.

Every draw follows from the seed and from what it is of, so that a board is the same whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bokslut.intake.known import Row
from bokslut.sample.chart import CAPITAL, Account, Classes, chart
from bokslut.sample.draws import apportion, draw
from bokslut.sample.model import BoardYear, Slot
from bokslut.sample.request import FIRST_CODE, LAST_YEAR, Request
from bokslut.telling import UsageError

BOARDS = (
    ("KS", "Kommunstyrelsen"),
    ("BUN", "Barn- och utbildningsnämnden"),
    ("SN", "Socialnämnden"),
    ("TN", "Tekniska nämnden"),
    ("KFN", "Kultur- och fritidsnämnden"),
    ("MBN", "Miljö- och byggnadsnämnden"),
)
VERSION = "budget"
MILLION = 100_000_000  # öre
TKR = 100_000
PROJECTS = 3
ROOMY = 40  # lines a slot from which a code gets one account more


@dataclass(frozen=True)
class Shape:
    """What all fictional boards share: activity codes with names, the chart of accounts, accounts a code, projects."""

    activities: Sequence[tuple[str, str]]
    chart: Sequence[Account]
    capital: Account
    accounts_each: int
    projects: int


@dataclass(frozen=True)
class Board:
    """A board of a fictional municipality; index from 0 in all."""

    organisation_id: str
    organisation_name: str
    board_id: str
    board_name: str


def boards(request: Request) -> Iterator[Board]:
    """The boards in the order of their municipalities."""
    for municipality in range(request.fictional):
        for index in range(request.boards):
            board_id, name = BOARDS[index] if index < len(BOARDS) else (f"N{index + 1:02}", f"Nämnd {index + 1}")
            yield Board(str(FIRST_CODE + municipality), f"Provkommun {municipality + 1}", board_id, name)


def years(request: Request) -> range:
    """The fiscal years of every fictional board."""
    return range(LAST_YEAR - request.years + 1, LAST_YEAR + 1)


def shape(request: Request, classes: Classes, areas: Sequence[Row], lines: int) -> Shape:
    """The shape that fits so many lines a board and year. Raises UsageError when not even the smallest does."""
    least = 3 * (request.activities * 2)
    if lines < least:
        needed = least * (request.fictional * request.boards * request.years + bool(request.like))
        raise UsageError(
            f"--lines {request.lines}: each of {request.activities} codes needs 6 lines a board and year; say --lines"
            f" {needed} or more, or fewer --activities, --boards, --years or --municipalities"
        )
    digits = ("", 10) if request.activities <= len(areas) * 10 else ("0", 100)
    codes = [
        (int(f"{area['area_digit']}0{digits[0]}") + turn, area) for turn in range(int(digits[1])) for area in areas
    ]
    activities = [(str(code), f"{area['area_name']} {code}") for code, area in codes[: request.activities]]
    own = chart(classes, request.accounts)
    each = max(2, min(request.accounts, lines // (request.activities * ROOMY)))
    projects = min(PROJECTS, (lines - least) // 3)
    return Shape(activities, own, classes.account("4010", CAPITAL), each, projects)


def board_year(seed: int, board: Board, year: int, made: Shape, lines: int) -> BoardYear:
    """The slots of a board and year, with what they add up to."""
    slots: list[Slot] = []
    for index, (code, _) in enumerate(made.activities):
        slots += _activity(seed, board, year, made, index, code)
    slots += [_project(seed, board, year, made, number) for number in range(made.projects)]
    return BoardYear(board.organisation_id, board.board_id, year, VERSION, slots, lines)


def project_id(number: int) -> str:
    """The id of a project of a fictional board, by its number from 0."""
    return f"projekt-{number + 1}"


def _activity(seed: int, board: Board, year: int, made: Shape, index: int, code: str) -> Iterator[Slot]:
    mine = (seed, board.organisation_id, board.board_id, code)
    income = [account for account in made.chart if account.entry_class == "revenue"]
    costs = [account for account in made.chart if account.entry_class == "cost"]
    incomes = min(len(income), max(1, made.accounts_each // 5))
    own_costs = min(len(costs), made.accounts_each - incomes)
    chosen = [income[(index + turn) % len(income)] for turn in range(incomes)]
    chosen += [costs[(index * 3 + turn) % len(costs)] for turn in range(own_costs)]
    cost = draw(2 * MILLION, 60 * MILLION, *mine, "cost") * (draw(97, 104, *mine, year) + 3 * (year - LAST_YEAR)) // 100
    revenue = -cost * draw(3, 60, *mine, "revenue") // 100
    for part, accounts in ((revenue, chosen[:incomes]), (cost, chosen[incomes:])):
        totals = apportion(part, [draw(1, 10, *mine, account.number, "weight") for account in accounts])
        for account, actual in zip(accounts, totals, strict=True):
            share = draw(96, 105, *mine, account.number, year, "budget")
            yield Slot(
                account=account.number,
                account_class=account.account_class,
                entry_class=account.entry_class,
                counter=account.family.counter,
                text=account.family.text,
                actual=actual,
                budget=actual * share // (100 * TKR) * TKR,
                activity=code,
                ansvar=f"{1000 + index * 10}",
                motpart=_motpart(account, *mine),
                per_voucher=draw(1, 4, *mine, account.number, "voucher"),
            )


def _project(seed: int, board: Board, year: int, made: Shape, number: int) -> Slot:
    mine = (seed, board.organisation_id, board.board_id, project_id(number), year)
    actual = draw(1 * MILLION, 40 * MILLION, *mine)
    return Slot(
        account=made.capital.number,
        account_class=made.capital.account_class,
        entry_class=made.capital.entry_class,
        counter=made.capital.family.counter,
        text=made.capital.family.text,
        actual=actual,
        budget=actual * draw(90, 120, *mine, "budget") // (100 * TKR) * TKR,
        ansvar="1000",
        project=project_id(number),
        motpart=_motpart(made.capital, *mine),
        per_voucher=2,
    )


def _motpart(account: Account, *mine: object) -> str:
    first = account.family.motpart
    return f"{first}{draw(10, 29, *mine, account.number, 'motpart')}" if first else ""
