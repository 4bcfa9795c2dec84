"""Find and read the files of the seeds: each there once, UTF-8 to the last byte, with the declared header.

DuckDB loads a CSV by position: a swapped or renamed header would load without a word. Cells are not judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.declarations import Declaration
from bokslut.intake.findings import Finding
from bokslut.intake.strict_csv import Broken, Record, read_records


@dataclass(frozen=True)
class Seed:
    """A seed as read. records: those that have a cell for each column. whole: no record is missing from them."""

    path: Path
    declaration: Declaration
    records: Sequence[Record]
    whole: bool


def find_seeds(
    declarations: Mapping[str, Declaration], folders: Sequence[Path]
) -> tuple[dict[str, Path], dict[Path, Finding]]:
    """The file of each declared seed, and the files that are none or stand twice."""
    files: dict[str, Path] = {}
    astray: dict[Path, Finding] = {}
    for path in sorted({path for folder in folders for path in folder.rglob("*.csv")}):
        if path.stem not in declarations:
            do = "declare it in the reference folder's _*.yml, or move it away"
            astray[path] = Finding(path, "this seed is not declared", do)
        elif path.stem in files:
            astray[path] = Finding(path, f"the seed stands in {files[path.stem]} too", "keep one of them")
        else:
            files[path.stem] = path
    return files, astray


def missing_seed(declaration: Declaration) -> Finding:
    """What is told of a declared seed that has no file."""
    what = f"no such file, though {declaration.declared_in} declares it"
    do = f"add it; header alone is fine: {','.join(declaration.header)}"
    return Finding(Path(f"{declaration.name}.csv"), what, do)


def read_seed(path: Path, declaration: Declaration) -> tuple[Seed | None, list[Finding]]:
    """The records of a file, and what breaks its form; no seed where no record can be trusted."""
    header = ",".join(declaration.header)
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Finding(path, f"cannot be read: {error.strerror}", "let the user who builds read it")]
    if not content:
        return None, [Finding(path, "the file is empty", f"write the header: {header}", line=1)]
    finding = _check_encoding(path, content, declaration)
    if finding:
        return None, [finding]
    items = read_records(content.decode("utf-8"))
    first = next(items)
    finding = (
        _broken(path, declaration, first) if isinstance(first, Broken) else _check_header(path, first, declaration)
    )
    if finding:
        return None, [finding]
    records: list[Record] = []
    findings: list[Finding] = []
    lost = False
    for item in items:
        if isinstance(item, Broken):
            findings.append(_broken(path, declaration, item))
            lost = lost or item.column is not None
        elif len(item.cells) != len(declaration.columns):
            findings.append(_wrong_width(path, declaration, item))
            lost = True
        else:
            records.append(item)
    return Seed(path, declaration, records, not lost), findings


def _check_encoding(path: Path, content: bytes, declaration: Declaration) -> Finding | None:
    """UTF-8 without byte order mark or NUL, to the last byte; the first bad byte is told with its cell."""
    save = "save it as UTF-8, without a byte order mark"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(path, "the file is UTF-16", save, line=1)
    if content.startswith(b"\xef\xbb\xbf"):
        return Finding(path, "the file begins with a byte order mark", "save it as UTF-8 without one", line=1)
    try:
        content.decode("utf-8")
        bad, what, do = content.find(b"\0"), "has a NUL byte", "is it UTF-16, or was the file damaged?"
    except UnicodeDecodeError as error:
        bad, do = error.start, save
        what = f"is not UTF-8 (byte {content[bad]:02X}; lines with such bytes: {_undecodable(content)})"
    if bad < 0:
        return None
    before, after = content[:bad].decode("utf-8"), content[bad:].decode("cp1252", errors="replace")
    *_, place = read_records(before + "?")
    column = (place.column or 0) if isinstance(place, Broken) else len(place.cells) - 1
    item = next((item for item in read_records(before + after) if item.line == place.line), place)
    cells = item.cells if isinstance(item, Record) else []
    value = cells[column] if column < len(cells) else None
    return Finding(path, what, do, line=place.line, column=_name(declaration, column), value=value)


def _undecodable(content: bytes) -> int:
    return sum("\ufffd" in line.decode("utf-8", errors="replace") for line in content.split(b"\n"))


def _check_header(path: Path, record: Record, declaration: Declaration) -> Finding | None:
    """The declared columns in the declared order: DuckDB loads a CSV by position, whatever its header says."""
    header, declared = record.cells, declaration.header
    if tuple(header) == declared:
        return None
    repeated = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in declared if name not in header]
    unknown = [name for name in header if name not in declared]
    marks = [(mark, word) for mark, word in ((";", "semicolons"), ("\t", "tabs")) if mark in record.cells[0]]
    do = f"the header must be: {','.join(declared)}"
    if marks and record.cells[0].split(marks[0][0])[0] == declared[0]:
        what = f"the columns stand apart by {marks[0][1]}"
        do = "save it with commas and decimal points"
    elif repeated:
        what = f"column {', '.join(repeated)} stands more than once"
    elif len(missing) == len(declared):
        return Finding(path, "is no header of this seed", do, line=record.line, value=",".join(header))
    elif missing or unknown:
        parts = ([f"column {', '.join(missing)} is missing"] if missing else []) + (
            [f"column {', '.join(unknown)} is unknown"] if unknown else []
        )
        what = " and ".join(parts)
    else:
        place = next(i for i, pair in enumerate(zip(header, declared, strict=True)) if pair[0] != pair[1])
        what = f"column {header[place]} stands where {declared[place]} belongs"
    return Finding(path, what, do, line=record.line)


def _wrong_width(path: Path, declaration: Declaration, record: Record) -> Finding:
    given, wanted = len(record.cells), len(declaration.columns)
    if record.cells == [""]:
        return Finding(path, "the line is empty", "remove it", line=record.line)
    what = f"{given} cells where the header has {wanted} columns"
    do = "a comma too many, or one inside a text or number without quotes?"
    if given < wanted:
        do = f"is the row cut off? the last cell would be {declaration.header[given - 1]}; an empty cell has its comma"
    return Finding(path, what, do, line=record.line, value=",".join(record.cells))


def _broken(path: Path, declaration: Declaration, broken: Broken) -> Finding:
    column = None if broken.column is None else _name(declaration, broken.column)
    return Finding(path, broken.what, broken.do, line=broken.line, column=column, value=broken.value)


def _name(declaration: Declaration, column: int) -> str:
    header = declaration.header
    return header[column] if column < len(header) else f"number {column + 1}"
