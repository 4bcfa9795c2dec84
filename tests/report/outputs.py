"""The reports to check, and how programs are run on them. What must be true of a report is said in the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("BOKSLUT_REPORT", REPOSITORY / "build" / "report")).resolve()
PICTURES = FOLDER / "screenshots"
SECONDS = 300
SHOWN = 15  # findings of a failure


@dataclass(frozen=True)
class Report:
    """The report of one board and year, in its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """The name of the folder: organisation, board and year."""
        return self.folder.name

    @property
    def site(self) -> Path:
        """The folder of the web site."""
        return self.folder / "webb"

    def file(self, suffix: str) -> Path:
        """The whole report as one file, e.g. with ".pdf"."""
        return self.folder / f"arsredovisning{suffix}"


def reports() -> list[Report]:
    """All that `make report` made. Raises FileNotFoundError when there is none: then nothing would be checked."""
    found = [Report(site.parent) for site in sorted(FOLDER.glob("*/webb"))]
    if not found:
        raise FileNotFoundError(f"no report in {FOLDER}: run make report first")
    return found


def sidecar(path: Path) -> Path:
    """The bindings of a file, beside it."""
    return path.with_name(f"{path.name}.figures.csv")


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in the repository, with its outputs as text. env: more of it. Raises TimeoutExpired."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | dict(env or {}),
        timeout=SECONDS,
        check=False,
    )


def output(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """The standard output of a program that ends well, which is asserted."""
    done = run(command, env)
    assert done.returncode == 0, f"{command[0]}: exit code {done.returncode}\n{done.stderr[-2000:]}"
    return done.stdout


def prove(path: Path) -> subprocess.CompletedProcess[str]:
    """What `bokslut prove --strict` says of a file by the bindings beside it, its findings as CSV."""
    return run([sys.executable, "-m", "bokslut", "prove", path, "--strict", "--csv", "-"])


def numerals(text: str) -> Counter[str]:
    """How often each numeral stands in a text, written with hyphen and plain spaces as in the bindings."""
    plain = re.sub(r"[\u00a0\u202f]", " ", text).replace("\u2212", "-")
    return Counter(re.findall(r"-?\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)|-?\d+(?:,\d+)?", plain))


def listed(findings: Sequence[object]) -> str:
    """The first findings of a failure, a line each."""
    rest = f"\n... and {len(findings) - SHOWN} more" if len(findings) > SHOWN else ""
    return "\n".join(str(finding) for finding in findings[:SHOWN]) + rest
