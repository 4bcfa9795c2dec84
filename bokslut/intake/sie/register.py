"""Read the records outside vouchers: header, fiscal years, accounts, dimensions, objects and balances.

Source: the specification, section 11. Fields behind the known ones are passed over (section 7.3), and so are unknown
labels (7.1); these are counted by the reader. Nothing is held against the vouchers here.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

from bokslut.intake.sie.dimensions import Dimensions
from bokslut.intake.sie.fields import (
    Field,
    account_at,
    date,
    integer_at,
    objects_at,
    optional_text,
    ore_at,
    period_at,
    text_at,
)
from bokslut.intake.sie.records import Account, Balance, BalanceKind, Dimension, FiscalYear, Header, Objects, SieObject
from bokslut.intake.sie.trouble import FieldError
from bokslut.intake.sie.years import Years

Fields = tuple[Field, ...]
# known to the specification and of no use here: address, industry, unit, company type and number, tax code
PASSED_OVER = frozenset({"#ADRESS", "#BKOD", "#ENHET", "#FNR", "#FTYP", "#SRU"})
BalanceKey = tuple[str, int, str, Objects, int | None]


class RegisterReader:
    """Takes records one by one and keeps what they say.

    balances: key, with its objects sorted, -> balance; a second one of the same key is refused. renamed: what is
    declared again under another name, as a sentence each.
    """

    def __init__(self, dimensions: Dimensions) -> None:
        self.header = Header(sie_type=1)  # the type where the file names none
        self.has_flag = False
        self.declared_format = ""
        self.years = Years()
        self.dimensions = dimensions
        self.accounts: dict[str, Account] = {}
        self.objects: dict[tuple[int, str], str] = {}
        self.balances: dict[BalanceKey, Balance] = {}
        self.renamed: list[str] = []
        self._handlers: Mapping[str, Callable[[Fields, int], None]] = {
            "#FLAGGA": self._flag,
            "#FORMAT": self._format,
            "#SIETYP": self._type,
            "#PROGRAM": self._program,
            "#GEN": self._generated,
            "#FNAMN": lambda fields, _: self._set(company_name=text_at(fields, 0, "name")),
            "#ORGNR": lambda fields, _: self._set(organisation_number=text_at(fields, 0, "number")),
            "#TAXAR": lambda fields, _: self._set(tax_year=integer_at(fields, 0, "year")),
            "#OMFATTN": lambda fields, _: self._set(covers_to=_date_at(fields, 0, "date")),
            "#KPTYP": lambda fields, _: self._set(account_plan=text_at(fields, 0, "type")),
            "#VALUTA": self._currency,
            "#PROSA": lambda fields, _: self._set(comment=text_at(fields, 0, "text")),
            "#RAR": self._year,
            "#KONTO": self._account,
            "#KTYP": self._account_kind,
            "#DIM": self._dimension,
            "#UNDERDIM": self._sub_dimension,
            "#OBJEKT": self._object,
            "#IB": lambda fields, line: self._balance("IB", fields, line),
            "#UB": lambda fields, line: self._balance("UB", fields, line),
            "#RES": lambda fields, line: self._balance("RES", fields, line),
            "#OIB": lambda fields, line: self._balance("OIB", fields, line, has_objects=True),
            "#OUB": lambda fields, line: self._balance("OUB", fields, line, has_objects=True),
            "#PSALDO": lambda fields, line: self._balance("PSALDO", fields, line, has_objects=True, has_period=True),
            "#PBUDGET": lambda fields, line: self._balance("PBUDGET", fields, line, has_objects=True, has_period=True),
        }

    def take(self, label: str, fields: Fields, line: int) -> bool:
        """Take a record; False when its label is unknown. Raises FieldError."""
        handler = self._handlers.get(label)
        if handler is None:
            return label in PASSED_OVER
        handler(fields, line)
        return True

    def _set(self, **values: object) -> None:
        self.header = dataclasses.replace(self.header, **values)  # type: ignore[arg-type]

    def _flag(self, fields: Fields, _: int) -> None:
        self.has_flag = True
        self._set(flag=integer_at(fields, 0, "flag"))

    def _format(self, fields: Fields, _: int) -> None:
        self.declared_format = text_at(fields, 0, "format")

    def _type(self, fields: Fields, _: int) -> None:
        value = text_at(fields, 0, "type").upper()
        if value not in ("1", "2", "3", "4", "4E", "4I"):
            raise FieldError("the type of a SIE file is 1, 2, 3 or 4", value, "type")
        self._set(sie_type=int(value[0]))

    def _program(self, fields: Fields, _: int) -> None:
        self._set(program=text_at(fields, 0, "name"), program_version=optional_text(fields, 1, "version"))

    def _generated(self, fields: Fields, _: int) -> None:
        self._set(generated_on=_date_at(fields, 0, "date"))

    def _currency(self, fields: Fields, _: int) -> None:
        value = text_at(fields, 0, "currency")
        if value and value.upper() != "SEK":
            raise FieldError("only ledgers in SEK are read", value, "currency")
        self._set(currency=value)

    def _year(self, fields: Fields, _: int) -> None:
        number = integer_at(fields, 0, "number")
        self.years.add(FiscalYear(number, _date_at(fields, 1, "start"), _date_at(fields, 2, "end")))

    def _account(self, fields: Fields, line: int) -> None:
        number, name = account_at(fields, 0), optional_text(fields, 1, "name")
        known = self.accounts.setdefault(number, Account(number, name))
        if known.name != name:
            self.renamed.append(f"line {line}: account {number} is {known.name!r} and {name!r}")

    def _account_kind(self, fields: Fields, _: int) -> None:
        number, kind = account_at(fields, 0), text_at(fields, 1, "type")
        known = self.accounts.get(number, Account(number, ""))
        self.accounts[number] = dataclasses.replace(known, kind=kind)

    def _dimension(self, fields: Fields, _: int) -> None:
        self.dimensions.declare(Dimension(_dimension_at(fields, 0), optional_text(fields, 1, "name")))

    def _sub_dimension(self, fields: Fields, _: int) -> None:
        number, parent = _dimension_at(fields, 0), _dimension_at(fields, 2)
        if number == parent:
            raise FieldError("a dimension lies below itself", str(number), "parent")
        self.dimensions.declare(Dimension(number, optional_text(fields, 1, "name"), parent))

    def _object(self, fields: Fields, line: int) -> None:
        dimension, number = _dimension_at(fields, 0), text_at(fields, 1, "number").strip()
        name = optional_text(fields, 2, "name")
        known = self.objects.setdefault((dimension, number), name)
        if known != name:
            self.renamed.append(f"line {line}: object {number!r} of dimension {dimension} is {known!r} and {name!r}")

    def _balance(
        self, kind: BalanceKind, fields: Fields, line: int, *, has_objects: bool = False, has_period: bool = False
    ) -> None:
        year = integer_at(fields, 0, "year")
        self.years.year(year)
        period = period_at(fields, 1) if has_period else None
        place = 2 if has_period else 1
        account = account_at(fields, place)
        objects = objects_at(fields, place + 1) if has_objects else ()
        amount = Decimal(ore_at(fields, place + 1 + has_objects)).scaleb(-2)
        key = (kind, year, account, tuple(sorted(objects)), period)
        known = self.balances.setdefault(key, Balance(kind, year, account, amount, objects, period, line))
        if known.line != line:
            raise FieldError(f"the same balance stands on line {known.line}; is everything in the file twice?", account)

    def all_objects(self) -> tuple[SieObject, ...]:
        """The objects declared, in order."""
        return tuple(SieObject(dimension, number, name) for (dimension, number), name in self.objects.items())


def _date_at(fields: Fields, place: int, name: str) -> datetime.date:
    return date(text_at(fields, place, name), name)


def _dimension_at(fields: Fields, place: int) -> int:
    number = integer_at(fields, place, "dimension")
    if number < 1:
        raise FieldError("a dimension's number is 1 or more", str(number), "dimension")
    return number
