"""Which part of a posting's code string an object of a SIE file is, by the name or the number of its dimension.

Source of the numbers: the specification, section 8.17 (1 cost centre, 6 project; 20 on are free, so that there only the
name says what a dimension is). The mapping is a seed, seeds/reference/sie_dimensions.csv.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bokslut.intake.postings import CODE_PARTS
from bokslut.intake.sie.records import Dimension, Objects
from bokslut.intake.sie.trouble import FieldError


@dataclass(frozen=True)
class DimensionMap:
    """names: a dimension's name, as `plain_name` gives it, -> code part. numbers: reserved number -> code part."""

    names: Mapping[str, str]
    numbers: Mapping[int, str]


@dataclass(frozen=True)
class Codes:
    """The code string of a posting beside its account; None where it has no such code."""

    ansvar: str | None = None
    activity: str | None = None
    project: str | None = None
    motpart: str | None = None


def plain_name(name: str) -> str:
    """A name for comparison: composed (NFC), white space as single blanks, lower case."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def load_dimension_map(path: Path) -> DimensionMap:
    """Read sie_dimensions.csv (dimension_name, dimension_number, code_part). Raises OSError, KeyError or ValueError."""
    names: dict[str, str] = {}
    numbers: dict[int, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            part = row["code_part"]
            if part not in CODE_PARTS:
                raise ValueError(f"{path}: {part!r} is no part of the code string ({', '.join(CODE_PARTS)})")
            names[plain_name(row["dimension_name"])] = part
            if row["dimension_number"]:
                numbers[int(row["dimension_number"])] = part
    return DimensionMap(names, numbers)


class Dimensions:
    """The dimensions that a file declares, and the code part of each."""

    def __init__(self, mapping: DimensionMap) -> None:
        self._map = mapping
        self.declared: dict[int, Dimension] = {}
        self.unread: dict[int, int] = {}  # dimension without a code part -> uses seen
        self.used: set[int] = set()

    def declare(self, dimension: Dimension) -> None:
        """Note a #DIM or #UNDERDIM. Raises FieldError when the number already has another name."""
        known = self.declared.setdefault(dimension.number, dimension)
        if known != dimension:
            raise FieldError(
                f"dimension {dimension.number} was declared as {known.name!r} before", dimension.name, "name"
            )

    def own_part(self, number: int) -> str | None:
        """The code part of a dimension itself: by its name, else by its number."""
        dimension = self.declared.get(number)
        part = self._map.names.get(plain_name(dimension.name)) if dimension else None
        return part or self._map.numbers.get(number)

    def parent(self, number: int) -> int | None:
        """The dimension above; dimension 2 lies below 1 unless the file says otherwise (section 8.17)."""
        dimension = self.declared.get(number)
        return dimension.parent if dimension else (1 if number == 2 else None)

    def part(self, number: int) -> str | None:
        """The code part of a dimension: its own, else that of the nearest dimension above that has one."""
        deciding = self._deciding(number)
        return None if deciding is None else self.own_part(deciding)

    def _deciding(self, number: int) -> int | None:
        seen: set[int] = set()
        at: int | None = number
        while at is not None and at not in seen:
            if self.own_part(at):
                return at
            seen.add(at)
            at = self.parent(at)
        return None

    def decided_by_number(self) -> tuple[str, ...]:
        """The used dimensions that have a name, but one that says nothing: only their reserved number was gone by."""
        told = []
        deciding = {self._deciding(used) for used in self.used}
        for number in sorted(each for each in deciding if each is not None):
            dimension = self.declared.get(number)
            if dimension and dimension.name.strip() and plain_name(dimension.name) not in self._map.names:
                told.append(f"{number} {dimension.name.strip()} as {self.own_part(number)}")
        return tuple(told)

    def has_children(self, number: int) -> bool:
        """Whether another dimension divides this one further."""
        return any(dimension.parent == number for dimension in self.declared.values())

    def codes(self, objects: Objects) -> Codes:
        """The code string of an object list.

        An object of a sub-dimension is left out where an object of the dimension above stands beside it, as section
        8.23 wants it in files of type 4I. Raises FieldError where two objects are the same code part.
        """
        found: dict[str, str] = {}
        given = {number for number, _ in objects}
        self.used |= given
        for number, code in objects:
            part = self.part(number)
            if part is None:
                self.unread[number] = self.unread.get(number, 0) + 1
                continue
            if self.own_part(number) is None and self._above(number) & given:
                continue
            if part in found:
                listed = " ".join(f'{each} "{text}"' for each, text in objects)
                raise FieldError(f"two objects are both the posting's {part}", listed, "objects")
            found[part] = code
        return Codes(**found)

    def _above(self, number: int) -> set[int]:
        above: set[int] = set()
        at = self.parent(number)
        while at is not None and at not in above:
            above.add(at)
            at = self.parent(at)
        return above
