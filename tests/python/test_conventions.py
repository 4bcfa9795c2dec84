"""The house rules that dbt does not hold by itself, over the manifest and the yml of the built copy.

What a figure is and what a row claims is tested elsewhere; here only names, places, layers and declarations.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from project import Project

Node = dict[str, Any]

LAYERS = ("staging", "intermediate", "marts")
MART_PREFIXES = ("dim_", "fct_", "rpt_")
MOST_PARENTS = 5
# a union over the subjects has as many parents as there are subjects
MANY_PARENTS = {"fct_figure"}

CONFIG = {"meta", "tags"}
TEST_KEYS = {"name", "description", "arguments", "config"}
COLUMN_KEYS = {"name", "description", "data_type", "constraints", "data_tests", "config"}
MODEL_KEYS = {"name", "description", "config", "constraints", "columns", "data_tests"}
SEED_KEYS = {"name", "description", "config", "columns", "data_tests"}
CONSTRAINT_KEYS = {"type", "columns", "expression", "name"}
SOURCE_KEYS = {"name", "description", "tables", "config"}
TABLE_KEYS = {"name", "description", "config", "columns", "data_tests"}
UNIT_TEST_KEYS = {"name", "description", "model", "given", "expect", "overrides", "config"}
GIVEN_KEYS = {"input", "rows", "format"}
EXPECT_KEYS = {"rows", "format"}
FILE_KEYS = {"version", "models", "seeds", "sources", "unit_tests", "exposures"}
SEED_META = {"key"}
SEED_COLUMN_META = {"kind", "required", "values", "scale_column"}
TABLE_META = {"external_location"}
KINDS = {"id", "text", "year", "integer", "decimal", "date", "scale", "boolean", "enum", "amount"}


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
        return self.of_type("model")

    @cached_property
    def seeds(self) -> list[Node]:
        return self.of_type("seed")

    @cached_property
    def marts(self) -> list[Node]:
        return [model for model in self.models if layer(model) == "marts"]

    @cached_property
    def tests(self) -> list[Node]:
        return self.of_type("test")

    @cached_property
    def sources(self) -> list[Node]:
        return list(self.content["sources"].values())

    def parents(self, node: Node) -> list[Node]:
        """The nodes that a node reads, each once."""
        nodes = self.content["nodes"] | self.content["sources"]
        return [nodes[unique_id] for unique_id in sorted(set(node["depends_on"]["nodes"]))]

    def tests_of(self, node: Node) -> list[Node]:
        """The data tests that are attached to a node."""
        return [test for test in self.tests if test["attached_node"] == node["unique_id"]]


def layer(node: Node) -> str:
    """The first folder of a model: staging, intermediate or marts; of anything else its type."""
    return str(node["fqn"][1]) if node["resource_type"] == "model" else str(node["resource_type"])


def folder(model: Node) -> str:
    """The subject folder of a model."""
    return str(model["fqn"][2])


def may_read_marts(model: Node) -> bool:
    """The models of figures and controls, which alone read marts."""
    return model["name"].startswith("int_control__") or "figure" in model["name"] or folder(model) == "control"


@pytest.fixture(scope="module")
def manifest(built: Project) -> Manifest:
    return Manifest(built)


def test_every_model_seed_and_source_opens_its_description_with_one_row_per(manifest: Manifest) -> None:
    nodes = manifest.models + manifest.seeds + manifest.sources
    assert [node["name"] for node in nodes if not node["description"].startswith("One row per ")] == []


def test_every_column_is_described(manifest: Manifest) -> None:
    undescribed = [
        f"{node['name']}.{column['name']}"
        for node in manifest.models + manifest.seeds + manifest.sources
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert undescribed == []


def test_every_column_of_models_and_sources_has_a_type(manifest: Manifest) -> None:
    untyped = [
        f"{node['name']}.{column['name']}"
        for node in manifest.models + manifest.sources
        for column in node["columns"].values()
        if not column["data_type"]
    ]
    assert untyped == []


def test_the_columns_of_every_model_are_declared_in_the_order_of_its_select(manifest: Manifest, built: Project) -> None:
    found: dict[str, list[str]] = {}
    for schema, table, column in built.query(
        "select table_schema, table_name, column_name from information_schema.columns order by ordinal_position"
    ):
        found.setdefault(f"{schema}.{table}", []).append(column)
    differing = {
        model["name"]: (list(model["columns"]), found[f"{model['schema']}.{model['name']}"])
        for model in manifest.models
        if list(model["columns"]) != found[f"{model['schema']}.{model['name']}"]
    }
    assert differing == {}


def test_every_mart_is_a_public_table_with_an_enforced_contract_in_schema_marts(manifest: Manifest) -> None:
    broken = [
        mart["name"]
        for mart in manifest.marts
        if not (
            mart["contract"]["enforced"]
            and mart["config"]["contract"]["enforced"]
            and mart["access"] == "public"
            and mart["schema"] == "marts"
            and mart["config"]["materialized"] == "table"
        )
    ]
    assert manifest.marts
    assert broken == []


def test_every_mart_has_one_primary_key_of_columns_that_stand_first(manifest: Manifest) -> None:
    broken = []
    for mart in manifest.marts:
        keys = [constraint["columns"] for constraint in mart["constraints"] if constraint["type"] == "primary_key"]
        if len(keys) != 1 or not keys[0] or not set(keys[0]) <= set(list(mart["columns"])[: len(keys[0]) + 1]):
            broken.append((mart["name"], keys, list(mart["columns"])))
    assert broken == []


def test_the_primary_key_of_every_mart_reaches_the_database(manifest: Manifest, built: Project) -> None:
    found = {
        table: tuple(columns)
        for table, columns in built.query("""
            select table_name, constraint_column_names from duckdb_constraints()
            where schema_name = 'marts' and constraint_type = 'PRIMARY KEY'
        """)
    }
    declared = {
        mart["name"]: tuple(constraint["columns"])
        for mart in manifest.marts
        for constraint in mart["constraints"]
        if constraint["type"] == "primary_key"
    }
    assert found == declared


def test_every_mart_has_its_row_claims_over_its_primary_key(manifest: Manifest) -> None:
    broken = []
    for mart in manifest.marts:
        keys = [constraint["columns"] for constraint in mart["constraints"] if constraint["type"] == "primary_key"]
        claims = [test for test in manifest.tests_of(mart) if test["name"] == f"{mart['name']}__claims"]
        if [test["test_metadata"]["kwargs"]["key"] for test in claims] != keys:
            broken.append(mart["name"])
    assert broken == []


def test_every_mart_is_tested_to_be_not_empty(manifest: Manifest) -> None:
    untested = [
        mart["name"]
        for mart in manifest.marts
        if not any("not_empty" in test["test_metadata"]["name"] for test in manifest.tests_of(mart))
    ]
    assert untested == []


def test_every_model_is_named_after_its_layer_and_folder(manifest: Manifest) -> None:
    prefixes = {"staging": "stg_{}__", "intermediate": "int_{}__"}
    misnamed = [
        model["original_file_path"]
        for model in manifest.models
        if layer(model) not in LAYERS
        or len(model["fqn"]) != 4
        or not model["name"].startswith(
            MART_PREFIXES if layer(model) == "marts" else prefixes[layer(model)].format(folder(model))
        )
    ]
    assert misnamed == []


def test_staging_reads_one_raw_input_and_nothing_else(manifest: Manifest) -> None:
    broken = [
        model["name"]
        for model in manifest.models
        if layer(model) == "staging"
        and [parent["resource_type"] in ("seed", "source") for parent in manifest.parents(model)] != [True]
    ]
    assert broken == []


def test_intermediate_models_and_marts_read_no_raw_input(manifest: Manifest) -> None:
    broken = [
        (model["name"], parent["name"])
        for model in manifest.models
        if layer(model) != "staging"
        for parent in manifest.parents(model)
        if parent["resource_type"] in ("seed", "source")
    ]
    assert broken == []


def test_only_models_of_figures_and_controls_read_marts(manifest: Manifest) -> None:
    broken = [
        (model["name"], parent["name"])
        for model in manifest.models
        if not may_read_marts(model)
        for parent in manifest.parents(model)
        if layer(parent) == "marts"
    ]
    assert broken == []


def test_no_model_has_more_than_five_parents(manifest: Manifest) -> None:
    broken = {
        model["name"]: len(manifest.parents(model))
        for model in manifest.models
        if len(manifest.parents(model)) > MOST_PARENTS and model["name"] not in MANY_PARENTS
    }
    assert broken == {}


def test_nothing_is_switched_off(manifest: Manifest) -> None:
    assert manifest.content["disabled"] == {}


def test_every_model_is_sql(manifest: Manifest) -> None:
    assert [model["name"] for model in manifest.models if model["language"] != "sql"] == []


def test_every_data_test_fails_at_the_first_broken_row_and_none_only_warns(manifest: Manifest) -> None:
    weak = [
        test["name"]
        for test in manifest.tests
        if test["config"]["severity"].lower() != "error"
        or (test["config"]["error_if"], test["config"]["warn_if"]) != ("!= 0", "!= 0")
        or test["config"]["limit"] is not None
        or test["config"]["where"] is not None
        or test["config"]["fail_calc"] != "count(*)"
    ]
    assert weak == []


def test_every_model_is_declared_in_the_properties_file_of_its_folder(manifest: Manifest) -> None:
    broken = [
        (model["name"], model["patch_path"])
        for model in manifest.models
        if model["patch_path"] != f"bokslut://models/{layer(model)}/{folder(model)}/_{folder(model)}__models.yml"
    ]
    assert broken == []


def test_every_folder_of_models_has_no_other_yml_than_its_own_three(built: Project) -> None:
    strangers = [
        str(path.relative_to(built.path))
        for path in sorted((built.path / "models").rglob("*.y*ml"))
        if path.name
        not in {f"_{path.parent.name}__{kind}.yml" for kind in ("models", "unit_tests", "sources", "exposures")}
    ]
    assert strangers == []


def test_every_seed_declares_a_key_of_its_columns_and_a_kind_for_each(manifest: Manifest) -> None:
    broken = []
    for seed in manifest.seeds:
        key = seed["config"]["meta"].get("key", [])
        if not key or not set(key) <= set(seed["columns"]):
            broken.append(f"{seed['name']}: key {key}")
        for column in seed["columns"].values():
            meta = column["config"]["meta"]
            if (
                meta.get("kind") not in KINDS
                or (meta["kind"] == "enum") != bool(meta.get("values"))
                or (meta["kind"] == "amount" and meta.get("scale_column") not in seed["columns"])
            ):
                broken.append(f"{seed['name']}.{column['name']}: {meta}")
    assert broken == []


def test_every_seed_has_its_claims(manifest: Manifest) -> None:
    without = [
        seed["name"]
        for seed in manifest.seeds
        if f"{seed['name']}__claims" not in {test["name"] for test in manifest.tests_of(seed)}
    ]
    assert without == []


def test_every_seed_with_rows_of_a_board_or_year_refers_to_ones_that_exist(manifest: Manifest) -> None:
    """Each board, year, organisation and report part of a seed is held against its list, directly or through a key."""
    broken = []
    for seed in manifest.seeds:
        references = [
            set(reference["columns"])
            for test in manifest.tests_of(seed)
            if test["test_metadata"]["name"] == "references_exist"
            for reference in test["test_metadata"]["kwargs"]["references"]
        ]
        lists = {"organisation_id": "organisations", "fiscal_year": "fiscal_years", "board_id": "boards"}
        for column, home in lists.items():
            if column in seed["columns"] and seed["name"] != home and not any(column in there for there in references):
                broken.append(f"{seed['name']}.{column}")
        if "report_part" in seed["columns"] and {"report_part"} not in references:
            broken.append(f"{seed['name']}.report_part")
    assert broken == []


def test_every_control_total_is_one_that_a_model_declares(manifest: Manifest) -> None:
    declared = {
        (model["name"], total)
        for model in manifest.models
        for test in manifest.tests_of(model)
        if test["test_metadata"]["name"] == "control_totals"
        for total in test["test_metadata"]["kwargs"]["totals"]
    }
    path = manifest.project.seed("control_totals")
    with path.open(encoding="utf-8", newline="") as file:
        given = {(row["model_name"], row["total_name"]) for row in csv.DictReader(file)}
    assert given, "no control total is given"
    assert given - declared == set()


def test_the_empty_postings_have_the_declared_columns(manifest: Manifest, built: Project) -> None:
    (source,) = (source for source in manifest.sources if source["name"] == "postings")
    declared = [(column["name"], column["data_type"].lower()) for column in source["columns"].values()]
    empty = built.path / "data/postings/empty.parquet"
    described = built.query(f"describe select * from read_parquet('{empty}')")
    found = [(row[0], row[1].lower().replace(",", ", ")) for row in described]
    assert found == declared
    assert built.value(f"select count(*) from read_parquet('{empty}')") == 0


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
