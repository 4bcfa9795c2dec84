"""What the board's own lists and the reference lists say that a posting may name: read from the seeds, as text.

Nothing is judged here, and a seed that is not there is an empty list: the gate tells that.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from bokslut.settings import Settings

Row = Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """The rows of the seeds that an import is checked against, of one organisation and board where they have these.

    accounts: (prefix, kind), kind operating, investment or balance. activities, projects: (fiscal year, code). years:
    fiscal year -> first and last day, ISO. versions: the rows of budget_versions. measures: the rows of measures.
    """

    organisations: tuple[str, ...]
    boards: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    activities: tuple[tuple[int, str], ...]
    projects: tuple[tuple[int, str], ...]
    years: Mapping[int, tuple[str, str]]
    versions: tuple[Row, ...]
    measures: tuple[Row, ...]

    def kind_of(self, account: str | None) -> str | None:
        """The kind of an account by its longest prefix; None where no prefix fits."""
        fitting = [(len(prefix), kind) for prefix, kind in self.accounts if (account or "").startswith(prefix)]
        return max(fitting)[1] if fitting else None


def read_known(settings: Settings, organisation: str, board: str) -> Known:
    """Read the seeds in the two folders; only the rows of the organisation and board where a seed is by these."""
    folders = (settings.reference, settings.board)

    def own(name: str) -> list[Row]:
        return [
            row
            for row in rows_of(folders, name)
            if row.get("organisation_id") == organisation and row.get("board_id", board) == board
        ]

    return Known(
        organisations=tuple(row["organisation_id"] for row in rows_of(folders, "organisations")),
        boards=tuple(row["board_id"] for row in rows_of(folders, "boards") if row["organisation_id"] == organisation),
        accounts=tuple((row["account_prefix"], row["account_kind"]) for row in rows_of(folders, "account_classes")),
        activities=tuple(_by_year(own("activity_codes"), "activity_code")),
        projects=tuple(_by_year(own("projects"), "project_id")),
        years={int(row["fiscal_year"]): (row["starts_on"], row["ends_on"]) for row in rows_of(folders, "fiscal_years")},
        versions=tuple(own("budget_versions")),
        measures=tuple(own("measures")),
    )


def rows_of(folders: Sequence[Path], name: str) -> list[Row]:
    """The rows of a seed in the first folder that has it; none where no folder has."""
    for folder in folders:
        for path in sorted(folder.rglob(f"{name}.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file, restval=""))
    return []


@dataclass(frozen=True)
class Decided:
    """A decided net cost in kronor, and the unit that it is written to: 157 in thousands is right to the thousand."""

    net: Decimal
    unit: Decimal

    def of(self, amount: Decimal) -> Decimal:
        """An amount in kronor rounded to the unit, half away from zero as macros/rounded.sql does."""
        return (amount / self.unit).quantize(Decimal(1), ROUND_HALF_UP) * self.unit


def decided_net(version: Row) -> Decided | None:
    """The decided net cost of a budget version, None where the list gives none."""
    try:
        written, scale = Decimal(version["net_cost"]), Decimal(version["scale"])
    except (InvalidOperation, KeyError):
        return None
    exponent = written.as_tuple().exponent
    return Decided(written * scale, scale.scaleb(exponent if isinstance(exponent, int) else 0))


def _by_year(rows: Sequence[Row], column: str) -> Iterator[tuple[int, str]]:
    for row in rows:
        if row["fiscal_year"].isdecimal():
            yield int(row["fiscal_year"]), row[column]
