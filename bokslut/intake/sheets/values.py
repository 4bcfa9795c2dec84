"""How values are written in a sheet, as SQL for DuckDB: whether a cell is well written, its value, what is wrong.

Each reading takes the SQL of a raw cell (text, marked native value, or NULL) and gives three expressions that never
raise. Nothing is run here, and what values mean together is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bokslut.intake.sheets.files import BOOLEAN, DATE, ERROR, NUMBER

MARKS = NUMBER + DATE + BOOLEAN + ERROR
# the error that a formula without a stored value is read as
NOT_CALCULATED = ERROR + "formula never calculated"
# in a code only with a sign, as Excel shows it: a project may well be called 1E4
SCIENTIFIC = r"[-−]?\d+(?:[.,]\d+)?[eE][-+]?\d+"
SHOWN_SCIENTIFIC = r"\d+(?:[.,]\d+)?[eE][-+]\d+"
CODE = r"[0-9A-Za-zÅÄÖÜÉåäöüé][0-9A-Za-zÅÄÖÜÉåäöüé._/-]{0,59}"
NUMBERED_CODE = r"[0-9A-Za-zÅÄÖÜÉåäöüé._/]*[0-9][0-9A-Za-zÅÄÖÜÉåäöüé._/]*"
# \s of the engine knows no no-break space
BLANK = "[\\s\u00a0\u202f]"
AFTER_CODE = f"(?:{BLANK}*[:–]{BLANK}*|{BLANK}+-{BLANK}+|{BLANK}+)"
ACCOUNT = r"[0-9][0-9A-Za-z]{0,19}"
MONTHS = (
    ("jan", "januari"),
    ("feb", "februari"),
    ("mar", "mars"),
    ("apr", "april"),
    ("maj", "maj"),
    ("jun", "juni"),
    ("jul", "juli"),
    ("aug", "augusti"),
    ("sep", "september", "sept"),
    ("okt", "oktober"),
    ("nov", "november"),
    ("dec", "december"),
)


@dataclass(frozen=True)
class Reading:
    """One cell in SQL. ok: true where it is well written. value: what it is then. problem: a key of PROBLEMS if not."""

    ok: str
    value: str
    problem: str


# what is wrong -> what was expected, what to do
PROBLEMS: Mapping[str, tuple[str, str]] = {
    "empty": (
        "is empty",
        "fill it in, or name such rows under leave_out; only rows with nothing in them are passed over",
    ),
    "nothing_above": ("is empty, and there is nothing above it to repeat", "fill it in"),
    "not_calculated": (
        "is a formula that was never calculated",
        "open the file in Excel and save it, so that its formulas have values",
    ),
    "error": ("is an error of the sheet's own formula", "correct the sheet"),
    "boolean": ("is a true/false cell", "write it as text"),
    "date_cell": ("is a date cell", "format the column as it is meant, and write the value again"),
    "number_cell": ("is a number cell that is no whole code", "format the column as text, and write the codes again"),
    "scientific": ("is a number in scientific form", "export again with the column formatted as text or number"),
    "not_code": ("is not a code without blanks", "if a name follows the code, write take: code in the profile"),
    "not_code_name": ("is not a code with a name after it", 'expected such as "45 Gymnasieskola"'),
    "not_account": ("is not an account", "expected digits such as 4011; with a name after it, write take: code"),
    "word": ("is not one of the profile's words", "add it to words in the profile"),
    "choice": ("is not a word that is known here", "map it with words in the profile"),
    "long": ("is longer than 200 characters", "check the column"),
    "whole": ("is not a whole number", "expected such as 3"),
    "year": ("is not a year", "expected four digits such as 2024"),
    "total": (
        "is a total row that the profile does not declare",
        "declare it under totals, and it is checked; if it is no total of these rows, name it under leave_out",
    ),
    "balance": (
        "is a row of an opening or closing balance that the profile does not declare",
        "if it is no posting, name it under leave_out",
    ),
    "not_amount": ("is not an amount", "expected such as 1 234,56 or -1234,56"),
    "not_finite": ("is not a number", "write the amount"),
    "thousands": ("may hold a thousands mark that is not declared", "if so, write thousands in the profile"),
    "decimal_mark": ("has another decimal mark than the profile's", "write decimal in the profile as in the file"),
    "decimals": ("is not whole öre", "check the amount and the profile's unit; nothing is rounded"),
    "trailing_minus": ("has its minus sign behind it", "if that is so meant, write negative: [trailing_minus]"),
    "parentheses": ("stands in parentheses", "if a negative amount is meant, write negative: [parentheses]"),
    "overflow": ("is larger than an amount can be", "check the amount"),
    "inexact": ("is a number cell of more digits than such a cell holds exactly", "write the amounts as text"),
    "not_date": ("is not a date in the declared form", "expected 2024-03-05, or declare another form"),
    "two_digit_year": ("is a date whose year has two digits", "export it with four digits"),
    "serial": ("is a date as Excel counts days, in a cell that is none", "format the column as date"),
    "no_such_day": ("is a day that no calendar has", "correct the date"),
    "not_period": ("is not a period in the declared form", "check form of period in the profile"),
}


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def matches(raw: str, pattern: str) -> str:
    """SQL: the whole of the cell matches."""
    return f"regexp_full_match({raw}, {quoted(pattern)})"


def cases(*branches: tuple[str, str], otherwise: str) -> str:
    """SQL: the key of the first branch that is true."""
    return "case " + " ".join(f"when {when} then '{key}'" for when, key in branches) + f" else '{otherwise}' end"


def natives(raw: str) -> tuple[tuple[str, str], ...]:
    """The branches for an empty cell and for native cells that are never right."""
    return (
        (f"{raw} is null", "empty"),
        (f"starts_with({raw}, '{ERROR}')", "error"),
        (f"starts_with({raw}, '{BOOLEAN}')", "boolean"),
    )


def code(raw: str, pattern: str = CODE, take: str = "whole") -> Reading:
    """A code: leading zeros kept, a whole number cell is its digits. take: as of a profile's column."""
    wrong = "not_account" if pattern == ACCOUNT else "not_code"
    branches = (
        *natives(raw),
        (f"starts_with({raw}, '{DATE}')", "date_cell"),
        (f"starts_with({raw}, '{NUMBER}')", "number_cell"),
        (matches(raw, SHOWN_SCIENTIFIC), "scientific"),
    )
    if take == "name":
        named = f"{NUMBERED_CODE}{AFTER_CODE}([^\\s\u00a0\u202f].*)"
        return Reading(
            matches(raw, named),
            f"regexp_extract({raw}, {quoted(f'^{named}$')}, 1)",
            cases(*branches, otherwise="not_code_name"),
        )
    if take == "code":
        leading = f"({NUMBERED_CODE})(?:{AFTER_CODE}.*)?"
        ok = f"({matches(raw, f'{NUMBER}?{leading}')} and not {matches(raw, f'{NUMBER}.*[^0-9].*')}"
        value = f"regexp_extract({raw}, {quoted(f'^{NUMBER}?{leading}$')}, 1)"
        ok += f" and not {matches(raw, SHOWN_SCIENTIFIC)})"
        return Reading(ok, value, cases(*branches, otherwise="not_code_name"))
    ok = f"({matches(raw, f'{NUMBER}[0-9]{{1,18}}|{pattern}')} and not {matches(raw, SHOWN_SCIENTIFIC)})"
    return Reading(ok, f"ltrim({raw}, '{NUMBER}')", cases(*branches, otherwise=wrong))


def label(raw: str) -> Reading:
    """A short text that names something: a version, a series, a voucher. A date cell is its date."""
    ok = f"(length({raw}) <= 200 and not {matches(raw, f'[{BOOLEAN}{ERROR}].*|{NUMBER}.*[^0-9].*|{SHOWN_SCIENTIFIC}')})"
    problem = cases(
        *natives(raw),
        (f"starts_with({raw}, '{NUMBER}')", "number_cell"),
        (f"length({raw}) > 200", "long"),
        otherwise="scientific",
    )
    return Reading(ok, f"ltrim({raw}, '{NUMBER}{DATE}')", problem)


def free_text(raw: str) -> Reading:
    """Any text; a native cell is its value in words."""
    return Reading(
        f"not starts_with({raw}, '{ERROR}')", f"ltrim({raw}, '{MARKS}')", cases(*natives(raw)[:2], otherwise="error")
    )


def worded(raw: str, words: Mapping[str, str], problem: str = "word") -> Reading:
    """One of the words, whatever its case, as what it means."""
    plain = f"lower(trim({raw}, '{NUMBER}'))"
    known = ", ".join(quoted(word.casefold()) for word in words)
    branches = " ".join(f"when {quoted(word.casefold())} then {quoted(meaning)}" for word, meaning in words.items())
    return Reading(f"{plain} in ({known})", f"case {plain} {branches} end", cases(*natives(raw), otherwise=problem))


def whole_number(raw: str, year: bool = False) -> Reading:
    """A whole number from 1, or a year."""
    pattern = f"{NUMBER}?(?:19|20|21)[0-9]{{2}}" if year else f"{NUMBER}?0*[1-9][0-9]{{0,8}}"
    return Reading(
        matches(raw, pattern),
        f"try_cast(ltrim({raw}, '{NUMBER}') as integer)",
        cases(*natives(raw), otherwise="year" if year else "whole"),
    )


def date(raw: str, form: str) -> Reading:
    """A date in the declared form, or a native date."""
    parts = {"yyyy": r"(\d{4})", "mm": r"(\d\d)", "dd": r"(\d\d)"}
    pattern = form.replace(".", r"\.")
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    order = sorted(parts, key=form.index)
    iso = "-".join(f"\\{order.index(name) + 1}" for name in ("yyyy", "mm", "dd"))
    plain = f"ltrim({raw}, '{NUMBER}')" if form == "yyyymmdd" else raw
    rebuilt = raw if form == "yyyy-mm-dd" else f"regexp_replace({plain}, {quoted(f'^{pattern}$')}, '{iso}')"
    value = f"case when starts_with({raw}, '{DATE}') then try_cast(substr({raw}, 2, 10) as date)"
    value += f" when {matches(plain, pattern)} then try_cast({rebuilt} as date) end"
    problem = cases(
        *natives(raw),
        (matches(plain, pattern), "no_such_day"),
        (matches(raw, r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|\d\d-?\d\d-?\d\d"), "two_digit_year"),
        (matches(raw, NUMBER + r"?[1-9]\d{4}(?:[.,]\d+)?"), "serial"),
        otherwise="not_date",
    )
    return Reading(f"({value}) is not null", value, problem)


@dataclass(frozen=True)
class PeriodReading:
    """A period in SQL: the reading of its month 1-13, and its year, or None where the form has none."""

    reading: Reading
    year: str | None


def period(raw: str, form: str) -> PeriodReading:
    """A period in one of the forms of a profile."""
    plain = f"ltrim({raw}, '{NUMBER}')"
    if form == "date":
        on = date(raw, "yyyy-mm-dd")
        return PeriodReading(Reading(on.ok, f"month({on.value})", on.problem), f"year({on.value})")
    if form in ("yyyymm", "yyyy-mm"):
        mark = "-" if form == "yyyy-mm" else ""
        native = "" if mark else f"{NUMBER}?"
        ok = matches(raw, rf"{native}(?:19|20|21)\d\d{mark}(?:0[1-9]|1[0-3])")
        month, year = f"try_cast(right({plain}, 2) as integer)", f"try_cast(left({plain}, 4) as integer)"
    elif form == "mm":
        ok, year = matches(raw, rf"{NUMBER}?0?(?:[1-9]|1[0-3])"), ""
        month = f"try_cast({plain} as integer)"
    else:
        names = "|".join(name for month_names in MONTHS for name in month_names)
        tail = rf"{BLANK}+(?:19|20|21)\d\d" if form == "month yyyy" else ""
        ok = matches(f"lower({raw})", rf"(?:{names})\.?{tail}")
        word = f"regexp_extract(lower({raw}), '^[a-z]{{3}}')"
        firsts = ", ".join(quoted(month_names[0]) for month_names in MONTHS)
        month = f"nullif(list_position([{firsts}], {word}), 0)"
        year = f"try_cast(right({raw}, 4) as integer)" if tail else ""
    return PeriodReading(Reading(ok, month, cases(*natives(raw), otherwise="not_period")), year or None)
