"""Run contestants side by side: a warm-up round that also compares their marts, then rounds in turn.

A B C, A B C: a noisy machine is noisy for all of them. What makes other marts than dbt gets no time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contestants import DBTS, FLOORS, NOT_AVAILABLE, REPOSITORY, Contestant
from benchmarks.marts import differences
from benchmarks.measuring import Cost, Spread, measured

ENDING = 6  # lines of the output of what failed


@dataclass
class Entry:
    """A contestant and its runs, the warm-up left out. told: why it has none; the lines, the first one short."""

    name: str
    scope: str
    costs: list[Cost] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One line of the table: MiB and seconds; ratios to the floor and to dbt of the same scope, None without those.

    loading: of the median seconds those before the tool had its inputs, None where it does not say.
    """

    name: str
    scope: str
    runs: int = 0
    wall: Spread | None = None
    cpu: Spread | None = None
    peak: float | None = None
    largest: float | None = None
    loading: float | None = None
    x_floor: float | None = None
    x_dbt: float | None = None
    cpu_x_floor: float | None = None
    cpu_x_dbt: float | None = None
    told: str = ""


def contest(
    contestants: Sequence[Contestant], rounds: int, tell: Callable[[str], None], root: Path = REPOSITORY
) -> list[Entry]:
    """Run them all and compare their marts with those of the first, which must be made.

    tell: takes a line of progress. Raises SystemExit where the first fails.
    """
    entries = {each.name: Entry(each.name, each.scope) for each in contestants}
    reference = contestants[0]
    for number in range(rounds + 1):
        for each in contestants:
            entry = entries[each.name]
            if entry.told:
                continue
            tell(f"round {number} of {rounds}: {each.name}" if number else f"warm-up: {each.name}")
            cost = _run(each, entry, root)
            if entry.told:
                if each is reference:
                    raise SystemExit("\n".join(entry.told))
                tell(f"{each.name}: {'; '.join(entry.told)}")
                entry.costs.clear()
            elif number and cost:
                entry.costs.append(cost)
            elif each is not reference:
                entry.told += _differing(root / reference.marts, root / each.marts)
                for line in entry.told:
                    tell(f"{each.name}: {line}")
    return list(entries.values())


def rows(entries: Sequence[Entry]) -> list[Row]:
    """The table, in the order of the entries, without those that were stopped by what they told."""
    by_name = {entry.name: entry for entry in entries}

    def ratio(entry: Entry, others: dict[str, str], figure: Callable[[Cost], float]) -> float | None:
        other = by_name.get(others.get(entry.scope, ""))
        if not other or not other.costs:
            return None
        theirs = Spread.of([figure(cost) for cost in other.costs]).median
        return Spread.of([figure(cost) for cost in entry.costs]).median / theirs if theirs else None

    found = []
    for entry in entries:
        if not entry.costs:
            found.append(Row(entry.name, entry.scope, told=entry.told[0] if entry.told else "not run"))
            continue
        found.append(
            Row(
                entry.name,
                entry.scope,
                len(entry.costs),
                Spread.of([cost.wall for cost in entry.costs]),
                Spread.of([cost.cpu for cost in entry.costs]),
                max(cost.peak for cost in entry.costs),
                max(cost.largest for cost in entry.costs),
                _loading(entry.costs),
                ratio(entry, FLOORS, lambda cost: cost.wall),
                ratio(entry, DBTS, lambda cost: cost.wall),
                ratio(entry, FLOORS, lambda cost: cost.cpu),
                ratio(entry, DBTS, lambda cost: cost.cpu),
            )
        )
    return found


def _run(each: Contestant, entry: Entry, root: Path) -> Cost | None:
    if each.missing:
        entry.told.append(f"not available here: {each.missing}")
        return None
    each.clear(root)
    try:
        cost = measured(each.command, root, each.variables)
    except OSError as error:
        entry.told.append(f"not available here: {error}")
        return None
    said = [line.strip() for line in cost.output.splitlines() if line.strip()]
    if cost.returncode == NOT_AVAILABLE:
        entry.told.append(f"not available here: {said[-1] if said else 'it does not say why'}")
    elif cost.returncode:
        entry.told += [": ".join([f"ended with exit code {cost.returncode}", *said[-1:]]), *said[-ENDING:-1]]
    return cost


def _loading(costs: Sequence[Cost]) -> float | None:
    """The median of what a peer says on its last line, as {"loaded_seconds": 1.2}."""
    found = []
    for cost in costs:
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            found.append(float(json.loads(cost.output.strip().splitlines()[-1])["loaded_seconds"]))
    return Spread.of(found).median if found else None


def _differing(reference: Path, made: Path) -> list[str]:
    found = differences(reference, made)
    return [f"makes other marts than dbt, so it has no time: {found[0]}", *found[1:]] if found else []
