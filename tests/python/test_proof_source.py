"""The source report against the built warehouse, as a user proves it. How long it takes is in benchmarks/."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BOKSLUT_SHARED", REPOSITORY.parent / "shared"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def report() -> Path:
    files = sorted((SHARED / "source").glob("*.txt")) if (SHARED / "source").is_dir() else []
    if not files:
        pytest.skip(f"no source report below {SHARED / 'source'}: name the folder with BOKSLUT_SHARED")
    return files[0]


@pytest.fixture(scope="module")
def content(report: Path, built: Project) -> dict[str, Any]:
    done = run("-m", "bokslut", "prove", report, "--database", built.path / "warehouse.duckdb", "--json", "-")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_numeral_of_the_source_report_is_proven_exempt_or_declared(
    content: dict[str, Any], built: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nsource report against the warehouse: {content['counts']}")
    counts = content["counts"]
    assert (counts["differs"], counts["missing"], counts["unbound"]) == (0, 0, 0)
    assert counts["proven"] + counts["declared"] == built.value("select count(*) from marts.fct_figure_check")
    assert counts["declared"] == built.value("select count(*) from marts.fct_figure_check where is_declared")
