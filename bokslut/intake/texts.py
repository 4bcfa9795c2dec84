"""Faults of texts that come from their encoding: signs of another encoding, decomposed letters, control characters.

Nothing is read or mended here.
"""

from __future__ import annotations

import re
import unicodedata

# the signs that the bytes 80-BF are in cp1252 and latin-1: what follows the first byte of a Swedish letter in UTF-8
FOLLOWS = "\u0080-\u00bf" + bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore").replace("-", "")
# å ä ö é (C3), no-break space and ° (C2), dashes and quotes (E2 80), € (E2 82); as cp437 or cp850 has C3; signs lost
MOJIBAKE = re.compile(f"Ã[{FOLLOWS}]|Â[\u0080-\u00bf]|â[€‚\u0080\u0082][{FOLLOWS}]|├[^\\s─├]|ï»¿|\ufffd")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


def text_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with the signs of a text and what to do, or None."""
    found = MOJIBAKE.search(text)
    if found:
        meant = _meant(found[0])
        what = f"holds '{found[0]}', " + (f"which was '{meant}'" if meant else "a sign that was lost")
        return what + " before it was read in a wrong encoding", "read the source again as UTF-8"
    found = CONTROL.search(text)
    if found:
        return f"holds the control character U+{ord(found[0]):04X}", "remove it"
    if not unicodedata.is_normalized("NFC", text):
        mark = next((f" (U+{ord(sign):04X})" for sign in text if unicodedata.combining(sign)), "")
        composed = unicodedata.normalize("NFC", text)
        return f"has a letter and its accent as two signs{mark}", f"write them as one: '{composed}'"
    return None


def _meant(text: str) -> str | None:
    for encoding in ("cp1252", "latin-1", "cp437", "cp850"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None
