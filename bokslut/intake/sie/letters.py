"""Weigh what the bytes above ASCII of a SIE file say about its character set, line by line.

Only files that are no valid UTF-8, and whose bytes fit both code page 437 and Windows-1252, come here. A byte that is a
letter in one of them is a mark in the other: F6 is ö or a division sign, 94 a closing quotation mark or ö. What stands
beside it tells which: a letter stands among letters, a quotation mark at the edge of a word.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bokslut.intake.findings import Finding, RefusedError

MOST_LINES = 50
BLOCK = 1 << 20  # bytes
AGAIN = "export it from the ledger again"
MARK = b"\xef\xbb\xbf"
REMEMBERED = 20_000  # lines
DIGITS = bytes.maketrans(b"123456789", b"000000000")
HIGH = re.compile(rb"[\x80-\xff]")
UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
# ü ä å Ä Å É beside a letter, é behind one, Ö in front of one, ö between two
SIGNS_437 = re.compile(
    rb"[\x81\x84\x86\x8e\x8f\x90](?=[A-Za-z])|(?<=[A-Za-z])[\x81\x82\x84\x86\x8e\x8f\x90]|\x99(?=[A-Za-z])"
    rb"|(?<=[A-Za-z])\x94(?=[A-Za-z])"
)
# Ä Å É Ö ä å é ö ü beside a letter and not in a row of box signs; what cp437 has a box sign for, between letters; a
# quotation mark in front of a capital; two of them around something
SIGNS_1252 = re.compile(
    rb"(?<![\xb0-\xdf])[\xc4\xc5\xc9\xd6\xe4\xe5\xe9\xf6\xfc](?=[A-Za-z])"
    rb"|(?<=[A-Za-z])[\xc4\xc5\xc9\xd6\xe4\xe5\xe9\xf6\xfc](?![\xb0-\xdf])"
    rb"|(?<=[A-Za-z])[\xb0-\xdf](?=[A-Za-z])"
    rb"|(?<![A-Za-z\x80-\xff])[\x93\x94](?=[A-Z])"
    rb"|(?<![A-Za-z\x80-\xff])\x93[^\x93\x94\n]+\x94(?![A-Za-z\x80-\xff])"
)
# one word between quotation marks, unless it begins and ends with ö; several words, unless the first begins with ö and
# the last ends with it
QUOTED_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])\x94[A-Za-z]+\x94(?![A-Za-z\x80-\xff])")
QUOTED_WORDS = re.compile(rb"(?<![A-Za-z\x80-\xff])\x94[^\x94\n]+\x94(?![A-Za-z\x80-\xff])")


@dataclass(frozen=True)
class _Signs:
    """How many of each sign a line holds."""

    broken: int
    cp437: int
    cp1252: int
    sequences: int
    quoted_words: int
    maybe_quoted: int
    other_94: int


@dataclass
class _Evidence:
    """Signs by line, or all of them on line 0.

    first: the first line with a byte above ASCII. broken: bytes outside of UTF-8's sequences.
    """

    first: int = 0
    sequences: int = 0
    broken: Counter[int] = field(default_factory=Counter)
    cp437: Counter[int] = field(default_factory=Counter)
    cp1252: Counter[int] = field(default_factory=Counter)
    quoted_words: int = 0
    maybe_quoted: int = 0
    other_94: int = 0

    def add(self, signs: _Signs, number: int, times: int = 1) -> None:
        """Add the signs of a line that stands so many times."""
        self.maybe_quoted += signs.maybe_quoted * times
        self.sequences += signs.sequences * times
        self.quoted_words += signs.quoted_words * times
        self.other_94 += signs.other_94 * times
        for counted, count in (
            (self.broken, signs.broken),
            (self.cp437, signs.cp437),
            (self.cp1252, signs.cp1252),
        ):
            if count:
                counted[number] += count * times


def weigh(path: Path) -> str:
    """The character set: cp437 or cp1252.

    Raises RefusedError with the lines at fault where the file is UTF-8 but for some bytes, where both sets are in it,
    and where nothing tells which of them it is.
    """
    try:
        return _judged(path, _count(path))
    except RefusedError:
        return _judged(path, _gather(path))


def _judged(path: Path, found: _Evidence) -> str:
    if found.sequences and found.sequences >= found.broken.total():
        raise _not_utf8(path, found)
    if found.cp437 and found.cp1252:
        fewer, name = found.cp437, "code page 437"
        if found.cp1252.total() < found.cp437.total():
            fewer, name = found.cp1252, "Windows-1252"
        what = f"the letters å, ä and ö stand in two character sets, here in {name}"
        raise RefusedError([Finding(path, what, AGAIN, line) for line in _lines(fewer)])
    if found.cp437 or found.cp1252:
        return "cp437" if found.cp437 else "cp1252"
    if bool(found.quoted_words) != bool(found.other_94) and not found.maybe_quoted:
        return "cp1252" if found.quoted_words else "cp437"
    what = "nothing tells in which of two character sets the letters beyond A to Z are (code page 437, Windows-1252)"
    raise RefusedError([Finding(path, what, "export it again as code page 437 (PC8) or UTF-8", found.first)])


def not_utf8(path: Path) -> RefusedError:
    """The refusal of a file that says it is UTF-8 and is not, with the lines at fault."""
    return _not_utf8(path, _gather(path))


def _not_utf8(path: Path, found: _Evidence) -> RefusedError:
    what, do = "a byte that is not UTF-8, as the rest of the file is", "correct the text in the ledger, or " + AGAIN
    return RefusedError([Finding(path, what, do, line) for line in _lines(found.broken)])


def _lines(signs: Counter[int]) -> list[int]:
    return sorted(signs)[:MOST_LINES]


def _count(path: Path) -> _Evidence:
    """All signs without their lines: no digit is one, so that lines which differ in digits alone are weighed once."""
    found = _Evidence()
    with path.open("rb") as file:
        while lines := file.readlines(BLOCK):
            high = b"".join(line for line in lines if not line.isascii()).translate(DIGITS)
            for line, times in Counter(high.split(b"\n")).items():
                found.add(_signs(line), 0, times)
    return found


def _gather(path: Path) -> _Evidence:
    found = _Evidence()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            found.first = found.first or number
            found.add(_signs(line.translate(DIGITS)), number)
    return found


@lru_cache(maxsize=REMEMBERED)
def _signs(line: bytes) -> _Signs:
    rest, sequences = UTF8_SEQUENCE.subn(b" ", line.removeprefix(MARK))
    unquoted, words = QUOTED_WORD.subn(b"", line)
    return _Signs(
        broken=len(HIGH.findall(rest)),
        cp437=len(SIGNS_437.findall(line)),
        cp1252=len(SIGNS_1252.findall(line)),
        sequences=sequences,
        quoted_words=words,
        maybe_quoted=len(QUOTED_WORDS.findall(unquoted)),
        other_94=line.count(b"\x94") - 2 * words,
    )
