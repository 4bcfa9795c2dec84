"""Put drafts of imports in their places: what they may not do beside what is there, and the writing itself.

A draft is a file that was read and found right, its postings written aside. No file is read here that was received.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from bokslut.intake import store
from bokslut.intake.findings import Finding
from bokslut.intake.known import Known, decided_net
from bokslut.intake.sql import literal
from bokslut.intake.store import ControlTotal

MEMORY = "128MB"


@dataclass(frozen=True)
class Draft:
    """A file that was read and found right, its postings written aside. parts: file aside -> its place in the data."""

    file: Path
    totals: tuple[ControlTotal, ...]
    parts: tuple[tuple[Path, str], ...]
    notes: tuple[str, ...]


def publish(
    data: Path, drafts: Sequence[Draft], there: Sequence[ControlTotal], received_at: str
) -> dict[Path, tuple[str, ...]]:
    """Put the drafts in their places, and then take from older imports what they replace; received files stay.

    Returns file -> names of the imports that it took periods from. Whatever is stopped on the way leaves more than
    there should be and never less: the gate tells of it, and the same import again mends it.
    """
    replaced = {draft.file: _overlaps(draft, drafts, there) for draft in drafts}
    for draft in drafts:
        first = draft.totals[0]
        store.keep_received(data, first.organisation_id, draft.file, first.source_sha256)
    for draft in drafts:
        for part, place in draft.parts:
            target = data / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(part, target)
    # from the first Parquet to the last record the gate refuses the folder: of several files some have no record yet
    for draft in drafts:
        store.write_record(data, draft.totals)
    for draft in drafts:
        store.log(data, "imported", draft.totals[0], received_at)
    dropped = list(dict.fromkeys(total for totals in replaced.values() for total in totals))
    for name in sorted({total.import_id for total in dropped}):
        mine = [total for total in dropped if total.import_id == name]
        store.drop_periods(data, mine[0].organisation_id, name, mine)
        by = ", ".join(
            sorted({draft.totals[0].import_id for draft in drafts if any(t in mine for t in replaced[draft.file])})
        )
        periods = sorted({(total.fiscal_year, total.period) for total in mine})
        store.log(data, f"replaced by {by}: {_periods(periods)}", mine[0], received_at)
    return {file: tuple(sorted({total.import_id for total in totals})) for file, totals in replaced.items()}


def refuse_overlaps(drafts: Sequence[Draft], there: Sequence[ControlTotal]) -> Iterator[Finding]:
    """Periods of the drafts that an older import holds."""
    for draft in drafts:
        overlaps = _overlaps(draft, drafts, there)
        for name, source in sorted({(total.import_id, total.source_file) for total in overlaps}):
            periods = sorted({(t.fiscal_year, t.period) for t in overlaps if t.import_id == name})
            yield Finding(
                draft.file,
                f"holds {_periods(periods)}, which {source} was imported for already",
                "say --replace to let this file take the place of all that is there for those periods",
            )


def told_twice(data: Path, drafts: Sequence[Draft], there: Sequence[ControlTotal]) -> Iterator[Finding]:
    """Vouchers that stand in two of the files given together, or in an older import's periods that are not replaced.

    A voucher is the same by its series, number and date; or, where a file has no dates, by a line of it.
    """
    taken = {store.place(total) for draft in drafts for total in draft.totals}
    kept = [total for total in there if store.place(total) not in taken]
    years = {total.fiscal_year for draft in drafts for total in draft.totals}
    older = {total.postings_file: total for total in kept if total.fiscal_year in years}
    missing = sorted(name for name in older if not (data / name).is_file())
    for name in missing:
        do = f"import {older.pop(name).source_file} again with --replace"
        yield Finding(data / name, "named by a record of an import, but not there", do)
    if missing:
        return
    if not drafts or (len(drafts) < 2 and not older):
        return
    files = {str(part): draft.file for draft in drafts for part, _ in draft.parts}
    names = {str(data / name): total.source_file for name, total in older.items()}
    places = [store.place(total) for total in kept]
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute("create table kept (fiscal_year integer, scenario varchar, version varchar, period integer)")
        if places:
            connection.executemany("insert into kept values (?, ?, ?, ?)", places)
        rows = connection.execute(
            """
            with vouchers as (
                select
                    filename, fiscal_year, scenario, coalesce(version, '') as version, series, voucher,
                    case when booked_on is null then concat_ws('/', line, account, amount) else booked_on::varchar end
                        as mark,
                    period
                from read_parquet($files, filename = true, hive_partitioning = false)
                where voucher is not null
                group by all
            ),

            counted as (
                select vouchers.*
                from vouchers
                left join kept using (fiscal_year, scenario, version, period)
                where vouchers.filename in $drafts or kept.period is not null
            )

            select min(filename), max(filename), any_value(series), voucher, min(period), max(period)
            from counted
            group by fiscal_year, scenario, version, series, voucher, mark
            having count(distinct filename) > 1 and bool_or(filename in $drafts)
            order by all
            limit 20
            """,
            {"files": [literal(Path(name)) for name in (*files, *names)], "drafts": list(files)},
        ).fetchall()
    for first, last, series, voucher, *periods in rows:
        mine, other = (first, last) if first in files else (last, first)
        where = files.get(other) or names.get(other, other)
        which = f"period {periods[0]}" if periods[0] == periods[1] else f"periods {periods[0]} and {periods[1]}"
        yield Finding(
            files[mine],
            f"the voucher (series {series or '-'}, {which}) stands in {where} too",
            "give each voucher once; of a SIE file, name the same --year-end-series as before",
            column="voucher",
            value=voucher,
        )


def undecided_totals(
    data: Path, drafts: Sequence[Draft], there: Sequence[ControlTotal], known: Known
) -> Iterator[Finding]:
    """Budget versions whose operating net, over all their files, is not the decided one to the unit of that."""
    taken = {store.place(total) for draft in drafts for total in draft.totals}
    kept = {total.postings_file for total in there if store.place(total) not in taken}
    for version in known.versions:
        decided = decided_net(version)
        which = (version["fiscal_year"], "budget", version["version"])
        mine = [
            draft
            for draft in drafts
            if any((str(total.fiscal_year), total.scenario, total.version) == which for total in draft.totals)
        ]
        if decided is None or not mine:
            continue
        files = [literal(part) for draft in drafts for part, _ in draft.parts]
        files += [literal(data / name) for name in sorted(kept) if (data / name).is_file()]
        with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
            rows = connection.execute(
                "select account, period, filename, sum(amount) from read_parquet(?, filename = true,"
                " hive_partitioning = false) where fiscal_year::varchar = ? and scenario = ? and version = ?"
                " group by all",
                [files, *which],
            ).fetchall()
        parts = {str(part) for draft in drafts for part, _ in draft.parts}
        net = sum(
            (
                amount
                for account, period, name, amount in rows
                if known.kind_of(account) == "operating"
                and (name in parts or (int(which[0]), "budget", which[2], period) not in taken)
            ),
            Decimal(0),
        )
        if decided.of(net) != decided.net:
            yield Finding(
                mine[0].file,
                f"adds up to a net cost of {net}, but {decided.net.normalize():f} was decided",
                "export the decided budget, or correct net_cost in budget_versions.csv",
                column="amount",
                value=f"{version['version']} {version['fiscal_year']}",
            )


def _overlaps(draft: Draft, drafts: Sequence[Draft], there: Sequence[ControlTotal]) -> list[ControlTotal]:
    """What imports that are no part of this one hold of the draft's years, scenarios, versions and periods."""
    names = {each.totals[0].import_id for each in drafts}
    mine = {store.place(total) for total in draft.totals}
    return [total for total in there if total.import_id not in names and store.place(total) in mine]


def _periods(periods: Sequence[tuple[int, int]]) -> str:
    """Years and periods in short: 2024 period 1-12."""
    texts = []
    for year in sorted({year for year, _ in periods}):
        numbers = [number for each, number in periods if each == year]
        texts.append(f"{year} period {numbers[0]}" + (f"-{numbers[-1]}" if len(numbers) > 1 else ""))
    return ", ".join(texts)
