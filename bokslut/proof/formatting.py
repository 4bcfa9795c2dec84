"""The Swedish printed form of a figure, and its value back. The same rule as the SQL macro: half away from zero.

A printed form here has a plain space for thousands, a hyphen for minus and a decimal comma; `typeset` gives it the
signs of print. Nothing is computed but the rounding, and no total is adjusted: three thirds print as 333, 333 and 333.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

# a figure is decimal(28, 6) in the warehouse; sixty digits leave room for a scale and decimals
WIDE = Context(prec=60)
PRINTED = re.compile("-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:,[0-9]+)?")
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
# printed numbers up to twelve are words in running text; the other forms say one of these
WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
WORD_VALUES: Mapping[str, int] = {word: value for value, word in enumerate(WORDS)} | {
    "ett": 1,
    "båda": 2,
    "bägge": 2,
    "tretton": 13,
    "fjorton": 14,
    "femton": 15,
    "sexton": 16,
    "sjutton": 17,
    "arton": 18,
    "nitton": 19,
    "tjugo": 20,
    "tjugotal": 20,
    "trettio": 30,
    "trettiotal": 30,
}


def rounded(value: Decimal, scale: int = 1, decimals: int = 0, sign: int = 1) -> Decimal:
    """The value (kronor, or the figure's own unit) in printed units: divided by scale, half away from zero to decimals.

    scale: 1, 1000 or 1000000. decimals: from 0. sign: 1, or -1 where print turns the sign. Raises ValueError for a
    value that is not a number.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    exact = WIDE.divide(value * sign, Decimal(scale))
    # ROUND_HALF_UP goes by the magnitude, which is half away from zero
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=WIDE)


def printed_form(value: Decimal, scale: int = 1, decimals: int = 0, sign: int = 1) -> str:
    """The figure as a report prints it, e.g. -12 508 000 kronor at scale 1000 as `-12 508`. Zero has no minus."""
    number = rounded(value, scale, decimals, sign)
    text = f"{abs(number):,.{decimals}f}".replace(",", " ").replace(".", ",")
    return f"-{text}" if number < 0 else text


def typeset(printed: str) -> str:
    """The printed form with the signs of print: no-break space for thousands, U+2212 for minus."""
    return printed.replace(" ", NO_BREAK_SPACE).replace("-", MINUS)


def parse_printed(printed: str) -> Decimal:
    """The number of a printed form, in printed units. Raises ValueError for any other text (points, units)."""
    plain = re.sub("[\u00a0\u202f\u2009\u2007]", " ", printed).replace(MINUS, "-").replace("\u2013", "-")
    if not PRINTED.fullmatch(plain):
        raise ValueError(f"{printed!r} is not a printed number")
    return Decimal(plain.replace(" ", "").replace(",", "."))


def word_for(value: Decimal, like: str) -> str | None:
    """The number word for a value, with a capital where the given word has one; None where there is no such word."""
    if value != value.to_integral_value() or not 0 <= value < len(WORDS):
        return None
    word = WORDS[int(value)]
    return word.capitalize() if like[:1].isupper() else word
