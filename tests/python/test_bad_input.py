"""Every case of bad input is survived: the right value accepted, the wrong one refused with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from bad_input import CASES, Case, Variant, outcome

VARIANTS = [
    pytest.param(case, variant, id=f"{case.number}-{case.name}-{variant.name}")
    for case in CASES
    for variant in case.variants
]


def test_there_are_47_cases() -> None:
    assert [case.number for case in CASES] == [*range(1, 47), 59]


@pytest.mark.parametrize(("case", "variant"), VARIANTS)
def test_survived(case: Case, variant: Variant, tmp_path: Path) -> None:
    found = outcome(case, variant, tmp_path)
    assert found.survived, found.output
