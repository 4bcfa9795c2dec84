"""Prove a document: what each of its numerals says against what the marts say. Pure: no file, no database, no clock.

Each numeral of the document and each binding becomes one finding. A numeral is found by its binding's printed form and
judged by the figure: where the warehouse agrees, the figure as the binding prints it must stand there; where it allows
a difference or knows the contradiction, the printed form itself. A unit that stands behind a numeral must be the
binding's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from bokslut.proof.align import TELLING_DIGITS, Expected, Kind, Pair, align, nearest_line, present
from bokslut.proof.bindings import Binding, Check, Figure, judge
from bokslut.proof.exemptions import Exemption, Rule, exempt_atoms, find_exemptions
from bokslut.proof.formatting import WORD_VALUES, parse_printed, printed_form, rounded, word_for
from bokslut.proof.numerals import Atom, Unit, find_atoms, grouped, is_broken_over, letters, shown, unit_of
from bokslut.proof.reader import Document

CONTEXT = 50  # characters on each side of a numeral
FEW = 10  # bindings from which on half of them tell the document
SAME_ROW = 0.5  # how alike the places of two bindings of one row are, at least
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

    line, page: where it stands, or where a missing one would (page: None without pages). found: the numeral as it
    stands there, in plain signs; empty when missing. expected: what should stand there, empty where nothing is known.
    unit: what is printed behind it. section, place, figure_key, printed_number: the binding's, empty or None without
    one. context: the text around it. note: why. rule_id: the rule that exempts it. figure: what the
    marts say, in the form of the binding.
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
    figure: str = ""


@dataclass(frozen=True)
class Proof:
    """The findings in document order, and how many of the bindings that tell documents apart were found as printed.

    A document that is not the one that was bound may have no findings: nothing is aligned that cannot be.
    """

    findings: tuple[Finding, ...]
    telling: int
    telling_found: int

    def of(self, *verdicts: Verdict) -> list[Finding]:
        """The findings with one of these verdicts, in document order."""
        return [finding for finding in self.findings if finding.verdict in verdicts]

    def is_other_document(self) -> bool:
        """Whether less than half of the bindings were found: then the document is not the one that was bound.

        Of a few bindings half can be wrong in the right document; then it is another one only when none was found.
        """
        if self.telling < FEW:
            return self.telling > 1 and self.telling_found == 0
        return 2 * self.telling_found < self.telling

    def failures(self, *, strict: bool = False) -> list[Finding]:
        """What makes the proof fail: differs, missing, unbound with a unit; when strict, every unbound numeral."""
        return [
            finding
            for finding in self.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND)
            if finding.verdict is not Verdict.UNBOUND or finding.unit or strict
        ]


@dataclass(frozen=True)
class Reading:
    """The numerals of a document, aligned with its bindings: atoms, what exempts each, and one pair per binding."""

    document: Document
    bindings: Sequence[Binding]
    atoms: Sequence[Atom]
    exemptions: Sequence[Exemption | None]
    expected: Sequence[Expected]
    pairs: Sequence[Pair]


def prove(document: Document, bindings: Sequence[Binding], rules: Sequence[Rule], checks: Mapping[int, Check]) -> Proof:
    """Prove a document against its bindings, which are in document order.

    checks: by printed_number, one for each binding that has a figure key. Raises RuleError for a rule that is no
    regular expression.
    """
    telling = _telling(bindings)
    atoms = _find_atoms(document, bindings)
    standing = sum(present(document, atoms, [Expected.of(bindings[index].printed, "") for index in telling]))
    unread = Proof((), len(telling), standing)
    if unread.is_other_document():
        return unread
    return judge_reading(_align(document, bindings, rules, atoms), checks)


def read_numerals(document: Document, bindings: Sequence[Binding], rules: Sequence[Rule]) -> Reading:
    """Find the numerals of a document and align them with its bindings. Raises RuleError."""
    return _align(document, bindings, rules, _find_atoms(document, bindings))


def _find_atoms(document: Document, bindings: Sequence[Binding]) -> list[Atom]:
    words = {binding.printed for binding in bindings if letters(binding.printed)}
    return find_atoms(document.text, words | set(WORD_VALUES) if words else ())


def _align(document: Document, bindings: Sequence[Binding], rules: Sequence[Rule], atoms: Sequence[Atom]) -> Reading:
    exemptions = exempt_atoms(atoms, find_exemptions(document.text, rules))
    expected = [Expected.of(binding.printed, binding.place) for binding in bindings]
    pairs = align(document, atoms, [exemption is not None for exemption in exemptions], expected)
    return Reading(document, bindings, atoms, exemptions, expected, pairs)


def judge_reading(reading: Reading, checks: Mapping[int, Check]) -> Proof:
    """Say of each numeral, and of each binding without one, what the marts say of it."""
    bindings, pairs = reading.bindings, reading.pairs
    prover = Prover(reading.document, reading.atoms, reading.exemptions)
    taken = [False] * len(reading.atoms)
    findings: list[Finding] = []
    for index, (binding, pair) in enumerate(zip(bindings, pairs, strict=True)):
        taken[pair.first : pair.end] = [True] * (pair.end - pair.first)
        if pair.kind is Kind.MISSING:
            findings.append(prover.missing(binding, _missed_between(reading.expected, pairs, index)))
        else:
            findings.append(prover.judged(binding, checks.get(binding.printed_number), pair))
    findings.extend(prover.left_over(taken))
    findings.sort(key=lambda finding: finding.offset)
    telling = _telling(bindings)
    found = sum(pairs[index].kind is Kind.MATCHED for index in telling)
    return Proof(tuple(findings), len(telling), found)


def _telling(bindings: Sequence[Binding]) -> list[int]:
    """The indexes of the bindings that can tell one document from another: a 0 or a 3 stands in all of them."""
    return [
        index
        for index, binding in enumerate(bindings)
        if sum(character.isdigit() for character in binding.printed) >= TELLING_DIGITS
    ] or list(range(len(bindings)))


def _missed_between(expected: Sequence[Expected], pairs: Sequence[Pair], index: int) -> _Missed:
    """What surrounds a missing binding: the nearest bindings that were found, and whether one is of its row."""
    before = next((at for at in range(index - 1, -1, -1) if pairs[at].kind is not Kind.MISSING), None)
    after = next((at for at in range(index + 1, len(pairs)) if pairs[at].kind is not Kind.MISSING), None)
    place = expected[index].place
    alike = [0.0 if at is None else _likeness(place, expected[at].place) for at in (before, after)]
    return _Missed(
        place,
        None if before is None else pairs[before].end - 1,
        None if after is None else pairs[after].first,
        alike[0] if max(alike) >= SAME_ROW else 0.0,
        alike[1] if max(alike) >= SAME_ROW else 0.0,
    )


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def expected_text(binding: Binding, check: Check | None) -> str:
    """What the document should say for a binding; empty where the marts do not know it.

    The figure in the form of the binding, a word as a word. The printed form itself where the two say the same, where
    the difference is allowed, for a known contradiction, and for a numeral that no mart can know.
    """
    if binding.figure_key is None:
        return binding.printed
    figure = figure_text(binding, check)
    is_as_bound = bool(figure) and check is not None and (check.is_declared or _holds(binding, check))
    return binding.printed if is_as_bound else figure


def figure_text(binding: Binding, check: Check | None) -> str:
    """The figure of the marts in the form of the binding, a word as a word; empty where there is none."""
    if check is None or check.computed_value is None or check.verdict == "not_computable":
        return ""
    number = rounded(check.computed_value, binding.scale, binding.decimals, binding.sign)
    word = word_for(number, binding.printed) if letters(binding.printed) else None
    return word or printed_form(check.computed_value, binding.scale, binding.decimals, binding.sign)


def _holds(binding: Binding, check: Check) -> bool:
    """Whether print says what the marts say: the warehouse's verdict, and the same rule on the given value."""
    if check.computed_value is None or check.verdict not in ("agrees", "rounding", "approximate"):
        return False
    printed = check.printed_value
    number = binding.printed_number_value() if printed is None else printed * binding.sign / binding.scale
    return judge(binding, Figure(check.computed_value, binding.unit or ""), number) != "differs"


@dataclass(frozen=True)
class _Missed:
    """Where a missing binding belongs.

    place: the words of its place. before, after: the atoms that were found for the bindings around it, None at the ends
    of the document. like_before, like_after: how alike (0 to 1) their places are; both 0 when it is of no one's row.
    """

    place: frozenset[str]
    before: int | None
    after: int | None
    like_before: float
    like_after: float


class Prover:
    """Makes the findings of one document: its atoms, and what exempts each of them."""

    def __init__(self, document: Document, atoms: Sequence[Atom], exemptions: Sequence[Exemption | None]) -> None:
        self.document = document
        self.atoms = atoms
        self.exemptions = exemptions

    def judged(self, binding: Binding, check: Check | None, pair: Pair) -> Finding:
        """The finding on a numeral that stands for a binding, the expected one or another."""
        found = shown(self.document.text, self.atoms, pair.first, pair.end, loose_minus=binding.printed.startswith("-"))
        unit = unit_of(self.document.text, self.atoms, pair.end - 1)
        expected = expected_text(binding, check)
        verdict, note = self._verdict(binding, check, found, expected, pair.kind)
        wrong_unit = _wrong_unit(binding, unit)
        if wrong_unit and verdict in (Verdict.PROVEN, Verdict.DECLARED):
            verdict, note, expected = Verdict.DIFFERS, "the unit is another", f"{expected} {wrong_unit}"
        finding = self._finding(verdict, pair.first, pair.end, found, expected, unit, binding, note)
        return replace(finding, figure=figure_text(binding, check))

    def _verdict(
        self, binding: Binding, check: Check | None, found: str, expected: str, kind: Kind
    ) -> tuple[Verdict, str]:
        if binding.figure_key is None and not binding.exemption:
            return Verdict.UNBOUND, "the binding names no figure yet"
        if not _says(found, expected):
            if check is not None and check.is_declared and _says(found, figure_text(binding, check)):
                return Verdict.PROVEN, "the marts' figure now, though a contradiction is still declared"
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

    def missing(self, binding: Binding, missed: _Missed) -> Finding:
        """The finding on a binding without its numeral: beside the rest of its row, else at the line of its place."""
        start = 0 if missed.before is None else self.atoms[missed.before].end
        end = len(self.document.text) if missed.after is None else self.atoms[missed.after].start
        if missed.like_before or missed.like_after:
            offset = start if missed.like_before >= missed.like_after else end
        else:
            line = nearest_line(self.document, start, end, missed.place)
            offset = max(self.document.line_starts[line - 1], start)
        why = "" if binding.figure_key else f" ({binding.exemption or 'its binding is open'})"
        return self.absent(binding, offset, f"not in the document{why}")

    def absent(self, binding: Binding, offset: int, note: str) -> Finding:
        """The finding that a binding has no numeral, told at an offset."""
        return Finding(
            verdict=Verdict.MISSING,
            line=self.document.line_number(offset),
            page=self.document.page_number(offset),
            offset=offset,
            found="",
            expected=binding.printed,
            unit="",
            section=binding.section,
            place=binding.place,
            figure_key=binding.figure_key or "",
            printed_number=binding.printed_number,
            context=self._context(offset, offset),
            note=note,
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
                if stop < len(self.atoms) and is_broken_over(self.document.text, self.atoms, stop - 1):
                    stop += 1
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
            verdict=verdict,
            line=self.document.line_number(start),
            page=self.document.page_number(start),
            offset=start,
            found=found,
            expected=expected,
            unit=unit.text if unit else "",
            section=binding.section if binding else "",
            place=binding.place if binding else "",
            figure_key=(binding.figure_key or "") if binding else "",
            printed_number=binding.printed_number if binding else None,
            context=self._context(start, self.atoms[end - 1].end),
            note=note,
            rule_id=rule_id,
        )

    def _context(self, start: int, end: int) -> str:
        """The text around a numeral, on one line and without control characters."""
        text = self.document.text[max(0, start - CONTEXT) : end + CONTEXT]
        shown_on_a_line = " ".join(text.split())
        if shown_on_a_line.isprintable():
            return shown_on_a_line
        return " ".join("".join(letter if letter.isprintable() else " " for letter in shown_on_a_line).split())


def _says(found: str, expected: str) -> bool:
    """Whether what was found is what was expected, as a form or as a number."""
    return found.casefold() == expected.casefold() or _same_number(found, expected)


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
