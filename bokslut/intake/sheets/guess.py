"""Look at a file and write a draft of a mapping profile, with what it is unsure of as comments. Nothing is imported.

The draft is read by profile.py and stands to be corrected: it is never applied unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.files import FileForm, load_cells
from bokslut.intake.sheets.form import CODES, POSTING_KINDS
from bokslut.intake.sheets.headings import tidy
from bokslut.intake.sheets.letters import column_letter
from bokslut.intake.sheets.manners import DATES, PERIODS, form_of, have_names, number_of
from bokslut.intake.sheets.outline import Outline, Record, outline_of
from bokslut.intake.sheets.sketch import (
    FILLED,
    LOOKED_AT,
    Sheet,
    is_grouped,
    lacking_key,
    looked_at,
    quoted,
    sign_of,
    targets_in,
    vouchers_balance,
)
from bokslut.intake.sheets.sums import balance_pattern, balance_place, totals_of
from bokslut.intake.sheets.words import names_kronor, unit_of

# no chart of accounts has it, so that a draft without an account is refused until one is written
NO_ACCOUNT = "0"
YEAR_READ = "the year, read above or in the head"
DELIMITERS = {"\t": "tab"}


@dataclass(frozen=True)
class Draft:
    """text: the YAML of the draft. unsure: what stands in its comments too."""

    text: str
    unsure: tuple[str, ...]


@dataclass
class _Lines:
    """The lines of the draft as they are written."""

    lines: list[str]
    unsure: list[str]

    def add(self, line: str, unsure: str | None = None) -> None:
        self.lines.append(f"{line}  # unsure: {unsure}" if unsure else line)
        if unsure:
            self.unsure.append(unsure)

    def remark(self, unsure: str) -> None:
        self.lines.append(f"# unsure: {unsure}")
        self.unsure.append(unsure)


def guess(path: Path, connection: duckdb.DuckDBPyConnection, form: FileForm | None = None) -> Draft:
    """A draft profile for a file. Raises RefusedError where it cannot be read or no row looks like a head."""
    cells = load_cells(path, connection, form or FileForm())
    names = ", ".join(f"c{number}" for number in range(1, cells.width + 1))
    found = connection.execute(f"select line, {names} from cells order by line limit {LOOKED_AT}").fetchall()
    records: list[Record] = [(row[0], tuple(row[1:])) for row in found if any(row[1:])]
    outline = outline_of(records, [cells.sheet or "", path.stem])
    if outline is None:
        do = "write a profile by hand; see docs/profiles.md"
        raise RefusedError([Finding(path, "no row looks like a head of a ledger, budget, project or goal list", do)])
    sheet = looked_at(cells, outline, records)
    draft = _Lines([], [])
    _write_file(draft, sheet)
    _write_columns(draft, sheet)
    _write_amounts(draft, sheet)
    _write_totals(draft, sheet)
    _write_balances(draft, sheet)
    return Draft("\n".join(draft.lines) + "\n", tuple(draft.unsure))


def _write_file(draft: _Lines, sheet: Sheet) -> None:
    cells, outline = sheet.cells, sheet.outline
    draft.lines.append(f"# a draft for {cells.path.name}: check what is marked unsure, then import with --profile")
    draft.add(f"profile: {quoted(cells.path.stem)}")
    draft.add(
        f"kind: {outline.kind}", None if outline.kind_is_certain else "the kind, which no heading tells for certain"
    )
    draft.add("file:")
    draft.add(f"  kind: {cells.kind}")
    if cells.encoding:
        guessed = None if cells.encoding_is_certain else "the encoding; look for å, ä and ö in the texts"
        draft.add(f"  encoding: {cells.encoding}", guessed)
    if cells.delimiter:
        draft.add(f"  delimiter: {DELIMITERS.get(cells.delimiter, quoted(cells.delimiter))}")
    if cells.sheet:
        others = next((note for note in cells.notes if note.startswith("other sheets")), None)
        draft.add(f"  sheet: {quoted(cells.sheet)}", f"the sheet; {others}" if others else None)
    draft.add(f"rows_above: {outline.line - 1}")
    if outline.head_rows == 2:
        draft.add("head_rows: 2")


def _write_columns(draft: _Lines, sheet: Sheet) -> None:
    outline = sheet.outline
    draft.add("columns:")
    for name, place in sorted(outline.fields.items(), key=lambda item: item[1]):
        parts, unsure = _column(sheet, name, place)
        draft.add(f"  {name}: {{{', '.join(parts)}}}", unsure)
    if len(outline.amounts) == 1:
        draft.add(f"  amount: {{{sheet.column(outline.amounts[0].place)}}}")
    if outline.kind == "goals" and "measure_id" not in outline.fields:
        place = outline.fields["measure_name"]
        draft.add(f"  measure_id: {{{sheet.column(place)}, take: code}}", "no column has the number of a measure")
    unknown = [
        tidy(outline.headings[place]) or column_letter(place + 1)
        for place in range(len(outline.headings))
        if place not in {*outline.fields.values(), *sheet.money} and place != outline.row_total and sheet.texts(place)
    ]
    if unknown:
        draft.remark(f"these columns are left out: {', '.join(unknown)}")
    filled = [name for name in FILLED if name in outline.fields and is_grouped(sheet, name)]
    if filled:
        draft.add(f"fill_down: [{', '.join(filled)}]", "whether an empty cell repeats the one above it")


def _column(sheet: Sheet, name: str, place: int) -> tuple[list[str], str | None]:
    """The parts of a column in the profile, and what is unsure of it."""
    parts, texts = [sheet.column(place)], sheet.texts(place)
    if name in CODES and have_names(texts):
        parts.append("take: code")
    elif name == "measure_name" and "measure_id" not in sheet.outline.fields and have_names(texts):
        parts.append("take: name")
    forms = {"period": PERIODS, "booked_on": DATES}.get(name)
    if forms is None:
        return parts, None
    form = form_of(texts, forms)
    if form:
        parts.append(f"form: {form}")
    return parts, None if form else f"how {'a period' if name == 'period' else 'a date'} is written"


def _write_amounts(draft: _Lines, sheet: Sheet) -> None:
    outline, manners = sheet.outline, sheet.manners
    if outline.months:
        _write_months(draft, sheet)
    if len(outline.amounts) > 1:
        draft.add("amounts:")
        for each in outline.amounts:
            year = {"fiscal_year": str(each.year)} if each.year and "fiscal_year" not in outline.fields else {}
            constants = ({"scenario": each.scenario} if each.scenario else {}) | year
            told = ", constants: {" + ", ".join(f"{key}: {value}" for key, value in constants.items()) + "}"
            draft.add(f"  - {{{sheet.column(each.place)}{told if constants else ''}}}")
    if outline.kind in POSTING_KINDS:
        if not outline.amounts and not outline.months and "debit" not in outline.fields:
            draft.remark("no column of amounts was found; name it as amount under columns")
        _write_constants(draft, sheet)
    elif "fiscal_year" not in outline.fields:
        if outline.year.year:
            draft.add(f"constants: {{fiscal_year: {outline.year.year}}}", YEAR_READ)
        else:
            draft.remark(_no_year(outline))
    if outline.kind in POSTING_KINDS and "voucher" in outline.fields and not vouchers_balance(sheet):
        draft.add("vouchers: part", "whether the file holds parts of vouchers; they do not balance")
    if outline.kind == "goals":
        if any(number_of(text, manners) is not None for text in targets_in(sheet)):
            draft.add("comparator: at_least", "what a target that is a bare number means")
        return
    unit = unit_of(list(outline.around))
    unsure = None
    if unit != "kronor":
        unsure = "the unit, read in the headings or above them"
    elif outline.kind in ("budget", "forecast") and not names_kronor(list(outline.around)):
        unsure = "the unit; nothing in the sheet names it, and it may be tkr"
    draft.add(f"unit: {unit}", unsure)
    draft.add(f"decimal: {quoted(manners.decimal)}", None if manners.is_certain else "the decimal mark")
    if manners.thousands:
        draft.add(f"thousands: {quoted(manners.thousands)}")
    if manners.negative:
        draft.add(f"negative: [{', '.join(manners.negative)}]")
    sign, unsure = sign_of(sheet)
    draft.add(f"sign: {sign}", unsure)
    lacking = [row for row in sheet.data if None in row.amounts]
    if lacking and outline.kind in POSTING_KINDS and "debit" not in outline.fields:
        draft.add("empty_amounts: no_posting", "whether an empty amount is nothing, or a mistake")


def _write_months(draft: _Lines, sheet: Sheet) -> None:
    months = sheet.outline.months
    first = months[1]
    if all(months.get(month) == first + month - 1 for month in range(1, 13)) and 13 not in months:
        draft.add(f"months: {{from: {column_letter(first + 1)}, to: {column_letter(first + 12)}}}")
    else:
        draft.add("months:")
        for month in sorted(months):
            draft.add(f"  {month}: {{{sheet.column(months[month])}}}")
    if sheet.outline.row_total is not None:
        draft.add(f"row_total: {{{sheet.column(sheet.outline.row_total)}}}")


def _write_constants(draft: _Lines, sheet: Sheet) -> None:
    """What no column says: the account, the year and the period."""
    outline, constants = sheet.outline, []
    if "account" not in outline.fields:
        unsure = "no column has the account; write the one that these amounts belong to"
        constants.append((f"  account: {quoted(NO_ACCOUNT)}", unsure))
    form = form_of(sheet.texts(outline.fields["period"]), PERIODS) if "period" in outline.fields else None
    has_year = form not in (None, "mm", "month") or bool({"booked_on", "fiscal_year"} & set(outline.fields))
    has_year = has_year or (len(outline.amounts) > 1 and any(each.year for each in outline.amounts))
    if not has_year and outline.year.year:
        constants.append((f"  fiscal_year: {outline.year.year}", YEAR_READ))
    elif not has_year:
        draft.remark(_no_year(outline))
    has_period = outline.months or {"period", "booked_on"} & set(outline.fields)
    is_yearly = outline.kind == "budget" and not has_period
    if not has_period and not is_yearly:
        # no month stands in for it: half a year would go to that month in silence
        draft.remark(
            "the period; no column with a period or a date was found. Name it under columns as period or booked_on;"
            " only if all rows belong to one month, write that month as period under constants"
        )
    if constants:
        draft.add("constants:")
        for line, unsure in constants:
            draft.add(line, unsure)
    if is_yearly:
        draft.add("spread: 12", "whether the year's amount is spread over twelve months")
    if len({each.year for each in outline.amounts if each.year}) > 1:
        draft.add("years: several")


def _no_year(outline: Outline) -> str:
    seen = outline.year.seen
    found = f"{' and '.join(seen)} stand above the rows or in a name" if seen else "it stands nowhere"
    return f"the year; {found}. Give it with --year when you import, or as fiscal_year under constants"


def _write_totals(draft: _Lines, sheet: Sheet) -> None:
    if not sheet.totals or sheet.outline.kind == "goals":
        return
    names = {place: name for name, place in sheet.outline.fields.items()}
    totals = totals_of([row for row in sheet.rows if row.line not in sheet.balances], sheet.totals)
    draft.add("totals:")
    for each in totals:
        name = names.get(each.place) or quoted(tidy(sheet.outline.headings[each.place]))
        unsure = None if each.agrees else "this total is not the sum of the rows above it"
        draft.add(f"  - {{where: {{{name}: {quoted(each.pattern)}}}, adds: {each.adds}}}", unsure)
    if len(sheet.rows) >= LOOKED_AT - sheet.outline.line - 1:
        draft.remark(f"only the first {LOOKED_AT} rows were looked at")


def _write_balances(draft: _Lines, sheet: Sheet) -> None:
    """The rows of opening and closing balances: left out where they lack what a posting has, else only told."""
    names = {place: name for name, place in sheet.outline.fields.items()}
    found: dict[tuple[int, str, str | None], list[int]] = {}
    if sheet.outline.kind in POSTING_KINDS:
        for row in sheet.rows:
            if row.line not in sheet.totals and (place := balance_place(row, sheet.money)) is not None:
                kind = place, balance_pattern(row.cells[place] or ""), lacking_key(row, sheet.outline)
                found.setdefault(kind, []).append(row.line)
    lines = []
    for (place, pattern, lacking), rows in found.items():
        name = names.get(place) or quoted(tidy(sheet.outline.headings[place]))
        if lacking is None or name == quoted(""):
            draft.remark(f"rows that begin with {pattern} may be balances (line {rows[0]}); if so, see leave_out")
            continue
        where = {name: quoted(pattern)} | ({lacking: quoted("")} if lacking != name else {})
        told = ", ".join(f"{key}: {value}" for key, value in where.items())
        lines.append((f"  - {{where: {{{told}}}}}", f"whether these {len(rows)} rows are balances, and no postings"))
    if lines:
        draft.add("leave_out:")
        for line, unsure in lines:
            draft.add(line, unsure)
