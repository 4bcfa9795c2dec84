"""A heading as it is read and as it is compared: one broken over lines in its cell is the heading without the break."""

from __future__ import annotations

import re
import unicodedata

from bokslut.intake.sheets.values import MARKS

LETTER = r"[^\W\d_]"
HYPHEN = "[-\u2010\u2011]"
SOFT_HYPHEN = "\u00ad"
# a hyphen at the end of a line divides a word; "Intäkts- och" on one line keeps its own
DIVIDED = re.compile(rf"(?<={LETTER}){HYPHEN}[^\S\r\n]*[\r\n]\s*(?={LETTER})")
HYPHENATED = re.compile(rf"(?<={LETTER}){HYPHEN}\s*(?={LETTER})")


def tidy(heading: str) -> str:
    """A heading on one line, its blanks single: without mark, soft hyphens and the hyphens that break a word."""
    text = unicodedata.normalize("NFC", heading).lstrip(MARKS).replace(SOFT_HYPHEN, "")
    return " ".join(DIVIDED.sub("", text).split())


def normal(heading: str) -> str:
    """A heading as it is compared: whatever its case, and with or without a hyphen inside a word."""
    return HYPHENATED.sub("", tidy(heading)).casefold()
