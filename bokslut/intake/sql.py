"""Texts, paths and types as DuckDB's SQL has them. Nothing is run here."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

TYPES = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.date32(): "date",
    pa.decimal128(18, 2): "decimal(18, 2)",
}


def sql_type(kind: pa.DataType) -> str:
    """The type of a column of postings."""
    return TYPES[kind]


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name of a table or column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(path: Path) -> str:
    """A path of ours for DuckDB's readers, which take * ? and [ for patterns: each such sign as a class of its own.

    For a received file, whose name can hold what no class hides (~), see plain_path.py.
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path))
