"""The floor: the very SQL that dbt compiled, run by DuckDB alone in one process and one connection, in order.

`python -m benchmarks.floor MANIFEST DATABASE [--select MART ...]` builds every seed, model and assertion of a manifest
(that of a `dbt build`, so that all of it is compiled) into a new file, which must be named as the one that dbt built:
that name stands in the SQL. What dbt costs is what is over this. Exit code 1: an assertion found rows.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bokslut.settings import MEMORY_LIMIT, MOST_THREADS

Node = Mapping[str, Any]
KINDS = ("seed", "model", "test")


def chosen(nodes: Mapping[str, Node], marts: Iterable[str]) -> dict[str, Node]:
    """The named marts, all that they are made of, and the assertions on nothing else; all nodes where none is named.

    It is what `dbt build --select +mart --indirect-selection cautious` runs.
    """
    wanted = set(marts)
    waiting = [name for name, node in nodes.items() if not wanted or node["name"] in wanted]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in nodes and name not in found:
            found.add(name)
            waiting += nodes[name]["depends_on"].get("nodes", [])
    return {
        name: node
        for name, node in nodes.items()
        if name in found or (node["resource_type"] == "test" and found.issuperset(node["depends_on"]["nodes"]))
    }


def in_order(nodes: Mapping[str, Node]) -> list[Node]:
    """Each node after those that it reads; the same order every time."""
    parents = {name: sorted(set(nodes[name]["depends_on"].get("nodes", [])) & nodes.keys()) for name in sorted(nodes)}
    return [nodes[name] for name in TopologicalSorter(parents).static_order()]


def statements(node: Node, project: Path) -> list[str]:
    """The SQL of one node, as the project's macros and dbt-duckdb have it. Raises KeyError for an unknown kind."""
    name = f'"{node["schema"]}"."{node["alias"]}"'
    if node["resource_type"] == "test":
        return [f"select count(*) from (\n{node['compiled_code']}\n) as broken"]
    begin = [f'create schema if not exists "{node["schema"]}"']
    if node["resource_type"] == "seed":
        columns = ", ".join(f"'{column}': 'varchar'" for column in node["columns"])
        return [
            *begin,
            f"create table {name} as select * from read_csv('{project / node['original_file_path']}', header = true,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
            f" columns = {{{columns}}})",
        ]
    code = node["compiled_code"]
    if node["config"]["materialized"] == "view":
        return [*begin, f"create view {name} as (\n{code}\n)"]
    if not node["config"]["contract"]["enforced"]:
        return [*begin, f"create table {name} as (\n{code}\n)"]
    columns = ", ".join(f"{column} {each['data_type']}{_not_null(each)}" for column, each in node["columns"].items())
    keys = "".join(
        f", primary key ({', '.join(each['columns'])})" for each in node["constraints"] if each["type"] == "primary_key"
    )
    picked = ", ".join(node["columns"])
    return [
        *begin,
        f"create table {name} ({columns}{keys})",
        f"insert into {name} ({picked}) select {picked} from (\n{code}\n) as model",
    ]


def build(manifest: Path, database: Path, marts: Iterable[str], project: Path) -> list[str]:
    """Build all of it into a new database; gives the names of the assertions that found rows.

    project: where seeds lie and what paths in the SQL begin at. Raises duckdb.Error where a statement fails.
    """
    nodes = {
        name: node
        for name, node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].items()
        if node["resource_type"] in KINDS
    }
    profile = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))["bokslut"]
    config = dict(profile["outputs"][profile["target"]]["config_options"])
    # what the plugin sets
    config["memory_limit"] = os.environ.get("BOKSLUT_MEMORY_LIMIT") or MEMORY_LIMIT
    config["threads"] = str(min(os.cpu_count() or 1, MOST_THREADS))
    broken = []
    with duckdb.connect(str(database), config=config) as connection:
        for node in in_order(chosen(nodes, marts)):
            for statement in statements(node, project):
                cursor = connection.execute(statement)
            if node["resource_type"] == "test":
                ((count,),) = cursor.fetchall()
                broken += [node["name"]] if count else []
    return broken


def _not_null(column: Node) -> str:
    return " not null" if any(each["type"] == "not_null" for each in column["constraints"]) else ""


def main() -> int:
    """Build what the arguments say, from the folder of the project."""
    arguments = argparse.ArgumentParser(description="the compiled SQL of a dbt build, by DuckDB alone")
    arguments.add_argument("manifest", type=Path)
    arguments.add_argument("database", type=Path)
    arguments.add_argument("--select", nargs="+", default=[])
    given = arguments.parse_args()
    given.database.unlink(missing_ok=True)
    broken = build(given.manifest, given.database, given.select, Path())
    for name in broken:
        print(f"assertion found rows: {name}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
