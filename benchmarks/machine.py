"""What the figures were measured on: the machine, and the versions of what was run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

OURS = ("dbt-core", "dbt-duckdb", "duckdb", "pyarrow")
# asked in another environment, which has no module of ours
LISTED = (
    "import json, platform; from importlib.metadata import distributions;"
    "print(json.dumps({'python': platform.python_version()} | {d.name: d.version for d in distributions()}))"
)


def machine() -> dict[str, str]:
    """Processor, cores that may be used, memory, kernel and Python, and the versions of our own parts."""
    installed = {each.name.lower(): each.version for each in distributions()}
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / (1 << 20):.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: installed.get(name, "not installed") for name in OURS},
    }


def peers(python: Path, requirements: Path) -> dict[str, str]:
    """The versions that the peers' environment has of what their list of requirements asks for; empty without it."""
    if not python.exists() or not requirements.is_file():
        return {}
    done = subprocess.run(  # noqa: S603 - the interpreter of the peers
        [str(python), "-c", LISTED], capture_output=True, text=True, check=True
    )
    installed = {_plain(name): version for name, version in json.loads(done.stdout).items()}
    lines = requirements.read_text(encoding="utf-8").splitlines()
    wanted = [_plain(line) for line in lines if line.strip() and not line.startswith(("#", "-", " "))]
    return {f"peers: {name}": installed[name] for name in ["python", *_in_order(wanted)] if name in installed}


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _plain(name: str) -> str:
    for sign in "=<>~![; ":
        name = name.partition(sign)[0]
    return name.strip().lower().replace("_", "-")


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return ""


if __name__ == "__main__":
    json.dump(machine(), sys.stdout, indent=2)
