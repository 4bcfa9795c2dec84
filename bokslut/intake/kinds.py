"""The kinds of cells in a seed: what a text must look like, and what to say of one that does not.

They mean what macros/is_of_kind.sql means, which a test holds; a date must also be a day of the calendar, since the
cast in staging fails on another. Nothing is read here.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

DECIMAL = r"-?[0-9]{1,15}([.][0-9]{1,6})?"
PATTERNS = {
    "id": re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*"),
    "text": re.compile(r"[^ \t\r\n]([^\t\r\n]*[^ \t\r\n])?"),
    "year": re.compile(r"(19|20)[0-9]{2}"),
    "integer": re.compile(r"-?(0|[1-9][0-9]{0,8})"),
    "decimal": re.compile(DECIMAL),
    "amount": re.compile(DECIMAL),
    "date": re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    "scale": re.compile(r"1|1000|1000000"),
    "boolean": re.compile(r"true|false"),
}
KINDS = (*PATTERNS, "enum")
# decimal(18, 2) has sixteen digits before the point
LARGEST = Decimal(10) ** 16
ORE = Decimal("0.01")

NUMBER = "digits with a hyphen for minus and a decimal point, such as -1234.5; the unit belongs in the scale column"
EXPECTED = {
    "id": ("is not an id", "letters a-z, digits and . _ / - alone, beginning with a letter or a digit"),
    "text": ("has a tab, a line break or a blank at an end", "one line of text without blanks around it"),
    "year": ("is not a year", "four digits, 19 or 20 first, such as 2024"),
    "integer": ("is not a whole number", "digits alone, no more than nine and no zero in front, such as 1200"),
    "decimal": ("is not a number", NUMBER),
    "amount": ("is not an amount", NUMBER),
    "date": ("is not a date", "year-month-day, such as 2024-12-31"),
    "scale": ("is not a scale", "1 for kronor, 1000 for tkr, 1000000 for mkr"),
    "boolean": ("is not true or false", "true or false, in lower case"),
}
# how numbers go wrong on their way out of a spreadsheet or a printed table
SLIPS = (
    (re.compile(r"\s.*|.*\s"), "has a blank around it"),
    (re.compile(r".*[\u2212\u2010-\u2015].*"), "has a minus sign of print instead of a hyphen"),
    (re.compile(r"[+].*"), "has a plus sign"),
    (re.compile(r"[0-9].*-"), "has its minus sign last"),
    (re.compile(r"\(.*\)"), "stands in parentheses"),
    (re.compile(r"-?[0-9]{1,3}([.][0-9]{3})+,[0-9]+"), "has a point for thousands and a decimal comma"),
    (re.compile(r".*[0-9]\s[0-9].*"), "has a space for thousands"),
    (re.compile(r".*[0-9],[0-9].*"), "has a comma"),
    (re.compile(r".*[0-9][eE][-+]?[0-9]+"), "has an exponent, as a spreadsheet shows a large number"),
    (re.compile(r"-?[0-9]+[.][0-9]{7,}"), "has more than six decimals"),
    (re.compile(r"-?[0-9]{16,}([.][0-9]*)?"), "has more than fifteen digits"),
)


def fits(kind: str, value: str) -> bool:
    """True when a text that is not empty has the form of a kind; an enum is not judged here."""
    return PATTERNS[kind].fullmatch(value) is not None and (kind != "date" or _is_day(value))


def misfit(kind: str, value: str) -> tuple[str, str]:
    """What is wrong with a text that does not fit its kind, and what would fit."""
    what, do = EXPECTED[kind]
    if kind == "date" and PATTERNS["date"].fullmatch(value):
        what = "is not a day of the calendar"
    if kind in ("decimal", "amount", "integer"):
        slip = next((slip for pattern, slip in SLIPS if pattern.fullmatch(value)), "")
        what = f"{what}: it {slip}" if slip else what
    return what, do


def misfit_amount(value: str, scale: str) -> tuple[str, str] | None:
    """What is wrong with an amount of the right form and its scale: whole öre that decimal(18, 2) can hold.

    An amount whose scale is no scale is not judged.
    """
    if not fits("scale", scale):
        return None
    kronor = Decimal(value) * int(scale)
    if kronor % ORE:
        return f"with the scale {scale} is not whole öre", "at most two decimals once it is in kronor"
    if abs(kronor) >= LARGEST:
        return f"with the scale {scale} is too large", "sixteen digits in kronor; is the scale right?"
    return None


def _is_day(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
