"""The figures of one board, as pages name them: by key and year, from marts.fct_figure. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

import duckdb

CLOSE = 0.75  # how alike (0 to 1) a word is to a known one that it was probably meant to be

# what a key can begin with, and what the figures of that family are about; one that is new is told by its own name
FAMILIES = {
    "assignment": "Uppdrag",
    "budget": "Budget",
    "carry_over": "Ombudgetering",
    "driver": "Orsak",
    "focus_area": "Fokusområden",
    "goal": "Mål",
    "indicator": "Nyckeltal",
    "investment": "Investering",
    "measure": "Mått",
    "operating": "Drift",
    "programme": "Program",
    "project": "Projekt",
    "result": "Resultat",
    "sick_leave": "Sjukfrånvaro",
}


@dataclass(frozen=True)
class Figure:
    """A figure: value in its unit (kronor, percent 0-100), and the mart and column that it comes from."""

    key: str
    fiscal_year: int
    value: Decimal
    unit: str
    mart: str
    column: str


@dataclass(frozen=True)
class Figures:
    """All figures of a board. by_key: by key and year. families, measures: words that a key may begin and end with."""

    by_key: Mapping[tuple[str, int], Figure]
    families: frozenset[str]
    measures: frozenset[str]

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, organisation_id: str, board_id: str) -> Figures:
        """Read the ledger; families and measures are those of every board, so that a slip can be told from a gap."""
        rows = connection.execute(
            "select figure_key, fiscal_year, value, unit, mart_name, column_name from marts.fct_figure"
            " where organisation_id = ? and board_id = ? and value is not null order by fiscal_year, figure_key",
            [organisation_id, board_id],
        ).fetchall()
        keys = [key for (key,) in connection.execute("select distinct figure_key from marts.fct_figure").fetchall()]
        # a measure that no board has yet is a column all the same: forecast is forecast_net_sek
        columns = connection.execute(
            "select distinct column_name from information_schema.columns where table_schema = 'marts'"
        ).fetchall()
        parts = {"_".join(words[:end]) for (name,) in columns for words in [name.split("_")] for end in range(1, 5)}
        return cls(
            {(row[0], row[1]): Figure(*row) for row in rows},
            frozenset(key.split("/")[0] for key in keys),
            frozenset(key.rpartition("/")[2] for key in keys) | parts,
        )

    def find(self, key: str, fiscal_year: int) -> Figure | None:
        """The figure, or None where the board has none of that key in that year."""
        return self.by_key.get((key, fiscal_year))

    def slip(self, key: str) -> str | None:
        """What is wrong with a key that no board could have, with a suggestion; None for one that may be missing."""
        parts = key.split("/")
        if len(parts) < 3:
            return f"{key!r} is no figure key - it reads like operating/45/variance"
        known = self.families | frozenset(FAMILIES)
        if parts[0] not in known:
            return f"no figure key begins with {parts[0]!r}{self._like(parts[0], known)}"
        if parts[0] not in self.families:
            # no board has any of the family, no goals or no projects: what its keys end with is not known
            return None
        close = get_close_matches(parts[-1], sorted(self.measures), n=1, cutoff=CLOSE)
        if parts[-1] not in self.measures and close:
            return f"no figure key ends with {parts[-1]!r} - did you mean {close[0]}?"
        return None

    def suggestion(self, key: str, fiscal_year: int) -> str:
        """The key most like this one, as a question; empty where none is like it."""
        return self._like(key, frozenset(known for known, year in self.by_key if year == fiscal_year))

    @staticmethod
    def _like(word: str, known: frozenset[str]) -> str:
        close = get_close_matches(word, sorted(known), n=1)
        return f" - did you mean {close[0]}?" if close else ""
