"""Read the folder of pages: front matter, body, shared queries, partials. No SQL is run, nothing is rendered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bokslut.report.tags import PageError, Source, read_source

FRONT = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
BRACKETS = re.compile(r"\[(?P<column>[a-z_][a-z0-9_]*)\]")
PART = re.compile(r"[a-z0-9][a-z0-9-]*")
RESERVED = ("title", "sidebar_position", "each")


@dataclass(frozen=True)
class PageSource:
    """A page as its author wrote it.

    path: parts joined by "/"; the last may be "[column]" for a page a row. title: may hold {{ $variables }}. position:
    order among pages. each: name of the query that gives the rows, or None. variables: what else the front matter says.
    """

    path: str
    title: str
    position: int
    each: str | None
    variables: Mapping[str, object]
    source: Source

    @property
    def column(self) -> str | None:
        """The column whose values name the pages, for an entity page."""
        match = BRACKETS.fullmatch(self.path.rsplit("/", 1)[-1])
        return match["column"] if match else None

    @property
    def parent(self) -> str | None:
        """The path of the page above."""
        return self.path.rpartition("/")[0] or None


@dataclass(frozen=True)
class Folder:
    """All that authors wrote. pages: in reading order. queries: shared ones, name to (SQL, file). partials: by name."""

    pages: tuple[PageSource, ...]
    queries: Mapping[str, tuple[str, str]]
    partials: Mapping[str, Source]


def read_folder(root: Path) -> Folder:
    """Read root/pages, root/queries and root/partials. Raises PageError, the first of all that is wrong."""
    pages = [
        _read_page(path, path.relative_to(root / "pages").with_suffix("").as_posix())
        for path in sorted((root / "pages").rglob("*.md"))
    ]
    known = {page.path for page in pages}
    for page in pages:
        if page.parent is not None and page.parent not in known:
            raise PageError(page.source.file, 1, f"there is no page {page.parent}.md above it")
    if "index" not in known:
        raise PageError(str(root / "pages"), 1, "there is no start page index.md")
    partials = {path.stem: read_source(_text(path), str(path), 1) for path in sorted((root / "partials").glob("*.md"))}
    queries = {path.stem: (_text(path), str(path)) for path in sorted((root / "queries").glob("*.sql"))}
    order = {page.path: (page.path != "index", page.position, page.path) for page in pages}
    pages.sort(key=lambda page: (order[page.path.split("/")[0]], page.path.count("/"), order[page.path]))
    return Folder(tuple(pages), queries, partials)


def read_page(text: str, file: str, path: str) -> PageSource:
    """A page from its text. Raises PageError."""
    front = FRONT.match(text)
    if front is None:
        raise PageError(file, 1, "the page has no front matter - begin it with ---, title: ..., ---")
    try:
        settings = yaml.safe_load(front["yaml"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        raise PageError(file, line, f"the front matter is no YAML ({getattr(error, 'problem', error)})") from error
    if not isinstance(settings, dict) or not isinstance(settings.get("title"), str):
        raise PageError(file, 1, 'the front matter has no title - write title: "..."')
    position = settings.get("sidebar_position", 1000)
    if not isinstance(position, int):
        raise PageError(file, 1, "sidebar_position is not a whole number")
    for part in path.split("/"):
        if not (PART.fullmatch(part) or BRACKETS.fullmatch(part)):
            raise PageError(file, 1, f"{part!r} cannot stand in an address - a to z, digits and hyphens, or [column]")
    variables = {name: value for name, value in settings.items() if name not in RESERVED}
    for name, value in variables.items():
        if not isinstance(value, str | int | bool):
            raise PageError(file, 1, f"the variable {name} is neither a text, a whole number nor true or false")
    page = PageSource(
        path,
        settings["title"],
        position,
        settings.get("each"),
        variables,
        read_source(text[front.end() :], file, 1 + text.count("\n", 0, front.end())),
    )
    if (page.column is None) != (page.each is None):
        raise PageError(file, 1, "a page named [column].md needs each: NAME of a query, and no other page has it")
    return page


def _read_page(path: Path, name: str) -> PageSource:
    return read_page(_text(path), str(path), name)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PageError(str(path), 1, f"not UTF-8 (byte {error.start}) - save it as UTF-8") from error
