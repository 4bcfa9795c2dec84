"""A hard limit of memory for one command: a control group where one can be made, else a watch that ends it.

The limit of an address space (RLIMIT_AS) is of no use: dbt and DuckDB map far more than they hold.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import MIB

ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Limit:
    """How a limit is held. joins, most_mib: as measured() takes them; one of them is None."""

    how: str
    joins: Path | None
    most_mib: float | None


@contextlib.contextmanager
def limited(mib: int) -> Iterator[Limit]:
    """A limit for one command, of which all processes count together; the control group is removed afterwards."""
    for base, file in _places():
        group = base / f"bokslut-benchmark-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / file).write_text(str(mib * MIB), encoding="ascii")
            is_set = True
        except OSError:
            is_set = False
        try:
            if is_set:
                yield Limit("control group", group / "cgroup.procs", None)
                return
        finally:
            with contextlib.suppress(OSError):
                group.rmdir()
    yield Limit("watched", None, float(mib))


def _places() -> Iterator[tuple[Path, str]]:
    """Where this process may have a control group of its own, and the file of its limit: version 2, then version 1."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                yield ROOT / path.lstrip("/"), "memory.max"
            elif controllers == "memory":
                yield ROOT / "memory" / path.lstrip("/"), "memory.limit_in_bytes"
