"""Take blocks of lines: runs of plain vouchers all at once, everything else line by line, in the order of the file.

A run is whole vouchers, or transactions inside of one that is longer than a block. A voucher is taken in a run only
when nothing at all is to be said of it but that it stands in the file twice; one that does not add up, has no number,
or names a day or objects that cannot be is left to VoucherReader, which tells why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from bokslut.intake.sie import lines
from bokslut.intake.sie.columns import Chunk, merged
from bokslut.intake.sie.plain import FIRST_VOUCHER, HEAD, OTHER, RUN, Plain, cut
from bokslut.intake.sie.vouchers import VoucherReader

SHORTEST_RUN = 400  # lines; fewer are read one by one as fast
MOST_LISTED = 25_000  # postings kept in lists, which take much more room than arrays
LONGEST_PAUSE = 8
LINES_BESIDE = 3  # of a voucher: its head and its two braces


class RunReader:
    """Gathers the postings of blocks given in order. usual, shortest: as SieOptions has them."""

    def __init__(self, vouchers: VoucherReader, usual: re.Pattern[str], shortest: int) -> None:
        self._vouchers, self._usual, self._shortest = vouchers, usual, shortest
        self._chunks: list[Chunk] = []
        self._gathered = 0
        self._idle = self._pause = 0  # blocks in a row without a run; blocks that are then not even looked at for one

    def __len__(self) -> int:
        """How many postings wait."""
        return self._gathered + len(self._vouchers.columns)

    def give(self, rows: int, *, is_end: bool = False) -> Iterator[Chunk]:
        """The postings that wait, in chunks of so many; at the end of the file those that are left over too."""
        if len(self) < rows and not is_end:
            return
        self._gather()
        while self._chunks and (is_end or self._gathered >= rows):
            chunk, rest = merged(self._chunks).cut(rows)
            self._gathered = len(rest)
            self._chunks = [rest] if self._gathered else []
            yield chunk

    def take(self, block: str) -> None:
        """Take a block of whole lines, each with its line feed."""
        self._pause -= 1
        plain = cut(block) if self._pause < 0 and len(block) >= self._shortest else None
        if plain is None:
            self._take_lines(block)
            return
        reader = self._vouchers
        looked_up = _Block(
            plain,
            reader.line,
            _Lookup(plain.heads.days, reader.find_day),
            _Lookup(plain.transactions.days, reader.find_day),
            _Lookup(plain.transactions.objects, reader.find_objects),
        )
        texts: list[str] = []
        at, end = 0, len(plain.kinds)
        self._idle = min(self._idle + 1, LONGEST_PAUSE)
        while at < end:
            start, stop = self._next_run(plain.kinds, at)
            if start == at:
                start = self._may_begin(plain.kinds, start, stop)
            if start > at:
                texts = texts or block.split("\n")
                self._take_lines("\n".join(texts[at:start]) + "\n")
                at = start
                continue
            take = self._take_run if plain.kinds[at] == HEAD else self._take_inside
            if take(looked_up, start, stop):
                reader.line = looked_up.first + stop
                at, self._idle = stop, 0
        self._pause = self._idle

    def _may_begin(self, kinds: bytearray, start: int, stop: int) -> int:
        """Where a run may begin: on its first line, or behind lines that the voucher at hand does not let it take."""
        if kinds[start] != HEAD:
            return start if self._vouchers.is_inside else stop
        voucher = FIRST_VOUCHER.match(kinds, start)
        return start if voucher is None or self._vouchers.is_between else voucher.end()

    def _next_run(self, kinds: bytearray, at: int) -> tuple[int, int]:
        for run in RUN.finditer(kinds, at):
            if run.end() - run.start() >= self._shortest:
                return run.span()
        return len(kinds), len(kinds)

    def _take_lines(self, text: str) -> None:
        self._vouchers.take(lines.cut(text, self._usual))
        if len(self._vouchers.columns) >= MOST_LISTED:
            self._gather()

    def _gather(self) -> None:
        if len(self._vouchers.columns):
            self._keep(self._vouchers.renew().chunk())

    def _take_run(self, block: _Block, start: int, stop: int) -> bool:
        """Take the vouchers on lines start to stop; or, where some are not plain after all, mark them so."""
        plain, first, reader = block.plain, block.first, self._vouchers
        heads, rows = plain.heads, plain.transactions
        head, last_head = bisect_left(heads.places, start), bisect_left(heads.places, stop)
        row, last_row = bisect_left(rows.places, start), bisect_left(rows.places, stop)
        count, size = last_head - head, last_row - row
        at_head = heads.places[head:last_head]
        # the first posting of each voucher in the run, and the end of the last
        offsets = pa.array([*(at - start - LINES_BESIDE * n for n, at in enumerate(at_head)), size], pa.int32())
        amounts = rows.amounts.slice(row, size)
        voucher = pc.list_parent_indices(pa.ListArray.from_arrays(offsets, amounts)).cast(pa.int32())

        head_days, _ = block.head_days.at(head, count)
        own_days, no_own_day = block.own_days.at(row, size)
        numbers = heads.numbers.slice(head, count)
        days = pc.coalesce(own_days, head_days.take(voucher))
        bad = pc.or_(pc.is_null(head_days), pc.equal(numbers, ""))
        bad = pc.or_(bad, pc.not_equal(_sums(amounts, offsets), 0))
        year_of = pa.array(reader.year_of, pa.int32())
        is_other_year = pc.not_equal(year_of.take(days), year_of.take(head_days).take(voucher))
        bad_rows = pc.or_(no_own_day, pc.fill_null(is_other_year, False))
        if not _mark(plain.kinds, at_head, bad, bad_rows, voucher):
            return False
        objects, no_objects = block.objects.at(row, size)
        if not _mark(plain.kinds, at_head, bad, no_objects, voucher):
            return False

        self._gather()
        series = heads.series.slice(head, count)
        names = series.cast(pa.string())
        dates = heads.days.slice(head, count).cast(pa.string())
        reader.begin_all(names.to_pylist(), numbers.to_pylist(), dates.to_pylist(), [first + at + 1 for at in at_head])
        reader.counts["transactions"] += size
        places = pa.array(rows.places[row:last_row], pa.int64())
        chunk = Chunk(
            series=names,
            numbers=numbers,
            texts=heads.texts.slice(head, count),
            is_year_end=pa.array(map(reader.year_end_series.__contains__, names.to_pylist()), pa.bool_()),
            voucher=voucher,
            lines=pc.subtract(pc.subtract(places, pa.array(at_head, pa.int64()).take(voucher)), 1).cast(pa.int32()),
            days=days,
            accounts=rows.accounts.slice(row, size),
            objects=objects,
            amounts=amounts,
            own_texts=rows.texts.slice(row, size),
            source_lines=pc.add(places, first + 1),
        )
        self._keep(chunk)
        return True

    def _take_inside(self, block: _Block, start: int, stop: int) -> bool:
        """Take the transactions on lines start to stop, of the voucher at hand; or mark those that are not plain."""
        plain, reader = block.plain, self._vouchers
        rows = plain.transactions
        row, size = bisect_left(rows.places, start), stop - start
        amounts, places = rows.amounts.slice(row, size), pa.array(rows.places[row : row + size], pa.int64())
        own_days, no_own_day = block.own_days.at(row, size)
        objects, no_objects = block.objects.at(row, size)
        days = pc.fill_null(own_days, pa.scalar(reader.day, pa.int32()))
        is_other_year = pc.not_equal(pa.array(reader.year_of, pa.int32()).take(days), reader.year_of[reader.day])
        bad = places.filter(pc.or_(pc.or_(no_own_day, no_objects), is_other_year)).to_pylist()
        for place in bad:
            plain.kinds[place] = OTHER
        if bad:
            return False

        self._gather()
        (series, number, text), before = reader.go_on(size, pc.sum(amounts).as_py())
        self._keep(
            Chunk(
                series=pa.array([series], pa.string()),
                numbers=pa.array([number], pa.string()),
                texts=pa.array([text], pa.string()),
                is_year_end=pa.array([series in reader.year_end_series], pa.bool_()),
                voucher=pa.repeat(pa.scalar(0, pa.int32()), size),
                lines=pc.add(places, before + 1 - start).cast(pa.int32()),
                days=days,
                accounts=rows.accounts.slice(row, size),
                objects=objects,
                amounts=amounts,
                own_texts=rows.texts.slice(row, size),
                source_lines=pc.add(places, block.first + 1),
            )
        )
        return True

    def _keep(self, chunk: Chunk) -> None:
        self._chunks.append(chunk)
        self._gathered += len(chunk)


def _sums(amounts: pa.Int64Array, offsets: pa.Int32Array) -> pa.Int64Array:
    """The sum of each voucher. Its offsets are one more than there are vouchers."""
    running = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum_checked(amounts)]).take(offsets)
    return pc.subtract(running.slice(1), running.slice(0, len(running) - 1))


class _Lookup:
    """Looks texts of a block up, each different one once."""

    def __init__(self, coded: pa.DictionaryArray, find: Callable[[str], int | None]) -> None:
        self._indices, self._find = coded.indices, find
        self._texts: list[str] = coded.dictionary.to_pylist()
        self._places: list[int | None] = [None] * len(self._texts)
        self._is_lost: list[bool | None] = [None] * len(self._texts)  # None until asked for

    def at(self, start: int, size: int) -> tuple[pa.Int32Array, pa.BooleanArray]:
        """The place of each text, null where there is none or it is not found; and whether a text was not found."""
        indices, texts, is_lost = self._indices.slice(start, size), self._texts, self._is_lost
        for at in pc.unique(indices).to_pylist():
            if at is not None and is_lost[at] is None:
                self._places[at] = self._find(texts[at])
                is_lost[at] = self._places[at] is None and texts[at] != ""
        lost = pc.fill_null(pa.array(is_lost, pa.bool_()).take(indices), False)
        return pa.array(self._places, pa.int32()).take(indices), lost


@dataclass(frozen=True)
class _Block:
    """A block's plain lines. first: the line before it."""

    plain: Plain
    first: int
    head_days: _Lookup
    own_days: _Lookup
    objects: _Lookup


def _mark(
    kinds: bytearray, heads: list[int], bad: pa.BooleanArray, bad_rows: pa.BooleanArray, voucher: pa.Int32Array
) -> bool:
    """Make the head of each voucher that is bad, or has a bad row, OTHER; whether there is none."""
    found = chain(
        pc.indices_nonzero(bad).to_pylist(), voucher.filter(bad_rows).to_pylist() if pc.any(bad_rows).as_py() else ()
    )
    is_clean = True
    for at in found:
        kinds[heads[at]] = OTHER
        is_clean = False
    return is_clean
