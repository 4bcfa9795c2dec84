"""The checksum of #KSUMMA: CRC-32 over labels and fields of the records between the two marks.

Source: the specification, sections 10.4-10.15: polynomial EDB88320, begun with and inverted by FFFFFFFF, which is the
CRC-32 of zlib. It covers each character's value in code page 437; not the blanks and tabs between fields, the
quotation marks around them, the braces, nor a backslash in front of a quotation mark. A blank inside a field counts.
"""

from __future__ import annotations

import re
import struct
import zlib

import pyarrow as pa
import pyarrow.compute as pc

SEPARATORS = b" \t\r\n{}\x1a"
STANDINS = bytes(range(1, 1 + len(SEPARATORS)))  # control characters, which no right file holds
HIDDEN, SHOWN = bytes.maketrans(SEPARATORS, STANDINS), bytes.maketrans(STANDINS, SEPARATORS)
LARGEST = 1 << 30  # bytes that Arrow's offsets reach over
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
            self.add_coded(text.encode("cp437"))
        except UnicodeEncodeError:
            self.is_foreign = True

    def add_coded(self, data: bytes) -> None:
        """Add whole lines as they stand in code page 437."""
        self._crc = zlib.crc32(_covered(data), self._crc)

    @property
    def value(self) -> int:
        """The checksum so far, 0 to 2**32 - 1."""
        return self._crc


def _covered(data: bytes) -> bytes:
    if b"\\" in data:
        return OUTSIDE.sub(rb"\1", data).replace(b'\\"', b'"')
    if len(data) > LARGEST or len(data.translate(None, STANDINS)) != len(data):
        return _kept_inside(data)
    # as _kept_inside, without an object for each part: inside of fields, separators become characters that stand in
    # for them until those outside are gone
    offsets = pa.py_buffer(struct.pack("<ii", 0, len(data)))
    parts = pc.split_pattern(pa.Array.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(data)]), b'"').values
    _, places, texts = parts.buffers()
    hidden = pa.py_buffer(texts.to_pybytes().translate(HIDDEN))
    inside = pa.Array.from_buffers(pa.binary(), len(parts), [None, places, hidden])
    every_other = pa.Array.from_buffers(pa.bool_(), len(parts), [None, pa.py_buffer(b"\xaa" * (len(parts) // 8 + 1))])
    joined: bytes = pc.binary_join(
        pa.ListArray.from_arrays([0, len(parts)], pc.if_else(every_other, inside, parts)), b""
    )[0].as_py()
    return joined.translate(SHOWN, SEPARATORS)


def _kept_inside(data: bytes) -> bytes:
    """Without a backslash each quotation mark begins or ends a field: every other part stands outside of them."""
    parts = data.split(b'"')
    parts[0::2] = b'"'.join(parts[0::2]).translate(None, SEPARATORS).split(b'"')
    return b"".join(parts)
