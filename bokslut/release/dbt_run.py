"""Run dbt as a subprocess into a new file, with its own progress shown, and read its account of the run.

dbt never runs in this process, since it would keep the database open. Nothing is judged here.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bokslut.release.places import Places
from bokslut.settings import COLLECT_AFTER, Settings

# what a run of dbt takes from the user's environment: a secret of theirs could end in a mart, a setting leave out tests
TAKEN = re.compile(
    "PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TE?MP|TMPDIR|TERM|COLUMNS|NO_COLOR|PYTHON.*|LD_.*"
)
PR_SET_PDEATHSIG = 1
# the plugin sets the same, but comes after dbt's start
DBT = f"import gc; gc.set_threshold(*{COLLECT_AFTER}); from dbt.cli.main import cli; cli()"


@dataclass(frozen=True)
class Run:
    """How dbt ended. manifest, results: its own files, as parsed; empty where it wrote none.

    is_guarded: the plugin closed the connection.
    """

    returncode: int
    manifest: Mapping[str, Any]
    results: tuple[Mapping[str, Any], ...]
    is_guarded: bool = True

    def done(self) -> Counter[str]:
        """How many nodes of each kind (seed, model, test) were built or passed."""
        return Counter(
            result["unique_id"].split(".", 1)[0] for result in self.results if result["status"] in ("success", "pass")
        )

    def failed(self) -> list[tuple[str, str, str]]:
        """Kind, name and status of each node that was not built or did not pass, in dbt's order."""
        found = []
        for result in self.results:
            kind, _, name = result["unique_id"].split(".", 2)
            if result["status"] not in ("success", "pass", "no-op"):
                found.append((kind, name.split(".")[0], str(result["status"])))
        return found


@dataclass(frozen=True)
class How:
    """What a user may say of the run. memory_limit: of DuckDB, as 500MB. quiet: errors alone are shown."""

    threads: int | None = None
    memory_limit: str | None = None
    quiet: bool = False


def run_dbt(settings: Settings, places: Places, how: How, lock: int) -> Run:
    """Build all but the unit tests into settings.database. lock: a descriptor that dbt holds too, as long as it lives.

    Raises OSError where dbt cannot be started.
    """
    places.built.parent.mkdir(parents=True, exist_ok=True)
    for name in ("run_results.json", "manifest.json"):
        (places.target / name).unlink(missing_ok=True)
    command = [sys.executable, "-c", DBT, "--warn-error", "--log-level-file", "none"]
    command += ["--quiet"] if how.quiet else []
    command += [] if sys.stdout.isatty() else ["--no-use-colors"]
    command += ["build", "--exclude-resource-type", "unit_test"]
    command += ["--project-dir", ".", "--profiles-dir", ".", "--target-path", str(places.target)]
    command += ["--threads", str(how.threads)] if how.threads else []
    done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
        command, env=environment(settings, how), pass_fds=(lock,), preexec_fn=_end_with_parent(), check=False
    )
    return Run(
        done.returncode,
        _read(places.target / "manifest.json"),
        tuple(_read(places.target / "run_results.json").get("results", ())),
        places.guarded.is_file(),
    )


def environment(settings: Settings, how: How) -> dict[str, str]:
    """The environment of the run: what any program needs of the user's, and the places of the build."""
    clean = {name: value for name, value in os.environ.items() if TAKEN.fullmatch(name)}
    clean |= {
        "BOKSLUT_REFERENCE": settings.reference.as_posix(),
        "BOKSLUT_SEEDS": settings.board.as_posix(),
        "BOKSLUT_DATA": settings.data.as_posix(),
        "BOKSLUT_DATABASE": settings.database.as_posix(),
        "BOKSLUT_RELEASES": settings.releases.as_posix(),
    }
    return clean | ({"BOKSLUT_MEMORY_LIMIT": how.memory_limit} if how.memory_limit else {})


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, dbt is ended when its parent is killed; elsewhere it ends by itself, and holds the lock until then."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
