"""What prove catches: the source report with one numeral changed 300 times, and one figure changed 300 times.

The report is read from ../shared/source beside the repository, or below BOKSLUT_SHARED; without it all is skipped.
Its bindings come from the seed, and each figure is taken to be what is printed, so that no warehouse must be built.
A change is caught when a finding that calls for a correction names the numeral, or stands within two filled lines.
"""

from __future__ import annotations

import csv
import html
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from bokslut.proof.bindings import Binding, Check, read_sidecar
from bokslut.proof.exemptions import Rule
from bokslut.proof.formatting import printed_form
from bokslut.proof.prove import Finding, Proof, Verdict, judge_reading, prove, read_numerals
from bokslut.proof.reader import Document, build_document, read_document

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BOKSLUT_SHARED", REPOSITORY.parent / "shared"))
BINDINGS = REPOSITORY / "seeds" / "board" / "control" / "printed_figures.csv"
RULES = REPOSITORY / "seeds" / "reference" / "exemption_rules.csv"
CHANGES = 300
NEAR = 2  # filled lines
KINDS = ("digit", "sign", "separator", "delete", "insert")


@dataclass(frozen=True)
class Source:
    """The report, what is known of it, and the offsets of each bound numeral, by printed_number, the sign included."""

    document: Document
    bindings: list[Binding]
    rules: list[Rule]
    checks: dict[int, Check]
    proof: Proof
    spans: dict[int, tuple[int, int]]

    def lines_between(self, offset: int, line: int) -> int:
        """How many filled lines lie between the character at an offset and a line."""
        numbers = sorted((self.document.line_number(offset), line))
        return sum(bool(self.document.line(number).strip()) for number in range(*numbers))


@dataclass(frozen=True)
class Change:
    """One change of the text: of which numeral, of which kind, what stood there and what stands there now."""

    printed_number: int
    kind: str
    before: str
    after: str


@pytest.fixture(scope="module")
def source() -> Source:
    files = sorted((SHARED / "source").glob("*.txt")) if (SHARED / "source").is_dir() else []
    if not files:
        pytest.skip(f"no source report below {SHARED / 'source'}: name the folder with BOKSLUT_SHARED")
    document = read_document(files[0])
    bindings = read_sidecar(BINDINGS, 2024)
    with RULES.open(encoding="utf-8", newline="") as file:
        rules = [Rule(row["rule_id"], row["pattern"], row["reason"]) for row in csv.DictReader(file)]
    checks = {binding.printed_number: as_printed(binding) for binding in bindings if binding.figure_key}
    proof = prove(document, bindings, rules, checks)
    spans = {
        finding.printed_number: span(document.text, finding)
        for finding in proof.findings
        if finding.printed_number is not None and finding.found
    }
    return Source(document, bindings, rules, checks, proof, spans)


def as_printed(binding: Binding) -> Check:
    printed = binding.printed_number_value()
    assert printed is not None
    value = printed * binding.sign * binding.scale
    return Check(value, "agrees", printed_value=value)


def span(text: str, finding: Finding) -> tuple[int, int]:
    end = finding.offset
    for character in finding.found.lstrip("-"):
        if character == " ":
            while text[end].isspace():
                end += 1
        else:
            assert text[end] == character
            end += 1
    start = finding.offset
    if finding.found.startswith("-"):
        start = max(text.rfind(minus, 0, start) for minus in "-\u2212\u2013")
    return start, end


def changed(source: Source, generator: random.Random, kind: str) -> tuple[Change, str]:
    """The text with one random change of a kind to one random numeral that can be changed so."""
    while True:
        number = generator.choice(sorted(source.spans))
        start, end = source.spans[number]
        before = source.document.text[start:end]
        after = change_numeral(before, kind, generator)
        if after is not None:
            text = source.document.text
            return Change(number, kind, before, after), text[:start] + after + text[end:]


def change_numeral(before: str, kind: str, generator: random.Random) -> str | None:
    digits = [index for index, character in enumerate(before) if character.isdigit()]
    if kind == "delete":
        return ""
    if kind == "insert":
        size = generator.choice([100, 1000, 100_000])
        more = printed_form(Decimal(generator.randrange(size) * generator.choice([1, -1])))
        return generator.choice([f"{more} {before}", f"{before} {more}"])
    if not digits:
        return None
    if kind == "digit":
        index = generator.choice(digits)
        other = generator.choice([digit for digit in "0123456789" if digit != before[index]])
        return before[:index] + other + before[index + 1 :]
    if kind == "sign":
        return re.sub(r"^[-\u2212\u2013]\s*", "", before) if before[0] in "-\u2212\u2013" else f"-{before}"
    separators = list(re.finditer(r"(?<=\d)(?:,|\s+)(?=\d)", before))
    if separators:
        match = generator.choice(separators)
        old = " " if match.group().isspace() else match.group()
        other = generator.choice([sign for sign in (" ", ",", ".", "") if sign != old])
        return before[: match.start()] + other + before[match.end() :]
    inner = [index for index in digits if index - 1 in digits]
    if not inner:
        return None
    index = generator.choice(inner)
    return before[:index] + generator.choice(" ,.") + before[index:]


def test_the_source_report_is_bound_whole(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(finding.verdict.value for finding in source.proof.findings)
    with capsys.disabled():
        print(f"\nsource report: {len(source.proof.findings)} numerals, {dict(counts)}")
    assert not source.proof.failures(strict=True)
    assert len(source.spans) == len(source.bindings)


VARIANTS: dict[str, Callable[[str], str]] = {
    "the minus of print": lambda text: re.sub(r"(?<![\w)])-(?=\d)", "\u2212", text),
    "an en dash for minus": lambda text: re.sub(r"(?<![\w)])-(?=\d)", "\u2013", text),
    "no-break spaces": lambda text: re.sub(r"(?<=\d) (?=\d{3}\b)", "\u00a0", text),
    "narrow no-break spaces": lambda text: re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", text),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "every unit on the next line": lambda text: re.sub(r" (tkr|mkr|%|procent)\b", r"\n\1", text),
    "thousands broken over lines": lambda text: re.sub(r"(?<=\d) (?=\d{3} (?:tkr|kronor))", "\n", text),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_report_in_other_signs_is_proven_too(source: Source, variant: str) -> None:
    text = VARIANTS[variant](source.document.text)
    proof = prove(build_document(variant, text), source.bindings, source.rules, source.checks)
    assert not proof.failures(strict=True)
    assert len(proof.findings) == len(source.proof.findings)


@pytest.mark.parametrize("kind", ["docx", "html", "md"])
def test_the_report_as_another_kind_of_file_is_proven_too(source: Source, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"report.{kind}"
    lines = source.document.text.split("\n")
    if kind == "docx":
        report = docx.Document()
        for line in lines:
            report.add_paragraph(line)
        report.save(str(path))
    else:
        # a page number alone on its line is known by the empty lines before it, which HTML shows only in pre
        text = f"<html><body><pre>{html.escape(source.document.text)}</pre></body></html>"
        path.write_text(text if kind == "html" else source.document.text, encoding="utf-8")
    proof = prove(read_document(path), source.bindings, source.rules, source.checks)
    assert not proof.failures()
    assert proof.telling_found == proof.telling
    assert len(proof.of(Verdict.PROVEN)) == len(source.proof.of(Verdict.PROVEN))


def test_every_change_of_the_report_is_reported_at_its_place(
    source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    escaped: list[Change] = []
    for seed in range(CHANGES):
        kind = KINDS[seed % len(KINDS)]
        change, text = changed(source, random.Random(seed), kind)  # noqa: S311 - no secret
        proof = prove(build_document("changed", text), source.bindings, source.rules, source.checks)
        start, end = source.spans[change.printed_number]
        tried[kind] += 1
        if any(is_near(source, finding, change, start, end) for finding in proof.failures(strict=True)):
            caught[kind] += 1
            failing[kind] += bool(proof.failures())
        else:
            escaped.append(change)
    with capsys.disabled():
        print(f"\nchanges of the report caught: {caught.total()} of {tried.total()}")
        print("  " + ", ".join(f"{kind} {caught[kind]}/{tried[kind]}" for kind in KINDS))
        print(f"  with exit code 1 without --strict: {failing.total()}; the rest are inserted numbers without a unit")
    assert not escaped
    assert all(failing[kind] == tried[kind] for kind in KINDS if kind != "insert")


def is_near(source: Source, finding: Finding, change: Change, start: int, end: int) -> bool:
    return finding.printed_number == change.printed_number or any(
        source.lines_between(offset, finding.line) <= NEAR for offset in (start, end)
    )


def test_every_changed_figure_is_reported_at_its_place(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    reading = read_numerals(source.document, source.bindings, source.rules)
    bound = [binding for binding in source.bindings if binding.figure_key]
    caught = alone = 0
    escaped: list[tuple[int, str]] = []
    for seed in range(CHANGES):
        generator = random.Random(seed)  # noqa: S311 - no secret
        binding = generator.choice(bound)
        check = source.checks[binding.printed_number]
        assert check.computed_value is not None
        # one unit of what is printed, and what is allowed beside it
        step = binding.allowed_difference + Decimal(1).scaleb(-binding.decimals) * generator.randint(1, 9)
        value = check.computed_value + step * binding.scale * generator.choice([1, -1])
        proof = judge_reading(reading, source.checks | {binding.printed_number: replace(check, computed_value=value)})
        failures = proof.failures()
        if [finding for finding in failures if finding.printed_number == binding.printed_number]:
            caught += 1
            alone += len(failures) == 1 and failures[0].verdict is Verdict.DIFFERS
        else:
            escaped.append((binding.printed_number, str(value)))
    with capsys.disabled():
        print(f"\nchanges of a figure caught: {caught} of {CHANGES}, {alone} of them as the only finding")
    assert not escaped
    assert alone == CHANGES
