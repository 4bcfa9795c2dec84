"""Find what needs no figure: dates, paragraphs, diary and phone numbers, page numbers, by the rules of the warehouse.

Which rules there are is data; none is written here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bokslut.proof.numerals import MINUS_SIGNS, SPACES, Atom

# a rule is written with plain space and plain hyphen; the text may print others, one character for one
_PLAIN = str.maketrans({**dict.fromkeys(SPACES, " "), **dict.fromkeys(MINUS_SIGNS.replace("\u2013", ""), "-")})
# an en dash is a dash of its own in rules ("3-28 juni", "3–28 juni"), but not where it is the minus of a numeral
_DASH_AS_MINUS = re.compile("(?<![\\w)])\u2013(?=[0-9])")


class RuleError(Exception):
    """A rule is no regular expression; the message names it."""


@dataclass(frozen=True)
class Rule:
    """One exemption rule. pattern: its group n, or else the whole match, is exempt. reason: why, for people."""

    rule_id: str
    pattern: str
    reason: str


@dataclass(frozen=True)
class Exemption:
    """What one match of a rule covers: the characters from start to before end."""

    start: int
    end: int
    rule: Rule


def find_exemptions(text: str, rules: Iterable[Rule]) -> list[Exemption]:
    """All that the rules cover, by start. Plain space and hyphen in a rule match those of print. Raises RuleError."""
    plain = _DASH_AS_MINUS.sub("-", text.translate(_PLAIN))
    found: list[Exemption] = []
    for rule in rules:
        try:
            pattern = re.compile(rule.pattern)
        except re.error as error:
            raise RuleError(f"exemption rule {rule.rule_id}: not a regular expression ({error})") from error
        group: str | int = "n" if "n" in pattern.groupindex else 0
        for match in pattern.finditer(plain):
            start, end = match.span(group)
            if start < end:
                found.append(Exemption(start, end, rule))
    return sorted(found, key=lambda exemption: (exemption.start, -exemption.end))


def exempt_atoms(atoms: Sequence[Atom], exemptions: Sequence[Exemption]) -> list[Exemption | None]:
    """For each atom the exemption that covers it wholly (the first that does), or None."""
    starts = [atom.start for atom in atoms]
    result: list[Exemption | None] = [None] * len(atoms)
    for exemption in exemptions:
        index = bisect_right(starts, exemption.start - 1)
        while index < len(atoms) and atoms[index].start < exemption.end:
            if atoms[index].end <= exemption.end and result[index] is None:
                result[index] = exemption
            index += 1
    return result
