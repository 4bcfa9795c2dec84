"""Read vouchers: the blocks of #VER with their transactions, into columns. What stands outside them is handed on.

Source: the specification, sections 5.4 and 11 (#VER, #TRANS, #RTRANS, #BTRANS): a voucher's transactions stand between
braces that stand alone on their lines and add up to zero; a struck line (#BTRANS) does not count; an added line
(#RTRANS) is repeated by a #TRANS directly after it, and the two are one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum

from bokslut.intake.sie.columns import Columns, Lookups
from bokslut.intake.sie.dimensions import Dimensions
from bokslut.intake.sie.fields import Field, date, optional_text, pairs, split_fields, split_values, text_at
from bokslut.intake.sie.lines import Row, TransactionFields, exact_transaction, usual_ore
from bokslut.intake.sie.numbers import VoucherNumbers
from bokslut.intake.sie.records import Objects
from bokslut.intake.sie.totals import kronor
from bokslut.intake.sie.trouble import FieldError, Trouble
from bokslut.intake.sie.years import Years

AGAIN = "export the file from the ledger again"
ABOVE_VOUCHERS = frozenset({"#RAR", "#DIM", "#UNDERDIM"})
# the usual head of a voucher: series, number, date, text; whatever follows is passed over
HEAD = re.compile(
    r'[ \t]*#VER[ \t]+(?:"([^"\\\x00-\x1f\x7f]*)"|([^ "\\{}\x00-\x1f\x7f]+))'
    r'[ \t]+(?:"([^"\\\x00-\x1f\x7f]*)"|([^ "\\{}\x00-\x1f\x7f]+))[ \t]+("?)([0-9]{8})\5'
    r'(?:[ \t]+"([^"\\\x00-\x1f\x7f]*)"(?:[ \t]+(?:"[^"\\\x00-\x1f\x7f]*"|[^ "\\{}\x00-\x1f\x7f]+))*)?[ \t]*\Z'
)


class Place(Enum):
    """Where in the file the reading stands."""

    OUTSIDE = 0
    BEFORE_BLOCK = 1  # a #VER was read, its { not yet
    INSIDE = 2
    AFTER_UNKNOWN = 3  # a record of an unknown label was read: a block may follow that belongs to it
    INSIDE_UNKNOWN = 4


class VoucherReader:
    """Takes the lines of a file in order.

    record: called with label, fields and line for each record that is no voucher's; it gives False for an unknown one.
    counts: vouchers, transactions, added, struck, empty vouchers. series: vouchers by series.
    """

    def __init__(
        self,
        years: Years,
        dimensions: Dimensions,
        record: Callable[[str, tuple[Field, ...], int], bool],
        trouble: Trouble,
        year_end_series: frozenset[str],
    ) -> None:
        self.lookups = Lookups()
        self.columns = Columns()
        self.counts = {"vouchers": 0, "transactions": 0, "added": 0, "struck": 0, "empty": 0}
        self.series: Counter[str] = Counter()
        self.line = 0
        self._years, self._dimensions, self._record, self._trouble = years, dimensions, record, trouble
        self.year_end_series = year_end_series
        self._place = Place.OUTSIDE
        self._seen = VoucherNumbers()
        self._days: dict[str, int] = {}
        self._objects: dict[str | Objects, int] = {}
        self._unnumbered: dict[bytes, int] = {}  # digest of a voucher without a number -> its line
        self._digest = hashlib.blake2b()
        self._digested = 0  # where in the columns the part of the voucher begins that is not in the digest
        self.year_of: list[int] = []  # number of the fiscal year, by place of the day
        self._day: int | None = None
        self._head = (0, "", "", "")  # line, series, number and text of the voucher at hand
        self._voucher = -1
        self._rows = self._total = 0
        self._added: TransactionFields | None = None
        self._is_wrong = False

    def take(self, rows: Iterable[Row]) -> None:
        """Take the rows of a block of lines, as lines.cut gives them."""
        known_days, known_objects, year_of = self._days, self._objects, self.year_of
        columns = self.columns
        add_voucher, add_lines, add_days = columns.voucher.append, columns.lines.append, columns.days.append
        add_accounts, add_objects, add_amounts = columns.accounts.append, columns.objects.append, columns.amounts.append
        add_own_texts, add_source_lines = columns.own_texts.append, columns.source_lines.append
        line, is_plain, here, voucher, total, count = self.line, *self._state()
        for _, account, listed, _, whole, cents, day, quoted, bare, other in rows:
            line += 1
            if account and is_plain:
                objects = known_objects.get(listed)
                at: int | None = here
                if day and day != '""':
                    at = known_days.get(day)
                    if at is not None and year_of[at] != year_of[here]:
                        at = None
                if objects is not None and at is not None:
                    amount = int(whole + cents) if len(cents) == 2 else usual_ore(whole, cents)
                    total += amount
                    count += 1
                    add_voucher(voucher)
                    add_lines(count)
                    add_days(at)
                    add_accounts(account)
                    add_objects(objects)
                    add_amounts(amount)
                    add_own_texts(quoted or bare)
                    add_source_lines(line)
                    continue
            self.line, self._total, self._rows = line, total, count
            if account:
                self._usual(account, listed, usual_ore(whole, cents), day, quoted or bare)
            else:
                self._other(other)
            is_plain, here, voucher, total, count = self._state()
        self.line, self._total, self._rows = line, total, count

    @property
    def is_between(self) -> bool:
        """Whether no voucher is at hand, and no block of an unknown record."""
        return self._place in (Place.OUTSIDE, Place.AFTER_UNKNOWN)

    @property
    def is_inside(self) -> bool:
        """Whether a numbered voucher is at hand, with a day, that takes any usual transaction."""
        return self._state()[0] and self._head[2] != ""

    @property
    def day(self) -> int:
        """The place of the day of the voucher at hand, which has one."""
        return self._day or 0

    def go_on(self, rows: int, total: int) -> tuple[tuple[str, str, str], int]:
        """Count transactions to the voucher at hand; gives its series, number and text, and how many it had before."""
        _, series, number, text = self._head
        before, self._rows, self._total = self._rows, self._rows + rows, self._total + total
        return (series, number, text), before

    def find_day(self, day: str) -> int | None:
        """The place of a day among the lookups; None where it lies in no fiscal year, or is none."""
        try:
            return self._known_day(day)
        except FieldError:
            return None

    def find_objects(self, listed: str) -> int | None:
        """The place of an object list, as written, among the lookups; None where it is wrong."""
        known = self._objects.get(listed)
        if known is not None:
            return known
        try:
            objects = pairs(split_values(listed))
            codes = self._dimensions.codes(objects)
        except FieldError:
            return None
        place = self._objects[listed] = self.lookups.add_objects(objects, codes)
        return place

    def begin_all(self, series: list[str], numbers: list[str], days: list[str], at: list[int]) -> None:
        """Take whole vouchers of which all but their numbers is known to be right. at: the lines of their heads."""
        self._place = Place.OUTSIDE
        self.counts["vouchers"] += len(series)
        self.series.update(series)
        for place in self._seen.add_all(series, days, numbers):
            self.line = at[place]
            self._seen_before(series[place], days[place], numbers[place])

    def _seen_before(self, series: str, day: str, number: str) -> None:
        what = f"a voucher of {day} with this series and number stands in the file before"
        do = "is everything in the file twice? " + AGAIN
        self._trouble.add(what, do, self.line, "#VER", f"{series} {number}")

    def _state(self) -> tuple[bool, int, int, int, int]:
        """What the loop over lines needs: may usual lines be taken, the voucher's day, its place, sum and rows."""
        is_plain = self._place is Place.INSIDE and self._added is None and self._day is not None
        return is_plain, self._day or 0, self._voucher, self._total, self._rows

    def renew(self) -> Columns:
        """The columns gathered so far; a voucher at hand goes on in new ones."""
        if not self._head[2] and self._place is Place.INSIDE:
            self._digest_columns()
        gathered, self.columns = self.columns, Columns()
        self._digested = 0
        if self._place in (Place.BEFORE_BLOCK, Place.INSIDE):
            self._begin_columns()
        return gathered

    def end(self) -> None:
        """The file has ended: a voucher must not be at hand."""
        line, series, number, _ = self._head
        if self._place in (Place.BEFORE_BLOCK, Place.INSIDE):
            self._trouble.add(
                "the file ends inside a voucher; it is cut off", AGAIN, line, "#VER", f"{series} {number}"
            )
        elif self._place is Place.INSIDE_UNKNOWN:
            self._trouble.add("the file ends inside braces; it is cut off", AGAIN, self.line)

    def _begin_columns(self) -> None:
        _, series, number, text = self._head
        self._voucher = self.columns.begin(series, number, text, series in self.year_end_series)

    def _other(self, text: str) -> None:
        """A line that the usual expression did not take."""
        bare = text.strip(" \t\r")
        if bare == "}":
            self._close()
        elif bare == "{":
            self._open()
        elif not bare or self._place is Place.INSIDE_UNKNOWN:
            return
        elif head := HEAD.match(bare):
            series, series_bare, number, number_bare, _, day, voucher_text = head.groups()
            self._begin(series or series_bare or "", number or number_bare or "", day, voucher_text or "")
        else:
            self._exact(bare)

    def _exact(self, text: str) -> None:
        label = text.partition(" ")[0][:20]
        try:
            label, fields = split_fields(text)
            if label == "#VER":
                day = text_at(fields, 2, "date")
                self._begin(
                    text_at(fields, 0, "series"), text_at(fields, 1, "number"), day, optional_text(fields, 3, "text")
                )
            elif label in ("#TRANS", "#RTRANS", "#BTRANS"):
                self._transaction(label, exact_transaction(fields))
            else:
                self._leave_head()
                is_known = self._record(label, fields, self.line)
                if label in ABOVE_VOUCHERS and self.counts["vouchers"]:
                    what = "the record stands after a voucher that may need it; it belongs above the first one"
                    self._trouble.add(what, AGAIN, self.line, label)
                if self._place is Place.INSIDE and is_known:
                    self._trouble.add("a record that does not belong inside a voucher", AGAIN, self.line, label)
                if self._place is Place.OUTSIDE and not is_known:
                    self._place = Place.AFTER_UNKNOWN
                elif self._place is Place.AFTER_UNKNOWN and is_known:
                    self._place = Place.OUTSIDE
        except FieldError as error:
            self._is_wrong = True
            self._trouble.field(error, self.line, label)
            if label == "#VER":
                self._place = Place.AFTER_UNKNOWN  # what its block holds would only repeat that

    def _leave_head(self) -> None:
        """A voucher's head without a block before this line."""
        if self._place is Place.BEFORE_BLOCK:
            line, series, number, _ = self._head
            self._trouble.add("no { follows the voucher's head", AGAIN, line, "#VER", f"{series} {number}")
            self._place = Place.OUTSIDE

    def _begin(self, series: str, number: str, day: str, text: str) -> None:
        self._leave_head()
        if self._place is Place.INSIDE:
            line, open_series, open_number, _ = self._head
            told = f"{open_series} {open_number}"
            self._trouble.add("a voucher begins before this one is closed with }", AGAIN, line, "#VER", told)
        self._place = Place.BEFORE_BLOCK
        self._head = (self.line, series, number, text)
        self._is_wrong = False
        self._rows = self._total = 0
        self._added = None
        self.counts["vouchers"] += 1
        self.series[series] += 1
        self._day = self._find_day(day, "#VER")
        self._begin_columns()
        if not number:
            self._digest = hashlib.blake2b(repr((series, day, text)).encode(), digest_size=16)
            self._digested = len(self.columns)
        if number and not self._seen.add(series, day, number):
            self._seen_before(series, day, number)

    def _find_day(self, day: str, label: str) -> int | None:
        try:
            return self._known_day(day)
        except FieldError as error:
            self._is_wrong = True
            self._trouble.field(error, self.line, label)
            return None

    def _known_day(self, day: str) -> int:
        known = self._days.get(day)
        if known is not None:
            return known
        found = self._years.day(day)
        self.year_of.append(found.year_number)
        place = self._days[day] = self.lookups.add_day(found)
        return place

    def _open(self) -> None:
        if self._place is Place.BEFORE_BLOCK:
            self._place = Place.INSIDE
        elif self._place is Place.AFTER_UNKNOWN:
            self._place = Place.INSIDE_UNKNOWN
        else:
            self._trouble.add("a brace opens where no voucher's head stands above", AGAIN, self.line, value="{")

    def _close(self) -> None:
        if self._place is Place.INSIDE_UNKNOWN:
            self._place = Place.OUTSIDE
            return
        if self._place is not Place.INSIDE:
            self._trouble.add("a brace closes what was not opened", AGAIN, self.line, value="}")
            return
        self._place = Place.OUTSIDE
        self._check_added(None)
        self.counts["transactions"] += self._rows
        if self._rows == 0:
            self.counts["empty"] += 1
        if self._total != 0 and not self._is_wrong:
            line, series, number, _ = self._head
            what = f"the voucher does not balance: its transactions add up to {kronor(self._total)} kronor"
            self._trouble.add(what, "correct it in the ledger, or " + AGAIN, line, "#VER", f"{series} {number}")
        if not self._head[2] and self._rows and not self._is_wrong:
            self._check_unnumbered()

    def _check_unnumbered(self) -> None:
        """A voucher without a number must differ from the others without one in its head or a line."""
        self._digest_columns()
        line, series, _, text = self._head
        before = self._unnumbered.setdefault(self._digest.digest(), line)
        if before != line:
            what = f"a voucher without a number is the same as the one on line {before}, in its head and all its lines"
            do = "is it in the file twice? Number the vouchers, or " + AGAIN
            self._trouble.add(what, do, line, "#VER", f"{series} {text}".strip())

    def _digest_columns(self) -> None:
        columns, start = self.columns, self._digested
        parts = (columns.accounts, columns.objects, columns.amounts, columns.days, columns.own_texts)
        for row in zip(*(part[start:] for part in parts), strict=True):
            self._digest.update(repr(row).encode())

    def _usual(self, account: str, listed: str, amount: int, day: str, text: str) -> None:
        """A usual line for which something is not known yet, or that stands where it should not."""
        try:
            objects = pairs(split_values(listed))
            if day := day.strip('"'):
                date(day)
            self._transaction("#TRANS", TransactionFields(account, objects, amount, day, text), listed)
        except FieldError as error:
            self._is_wrong = True
            self._trouble.field(error, self.line, "#TRANS")

    def _transaction(self, label: str, fields: TransactionFields, listed: str | None = None) -> None:
        if self._place is Place.INSIDE_UNKNOWN:
            return
        if self._place is not Place.INSIDE:
            self._trouble.add("a transaction stands outside a voucher's braces", AGAIN, self.line, label)
            return
        self._check_added(fields if label == "#TRANS" else None)
        if label == "#BTRANS":
            self.counts["struck"] += 1
        elif label == "#RTRANS":
            self.counts["added"] += 1
            self._added = fields
        else:
            self._keep(fields, listed)

    def _keep(self, fields: TransactionFields, listed: str | None) -> None:
        day = self._find_day(fields.date, "#TRANS") if fields.date else self._day
        objects = self._find_objects(fields.objects, listed)
        self._total += fields.amount
        self._rows += 1
        if day is None or objects is None:
            return
        if self._day is not None and self.year_of[day] != self.year_of[self._day]:
            what = "the transaction's day lies in another fiscal year than its voucher's"
            self._trouble.add(what, "correct it in the ledger, or " + AGAIN, self.line, "#TRANS date", fields.date)
            return
        if fields.date:
            self._days[f'"{fields.date}"'] = day  # as the usual expression gives it
        columns = self.columns
        columns.voucher.append(self._voucher)
        columns.lines.append(self._rows)
        columns.days.append(day)
        columns.accounts.append(fields.account)
        columns.objects.append(objects)
        columns.amounts.append(fields.amount)
        columns.own_texts.append(fields.text)
        columns.source_lines.append(self.line)

    def _find_objects(self, objects: Objects, listed: str | None) -> int | None:
        key = objects if listed is None else listed
        known = self._objects.get(key)
        if known is not None:
            return known
        try:
            place = self._objects[key] = self.lookups.add_objects(objects, self._dimensions.codes(objects))
        except FieldError as error:
            self._is_wrong = True
            self._trouble.field(error, self.line, "#TRANS")
            return None
        return place

    def _check_added(self, fields: TransactionFields | None) -> None:
        """An added line must be repeated by this one."""
        if self._added is not None and self._added != fields:
            what = "an #RTRANS is not repeated by the same #TRANS on the next line"
            self._trouble.add(what, AGAIN, self.line, "#RTRANS", f"{self._added.account}")
        self._added = None
