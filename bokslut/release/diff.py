"""What changed between two releases: rows of marts that came, went or changed, by their key. Only reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from bokslut.intake.sql import quoted
from bokslut.release.places import ReleaseError

OLD, NEW = "old", "new"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Change:
    """One row that differs, by its key.

    what: added, removed or changed. key: its columns and values. before, after: of the other columns those that differ
    alone; of a row that came or went, all that have a value.
    """

    what: str
    key: tuple[tuple[str, Any], ...]
    before: tuple[tuple[str, Any], ...]
    after: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class MartDiff:
    """One mart that differs. note: where rows cannot be compared, as with a mart that one of the two lacks."""

    mart: str
    added: int
    removed: int
    changed: int
    changes: tuple[Change, ...]
    note: str = ""


def diff(old: Path, new: Path, mart: str | None, shown: int | None) -> list[MartDiff]:
    """The marts that differ between two sealed databases, by name. mart: only this one. shown: changes given of each.

    Raises duckdb.Error where one cannot be opened, ReleaseError for a mart that neither has.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(str(old))} as {OLD} (read_only)")
        connection.execute(f"attach {quoted(str(new))} as {NEW} (read_only)")
        connection.execute("set enable_external_access = false")
        before, after = _marts(connection, OLD), _marts(connection, NEW)
        mart = None if mart is None else mart.removeprefix("marts.")
        if mart is not None and mart not in before | after:
            close = get_close_matches(mart, sorted(before | after), n=1)
            hint = f" - did you mean {close[0]}?" if close else ""
            raise ReleaseError(f"--mart {mart}: there is no such mart in either release{hint}")
        found = []
        for name in sorted(before | after):
            if mart in (None, name):
                found.append(_diff_mart(connection, name, before, after, shown))
    return [each for each in found if each.added or each.removed or each.changed or each.note]


def _marts(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'", [database]
    ).fetchall()
    return {name for (name,) in rows}


def _diff_mart(
    connection: duckdb.DuckDBPyConnection, name: str, before: set[str], after: set[str], shown: int | None
) -> MartDiff:
    if name not in before or name not in after:
        here = NEW if name in after else OLD
        count = _one(connection, f'select count(*) from {here}.marts."{name}"')
        is_new = here == NEW
        return MartDiff(name, count if is_new else 0, 0 if is_new else count, 0, (), f"only in the {here} release")
    columns, types = _columns(connection, OLD, name), _columns(connection, NEW, name)
    key = _key(connection, name)
    if columns != types or not key:
        came, went = sorted(types.keys() - columns.keys()), sorted(columns.keys() - types.keys())
        note = "; ".join(
            f"{word} {', '.join(names)}" for word, names in (("new columns", came), ("without columns", went)) if names
        )
        old_rows, new_rows = (_one(connection, f'select count(*) from {each}.marts."{name}"') for each in (OLD, NEW))
        note = f"{note or 'other types or key'}: {old_rows} rows before, {new_rows} now, not compared by row"
        return MartDiff(name, 0, 0, 0, (), note)
    return _compare(connection, name, key, [column for column in columns if column not in key], shown)


def _compare(
    connection: duckdb.DuckDBPyConnection, name: str, key: Sequence[str], others: Sequence[str], shown: int | None
) -> MartDiff:
    on = " and ".join(f'{OLD}_row."{column}" = {NEW}_row."{column}"' for column in key)
    first = key[0]
    differs = " or ".join(f'{OLD}_row."{column}" is distinct from {NEW}_row."{column}"' for column in others) or "false"
    what = (
        f"case when {OLD}_row.\"{first}\" is null then '{ADDED}' when {NEW}_row.\"{first}\" is null then '{REMOVED}'"
        f" else '{CHANGED}' end"
    )
    source = (
        f'from {OLD}.marts."{name}" as {OLD}_row full outer join {NEW}.marts."{name}" as {NEW}_row on {on}'
        f' where {OLD}_row."{first}" is null or {NEW}_row."{first}" is null or {differs}'
    )
    counts = dict(connection.execute(f"select {what}, count(*) {source} group by all").fetchall())
    keys = ", ".join(f'coalesce({OLD}_row."{column}", {NEW}_row."{column}")' for column in key)
    sides = "".join(f', {side}_row."{column}"' for side in (OLD, NEW) for column in others)
    order = ", ".join(str(number) for number in range(2, 2 + len(key)))
    rows = connection.execute(
        f"select {what}, {keys}{sides} {source} order by {order}" + ("" if shown is None else f" limit {int(shown)}")
    ).fetchall()
    changes = tuple(_change(row, key, others) for row in rows)
    return MartDiff(name, counts.get(ADDED, 0), counts.get(REMOVED, 0), counts.get(CHANGED, 0), changes)


def _change(row: Sequence[Any], key: Sequence[str], others: Sequence[str]) -> Change:
    what, *cells = row
    size = len(key)
    keys = tuple(zip(key, cells[:size], strict=True))
    before = list(zip(others, cells[size : size + len(others)], strict=True))
    after = list(zip(others, cells[size + len(others) :], strict=True))
    if what == CHANGED:
        differing = [name for (name, one), (_, other) in zip(before, after, strict=True) if one != other]
        kept = [tuple((name, value) for name, value in side if name in differing) for side in (before, after)]
    else:
        kept = [tuple((name, value) for name, value in side if value is not None) for side in (before, after)]
    return Change(what, keys, kept[0], kept[1])


def _columns(connection: duckdb.DuckDBPyConnection, database: str, name: str) -> dict[str, str]:
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = ? and schema_name = 'marts' and table_name = ? order by column_index",
        [database, name],
    ).fetchall()
    return dict(rows)


def _key(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The primary key, where both have the same."""
    keys = []
    for database in (OLD, NEW):
        row = connection.execute(
            "select constraint_column_names from duckdb_constraints() where database_name = ?"
            " and schema_name = 'marts' and table_name = ? and constraint_type = 'PRIMARY KEY'",
            [database, name],
        ).fetchone()
        keys.append(list(row[0]) if row else [])
    return keys[0] if keys[0] == keys[1] else []


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
