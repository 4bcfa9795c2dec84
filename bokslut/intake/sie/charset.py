"""Look at a file's bytes before it is read: is it a SIE file at all, and in which character set are its letters.

Source: the specification, section 5.8, wants code page 437 and #FORMAT PC8; programs write UTF-8 and Windows-1252 under
the same declaration. The file is read once in blocks; where its bytes fit two sets, once more line by line. No record
is read here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sie.letters import not_utf8, weigh

BLOCK = 1 << 19
UTF8_MARK = b"\xef\xbb\xbf"
# å ä Å Ä Ö é É ü in the two one-byte character sets; ö of cp437 is a quotation mark in cp1252, and tells nothing alone
CP437_LETTERS = frozenset([0x86, 0x84, 0x8F, 0x8E, 0x99, 0x82, 0x90, 0x81])
CP1252_LETTERS = frozenset([0xE5, 0xE4, 0xF6, 0xC5, 0xC4, 0xD6, 0xE9, 0xC9, 0xFC])
QUOTES_1252 = frozenset([0x93, 0x94])
BOXES_437 = frozenset(range(0xB0, 0xE0))
STARTS_UTF8 = frozenset([0xC2, 0xC3])
ASCII = bytes(range(128))
# a control character U+0080-U+009F: a quotation mark or dash of cp1252 that was read as latin-1
LOST_MARK = re.compile(b"\xc2[\x80-\x9f]")
# UTF-8 that was once read as another character set and saved again: Ã in front of a letter, or the box sign ├
TWICE_ENCODED = (b"\xc3\x83\xc2", b"\xc3\x83\xe2", b"\xe2\x94\x9c")
OTHER_THINGS = (
    (b"PK\x03\x04", "this is a zip or Excel file, not SIE", "import it with its own ending (.xlsx), or export SIE"),
    (b"\xd0\xcf\x11\xe0", "this is an old Excel file, not SIE", "export the ledger as SIE type 4"),
    (b"%PDF", "this is a PDF, not SIE", "export the ledger as SIE type 4"),
    (b"\xff\xfe", "the file is UTF-16", "save it as UTF-8, or export it again with code page 437 (PC8)"),
    (b"\xfe\xff", "the file is UTF-16", "save it as UTF-8, or export it again with code page 437 (PC8)"),
)
PAGES = (b"<!doctype", b"<html", b"<head", b"<body")


@dataclass(frozen=True)
class Charset:
    """The character set that was found. name: a Python codec. has_mark: a byte order mark stands first."""

    name: str
    has_mark: bool = False


def detect(path: Path) -> Charset:
    """The character set of a SIE file: cp437, utf-8 or cp1252; pure ASCII counts as the declared cp437.

    Raises RefusedError for a missing or empty file, a NUL byte, a saved web page, an Excel file, and letters that fit
    no character set or two.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1024)
            _refuse_other_things(path, head)
            file.seek(0)
            return _letters(path, iter(lambda: file.read(BLOCK), b""), head.startswith(UTF8_MARK))
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(path, f"the file cannot be read: {reason}", "check the file's name and its rights") from None


def _refuse_other_things(path: Path, head: bytes) -> None:
    if not head.removeprefix(UTF8_MARK).strip(b" \t\r\n\x1a"):
        raise _refused(path, "the file is empty", "export it again")
    for mark, what, do in OTHER_THINGS:
        if head.startswith(mark):
            raise _refused(path, what, do)
    start = head.removeprefix(UTF8_MARK).lstrip().lower()
    if start.startswith(PAGES):
        raise _refused(
            path, "this is a saved web page, not SIE", "download the file itself, not the page with its link", 1
        )
    if start.startswith(b"<?xml"):
        raise _refused(path, "this is XML; SIE 5 is another format", "export the ledger as SIE type 4", 1)
    if not start.startswith(b"#") and b"\x00" not in head:
        raise _refused(path, "a SIE file begins with #FLAGGA", "export the ledger as SIE type 4", 1)


def _letters(path: Path, blocks: Iterator[bytes], has_mark: bool) -> Charset:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_ascii, twice, lost = True, True, False, 0
    lines = 0
    high: set[int] = set()
    tail = b""
    for block in blocks:
        if (place := block.find(b"\x00")) >= 0:
            line = lines + block.count(b"\n", 0, place) + 1
            raise _refused(path, "a NUL byte: the file is damaged or not a text", "export it again", line)
        if not block.isascii():
            is_ascii = False
            high.update(block.translate(None, ASCII))
            if is_utf8 and not lost and (mark := LOST_MARK.search(block)):
                lost = lines + block.count(b"\n", 0, mark.start()) + 1
            twice = twice or any(mark in tail + block for mark in TWICE_ENCODED)
        tail = block[-2:]
        lines += block.count(b"\n")
        if is_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    if has_mark and not is_utf8:
        raise not_utf8(path)
    if has_mark or (is_utf8 and not is_ascii):
        if twice:
            raise _refused(
                path,
                "letters were saved in the wrong character set before ('Ã¤' or '├ñ' where 'ä' belongs)",
                "export it from the ledger again and do not open it in between",
            )
        if lost:
            what = "a control character where a quotation mark or dash was, lost in a wrong character set before"
            raise _refused(path, what, "export it from the ledger again", lost)
        return Charset("utf-8", has_mark)
    return Charset("cp437" if is_ascii else _one_byte(high) or weigh(path))


def _one_byte(high: set[int]) -> str | None:
    """The character set that bytes above ASCII speak for, each by itself; None where their neighbours decide."""
    if high & CP437_LETTERS and not high & (CP1252_LETTERS | BOXES_437 | {0x93}):
        return "cp437"
    if high & CP1252_LETTERS and not high & (CP437_LETTERS | QUOTES_1252 | STARTS_UTF8):
        return "cp1252"
    return None


def _refused(path: Path, what: str, do: str, line: int | None = None) -> RefusedError:
    return RefusedError([Finding(path, what, do, line)])
