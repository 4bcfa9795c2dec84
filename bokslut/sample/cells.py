"""Divide the slots of a ledger over periods and vouchers, exactly and in integers. No line is made here.

A cell is what a slot has in a period: its lines, its vouchers and its amount. Vouchers of a period are numbered by
rounds: the first voucher of every cell, then the second of every cell that has one, and so on, so that accounts are
mixed as in a real ledger and the lines still come in the order of voucher numbers, without a sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

from bokslut.sample.draws import apportion, draw
from bokslut.sample.model import BoardYear, Slot

YEAR_END = 13
FEWEST = 4  # lines that a period should have before a slot is spread over more of them

# of a Swedish identity number
PERSONAL_DIGITS = 10


@dataclass(frozen=True)
class Cell:
    """A slot in a period. lines: with the counter line of each voucher. total: öre, without the counter lines."""

    slot: Slot
    period: int
    lines: int
    vouchers: int
    total: int
    salt: int


@dataclass(frozen=True)
class Segment:
    """Rounds of a period in which the same cells take part.

    first: number of the first voucher. round: the first round. active: how many cells, the largest ones. vouchers: how
    many in all. before, in_period: vouchers of the period before these, and in all.
    """

    period: int
    first: int
    round: int
    active: int
    vouchers: int
    before: int
    in_period: int


def cells_of(board_year: BoardYear, seed: int) -> list[Cell]:
    """The cells of the ledger, by period and then by falling number of vouchers; their lines add up to actual_lines."""
    slots = [slot for slot in board_year.slots if slot.actual is not None]
    if not slots:
        return []
    spare = board_year.actual_lines - 2 * len(slots)
    extra = apportion(spare, [1 + isqrt(isqrt(abs(slot.actual or 0))) for slot in slots])
    owner = (seed, board_year.organisation_id, board_year.board_id, board_year.fiscal_year)
    cells = [
        cell
        for index, (slot, more) in enumerate(zip(slots, extra, strict=True))
        for cell in _spread(slot, index, 2 + more, owner)
    ]
    return sorted(cells, key=lambda cell: (cell.period, -cell.vouchers))


def _spread(slot: Slot, index: int, lines: int, owner: tuple[object, ...]) -> Iterator[Cell]:
    count = max(1, min(YEAR_END, lines // FEWEST))
    periods = (
        list(range(1, 14)) if count == YEAR_END else [(11 - index + 12 * j // count) % 12 + 1 for j in range(count)]
    )
    weights = [
        draw(80, 120, *owner, "period", index, period) // (20 if period == YEAR_END else 1) for period in periods
    ]
    counts = [2 + more for more in apportion(lines - 2 * count, weights)]
    totals = apportion(slot.actual or 0, weights)
    for period, own, total in zip(periods, counts, totals, strict=True):
        vouchers = max(1, own // (slot.per_voucher + 1))
        yield Cell(slot, period, own, vouchers, total, draw(0, 2**31 - 2, *owner, "salt", index, period))


def segments_of(cells: Sequence[Cell]) -> Iterator[Segment]:
    """The segments of cells that are in the order of cells_of; numbers begin at a power of ten, all of one length."""
    digits = len(str(sum(cell.vouchers for cell in cells)))
    # ten digits could be an identity number
    first = 10 ** (digits + (digits == PERSONAL_DIGITS - 1))
    for period in sorted({cell.period for cell in cells}):
        sizes = [cell.vouchers for cell in cells if cell.period == period]
        before, done = 0, 0
        for active in range(len(sizes), 0, -1):
            rounds = sizes[active - 1] - done
            if rounds:
                yield Segment(period, first + before, done, active, rounds * active, before, sum(sizes))
                before, done = before + rounds * active, done + rounds
        first += before
