"""Read the tags of a page: Markdoc's `{% name attribute="value" /%}` and `{{ $variable }}`. Nothing is rendered here.

Markdoc tags are not Jinja: a tokenizer takes them out of the text, with the line of each, so that they can be checked
and turned into calls. Written after the description of the language (markdoc.dev) and of Evidence's dialect of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
VARIABLE = re.compile(r"\{\{\s*\$(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
# a variable, or anything else between the braces, which is an error
BRACES = re.compile(r"\{\{(?P<inside>.*?)\}\}", re.DOTALL)
FENCE = re.compile(r"(?m)^(?P<fence>```+|~~~+)(?P<info>[^\n]*)\n(?P<body>.*?)(?:^(?P=fence)[ \t]*$|\Z)", re.DOTALL)
# what is used inside the renderer; a page that holds one could pass for it
PRIVATE = re.compile("[\ue000-\uf8ff]")


class PageError(Exception):
    """A page cannot be rendered: which file and line, what is wrong, and what to do."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Variable:
    """A variable as the value of an attribute: `$name`."""

    name: str


# strings may hold variables ("{{ $name }}"); groups ("{a=1 b=$c}") are attributes of their own
Value = str | int | float | bool | None | Variable | Mapping[str, "Value"]


@dataclass(frozen=True)
class Tag:
    """A tag. kind: open, close or single (`/%}`). file, line: where it begins."""

    name: str
    kind: str
    attributes: Mapping[str, Value]
    file: str
    line: int

    def error(self, message: str) -> PageError:
        """An error at this tag."""
        return PageError(self.file, self.line, message)


@dataclass(frozen=True)
class Words:
    """Text between tags. is_code: a code fence, in which nothing is read."""

    text: str
    file: str
    line: int
    is_code: bool = False


@dataclass(frozen=True)
class Print:
    """A variable printed: `{{ $name }}`."""

    name: str
    file: str
    line: int


Token = Tag | Words | Print


@dataclass(frozen=True)
class Source:
    """A page's body and where it begins in its file. sql: named queries with the line of each."""

    file: str
    tokens: tuple[Token, ...]
    sql: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def read_source(text: str, file: str, first_line: int = 1) -> Source:
    """Take the tags and the named SQL blocks out of a body. first_line: of the body in its file. Raises PageError."""
    private = PRIVATE.search(text)
    if private:
        line = first_line + text.count("\n", 0, private.start())
        raise PageError(file, line, f"the character U+{ord(private.group()):04X} is for private use - remove it")
    sql: dict[str, tuple[str, int]] = {}
    tokens: list[Token] = []
    at = 0
    for fence in FENCE.finditer(text):
        line = first_line + text.count("\n", 0, fence.start())
        words = fence["info"].split()
        tokens.extend(_tokens(text[at : fence.start()], file, first_line + text.count("\n", 0, at)))
        at = fence.end()
        if not fence.group().rstrip().endswith(fence["fence"]):
            raise PageError(file, line, "the code fence is not closed")
        if words[:1] == ["sql"] and len(words) == 2:
            if not NAME.fullmatch(words[1]):
                raise PageError(file, line, f"{words[1]!r} is no name of a query - letters, digits and _")
            if words[1] in sql:
                raise PageError(file, line, f"the query {words[1]} stands twice in this page")
            sql[words[1]] = (fence["body"].strip(), line + 1)
        else:
            tokens.append(Words(fence.group(), file, line, is_code=True))
    tokens.extend(_tokens(text[at:], file, first_line + text.count("\n", 0, at)))
    return Source(file, tuple(tokens), sql)


def _tokens(text: str, file: str, first_line: int) -> Iterator[Token]:
    at = 0
    while at < len(text):
        tag, braces = text.find("{%", at), text.find("{{", at)
        starts = [start for start in (tag, braces) if start >= 0]
        start = min(starts, default=len(text))
        line = first_line + text.count("\n", 0, at)
        if start > at:
            yield Words(text[at:start], file, line)
            line += text.count("\n", at, start)
        if start == len(text):
            return
        if start == tag:
            found, at = _Reader(text, start, file, line).tag()
            yield found
        else:
            match = BRACES.match(text, start)
            variable = VARIABLE.match(text, start)
            if match is None or variable is None:
                inside = match["inside"].strip() if match else text[start : start + 20]
                raise PageError(file, line, f"{{{{ {inside} }}}} is no variable - write {{{{ $name }}}}")
            yield Print(variable["name"], file, line)
            at = match.end()


class _Reader:
    """Reads one tag, sign by sign."""

    def __init__(self, text: str, start: int, file: str, line: int) -> None:
        self.text, self.at, self.start, self.file, self.line = text, start + 2, start, file, line

    def tag(self) -> tuple[Tag, int]:
        self._space()
        kind = "open"
        if self._take("/"):
            kind = "close"
            self._space()
        name = self._name("a tag")
        attributes = self._attributes(("%}", "/%}")) if kind == "open" else {}
        self._space()
        if self._take("/%}"):
            kind = "single"
        elif not self._take("%}"):
            raise self._error("the tag is not closed with %}")
        return Tag(name, kind, attributes, self.file, self.line), self.at

    def _attributes(self, ends: tuple[str, ...]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while True:
            self._space()
            if self.at >= len(self.text):
                raise self._error("the tag is not closed with %}")
            if any(self.text.startswith(end, self.at) for end in ends):
                return found
            name = self._name("an attribute")
            self._space()
            if not (self._take("=") or self._take(":")):
                raise self._error(f'the attribute {name} has no value - write {name}="..."')
            if name in found:
                raise self._error(f"the attribute {name} stands twice")
            self._space()
            found[name] = self._value()
            self._space()
            self._take(",")

    def _value(self) -> Value:
        sign = self.text[self.at : self.at + 1]
        if sign == "$":
            self.at += 1
            return Variable(self._name("a variable"))
        if sign == '"':
            return self._string()
        if sign == "{":
            self.at += 1
            group = self._attributes(("}",))
            self.at += 1
            return group
        number = NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            return float(number.group()) if "." in number.group() else int(number.group())
        word = NAME.match(self.text, self.at)
        known: dict[str, bool | None] = {"true": True, "false": False, "null": None}
        if word and word.group() in known:
            self.at = word.end()
            return known[word.group()]
        raise self._error(
            f'{self.text[self.at : self.at + 20]!r} is no value - write "text", a number, true or $variable'
        )

    def _string(self) -> str:
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\"):
                parts.append(self.text[self.at + 1])
                self.at += 2
                continue
            self.at += 1
            if sign == '"':
                return "".join(parts)
            parts.append(sign)
        raise self._error('a text in the tag is not closed with "')

    def _name(self, what: str) -> str:
        match = NAME.match(self.text, self.at)
        if match is None:
            raise self._error(f"{self.text[self.at : self.at + 20]!r} is no name of {what}")
        self.at = match.end()
        return match.group()

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _take(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def _error(self, message: str) -> PageError:
        return PageError(self.file, self.line + self.text.count("\n", self.start, self.at), message)
