"""What a report costs beside dbt's own build, file by file, and whether a page costs more where there are more boards.

Side by side in one run on copies of the built warehouse: with its own boards, and with twenty. Prints seconds and
ratios. Never a test. Run it by `make benchmark-report` after `make build`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bokslut.release.reader import lineage_of
from bokslut.report.run import KINDS, Inputs, Maker, boards, open_maker

BOARDS = 20
ROUNDS = 3
DATABASE, PAGES = Path("releases/current/warehouse.duckdb"), Path("reports")


def with_boards(database: Path, count: int) -> None:
    """Copy the first board's rows of every mart until there are count boards."""
    with duckdb.connect(str(database)) as connection:
        marts = connection.execute(
            "select table_name from information_schema.columns"
            " where table_schema = 'marts' and column_name in ('organisation_id', 'board_id')"
            " group by table_name having count(*) = 2 order by table_name"
        ).fetchall()
        for (mart,) in marts:
            connection.execute(f"create or replace table one as select * from marts.{mart}")
            connection.execute(f"create or replace table marts.{mart} as select * from one")
            for number in range(1, count):
                connection.execute(
                    f"insert into marts.{mart} select * replace (board_id || ? as board_id) from one",
                    [f"-{number}"],
                )
        connection.execute("drop table one")


@contextmanager
def maker(database: Path) -> Iterator[Maker]:
    """A maker on that database."""
    with open_maker(Inputs(database, PAGES, *lineage_of(DATABASE, os.environ))) as opened:
        yield opened


def seconds_of_pages(database: Path) -> tuple[float, int]:
    """Seconds to render all pages of the first board (the best of several), and how many pages."""
    times, pages = [], 0
    for _ in range(ROUNDS):
        with maker(database) as opened:
            start = time.perf_counter()
            pages = len(opened.render(boards(opened.warehouse)[0], lambda _: None).pages)
            times.append(time.perf_counter() - start)
    return min(times), pages


def seconds_of(database: Path, kinds: tuple[str, ...], folder: Path) -> tuple[float, int]:
    """Seconds for the files of these kinds, from opening to proven, and how many charts were drawn."""
    drawn: list[str] = []
    start = time.perf_counter()
    with maker(database) as opened:
        opened.make(boards(opened.warehouse)[0], folder, kinds, drawn.append)
    return time.perf_counter() - start, sum(name.startswith("diagram: ") for name in drawn)


def dbt_build(database: Path, target: Path) -> float:
    """Seconds of a whole dbt build without unit tests."""
    start = time.perf_counter()
    dbt = str(Path(sys.executable).with_name("dbt"))
    subprocess.run(  # noqa: S603 - the dbt beside this Python
        [dbt, "--quiet", "build", "--exclude-resource-type", "unit_test", "--target-path", str(target)],
        env=os.environ | {"BOKSLUT_DATABASE": str(database)},
        check=True,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        many = folder / "many.duckdb"
        shutil.copy(DATABASE, many)
        with_boards(many, BOARDS)
        dbt = dbt_build(folder / "built.duckdb", folder / "target")
        print(f"{'dbt build without unit tests':40} {dbt:6.2f} s")
        for kinds in (*((kind,) for kind in KINDS), KINDS):
            name = kinds[0] if len(kinds) == 1 else "all of them"
            spent, charts = seconds_of(DATABASE, kinds, folder / "report")
            print(f"{f'report: {name}':40} {spent:6.2f} s   {spent / dbt:5.2f} x dbt   ({charts} charts drawn)")
        site = [path for path in (folder / "report" / "webb").rglob("*") if path.is_file()]
        print(f"{'size of the site':40} {sum(path.stat().st_size for path in site) / 1e6:6.2f} MB in {len(site)} files")
        few, pages = seconds_of_pages(DATABASE)
        more, _ = seconds_of_pages(many)
        print(f"{'pages alone, boards as built':40} {few / pages * 1000:6.1f} ms a page ({pages} pages)")
        print(f"{f'pages alone, {BOARDS} boards':40} {more / pages * 1000:6.1f} ms a page   {more / few:5.2f} x")


if __name__ == "__main__":
    main()
