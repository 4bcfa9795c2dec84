"""Turn rendered Markdown into nodes: CommonMark by markdown-it, without HTML. What tags made stands in it as a mark.

A mark is two characters for private use around a number; pages cannot hold them. Data is never part of the Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Code,
    Delta,
    Details,
    Emphasis,
    Heading,
    Inline,
    Light,
    Link,
    List,
    Listing,
    Number,
    PageBreak,
    Paragraph,
    Row,
    Strong,
    Table,
    Text,
    Trend,
    plain,
)

OPEN, CLOSE = "\ue010", "\ue011"
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
INLINES = (Text, Number, Strong, Emphasis, Code, Link, Light, Trend, Delta)
BLOCKS = (Heading, Paragraph, List, Table, Chart, BigValue, Callout, Details, Row, Listing, PageBreak)
PARSER = MarkdownIt("commonmark", {"html": False})

Node = Inline | Block


@dataclass(frozen=True)
class Fragment:
    """Inlines that stand together."""

    children: tuple[Inline, ...]


class MarkupError(Exception):
    """The Markdown says something that the report cannot show."""


def mark(number: int) -> str:
    """The mark of the node with that number."""
    return f"{OPEN}{number}{CLOSE}"


def marks(text: str) -> tuple[list[int], str]:
    """The numbers of the marks in a text, and what else stands there."""
    return [int(number) for number in MARK.findall(text)], MARK.sub("", text)


def slug(text: str) -> str:
    """A text as part of an address: a to z, digits and hyphens."""
    plain_text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain_text).strip("-")[:80].strip("-")


class Builder:
    """Builds blocks. nodes: what the marks stand for. has_page: whether the report has a page of that path."""

    def __init__(self, nodes: Sequence[object], has_page: Callable[[str], bool]) -> None:
        self.nodes, self.has_page = nodes, has_page

    def blocks(self, text: str) -> tuple[Block, ...]:
        """The blocks of a text. Raises MarkupError."""
        return tuple(self._blocks(PARSER.parse("\n".join(self._apart(line) for line in text.split("\n")))))

    def inlines(self, text: str) -> tuple[Inline, ...]:
        """The inlines of a text on one line. Raises MarkupError."""
        found: list[Inline] = []
        for token in PARSER.parseInline(text.strip()):
            found.extend(self._inlines(token.children or []))
        return tuple(found)

    def _apart(self, line: str) -> str:
        """A line of marks alone, without its indentation; one of blocks with empty lines around it."""
        numbers, rest = marks(line)
        if not numbers or rest.strip():
            return line
        has_block = any(not isinstance(self.nodes[number], (*INLINES, Fragment)) for number in numbers)
        return f"\n{line.strip()}\n" if has_block else line.strip()

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inside = tokens[index + 1 : end]
            match token.type:
                case "paragraph_open":
                    yield from self._paragraph(inside)
                case "heading_open":
                    yield self._heading(int(token.tag[1]), inside)
                case "bullet_list_open" | "ordered_list_open":
                    yield List(tuple(self._items(inside)), token.type.startswith("ordered"))
                case "fence" | "code_block":
                    yield Listing(token.content.rstrip("\n"), token.info.strip())
                case "hr":
                    pass
                case _:
                    raise MarkupError(f"{token.type.removesuffix('_open').replace('_', ' ')} is not for pages")
            index = end + 1

    def _items(self, tokens: Sequence[Token]) -> Iterator[tuple[Block, ...]]:
        index = 0
        while index < len(tokens):
            end = _closing(tokens, index)
            yield tuple(self._blocks(tokens[index + 1 : end]))
            index = end + 1

    def _heading(self, level: int, tokens: Sequence[Token]) -> Heading:
        if level == 1:
            raise MarkupError("a page has its title for a first heading - begin headings with ##")
        children = tuple(inline for token in tokens for inline in self._inlines(token.children or []))
        return Heading(level, children, slug(plain(children)) or "rubrik")

    def _paragraph(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """A paragraph, or the blocks whose marks stand alone in it."""
        children = [child for token in tokens for child in token.children or []]
        content = "".join(child.content if child.type == "text" else "\n" for child in children)
        numbers, rest = marks(content)
        found = [self.nodes[number] for number in numbers]
        blocks = [node for node in found if isinstance(node, BLOCKS)]
        if not blocks:
            inlines = tuple(self._inlines(children))
            if plain(inlines).strip():
                yield Paragraph(inlines)
        elif rest.strip() or len(blocks) < len(found):
            raise MarkupError("a table, chart or box stands in a line of text - give it lines of its own")
        else:
            yield from blocks

    def _inlines(self, tokens: Sequence[Token]) -> Iterator[Inline]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inside = tokens[index + 1 : end]
            match token.type:
                case "text":
                    yield from self._marked(token.content)
                case "softbreak" | "hardbreak":
                    yield Text(" ")
                case "code_inline":
                    yield Code(token.content)
                case "strong_open":
                    yield Strong(tuple(self._inlines(inside)))
                case "em_open":
                    yield Emphasis(tuple(self._inlines(inside)))
                case "link_open":
                    yield self._link(str(token.attrs["href"]), tuple(self._inlines(inside)))
                case _:
                    raise MarkupError(f"{token.type.removesuffix('_open').replace('_', ' ')} is not for pages")
            index = end + 1

    def _link(self, target: str, children: tuple[Inline, ...]) -> Link:
        address = MARK.sub(lambda found: self._plain_mark(int(found[1])), unquote(target))
        if address.startswith("/"):
            path = address.strip("/") or "index"
            if not self.has_page(path):
                raise MarkupError(f"there is no page {address}")
            return Link(children, page=path)
        if not re.match("(?:https|mailto):", address):
            raise MarkupError(f"the link {address} leads neither to a page (/...) nor to https: or mailto:")
        return Link(children, address=target)

    def _plain_mark(self, number: int) -> str:
        node = self.nodes[number]
        return node.text if isinstance(node, Text) else ""

    def _marked(self, text: str) -> Iterator[Inline]:
        at = 0
        for found in MARK.finditer(text):
            if found.start() > at:
                yield Text(text[at : found.start()])
            node = self.nodes[int(found[1])]
            if isinstance(node, Fragment):
                yield from node.children
            elif isinstance(node, INLINES):
                yield node
            else:
                raise MarkupError("a table, chart or box stands in a line of text - give it lines of its own")
            at = found.end()
        if at < len(text):
            yield Text(text[at:])


def exempted(inlines: Sequence[Inline], reason: str) -> tuple[Inline, ...]:
    """The inlines, with the reason why numerals in their texts need no figure."""
    result: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text():
                result.append(replace(inline, exemption=inline.exemption or reason))
            case Strong(children):
                result.append(Strong(exempted(children, reason)))
            case Emphasis(children):
                result.append(Emphasis(exempted(children, reason)))
            case Link(children, page, address):
                result.append(Link(exempted(children, reason), page, address))
            case _:
                result.append(inline)
    return tuple(result)


def _closing(tokens: Sequence[Token], index: int) -> int:
    """The index of the token that closes the one at index; the same for one that holds nothing."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += tokens[at].nesting
        if depth == 0:
            return at
    return len(tokens) - 1
