"""What a user sees of an import and of vouchers: lines, a table, CSV. Amounts are shown as they are given."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from rich.table import Table

from bokslut.inert import inert
from bokslut.intake.importing import Imported
from bokslut.intake.store import ControlTotal
from bokslut.intake.vouchers import Found

STATES = {"new": "imported", "unchanged": "imported already, nothing changed", "replaced": "imported, replacing"}
AMOUNTS = ("amount",)
NARROWEST_TEXT = 24
SHORT = {
    "organisation_id": "org",
    "board_id": "board",
    "fiscal_year": "year",
    "period": "per",
    "booked_on": "date",
    "series": "ser",
    "voucher": "ver",
    "line": "row",
    "project": "proj",
    "activity": "act",
}
OWNER = {"organisation_id": "organisation", "board_id": "board", "fiscal_year": "year"}


def imported(each: Imported) -> str:
    """What became of one file: its state, its control totals by year, and what its reader noted."""
    state = STATES[each.state] + (f" {', '.join(each.superseded)}" if each.superseded else "")
    lines = [f"{each.file.name}: {state}"]
    lines.extend(f"  {_totals_line(place, totals)}" for place, totals in _by_place(each.totals))
    counts = Counter((change.seed, change.action) for change in each.changes)
    lines.extend(f"  {seed}.csv: {count} rows {action}" for (seed, action), count in sorted(counts.items()))
    encodings = {total.encoding for total in each.totals if total.encoding}
    lines.extend(f"  read as {encoding}" for encoding in sorted(encodings))
    lines.extend(f"  {note}" for note in each.notes)
    return "\n".join(lines)


def imports(there: Sequence[ControlTotal]) -> str:
    """Every import with its control totals by year, in the order of their names."""
    lines = []
    for name in sorted({(total.organisation_id, total.import_id) for total in there}):
        mine = [total for total in there if (total.organisation_id, total.import_id) == name]
        lines.append(f"{name[1]} ({name[0]}, from {mine[0].source_file}, {mine[0].received_at[:10]})")
        lines.extend(f"  {_totals_line(place, totals)}" for place, totals in _by_place(mine))
    return "\n".join(lines) or "Nothing was imported."


def vouchers_as_table(found: Found) -> tuple[Table, int]:
    """The postings as a table and the characters a line of it needs; what is the same on every row stands in its title.

    A text is folded to what is left of the line, and nothing else: an amount, a date or a code is never cut.
    """
    columns = list(zip(found.columns, zip(*found.rows, strict=True), strict=True))
    same = {name: values[0] for name, values in columns if name in OWNER and len(set(values)) == 1}
    shown = [name for name, values in columns if name not in same and any(value is not None for value in values)]
    title = ", ".join(f"{OWNER[name]} {value}" for name, value in same.items())
    table = Table(box=None, pad_edge=False, title=title or None, title_justify="left", title_style="")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    needed = 0
    for name in shown:
        head = SHORT.get(name, name)
        least = NARROWEST_TEXT if name == "text" else max(len(head), *(len(_cell(cells[name])) for cells in rows))
        justify: Literal["left", "right"] = "right" if name in AMOUNTS else "left"
        table.add_column(head, justify=justify, overflow="fold", min_width=least)
        needed += least + 2
    for cells in rows:
        table.add_row(*(_cell(cells[name]) for name in shown))
    return table, needed


def vouchers_as_csv(found: Found) -> str:
    """The postings as CSV: UTF-8, comma, decimal point; no text is a formula."""
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows([inert(cell) for cell in row] for row in found.rows)
        return text.getvalue()


def vouchers_summary(found: Found) -> str:
    """What the postings add up to, and how many of them are shown."""
    if not found.count:
        return "No posting is like that."
    left = found.count - len(found.rows)
    more = f", {left} of them not shown (--limit, --csv)" if left > 0 else ""
    count = f"{found.count} posting{'s' if found.count > 1 else ''}{more}"
    lines = [f"{count}: debit {_kronor(found.debit)}, credit {_kronor(found.credit)} kronor"]
    if found.operating_net is not None:
        lines.append(f"Net of the operating accounts, income positive: {_kronor(found.operating_net)} kronor")
    return "\n".join(lines)


def _by_place(totals: Sequence[ControlTotal]) -> list[tuple[tuple[int, str, str], list[ControlTotal]]]:
    places: dict[tuple[int, str, str], list[ControlTotal]] = {}
    for total in totals:
        places.setdefault((total.fiscal_year, total.scenario, total.version), []).append(total)
    return sorted(places.items())


def _totals_line(place: tuple[int, str, str], totals: Sequence[ControlTotal]) -> str:
    """The control totals of a year, added up over its periods (a count for the screen; the record has each period)."""
    year, scenario, version = place
    name = f"{scenario} {version}".strip()
    periods = [total.period for total in totals]
    span = f"period {min(periods)}" + (f"-{max(periods)}" if max(periods) > min(periods) else "")
    rows = sum(total.row_count for total in totals)
    debit, credit = sum((t.debit for t in totals), Decimal(0)), sum((t.credit for t in totals), Decimal(0))
    balance = sum((t.balance for t in totals), Decimal(0))
    return (
        f"{year} {name}, {span}: {rows} postings, debit {_kronor(debit)}, credit {_kronor(credit)},"
        f" sum {_kronor(balance)}"
    )


def _kronor(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _kronor(value) if isinstance(value, Decimal) else str(value)
