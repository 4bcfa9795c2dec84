"""Align the numerals of a document with those that its bindings expect, in document order. Nothing is judged here.

A binding matches one or several atoms, split by the printed form that it expects and never greedily; it is substituted
where another numeral stands at its place, or missing. The alignment of least cost is found by dynamic programming
between anchors: numerals whose neighbourhood occurs once in the document and once in the bindings. What a rule exempts, a
number word and a part of a name are skipped free. Equal costs are told apart by the words of the binding's place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bokslut.proof.formatting import WORD_VALUES
from bokslut.proof.numerals import Atom, Gap, Sign, letters, reads_on, shown
from bokslut.proof.reader import Document

# Costs. One numeral for another (1 to 2, by how unlike they are) is less than one missing and one too many; in place of
# an exempt one only when they are alike. An atom that would read as one numeral with its neighbour is dear to leave over:
# 5 400 where 400 is expected is another number, not a 5 too many.
MISSING = 1.5
EXTRA = 1.0
EXTRA_READING_ON = 1.6
SUBSTITUTION = 1.0
OVER_EXEMPT = 0.1
SAME_IN_WORDS = 0.5
ELSEWHERE = 0.01
# an anchor's own token may not stand again this near: then another copy of it could as well be meant
APART = 6
NEARBY_LINES = 2
LONGEST_SEARCH = 300  # lines in which the place of a missing numeral is looked for
# cells of one table of costs; a larger stretch without anchors is aligned within a band around its diagonal
CELLS = 300_000
_WORDS = re.compile(r"[^\W_]+")


class Kind(Enum):
    """What became of a binding."""

    MATCHED = "matched"
    SUBSTITUTED = "substituted"
    MISSING = "missing"


@dataclass(frozen=True)
class Expected:
    """A binding as the alignment sees it: the printed form (plain signs, or a number word) and the words of its place."""

    printed: str
    place: frozenset[str]
    groups: tuple[str, ...]
    gaps: tuple[Gap, ...]
    is_negative: bool
    is_word: bool

    @classmethod
    def of(cls, printed: str, place: str) -> Expected:
        """Take the printed form of a binding apart."""
        is_word = letters(printed)
        gaps = tuple(Gap.COMMA if sign == "," else Gap.SPACE for sign in re.findall("[ ,]", printed))
        groups = (printed.casefold(),) if is_word else tuple(re.findall("[0-9]+", printed))
        return cls(printed, words_of(place), groups, () if is_word else gaps, printed.startswith("-"), is_word)


@dataclass(frozen=True)
class Pair:
    """What stands for one binding: the atoms from first to before end. For a missing one, where it is missed: before first."""

    kind: Kind
    first: int
    end: int


def words_of(text: str) -> frozenset[str]:
    """The words and numbers of a text, without case."""
    return frozenset(_WORDS.findall(text.casefold()))


def align(document: Document, atoms: Sequence[Atom], exempt: Sequence[bool], expected: Sequence[Expected]) -> list[Pair]:
    """One pair per expected numeral, in order; atoms in no pair are left over. exempt: for each atom, whether a rule covers it."""
    return _Aligner(document, atoms, exempt, expected).pairs()


class Lines:
    """The words of a document's lines, each read once, when it is asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.known: dict[int, frozenset[str]] = {}

    def words(self, number: int) -> frozenset[str]:
        """The words of a line (from 1)."""
        words = self.known.get(number)
        if words is None:
            words = self.known[number] = words_of(self.document.line(number))
        return words

    def nearness(self, number: int, place: frozenset[str]) -> float:
        """How many of the words of a place stand in the line (0 to 1), or near it, which counts less."""
        if not place:
            return 0.0
        own = place & self.words(number)
        if own == place:
            return 1.0
        around: set[str] = set()
        for direction in (-1, 1):
            around.update(self._beside(number, direction))
        return (len(own) + 0.3 * len((place - own) & around)) / len(place)

    def _beside(self, number: int, direction: int) -> Iterator[str]:
        """The words of the nearest lines that are not blank, in one direction."""
        lines = 0
        for step in range(1, 4 * NEARBY_LINES + 1):
            other = number + direction * step
            if lines == NEARBY_LINES or not 1 <= other <= len(self.document.line_starts):
                return
            words = self.words(other)
            lines += bool(words)
            yield from words


def nearest_line(document: Document, start: int, end: int, place: frozenset[str]) -> int:
    """The line (from 1) from the offset start to the offset end that is most like a place; the first one where none is."""
    lines = Lines(document)
    first = document.line_number(start)
    last = min(document.line_number(end), first + LONGEST_SEARCH)
    return max(range(first, last + 1), key=lambda number: (lines.nearness(number, place), -number))


@dataclass(frozen=True)
class _Step:
    """A way into a cell of the table: how many atoms and bindings it takes, and what it makes of the binding."""

    atoms: int
    kind: Kind | None


_SKIP = _Step(1, None)
_MISS = _Step(0, Kind.MISSING)


class _Aligner:
    """One alignment; holds what every cell asks for."""

    def __init__(
        self, document: Document, atoms: Sequence[Atom], exempt: Sequence[bool], expected: Sequence[Expected]
    ) -> None:
        self.document = document
        self.atoms = atoms
        self.exempt = exempt
        self.expected = expected
        self.skips = [self._skip_cost(index) for index in range(len(atoms))]
        self.lines = Lines(document)

    def pairs(self) -> list[Pair]:
        result: list[Pair] = []
        atom = binding = 0
        for first, end, index in [*self._anchors(), (len(self.atoms), len(self.atoms), len(self.expected))]:
            result.extend(self._between(atom, first, binding, index))
            if index < len(self.expected):
                result.append(Pair(Kind.MATCHED, first, end))
            atom, binding = end, index + 1
        return result

    def _line(self, index: int) -> int:
        return self.document.line_number(self.atoms[index].start)

    def _skip_cost(self, index: int) -> float:
        atom = self.atoms[index]
        if atom.is_word or atom.is_label or self.exempt[index]:
            return 0.0
        before = index > 0 and not self.exempt[index - 1] and reads_on(self.atoms, index - 1)
        after = index + 1 < len(self.atoms) and not self.exempt[index + 1] and reads_on(self.atoms, index)
        return EXTRA_READING_ON if before or after else EXTRA

    def match_length(self, first: int, expected: Expected) -> int:
        """How many atoms from first on are exactly the expected numeral; 0 when they are not."""
        atoms = self.atoms
        end = first + len(expected.groups)
        if end > len(atoms):
            return 0
        atom = atoms[first]
        if expected.is_word or atom.is_word:
            return int(expected.is_word and atom.is_word and atom.text.casefold() == expected.groups[0])
        if (atom.sign is Sign.NONE) if expected.is_negative else (atom.sign is Sign.MINUS):
            return 0
        for index, group in enumerate(expected.groups, start=first):
            if atoms[index].text != group:
                return 0
        for index, gap in enumerate(expected.gaps, start=first):
            broken = Gap.BREAK_COMMA if gap is Gap.COMMA else Gap.BREAK
            if atoms[index].after not in (gap, broken):
                return 0
        # a part of a longer numeral is not the numeral
        if first and atoms[first - 1].after in (Gap.COMMA, Gap.POINT):
            return 0
        return 0 if atoms[end - 1].after in (Gap.COMMA, Gap.POINT) else end - first

    def _anchors(self) -> Iterator[tuple[int, int, int]]:
        """First atom, end and binding of the anchors, ascending in both."""
        places = [
            index
            for index, atom in enumerate(self.atoms)
            if not (atom.is_word or atom.is_label or self.exempt[index])
        ]
        seen = [("-" if self.atoms[index].sign is Sign.MINUS else "") + self.atoms[index].text for index in places]
        tokens: list[str] = []
        owners: list[tuple[int, int]] = []
        for binding, expected in enumerate(self.expected):
            if not expected.is_word:
                for group, text in enumerate(expected.groups):
                    tokens.append(("-" if expected.is_negative and group == 0 else "") + text)
                    owners.append((binding, group))
        in_bindings = _distinct(tokens)
        found: list[tuple[int, int, int]] = []
        for trigram, position in _distinct(seen).items():
            if trigram in in_bindings:
                binding, group = owners[in_bindings[trigram]]
                first = places[position] - group
                length = self.match_length(first, self.expected[binding]) if first >= 0 else 0
                if length:
                    found.append((first, first + length, binding))
        last_end, last_binding = 0, -1
        for first, end, binding in _longest_ascending(sorted(set(found))):
            if first >= last_end and binding > last_binding:
                yield first, end, binding
                last_end, last_binding = end, binding

    def _between(self, low: int, high: int, start: int, stop: int) -> list[Pair]:
        """The least costly pairs of the bindings from start to before stop with the atoms from low to before high."""
        height, width = high - low, stop - start
        if not width:
            return []
        if not height:
            return [Pair(Kind.MISSING, low, low)] * width
        reach = width if height * width <= CELLS else max(width - height, CELLS // height // 2, 20)
        infinite = float("inf")
        costs = [[infinite] * (width + 1) for _ in range(height + 1)]
        steps: list[list[_Step]] = [[_SKIP] * (width + 1) for _ in range(height + 1)]
        costs[0][0] = 0.0
        for row in range(height + 1):
            centre = row * width // height
            line, step = costs[row], steps[row]
            for column in range(max(0, centre - reach), min(width, centre + reach) + 1):
                # steps into this cell from rows before have been taken already; what is left are skip and miss
                if row and costs[row - 1][column] + self.skips[low + row - 1] < line[column]:
                    line[column] = costs[row - 1][column] + self.skips[low + row - 1]
                    step[column] = _SKIP
                if column and line[column - 1] + MISSING < line[column]:
                    line[column] = line[column - 1] + MISSING
                    step[column] = _MISS
                if row < height and column < width and line[column] < infinite:
                    self._steps_from(low, high, start, row, column, costs, steps)
        return self._traced(steps, low, start, height, width)

    def _steps_from(
        self,
        low: int,
        high: int,
        start: int,
        row: int,
        column: int,
        costs: list[list[float]],
        steps: list[list[_Step]],
    ) -> None:
        """Take the binding of a column at the atom of a row: as it is expected, or as another numeral."""
        first, expected, here = low + row, self.expected[start + column], costs[row][column]
        length = self.match_length(first, expected)
        if length and first + length <= high:
            cost = here + ELSEWHERE * (1 - self.lines.nearness(self._line(first), expected.place))
            if cost < costs[row + length][column + 1]:
                costs[row + length][column + 1] = cost
                steps[row + length][column + 1] = _Step(length, Kind.MATCHED)
            return
        for end in range(first + 1, min(high, first + len(expected.groups) + 1) + 1):
            if end > first + 1 and not self._is_near(end - 2):
                return
            target = row + end - first
            if here + SAME_IN_WORDS < costs[target][column + 1]:
                cost = here + self._substitution_cost(first, end, expected)
                if cost < costs[target][column + 1]:
                    costs[target][column + 1] = cost
                    steps[target][column + 1] = _Step(end - first, Kind.SUBSTITUTED)

    def _is_near(self, index: int) -> bool:
        return self.atoms[index].after is not Gap.FAR

    def _substitution_cost(self, first: int, end: int, expected: Expected) -> float:
        atom = self.atoms[first]
        covered = any(self.exempt[index] or self.atoms[index].is_label for index in range(first, end))
        found = shown(self.document.text, self.atoms, first, end, loose_minus=expected.is_negative)
        if atom.is_word != expected.is_word:
            same = end == first + 1 and _value(found) is not None and _value(found) == _value(expected.printed)
            return SAME_IN_WORDS + (OVER_EXEMPT if covered else 0) if same else float("inf")
        if atom.is_word:
            # another number word, but not every "en" of the text
            nearness = self.lines.nearness(self._line(first), expected.place)
            return SUBSTITUTION + 0.4 - 0.3 * nearness if _value(found) not in (None, 1) else float("inf")
        return SUBSTITUTION + unlikeness(found, expected.printed) + (OVER_EXEMPT if covered else 0)

    def _traced(self, steps: list[list[_Step]], low: int, start: int, height: int, width: int) -> list[Pair]:
        result: list[Pair] = []
        row, column = height, width
        while row or column:
            step = steps[row][column]
            if column == 0 or step.kind is None:
                row -= 1
                continue
            row, column = row - step.atoms, column - 1
            result.append(Pair(step.kind, low + row, low + row + step.atoms))
        return result[::-1]


def _distinct(tokens: Sequence[str]) -> dict[tuple[str, str, str], int]:
    """The trigrams that occur once, with the index of their middle, whose token must not stand again near by."""
    positions: dict[tuple[str, str, str], int] = {}
    twice: set[tuple[str, str, str]] = set()
    last_seen: dict[str, int] = {}
    crowded: set[int] = set()
    for index, token in enumerate(tokens):
        before = last_seen.get(token)
        if before is not None and index - before <= APART:
            crowded.update((before, index))
        last_seen[token] = index
    for middle in range(1, len(tokens) - 1):
        trigram = (tokens[middle - 1], tokens[middle], tokens[middle + 1])
        if trigram in positions:
            twice.add(trigram)
        positions[trigram] = middle
    return {trigram: middle for trigram, middle in positions.items() if trigram not in twice and middle not in crowded}


def _longest_ascending(anchors: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The longest chain of anchors (sorted by atom) whose bindings ascend."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_, _, binding) in enumerate(anchors):
        at = bisect_left(tails, binding)
        previous.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(binding)
            ends.append(index)
        else:
            tails[at], ends[at] = binding, index
    chain: list[tuple[int, int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(anchors[index])
        index = previous[index]
    return chain[::-1]


def _value(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 4 else WORD_VALUES.get(text.casefold())


@lru_cache(maxsize=100_000)
def unlikeness(one: str, other: str) -> float:
    """The edit distance of two texts as a share of the longer one: 0 for the same, 1 for nothing in common."""
    row = list(range(len(other) + 1))
    for index, left in enumerate(one, start=1):
        diagonal, row[0] = row[0], index
        for position, right in enumerate(other, start=1):
            diagonal, row[position] = (
                row[position],
                min(row[position] + 1, row[position - 1] + 1, diagonal + (left != right)),
            )
    return row[-1] / max(len(one), len(other), 1)
