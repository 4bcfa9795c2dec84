"""Prove a document: what each of its numerals says against what the marts say. Pure: no file, no database, no clock.

Each numeral of the document and each binding becomes one finding. A numeral is found by its binding's printed form and
judged by the figure: where the warehouse agrees, the figure as the binding prints it must stand there; where it allows a
difference or knows the contradiction, the printed form itself. A unit that stands behind a numeral must be the binding's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from bokslut.proof.align import Expected, Kind, Pair, align, nearest_line
from bokslut.proof.bindings import Binding, Check, Figure, judge
from bokslut.proof.exemptions import Exemption, Rule, exempt_atoms, find_exemptions
from bokslut.proof.formatting import WORD_VALUES, parse_printed, printed_form, rounded, word_for
from bokslut.proof.numerals import Atom, Unit, find_atoms, grouped, letters, shown, unit_of
from bokslut.proof.reader import Document

CONTEXT = 50  # characters on each side of a numeral
UNIT_NAMES: Mapping[tuple[str, int], str] = {
    ("sek", 1): "kronor",
    ("sek", 1000): "tkr",
    ("sek", 1_000_000): "mkr",
    ("percent", 1): "%",
    ("percentage_points", 1): "procentenheter",
}


class Verdict(Enum):
    """What is said of a numeral. DECLARED: a known contradiction, printed as it is known."""

    PROVEN = "proven"
    EXEMPT = "exempt"
    DECLARED = "declared"
    DIFFERS = "differs"
    MISSING = "missing"
    UNBOUND = "unbound"


@dataclass(frozen=True)
class Finding:
    """What is said of one numeral, or of one binding whose numeral is missing.

    line, page: where it stands, or where a missing one would (page: None without pages). found: the numeral as it stands
    there, in plain signs; empty when missing. expected: what should stand there, empty where nothing is known. unit: what is
    printed behind it. section, place, figure_key, printed_number: the binding's, empty or None without one. context: the
    text around it. note: why. rule_id: the rule that exempts it.
    """

    verdict: Verdict
    line: int
    page: int | None
    offset: int
    found: str
    expected: str
    unit: str
    section: str
    place: str
    figure_key: str
    printed_number: int | None
    context: str
    note: str
    rule_id: str = ""


@dataclass(frozen=True)
class Proof:
    """The findings in document order, and how many of the bindings that can tell documents apart were found as printed."""

    findings: tuple[Finding, ...]
    telling: int
    telling_found: int

    def of(self, *verdicts: Verdict) -> list[Finding]:
        """The findings with one of these verdicts, in document order."""
        return [finding for finding in self.findings if finding.verdict in verdicts]

    def is_other_document(self) -> bool:
        """Whether less than half of the bindings were found: then the document is not the one that was bound."""
        return 2 * self.telling_found < self.telling

    def failures(self, *, strict: bool = False) -> list[Finding]:
        """What makes the proof fail: differs, missing, unbound with a unit; when strict, every unbound numeral."""
        return [
            finding
            for finding in self.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND)
            if finding.verdict is not Verdict.UNBOUND or finding.unit or strict
        ]


def prove(
    document: Document, bindings: Sequence[Binding], rules: Sequence[Rule], checks: Mapping[int, Check]
) -> Proof:
    """Prove a document against its bindings (in document order). checks: by printed_number, for each that has a figure key.

    Raises RuleError for a rule that is no regular expression.
    """
    words = {binding.printed for binding in bindings if letters(binding.printed)}
    atoms = find_atoms(document.text, words | set(WORD_VALUES) if words else ())
    exemptions = exempt_atoms(atoms, find_exemptions(document.text, rules))
    expected = [Expected.of(binding.printed, binding.place) for binding in bindings]
    pairs = align(document, atoms, [exemption is not None for exemption in exemptions], expected)
    prover = _Prover(document, atoms, exemptions)
    taken = [False] * len(atoms)
    findings: list[Finding] = []
    for index, (binding, pair) in enumerate(zip(bindings, pairs, strict=True)):
        taken[pair.first : pair.end] = [True] * (pair.end - pair.first)
        if pair.kind is Kind.MISSING:
            findings.append(prover.missing(binding, expected[index], *_bounds(pairs, index, len(atoms))))
        else:
            findings.append(prover.judged(binding, checks.get(binding.printed_number), pair))
    findings.extend(prover.left_over(taken))
    findings.sort(key=lambda finding: finding.offset)
    telling = [index for index, binding in enumerate(bindings) if _tells(binding)] or list(range(len(bindings)))
    found = sum(pairs[index].kind is Kind.MATCHED for index in telling)
    return Proof(tuple(findings), len(telling), found)


def _tells(binding: Binding) -> bool:
    """Whether a numeral can tell one document from another: a 0 or a 3 stands in all of them."""
    return sum(character.isdigit() for character in binding.printed) >= 3


def _bounds(pairs: Sequence[Pair], index: int, end: int) -> tuple[int, int]:
    """The atoms between which a missing binding belongs: the last one before it that was found, the first one after it."""
    before = next((pair.end - 1 for pair in reversed(pairs[:index]) if pair.kind is not Kind.MISSING), -1)
    after = next((pair.first for pair in pairs[index + 1 :] if pair.kind is not Kind.MISSING), end)
    return before, after


def expected_text(binding: Binding, check: Check | None) -> str:
    """What the document should say for a binding; empty where the marts do not know it.

    The figure in the form of the binding, a word as a word. The printed form itself where the two say the same, where the
    difference is allowed, for a known contradiction, and for a numeral that no mart can know.
    """
    if binding.figure_key is None:
        return binding.printed
    if check is None or check.computed_value is None or check.verdict == "not_computable":
        return ""
    if check.is_declared or _holds(binding, check):
        return binding.printed
    number = rounded(check.computed_value, binding.scale, binding.decimals, binding.sign)
    word = word_for(number, binding.printed) if letters(binding.printed) else None
    return word or printed_form(check.computed_value, binding.scale, binding.decimals, binding.sign)


def _holds(binding: Binding, check: Check) -> bool:
    """Whether the printed form says what the marts say. The verdict of the warehouse alone is not enough: it is as old as
    its build, and what agreed then is compared again with the value that is given."""
    if check.computed_value is None or check.verdict not in ("agrees", "rounding", "approximate"):
        return False
    printed = check.printed_value
    number = binding.printed_number_value() if printed is None else printed * binding.sign / binding.scale
    return judge(binding, Figure(check.computed_value, binding.unit or ""), number) != "differs"


class _Prover:
    """Makes the findings of one document."""

    def __init__(self, document: Document, atoms: Sequence[Atom], exemptions: Sequence[Exemption | None]) -> None:
        self.document = document
        self.atoms = atoms
        self.exemptions = exemptions

    def judged(self, binding: Binding, check: Check | None, pair: Pair) -> Finding:
        """The finding on a numeral that stands for a binding, the expected one or another."""
        found = shown(
            self.document.text, self.atoms, pair.first, pair.end, loose_minus=binding.printed.startswith("-")
        )
        unit = unit_of(self.document.text, self.atoms, pair.end - 1)
        expected = expected_text(binding, check)
        verdict, note = self._verdict(binding, check, found, expected, pair.kind)
        wrong_unit = _wrong_unit(binding, unit)
        if wrong_unit and verdict in (Verdict.PROVEN, Verdict.DECLARED):
            verdict, note, expected = Verdict.DIFFERS, "the unit is another", f"{expected} {wrong_unit}"
        return self._finding(verdict, pair.first, pair.end, found, expected, unit, binding, note)

    def _verdict(
        self, binding: Binding, check: Check | None, found: str, expected: str, kind: Kind
    ) -> tuple[Verdict, str]:
        if binding.figure_key is None and not binding.exemption:
            return Verdict.UNBOUND, "the binding names no figure yet"
        if found.casefold() != expected.casefold() and not _same_number(found, expected):
            return Verdict.DIFFERS, self._why(binding, check, kind)
        if binding.figure_key is None:
            return Verdict.EXEMPT, binding.exemption or ""
        if check is not None and check.is_declared:
            return Verdict.DECLARED, check.note or "a known contradiction"
        allowed = {"rounding": "rounded by itself, as declared", "approximate": "approximate, as declared"}
        return Verdict.PROVEN, allowed.get(check.verdict, "") if check is not None else ""

    def _why(self, binding: Binding, check: Check | None, kind: Kind) -> str:
        if binding.figure_key is None:
            return f"not as it was bound; no figure knows it ({binding.exemption})"
        if check is None or check.computed_value is None:
            return "the marts have no such figure"
        if check.verdict == "not_computable":
            return "the figure has another unit than the binding"
        return "not the figure of the marts" if kind is Kind.MATCHED else "not as it was bound"

    def missing(self, binding: Binding, expected: Expected, before: int, after: int) -> Finding:
        """The finding on a binding whose numeral is not there: at the line of its place, between its neighbours."""
        start = self.atoms[before].end if before >= 0 else 0
        end = self.atoms[after].start if after < len(self.atoms) else len(self.document.text)
        line = nearest_line(self.document, start, end, expected.place)
        offset = max(self.document.line_starts[line - 1], start)
        return Finding(
            Verdict.MISSING,
            line,
            self.document.page_number(offset),
            offset,
            "",
            binding.printed,
            "",
            binding.section,
            binding.place,
            binding.figure_key or "",
            binding.printed_number,
            self._context(offset, offset),
            "not in the document" if binding.figure_key else f"not in the document ({binding.exemption or 'open'})",
        )

    def left_over(self, taken: Sequence[bool]) -> list[Finding]:
        """The findings on what stands for no binding: exempt by a rule, or unbound."""
        findings: list[Finding] = []
        index = 0
        while index < len(self.atoms):
            atom, exemption = self.atoms[index], self.exemptions[index]
            end = index + 1
            if taken[index] or atom.is_word:
                pass
            elif exemption is not None:
                while end < len(self.atoms) and self.exemptions[end] is exemption and not taken[end]:
                    end += 1
                found = " ".join(self.document.text[atom.start : self.atoms[end - 1].end].split())
                findings.append(
                    self._finding(
                        Verdict.EXEMPT, index, end, found, "", None, None, exemption.rule.reason, exemption.rule.rule_id
                    )
                )
            elif atom.is_label:
                findings.append(self._finding(Verdict.EXEMPT, index, end, atom.text, "", None, None, "part of a name"))
            else:
                stop = grouped(self.atoms, index)
                while end < stop and not taken[end] and self.exemptions[end] is None:
                    end += 1
                unit = unit_of(self.document.text, self.atoms, end - 1)
                found = shown(self.document.text, self.atoms, index, end)
                note = "no binding" if unit else "no binding, and no unit"
                findings.append(self._finding(Verdict.UNBOUND, index, end, found, "", unit, None, note))
            index = end
        return findings

    def _finding(
        self,
        verdict: Verdict,
        first: int,
        end: int,
        found: str,
        expected: str,
        unit: Unit | None,
        binding: Binding | None,
        note: str,
        rule_id: str = "",
    ) -> Finding:
        start = self.atoms[first].start
        return Finding(
            verdict,
            self.document.line_number(start),
            self.document.page_number(start),
            start,
            found,
            expected,
            unit.text if unit else "",
            binding.section if binding else "",
            binding.place if binding else "",
            (binding.figure_key or "") if binding else "",
            binding.printed_number if binding else None,
            self._context(start, self.atoms[end - 1].end),
            note,
            rule_id,
        )

    def _context(self, start: int, end: int) -> str:
        """The text around a numeral on one line, so that it can be recognised; over line ends where the line is short."""
        text = self.document.text[max(0, start - CONTEXT) : end + CONTEXT]
        return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _same_number(found: str, expected: str) -> bool:
    """Whether a word and digits say the same number (`3` for `tre`); two ways to write digits are two forms."""
    if not expected or letters(found) == letters(expected):
        return False
    word, digits = (found, expected) if letters(found) else (expected, found)
    value = WORD_VALUES.get(word.casefold())
    try:
        return value is not None and parse_printed(digits) == Decimal(value)
    except ValueError:
        return False


def _wrong_unit(binding: Binding, unit: Unit | None) -> str:
    """The unit that a binding calls for where another one is printed; empty where there is nothing to say."""
    if unit is None or binding.unit is None or (unit.kind, unit.scale) == (binding.unit, binding.scale):
        return ""
    return UNIT_NAMES.get((binding.unit, binding.scale), "without a unit")
