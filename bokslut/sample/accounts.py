"""An account for each class of account_classes.csv, so that a total by class can be posted. No amount is known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bokslut.intake.known import Row
from bokslut.sample.chart import CAPITAL, FAMILIES, Account, Classes, Family
from bokslut.telling import UsageError

MOST_OTHERS = 3  # classes that an amount without a printed class is divided over


@dataclass(frozen=True)
class Accounts:
    """The classes, and what can be posted to them."""

    classes: Classes

    @property
    def capital(self) -> Account:
        """The account that investments are posted to."""
        kinds = [row["account_class"] for row in self.classes.rows if row["account_kind"] == "investment"]
        if not kinds:
            raise UsageError("account_classes.csv has no class of investments: add one, or leave --like out")
        return self.of_class(kinds[0])

    def of_class(self, account_class: str) -> Account:
        """An account of the class: of a family of ours, else the class's own first prefix filled up."""
        for family in (*FAMILIES, CAPITAL):
            account = self.classes.account(f"{family.prefix}10", family)
            if account.account_class == account_class:
                return account
        rows = [row for row in self.classes.rows if row["account_class"] == account_class]
        for number in (f"{row['account_prefix']}{end}"[:4].ljust(4, "0") for row in rows for end in range(100)):
            if self.classes.of(number)["account_class"] == account_class:
                return self.classes.account(number, Family(number[:2], "2440", rows[0]["account_class_name"]))
        raise UsageError(f"account_classes.csv has no account of the class {account_class}: correct its prefixes")

    def role(self, account_class: str) -> str:
        """Revenue or cost, as the account of the class is."""
        return self.of_class(account_class).entry_class

    def others(self, role: str, shown: set[str]) -> Sequence[str]:
        """The first operating classes of a role that no memo line shows; at least one where there is one."""
        found: list[Row] = []
        for row in self.classes.rows:
            is_new = row["account_class"] not in {each["account_class"] for each in found} | shown
            if row["account_kind"] == "operating" and row["entry_class"] == role and is_new:
                found.append(row)
        return [row["account_class"] for row in found if self.of_class(row["account_class"]).entry_class == role][
            : MOST_OTHERS if role == "cost" else 1
        ]
