"""Align the numerals of a document with those that its bindings expect, in document order. Nothing is judged here.

A binding matches one or several atoms, split by the printed form that it expects and never greedily; it is substituted
where another numeral stands at its place, or missing. The alignment of least cost is found by dynamic programming
between anchors: numerals whose neighbourhood occurs once in the document and once in the bindings. What a rule exempts,
a number word and a part of a name are skipped free. Equal costs are told apart by the words of the binding's place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain

from bokslut.proof.formatting import WORD_VALUES
from bokslut.proof.numerals import Atom, Gap, Sign, letters, reads_on, shown
from bokslut.proof.reader import Document

# Costs. One numeral for another (1 to 2, by how unlike they are) is less than one missing and one too many; in place of
# an exempt one only when they are alike. An atom that reads as one numeral with its neighbour is dear to leave over:
# 5 400 where 400 is expected is another number, not a 5 too many.
MISSING = 1.5
EXTRA = 1.0  # one numeral, of however many groups
EXTRA_READING_ON = 1.6
SUBSTITUTION = 1.0
OVER_EXEMPT = 0.1
SAME_IN_WORDS = 0.5
ELSEWHERE = 0.01
LIKE_PLACE = 0.4
TELLING_DIGITS = 3  # numerals with as many digits are rarely the same by chance
# an anchor's own token may not stand again this near: then another copy of it could as well be meant
APART = 6
OFTEN = 4  # where hardly anything stands once, an anchor may stand this often
NEARBY_LINES = 2
STEM = 6  # letters of a word that count
COMMON = frozenset(
    ("av", "att", "den", "det", "en", "ett", "från", "för", "har", "med", "och", "om", "på", "som", "till", "är")
)
LONGEST_SEARCH = 300  # lines in which the place of a missing numeral is looked for
# cells of one table of costs; a larger stretch without anchors is aligned within a band around its diagonal
CELLS = 50_000
_WORDS = re.compile(r"[^\W_]+")


class Kind(Enum):
    """What became of a binding."""

    MATCHED = "matched"
    SUBSTITUTED = "substituted"
    MISSING = "missing"


@dataclass(frozen=True)
class Expected:
    """A binding as the alignment sees it: its printed form (plain signs, or a number word), the words of its place."""

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
    """What stands for one binding: the atoms from first to before end; none for a missing one, where it is missed."""

    kind: Kind
    first: int
    end: int


def words_of(text: str) -> frozenset[str]:
    """The words and numbers that tell one text from another, without case and cut to stems: Swedish bends the ends."""
    return frozenset(
        word[:STEM]
        for word in _WORDS.findall(text.casefold())
        if word not in COMMON and (len(word) > 1 or word.isdigit())
    )


def align(
    document: Document, atoms: Sequence[Atom], exempt: Sequence[bool], expected: Sequence[Expected]
) -> list[Pair]:
    """One pair per expected numeral, in order; atoms in no pair are left over. exempt: atoms that a rule covers."""
    return _Aligner(document, atoms, exempt, expected).pairs()


class Lines:
    """The words of a document's lines, each read once, when it is asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.known: dict[int, frozenset[str]] = {}

        self.beside: dict[int, frozenset[str]] = {}

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
        around = self.beside.get(number)
        if around is None:
            around = frozenset(chain(self._beside(number, -1), self._beside(number, 1)))
            self.beside[number] = around
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
    """The line (from 1) between two offsets that is most like a place; the first one where none is."""
    lines = Lines(document)
    first = document.line_number(start)
    last = min(document.line_number(end), first + LONGEST_SEARCH)
    return max(range(first, last + 1), key=lambda number: (lines.nearness(number, place), -number))


def present(document: Document, atoms: Sequence[Atom], expected: Sequence[Expected]) -> list[bool]:
    """For each expected numeral, whether it stands anywhere: a quick bound of what an alignment can find."""
    return _Aligner(document, atoms, [False] * len(atoms), expected).present()


@dataclass(frozen=True)
class _Step:
    """A way into a cell of the table: how many atoms it takes, and what it makes of a binding (None: it takes none)."""

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
        self.groups = [self._groups(index) for index in range(len(atoms))]
        self.lines = Lines(document)

    def pairs(self) -> list[Pair]:
        return self._anchored(0, len(self.atoms), 0, len(self.expected), once=True)

    def present(self) -> list[bool]:
        """For each expected numeral, whether it stands anywhere, in whatever order."""
        places: dict[str, list[int]] = {}
        for index, atom in enumerate(self.atoms):
            places.setdefault(atom.text.casefold(), []).append(index)
        return [
            any(self.match_length(first, expected) for first in places.get(expected.groups[0], ()))
            for expected in self.expected
        ]

    def _anchored(self, low: int, high: int, start: int, stop: int, *, once: bool) -> list[Pair]:
        """Pairs for a stretch of atoms and bindings: anchors, and what lies between them."""
        result: list[Pair] = []
        atom, binding = low, start
        for first, end, index in [*self._anchors(low, high, start, stop, once=once), (high, high, stop)]:
            # where hardly anything stands once (a report with its summary twice), what stands often must do
            is_large = once and (first - atom) * (index - binding) > CELLS
            if is_large:
                result.extend(self._anchored(atom, first, binding, index, once=False))
            else:
                result.extend(self._between(atom, first, binding, index))
            if index < stop:
                result.append(Pair(Kind.MATCHED, first, end))
            atom, binding = end, index + 1
        return result

    def _line(self, index: int) -> int:
        return self.document.line_number(self.atoms[index].start)

    def _is_free(self, index: int) -> bool:
        atom = self.atoms[index]
        return atom.is_word or atom.is_label or self.exempt[index]

    def _joins(self, index: int) -> bool:
        """Whether the atom and the one after it would be read as one numeral that no rule exempts."""
        return (
            0 <= index < len(self.atoms) - 1
            and not (self._is_free(index) or self._is_free(index + 1))
            and reads_on(self.atoms, index)
        )

    def _skip_cost(self, index: int) -> float:
        if self._is_free(index):
            return 0.0
        return EXTRA_READING_ON if self._joins(index - 1) or self._joins(index) else EXTRA

    def _groups(self, index: int) -> tuple[tuple[int, float], ...]:
        """Lengths and costs of leaving over several atoms as one numeral; a part of what reads as one is dear."""
        end = index
        while self._joins(end):
            end += 1
        whole = EXTRA_READING_ON if self._joins(index - 1) else EXTRA
        lengths = range(2, end + 2 - index)
        return tuple((length, whole if length == lengths[-1] else EXTRA_READING_ON) for length in lengths)

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

    def _anchors(self, low: int, high: int, start: int, stop: int, *, once: bool) -> Iterator[tuple[int, int, int]]:
        """First atom, end and binding of a stretch's anchors, ascending in both. once: only what stands once counts."""
        places = [index for index in range(low, high) if not self._is_free(index)]
        seen = [("-" if self.atoms[index].sign is Sign.MINUS else "") + self.atoms[index].text for index in places]
        tokens: list[str] = []
        owners: list[tuple[int, int]] = []
        for binding in range(start, stop):
            expected = self.expected[binding]
            if not expected.is_word:
                for group, text in enumerate(expected.groups):
                    tokens.append(("-" if expected.is_negative and group == 0 else "") + text)
                    owners.append((binding, group))
        in_bindings = _trigrams(tokens, once=once)
        found: set[tuple[int, int, int]] = set()
        for trigram, positions in _trigrams(seen, once=once).items():
            for middle in in_bindings.get(trigram, ()):
                binding, group = owners[middle]
                for position in positions:
                    first = places[position] - group
                    length = self.match_length(first, self.expected[binding]) if first >= low else 0
                    if length and first + length <= high:
                        found.add((first, first + length, binding))
        # of the bindings for one atom the last one first, so that a chain takes one of them at most
        ordered = sorted(found, key=lambda anchor: (anchor[0], -anchor[2]))
        last_end, last_binding = low, start - 1
        for first, end, binding in _longest_ascending(ordered):
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
        plain = self._matched_plainly(low, high, start, stop)
        if plain is not None:
            return plain
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
                if row == height or line[column] == infinite:
                    continue
                for length, extra in self.groups[low + row]:
                    if row + length <= height and line[column] + extra < costs[row + length][column]:
                        costs[row + length][column] = line[column] + extra
                        steps[row + length][column] = _Step(length, None)
                if column < width:
                    self._steps_from(low, high, start, row, column, costs, steps)
        return self._traced(steps, low, height, width)

    def _matched_plainly(self, low: int, high: int, start: int, stop: int) -> list[Pair] | None:
        """The pairs where each numeral is the expected one and none is left over, which nothing beats; else None."""
        result: list[Pair] = []
        index = low
        for expected in self.expected[start:stop]:
            while index < high and self._is_free(index):
                index += 1
            length = self.match_length(index, expected) if index < high and not expected.is_word else 0
            if not length or index + length > high:
                return None
            result.append(Pair(Kind.MATCHED, index, index + length))
            index += length
        return result if all(self._is_free(rest) for rest in range(index, high)) else None

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
            nearness = self.lines.nearness(self._line(first), expected.place)
            cost = here + ELSEWHERE * (1 - nearness)
            if cost < costs[row + length][column + 1] and self._may_match(first, length, expected, nearness):
                costs[row + length][column + 1] = cost
                steps[row + length][column + 1] = _Step(length, Kind.MATCHED)
            return
        for end in range(first + 1, min(high, first + len(expected.groups) + 1) + 1):
            if end > first + 1 and not self._is_near(end - 2):
                return
            target = row + end - first
            # what a substitution costs at least
            least = SAME_IN_WORDS if expected.is_word or self.atoms[first].is_word else SUBSTITUTION
            if here + least < costs[target][column + 1]:
                cost = here + self._substitution_cost(first, end, expected)
                if cost < costs[target][column + 1]:
                    costs[target][column + 1] = cost
                    steps[target][column + 1] = _Step(end - first, Kind.SUBSTITUTED)

    def _may_match(self, first: int, length: int, expected: Expected, nearness: float) -> bool:
        """Whether what says the same can be meant: a word stands in many places, as does a small exempt number."""
        if expected.is_word:
            return nearness > 0 or not expected.place
        if all(self._is_free(index) for index in range(first, first + length)):
            return nearness >= LIKE_PLACE or sum(map(len, expected.groups)) >= TELLING_DIGITS
        return True

    def _is_near(self, index: int) -> bool:
        return self.atoms[index].after is not Gap.FAR

    def _substitution_cost(self, first: int, end: int, expected: Expected) -> float:
        atom = self.atoms[first]
        covered = any(self.exempt[index] or self.atoms[index].is_label for index in range(first, end))
        found = shown(self.document.text, self.atoms, first, end, loose_minus=expected.is_negative)
        nearness = self.lines.nearness(self._line(first), expected.place) if atom.is_word or expected.is_word else 0.0
        if atom.is_word != expected.is_word:
            same = end == first + 1 and _value(found) is not None and _value(found) == _value(expected.printed)
            is_like = same and not covered and nearness >= LIKE_PLACE
            return SAME_IN_WORDS if is_like else float("inf")
        if atom.is_word:
            # another number word, but only where the place is known again, and not every "en" of the text
            is_like = nearness >= LIKE_PLACE and _value(found) not in (None, 1)
            return SUBSTITUTION + 0.4 - 0.3 * nearness if is_like else float("inf")
        return SUBSTITUTION + unlikeness(found, expected.printed) + (OVER_EXEMPT if covered else 0)

    def _traced(self, steps: list[list[_Step]], low: int, height: int, width: int) -> list[Pair]:
        result: list[Pair] = []
        row, column = height, width
        while row or column:
            step = steps[row][column]
            row -= step.atoms
            if step.kind is None:
                continue
            column -= 1
            result.append(Pair(step.kind, low + row, low + row + step.atoms))
        return result[::-1]


def _trigrams(tokens: Sequence[str], *, once: bool) -> dict[tuple[str, str, str], list[int]]:
    """The trigrams with the indexes of their middles; those whose middle stands again near by are no anchors.

    once: only those that stand once; else those that stand at most OFTEN times.
    """
    last_seen: dict[str, int] = {}
    crowded: set[int] = set()
    for index, token in enumerate(tokens):
        before = last_seen.get(token)
        if before is not None and index - before <= APART:
            crowded.update((before, index))
        last_seen[token] = index
    positions: dict[tuple[str, str, str], list[int]] = {}
    for middle in range(1, len(tokens) - 1):
        positions.setdefault((tokens[middle - 1], tokens[middle], tokens[middle + 1]), []).append(middle)
    most = 1 if once else OFTEN
    return {
        trigram: middles
        for trigram, middles in positions.items()
        if len(middles) <= most and not crowded.intersection(middles)
    }


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
