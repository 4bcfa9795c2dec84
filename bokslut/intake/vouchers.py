"""From a figure to its vouchers: the imported postings that a user asks for, with what they add up to.

Texts can hold personal data: they are given only when asked for. The postings keep the ledger's sign (debit positive);
the net of the operating accounts among them is given in the report's (income positive), as the marts have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from bokslut.intake.known import rows_of
from bokslut.intake.sql import literal
from bokslut.settings import Settings

COLUMNS = (
    "organisation_id",
    "board_id",
    "fiscal_year",
    "period",
    "booked_on",
    "series",
    "voucher",
    "line",
    "account",
    "ansvar",
    "activity",
    "project",
    "motpart",
    "amount",
)


@dataclass(frozen=True)
class Wanted:
    """Which postings. Each member narrows them; None does not. account: a prefix, so that 45 is all accounts 45."""

    organisation: str | None = None
    board: str | None = None
    year: int | None = None
    period: int | None = None
    activity: str | None = None
    account: str | None = None
    project: str | None = None
    voucher: str | None = None
    scenario: str = "actual"
    version: str | None = None


@dataclass(frozen=True)
class Found:
    """The postings in the order of their vouchers. rows: at most the limit. count, debit, credit: of all of them.

    operating_net: of the operating accounts among them, income positive, in kronor, None where there are none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int
    debit: Decimal
    credit: Decimal
    operating_net: Decimal | None


def find_vouchers(settings: Settings, wanted: Wanted, *, texts: bool, limit: int | None) -> Found:
    """Read the imported Parquet. limit: of the rows given, None for all. Raises FileNotFoundError without imports."""
    files = [literal(path) for path in sorted((settings.data / "postings").rglob("*.parquet"))]
    if not files:
        raise FileNotFoundError(f"{settings.data}/postings holds no Parquet: import a ledger with `bokslut import`")
    columns = (*COLUMNS, "text") if texts else COLUMNS
    where, values = _where(wanted)
    prefixes = [
        (row["account_prefix"], row["account_kind"]) for row in rows_of((settings.reference,), "account_classes")
    ]
    with duckdb.connect() as connection:
        connection.execute("create table classes (prefix varchar, kind varchar)")
        connection.executemany("insert into classes values (?, ?)", prefixes)
        postings = "read_parquet(?, hive_partitioning = false)"
        names = ", ".join(columns)
        order = "fiscal_year, period, booked_on, series, voucher, line, account"
        rows = connection.execute(
            f"select {names} from {postings} where {where} order by organisation_id, board_id, {order}, amount"
            + (f" limit {int(limit)}" if limit is not None else ""),
            [files, *values],
        ).fetchall()
        summed = connection.execute(
            f"""
            with wanted as (select account, amount from {postings} where {where}),
            used as (select distinct account from wanted),
            kinds as (
                select used.account, max_by(classes.kind, length(classes.prefix)) as kind
                from used inner join classes on starts_with(used.account, classes.prefix)
                group by used.account
            )
            select
                count(*),
                coalesce(sum(wanted.amount) filter (where wanted.amount > 0), 0),
                coalesce(-sum(wanted.amount) filter (where wanted.amount < 0), 0),
                -sum(wanted.amount) filter (where kinds.kind = 'operating')
            from wanted left join kinds on wanted.account = kinds.account
            """,
            [files, *values],
        ).fetchone()
    count, debit, credit, net = summed or (0, Decimal(0), Decimal(0), None)
    return Found(columns, tuple(rows), count, debit, credit, net)


def _where(wanted: Wanted) -> tuple[str, Sequence[Any]]:
    conditions = {
        "organisation_id = ?": wanted.organisation,
        "board_id = ?": wanted.board,
        "fiscal_year = ?": wanted.year,
        "period = ?": wanted.period,
        "activity = ?": wanted.activity,
        "starts_with(account, ?)": wanted.account,
        "project = ?": wanted.project,
        "voucher = ?": wanted.voucher,
        "scenario = ?": wanted.scenario,
        "coalesce(version, '') = ?": wanted.version,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    return " and ".join(given), list(given.values())
