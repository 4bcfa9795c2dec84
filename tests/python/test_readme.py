"""The README says what is there: the counts that it shows, the paths that it names, the analyses that it asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from manifest import Manifest
from project import REPOSITORY, Project

PAGES = sorted([REPOSITORY / "README.md", *REPOSITORY.glob("docs/*.md"), REPOSITORY / "DECISIONS.md"])
NAMED = re.compile(
    r"`((?:seeds|models|macros|tests|analyses|docs|bokslut|data|benchmarks)/[^`\s<*]*|[a-z_]+\.(?:csv|md|sql|py))`"
)
# a link that begins with / leads to a page of the report
LINKED = re.compile(r"\]\((?!https?:|/)([^)#]+)\)")


def test_the_readme_shows_what_a_build_prints(built: Project) -> None:
    manifest = Manifest(built)
    line = (
        f"Built:    {len(manifest.seeds)} seeds, {len(manifest.models)} models ({len(manifest.marts)} of them marts);"
        f" {len(manifest.tests)} data tests with {manifest.claims} claims passed"
    )
    assert line in (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [name for name in NAMED.findall(text) if "/" in name]
    bare = [name for name in NAMED.findall(text) if "/" not in name]
    missing = [name for name in named if not (REPOSITORY / name).exists()]
    missing += [name for name in LINKED.findall(text) if not (page.parent / name).exists()]
    missing += [name for name in bare if not any(REPOSITORY.glob(f"*/**/{name}"))]
    assert missing == []


def test_each_mart_stands_in_the_readme(built: Project) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [mart["name"] for mart in Manifest(built).marts if f"`{mart['name']}`" not in text] == []
