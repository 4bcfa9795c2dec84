"""How the values of some cells are written: decimal mark, forms of dates and periods, codes with a name beside them.

Only a guess for a draft profile: what a profile says is checked against every cell when it is applied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bokslut.intake.sheets.files import DATE, NUMBER
from bokslut.intake.sheets.values import MARKS, MONTHS

BLANKS = " \u00a0\u202f"
AMOUNT = re.compile(rf"[-−(]?[0-9][0-9{BLANKS}]*(?:[.,'][0-9]+)*[-−)]?")
NAMES = "|".join(name for names in MONTHS for name in sorted(names, key=len, reverse=True))
PERIODS: Mapping[str, str] = {
    "yyyymm": r"20[0-9]{2}(?:0[1-9]|1[0-3])",
    "yyyy-mm": r"20[0-9]{2}-(?:0[1-9]|1[0-3])",
    "month yyyy": rf"(?i)(?:{NAMES})\.?\s+20[0-9]{{2}}",
    "month": rf"(?i)(?:{NAMES})\.?",
    "mm": r"0?(?:[1-9]|1[0-3])",
    "date": r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
}
DATES: Mapping[str, str] = {
    "yyyy-mm-dd": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "yyyymmdd": r"[0-9]{8}",
    "yyyy/mm/dd": r"[0-9]{4}/[0-9]{2}/[0-9]{2}",
    "yyyy.mm.dd": r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}",
    "dd/mm/yyyy": r"[0-9]{2}/[0-9]{2}/[0-9]{4}",
    "dd.mm.yyyy": r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}",
    "dd-mm-yyyy": r"[0-9]{2}-[0-9]{2}-[0-9]{4}",
}
NAMED_CODE = re.compile(r"[0-9A-Za-zÅÄÖåäö._/]*[0-9][0-9A-Za-zÅÄÖåäö._/]*(?:\s*[:–]\s*|\s+-\s+|\s+)[^0-9\s].*")


@dataclass(frozen=True)
class Amounts:
    """How amounts are written. thousands: a mark other than a blank, or None. negative: other than a minus in front.

    is_certain: False where nothing shows the decimal mark, or two are seen.
    """

    decimal: str = ","
    thousands: str | None = None
    negative: tuple[str, ...] = ()
    is_certain: bool = True


def amounts_of(texts: Sequence[str]) -> Amounts:
    """How the amounts among some cells are written; native numbers show nothing."""
    written = [text for text in texts if AMOUNT.fullmatch(text)]
    commas = sum(bool(re.search(r",[0-9]{1,2}[-−)]?$", text)) for text in written)
    points = sum(bool(re.search(r"\.[0-9]{1,2}[-−)]?$", text)) for text in written)
    decimal = "." if points > commas else ","
    marks = {found[1] for text in written if (found := re.search(r"[0-9]([.,'])[0-9]{3}(?:[.,]|[-−)]?$)", text))}
    thousands = next((mark for mark in (".", ",", "'") if mark in marks and mark != decimal), None)
    negative = ["trailing_minus"] if any(text.endswith(("-", "−")) for text in written) else []
    negative += ["parentheses"] if any(text.startswith("(") for text in written) else []
    certain = not (commas and points) and bool(commas or points or not written or not thousands)
    return Amounts(decimal, thousands, tuple(negative), certain)


def number_of(text: str | None, manners: Amounts) -> Decimal | None:
    """The amount that a cell shows, as it stands (no unit, no sign turned), or None."""
    if text is None:
        return None
    try:
        if text.startswith(NUMBER):
            return Decimal(text[1:])
        if not AMOUNT.fullmatch(text):
            return None
        bare = re.sub(rf"[-−(){BLANKS}{manners.thousands or ''}]", "", text).replace(manners.decimal, ".")
        return -Decimal(bare) if re.search(r"[-−(]", text) else Decimal(bare)
    except InvalidOperation:
        return None


def form_of(texts: Sequence[str], forms: Mapping[str, str]) -> str | None:
    """The first form that most of the cells have; None if they have none of them."""
    if texts and all(text.startswith(DATE) for text in texts):
        return "date" if "date" in forms else "yyyy-mm-dd"
    counts = {form: sum(bool(re.fullmatch(one, text.lstrip(MARKS))) for text in texts) for form, one in forms.items()}
    best = max(counts, key=lambda form: counts[form])
    return best if counts[best] * 2 > len(texts) else None


def have_names(texts: Sequence[str]) -> bool:
    """Whether most cells hold a code and a name, as "45 Gymnasieskola"."""
    return sum(bool(NAMED_CODE.fullmatch(text)) for text in texts) * 2 > len(texts)
