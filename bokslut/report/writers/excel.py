"""Write a report as an Excel workbook: a sheet a table, real numbers, and sheets that prove them.

Nothing is computed. Money stands in kronor, whole, however the report prints it. A text is a text: never a formula and
never a link. What is live is the sum of a column, where the report's total is that sum, and the comparison of each cell
with its figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import wrap

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range_abs, xl_rowcol_to_cell  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from bokslut.report.document import (
    Block,
    Callout,
    Chart,
    Column,
    Delta,
    Details,
    Inline,
    List,
    Number,
    Page,
    Report,
    Row,
    Strong,
    Table,
    plain,
)
from bokslut.report.formats import UNIT_NAMES
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import visible

CONTENTS, CONTROL, FIGURES = "Innehåll", "Kontroll", "Talkontroll"
LONGEST_NAME = 31
LONGEST_TEXT = 32_767
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
NARROWEST, SIDE, WIDEST = 9, 28, 60  # characters
FORMULA_SIGNS = ("=", "+", "-", "@")
AGREES, DIFFERS = "stämmer", "ändrad"
LINE, HIGHEST_ROW = 15, 409  # points
RIGHT: Mapping[str, object] = {"align": "right", "indent": 1}
HEAD_ROW = 3  # of a table, from 0; caption, page and an empty row stand above it


@dataclass(frozen=True)
class Placed:
    """A number in the workbook: the sheet by its name, the cell as in B4, the number of the report."""

    sheet: str
    cell: str
    number: Number


@dataclass(frozen=True)
class Control:
    """The proof as it stands on the sheet Kontroll.

    summary: what was counted, and how many. contradiction_heads, contradictions: what the sources contradict each
    other in, one row each.
    """

    summary: tuple[tuple[str, int], ...]
    contradiction_heads: tuple[str, ...]
    contradictions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Sheet:
    name: str
    page: Page
    table: Table


def write_excel(report: Report, control: Control | None, theme: Theme, path: Path) -> list[Placed]:
    """Write the workbook to path, and say where each number stands. The same report gives the same bytes."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(path, options) as workbook:
        workbook.set_properties(
            {
                "title": visible(report.title),
                "author": visible(report.organisation_name),
                "company": visible(report.organisation_name),
                "subject": visible(report.board_name),
                "created": datetime(report.fiscal_year, 12, 31, tzinfo=UTC),
            }
        )
        return _Writer(workbook, report, theme).write(control)


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each sheet that Excel takes: at most 31 characters, no two alike but for case."""
    used = {name.casefold() for name in taken} | {"history"}
    names = []
    for text in wanted:
        base = " ".join(FORBIDDEN.sub(" ", visible(text)).split()).strip("' ") or "Tabell"
        name, number = _cut(base, LONGEST_NAME), 1
        while name.casefold() in used:
            number += 1
            end = f" ({number})"
            name = _cut(base, LONGEST_NAME - len(end)) + end
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(name: str, length: int) -> str:
    """At most that many characters as Excel counts them: two for one beyond the basic plane."""
    while len(name.encode("utf-16-le")) // 2 > length:
        name = name[:-1]
    return name.rstrip("' ")


def tables(report: Report) -> list[tuple[Page, Table]]:
    """The tables in reading order. The table of a chart is left out where a table of the report says the same."""
    found = [(page, table, is_chart) for page in report.pages for table, is_chart in _tables(page.blocks)]
    stated = {_shape(table) for _, table, is_chart in found if not is_chart}
    return [(page, table) for page, table, is_chart in found if not is_chart or _shape(table) not in stated]


def _shape(table: Table) -> tuple[str, tuple[Column, ...], int]:
    return table.caption, table.columns, len(table.rows)


def _tables(blocks: Iterable[Block]) -> Iterator[tuple[Table, bool]]:
    for block in blocks:
        match block:
            case Table():
                yield block, False
            case Chart(table=table):
                yield table, True
            case Callout(children=children) | Details(children=children) | Row(children=children):
                yield from _tables(children)
            case List(items):
                for item in items:
                    yield from _tables(item)


class _Writer:
    """Fills one workbook."""

    def __init__(self, workbook: Workbook, report: Report, theme: Theme) -> None:
        self.workbook = workbook
        self.report = report
        self.theme = theme
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}
        found = tables(report)
        names = sheet_names((table.sheet or table.caption for _, table in found), (CONTENTS, CONTROL, FIGURES))
        self.sheets = [_Sheet(name, page, table) for name, (page, table) in zip(names, found, strict=True)]

    def write(self, control: Control | None) -> list[Placed]:
        contents = self.add_sheet(CONTENTS, "Innehåll")
        summary = self.add_sheet(CONTROL, "Kontroll")
        figures = self.add_sheet(FIGURES, "Kontroll av talen i filen")
        placed = [(sheet, place) for sheet in self.sheets for place in self.table(sheet)]
        proven = [(sheet, place) for sheet, place in placed if place.number.figure_key]
        self.contents(contents)
        self.control(summary, control or Control((), (), ()), len(proven))
        self.figures(figures, proven)
        return [place for _, place in placed]

    # ------------------------------------------------------------------------------------------------ sheets

    def add_sheet(self, name: str, title: str) -> Worksheet:
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        sheet.set_header(f"&L{_printed(self.report.organisation_name)}&R{_printed(self.report.title)}")
        sheet.set_footer("&L&A&RSida &P av &N")
        self.text(sheet, 0, 0, title, bold=True, font_size=14, font_color=self.theme.colours["accent"])
        return sheet

    def contents(self, sheet: Worksheet) -> None:
        report = self.report
        self.text(sheet, 1, 0, f"{report.title} · {report.organisation_name}, {report.board_name}", **self.muted)
        self.heads(sheet, HEAD_ROW, ["Blad", "Tabell", "Sida"])
        rows = [
            (CONTROL, "Vad som är bevisat, och vad källorna motsäger varandra i", ""),
            (FIGURES, "Varje tal i filen, jämfört med det värde som är bevisat", ""),
        ]
        widths = (32, WIDEST, 40)
        rows += [(one.name, one.table.caption, one.page.plain_title) for one in self.sheets]
        for row, (name, caption, page) in enumerate(rows, HEAD_ROW + 1):
            self.link(sheet, row, 0, name, "A1", name)
            self.text(sheet, row, 1, caption, text_wrap=True)
            self.text(sheet, row, 2, page, text_wrap=True)
            self.fit(sheet, row, [name, caption, page], widths)
        self.finish(sheet, widths, rows=len(rows), columns=3)

    def table(self, one: _Sheet) -> Iterator[Placed]:
        table = one.table
        sheet = self.add_sheet(one.name, table.caption)
        self.link(sheet, 1, 0, CONTENTS, "A1", "Till innehållet")
        self.text(sheet, 1, 1, f"Från sidan {one.page.plain_title}", **self.muted)
        rows = _all_rows(table)
        heads = [_head(column, [row[index] for row in rows]) for index, column in enumerate(table.columns)]
        self.heads(sheet, HEAD_ROW, heads, [column.is_number for column in table.columns])
        first = HEAD_ROW + 1
        for row, cells in enumerate(table.rows, first):
            for column, cell in enumerate(cells):
                yield from self.cell(sheet, one.name, row, column, cell, table.columns[column])
        last = first + len(table.rows)
        for column, cell in enumerate(table.total or ()):
            sums = (
                f"=SUM({xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last - 1, column)})"
                if table.rows and table.is_live[column : column + 1] == (True,)
                else ""
            )
            yield from self.cell(
                sheet, one.name, last, column, cell, table.columns[column], formula=sums, is_total=True
            )
        widths = [
            _width(head, column, [row[index] for row in rows])
            for index, (head, column) in enumerate(zip(heads, table.columns, strict=True))
        ]
        for row, texts in enumerate([heads, *([plain(cell) for cell in cells] for cells in rows)], HEAD_ROW):
            self.fit(sheet, row, texts, widths)
        self.finish(sheet, widths, rows=len(table.rows), columns=len(table.columns))

    def cell(
        self,
        sheet: Worksheet,
        name: str,
        row: int,
        column: int,
        cell: Sequence[Inline],
        head: Column,
        *,
        formula: str = "",
        is_total: bool = False,
    ) -> Iterator[Placed]:
        """Write one cell of a table: a number alone is a number, all else is a text."""
        look: dict[str, object] = {"bold": True, "top": 1, "top_color": self.theme.colours["ink"]} if is_total else {}
        number = _number(cell)
        if number is None or number.value is None:
            aligned = RIGHT if head.is_number else {}
            self.text(sheet, row, column, plain(tuple(cell)), **look, **aligned, text_wrap=True)
            return
        value = _shown(number)
        form = self.format(**look, **RIGHT, num_format=_number_format(number, head))
        if formula:
            sheet.write_formula(row, column, formula, form, float(value))
        else:
            sheet.write_number(row, column, float(value), form)
        yield Placed(name, xl_rowcol_to_cell(row, column), number)

    def control(self, sheet: Worksheet, control: Control, count: int) -> None:
        """How many cells still say what was proven, what else was counted, and what the sources contradict."""
        colours = self.theme.colours
        self.text(
            sheet, 1, 0, "Ändras ett tal i ett blad, ändras raden om det här och i bladet " + FIGURES, **self.muted
        )
        self.heads(sheet, HEAD_ROW, ["Vad", "Antal"], [False, True])
        row = HEAD_ROW + 1
        verdicts = f"{_quoted(FIGURES)}!{xl_range_abs(HEAD_ROW + 1, 8, HEAD_ROW + max(1, count), 8)}"
        for what, verdict, found in (
            ("Tal i filen som är det bevisade värdet", AGREES, count),
            ("Tal i filen som är ändrade", DIFFERS, 0),
        ):
            self.text(sheet, row, 0, what, bold=True)
            sheet.write_formula(row, 1, f'=COUNTIF({verdicts},"{verdict}")', self.format(**RIGHT, bold=True), found)
            row += 1
        for what, found in control.summary:
            self.text(sheet, row, 0, what, text_wrap=True)
            sheet.write_number(row, 1, found, self.format(**RIGHT, num_format="#,##0"))
            row += 1
        if control.contradictions:
            self.text(sheet, row + 1, 0, "Motsägelser i källorna", bold=True, font_color=colours["accent"])
            self.heads(sheet, row + 2, control.contradiction_heads)
            widths = [WIDEST, *(SIDE for _ in control.contradiction_heads[1:])]
            for below, cells in enumerate(control.contradictions, row + 3):
                self.fit(sheet, below, cells, widths)
                for column, text in enumerate(cells):
                    self.text(sheet, below, column, text, text_wrap=True)
        sheet.set_column(0, 0, WIDEST)
        sheet.set_column(1, max(1, len(control.contradiction_heads) - 1), SIDE)

    def figures(self, sheet: Worksheet, proven: Sequence[tuple[_Sheet, Placed]]) -> None:
        """Each figure in the workbook: where it stands, what was proven, and whether the cell still says it."""
        self.text(sheet, 1, 0, "Varje tal som är en figur i facit, och cellen där det står.", **self.muted)
        heads = ["Figur", "År", "Blad", "Cell", "Rad", "Kolumn", "Enhet", "Bevisat värde", "Utfall"]
        self.heads(sheet, HEAD_ROW, heads, [head == "Bevisat värde" for head in heads])
        for row, (one, place) in enumerate(proven, HEAD_ROW + 1):
            number, table = place.number, one.table
            line, column = xl_cell_to_rowcol(place.cell)
            self.text(sheet, row, 0, number.figure_key or "")
            sheet.write_number(row, 1, number.fiscal_year or self.report.fiscal_year, self.format(align="left"))
            self.text(sheet, row, 2, place.sheet)
            self.link(sheet, row, 3, place.sheet, place.cell, place.cell)
            self.text(sheet, row, 4, plain(_all_rows(table)[line - HEAD_ROW - 1][0]))
            self.text(sheet, row, 5, table.columns[column].title)
            self.text(sheet, row, 6, UNIT_NAMES.get(number.unit, number.unit))
            sheet.write_number(row, 7, float(_shown(number)), self.format(**RIGHT, num_format=number.number_format))
            cell, value = f"{_quoted(place.sheet)}!{place.cell}", xl_rowcol_to_cell(row, 7)
            same = f'IF(ROUND({cell}-{value},6)=0,"{AGREES}","{DIFFERS}")'
            sheet.write_formula(row, 8, f'=IF(ISNUMBER({cell}),{same},"{DIFFERS}")', self.format(), AGREES)
        alarm = self.format(bold=True, font_color=self.theme.lights["red"].colour)
        rule = {"type": "cell", "criteria": "==", "value": f'"{DIFFERS}"', "format": alarm}
        sheet.conditional_format(HEAD_ROW + 1, 8, HEAD_ROW + max(1, len(proven)), 8, rule)
        self.finish(sheet, [42, 8, 26, 9, 34, 26, 16, 18, 12], rows=len(proven), columns=9)

    # ------------------------------------------------------------------------------------------------ parts

    @property
    def muted(self) -> dict[str, object]:
        return {"font_color": self.theme.colours["muted"]}

    def format(self, **look: object) -> Format:
        """The format of that look, made once."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"valign": "top", "font_name": "Calibri", **look})
        return self.formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **look: object) -> None:
        """A text as a text, also after someone has been in the cell: what looks like a formula is marked as quoted."""
        shown = visible(text)
        shown = shown if len(shown) <= LONGEST_TEXT else f"{shown[: LONGEST_TEXT - 1]}…"
        if shown.startswith(FORMULA_SIGNS):
            look["quote_prefix"] = True
        sheet.write_string(row, column, shown, self.format(**look))

    def link(self, sheet: Worksheet, row: int, column: int, name: str, cell: str, text: str) -> None:
        look = self.format(font_color=self.theme.colours["accent"], underline=1)
        sheet.write_url(row, column, f"internal:{_quoted(name)}!{cell}", look, text)

    def heads(self, sheet: Worksheet, row: int, heads: Sequence[str], is_number: Sequence[bool] = ()) -> None:
        colours = self.theme.colours
        look = {"bold": True, "text_wrap": True, "bg_color": colours["panel"], "bottom": 2}
        for column, head in enumerate(heads):
            aligned = RIGHT if any(is_number[column : column + 1]) else {}
            self.text(sheet, row, column, head, **look, **aligned, bottom_color=colours["accent"])

    def fit(self, sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
        """Make a row as high as its lines, which not every program does by itself."""
        lines = max((_lines(text, int(width)) for text, width in zip(texts, widths, strict=False)), default=1)
        if lines > 1:
            sheet.set_row(row, min(HIGHEST_ROW, lines * LINE))

    def finish(self, sheet: Worksheet, widths: Sequence[float], rows: int, columns: int) -> None:
        """Widths, the frozen head that is repeated on every page, and the filter over the rows but not the total."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(HEAD_ROW + 1, 1)
        sheet.repeat_rows(HEAD_ROW)
        if rows and columns:
            sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + rows, columns - 1)


def _number(cell: Sequence[Inline]) -> Number | None:
    """The number of a cell that holds nothing else."""
    match tuple(cell):
        case (Number() as number,) | (Delta(Number() as number),):
            return number
        case (Strong(children),):
            return _number(children)
    return None


def _shown(number: Number) -> Decimal:
    """The value with the sign that the report prints."""
    return (number.value or Decimal(0)) * number.sign


def _head(column: Column, cells: Sequence[Sequence[Inline]]) -> str:
    """The head of a column, with the unit in which its cells stand."""
    known = [number for number in map(_number, cells) if number is not None and number.value is not None]
    unit = column.unit
    if unit and any(number.scale != 1 for number in known):
        unit = "kr" if all(number.unit == "sek" for number in known) else ""
    return f"{column.title} ({unit})" if unit else column.title


def _number_format(number: Number, head: Column) -> str:
    """The number's format; its unit stands in the cell where the head does not say it."""
    unit = "" if head.unit else number.suffix.strip()
    if not unit or '"' in number.number_format:
        return number.number_format
    if number.scale != 1 or number.unit == "sek":
        unit = "kr" if number.unit == "sek" else ""
    return f'{number.number_format}" {unit.replace(chr(34), "")}"' if unit else number.number_format


def _width(head: str, column: Column, cells: Sequence[Sequence[Inline]]) -> float:
    """The width of a column in characters: of the longest text, within reason."""
    longest = max((_length(cell, column) for cell in cells), default=0)
    return min(WIDEST, max(NARROWEST, longest + 2, max(map(len, head.split()), default=0) + 4))


def _length(cell: Sequence[Inline], column: Column) -> int:
    number = _number(cell)
    if number is not None and number.value is not None:
        form = _number_format(number, column)
        decimals, unit = len(form.partition('"')[0].partition(".")[2]), "".join(re.findall(r'"([^"]*)"', form))
        return len(f"{_shown(number):,.{decimals}f}{unit}")
    return max((len(line) for line in plain(tuple(cell)).splitlines()), default=0)


def _all_rows(table: Table) -> list[tuple[tuple[Inline, ...], ...]]:
    return [*table.rows, *([table.total] if table.total else [])]


def _lines(text: str, width: int) -> int:
    return sum(max(1, len(wrap(line, width))) for line in visible(text).splitlines())


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _printed(text: str) -> str:
    """A text for the head of printed pages, where & begins a command and 255 characters are the limit."""
    return visible(text)[:60].replace("\n", " ").replace("&", "&&")
