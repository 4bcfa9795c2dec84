"""The data that contestants read: lists and postings of so many lines by `bokslut sample`, made once and kept.

Municipalities, boards and years are the same for all sizes, and only the lines grow.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.measuring import measured

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = Path("build/benchmark/data")
ALWAYS = {"municipalities": 2, "boards": 2, "years": 5, "seed": 1}


def prepared(lines: int, **options: int) -> Path:
    """The folder with lists/ and data/ of so many lines, from the root of the repository; made where it is not there.

    options: further options of `bokslut sample`, as activities and accounts. Raises SystemExit where it is refused.
    """
    name = "-".join([str(lines), *(f"{option}-{value}" for option, value in sorted(options.items()))])
    folder = FOLDER / name
    done = REPOSITORY / FOLDER / f"{name}.done"
    if not done.exists():
        shutil.rmtree(REPOSITORY / folder, ignore_errors=True)
        given = [part for option, value in (ALWAYS | options).items() for part in (f"--{option}", str(value))]
        command = [sys.executable, "-m", "bokslut", "sample", str(folder), "--lines", str(lines), *given]
        cost = measured(command, REPOSITORY)
        if cost.returncode:
            raise SystemExit(f"{' '.join(command[2:])}: ended with {cost.returncode}\n{cost.output}")
        done.touch()
    return folder
