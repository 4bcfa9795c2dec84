"""Who is measured: bokslut, dbt, the floor, the script by hand and the peers: a command each, and where its marts lie.

All of them read the same data. Nothing is run here.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.marts import MARTS

REPOSITORY = Path(__file__).resolve().parents[1]
PEERS = Path("benchmarks/peers")
PEERS_PYTHON = Path(".venv-peers/bin/python")
WHOLE, THREE = "whole project", "three marts"
DBT, DBT_THREE, FLOOR, FLOOR_THREE = "dbt build", "dbt build, three marts", "floor", "floor, three marts"
# per scope, what the others are held against
FLOORS = {WHOLE: FLOOR, THREE: FLOOR_THREE}
DBTS = {WHOLE: DBT, THREE: DBT_THREE}
NOT_AVAILABLE = 77
# the marts, and the control totals that their tests read beside them
SELECTED = (*MARTS, "stg_control__totals")


@dataclass(frozen=True)
class Contestant:
    """One way to the marts.

    scope: what it builds. command: run from the root of the repository. variables: of its environment. marts: the
    DuckDB file, or the folder of <mart>.parquet, that it makes. written: what is removed before each run, so that all
    begin with nothing. missing: why it cannot be run here; empty if it can.
    """

    name: str
    scope: str
    command: tuple[str, ...]
    marts: Path
    written: tuple[Path, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    def clear(self, root: Path = REPOSITORY) -> None:
        """Remove what an earlier run made, and make the folder that the next one writes in."""
        for path in self.written:
            if (root / path).is_dir():
                shutil.rmtree(root / path)
            (root / path).unlink(missing_ok=True)
            (root / path).parent.mkdir(parents=True, exist_ok=True)


def settings(data: Path) -> dict[str, str]:
    """The variables by which the project reads that folder of lists/ and data/."""
    return {"BOKSLUT_SEEDS": str(data / "lists"), "BOKSLUT_DATA": str(data / "data")}


def dbt(folder: Path, *arguments: str) -> tuple[str, ...]:
    """The dbt beside this Python, with its files in the folder."""
    program = str(Path(sys.executable).with_name("dbt"))
    return (program, "--quiet", "--warn-error", "--log-path", str(folder / "logs"), *arguments,
            "--target-path", str(folder / "target"))  # fmt: skip


def contestants(data: Path, folder: Path) -> list[Contestant]:
    """All of them, dbt first, whose marts the others are held against; the peers by name.

    data: of lists/ and data/; folder: where they write. Both from the root of the repository.
    """
    inputs = settings(data)
    build = ("build", "--exclude-resource-type", "unit_test")
    three = ("--select", *(f"+{name}" for name in SELECTED), "--indirect-selection", "cautious")

    def by_dbt(name: str, scope: str, place: Path, *selected: str) -> Contestant:
        database = place / "warehouse.duckdb"
        variables = inputs | {"BOKSLUT_DATABASE": str(database)}
        return Contestant(name, scope, dbt(place, *build, *selected), database, (database,), variables)

    def by_floor(name: str, scope: str, *selected: str) -> Contestant:
        database = folder / name.replace(", ", "-").replace(" ", "-") / "warehouse.duckdb"
        manifest = str(folder / "dbt" / "target" / "manifest.json")
        command = (sys.executable, "-m", "benchmarks.floor", manifest, str(database), *selected)
        return Contestant(name, scope, command, database, (database,), inputs)

    def by_script(name: str, python: str, script: Path, missing: str = "") -> Contestant:
        out = folder / script.stem
        command = (python, str(script), str(data / "data"), str(data / "lists"), str(out))
        return Contestant(name, THREE, command, out, (out,), inputs, missing)

    releases = folder / "releases"
    # the stamp is the last that make writes
    stamp = PEERS_PYTHON.parents[1] / ".installed"
    missing = "" if (REPOSITORY / stamp).exists() else f"not installed: make {stamp}"
    return [
        by_dbt(DBT, WHOLE, folder / "dbt"),
        Contestant(
            "bokslut build",
            WHOLE,
            (sys.executable, "-m", "bokslut", "build", "--quiet", "--keep", "0"),
            releases / "current" / "warehouse.duckdb",
            (),
            inputs | {"BOKSLUT_RELEASES": str(releases)},
        ),
        by_floor(FLOOR, WHOLE),
        by_dbt(DBT_THREE, THREE, folder / "dbt-three-marts", *three),
        by_floor(FLOOR_THREE, THREE, "--select", *SELECTED),
        by_script("SQL by hand", sys.executable, Path("benchmarks/handwritten.py")),
        *(by_script(path.stem.removeprefix("with_"), str(PEERS_PYTHON), path, missing) for path in peers(REPOSITORY)),
    ]


def peers(repository: Path) -> list[Path]:
    """The scripts of the peers, by name, from the root of the repository; a module that they share is none."""
    return [
        path.relative_to(repository)
        for path in sorted((repository / PEERS).glob("*.py"))
        if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    ]
