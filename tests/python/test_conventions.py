"""The house rules that dbt does not hold by itself, over the manifest and the yml of the built copy.

What a figure is and what a row claims is tested elsewhere; here only names, places, layers and declarations.
"""

from __future__ import annotations

import csv

import pytest

from bokslut.intake.postings import SCHEMA
from bokslut.intake.store import COLUMNS as RECORD
from manifest import Manifest, folder, layer, may_read_marts, primary_keys
from project import Project

LAYERS = ("staging", "intermediate", "marts")
MART_PREFIXES = ("dim_", "fct_", "rpt_")
MOST_PARENTS = 5
# the imported postings, added up
POSTINGS = "int_ledger__entries_posted"
BOARD_AND_YEAR = ("organisation_id", "board_id", "fiscal_year")
# a union has as many parents as it has parts: the figures of a subject, of all subjects, the rules of contradiction
UNIONS = ("fct_figure", "fct_contradiction", "__figures")


KINDS = {"id", "text", "year", "integer", "decimal", "date", "scale", "boolean", "enum", "amount"}


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


def test_every_column_of_staging_marts_and_sources_has_a_type(manifest: Manifest) -> None:
    untyped = [
        f"{node['name']}.{column['name']}"
        for node in manifest.models + manifest.sources
        if layer(node) != "intermediate"
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
    broken = {}
    for mart in manifest.marts:
        keys = primary_keys(mart)
        columns = [column for column in mart["columns"] if column not in BOARD_AND_YEAR]
        own = [column for key in keys for column in key if column not in BOARD_AND_YEAR]
        if len(keys) != 1 or not keys[0] or not set(own) <= set(columns[: len(own) + 1]):
            broken[mart["name"]] = keys
    assert broken == {}


def test_the_primary_key_of_every_mart_reaches_the_database(manifest: Manifest, built: Project) -> None:
    found = {
        table: tuple(columns)
        for table, columns in built.query("""
            select table_name, constraint_column_names from duckdb_constraints()
            where schema_name = 'marts' and constraint_type = 'PRIMARY KEY'
        """)
    }
    declared = {mart["name"]: tuple(key) for mart in manifest.marts for key in primary_keys(mart)}
    assert found == declared


def test_every_mart_has_its_row_claims_over_its_primary_key(manifest: Manifest) -> None:
    broken = []
    for mart in manifest.marts:
        claims = [test for test in manifest.tests_of(mart) if test["name"] == f"{mart['name']}__claims"]
        keys = [test["test_metadata"]["kwargs"]["key"] for test in claims]
        if not keys or keys != primary_keys(mart):
            broken.append(mart["name"])
    assert broken == []


def test_every_mart_must_have_a_row_where_an_input_of_its_subject_has_one(manifest: Manifest) -> None:
    """The inputs are seeds, and the postings where these are all that a mart is made of."""
    known = {seed["name"] for seed in manifest.seeds} | {POSTINGS}
    untested = []
    for mart in manifest.marts:
        inputs = [
            name
            for claims in manifest.arguments(mart, "row_claims")
            for name in [*claims.get("not_empty_with", []), *claims.get("not_empty_where", {})]
        ]
        if not known & set(inputs):
            untested.append(mart["name"])
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
        if len(manifest.parents(model)) > MOST_PARENTS and not model["name"].endswith(UNIONS)
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


def test_no_properties_file_stands_in_another_folder_or_under_another_name(built: Project) -> None:
    models = built.path / "models"
    strangers = [
        path
        for path in sorted(models.rglob("*.y*ml"))
        if path.name not in {f"_{path.parent.name}__{kind}.yml" for kind in ("models", "unit_tests", "sources")}
    ]
    assert [path for path in strangers if path != models / "marts/_exposures.yml"] == []


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
            for arguments in manifest.arguments(seed, "seed_claims")
            for reference in arguments.get("references", ())
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
        for arguments in manifest.arguments(model, "control_totals")
        for total in arguments["totals"]
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


def test_the_postings_and_their_records_have_one_form(manifest: Manifest) -> None:
    by_name = {source["name"]: list(source["columns"]) for source in manifest.sources}
    assert by_name["postings"] == SCHEMA.names
    assert by_name["imports"] == list(RECORD)
    empty = (manifest.project.path / "data/imports/empty.csv").read_text(encoding="utf-8")
    assert empty == ",".join(RECORD) + "\n"


def test_vouchers_and_texts_stop_before_the_first_model(manifest: Manifest, built: Project) -> None:
    stopped = {"series", "voucher", "line", "booked_on", "ansvar", "text"}
    (source,) = (source for source in manifest.sources if source["name"] == "postings")
    assert stopped < set(source["columns"])
    readers = [model["name"] for model in manifest.models if source["unique_id"] in model["depends_on"]["nodes"]]
    assert readers == ["stg_ledger__postings"]
    columns = {name for (name,) in built.query("select name from pragma_table_info('staging.stg_ledger__postings')")}
    assert columns == {
        "organisation_id", "board_id", "fiscal_year", "period", "scenario", "version", "account", "activity_code",
        "project_id", "motpart", "amount_sek",
    }  # fmt: skip
    in_marts = built.query("select distinct column_name from duckdb_columns() where schema_name = 'marts'")
    assert {name for (name,) in in_marts} & (stopped | {"motpart"}) == set()
