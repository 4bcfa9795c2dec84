"""Find the delimiter of a CSV file by how evenly each candidate divides its lines. Nothing is read from a file here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

CANDIDATES = (";", "\t", "|", ",")
EVEN = 0.7
DECIMAL = re.compile(r"(?<![0-9.,])[-+−]?[0-9][0-9   ]*,[0-9]{1,2}(?![0-9.,])")
# a quoted cell, whichever the delimiter is
QUOTED = re.compile(r'(?:^|(?<=[;\t|,]))"(?:[^"]|"")*"(?=[;\t|,\r\n]|\Z)', re.MULTILINE)
DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter of the first lines of a file; a line `sep=;` as Excel writes it is believed.

    A decimal comma is no delimiter. A file of one column has none and is given a semicolon.
    """
    declared = DECLARED.fullmatch(lines[0]) if lines else None
    if declared:
        return declared[1]
    lines = QUOTED.sub("x", "".join(lines)).splitlines()
    evenness = {candidate: _evenness(lines, candidate) for candidate in CANDIDATES}
    for candidate in CANDIDATES:
        if evenness[candidate] >= EVEN and not (candidate == "," and _are_decimals(lines)):
            return candidate
    best = max(CANDIDATES, key=lambda candidate: evenness[candidate])
    if not evenness[best] or (best == "," and _are_decimals(lines)):
        return ";"
    return best


def _evenness(lines: Sequence[str], delimiter: str) -> float:
    """The share of the lines with text that have the most usual number of cells, if that is more than one."""
    widths = Counter(line.count(delimiter) + 1 for line in lines if line.strip())
    several = [count for width, count in widths.items() if width > 1]
    return max(several) / widths.total() if several else 0.0


def _are_decimals(lines: Sequence[str]) -> bool:
    """Whether there are commas and each of them is the decimal comma of a number."""
    return any("," in line for line in lines) and not any("," in DECIMAL.sub("", line) for line in lines)
