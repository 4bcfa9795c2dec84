"""Read SIE files of 10^5 and 10^6 transactions: seconds and peak memory beside a plain read of the same bytes.

Run: python -m benchmarks.sie FOLDER (the files are written there). Each reading is a process of its own.
"""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from bokslut.intake.sie.charset import BLOCK
from bokslut.intake.sie.dimensions import load_dimension_map
from bokslut.intake.sie.reader import SieOptions, read_sie
from bokslut.intake.sie.records import Account, Dimension, FiscalYear, Header, Register, Transaction, Voucher
from bokslut.intake.sie.writer import write_sie

SIZES = (100_000, 1_000_000)
MAPPING = Path(__file__).parents[1] / "seeds/reference/sie_dimensions.csv"
YEAR = FiscalYear(0, datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
REGISTER = Register(
    Header("Benchmark", "1", "Exempel kommun", "212000-0001"),
    (YEAR,),
    (Account("5010", "Lokalhyra"), Account("6110", "Material"), Account("1680", "Moms"), Account("2440", "Skulder")),
    (Dimension(1, "Ansvar"), Dimension(20, "Verksamhet"), Dimension(6, "Projekt")),
)


def vouchers(transactions: int) -> Iterator[Voucher]:
    """Vouchers of four transactions each, spread over the year."""
    count = transactions // 4
    for place in range(count):
        day = YEAR.starts_on + datetime.timedelta(days=place * 366 // count)
        amount = Decimal(place * 7919 % 10_000_000 + 1).scaleb(-2)
        objects = ((1, f"1{place % 50:02}"), (20, f"{place % 40 + 10}"), (6, f"P{place % 30}"))
        rows = (
            Transaction("5010", amount, objects, None, "Hyra av lokal"),
            Transaction("6110", amount * 2, objects[:2], day, "Kontorsmaterial, papper"),
            Transaction("1680", amount),
            Transaction("2440", amount * -4),
        )
        yield Voucher("A", str(place + 1), day, f"Leverantörsfaktura {place}", rows)


def measure(path: Path) -> None:
    """Read one file and print what it took."""
    started = time.perf_counter()
    with path.open("rb") as file:
        while file.read(BLOCK):
            pass
    plain, started, cpu = time.perf_counter() - started, time.perf_counter(), time.process_time()
    reading = read_sie(path, SieOptions(load_dimension_map(MAPPING)))
    rows = sum(batch.num_rows for batch in reading.batches())
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    size, peak = path.stat().st_size / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows} postings, {size:.1f} MB: {wall:.2f} s, {cpu:.2f} s of one core ({size / cpu:.1f} MB/s), {peak:.0f} MiB"
    )
    print(f"    plain read of the same bytes: {plain:.3f} s")


def main(folder: Path) -> None:
    """Write the files that are missing and measure each."""
    for size in SIZES:
        path = folder / f"sie_{size}.se"
        if not path.exists():
            with path.open("wb") as file:
                write_sie(file, REGISTER, vouchers(size))
        subprocess.run([sys.executable, "-m", "benchmarks.sie", "--measure", str(path)], check=True)  # noqa: S603


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
