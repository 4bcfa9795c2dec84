"""No yml key is misspelt: dbt on DuckDB passes `constriants:` over without a word, and what it should hold with it.

The allow-lists hold the keys that the project uses; a new one is added here when it is first needed. What the values
say is held by test_conventions.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from manifest import Node
from project import Project

CONFIG = {"meta", "tags"}
TEST_KEYS = {"name", "description", "arguments", "config"}
REFERENCE_KEYS = {"columns", "to", "to_columns"}
COLUMN_KEYS = {"name", "description", "data_type", "constraints", "data_tests", "config"}
MODEL_KEYS = {"name", "description", "config", "constraints", "columns", "data_tests"}
SEED_KEYS = {"name", "description", "config", "columns", "data_tests"}
CONSTRAINT_KEYS = {"type", "columns", "expression", "name"}
SOURCE_KEYS = {"name", "description", "tables", "config"}
TABLE_KEYS = {"name", "description", "config", "columns", "data_tests"}
UNIT_TEST_KEYS = {"name", "description", "model", "given", "expect", "overrides", "config"}
GIVEN_KEYS = {"input", "rows", "format"}
EXPECT_KEYS = {"rows", "format"}
FILE_KEYS = {"version", "anchors", "models", "seeds", "sources", "unit_tests", "exposures"}
SEED_META = {"key", "swedish", "unique"}
SEED_COLUMN_META = {"kind", "required", "values", "scale_column", "swedish"}
TABLE_META = {"external_location"}
EXPOSURE_KEYS = {"name", "label", "type", "maturity", "url", "description", "owner", "depends_on", "config"}
OWNER_KEYS = {"name", "email"}


def yml_files(path: Path) -> list[Path]:
    """The properties files that the allow-lists hold for."""
    return sorted([*(path / "models").rglob("*.yml"), *(path / "seeds/reference").glob("_*.yml")])


def unknown(entry: Node, allowed: set[str], where: str) -> Iterator[str]:
    """The keys of one yml mapping that dbt would pass over without a word."""
    yield from (f"{where}: {key}" for key in entry if key not in allowed)


def unknown_in_tests(entry: Node, where: str) -> Iterator[str]:
    """The unknown keys of the data tests of a model, seed or column."""
    for test in entry.get("data_tests", []):
        if isinstance(test, dict):
            if len(test) != 1:
                yield f"{where}: a test with {len(test)} names"
            for name, body in test.items():
                yield from unknown(body, TEST_KEYS, f"{where}.{name}")
                yield from unknown(body.get("config", {}), CONFIG, f"{where}.{name}.config")
                for reference in body.get("arguments", {}).get("references", []):
                    yield from unknown(reference, REFERENCE_KEYS, f"{where}.{name}.references")


def unknown_in_columns(entry: Node, where: str, meta: set[str]) -> Iterator[str]:
    """The unknown keys of the columns of a model, seed or source table."""
    for column in entry.get("columns", []):
        place = f"{where}.{column['name']}"
        yield from unknown(column, COLUMN_KEYS, place)
        yield from unknown(column.get("config", {}), {"meta"}, f"{place}.config")
        yield from unknown(column.get("config", {}).get("meta", {}), meta, f"{place}.config.meta")
        for constraint in column.get("constraints", []):
            yield from unknown(constraint, CONSTRAINT_KEYS, f"{place}.constraints")
        yield from unknown_in_tests(column, place)


def unknown_keys(content: Node) -> Iterator[str]:
    """Every key of a properties file that is not in the allow-lists."""
    yield from unknown(content, FILE_KEYS, "file")
    for model in content.get("models", []):
        yield from unknown(model, MODEL_KEYS, model["name"])
        yield from unknown(model.get("config", {}), CONFIG, f"{model['name']}.config")
        yield from unknown_in_columns(model, model["name"], set())
        yield from unknown_in_tests(model, model["name"])
        for constraint in model.get("constraints", []):
            yield from unknown(constraint, CONSTRAINT_KEYS, f"{model['name']}.constraints")
    for seed in content.get("seeds", []):
        yield from unknown(seed, SEED_KEYS, seed["name"])
        yield from unknown(seed.get("config", {}), {"meta"}, f"{seed['name']}.config")
        yield from unknown(seed.get("config", {}).get("meta", {}), SEED_META, f"{seed['name']}.config.meta")
        yield from unknown_in_columns(seed, seed["name"], SEED_COLUMN_META)
        yield from unknown_in_tests(seed, seed["name"])
    for source in content.get("sources", []):
        yield from unknown(source, SOURCE_KEYS, source["name"])
        for table in source["tables"]:
            yield from unknown(table, TABLE_KEYS, table["name"])
            yield from unknown(table.get("config", {}), {"meta"}, f"{table['name']}.config")
            yield from unknown(table.get("config", {}).get("meta", {}), TABLE_META, f"{table['name']}.config.meta")
            yield from unknown_in_columns(table, table["name"], set())
            yield from unknown_in_tests(table, table["name"])
    for exposure in content.get("exposures", []):
        yield from unknown(exposure, EXPOSURE_KEYS, exposure["name"])
        yield from unknown(exposure["owner"], OWNER_KEYS, f"{exposure['name']}.owner")
    for test in content.get("unit_tests", []):
        yield from unknown(test, UNIT_TEST_KEYS, test["name"])
        yield from unknown(test["expect"], EXPECT_KEYS, f"{test['name']}.expect")
        for given in test["given"]:
            yield from unknown(given, GIVEN_KEYS, f"{test['name']}.given")


def test_no_yml_key_is_misspelt(built: Project) -> None:
    misspelt = [
        f"{path.relative_to(built.path)}: {key}"
        for path in yml_files(built.path)
        for key in unknown_keys(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]
    assert misspelt == []


@pytest.mark.parametrize(
    "text",
    [
        "models: [{name: m, constriants: []}]",
        "models: [{name: m, constraints: [{type: primary_key, colums: [a]}]}]",
        "models: [{name: m, columns: [{name: a, desciption: x}]}]",
        "models: [{name: m, data_tests: [{row_claims: {name: m__claims, argument: {}}}]}]",
        "models: [{name: m, config: {enabled: false}}]",
        "seeds: [{name: s, columns: [{name: a, config: {meta: {kind: id, requird: true}}}]}]",
        "seeds: [{name: s, tests: []}]",
        "unit_tests: [{name: u, model: m, given: [{input: ref('a'), row: []}], expect: {rows: []}}]",
        "seeds: [{name: s, data_tests: [{seed_claims: {arguments: {references: [{column: [a], to: b}]}}}]}]",
        "models: [{name: m, data_tests: [{row_claims: {name: m__claims, config: {severity: warn}}}]}]",
        "exposures: [{name: e, owner: {name: o, mail: x}}]",
        "model: []",
    ],
)
def test_a_misspelt_yml_key_is_found_on_every_level(text: str) -> None:
    assert len(list(unknown_keys(yaml.safe_load(text)))) == 1


def test_no_yml_key_stands_twice_in_one_mapping(built: Project) -> None:
    """The last of two equal keys would silently win."""
    repeated = [
        f"{path.relative_to(built.path)}: {key}"
        for path in yml_files(built.path)
        for key in repeated_keys(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
    ]
    assert repeated == []


def repeated_keys(node: yaml.Node | None) -> Iterator[str]:
    """The keys of a yml tree that stand twice in one mapping, with their lines."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: {key.value}"
            seen.add(key.value)
            yield from repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from repeated_keys(item)
