"""Read a finished report (.txt .md .html .docx .pdf) as lines of text. Numerals are not looked for here.

The text is what a reader of the document sees: composed Unicode, invisible characters dropped, raised digits (footnote
marks, m²) as raised characters, table cells of one row on one line with a tab between them. Headers and footers of a
Word document, its table of contents, drawings (svg) and pictures are not read, and a scan is not recognised: it is
refused. Where a Word document holds text in content controls with a tag, it is told which text that is.
"""

from __future__ import annotations

import html
import re
import unicodedata
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 100_000_000  # bytes; a report is some megabytes
# soft hyphen, zero width space and joiners, word joiner, byte order mark: in a text they show as nothing
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LINK_TARGET = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
# elements that begin and end a line; a cell does not, so that a row is one
INLINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|output|q|s|samp|small|span|strong|sub|sup"
    "|td|th|time|u|var|wbr"
)
# noncharacters, which no text may hold: around the tag and number of a content control, and after what it holds
OPEN, NAMED, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
OWN_SIGNS = str.maketrans(dict.fromkeys((OPEN, NAMED, CLOSE)))
MARKED = re.compile(f"{OPEN}(?P<number>[^ {NAMED}]*) (?P<tag>[^{NAMED}]*){NAMED}|{CLOSE}")
# what shows no text of the document; a nav leads to pages, whose titles may hold numerals
UNSEEN = frozenset(["script", "style", "template", "noscript", "svg", "head", "nav"])


class DocumentError(Exception):
    """The document cannot be read; the message is one line that says what is wrong and what to do."""


@dataclass(frozen=True)
class Mark:
    """What a tagged content control holds: the characters from start to before end. number: its id, None without."""

    start: int
    end: int
    tag: str
    number: int | None


@dataclass(frozen=True)
class Document:
    """A document as text.

    name: the file as the user named it. text: all of it; a line ends with a line feed, the last one of a page with a
    form feed. line_starts: offset of each line. pages: the page of each line (from 1), None where the file shows no
    pages. marks: the tagged content controls, by start.
    """

    name: str
    text: str
    line_starts: tuple[int, ...]
    pages: tuple[int, ...] | None
    marks: tuple[Mark, ...] = ()

    def line_number(self, offset: int) -> int:
        """The line (from 1) in which the character at the offset stands."""
        return bisect_right(self.line_starts, offset)

    def page_number(self, offset: int) -> int | None:
        """The page (from 1) of that character, None where there are no pages."""
        return self.pages[self.line_number(offset) - 1] if self.pages else None

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line feed."""
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[self.line_starts[number - 1] : end]


def read_document(path: Path) -> Document:
    """Read the file. Raises DocumentError: not there, unknown kind, empty, too large, binary, broken, no text."""
    reader = READERS.get(path.suffix.lower())
    if not path.exists():
        raise DocumentError(f"{path}: no such file")
    if not path.is_file():
        raise DocumentError(f"{path}: not a file")
    if reader is None:
        raise DocumentError(f"{path}: unknown kind of file - known are {' '.join(READERS)}")
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror})") from error
    if content is None:
        raise DocumentError(f"{path}: larger than {LARGEST // 1_000_000} MB, which no report is")
    if not content:
        raise DocumentError(f"{path}: the file is empty")
    document = build_document(str(path), reader(path, content))
    if not document.text.strip():
        raise DocumentError(f"{path}: holds no text")
    return document


def build_document(name: str, text: str) -> Document:
    """A document from its text. A form feed ends a page; a text without any has no pages."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    text, marks = _marked(re.sub("[\u0085\u2028\u2029\v]", "\n", text))
    starts, pages = [0], [1]
    for match in re.finditer("[\n\f]", text):
        starts.append(match.end())
        pages.append(pages[-1] + (match.group() == "\f"))
    return Document(name, text, tuple(starts), tuple(pages) if "\f" in text else None, marks)


def _marked(text: str) -> tuple[str, tuple[Mark, ...]]:
    """The text without the signs around what content controls hold, and where each of them stands in it."""
    parts: list[str] = []
    marks: list[Mark] = []
    begun: list[tuple[int, str, int | None]] = []
    length = last = 0
    for match in MARKED.finditer(text):
        parts.append(text[last : match.start()])
        length += len(parts[-1])
        last = match.end()
        if match.group() != CLOSE:
            is_number = re.fullmatch("-?[0-9]{1,10}", match["number"])
            begun.append((length, match["tag"], int(match["number"]) if is_number else None))
        elif begun:
            start, tag, number = begun.pop()
            marks.append(Mark(start, length, tag, number))
    parts.append(text[last:])
    return "".join(parts).translate(OWN_SIGNS), tuple(sorted(marks, key=lambda mark: mark.start))


def _decoded(path: Path, content: bytes) -> str:
    if b"\0" in content:
        raise DocumentError(f"{path}: a binary file, or text that is not UTF-8 - save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not UTF-8 (byte {error.start}) - save it as UTF-8") from error


def _read_markdown(path: Path, content: bytes) -> str:
    """The text as written, but for where its links and pictures lead, which a reader does not see."""
    return html.unescape(LINK_TARGET.sub("]", _decoded(path, content)))


def _read_html(path: Path, content: bytes) -> str:
    from bs4 import BeautifulSoup  # a tenth of a second that other kinds need not spend

    try:
        soup = BeautifulSoup(_decoded(path, content), "html.parser")
        text = "".join(_html_parts(soup, raised=False, kept=False))
    except RecursionError as error:
        raise DocumentError(f"{path}: its elements are nested too deep to be a report") from error
    # spaces beside a line end, and of the source's indentation, are not seen; a line end in the source is a space
    return re.sub(r"\n[ \n]+", "\n", re.sub(r"[ ]*\n", "\n", re.sub(r"[ ]{2,}", " ", text)))


def _html_parts(node: Any, *, raised: bool, kept: bool) -> Iterator[str]:
    for child in node.children:
        if child.name is None:
            if getattr(child, "PREFIX", ""):
                continue  # a comment or a declaration
            text = str(child) if kept else re.sub(r"[ \t\r\n\f]+", " ", str(child))
            yield text.translate(RAISED) if raised else text
        elif child.name in UNSEEN or child.has_attr("hidden"):
            continue
        elif child.name == "br":
            yield "\n"
        else:
            edge = "" if INLINE.fullmatch(child.name) else "\n"
            yield edge
            yield from _html_parts(child, raised=raised or child.name == "sup", kept=kept or child.name == "pre")
            yield "\t" if child.name in ("td", "th") else edge


def _read_docx(path: Path, content: bytes) -> str:
    import io

    import docx
    from docx.opc.exceptions import OpcError

    try:
        main = docx.Document(io.BytesIO(content)).part
        lines = list(_docx_lines(main.element.body))
        for relation in main.rels.values():
            if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
                lines.extend(_docx_lines(_parsed(relation.target_part.blob)))
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, AttributeError) as error:
        raise DocumentError(f"{path}: not a Word document that can be read") from error
    return "\n".join(lines)


def _parsed(blob: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(blob)


def _local(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _docx_lines(parent: Any) -> Iterator[str]:
    """The lines below a block: paragraphs, one line a table row, what content controls and text boxes hold."""
    for child in parent:
        name = _local(child)
        if name == "p":
            yield from "".join(_docx_parts(child)).split("\n")
            for box in _text_boxes(child):
                yield from _docx_lines(box)
        elif name == "tr":
            yield "\t".join(" ".join(_docx_lines(cell)) for cell in _cells(child))
        elif name not in ("del", "moveFrom", "sectPr") and not _is_contents(child):
            yield from _docx_lines(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if _local(child) == "tc":
            # a cell that continues a merged one above holds an empty paragraph
            yield child
        elif _local(child) in ("sdt", "sdtContent", "ins"):
            yield from _cells(child)


def _text_boxes(element: Any) -> Iterator[Any]:
    for child in element:
        name = _local(child)
        if name == "txbxContent":
            yield child
        elif name != "Fallback":
            yield from _text_boxes(child)


def _docx_parts(element: Any) -> Iterator[str]:
    for child in element:
        name = _local(child)
        if name == "t":
            text = child.text or ""
            yield text.translate(OWN_SIGNS).translate(RAISED if _is_raised(element) else {})
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "sdt" and (tag := _property(child, "tag")):
            yield f"{OPEN}{_property(child, 'id').strip()} {tag.translate(OWN_SIGNS)}{NAMED}"
            yield from _docx_parts(child)
            yield CLOSE
        elif name not in ("pPr", "rPr", "sdtPr", "del", "moveFrom", "instrText", "txbxContent", "Fallback"):
            yield from _docx_parts(child)


def _property(control: Any, wanted: str) -> str:
    """A property of a content control, empty where it has none."""
    for properties in control:
        if _local(properties) == "sdtPr":
            for child in properties:
                if _local(child) == wanted:
                    return next(iter(child.attrib.values()), "")
    return ""


def _is_contents(element: Any) -> bool:
    """Whether it is a table of contents that Word made: headings again, with the numbers of their pages."""
    return _local(element) == "sdt" and any(
        _local(child) == "docPartGallery" and "Table of Contents" in child.attrib.values() for child in element.iter()
    )


def _is_raised(run: Any) -> bool:
    return any(
        _local(mark) == "vertAlign" and any(value == "superscript" for value in mark.attrib.values())
        for properties in run
        if _local(properties) == "rPr"
        for mark in properties
    )


def _read_pdf(path: Path, content: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(content)
        try:
            pages = [page.get_textpage().get_text_range() for page in pdf]
        finally:
            pdf.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"{path}: not a PDF that can be read (broken, or locked by a password)") from error
    if not any(page.strip() for page in pages):
        raise DocumentError(f"{path}: a PDF without text, probably a scan - recognise its text first")
    # pdfium shows a hyphen at the end of a line by one of these, though it can be a minus
    return "\f".join(re.sub("[\ufffe\u0002]", "-", page) for page in pages)


READERS: Mapping[str, Callable[[Path, bytes], str]] = {
    ".txt": _decoded,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
}
