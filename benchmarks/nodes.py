"""What a build of this board costs by node, and as a multiple of what dbt costs with nothing to build."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contestants import REPOSITORY, dbt
from benchmarks.measuring import Cost
from benchmarks.turns import HEAD, Turn, in_turn, line, small_project

SLOWEST = 10
EMPTY = "dbt build of an empty project"
BUILD = "dbt build without unit tests"
Table = tuple[str, tuple[str, ...], list[list[str]]]


@dataclass(frozen=True)
class Node:
    """One node of a run. kind: as "model, view". seconds: of the clock, in the thread that ran it."""

    name: str
    kind: str
    seconds: float


def commands(folder: Path) -> list[Turn]:
    """What is run: nothing, dbt with nothing to build, and the commands of this project on its own board."""
    database = folder / "warehouse.duckdb"
    inside = folder.relative_to(REPOSITORY)
    variables = {"BOKSLUT_DATABASE": str(database.relative_to(REPOSITORY))}
    releases = {"BOKSLUT_RELEASES": str(inside / "releases")}

    def ours(name: str, *arguments: str) -> Turn:
        return Turn(name, dbt(inside, *arguments), REPOSITORY, variables, (database,))

    return [
        Turn("python, and no more", [sys.executable, "-c", "pass"], REPOSITORY),
        Turn(EMPTY, (empty := small_project(folder / "empty")).command, empty.folder, {}, empty.written),
        ours("dbt parse, warm", "parse"),
        ours("dbt build", "build"),
        # the last one of dbt, since its account of the run is read
        ours(BUILD, "build", "--exclude-resource-type", "unit_test"),
        Turn(
            "bokslut build",
            [sys.executable, "-m", "bokslut", "build", "--quiet", "--keep", "0"],
            REPOSITORY,
            releases,
        ),
    ]


def tables(folder: Path, rounds: int, tell: Callable[[str], None]) -> list[Table]:
    """Run all of it; gives the tables, each with a title, a head and lines."""
    costs = in_turn(commands(folder), rounds, tell)
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = read(results, manifest)
    return [fixed(costs), by_kind(nodes), slowest(nodes)]


def fixed(costs: Mapping[str, list[Cost]]) -> Table:
    """Each command, and as a multiple of dbt with nothing to build, by the clock and by the processor."""
    start = {figure: statistics.median(getattr(cost, figure) for cost in costs[EMPTY]) for figure in ("wall", "cpu")}
    body = [
        [*line(name, found)]
        + [f"{statistics.median(getattr(cost, figure) for cost in found) / start[figure]:.2f}" for figure in start]
        for name, found in costs.items()
    ]
    return "what the commands cost on this board", (*HEAD, "x empty dbt", "CPU x empty dbt"), body


def read(results: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[Node]:
    """The nodes of dbt's run results, with how they are materialized from its manifest."""
    found = []
    for result in results["results"]:
        node = manifest["nodes"].get(result["unique_id"])
        kind = result["unique_id"].split(".", 1)[0]
        if node and kind == "model":
            kind = f"model, {node['config']['materialized']}"
        found.append(Node(node["name"] if node else result["unique_id"], kind, result["execution_time"]))
    return found


def by_kind(nodes: list[Node]) -> Table:
    """How many of each kind, and their seconds in all, in the middle and at most."""
    body = []
    for kind in [*sorted({node.kind for node in nodes}), ""]:
        seconds = [node.seconds for node in nodes if kind in ("", node.kind)]
        body.append(
            [
                kind or "together",
                str(len(seconds)),
                f"{sum(seconds):.2f}",
                f"{statistics.median(seconds) * 1000:.0f}",
                f"{max(seconds) * 1000:.0f}",
            ]
        )
    return (
        f"{BUILD}, by kind (dbt's own account, two threads)",
        ("kind", "nodes", "sum s", "median ms", "most ms"),
        body,
    )


def slowest(nodes: list[Node]) -> Table:
    """The nodes that took longest."""
    found = sorted(nodes, key=lambda node: (-node.seconds, node.name))[:SLOWEST]
    body = [[node.name, node.kind, f"{node.seconds * 1000:.0f}"] for node in found]
    return f"the slowest {len(body)}", ("node", "kind", "ms"), body
