"""One at a time: a lock file that is held while a command writes, and that a second one is told of at once.

The lock belongs to the open file (flock), so it ends with the last process that has it, however that ended.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# one who only asks whether it is held has it for a moment
TRIES, PAUSE = 5, 0.1


class BusyError(Exception):
    """Another process holds the lock; the message is one line that says which, and what to do."""


@contextmanager
def held(path: Path, what: str, *, shared: bool = False) -> Iterator[int]:
    """Hold the lock file, made if it is not there; gives its descriptor, for a child that is to hold it too.

    what: who else may hold it, as "another import". shared: together with others that share it. BusyError
    after half a second.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        for left in reversed(range(TRIES)):
            try:
                fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if not left:
                    where = f"{_holder(path)} in {path.parent}"
                    raise BusyError(f"{what} is at work{where}: try again when it is done") from error
                time.sleep(PAUSE)
        if not path.is_file() or os.fstat(lock.fileno()).st_ino != path.stat().st_ino:
            raise BusyError(f"{path} was removed while it was asked for: try again")
        if not shared:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
        yield lock.fileno()


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock now."""
    if not path.is_file():
        return False
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _holder(path: Path) -> str:
    pid = path.read_text(encoding="utf-8", errors="replace").strip()
    return f" (process {pid})" if pid.isdigit() else ""
