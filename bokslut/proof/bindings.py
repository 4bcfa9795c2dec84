"""What a document's numerals are bound to, what the warehouse says of them, and the verdict on each.

The verdict follows the rule of the model int_control__figures_checked, so that a sidecar's bindings are judged as the
warehouse judges its own. Bindings are read here from a sidecar; those of the warehouse come from `warehouse`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bokslut.proof.formatting import WORD_VALUES, parse_printed, rounded
from bokslut.proof.numerals import letters

COLUMNS = (
    "document_id",
    "printed_number",
    "section",
    "place",
    "printed",
    "unit",
    "scale",
    "sign",
    "decimals",
    "qualifier",
    "figure_key",
    "fiscal_year",
    "allowed_difference",
    "exemption",
    "contradiction_id",
    "report_part",
)
SCALES = ("1", "1000", "1000000")
QUALIFIERS = ("exact", "about", "more_than", "at_most", "just_under")


class BindingError(Exception):
    """A sidecar cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Binding:
    """One numeral that a document prints, in document order.

    printed: plain space, hyphen and decimal comma, or a number word. unit: sek, percent, percentage_points, index,
    count, year, rank; None for an exempt numeral. scale: 1, 1000 (tkr) or 1000000 (mkr). sign: -1 where print turns the
    figure's sign. fiscal_year: of the figure. allowed_difference: in the printed unit. Without figure_key and exemption
    it is open.
    """

    printed_number: int
    section: str
    place: str
    printed: str
    unit: str | None = None
    scale: int = 1
    sign: int = 1
    decimals: int = 0
    qualifier: str = "exact"
    figure_key: str | None = None
    fiscal_year: int | None = None
    allowed_difference: Decimal = Decimal(0)
    exemption: str | None = None
    contradiction_id: str | None = None

    def printed_number_value(self) -> Decimal | None:
        """The number that is printed, in the printed unit; None for a word whose value is not known."""
        if letters(self.printed):
            value = WORD_VALUES.get(self.printed.casefold())
            return None if value is None else Decimal(value)
        return parse_printed(self.printed)


@dataclass(frozen=True)
class Figure:
    """A figure of the marts: value in its own unit (kronor for sek)."""

    value: Decimal
    unit: str


@dataclass(frozen=True)
class Check:
    """What is known of a bound numeral: the figure's value (None where there is none), the verdict on what is printed.

    verdict: agrees, rounding, approximate, differs or not_computable. is_declared: a known contradiction, with its
    reason in note. printed_value: the printed number in the figure's unit and sign, None where a word says no known
    number.
    """

    computed_value: Decimal | None
    verdict: str
    is_declared: bool = False
    note: str | None = None
    printed_value: Decimal | None = None


def judge(binding: Binding, figure: Figure | None, printed: Decimal | None) -> str:
    """The verdict on a printed number (in the printed unit): the figure rounded, then within what is declared."""
    if figure is None or printed is None or figure.unit != binding.unit:
        return "not_computable"
    expected = rounded(figure.value, binding.scale, binding.decimals, binding.sign)
    if printed == expected:
        return "agrees"
    if binding.qualifier == "exact":
        return "rounding" if abs(printed - expected) <= binding.allowed_difference else "differs"
    computed = figure.value * binding.sign / binding.scale
    return "approximate" if abs(printed - computed) <= binding.allowed_difference else "differs"


def check_binding(binding: Binding, figure: Figure | None, declared: Mapping[str, str]) -> Check:
    """The check of a binding against the figure that its key names. declared: known contradictions, id to reason."""
    printed = binding.printed_number_value()
    verdict = judge(binding, figure, printed)
    reason = declared.get(binding.contradiction_id or "")
    return Check(
        None if figure is None else figure.value,
        verdict,
        verdict == "differs" and reason is not None,
        reason,
        None if printed is None else printed * binding.sign * binding.scale,
    )


def sidecar_of(path: Path) -> Path:
    """Where the bindings of a rendered report lie: FILE.figures.csv beside FILE."""
    return path.with_name(f"{path.name}.figures.csv")


def read_sidecar(path: Path, fiscal_year: int) -> list[Binding]:
    """The bindings of a sidecar in the order of printed_number; fiscal_year is that of the document.

    Columns are found by name and may stand in any order beside others. Raises BindingError.
    """
    bindings = [_binding(row, fiscal_year, where) for row, where in _rows(path)]
    numbers = [binding.printed_number for binding in bindings]
    if len(set(numbers)) != len(numbers):
        raise BindingError(f"{path}: a printed_number stands more than once")
    return sorted(bindings, key=lambda binding: binding.printed_number)


def document_of(path: Path) -> str:
    """The document_id in the first row of a sidecar, empty without rows. Raises BindingError."""
    return next(((row.get("document_id") or "").strip() for row, _ in _rows(path)), "")


def _rows(path: Path) -> Iterator[tuple[Mapping[str, str | None], str]]:
    """The rows of a sidecar, each with where it stands."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BindingError(f"{path}: not UTF-8 (byte {error.start}) - save it as UTF-8") from error
    except OSError as error:
        raise BindingError(f"{path}: cannot be read ({error.strerror})") from error
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BindingError(f"{path}:1: column {', '.join(missing)} is missing")
    try:
        for row in reader:
            yield row, f"{path}:{reader.line_num}"
    except csv.Error as error:
        raise BindingError(f"{path}:{reader.line_num}: not CSV ({error})") from error


def _binding(row: Mapping[str, str | None], fiscal_year: int, where: str) -> Binding:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    printed = cells["printed"]
    try:
        allowed = Decimal(cells["allowed_difference"] or "0")
        binding = Binding(
            printed_number=int(cells["printed_number"]),
            section=cells["section"],
            place=cells["place"],
            printed=printed,
            unit=cells["unit"] or None,
            scale=int(_one_of(cells["scale"] or "1", SCALES)),
            sign=int(_one_of(cells["sign"] or "1", ("1", "-1"))),
            decimals=int(_one_of(cells["decimals"] or "0", "0123456")),
            qualifier=_one_of(cells["qualifier"] or "exact", QUALIFIERS),
            figure_key=cells["figure_key"] or None,
            fiscal_year=int(cells["fiscal_year"]) if cells["fiscal_year"] else fiscal_year,
            allowed_difference=allowed,
            exemption=cells["exemption"] or None,
            contradiction_id=cells["contradiction_id"] or None,
        )
        if not letters(printed):
            parse_printed(printed)
        if not allowed.is_finite():
            raise ValueError(f"{allowed} is not a number")
    except (ValueError, InvalidOperation) as error:
        what = "allowed_difference is not a number" if isinstance(error, InvalidOperation) else str(error)
        raise BindingError(f"{where}: {what}") from error
    return binding


def _one_of(text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise ValueError(f"{text!r} is none of {', '.join(known)}")
    return text
