"""What the XML of a sheet tells beside its values: errors, formulas never calculated, and what a format shows.

A format shows zeros in front, and a moment close before midnight a reader takes for the next day. A real parser reads
the XML (ECMA-376 part 1, 18.3.1.4), since programs write the same in many forms. The values are not read here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from bokslut.intake.sheets.letters import column_number

NOT_CALCULATED = "formula never calculated"
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# a number format that shows so many digits, zeros in front
ZEROS = re.compile(r"0{2,30}")
# in a number of days that a reader of milliseconds rounds up
NINES = "9999999"
# XML whose markup is ASCII: it says no other encoding, or UTF-8
AS_ASCII = re.compile(
    rb"(?:\xef\xbb\xbf)?<(?!\?xml[^>]*encoding)|(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"'](?i:utf-8)[\"']"
)
# what a mark is made of: an error, a formula, a number just before a whole one; and what can stand for any of them:
# references, entities, UTF-16. A few bytes that are always there, and where they stand, the form in full
MARKED = (
    (b'"e"', None),
    (b"'e'", None),
    (b"<f", re.compile(rb"<f[\s/>]")),
    (b":f", re.compile(rb":f[\s/>]")),
    (b".9999999", None),
    (b"9999999", re.compile(rb"9999999[0-9]*[eE]")),
    (b"&#", None),
    (b"<!", None),
    (b"\0", None),
)
# bytes at the end of a block that are looked at with the next one
LONGEST_MARK = 64
BLOCK = 1 << 20
Place = tuple[int, int]


@dataclass
class SheetMarks:
    """Cells by (row, column), both from 0. flawed: the error, or NOT_CALCULATED. padded: how many digits are shown.

    late: numbers within a hundredth of a second before a whole day.
    """

    flawed: dict[Place, str] = field(default_factory=dict)
    padded: dict[Place, int] = field(default_factory=dict)
    late: set[Place] = field(default_factory=set)


def marks_of(archive: zipfile.ZipFile, sheet: str) -> SheetMarks:
    """The marks of a sheet, by its name. Raises KeyError, ElementTree.ParseError and expat.ExpatError."""
    scan, part = _Scan(_padded_styles(archive)), _part(archive, sheet)
    if not scan.widths:
        with archive.open(part) as xml:
            if not _may_be_marked(xml):
                return scan.marks
    with archive.open(part) as xml:
        scan.read(xml)
    return scan.marks


def _may_be_marked(xml: IO[bytes]) -> bool:
    """Whether the bytes hold anything that a mark is made of. The whole is parsed, though nothing is looked at."""
    parser = _parser()
    rest = b""
    while block := xml.read(BLOCK):
        parser.Parse(block, False)
        if (not rest and not AS_ASCII.match(block)) or _holds_mark(rest + block):
            return True
        rest = block[-LONGEST_MARK:]
    parser.Parse(b"", True)
    return False


def _holds_mark(xml: bytes) -> bool:
    return any(sign in xml and (form is None or form.search(xml) is not None) for sign, form in MARKED)


def _parser() -> expat.XMLParserType:
    return expat.ParserCreate(namespace_separator=" ")


class _Scan:
    """The handlers of the parser: where it is in the sheet, and what it has found."""

    def __init__(self, widths: dict[str, int]) -> None:
        self.marks = SheetMarks()
        self.widths = widths
        self._row = self._column = -1
        self._kind, self._style = "n", ""
        self._is_formula = self._is_value = False
        self._value = ""

    def read(self, xml: IO[bytes]) -> None:
        parser = _parser()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        while block := xml.read(BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._place(attributes.get("r", ""))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._is_formula, self._value = False, ""
        elif local == "v":
            self._is_value = True
        elif local == "f":
            self._is_formula = True
        elif local == "row":
            row = attributes.get("r", "")
            self._row = int(row) - 1 if row.isascii() and row.isdigit() else self._row + 1
            self._column = -1

    def _place(self, reference: str) -> None:
        found = REFERENCE.fullmatch(reference)
        # a cell that does not say where it stands follows the one before it
        self._column += 1
        if found:
            self._row, self._column = int(found[2]) - 1, column_number(found[1]) - 1

    def _text(self, text: str) -> None:
        if self._is_value:
            self._value += text

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "v":
            self._is_value = False
        elif local == "c":
            place, value = (self._row, self._column), self._value.strip()
            if self._kind == "e":
                self.marks.flawed[place] = value or "error"
            elif not value:
                if self._is_formula and self._kind != "str":
                    self.marks.flawed[place] = NOT_CALCULATED
            elif self._kind == "n":
                if self._style in self.widths:
                    self.marks.padded[place] = self.widths[self._style]
                elif NINES in value and _is_late(value):
                    self.marks.late.add(place)


def _is_late(value: str) -> bool:
    try:
        return float(value) % 1 > 0.5
    except ValueError:
        return False


def _padded_styles(archive: zipfile.ZipFile) -> dict[str, int]:
    """The styles, by their number, whose number format shows zeros in front, and how many digits it shows."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    # the parser of the standard library expands no external entity, and expat limits the others
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    formats = {
        element.get("numFmtId", ""): len(element.get("formatCode", ""))
        for element in root.iter()
        if element.tag.endswith("}numFmt") and ZEROS.fullmatch(element.get("formatCode", ""))
    }
    cells = next((element for element in root if element.tag.endswith("}cellXfs")), ())
    styles = {str(number): element.get("numFmtId", "") for number, element in enumerate(cells)}
    return {style: formats[identity] for style, identity in styles.items() if identity in formats}


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the sheet's part in the archive, by the workbook's relations."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    identity = next(
        relation
        for element in book.iter()
        if element.tag.endswith("}sheet") and element.get("name") == sheet
        for key, relation in element.items()
        if key.endswith("}id")
    )
    target = next(element.get("Target", "") for element in relations if element.get("Id") == identity)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
