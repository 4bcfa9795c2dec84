"""The totals of the example, from its vouchers and plans alone, in whole öre: what the warehouse must come to.

They do not know of files or imports. The report's sign: income positive, cost negative.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from examples.ledger import TKR, Voucher
from examples.municipality import INTERNAL, YEAR_END_PERIOD, Board
from examples.plans import FORECAST, ORIGINAL, REVISED, Row

PERIODS = range(1, YEAR_END_PERIOD + 1)


@dataclass(frozen=True)
class ActivityTotal:
    """A board, year and activity code. net = revenue + cost. budget_net: of the version in force, the revised one."""

    board_id: str
    fiscal_year: int
    activity_code: str
    actual_revenue: int
    actual_cost: int
    actual_net: int
    internal_net: int
    original_net: int
    budget_net: int
    forecast_net: int


@dataclass(frozen=True)
class MonthTotal:
    """A board, year, activity code and period; period 13 holds the year-end entries and has no budget.

    internal_net and external_net: with a counterparty inside and outside the municipality; the rest has none.
    """

    board_id: str
    fiscal_year: int
    period: int
    activity_code: str
    actual_net: int
    internal_net: int
    external_net: int
    budget_net: int


@dataclass(frozen=True)
class ProjectTotal:
    """A board, year and project. cost_to_date: since its first year in the example."""

    board_id: str
    fiscal_year: int
    project_id: str
    actual: int
    budget: int
    cost_to_date: int


@dataclass(frozen=True)
class LedgerTotal:
    """A board and year as a ledger: how much there is, debit and credit."""

    board_id: str
    fiscal_year: int
    vouchers: int
    lines: int
    debit: int
    credit: int


@dataclass(frozen=True)
class Totals:
    """All totals, each list in the order of its keys."""

    activities: tuple[ActivityTotal, ...]
    months: tuple[MonthTotal, ...]
    projects: tuple[ProjectTotal, ...]
    ledgers: tuple[LedgerTotal, ...]

    def as_json(self) -> str:
        """All of it, integers of öre."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def as_csv(self) -> str:
        """Long form: what, board, year, key, period, measure, öre."""
        with io.StringIO(newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(("of", "board_id", "fiscal_year", "key", "period", "measure", "ore"))
            writer.writerows(self._long())
            return text.getvalue()

    def _long(self) -> Iterator[tuple[object, ...]]:
        lists = zip(("activity", "month", "project", "ledger"), asdict(self).values(), strict=True)
        for of, each in ((of, each) for of, listed in lists for each in listed):
            place = (each.pop("board_id"), each.pop("fiscal_year"))
            key = each.pop("activity_code", None) or each.pop("project_id", "")
            period = each.pop("period", "")
            yield from ((of, *place, key, period, measure, ore) for measure, ore in each.items())


def is_operating(account: str) -> bool:
    """An income or cost account that is no investment."""
    return account[0] in "34567" and not is_investment(account)


def is_investment(account: str) -> bool:
    """A purchase of a fixed asset."""
    return account.startswith("40")


def total(
    board: Board, ledgers: Mapping[int, Iterable[Voucher]], plans: Mapping[tuple[int, str], tuple[Row, ...]]
) -> Totals:
    """The totals of a board. ledgers: year -> vouchers. plans: (year, version) -> rows."""
    activities, months, projects, sizes = [], [], [], []
    spent: Counter[str] = Counter()
    own = set(INTERNAL.values())
    for year, vouchers in sorted(ledgers.items()):
        lines = [(voucher.period, line) for voucher in vouchers for line in voucher.lines]
        sizes.append(
            LedgerTotal(
                board.board_id,
                year,
                len({(voucher.series, voucher.number) for voucher in vouchers}),
                len(lines),
                sum(line.ore for _, line in lines if line.ore > 0),
                -sum(line.ore for _, line in lines if line.ore < 0),
            )
        )
        net: Counter[tuple[str, int]] = Counter()
        revenue: Counter[str] = Counter()
        cost: Counter[str] = Counter()
        internal: Counter[tuple[str, int]] = Counter()
        external: Counter[tuple[str, int]] = Counter()
        year_spent: Counter[str] = Counter()
        for period, line in lines:
            if is_operating(line.account):
                net[line.activity, period] -= line.ore
                (revenue if line.account[0] == "3" else cost)[line.activity] -= line.ore
                if line.motpart:
                    (internal if line.motpart in own else external)[line.activity, period] -= line.ore
            elif is_investment(line.account):
                year_spent[line.project] -= line.ore
        nets = {version: _planned(plans[year, version]) for version in (ORIGINAL, REVISED, FORECAST)}
        for code in sorted(each.code for each in board.activities):
            activities.append(
                ActivityTotal(
                    board.board_id,
                    year,
                    code,
                    revenue[code],
                    cost[code],
                    revenue[code] + cost[code],
                    sum(internal[code, period] for period in PERIODS),
                    *(sum(nets[version][code, month] for month in range(1, 13)) for version in nets),
                )
            )
            for period in PERIODS:
                place = (code, period)
                amounts = (net[place], internal[place], external[place], nets[REVISED][place])
                months.append(MonthTotal(board.board_id, year, period, code, *amounts))
        for project in board.projects:
            if year in project.budget:
                spent[project.number] += year_spent[project.number]
                projects.append(
                    ProjectTotal(
                        board.board_id,
                        year,
                        project.number,
                        year_spent[project.number],
                        -project.budget[year] * TKR,
                        spent[project.number],
                    )
                )
    return Totals(tuple(activities), tuple(months), tuple(projects), tuple(sizes))


def together(parts: Iterable[Totals]) -> Totals:
    """The totals of all boards."""
    parts = tuple(parts)
    return Totals(
        tuple(each for part in parts for each in part.activities),
        tuple(each for part in parts for each in part.months),
        tuple(each for part in parts for each in part.projects),
        tuple(each for part in parts for each in part.ledgers),
    )


def _planned(rows: Iterable[Row]) -> Counter[tuple[str, int]]:
    planned: Counter[tuple[str, int]] = Counter()
    for row in rows:
        for month, tkr in enumerate(row.months, start=1):
            planned[row.activity.code, month] -= tkr * TKR
    return planned
