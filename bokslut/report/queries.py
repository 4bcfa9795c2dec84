"""Run the queries of pages: one SELECT each, only from the marts, only of this board. What is computed is in models.

A query is parsed by DuckDB itself and its tree is checked before it runs: tables of the schema marts alone, no function
that reads files, asks the clock or computes. The database is opened for reading, closed to everything outside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

import duckdb

from bokslut.report.tags import BRACES, NAME, VARIABLE, PageError

Cell = str | int | bool | Decimal | date | None
# what a page may do to a value: put texts together, and sort by size
FUNCTIONS = frozenset(
    (
        "||",
        "concat",
        "lower",
        "upper",
        "trim",
        "replace",
        "nullif",
        "abs",
        "~~",
        "!~~",
        "~~*",
        "starts_with",
        "contains",
    )
)
EXPRESSIONS = frozenset(
    (
        "COLUMN_REF", "CONSTANT", "PARAMETER", "COMPARISON", "CONJUNCTION", "CASE", "CAST", "OPERATOR", "FUNCTION",
        "STAR", "SUBQUERY", "BETWEEN",
    )
)  # fmt: skip
TABLES = frozenset(("BASE_TABLE", "JOIN", "SUBQUERY", "EMPTY", "EMPTY_FROM"))
OWNERS = ("organisation_id", "board_id")
# what DuckDB reads as a function though it looks like a column
BARE_FUNCTIONS = frozenset(
    (
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "localtime", "localtimestamp", "session_user", "user",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """A query as written: its SQL, and the file and line where it begins."""

    name: str
    sql: str
    file: str
    line: int

    def error(self, message: str) -> PageError:
        """An error in this query."""
        return PageError(self.file, self.line, f"query {self.name}: {message}")


@dataclass(frozen=True)
class Result:
    """What a query gave. columns: names in order. rows: by column."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]


@dataclass
class Marts:
    """The marts of one open warehouse, asked for one page after another. cache: what was asked before."""

    connection: duckdb.DuckDBPyConnection
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cache: dict[tuple[str, tuple[tuple[str, object], ...]], Result] = field(default_factory=dict)
    checked: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read which columns each mart has."""
        found: dict[str, set[str]] = {}
        for table, column in self.connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
        ).fetchall():
            found.setdefault(table, set()).add(column)
        self.columns = {table: frozenset(names) for table, names in found.items()}

    def ask(self, query: Query, known: Mapping[str, Query], variables: Mapping[str, object]) -> Result:
        """The rows of a query. known: the queries that it may insert by {{ name }}. Raises PageError."""
        sql = insert(query, known, ())
        used, is_ordered = self._check(query, sql)
        missing = sorted(used - variables.keys())
        if missing:
            raise query.error(f"unknown variable ${missing[0]}{_suggested(missing[0], variables)}")
        values = {name: variables[name] for name in sorted(used)}
        key = (sql, tuple(values.items()))
        if key not in self.cache:
            result = self._run(query, sql, values)
            if len(result.rows) > 1 and not is_ordered:
                raise query.error("it gives several rows in no certain order - add order by")
            self.cache[key] = result
        return self.cache[key]

    def _run(self, query: Query, sql: str, values: Mapping[str, object]) -> Result:
        try:
            cursor = self.connection.execute(sql, dict(values))
            names = tuple(column[0] for column in cursor.description or ())
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise query.error(" ".join(str(error).split("\n\n")[0].split())) from error
        if len(set(names)) != len(names):
            raise query.error("two columns have the same name")
        return Result(names, tuple({name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows))

    def _check(self, query: Query, sql: str) -> tuple[frozenset[str], bool]:
        """The variables that a query uses, and whether its rows have an order. Raises PageError."""
        if sql not in self.checked:
            answer = self.connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
            tree = json.loads(answer[0]) if answer else {"error": True, "error_message": "not SQL"}
            if tree["error"]:
                raise query.error(f"{tree['error_message']} - a page may only select")
            if len(tree["statements"]) != 1:
                raise query.error("it is not one statement")
            node = tree["statements"][0]["node"]
            self.checked[sql] = _Checker(query, self.columns).used(node), _is_ordered(node)
        return self.checked[sql]


def insert(query: Query, known: Mapping[str, Query], above: tuple[str, ...]) -> str:
    """The SQL with {{ other }} replaced by the other query in parentheses, and {{ $name }} by a bound parameter."""
    parts: list[str] = []
    at = 0
    for match in BRACES.finditer(query.sql):
        parts.append(query.sql[at : match.start()])
        at = match.end()
        variable = VARIABLE.fullmatch(match.group())
        name = match["inside"].strip()
        if variable:
            parts.append(f"${variable['name']}")
        elif not NAME.fullmatch(name) or name not in known:
            raise query.error(f"there is no query {name}{_suggested(name, known)}")
        elif name == query.name or name in above:
            raise query.error(f"it inserts itself by way of {name}")
        else:
            parts.append(f"({insert(known[name], known, (*above, query.name))})")
    return "".join([*parts, query.sql[at:]]).strip().rstrip(";")


def _is_ordered(node: Mapping[str, object]) -> bool:
    modifiers = node.get("modifiers")
    return isinstance(modifiers, list) and any(each["type"] == "ORDER_MODIFIER" for each in modifiers)


class _Checker:
    """Walks the tree of one query."""

    def __init__(self, query: Query, columns: Mapping[str, frozenset[str]]) -> None:
        self.query, self.columns = query, columns

    def used(self, node: Mapping[str, object]) -> frozenset[str]:
        """The variables that it uses. Raises PageError for what a page may not do."""
        nodes = list(_walk(node, frozenset()))
        used = frozenset(str(each["identifier"]) for each, _ in nodes if each.get("class") == "PARAMETER")
        owned = False
        for each, named in nodes:
            kind, of = str(each.get("type", "")), str(each.get("class", ""))
            if kind == "RECURSIVE_CTE_NODE":
                raise self.query.error("a recursive query may never end")
            if each.get("sample") is not None:
                raise self.query.error("a sample is another one each time")
            if "sample" in each and not of and "select_list" not in each:
                if kind not in TABLES:
                    raise self.query.error("a page reads marts, joins and subqueries alone, no files and no functions")
                if kind == "BASE_TABLE":
                    owned |= self._table(each, named)
            elif of:
                self._expression(each, of)
        lacking = [name for name in OWNERS if name not in used]
        if owned and lacking:
            raise self.query.error(
                f"it reads every board - filter by {' and '.join(f'{name} = {{{{ ${name} }}}}' for name in lacking)}"
            )
        return used

    def _table(self, table: Mapping[str, object], named: frozenset[str]) -> bool:
        """Whether the table belongs to boards. Raises PageError for one that is no mart."""
        schema, name = str(table["schema_name"]), str(table["table_name"])
        if not schema and name in named:
            return False
        if schema != "marts" or table.get("catalog_name"):
            raise self.query.error(f"{f'{schema}.' if schema else ''}{name} is no mart - write marts.{name}")
        if name not in self.columns:
            raise self.query.error(f"there is no mart {name}{_suggested(name, self.columns)}")
        return set(OWNERS) <= self.columns[name]

    def _expression(self, node: Mapping[str, object], of: str) -> None:
        name = str(node.get("function_name", ""))
        parts = node.get("column_names")
        if isinstance(parts, list) and len(parts) == 1 and str(parts[0]).lower() in BARE_FUNCTIONS:
            raise self.query.error(f"{parts[0]} is another one each time, or on each machine - a page shows the marts")
        if of == "FUNCTION" and name not in FUNCTIONS:
            what = f"{name} computes" if node.get("is_operator") else f"{name}() is not for pages"
            raise self.query.error(
                f"{what}: a page filters, joins, sorts and shows - what is computed belongs in a model"
            )
        if of not in EXPRESSIONS:
            raise self.query.error(f"{of.lower()} is not for pages - what is computed belongs in a model")


def _walk(node: object, named: frozenset[str]) -> Iterator[tuple[Mapping[str, object], frozenset[str]]]:
    """Every node, and the names of the CTEs that can be seen there: one of its own only after it."""
    if isinstance(node, dict):
        for entry in _entries(node):
            yield from _walk(entry["value"], named)
            named |= {str(entry["key"])}
        yield node, named
        for name, child in node.items():
            if name != "cte_map":
                yield from _walk(child, named)
    elif isinstance(node, list):
        for child in node:
            yield from _walk(child, named)


def _entries(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The CTEs of a query, in order."""
    ctes = node.get("cte_map")
    entries = ctes.get("map") if isinstance(ctes, dict) else None
    return entries if isinstance(entries, list) else []


def _suggested(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f" - did you mean {close[0]}?" if close else ""


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | bool | int | Decimal | date):
        return value
    return Decimal(str(value)) if isinstance(value, float) else str(value)
