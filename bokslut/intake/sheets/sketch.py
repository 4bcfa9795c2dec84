"""The rows of an unknown sheet below its head, and what they show together: totals, balances, groups, signs.

Only a guess for a draft profile; guess.py writes it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass

from bokslut.intake.sheets.files import Cells
from bokslut.intake.sheets.form import CODES, POSTING_KINDS
from bokslut.intake.sheets.headings import normal, tidy
from bokslut.intake.sheets.letters import column_letter
from bokslut.intake.sheets.manners import Amounts, amounts_of, number_of
from bokslut.intake.sheets.outline import PROJECT_AMOUNTS, Outline, Record
from bokslut.intake.sheets.sums import Row, balance_place, total_place
from bokslut.intake.sheets.values import MARKS

LOOKED_AT = 5000
# a row without one of these is no posting
NEEDED = ("voucher", "booked_on", "period", "account")
CODED_BY = ("ansvar", "activity")
FILLED = ("series", "voucher", "booked_on", "period", "account", "ansvar", "activity", "project_id", "goal_id")


@dataclass(frozen=True)
class Sheet:
    """A sheet below its head. rows: the first of them, total rows and balances too.

    totals and balances: line of a total row, and of an opening or closing balance -> the column of its word.
    """

    cells: Cells
    outline: Outline
    manners: Amounts
    rows: tuple[Row, ...]
    totals: dict[int, int]
    balances: dict[int, int]
    money: tuple[int, ...]

    @property
    def data(self) -> list[Row]:
        """The rows that are neither totals nor balances."""
        return [row for row in self.rows if row.line not in self.totals and row.line not in self.balances]

    def texts(self, place: int) -> list[str]:
        """What stands in a column of the data."""
        column = (row.cells[place] for row in self.data)
        return [cell for cell in column if cell is not None]

    def column(self, place: int) -> str:
        """How a profile names a column: by its heading, or by its letter where that is doubtful."""
        heading = tidy(self.outline.headings[place])
        same = [each for each in self.outline.headings if normal(each) == normal(heading)]
        if self.outline.head_rows == 1 and heading and len(same) == 1:
            return f"column: {quoted(heading)}"
        return f"letter: {column_letter(place + 1)}"


def quoted(text: str) -> str:
    """A text as YAML has it in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def looked_at(cells: Cells, outline: Outline, records: Sequence[Record]) -> Sheet:
    """The sheet by its first records. outline: of them."""
    heads = [line for line, _ in records if line >= outline.line][: outline.head_rows]
    below = [record for record in records if record[0] > heads[-1]]
    names = ("amount", "debit", "credit", *PROJECT_AMOUNTS) if outline.kind != "goals" else ()
    money = [place for name, place in outline.fields.items() if name in names]
    money += [*outline.months.values(), *(each.place for each in outline.amounts)]
    manners = amounts_of([cell for _, row in below for place in money if (cell := row[place])])
    rows = [Row(line, row, tuple(number_of(row[place], manners) for place in money)) for line, row in below]
    keys = [place for name, place in outline.fields.items() if name in CODES]
    places = {row.line: place for row in rows if (place := total_place(row, keys, money)) is not None}
    found = {
        row.line: place
        for row in rows
        if outline.kind in POSTING_KINDS
        and row.line not in places
        and lacking_key(row, outline) is not None
        and (place := balance_place(row, money)) is not None
    }
    return Sheet(cells, outline, manners, tuple(rows), places, found, tuple(money))


def lacking_key(row: Row, outline: Outline) -> str | None:
    """What a posting has and the row lacks, so that it may be none; None where the row has it all."""
    return next((key for key in NEEDED if key in outline.fields and row.cells[outline.fields[key]] is None), None)


def is_grouped(sheet: Sheet, name: str) -> bool:
    """Whether a field stands only on the first of its rows: empty below it in rows that have an amount.

    Not where the empty ones are rows of balance sheet accounts, which have no such code by rights, nor where the field
    is written again on a row that repeats the one above it.
    """
    fields = sheet.outline.fields
    place = fields[name]
    rows = [row for row in sheet.data if any(row.amounts) or not sheet.money]
    empty = [row for row in rows if row.cells[place] is None]
    if not empty or rows[0].cells[place] is None:
        return False
    if name in CODED_BY and "account" in fields:
        accounts = [(row.cells[fields["account"]] or "").lstrip(MARKS) for row in empty]
        if any(account[:1] in ("1", "2") for account in accounts):
            return False
    # what changes from row to row within a group is no key of it
    outer = [key for key in FILLED[: FILLED.index(name)] if key in fields and key not in ("period", "account")]
    keys = [fields[key] for key in (*outer, name)]
    return not any(
        below.cells[place] is not None and all(above.cells[key] == below.cells[key] for key in keys)
        for above, below in itertools.pairwise(rows)
    )


def vouchers_balance(sheet: Sheet) -> bool:
    """Whether the vouchers looked at, but for the last, sum to zero."""
    outline = sheet.outline
    turned = "debit" in outline.fields
    if not sheet.money:
        return True
    sums: dict[tuple[str | None, ...], object] = {}
    keys = [outline.fields[name] for name in ("series", "voucher") if name in outline.fields]
    key: tuple[str | None, ...] = ()
    debit = sheet.money.index(outline.fields["debit"]) if turned else 0
    for row in sheet.data:
        key = tuple(row.cells[place] or (key[at] if key else None) for at, place in enumerate(keys))
        amount = sum((amount or 0) * (1 if at == debit else -1) for at, amount in enumerate(row.amounts))
        sums[key] = sums.get(key, 0) + amount  # type: ignore[operator]
    if len(sheet.rows) + sheet.outline.line + 1 >= LOOKED_AT:
        sums.pop(key, None)
    return not any(sums.values())


def targets_in(sheet: Sheet) -> list[str]:
    """What stands in the column of targets."""
    place = sheet.outline.fields.get("target")
    return [] if place is None else sheet.texts(place)


def sign_of(sheet: Sheet) -> tuple[str, str | None]:
    """The sign of the sheet by revenues (accounts of class 3) and costs (4 to 8)."""
    outline = sheet.outline
    if outline.kind == "projects":
        return "cost_positive", "whether expenditure is positive"
    if "debit" in outline.fields:
        return "ledger", None
    place = outline.fields.get("account")
    if place is None:
        return "cost_positive", "whether costs are positive"
    sums = {"revenue": 0, "cost": 0}
    for row in sheet.data:
        account = (row.cells[place] or "").lstrip(MARKS)
        if account[:1] in tuple("345678"):
            kind = "revenue" if account[0] == "3" else "cost"
            sums[kind] += sum(1 if amount > 0 else -1 for amount in row.amounts if amount)
    if sums["revenue"] > 0 and sums["cost"] > 0:
        return "ledger", "revenues and costs are both positive; a profile cannot turn one of them"
    if sums["cost"] < 0 or (not sums["cost"] and sums["revenue"] > 0):
        return "result", "the sign: costs seem to be negative"
    return "ledger", None if sums["cost"] > 0 else "the sign: nothing shows it"
