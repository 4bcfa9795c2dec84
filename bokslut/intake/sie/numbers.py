"""Which voucher numbers were seen: whole numbers as ranges, so that an unbroken series takes no room as it grows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

USUAL = re.compile(r"[1-9][0-9]{0,17}\Z")


class NumberSet:
    """A set of whole numbers, kept as ranges."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, number: int) -> bool:
        """Add a number; False when it was there already."""
        first, last = self._first, self._last
        place = bisect_right(first, number) - 1
        if place >= 0 and number <= last[place]:
            return False
        joins_before = place >= 0 and last[place] == number - 1
        joins_after = place + 1 < len(first) and first[place + 1] == number + 1
        if joins_before and joins_after:
            last[place] = last.pop(place + 1)
            first.pop(place + 1)
        elif joins_before:
            last[place] = number
        elif joins_after:
            first[place + 1] = number
        else:
            first.insert(place + 1, number)
            last.insert(place + 1, number)
        return True

    def extend(self, number: int) -> bool:
        """Add a number that is larger than all of them; False, and nothing added, when it is not."""
        last = self._last
        if not last or number > last[-1] + 1:
            self._first.append(number)
            last.append(number)
            return True
        if number <= last[-1]:
            return False
        last[-1] = number
        return True

    @property
    def room(self) -> int:
        """How many ranges it takes."""
        return len(self._first)


class VoucherNumbers:
    """The vouchers seen, by series, date and number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], NumberSet] = {}
        self._others: set[tuple[str, str, str]] = set()

    def add(self, series: str, date: str, number: str) -> bool:
        """Note a voucher; False when one of the same series, date and number was seen before."""
        if not (number.isdecimal() and len(number) < 19 and str(int(number)) == number):
            size = len(self._others)
            self._others.add((series, date, number))
            return len(self._others) > size
        numbers = self._numbers.get((series, date))
        if numbers is None:
            numbers = self._numbers[series, date] = NumberSet()
        return numbers.add(int(number))

    def add_all(self, series: Sequence[str], dates: Sequence[str], numbers: Sequence[str]) -> list[int]:
        """Note vouchers in order; gives the places of those that were seen before, or stand here twice."""
        known = self._numbers
        again = []
        for place, (key, number) in enumerate(zip(zip(series, dates, strict=True), numbers, strict=True)):
            seen = known.get(key)
            if seen is not None and USUAL.match(number) and seen.extend(int(number)):
                continue
            if not self.add(*key, number):
                again.append(place)
        return again
