"""Postings as columns: gathers transactions and gives Arrow batches of READ_SCHEMA. Nothing is checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
VOUCHER_TYPES = {
    "series": pa.string(),
    "numbers": pa.string(),
    "texts": pa.string(),
    "is_year_end": pa.bool_(),
}
POSTING_TYPES = {
    "voucher": pa.int32(),
    "lines": pa.int32(),
    "days": pa.int32(),
    "accounts": pa.string(),
    "objects": pa.int32(),
    "amounts": pa.int64(),
    "own_texts": pa.string(),
    "source_lines": pa.int64(),
}
TYPES = {**VOUCHER_TYPES, **POSTING_TYPES}


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


@dataclass(frozen=True)
class Chunk:
    """Some postings as arrays.

    series, numbers, texts, is_year_end: one entry per voucher. From voucher on one entry per posting: voucher (place in
    these four), line in it, day and object list (places in Lookups), account, amount in öre, its own text and its line
    in the file. int32, but amounts and source_lines int64.
    """

    series: pa.StringArray
    numbers: pa.StringArray
    texts: pa.StringArray
    is_year_end: pa.BooleanArray
    voucher: pa.Int32Array
    lines: pa.Int32Array
    days: pa.Int32Array
    accounts: pa.StringArray
    objects: pa.Int32Array
    amounts: pa.Int64Array
    own_texts: pa.StringArray
    source_lines: pa.Int64Array

    def __len__(self) -> int:
        """How many postings."""
        return len(self.amounts)

    def batch(self, lookups: Lookups, scenario: str, version: str | None) -> pa.RecordBatch:
        """The postings as one batch."""
        rows = len(self)
        voucher, days, objects = self.voucher, self.days, self.objects
        known_days, codes = lookups.days, lookups.codes
        period = pa.array([day.period for day in known_days], pa.int32()).take(days)
        booked_on = pa.array([day.days for day in known_days], pa.int32()).take(days).view(pa.date32())
        fiscal_year = pa.array([day.fiscal_year for day in known_days], pa.int32()).take(days)
        text = pc.if_else(pc.equal(self.own_texts, ""), self.texts.take(voucher), self.own_texts)
        values = {
            "fiscal_year": fiscal_year,
            "period": pc.if_else(self.is_year_end.take(voucher), pa.scalar(13, pa.int32()), period),
            "scenario": pa.repeat(pa.scalar(scenario, pa.string()), rows),
            "version": pa.repeat(pa.scalar(version, pa.string()), rows),
            "series": _nulls_for_empty(self.series).take(voucher),
            "voucher": _nulls_for_empty(self.numbers).take(voucher),
            "line": self.lines,
            "booked_on": booked_on,
            "account": self.accounts,
            "ansvar": pa.array([code.ansvar for code in codes], pa.string()).take(objects),
            "activity": pa.array([code.activity for code in codes], pa.string()).take(objects),
            "project": pa.array([code.project for code in codes], pa.string()).take(objects),
            "motpart": pa.array([code.motpart for code in codes], pa.string()).take(objects),
            "amount": as_money(self.amounts),
            "text": _nulls_for_empty(text),
            "source_line": self.source_lines,
        }
        return batch_of(values)

    def cut(self, rows: int) -> tuple[Chunk, Chunk]:
        """The first so many postings, at most as many as there are, and the others."""
        postings = {name: getattr(self, name) for name in POSTING_TYPES}
        vouchers = {name: getattr(self, name) for name in VOUCHER_TYPES}
        first = {name: values.slice(0, rows) for name, values in postings.items()}
        rest = {name: values.slice(rows) for name, values in postings.items()}
        if len(self) > rows:
            begin = rest["voucher"][0].as_py()
            rest["voucher"] = pc.subtract(rest["voucher"], pa.scalar(begin, pa.int32()))
        else:
            begin = len(self.series)
        return Chunk(**vouchers, **first), Chunk(**{k: v.slice(begin) for k, v in vouchers.items()}, **rest)

    def add_sums(self, lookups: Lookups, sums: Sums) -> None:
        """Add the postings to the sums by year, account and object list."""
        years = [day.year_number for day in lookups.days]
        span = pc.min_max(self.amounts)
        if max(span["max"].as_py(), -span["min"].as_py()) * len(self) > LARGEST_SUM:
            columns = (self.days, self.accounts, self.objects, self.amounts)
            for day, account, objects, amount in zip(*(each.to_pylist() for each in columns), strict=True):
                sums[years[day], account, objects] = sums.get((years[day], account, objects), 0) + amount
            return
        year = pa.array(years, pa.int32()).take(self.days)
        account = self.accounts.dictionary_encode()
        names = account.dictionary.to_pylist()
        table = pa.table({"y": year, "a": account.indices, "o": self.objects, "m": self.amounts})
        grouped = table.group_by(["y", "a", "o"], use_threads=False).aggregate([("m", "sum")])
        for year_number, place, objects, total in zip(
            *(grouped[name].to_pylist() for name in ("y", "a", "o", "m_sum")), strict=True
        ):
            key = (year_number, names[place], objects)
            sums[key] = sums.get(key, 0) + total


class Columns:
    """The postings read since the last chunk. The lists are public: the reader's inner loop appends to them."""

    def __init__(self) -> None:
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

    def chunk(self) -> Chunk:
        """The postings as arrays."""
        return Chunk(**{name: pa.array(getattr(self, name), kind) for name, kind in TYPES.items()})


def merged(chunks: Sequence[Chunk]) -> Chunk:
    """Chunks, at least one, as one in their order."""
    if len(chunks) == 1:
        return chunks[0]
    first = 0
    vouchers = []
    for chunk in chunks:
        vouchers.append(pc.add(chunk.voucher, pa.scalar(first, pa.int32())))
        first += len(chunk.series)
    parts = {name: pa.concat_arrays([getattr(chunk, name) for chunk in chunks]) for name in TYPES if name != "voucher"}
    return Chunk(voucher=pa.concat_arrays(vouchers), **parts)


def money(ore: list[int]) -> pa.Array:
    """Öre as decimal(18, 2)."""
    return as_money(pa.array(ore, pa.int64()))


def as_money(ore: pa.Int64Array) -> pa.Array:
    """Öre as decimal(18, 2): the unscaled numbers are the same, so that only the type is set."""
    whole = ore.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(MONEY, len(whole), whole.buffers(), offset=whole.offset)


def ore_of(amount: Decimal) -> int:
    """Kronor with two decimals as öre."""
    return int(amount.scaleb(2))


def batch_of(values: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Columns by name as a batch of READ_SCHEMA."""
    return pa.RecordBatch.from_arrays([values[name] for name in READ_SCHEMA.names], schema=READ_SCHEMA)


def _nulls_for_empty(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
