"""Show a proof: a table and the findings that matter for people, JSON and CSV for machines. Pure: nothing is written.

A text of the document never becomes a mark-up, a control sequence or a formula here.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bokslut.inert import inert
from bokslut.proof.prove import Finding, Proof, Verdict

SECTIONS = 20  # rows of the table; more are summed up, those without a remark first
SHOWN = 40  # findings shown to people; the rest is in --csv and --json
COLOURS = {
    Verdict.DIFFERS: "red",
    Verdict.MISSING: "red",
    Verdict.UNBOUND: "yellow",
    Verdict.DECLARED: "cyan",
}
FINDING_COLUMNS = (
    "verdict",
    "line",
    "page",
    "section",
    "place",
    "found",
    "unit",
    "expected",
    "figure",
    "figure_key",
    "printed_number",
    "rule_id",
    "note",
    "context",
)


@dataclass(frozen=True)
class Subject:
    """What was proven: the file, the document that it was proven as, where the bindings come from, which database."""

    file: str
    document_id: str
    title: str
    bindings: str
    database: str


def for_people(subject: Subject, proof: Proof, *, strict: bool) -> RenderableType:
    """The heading, the table by section and verdict, the findings that matter and the sum in one line."""
    heading = Text(f"{subject.title} ({subject.document_id})\n", "bold")
    heading.append(f"Document: {subject.file}\nBindings: {subject.bindings}\nFigures:  {subject.database}", "not bold")
    parts: list[RenderableType] = [heading, _table(proof)]
    matter = proof.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND, Verdict.DECLARED)
    parts.extend(_finding(finding) for finding in matter[:SHOWN])
    if len(matter) > SHOWN:
        parts.append(Text(f"... and {len(matter) - SHOWN} more: --csv or --json lists them all"))
    parts.append(Text(summary(proof, strict=strict), "bold red" if proof.failures(strict=strict) else "bold green"))
    return Group(*parts)


def summary(proof: Proof, *, strict: bool) -> str:
    """One line: how many numerals, how many of each verdict, and whether the proof holds."""
    counts = Counter(finding.verdict for finding in proof.findings)
    numerals = len(proof.findings) - counts[Verdict.MISSING]
    with_unit = sum(bool(finding.unit) for finding in proof.of(Verdict.UNBOUND))
    outcome = f"{len(proof.failures(strict=strict))} to correct" if proof.failures(strict=strict) else "the proof holds"
    return (
        f"{numerals} numerals: {counts[Verdict.PROVEN]} proven, {counts[Verdict.EXEMPT]} exempt,"
        f" {counts[Verdict.DECLARED]} declared, {counts[Verdict.DIFFERS]} differ, {counts[Verdict.UNBOUND]} unbound"
        f" ({with_unit} with a unit); {counts[Verdict.MISSING]} missing - {outcome}"
    )


def by_section(proof: Proof) -> list[tuple[str, Counter[Verdict]]]:
    """Counts by section in document order. A numeral without a binding counts in the section of the one before it."""
    counts: dict[str, Counter[Verdict]] = {}
    section = next((finding.section for finding in proof.findings if finding.section), "")
    for finding in proof.findings:
        section = finding.section or section
        counts.setdefault(section, Counter())[finding.verdict] += 1
    return list(counts.items())


def _table(proof: Proof) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True, expand=True)
    rows = by_section(proof)
    quiet = {section for section, counts in rows if not set(counts) - {Verdict.PROVEN, Verdict.EXEMPT}}
    hidden = quiet if len(rows) > SECTIONS else set()
    total: Counter[Verdict] = Counter()
    for _, counts in rows:
        total.update(counts)
    table.add_column("section", f"all {len(rows)} sections", ratio=1, no_wrap=True, overflow="ellipsis")
    for verdict in Verdict:
        table.add_column(
            verdict.value, str(total[verdict]), justify="right", no_wrap=True, min_width=len(verdict.value)
        )
    for section, counts in rows:
        if section not in hidden:
            _add_row(table, section or "(no section)", counts)
    if hidden:
        summed: Counter[Verdict] = Counter()
        for section, counts in rows:
            if section in hidden:
                summed.update(counts)
        _add_row(table, f"{len(hidden)} sections without a remark", summed)
    return table


def _add_row(table: Table, section: str, counts: Counter[Verdict]) -> None:
    cells = [Text(str(counts[verdict]) if counts[verdict] else "", COLOURS.get(verdict, "")) for verdict in Verdict]
    table.add_row(Text(printable(section)), *cells)


def _finding(finding: Finding) -> Text:
    where = f"line {finding.line}" + (f", page {finding.page}" if finding.page else "")
    text = Text(f"{finding.verdict.value:<9}", COLOURS.get(finding.verdict, ""))
    text.append(f"{where}: ")
    if finding.found:
        text.append(f"{finding.found}{f' {finding.unit}' if finding.unit else ''}", "bold")
    if finding.verdict is Verdict.DIFFERS:
        text.append(", should say ")
        text.append(finding.expected or "nothing that the marts know", "bold")
    elif finding.verdict is Verdict.MISSING:
        text.append(finding.expected, "bold")
    elif finding.verdict is Verdict.DECLARED:
        text.append(", the marts say ")
        text.append(finding.figure, "bold")
    text.append(f" - {finding.note}" if finding.note else "")
    text.append(f" [{finding.figure_key}]" if finding.figure_key else "")
    text.append(f"\n{'':<9}{_around(finding)}", "dim")
    return text


def _around(finding: Finding) -> str:
    place = f"{finding.place}: " if finding.place else ""
    return printable(f"{place}... {finding.context} ...")


def printable(text: str) -> str:
    """The text on one line, without what a terminal would take for a command."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def as_json(subject: Subject, proof: Proof, *, strict: bool) -> str:
    """The proof as JSON: subject, counts by verdict, and all findings in document order."""
    counts = Counter(finding.verdict for finding in proof.findings)
    content = {
        "file": subject.file,
        "document_id": subject.document_id,
        "bindings": subject.bindings,
        "database": subject.database,
        "holds": not proof.failures(strict=strict),
        "counts": {verdict.value: counts[verdict] for verdict in Verdict},
        "findings": [dict(zip(FINDING_COLUMNS, _cells(finding), strict=True)) for finding in proof.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_csv(proof: Proof) -> str:
    """All findings as CSV, one row each, in document order. A text that begins like a formula gets an apostrophe."""
    return written(
        FINDING_COLUMNS,
        (
            [_inert(name, cell) for name, cell in zip(FINDING_COLUMNS, _cells(finding), strict=True)]
            for finding in proof.findings
        ),
    )


def written(columns: Sequence[str], rows: Iterator[Sequence[object]]) -> str:
    """CSV with a header, lines ended by a line feed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _cells(finding: Finding) -> list[object]:
    return [
        finding.verdict.value,
        finding.line,
        finding.page,
        finding.section,
        finding.place,
        finding.found,
        finding.unit,
        finding.expected,
        finding.figure,
        finding.figure_key,
        finding.printed_number,
        finding.rule_id,
        finding.note,
        finding.context,
    ]


def _inert(name: str, cell: object) -> object:
    """Free texts alone: a printed `-3 184` is a number to a spreadsheet too."""
    is_free = name in ("section", "place", "context", "note")
    return inert(cell) if is_free else cell
