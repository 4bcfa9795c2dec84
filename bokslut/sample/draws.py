"""Draw integers from a seed, and divide an amount exactly. The same on every machine and version; no state is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import accumulate


def draw(low: int, high: int, *parts: object) -> int:
    """An integer from low to high, both included, that follows from the parts alone."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """The total divided by weights, which are 0 or more and not all 0: what comes out adds up to it exactly.

    Each part is the difference of two floors of the running share, so that none passes its share by a whole unit.
    """
    size, whole = abs(total), sum(weights)
    marks = [size * running // whole for running in accumulate(weights)]
    sign = -1 if total < 0 else 1
    return [sign * (mark - before) for mark, before in zip(marks, [0, *marks[:-1]], strict=True)]
