"""Render pages: tags become calls of a sandboxed Jinja template, its Markdown becomes nodes. Nothing is written here.

The template's own signs are characters for private use, so that nothing an author or the marts can write is ever read
as Jinja; data passes by as marks and is put into the tree last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from bokslut.report.components import OF_MARTS, Components, Part, Scope, shown
from bokslut.report.document import Inline, Page, Report, Text
from bokslut.report.figures import Figures
from bokslut.report.markup import Builder, Fragment, MarkupError, Node, exempted, mark, marks, slug
from bokslut.report.pages import Folder, PageSource
from bokslut.report.queries import Marts, Query, Result
from bokslut.report.specs import SPECS, check_tag, like
from bokslut.report.tags import VARIABLE, PageError, Print, Source, Tag, Token, Variable, Words
from bokslut.report.theme import Theme

BLOCK, BLOCK_END, VALUE, VALUE_END, COMMENT, COMMENT_END = "\ue0f0", "\ue0f1", "\ue0f2", "\ue0f3", "\ue0f4", "\ue0f5"
CHARTS = ("bar_chart", "horizontal_bar_chart", "line_chart", "waterfall_chart")
# what is no text to be read: code, the target of a link, the number of a list item
UNREAD = re.compile(r"`[^`\n]*`|(?<=\])\([^)\n]*\)|(?m:^[ \t]*[0-9]+[.)](?=[ \t]))")
ENVIRONMENT = SandboxedEnvironment(
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    block_start_string=BLOCK,
    block_end_string=BLOCK_END,
    variable_start_string=VALUE,
    variable_end_string=VALUE_END,
    comment_start_string=COMMENT,
    comment_end_string=COMMENT_END,
)


@dataclass(frozen=True)
class Board:
    """Whose report it is: the built-in variables of pages."""

    organisation_id: str
    organisation_name: str
    board_id: str
    board_name: str
    fiscal_year: int

    def variables(self) -> dict[str, object]:
        """The built-in variables."""
        return {
            "organisation_id": self.organisation_id,
            "organisation_name": self.organisation_name,
            "board_id": self.board_id,
            "board_name": self.board_name,
            "fiscal_year": self.fiscal_year,
            "prior_year": self.fiscal_year - 1,
            "next_year": self.fiscal_year + 1,
        }


@dataclass(frozen=True)
class Compiled:
    """A body as a template and the tags that it calls by number. parts: those that stand inside a table or chart."""

    template: Template
    tokens: tuple[Tag | Print, ...]
    parts: frozenset[int]
    source: Source


def compile_source(source: Source) -> Compiled:
    """Turn a body into a template. Raises PageError: unknown tag or attribute, wrong nesting, a bare numeral."""
    return _Compiler(source).compiled()


class _Compiler:
    """Compiles one body."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts: list[str] = []
        self.tokens: list[Tag | Print] = []
        self.open: list[Tag] = []
        self.inside: set[int] = set()

    def compiled(self) -> Compiled:
        tokens = self.source.tokens
        for index, token in enumerate(tokens):
            match token:
                case Words():
                    self._words(token)
                case Print():
                    self._value(f"printed({self._number(token)}, scope)")
                case Tag(kind="close"):
                    self._close(token, tokens[index + 1 :])
                case Tag():
                    self._open(token, tokens[:index])
        if self.open:
            raise self.open[-1].error(f"{self.open[-1].name} is not closed - add {{% /{self.open[-1].name} %}}")
        template = ENVIRONMENT.from_string("".join(self.parts))
        return Compiled(template, tuple(self.tokens), frozenset(self.inside), self.source)

    def _number(self, token: Tag | Print) -> int:
        self.tokens.append(token)
        return len(self.tokens) - 1

    def _words(self, words: Words) -> None:
        parent = self.open[-1] if self.open else None
        if parent is not None and SPECS[parent.name].holds == "parts" and words.text.strip():
            raise PageError(words.file, words.line, f"text inside {parent.name} - only {_names(parent)} stand there")
        if not words.is_code and not any(tag.name == "exempt" for tag in self.open):
            read = UNREAD.sub(lambda found: " " * len(found.group()), words.text)
            numeral = re.search(r"[0-9][0-9.,]*", read)
            if numeral:
                line = words.line + words.text.count("\n", 0, numeral.start())
                raise PageError(
                    words.file,
                    line,
                    f"the number {numeral.group()} has no figure - use {{% figure key=... /%}},"
                    ' or {% exempt reason="..." %} around it',
                )
        self.parts.append(words.text)

    def _value(self, call: str) -> None:
        self.parts.append(f"{VALUE} {call} {VALUE_END}")

    def _block(self, statement: str) -> None:
        self.parts.append(f"{BLOCK} {statement} {BLOCK_END}")

    def _open(self, tag: Tag, before: Sequence[Token]) -> None:
        check_tag(tag)
        self._check_place(tag, before)
        if tag.name == "else":
            if tag.kind == "single":
                self._block("else")  # within if, as Markdoc has it; after it, as Evidence has it, see _close
            else:
                self.open.append(tag)
            return
        number = self._number(tag)
        if any(SPECS[above.name].holds == "parts" for above in self.open):
            self.inside.add(number)
        if tag.kind == "single":
            self._value(f"component({number}, scope)")
            return
        self.open.append(tag)
        if tag.name == "if":
            self._block(f"if holds({number}, scope)")
        elif tag.name == "each":
            self._block(f"for scope in scopes({number}, scope)")
        else:
            self._block(f"call component({number}, scope)")

    def _check_place(self, tag: Tag, before: Sequence[Token]) -> None:
        parent = self.open[-1] if self.open else None
        within = SPECS[tag.name].within
        if within and (parent is None or parent.name not in within):
            raise tag.error(f"{tag.name} stands inside {' or '.join(within)}")
        if parent is not None and SPECS[parent.name].holds == "parts" and tag.name not in SPECS[parent.name].parts:
            raise tag.error(f"{tag.name} does not stand inside {parent.name} - only {_names(parent)} do")
        if tag.name == "else":
            last = next((token for token in reversed(before) if not _is_blank(token)), None)
            follows = isinstance(last, Tag) and last.name == "if" and last.kind == "close"
            if not (parent is not None and parent.name == "if" if tag.kind == "single" else follows):
                raise tag.error("else follows {% /if %}")

    def _close(self, tag: Tag, after: Sequence[Token]) -> None:
        check_tag(tag)
        if not self.open or self.open[-1].name != tag.name:
            meant = f" - {self.open[-1].name} is open" if self.open else ""
            raise tag.error(f"{{% /{tag.name} %}} closes nothing{meant}")
        self.open.pop()
        if tag.name == "each":
            self._block("endfor")
        elif tag.name == "else":
            self._block("endif")
        elif tag.name != "if":
            self._block("endcall")
        else:
            following = next((token for token in after if not _is_blank(token)), None)
            is_else = isinstance(following, Tag) and following.name == "else" and following.kind == "open"
            self._block("else" if is_else else "endif")


def _is_blank(token: Token) -> bool:
    return isinstance(token, Words) and not token.text.strip()


def _names(tag: Tag) -> str:
    return " and ".join(SPECS[tag.name].parts)


@dataclass
class Renderer:
    """Renders the pages of one folder for one board.

    tests: what guards each mart, by mart: name and claim. on_page: told the path of each page before it is rendered.
    """

    folder: Folder
    marts: Marts
    figures: Figures
    board: Board
    theme: Theme
    tests: Mapping[str, Sequence[tuple[str, str]]]
    on_page: Callable[[str], None]
    compiled: dict[str, Compiled] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def report(self, title: str) -> Report:
        """The whole report. Raises PageError, one that names every page that failed."""
        errors: list[PageError] = []
        for body in (*(page.source for page in self.folder.pages), *self.folder.partials.values()):
            try:
                self.compiled[body.file] = compile_source(body)
            except PageError as error:
                errors.append(error)
        _raise(errors)
        planned = [(source, *planned) for source in self.folder.pages for planned in self._plan(source, errors)]
        _raise(errors)
        twice = [path for number, (_, path, _) in enumerate(planned) if path in {each[1] for each in planned[:number]}]
        if twice:
            raise PageError(str(twice[0]), 1, "two pages have this address")
        paths = {path for _, path, _ in planned}
        pages: list[Page] = []
        for source, path, scope in planned:
            self.on_page(path)
            try:
                pages.append(_PageRenderer(self, source, path, scope, paths).page())
            except PageError as error:
                errors.append(error)
        _raise(errors)
        board = self.board
        return Report(
            board.organisation_id,
            board.organisation_name,
            board.board_id,
            board.board_name,
            board.fiscal_year,
            title,
            tuple(_in_order(pages)),
        )

    def _plan(self, source: PageSource, errors: list[PageError]) -> list[tuple[str, Scope]]:
        """The paths of a page and the variables of each: one, or one a row of its each query."""
        scope = {**source.variables, **self.board.variables()}
        if source.each is None or source.column is None:
            return [(source.path, scope)]
        tag = Tag("each", "single", {"data": source.each}, source.source.file, 1)
        try:
            result = self.ask(source.source, tag, source.each, scope)
            if result.rows and source.column not in result.columns:
                raise tag.error(
                    f"query {source.each} has no column {source.column}{like(source.column, result.rows[0])}"
                )
        except PageError as error:
            errors.append(error)
            return []
        parent = source.path.rpartition("/")[0]
        return [(f"{parent}/{slug(shown(row[source.column]))}".lstrip("/"), {**scope, **row}) for row in result.rows]

    def ask(self, source: Source, tag: Tag, name: str, scope: Scope) -> Result:
        """The rows of a query of a page, or of a shared one. Raises PageError."""
        known = {shared: Query(shared, sql, file, 1) for shared, (sql, file) in self.folder.queries.items()}
        for own, (sql, line) in source.sql.items():
            if own in known:
                raise PageError(source.file, line, f"the query {own} is a shared one too - name it otherwise")
            known[own] = Query(own, sql, source.file, line)
        if name not in known:
            raise tag.error(f"there is no query {name}{like(name, known)}")
        return self.marts.ask(known[name], known, scope)


class _PageRenderer:
    """Renders one page."""

    def __init__(self, whole: Renderer, source: PageSource, path: str, scope: Scope, paths: set[str]) -> None:
        self.whole, self.source, self.path, self.scope = whole, source, path, scope
        self.nodes: list[Node | Part | Fragment] = []
        self.builder = Builder(self.nodes, paths.__contains__)
        self.paths = paths

    def page(self) -> Page:
        file = self.source.source.file
        title = self._title()
        try:
            blocks = self.builder.blocks(self._rendered(self.whole.compiled[file], self.scope))
        except MarkupError as error:
            raise PageError(file, self._line_of(error), str(error)) from error
        parent = self.source.parent
        return Page(self.path, title, blocks, parent, 2 if parent else 1)

    def _title(self) -> tuple[Inline, ...]:
        """The title: the author's words, and variables as texts of the marts."""
        parts: list[Inline] = []
        at = 0
        tag = Tag("title", "single", {}, self.source.source.file, 1)
        for found in VARIABLE.finditer(self.source.title):
            parts.append(Text(self.source.title[at : found.start()]))
            if found["name"] not in self.scope:
                raise tag.error(f"unknown variable ${found['name']}{like(found['name'], self.scope)}")
            parts.append(Text(shown(self.scope[found["name"]]), OF_MARTS))
            at = found.end()
        parts.append(Text(self.source.title[at:]))
        if any(sign.isdigit() for sign in VARIABLE.sub("", self.source.title)):
            raise tag.error(f"a number in the title without a figure: {self.source.title!r}")
        return tuple(part for part in parts if not isinstance(part, Text) or part.text)

    def _line_of(self, error: MarkupError) -> int:
        """The line of the first text that the message names; the first line of the page where none does."""
        named = re.search(r"/[a-z0-9/-]+|https?:\S+|javascript:\S+", str(error))
        for token in self.source.source.tokens:
            if named and isinstance(token, Words) and named.group() in token.text:
                return token.line + token.text.count("\n", 0, token.text.index(named.group()))
        return 1

    def _rendered(self, compiled: Compiled, scope: Scope) -> str:
        """The Markdown of a body, with marks for what its tags made."""
        call = _Calls(self, compiled)
        return compiled.template.render(
            component=call.component, holds=call.holds, printed=call.printed, scopes=call.scopes, scope=scope
        )


class _Calls:
    """What a template calls: its tags by number."""

    def __init__(self, page: _PageRenderer, compiled: Compiled) -> None:
        self.page, self.compiled = page, compiled
        whole = page.whole
        self.components = Components(
            whole.figures,
            whole.board.fiscal_year,
            whole.theme,
            lambda tag, name, scope: whole.ask(compiled.source, tag, name, scope),
            page.paths.__contains__,
            whole.names,
            whole.tests,
        )

    def _tag(self, number: int) -> Tag:
        tag = self.compiled.tokens[number]
        assert isinstance(tag, Tag)  # noqa: S101 - the compiler numbered it
        return tag

    def _mark(self, node: Node | Part | Fragment) -> Markup:
        self.page.nodes.append(node)
        return Markup(mark(len(self.page.nodes) - 1))  # noqa: S704 - two signs for private use and a number

    def printed(self, number: int, scope: Scope) -> Markup:
        """A variable as text."""
        token = self.compiled.tokens[number]
        tag = Tag("variable", "single", {}, self.compiled.source.file, token.line)
        value = self.components.variable(tag, token.name, scope)
        if not isinstance(value, str | int | type(None)) and not hasattr(value, "year"):
            raise tag.error(f"${token.name} is a number - show it by value= with its figure")
        return self._mark(Text(shown(value), OF_MARTS))

    def scopes(self, number: int, scope: Scope) -> list[Scope]:
        """The variables of each row."""
        return [{**scope, **row} for row in self.components.rows(self._tag(number), scope).rows]

    def holds(self, number: int, scope: Scope) -> bool:
        """Whether the condition of an if holds."""
        tag, components = self._tag(number), self.components
        if "figure" in tag.attributes:
            key = components.text(tag, "figure", scope)
            return components.figure(tag, key, components.fiscal_year) is not None
        if "data" in tag.attributes:
            rows = components.rows(tag, scope).rows
            if not rows or "value" not in tag.attributes:
                return bool(rows)
            return _is_true(components.cell(tag, "value", rows[0], scope))
        if isinstance(tag.attributes.get("value"), Variable):
            return _is_true(components.cell(tag, "value", {}, scope))
        raise tag.error("it needs data=, figure= or value=$variable")

    def component(self, number: int, scope: Scope, caller: Callable[[], str] | None = None) -> Markup:
        """What a tag makes, as a mark; for a partial its Markdown."""
        tag = self._tag(number)
        content = str(caller()) if caller is not None else ""
        if tag.name == "partial":
            return self._partial(tag, scope)
        if number in self.compiled.parts:
            return self._mark(Part(tag, scope))
        try:
            return self._mark(self._built(tag, scope, content))
        except MarkupError as error:
            raise tag.error(str(error)) from error

    def _built(self, tag: Tag, scope: Scope, content: str) -> Node | Fragment:
        builder, components = self.page.builder, self.components
        if tag.name == "exempt":
            return Fragment(exempted(builder.inlines(content), components.text(tag, "reason", scope)))
        if tag.name == "table":
            return components.build_table(tag, scope, self._parts(content))
        if tag.name in CHARTS:
            return components.build_chart(tag, scope, self._parts(content))
        build = getattr(components, f"build_{tag.name}")
        node: Node = build(tag, scope, builder.blocks(content)) if tag.kind == "open" else build(tag, scope)
        return node

    def _parts(self, content: str) -> list[Part]:
        found = [self.page.nodes[number] for number in marks(content)[0]]
        return [part for part in found if isinstance(part, Part)]

    def _partial(self, tag: Tag, scope: Scope) -> Markup:
        name = self.components.text(tag, "file", scope).removeprefix("/partials/")
        partials = self.page.whole.folder.partials
        if name not in partials:
            raise tag.error(f"there is no partial {name}{like(name, partials)}")
        group = tag.attributes.get("variables", {})
        given = {
            key: self.components.variable(tag, value.name, scope) if isinstance(value, Variable) else value
            for key, value in (group.items() if isinstance(group, Mapping) else ())
        }
        compiled = self.page.whole.compiled[partials[name].file]
        inner = {**self.page.whole.board.variables(), **given}
        return Markup(self.page._rendered(compiled, inner))  # noqa: S704 - Markdown of a partial, data are marks


def _is_true(value: object) -> bool:
    return value is not None and value is not False


def _in_order(pages: Sequence[Page]) -> list[Page]:
    """Each page, and after it the pages below it."""
    return [
        page
        for top in pages
        if top.parent is None
        for page in (top, *(each for each in pages if each.parent == top.path))
    ]


def _raise(errors: Sequence[PageError]) -> None:
    """Raise all errors as one, each said once: the pages of one file fail together."""
    if errors:
        first, *others = dict.fromkeys(map(str, errors))
        rest = "".join(f"\n{other}" for other in others if other != first)
        raise PageError(errors[0].file, errors[0].line, f"{errors[0].message}{rest}")
