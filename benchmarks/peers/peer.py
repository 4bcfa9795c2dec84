"""What every peer of the benchmark is: its arguments, its clock, its checks, and the shape of the three marts.

A script gives `main` a function that loads and answers. Nothing is computed here.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import lists

THREADS = 2
KEYS = ("organisation_id", "board_id", "fiscal_year")
MARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fct_activity_variance": (
        "activity_code",
        (
            "actual_revenue_sek", "actual_cost_sek", "actual_net_sek",
            "budget_revenue_sek", "budget_cost_sek", "budget_net_sek",
            "variance_revenue_sek", "variance_cost_sek", "variance_net_sek", "prior_actual_net_sek",
        ),
    ),
    "fct_income_statement": (
        "line_number",
        ("prior_actual_sek", "actual_sek", "budget_sek", "variance_sek", "change_sek"),
    ),
    "fct_investment_variance": ("project_id", ("actual_sek", "budget_sek", "mandate_sek", "variance_sek")),
}  # fmt: skip
# of the canonical posting, what the marts need: no other column is read
POSTING = (*KEYS, "scenario", "version", "account", "activity", "project", "amount")
TYPES = {"text": pa.string(), "integer": pa.int32(), "date": pa.date32(), "money": pa.decimal128(18, 2)}
NOT_HERE = 77


class CannotRunError(Exception):
    """The tool cannot run on this machine, and why."""


@dataclass
class Run:
    """One run: the folders, the clock, and the checks that were broken.

    data: the store, with postings/ in it. lists: the boards' lists. out: where the marts are written.
    """

    data: Path
    lists: Path
    out: Path
    broken: dict[str, int] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    loaded: float | None = None

    @property
    def postings(self) -> Path:
        """The folder of the Parquet files."""
        return self.data / "postings"

    def is_loaded(self) -> None:
        """Say that the tool has started and has what it needs; what follows is asking."""
        self.loaded = time.perf_counter()

    def check(self, claim: str, count: int) -> None:
        """Keep how many rows break a claim; none is fine."""
        if count:
            self.broken[claim] = count

    def write(self, name: str, mart: pa.Table) -> None:
        """Write a mart as Parquet, sorted by its keys, with its types, whatever width the tool's own sums have."""
        typed = mart.select(schema(name).names).cast(schema(name))
        keys = [(key, "ascending") for key in (*KEYS, MARTS[name][0])]
        pq.write_table(typed.sort_by(keys), self.out / f"{name}.parquet")


def schema(mart: str) -> pa.Schema:
    """Columns and types of a mart."""
    key, amounts = MARTS[mart]
    key_type = pa.int32() if key == "line_number" else pa.string()
    names = [("organisation_id", pa.string()), ("board_id", pa.string()), ("fiscal_year", pa.int32()), (key, key_type)]
    return pa.schema(names + [(name, TYPES["money"]) for name in amounts])


def arrow_lists(folder: Path) -> dict[str, pa.Table]:
    """The lists as Arrow tables."""
    tables = {}
    for name, rows in lists.read(folder).items():
        fields = [(column, TYPES[kind]) for column, kind in lists.COLUMNS[name].items()]
        columns = [pa.array([row[place] for row in rows], kind) for place, (_, kind) in enumerate(fields)]
        tables[name] = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    return tables


def main(answer: Callable[[Run], None]) -> None:
    """Run a peer as `script DATA LISTS OUT`; prints seconds as JSON to stderr and ends with 0, 1 (broken) or 77."""
    if len(sys.argv) != 4:
        sys.exit(f"usage: {sys.argv[0]} DATA LISTS OUT")
    run = Run(*(Path(argument).resolve() for argument in sys.argv[1:]))
    # what a peer started is stopped on the way out, also when the benchmark has waited long enough
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    run.out.mkdir(parents=True, exist_ok=True)
    try:
        answer(run)
    except CannotRunError as error:
        print(error, file=sys.stderr)
        sys.exit(NOT_HERE)
    ended = time.perf_counter()
    loaded = run.loaded or run.started
    seconds = {"loaded_seconds": round(loaded - run.started, 3), "queried_seconds": round(ended - loaded, 3)}
    for claim, count in run.broken.items():
        print(f"broken: {claim}, {count} times", file=sys.stderr)
    print(json.dumps(seconds), file=sys.stderr)
    sys.exit(1 if run.broken else 0)
