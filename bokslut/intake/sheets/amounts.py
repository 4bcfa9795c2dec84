"""How amounts are written, as SQL for DuckDB: exact decimals from text and number cells, in kronor whatever the unit.

Text is never read through a floating point number, and nothing is rounded: what is not whole öre is refused.
"""

from __future__ import annotations

import re

from bokslut.intake.sheets.files import DATE, NUMBER
from bokslut.intake.sheets.form import UNITS
from bokslut.intake.sheets.values import SCIENTIFIC, Reading, cases, matches, natives, quoted

# blanks between groups of three: space, no-break space, narrow no-break space
BLANKS = " \u00a0\u202f"
MINUS = "-\u2212"
# kronor from which the 15 digits of a number cell hold no öre
EXACT = 10**13
# kronor and öre, whatever the unit: tkr have three decimals more, mkr six
DECIMALS = {"kronor": 2, "tkr": 5, "mkr": 8}


def amount(
    raw: str, unit: str = "kronor", decimal: str = ",", thousands: str | None = None, negative: tuple[str, ...] = ()
) -> Reading:
    """An amount as decimal(18, 2) kronor, with the sign that the sheet has. The arguments are those of a profile.

    A number cell has a decimal point; its value is taken by the 15 digits that it holds, and refused where its öre may
    be lost among them.
    """
    most = DECIMALS[unit]
    number = _number(decimal, thousands, most)
    forms = [f"[{MINUS}]?{number}"]
    forms += [f"{number}[{MINUS}]"] if "trailing_minus" in negative else []
    forms += [rf"\({number}\)"] if "parentheses" in negative else []
    written = "|".join([*forms, rf"{NUMBER}-?\d+(?:\.\d{{1,{most}}})?"])
    # what stands in front is translated, what stands behind the minus sign falls away
    plain = f"translate({raw}, {quoted(decimal + MINUS + BLANKS + (thousands or ''))}, '.--')"
    if negative:
        bare = f"translate({raw}, {quoted(decimal + MINUS + '()' + BLANKS + (thousands or ''))}, '.')"
        turned = matches(raw, rf".*[{MINUS}]|\(.*\)|[{MINUS}].*")
        plain = f"case when {turned} then '-' || {bare} else {bare} end"
    text = f"case when starts_with({raw}, '{NUMBER}') then substr({raw}, 2) else {plain} end"
    value = f"try_cast({text} as decimal(18, 2))"
    if unit != "kronor":
        scale = UNITS[unit]
        value = f"try_cast(try_cast({text} as decimal(26, 8)) * cast({scale} as decimal(7, 0)) as decimal(18, 2))"
    # most amounts are of one form, which is quick to tell; 16 digits and two always fit
    usual = matches(raw, rf"-?\d{{1,16}}(?:{re.escape(decimal)}\d{{1,2}})?")
    if unit == "kronor":
        value = (
            f"case when {usual} then cast(replace({raw}, {quoted(decimal)}, '.') as decimal(18, 2)) else {value} end"
        )
    inexact = f"(starts_with({raw}, '{NUMBER}') and coalesce(abs({value}) >= {EXACT}, false))"
    branches = ((f"{matches(raw, written)} and {inexact}", "inexact"), (matches(raw, written), "overflow"))
    return Reading(
        f"case when {usual} then {value} is not null"
        f" else ({matches(raw, written)} and {value} is not null and not {inexact}) end",
        value,
        _problem(raw, branches, decimal, thousands, most),
    )


def _number(decimal: str, thousands: str | None, most: int) -> str:
    groups = [r"\d+", rf"\d{{1,3}}(?:[{BLANKS}]\d{{3}})+"]
    groups += [rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+"] if thousands else []
    return rf"(?:{'|'.join(groups)})(?:{re.escape(decimal)}\d{{1,{most}}})?"


def _problem(raw: str, too_large: tuple[tuple[str, str], ...], decimal: str, thousands: str | None, most: int) -> str:
    sign = f"[{MINUS}]?"
    longer = _number(decimal, thousands, 30)
    other = "." if decimal == "," else ","
    marks = [mark for mark in ".,'" if mark not in (decimal, thousands)]
    grouped = [rf"{sign}\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:[.,]\d+)?" for mark in marks]
    # the decimal mark between groups is a thousands mark where the other mark follows
    grouped.append(rf"{sign}\d{{1,3}}(?:{re.escape(decimal)}\d{{3}})+{re.escape(other)}\d+")
    return cases(
        *natives(raw),
        (f"starts_with({raw}, '{DATE}')", "date_cell"),
        *too_large,
        (matches(raw, rf"{NUMBER}.*\.\d{{{most + 1},}}"), "decimals"),
        (matches(raw, SCIENTIFIC), "scientific"),
        (matches(raw, r"(?i)[-+−]?(?:nan|inf|infinity|∞)"), "not_finite"),
        (matches(raw, "|".join(grouped)), "thousands"),
        (matches(raw, f"{sign}{longer}"), "decimals"),
        (matches(raw, rf"{sign}[\d{BLANKS}]+{re.escape(other)}\d+"), "decimal_mark"),
        (matches(raw, f"{longer}[{MINUS}]"), "trailing_minus"),
        (matches(raw, rf"\({longer}\)"), "parentheses"),
        otherwise="not_amount",
    )
