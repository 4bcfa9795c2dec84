"""The year of an unknown sheet by the texts above it, in its head and its name; never the year when it was printed.

Only a guess for a draft profile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bokslut.intake.sheets.words import YEAR

DAY = r"(?<![0-9])20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
SPAN = re.compile(rf"{DAY}\s*(?:-|–|—|till|tom|t\.o\.m\.)\s*{DAY}", re.IGNORECASE)
# 202401, as a period has it
MONTH_OF_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?:0[1-9]|1[0-3])(?![0-9])")
PERIOD = re.compile(
    r"(?:(?:redovisnings|bokförings|rapport)?period(?:en|er)?|(?:räkenskaps|budget|verksamhets)?år(?:et)?|avser)\b",
    re.IGNORECASE,
)
MADE = re.compile(
    r"\b(?:utskri\w*|utskr|skriv(?:en|et)|skapa[dt]\w*|uttag\w*|framtag\w*|export\w*|hämta[dt]\w*|körd\w*"
    r"|rapportdatum|printed|created)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GuessedYear:
    """year: None where it is unsure. seen: the years that were found where it was looked for."""

    year: str | None
    seen: tuple[str, ...]


NO_YEAR = GuessedYear(None, ())


def year_of(above: Sequence[str], head: Sequence[str], names: Sequence[str]) -> GuessedYear:
    """The year by the cells above the head, in it, and the names of sheet and file: the first of these that has any.

    A cell that states a period or a year goes before all of them. Where several years stand, none is taken.
    """
    stated, free = _told_apart(above)
    for texts in (stated, free, head, names):
        years = tuple(sorted({year for text in texts for year in _years(text)}))
        if years:
            return GuessedYear(years[0] if len(years) == 1 else None, years)
    return NO_YEAR


def _told_apart(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """The cells that state a period, and those that state nothing; a label without a year holds for the cell after."""
    by_label: dict[str, list[str]] = {"period": [], "made": [], "": []}
    before = ""
    for cell in cells:
        label = "made" if MADE.search(cell) else "period" if PERIOD.match(cell) else ""
        by_label[label or before].append(cell)
        before = "" if YEAR.search(cell) else label
    return by_label["period"], by_label[""]


def _years(text: str) -> list[str]:
    """The years of a text. A day alone tells when something was made; two of them tell from when to when."""
    bare = text if SPAN.search(text) else re.sub(DAY, " ", text)
    return [*YEAR.findall(bare), *MONTH_OF_YEAR.findall(bare)]
