"""The audit of a build: is it all there, and may it be published? What is expected stands in a committed file.

dbt's manifest is the thing under audit, and is never what it is held against: a selector, a deleted test or an
excluded model changes what dbt knows of, but not what tests/expected_build.toml says.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.personal import PREFILTER, identity_numbers, masked
from bokslut.intake.sql import named, quoted
from bokslut.release.dbt_run import Run
from bokslut.release.inputs import Copied
from bokslut.release.places import ReleaseError

EXPECTED = Path("tests/expected_build.toml")
# what a generic test is asked to hold, one by one
CLAIMS = ("claims", "references", "totals")
KINDS = ("seeds", "models", "data_tests", "claims")
UPDATE = f"mend what is missing, or write the new number into {EXPECTED} if you meant it"
# the last input of a mart may be the imported postings
POSTINGS = "postings"
PACKAGE = "bokslut"
# columns that hold no text, and nothing that could be written as one
NO_TEXT = "^(DECIMAL.*|DATE|TIMESTAMP.*|BOOLEAN|DOUBLE|FLOAT)$"
# what runs at the end only prints
SKIPPED = "skipped"
HOOKS = ("{{ print_broken_claims(results) }}",)
# a test that fails for each row that it finds
WHOLE_TEST = {
    "where": None,
    "limit": None,
    "fail_calc": "count(*)",
    "error_if": "!= 0",
    "warn_if": "!= 0",
    "severity": "error",
}
CONTROL = "select * from marts.rpt_control_total order by all"


@dataclass(frozen=True)
class Expected:
    """What a whole build has. counts: kind -> nodes, and claims. marts: name -> inputs whose rows it must not lose."""

    counts: Mapping[str, int]
    marts: Mapping[str, tuple[str, ...]]


def read_expected(path: Path = EXPECTED) -> Expected:
    """Read the committed file. Raises ReleaseError where it is not of its form."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        marts = {str(name): tuple(map(str, inputs)) for name, inputs in content["marts"].items()}
        counts = {kind: int(content["counts"][kind]) for kind in KINDS}
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path}: not what a build is held against ({error})") from error
    return Expected(counts, marts)


def counted(run: Run) -> dict[str, int]:
    """What a build had: nodes that were built or passed by kind, and the claims that its tests hold."""
    done = run.done()
    passed = {result["unique_id"] for result in run.results if result["status"] == "pass"}
    nodes = run.manifest.get("nodes", {})
    claims = sum(len(_arguments(nodes[name]).get(kind, ())) for name in passed if name in nodes for kind in CLAIMS)
    return {"seeds": done["seed"], "models": done["model"], "data_tests": done["test"], "claims": claims}


def audit_run(run: Run, expected: Expected) -> Iterator[Finding]:
    """What dbt's own account of the run lacks."""
    target = Path("dbt")
    failed = [each for each in run.failed() if each[2] != SKIPPED]
    if is_short_of_memory(run):
        yield Finding(target, "DuckDB had too little memory", "say more with --memory-limit, as 4GB")
    for kind, name, status in failed:
        yield Finding(target, f"{kind} {name}: {status}", "see what dbt says of it above")
    skipped = len(run.failed()) - len(failed)
    if skipped and failed:
        yield Finding(target, f"{skipped} more were not run because of that", "mend the others first")
    elif skipped:
        yield Finding(target, f"{skipped} nodes were skipped", "see what dbt says of it above")
    if run.returncode != 0 and not run.failed():
        yield Finding(target, f"dbt ended with exit code {run.returncode}", "see what it says above")
    for node in run.manifest.get("nodes", {}).values():
        yield from _audit_node(node)
    if run.returncode != 0:
        return
    if not run.is_guarded:
        yield Finding(Path("profiles.yml"), "dbt ran without the plugin bokslut.plugin", "name it in the profile again")
    there = counted(run)
    for kind, count in expected.counts.items():
        if there[kind] != count:
            yield Finding(EXPECTED, f"{there[kind]} {kind} were built or passed, not {count}", UPDATE)


def is_short_of_memory(run: Run) -> bool:
    """Whether a node failed for want of memory."""
    return any("Out of Memory" in str(result.get("message")) for result in run.results)


def exit_code(run: Run) -> int:
    """Of a build that dbt ended: 1 for what the data are to blame for, 2 for dbt's own errors and want of memory."""
    return 2 if is_short_of_memory(run) else run.returncode


def _audit_node(node: Mapping[str, Any]) -> Iterator[Finding]:
    """What would let a test pass that looks at nothing, or change a mart after it was tested."""
    file, name, config = Path(node.get("original_file_path", "")), node.get("name", ""), node.get("config", {})
    if node.get("language") == "python":
        yield Finding(file, f"{name}: a model in Python reaches everything", "write it in SQL")
    if node.get("package_name", PACKAGE) != PACKAGE:
        yield Finding(file, f"{name} is of the package {node['package_name']}", "a build is of this project alone")
    if node.get("resource_type") == "operation" and node.get("raw_code") not in HOOKS:
        yield Finding(file, f"the hook {node.get('raw_code')}", "a hook can change what was tested: take it out")
    for when in ("pre-hook", "post-hook"):
        if config.get(when):
            yield Finding(file, f"{name} has a {when}", "a hook can change what was tested: write a model")
    if node.get("resource_type") == "test":
        for key, value in WHOLE_TEST.items():
            if str(config.get(key, value)).lower() != str(value).lower():
                yield Finding(file, f"{name} has {key}: {config[key]}, and would pass unseen", f"leave {key} out")


def audit_marts(
    connection: duckdb.DuckDBPyConnection, expected: Expected, rows: Mapping[str, int]
) -> Iterator[Finding]:
    """Marts that are missing, not expected, or empty though what they are made of is not. rows: of each input."""
    there = mart_rows(connection)
    for name in sorted(expected.marts.keys() - there.keys()):
        yield Finding(EXPECTED, f"the mart {name} is not there", UPDATE)
    for name in sorted(there.keys() - expected.marts.keys()):
        yield Finding(EXPECTED, f"the mart {name} is not named", f"add {name} = [its lists] below [marts]")
    for name, inputs in sorted(expected.marts.items()):
        filled = [each for each in inputs if rows.get(each)]
        unknown = [each for each in inputs if each not in rows]
        if unknown:
            yield Finding(EXPECTED, f"{name} is said to be made of {unknown[0]}, which is no input", UPDATE)
        if filled and there.get(name) == 0:
            yield Finding(EXPECTED, f"the mart {name} is empty, though {filled[0]} is not", "mend the models between")


def audit_totals(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Control totals that do not arrive: what was in the files against what the marts hold."""
    for row in control_totals(connection):
        if row["is_in_agreement"] is not True:
            shown = ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
            yield Finding(Path("marts.rpt_control_total"), shown, "mend the models between file and mart")


def audit_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Identity numbers in the texts of marts; masked in what is said of them."""
    for table in mart_rows(connection):
        columns = connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = ?"
            f" and not regexp_matches(data_type, {quoted(NO_TEXT)}) order by column_index",
            [table],
        ).fetchall()
        for (column,) in columns:
            text = f"cast({named(column)} as varchar)"
            texts = connection.execute(
                f"select distinct {text} from marts.{named(table)}"
                f" where regexp_matches({text}, {quoted(PREFILTER)}) order by all"
            ).fetchall()
            for (text,) in texts:
                if any(identity_numbers(text)):
                    what = "holds a personal identity number, which no mart may show"
                    do = "take it out of the input; bokslut check finds the line"
                    yield Finding(Path(f"marts.{table}"), what, do, None, column, masked(text))


def mart_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The marts that are tables, with their rows, by name."""
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    counts = {}
    for (name,) in names:
        answer = connection.execute(f"select count(*) from marts.{named(name)}").fetchone()
        counts[name] = answer[0] if answer else 0
    return counts


def control_totals(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of the mart of control totals; empty where there is none, which the count of marts tells."""
    try:
        cursor = connection.execute(CONTROL)
    except duckdb.CatalogException:
        return []
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def input_rows(copied: Copied) -> dict[str, int]:
    """Rows of each seed by name, and of the imported postings by the records of their imports."""
    rows = {POSTINGS: 0}
    for each in copied.inputs:
        if each.copy.suffix != ".csv":
            continue
        with each.copy.open(encoding="utf-8", newline="") as file:
            records = sum(1 for _ in csv.reader(file)) - 1
        if each.folder == "data":
            rows[POSTINGS] += records
        else:
            rows[each.copy.stem] = records
    return rows


def _arguments(node: Mapping[str, Any]) -> Mapping[str, Any]:
    arguments = (node.get("test_metadata") or {}).get("kwargs", {})
    return arguments if isinstance(arguments, dict) else {}
