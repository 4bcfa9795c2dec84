"""Read bindings, rules, figures and checks from the marts of a built warehouse. Nothing is written or computed here.

The database is opened for reading only and closed to everything outside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bokslut.proof.bindings import Binding, Check, Figure
from bokslut.proof.exemptions import Rule


class WarehouseError(Exception):
    """The warehouse cannot answer; the message is one line that says what to do."""


@dataclass(frozen=True)
class BoundDocument:
    """A document that the warehouse knows: whose it is and for which year."""

    document_id: str
    organisation_id: str
    board_id: str
    fiscal_year: int
    title: str


@dataclass(frozen=True)
class Warehouse:
    """An open warehouse. Its methods raise WarehouseError where a mart is not there."""

    path: Path
    connection: duckdb.DuckDBPyConnection

    def documents(self) -> list[BoundDocument]:
        """All documents of the warehouse, by id."""
        return [
            BoundDocument(*row)
            for row in self._rows(
                "select document_id, organisation_id, board_id, fiscal_year, document_title"
                " from marts.dim_document order by document_id"
            )
        ]

    def rules(self) -> list[Rule]:
        """The exemption rules, by id."""
        return [
            Rule(*row)
            for row in self._rows("select rule_id, pattern, reason from marts.dim_exemption_rule order by rule_id")
        ]

    def bindings(self, document: BoundDocument) -> list[Binding]:
        """The bindings of a document in document order."""
        rows = self._rows(
            "select printed_number, section, place, printed, unit, scale, sign, decimals, qualifier, figure_key,"
            " fiscal_year, allowed_difference, exemption, contradiction_id"
            " from marts.dim_printed_figure where document_id = ? order by printed_number",
            document.document_id,
        )
        return [_binding(*row) for row in rows]

    def checks(self, document: BoundDocument) -> dict[int, Check]:
        """What the warehouse says of each bound numeral of a document, by printed_number."""
        rows = self._rows(
            "select bindings.printed_number, checks.computed_value, checks.verdict, checks.is_declared, checks.note,"
            " checks.printed_value"
            " from marts.fct_figure_check as checks"
            " inner join marts.dim_printed_figure as bindings on checks.printed_id = bindings.printed_id"
            " where checks.document_id = ?",
            document.document_id,
        )
        return {
            number: Check(computed, verdict, bool(is_declared), note, printed)
            for number, computed, verdict, is_declared, note, printed in rows
        }

    def figures(self, document: BoundDocument) -> dict[tuple[str, int], Figure]:
        """All figures of the document's board, by key and fiscal year; those without a value are left out."""
        rows = self._rows(
            "select figure_key, fiscal_year, value, unit from marts.fct_figure"
            " where organisation_id = ? and board_id = ? and value is not null",
            document.organisation_id,
            document.board_id,
        )
        return {(key, year): Figure(value, unit) for key, year, value, unit in rows}

    def declared_contradictions(self, document: BoundDocument) -> dict[str, str]:
        """The reasons of the known contradictions of the document's board and year, by id."""
        rows = self._rows(
            "select contradiction_id, coalesce(reason, '') from marts.fct_contradiction"
            " where is_declared and organisation_id = ? and board_id = ? and fiscal_year = ?",
            document.organisation_id,
            document.board_id,
            document.fiscal_year,
        )
        return dict(rows)

    def names(self, document: BoundDocument) -> dict[str, str]:
        """The Swedish words that reports have for figures: by the beginning of a key, the names that the marts hold.

        A name is a text column of a mart that has an id of its own (dim_activity.activity_name, dim_project.aliases
        ...); the beginning of the key is the id. A mart that a warehouse lacks gives no names.
        """
        found: dict[str, list[str]] = {}
        for mart, key, families, columns in NAMES:
            try:
                rows = self._rows(
                    f"select distinct {key}, {columns} from marts.{mart}"  # noqa: S608 - all of it from NAMES
                    " where organisation_id = ? and board_id = ?",
                    document.organisation_id,
                    document.board_id,
                )
            except WarehouseError:
                continue
            for thing, *texts in rows:
                for family in families:
                    found.setdefault(f"{family}/{thing}", []).extend(text for text in texts if text)
        return {prefix: " ; ".join(dict.fromkeys(texts)) for prefix, texts in found.items()}

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self.connection.execute(query, list(values)).fetchall()
        except duckdb.Error as error:
            what = str(error).splitlines()[0]
            raise WarehouseError(f"{self.path}: not a warehouse with these marts - run make build ({what})") from error


# mart, second part of the figure key, the families of keys that have it, and the columns with the words for it
NAMES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("dim_activity", "activity_code", ("operating",), "activity_name"),
    ("dim_project", "project_id", ("investment", "project", "carry_over"), "project_name, aliases"),
    ("dim_measure", "measure_id", ("measure",), "measure_name"),
    ("dim_goal", "goal_id", ("goal",), "goal_name"),
    ("fct_income_statement", "line_id", ("result",), "line_name"),
    ("fct_variance_driver", "driver_id", ("driver",), "driver_name"),
    ("fct_assignment", "assignment_id", ("assignment",), "assignment_name, heading"),
    ("fct_indicator", "indicator_id || '/' || place", ("indicator",), "indicator_name, place_name"),
    ("fct_sick_leave", "staff_group", ("sick_leave",), "staff_group_name"),
)


def _binding(
    number: int,
    section: str,
    place: str,
    printed: str,
    unit: str | None,
    scale: int | None,
    sign: int | None,
    decimals: int | None,
    qualifier: str | None,
    figure_key: str | None,
    fiscal_year: int | None,
    allowed_difference: Decimal | None,
    exemption: str | None,
    contradiction_id: str | None,
) -> Binding:
    """A row of dim_printed_figure; an exempt numeral has no unit, scale, sign or decimals there."""
    return Binding(
        printed_number=number,
        section=section,
        place=place,
        printed=printed,
        unit=unit,
        scale=scale or 1,
        sign=sign or 1,
        decimals=decimals or 0,
        qualifier=qualifier or "exact",
        figure_key=figure_key,
        fiscal_year=fiscal_year,
        allowed_difference=allowed_difference or Decimal(0),
        exemption=exemption,
        contradiction_id=contradiction_id,
    )


@contextmanager
def open_warehouse(path: Path) -> Iterator[Warehouse]:
    """Open a built database for reading. Raises WarehouseError: not there, not a database, in use by a build."""
    if not path.is_file():
        raise WarehouseError(f"{path}: no such warehouse - run make build, or name one with --database")
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={"enable_external_access": "false", "autoload_known_extensions": "false"},
        )
    except duckdb.Error as error:
        what = "a build is writing to it" if "lock" in str(error) else str(error).splitlines()[0]
        raise WarehouseError(f"{path}: cannot be opened as a warehouse ({what})") from error
    try:
        yield Warehouse(path, connection)
    finally:
        connection.close()
