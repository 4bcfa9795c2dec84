"""docs/own-data.md can be followed as it stands: each of its commands, in their order, in one shell."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from project import REPOSITORY, Result, Workshop

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# what builds and reports is tried by test_example.py
LEFT_OUT = ("make report",)


@pytest.fixture(scope="module")
def followed(workshop: Workshop) -> Result:
    page = (REPOSITORY / "docs" / "own-data.md").read_text(encoding="utf-8")
    script = "set -e\n" + "".join(BLOCK.findall(page))
    for command in LEFT_OUT:
        assert command in script
        script = script.replace(command, "true")
    script = re.sub(r"^\.venv/bin/bokslut", "python -m bokslut", script, flags=re.MULTILINE)
    script = re.sub(r"^\.venv/bin/python", "python", script, flags=re.MULTILINE)
    assert ".venv" not in script
    project = workshop.fresh()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return project.run("bash", "-c", script, env={"PATH": path})


def test_every_command_of_the_page_succeeds(followed: Result) -> None:
    assert followed.returncode == 0, str(followed)


@pytest.mark.parametrize(
    "told",
    [
        "Made:  mine/lists",
        "ledger-BUN-2024.se: imported",
        "budget-BUN-2024-original.xlsx: imported",
        "Checked: every seed and import is as declared",
        "income positive: -",
        "ledger-BUN-2024.xlsx: imported, replacing BUN-ledger-",
    ],
)
def test_the_commands_say_what_the_page_promises(followed: Result, told: str) -> None:
    assert told in followed.output, followed.output


def test_the_drafted_profile_of_the_page_is_a_profile(followed: Result) -> None:
    assert "unsure:" in followed.output
