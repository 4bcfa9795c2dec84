"""Targets, outcomes and statuses of goals as planning systems write them: "80 eller högre", "2,12 %", "< 5,00".

Comparators are those of seeds/reference/comparators.csv. What is not understood raises ValueError; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bokslut.intake.sheets.files import NUMBER

BLANK = "[ \u00a0\u202f]"
EXPECTED_TARGET = 'expected such as "minst 80", "80 eller högre", "< 5,00" or "högst 7"'
# N is the number
FORMS: Mapping[str, tuple[str, ...]] = {
    "at_least": (
        "(?:minst|lägst|≥|>=|inte under|inte lägre än) ?N",
        "N (?:eller|och) (?:högre|mer|fler|över|uppåt)",
    ),
    "at_most": (
        "(?:högst|max|max[.]|maximalt|≤|<=|inte över|inte högre än) ?N",
        "N (?:eller|och) (?:lägre|mindre|färre|under|nedåt)",
    ),
    "above": ("(?:över|>|mer än|fler än|högre än|större än) ?N",),
    "below": ("(?:under|<|mindre än|färre än|lägre än) ?N",),
    "equal_to": ("(?:lika med|exakt|precis|=) ?N",),
    "rank_within": ("bland de N bästa", "bland de bästa N", "bland de N bästa kommunerna"),
}
PREVIOUS = (
    "minst samma som (?:året innan|föregående år|förra året)",
    "(?:inte|ej) lägre än (?:året innan|föregående år|förra året)",
)
STATUSES: Mapping[str, str] = {
    "uppfyllt": "met",
    "uppfylld": "met",
    "uppnått": "met",
    "delvis uppfyllt": "partly_met",
    "delvis uppfylld": "partly_met",
    "delvis uppnått": "partly_met",
    "ej uppfyllt": "not_met",
    "ej uppfylld": "not_met",
    "inte uppfyllt": "not_met",
    "inte uppfylld": "not_met",
    "ej uppnått": "not_met",
    "målvärde saknas": "no_target",
    "utfall saknas": "no_outcome",
}


@dataclass(frozen=True)
class Target:
    """What an outcome is compared with. comparator: as in comparators.csv. value: None for at_least_previous."""

    comparator: str
    value: Decimal | None


def read_target(text: str | None, decimal: str = ",", default: str | None = None, share: bool = False) -> Target | None:
    """A target, or None where the cell is empty: no target is not a target of 0.

    decimal: the decimal mark. default: the comparator of a bare number. share: a number cell is 0-1 and means percent.
    Raises ValueError with what was expected.
    """
    if text is None:
        return None
    plain = _plain(text)
    if any(re.fullmatch(form, plain) for form in PREVIOUS):
        return Target("at_least_previous", None)
    bare = _number(plain, decimal, share)
    if bare is not None:
        if default is None:
            raise ValueError(f"says a number and not what is good; {EXPECTED_TARGET}, or comparator in the profile")
        return Target(default, bare)
    for comparator, forms in FORMS.items():
        for form in forms:
            match = re.fullmatch(form.replace("N", "(.+)"), plain)
            value = _number(match[1].strip(), decimal, share) if match else None
            if value is not None:
                return Target(comparator, value)
    raise ValueError(f"is not understood as a target; {EXPECTED_TARGET}")


def read_outcome(text: str | None, decimal: str = ",", share: bool = False) -> Decimal | None:
    """An outcome such as "77" or "2,12 %" (2.12), or None where the cell is empty. Raises ValueError."""
    if text is None:
        return None
    value = _number(_plain(text), decimal, share)
    if value is None:
        raise ValueError('is not understood as an outcome; expected a number such as 77 or "2,12 %"')
    return value


def read_status(text: str | None) -> str | None:
    """A status: met, partly_met, not_met, no_target, no_outcome, or None where the cell is empty. Raises ValueError."""
    if text is None:
        return None
    status = STATUSES.get(_plain(text))
    if status is None:
        raise ValueError(f"is not a known status; expected {', '.join(STATUSES)}, or words in the profile")
    return status


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _number(text: str, decimal: str, share: bool) -> Decimal | None:
    """A number with or without a percent sign, or None. A number cell has a decimal point."""
    native = text.startswith(NUMBER)
    mark = "." if native else re.escape(decimal)
    pattern = rf"({NUMBER}?[-−]?(?:\d+|\d{{1,3}}(?:{BLANK}\d{{3}})+)(?:{mark}\d+)?)({BLANK}?(?:%|procent(?:en)?))?"
    match = re.fullmatch(pattern, text)
    if not match:
        return None
    digits = re.sub(BLANK, "", match[1].lstrip(NUMBER)).replace(decimal if not native else ".", ".").replace("−", "-")
    value = Decimal(digits)
    return value * 100 if share and native else value
