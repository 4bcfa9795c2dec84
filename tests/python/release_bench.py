"""A copy of the project whose builds are stopped, and what must hold of its releases after each stop.

Two variants of the inputs are published in turn: A is the project as it is, B has other names in two lists, which
reach five marts. Every release that was ever current is remembered with its variant and the hash of its manifest.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import duckdb

from bokslut.intake.store import sha256
from bokslut.lock import BusyError, held
from bokslut.release.manifest import manifest_path
from bokslut.release.places import Places, ReleaseError
from bokslut.release.publish import PUBLISHED, REMOVED, read_log, recover
from bokslut.release.verify import chain, verify
from project import Project, Result
from readers import ACTIVITY, MARKS, PROJECT, by_connect, variants
from stopped import DATABASE, FILLED, Order, Report, Stopper

# what lies beside the releases when nobody builds
LASTING = {"current", "log.csv", ".lock", ".target", "removed", FILLED}
SECONDS = 180
NAMES = {
    "activity_codes": ({"activity_code": "12"}, "activity_name", ACTIVITY),
    "projects": ({"project_id": "intranat"}, "project_name", PROJECT),
}


class Running:
    """A program at work in the copy; lines: what it has said so far."""

    def __init__(self, project: Project, *command: str) -> None:
        self.process = project.start(*command)
        self.started = time.monotonic()
        self.lines: list[str] = []
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def wait_for(self, text: str) -> None:
        """Until it has said a text, or has ended."""
        while self.process.poll() is None and not any(text in line for line in list(self.lines)):
            time.sleep(0.001)

    def kill(self) -> bool:
        """Kill the command alone, not what it has started; whether it was still at work."""
        at_work = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        return at_work

    def result(self, seconds: float = SECONDS) -> Result:
        """Wait for the end. Raises subprocess.TimeoutExpired."""
        code = self.process.wait(seconds)
        self._hearing.join(SECONDS)
        return Result(code, "".join(self.lines))


class Bench:
    """The copy, its releases, and what was ever published there. To be used in a with statement."""

    def __init__(self, project: Project, runs: Path) -> None:
        self.project = project
        self.runs = runs
        self.places = Places(project.path / "releases")
        self.stopper = Stopper(project.path)
        self.known: dict[int, tuple[str, str]] = {}
        self.lost: set[int] = set()
        self.unreadable: set[str] = set()
        self.reads = 0

    def __enter__(self) -> Bench:
        """To be used in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what it has started."""
        self.stopper.__exit__()

    def show(self, variant: str) -> None:
        """Let the lists be those of a variant."""
        for seed, (row, column, name) in NAMES.items():
            value = name if variant == "A" else f"{name} B"
            if f",{value}," not in self.project.seed(seed).read_text(encoding="utf-8"):
                self.project.set_cell(seed, row, column, value)

    def run_of(self, variant: str) -> Path:
        """Where the prepared run of a variant lies."""
        return self.runs / variant

    def other_run(self) -> None:
        """Make the prepared run of B from that of A, without dbt: the marks alone differ."""
        shutil.copytree(self.run_of("A"), self.run_of("B"))
        with duckdb.connect(str(self.run_of("B") / DATABASE)) as connection:
            for mart, column, row in MARKS:
                connection.execute(f"update marts.{mart} set {column} = {column} || ' B' where {row}")

    def build(self, variant: str, **order: object) -> Report:
        """Build a variant by its prepared run, with or without a fault."""
        self.show(variant)
        return self.stopper.build(Order(str(self.run_of(variant)), **order))  # type: ignore[arg-type]

    def start(self, *arguments: str) -> Running:
        """Start a command of the package as it stands in the copy."""
        return Running(self.project, sys.executable, "-m", "bokslut", *arguments)

    def publish(self, variant: str, *, keep: int | None = None) -> list[str]:
        """Publish a whole release by the prepared run; gives what is wrong after it."""
        report = self.build(variant, keep=keep)
        problems = self.settle(variant, every=True)
        if report.ended != 0 or report.number != self.places.current_number():
            problems.append(f"the build after it was not published: {report.error}")
        return problems

    def settle(self, variant: str, *, every: bool = False) -> list[str]:
        """After a stop: read, clear up as the next build does, and hold all to what must be; gives what is wrong.

        variant: of the build that was stopped. every: verify every release, not the newest alone.
        """
        try:
            before = self.places.current_number()
            self._remember(before, variant)
            problems = self._read(before)
            self._clear_up()
            if self.places.current_number() != before:
                problems.append(f"clearing up moved the link from {before} to {self.places.current_number()}")
            return problems + self._read(before) + self._wrong(every=every)
        except (ReleaseError, BusyError, OSError) as error:
            return [f"{type(error).__name__}: {error}"]

    def empty_disk(self) -> None:
        """Remove what filled the disk."""
        (self.places.root / FILLED).unlink(missing_ok=True)

    def verified(self) -> Result:
        """What `bokslut verify` says of all."""
        return self.project.bokslut("verify")

    def _clear_up(self) -> None:
        for left in reversed(range(20)):
            try:
                with held(self.places.lock, "another build"):
                    recover(self.places)
                return
            except BusyError:
                # dbt outlives its builder by a moment
                if not left:
                    raise

    def _remember(self, number: int | None, variant: str) -> None:
        if number is not None and number not in self.known:
            self.known[number] = (sha256(manifest_path(self.places, number)), variant)

    def _read(self, number: int | None) -> list[str]:
        """One read of what is current, which must be what was published."""
        if number is None:
            return []
        self.reads += 1
        try:
            seen = variants(by_connect(self.places.root))
        except (duckdb.Error, ReleaseError, ValueError) as error:
            return [f"release {number} cannot be read: {error}"]
        return [] if seen == {self.known[number][1]} else [f"release {number} is {self.known[number][1]}, read {seen}"]

    def _wrong(self, *, every: bool) -> list[str]:
        """What is left behind, lost, changed or not in the history."""
        places = self.places
        there, gone = places.numbers(), places.gone()
        left = {path.name for path in places.root.iterdir()} - LASTING - {str(number) for number in self.known}
        problems = [f"left behind: {name}" for name in sorted(left)]
        problems += [f"left behind: {path}" for path in places.removed.glob("*") if path.suffix != ".json"]
        log = [(row["action"], row["release"], row["manifest_sha256"]) for row in read_log(places)]
        for number, (digest, _) in self.known.items():
            removed = number not in there and number in gone and (REMOVED, str(number), digest) in log
            if (number not in there and not removed) or sha256(manifest_path(places, number)) != digest:
                self.lost.add(number)
                problems.append(f"release {number} is lost")
            if log.count((PUBLISHED, str(number), digest)) != 1:
                problems.append(f"release {number} is not once in the history")
            if number in there and number in gone:
                problems.append(f"release {number} is there, and its manifest among the removed")
        for number in there if every else there[-1:]:
            faults = verify(places, number).faults
            self.unreadable |= set(faults)
            problems += faults
        return problems + chain(places)
