"""Where a figure comes from: its mart and column, the SQL, the tests that guard it, the rows of the seeds under it.

Read from dbt's manifest and the seed files. Postings and vouchers are never read here, and no row that tells what an
activity code cost by account is shown, since a code can have few people. Nothing is computed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bokslut.release.places import BUILDING, INPUTS
from bokslut.report.errors import LineageError
from bokslut.report.figures import Figure, Figures

OWNERS = ("organisation_id", "board_id")
YEAR = "fiscal_year"
# the folder of seeds about the report itself: documents, printed figures, statements, control totals
CONTROL = "control"
CODE, ACCOUNTS = "activity_code", ("account", "account_class")
# kinds of columns whose cells can be a part of a figure's key
NAMING = ("id", "enum")


@dataclass(frozen=True)
class SeedRow:
    """A row of a seed: the file's line (from 1) where it begins, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SeedRows:
    """The rows of one seed under a figure. file: as in the repository. rows: of its year. earlier: of years before."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[SeedRow, ...]
    earlier: tuple[SeedRow, ...]


@dataclass(frozen=True)
class Basis:
    """The rows under a figure. names: what the rows call each thing of its key, in order, empty where they do not.

    is_whole: it is about no single thing, so the rows are all of the board and year. unlisted: files that the mart
    reads too, whose rows cannot name what the figure is about. left_out: how many rows are not shown because they tell
    what an activity code cost by account.
    """

    names: tuple[str, ...]
    seeds: tuple[SeedRows, ...]
    is_whole: bool
    unlisted: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class Guard:
    """A claim that a test holds a mart to. expression: as written there, or empty where the name says it all."""

    test: str
    claim: str
    expression: str


@dataclass(frozen=True)
class Model:
    """A model as written."""

    name: str
    file: str
    description: str
    sql: str


@dataclass(frozen=True)
class Mart:
    """A mart. models: itself, then what it reads, nearest first. key: its primary key. columns: what each one is.

    guards: the claims that tests hold it to. has_postings: whether imported postings are among what it reads.
    """

    name: str
    models: tuple[Model, ...]
    key: tuple[str, ...]
    columns: Mapping[str, str]
    guards: tuple[Guard, ...]
    has_postings: bool


@dataclass(frozen=True)
class Trace:
    """Where one figure comes from. Figures of one mart about the same thing and year have the same basis."""

    figure: Figure
    mart: Mart
    basis: Basis


@dataclass(frozen=True)
class Traces:
    """The figures of one board. fiscal_year: of the report. by_key: by key and year, sorted. marts: by name."""

    fiscal_year: int
    by_key: Mapping[tuple[str, int], Trace]
    marts: Mapping[str, Mart]


@dataclass(frozen=True)
class _Seed:
    """A seed with rows of boards. naming: its columns whose cells can be a part of a key."""

    name: str
    file: str
    columns: tuple[str, ...]
    naming: tuple[str, ...]
    rows: tuple[SeedRow, ...]

    @cached_property
    def at(self) -> Mapping[str, int]:
        """The place of each column."""
        return {name: index for index, name in enumerate(self.columns)}

    def cells(self, row: SeedRow, columns: Iterable[str]) -> tuple[str, ...]:
        """Some cells of a row, empty for a column that the seed lacks."""
        return tuple(row.cells[self.at[column]] if column in self.at else "" for column in columns)

    def year(self, row: SeedRow) -> int | None:
        """The year that a row is about; None where the seed has no years."""
        return int(row.cells[self.at[YEAR]]) if YEAR in self.at else None


@dataclass(frozen=True)
class _Reference:
    """That columns of one seed name a row of another."""

    seed: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]


class Lineage:
    """What a manifest knows of marts, and what the seeds that it names hold."""

    def __init__(self, manifest: Mapping[str, Any], root: Path) -> None:
        """Index the manifest once. root: the folder that its file names are in. Raises KeyError: not a manifest."""
        self.nodes: Mapping[str, Any] = manifest["nodes"]
        self.root = root
        self.references = [each for node in self._of_type("test") for each in _references(node)]
        guards: dict[str, list[Guard]] = {}
        for test in self._of_type("test"):
            attached = test.get("attached_node")
            for name in [attached] if attached else test["depends_on"]["nodes"]:
                guards.setdefault(name, []).extend(_guards(test))
        self.marts = {
            model["name"]: self._mart(model, guards.get(model["unique_id"], []))
            for model in self._of_type("model")
            if model["fqn"][1] == "marts"
        }
        self._read: dict[str, _Seed] = {}
        self._under: dict[str, list[_Seed]] = {}

    @property
    def tests(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """What guards each mart: the test with its claim, and the claim as written there or in words."""
        return {
            name: [
                (f"{guard.test}: {guard.claim}" if guard.claim else guard.test, guard.expression or _words(guard))
                for guard in mart.guards
            ]
            for name, mart in self.marts.items()
        }

    def traces(self, organisation_id: str, board_id: str, fiscal_year: int, figures: Figures) -> Traces:
        """The traces of a board's figures. Raises LineageError: a mart or the file of a seed is not there."""
        board = _BoardRows(self, (organisation_id, board_id))
        found: dict[tuple[str, int], Trace] = {}
        for at, figure in sorted(figures.by_key.items()):
            if figure.mart not in self.marts:
                raise LineageError(f"{figure.key} comes from {figure.mart}, which the manifest lacks - run make build")
            found[at] = Trace(figure, self.marts[figure.mart], board.basis(figure))
        names = {trace.mart.name for trace in found.values()}
        return Traces(fiscal_year, found, {name: mart for name, mart in self.marts.items() if name in names})

    def seeds_under(self, mart: str) -> list[_Seed]:
        """The seeds with rows of boards that a mart reads, by file. Raises LineageError."""
        if mart not in self._under:
            (model,) = (node for node in self._of_type("model") if node["name"] == mart)
            nodes = [self.nodes[name] for name in self._above(model["unique_id"])]
            seeds = [
                self._seed(node) for node in nodes if node["resource_type"] == "seed" and CONTROL not in node["fqn"]
            ]
            # reference data holds for every board
            self._under[mart] = sorted((seed for seed in seeds if OWNERS[0] in seed.at), key=lambda seed: seed.file)
        return self._under[mart]

    def _of_type(self, resource_type: str) -> list[Any]:
        """The nodes of a type, by name."""
        return [node for _, node in sorted(self.nodes.items()) if node["resource_type"] == resource_type]

    def _above(self, unique_id: str) -> list[str]:
        """A node and all that it reads, nearest first; sources are not nodes."""
        found = [unique_id]
        for name in found:
            parents = self.nodes[name]["depends_on"].get("nodes", [])
            found.extend(parent for parent in dict.fromkeys(parents) if parent in self.nodes and parent not in found)
        return found

    def _mart(self, node: Mapping[str, Any], guards: Iterable[Guard]) -> Mart:
        above = [self.nodes[name] for name in self._above(node["unique_id"])]
        models = [each for each in above if each["resource_type"] == "model"]
        keys = [each["columns"] for each in node["constraints"] if each["type"] == "primary_key"]
        return Mart(
            node["name"],
            tuple(
                Model(each["name"], as_named(each["original_file_path"]), each["description"], each["raw_code"])
                for each in models
            ),
            tuple(column for key in keys for column in key),
            {name: column["description"] for name, column in node["columns"].items()},
            tuple(sorted(set(guards), key=lambda guard: (guard.test, guard.claim))),
            any(name.startswith("source.") for each in models for name in each["depends_on"]["nodes"]),
        )

    def _seed(self, node: Mapping[str, Any]) -> _Seed:
        """A seed, read once. Raises LineageError."""
        name, file = node["name"], as_named(node["original_file_path"])
        if name not in self._read:
            try:
                with (self.root / file).open(encoding="utf-8-sig", newline="") as opened:
                    reader = csv.reader(opened)
                    columns = tuple(next(reader, []))
                    rows = tuple(_rows(reader, len(columns)))
            except (OSError, UnicodeDecodeError, csv.Error) as error:
                raise LineageError(f"{file}: cannot be read as it was built - run make build ({error})") from error
            kinds = {column: about["config"]["meta"].get("kind") for column, about in node["columns"].items()}
            naming = tuple(column for column in columns if kinds.get(column) in NAMING)
            self._read[name] = _Seed(name, file, columns, naming, rows)
        return self._read[name]


def as_named(file: str) -> str:
    """A file of the project under the name that a user knows, where dbt read a release's own copy of it."""
    _, copied, name = file.rpartition(f"/{BUILDING}/{INPUTS}/")
    return name if copied else file


def read_lineage(manifest: Path, root: Path) -> Lineage:
    """Read dbt's manifest. root: the folder that its file names are in. Raises LineageError where there is none."""
    try:
        return Lineage(json.loads(manifest.read_bytes()), root)
    except (OSError, ValueError, KeyError) as error:
        raise LineageError(f"{manifest}: no manifest of a build here - run make build") from error


class _BoardRows:
    """The seed rows of one board, and which of them lie under a figure."""

    def __init__(self, lineage: Lineage, owner: tuple[str, str]) -> None:
        self.lineage = lineage
        self.owner = owner
        self.own: dict[str, list[SeedRow]] = {}
        self.values: dict[tuple[str, str], frozenset[str]] = {}
        self.known: dict[tuple[str, int, tuple[str, ...], str], Basis] = {}

    def basis(self, figure: Figure) -> Basis:
        """What lies under a figure: the rows about the thing that its key names, and the rows that hang on them."""
        things = [column for column in self.lineage.marts[figure.mart].key if column not in (*OWNERS, YEAR)]
        rest = figure.key.partition("/")[2]
        named: dict[str, str] = {}
        for column in things:
            # an id may hold a slash: the longest that fits
            fitting = [value for value in self._values(figure.mart, column) if f"{rest}/".startswith(f"{value}/")]
            if not fitting:
                break
            named[column] = max(fitting, key=len)
            rest = rest[len(named[column]) + 1 :]
        # where a word of the key is no key of the mart, it may be what rows are called: result/revenue/actual
        word = rest.partition("/")[0] if len(named) < len(things) else ""
        at = (figure.mart, figure.fiscal_year, tuple(named.values()), word)
        if at not in self.known:
            self.known[at] = self._basis(figure.mart, figure.fiscal_year, things, named, word)
        return self.known[at]

    def _basis(self, mart: str, year: int, things: Sequence[str], named: Mapping[str, str], word: str) -> Basis:
        seeds = self.lineage.seeds_under(mart)
        about = [seed for seed in seeds if any(column in seed.at for column in things)]
        values = {column: self._with_parts(column, value, about) for column, value in named.items()}
        found = {
            seed.name: [
                row
                for row in self._until(seed, year)
                if all(row.cells[seed.at[column]] in wanted for column, wanted in values.items() if column in seed.at)
            ]
            for seed in about
        }
        single = dict(named)
        for seed in about:
            called = [row for row in found[seed.name] if word in seed.cells(row, seed.naming)]
            if word and called:
                found[seed.name] = called
                single |= {
                    column: row.cells[seed.at[column]] for column in things if column in seed.at for row in called[-1:]
                }
        self._hang(found, seeds, year)
        shown = [
            SeedRows(
                seed.file,
                seed.columns,
                tuple(row for row in rows if seed.year(row) in (None, year)),
                tuple(row for row in rows if seed.year(row) not in (None, year)),
            )
            for seed in seeds
            if (rows := [row for row in found.get(seed.name, []) if not _tells_cost_by_account(seed, row)])
        ]
        return Basis(
            tuple(_name(column, single.get(column, ""), about, found) for column in things),
            tuple(shown),
            not single,
            tuple(seed.file for seed in seeds if seed.name not in found),
            sum(_tells_cost_by_account(seed, row) for seed in seeds for row in found.get(seed.name, [])),
        )

    def _of_board(self, seed: _Seed) -> list[SeedRow]:
        """The rows of the board; where a seed has no board, those of its organisation."""
        if seed.name not in self.own:
            owner = [
                (seed.at[column], value) for column, value in zip(OWNERS, self.owner, strict=True) if column in seed.at
            ]
            self.own[seed.name] = [row for row in seed.rows if all(row.cells[at] == value for at, value in owner)]
        return self.own[seed.name]

    def _until(self, seed: _Seed, year: int) -> list[SeedRow]:
        """The board's rows of the year and of years before."""
        return [row for row in self._of_board(seed) if (seed.year(row) or year) <= year]

    def _values(self, mart: str, column: str) -> frozenset[str]:
        """The values that a column has in the board's rows under a mart."""
        if (mart, column) not in self.values:
            seeds = [seed for seed in self.lineage.seeds_under(mart) if column in seed.at]
            values = {row.cells[seed.at[column]] for seed in seeds for row in self._of_board(seed)}
            self.values[mart, column] = frozenset(values - {""})
        return self.values[mart, column]

    def _with_parts(self, column: str, value: str, seeds: Sequence[_Seed]) -> set[str]:
        """A value and those of its parts: the sub-projects of a project, by a seed's reference to itself."""
        found = [value]
        by_name = {seed.name: seed for seed in seeds}
        for reference in self.lineage.references:
            seed = by_name.get(reference.to)
            if reference.seed != reference.to or seed is None or column not in reference.to_columns:
                continue
            part_of = seed.at[reference.columns[reference.to_columns.index(column)]]
            for whole in found:
                parts = [row.cells[seed.at[column]] for row in self._of_board(seed) if row.cells[part_of] == whole]
                found.extend(part for part in dict.fromkeys(parts) if part not in found)
        return set(found)

    def _hang(self, found: dict[str, list[SeedRow]], seeds: Sequence[_Seed], year: int) -> None:
        """Add the rows of the other seeds that refer to a row found, or that one refers to, and what hangs on those."""
        by_name = {seed.name: seed for seed in seeds}
        waiting = [seed for seed in seeds if seed.name not in found]
        while waiting:
            hanging: dict[str, list[SeedRow]] = {}
            for seed in waiting:
                rows = self._until(seed, year)
                links = [
                    (own, {by_name[other].cells(row, others) for row in found[other]})
                    for own, other, others in _links(self.lineage.references, seed.name)
                    if other in found
                ]
                if links:
                    hanging[seed.name] = [
                        row for row in rows if any(seed.cells(row, own) in wanted for own, wanted in links)
                    ]
            if not hanging:
                return
            found.update(hanging)
            waiting = [seed for seed in waiting if seed.name not in hanging]


def _links(references: Iterable[_Reference], seed: str) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Its columns, another seed, and that one's columns, for each reference between them, either way."""
    for reference in references:
        if reference.seed == seed:
            yield reference.columns, reference.to, reference.to_columns
        elif reference.to == seed:
            yield reference.to_columns, reference.seed, reference.columns


def _rows(reader: Any, width: int) -> Iterator[SeedRow]:
    """The rows after the header, each with the line where it begins; one that is too short is filled."""
    line = reader.line_num + 1
    for cells in reader:
        if cells:
            yield SeedRow(line, (*cells, *[""] * (width - len(cells))))
        line = reader.line_num + 1


def _tells_cost_by_account(seed: _Seed, row: SeedRow) -> bool:
    """Whether a row tells what an activity code cost by account, such as its personnel."""
    return all(seed.cells(row, [CODE])) and any(seed.cells(row, ACCOUNTS))


def _name(column: str, value: str, seeds: Sequence[_Seed], found: Mapping[str, Sequence[SeedRow]]) -> str:
    """What a thing is called: the latest activity_name of an activity_code; empty where nothing says it."""
    called = f"{column.rpartition('_')[0] or column}_name"
    names = [
        (seed.year(row) or 0, name)
        for seed in seeds
        for row in found[seed.name]
        for name in seed.cells(row, [called])
        if name and seed.cells(row, [column]) == (value,)
    ]
    return max(names, key=lambda each: each[0], default=(0, ""))[1]


def _references(test: Mapping[str, Any]) -> list[_Reference]:
    """The references of a seed to another, beyond those to its board and year."""
    attached = test.get("attached_node") or ""
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    return [
        _Reference(
            attached.rpartition(".")[2],
            tuple(each["columns"]),
            each["to"],
            tuple(each.get("to_columns") or each["columns"]),
        )
        for each in arguments.get("references", [])
        if attached.startswith("seed.") and not set(each["columns"]) <= {*OWNERS, YEAR}
    ]


def _guards(test: Mapping[str, Any]) -> list[Guard]:
    """What a test claims, by the names that it prints when it fails."""
    name = test["name"]
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    guards = [Guard(name, claim, str(expression)) for claim, expression in arguments.get("claims", {}).items()]
    if "key" in arguments:
        guards.append(Guard(name, "key_is_unique", ", ".join(arguments["key"])))
    guards += [Guard(name, f"is_not_empty_where_{each}_is_not", "") for each in arguments.get("not_empty_with", [])]
    guards += [Guard(name, total, str(each)) for total, each in arguments.get("totals", {}).items()]
    for each in arguments.get("references", []):
        columns = ", ".join(each["columns"])
        guards.append(Guard(name, f"{each['columns'][-1]}_is_known_in_{each['to']}", f"{columns} in {each['to']}"))
    return guards or [Guard(name, "", test["description"])]


def _words(guard: Guard) -> str:
    """The claim of a test that is told by its name alone."""
    return (guard.claim or guard.test).removeprefix("assert_").replace("_", " ")
