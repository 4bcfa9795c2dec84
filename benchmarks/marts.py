"""The three variance marts that every contestant makes, and how what one made is held against dbt's, to the öre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

SHOWN = 5  # rows of a difference


@dataclass(frozen=True)
class Mart:
    """What is compared of a mart. key: of a row. amounts: decimal(18, 2) kronor, income positive."""

    key: tuple[str, ...]
    amounts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Key and amounts."""
        return self.key + self.amounts


YEAR = ("organisation_id", "board_id", "fiscal_year")
MARTS: Mapping[str, Mart] = {
    "fct_activity_variance": Mart(
        (*YEAR, "activity_code"),
        (
            "actual_revenue_sek",
            "actual_cost_sek",
            "actual_net_sek",
            "budget_revenue_sek",
            "budget_cost_sek",
            "budget_net_sek",
            "variance_revenue_sek",
            "variance_cost_sek",
            "variance_net_sek",
            "prior_actual_net_sek",
        ),
    ),
    "fct_income_statement": Mart(
        (*YEAR, "line_number"), ("prior_actual_sek", "actual_sek", "budget_sek", "variance_sek", "change_sek")
    ),
    "fct_investment_variance": Mart((*YEAR, "project_id"), ("actual_sek", "budget_sek", "mandate_sek", "variance_sek")),
}


def differences(reference: Path, made: Path) -> list[str]:
    """What is different, a line each; empty where the three marts are the same to the öre.

    reference: DuckDB file of a dbt build. made: another such file, or a folder of <mart>.parquet. A mart that is not
    there, a row too many, a null against a number and an amount that is no decimal(_, 2) are differences.
    """
    found = []
    with _opened(reference, made) as connection:
        for name, mart in MARTS.items():
            source = f"made.marts.{name}" if made.suffix == ".duckdb" else f"read_parquet('{made / name}.parquet')"
            try:
                found += [f"{name}: {text}" for text in _of_mart(connection, name, mart, source)]
            except duckdb.Error as error:
                found.append(f"{name}: {str(error).splitlines()[0]}")
    return found


@contextmanager
def _opened(reference: Path, made: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{reference}' as reference (read_only)")
        if made.suffix == ".duckdb":
            if not made.is_file():
                connection.execute("attach ':memory:' as made")
            else:
                connection.execute(f"attach '{made}' as made (read_only)")
        yield connection


def _of_mart(connection: duckdb.DuckDBPyConnection, name: str, mart: Mart, source: str) -> list[str]:
    described = connection.execute(f"describe select {', '.join(mart.columns)} from {source}").fetchall()
    types = {column: kind for column, kind, *_ in described}
    wrong = [
        f"{column} is {types[column]}, not decimal(18,2)"
        for column in mart.amounts
        if not (types[column].startswith("DECIMAL(") and types[column].endswith(",2)"))
    ]
    if wrong:
        return wrong
    keys = [f"cast({column} as varchar) as {column}" for column in mart.key]
    picked = ", ".join([*keys, *mart.amounts])
    same = " and ".join(f"theirs.{column} is not distinct from ours.{column}" for column in mart.key)
    # the number of rows too: a key that stands twice with the same amounts joins to itself and shows no difference
    ((expected, number),) = connection.execute(
        f"select (select count(*) from reference.marts.{name}), (select count(*) from {source})"
    ).fetchall()
    if expected != number:
        wrong.append(f"{number} rows, not {expected}")
    rows = connection.execute(
        f"with ours as (select true as is_there, {picked} from reference.marts.{name}),"
        f" theirs as (select true as is_there, {picked} from {source})"
        f" select * from ours full outer join theirs on {same}"
        f" where ours.is_there is null or theirs.is_there is null"
        + "".join(f" or ours.{column} is distinct from theirs.{column}" for column in mart.amounts)
        + f" order by all limit {SHOWN}"
    ).fetchall()
    width = len(mart.columns) + 1
    return wrong + [_told(mart, row[:width], row[width:]) for row in rows]


def _told(mart: Mart, ours: tuple[object, ...], theirs: tuple[object, ...]) -> str:
    """One row that differs: its key, and each amount that does."""
    there = ours if ours[0] else theirs
    key = "/".join(str(cell) for cell in there[1 : len(mart.key) + 1])
    if not theirs[0]:
        return f"{key} is missing"
    if not ours[0]:
        return f"{key} is not in dbt's"
    pairs = zip(mart.columns, ours[1:], theirs[1:], strict=True)
    return f"{key}: " + ", ".join(f"{name} {mine}, not {right}" for name, right, mine in pairs if mine != right)
