"""Read how the declarations of a board's seeds speak to people: Swedish names, descriptions, the values that fit.

What a cell may hold is read by declarations.py. A seed is a board's own when the yml that declares it is not
_reference__seeds.yml; _<subject>__seeds.yml names its folder, and those of _board__seeds.yml lie at the top.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from bokslut.intake.declarations import LOADER, Column, Declaration, read_declarations

REFERENCE = "reference"
TOP = "board"
# the folders in the order in which a municipality fills them; one that is not named here comes last
ORDER = (TOP, "operating", "investments", "goals", "staff")
DOC = re.compile(r"""\{\{\s*doc\(['"](\w+)['"]\)\s*\}\}""")
BLOCK = re.compile(r"\{%\s*docs\s+(\w+)\s*%\}(.*?)\{%\s*enddocs\s*%\}", re.DOTALL)
# a list of values longer than this is no help in a cell
MOST_VALUES = 20


@dataclass(frozen=True)
class Value:
    """A value that fits a column, and its Swedish name where a reference seed gives one."""

    value: str
    name: str = ""


@dataclass(frozen=True)
class DescribedColumn:
    """One column. swedish: its short name for a reader. description: what it means, in English.

    values: all that fit, where they are few; empty otherwise. refers_to: the board's own seeds that must know it.
    """

    column: Column
    swedish: str
    description: str
    values: tuple[Value, ...]
    refers_to: tuple[str, ...]


@dataclass(frozen=True)
class DescribedSeed:
    """One seed of a board. path: of its CSV in the board's folder. The rest as in DescribedColumn."""

    declaration: Declaration
    path: PurePosixPath
    swedish: str
    description: str
    columns: tuple[DescribedColumn, ...]

    @property
    def name(self) -> str:
        """The name of the seed."""
        return self.declaration.name


def read_described(reference: Path, glossary: Path) -> tuple[DescribedSeed, ...]:
    """The seeds of a board in the order in which they are filled.

    reference: the folder with the declarations and the reference seeds. glossary: the Markdown file with dbt's docs
    blocks. Raises RefusedError when a declaration is wrong, OSError when a file cannot be read. A missing Swedish name
    is an empty text here; a test holds that there is none.
    """
    declarations = read_declarations(reference)
    terms = {name: text.strip() for name, text in BLOCK.findall(glossary.read_text(encoding="utf-8"))}
    seeds = []
    for path in sorted(reference.glob("_*.yml")):
        subject = _subject(path)
        if subject == REFERENCE:
            continue
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)["seeds"]:  # noqa: S506 - a safe loader
            seeds.append(_described(entry, declarations, reference, terms, subject))
    return tuple(sorted(seeds, key=lambda seed: _place(seed.path)))


def _subject(path: Path) -> str:
    return path.stem.removeprefix("_").split("__")[0]


def _place(path: PurePosixPath) -> tuple[int, str]:
    """Where the seed's folder stands in the order; the order of the declaration is kept within a folder."""
    subject = path.parent.name or TOP
    return (ORDER.index(subject), "") if subject in ORDER else (len(ORDER), subject)


def _described(
    entry: Mapping[str, Any],
    declarations: Mapping[str, Declaration],
    reference: Path,
    terms: Mapping[str, str],
    subject: str,
) -> DescribedSeed:
    declaration = declarations[entry["name"]]
    folder = PurePosixPath() if subject == TOP else PurePosixPath(subject)
    columns = []
    for column, told in zip(declaration.columns, entry["columns"], strict=True):
        columns.append(
            DescribedColumn(
                column=column,
                swedish=str(told["config"]["meta"].get("swedish", "")),
                description=_plain(told.get("description", ""), terms),
                values=_values(column, declaration, declarations, reference),
                refers_to=tuple(
                    each.to
                    for each in declaration.references
                    if column.name == each.columns[-1] and _subject(declarations[each.to].declared_in) != REFERENCE
                ),
            )
        )
    return DescribedSeed(
        declaration=declaration,
        path=folder / f"{declaration.name}.csv",
        swedish=str(entry["config"]["meta"].get("swedish", "")),
        description=_plain(entry.get("description", ""), terms),
        columns=tuple(columns),
    )


def _values(
    column: Column, declaration: Declaration, declarations: Mapping[str, Declaration], reference: Path
) -> tuple[Value, ...]:
    if column.kind == "enum":
        return tuple(Value(value) for value in column.values)
    if column.kind == "scale":
        return (Value("1", "kronor"), Value("1000", "tkr"), Value("1000000", "mkr"))
    for each in declaration.references:
        if each.columns == (column.name,) and _subject(declarations[each.to].declared_in) == REFERENCE:
            return _listed(reference / f"{each.to}.csv", each.to_columns)
    return ()


def _listed(path: Path, columns: Sequence[str]) -> tuple[Value, ...]:
    """The values of a reference seed with the names beside them; none where they are many."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) > MOST_VALUES:
        return ()
    name = next((key for key in rows[0] if key.endswith("_name")), "") if rows else ""
    # several rows can give one value, as account prefixes give one class
    return tuple(dict.fromkeys(Value(row[columns[0]], row.get(name, "")) for row in rows))


def _plain(description: str, terms: Mapping[str, str]) -> str:
    """A description with the glossary's words in place of dbt's calls."""
    return " ".join(DOC.sub(lambda match: terms[match[1]], description).split())
