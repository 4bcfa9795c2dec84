"""What the commands cost for one board, side by side in one run: `python benchmarks/fixed_cost.py [ROUNDS] [DOCUMENT]`.

Each round runs every command once, in turn, so that a noisy machine is noisy for all of them; then medians, spreads and
ratios to the first are printed. Nothing is asserted: a figure of time is never a test.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DBT = str(Path(sys.executable).with_name("dbt"))


def commands(scratch: Path, document: str | None) -> dict[str, list[str]]:
    """The commands by name, the first being what the others are measured against."""
    target = ["--target-path", str(scratch)]
    found = {
        "python start": [sys.executable, "-c", "pass"],
        "dbt parse, warm": [DBT, "parse", *target],
        "dbt build without unit tests, warm": [DBT, "build", *target, "--exclude-resource-type", "unit_test"],
        "dbt build, warm": [DBT, "build", *target],
    }
    if document:
        found["bokslut prove"] = [sys.executable, "-m", "bokslut", "prove", document]
    return found


def main() -> int:
    """Run the rounds and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    document = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as scratch:
        table = commands(Path(scratch), document)
        seconds: dict[str, list[float]] = {name: [] for name in table}
        for number in range(rounds + 1):
            for name, command in table.items():
                begun = time.perf_counter()
                subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)  # noqa: S603
                if number:  # the first round warms up
                    seconds[name].append(time.perf_counter() - begun)
            print(f"round {number} of {rounds}", file=sys.stderr)
    parse = statistics.median(seconds["dbt parse, warm"])
    print(f"{'command':<36}{'median s':>10}{'min':>8}{'max':>8}{'x dbt parse':>13}")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:<36}{median:>10.2f}{min(taken):>8.2f}{max(taken):>8.2f}{median / parse:>13.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
