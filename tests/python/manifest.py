"""What dbt knows of a built copy: its manifest, with the look-ups that the rules over it need. No rule stands here."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from project import Project

Node = dict[str, Any]


class Manifest:
    """dbt's manifest of the built copy, with the look-ups that the rules need."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.content: Node = json.loads((project.path / "target/manifest.json").read_text(encoding="utf-8"))

    def of_type(self, resource_type: str) -> list[Node]:
        """All nodes of a type, in the order of their names."""
        nodes = [node for node in self.content["nodes"].values() if node["resource_type"] == resource_type]
        return sorted(nodes, key=lambda node: str(node["name"]))

    @cached_property
    def models(self) -> list[Node]:
        """The models of every layer."""
        return self.of_type("model")

    @cached_property
    def seeds(self) -> list[Node]:
        """The declared seeds."""
        return self.of_type("seed")

    @cached_property
    def marts(self) -> list[Node]:
        """The models of the layer that readers see."""
        return [model for model in self.models if layer(model) == "marts"]

    @cached_property
    def tests(self) -> list[Node]:
        """The data tests, generic and singular."""
        return self.of_type("test")

    @cached_property
    def claims(self) -> int:
        """How many claims, references and control totals the data tests hold, one by one."""
        asked = [(test.get("test_metadata") or {}).get("kwargs", {}) for test in self.tests]
        return sum(len(each.get(kind, ())) for each in asked for kind in ("claims", "references", "totals"))

    @cached_property
    def sources(self) -> list[Node]:
        """The tables of the external sources."""
        return list(self.content["sources"].values())

    def parents(self, node: Node) -> list[Node]:
        """The nodes that a node reads, each once."""
        nodes = self.content["nodes"] | self.content["sources"]
        return [nodes[unique_id] for unique_id in sorted(set(node["depends_on"]["nodes"]))]

    def tests_of(self, node: Node) -> list[Node]:
        """The generic tests that are attached to a node."""
        return [test for test in self.tests if test.get("attached_node") == node["unique_id"]]

    def arguments(self, node: Node, test_name: str) -> list[Node]:
        """The arguments of each test of one generic kind that a node has."""
        found = [test["test_metadata"] for test in self.tests_of(node)]
        return [metadata["kwargs"] for metadata in found if metadata["name"] == test_name]


def layer(node: Node) -> str:
    """The first folder of a model: staging, intermediate or marts; of anything else its type."""
    return str(node["fqn"][1]) if node["resource_type"] == "model" else str(node["resource_type"])


def folder(model: Node) -> str:
    """The subject folder of a model."""
    return str(model["fqn"][2])


def primary_keys(model: Node) -> list[list[str]]:
    """The columns of each primary key that a model declares."""
    return [constraint["columns"] for constraint in model["constraints"] if constraint["type"] == "primary_key"]


def may_read_marts(model: Node) -> bool:
    """The models of figures and controls, which alone read marts."""
    return model["name"].startswith("int_control__") or "figure" in model["name"] or folder(model) == "control"
