"""Put a sample into a data folder as `bokslut import` would have: postings, records of control totals, and the log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from bokslut.intake import store
from bokslut.intake.store import ControlTotal
from bokslut.sample.cells import Cell, segments_of
from bokslut.sample.ledger import write_ledger
from bokslut.sample.model import BoardYear
from bokslut.sample.planned import budget_table
from bokslut.sample.sums import by_period

KINDS = {"actual": "ledger", "budget": "budget"}


def keep(
    connection: duckdb.DuckDBPyConnection, data: Path, digest: str, board_year: BoardYear, cells: Sequence[Cell]
) -> list[ControlTotal]:
    """Write the postings of a board and year with their records; returns the first line of each record, for the log.

    digest: of what decides the sample. It stands where the hash of a received file would, and the moment is the end of
    January after the year, so that the same arguments give the same bytes.
    """
    totals = by_period(board_year, cells)
    written = []
    for scenario, kind in KINDS.items():
        record = _record(digest, board_year, scenario, kind, totals)
        if not record:
            continue
        path = data / record[0].postings_file
        if scenario == "actual":
            write_ledger(connection, board_year, cells, list(segments_of(cells)), path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(budget_table(board_year), path, compression="zstd")
        store.write_record(data, record)
        written.append(record[0])
    return written


def _record(
    digest: str,
    board_year: BoardYear,
    scenario: str,
    kind: str,
    totals: dict[tuple[str, int], tuple[int, int, int]],
) -> list[ControlTotal]:
    organisation, board, year = board_year.organisation_id, board_year.board_id, board_year.fiscal_year
    version = board_year.version if scenario == "budget" else ""
    source = f"{board.lower()}-{year}-{kind}.parquet"
    sha256 = hashlib.sha256(f"{digest}\n{organisation}\n{source}".encode()).hexdigest()
    name = store.import_id(board, kind, version, (organisation, sha256, "", str(year)))
    mine = {period: row for (own, period), row in totals.items() if own == scenario}
    return [
        ControlTotal(
            import_id=name,
            organisation_id=organisation,
            board_id=board,
            fiscal_year=year,
            scenario=scenario,
            version=version,
            period=period,
            row_count=count,
            debit=Decimal(debit).scaleb(-2),
            credit=Decimal(credit).scaleb(-2),
            balance=Decimal(debit - credit).scaleb(-2),
            file_rows=sum(row[0] for row in mine.values()),
            postings_file=store.postings_path(organisation, year, name),
            source_file=source,
            source_sha256=sha256,
            encoding="",
            profile="",
            profile_sha256="",
            received_at=f"{year + 1}-01-31T12:00:00.000000+00:00",
        )
        for period, (count, debit, credit) in mine.items()
    ]
