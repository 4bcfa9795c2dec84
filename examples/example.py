"""Take the example from received files to a report, by the commands that a controller would type.

    python -m examples.example --output build/example

Everything lands below the output: the files, the imported data, the warehouse and the reports. It begins afresh: data
that was imported there before is removed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from examples.generate import RECEIVED, SEED, SEEDS, example, write
from examples.municipality import BOARDS, ORGANISATION, YEAR_END_SERIES, YEARS, Board
from examples.plans import FORECAST, ORIGINAL, REVISED

PROFILES = Path("examples/bjorkviken")
LEDGERS = {"sie": "se", "excel": "xlsx"}


def imports(received: Path, ledger: str) -> Iterator[list[str]]:
    """The arguments of each `bokslut` command that imports the example. ledger: sie or excel.

    Projects come before the ledger, whose investments name them.
    """
    for board in BOARDS:
        for year in YEARS:
            for kind in ("projects", "goals"):
                file = received / f"{kind}-{board.board_id}-{year}.csv"
                yield _import(board, [file], "--year", str(year), "--profile", str(PROFILES / f"{kind}.yml"))
        files = [received / f"ledger-{board.board_id}-{year}.{LEDGERS[ledger]}" for year in YEARS]
        if ledger == "sie":
            yield _import(board, files, "--year-end-series", YEAR_END_SERIES)
        else:
            yield _import(board, files, "--profile", str(PROFILES / "ledger.yml"))
        for year in YEARS:
            for version in (ORIGINAL, REVISED):
                file = received / f"budget-{board.board_id}-{year}-{version}.xlsx"
                options = ("--version", version, "--profile", str(PROFILES / "budget.yml"))
                yield _import(board, [file], "--year", str(year), *options)
            file = received / f"forecast-{board.board_id}-{year}.csv"
            options = ("--version", FORECAST, "--profile", str(PROFILES / "forecast.yml"))
            yield _import(board, [file], "--year", str(year), *options)


def environment(output: Path) -> Mapping[str, str]:
    """The variables that put lists, data and releases below the output."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BOKSLUT_", "DBT_"))}
    return inherited | {
        "BOKSLUT_SEEDS": str(output / SEEDS),
        "BOKSLUT_DATA": str(output / "data"),
        "BOKSLUT_RELEASES": str(output / "releases"),
    }


def run(command: Sequence[str], variables: Mapping[str, str]) -> None:
    """Run one command and show what it is; ends the program with its exit code when it fails."""
    print("+", " ".join(command), flush=True)
    result = subprocess.run([sys.executable, "-m", *command], env=variables, check=False)  # noqa: S603 - our own
    if result.returncode:
        sys.exit(result.returncode)


def _import(board: Board, files: Sequence[Path], *options: str) -> list[str]:
    place = ["--organisation", ORGANISATION, "--board", board.board_id]
    return ["import", *(str(file) for file in files), *place, *options]


def main() -> None:
    """Generate, import, build, report."""
    parser = argparse.ArgumentParser(description="Take a fictional municipality from received files to reports.")
    parser.add_argument("--output", type=Path, default=Path("build/example"), help="where to (build/example)")
    parser.add_argument("--ledger", choices=sorted(LEDGERS), default="sie", help="which ledger files (sie)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed draws other vouchers (1)")
    parser.add_argument("--only", nargs="*", default=["site", "excel"], help="kinds of report (site excel)")
    arguments = parser.parse_args()
    output: Path = arguments.output
    started = time.monotonic()
    shutil.rmtree(output / "data", ignore_errors=True)
    write(output, example(arguments.seed, Path("seeds/reference"), Path("models/glossary.md")))
    variables = environment(output)
    for command in imports(output / RECEIVED, arguments.ledger):
        run(["bokslut", *command], variables)
    run(["bokslut", "build", "--quiet"], variables)
    kinds = [word for kind in arguments.only for word in ("--only", kind)]
    run(["bokslut", "report", "--output", str(output / "report"), *kinds], variables)
    print(f"{output / 'report'}: made in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
