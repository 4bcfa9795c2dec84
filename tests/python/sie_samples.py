"""What the tests of SIE share: a small valid file, changed line by line, and a reading of it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.sie.dimensions import DimensionMap, load_dimension_map
from bokslut.intake.sie.reader import SieOptions, SieSummary, read_sie

MAPPING: DimensionMap = load_dimension_map(Path(__file__).parents[2] / "seeds/reference/sie_dimensions.csv")

HEAD = """\
#FLAGGA 0
#PROGRAM "Ledger" 1.0
#FORMAT PC8
#GEN 20250110
#SIETYP 4
#FNAMN "Exempel kommun"
#ORGNR 212000-0001
#RAR 0 20240101 20241231
#RAR -1 20230101 20231231
#DIM 1 "Ansvar"
#DIM 6 "Projekt"
#DIM 20 "Verksamhet"
#DIM 21 "motpart"
#OBJEKT 20 "45" "Gymnasieskola"
#KONTO 1910 "Kassa"
#KONTO 2440 "Leverantörsskulder"
#KONTO 3010 "Avgifter"
#KONTO 5010 "Lokalhyra"
"""
BALANCES = """\
#IB 0 1910 100.00
#UB 0 1910 350.50
#UB 0 2440 -1000
#RES 0 3010 -250.50
#RES 0 5010 1000
"""
VOUCHERS = """\
#VER A 1 20240115 "Hyra januari" 20240116
{
#TRANS 5010 {1 "100" 20 "45" 6 "P1" 21 "87"} 1000.00 20240115 "Lokal"
#TRANS 2440 {} -1000
}
#VER B 7 20240229 "Avgift"
{
#TRANS 1910 {} 250.50
#TRANS 3010 {20 "45"} -250.50
}
"""
SAMPLE = HEAD + BALANCES + VOUCHERS


@dataclass(frozen=True)
class Reading:
    """All that a file gave."""

    rows: list[dict[str, Any]]
    summary: SieSummary


def write(folder: Path, text: str | bytes, encoding: str = "cp437", name: str = "ledger.se") -> Path:
    """The text as a file with the line ends of DOS."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode(encoding))
    return path


def read(path: Path, **options: Any) -> Reading:
    """Read a file to its end."""
    reading = read_sie(path, SieOptions(MAPPING, **options))
    rows = [row for batch in reading.batches() for row in batch.to_pylist()]
    return Reading(rows, reading.summary())


def findings(path: Path, **options: Any) -> list[Finding]:
    """What is wrong with a file; empty when nothing is."""
    try:
        read(path, **options)
    except RefusedError as error:
        return list(error.findings)
    return []


def changed(old: str, new: str, text: str = SAMPLE) -> str:
    """The sample with one place changed; it must be there once."""
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which a part of a text first stands."""
    place = re.search(re.escape(part), text)
    assert place
    return text.count("\n", 0, place.start()) + 1


def day(text: str) -> datetime.date:
    """A date as ISO text."""
    return datetime.date.fromisoformat(text)
