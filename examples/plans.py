"""The budgets and the forecast of a board and year, in whole tkr a month. The same seed gives the same plans.

The ledger's sign: cost is positive, income negative. Nothing is written here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from examples.ledger import TKR, plan_ore
from examples.municipality import BOARDS, FEE_SHARE_PERMILLE, INTERNAL, YEARS, Activity, Board

ORIGINAL, REVISED, FORECAST = "original", "revised-1", "forecast-08"
KINDS = {ORIGINAL: "original", REVISED: "revised", FORECAST: "forecast"}
NAMES = {ORIGINAL: "Beslutad budget", REVISED: "Reviderad budget", FORECAST: "Prognos i augusti"}


@dataclass(frozen=True)
class Row:
    """A row of a plan. months: tkr of January to December, cost positive."""

    activity: Activity
    account: str
    motpart: str
    months: tuple[int, ...]

    @property
    def tkr(self) -> int:
        """The whole year."""
        return sum(self.months)


def decided_on(version: str, year: int) -> datetime.date:
    """The day of a version's decision."""
    days = {
        ORIGINAL: datetime.date(year - 1, 11, 20),
        REVISED: datetime.date(year, 6, 17),
        FORECAST: datetime.date(year, 9, 10),
    }
    return days[version]


def plan(board: Board, year: int, version: str, seed: int) -> tuple[Row, ...]:
    """The rows of a version, by activity and account."""
    random = Random(f"{seed}/{board.board_id}/{year}/{version}")  # noqa: S311 - for a fiction, not for secrets
    return tuple(
        Row(activity, account, motpart, _months(tkr))
        for activity in board.activities
        for account, motpart, tkr in _amounts(board, activity, year, version, random)
    )


def plans(board: Board, seed: int) -> Mapping[tuple[int, str], tuple[Row, ...]]:
    """(year, version) -> rows, of all years and versions."""
    return {(year, version): plan(board, year, version, seed) for year in YEARS for version in KINDS}


def _amounts(
    board: Board, activity: Activity, year: int, version: str, random: Random
) -> Iterator[tuple[str, str, int]]:
    yearly = 104 if year > YEARS[0] else 100

    def cost(tkr: int) -> int:
        if version == FORECAST:
            # eight months are known, the rest is a guess
            return plan_ore(tkr, year, activity) * (1000 + random.randint(-12, 12)) // 1000 // TKR
        drift = activity.drift.get(year, 0)
        # half of a cost increase is granted in June
        granted = drift // 2 if version == REVISED and drift > 0 else 0
        return tkr * (yearly + granted) // 100

    if activity.staff:
        staff = cost(activity.staff)
        pay = staff * 1000 // (1000 + FEE_SHARE_PERMILLE)
        yield "5010", "", pay
        yield "5610", "", staff - pay
    for account, tkr in activity.bought.items():
        yield account, "88", cost(tkr)
    owner = next(each for each in BOARDS if each.premises)
    if activity.rent:
        yield "6010", INTERNAL[owner.board_id], activity.rent * yearly // 100
    if activity.depreciation:
        yield "7910", "", activity.depreciation
    for account, tkr in activity.income.items():
        yield account, "81" if account == "3510" else "88", -(tkr * yearly // 100)
    if board is owner and activity.code == owner.premises:
        for tenant in BOARDS:
            rent = sum(each.rent * yearly // 100 for each in tenant.activities)
            if rent:
                yield "3410", INTERNAL[tenant.board_id], -rent


def _months(tkr: int) -> tuple[int, ...]:
    """The year in twelve, what cannot be divided in December."""
    size = abs(tkr) // 12
    sign = -1 if tkr < 0 else 1
    return (*[sign * size] * 11, tkr - sign * size * 11)
