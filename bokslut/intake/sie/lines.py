"""Cut a block of text into lines, and the usual #TRANS line into its fields at once, with one compiled expression.

The expression takes only lines that `fields.split_fields` reads alike (a test holds the two together); every other line
is handed on as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bokslut.intake.sie.fields import Field, account_at, date, objects_at, optional_text, ore_at
from bokslut.intake.sie.records import Objects

CLEAN = r"[^\"\\\x00-\x1f\x7f]*"
CLEAN_IN_BRACES = r"[^\"\\{}\x00-\x1f\x7f]*"
LISTED = r"[^\"\\{}\x00-\x08\x0a-\x1f\x7f]"
WORD = r"[^ \"\\{}\x00-\x1f\x7f]+"
# what findall gives of one line: mark, account, objects, mark, kronor, öre, date, quoted text, bare text; and instead
# of them all the line as it stands
Row = tuple[str, str, str, str, str, str, str, str, str, str]
USUAL = re.compile(
    r"[ \t]*\#TRANS[ \t]+(\"?)([0-9]+)\1[ \t]*"
    rf"\{{({LISTED}*(?:\"{CLEAN_IN_BRACES}\"{LISTED}*)*)\}}[ \t]*"
    r"(\"?)(-?[0-9]{1,15})(?:\.([0-9]{1,2}))?\4"
    r"(?:[ \t]+(\"[0-9]{8}\"|[0-9]{8}|\"\")"
    rf"(?:[ \t]+(?:\"({CLEAN})\"|({WORD}))(?:[ \t]+(?:\"{CLEAN}\"|{WORD}))*)?)?"
    r"[ \t]*\r?\n|(.*)\n"
)
NOTHING_IS_USUAL = re.compile("()()()()()()()()()(.*)\n")


@dataclass(frozen=True)
class TransactionFields:
    """A transaction as read from its line. amount: öre. date and text: empty where the line has none."""

    account: str
    objects: Objects
    amount: int
    date: str
    text: str


def usual_ore(kronor: str, ore: str) -> int:
    """The öre of an amount whose parts the expression has matched."""
    if len(ore) == 2:
        return int(kronor + ore)
    return int(kronor) * 100 if not ore else int(kronor + ore) * 10


def exact_transaction(fields: tuple[Field, ...]) -> TransactionFields:
    """The fields of #TRANS, #RTRANS or #BTRANS. Raises FieldError."""
    account, objects, amount = account_at(fields, 0), objects_at(fields, 1), ore_at(fields, 2)
    day = optional_text(fields, 3, "date")
    if day:
        date(day)
    return TransactionFields(account, objects, amount, day, optional_text(fields, 4, "text"))


def cut(block: str, usual: re.Pattern[str] = USUAL) -> list[Row]:
    """One row per line of a block, which ends with a line feed."""
    rows: list[Row] = usual.findall(block)
    return rows
