"""Take blocks of lines: runs of plain vouchers all at once, everything else line by line, in the order of the file.

A voucher is taken in a run only when nothing at all is to be said of it but that it stands in the file twice; one that
does not add up, has no number, or names a day or objects that cannot be is left to VoucherReader, which tells why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from bokslut.intake.sie import lines
from bokslut.intake.sie.columns import Chunk, merged
from bokslut.intake.sie.plain import FIRST_VOUCHER, OTHER, RUN, Plain, cut
from bokslut.intake.sie.vouchers import VoucherReader

SHORTEST_RUN = 200  # lines; below, they are read one by one as fast
MOST_LISTED = 25_000  # postings kept in lists, which take much more room than arrays
LINES_BESIDE = 3  # of a voucher: its head and its two braces


class RunReader:
    """Gathers the postings of blocks given in order. usual, shortest: as SieOptions has them."""

    def __init__(self, vouchers: VoucherReader, usual: re.Pattern[str], shortest: int) -> None:
        self._vouchers, self._usual, self._shortest = vouchers, usual, shortest
        self._chunks: list[Chunk] = []
        self._gathered = 0

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
        plain = cut(block) if len(block) >= self._shortest else None
        if plain is None:
            self._take_lines(block)
            return
        first = self._vouchers.line
        texts: list[str] = []
        at, end = 0, len(plain.kinds)
        while at < end:
            start, stop = self._next_run(plain.kinds, at)
            if start == at and not self._vouchers.is_between:
                start = FIRST_VOUCHER.match(plain.kinds, at).end()  # type: ignore[union-attr]
            if start > at:
                texts = texts or block.split("\n")
                self._take_lines("\n".join(texts[at:start]) + "\n")
                at = start
            elif self._take_run(plain, start, stop, first):
                self._vouchers.line = first + stop
                at = stop

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
            chunk = self._vouchers.renew().chunk()
            self._chunks.append(chunk)
            self._gathered += len(chunk)

    def _take_run(self, plain: Plain, start: int, stop: int, first: int) -> bool:
        """Take the vouchers on lines start to stop; or, where some are not plain after all, mark them so."""
        heads, rows, reader = plain.heads, plain.transactions, self._vouchers
        head, last_head = bisect_left(heads.places, start), bisect_left(heads.places, stop)
        row, last_row = bisect_left(rows.places, start), bisect_left(rows.places, stop)
        count, size = last_head - head, last_row - row
        at_head = heads.places[head:last_head]
        # the first posting of each voucher in the run, and the end of the last
        offsets = pa.array([*(at - start - LINES_BESIDE * n for n, at in enumerate(at_head)), size], pa.int32())
        amounts = rows.amounts.slice(row, size)
        voucher = pc.list_parent_indices(pa.ListArray.from_arrays(offsets, amounts)).cast(pa.int32())

        head_days, _ = _looked_up(heads.days.slice(head, count), reader.find_day)
        own_days, no_own_day = _looked_up(rows.days.slice(row, size), reader.find_day)
        numbers = heads.numbers.slice(head, count)
        days = pc.coalesce(own_days, head_days.take(voucher))
        bad = pc.or_(pc.is_null(head_days), pc.equal(numbers, ""))
        bad = pc.or_(bad, pc.not_equal(_sums(amounts, offsets), 0))
        year_of = pa.array(reader.year_of, pa.int32())
        is_other_year = pc.not_equal(year_of.take(days), year_of.take(head_days).take(voucher))
        bad_rows = pc.or_(no_own_day, pc.fill_null(is_other_year, False))
        if not _mark(plain.kinds, at_head, bad, bad_rows, voucher):
            return False
        objects, no_objects = _looked_up(rows.objects.slice(row, size), reader.find_objects)
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
        self._chunks.append(chunk)
        self._gathered += size
        return True


def _sums(amounts: pa.Int64Array, offsets: pa.Int32Array) -> pa.Int64Array:
    """The sum of each voucher. Its offsets are one more than there are vouchers."""
    running = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum_checked(amounts)]).take(offsets)
    return pc.subtract(running.slice(1), running.slice(0, len(running) - 1))


def _looked_up(coded: pa.DictionaryArray, find: Callable[[str], int | None]) -> tuple[pa.Int32Array, pa.BooleanArray]:
    """The place of each text, null where there is none or it is not found; and whether a text was not found."""
    texts = coded.dictionary.to_pylist()
    places: list[int | None] = [None] * len(texts)
    lost: list[bool] = [False] * len(texts)
    for at in pc.unique(coded.indices).to_pylist():
        if at is not None:
            places[at] = find(texts[at])
            lost[at] = places[at] is None and texts[at] != ""
    is_lost = pc.fill_null(pa.array(lost, pa.bool_()).take(coded.indices), False)
    return pa.array(places, pa.int32()).take(coded.indices), is_lost


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
