"""Cut the plain lines of a block - #VER, {, #TRANS, } as programs write them - into their fields, all lines at once.

Only what `fields.split_fields` and `lines.USUAL` read alike is taken (a property test holds the ways together). A line
in any other form is left as OTHER, and so is in the end the voucher that it stands in: those are read line by line.
Nothing is looked up here: neither days nor objects.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

LARGEST_BLOCK = 1 << 24  # bytes; with ten digits of kronor, a block's sums stay within 64 bits
OTHER, TRANSACTION, HEAD, OPENS, CLOSES = range(5)
# a voucher, and what may be taken at once, by the kinds of lines: vouchers in a row, or transactions of a long voucher
VOUCHER = bytes([HEAD, OPENS, TRANSACTION]) + b"+" + bytes([CLOSES])
RUN = re.compile(b"(?:" + VOUCHER + b")+|" + bytes([TRANSACTION]) + b"+")
FIRST_VOUCHER = re.compile(VOUCHER)
INDENTED = re.compile(rb"\n[ \t]+")
# what a text cannot hold, or holds with a meaning of its own: control characters, and the backslash
ODD = bytes([*range(0x0A), 0x0B, 0x0C, *range(0x0E, 0x20), 0x5C, 0x7F])
ODD_IN_LINE = r"[\x00-\x1f\x5c\x7f]"
ACCOUNT = re.compile(r'#TRANS ("?)([0-9]+)\1')
BARE = r'[^ "{}]+'
AMOUNT = r"^-?[0-9]{1,10}(?:\.[0-9]{1,2})?$"
NUMBER = rf'^(?:"[^"]*"|{BARE})$'
AFTER_TEXT = rf'^(?: +(?:"[^"]*"|{BARE}))* *$'
BARE_TEXT = rf"^{BARE}(?: +{BARE})* *$"
NAME = re.compile(rf'"([^"]*)"|({BARE})')
DAY = re.compile(r'("?)([0-9]{8})\1|""()')


@dataclass(frozen=True)
class Heads:
    """Heads of vouchers. places: lines in the block, from 0. days: as written, without quotation marks."""

    places: list[int]
    series: pa.DictionaryArray
    numbers: pa.StringArray
    days: pa.DictionaryArray
    texts: pa.StringArray


@dataclass(frozen=True)
class Transactions:
    """Transactions. places: as of heads. objects: the object lists as written, without braces. amounts: öre.

    days: null where the line has none.
    """

    places: list[int]
    accounts: pa.StringArray
    objects: pa.DictionaryArray
    amounts: pa.Int64Array
    days: pa.DictionaryArray
    texts: pa.StringArray


@dataclass(frozen=True)
class Plain:
    """A block. kinds: one byte per line, of which all but HEAD and TRANSACTION may stand for lines of any voucher."""

    kinds: bytearray
    heads: Heads
    transactions: Transactions


def cut(block: str) -> Plain | None:
    """The plain lines of a block that ends with a line feed; None where its line ends differ."""
    data = block.encode()
    ends = data.count(b"\n")
    end = "\r\n" if b"\r" in data else "\n"
    if len(data) > LARGEST_BLOCK or (end == "\r\n" and data.count(b"\r") != ends):
        return None
    lines = _lines(data, end)
    if len(lines) != ends + 1:
        return None
    if pc.any(pc.or_(pc.starts_with(lines, " "), pc.starts_with(lines, "\t"))).as_py():
        data = INDENTED.sub(b"\n", data)
        lines = _lines(data, end)
    lines = lines.slice(0, ends)
    is_odd = len(data.translate(None, ODD)) != len(data)
    kinds = _kinds(lines)
    heads = _heads(_Sieve(lines, kinds, HEAD, is_odd))
    transactions = _transactions(_Sieve(lines, kinds, TRANSACTION, is_odd))
    return Plain(kinds, heads, transactions)


def _lines(data: bytes, end: str) -> pa.StringArray:
    offsets = struct.pack("<ii", 0, len(data))
    return pc.split_pattern(pa.StringArray.from_buffers(1, pa.py_buffer(offsets), pa.py_buffer(data)), end).values


class _Sieve:
    """Lines of one kind; those that turn out not to be plain become OTHER, and leave every array."""

    def __init__(self, lines: pa.StringArray, kinds: bytearray, kind: int, is_odd: bool) -> None:
        self._kinds = kinds
        places = pa.UInt8Array.from_buffers(pa.uint8(), len(kinds), [None, pa.py_buffer(bytes(kinds))])
        self.places = pc.indices_nonzero(pc.equal(places, kind))
        self.lines = lines.take(self.places)
        if is_odd:
            (self.lines,) = self.keep(pc.invert(pc.match_substring_regex(self.lines, ODD_IN_LINE)), self.lines)

    def keep(self, is_plain: pa.BooleanArray, *arrays: pa.Array) -> tuple[pa.Array, ...]:
        """The arrays with their plain lines alone."""
        if pc.all(is_plain, min_count=0).as_py():
            return arrays
        for place in self.places.filter(pc.invert(is_plain)).to_pylist():
            self._kinds[place] = OTHER
        self.places = self.places.filter(is_plain)
        return tuple(array.filter(is_plain) for array in arrays)

    def split(self, texts: pa.StringArray, by: str, *others: pa.Array) -> tuple[pa.Array, ...]:
        """What stands before and after the first of a mark, which must be there."""
        parts = pc.split_pattern(texts, by, max_splits=1)
        kept = self.keep(pc.equal(pc.list_value_length(parts), 2), parts, *others)
        return (pc.list_element(kept[0], 0), pc.list_element(kept[0], 1), *kept[1:])


def _kinds(lines: pa.StringArray) -> bytearray:
    codes = pa.repeat(pa.scalar(OTHER, pa.uint8()), len(lines))
    for kind, of in (
        (TRANSACTION, pc.starts_with(lines, "#TRANS ")),
        (HEAD, pc.starts_with(lines, "#VER ")),
        (OPENS, pc.equal(lines, "{")),
        (CLOSES, pc.equal(lines, "}")),
    ):
        codes = pc.if_else(of, pa.scalar(kind, pa.uint8()), codes)
    return bytearray(memoryview(codes.buffers()[1])[codes.offset : codes.offset + len(codes)])


def _heads(sieve: _Sieve) -> Heads:
    words = pc.split_pattern(sieve.lines, " ", max_splits=4)
    (words,) = sieve.keep(pc.greater_equal(pc.list_value_length(words), 4), words)
    series, numbers, days = (pc.list_element(words, place) for place in (1, 2, 3))
    rest = _element(words, 4)
    series, days = _coded(series, NAME), _coded(days, DAY)
    is_plain = pc.and_(pc.and_(_is_known(series), _is_known(days)), pc.match_substring_regex(numbers, NUMBER))
    is_plain = pc.and_(is_plain, pc.fill_null(pc.starts_with(rest, '"'), True))
    series, numbers, days, rest = sieve.keep(is_plain, series, numbers, days, rest)
    texts, series, numbers, days = _texts(sieve, rest, series, numbers, days)
    return Heads(sieve.places.to_pylist(), series, pc.ascii_trim(numbers, '"'), days, texts)


def _transactions(sieve: _Sieve) -> Transactions:
    starts, rest = sieve.split(sieve.lines, " {")
    listed, rest, starts = sieve.split(rest, "} ", starts)
    words = pc.split_pattern(rest, " ", max_splits=2)
    amounts, days = pc.list_element(words, 0), _element(words, 1)
    accounts, coded_days = _coded(starts, ACCOUNT), _coded(days, DAY)
    is_plain = pc.and_(_is_known(accounts), pc.match_substring_regex(amounts, AMOUNT))
    is_plain = pc.and_(is_plain, pc.or_(pc.is_null(days), _is_known(coded_days)))
    words, accounts, listed, amounts, days = sieve.keep(is_plain, words, accounts, listed, amounts, coded_days)
    texts, accounts, listed, amounts, days = _texts(sieve, _element(words, 2), accounts, listed, amounts, days)
    return Transactions(
        sieve.places.to_pylist(),
        accounts.dictionary.take(accounts.indices),
        listed.dictionary_encode(),
        _ore(amounts),
        days,
        texts,
    )


def _texts(sieve: _Sieve, rest: pa.StringArray, *others: pa.Array) -> tuple[pa.Array, ...]:
    """The text that a line ends with, in quotation marks or without them; empty where it is null."""
    rest = pc.fill_null(rest, "")
    parts = pc.split_pattern(rest, '"', max_splits=2)
    is_quoted = pc.and_(pc.equal(pc.list_value_length(parts), 3), pc.starts_with(rest, '"'))
    texts = pc.fill_null(_element(parts, 1), "")
    is_plain = pc.or_(pc.equal(rest, ""), pc.and_(is_quoted, pc.ends_with(rest, '"')))
    if pc.all(is_plain, min_count=0).as_py() and pc.all(pc.less_equal(pc.count_substring(rest, '"'), 2)).as_py():
        return (texts, *others)
    follows = pc.fill_null(pc.match_substring_regex(_element(parts, 2), AFTER_TEXT), False)
    is_plain = pc.or_(pc.equal(rest, ""), pc.and_(is_quoted, follows))
    is_bare = pc.match_substring_regex(rest, BARE_TEXT)
    texts = pc.if_else(is_bare, pc.list_element(pc.split_pattern(rest, " ", max_splits=1), 0), texts)
    return sieve.keep(pc.or_(is_plain, is_bare), texts, *others)


def _element(lists: pa.ListArray, place: int) -> pa.Array:
    """One element of each list, null where a list is shorter."""
    lengths = pc.list_value_length(lists)
    if len(lists) and pc.min(lengths).as_py() > place:
        return pc.list_element(lists, place)
    starts = lists.offsets.slice(0, len(lists))
    at = pc.if_else(
        pc.greater(lengths, place), pc.add(starts, pa.scalar(place, pa.int32())), pa.scalar(None, pa.int32())
    )
    return lists.values.take(at)


def _coded(texts: pa.StringArray, form: re.Pattern[str]) -> pa.DictionaryArray:
    """Texts by what the last group of their form holds; a null in the dictionary where a text has another form."""
    coded = texts.dictionary_encode()
    found = [form.fullmatch(text) for text in coded.dictionary.to_pylist()]
    values = pa.array([each[each.lastindex or 0] if each else None for each in found], pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, values)


def _is_known(coded: pa.DictionaryArray) -> pa.BooleanArray:
    """Whether a text had its form."""
    return pc.fill_null(pc.is_valid(coded.dictionary).take(coded.indices), False)


def _ore(amounts: pa.StringArray) -> pa.Int64Array:
    """Amounts as whole öre: the unscaled numbers of a decimal with two places."""
    money = amounts.cast(pa.decimal64(12, 2))
    return pa.Array.from_buffers(pa.int64(), len(money), money.buffers(), offset=money.offset)
