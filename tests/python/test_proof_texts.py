"""False alarms: ten texts in the manner of other municipalities, none of them real, for which no binding was made.

An alarm is a numeral that is unbound and carries a unit, which makes the exit code 1. figures.csv lists the figures of
each text as one reads them who expects nothing; all else (dates, paragraphs, diary, phone and page numbers) is exempt.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bokslut.proof.exemptions import Rule
from bokslut.proof.prove import Verdict, prove
from bokslut.proof.reader import read_document

REPOSITORY = Path(__file__).resolve().parents[2]
TEXTS = REPOSITORY / "tests" / "python" / "texts"
OWN = ("figures.csv",)


def read_rules(*paths: Path) -> list[Rule]:
    rules: dict[str, Rule] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rules.setdefault(row["rule_id"], Rule(row["rule_id"], row["pattern"], row["reason"]))
    return list(rules.values())


SEED_RULES = REPOSITORY / "seeds" / "reference" / "exemption_rules.csv"


def count_alarms(rules: list[Rule]) -> Counter[str]:
    """Over all texts: numerals, alarms and warnings that are wrong, amounts that no alarm was raised for."""
    figures: dict[str, list[tuple[str, str]]] = {}
    with (TEXTS / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            figures.setdefault(row["text"], []).append((row["printed"], row["unit"]))
    counts: Counter[str] = Counter()
    for path in sorted(path for path in TEXTS.iterdir() if path.name not in OWN):
        proof = prove(read_document(path), [], rules, {})
        found = Counter((finding.found, finding.unit) for finding in proof.of(Verdict.UNBOUND))
        wrong = found - Counter(figures[path.name])
        unseen = Counter(figures[path.name]) - found
        counts["texts"] += 1
        counts["numerals"] += len(proof.findings)
        counts["alarms"] += sum(count for (_, unit), count in found.items() if unit)
        counts["wrong alarms"] += sum(count for (_, unit), count in wrong.items() if unit)
        counts["wrong warnings"] += sum(count for (_, unit), count in wrong.items() if not unit)
        counts["amounts not seen"] += sum(count for (_, unit), count in unseen.items() if unit)
    return counts


@pytest.fixture(scope="module")
def by_the_seed() -> Counter[str]:
    return count_alarms(read_rules(SEED_RULES))


def test_at_most_one_wrong_alarm_in_a_hundred_numerals(
    by_the_seed: Counter[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nfalse alarms, rules of the seed: {dict(by_the_seed)}")
    assert by_the_seed["texts"] == 10
    assert by_the_seed["numerals"] > 500
    assert 100 * by_the_seed["wrong alarms"] <= by_the_seed["numerals"]


def test_every_amount_raises_an_alarm(by_the_seed: Counter[str]) -> None:
    assert by_the_seed["alarms"] > 100
    assert by_the_seed["amounts not seen"] == 0


def test_warnings_are_as_rare(by_the_seed: Counter[str]) -> None:
    assert 100 * (by_the_seed["wrong alarms"] + by_the_seed["wrong warnings"]) <= by_the_seed["numerals"]
