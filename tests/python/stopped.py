"""Builds that are stopped on purpose: killed at the n-th file operation or moment, or left without room from there on.

A prepared run (the database that dbt made and its account of it) stands in for dbt; lock, gate, copy, audit, seal,
publish and clearing up are those of the product, untouched. Run as a program in a copy of the project it takes one
order a line and answers with one report a line; each build is a fork, so that nothing is imported twice. What must
hold afterwards is not known here.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from bokslut.release import building
from bokslut.release.dbt_run import How, Run, run_dbt
from bokslut.release.places import Places
from bokslut.settings import Settings

# the operations that Python tells of before it does them; what DuckDB writes by itself is hit by moments
EVENTS = ("open", "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate")
# what needs room on the disk, with "write" for what opens a file to write
MAKES = ("write", "os.link", "os.mkdir", "os.rename", "os.symlink")
# in these the last argument is a folder's descriptor where the path is a bare name in it
IN_FOLDER = ("os.mkdir", "os.remove", "os.rmdir", "os.chmod")
ACCOUNT = ("manifest.json", "run_results.json")
DATABASE = "warehouse.duckdb"
FILLED = ".filled"


@dataclass(frozen=True)
class Order:
    """One build. run: the folder of the prepared run. real: let dbt make it, and keep it there.

    at: before which operation below the releases the fault comes, from 1; None for never. fault: kill, fill the disk,
    or fail: that operation finds no room. since: from where operations and seconds are counted, "start" or "seal".
    after: kill so many seconds later instead. keep: as of `bokslut build --keep`. listed: give all operations.
    """

    run: str
    real: bool = False
    at: int | None = None
    fault: str = "kill"
    since: str = "seal"
    after: float | None = None
    keep: int | None = None
    listed: bool = False


@dataclass(frozen=True)
class Report:
    """How a build ended. ended: exit code, -9 when killed. where: the operation that the fault came before.

    error: what was raised. number: what was published, as the build says. seconds: since order.since.
    operations: event, where in the product, path.
    """

    ended: int
    seconds: float
    where: str = ""
    error: str = ""
    number: int | None = None
    operations: tuple[tuple[str, str, str], ...] = ()


class Stopper:
    """A process that builds in a copy of the project as it is ordered. To be used in a with statement."""

    def __init__(self, project: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "DBT_"))}
        environment["PYTHONPATH"] = os.pathsep.join([str(project), str(Path(__file__).parent)])
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=project,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Stopper:
        """To be used in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what it has started."""
        self._process.communicate()

    def build(self, order: Order) -> Report:
        """Let it build, and wait for the end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        answer["operations"] = tuple((event, where, path) for event, where, path in answer["operations"])
        return Report(**answer)


class Watch:
    """Counts the file operations below a folder, and lets the fault come before the one that was ordered."""

    def __init__(self, order: Order, folder: Path, tell: IO[str]) -> None:
        self.order = order
        self.folder = str(folder.resolve())
        self.tell = tell
        self.counting = order.since == "start"
        self.operations: list[tuple[str, str, str]] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """What Python calls before each operation."""
        if not self.counting or event not in EVENTS or not (path := self._below(event, arguments)):
            return
        kind = "write" if event == "open" and _writes(*arguments[1:3]) else event
        self.operations.append((kind, _where(sys._getframe(1)), path))
        if len(self.operations) == self.order.at:
            # what comes now is no part of the build
            self.counting = False
            try:
                self._fault()
            finally:
                self.counting = True

    def _below(self, event: str, arguments: tuple[Any, ...]) -> str:
        """The path that it is about, if that is below the folder; for a rename or a link, the new one."""
        path = arguments[1] if event in ("os.rename", "os.symlink", "os.link") else arguments[0]
        if not isinstance(path, str | os.PathLike):
            return ""
        if event in IN_FOLDER and isinstance(arguments[-1], int) and arguments[-1] >= 0 and "/" not in str(path):
            return str(path)
        absolute = os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow the link that is meant
        return os.path.relpath(absolute, self.folder) if absolute.startswith(self.folder + os.sep) else ""

    def _fault(self) -> None:
        event, where, path = self.operations[-1]
        self.tell.write(json.dumps({"where": f"{event} {path} ({where})"}) + "\n")
        self.tell.flush()
        if self.order.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.order.fault == "fail":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        fill(Path(self.folder))


def _writes(mode: str | None, flags: int) -> bool:
    return bool(set(mode or "") & set("wax+")) or bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def fill(folder: Path) -> None:
    """Take all the room that is left on the disk of a folder."""
    with (folder / FILLED).open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def keep_run(database: Path, target: Path, folder: Path) -> None:
    """Keep what dbt has made, as a prepared run."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, folder / DATABASE)
    for name in ACCOUNT:
        shutil.copyfile(target / name, folder / name)


def _where(frame: FrameType | None) -> str:
    """The innermost place in the product."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if "bokslut" in path.parent.parts[-2:]:
            return f"{path.stem}.{frame.f_code.co_name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _prepared(order: Order) -> Any:
    """What takes the place of run_dbt."""
    folder = Path(order.run)

    def real(settings: Settings, places: Places, how: How, lock: int) -> Run:
        run = run_dbt(settings, places, how, lock)
        if run.returncode == 0:
            keep_run(places.built, places.target, folder)
        return run

    def kept(settings: Settings, places: Places, how: How, lock: int) -> Run:  # noqa: ARG001 - as run_dbt has it
        places.built.parent.mkdir(parents=True, exist_ok=True)
        places.target.mkdir(exist_ok=True)
        shutil.copyfile(folder / DATABASE, places.built)
        for name in ACCOUNT:
            shutil.copyfile(folder / name, places.target / name)
        manifest, results = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ACCOUNT)
        return Run(0, manifest, tuple(results["results"]))

    return real if order.real else kept


def _build(order: Order, tell: IO[str]) -> int:
    """One build in a fork of its own; tells of its end line by line, and gives the exit code."""
    settings = Settings.from_environment(os.environ)
    watch = Watch(order, settings.releases, tell)
    started = time.monotonic()
    seconds = 0.0

    def say(text: str) -> None:
        nonlocal started
        if text == "seal" and order.since == "seal":
            started = time.monotonic()
            tell.write('{"sealing": true}\n')
            tell.flush()
            watch.counting = True

    setattr(building, "run_dbt", _prepared(order))  # noqa: B010 - mypy would have the module's own
    if order.at is not None or order.listed:
        sys.addaudithook(watch)
    if order.since == "start":
        tell.write('{"sealing": true}\n')
        tell.flush()
    answer: dict[str, Any] = {}
    try:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        built = building.build(building.Request(settings, How(quiet=True), order.keep), now, say)
        answer["number"] = built.number
    except Exception as error:  # whatever it is, it is reported
        findings = getattr(error, "findings", ())
        answer["error"] = f"{type(error).__name__}: {error} {'; '.join(each.what for each in findings[:3])}".strip()
    seconds = time.monotonic() - started
    watch.counting = False
    answer |= {"seconds": seconds, "operations": watch.operations if order.listed else []}
    tell.write(json.dumps(answer) + "\n")
    tell.flush()
    return 1 if "error" in answer else 0


def _carry_out(order: Order) -> Report:
    """Fork a build, kill it at its moment if that is ordered, and hear it to its end."""
    reading, writing = os.pipe()
    started = time.monotonic()
    process = os.fork()
    if process == 0:
        os.close(reading)
        code = 70
        try:
            with os.fdopen(writing, "w", encoding="utf-8") as tell:
                code = _build(order, tell)
        finally:
            os._exit(code)
    os.close(writing)
    answer: dict[str, Any] = {}
    with os.fdopen(reading, encoding="utf-8") as heard:
        for line in heard:
            said: Mapping[str, Any] = json.loads(line)
            answer |= said
            if said.get("sealing") and order.after is not None:
                time.sleep(order.after)
                os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    answer.pop("sealing", None)
    return Report(**{"seconds": time.monotonic() - started, **answer, "ended": os.waitstatus_to_exitcode(status)})


def main() -> None:
    """Take orders until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # what dbt and the builds print is no answer
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    for line in sys.stdin:
        report = _carry_out(Order(**json.loads(line)))
        answers.write(json.dumps(asdict(report)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
