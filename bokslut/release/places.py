"""Where releases lie, and which there are. Nothing is written here.

releases/
current -> 7          what readers read; moved in one step
7/                    warehouse.duckdb, marts/*.parquet, inputs/, dbt/, manifest.json, manifest.json.sha256
removed/6.json        the manifest of a release that was removed: the chain goes on through it
log.csv               what was published, rolled back and removed, and when (LKBR 2018:597 3:11)
.log.csv              the history as it will be, while a release is published, rolled back to or removed
.building/            a build at work, or what a stopped one left
.target/              dbt's own folder, kept so that it need not parse what did not change
.lock                 held by the one that builds
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DATABASE = "warehouse.duckdb"
MANIFEST = "manifest.json"
CHECKSUM = "manifest.json.sha256"
MARTS = "marts"
INPUTS = "inputs"
DBT = "dbt"
BUILDING = ".building"
NUMBER = re.compile("[1-9][0-9]{0,8}")


class ReleaseError(Exception):
    """A command on releases cannot be carried out; the message is one line that says what to do."""


@dataclass(frozen=True)
class Places:
    """The folder of releases, and what lies where in it. root: as the user named it, relative to the project."""

    root: Path

    @property
    def current(self) -> Path:
        """The symlink that readers follow."""
        return self.root / "current"

    @property
    def building(self) -> Path:
        """Where a build works."""
        return self.root / BUILDING

    @property
    def inputs(self) -> Path:
        """The build's copy of the seeds, each under the path that it has in the project."""
        return self.building / INPUTS

    @property
    def data(self) -> Path:
        """The build's copy of the imported data."""
        return self.building / "data"

    @property
    def built(self) -> Path:
        """The database that dbt writes; its stem is the name of the catalog."""
        return self.building / "work" / DATABASE

    @property
    def guarded(self) -> Path:
        """Put there by the plugin when it has closed the connection."""
        return self.built.with_name("guarded")

    @property
    def sealed(self) -> Path:
        """The release as it will be."""
        return self.building / "release"

    @property
    def number(self) -> Path:
        """Which number the build is about to take; what lies under it is its own until it is current."""
        return self.building / "number"

    @property
    def target(self) -> Path:
        """Where dbt keeps its parse and its results."""
        return self.root / ".target"

    @property
    def removed(self) -> Path:
        """The manifests of releases that were removed."""
        return self.root / "removed"

    @property
    def log(self) -> Path:
        """The history."""
        return self.root / "log.csv"

    @property
    def next_log(self) -> Path:
        """The history with what is being done, which takes its name once that is done."""
        return self.root / ".log.csv"

    @property
    def lock(self) -> Path:
        """Held by the one that builds, publishes, rolls back or removes."""
        return self.root / ".lock"

    def release(self, number: int) -> Path:
        """The folder of a release."""
        return self.root / str(number)

    def numbers(self) -> list[int]:
        """The releases that are there, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(
            int(path.name)
            for path in self.root.iterdir()
            if NUMBER.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
        )

    def gone(self) -> list[int]:
        """The releases whose manifest alone is left, oldest first."""
        return sorted(int(path.stem) for path in self.removed.glob("*.json") if NUMBER.fullmatch(path.stem))

    def current_number(self) -> int | None:
        """Which release readers read now; None before the first. Raises ReleaseError where the link leads astray."""
        try:
            name = str(self.current.readlink())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReleaseError(f"{self.current} is no symlink: move it away, then say bokslut rollback N") from error
        if not NUMBER.fullmatch(name) or not self.release(int(name)).is_dir():
            raise ReleaseError(f"{self.current} leads to {name}, which is no release: say bokslut rollback N")
        return int(name)

    def next_number(self) -> int:
        """The number of the next release; one that was removed is never used again."""
        taken = [int(path.name) for path in self.root.glob("*") if NUMBER.fullmatch(path.name)]
        return max([*taken, *self.gone(), *_logged(self.log)], default=0) + 1


def existing(places: Places, number: int | None) -> int:
    """The release asked for, or the current one. Raises ReleaseError where there is none such."""
    if number is None:
        number = places.current_number()
        if number is None:
            raise ReleaseError(f"{places.root} holds no release yet: say bokslut build")
    if not places.release(number).is_dir():
        known = ", ".join(map(str, places.numbers())) or "none"
        gone = " (it was removed; its manifest is kept)" if number in places.gone() else ""
        raise ReleaseError(f"there is no release {number}{gone}; there are: {known}")
    return number


def _logged(log: Path) -> list[int]:
    if not log.is_file():
        return []
    with log.open(encoding="utf-8", errors="replace", newline="") as file:
        fields = [line.split(",")[2:3] for line in file]
    return [int(field[0]) for field in fields if field and NUMBER.fullmatch(field[0])]
