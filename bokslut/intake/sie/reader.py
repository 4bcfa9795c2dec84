"""Read a SIE file, type 1 to 4, into canonical postings as a stream, and say what was in it.

Source: the public specification "SIE filformat", version 4B.
The file is read in blocks, so that the memory it takes
does not grow with its vouchers. All that is wrong is gathered and told at the end; postings given before that are then
to be thrown away. Nothing is written here, and the sign stays the ledger's: debit positive.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from bokslut.intake.sie import balances, lines, runs
from bokslut.intake.sie.charset import BLOCK, UTF8_MARK, Charset, detect
from bokslut.intake.sie.checksum import Checksum
from bokslut.intake.sie.columns import Sums
from bokslut.intake.sie.dimensions import DimensionMap, Dimensions
from bokslut.intake.sie.fields import Field
from bokslut.intake.sie.records import Register
from bokslut.intake.sie.register import RegisterReader
from bokslut.intake.sie.totals import check_amounts, check_totals
from bokslut.intake.sie.trouble import Trouble
from bokslut.intake.sie.vouchers import AGAIN, VoucherReader
from bokslut.intake.texts import MOJIBAKE, text_fault

# a row group of DuckDB: it writes a whole one straight to its file, and anything smaller or larger to a log first
BATCH_ROWS = 122_880
MOJIBAKE_BEGINS = "├ÃÂâï"  # of what MOJIBAKE finds; looked for one by one, which is much faster
CHECKSUM_MARK = re.compile(r"^[ \t]*#KSUMMA\b[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True)
class SieOptions:
    """How a file is to be read.

    dimensions: which dimension is which part of the code string. kind: "ledger" for vouchers (type 4) or period
    balances (types 2 and 3), "budget" for #PBUDGET. version: of the postings, as the budget's. year_end_series: voucher
    series whose postings belong to period 13. usual: the expression for usual lines, another one only in tests.
    shortest_run:
    lines that whole vouchers in a row must have to be read at once, another number only in tests.
    """

    dimensions: DimensionMap
    kind: Literal["ledger", "budget"] = "ledger"
    version: str | None = None
    year_end_series: frozenset[str] = frozenset()
    usual: re.Pattern[str] = lines.USUAL
    shortest_run: int = runs.SHORTEST_RUN


@dataclass(frozen=True)
class DimensionSummary:
    """A dimension that the file declares or uses.

    code_part: None where its objects are not read. unread: in how many different object lists it stands all the same.
    """

    number: int
    name: str
    code_part: str | None
    unread: int


@dataclass(frozen=True)
class SieSummary:
    """What was in a file.

    encoding: the character set found; declared_format: what #FORMAT says. register: all but the vouchers.
    rows, debit, credit: of the postings given, in kronor, credit negative. first and last: fiscal year and period.
    vouchers, transactions: counted; added: #RTRANS, each counted once with its #TRANS; struck: #BTRANS, not counted;
    empty: vouchers without transactions. unknown_labels: label -> count and first line. undeclared_accounts: used but
    not in #KONTO. renamed: accounts and objects declared again under another name, a sentence each. has_checksum: a
    #KSUMMA was there and held. decided_by_number: dimensions whose name says nothing, read by their reserved number,
    such as "6 Aktivitet as project". series: voucher series -> vouchers. not_compared: years whose period balances
    could not be held against #RES and #UB, a sentence each.
    """

    encoding: str
    declared_format: str
    register: Register
    dimensions: tuple[DimensionSummary, ...]
    rows: int
    debit: Decimal
    credit: Decimal
    first: tuple[int, int] | None
    last: tuple[int, int] | None
    vouchers: int
    transactions: int
    added: int
    struck: int
    empty: int
    unknown_labels: dict[str, tuple[int, int]]
    undeclared_accounts: tuple[str, ...]
    renamed: tuple[str, ...]
    has_checksum: bool
    decided_by_number: tuple[str, ...]
    series: dict[str, int]
    not_compared: tuple[str, ...]


@dataclass
class _Given:
    """Control totals of the postings given so far."""

    rows: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    months: set[tuple[int, int]] = field(default_factory=set)

    def add(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        amount = batch["amount"]
        is_debit = pc.greater(amount, pa.scalar(Decimal(0), amount.type))
        self.rows += batch.num_rows
        self.debit += pc.sum(amount.filter(is_debit)).as_py() or Decimal(0)
        self.credit += pc.sum(amount.filter(pc.invert(is_debit))).as_py() or Decimal(0)
        months = pa.table({"y": batch["fiscal_year"], "p": batch["period"]}).group_by(["y", "p"]).aggregate([])
        self.months.update(zip(months["y"].to_pylist(), months["p"].to_pylist(), strict=True))
        return batch


def read_sie(path: Path, options: SieOptions) -> SieReading:
    """Begin to read a file; nothing but its character set is looked at yet. Raises RefusedError."""
    return SieReading(path, options, detect(path))


class SieReading:
    """One reading of one file: batches() once, then summary()."""

    def __init__(self, path: Path, options: SieOptions, charset: Charset) -> None:
        self._path, self._options, self._charset = path, options, charset
        self._trouble = Trouble(path)
        self._dimensions = Dimensions(options.dimensions)
        self._register = RegisterReader(self._dimensions)
        self._vouchers = VoucherReader(
            self._register.years, self._dimensions, self._record, self._trouble, options.year_end_series
        )
        self._runs = runs.RunReader(self._vouchers, options.usual, options.shortest_run)
        self._sums: Sums = {}
        self._given = _Given()
        self._unknown: Counter[str] = Counter()
        self._first_unknown: dict[str, int] = {}
        self._checksum: Checksum | None = None
        self._is_summed = self._is_read = False
        self._not_compared: tuple[str, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The postings as batches of READ_SCHEMA of BATCH_ROWS, the last one smaller.

        Raises RefusedError, at the end, with everything that is wrong; the batches given before are then worth nothing.
        """
        is_ledger = self._options.kind == "ledger"
        for data, block in self._blocks():
            self._check_signs(block)
            if self._checksum is not None or "#KSUMMA" in block:
                self._sum_up(data, block)
            self._runs.take(block)
            yield from self._voucher_batches(is_given=is_ledger)
        self._vouchers.end()
        yield from self._voucher_batches(is_given=is_ledger, is_end=True)
        self._check()
        for batch in self._balance_batches():
            yield self._given.add(batch)
        self._check_rows()
        self._trouble.refuse()
        self._is_read = True

    def summary(self) -> SieSummary:
        """What was in the file; to be asked for when all batches were taken. Raises ValueError before."""
        if not self._is_read:
            raise ValueError("the file has not been read to its end")
        register, months = self._register, sorted(self._given.months)
        used = {account for _, account, _ in self._sums} | {each.account for each in register.balances.values()}
        return SieSummary(
            encoding=self._charset.name,
            declared_format=register.declared_format,
            register=self._as_register(),
            dimensions=tuple(self._dimension_summaries()),
            rows=self._given.rows,
            debit=self._given.debit,
            credit=self._given.credit,
            first=months[0] if months else None,
            last=months[-1] if months else None,
            **self._vouchers.counts,
            unknown_labels={
                label: (count, self._first_unknown[label]) for label, count in sorted(self._unknown.items())
            },
            undeclared_accounts=tuple(sorted(used - set(register.accounts))),
            renamed=tuple(register.renamed),
            has_checksum=self._is_summed,
            decided_by_number=self._dimensions.decided_by_number(),
            series=dict(sorted(self._vouchers.series.items())),
            not_compared=self._not_compared,
        )

    def _as_register(self) -> Register:
        register = self._register
        return Register(
            header=register.header,
            years=tuple(register.years.by_number.values()),
            accounts=tuple(register.accounts.values()),
            dimensions=tuple(self._dimensions.declared.values()),
            objects=register.all_objects(),
            balances=tuple(register.balances.values()),
        )

    def _dimension_summaries(self) -> Iterator[DimensionSummary]:
        declared, unread = self._dimensions.declared, self._dimensions.unread
        for number in sorted(set(declared) | set(unread)):
            name = declared[number].name if number in declared else ""
            yield DimensionSummary(number, name, self._dimensions.part(number), unread.get(number, 0))

    def _blocks(self) -> Iterator[tuple[bytes, str]]:
        """The file as it stands and as text, in blocks of whole lines, each with its line feed."""
        decode = codecs.getdecoder(self._charset.name)
        rest = b""
        with self._path.open("rb") as file:
            if self._charset.has_mark:
                file.seek(len(UTF8_MARK))
            while part := file.read(BLOCK):
                end = part.rfind(b"\n") + 1
                if end == 0:
                    rest += part
                    continue
                data = rest + part[:end]
                yield data, decode(data, "replace")[0]
                rest = part[end:]
        rest = rest.rstrip(b"\x1a")  # the end of a text file in DOS
        if rest.strip():
            last = decode(rest, "replace")[0]
            if last.strip() != "}" and not last.lstrip().startswith("#KSUMMA"):
                self._trouble.add(
                    "the last line has no line end; the file may be cut off", AGAIN, None, value=last.strip()
                )
            yield rest + b"\n", last + "\n"

    def _voucher_batches(self, *, is_given: bool, is_end: bool = False) -> Iterator[pa.RecordBatch]:
        lookups = self._vouchers.lookups
        for chunk in self._runs.give(BATCH_ROWS, is_end=is_end):
            chunk.add_sums(lookups, self._sums)
            if is_given:
                yield self._given.add(chunk.batch(lookups, "actual", self._options.version))
            # what the allocator keeps would be missing to the database that takes the batches
            pa.default_memory_pool().release_unused()

    def _check_signs(self, block: str) -> None:
        """Letters of the block that were lost, or read in a wrong character set before."""
        if block.isascii():
            return
        if (lost := block.find("\ufffd")) >= 0:
            line = self._vouchers.line + block.count("\n", 0, lost) + 1
            self._trouble.add(f"a character that is not in {self._charset.name}", AGAIN, line)
        elif any(sign in block for sign in MOJIBAKE_BEGINS):
            at, line = 0, self._vouchers.line + 1
            for found in MOJIBAKE.finditer(block):
                line += block.count("\n", at, found.start())
                at = found.start()
                fault = text_fault(found[0])
                self._trouble.add(fault[0] if fault else "a wrong letter", AGAIN, line, None, found[0])

    def _record(self, label: str, fields: tuple[Field, ...], line: int) -> bool:
        """A record outside vouchers; False when its label is unknown."""
        if label == "#KSUMMA":
            return True
        is_known = self._register.take(label, fields, line)
        if not is_known:
            self._unknown[label] += 1
            self._first_unknown.setdefault(label, line)
        return is_known

    def _sum_up(self, data: bytes, block: str) -> None:
        """Add a block to the checksum, from the first #KSUMMA to the last, and compare there."""
        at = 0
        for mark in CHECKSUM_MARK.finditer(block) if "#KSUMMA" in block else ():
            line = self._vouchers.line + block.count("\n", 0, mark.start()) + 1
            value = mark[0].strip().strip("\x1a").partition("#KSUMMA")[2].strip(' \t"')
            if self._checksum is None and self._is_summed:
                self._trouble.add("a third #KSUMMA; only two belong in a file", AGAIN, line, "#KSUMMA", value)
            elif self._checksum is None:
                if value:
                    self._trouble.add(
                        "the first #KSUMMA has no number, or it is missing", AGAIN, line, "#KSUMMA", value
                    )
                    self._is_summed = True
                else:
                    self._checksum = Checksum()
            else:
                self._add_to_checksum(data, block, at, mark.start())
                if self._checksum.is_foreign or str(self._checksum.value) != value:
                    what = (
                        f"the checksum is {self._checksum.value}: the file was changed or damaged after it was written"
                    )
                    self._trouble.add(what, AGAIN, line, "#KSUMMA", value)
                self._checksum, self._is_summed = None, True
            at = mark.end()
        if self._checksum is not None:
            self._add_to_checksum(data, block, at, len(block))

    def _add_to_checksum(self, data: bytes, block: str, start: int, end: int) -> None:
        if self._checksum is not None and self._charset.name == "cp437":
            self._checksum.add_coded(data[start:end])  # a byte is a character
        elif self._checksum is not None:
            self._checksum.add(block[start:end])

    def _check(self) -> None:
        register, trouble = self._register, self._trouble
        if self._checksum is not None:
            trouble.add("the closing #KSUMMA is missing: the file is cut off", AGAIN, None, "#KSUMMA")
        if not register.has_flag:
            trouble.add(
                "the file has no #FLAGGA, which every SIE file begins with", "export the ledger as SIE type 4", 1
            )
        if self._vouchers.counts["vouchers"] and register.header.sie_type < 4:
            trouble.add(f"vouchers in a file of type {register.header.sie_type}", AGAIN, None, "#SIETYP")
        if not trouble.findings:
            check_totals(register, self._sums, self._vouchers.lookups.objects, trouble)

    def _check_amounts(self, amounts: list[balances.Amount], label: str) -> None:
        if not self._trouble.findings:
            self._not_compared = check_amounts(self._register, amounts, label, self._trouble)

    def _balance_batches(self) -> Iterator[pa.RecordBatch]:
        register, options = self._register, self._options
        sie_type = register.header.sie_type
        is_budget = options.kind == "budget"
        if not is_budget and sie_type == 4:
            return
        if not is_budget and sie_type == 1:
            amounts = balances.closing_amounts(
                register.balances.values(), register.years, self._dimensions, self._trouble
            )
            self._check_amounts(amounts, "#OUB")
        else:
            label = "PBUDGET" if is_budget else "PSALDO"
            amounts = balances.period_amounts(
                [each for each in register.balances.values() if each.kind == label],
                f"#{label}",
                register.years,
                self._dimensions,
                self._trouble,
                is_by_object=sie_type != 2,
            )
            if not is_budget:
                self._check_amounts(amounts, "#PSALDO")
        yield from balances.amount_batches(amounts, "budget" if is_budget else "actual", options.version)

    def _check_rows(self) -> None:
        if self._given.rows or self._trouble.findings:
            return
        sie_type = self._register.header.sie_type
        if self._options.kind == "budget":
            self._trouble.add(
                "the file holds no budget (#PBUDGET)", "export it with the budget, or import it as a ledger"
            )
        elif sie_type == 1:
            what = "a file of type 1 holds balances of the year without activity codes"
            self._trouble.add(what, "export the ledger as SIE type 4 (transactions)", None, "#SIETYP")
        else:
            label = "#VER" if sie_type == 4 else "#PSALDO"
            self._trouble.add(f"the file holds no postings ({label})", "export the ledger as SIE type 4 (transactions)")
