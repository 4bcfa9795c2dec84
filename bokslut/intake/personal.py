"""Find Swedish identity numbers (personnummer, samordningsnummer) in a text, and mask them.

Source: Folkbokföringslag (1991:481) 18 § and Skatteverket's SKV 704: year, month, day (+60 in a samordningsnummer), a
hyphen or plus sign that may be missing, a birth number and a check digit (Luhn over the last ten digits without the
check digit). An organisation number looks alike but has a third digit of 2 or more, and so no valid month.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

# not inside a longer number, nor the decimals of one
CANDIDATE = re.compile(r"(?<![0-9])(?<![0-9][.,])((?:1[89]|20)?)([0-9]{6})[-+ ]?([0-9]{4})(?![0-9])(?![.,][0-9])")
MASK = "******-****"


def identity_numbers(text: str) -> Iterator[re.Match[str]]:
    """Each identity number in the text, as a match of its place."""
    for match in CANDIDATE.finditer(text):
        if _is_identity_number(match[1], match[2], match[3]):
            yield match


def masked(text: str) -> str:
    """The text with each identity number as ******-****."""
    return CANDIDATE.sub(lambda m: MASK if _is_identity_number(m[1], m[2], m[3]) else m[0], text)


def _is_identity_number(century: str, date: str, last: str) -> bool:
    return _has_valid_date(century, date) and _has_check_digit(date + last)


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
