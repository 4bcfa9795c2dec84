"""Check the seeds against their declarations, before dbt reads a byte of them: files, cells, keys, references.

Everything that is wrong is told at once, by file, line and column. Files are read by seed_files.py, the kinds of cells
stand in kinds.py. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bokslut.intake.declarations import Column, Declaration, Reference
from bokslut.intake.findings import Finding
from bokslut.intake.kinds import EXPECTED, fits, misfit, misfit_amount
from bokslut.intake.personal import identity_numbers
from bokslut.intake.seed_files import Seed, find_seeds, missing_seed, read_seed
from bokslut.intake.strict_csv import Record
from bokslut.intake.texts import text_fault

# the kinds whose cells hold words; digits with a hyphen are a number in all others
WORDS = ("text", "id")
SHORTEST_IDENTITY = len("1234567890")


def check_seeds(declarations: Mapping[str, Declaration], folders: Sequence[Path]) -> list[Finding]:
    """Return what is wrong with the seeds in the folders, in the order of their paths and lines; empty if all is well.

    A declared seed must be one CSV in UTF-8 with the declared header and any number of rows that keep what is declared.
    """
    files, astray = find_seeds(declarations, folders)
    findings: dict[Path, list[Finding]] = {path: [finding] for path, finding in astray.items()}
    seeds: dict[str, Seed] = {}
    for name, path in files.items():
        seed, findings[path] = read_seed(path, declarations[name])
        if seed:
            seeds[name] = seed
    for seed in seeds.values():
        told = findings[seed.path]
        spoilt = {(finding.line, finding.column) for finding in told}
        for finding in _check_cells(seed):
            told.append(finding)
            spoilt.add((finding.line, finding.column))
        told.extend(_check_keys(seed, spoilt))
        told.extend(_check_references(seed, seeds, spoilt))
    ordered = [
        finding for path in sorted(findings) for finding in sorted(findings[path], key=lambda found: found.line or 0)
    ]
    return ordered + [missing_seed(declaration) for name, declaration in declarations.items() if name not in files]


def _check_cells(seed: Seed) -> Iterator[Finding]:
    """Each cell by itself, and an amount with its scale."""
    header = seed.declaration.header
    required = [(place, column) for place, column in enumerate(seed.declaration.columns) if column.required]
    for line, cells in seed.records:
        empty = [column for place, column in required if not cells[place]]
        if empty:
            yield _not_given(seed.path, line, empty)
    for place, column in enumerate(seed.declaration.columns):
        scale_place = header.index(column.scale_column) if column.scale_column else None
        right: set[tuple[str, str | None]] = set()
        for line, cells in seed.records:
            value, scale = cells[place], None if scale_place is None else cells[scale_place]
            if (value, scale) in right:
                continue
            fault = cell_fault(column, value, scale)
            if fault:
                yield Finding(seed.path, *fault, line=line, column=column.name, value=value)
            else:
                right.add((value, scale))


def _not_given(path: Path, line: int, columns: Sequence[Column]) -> Finding:
    """One finding for all required cells of a row that are empty: a total row lacks most of them."""
    names = ", ".join(column.name for column in columns)
    if len(columns) > 1:
        do = "fill them in; a total or a blank row is taken out"
        return Finding(path, "are empty, and must be given", do, line=line, column=names)
    (column,) = columns
    do = f"one of {', '.join(column.values)}" if column.kind == "enum" else EXPECTED[column.kind][1]
    return Finding(path, "is empty, and must be given", do, line=line, column=names)


def cell_fault(column: Column, value: str, scale: str | None) -> tuple[str, str] | None:
    """What is wrong with a cell that is not empty, and what to do. scale: the cell of its scale column, if any."""
    if not value:
        return None
    if column.kind == "enum":
        return None if value in column.values else ("is unknown", f"one of {', '.join(column.values)}")
    if column.kind in WORDS:
        fault = _words_fault(value)
        if fault:
            return fault
    if not fits(column.kind, value):
        return misfit(column.kind, value)
    if scale == "":
        return f"has no {column.scale_column}", f"give {column.scale_column}: 1, 1000 or 1000000"
    return misfit_amount(value, scale) if column.kind == "amount" and scale else None


def _words_fault(value: str) -> tuple[str, str] | None:
    if not (value.isascii() and value.isprintable()):
        fault = text_fault(value)
        if fault:
            return fault
    if len(value) >= SHORTEST_IDENTITY and next(identity_numbers(value), None):
        return "holds a personal identity number", "take it out: nobody's number belongs in the warehouse"
    return None


def _check_keys(seed: Seed, spoilt: set[tuple[int | None, str | None]]) -> Iterator[Finding]:
    """No two rows with the same key; a row whose key is wrong in itself is not compared."""
    declaration = seed.declaration
    repeated: set[int] = set()
    for columns in (declaration.key, *declaration.unique):
        places = [declaration.header.index(column) for column in columns]
        first: dict[tuple[str, ...], Record] = {}
        for record in seed.records:
            if record.line in repeated or any((record.line, column) in spoilt for column in columns):
                continue
            key = tuple(record.cells[place] for place in places)
            earlier = first.setdefault(key, record)
            if earlier is record:
                continue
            repeated.add(record.line)
            if earlier.cells == record.cells:
                what, do = f"is the whole of line {earlier.line} again", "remove one of them"
            else:
                what, do = f"is on line {earlier.line} already", "keep one of the rows, or correct the key of one"
            value = "/".join(cell or "-" for cell in key)
            yield Finding(seed.path, what, do, line=record.line, column=", ".join(columns), value=value)


def _check_references(
    seed: Seed, seeds: Mapping[str, Seed], spoilt: set[tuple[int | None, str | None]]
) -> Iterator[Finding]:
    """Each reference names a row; one of which a part is wrong in itself or unknown already is not followed."""
    header = seed.declaration.header
    for reference in sorted(seed.declaration.references, key=lambda each: len(each.columns)):
        target = seeds.get(reference.to)
        if target is None or not target.whole:
            continue
        there = [target.declaration.header.index(column) for column in reference.to_columns]
        known = {tuple(record.cells[place] for place in there) for record in target.records}
        places = [header.index(column) for column in reference.columns]
        for line, cells in seed.records:
            parts = tuple(cells[place] for place in places)
            if parts in known or not all(parts) or any((line, column) in spoilt for column in reference.columns):
                continue
            spoilt.add((line, reference.columns[-1]))
            yield _unknown(seed, target, reference, line, parts)


def _unknown(seed: Seed, target: Seed, reference: Reference, line: int, parts: tuple[str, ...]) -> Finding:
    given = ", ".join(f"{column} {part}" for column, part in zip(reference.columns[:-1], parts[:-1], strict=True))
    what = f"is no {reference.to_columns[-1]} of {target.path.name}" + (f" with {given}" if given else "")
    do = f"correct it, or add its row to {target.path}"
    return Finding(seed.path, what, do, line=line, column=reference.columns[-1], value=parts[-1])
