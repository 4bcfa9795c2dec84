"""The checksum of #KSUMMA: CRC-32 over labels and fields of the records between the two marks.

Source: the specification, sections 10.4-10.15: polynomial EDB88320, begun with and inverted by FFFFFFFF, which is the
CRC-32 of zlib. It covers each character's value in code page 437; not the blanks and tabs between fields, the
quotation marks around them, the braces, nor a backslash in front of a quotation mark. A blank inside a field counts.
"""

from __future__ import annotations

import re
import zlib

SEPARATORS = b" \t\r\n{}\x1a"
# a quoted field is kept as it stands inside; what separates fields goes
OUTSIDE = re.compile(rb'"((?:[^"\\\n]|\\"|\\(?!"))*)"|[ \t\r\n{}\x1a]+')


class Checksum:
    """Gathers the checksum of records given in order, as lines of text."""

    def __init__(self) -> None:
        self._crc = 0
        self.is_foreign = False

    def add(self, text: str) -> None:
        """Add whole lines. A character outside code page 437 makes is_foreign true: no checksum can hold then."""
        try:
            self._crc = zlib.crc32(_covered(text.encode("cp437")), self._crc)
        except UnicodeEncodeError:
            self.is_foreign = True

    @property
    def value(self) -> int:
        """The checksum so far, 0 to 2**32 - 1."""
        return self._crc


def _covered(data: bytes) -> bytes:
    if b"\\" in data:
        return OUTSIDE.sub(rb"\1", data).replace(b'\\"', b'"')
    # without a backslash each quotation mark begins or ends a field: every other part stands outside of them
    parts = data.split(b'"')
    parts[0::2] = b'"'.join(parts[0::2]).translate(None, SEPARATORS).split(b'"')
    return b"".join(parts)
