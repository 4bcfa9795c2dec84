"""Run a command and measure it: seconds, those of the processor, and the memory of it and all that it starts.

Linux alone, by /proc, looked at some thirty times a second: memory is what one process holds (RSS), or what several do
together with a page that they share counted once (PSS). What is measured is not judged here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
INTERVAL = 0.03  # seconds between two looks
AGE = 0.1  # seconds that the list of processes may be old
SHARE = 0.1  # of a processor that the looking may take at most
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1 << 20
GRACE = 5.0  # seconds that what a command left behind may still run
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """One run of a command.

    wall: seconds from start to end. cpu: of the processor, user and system, all processes of the run. peak: MiB that
    they held together at most. largest: MiB that the largest of them held at most. returncode: as the shell gives it,
    negative for a signal. output: the end of standard output and error. is_stopped: it held more than it was allowed.
    """

    wall: float
    cpu: float
    peak: float
    largest: float
    returncode: int
    output: str
    is_stopped: bool = False


@dataclass(frozen=True)
class Spread:
    """Several runs as one figure: median, least and most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Of at least one figure; raises statistics.StatisticsError for none."""
        return cls(statistics.median(figures), min(figures), max(figures))


def measured(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] | None = None,
    most_mib: float | None = None,
    joins: Path | None = None,
) -> Cost:
    """Run the command in the folder and measure it; its output is kept and not shown.

    variables: added to an environment without BOKSLUT_* and DBT_*. most_mib: it is ended once it holds more than that.
    joins: cgroup.procs of a control group that the command is put into before it starts. What it leaves running is
    waited for, and ended after a while. Raises OSError where it cannot be started.
    """
    _adopt_orphans()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "DBT_"))}
    if joins:
        command = ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(joins), *command]
    reading, writing = os.pipe()
    begun = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 - commands of our own
        command,
        cwd=folder,
        env=environment | dict(variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing,
        start_new_session=True,
    )
    os.close(writing)
    watch = _Watch(most_mib)
    ending = _Ending(reading)
    watch.start()
    ending.start()
    try:
        _, status, used = os.wait4(running.pid, 0)
        wall = time.perf_counter() - begun
        running.returncode = os.waitstatus_to_exitcode(status)
        cpu = used.ru_utime + used.ru_stime + _reaped()
    finally:
        watch.stop()
        if running.returncode is None:
            _end({running.pid, *_below(os.getpid())})
        ending.join(GRACE)
    # the kernel hands the peak of this process down to what it starts: a lower one says nothing of the command
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    theirs = used.ru_maxrss / 1024
    largest = max(watch.largest, theirs if theirs > own * 1.05 else 0.0)
    return Cost(
        wall, cpu, max(watch.peak, largest), largest, running.returncode, ending.text(), is_stopped=watch.is_stopped
    )


@dataclass(eq=False)
class _Watch(threading.Thread):
    """Looks at the processes of a run until it is stopped."""

    most_mib: float | None
    peak: float = 0.0
    largest: float = 0.0
    is_stopped: bool = False
    _over: threading.Event = field(default_factory=threading.Event)
    _tree: list[int] = field(default_factory=list)
    _counted: float = -AGE

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        """Look, and rest long enough that the looking costs little."""
        rest = 0.0
        while not self._over.wait(rest):
            begun = time.thread_time()
            self._look()
            rest = max(INTERVAL, (time.thread_time() - begun) / SHARE)

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self.join()

    def _look(self) -> None:
        if time.monotonic() - self._counted > AGE:
            self._tree, self._counted = sorted(_below(os.getpid())), time.monotonic()
        together = sum(_resident(pid) for pid in self._tree)
        if len(self._tree) > 1 and together > self.peak:
            # dear to read, so only where it may be a new peak: what processes share is counted once
            together = sum(_mib(pid, "smaps_rollup", "Pss:") for pid in self._tree)
        if together > self.peak:
            self.peak = together
            self.largest = max(self.largest, *(_mib(pid, "status", "VmHWM:") for pid in self._tree), 0.0)
        if self.most_mib is not None and together > self.most_mib:
            self.is_stopped = True
            _end(_below(os.getpid()))


class _Ending(threading.Thread):
    """Reads a pipe to its end and keeps the last of it."""

    KEPT = 64 * 1024

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self.descriptor = descriptor
        self.kept = b""

    def run(self) -> None:
        with os.fdopen(self.descriptor, "rb", buffering=0) as pipe:
            while block := pipe.read(self.KEPT):
                self.kept = (self.kept + block)[-self.KEPT :]

    def text(self) -> str:
        return self.kept.decode("utf-8", "replace")


def _below(root: int) -> set[int]:
    """The processes that this one started, and those that they started."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # the name of a program stands in brackets and may hold anything
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
                parents.setdefault(int(fields.split()[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [root]
    while waiting:
        for child in parents.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _resident(pid: int) -> float:
    """MiB that a process holds, shared pages too; 0 for one that has ended."""
    with contextlib.suppress(OSError, IndexError):
        return int((PROC / str(pid) / "statm").read_bytes().split()[1]) * PAGE / MIB
    return 0.0


def _mib(pid: int, file: str, name: str) -> float:
    """A line of a file that /proc has of a process, in MiB; 0 for one that has ended."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / file).read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


def _adopt_orphans() -> None:
    """Let what a command leaves behind become a child of this process, so that it is seen and waited for."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reaped() -> float:
    """Processor seconds of what the command left behind, which is waited for a while and then ended."""
    cpu, until = 0.0, time.monotonic() + GRACE
    while True:
        try:
            pid, _, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu
        if pid:
            cpu += used.ru_utime + used.ru_stime
        elif time.monotonic() > until:
            _end(_below(os.getpid()))
            until = time.monotonic() + GRACE
        else:
            time.sleep(INTERVAL)


def _end(processes: set[int]) -> None:
    for pid in processes:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
