"""A few of the faults of `make faults`, by the same code: kills at the steps that count, a second builder, other bytes.

The workbench of the copy stands in for what dbt makes. All steps, full disks and the rest are in faults.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from faults import Verdict, flips, rewritten, steps_to_hit, survived
from project import Workshop
from readers import Readers
from release_bench import Bench
from stopped import Report, keep_run


class Step(NamedTuple):
    """Where a build is killed: before which operation, in which function, on which path; is_moved: readers have it."""

    event: str
    where: str
    path: str
    is_moved: bool


STEPS = {
    "while it is closed": Step("os.chmod", "seal.close", ".building/release/warehouse.duckdb", False),
    "before it has its name": Step("os.rename", "publish.publish", "{number}", False),
    "between its name and the history": Step("write", "publish._write_history", ".log.part", False),
    "between the history and the link": Step("os.rename", "publish.move", "current", False),
    "between the link and the history's name": Step("os.rename", "publish._finish_history", "log.csv", True),
    "while it is cleared up": Step("os.remove", "seal.remove", "number", True),
    "while an old one is removed": Step("os.remove", "seal.remove", "manifest.json.sha256", True),
}


@pytest.fixture(scope="module")
def bench(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A copy with two releases, A and B."""
    project = workshop.fresh()
    with Bench(project, tmp_path_factory.mktemp("runs")) as bench:
        keep_run(project.path / "warehouse.duckdb", project.path / "target", bench.run_of("A"))
        bench.other_run()
        assert bench.publish("A") == []
        assert bench.publish("B") == []
        yield bench


@pytest.fixture(scope="module")
def listing(bench: Bench) -> Report:
    """The operations of a build that ran to its end, and removed an old release."""
    listing = bench.build("A", listed=True, keep=1)
    assert bench.settle("A") == []
    return listing


def place(listing: Report, name: str) -> int:
    """Which operation of a build a step is."""
    step = STEPS[name]
    path = step.path.format(number=listing.number)
    found = [
        at
        for at, (event, where, name) in enumerate(listing.operations, 1)
        if event == step.event and where.startswith(f"{step.where}:") and name.startswith(path)
    ]
    assert found, f"{step} is no step of a build any more"
    return found[0]


def test_a_build_killed_at_a_step_that_counts_leaves_one_whole_release_to_every_reader(
    bench: Bench, listing: Report
) -> None:
    problems: dict[str, list[str]] = {}
    with Readers(bench.places.root, ("link", "parquet", "open")) as readers:
        for name, step in STEPS.items():
            before = bench.places.current_number()
            report = bench.build("B", at=place(listing, name), keep=1)
            is_moved = bench.places.current_number() != before
            found = bench.settle("B")
            found += [] if report.ended == -9 else [f"it was not killed: {report}"]
            found += [] if is_moved == step.is_moved else [f"readers have release {bench.places.current_number()}"]
            problems |= {name: found} if found else {}
        assert bench.publish("A", keep=1) == []
    assert problems == {}
    assert [(tally.kind, tally.failed, tally.mixed, tally.told) for tally in readers.tallies] == [
        (tally.kind, 0, 0, []) for tally in readers.tallies
    ]
    assert all(tally.reads for tally in readers.tallies)


def test_clearing_up_may_be_killed_too(bench: Bench, listing: Report) -> None:
    bench.build("A", at=place(listing, "between the history and the link"))
    for at in (2, 20):
        assert bench.build("A", at=at, since="start").ended == -9
    assert bench.settle("A") == []


def test_a_history_that_finds_no_room_is_told_before_readers_have_the_release(bench: Bench, listing: Report) -> None:
    before = bench.places.current_number()
    report = bench.build("A", at=place(listing, "between its name and the history"), fault="fail")
    assert "No space left" in report.error
    assert bench.places.current_number() == before
    assert bench.settle("A") == []


def test_a_second_builder_is_told_and_a_killed_one_leaves_the_release_and_nothing_else(bench: Bench) -> None:
    bench.show("B")
    before = bench.places.current_number()
    running = bench.start("build")
    running.wait_for("START seed")
    second = bench.project.bokslut("build")
    assert second.returncode == 3, str(second)
    assert f"another build is at work (process {running.process.pid})" in second.output, str(second)
    assert running.kill(), str(running.result())
    assert bench.settle("B", every=True) == []
    assert bench.places.current_number() == before
    assert bench.publish("B") == []


def test_every_other_byte_of_a_release_is_told(bench: Bench) -> None:
    flipped, problems = flips(bench)
    assert problems == []
    assert len(flipped) == 8
    assert rewritten(bench) == []
    assert bench.verified().returncode == 0


def test_every_place_of_the_code_is_hit_and_what_it_does_often_at_both_ends() -> None:
    operations = (*(("write", "copy:1", str(at)) for at in range(9)), ("os.rename", "publish:2", "7"))
    assert steps_to_hit(operations) == [1, 2, 8, 9, 10]
    assert steps_to_hit(operations[-1:]) == [1]


def test_a_case_counts_once_and_only_if_all_that_was_tried_of_it_was_survived() -> None:
    tried = {16: (True, True), 50: (True,), 51: (None,), 56: (True, False), 60: (False,)}
    verdicts = [Verdict(number, each, "") for number, outcomes in tried.items() for each in outcomes]
    assert survived(verdicts) == {16, 50}
