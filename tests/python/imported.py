"""Postings written straight into a data folder, with the record that an import would have left beside them.

For what a build does with postings that no import would let through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bokslut.intake.postings import SCHEMA
from bokslut.intake.store import ControlTotal, prepare, write_record

Posting = Mapping[str, Any]


def put_postings(data: Path, name: str, postings: Sequence[Posting]) -> None:
    """Write postings of one organisation below data/postings, and their control totals. name: of the import."""
    organisation = postings[0]["organisation_id"]
    file = f"postings/organisation={organisation}/{name}.parquet"
    prepare(data)
    (data / file).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(each) for each in postings], schema=SCHEMA), data / file)
    places: dict[tuple[Any, ...], list[Posting]] = {}
    for each in postings:
        names = ("organisation_id", "board_id", "fiscal_year", "scenario", "version", "period")
        places.setdefault(tuple(each.get(column) for column in names), []).append(each)
    write_record(data, [_total(name, file, place, lines) for place, lines in places.items()])


def _total(name: str, file: str, place: tuple[Any, ...], lines: Sequence[Posting]) -> ControlTotal:
    organisation, board, year, scenario, version, period = place
    amounts = [line["amount"] for line in lines if line.get("amount") is not None]
    debit = sum((amount for amount in amounts if amount > 0), Decimal(0))
    credit = -sum((amount for amount in amounts if amount < 0), Decimal(0))
    return ControlTotal(
        import_id=name,
        organisation_id=organisation,
        board_id=board,
        fiscal_year=year,
        scenario=scenario,
        version=version or "",
        period=period,
        row_count=len(lines),
        debit=debit,
        credit=credit,
        balance=debit - credit,
        file_rows=len(lines),
        postings_file=file,
        source_file=f"{name}.parquet",
        source_sha256="0" * 64,
        encoding="",
        profile="",
        profile_sha256="",
        received_at="2025-01-15T12:00:00+00:00",
    )
