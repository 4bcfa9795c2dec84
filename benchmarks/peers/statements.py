"""The SQL that the peers with SQL share, statement by statement in the order that they build on each other.

Each file of sql/ is one select, named after what it makes; each of sql/checks/ selects the rows that break its claim.
They need the tables `postings` and those of lists.COLUMNS. Nothing is run here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"
STEPS = (
    "postings_summed",
    "postings_classified",
    "entries_in_force",
    "boards_posted",
    "fct_activity_variance",
    "fct_income_statement",
    "fct_investment_variance",
)
CHECKS = tuple(sorted(path.stem for path in (FOLDER / "checks").glob("*.sql")))


def step(name: str) -> str:
    """The select of a step."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def check(name: str) -> str:
    """The select of a check."""
    return (FOLDER / "checks" / f"{name}.sql").read_text(encoding="utf-8")


def run_steps(create: Callable[[str, str], None]) -> None:
    """Let `create(name, select)` make each step."""
    for name in STEPS:
        create(name, step(name))
