"""Read what the lists state of a board and year, and find slots that add up to every figure of it.

Which code has which split is fitted in fitting.py. Memo lines of the result summary ("varav") take their account class
out of the codes' revenue or cost, in proportion; the rest is divided over the classes that no memo line shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bokslut.intake.known import Row, rows_of
from bokslut.sample.accounts import Accounts
from bokslut.sample.draws import apportion, draw
from bokslut.sample.fitting import Code, Printed, Result, any_of, fit_codes, meet, pushed, step_into
from bokslut.sample.model import BoardYear, Slot
from bokslut.telling import UsageError

SCENARIOS = ("actual", "budget")
PRIOR = "prior_actual"
LARGEST_REVERSAL = 5_000_000  # öre, of a booking that is taken back where a sum is 0
Owner = tuple[str, str, int]
Totals = dict[str, dict[tuple[str, str], int]]  # scenario -> (code or project, account class) -> öre, income positive


@dataclass(frozen=True)
class Stated:
    """The rows of a board's lists of one year, and those of any year of its budget versions and codes."""

    owner: Owner
    entries: Sequence[Row]
    lines: Sequence[Row]
    amounts: Sequence[Row]
    projects: Sequence[Row]
    codes: Sequence[str]
    version: str
    has_prior_year: bool


@dataclass(frozen=True)
class Fitted:
    """codes: scenario -> codes with their amounts; prior_actual is the year before. slots: of the one and the other."""

    codes: Mapping[str, Sequence[Code]]
    slots: Sequence[Slot]
    prior_slots: Sequence[Slot]


def read_stated(like: str, board: Path) -> Stated:
    """Read the lists in the folder. Raises UsageError where they have no such board and year, or no amounts of it."""
    parts = like.split("/")
    if len(parts) != 3 or not re.fullmatch("[0-9]{4}", parts[2]):
        raise UsageError(f"--like {like}: say ORGANISATION/BOARD/YEAR, as 1882/KS/2024")
    owner = (parts[0], parts[1], int(parts[2]))

    def own(name: str, year: int = owner[2]) -> list[Row]:
        mine = (owner[0], owner[1], str(year))
        return [
            row
            for row in rows_of([board], name)
            if (row["organisation_id"], row["board_id"], row["fiscal_year"]) == mine
        ]

    entries = [row for row in own("operating_entries") if row["scenario"] in SCENARIOS]
    if not entries:
        raise UsageError(f"--like {like}: {board} states no amounts of that board and year in operating_entries.csv")
    versions = [row["version"] for row in own("budget_versions") if row["version_kind"] != "forecast"]
    if len(versions) > 1:
        raise UsageError(
            f"--like {like}: budget_versions.csv has {', '.join(versions)} that year, a sample one budget: leave one of"
            " them in a copy of the lists"
        )
    return Stated(
        owner=owner,
        entries=entries,
        lines=own("result_lines"),
        amounts=[row for row in own("project_amounts") if row["scenario"] in SCENARIOS],
        projects=own("projects"),
        codes=[row["activity_code"] for row in own("activity_codes")],
        version="".join(versions),
        has_prior_year=bool(own("activity_codes", owner[2] - 1)),
    )


def fit(stated: Stated, accounts: Accounts, seed: int) -> Fitted:
    """Slots of the year, and of the year before where the summary prints it and the lists have nothing else of it.

    Raises UsageError naming what cannot be met.
    """
    codes = {scenario: _codes(stated, scenario) for scenario in SCENARIOS}
    totals: Totals = {}
    for scenario in SCENARIOS:
        if codes[scenario]:
            totals[scenario] = _by_class(stated, scenario, codes[scenario], accounts)
    investments = {scenario: _investments(stated, scenario) for scenario in SCENARIOS}
    slots = [
        *_slots(totals, accounts, (seed, *stated.owner)),
        *_project_slots(investments, accounts, (seed, *stated.owner)),
    ]
    prior = _prior(stated, codes["actual"])
    prior_slots: list[Slot] = []
    if prior:
        before = {"actual": _by_class(stated, PRIOR, prior, accounts)}
        prior_slots = list(_slots(before, accounts, (seed, *stated.owner, PRIOR)))
    return Fitted(codes | {PRIOR: prior}, slots, prior_slots)


def board_years(stated: Stated, fitted: Fitted, lines: int, shares_of_all: int = 1) -> list[BoardYear]:
    """The year and the one before, with a third of the lines. Raises UsageError for too few lines.

    lines: of the board, one of so many even shares of all.
    """
    organisation, board, year = stated.owner
    made = [BoardYear(organisation, board, year, stated.version, fitted.slots, 0)]
    if fitted.prior_slots:
        made.insert(0, BoardYear(organisation, board, year - 1, "", fitted.prior_slots, 0))
    least = [each.least_lines for each in made]
    # the rule of a tenth for the budget leaves the ledger room for its vouchers
    if lines < sum(least):
        needed = sum(least) * shares_of_all
        raise UsageError(f"too few --lines: what is printed needs {needed} or more, so that all is told")
    shares = apportion(lines - sum(least), [1, 2] if len(made) > 1 else [1])
    return [
        BoardYear(each.organisation_id, each.board_id, each.fiscal_year, each.version, each.slots, own + more)
        for each, own, more in zip(made, least, shares, strict=True)
    ]


def result_of(stated: Stated, column: str) -> Result:
    """What the summary prints in a column: actual, budget or prior_actual."""
    found = {
        row["line_role"]: Printed.of(row[column], row["scale"]) for row in stated.lines if row["line_role"] != "memo"
    }
    return Result(found.get("revenue"), found.get("cost"), found.get("result"))


def _codes(stated: Stated, scenario: str) -> list[Code]:
    found: dict[str, dict[str, Printed | None]] = {}
    for row in stated.entries:
        if row["scenario"] == scenario:
            found.setdefault(row["activity_code"], {})[row["entry_class"]] = Printed.of(row["amount"], row["scale"])
    codes = [
        Code(code, found[code].get("net"), found[code].get("revenue"), found[code].get("cost"))
        for code in stated.codes
        if code in found
    ]
    if codes and not fit_codes(codes, result_of(stated, scenario)):
        alone = [code.code for code in codes if not fit_codes([code], Result())]
        wrong = ", ".join(alone) or "the codes and the result summary together"
        raise UsageError(
            f"--like: no amounts of {scenario} round to all that is printed of {wrong}: net, revenue and cost, or the"
            " lines and what they add up, differ by more than their roundings"
        )
    return codes


def _prior(stated: Stated, codes: Sequence[Code]) -> list[Code]:
    """The year before, of which the summary alone is printed: divided as this year's revenue and cost are."""
    result = result_of(stated, PRIOR)
    if stated.has_prior_year or not codes or result.revenue is None or result.cost is None:
        return []
    revenue, cost = meet(result.revenue, result.cost, result.result)
    revenues = apportion(revenue, [abs(code.revenue_ore) + 1 for code in codes])
    costs = apportion(cost, [abs(code.cost_ore) + 1 for code in codes])
    return [
        Code(code.code, None, None, None, own_revenue, own_cost)
        for code, own_revenue, own_cost in zip(codes, revenues, costs, strict=True)
    ]


def _by_class(stated: Stated, column: str, codes: Sequence[Code], accounts: Accounts) -> dict[tuple[str, str], int]:
    """(code, account class) -> öre: the memo lines' classes first, then the others."""
    left = {
        "revenue": [code.revenue_ore for code in codes],
        "cost": [code.cost_ore for code in codes],
    }
    totals: dict[tuple[str, str], int] = {}
    shown = set()
    for row in stated.lines:
        printed = Printed.of(row[column], row["scale"]) if row["line_role"] == "memo" else None
        if row["line_role"] == "memo":
            shown.add(row["account_class"])
        if printed is None or not printed.value:
            continue
        role = accounts.role(row["account_class"])
        sign = -1 if printed.value < 0 else 1
        weights = [max(0, sign * ore) for ore in left[role]]
        if sum(weights) < abs(printed.value):
            raise UsageError(f"--like: the line {row['line_name']} is more than all {role} of {column}")
        for index, (code, part) in enumerate(zip(codes, apportion(printed.value, weights), strict=True)):
            left[role][index] -= part
            if part:
                totals[code.code, row["account_class"]] = part
    for role, rest in left.items():
        classes = accounts.others(role, shown)
        if not classes and any(rest):
            raise UsageError(f"--like: the memo lines show every class of {role}, and do not add up to the line")
        for code, ore in zip(codes, rest, strict=True):
            parts = apportion(ore, [len(classes) + 1 - place for place in range(len(classes))]) if ore else []
            for account_class, part in zip(classes, parts, strict=False):
                if part:
                    totals[code.code, account_class] = part
    told = {code for code, _ in totals}
    # a code that is 0 is told so by postings, since without any its split would not be known
    nothing = [*accounts.others("cost", shown), *sorted(shown)][0]
    return totals | {(code.code, nothing): 0 for code in codes if code.code not in told}


def _slots(totals: Totals, accounts: Accounts, mine: tuple[object, ...]) -> Iterator[Slot]:
    keys = list(dict.fromkeys(key for scenario in SCENARIOS for key in totals.get(scenario, {})))
    codes = list(dict.fromkeys(code for code, _ in keys))
    for code, account_class in sorted(keys, key=lambda key: (codes.index(key[0]), key[1])):
        account = accounts.of_class(account_class)
        ansvar = str(1000 + 10 * codes.index(code))
        found = {scenario: totals.get(scenario, {}).get((code, account_class)) for scenario in SCENARIOS}
        yield from _pairs(
            Slot(
                account=account.number,
                account_class=account_class,
                entry_class=account.entry_class,
                counter=account.family.counter,
                text=account.family.text,
                actual=None,
                budget=None,
                activity=code,
                ansvar=ansvar,
                per_voucher=draw(1, 4, *mine, code, account_class),
            ),
            found,
            mine,
        )


def _project_slots(
    investments: Mapping[str, Mapping[str, int]], accounts: Accounts, mine: tuple[object, ...]
) -> Iterator[Slot]:
    account = accounts.capital
    for project in dict.fromkeys(key for scenario in SCENARIOS for key in investments[scenario]):
        slot = Slot(
            account=account.number,
            account_class=account.account_class,
            entry_class=account.entry_class,
            counter=account.family.counter,
            text=account.family.text,
            actual=None,
            budget=None,
            ansvar="1000",
            project=project,
            per_voucher=2,
        )
        found = {scenario: investments[scenario].get(project) for scenario in SCENARIOS}
        yield from _pairs(slot, found, mine)


def _pairs(slot: Slot, found: Mapping[str, int | None], mine: tuple[object, ...]) -> Iterator[Slot]:
    """The slot with its totals in the ledger's sign; a sum of 0 is a booking and its reversal, a slot each."""
    amounts = {scenario: -ore if ore is not None else None for scenario, ore in found.items()}
    plain = {scenario: ore for scenario, ore in amounts.items() if ore}
    if plain:
        yield _with(slot, plain)
    zeros = [scenario for scenario, ore in amounts.items() if ore == 0]
    if zeros:
        ore = draw(1, LARGEST_REVERSAL, *mine, slot.activity, slot.project, "reversal")
        yield _with(slot, dict.fromkeys(zeros, ore))
        yield _with(slot, dict.fromkeys(zeros, -ore))


def _with(slot: Slot, totals: Mapping[str, int]) -> Slot:
    return replace(slot, actual=totals.get("actual"), budget=totals.get("budget"))


def _investments(stated: Stated, scenario: str) -> dict[str, int]:
    """Project -> öre, income positive: sub-projects where a project's are stated, and then within its own rounding."""
    printed = {
        row["project_id"]: any_of(Printed.of(row["amount"], row["scale"]))
        for row in stated.amounts
        if row["scenario"] == scenario
    }
    parents = {row["project_id"]: row["parent_project_id"] for row in stated.projects}
    detailed = {parents[project] for project in printed if parents.get(project)}
    amounts = {project: each.value for project, each in printed.items() if project not in detailed}
    for parent in sorted(detailed & printed.keys()):
        parts = [project for project in amounts if parents.get(project) == parent]
        step = step_into(sum(amounts[part] for part in parts), printed[parent].low, printed[parent].high)
        moved, left = pushed([amounts[part] for part in parts], [printed[part] for part in parts], step)
        if left:
            raise UsageError(f"--like: the sub-projects of {parent} do not add up to its {scenario} by any rounding")
        amounts |= dict(zip(parts, moved, strict=True))
    return amounts
