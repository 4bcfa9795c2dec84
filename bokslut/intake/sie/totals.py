"""Hold the postings against the balances of the same file, to the öre: #RES, #IB and #UB, #OIB and #OUB.

The postings are vouchers in type 4, period balances in types 2 and 3, balances per object in type 1. Source: the
specification, sections 5.16-5.18: a balance of zero may be left out. A year without postings in the file is not
checked. Nothing is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bokslut.intake.sie.balances import Amount
from bokslut.intake.sie.columns import Sums, ore_of
from bokslut.intake.sie.records import Account, Balance
from bokslut.intake.sie.register import RegisterReader
from bokslut.intake.sie.trouble import Trouble
from bokslut.intake.sie.years import months

CHECK = "export the whole year again; if it stays, ask the ledger's supplier"
Amounts = Mapping[tuple[int, str], Balance]


def check_totals(
    register: RegisterReader, sums: Sums, objects: list[tuple[tuple[int, str], ...]], trouble: Trouble
) -> None:
    """Add a finding for each balance that the vouchers do not lead to.

    sums: öre by year, account and place of the object list. objects: the object lists by place.
    """
    by_account: dict[tuple[int, str], int] = defaultdict(int)
    for (year, account, _), amount in sums.items():
        by_account[year, account] += amount
    found = _by_kind(register)
    for year in sorted({year for year, _ in by_account}, reverse=True):
        _check_year(year, by_account, found, register.accounts, trouble)
    _check_objects(register, sums, objects, trouble)


def check_amounts(register: RegisterReader, amounts: list[Amount], label: str, trouble: Trouble) -> tuple[str, ...]:
    """Add a finding for each account whose year's sum is not its #RES, or does not lead from its #IB to its #UB.

    label: #PSALDO or #OUB, which the amounts are made of; the latter are held against #RES only. Gives a sentence for
    each year that could not be compared, for want of months.
    """
    posted: dict[tuple[int, str], int] = defaultdict(int)
    lines: dict[tuple[int, str], int] = {}
    for amount in amounts:
        posted[amount.year, amount.account] += amount.amount
        lines.setdefault((amount.year, amount.account), amount.line)
    found = _by_kind(register)
    opening, closing, results = found["IB"], found["UB"], found["RES"]
    left: list[str] = []
    for year in sorted({year for year, _ in posted}, reverse=True):
        has_results = any(key[0] == year for key in results)
        has, wanted = _months(register, year)
        if label == "#PSALDO" and has < wanted:
            if has_results or any(key[0] == year for key in closing):
                left.append(f"year {year}: {label} has {has} of {wanted} months and was not compared with #RES and #UB")
            continue
        for key in sorted({key for each in (posted, results) for key in each if key[0] == year}):
            number, moved = key[1], posted.get(key, 0)
            kind = register.accounts[number].kind if number in register.accounts else ""
            if key in results:
                _compare(results[key], "#RES", number, moved, _ore(results, key), trouble, label)
            elif key in closing:
                if label == "#PSALDO":
                    _compare(
                        closing[key], "#UB", number, _ore(opening, key) + moved, _ore(closing, key), trouble, label
                    )
            elif has_results and kind in ("K", "I"):
                _compare(lines[key], "#RES", number, moved, 0, trouble, label)
    return tuple(left)


def _months(register: RegisterReader, number: int) -> tuple[int, int]:
    """How many months of a year have period balances, and how many the file covers (#OMFATTN).

    A month in between without any is a quiet one, and counts as there: its first and its last month tell the span.
    """
    year, covers_to = register.years.year(number), register.header.covers_to
    last = covers_to if covers_to and year.starts_on <= covers_to <= year.ends_on else year.ends_on
    there = {each.period for each in register.balances.values() if each.kind == "PSALDO" and each.year == number}
    wanted = months(year.starts_on, last)
    ends = {year.starts_on.year * 100 + year.starts_on.month, last.year * 100 + last.month}
    return (wanted if ends <= there else len(there)), wanted


def _by_kind(register: RegisterReader) -> dict[str, dict[tuple[int, str], Balance]]:
    found: dict[str, dict[tuple[int, str], Balance]] = {"IB": {}, "UB": {}, "RES": {}}
    for balance in register.balances.values():
        if balance.kind in found:
            found[balance.kind][balance.year, balance.account] = balance
    return found


def _check_year(
    year: int,
    posted: Mapping[tuple[int, str], int],
    found: Mapping[str, Amounts],
    accounts: Mapping[str, Account],
    trouble: Trouble,
) -> None:
    opening, closing, results = found["IB"], found["UB"], found["RES"]
    has_closing = any(key[0] == year for key in closing)
    has_results = any(key[0] == year for key in results)
    keys = {key for each in (posted, opening, closing, results) for key in each if key[0] == year}
    for key in sorted(keys):
        number = key[1]
        moved = posted.get(key, 0)
        kind = accounts[number].kind if number in accounts else ""
        if key in results:
            _compare(results[key], "#RES", number, moved, _ore(results, key), trouble)
        elif key in opening or key in closing:
            if has_closing:
                balance = closing.get(key) or opening[key]
                _compare(balance, "#UB", number, _ore(opening, key) + moved, _ore(closing, key), trouble)
        elif has_results and (has_closing or kind in ("K", "I")):
            # neither a result nor a balance: what is left out is zero
            _compare(None, "#RES or #UB", number, moved, 0, trouble)


def _check_objects(
    register: RegisterReader, sums: Sums, objects: list[tuple[tuple[int, str], ...]], trouble: Trouble
) -> None:
    years = {year for year, _, _ in sums}
    closing = [
        each for each in register.balances.values() if each.kind == "OUB" and each.year in years and each.objects
    ]
    if not closing:
        return
    opening = {
        (each.year, each.account, frozenset(each.objects)): ore_of(each.amount)
        for each in register.balances.values()
        if each.kind == "OIB"
    }
    wanted = {(balance.year, balance.account) for balance in closing}
    by_list: dict[tuple[int, str], list[tuple[frozenset[tuple[int, str]], int]]] = defaultdict(list)
    for (year, account, place), amount in sums.items():
        if (year, account) in wanted:
            by_list[year, account].append((frozenset(objects[place]), amount))
    for balance in closing:
        if any(register.dimensions.has_children(dimension) for dimension, _ in balance.objects):
            continue  # its postings may be coded below it, with another object number
        asked = frozenset(balance.objects)
        moved = sum(amount for listed, amount in by_list[balance.year, balance.account] if asked <= listed)
        start = opening.get((balance.year, balance.account, asked), 0)
        _compare(balance, "#OUB", balance.account, start + moved, ore_of(balance.amount), trouble)


def _ore(balances: Amounts, key: tuple[int, str]) -> int:
    balance = balances.get(key)
    return ore_of(balance.amount) if balance else 0


def _compare(
    balance: Balance | int | None,
    label: str,
    account: str,
    computed: int,
    stated: int,
    trouble: Trouble,
    source: str = "vouchers",
) -> None:
    """balance: the record, or the line to tell where it is left out. source: what led to the computed sum."""
    if computed != stated:
        what = (
            f"account {account}: the file says {kronor(stated)}, its {source} lead to {kronor(computed)}; "
            f"the difference is {kronor(computed - stated)} kronor"
        )
        line = balance.line if isinstance(balance, Balance) else balance
        trouble.add(what, CHECK, line, label, kronor(stated))


def kronor(amount: int) -> str:
    """Öre as kronor with two decimals."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"
