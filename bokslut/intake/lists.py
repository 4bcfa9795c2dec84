"""Write imported goal outcomes and projects into the board's lists (seeds): they are lists, and no ledger.

A row that stands there with the same values is left alone; with other values it is changed only when the user says so.
What the import does not give (a numerator, a comment) stays as it is. Nothing is read from files but the lists.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.gate import check
from bokslut.intake.known import Known
from bokslut.settings import Settings

Record = Mapping[str, str | None]
Cells = dict[str, str]

# the parts of an annual report (report_parts.csv) that goals, the year's investments and whole projects belong to
GOALS_PART, INVESTMENTS_PART, TOTALS_PART = "8", "4", "6"
TARGET = ("comparator", "target_value")
OUTCOME = ("outcome_value", "previous_value")
AMOUNTS = ("amount", "cost_to_date", "total_forecast", "total_budget")
NUMBERS = (*AMOUNTS, "outcome_value", "previous_value", "target_value")
TOTALS = ("cost_to_date", "total_forecast", "total_budget")
SCENARIOS = ("actual", "budget")


@dataclass(frozen=True)
class Change:
    """One row of a list that an import added or changed. seed: the list. key: of the row. action: added or changed."""

    seed: str
    key: str
    action: str


@dataclass(frozen=True)
class Entry:
    """A row as an import gives it. key: the columns that say which row. values: what it says of it; None is no word."""

    seed: str
    key: Mapping[str, str]
    values: Mapping[str, str]
    line: int | None


class ListFile:
    """One seed's CSV in memory: its rows in order, written back in one step."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = path.read_bytes()
        with io.StringIO(self.before.decode("utf-8"), newline="") as text:
            reader = csv.DictReader(text, strict=True)
            self.rows: list[Cells] = [dict(row) for row in reader]
            self.columns = list(reader.fieldnames or ())
        # index of a row that an import wrote -> the received file and its line
        self.origins: dict[int, tuple[Path, int | None]] = {}

    def find(self, key: Mapping[str, str]) -> Cells | None:
        """The row with the key, or None."""
        return next((row for row in self.rows if all(row[name] == value for name, value in key.items())), None)

    def write(self) -> None:
        """Write the rows, with line feeds and in UTF-8, as every seed is."""
        with io.StringIO(newline="") as text:
            writer = csv.DictWriter(text, self.columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
            content = text.getvalue().encode("utf-8")
        aside = self.path.with_suffix(".csv.part")
        aside.write_bytes(content)
        aside.replace(self.path)

    def restore(self) -> None:
        """Put back what stood there."""
        self.path.write_bytes(self.before)


def write_lists(
    settings: Settings,
    known: Known,
    owner: tuple[str, str, int],
    kind: str,
    files: Sequence[tuple[Path, Sequence[Record]]],
    *,
    replace: bool,
) -> dict[Path, list[Change]]:
    """Write the records of each file into the board's lists, all files or none.

    owner: organisation, board and year. kind: goals or projects. Returns file -> its changes, empty where all stood
    there already. Raises RefusedError for an unknown measure, another value without replace, or a list that the gate
    then refuses.
    """
    lists: dict[str, ListFile] = {}
    findings: list[Finding] = []
    changes: dict[Path, list[Change]] = {}
    seen: dict[tuple[str, ...], tuple[Path, int | None]] = {}
    for file, records in files:
        make = _goal_entries if kind == "goals" else _project_entries
        changes[file] = []
        for entry in make(file, records, known, owner, findings):
            which = (entry.seed, *entry.key.values())
            if which in seen:
                first, line = seen[which]
                what = f"{'/'.join(entry.key.values())} stands on line {line} of {first.name} too"
                findings.append(Finding(file, what, "give it once, by its id or by its name", line=entry.line))
            seen[which] = (file, entry.line)
            if entry.seed not in lists:
                lists[entry.seed] = ListFile(_path(settings.board, entry.seed))
            changes[file].extend(_enter(file, entry, lists[entry.seed], findings, replace=replace))
    if findings:
        raise RefusedError(findings)
    if any(changes.values()):
        _write(settings, list(lists.values()))
    return changes


def _write(settings: Settings, lists: Sequence[ListFile]) -> None:
    by_path = {each.path: each for each in lists}
    try:
        for each in lists:
            each.write()
        findings = [finding for finding in check(settings) if finding.file in by_path]
        if findings:
            raise RefusedError([_at_origin(by_path[finding.file], finding) for finding in findings])
    except BaseException:
        for each in lists:
            each.restore()
        raise


def _at_origin(target: ListFile, finding: Finding) -> Finding:
    """A finding of a list, told of the line of the received file that wrote the row: the list is put back."""
    # the head is line 1, and a list has no line breaks in its cells
    origin = target.origins.get((finding.line or 0) - 2)
    if origin is None:
        return finding
    file, line = origin
    return replaced(finding, file=file, line=line, what=f"{finding.what} (for {target.path.name})")


def _enter(file: Path, entry: Entry, target: ListFile, findings: list[Finding], *, replace: bool) -> Iterator[Change]:
    row = target.find(entry.key)
    shown = "/".join(entry.key.values())
    if row is None:
        added = {"list_number": _next_number(target, entry)} if "list_number" in target.columns else {}
        target.rows.append(dict.fromkeys(target.columns, "") | added | dict(entry.key) | dict(entry.values))
        target.origins[len(target.rows) - 1] = (file, entry.line)
        yield Change(entry.seed, shown, "added")
        return
    values = _in_scale_of(row, entry.values)
    other = {
        name: value
        for name, value in values.items()
        if name != "report_part" and row[name] != value and not (name in NUMBERS and _is_same(row[name], value))
    }
    if not other:
        return
    against = {name: value for name, value in other.items() if row[name]}
    if against and not replace:
        column, value = next(iter(against.items()))
        findings.append(
            Finding(
                file,
                f"{target.path} has {row[column]} for {shown}",
                "say --replace to write the file's value there",
                line=entry.line,
                column=column,
                value=value,
            )
        )
        return
    row.update(other)
    target.origins[next(index for index, each in enumerate(target.rows) if each is row)] = (file, entry.line)
    yield Change(entry.seed, shown, "changed")


def _in_scale_of(row: Cells, values: Mapping[str, str]) -> Mapping[str, str]:
    """The values as the row has them: where it is in thousands, so are they, since its other amounts stay."""
    scale = row.get("scale", "")
    if scale in ("", values.get("scale", "")) or "scale" not in values:
        return values
    factor = Decimal(values["scale"]) / Decimal(scale)
    amounts = {name: f"{Decimal(value) * factor:f}" for name, value in values.items() if name in AMOUNTS}
    return {**values, **amounts, "scale": scale}


def _is_same(there: str, new: str) -> bool:
    """Whether two numbers are the same: -4500 and -4500.00 are."""
    try:
        return Decimal(there) == Decimal(new)
    except InvalidOperation:
        return False


def _goal_entries(
    file: Path, records: Sequence[Record], known: Known, owner: tuple[str, str, int], findings: list[Finding]
) -> Iterator[Entry]:
    organisation, board, year = owner
    own = [row for row in known.measures if row["fiscal_year"] == str(year)]
    names = Counter(row["measure_name"].casefold() for row in own)
    measures = {name: row["measure_id"] for row in own if names[name := row["measure_name"].casefold()] == 1}
    measures |= {row["measure_id"]: row["measure_id"] for row in own}
    for record in records:
        line = _line(record)
        named = record.get("measure_id") or record.get("measure_name") or ""
        measure = measures.get(named) or measures.get(named.casefold())
        if measure is None:
            do = "correct it, or add it to measures.csv (by its id or its name)"
            what = f"a measure that the board does not have in {year}"
            findings.append(Finding(file, what, do, line=line, column="measure_id", value=named))
            continue
        key = {"organisation_id": organisation, "board_id": board, "fiscal_year": str(year), "measure_id": measure}
        target, outcome = _given(record, TARGET), _given(record, OUTCOME)
        if (status := record.get("status")) is not None:
            outcome["stated_status"] = status
        if "comparator" in target:
            # at least last year's has no value of its own
            target.setdefault("target_value", "")
        if target:
            yield Entry("measure_targets", key, target | {"report_part": GOALS_PART}, line)
        if outcome:
            yield Entry("measure_outcomes", key, outcome | {"report_part": GOALS_PART}, line)


def _project_entries(
    file: Path,
    records: Sequence[Record],
    known: Known,
    owner: tuple[str, str, int],
    findings: list[Finding],
) -> Iterator[Entry]:
    organisation, board, year = owner
    there = {code for each, code in known.projects if each == year}
    for record in records:
        line = _line(record)
        project = record["project_id"] or ""
        if record.get("parent_project_id") == project:
            findings.append(
                Finding(file, "a project is its own parent", "correct it", line=line, column="parent", value=project)
            )
        alike = [code for code in there if code != project and code.lstrip("0") == project.lstrip("0")]
        if project not in there and alike:
            do = f"write it as {alike[0]} (Excel loses leading zeros), or give it another number"
            findings.append(
                Finding(file, f"is {alike[0]} but for its zeros", do, line=line, column="project_id", value=project)
            )
        key = {"organisation_id": organisation, "board_id": board, "fiscal_year": str(year), "project_id": project}
        names = ("project_name", "list_number", "parent_project_id", "status", "first_fiscal_year")
        yield Entry("projects", key, _given(record, names) | {"report_part": INVESTMENTS_PART}, line)
        for scenario in SCENARIOS:
            amount = record.get(scenario)
            if amount is not None:
                values = {"amount": amount, "scale": "1", "report_part": INVESTMENTS_PART}
                yield Entry("project_amounts", key | {"scenario": scenario}, values, line)
        totals = _given(record, TOTALS)
        if totals:
            yield Entry("project_totals", key, totals | {"scale": "1", "report_part": TOTALS_PART}, line)


def _given(record: Record, names: Sequence[str]) -> Cells:
    return {name: value for name in names if (value := record.get(name)) is not None}


def _line(record: Record) -> int | None:
    line = record.get("source_line")
    return int(line) if line is not None else None


def _next_number(target: ListFile, entry: Entry) -> str:
    """The number after the last of the same board and year."""
    same = [
        row
        for row in target.rows
        if all(row[name] == entry.key[name] for name in ("organisation_id", "board_id", "fiscal_year"))
    ]
    numbers = [int(row["list_number"]) for row in same if row["list_number"].isdecimal()]
    return str(max(numbers, default=0) + 1)


def _path(board: Path, seed: str) -> Path:
    found = sorted(board.rglob(f"{seed}.csv"))
    if not found:
        raise RefusedError([Finding(board / f"{seed}.csv", "no such list", "add it; its header alone is fine")])
    return found[0]
