"""The benchmark: `python -m benchmarks contest --size 1e6 --rounds 3`, or one of the other commands. Never a test."""

from __future__ import annotations

import csv
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import charts, memory, nodes, seeds, tables
from benchmarks.contest import Entry, contest, rows
from benchmarks.contestants import PEERS, PEERS_PYTHON, REPOSITORY, contestants
from benchmarks.data import prepared
from benchmarks.machine import machine, peers

OUTPUT = Path("build/benchmark")
Rounds = Annotated[int, typer.Option(min=1, help="Rounds that count, after one that warms up")]
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def tell(line: str) -> None:
    """A line of progress, beside the tables that go to standard output."""
    typer.echo(line, err=True)


@app.command("contest")
def contest_command(
    size: Annotated[str, typer.Option(help="Lines of postings; several in one argument, as '1e5 1e6'")] = "1e6",
    rounds: Rounds = 3,
    only: Annotated[list[str] | None, typer.Option(help="A contestant (repeatable); dbt build is always one")] = None,
) -> None:
    """Every contestant on the same data, side by side, its marts compared first; tables and a chart of each size."""
    versions = machine() | peers(REPOSITORY / PEERS_PYTHON, REPOSITORY / PEERS / "requirements.in")
    for number in _sizes(size):
        folder = OUTPUT / str(number)
        tell(f"{number} lines: data")
        data = prepared(number)
        wanted = set(only or ())
        everyone = contestants(data, folder)
        unknown = wanted - {each.name for each in everyone}
        if unknown:
            raise typer.BadParameter(f"no contestant {sorted(unknown)[0]}: {'; '.join(each.name for each in everyone)}")
        first, *others = everyone
        picked = [first, *(each for each in others if not wanted or each.name in wanted)]
        entries = contest(picked, rounds, lambda line, number=number: tell(f"{number} lines: {line}"))  # type: ignore[misc]
        _write(folder, number, entries, versions)
    overview()


@app.command()
def overview() -> None:
    """The sizes that were measured beside each other, from their tables in build/benchmark/."""
    sizes = {}
    for path in sorted((REPOSITORY / OUTPUT).glob("*/table.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            sizes[int(path.parent.name)] = list(csv.DictReader(file))
    if not sizes:
        raise typer.BadParameter(f"nothing was measured yet: no {OUTPUT}/*/table.csv")
    head, body = tables.overview(sizes)
    folder = REPOSITORY / OUTPUT
    (folder / "overview.md").write_text(tables.as_markdown(head, body, texts=2), encoding="utf-8")
    records = [{"lines": size, **record} for size in sorted(sizes) for record in sizes[size]]
    (folder / "overview.csv").write_text(tables.as_csv(records), encoding="utf-8")
    chart = charts.lines(sizes, "Seconds by lines of postings")
    (folder / "overview.svg").write_text(charts.drawn(chart), encoding="utf-8")
    if len(sizes) > 1:
        tables.show("all sizes", head, body, texts=2, console=_console())
    typer.echo(f"{OUTPUT}/overview.md, .csv and .svg")


@app.command("nodes")
def nodes_command(rounds: Rounds = 3) -> None:
    """What this board's build costs by node and kind, and as a multiple of dbt with nothing to build."""
    _keep("nodes", nodes.tables(REPOSITORY / OUTPUT / "nodes", rounds, tell))


@app.command("seeds")
def seeds_command(rounds: Rounds = 3) -> None:
    """What the same rows cost as a dbt seed and as imported Parquet, at 10^3, 10^4 and 10^5 rows."""
    _keep("seeds", [seeds.table(REPOSITORY / OUTPUT / "seeds", rounds, tell)])


@app.command("memory")
def memory_command(
    size: Annotated[str, typer.Option(help="Lines of postings")] = "1e6",
    hard: Annotated[int, typer.Option(help="MiB of the hard limit")] = 1024,
) -> None:
    """Peak memory of dbt build by threads, DuckDB's limit and distinct keys, and whether it builds in a hard limit."""
    _keep("memory", [memory.table(number, hard, OUTPUT / "memory", tell) for number in _sizes(size)])


def _keep(name: str, found: Sequence[tuple[str, tuple[str, ...], list[list[str]]]]) -> None:
    """Show the tables, and write them as Markdown and CSV, with the machine."""
    versions = machine()
    folder = REPOSITORY / OUTPUT / name
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for number, (title, head, body) in enumerate(found, start=1):
        tables.show(title, head, body, console=_console())
        parts.append(f"# {title}\n\n{tables.as_markdown(head, body)}\n")
        records = [dict(zip(head, line, strict=True)) for line in body]
        (folder / f"table-{number}.csv").write_text(tables.as_csv(records), encoding="utf-8")
    parts += ["# Machine and versions\n\n", *(f"- {name}: {value}\n" for name, value in versions.items())]
    (folder / "table.md").write_text("".join(parts), encoding="utf-8")
    typer.echo(f"{OUTPUT / name}/table.md and CSV")


def _write(folder: Path, size: int, entries: list[Entry], versions: dict[str, str]) -> None:
    """The table of one size as Markdown, CSV and on the terminal, its chart, each run, and the machine."""
    place = REPOSITORY / folder
    found = rows(entries)
    body = tables.cells(found)
    title = f"{size:,} lines of postings".replace(",", " ")
    told = [f"- {entry.name}: {line}\n" for entry in entries for line in entry.told]
    release = _release(folder)
    parts = [
        f"# {title}\n\n",
        tables.as_markdown(tables.HEAD, body, texts=2),
        f"\n{tables.EXPLAINED}\n",
        *(["\n## Without a time\n\n", *told] if told else []),
        *(["\n## Size of the release\n\n", tables.as_markdown(("part", "MB"), release)] if release else []),
        "\n## Machine and versions\n\n",
        *(f"- {name}: {value}\n" for name, value in versions.items()),
    ]
    (place / "table.md").write_text("".join(parts), encoding="utf-8")
    (place / "table.csv").write_text(tables.as_csv(tables.records(found)), encoding="utf-8")
    runs = [
        {"contestant": entry.name, "round": number, "wall_s": cost.wall, "cpu_s": cost.cpu, "peak_mib": cost.peak,
         "largest_process_mib": cost.largest}
        for entry in entries for number, cost in enumerate(entry.costs, start=1)
    ]  # fmt: skip
    (place / "runs.csv").write_text(tables.as_csv(runs), encoding="utf-8")
    (place / "machine.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    (place / "chart.svg").write_text(charts.drawn(charts.bars(found, title)), encoding="utf-8")
    tables.show(title, tables.HEAD, body, texts=2, console=_console())
    for line in told:
        typer.echo(line.rstrip())
    if release:
        tables.show("size of the release", ("part", "MB"), release, console=_console())
    typer.echo(f"{folder}/table.md, table.csv, runs.csv, machine.json and chart.svg")


def _release(folder: Path) -> list[list[str]]:
    """Each part of the release that `bokslut build` published, and all together, in MB; empty without one."""
    current = (REPOSITORY / folder / "releases" / "current").resolve()
    if not current.is_dir():
        return []
    sizes: dict[str, int] = {}
    for path in sorted(current.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(current).parts[0]
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    return [[name, f"{size / 1e6:.2f}"] for name, size in (*sizes.items(), ("together", sum(sizes.values())))]


def _sizes(texts: str) -> list[int]:
    try:
        return [int(float(text)) for text in texts.replace(",", " ").split()]
    except ValueError as error:
        raise typer.BadParameter(f"{texts}: a number of lines, as 1e6 or 100000") from error


def _console() -> Console:
    """Wide enough for the table where nobody looks at a terminal."""
    return Console(width=None if sys.stdout.isatty() else 180)


if __name__ == "__main__":
    # what is being measured ends with the benchmark, as it does by Ctrl-C
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app()
