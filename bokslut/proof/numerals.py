"""Find the atoms of a text: its groups of digits, each with its sign and what lies between it and the next one.

An atom is never more than one group: `-3 184 162` is the atoms -3, 184 and 162. Which of them are one numeral is for
the alignment to say, by what is expected there; `grouped` only says how a reader without any expectation would read
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

# hyphen, non-breaking hyphen, figure dash, en dash, minus, small and full-width hyphen: a report may print any as minus
MINUS_SIGNS = "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
# space, and what typographers set as thousands mark: no-break, figure, thin, hair, narrow no-break
SPACES = " \u00a0\u2007\u2009\u200a\u202f"
_SPACE = f"[{SPACES}]"
_DASHES = re.escape(MINUS_SIGNS)
_ENDS = rf"[{SPACES}\t]*(?:[\n\f][{SPACES}\t]*){{1,3}}"
_ATOM = re.compile(
    rf"(?P<minus>(?<![\w){_DASHES}])[{_DASHES}])(?P<between>{_SPACE}{{0,3}}|{_ENDS})(?P<signed>[0-9]+)"
    r"|(?P<plain>[0-9]+)"
)
_THOUSANDS = re.compile(rf"{_SPACE}{{1,3}}")
_BROKEN = re.compile(_ENDS)
_BROKEN_COMMA = re.compile(f",{_ENDS}")
_NEAR = re.compile(r"[^\w\n\f\t]{1,3}")
# what carries a unit: amounts of money with their scale, percent, percentage points
_UNIT = re.compile(
    r"\s{0,6}(?:"
    r"(?P<million>mkr|mnkr|msek|milj(?:\.|on|oner)?\s+(?:kronor|kr))"
    r"|(?P<billion>mdkr|miljard(?:er)?\s+(?:kronor|kr))"
    r"|(?P<thousand>tkr|kkr|ksek|tusen(?:tals)?\s+(?:kronor|kr))"
    r"|(?P<one>kr|kronor|sek)"
    r"|(?P<points>procentenhet(?:er)?|%-enhet(?:er)?)"
    r"|(?P<percent>procent))(?![^\W\d_])|\s{0,6}(?P<sign>%)(?!-enhet)",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"\s{{0,3}}(?:[{_DASHES}]|till|och|respektive|eller)\s{{0,3}}")
_SCALES = {"billion": 1_000_000_000, "million": 1_000_000, "thousand": 1000, "one": 1}
_WORD_CHARACTER = re.compile(r"\w")


class Gap(Enum):
    """What lies between an atom and the next one."""

    SPACE = " "  # as between thousands: one to three spaces on the line
    COMMA = ","  # as before decimals
    POINT = "."
    BREAK = "\n"  # a line end, as in a numeral that is broken over lines
    BREAK_COMMA = ",\n"
    NEAR = "near"  # other signs, at most three, on the line
    FAR = "far"


class Sign(Enum):
    """The sign before an atom. LOOSE is a dash with space or a line end after it: a minus, or a dash."""

    NONE = ""
    MINUS = "-"
    LOOSE = "?"


@dataclass(frozen=True)
class Atom:
    """One group of digits, or one number word.

    start, end: offsets of the digits or the word, sign excluded. text: they themselves. after: what lies before the
    next atom. is_word: a number word. is_label: a part of a name (A4, 23KF105), which is no numeral by itself.
    """

    start: int
    end: int
    text: str
    sign: Sign
    after: Gap
    is_word: bool = False
    is_label: bool = False


@dataclass(frozen=True)
class Unit:
    """A unit printed after a numeral: kind sek, percent or percentage_points, and the scale of an amount in kronor."""

    kind: str
    scale: int
    text: str


def find_atoms(text: str, words: Iterable[str] = ()) -> list[Atom]:
    """The atoms of a text in the order they stand; words (any case) are found as whole words and are atoms too."""
    found = [_numeral(text, match) for match in _ATOM.finditer(text)]
    wanted = sorted({word.casefold() for word in words}, key=len, reverse=True)
    if wanted:
        pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)"
        found += [
            Atom(match.start(), match.end(), match.group(), Sign.NONE, Gap.FAR, is_word=True)
            for match in re.finditer(pattern, text, re.IGNORECASE)
        ]
        found.sort(key=lambda atom: atom.start)
    return [
        Atom(
            atom.start,
            atom.end,
            atom.text,
            atom.sign,
            Gap.FAR if atom.is_word or following.is_word else _gap(text[atom.end : following.start]),
            atom.is_word,
            atom.is_label,
        )
        for atom, following in pairwise(found)
    ] + found[-1:]


def _numeral(text: str, match: re.Match[str]) -> Atom:
    if match["plain"] is not None:
        start, sign = match.start("plain"), Sign.NONE
    else:
        start, sign = match.start("signed"), Sign.LOOSE if match["between"] else Sign.MINUS
    return Atom(
        start, match.end(), text[start : match.end()], sign, Gap.FAR, is_label=_is_label(text, start, match.end())
    )


def _is_label(text: str, start: int, end: int) -> bool:
    if not (start and text[start - 1].isalpha()):
        # 23 in 23KF105: letters, and then digits again
        after = text[end : end + 12]
        return bool(re.match(r"[^\W\d_]{1,10}\d", after)) and unit_after(text, end) is None
    return unit_after(text, end) is None


def _gap(between: str) -> Gap:
    # the dash of a signed atom belongs to it; before it there is a space or nothing that joins
    if between == ",":
        return Gap.COMMA
    if between == ".":
        return Gap.POINT
    if len(between) > 20:
        return Gap.FAR
    if _THOUSANDS.fullmatch(between):
        return Gap.SPACE
    if _BROKEN.fullmatch(between):
        return Gap.BREAK
    if _BROKEN_COMMA.fullmatch(between):
        return Gap.BREAK_COMMA
    return Gap.NEAR if _NEAR.fullmatch(between) else Gap.FAR


def unit_after(text: str, end: int) -> Unit | None:
    """The unit that stands after the character at end, on the same line or the next; None where none does."""
    match = _UNIT.match(text, end)
    if match is None:
        return None
    kind = match.lastgroup or ""
    printed = match.group()
    shown = " ".join(printed.split())
    if shown[0].isupper() and len(printed.split("\n")) > 1:
        return None  # a capital on a new line begins a sentence: "Kronor per invånare", under a page number
    if kind in _SCALES:
        return Unit("sek", _SCALES[kind], shown)
    return Unit("percentage_points" if kind == "points" else "percent", 1, shown)


def unit_of(text: str, atoms: Sequence[Atom], last: int) -> Unit | None:
    """The unit of the numeral that ends with the atom last: its own, or that of the range that it begins (10-15 %)."""
    own = unit_after(text, atoms[last].end)
    if own is not None or last + 1 >= len(atoms):
        return own
    following = atoms[last + 1]
    if not _RANGE.fullmatch(text, atoms[last].end, following.start):
        return None
    end = grouped(atoms, last + 1)
    return unit_after(text, atoms[end - 1].end)


def grouped(atoms: Sequence[Atom], first: int) -> int:
    """The index after the numeral that begins at first, as one reads it who expects nothing: `1 000`, `12,6`, `10.30`.

    Groups of three digits after spaces join; side by side in a table they may be two cells all the same.
    """
    last = first
    while last + 1 < len(atoms) and reads_on(atoms, last):
        last += 1
    return last + 1


def reads_on(atoms: Sequence[Atom], index: int) -> bool:
    """Whether the atom after index reads as the same numeral. Asked of atoms that have a follower."""
    atom, following = atoms[index], atoms[index + 1]
    if following.sign is Sign.MINUS or atom.is_word or following.is_word:
        return False
    if atom.after in (Gap.COMMA, Gap.POINT):
        return True
    if len(atom.text) < 3 and atom.text.startswith("0"):
        return False  # a cell with 0, and another one
    return atom.after is Gap.SPACE and len(atom.text) <= 3 and len(following.text) == 3 and following.sign is Sign.NONE


def is_broken_over(text: str, atoms: Sequence[Atom], index: int) -> bool:
    """Whether a numeral goes on over a line end: three digits on the next line and then a unit (97, 200 tkr)."""
    atom, following = atoms[index], atoms[index + 1]
    return (
        atom.after is Gap.BREAK
        and len(atom.text) <= 3
        and len(following.text) == 3
        and following.sign is Sign.NONE
        and unit_after(text, following.end) is not None
    )


def shown(text: str, atoms: Sequence[Atom], first: int, end: int, *, loose_minus: bool = False) -> str:
    """The atoms from first to before end as they are printed, on one line, in the plain signs of a binding.

    loose_minus: whether a dash that stands apart from the digits is taken for a minus.
    """
    is_negative = atoms[first].sign is Sign.MINUS or (loose_minus and atoms[first].sign is Sign.LOOSE)
    parts = ["-" if is_negative else ""]
    for index in range(first, end):
        atom = atoms[index]
        parts.append(atom.text)
        if index + 1 < end:
            between = text[atom.end : atoms[index + 1].start]
            if atom.after in (Gap.SPACE, Gap.BREAK):
                parts.append(" ")
            elif atom.after is Gap.BREAK_COMMA:
                parts.append(",")
            else:
                parts.append(" ".join(between.split()) if len(between) > 1 else between)
    return "".join(parts)


def letters(word: str) -> bool:
    """Whether a printed form is a number word rather than digits."""
    return bool(_WORD_CHARACTER.search(word)) and not any(character.isdigit() for character in word)
