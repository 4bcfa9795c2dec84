"""Texts in a CSV that a spreadsheet would take for a formula, made to stay texts. Nothing is written here."""

from __future__ import annotations

FORMULA_SIGNS = "=+-@\t\r"


def inert(cell: object) -> object:
    """A text that begins like a formula gets an apostrophe; a number, a date or None stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] and cell[0] in FORMULA_SIGNS else cell
