"""Look at a file and write a draft of a mapping profile, with what it is unsure of as comments. Nothing is imported.

The draft is read by profile.py and stands to be corrected: it is never applied unseen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sheets.files import Cells, FileForm, load_cells
from bokslut.intake.sheets.form import CODES, POSTING_KINDS
from bokslut.intake.sheets.letters import column_letter
from bokslut.intake.sheets.manners import DATES, PERIODS, Amounts, amounts_of, form_of, have_names, number_of
from bokslut.intake.sheets.outline import PROJECT_AMOUNTS, Outline, Record, outline_of
from bokslut.intake.sheets.sums import Row, total_place, totals_of
from bokslut.intake.sheets.words import MARKS, YEAR, unit_of

LOOKED_AT = 5000
FILLED = ("series", "voucher", "booked_on", "period", "account", "ansvar", "activity", "project_id", "goal_id")
# no chart of accounts has it, so that a draft without an account is refused until one is written
NO_ACCOUNT = "0"
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


@dataclass(frozen=True)
class _Sheet:
    """A sheet below its head. rows: the first of them. totals: line of a total row -> the column of its word."""

    cells: Cells
    outline: Outline
    manners: Amounts
    rows: tuple[Row, ...]
    totals: dict[int, int]
    money: tuple[int, ...]

    def texts(self, place: int) -> list[str]:
        """What stands in a column, total rows left out."""
        column = (row.cells[place] for row in self.rows if row.line not in self.totals)
        return [cell for cell in column if cell is not None]

    def column(self, place: int) -> str:
        """How a profile names a column: by its heading, or by its letter where that is doubtful."""
        heading = " ".join(self.outline.headings[place].lstrip(MARKS).split())
        same = [each for each in self.outline.headings if each.lstrip(MARKS).casefold() == heading.casefold()]
        if self.outline.head_rows == 1 and heading and len(same) == 1:
            return f"column: {quoted(heading)}"
        return f"letter: {column_letter(place + 1)}"


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
    sheet = _looked_at(cells, outline, records)
    draft = _Lines([], [])
    _write_file(draft, sheet)
    _write_columns(draft, sheet)
    _write_amounts(draft, sheet)
    _write_totals(draft, sheet)
    return Draft("\n".join(draft.lines) + "\n", tuple(draft.unsure))


def quoted(text: str) -> str:
    """A text as YAML has it in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _looked_at(cells: Cells, outline: Outline, records: Sequence[Record]) -> _Sheet:
    heads = [line for line, _ in records if line >= outline.line][: outline.head_rows]
    below = [record for record in records if record[0] > heads[-1]]
    names = ("amount", "debit", "credit", *PROJECT_AMOUNTS) if outline.kind != "goals" else ()
    money = [place for name, place in outline.fields.items() if name in names]
    money += [*outline.months.values(), *(each.place for each in outline.amounts)]
    manners = amounts_of([cell for _, row in below for place in money if (cell := row[place])])
    rows = [Row(line, row, tuple(number_of(row[place], manners) for place in money)) for line, row in below]
    keys = [place for name, place in outline.fields.items() if name in CODES]
    places = {row.line: place for row in rows if (place := total_place(row, keys, money)) is not None}
    return _Sheet(cells, outline, manners, tuple(rows), places, tuple(money))


def _write_file(draft: _Lines, sheet: _Sheet) -> None:
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


def _write_columns(draft: _Lines, sheet: _Sheet) -> None:
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
        outline.headings[place].lstrip(MARKS) or column_letter(place + 1)
        for place in range(len(outline.headings))
        if place not in {*outline.fields.values(), *sheet.money} and place != outline.row_total and sheet.texts(place)
    ]
    if unknown:
        draft.remark(f"these columns are left out: {', '.join(unknown)}".replace("\n", " "))
    filled = [name for name in FILLED if name in outline.fields and _is_grouped(sheet, outline.fields[name])]
    if filled:
        draft.add(f"fill_down: [{', '.join(filled)}]", "whether an empty cell repeats the one above it")


def _column(sheet: _Sheet, name: str, place: int) -> tuple[list[str], str | None]:
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


def _is_grouped(sheet: _Sheet, place: int) -> bool:
    """Whether a column has empty cells below its first, in rows that have an amount."""
    rows = [row for row in sheet.rows if row.line not in sheet.totals and (any(row.amounts) or not sheet.money)]
    return bool(rows) and rows[0].cells[place] is not None and any(row.cells[place] is None for row in rows)


def _write_amounts(draft: _Lines, sheet: _Sheet) -> None:
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
    elif "fiscal_year" not in outline.fields and (years := _years(outline)):
        draft.add(f"constants: {{fiscal_year: {years[-1]}}}", "the year, read above or in the head")
    if outline.kind in POSTING_KINDS and "voucher" in outline.fields and not _balances(sheet):
        draft.add("vouchers: part", "whether the file holds parts of vouchers; they do not balance")
    if outline.kind == "goals":
        if any(number_of(text, manners) is not None for text in _targets(sheet)):
            draft.add("comparator: at_least", "what a target that is a bare number means")
        return
    unit = unit_of(list(outline.around))
    draft.add(f"unit: {unit}", None if unit == "kronor" else "the unit, read in the headings or above them")
    draft.add(f"decimal: {quoted(manners.decimal)}", None if manners.is_certain else "the decimal mark")
    if manners.thousands:
        draft.add(f"thousands: {quoted(manners.thousands)}")
    if manners.negative:
        draft.add(f"negative: [{', '.join(manners.negative)}]")
    sign, unsure = _sign(sheet)
    draft.add(f"sign: {sign}", unsure)
    lacking = [row for row in sheet.rows if row.line not in sheet.totals and None in row.amounts]
    if lacking and outline.kind in POSTING_KINDS and "debit" not in outline.fields:
        draft.add("empty_amounts: no_posting", "whether an empty amount is nothing, or a mistake")


def _write_months(draft: _Lines, sheet: _Sheet) -> None:
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


def _write_constants(draft: _Lines, sheet: _Sheet) -> None:
    """What no column says: the account, the year and the period."""
    outline, constants = sheet.outline, []
    if "account" not in outline.fields:
        unsure = "no column has the account; write the one that these amounts belong to"
        constants.append((f"  account: {quoted(NO_ACCOUNT)}", unsure))
    years = _years(outline)
    form = form_of(sheet.texts(outline.fields["period"]), PERIODS) if "period" in outline.fields else None
    has_year = form not in (None, "mm", "month") or bool({"booked_on", "fiscal_year"} & set(outline.fields))
    has_year = has_year or any(each.year for each in outline.amounts)
    if not has_year and years:
        others = f", {' and '.join(years[:-1])} too" if years[:-1] else ""
        constants.append((f"  fiscal_year: {years[-1]}", f"the year, read above or in the head{others}"))
    elif not has_year:
        draft.remark("the year stands nowhere; give it when you import, or under constants")
    has_period = outline.months or {"period", "booked_on"} & set(outline.fields)
    is_yearly = outline.kind == "budget" and not has_period
    if not has_period and not is_yearly:
        constants.append(("  period: 12", "the period; no column has it"))
    if constants:
        draft.add("constants:")
        for line, unsure in constants:
            draft.add(line, unsure)
    if is_yearly:
        draft.add("spread: 12", "whether the year's amount is spread over twelve months")
    if len({each.year for each in outline.amounts if each.year}) > 1:
        draft.add("years: several")


def _years(outline: Outline) -> list[str]:
    return sorted({found[0] for text in outline.around for found in YEAR.finditer(text)})


def _balances(sheet: _Sheet) -> bool:
    """Whether the vouchers looked at, but for the last, sum to zero."""
    outline = sheet.outline
    turned = "debit" in outline.fields
    if not sheet.money:
        return True
    sums: dict[tuple[str | None, ...], object] = {}
    keys = [outline.fields[name] for name in ("series", "voucher") if name in outline.fields]
    key: tuple[str | None, ...] = ()
    debit = sheet.money.index(outline.fields["debit"]) if turned else 0
    for row in sheet.rows:
        if row.line in sheet.totals:
            continue
        key = tuple(row.cells[place] or (key[at] if key else None) for at, place in enumerate(keys))
        amount = sum((amount or 0) * (1 if at == debit else -1) for at, amount in enumerate(row.amounts))
        sums[key] = sums.get(key, 0) + amount  # type: ignore[operator]
    if len(sheet.rows) + sheet.outline.line + 1 >= LOOKED_AT:
        sums.pop(key, None)
    return not any(sums.values())


def _targets(sheet: _Sheet) -> list[str]:
    place = sheet.outline.fields.get("target")
    return [] if place is None else sheet.texts(place)


def _sign(sheet: _Sheet) -> tuple[str, str | None]:
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
    for row in sheet.rows:
        account = (row.cells[place] or "").lstrip(MARKS)
        if row.line not in sheet.totals and account[:1] in tuple("345678"):
            kind = "revenue" if account[0] == "3" else "cost"
            sums[kind] += sum(1 if amount > 0 else -1 for amount in row.amounts if amount)
    if sums["revenue"] > 0 and sums["cost"] > 0:
        return "ledger", "revenues and costs are both positive; a profile cannot turn one of them"
    if sums["cost"] < 0 or (not sums["cost"] and sums["revenue"] > 0):
        return "result", "the sign: costs seem to be negative"
    return "ledger", None if sums["cost"] > 0 else "the sign: nothing shows it"


def _write_totals(draft: _Lines, sheet: _Sheet) -> None:
    if not sheet.totals or sheet.outline.kind == "goals":
        return
    names = {place: name for name, place in sheet.outline.fields.items()}
    totals = totals_of(sheet.rows, sheet.totals)
    draft.add("totals:")
    for each in totals:
        heading = " ".join(sheet.outline.headings[each.place].lstrip(MARKS).split())
        name = names.get(each.place) or quoted(heading)
        unsure = None if each.agrees else "this total is not the sum of the rows above it"
        draft.add(f"  - {{where: {{{name}: {quoted(each.pattern)}}}, adds: {each.adds}}}", unsure)
    if len(sheet.rows) >= LOOKED_AT - sheet.outline.line - 1:
        draft.remark(f"only the first {LOOKED_AT} rows were looked at")
