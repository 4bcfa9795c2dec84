"""Find Swedish identity numbers (personnummer, samordningsnummer) in a text, and mask them.

Source: Folkbokföringslag (1991:481) 18 § and Skatteverket's SKV 704: year, month, day (+60 in a samordningsnummer), a
hyphen or plus sign that may be missing, a birth number and a check digit (Luhn over the last ten digits without the
check digit). An organisation number looks alike but has a third digit of 2 or more, and so no valid month.

People write it with any dash, a slash, a point or blanks, and the date as 1964-08-23 or 64.08.23 too.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

# white space, and what is not seen at all
BLANKS = r"[\s\u00ad\u200b-\u200d\u2060\ufeff]{0,3}"
DASHES = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
# not inside a longer number
CANDIDATE = re.compile(
    r"(?<![0-9])"
    rf"(?:(?P<joined>(?:1[89]|20)?[0-9]{{6}})|(?P<apart>(?:1[89]|20)?[0-9]{{2}}(?:[{DASHES}/._: ][0-9]{{2}}){{2}}))"
    rf"{BLANKS}(?P<dash>[{DASHES}+/._:~]{{0,2}}){BLANKS}(?P<last>[0-9]{{4}})"
    r"(?![0-9])"
)
DECIMALS_BEFORE, DECIMALS = re.compile(r"[0-9][.,]\Z"), re.compile(r"[.,][0-9]")
# of each text with a candidate and of others, in RE2, so that a database can pass over what holds none
PREFILTER = "[0-9]{2}[^0-9]?[0-9]{2}[^0-9]?[0-9]{2}[^0-9]{0,8}[0-9]{4}"
MASK = "******-****"


def identity_numbers(text: str) -> Iterator[re.Match[str]]:
    """Each identity number in the text, as a match of its place.

    A date of this century that is written as a date, with blanks alone before four digits, is one and a number.
    """
    for match in CANDIDATE.finditer(text):
        if _is_identity_number(match) and not _may_be_date_and_number(match):
            yield match


def masked(text: str) -> str:
    """The text with each identity number as ******-****, and with what may be one."""
    return CANDIDATE.sub(lambda match: MASK if _is_identity_number(match) else match[0], text)


def _is_identity_number(match: re.Match[str]) -> bool:
    if _is_part_of_amount(match):
        return False
    date = _date(match)
    return _has_valid_date(date[:-6], date[-6:]) and _has_check_digit(date[-6:] + match["last"])


def _may_be_date_and_number(match: re.Match[str]) -> bool:
    """As in "betalt 20240131 1234", which one in ten check digits fits."""
    date = _date(match)
    is_blank = not match["dash"] and match.end("joined" if match["joined"] else "apart") < match.start("last")
    return is_blank and (len(date) == 6 or date.startswith("20")) and bool(match["apart"] or len(date) == 8)


def _is_part_of_amount(match: re.Match[str]) -> bool:
    """Ten bare digits with decimals behind them or before; and groups of digits with blanks alone between them."""
    if match["dash"]:
        return False
    if match["apart"]:
        return " " in match["apart"]
    is_bare = len(match[0]) == 10
    return is_bare and bool(
        DECIMALS_BEFORE.search(match.string, 0, match.start()) or DECIMALS.match(match.string, match.end())
    )


def _date(match: re.Match[str]) -> str:
    """Six digits, or eight with the century."""
    return "".join(sign for sign in match["joined"] or match["apart"] if sign.isdigit())


def _has_valid_date(century: str, date: str) -> bool:
    year, month, day = int(date[:2]), int(date[2:4]), int(date[4:])
    day -= 60 if day > 60 else 0
    centuries = [int(century)] if century else [18, 19, 20]
    for each in centuries:
        try:
            datetime.date(each * 100 + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _has_check_digit(ten: str) -> bool:
    """Luhn (ISO/IEC 7812-1): every other digit doubled from the first, digits added, a multiple of ten."""
    doubled = (int(digit) * (2 - index % 2) for index, digit in enumerate(ten))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
