"""Hold the vouchers against the balances of the same file, to the öre: #RES, #IB and #UB, #OIB and #OUB.

Source: the specification, sections 5.16-5.18: a balance of zero may be left out. A year without vouchers in the file is
not checked. Nothing is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bokslut.intake.sie.columns import Sums, ore_of
from bokslut.intake.sie.records import Account, Balance
from bokslut.intake.sie.register import RegisterReader
from bokslut.intake.sie.trouble import Trouble

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
    found: dict[str, dict[tuple[int, str], Balance]] = {"IB": {}, "UB": {}, "RES": {}}
    for balance in register.balances.values():
        if balance.kind in found:
            found[balance.kind][balance.year, balance.account] = balance
    for year in sorted({year for year, _ in by_account}, reverse=True):
        _check_year(year, by_account, found, register.accounts, trouble)
    _check_objects(register, sums, objects, trouble)


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
        (each.year, each.account, each.objects): ore_of(each.amount)
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
        start = opening.get((balance.year, balance.account, balance.objects), 0)
        _compare(balance, "#OUB", balance.account, start + moved, ore_of(balance.amount), trouble)


def _ore(balances: Amounts, key: tuple[int, str]) -> int:
    balance = balances.get(key)
    return ore_of(balance.amount) if balance else 0


def _compare(balance: Balance | None, label: str, account: str, computed: int, stated: int, trouble: Trouble) -> None:
    if computed != stated:
        what = (
            f"account {account}: the file says {kronor(stated)}, its vouchers lead to {kronor(computed)}; "
            f"the difference is {kronor(computed - stated)} kronor"
        )
        trouble.add(what, CHECK, balance.line if balance else None, label, kronor(stated))


def kronor(amount: int) -> str:
    """Öre as kronor with two decimals."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"
