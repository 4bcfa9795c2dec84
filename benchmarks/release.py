"""What a release costs beside dbt alone: `bokslut build` and `dbt build` of the same inputs, in turn, in copies.

Once with this repository's board, which has no postings, and for each of SIZES="1e6" with a board of so many. Each
command runs once to warm up, then ROUNDS=5 times, one after the other. Prints seconds (median, least, most), those of
the processor, peak memory, the ratio, and the size of a release. Never a test. Run it by `make benchmark-release`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from imports import write_parquet

from bokslut.intake.starter import create_folder
from import_desk import LISTS
from project import Project, Workshop

SIZES = tuple(int(float(size)) for size in os.environ.get("SIZES", "1e6").split())
ROUNDS = int(os.environ.get("ROUNDS", "5"))
OURS = {"BOKSLUT_SEEDS": "mine/lists", "BOKSLUT_DATA": "mine/data", "BOKSLUT_RELEASES": "mine/releases"}
DBT = [
    str(Path(sys.executable).with_name("dbt")),
    "--quiet", "--warn-error", "build", "--exclude-resource-type", "unit_test", "--target-path", "build/alone",
]  # fmt: skip
BOKSLUT = [sys.executable, "-m", "bokslut", "build", "--quiet", "--keep", "0"]


@dataclass(frozen=True)
class Cost:
    """One run: wall and processor seconds, peak memory of its largest process in MiB."""

    wall: float
    cpu: float
    peak: float


def cost_of(command: list[str], project: Project, variables: Mapping[str, str]) -> Cost:
    """Run a command in the copy; ends the program where it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "DBT_"))}
    start = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 - our own
        command, cwd=project.path, env=environment | dict(variables), stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(running.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)}: ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def with_postings(project: Project, size: int) -> Mapping[str, str]:
    """Give the copy a board with so many postings; gives the variables that name it."""
    with chdir(project.path):
        create_folder(OURS["BOKSLUT_SEEDS"], Path("seeds/reference"))
    for name, text in LISTS.items():
        (path,) = (project.path / OURS["BOKSLUT_SEEDS"]).rglob(f"{name}.csv")
        # an area 0 is for tests of what is refused
        path.write_text(text.replace("9999,TN,2024,045,Parker,2\n", ""), encoding="utf-8")
    write_parquet(project.path / "ledger.parquet", size)
    done = project.bokslut("import", "ledger.parquet", "--organisation", "9999", "--board", "TN", env=OURS)
    if done.returncode:
        sys.exit(str(done))
    return OURS


def compare(name: str, project: Project, variables: Mapping[str, str]) -> None:
    """Run both in turn and print a line for each."""
    ways = {"dbt build": DBT, "bokslut build": BOKSLUT}
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for number in range(ROUNDS + 1):
        for way, command in ways.items():
            cost = cost_of(command, project, variables)
            if number:
                costs[way].append(cost)
        print(f"{name}: round {number} of {ROUNDS}", file=sys.stderr)
    alone = statistics.median(cost.wall for cost in costs["dbt build"])
    for way, found in costs.items():
        walls = [cost.wall for cost in found]
        median, cpu = statistics.median(walls), statistics.median(cost.cpu for cost in found)
        print(
            f"{name:<18} {way:<14} {median:>6.2f} {min(walls):>6.2f} {max(walls):>6.2f} | {cpu:>6.2f}"
            f" {max(cost.peak for cost in found):>5.0f} | {median / alone:>5.2f} {median - alone:>+6.2f}",
            flush=True,
        )
    releases = project.path / variables.get("BOKSLUT_RELEASES", "releases")
    sizes = {path.name: path.stat().st_size for path in (releases / "current/").resolve().rglob("*") if path.is_file()}
    print(f"{name:<18} release: {sum(sizes.values()) / 1e6:.1f} MB, database {sizes['warehouse.duckdb'] / 1e6:.1f} MB")


def main() -> None:
    """Print the table."""
    print(
        f"{'inputs':<18} {'command':<14} {'median':>6} {'min':>6} {'max':>6} | {'cpu s':>6} {'MiB':>5} | ratio      s"
    )
    with TemporaryDirectory() as folder:
        compare("this board", Workshop(Path(folder) / "own").copied(), {})
        for size in SIZES:
            project = Workshop(Path(folder) / str(size)).copied()
            compare(f"{size} postings", project, with_postings(project, size))


if __name__ == "__main__":
    main()
