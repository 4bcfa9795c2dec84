"""Prove a rendered Word file that may have been edited: each figure stands in a content control that names it. Pure.

What stands in a control is judged by the control's tag, wherever it stands and however often. What stands outside is
exempt by a rule or by an exempt binding, in any order, and else unbound. A control that is gone with its text is no
finding: a figure that is not printed says nothing false. Where a number took its place, it is missing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bokslut.proof.align import Kind, Pair
from bokslut.proof.bindings import Binding, Check
from bokslut.proof.exemptions import Exemption, Rule, exempt_atoms, find_exemptions
from bokslut.proof.formatting import WORD_VALUES
from bokslut.proof.numerals import Atom, find_atoms, grouped, reads_on, shown, unit_of
from bokslut.proof.prove import Finding, Proof, Prover, Verdict
from bokslut.proof.reader import Document, Mark


def has_controls(document: Document, bindings: Sequence[Binding]) -> bool:
    """Whether a content control of the document is tagged with a figure of the bindings."""
    keys = {binding.figure_key for binding in bindings}
    return any(mark.tag in keys for mark in document.marks)


def prove_controls(
    document: Document, bindings: Sequence[Binding], rules: Sequence[Rule], checks: Mapping[int, Check]
) -> Proof:
    """Prove a document with marks against its bindings, which are in the order in which the file was written.

    The id of a control is its figure's place among the bindings that have one, from 1; a copy has an id of its own.
    checks: by printed_number, one for each binding that has a figure key. Raises RuleError.
    """
    return _Controls(document, bindings, rules, checks).proof()


class _Controls:
    """One proof; holds what each control and each numeral asks for."""

    def __init__(
        self, document: Document, bindings: Sequence[Binding], rules: Sequence[Rule], checks: Mapping[int, Check]
    ) -> None:
        self.document = document
        self.atoms: Sequence[Atom] = find_atoms(document.text, WORD_VALUES)
        self.exemptions: Sequence[Exemption | None] = exempt_atoms(self.atoms, find_exemptions(document.text, rules))
        self.prover = Prover(document, self.atoms, self.exemptions)
        self.starts = [atom.start for atom in self.atoms]
        self.checks = checks
        self.bound = [binding for binding in bindings if binding.figure_key]
        self.exempt = [binding for binding in bindings if not binding.figure_key and binding.exemption]
        self.by_key: dict[str, list[Binding]] = {}
        for binding in self.bound:
            self.by_key.setdefault(binding.figure_key or "", []).append(binding)
        self.marks = [mark for mark in document.marks if mark.tag in self.by_key]
        self.taken = [False] * len(self.atoms)
        for mark in self.marks:
            for index in self._inside(mark):
                self.taken[index] = True

    def proof(self) -> Proof:
        findings = [self._judged(mark) for mark in self.marks]
        findings.extend(self._exempt_by_binding())
        others = self.prover.left_over(self.taken)
        findings.extend(others)
        findings.extend(self._replaced(finding for finding in others if finding.verdict is Verdict.UNBOUND))
        findings.sort(key=lambda finding: finding.offset)
        return Proof(tuple(findings), len(self.document.marks), len(self.marks))

    def _inside(self, mark: Mark) -> Sequence[int]:
        """The atoms of which a part stands in the control: its digits, or its number words where it has no digits."""
        first = bisect_right(self.starts, mark.start)
        if first and self.atoms[first - 1].end > mark.start:
            first -= 1
        all_inside = range(first, bisect_left(self.starts, mark.end))
        return [index for index in all_inside if not self.atoms[index].is_word] or all_inside

    def _judged(self, mark: Mark) -> Finding:
        """The finding on one control: the first form of its figure that holds, else that of its own binding."""
        own = self._own(mark)
        inside = self._inside(mark)
        if not inside:
            return self.prover.absent(own or self.by_key[mark.tag][0], mark.start, "its control holds no number")
        first, end = self._whole(inside[0], inside[-1] + 1)
        findings = [self._finding(binding, first, end) for binding in self._forms(mark, own, end)]
        holding = (found for found in findings if found.verdict in (Verdict.PROVEN, Verdict.DECLARED))
        return next(holding, findings[0])

    def _finding(self, binding: Binding, first: int, end: int) -> Finding:
        found = shown(self.document.text, self.atoms, first, end, loose_minus=binding.printed.startswith("-"))
        kind = Kind.MATCHED if found == binding.printed else Kind.SUBSTITUTED
        return self.prover.judged(binding, self.checks.get(binding.printed_number), Pair(kind, first, end))

    def _own(self, mark: Mark) -> Binding | None:
        """The binding of the control's id, if it is of the figure that the control names."""
        if mark.number is None or not 1 <= mark.number <= len(self.bound):
            return None
        binding = self.bound[mark.number - 1]
        return binding if binding.figure_key == mark.tag else None

    def _forms(self, mark: Mark, own: Binding | None, end: int) -> list[Binding]:
        """The bindings that the control may say: its own first, then the other forms of its figure.

        A form of another unit or scale than its own must have its unit printed behind it.
        """
        if own is None:
            return self.by_key[mark.tag]
        units = [(own.unit, own.scale)]
        unit = unit_of(self.document.text, self.atoms, end - 1)
        if unit is not None:
            units.append((unit.kind, unit.scale))
        others = (
            binding
            for binding in self.by_key[mark.tag]
            if binding is not own and binding.fiscal_year == own.fiscal_year and (binding.unit, binding.scale) in units
        )
        return [own, *others]

    def _whole(self, first: int, end: int) -> tuple[int, int]:
        """The numeral with what was typed against it outside the control, as one reads it."""
        while first and self._is_typed(first - 1) and reads_on(self.atoms, first - 1):
            first -= 1
            self.taken[first] = True
        while end < len(self.atoms) and self._is_typed(end) and reads_on(self.atoms, end - 1):
            self.taken[end] = True
            end += 1
        return first, end

    def _is_typed(self, index: int) -> bool:
        return not self.taken[index] and self.exemptions[index] is None

    def _exempt_by_binding(self) -> list[Finding]:
        """The numerals outside controls that exempt bindings print, as many of each as there are, in any order."""
        waiting: dict[str, list[Binding]] = {}
        for binding in reversed(self.exempt):
            waiting.setdefault(binding.printed, []).append(binding)
        findings: list[Finding] = []
        index = 0
        while index < len(self.atoms):
            end = index + 1
            # the digits of a label ("A1") are no numeral, and have no binding
            if self._is_typed(index) and not self.atoms[index].is_label:
                end = grouped(self.atoms, index)
                found = shown(self.document.text, self.atoms, index, end)
                if waiting.get(found) and not any(self.taken[index:end]):
                    findings.append(self.prover.judged(waiting[found].pop(), None, Pair(Kind.MATCHED, index, end)))
                    self.taken[index:end] = [True] * (end - index)
            index = end
        return findings

    def _replaced(self, unbound: Iterable[Finding]) -> list[Finding]:
        """The figures whose control is gone while a number that nothing knows stands where it stood."""
        there = Counter(mark.number for mark in self.marks)
        starts = [mark.start for mark in self.marks]
        findings: dict[int, Finding] = {}
        for finding in unbound:
            place = bisect_left(starts, finding.offset)
            beside = [(mark.number or 0) + 1 for mark in self.marks[max(place - 1, 0) : place]]
            beside += [(mark.number or 0) - 1 for mark in self.marks[place : place + 1]]
            for number in beside:
                if 1 <= number <= len(self.bound) and not there[number] and number not in findings:
                    note = f"its control is gone, {finding.found} stands there"
                    findings[number] = self.prover.absent(self.bound[number - 1], finding.offset, note)
                    break
        return list(findings.values())
