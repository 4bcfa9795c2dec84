"""Find amounts in öre that round to every printed one, by exact integer steps and no search.

A printed amount is an interval: all that rounds to it, half away from zero (docs/rounding.md). A code's revenue, cost
and net are three intervals over two amounts, a summary's lines are three over the sums of all codes, and what codes can
add up to is known exactly (Region). Each code gets what is printed, as near as that leaves the others theirs. Of
Askersund's code 91, printed 206, -58 293 and -58 088 tkr, the parts become 205 500,00 and -58 293 499,99.
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


@dataclass(frozen=True)
class Result:
    """What the result summary prints of a scenario: the three lines, None where one is not printed."""

    revenue: Printed | None = None
    cost: Printed | None = None
    result: Printed | None = None


@dataclass(frozen=True)
class Region:
    """All pairs of a revenue and a cost within three intervals: of the one, of the other, and of their sum.

    Its sides have three directions alone. Such regions added up, or cut with one another, are such regions again, and
    whole numbers stay whole numbers: so what several codes can add up to is known exactly.
    """

    revenue: tuple[int, int]
    cost: tuple[int, int]
    net: tuple[int, int]

    @classmethod
    def of(cls, revenue: Printed | None, cost: Printed | None, net: Printed | None) -> Region:
        """What rounds to all that is printed."""
        ranges = [(printed.low, printed.high) for printed in map(any_of, (revenue, cost, net))]
        return cls(*ranges).tight()

    def tight(self) -> Region:
        """The same pairs, each interval no wider than what the other two allow."""
        (r_low, r_high), (c_low, c_high), (n_low, n_high) = self.revenue, self.cost, self.net
        for _ in range(2):
            r_low, r_high = max(r_low, n_low - c_high), min(r_high, n_high - c_low)
            c_low, c_high = max(c_low, n_low - r_high), min(c_high, n_high - r_low)
            n_low, n_high = max(n_low, r_low + c_low), min(n_high, r_high + c_high)
        return Region((r_low, r_high), (c_low, c_high), (n_low, n_high))

    @property
    def is_empty(self) -> bool:
        """Whether no pair is in it; of a tight region."""
        return any(low > high for low, high in (self.revenue, self.cost, self.net))

    def plus(self, other: Region) -> Region:
        """What a pair of this and a pair of the other can add up to."""
        return Region(
            (self.revenue[0] + other.revenue[0], self.revenue[1] + other.revenue[1]),
            (self.cost[0] + other.cost[0], self.cost[1] + other.cost[1]),
            (self.net[0] + other.net[0], self.net[1] + other.net[1]),
        )

    def within(self, other: Region) -> Region:
        """The pairs that are in both."""
        return Region(
            (max(self.revenue[0], other.revenue[0]), min(self.revenue[1], other.revenue[1])),
            (max(self.cost[0], other.cost[0]), min(self.cost[1], other.cost[1])),
            (max(self.net[0], other.net[0]), min(self.net[1], other.net[1])),
        ).tight()

    def left_of(self, revenue: int, cost: int) -> Region:
        """What is left of a sum when a pair of this is taken out of it."""
        net = revenue + cost
        return Region(
            (revenue - self.revenue[1], revenue - self.revenue[0]),
            (cost - self.cost[1], cost - self.cost[0]),
            (net - self.net[1], net - self.net[0]),
        )

    def nearest(self, revenue: int, net: int) -> tuple[int, int]:
        """A pair of this with the wished revenue, and then sum, or the nearest that there is; of a tight region."""
        one = max(self.revenue[0], min(self.revenue[1], revenue))
        low, high = max(self.cost[0], self.net[0] - one), min(self.cost[1], self.net[1] - one)
        return one, max(low, min(high, net - one))


NOTHING = Region((0, 0), (0, 0), (0, 0))


def fit_codes(codes: Sequence[Code], result: Result) -> bool:
    """Give every code its revenue and cost; False where no amounts at all meet what is printed of codes and summary.

    First the sums are chosen, where what the codes can add up to meets the summary. Then each code gets what it prints,
    as near as what is left for the codes behind it allows. Codes with a split come first. Of a code with a net alone
    the revenue is free: together these have what the summary's revenue leaves, and the last makes good the öre that
    splits miss of their nets.
    """
    split, free = [code for code in codes if code.is_split], [code for code in codes if not code.is_split]
    for code in split:
        _fit_split(code)
    regions = {code.code: Region.of(code.revenue, code.cost, code.net) for code in codes}
    wished = sum(code.net.value if code.net else code.net_ore for code in codes)
    least = sum(max(0, any_of(code.net).value) for code in free)
    revenue = result.revenue.value if result.revenue else least + sum(code.revenue_ore for code in split)
    behind = [NOTHING]
    for code in reversed([*split, *free]):
        behind.append(behind[-1].plus(regions[code.code]))
    total = behind[-1].within(Region.of(result.revenue, result.cost, result.result))
    if total.is_empty or any(region.is_empty for region in regions.values()):
        return False
    left = total.nearest(revenue, wished)
    for code in split:
        behind.pop()
        left = _give(code, regions[code.code], behind[-1], left, code.revenue_ore, code.net_ore)
    own = [max(0, any_of(code.net).value) for code in free]
    more = apportion(left[0] - sum(own), [abs(any_of(code.net).value) + 1 for code in free]) if free else []
    for code, plain, extra in zip(free, own, more, strict=True):
        behind.pop()
        left = _give(code, regions[code.code], behind[-1], left, plain + extra, any_of(code.net).value)
    return True


def _give(code: Code, region: Region, behind: Region, left: tuple[int, int], revenue: int, net: int) -> tuple[int, int]:
    """Give a code the nearest to what is wished that leaves the codes behind it a sum they can have; returns that."""
    code.revenue_ore, code.cost_ore = region.within(behind.left_of(*left)).nearest(revenue, net)
    return left[0] - code.revenue_ore, left[1] - code.cost_ore


def _fit_split(code: Code) -> None:
    if code.revenue is not None and code.cost is not None:
        code.revenue_ore, code.cost_ore = meet(code.revenue, code.cost, code.net)
    elif code.revenue is not None:
        code.revenue_ore = code.revenue.value
        code.cost_ore = code.net.value - code.revenue_ore if code.net else 0
    elif code.cost is not None:
        code.cost_ore = code.cost.value
        code.revenue_ore = code.net.value - code.cost_ore if code.net else 0
