"""The figures as tables: for the terminal, as Markdown and as CSV; one size, and all sizes beside each other."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.contest import Row
from benchmarks.measuring import Spread

HEAD = (
    "contestant", "scope", "runs", "median s", "min-max s", "CPU s", "peak MiB", "largest MiB", "loading s",
    "x floor", "x dbt", "CPU x floor", "CPU x dbt",
)  # fmt: skip
FIELDS = (
    "contestant", "scope", "runs", "wall_median_s", "wall_min_s", "wall_max_s", "cpu_median_s", "cpu_min_s",
    "cpu_max_s", "peak_mib", "largest_process_mib",
    "loading_median_s", "wall_x_floor", "wall_x_dbt", "cpu_x_floor", "cpu_x_dbt", "told",
)  # fmt: skip
EXPLAINED = (
    "Seconds are of the clock; CPU, of the processor, user and system, all processes. Peak: memory of all processes"
    " together, a shared page once (PSS); largest: of the largest process. Loading: of the seconds those before a tool"
    " that says so had started and held its inputs. Ratios: medians, to the contestant of the"
    " same scope. Marts were held against dbt's to the öre before any time counts."
)
Cells = Sequence[Sequence[str]]


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """The cells of the table of one size, without its head; what has no time says why."""
    found = []
    for row in rows:
        if row.wall is None or row.cpu is None:
            found.append([row.name, row.scope, "", row.told, *[""] * (len(HEAD) - 4)])
            continue
        found.append(
            [
                row.name, row.scope, str(row.runs), f"{row.wall.median:.2f}",
                f"{row.wall.least:.2f}-{row.wall.most:.2f}", f"{row.cpu.median:.2f}", _whole(row.peak),
                _whole(row.largest), _ratio(row.loading),
                *(_ratio(x) for x in (row.x_floor, row.x_dbt, row.cpu_x_floor, row.cpu_x_dbt)),
            ]
        )  # fmt: skip
    return found


def records(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The same as records, unrounded enough to compute with."""

    def spread(figure: Spread | None) -> list[str]:
        return [f"{x:.4f}" for x in (figure.median, figure.least, figure.most)] if figure else [""] * 3

    return [
        dict(
            zip(
                FIELDS,
                [
                    row.name, row.scope, str(row.runs), *spread(row.wall), *spread(row.cpu),
                    *("" if x is None else f"{x:.4f}" for x in
                      (row.peak, row.largest, row.loading, row.x_floor, row.x_dbt, row.cpu_x_floor, row.cpu_x_dbt)),
                    row.told,
                ],
                strict=True,
            )
        )
        for row in rows
    ]  # fmt: skip


def as_csv(found: Sequence[Mapping[str, object]]) -> str:
    """Records as CSV with a header, an empty cell where one lacks a field of another; empty for none."""
    if not found:
        return ""
    file = io.StringIO()
    fields = list(dict.fromkeys(name for record in found for name in record))
    writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return file.getvalue()


def as_markdown(head: Sequence[str], body: Cells, texts: int = 1) -> str:
    """A table in Markdown. texts: so many columns are texts and stand to the left."""
    lines = [list(head), ["---" if place < texts else "--:" for place in range(len(head))], *body]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def show(title: str, head: Sequence[str], body: Cells, texts: int = 1, console: Console | None = None) -> None:
    """Print a table on the terminal."""
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(head):
        table.add_column(name, justify="left" if place < texts else "right")
    for line in body:
        table.add_row(*line)
    (console or Console()).print(table)


def overview(sizes: Mapping[int, Sequence[Mapping[str, str]]]) -> tuple[list[str], list[list[str]]]:
    """All sizes beside each other: head, and a line a contestant with median seconds, CPU seconds and peak MiB a size.

    sizes: the records of each size. A contestant without a time at a size has its reason's first words there.
    """
    ordered = sorted(sizes)
    head = ["contestant", "scope"]
    for size in ordered:
        head += [f"{size:.0e} s".replace("e+0", "e"), "CPU s", "MiB"]
    names: dict[str, str] = {}
    for size in ordered:
        for record in sizes[size]:
            names.setdefault(record["contestant"], record["scope"])
    body = []
    for name, scope in names.items():
        line = [name, scope]
        for size in ordered:
            (record, *_) = [each for each in sizes[size] if each["contestant"] == name] or [{}]
            if record.get("wall_median_s"):
                line += [f"{float(record[field]):.{digits}f}" for field, digits in
                         (("wall_median_s", 2), ("cpu_median_s", 2), ("peak_mib", 0))]  # fmt: skip
            else:
                line += [record.get("told", "").partition(":")[0] or "-", "", ""]
        body.append(line)
    return head, body


def _whole(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.0f}"


def _ratio(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"
