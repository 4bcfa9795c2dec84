"""Number formats by Evidence's names, in Swedish: `num0`, `pct1`, `sek0k`, `auto`. Rounding is the proof's own.

The rule is that of bokslut.proof.formatting, which a property test holds to the SQL macro: half away from zero. A value
is in its own unit (kronor; percent 0-100) and is never changed, only shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bokslut.proof.formatting import NO_BREAK_SPACE, printed_form, rounded, typeset
from bokslut.report.document import Number

NOTHING = "–"
NAME = re.compile("(?P<kind>num|pct|sek)(?P<decimals>[0-4])?(?P<scale>[km])?")
SCALES = {None: 1, "k": 1000, "m": 1_000_000}
SUFFIXES = {
    ("num", None): "",
    ("num", "k"): "tusen",
    ("num", "m"): "miljoner",
    ("pct", None): "%",
    ("sek", None): "kr",
    ("sek", "k"): "tkr",
    ("sek", "m"): "mnkr",
}
# what a unit of the marts is printed as, and with how many decimals at most where a page leaves the form to the figure
UNITS = {
    "sek": ("tkr", 0),
    "percent": ("%", 2),
    "percentage_points": ("procentenheter", 2),
    "index": ("", 2),
    "count": ("", 0),
    "year": ("", 0),
    "rank": ("", 0),
}
# the unit in a word, where a figure is explained and not printed in its place
UNIT_NAMES = {
    "sek": "kronor",
    "percent": "procent",
    "percentage_points": "procentenheter",
    "index": "index",
    "count": "antal",
    "year": "år",
    "rank": "plats",
}
MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)
EXAMPLES = "num0, num1, num0k, pct1, sek0, sek0k, sek1m, auto"


class FormatError(Exception):
    """A format is not known, or not fit for what it is asked to show."""


@dataclass(frozen=True)
class Format:
    """How a number is printed. kind: num, pct, sek or auto. suffix: the unit behind it, without its space."""

    kind: str
    scale: int = 1
    decimals: int = 0
    suffix: str = ""


def read_format(name: str) -> Format:
    """The format of that name. Raises FormatError."""
    if name == "auto":
        return Format("auto")
    match = NAME.fullmatch(name)
    if match is None or (match["kind"], match["scale"]) not in SUFFIXES:
        raise FormatError(f"unknown format {name!r} - known are {EXAMPLES} and the like")
    return Format(
        match["kind"],
        SCALES[match["scale"]],
        int(match["decimals"] or 0),
        SUFFIXES[match["kind"], match["scale"]],
    )


def fit(form: Format, unit: str, value: Decimal | None) -> Format:
    """The format for a figure of that unit: auto takes the unit's own form, with the decimals that the value has.

    Raises FormatError where the format says another unit.
    """
    if form.kind == "auto":
        suffix, most = UNITS.get(unit, ("", 2))
        return Format("auto", 1000 if unit == "sek" else 1, _decimals(value, most), suffix)
    if (form.kind == "sek") != (unit == "sek") and form.kind != "num":
        raise FormatError(f"the figure is in {unit}, which the format does not show")
    if form.kind == "pct" and unit != "percent":
        raise FormatError(f"the figure is in {unit}, not in percent")
    return form


def _decimals(value: Decimal | None, most: int) -> int:
    """How many decimals the value has, at most most."""
    if value is None:
        return 0
    shortest = rounded(value, 1, most).normalize()
    exponent = shortest.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def show_figure(
    value: Decimal | None,
    unit: str,
    form: Format,
    figure_key: str | None,
    fiscal_year: int | None,
    *,
    turn: bool = False,
    has_suffix: bool = True,
    exemption: str | None = None,
) -> Number:
    """A figure as it is printed. turn: with its sign turned ("ett underskott på 13 050 tkr"). Raises FormatError."""
    form = fit(form, unit, value)
    if value is None:
        return Number(NOTHING)
    sign = -1 if turn else 1
    suffix = f"{NO_BREAK_SPACE}{form.suffix}" if form.suffix and has_suffix else ""
    return Number(
        printed=typeset(printed_form(value, form.scale, form.decimals, sign)),
        suffix=suffix,
        value=value,
        figure_key=figure_key,
        fiscal_year=fiscal_year,
        unit=unit,
        scale=form.scale,
        decimals=form.decimals,
        sign=sign,
        exemption=exemption,
        number_format=excel_format(unit, value, form),
    )


def excel_format(unit: str, value: Decimal, form: Format) -> str:
    """The Excel format of a value in its own unit: kronor (with ören where there are any), percent 0-100, a count."""
    if unit == "sek":
        return "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if unit == "year":
        return "0"
    decimals = f".{'0' * form.decimals}" if form.decimals else ""
    return f'0{decimals}" %"' if unit == "percent" else f"#,##0{decimals}"


def show_date(day: date) -> str:
    """A date in words: 19 juni 2023."""
    return f"{day.day}{NO_BREAK_SPACE}{MONTHS[day.month - 1]} {day.year}"
