"""The data that contestants read: lists and imported postings of so many lines, made once and kept.

The lists are the same for all sizes, and only the lines grow.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import duckdb

from bokslut.intake.starter import create_folder

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = Path("build/benchmark/data")
BOARDS = ("TN", "KS")
YEARS = range(2020, 2025)
CODES = range(10, 40)
LISTS = {
    "organisations": ["9999,Exempelby kommun,16"],
    "boards": [f"9999,{board},Nämnden {board},16" for board in BOARDS],
    "activity_codes": [
        f"9999,{board},{year},{code},Verksamhet {code},2" for board in BOARDS for year in YEARS for code in CODES
    ],
    "projects": [
        f"9999,{board},{year},p-{number},Projekt {number},{number},{'p-1' if number > 7 else ''},,,4"
        for board in BOARDS
        for year in YEARS
        for number in range(1, 11)
    ],
    "budget_versions": [
        f"9999,{board},{year},{version},{kind},Budget {version},{decided},KF {version},,,12"
        for board in BOARDS
        for year in YEARS
        for version, kind, decided in (("9", "original", f"{year - 1}-11-20"), ("10", "revised", f"{year}-04-22"))
    ],
    "result_lines": [
        f"9999,{board},{year},{number},{name},{role},{account_class},{'-10.5' if year == 2020 and number < 4 else ''},,,1000,1"
        for board in BOARDS
        for year in YEARS
        for number, name, role, account_class in (
            (1, "Intäkter", "revenue", ""),
            (2, "Kostnader", "cost", ""),
            (3, "varav personal", "memo", "personnel"),
            (4, "Resultat", "result", ""),
        )
    ],
}
# two lines a voucher: an account of the result or of a project, and the bank
LEDGER = """
    select
        cast(2020 + number // 2 % 5 as integer) as fiscal_year,
        cast(number // 10 % 12 + 1 as integer) as period,
        '{scenario}' as scenario,
        '{version}' as version,
        case when '{scenario}' = 'actual' then 'A' end as series,
        case when '{scenario}' = 'actual' then cast(number // 2 as varchar) end as voucher,
        cast(number % 2 + 1 as integer) as line,
        make_date(2020 + number // 2 % 5, number // 10 % 12 + 1, 1 + number // 2 % 28) as booked_on,
        case
            when number % 2 = 1 then '1930'
            when number // 2 % 11 = 0 then '4010'
            when number // 2 % 7 = 0 then '3010'
            else cast(5010 + number // 2 % 40 as varchar)
        end as account,
        case when number % 2 = 0 then cast(100 + number // 2 % 37 as varchar) end as ansvar,
        case when number % 2 = 0 then cast(10 + number // 2 % 29 as varchar) end as activity,
        case when number % 2 = 0 and number // 2 % 11 = 0 then 'p-' || (2 + number // 22 % 9) end as project,
        cast(null as varchar) as motpart,
        cast(
            (case when number % 2 = 1 then -1 else 1 end) * (case when number // 2 % 7 = 0 then -1 else 1 end)
            * (number // 2 * 7919 % 10000000 + 1) / 100 as decimal(18, 2)
        ) as amount,
        'Faktura' as text
    from range({lines}) as made(number)
"""


def prepared(size: int) -> Path:
    """The folder with lists/ and data/ of so many lines, from the root of the repository; made where it is not there.

    Raises subprocess.CalledProcessError where an import is refused.
    """
    folder = FOLDER / str(size)
    if not (REPOSITORY / folder / "done").exists():
        shutil.rmtree(REPOSITORY / folder, ignore_errors=True)
        _make(folder, size)
        (REPOSITORY / folder / "done").touch()
    return folder


def _make(folder: Path, size: int) -> None:
    with chdir(REPOSITORY):
        create_folder(str(folder / "lists"), Path("seeds/reference"))
    for name, rows in LISTS.items():
        (path,) = (REPOSITORY / folder / "lists").rglob(f"{name}.csv")
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    for board in BOARDS:
        for scenario, version, share in (("actual", "", 0.8), ("budget", "9", 0.1), ("budget", "10", 0.1)):
            path = folder / f"{board}-{scenario}{version}.parquet"
            lines = int(size / len(BOARDS) * share) // 2 * 2
            sql = LEDGER.format(scenario=scenario, version=version, lines=lines)
            if scenario == "budget":
                sql = f"select * replace (round(amount * {version} / 10, 2)::decimal(18, 2) as amount) from ({sql}) where account <> '1930'"  # noqa: S608
            with duckdb.connect() as connection:
                connection.execute(f"copy ({sql}) to '{REPOSITORY / path}' (format parquet)")
            subprocess.run(  # noqa: S603 - our own
                [
                    sys.executable, "-m", "bokslut", "import", str(path), "--data-dir", str(folder / "data"),
                    "--organisation", "9999", "--board", board,
                    *(["--kind", "budget", "--version", version] if scenario == "budget" else []),
                ],
                cwd=REPOSITORY,
                env={"BOKSLUT_SEEDS": str(folder / "lists"), "PATH": "/usr/bin:/bin"},
                check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            (REPOSITORY / path).unlink()
