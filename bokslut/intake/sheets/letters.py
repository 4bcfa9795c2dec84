"""The letters of columns as Excel has them: A is 1, Z is 26, AA is 27."""

from __future__ import annotations

import re

LETTERS = 26


def column_number(letters: str) -> int:
    """The number of a column from 1, or 0 where the text is not one to three letters A-Z."""
    if not re.fullmatch(r"[A-Z]{1,3}", letters):
        return 0
    number = 0
    for letter in letters:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def column_letter(number: int) -> str:
    """The letters of a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
