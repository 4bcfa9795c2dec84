"""Whatever stands in a file, the SIE reader reads it or refuses it: it never fails in another way, and never hangs.

A few seconds here; BOKSLUT_FUZZ_SECONDS=600 goes on for as long, and prints how many files it tried.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from bokslut.intake.findings import RefusedError
from bokslut.intake.sie.lines import NOTHING_IS_USUAL, USUAL
from sie_samples import SAMPLE, read, write
from test_sie_records import TYPE_3

SECONDS = float(os.environ.get("BOKSLUT_FUZZ_SECONDS", "0"))
FILES_AT_LEAST = 250
SLOWEST = 20.0
PARTS = [
    *(
        b"{",
        b"}",
        b"\n",
        b"\r\n",
        b'"',
        b"\\",
        b'\\"',
        b" ",
        b"\t",
        b"\x00",
        b"\x1a",
        b"#",
        b"#KSUMMA\n",
        b"#KSUMMA 5\n",
    ),
    *(
        b"#TRANS ",
        b"#VER ",
        b"#RTRANS ",
        b"#BTRANS ",
        b"#NEW\n{\n",
        b"#RAR 0 20240101 20241231\n",
        b"#SIETYP 2\n",
        b"-",
    ),
    *(b"\xff", b"\x84", b"\xe4", b"\xc3\xa4", b"99999999999999999999", b"1.234", b"20240230", b"{1 2}", b"#DIM 1 x\n"),
    *(b"#UNDERDIM 1 a 6\n#UNDERDIM 6 b 1\n", b"#UNDERDIM 20 a 20\n", b"#RAR 0 00010101 99991231\n", b"9" * 5000),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with some bytes changed, cut out, doubled or put in."""
    content_now = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        place = chance.randrange(len(content_now) + 1)
        length = chance.choice([0, 1, 1, 5, 40])
        kind = chance.randrange(5)
        if kind == 0:
            content_now[place : place + length] = b""
        elif kind == 1:
            content_now[place:place] = chance.choice(PARTS)
        elif kind == 2:
            content_now[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            content_now[place:place] = content_now[place : place + 10 * length]
        else:
            content_now[place : place + length] = chance.choice(PARTS)
    return bytes(content_now)


def a_file(chance: random.Random) -> bytes:
    """Random bytes, random parts, or a valid file that was changed."""
    kind = chance.randrange(10)
    if kind == 0:
        return chance.randbytes(chance.randrange(300))
    if kind == 1:
        return b"#FLAGGA 0\n" + b"".join(chance.choice(PARTS) for _ in range(chance.randrange(60)))
    encoding = chance.choice(["cp437", "utf-8", "cp1252"])
    return mutated(chance.choice([SAMPLE, TYPE_3]).encode(encoding), chance)


def test_the_reader_reads_or_refuses(tmp_path: Path) -> None:
    chance = random.Random(20250101)  # noqa: S311 - the same files every time
    end = time.monotonic() + SECONDS
    tried = accepted = 0
    while tried < FILES_AT_LEAST or time.monotonic() < end:
        content = a_file(chance)
        path = write(tmp_path, content)
        kind, usual = chance.choice(["ledger", "ledger", "budget"]), chance.choice([USUAL, USUAL, NOTHING_IS_USUAL])
        shortest_run = chance.choice([1, 1, 10**9])
        started = time.monotonic()
        try:
            rows = read(path, kind=kind, usual=usual, shortest_run=shortest_run).rows
        except RefusedError as error:
            assert error.findings
        else:
            accepted += 1
            assert rows
        assert time.monotonic() - started < SLOWEST, content
        tried += 1
    print(f"{tried} files, {accepted} of them read")  # shown with -s
    assert accepted
