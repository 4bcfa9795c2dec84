"""Read the declarations of the seeds: _*.yml in the reference folder, the one place that says what a seed holds.

dbt reads the same files for its own tests (tests/generic/seed_claims.sql). No seed is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.kinds import KINDS

# ten times as fast as the loader in Python, where libyaml was there when yaml was built
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Column:
    """What one column of a seed may hold.

    kind: one of kinds.KINDS. required: an empty cell is refused. values: those of an enum, else empty. scale_column:
    the column that says in which unit this one is, or None.
    """

    name: str
    kind: str
    required: bool = False
    values: tuple[str, ...] = ()
    scale_column: str | None = None


@dataclass(frozen=True)
class Reference:
    """The cells in columns must stand in to_columns of a row of the seed `to`; with an empty part they name nothing."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True)
class Declaration:
    """One declared seed.

    name: the file's name without .csv. columns: in the order of the header. key: columns that no two rows have alike.
    unique: further such lists of columns. An empty cell is a value there like any other. declared_in: the yml.
    """

    name: str
    columns: tuple[Column, ...]
    declared_in: Path
    key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, in order: the first line of the CSV."""
        return tuple(column.name for column in self.columns)


def read_declarations(reference: Path) -> Mapping[str, Declaration]:
    """Read every _*.yml in the reference folder: name -> declaration, in the order of files and entries.

    Raises RefusedError with all that is wrong: not YAML, not of dbt's form, a kind or a column that does not exist.
    """
    declarations: dict[str, Declaration] = {}
    findings: list[Finding] = []
    for path in sorted(reference.glob("_*.yml")):
        try:
            seeds = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)["seeds"]  # noqa: S506 - a safe loader
            for seed in seeds:
                declaration = _declaration(seed, path)
                if declaration.name in declarations:
                    first = declarations[declaration.name].declared_in
                    findings.append(Finding(path, f"{declaration.name} is declared in {first} too", "keep one of them"))
                declarations[declaration.name] = declaration
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            findings.append(Finding(path, f"not YAML: {error.problem}", "mend the declaration", line=line))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            findings.append(Finding(path, f"cannot be read: {error}", "mend the declaration"))
        except (KeyError, TypeError, AttributeError) as error:
            findings.append(Finding(path, f"not the form of a declaration of seeds ({error})", "compare the others"))
    findings.extend(finding for each in declarations.values() for finding in _slips(each, declarations))
    if findings:
        raise RefusedError(findings)
    return declarations


def _declaration(seed: Mapping[str, Any], path: Path) -> Declaration:
    meta = seed["config"]["meta"]
    return Declaration(
        name=seed["name"],
        columns=tuple(_column(column) for column in seed["columns"]),
        declared_in=path,
        key=tuple(meta["key"]),
        unique=tuple(tuple(columns) for columns in meta.get("unique", ())),
        references=tuple(_references(seed.get("data_tests", ()))),
    )


def _column(column: Mapping[str, Any]) -> Column:
    meta = column["config"]["meta"]
    return Column(
        name=column["name"],
        kind=meta["kind"],
        required=meta.get("required", False) is True,
        values=tuple(str(value) for value in meta.get("values", ())),
        scale_column=meta.get("scale_column"),
    )


def _references(tests: Sequence[Any]) -> Iterator[Reference]:
    for test in tests:
        if isinstance(test, Mapping) and "seed_claims" in test:
            for each in test["seed_claims"].get("arguments", {}).get("references", ()):
                yield Reference(tuple(each["columns"]), each["to"], tuple(each.get("to_columns", each["columns"])))


def _slips(declaration: Declaration, declarations: Mapping[str, Declaration]) -> Iterator[Finding]:
    """Names in a declaration that name nothing."""
    path, seed, header = declaration.declared_in, declaration.name, declaration.header
    for column in declaration.columns:
        if column.kind not in KINDS or (column.kind == "enum" and not column.values):
            what = f"{seed}.{column.name} has the kind {column.kind!r}" + (" without values" * (column.kind == "enum"))
            yield Finding(path, what, f"give it one of {', '.join(KINDS)}; an enum has values")
    named = [column.scale_column for column in declaration.columns if column.scale_column]
    named += [name for columns in (declaration.key, *declaration.unique) for name in columns]
    named += [name for reference in declaration.references for name in reference.columns]
    for name in dict.fromkeys(named):
        if name not in header:
            yield Finding(path, f"{seed} has no column {name}, though it is named", f"name one of {', '.join(header)}")
    for reference in declaration.references:
        there = declarations.get(reference.to)
        if there is None:
            yield Finding(path, f"{seed} refers to {reference.to}, which is not declared", "name a declared seed")
        elif len(reference.columns) != len(reference.to_columns) or set(reference.to_columns) - set(there.header):
            what = f"{seed} refers to columns of {reference.to} that are not there: {', '.join(reference.to_columns)}"
            yield Finding(path, what, "name as many of its columns, or give to_columns")
