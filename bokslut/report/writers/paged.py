"""What the files with pages share: text that can be printed, an outline without gaps, widths. Nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bokslut.report.document import Block, Callout, Chart, Column, Details, List, Number, Row, Table, plain

# controls but for the line feed; marks and overrides of writing direction; lone surrogates; what XML forbids
UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
ADDRESS = re.compile(r"(?:https://|mailto:)[^\s\\<>\"{}|^`]+")
DEEPEST = 6  # PDF knows six levels of headings
SMALL = 6  # columns; a table with more is set smaller
NARROWEST, WIDEST = 8, 80  # characters that count for the width of a column of text
LONG_WORD = 24  # characters; a longer word breaks


def visible(text: str) -> str:
    """The text without what is not seen or turns the order of what is; a tab is a space, every line end a line feed."""
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text).replace("\t", " "))


def outline_level(level: int, above: int) -> int:
    """The level of a heading below one of the level above (0 before the first), so that none is left out."""
    return min(level, above + 1, DEEPEST)


def arrow(number: Number) -> str:
    """Whether the arrow of a change points up or down; none where there is no change, or it is not known."""
    if not number.value:
        return "none"
    return "up" if number.value * number.sign > 0 else "down"


def tone(is_good: bool | None) -> str:
    """The colour of a change, by its role in the theme."""
    return "muted" if is_good is None else "favourable" if is_good else "unfavourable"


def safe_address(address: str) -> bool:
    """Whether a link may lead there."""
    return bool(ADDRESS.fullmatch(address)) and visible(address) == address


def charts(blocks: Iterable[Block]) -> Iterator[Chart]:
    """The charts of blocks, and of what they hold."""
    for block in blocks:
        match block:
            case Chart():
                yield block
            case Callout(children=children) | Details(children=children) | Row(children=children):
                yield from charts(children)
            case List(items):
                for item in items:
                    yield from charts(item)


def column_widths(table: Table) -> list[tuple[float, str]]:
    """The width of each column: of numbers what the longest word needs (em); texts share the rest by length (fr)."""
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    widths = []
    for index, column in enumerate(table.columns):
        texts = [plain(row[index]) for row in rows]
        if column.is_number:
            widths.append((_longest_word(column, texts) * 0.55 + 1.4, "em"))
        else:
            longest = max(map(len, [column.title, *texts]))
            widths.append((min(max(longest, NARROWEST), WIDEST), "fr"))
    return widths


def _longest_word(column: Column, texts: Sequence[str]) -> int:
    # the no-break spaces of a number hold it together
    words = [word for text in (column.title, column.unit, *texts) for word in re.split("[ \n]", text)]
    return min(max(map(len, words)), LONG_WORD)
