"""What importing costs: `bokslut import` beside a plain read of the same bytes, by kind of file and by size, in turn.

Side by side in one run, for the sizes in SIZES="1e5 1e6": CSV beside DuckDB's own reader into a table, Excel beside
python-calamine, Parquet beside DuckDB, SIE beside a read of its bytes; and CSV and Parquet beside what any importer has
to do: DuckDB's reader, and its rows typed, sorted and written as Parquet with zstd. Each is a process of its own, so
that its peak memory is its own. Prints seconds, of the processor too, peak memory, MB/s, and how fast we are beside the
others (1 is as fast, 0.5 half as fast). THREADS says how many DuckDB has, ours and theirs. Never a test. Run it by
`make benchmark-imports`.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import xlsxwriter  # type: ignore[import-untyped]

from bokslut.intake import importing
from import_desk import Desk

SIZES = tuple(int(float(size)) for size in os.environ.get("SIZES", "1e5 1e6").split())
LARGEST_SHEET = 100_000  # lines of a workbook: it is held in memory by every library
THREADS = os.environ.get("THREADS", "2")
HEAD = ("Konto", "Ansvar", "Verksamhet", "Projekt", "Motpart", "Datum", "Serie", "Ver", "Rad", "Belopp", "Text")
PROFILE = """
profile: benchmark
kind: ledger
columns:
  account: Konto
  ansvar: Ansvar
  activity: Verksamhet
  project: Projekt
  motpart: Motpart
  booked_on: Datum
  series: Serie
  voucher: Ver
  line: Rad
  amount: Belopp
  text: Text
decimal: ","
"""
Line = tuple[str, str, str, str, str, str, str, str, int, Decimal, str]


@dataclass(frozen=True)
class Cost:
    """What a process took: wall and processor seconds, peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def lines(count: int) -> Iterator[Line]:
    """A ledger of vouchers with two lines each, the same every time."""
    for number in range(count // 2):
        month, day = number % 12 + 1, number % 28 + 1
        date = f"2024-{month:02}-{day:02}"
        amount = Decimal(number * 7919 % 10_000_000 + 1).scaleb(-2)
        account, ansvar, motpart = str(5010 + number % 40), str(100 + number % 37), f"8{number % 9}"
        yield (account, ansvar, "20", "", motpart, date, "A", str(number), 1, amount, f"Lön och avgift {number % 97}")
        yield ("1930", "", "", "", "", date, "A", str(number), 2, -amount, "Bank")


def write_csv(path: Path, count: int) -> None:
    """Semicolons, decimal commas, cp1252: what a Swedish system exports."""
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write(";".join(HEAD) + "\r\n")
        for line in lines(count):
            file.write(";".join(str(cell).replace(".", ",") for cell in line) + "\r\n")


def write_excel(path: Path, count: int) -> None:
    """One sheet, amounts as numbers, dates as text."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number, line in enumerate(lines(count), start=1):
            sheet.write_row(number, 0, [float(cell) if isinstance(cell, Decimal) else cell for cell in line])


def write_sie(path: Path, count: int) -> None:
    """SIE 4 in cp437, one voucher for every two lines."""
    head = (
        "#FLAGGA 0",
        "#FORMAT PC8",
        "#SIETYP 4",
        '#FNAMN "Exempelby"',
        "#RAR 0 20240101 20241231",
        '#DIM 1 "Ansvar"',
        '#DIM 20 "Verksamhet"',
        '#DIM 21 "Motpart"',
    )
    with path.open("w", encoding="cp437", newline="") as file:
        file.write("\r\n".join(head) + "\r\n")
        for line in lines(count):
            account, ansvar, activity, _, motpart, date, _, voucher, place, amount, text = line
            day = date.replace("-", "")
            if place == 1:
                file.write(f'#VER A {voucher} {day} "Faktura"\r\n{{\r\n')
            objects = f'1 "{ansvar}" 20 "{activity}" 21 "{motpart}"' if ansvar else ""
            file.write(f'#TRANS {account} {{{objects}}} {amount} {day} "{text}"\r\n' + ("}\r\n" if place == 2 else ""))


def write_parquet(path: Path, count: int) -> None:
    """Canonical postings, from the CSV beside it."""
    source = path.with_suffix(".csv")
    if not source.is_file():
        write_csv(source, count)
    utf8 = path.with_suffix(".utf8")
    utf8.write_text(source.read_text(encoding="cp1252"), encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 2024::integer as fiscal_year, month(Datum::date)::integer as period, 'actual' as scenario,
                    '' as version, Serie as series, Ver as voucher, Rad::integer as line, Datum::date as booked_on,
                    Konto as account, Ansvar as ansvar, Verksamhet as activity, Projekt as project, Motpart as motpart,
                    replace(Belopp, ',', '.')::decimal(18, 2) as amount, Text as text
                from read_csv('{utf8}', all_varchar = true, header = true, delim = ';')
            ) to '{path}' (format parquet)
            """
        )
    utf8.unlink()


def read_csv(path: Path) -> None:
    """DuckDB's own reader of the same file into a table, told all that there is to know."""
    with (
        TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/x.duckdb", config={"threads": THREADS}) as connection,
    ):
        columns = ", ".join(f"'{name}': 'varchar'" for name in HEAD)
        connection.execute(
            f"create table read as select * from read_csv('{path}', auto_detect = false, header = true, delim = ';',"
            f" quote = '\"', encoding = 'latin-1', columns = {{{columns}}})"
        )


CANONICAL = """
select '9999' as organisation_id, 'TN' as board_id, year(Datum::date)::integer as fiscal_year,
    month(Datum::date)::integer as period, 'actual' as scenario, null::varchar as version,
    Serie as series, Ver as voucher,
    Rad::integer as line, Datum::date as booked_on, Konto as account, Ansvar as ansvar, Verksamhet as activity,
    Projekt as project, Motpart as motpart, replace(Belopp, ',', '.')::decimal(18, 2) as amount, Text as text
"""


def rewrite(rows: str) -> None:
    """Rows of canonical columns as one Parquet, sorted by all of them, as every import has to leave them."""
    with (
        TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/x.duckdb", config={"threads": THREADS}) as connection,
    ):
        connection.execute(f"copy ({rows} order by all) to '{folder}/x.parquet' (format parquet, compression zstd)")


def rewrite_csv(path: Path) -> None:
    """DuckDB's own reader, told all that there is to know, and its rows written as postings."""
    columns = ", ".join(f"'{name}': 'varchar'" for name in HEAD)
    rewrite(
        f"{CANONICAL} from read_csv('{path}', auto_detect = false, header = true, delim = ';', quote = '\"',"
        f" encoding = 'latin-1', nullstr = '', columns = {{{columns}}})"
    )


def rewrite_parquet(path: Path) -> None:
    """DuckDB's own reader of canonical columns, and its rows written as postings."""
    rewrite(f"select '9999' as organisation_id, 'TN' as board_id, * from read_parquet('{path}')")


def read_excel(path: Path) -> None:
    """The library that reads the sheet."""
    import python_calamine

    for _ in python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows():
        pass


def read_parquet(path: Path) -> None:
    """DuckDB's own reader of the same file into a table."""
    with (
        TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/x.duckdb", config={"threads": THREADS}) as connection,
    ):
        connection.execute(f"create table read as select * from read_parquet('{path}')")


def read_bytes(path: Path) -> None:
    """Nothing but the bytes."""
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass


REWRITES = {"csv": rewrite_csv, "parquet": rewrite_parquet}
KINDS: dict[str, tuple[str, Callable[[Path, int], None], Callable[[Path], None]]] = {
    "csv": ("csv", write_csv, read_csv),
    "sie": ("se", write_sie, read_bytes),
    "parquet": ("parquet", write_parquet, read_parquet),
    "excel": ("xlsx", write_excel, read_excel),
}


def cost_of(path: Path, kind: str, way: str) -> Cost:
    """Let a process of its own read or import the file."""
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        [sys.executable, __file__, way, kind, str(path)], check=True, capture_output=True, text=True
    )
    wall = time.perf_counter() - start
    cpu, peak = done.stdout.split()[-2:]
    return Cost(wall, float(cpu), float(peak))


def once(way: str, kind: str, path: Path) -> None:
    """One reading or import in this process; prints its processor seconds and peak memory."""
    if way == "read":
        KINDS[kind][2](path)
    elif way == "rewrite":
        REWRITES[kind](path)
    else:
        vars(importing)["THREADS"] = THREADS
        with TemporaryDirectory() as folder:
            desk = Desk.at(Path(folder))
            profile = ("--profile", str(desk.write("profile.yml", PROFILE))) if kind in ("csv", "excel") else ()
            result = desk.bring_in(str(path), *profile)
            if result.exit_code:
                sys.exit(result.output)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, peak_of_this_process())


def peak_of_this_process() -> float:
    """MiB. From Linux's own account, since the peak that getrusage gives is handed down by the parent process."""
    status = Path("/proc/self/status")
    if status.is_file():
        (line,) = (line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Make the files, then read, rewrite and import each in turn."""
    print(f"DuckDB with {THREADS} threads; the ratios are of wall and processor seconds, 1 is as fast as the other")
    head = " | ".join(f"{name + ' s':>9} {'cpu':>6} {'MiB':>5}" for name in ("read", "rewrite", "import"))
    print(f"{'file':<17} {'MB':>5} | {head} {'MB/s':>5} | to read: wall  cpu | to rewrite: wall  cpu")
    with TemporaryDirectory() as folder:
        for size in SIZES:
            for kind, (suffix, write, _) in KINDS.items():
                if kind == "excel" and size > LARGEST_SHEET:
                    continue
                path = Path(folder) / f"ledger-{size}.{suffix}"
                write(path, size)
                read = cost_of(path, kind, "read")
                rewritten = cost_of(path, kind, "rewrite") if kind in REWRITES else None
                imported = cost_of(path, kind, "import")
                megabytes = path.stat().st_size / 1e6
                print(
                    f"{size:>8} {kind:<8} {megabytes:>5.1f} | {shown(read)} | {shown(rewritten)} | {shown(imported)}"
                    f" {megabytes / imported.wall:>5.1f} | {ratios(read, imported):>19} |"
                    f" {ratios(rewritten, imported):>22}",
                    flush=True,
                )


def shown(cost: Cost | None) -> str:
    """Wall and processor seconds and peak memory; blank for what was not done."""
    return f"{cost.wall:>9.2f} {cost.cpu:>6.2f} {cost.peak:>5.0f}" if cost else " " * 22


def ratios(other: Cost | None, ours: Cost) -> str:
    """How fast we are beside another."""
    return f"{other.wall / ours.wall:.2f} {other.cpu / ours.cpu:.2f}" if other else ""


if __name__ == "__main__":
    if len(sys.argv) == 4:
        once(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
