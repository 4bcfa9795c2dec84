"""Balances as postings: period balances (#PSALDO), period budgets (#PBUDGET), and closing balances per object (#OUB).

Source: the specification, sections 8.12-8.13 and 11. #PSALDO and #PBUDGET hold the change of the month ("periodens
förändring på kontot"), not what has gathered up to it, so that their amounts are postings as they stand. In type 3 the
same amount stands several times: for the account as a whole, and for each dimension's objects, and for a dimension and
those below it. Each krona is counted once: the rows coded by activity, and what is left of the account's whole without
one. In type 2 rows with objects are passed over, as the specification tells a reader to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa

from bokslut.intake.sie.columns import batch_of, money, ore_of
from bokslut.intake.sie.dimensions import Codes, Dimensions
from bokslut.intake.sie.records import Balance
from bokslut.intake.sie.trouble import FieldError, Trouble
from bokslut.intake.sie.years import Years, months

BATCH = 50_000


@dataclass(frozen=True)
class Amount:
    """A posting made from a balance. year: the number of #RAR. amount: öre. line: of the record."""

    year: int
    fiscal_year: int
    period: int
    account: str
    codes: Codes
    amount: int
    line: int


def period_amounts(
    balances: Iterable[Balance],
    label: str,
    years: Years,
    dimensions: Dimensions,
    trouble: Trouble,
    *,
    is_by_object: bool,
) -> list[Amount]:
    """The postings of #PSALDO or #PBUDGET in the order of the file. is_by_object: false for a file of type 2."""
    groups: dict[tuple[int, int | None, str], list[Balance]] = defaultdict(list)
    for balance in balances:
        if is_by_object or not balance.objects:
            groups[balance.year, balance.period, balance.account].append(balance)
    amounts: list[Amount] = []
    for (year, period, account), rows in groups.items():
        try:
            fiscal_year, number = years.month(year, period or 0)
            counted = _counted_once(rows, dimensions)
        except FieldError as error:
            trouble.field(error, rows[0].line, label)
            continue
        amounts.extend(Amount(year, fiscal_year, number, account, codes, ore, line) for codes, ore, line in counted)
    return sorted(amounts, key=lambda amount: amount.line)


def closing_amounts(
    balances: Iterable[Balance], years: Years, dimensions: Dimensions, trouble: Trouble
) -> list[Amount]:
    """The year's change of each #OUB that carries an activity (less its #OIB), in the last period of its year."""
    opening: dict[tuple[int, str, object], Decimal] = {}
    groups: dict[tuple[int, str], list[Balance]] = defaultdict(list)
    for balance in balances:
        if balance.kind == "OIB":
            opening[balance.year, balance.account, frozenset(balance.objects)] = balance.amount
        elif balance.kind == "OUB" and balance.objects:
            groups[balance.year, balance.account].append(balance)
    amounts: list[Amount] = []
    for (number, account), rows in groups.items():
        try:
            changes = [
                replace(row, amount=row.amount - opening.get((number, account, frozenset(row.objects)), 0))
                for row in rows
                if dimensions.codes(row.objects).activity is not None
            ]
            counted = _counted_once(changes, dimensions) if changes else []
        except FieldError as error:
            trouble.field(error, rows[0].line, "#OUB")
            continue
        year = years.year(number)
        period = months(year.starts_on, year.ends_on)
        fiscal_year = year.ends_on.year
        amounts.extend(Amount(number, fiscal_year, period, account, codes, ore, line) for codes, ore, line in counted)
    return sorted(amounts, key=lambda amount: amount.line)


def _counted_once(rows: list[Balance], dimensions: Dimensions) -> list[tuple[Codes, int, int]]:
    whole = next((row for row in rows if not row.objects), None)
    coded: dict[frozenset[int], list[tuple[Codes, Balance]]] = defaultdict(list)
    for row in rows:
        codes = dimensions.codes(row.objects)
        if codes.activity is not None:
            coded[frozenset(number for number, _ in row.objects)].append((codes, row))
    if len(coded) > 1:
        # a dimension and the one below it tell the same amounts: the upper one tells all of them
        for below in [key for key in coded if all(dimensions.parent(number) is not None for number in key)]:
            del coded[below]
    if len(coded) > 1:
        told = ", ".join(" and ".join(str(number) for number in sorted(key)) for key in coded)
        raise FieldError("the same amounts are given by activity in several dimensions", told, "objects")
    if not coded and whole is None:
        if len({frozenset(number for number, _ in row.objects) for row in rows}) > 1:
            raise FieldError(
                "the amounts are given by object only, and in several dimensions", rows[0].account, "objects"
            )
        return [(dimensions.codes(row.objects), ore_of(row.amount), row.line) for row in rows]
    counted = [(codes, ore_of(row.amount), row.line) for group in coded.values() for codes, row in group]
    if whole is None:
        _refuse_unequal(rows, dimensions, sum(amount for _, amount, _ in counted))
    if whole is not None:
        left = ore_of(whole.amount) - sum(amount for _, amount, _ in counted)
        if left or not counted:
            counted.append((Codes(), left, whole.line))
    return counted


def amount_batches(amounts: list[Amount], scenario: str, version: str | None) -> Iterator[pa.RecordBatch]:
    """The postings as batches of READ_SCHEMA; series, voucher, day and text are null."""
    for start in range(0, len(amounts), BATCH):
        part = amounts[start : start + BATCH]
        nothing = pa.nulls(len(part), pa.string())
        yield batch_of(
            {
                "fiscal_year": pa.array([each.fiscal_year for each in part], pa.int32()),
                "period": pa.array([each.period for each in part], pa.int32()),
                "scenario": pa.repeat(pa.scalar(scenario, pa.string()), len(part)),
                "version": pa.repeat(pa.scalar(version, pa.string()), len(part)),
                "series": nothing,
                "voucher": nothing,
                "line": pa.nulls(len(part), pa.int32()),
                "booked_on": pa.nulls(len(part), pa.date32()),
                "account": pa.array([each.account for each in part], pa.string()),
                "ansvar": pa.array([each.codes.ansvar for each in part], pa.string()),
                "activity": pa.array([each.codes.activity for each in part], pa.string()),
                "project": pa.array([each.codes.project for each in part], pa.string()),
                "motpart": pa.array([each.codes.motpart for each in part], pa.string()),
                "amount": money([each.amount for each in part]),
                "text": nothing,
                "source_line": pa.array([each.line for each in part], pa.int64()),
            }
        )


def _refuse_unequal(rows: list[Balance], dimensions: Dimensions, by_activity: int) -> None:
    """The other dimensions tell the same amounts as the activities do, or some of them have no activity."""
    others: dict[frozenset[int], int] = defaultdict(int)
    for row in rows:
        if dimensions.codes(row.objects).activity is None:
            others[frozenset(number for number, _ in row.objects)] += ore_of(row.amount)
    for key, ore in others.items():
        if ore != by_activity:
            told = " and ".join(str(number) for number in sorted(key))
            raise FieldError("the amounts by object are not those by activity, and no whole is given", told, "objects")
