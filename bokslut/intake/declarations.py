"""Read the declarations of the seeds: _*.yml in the reference folder, the one place that says what a seed holds.

Only names are read here; what a value must look like is tested by dbt on the loaded text
(tests/generic/seed_claims.sql).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Declaration:
    """One declared seed. name: the file's name without .csv. columns: the header, in order. declared_in: the yml."""

    name: str
    columns: tuple[str, ...]
    declared_in: Path


def read_declarations(reference: Path) -> Mapping[str, Declaration]:
    """Read every _*.yml in the reference folder.

    Returns name -> declaration, in the order of files and entries. Raises yaml.YAMLError or KeyError when a file is not
    of dbt's form; dbt itself reports such a file first.
    """
    declarations: dict[str, Declaration] = {}
    for path in sorted(reference.glob("_*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            columns = tuple(column["name"] for column in seed["columns"])
            declarations[seed["name"]] = Declaration(seed["name"], columns, path)
    return declarations
