"""The copies of the project that the tests share. One build a worker; no test sees what another one changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from project import Project, Workshop, once

# builds a changed copy once for all workers: (name, change) -> the kept result
Scenario = Callable[[str, Callable[[Project], None]], Project]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The worker's own place, with the project built as it is."""
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    result = workshop.build()
    if result.returncode != 0:
        pytest.fail(f"the project as it is does not build: {result}", pytrace=False)
    return workshop


@pytest.fixture(scope="session")
def built(workshop: Workshop) -> Project:
    """The project as it is, built; only to read from."""
    return workshop.built


@pytest.fixture
def project(workshop: Workshop) -> Project:
    """A built copy that the test may change and build again."""
    return workshop.fresh()


@pytest.fixture(scope="session")
def scenario(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Builds a changed copy once, for whichever worker asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def build(name: str, change: Callable[[Project], None]) -> Project:
        def make(folder: Path) -> None:
            copy = workshop.fresh()
            change(copy)
            workshop.keep(folder)

        return Project(once(shared / name, make))

    return build
