"""The three marts by Apache DataFusion: SQL over the Parquet files as they lie, in the process, on two partitions.

Each step becomes a table in memory, so that the postings are scanned once. Stated amounts of operating_entries and
project_amounts are not read: a board is fed by postings here.
"""

from __future__ import annotations

from datafusion import SessionConfig, SessionContext

import statements
from peer import MARTS, THREADS, Run, arrow_lists, main


def answer(run: Run) -> None:
    """Register, select, check and write."""
    context = SessionContext(SessionConfig().with_target_partitions(THREADS))
    context.register_parquet("postings", str(run.postings))
    for name, table in arrow_lists(run.lists).items():
        context.from_arrow(table, name)
    run.is_loaded()
    statements.run_steps(lambda name, select: context.sql(f"create table {name} as {select}").collect())
    for claim in statements.CHECKS:
        run.check(claim, context.sql(statements.check(claim)).count())
    for name in MARTS:
        run.write(name, context.table(name).to_arrow_table())


if __name__ == "__main__":
    main(answer)
