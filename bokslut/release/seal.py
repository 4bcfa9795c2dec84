"""Seal an audited build: the marts alone, as tables of a new file and as sorted Parquet; then read-only and on disk.

The audit schemas stay behind in the file that dbt wrote. One thread and a full order, so that the same marts give the
same Parquet, byte for byte.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from bokslut.intake.sql import quoted
from bokslut.intake.store import sha256
from bokslut.release.places import DATABASE, DBT, INPUTS, MARTS, Places

# readers with an older engine (from 1.4 on) can open the file
STORAGE = "v1.4.0"
# marts are small and many: with the engine's own 256 KiB a table of one row takes a block a column
BLOCK = 16384
KEPT_OF_DBT = ("manifest.json", "run_results.json")


@contextmanager
def audited(places: Places) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database that dbt wrote, for reading."""
    with duckdb.connect(str(places.built), read_only=True, config={"threads": "1"}) as connection:
        yield connection


def seal(places: Places, descriptions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write database, Parquet and dbt's files into the folder of the release; gives what each mart holds.

    descriptions: nodes of dbt's manifest, whose words become the comments that a BI tool shows.
    """
    target = places.sealed
    (target / MARTS).mkdir(parents=True)
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.execute(f"attach {quoted(str(places.built))} as built (read_only)")
        connection.execute(
            f"attach {quoted(str(target / DATABASE))} as sealed (storage_version {quoted(STORAGE)}, block_size {BLOCK})"
        )
        tables = connection.execute(
            "select table_name, sql from duckdb_tables() where database_name = 'built' and schema_name = 'marts'"
            " order by table_name"
        ).fetchall()
        connection.execute("use sealed")
        connection.execute("create schema marts")
        marts = [_seal_mart(connection, name, ddl, target / MARTS / f"{name}.parquet") for name, ddl in tables]
        for node in descriptions.values():
            if node.get("resource_type") == "model" and node.get("name") in {name for name, _ in tables}:
                _describe(connection, node)
        connection.execute("checkpoint sealed")
    (target / DBT).mkdir()
    for name in KEPT_OF_DBT:
        shutil.copyfile(places.target / name, target / DBT / name)
    return marts


def outputs(folder: Path) -> list[dict[str, Any]]:
    """Path, bytes and SHA-256 of every file of a release, but for the manifest, in order of paths."""
    return [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def close(folder: Path) -> None:
    """Write all of it through to the disk, and take the right to write away from everyone.

    The folder itself stays writable until it has its name: moving it asks for that.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            path.chmod(0o444)
        sync(path)
        if path.is_dir():
            path.chmod(0o555)
    # lists can hold what marts do not show, as how few a group is of
    (folder / INPUTS).chmod(0o550)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until a file or the list of a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Remove a folder that was closed, and all in it; or a file or link that took its name."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink()
        return
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def _seal_mart(connection: duckdb.DuckDBPyConnection, name: str, ddl: str, parquet: Path) -> dict[str, Any]:
    """Copy one mart with its key, in order, into the new file and its Parquet."""
    connection.execute(ddl)
    connection.execute(f'insert into marts."{name}" select * from built.marts."{name}" order by all')
    connection.execute(
        f'copy (select * from marts."{name}" order by all) to {quoted(str(parquet))} (format parquet, compression zstd)'
    )
    amounts = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'sealed' and schema_name = 'marts'"
        " and table_name = ? and data_type like 'DECIMAL%' order by column_index",
        [name],
    ).fetchall()
    sums = ", ".join(f'sum("{column}")' for (column,) in amounts)
    row = connection.execute(f'select count(*){", " if sums else ""}{sums} from marts."{name}"').fetchone()
    count, *totals = row or (0,)
    return {
        "name": name,
        "rows": count,
        "sums": {
            column: None if total is None else f"{total:f}" for (column,), total in zip(amounts, totals, strict=True)
        },
        "sha256": sha256(parquet),
    }


def _describe(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> None:
    table = f'marts."{node["name"]}"'
    connection.execute(f"comment on table {table} is {quoted(node['description'])}")
    for name, column in node["columns"].items():
        if column.get("description"):
            connection.execute(f'comment on column {table}."{name}" is {quoted(column["description"])}')
