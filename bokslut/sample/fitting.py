"""Find amounts in öre that round to every printed one, by exact integer steps and no search.

A printed amount is an interval: all that rounds to it, half away from zero (docs/rounding.md). An amount begins as what
is printed, to the öre. Where printed parts miss their printed sum, because each was rounded by itself, the parts move
towards it, each no further than its own interval lets it. Of Askersund's code 91, printed 206, -58 293 and -58 088 tkr,
the parts become 205 500,00 and -58 293 499,99, and their sum rounds to what is printed of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bokslut.sample.draws import apportion

ORE = 100
FAR = 10**17  # further than any amount


@dataclass(frozen=True)
class Printed:
    """A printed amount: its value in öre, and the least and largest amount that round to it."""

    value: int
    low: int
    high: int

    @classmethod
    def of(cls, text: str, scale: str) -> Printed | None:
        """The amount of a list, in the unit and with the decimals that it is written with; None where it is empty."""
        if not text:
            return None
        value = int(Decimal(text) * Decimal(scale) * ORE)
        decimals = len(text.partition(".")[2])
        unit = max(1, int(Decimal(scale) * ORE / 10**decimals))
        if value == 0:
            return cls(0, -((unit - 1) // 2), (unit - 1) // 2)
        outer, inner = (unit - 1) // 2, unit // 2
        return cls(value, value - (inner if value > 0 else outer), value + (outer if value > 0 else inner))

    def clamped(self, ore: int) -> int:
        """The nearest amount that rounds to this."""
        return max(self.low, min(self.high, ore))


UNKNOWN = Printed(0, -FAR, FAR)


def any_of(printed: Printed | None) -> Printed:
    """What is printed, or an interval that holds every amount."""
    return printed or UNKNOWN


def meet(first: Printed, second: Printed, total: Printed | None) -> tuple[int, int]:
    """Two parts whose sum is the printed total, or as near as the parts' own roundings allow.

    Each takes half of what is missing; what one cannot take, the other does.
    """
    if total is None:
        return first.value, second.value
    gap = total.value - first.value - second.value
    half = abs(gap) // 2 * (1 if gap > 0 else -1)
    one = first.clamped(first.value + half)
    two = second.clamped(total.value - one)
    return first.clamped(total.value - two), two


def pushed(amounts: Sequence[int], room: Sequence[Printed], by: int) -> tuple[list[int], int]:
    """Amounts moved by so much in all, the first as far as its room lets it, then the next; and what is left of it."""
    moved = []
    for amount, interval in zip(amounts, room, strict=True):
        new = max(interval.low, min(interval.high, amount + by))
        by -= new - amount
        moved.append(new)
    return moved, by


def step_into(value: int, low: int, high: int) -> int:
    """The smallest step that brings a value into an interval."""
    return max(low, min(high, value)) - value


@dataclass
class Code:
    """An activity code in one scenario: what is printed of it, and then the amounts, income positive, öre."""

    code: str
    net: Printed | None
    revenue: Printed | None
    cost: Printed | None
    revenue_ore: int = 0
    cost_ore: int = 0

    @property
    def is_split(self) -> bool:
        """Whether a revenue or a cost is printed; else the net alone is known and any split will do."""
        return self.revenue is not None or self.cost is not None

    @property
    def net_ore(self) -> int:
        """Revenue and cost together."""
        return self.revenue_ore + self.cost_ore

    @property
    def is_met(self) -> bool:
        """Whether every amount rounds to what is printed of it."""
        pairs = ((self.net, self.net_ore), (self.revenue, self.revenue_ore), (self.cost, self.cost_ore))
        return all(printed is None or printed.low <= ore <= printed.high for printed, ore in pairs)


@dataclass(frozen=True)
class Result:
    """What the result summary prints of a scenario: the three lines, None where one is not printed."""

    revenue: Printed | None = None
    cost: Printed | None = None
    result: Printed | None = None


def fit_codes(codes: Sequence[Code], result: Result) -> bool:
    """Give every code its revenue and cost; False where no amounts that these steps find meet all that is printed.

    A code with a split keeps it. Of a code with a net alone the revenue is free: together these codes have what the
    summary's revenue leaves of the others'.
    """
    split, free = [code for code in codes if code.is_split], [code for code in codes if not code.is_split]
    for code in split:
        _fit_split(code)
    # the öre that splits miss of their nets are made good where the net alone is printed
    drift = sum(code.net.value - code.net_ore for code in split if code.net)
    nets = [any_of(code.net) for code in free]
    amounts, _ = pushed([net.value for net in nets], nets, drift)
    revenue, cost = sum(code.revenue_ore for code in split), sum(code.cost_ore for code in split)
    lines = (any_of(result.revenue), any_of(result.cost), any_of(result.result))
    low = max(lines[0].low + lines[1].low, lines[2].low) - revenue - cost
    high = min(lines[0].high + lines[1].high, lines[2].high) - revenue - cost
    amounts, left = pushed(amounts, nets, step_into(sum(amounts), low, high))
    if free:
        left = _push(split, "cost", left)
        _push(split, "revenue", left)
        revenue, cost = sum(code.revenue_ore for code in split), sum(code.cost_ore for code in split)
        _split_free(free, amounts, _free_revenue(amounts, revenue, cost, lines, is_printed=result.revenue is not None))
    else:
        _push_split(split, lines)
    return all(code.is_met for code in codes) and _meets(codes, lines)


def _fit_split(code: Code) -> None:
    if code.revenue is not None and code.cost is not None:
        code.revenue_ore, code.cost_ore = meet(code.revenue, code.cost, code.net)
    elif code.revenue is not None:
        code.revenue_ore = code.revenue.value
        code.cost_ore = code.net.value - code.revenue_ore if code.net else 0
    elif code.cost is not None:
        code.cost_ore = code.cost.value
        code.revenue_ore = code.net.value - code.cost_ore if code.net else 0


def _free_revenue(
    amounts: Sequence[int], revenue: int, cost: int, lines: tuple[Printed, Printed, Printed], *, is_printed: bool
) -> int:
    """The revenue of the codes with a net alone: what the summary leaves, moved until its cost line is met too."""
    least = sum(max(0, amount) for amount in amounts)
    wanted = lines[0].value - revenue if is_printed else least
    net = sum(amounts)
    low = max(lines[0].low - revenue, cost + net - lines[1].high)
    high = min(lines[0].high - revenue, cost + net - lines[1].low)
    return max(low, min(high, wanted))


def _split_free(free: Sequence[Code], amounts: Sequence[int], revenue: int) -> None:
    own = [max(0, amount) for amount in amounts]
    more = apportion(revenue - sum(own), [abs(amount) + 1 for amount in amounts])
    for code, amount, least, extra in zip(free, amounts, own, more, strict=True):
        code.revenue_ore = least + extra
        code.cost_ore = amount - code.revenue_ore


def _push_split(split: Sequence[Code], lines: tuple[Printed, Printed, Printed]) -> None:
    """Where every code has a split, their roundings add up to what the summary's lines miss.

    What a revenue moves, its code's cost may have to move back before another can: so by turns, as long as it helps.
    """
    before = -1
    while True:
        revenue, cost = sum(code.revenue_ore for code in split), sum(code.cost_ore for code in split)
        by_revenue = step_into(revenue, lines[0].low, lines[0].high)
        by_cost = step_into(cost, lines[1].low, lines[1].high)
        by_cost += step_into(revenue + by_revenue + cost + by_cost, lines[2].low, lines[2].high)
        missing = abs(by_revenue) + abs(by_cost)
        if missing in (0, before):
            return
        before = missing
        _push(split, "revenue", by_revenue)
        _push(split, "cost", by_cost)


def _push(split: Sequence[Code], part: str, by: int) -> int:
    """Move the revenue or cost of codes by so much in all, each within its rounding and its net's; what is left."""
    for code in split:
        (moved,), by = pushed([getattr(code, f"{part}_ore")], [_room(code, part)], by)
        setattr(code, f"{part}_ore", moved)
    return by


def _room(code: Code, part: str) -> Printed:
    ore = getattr(code, f"{part}_ore")
    net, own = any_of(code.net), any_of(getattr(code, part))
    low, high = max(own.low, ore + net.low - code.net_ore), min(own.high, ore + net.high - code.net_ore)
    # an amount that is not met already has no room
    return Printed(ore, min(low, ore), max(high, ore))


def _meets(codes: Sequence[Code], lines: tuple[Printed, Printed, Printed]) -> bool:
    revenue, cost = sum(code.revenue_ore for code in codes), sum(code.cost_ore for code in codes)
    sums = (revenue, cost, revenue + cost)
    return all(line.low <= ore <= line.high for line, ore in zip(lines, sums, strict=True))
