"""What a profile leaves out of a sheet, told row count and sum by pattern, so that nothing is lost in silence."""

from __future__ import annotations

import duckdb

from bokslut.intake.sheets.head import Head
from bokslut.intake.sheets.plan import Plan, posting_amounts


def left_out(connection: duckdb.DuckDBPyConnection, head: Head, plan: Plan) -> tuple[int, tuple[str, ...]]:
    """How many rows of the table sheet_left there are, and a note on each pattern of leave_out.

    A sum is in kronor with the sign of what is imported; of columns that stand for one thing it is one sum.
    """
    count, notes = 0, []
    for number, each in enumerate(plan.profile.leave_out, 1):
        pattern = ", ".join(f"{name}: {text or 'empty'}" for name, text in each.where.items())
        rows, told = _told(connection, head, plan, number)
        count += rows
        notes.append(
            f"rows left out ({pattern}): {rows}{told}" if rows else f"leave_out: no row to leave out is {pattern}"
        )
    return count, tuple(notes)


def _told(connection: duckdb.DuckDBPyConnection, head: Head, plan: Plan, number: int) -> tuple[int, str]:
    """How many rows a pattern leaves out, and in words what their amounts sum to."""
    read = [f"case when {each.reading.ok} then {each.reading.value} end as v_{each.name}" for each in plan.sources]
    unread = [f"({each.raw} is not null and not coalesce({each.reading.ok}, false))::integer" for each in plan.sources]
    read.append(f"{' + '.join(unread) or '0'} as unread")
    amounts = list(posting_amounts(plan))
    sums = [f"coalesce(sum(cast({amount} as decimal(38, 2))), 0)" for amount, _ in amounts]
    if plan.profile.months:
        sums = [" + ".join(sums)]
    rows, wrong, *found = connection.execute(f"""
        with left_rows as (
            select {", ".join(read)} from sheet_left where left_out = {number}
        )
        select {", ".join(["count(*)", "coalesce(sum(unread), 0)", *sums])} from left_rows
    """).fetchone() or (0, 0)
    if len(found) > 1:
        titles = [head.title(head.places[source.raw]) for _, source in amounts]
        told = ", ".join(f"{title} {amount}" for title, amount in zip(titles, found, strict=True))
    else:
        told = "".join(str(amount) for amount in found)
    told = f", their amounts sum to {told} kronor" if told else ""
    return rows, told + (f", and {wrong} of their cells show no amount that can be read" if wrong else "")
