"""The encoding of a text file: declared, or found by which letters come out. The text is not parsed here.

Sources: code page 437 (å 86, ä 84, ö 94, Å 8F, Ä 8E, Ö 99) and Windows-1252 (å E5, ä E4, ö F6, Å C5, Ä C4, Ö D6).
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.findings import Finding, RefusedError

BLOCK = 1 << 20
ASCII = bytes(range(128))
MOST_FINDINGS = 1000
# å ä ö Å Ä Ö é ü
LETTERS_1252 = bytes.fromhex("e5e4f6c5c4d6e9fc")
LETTERS_437 = bytes.fromhex("8684948f8e998281")
# of these the other code page makes signs that no Swedish text has (†, Ž, ™ and a hole)
ONLY_437 = bytes.fromhex("868f8e99")
# € … ‘ ’ “ – — no-break space § ° ² ´ ½
SIGNS_1252 = bytes.fromhex("80859192939697a0a7b0b2b4bd")
NAMES = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "cp1252": "cp1252",
    "windows-1252": "cp1252",
    "ansi": "cp1252",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "cp437": "cp437",
    "ibm437": "cp437",
    "pc8": "cp437",
}


@dataclass(frozen=True)
class Encoding:
    """name: as reported. codec: as Python decodes it. is_certain: False where the bytes allow another encoding."""

    name: str
    codec: str
    is_certain: bool = True


def encoding_of(path: Path, declared: str | None) -> Encoding:
    """The encoding of the file; what is declared is believed. Raises RefusedError for an unknown name."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if declared is not None:
        name = NAMES.get(declared.strip().lower().replace("_", "-"))
        if name is None:
            known = ", ".join(dict.fromkeys(NAMES.values()))
            raise RefusedError([Finding(path, "is declared in an unknown encoding", f"use {known}", value=declared)])
        return Encoding(name, _codec(name, head))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_wide(head):
        return Encoding("utf-16", _codec("utf-16", head))
    if _is_utf8(path):
        return Encoding("utf-8", _codec("utf-8", head))
    return _code_page(path)


def lines_of(path: Path, encoding: Encoding) -> Iterator[str]:
    """The lines with their line ends (LF, CR LF or CR) as they stand.

    Raises RefusedError with each line that cannot be decoded.
    """
    try:
        with path.open(encoding=encoding.codec, newline="") as file:
            yield from file
    except UnicodeError:
        raise RefusedError(list(_undecodable(path, encoding))) from None


def _undecodable(path: Path, encoding: Encoding) -> Iterator[Finding]:
    found = 0
    with path.open(encoding=encoding.codec, newline="", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            at = line.find("\ufffd")
            if at < 0:
                continue
            what = f"cannot be read as {encoding.name}"
            if encoding.name in ("utf-8", "utf-16") and not line.rstrip("\ufffd").strip():
                what += "; the file is cut off in the middle of a letter"
            do = "declare the encoding that it is written in, or export it again as UTF-8"
            yield Finding(path, what, do, line=number, value=line[max(0, at - 20) : at + 20].strip())
            found += 1
            if found == MOST_FINDINGS:
                return
    if not found:
        yield Finding(path, f"cannot be read as {encoding.name}", "declare the encoding that it is written in")


def _codec(name: str, head: bytes) -> str:
    if name == "utf-8":
        return "utf-8-sig"
    if name == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"
    return name


def _is_wide(head: bytes) -> bool:
    """Whether every other byte is mostly 0, as in UTF-16 without a mark."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return pairs >= 4 and len(head) % 2 == 0 and max(even, odd) > 0.4 * pairs and min(even, odd) <= 0.02 * pairs


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            # cut off inside a letter: what stands before it tells what the file is
            cut = error.reason == "unexpected end of data" and file.read(1) == b""
            return cut and _has_wide_letters(path)
    return True


def _has_wide_letters(path: Path) -> bool:
    with path.open("rb") as file:
        tail = file.read(BLOCK)
    return any(lead + letter in tail for lead in (b"\xc3",) for letter in (b"\xa5", b"\xa4", b"\xb6", b"\x85", b"\x84"))


def _code_page(path: Path) -> Encoding:
    counts: Counter[int] = Counter()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            counts.update(block.translate(None, ASCII))
    windows = sum(counts[letter] for letter in LETTERS_1252)
    dos = sum(counts[letter] for letter in LETTERS_437)
    if dos > windows:
        return Encoding("cp437", "cp437", dos > 3 * windows and any(counts[letter] for letter in ONLY_437))
    is_certain = windows > 3 * dos or (not dos and all(byte in SIGNS_1252 for byte in counts))
    return Encoding("cp1252", "cp1252", is_certain)
