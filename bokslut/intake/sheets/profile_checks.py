"""What the keys of a mapping profile must say together: one amount, an account and a period, nothing said twice."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from bokslut.intake.sheets.form import POSTING_KINDS, PROJECT_AMOUNTS, Profile
from bokslut.intake.sheets.strict_yaml import SEE, Reader

UNKNOWN = {
    "account": f"name its column, or a constant; {SEE}",
    "period": "name the column of its periods (period) or dates (booked_on) under columns; only if all rows belong to"
    f" one month, write that month as period under constants; {SEE}",
}


def check_profile(reader: Reader, nodes: Mapping[str, yaml.Node], profile: Profile) -> None:
    """Keep in the reader what the keys of a profile contradict or leave open. nodes: the keys of the file."""
    columns = nodes["columns"]
    if profile.thousands == profile.decimal:
        reader.refuse(nodes["thousands"], "thousands", "is the decimal mark too", "declare another decimal")
    for field in profile.constants or {}:
        if field in profile.columns:
            reader.refuse(nodes["constants"], "constants", "is a column too", "keep one of them", field)
    if not profile.head_rows:
        _check_letters(reader, nodes["head_rows"], profile)
    if profile.kind in POSTING_KINDS:
        _check_postings(reader, nodes, columns, profile)
        return
    needed = "project_id" if profile.kind == "projects" else "measure_id"
    if needed not in profile.columns:
        reader.refuse(columns, "columns", f"{needed} is missing")
    if profile.kind == "projects" and not set(PROJECT_AMOUNTS) & set(profile.columns):
        reader.refuse(columns, "columns", f"none of {', '.join(PROJECT_AMOUNTS)} is mapped")
    foreign = ["months", "amounts", "spread", "vouchers", "row_total"]
    foreign += ["totals", "unit", "sign", "negative"] if profile.kind == "goals" else ["comparator"]
    for key in foreign:
        if key in nodes:
            reader.refuse(nodes[key], key, f"means nothing for {profile.kind}", "leave it out")


def _check_letters(reader: Reader, node: yaml.Node, profile: Profile) -> None:
    """A sheet without a head has no headings to look for."""
    columns = [*profile.columns.values(), *(profile.months or {}).values(), *(each.column for each in profile.amounts)]
    columns += [profile.row_total] if profile.row_total else []
    named = [column.heading for column in columns if column.heading is not None]
    named += [name for total in profile.totals for name in total.where if name not in profile.columns]
    if named:
        do = f"write letter in place of the heading {named[0]}"
        reader.refuse(node, "head_rows", "a sheet without a head has no headings", do)


def _check_postings(reader: Reader, nodes: Mapping[str, yaml.Node], columns: yaml.Node, profile: Profile) -> None:
    constants = profile.constants or {}
    ways = {
        "amount": "amount" in profile.columns,
        "debit and credit": bool({"debit", "credit"} & set(profile.columns)),
        "amounts": bool(profile.amounts),
        "months": bool(profile.months),
    }
    if sum(ways.values()) != 1:
        found = " and ".join(way for way, used in ways.items() if used) or "none"
        reader.refuse(columns, "columns", f"expected one of {', '.join(ways)}; found {found}")
    if len({"debit", "credit"} & set(profile.columns)) == 1:
        reader.refuse(columns, "columns", "debit and credit belong together")
    for field in ("account", "period"):
        known = field in profile.columns or field in constants
        known = known or (bool(profile.amounts) and all(field in each.constants for each in profile.amounts))
        if field == "period":
            known = known or bool(profile.months) or profile.spread is not None or "booked_on" in profile.columns
        if not known:
            reader.refuse(columns, "columns", f"{field} is missing", UNKNOWN[field])
    for each in profile.amounts:
        for field in each.constants:
            if field in profile.columns or field in constants:
                reader.refuse(nodes["amounts"], "amounts", "stands elsewhere too", "keep one of them", field)
    if profile.months and ("period" in profile.columns or "period" in constants):
        reader.refuse(nodes["months"], "months", "says the period, and so does another key", "keep one of them")
    if profile.spread and (profile.months or "period" in profile.columns or "period" in constants):
        reader.refuse(nodes["spread"], "spread", "says the period, and so does another key", "keep one of them")
    if "row_total" in nodes and not profile.months:
        reader.refuse(nodes["row_total"], "row_total", "means nothing without months", "leave it out")
    if profile.vouchers == "balance" and "voucher" not in profile.columns:
        reader.refuse(nodes["vouchers"], "vouchers", "cannot balance without a voucher column", "map voucher")
    if "comparator" in nodes:
        reader.refuse(nodes["comparator"], "comparator", f"means nothing for {profile.kind}", "leave it out")
