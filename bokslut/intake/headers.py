"""Check that each declared seed is there once and has exactly the declared header, before dbt reads it.

DuckDB loads a CSV by position: a swapped or renamed header would load without a word. Rows are not read here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bokslut.intake.declarations import Declaration
from bokslut.intake.findings import Finding


def check_headers(declarations: Mapping[str, Declaration], folders: Sequence[Path]) -> list[Finding]:
    """Return what is wrong with the seeds in the folders, in the order of their paths; an empty list when all is well.

    A declared seed must be one CSV in UTF-8 whose first line is the declared columns in the declared order.
    """
    findings: list[Finding] = []
    found: dict[str, Path] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*.csv")):
        declaration = declarations.get(path.stem)
        if declaration is None:
            findings.append(
                Finding(
                    path,
                    "this seed is not declared",
                    "declare it in the reference folder's _*.yml, or move it away",
                )
            )
        elif path.stem in found:
            findings.append(Finding(path, f"the seed stands in {found[path.stem]} too", "keep one of them"))
        else:
            found[path.stem] = path
            findings.extend(_check_header(path, declaration))
    for name, declaration in declarations.items():
        if name not in found:
            header = ",".join(declaration.columns)
            findings.append(
                Finding(
                    Path(f"{name}.csv"),
                    f"no such file, though {declaration.declared_in} declares it",
                    f"add it; header alone is fine: {header}",
                )
            )
    return findings


def _check_header(path: Path, declaration: Declaration) -> Iterator[Finding]:
    expected = ",".join(declaration.columns)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), None)
    except UnicodeDecodeError as error:
        yield Finding(path, f"not UTF-8 (byte {error.start})", "save it as UTF-8", line=1)
        return
    if header is None:
        yield Finding(path, "the file is empty", f"write the header: {expected}", line=1)
        return
    if header and header[0].startswith("\ufeff"):
        yield Finding(path, "the file begins with a byte order mark", "save it as UTF-8 without one", line=1)
        return
    if tuple(header) == declaration.columns:
        return
    repeated = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in declaration.columns if name not in header]
    unknown = [name for name in header if name not in declaration.columns]
    if repeated:
        what = f"column {', '.join(repeated)} stands more than once"
    elif missing or unknown:
        parts = ([f"column {', '.join(missing)} is missing"] if missing else []) + (
            [f"column {', '.join(unknown)} is unknown"] if unknown else []
        )
        what = " and ".join(parts)
    else:
        place = next(i for i, pair in enumerate(zip(header, declaration.columns, strict=True)) if pair[0] != pair[1])
        what = f"column {header[place]} stands where {declaration.columns[place]} belongs"
    yield Finding(path, what, f"the header must be: {expected}", line=1)
