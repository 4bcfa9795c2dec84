"""The same rows as a dbt seed and as imported Parquet: what each costs, by how many rows there are."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import duckdb
import yaml

from benchmarks.contestants import REPOSITORY
from benchmarks.data import prepared
from benchmarks.turns import HEAD, Turn, in_turn, line, small_project
from bokslut.intake.postings import SCHEMA

SIZES = (1_000, 10_000, 100_000)
# seeds and tables are made as this project makes them
MACROS = ("materialize_seed.sql", "materialize_table.sql")
DECLARED = {"seeds": [{"name": "rows", "columns": [{"name": name} for name in SCHEMA.names]}]}
EMPTY = "nothing"


def turns(folder: Path) -> list[Turn]:
    """A dbt project each with the rows as a seed, and with the rows as Parquet that a model reads into a table."""
    data = REPOSITORY / prepared(max(SIZES)) / "data"
    macros = [REPOSITORY / "macros" / "engines" / name for name in MACROS]
    found = [small_project(folder / EMPTY, macros)]
    for size in SIZES:
        seed = small_project(folder / f"{size} rows, seed", macros)
        imported = small_project(folder / f"{size} rows, Parquet", macros)
        (seed.folder / "seeds").mkdir()
        (imported.folder / "models").mkdir()
        rows = f"select * from read_parquet('{data}/postings/**/*.parquet', hive_partitioning = false) limit {size}"
        (seed.folder / "seeds" / "_rows.yml").write_text(yaml.safe_dump(DECLARED), encoding="utf-8")
        with duckdb.connect() as connection:
            connection.execute(f"copy ({rows}) to '{seed.folder}/seeds/rows.csv' (header)")
            connection.execute(f"copy ({rows}) to '{imported.folder}/rows.parquet' (format parquet)")
        (imported.folder / "models" / "read.sql").write_text(
            "{{ config(materialized='table') }}\nselect * from read_parquet('rows.parquet')\n", encoding="utf-8"
        )
        found += [seed, imported]
    return found


def table(folder: Path, rounds: int, tell: Callable[[str], None]) -> tuple[str, tuple[str, ...], list[list[str]]]:
    """Run them in turn; gives title, head and lines. The last column is what the rows cost over a dbt without any."""
    costs = in_turn(turns(folder), rounds, tell)
    start = statistics.median(cost.cpu for cost in costs[EMPTY])
    body = [
        [*line(name, found), f"{statistics.median(cost.cpu for cost in found) - start:+.2f}"]
        for name, found in costs.items()
    ]
    return "the same rows as a seed and as imported Parquet, dbt build", (*HEAD, "CPU s over nothing"), body
