"""Postings as columns: gathers transactions and gives Arrow batches of READ_SCHEMA. Nothing is checked here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from bokslut.intake.postings import READ_SCHEMA
from bokslut.intake.sie.dimensions import Codes
from bokslut.intake.sie.records import Objects
from bokslut.intake.sie.years import Day

# year number, account, place in the table of object lists -> sum of postings in öre
Sums = dict[tuple[int, str, int], int]
LARGEST_SUM = 2**62  # sums beyond are left to Python, for Arrow's would leave 64 bits without a word
MONEY = pa.decimal128(18, 2)


class Lookups:
    """What postings repeat, kept once: the days and object lists that they name by their place here."""

    def __init__(self) -> None:
        self.days: list[Day] = []
        self.objects: list[Objects] = []
        self.codes: list[Codes] = []

    def add_day(self, day: Day) -> int:
        """The place of a new day."""
        self.days.append(day)
        return len(self.days) - 1

    def add_objects(self, objects: Objects, codes: Codes) -> int:
        """The place of a new object list."""
        self.objects.append(objects)
        self.codes.append(codes)
        return len(self.objects) - 1


class Columns:
    """The postings read since the last batch. The lists are public: the reader's inner loop appends to them."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self.series: list[str] = []  # these four: one entry per voucher
        self.numbers: list[str] = []
        self.texts: list[str] = []
        self.is_year_end: list[bool] = []
        self.voucher: list[int] = []  # from here on: one entry per posting
        self.lines: list[int] = []
        self.days: list[int] = []
        self.accounts: list[str] = []
        self.objects: list[int] = []
        self.amounts: list[int] = []
        self.own_texts: list[str] = []
        self.source_lines: list[int] = []

    def __len__(self) -> int:
        """How many postings."""
        return len(self.amounts)

    def begin(self, series: str, number: str, text: str, is_year_end: bool) -> int:
        """Begin a voucher; its place, which its postings name."""
        self.series.append(series)
        self.numbers.append(number)
        self.texts.append(text)
        self.is_year_end.append(is_year_end)
        return len(self.series) - 1

    def batch(self, scenario: str, version: str | None) -> pa.RecordBatch:
        """The postings as one batch."""
        rows = len(self)
        voucher, days = pa.array(self.voucher, pa.int32()), pa.array(self.days, pa.int32())
        objects = pa.array(self.objects, pa.int32())
        known_days, codes = self._lookups.days, self._lookups.codes
        period = pa.array([day.period for day in known_days], pa.int32()).take(days)
        booked_on = pa.array([day.days for day in known_days], pa.int32()).take(days).view(pa.date32())
        fiscal_year = pa.array([day.fiscal_year for day in known_days], pa.int32()).take(days)
        own_text = pa.array(self.own_texts, pa.string())
        text = pc.if_else(pc.equal(own_text, ""), pa.array(self.texts, pa.string()).take(voucher), own_text)
        values = {
            "fiscal_year": fiscal_year,
            "period": pc.if_else(pa.array(self.is_year_end).take(voucher), pa.scalar(13, pa.int32()), period),
            "scenario": pa.repeat(pa.scalar(scenario, pa.string()), rows),
            "version": pa.repeat(pa.scalar(version, pa.string()), rows),
            "series": _nulls_for_empty(pa.array(self.series, pa.string()).take(voucher)),
            "voucher": _nulls_for_empty(pa.array(self.numbers, pa.string()).take(voucher)),
            "line": pa.array(self.lines, pa.int32()),
            "booked_on": booked_on,
            "account": pa.array(self.accounts, pa.string()),
            "ansvar": pa.array([code.ansvar for code in codes], pa.string()).take(objects),
            "activity": pa.array([code.activity for code in codes], pa.string()).take(objects),
            "project": pa.array([code.project for code in codes], pa.string()).take(objects),
            "motpart": pa.array([code.motpart for code in codes], pa.string()).take(objects),
            "amount": money(self.amounts),
            "text": _nulls_for_empty(text),
            "source_line": pa.array(self.source_lines, pa.int64()),
        }
        return batch_of(values)

    def add_sums(self, sums: Sums) -> None:
        """Add the postings to the sums by year, account and object list."""
        years = [day.year_number for day in self._lookups.days]
        if max(max(self.amounts), -min(self.amounts)) * len(self) > LARGEST_SUM:
            for day, account, objects, amount in zip(self.days, self.accounts, self.objects, self.amounts, strict=True):
                sums[years[day], account, objects] = sums.get((years[day], account, objects), 0) + amount
            return
        year = pa.array(years, pa.int32()).take(pa.array(self.days, pa.int32()))
        table = pa.table({"y": year, "a": self.accounts, "o": pa.array(self.objects, pa.int32()), "m": self.amounts})
        grouped = table.group_by(["y", "a", "o"], use_threads=False).aggregate([("m", "sum")])
        for year_number, account, objects, total in zip(
            *(grouped[name].to_pylist() for name in ("y", "a", "o", "m_sum")), strict=True
        ):
            sums[year_number, account, objects] = sums.get((year_number, account, objects), 0) + total


def money(ore: list[int]) -> pa.Array:
    """Öre as decimal(18, 2): the unscaled numbers are the same, so that only the type is set."""
    whole = pa.array(ore, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(MONEY, len(whole), whole.buffers())


def ore_of(amount: Decimal) -> int:
    """Kronor with two decimals as öre."""
    return int(amount.scaleb(2))


def batch_of(values: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Columns by name as a batch of READ_SCHEMA."""
    return pa.RecordBatch.from_arrays([values[name] for name in READ_SCHEMA.names], schema=READ_SCHEMA)


def _nulls_for_empty(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
