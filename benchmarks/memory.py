"""How much memory dbt build holds at most: by its threads, by DuckDB's limit, by distinct keys, and in a hard limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.contestants import REPOSITORY, contestants
from benchmarks.data import prepared
from benchmarks.limits import limited
from benchmarks.measuring import Cost, measured
from bokslut.settings import MEMORY_LIMIT

THREADS = (1, 2, 4)
LIMITS = ("16GB", "500MB", "250MB", MEMORY_LIMIT, "80MB")
# activity codes of a board and accounts of a municipality, beside those of the sample by default
KEYS = ((100, 200), (400, 800))
HEAD = ("dbt build", "how it ended", "s", "CPU s", "peak MiB")
OUT_OF_MEMORY = "Out of Memory"
Table = tuple[str, tuple[str, ...], list[list[str]]]


def table(size: int, hard: int, folder: Path, tell: Callable[[str], None]) -> Table:
    """One run of each variant, after one that warms up the parse; gives title, head and lines.

    size: lines of postings. hard: MiB of the limit in which the last ones run. A run that fails is a line too.
    """
    body: list[list[str]] = []

    def run(name: str, data: Path, *arguments: str, limit: str = "", mib: int = 0) -> None:
        tell(name)
        # per data a target of its own: dbt parses anew where the paths of seeds change
        (dbt, *_) = contestants(data, folder / data.name)
        variables = dict(dbt.variables) | ({"BOKSLUT_MEMORY_LIMIT": limit} if limit else {})
        dbt = replace(dbt, command=(*dbt.command, *arguments))
        dbt.clear()
        if not mib:
            body.append([name, *_told(measured(dbt.command, REPOSITORY, variables))])
            return
        with limited(mib) as hold:
            cost = measured(dbt.command, REPOSITORY, variables, most_mib=hold.most_mib, joins=hold.joins)
        body.append([f"{name} ({hold.how})", *_told(cost)])

    data = prepared(size)
    run("warm-up", data)
    body.clear()
    for threads in THREADS:
        run(f"{threads} threads of dbt", data, "--threads", str(threads))
    for limit in LIMITS:
        run(f"memory_limit {limit}", data, limit=limit)
    for activities, accounts in KEYS:
        many = prepared(size, activities=activities, accounts=accounts)
        run(f"{activities} activity codes, {accounts} accounts: warm-up", many)
        body.pop()
        for limit in LIMITS:
            run(f"{activities} activity codes, {accounts} accounts, memory_limit {limit}", many, limit=limit)
    run(f"hard limit {hard} MiB", data, mib=hard)
    run(f"hard limit {hard} MiB, memory_limit 500MB", data, limit="500MB", mib=hard)
    return f"memory of dbt build, {size} lines of postings", HEAD, body


def _told(cost: Cost) -> list[str]:
    if cost.is_stopped:
        ending = "stopped by the watch"
    elif OUT_OF_MEMORY in cost.output:
        ending = f"exit code {cost.returncode}, {OUT_OF_MEMORY}"
    else:
        ending = "built" if cost.returncode == 0 else f"exit code {cost.returncode}"
    return [ending, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak:.0f}"]
