"""Draft the bindings of a report from its text and the marts' figures, for a controller to confirm. Pure.

A figure is suggested by its value in the printed unit, by the words of the numeral's place against the names that the
marts hold, by the heads of the columns and by the other numerals of its row. Never by its value alone: what is not
clearly ahead is left open, with its candidates. Number words are drafted only where their place names the figure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bokslut.proof.align import Lines, words_of
from bokslut.proof.bindings import COLUMNS, Figure
from bokslut.proof.exemptions import Rule, exempt_atoms, find_exemptions
from bokslut.proof.formatting import WORD_VALUES, parse_printed, rounded
from bokslut.proof.numerals import Atom, Gap, Sign, Unit, find_atoms, is_broken_over, reads_on, shown, unit_of
from bokslut.proof.reader import Document
from bokslut.proof.show import written

DRAFT_COLUMNS = (*COLUMNS, "candidates")
# Weights of what speaks for a figure, each from 0 to 1, and what speaks against it
NAME = 2.0
MEASURE = 0.8
COLUMN = 1.0
ROW = 1.0
TURNED = 0.4
OTHER_YEAR = 0.3
OTHER_SCALE = 0.6
NO_FIGURE = -2.0
# a suggestion needs this much, and to be this much ahead of the next figure
ENOUGH = 1.6
AHEAD = 0.35
# when a stretch is split: from where on a figure counts as known there, and what a numeral without one is worth
KNOWN = 0.8
UNKNOWN = -0.5
NAMED = 0.75  # how well the place of a number word must name its figure
CANDIDATES = 5
LONGEST = 4  # groups of one numeral
HEAD_LINES = 40  # how far up the head of a table is looked for
PLACE = 60  # characters of a place
# what the heads and rows of Swedish reports call the last part of a figure key; alternatives between semicolons
MEASURES: Mapping[str, str] = {
    "actual": "utfall; bokslut",
    "prior_actual": "bokslut; föregående",
    "year": "utfall; bokslut",
    "budget": "budget",
    "variance": "avvikelse; nettoavvikelse; budgetavvikelse; underskott; överskott",
    "actual_revenue": "intäkt",
    "actual_cost": "kostnad",
    "budget_revenue": "intäkt",
    "budget_cost": "kostnad",
    "variance_revenue": "intäkt avvikelse",
    "variance_cost": "kostnad avvikelse",
    "accumulated": "ackumulerat; projektkostnad; tom",
    "total_forecast": "total prognos; projektprognos",
    "total_budget": "total budget; projektbudget",
    "forecast_variance": "ack avvikelse; projektavvikelse",
    "requested": "ombudgetering",
    "remaining": "kvarvarande; kvar",
    "mandate": "uppdrag belopp",
    "forecast": "prognos",
    "frame": "ram",
    "target": "mål; målvärde",
    "outcome": "utfall",
    "previous": "föregående",
    "change": "ökat; ökning; minskat; minskning",
    "amount": "belopp; kostnad",
}
TOTALS = "summa totalt nettoutgifter resultat"
# the columns that a head names, by the beginning of the word; an analysis number is no figure
HEADS: Mapping[str, str] = {
    "utfall": "actual",
    "bokslut": "actual",
    "budget": "budget",
    "avvik": "variance",
    "budgetavvik": "variance",
    "nettoavvik": "variance",
    "prognos": "forecast",
    "mål": "target",
    "analys": "analysis",
}
_HEAD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(HEADS, key=len, reverse=True))})\w*-?", re.IGNORECASE)
_TABLE_UNIT = re.compile(r"(?<![\w\d])(tkr|mkr|mnkr|kkr)(?!\w)", re.IGNORECASE)
_SCALE_OF = {"tkr": 1000, "kkr": 1000, "mkr": 1_000_000, "mnkr": 1_000_000}


@dataclass(frozen=True)
class Draft:
    """A draft as CSV, and how many numerals it holds, how many with a figure, how many with candidates alone."""

    text: str
    numerals: int
    suggested: int
    with_candidates: int

    def summary(self, target: str) -> str:
        """What was drafted and what to do next. target: the file that was written, - for standard output."""
        unknown = self.numerals - self.suggested - self.with_candidates
        place = "standard output" if target == "-" else target
        return (
            f"{self.numerals} numerals: {self.suggested} with a figure, {self.with_candidates} left open with"
            f" candidates, {unknown} that no figure says.\n"
            f"Draft: {place}. Confirm each row (figure_key, or the reason in exemption), drop the column candidates;"
            " then it is the report's FILE.figures.csv, or goes to seeds/board/control/printed_figures.csv"
        )


@dataclass(frozen=True)
class _Form:
    """A way to print a figure."""

    key: str
    year: int
    unit: str
    scale: int
    sign: int


@dataclass(frozen=True)
class _Candidate:
    form: _Form
    score: float


@dataclass(frozen=True)
class _Numeral:
    """A numeral of the text that no rule exempts, with the figures that print like it, best first."""

    first: int
    end: int
    printed: str
    unit: Unit | None
    candidates: tuple[_Candidate, ...]


def draft_bindings(
    document: Document,
    document_id: str,
    fiscal_year: int,
    rules: Sequence[Rule],
    figures: Mapping[tuple[str, int], Figure],
    names: Mapping[str, str],
) -> Draft:
    """Draft one row per numeral that no rule exempts, in document order, with the columns of printed_figures.csv.

    figures: by key and fiscal year. names: for a beginning of a key (`operating/45`) the words that reports have for
    it, alternatives between semicolons. Raises RuleError.
    """
    return _Drafter(document, fiscal_year, rules, figures, names).draft(document_id)


class _Drafter:
    """One draft; holds what every numeral asks for."""

    def __init__(
        self,
        document: Document,
        fiscal_year: int,
        rules: Sequence[Rule],
        figures: Mapping[tuple[str, int], Figure],
        names: Mapping[str, str],
    ) -> None:
        self.document = document
        self.fiscal_year = fiscal_year
        self.lines = Lines(document)
        words = [word for word, value in WORD_VALUES.items() if value > 1]
        self.atoms = find_atoms(document.text, words)
        exemptions = exempt_atoms(self.atoms, find_exemptions(document.text, rules))
        self.is_exempt = [
            exemption is not None or atom.is_label for exemption, atom in zip(exemptions, self.atoms, strict=True)
        ]
        self.names = {key: _alternatives(key, names) for key, _ in figures}
        self.measures = {key: _measure_words(key) for key, _ in figures}
        self.forms: dict[tuple[Decimal, int], list[_Form]] = {}
        for (key, year), figure in figures.items():
            for scale in (1, 1000, 1_000_000) if figure.unit == "sek" else (1,):
                for decimals in (0, 1, 2):
                    for sign in (1, -1) if figure.value else (1,):
                        value = rounded(figure.value, scale, decimals, sign)
                        form = _Form(key, year, figure.unit, scale, sign)
                        self.forms.setdefault((value, decimals), []).append(form)
        self.table_scales = [(match.start(), _SCALE_OF[match[1].casefold()]) for match in self._table_units()]
        self.heads = self._find_heads()

    def _table_units(self) -> list[re.Match[str]]:
        """Where a unit stands that belongs to no numeral: in the head of a table."""
        ends = {atom.end for atom in self.atoms if not atom.is_word}
        return [
            match
            for match in _TABLE_UNIT.finditer(self.document.text)
            if len(self.document.text[: match.start()].rstrip()) not in ends
            or self.document.line(self.document.line_number(match.start())).strip().endswith(match.group())
        ]

    def _find_heads(self) -> dict[int, tuple[str, ...]]:
        """For each line with the last word of a table's head: the columns that the head names, in order."""
        heads: dict[int, tuple[str, ...]] = {}
        current: list[str] = []
        last = -HEAD_LINES
        numbered = {
            self.document.line_number(atom.start)
            for atom, exempt in zip(self.atoms, self.is_exempt, strict=True)
            if not exempt and not atom.is_word
        }
        for number in range(1, len(self.document.line_starts) + 1):
            line = self.document.line(number)
            if number in numbered:
                current = []
            elif len(line) < 80 and not line.rstrip().endswith("."):
                found = [_column_of(match.group()) for match in _HEAD.finditer(line)]
                if found:
                    current = [*(current if number - last <= 8 else []), *found]
                    last = number
                    heads[number] = tuple(current)
        return heads

    def draft(self, document_id: str) -> Draft:
        numerals = [numeral for first, end in self._runs() for numeral in self._split(first, end)]
        numerals = self._supported(numerals)
        rows: list[list[object]] = []
        suggested = with_candidates = 0
        for number, numeral in enumerate(numerals, start=1):
            chosen = _clearly_ahead(numeral.candidates)
            suggested += chosen is not None
            with_candidates += chosen is None and bool(numeral.candidates)
            rows.append(self._row(document_id, number, numeral, chosen))
        return Draft(written(DRAFT_COLUMNS, iter(rows)), len(numerals), suggested, with_candidates)

    def _runs(self) -> list[tuple[int, int]]:
        """Stretches of atoms that no rule exempts and that could be parts of one numeral or cells of one row."""
        runs: list[tuple[int, int]] = []
        first: int | None = None
        for index, atom in enumerate(self.atoms):
            if self.is_exempt[index]:
                first = None
                continue
            if first is None or self.atoms[index - 1].after is Gap.FAR or atom.is_word:
                runs.append((index, index + 1))
            else:
                runs[-1] = (runs[-1][0], index + 1)
            first = index
        return runs

    def _split(self, first: int, end: int) -> list[_Numeral]:
        """Split a stretch into numerals so that most of it is known figures; as it reads, where nothing is known."""
        best: list[tuple[float, list[_Numeral]]] = [(0.0, [])]
        for stop in range(first + 1, end + 1):
            options: list[tuple[float, list[_Numeral]]] = []
            for start in range(max(first, stop - LONGEST), stop):
                numeral = self._numeral(start, stop)
                if numeral is None:
                    continue
                score, before = best[start - first]
                options.append((score + _worth(numeral, stop - start), [*before, numeral]))
            best.append(max(options, key=lambda option: option[0]) if options else (best[-1][0] - 1.0, best[-1][1]))
        result = best[-1][1]
        return [numeral for numeral in result if not self.atoms[numeral.first].is_word or _is_named(numeral)]

    def _numeral(self, first: int, end: int) -> _Numeral | None:
        """The atoms from first to before end as one numeral with its candidates; None when they cannot be one."""
        atoms = self.atoms
        if not _is_numeral(self.document.text, atoms, first, end):
            return None
        is_word = atoms[first].is_word
        unit = unit_of(self.document.text, atoms, end - 1)
        forms: list[tuple[str, list[_Form]]] = []
        for loose in {False, atoms[first].sign is Sign.LOOSE}:
            printed = shown(self.document.text, atoms, first, end, loose_minus=loose)
            value = Decimal(WORD_VALUES[printed.casefold()]) if is_word else parse_printed(printed)
            decimals = len(printed.partition(",")[2])
            forms.append((printed, self.forms.get((value, decimals), [])))
        printed, known = max(forms, key=lambda form: len(form[1]))
        place = self._place(first)
        scored = sorted(
            (self._score(form, place, unit, is_word) for form in known if _fits(form, unit)),
            key=lambda candidate: (-candidate.score, candidate.form.key),
        )
        best: dict[tuple[str, int], _Candidate] = {}
        for candidate in scored:
            if candidate.score < UNKNOWN:
                break
            best.setdefault((candidate.form.key, candidate.form.year), candidate)
        return _Numeral(first, end, printed, unit, tuple(best.values()))

    def _place(self, index: int) -> int:
        return self.document.line_number(self.atoms[index].start)

    def _score(self, form: _Form, line: int, unit: Unit | None, is_word: bool) -> _Candidate:
        named = max((self.lines.nearness(line, words) for words in self.names[form.key]), default=0.0)
        measured = max((self.lines.nearness(line, words) for words in self.measures[form.key]), default=0.0)
        score = NAME * named + MEASURE * measured
        if form.sign < 0:
            score -= TURNED
        if form.year != self.fiscal_year:
            mentioned = str(form.year) in self.lines.words(line)
            score += -OTHER_YEAR if not mentioned else OTHER_YEAR
        if unit is None and form.unit == "sek" and form.scale != self._table_scale(line):
            score -= OTHER_SCALE
        if is_word and (form.unit != "count" or named < NAMED or "/total/" in form.key):
            score = 0.0
        return _Candidate(form, score)

    def _table_scale(self, line: int) -> int:
        at = bisect_right(self.table_scales, (self.document.line_starts[line - 1], 0)) - 1
        return self.table_scales[at][1] if at >= 0 else 1000

    def _supported(self, numerals: Sequence[_Numeral]) -> list[_Numeral]:
        """Add what the rest of the row and the head of the column say for each candidate."""
        rows: dict[int, list[int]] = {}
        for index, numeral in enumerate(numerals):
            rows.setdefault(self._place(numeral.first), []).append(index)
        result = list(numerals)
        for line, indexes in rows.items():
            columns = self._columns(line) if self._is_row(numerals[indexes[0]], line) else ()
            for column, index in enumerate(indexes):
                numeral = numerals[index]
                others = [numerals[other] for other in indexes if other != index]
                head = columns[column] if len(indexes) > 1 and column < len(columns) else None
                candidates = sorted(
                    (
                        _Candidate(
                            candidate.form,
                            candidate.score
                            + ROW * _share_of_row(candidate.form, others)
                            + COLUMN * _head_says(candidate.form.key, head),
                        )
                        for candidate in numeral.candidates
                    ),
                    key=lambda candidate: (-candidate.score, candidate.form.key),
                )
                result[index] = _Numeral(numeral.first, numeral.end, numeral.printed, numeral.unit, tuple(candidates))
        return result

    def _is_row(self, first: _Numeral, line: int) -> bool:
        """Whether nothing but numerals stands on a line after its first numeral."""
        start = self.atoms[first.first].start - self.document.line_starts[line - 1]
        return not any(character.isalpha() for character in self.document.line(line)[start:])

    def _columns(self, line: int) -> tuple[str, ...]:
        for number in range(line - 1, max(0, line - HEAD_LINES), -1):
            if number in self.heads:
                return self.heads[number]
        return ()

    def _row(self, document_id: str, number: int, numeral: _Numeral, chosen: _Form | None) -> list[object]:
        is_word = self.atoms[numeral.first].is_word
        line = self._place(numeral.first)
        unit, scale = _unit_and_scale(numeral, chosen, self._table_scale(line))
        decimals = 0 if is_word else len(numeral.printed.partition(",")[2])
        year = chosen.year if chosen is not None and chosen.year != self.fiscal_year else ""
        shown_candidates = [] if chosen is not None else numeral.candidates[:CANDIDATES]
        candidates = " | ".join(
            candidate.form.key + (f"@{candidate.form.year}" if candidate.form.year != self.fiscal_year else "")
            for candidate in shown_candidates
        )
        return [
            document_id,
            number,
            self._section(line),
            self._place_text(numeral.first),
            numeral.printed,
            unit,
            scale,
            chosen.sign if chosen else 1,
            decimals,
            self._qualifier(numeral.first),
            chosen.key if chosen else "",
            year,
            "",
            "",
            "",
            "",
            candidates,
        ]

    def _section(self, line: int) -> str:
        """The nearest line above that looks like a heading: short, a capital, no full stop, no numeral at its end."""
        for number in range(line - 1, 0, -1):
            text = self.document.line(number).strip()
            if not 3 < len(text) < 70 or not text[0].isupper() or text[-1] in ".,:;-":
                continue
            above = next((self.document.line(at).strip() for at in range(number - 1, 0, -1) if self._is_filled(at)), "")
            if (not above or above[-1] in ".:!?") and not re.search(r"\d[\d ,]*$", text):
                return text
        return ""

    def _is_filled(self, number: int) -> bool:
        return bool(self.document.line(number).strip())

    def _place_text(self, index: int) -> str:
        """What stands before the numeral: on its line, or in the line above when it begins one."""
        start = self.atoms[index].start
        line = self.document.line_number(start)
        before = self.document.text[self.document.line_starts[line - 1] : start].rstrip(" -\u2212\u2013")
        words = re.sub(r"[\d\s,\-\u2212\u2013]+$", "", before).split()
        while not words and line > 1:
            line -= 1
            words = re.sub(r"[\d\s,\-\u2212\u2013]+$", "", self.document.line(line)).split()
        text = " ".join(words)
        return text if len(text) <= PLACE else text[-PLACE:].partition(" ")[2]

    def _qualifier(self, index: int) -> str:
        before = self.document.text[max(0, self.atoms[index].start - 20) : self.atoms[index].start].casefold()
        words = before.replace("-", " ").replace(".", " ").split()
        last = words[-1] if words else ""
        return {
            "cirka": "about", "ca": "about", "omkring": "about", "ungefär": "about", "drygt": "more_than",
            "över": "more_than", "högst": "at_most", "mest": "at_most", "knappt": "just_under", "nästan": "just_under",
        }.get(last, "exact")  # fmt: skip


def _alternatives(key: str, names: Mapping[str, str]) -> list[frozenset[str]]:
    """The sets of words that name a figure's thing: what the marts call it, or else the words of its key."""
    parts = key.split("/")
    for length in (3, 2):
        prefix = "/".join(parts[:length])
        if prefix in names:
            own = [words_of(name) for name in names[prefix].split(";")]
            if parts[0] == "indicator":
                # the indicator and the area are two names of one thing
                own = [frozenset().union(*own)]
            return [words | words_of(parts[1] if parts[1].isdigit() else "") for words in own if words]
    if "total" in parts:
        return [frozenset([word]) for word in words_of(TOTALS)]
    return [words_of(" ".join(parts[:2]).replace("-", " ").replace("_", " "))]


def _measure_words(key: str) -> list[frozenset[str]]:
    last = key.rsplit("/", 1)[-1]
    return [words_of(words) for words in MEASURES.get(last, last.replace("_", " ")).split(";")]


def _column_of(word: str) -> str:
    folded = word.casefold()
    return next(HEADS[head] for head in sorted(HEADS, key=len, reverse=True) if folded.startswith(head))


def _head_says(key: str, head: str | None) -> float:
    """1 when the head of the column is the figure's measure, -0.5 when it is another, less when it is none at all."""
    last = key.rsplit("/", 1)[-1]
    if head is None:
        return 0.0
    if head == "analysis":
        return NO_FIGURE
    measure = {"outcome": "actual", "year": "actual", "prior_actual": "actual", "accumulated": "actual"}.get(last, last)
    for ending in ("forecast_variance", "variance", "forecast", "budget", "actual", "target"):
        if ending in measure:
            return 1.0 if ending.removeprefix("forecast_") == head else -0.5
    return 0.0


def _is_numeral(text: str, atoms: Sequence[Atom], first: int, end: int) -> bool:
    """Whether atoms can be one numeral: groups of three after spaces or a line end, then decimals."""
    if end - first > 1 and any(atom.is_word for atom in atoms[first:end]):
        return False
    for index in range(first, end - 1):
        gap, following = atoms[index].after, atoms[index + 1]
        if following.sign is not Sign.NONE:
            return False
        if gap in (Gap.COMMA, Gap.BREAK_COMMA):
            return index == end - 2
        if gap is Gap.SPACE and not reads_on(atoms, index):
            return False
        if gap is not Gap.SPACE and not is_broken_over(text, atoms, index):
            return False
    # the decimals after it belong to it
    return atoms[end - 1].after is not Gap.COMMA


def _fits(form: _Form, unit: Unit | None) -> bool:
    """Whether a form can be printed with the unit that stands there; without one it may be any."""
    if unit is None:
        return True
    return form.unit == unit.kind and (unit.kind != "sek" or form.scale == unit.scale)


def _share_of_row(form: _Form, others: Sequence[_Numeral]) -> float:
    """How many of the other numerals of a row could be figures of the same thing."""
    if not others:
        return 0.0
    prefix = form.key.rsplit("/", 1)[0] + "/"
    same = sum(
        any(candidate.form.key.startswith(prefix) and candidate.form.key != form.key for candidate in other.candidates)
        for other in others
    )
    return same / len(others)


def _worth(numeral: _Numeral, groups: int) -> float:
    """What a numeral is worth in a split: much when a figure is known at its place, which beats the way it reads."""
    known = numeral.candidates[0].score if numeral.candidates else 0.0
    return known * groups if known >= KNOWN else UNKNOWN


def _is_named(numeral: _Numeral) -> bool:
    return bool(numeral.candidates) and numeral.candidates[0].score >= ENOUGH


def _clearly_ahead(candidates: Sequence[_Candidate]) -> _Form | None:
    if not candidates or candidates[0].score < ENOUGH:
        return None
    if len(candidates) > 1 and candidates[0].score - candidates[1].score < AHEAD:
        return None
    return candidates[0].form


def _unit_and_scale(numeral: _Numeral, chosen: _Form | None, table_scale: int) -> tuple[str, int]:
    if chosen is not None:
        return chosen.unit, chosen.scale
    if numeral.unit is not None:
        return numeral.unit.kind, numeral.unit.scale if numeral.unit.scale <= 1_000_000 else 1
    units = {candidate.form.unit for candidate in numeral.candidates}
    if units == {"sek"}:
        return "sek", table_scale
    return (units.pop() if len(units) == 1 else ""), 1
