"""The three marts by SQLMesh on DuckDB: the project as a modelling tool plans, builds and audits it.

The shared statements become models of kind FULL with a header each; the checks become blocking audits of the model that
they ask about, and the keys SQLMesh's own audit. One plan makes everything, in a database below OUT that is removed.
Stated amounts of operating_entries and project_amounts are not read: a board is fed by postings here.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from pathlib import Path

os.environ["SQLMESH__DISABLE_ANONYMIZED_ANALYTICS"] = "true"
# the models are few: what SQLMesh would start to load them costs more than it saves
os.environ["MAX_FORK_WORKERS"] = "1"

import duckdb
import sqlglot
from sqlmesh import Context
from sqlmesh.core.config import Config, DuckDBConnectionConfig, GatewayConfig, ModelDefaultsConfig
from sqlmesh.core.console import NoopConsole, set_console
from sqlmesh.utils.concurrency import NodeExecutionFailedError
from sqlmesh.utils.errors import NodeAuditsErrors, PlanError

import lists
import statements
from peer import MARTS, POSTING, THREADS, Run, main, schema

SCHEMA = "peer"
# what a check asks about, where it is not the keys of a mart
CHECKED = {
    "every_posting_has_an_amount": "postings_summed",
    "every_account_has_a_class": "postings_classified",
    "activities_keep_every_entry": "fct_activity_variance",
}
SQL_TYPES = {"text": "varchar", "integer": "integer", "date": "date", "money": "decimal(18, 2)"}


class Console(NoopConsole):
    """Says nothing, and keeps which audits found how many rows."""

    def __init__(self) -> None:
        self.broken: dict[str, int] = {}

    def log_failed_models(self, errors: list[NodeExecutionFailedError]) -> None:
        """Take the audits that failed; what else failed is said at once."""
        for error in errors:
            if isinstance(error.__cause__, NodeAuditsErrors):
                self.broken |= {f"{each.model_name} {each.audit_name}": each.count for each in error.__cause__.errors}
            else:
                print(f"{error}: {error.__cause__}", file=sys.stderr)


def model(name: str, select: str) -> str:
    """A model file: header, with its audits, and body, with the names of other models in full."""
    audits = [claim for claim, about in CHECKED.items() if about == name]
    if name in MARTS:
        keys = ", ".join(schema(name).names[:4])
        audits += [f"unique_combination_of_columns(columns := ({keys}))", f"not_null(columns := ({keys}))"]
    header = f"name {SCHEMA}.{name}, kind FULL, dialect duckdb" + (f", audits ({', '.join(audits)})" if audits else "")
    return f"MODEL ({header});\n\n{in_full(select)}"


def in_full(select: str) -> str:
    """The select with its schema before the name of each model, as SQLMesh wants it."""
    tree = sqlglot.parse_one(select, dialect="duckdb")
    inner = {each.alias for each in tree.find_all(sqlglot.exp.CTE)}
    for table in tree.find_all(sqlglot.exp.Table):
        if table.name and table.name not in inner:
            table.set("db", sqlglot.exp.to_identifier(SCHEMA))
    return tree.sql(dialect="duckdb", pretty=True)


def source(run: Run) -> str:
    """The postings as a view over the Parquet files."""
    return (
        f"MODEL (name {SCHEMA}.postings, kind VIEW, dialect duckdb);\n\nselect {', '.join(POSTING)}"
        f" from read_parquet('{run.postings}/**/*.parquet', hive_partitioning = false)"
    )


def listed(name: str, rows: list[lists.Row], folder: Path) -> str:
    """A list as a model: its rows in a CSV that is read as text, each column with its type."""
    columns = lists.COLUMNS[name]
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    texts = ", ".join(f"'{column}': 'varchar'" for column in columns)
    selected = ", ".join(f"cast({column} as {SQL_TYPES[kind]}) as {column}" for column, kind in columns.items())
    return (
        f"MODEL (name {SCHEMA}.{name}, kind FULL, dialect duckdb);\n\nselect {selected} from read_csv('{path}',"
        f" auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{texts}}})"
    )


def write_project(run: Run, folder: Path) -> None:
    """The folder of a SQLMesh project: models/ and audits/."""
    for part in ("models", "audits", "lists"):
        (folder / part).mkdir()
    files = {name: listed(name, rows, folder / "lists") for name, rows in lists.read(run.lists).items()}
    files["postings"] = source(run)
    files |= {name: model(name, statements.step(name)) for name in statements.STEPS}
    for name, text in files.items():
        (folder / "models" / f"{name}.sql").write_text(text, encoding="utf-8")
    for name in CHECKED:
        text = f"AUDIT (name {name}, dialect duckdb);\n\n{in_full(statements.check(name))}"
        (folder / "audits" / f"{name}.sql").write_text(text, encoding="utf-8")


def answer(run: Run) -> None:
    """Write the project, plan it, and copy the marts out."""
    console = Console()
    set_console(console)
    with tempfile.TemporaryDirectory(dir=run.out) as name:
        folder = Path(name)
        write_project(run, folder)
        database = folder / "warehouse.duckdb"
        connection = DuckDBConnectionConfig(
            database=str(database), connector_config={"threads": THREADS}, concurrent_tasks=1
        )
        config = Config(
            gateways={"local": GatewayConfig(connection=connection)},
            default_gateway="local",
            model_defaults=ModelDefaultsConfig(dialect="duckdb", start="2020-01-01"),
        )
        context = Context(paths=[str(folder)], config=config)
        run.is_loaded()
        try:
            context.plan(auto_apply=True, no_prompts=True, no_diff=True, skip_tests=True)
        except PlanError:
            if not console.broken:
                raise
            run.broken.update(console.broken)
        context.close()
        if not run.broken:
            with duckdb.connect(str(database), read_only=True) as warehouse:
                for mart in MARTS:
                    run.write(mart, warehouse.sql(f"from {SCHEMA}.{mart}").to_arrow_table())


if __name__ == "__main__":
    main(answer)
