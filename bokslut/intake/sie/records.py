"""The records of a SIE file: what the writer takes and the reader gives. Nothing is read, written or checked here.

Source: the public specification "SIE filformat, typ 1-4", version 4B.
Amounts are kronor with two decimals, debit
positive and credit negative, as the file has them. Account and object numbers are text. A line is the record's line in
the file, from 1; it is 0 in a record that was not read from a file, and takes no part in comparisons.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

# #IB #UB opening and closing balance, #RES the year's result account, #OIB #OUB the same per object, #PSALDO and
# #PBUDGET the change of one month
BalanceKind = Literal["IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET"]
# #TRANS counts; #RTRANS (added later) is repeated by a #TRANS directly after it; #BTRANS (struck out) does not count
TransactionKind = Literal["TRANS", "RTRANS", "BTRANS"]
# dimension number and object number, one pair for each dimension that the posting is coded in
Objects = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class FiscalYear:
    """#RAR: number 0 is the file's own year, -1 the one before; both days belong to the year."""

    number: int
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass(frozen=True)
class Dimension:
    """#DIM, or #UNDERDIM where a parent is named. number: 1-19 are reserved by the specification, 20 on are free."""

    number: int
    name: str
    parent: int | None = None


@dataclass(frozen=True)
class SieObject:
    """#OBJEKT: one value of a dimension."""

    dimension: int
    number: str
    name: str


@dataclass(frozen=True)
class Account:
    """#KONTO with its #KTYP (T asset, S debt, K cost, I income; empty where the file has none)."""

    number: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class Balance:
    """One of #IB, #UB, #RES, #OIB, #OUB, #PSALDO and #PBUDGET.

    year: the number of a fiscal year. objects: empty where the amount is the whole account's. period: YYYYMM of #PSALDO
    and #PBUDGET, else None.
    """

    kind: BalanceKind
    year: int
    account: str
    amount: Decimal
    objects: Objects = ()
    period: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Transaction:
    """#TRANS, #RTRANS or #BTRANS: one line of a voucher. date: None where it is the voucher's."""

    account: str
    amount: Decimal
    objects: Objects = ()
    date: datetime.date | None = None
    text: str = ""
    kind: TransactionKind = "TRANS"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Voucher:
    """#VER with its transactions in order; those of kind TRANS add up to zero."""

    series: str
    number: str
    date: datetime.date
    text: str
    transactions: tuple[Transaction, ...]
    registered_on: datetime.date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Header:
    """What stands above the accounts. A text is empty and a date None where the file has no such record.

    flag: #FLAGGA, 0 for a file that was not imported yet. sie_type: #SIETYP, 1 to 4. program and program_version:
    #PROGRAM. generated_on: #GEN. company_name: #FNAMN. organisation_number: #ORGNR. tax_year: #TAXAR. covers_to:
    #OMFATTN, the last day that balances of a part of a year cover. account_plan: #KPTYP. currency: #VALUTA.
    comment: #PROSA.
    """

    program: str = ""
    program_version: str = ""
    company_name: str = ""
    organisation_number: str = ""
    sie_type: int = 4
    flag: int = 0
    generated_on: datetime.date | None = None
    tax_year: int | None = None
    covers_to: datetime.date | None = None
    account_plan: str = ""
    currency: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Register:
    """All of a file but its vouchers, which are streamed."""

    header: Header
    years: tuple[FiscalYear, ...]
    accounts: tuple[Account, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    objects: tuple[SieObject, ...] = ()
    balances: tuple[Balance, ...] = ()
