"""The workbook of a new municipality: a sheet a list, with Swedish headings and help, and lists to choose from.

Nothing is read here. The bytes are the same for the same seeds.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import wrap

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from bokslut.intake.described import DescribedColumn, DescribedSeed

FIRST_SHEET = "Läs mig"
MADE = datetime(2000, 1, 1, tzinfo=UTC)
HEADING, HELP, TECHNICAL, FIRST_ROW, LAST_ROW = 0, 1, 2, 3, 5000
# Excel takes no longer list of choices, and no longer message
LONGEST_CHOICES, LONGEST_MESSAGE, LONGEST_TITLE = 255, 255, 32
NARROWEST, WIDEST = 14, 40  # characters
LINE = 12  # points, of the help
A4 = 9  # the number of the paper in Excel
BEGIN = ("organisations", "boards", "activity_codes")
KINDS = {
    "id": "Kod eller kortnamn: bokstäver a–z, siffror och . _ / -",
    "text": "Text på en rad",
    "integer": "Heltal",
    "year": "År, fyra siffror",
    "date": "Datum, till exempel 2024-12-31",
    "decimal": "Tal",
    "amount": "Belopp; vilket tecken det har står i COLUMNS.md",
    "scale": "Beloppets enhet",
    "enum": "Välj ett av värdena",
    "boolean": "true eller false",
}
INTRODUCTION = (
    "Så här används arbetsboken",
    "Varje flik är en lista. Raderna 1 och 2 på en flik förklarar kolumnerna, rad 3 har deras tekniska namn och från"
    " rad 4 fyller du i. Ändra inte rad 3.",
    "Börja med organisations (kommunen), boards (nämnderna) och activity_codes (verksamhetskoderna). Det räcker för att"
    " läsa in en huvudbok. Övriga flikar fylls i när de behövs, och en tom lista är ingen brist.",
    "Koder med nollor först (012) skrivs som text; cellerna är redan inställda på det.",
    "",
    "Så här sparas listorna",
    "Spara arbetsboken som .xlsx och kör: bokslut init MAPP --from ARBETSBOK. Då skrivs alla listor på en gång.",
    "Vill du hellre spara en lista själv som CSV UTF-8: ta först bort raderna 1 och 2, så att de tekniska namnen står"
    " överst. Spara under flikens namn, till exempel boards.csv. I LibreOffice väljer du teckenkodning UTF-8 och komma"
    " som fältavgränsare. Excel på svenska skriver semikolon och en osynlig markering först i filen, och en sådan fil"
    " avvisas: öppna den i en textredigerare, eller låt bokslut init läsa arbetsboken.",
    "Tal i CSV skrivs med punkt och utan mellanrum (-1234.5), datum som 2024-12-31.",
    "Kontrollera med: bokslut check",
    "",
    "Flikarna",
)


def workbook(seeds: Sequence[DescribedSeed]) -> bytes:
    """The workbook as bytes: the sheet Läs mig, then a sheet a seed, named as the seed."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Listor för en kommun", "created": MADE})
    _write_introduction(book, _sheet(book, FIRST_SHEET), seeds)
    for seed in seeds:
        _write_sheet(book, _sheet(book, seed.name), seed)
    book.close()
    return buffer.getvalue()


def help_text(told: DescribedColumn) -> str:
    """What a column takes, in Swedish."""
    parts = [f"{KINDS[told.column.kind]}."]
    if told.values:
        # several rows of a reference list can have the same value
        chosen = ", ".join(dict.fromkeys(f"{each.value} {each.name}".strip() for each in told.values))
        parts = [f"Ett av: {chosen}."]
    if told.refers_to:
        parts.append(f"Finns på fliken {' och '.join(told.refers_to)}.")
    if told.column.scale_column:
        parts.append(f"Enheten står i {told.column.scale_column}.")
    parts.append("Måste fyllas i." if told.column.required else "Kan lämnas tom.")
    return " ".join(parts)


def _sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet that is printed whole on the width of a lying page."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    return sheet


def _write_introduction(book: Workbook, sheet: Worksheet, seeds: Sequence[DescribedSeed]) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"font_color": "#0b5394", "underline": 1, "valign": "top"})
    headings = {text for text, before in zip(INTRODUCTION, ("", *INTRODUCTION), strict=False) if not before}
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    for row, text in enumerate(INTRODUCTION):
        if text in headings:
            sheet.write_string(row, 0, text, bold)
        else:
            sheet.merge_range(row, 0, row, 1, text, wrapped)
            sheet.set_row(row, 15 * (1 + len(text) // 110))
    names = {seed.name: {each.column.name: each.swedish for each in seed.columns} for seed in seeds}
    for row, seed in enumerate(seeds, start=len(INTRODUCTION)):
        key = ", ".join(names[seed.name][column] for column in seed.declaration.key).lower()
        begin = " Börja här." if seed.name in BEGIN else ""
        sheet.write_url(row, 0, f"internal:'{seed.name}'!A{FIRST_ROW + 1}", link, seed.name)
        sheet.write_string(row, 1, f"{seed.swedish}. En rad för varje {key}.{begin}", wrapped)
        sheet.set_row(row, 15 * (1 + len(seed.swedish + key) // 80))
    sheet.hide_gridlines(2)


def _write_sheet(book: Workbook, sheet: Worksheet, seed: DescribedSeed) -> None:
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#e8eef4"})
    helping = book.add_format({"text_wrap": True, "valign": "top", "font_size": 9, "bg_color": "#f4f7fa"})
    technical = book.add_format({"italic": True, "bottom": 1})
    as_text = book.add_format({"num_format": "@"})
    lines = 1
    for place, told in enumerate(seed.columns):
        width = min(max(NARROWEST, len(told.column.name) + 2, len(told.swedish) + 3, len(help_text(told)) // 6), WIDEST)
        sheet.set_column(place, place, width, as_text if told.column.kind in ("id", "text", "enum") else None)
        sheet.write_string(HEADING, place, told.swedish + (" *" if told.column.required else ""), heading)
        sheet.write_string(HELP, place, help_text(told), helping)
        lines = max(lines, len(wrap(help_text(told), width * 5 // 4)))
        sheet.write_string(TECHNICAL, place, told.column.name, technical)
        choices = list(dict.fromkeys(each.value for each in told.values))
        message = {"input_title": told.swedish[:LONGEST_TITLE], "input_message": help_text(told)[:LONGEST_MESSAGE]}
        if choices and len(",".join(choices)) <= LONGEST_CHOICES:
            wrong = {"error_title": "Okänt värde", "error_message": "Välj ett av värdena i listan."}
            sheet.data_validation(
                FIRST_ROW, place, LAST_ROW, place, {"validate": "list", "source": choices} | message | wrong
            )
        else:
            sheet.data_validation(FIRST_ROW, place, LAST_ROW, place, {"validate": "any"} | message)
    sheet.set_row(HEADING, 32)
    sheet.set_row(HELP, LINE * (lines + 1))
    sheet.freeze_panes(FIRST_ROW, 0)
