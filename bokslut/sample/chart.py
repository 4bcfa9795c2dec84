"""The chart of accounts of a fictional municipality, in the classes of Kommun-Bas. No class is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bokslut.intake.known import Row
from bokslut.telling import UsageError


@dataclass(frozen=True)
class Family:
    """Accounts of one kind: their first two digits, the counter account, and the text of their vouchers."""

    prefix: str
    counter: str
    text: str
    motpart: str = ""


# motpart: first digits of counterparties, 1 for the municipality's own units and 8 for others
INTERNAL, EXTERNAL = "1", "8"
FAMILIES = (
    Family("31", "1510", "Taxor och avgifter", EXTERNAL),
    Family("50", "2710", "Löner"),
    Family("46", "2440", "Köp av verksamhet", EXTERNAL),
    Family("60", "2440", "Lokalhyra"),
    Family("35", "1680", "Statsbidrag"),
    Family("56", "2730", "Arbetsgivaravgifter"),
    Family("79", "1229", "Avskrivning"),
    Family("64", "2440", "Förbrukningsmaterial", EXTERNAL),
    Family("34", "1510", "Hyror", EXTERNAL),
    Family("45", "2440", "Bidrag"),
    Family("91", "1930", "Intern fördelning", INTERNAL),
    Family("74", "2440", "Konsulttjänster", EXTERNAL),
    Family("41", "2440", "Livsmedel"),
    Family("85", "1930", "Ränta"),
)
CAPITAL = Family("40", "2440", "Anläggningsinköp", EXTERNAL)
COUNTERS = tuple(sorted({family.counter for family in (*FAMILIES, CAPITAL)}))
MOST_ACCOUNTS = 90 * len(FAMILIES)


@dataclass(frozen=True)
class Account:
    """A result or investment account with its class."""

    number: str
    account_class: str
    kind: str
    entry_class: str
    family: Family


@dataclass(frozen=True)
class Classes:
    """The classes of accounts as account_classes.csv gives them."""

    rows: Sequence[Row]

    def of(self, number: str) -> Row:
        """The class of an account, by the longest prefix. Raises UsageError where none fits."""
        fitting = [row for row in self.rows if number.startswith(row["account_prefix"])]
        if not fitting:
            raise UsageError(f"account {number} has no class: add its prefix to account_classes.csv")
        return max(fitting, key=lambda each: len(each["account_prefix"]))

    def account(self, number: str, family: Family) -> Account:
        """The account with its class."""
        row = self.of(number)
        return Account(number, row["account_class"], row["account_kind"], row["entry_class"], family)


def chart(classes: Classes, count: int) -> list[Account]:
    """So many operating accounts, the families by turns: 3110, 5010, ... 3111, 5011. count: 2 to MOST_ACCOUNTS."""
    numbers = ((family, f"{family.prefix}{10 + turn}") for turn in range(90) for family in FAMILIES)
    return [classes.account(number, family) for _, (family, number) in zip(range(count), numbers, strict=False)]
