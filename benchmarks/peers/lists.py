"""The lists of boards as typed rows, and the two rules that are easier to say in Python than in every tool.

Reads CSV as the seeds of the project are written (UTF-8, an empty cell is null). Needs the standard library only, and
checks nothing: what a list may hold is tested by the project.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
Cell = str | int | date | Decimal | None
Row = tuple[Cell, ...]
BOARD_YEAR = {"organisation_id": "text", "board_id": "text", "fiscal_year": "integer"}
# column -> type of the lists that the three marts need; a money column is made of a printed amount and its scale
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "account_classes": dict.fromkeys(("account_prefix", "account_class", "account_kind", "entry_class"), "text"),
    "activity_codes": BOARD_YEAR | {"activity_code": "text"},
    "budget_versions": BOARD_YEAR | {"version": "text", "decided_on": "date"},
    "result_lines": BOARD_YEAR
    | {"line_number": "integer", "line_role": "text", "account_class": "text"}
    | {"prior_actual_sek": "money", "actual_sek": "money", "budget_sek": "money"},
    "projects": BOARD_YEAR | {"project_id": "text", "parent_project_id": "text"},
    "mandates": BOARD_YEAR | {"project_id": "text", "mandate_sek": "money"},
}
# money column -> the column that it is printed in, and its sign there: a mandate is printed as a cost
PRINTED = {
    "prior_actual_sek": ("prior_actual", 1),
    "actual_sek": ("actual", 1),
    "budget_sek": ("budget", 1),
    "mandate_sek": ("mandated_cost", -1),
}
TYPED: Mapping[str, Callable[[str], Cell]] = {"text": str, "integer": int, "date": date.fromisoformat}


@dataclass(frozen=True)
class AccountClass:
    """What an account is: its class, its kind (operating, investment, balance), and revenue or cost if it is either."""

    account_class: str
    account_kind: str
    entry_class: str | None


def read(folder: Path) -> dict[str, list[Row]]:
    """The rows of each list of COLUMNS, with its columns in that order; amounts are kronor, spending negative.

    folder: of the shape of seeds/board; a list is found by its name, the account classes in the project's own
    reference lists. Raises FileNotFoundError where one is not there.
    """
    return {name: _read(name, REFERENCE if name == "account_classes" else folder) for name in COLUMNS}


def classify(account: str, classes: Iterable[Row]) -> AccountClass | None:
    """The class of the longest prefix that the account begins with; None where none matches.

    classes: rows of the list account_classes.
    """
    matching = [row for row in classes if account.startswith(str(row[0]))]
    if not matching:
        return None
    _, account_class, account_kind, entry_class = max(matching, key=lambda row: len(str(row[0])))
    return AccountClass(str(account_class), str(account_kind), None if entry_class is None else str(entry_class))


def in_force(posted: Iterable[str], decided: Mapping[str, date]) -> str:
    """The version last decided of those posted: the date decides, then the length, then the name; undeclared first.

    decided: version -> date of its decision, of the board and year. Raises ValueError where nothing is posted.
    """
    return max(posted, key=lambda version: (decided.get(version, date.min), len(version), version))


def versions_in_force(posted: Iterable[Row], declared: Iterable[Row]) -> list[Row]:
    """Of the posted versions those in force, one of each board, year, scenario and account kind.

    posted: rows of organisation, board, year, scenario, account kind and version; the result has the same columns.
    declared: rows of the list budget_versions.
    """
    decided: dict[Row, dict[str, date]] = {}
    for *board_year, version, decided_on in declared:
        if isinstance(decided_on, date):
            decided.setdefault(tuple(board_year), {})[str(version)] = decided_on
    among: dict[Row, set[str]] = {}
    for *key, version in posted:
        among.setdefault(tuple(key), set()).add(str(version))
    return [(*key, in_force(versions, decided.get(key[:3], {}))) for key, versions in among.items()]


def _read(name: str, folder: Path) -> list[Row]:
    found = sorted(folder.rglob(f"{name}.csv"))
    if len(found) != 1:
        raise FileNotFoundError(f"{name}.csv is found {len(found)} times below {folder}")
    with found[0].open(encoding="utf-8", newline="") as file:
        return [
            tuple(_cell(row, column, kind) for column, kind in COLUMNS[name].items()) for row in csv.DictReader(file)
        ]


def _cell(row: Mapping[str, str], column: str, kind: str) -> Cell:
    if kind != "money":
        return TYPED[kind](row[column]) if row[column] else None
    printed, sign = PRINTED[column]
    if not row[printed]:
        return None
    return (sign * Decimal(row[printed]) * int(row["scale"])).quantize(Decimal("0.01"))
