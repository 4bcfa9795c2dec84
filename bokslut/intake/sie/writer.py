"""Write a SIE file of type 1 to 4 from records, as a stream over the vouchers. Nothing is checked against anything.

Source: the public specification "SIE filformat", version 4B.
Texts are always quoted; a quotation mark gets a backslash
in front. The specification has no escape for a backslash, so that a text cannot end in one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import BinaryIO

from bokslut.intake.sie.checksum import Checksum
from bokslut.intake.sie.fields import CONTROL
from bokslut.intake.sie.records import Balance, Header, Objects, Register, Transaction, Voucher

LINE_END = "\r\n"


def write_sie(
    file: BinaryIO,
    register: Register,
    vouchers: Iterable[Voucher] = (),
    *,
    encoding: str = "cp437",
    has_checksum: bool = False,
) -> None:
    """Write a whole file: the register, then the vouchers in order. #FORMAT says PC8 whatever the encoding.

    Raises ValueError for what the format cannot hold: a control character or a backslash at the end of a text, a
    character outside the encoding, an amount with more than two decimals.
    """
    checksum = Checksum() if has_checksum else None
    _put(file, encoding, f"#FLAGGA {register.header.flag}")
    if checksum:
        _put(file, encoding, "#KSUMMA")
    for line in _lines(register, vouchers):
        _put(file, encoding, line)
        if checksum:
            checksum.add(line + "\n")
    if checksum:
        _put(file, encoding, f"#KSUMMA {checksum.value}")


def _put(file: BinaryIO, encoding: str, line: str) -> None:
    try:
        file.write((line + LINE_END).encode(encoding))
    except UnicodeEncodeError as error:
        raise ValueError(f"{line[error.start : error.end]!r} is not in {encoding}: {line}") from None


def _lines(register: Register, vouchers: Iterable[Voucher]) -> Iterator[str]:
    yield from _header(register.header)
    for year in register.years:
        yield f"#RAR {year.number} {_date(year.starts_on)} {_date(year.ends_on)}"
    for account in register.accounts:
        yield f"#KONTO {account.number} {quoted(account.name)}"
        if account.kind:
            yield f"#KTYP {account.number} {account.kind}"
    for dimension in register.dimensions:
        if dimension.parent is None:
            yield f"#DIM {dimension.number} {quoted(dimension.name)}"
        else:
            yield f"#UNDERDIM {dimension.number} {quoted(dimension.name)} {dimension.parent}"
    for each in register.objects:
        yield f"#OBJEKT {each.dimension} {quoted(each.number)} {quoted(each.name)}"
    for balance in register.balances:
        yield _balance(balance)
    for voucher in vouchers:
        yield from _voucher(voucher)


def _header(header: Header) -> Iterator[str]:
    yield f"#PROGRAM {quoted(header.program)} {quoted(header.program_version)}"
    yield "#FORMAT PC8"
    if header.generated_on:
        yield f"#GEN {_date(header.generated_on)}"
    yield f"#SIETYP {header.sie_type}"
    if header.comment:
        yield f"#PROSA {quoted(header.comment)}"
    yield f"#FNAMN {quoted(header.company_name)}"
    if header.organisation_number:
        yield f"#ORGNR {header.organisation_number}"
    if header.tax_year:
        yield f"#TAXAR {header.tax_year}"
    if header.covers_to:
        yield f"#OMFATTN {_date(header.covers_to)}"
    if header.account_plan:
        yield f"#KPTYP {quoted(header.account_plan)}"
    if header.currency:
        yield f"#VALUTA {header.currency}"


def _balance(balance: Balance) -> str:
    parts = [f"#{balance.kind}", str(balance.year)]
    if balance.period is not None:
        parts.append(f"{balance.period:06}")
    parts.append(balance.account)
    if balance.kind in ("OIB", "OUB", "PSALDO", "PBUDGET"):
        parts.append(_objects(balance.objects))
    parts.append(_amount(balance.amount))
    return " ".join(parts)


def _voucher(voucher: Voucher) -> Iterator[str]:
    head = f"#VER {quoted(voucher.series)} {quoted(voucher.number)} {_date(voucher.date)} {quoted(voucher.text)}"
    yield f"{head} {_date(voucher.registered_on)}" if voucher.registered_on else head
    yield "{"
    for transaction in voucher.transactions:
        if transaction.kind == "RTRANS":
            yield _transaction(transaction)
            yield _transaction(transaction, "TRANS")
        else:
            yield _transaction(transaction)
    yield "}"


def _transaction(transaction: Transaction, kind: str | None = None) -> str:
    coding = f"{transaction.account} {_objects(transaction.objects)}"
    start = f"#{kind or transaction.kind} {coding} {_amount(transaction.amount)}"
    if not transaction.date and not transaction.text:
        return start
    day = _date(transaction.date) if transaction.date else '""'
    return f"{start} {day} {quoted(transaction.text)}" if transaction.text else f"{start} {day}"


def quoted(text: str) -> str:
    """A text as a field. Raises ValueError for a control character or a backslash at its end."""
    if CONTROL.search(text) or "\t" in text:
        raise ValueError(f"a control character cannot stand in a SIE file: {text!r}")
    if text.endswith("\\"):
        raise ValueError(f"a text in a SIE file cannot end in a backslash: {text!r}")
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def _objects(objects: Objects) -> str:
    return "{" + " ".join(f"{dimension} {quoted(number)}" for dimension, number in objects) + "}"


def _amount(amount: Decimal) -> str:
    if amount != round(amount, 2):
        raise ValueError(f"an amount in a SIE file has at most two decimals: {amount}")
    return f"{amount:.2f}"


def _date(day: datetime.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
