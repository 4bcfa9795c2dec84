"""Commands that are not held against each other's marts, run in turn: a warm-up round, then rounds that count."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contestants import dbt
from benchmarks.measuring import Cost, Spread, measured

ENDING = 12
HEAD = ("command", "median s", "min-max s", "CPU s", "peak MiB")


@dataclass(frozen=True)
class Turn:
    """A command by name, where it runs, what its environment adds, and the files removed before each run."""

    name: str
    command: Sequence[str]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    written: tuple[Path, ...] = ()


def in_turn(turns: Sequence[Turn], rounds: int, tell: Callable[[str], None]) -> dict[str, list[Cost]]:
    """The runs of each, without the warm-up. Raises SystemExit, with the end of its output, where one fails."""
    costs: dict[str, list[Cost]] = {turn.name: [] for turn in turns}
    for number in range(rounds + 1):
        for turn in turns:
            tell(f"round {number} of {rounds}: {turn.name}" if number else f"warm-up: {turn.name}")
            cost = once(turn)
            if cost.returncode:
                ending = "\n".join(cost.output.splitlines()[-ENDING:])
                raise SystemExit(f"{' '.join(turn.command)}: ended with exit code {cost.returncode}\n{ending}")
            if number:
                costs[turn.name].append(cost)
    return costs


def once(turn: Turn) -> Cost:
    """One run, however it ends."""
    for path in turn.written:
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
    return measured(turn.command, turn.folder, turn.variables)


def line(name: str, costs: Sequence[Cost]) -> list[str]:
    """A line of a table under HEAD."""
    wall = Spread.of([cost.wall for cost in costs])
    cpu = Spread.of([cost.cpu for cost in costs]).median
    peak = max(cost.peak for cost in costs)
    return [name, f"{wall.median:.2f}", f"{wall.least:.2f}-{wall.most:.2f}", f"{cpu:.2f}", f"{peak:.0f}"]


def small_project(folder: Path, macros: Sequence[Path] = ()) -> Turn:
    """A dbt project of its own with the same kind of profile, made anew; gives the turn of its `dbt build`."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "macros").mkdir(parents=True)
    for path in macros:
        shutil.copy(path, folder / "macros")
    (folder / "dbt_project.yml").write_text(
        "name: small\nversion: 1.0.0\nconfig-version: 2\nprofile: small\n"
        "flags: {send_anonymous_usage_stats: false, version_check: false}\n",
        encoding="utf-8",
    )
    (folder / "profiles.yml").write_text(
        "small:\n  target: only\n  outputs:\n    only:\n      type: duckdb\n      path: small.duckdb\n      "
        "threads: 2\n      config_options: {storage_compatibility_version: v1.4.0}\n",
        encoding="utf-8",
    )
    # with nothing to build dbt warns of that
    command = [part for part in dbt(Path(), "build") if part != "--warn-error"]
    return Turn(folder.name, command, folder, {}, (folder / "small.duckdb",))
