"""Say in three lines what a dbt build made, where it lies and what to do next. Run as `python -m bokslut.summary`.

It reads dbt's own account of the run (run_results.json) and computes no figure.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bokslut.settings import Settings

SHELL = ".venv/bin/duckdb"


def summarise(run_results: Mapping[str, Any], settings: Settings) -> str:
    """Return the three lines for one dbt run, given the content of its run_results.json (dbt's schema, version 6)."""
    passed = [result for result in run_results["results"] if result["status"] in ("success", "pass")]
    kinds = Counter(result["unique_id"].split(".", 1)[0] for result in passed)
    marts = sum(1 for result in passed if '"marts".' in (result.get("relation_name") or ""))
    database = settings.database
    return "\n".join(
        (
            f"Built:    {kinds['seed']} seeds, {kinds['model']} models ({marts} of them marts);"
            f" {kinds['test']} data tests and {kinds['unit_test']} unit tests passed",
            f"Database: {database} (what BI reads is in its schema marts)",
            f'Next:     {SHELL} {database} "from marts.fct_activity_variance", or make test, or make docs',
        )
    )


def main() -> int:
    """Print the summary of the last run, from where dbt wrote it (DBT_TARGET_PATH, or target); exit 2 without one."""
    path = Path(os.environ.get("DBT_TARGET_PATH", "target")) / "run_results.json"
    if not path.is_file():
        print(f"{path}: no such file - run dbt build first", file=sys.stderr)
        return 2
    print(summarise(json.loads(path.read_text(encoding="utf-8")), Settings.from_environment(os.environ)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
