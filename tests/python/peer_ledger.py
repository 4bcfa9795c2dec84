"""A small municipality whose postings meet every rule of the three marts that the peers of the benchmark make.

Two boards, three years, budgets in two versions whose names sort the wrong way round, a revision that posts on the
operating account alone, a year without a budget, projects with sub-projects, codes and projects without a posting,
year-end entries, and balance accounts. Nothing is built here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from import_desk import Desk, posting

BOARDS = ("TN", "KS")
YEARS = (2022, 2023, 2024)
CODES = {"TN": ("20", "30", "31", "90"), "KS": ("10", "45")}
# operating accounts of every entry class, the longer prefixes among them
OPERATING = ("3010", "4110", "4510", "4620", "5010", "6110", "7710", "7910", "8410", "8310", "8510", "9010")
INVESTMENT = "4011"
MONTHS = (1, 2, 6, 12, 13)
RESULT = (
    ("1", "Intäkter", "revenue", ""),
    ("2", "Kostnader", "cost", ""),
    ("3", "varav personal", "memo", "personnel"),
    ("4", "varav interna poster", "memo", "internal"),
    ("5", "Resultat", "result", ""),
)


def write_lists(desk: Desk) -> None:
    """The board's own lists; a code is new in 2023, another is never posted on."""
    rows = [head(desk, "activity_codes")]
    for board, codes in CODES.items():
        for year in YEARS:
            rows += [f"9999,{board},{year},{code},Kod {code},2" for code in codes if code != "31" or year > 2022]
    desk.list_path("activity_codes").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = [head(desk, "projects")]
    for year in YEARS:
        rows += [
            f"9999,TN,{year},vag,Ny väg,1,,ongoing,2022,4",
            f"9999,TN,{year},plan,Reinvesteringar,2,,ongoing,2022,4",
            f"9999,TN,{year},plan-tak,Tak,1,plan,,,4",
            f"9999,TN,{year},plan-golv,Golv,2,plan,,,4",
            f"9999,TN,{year},orord,Aldrig påbörjat,3,,,,4",
            f"9999,KS,{year},natverk,Nätverk,1,,ongoing,2022,4",
        ]
    desk.list_path("projects").write_text("\n".join(rows) + "\n", encoding="utf-8")
    desk.add("mandates", "9999,TN,2024,vag,1250.5,1000,14\n9999,TN,2024,plan,400,1000,14")
    for board in BOARDS:
        for year in YEARS:
            for number, name, role, account_class in RESULT:
                # the year before the first is stated alone, and of KS in part: its result is then not known
                is_stated = year == YEARS[0] and role != "result" and (board == "TN" or role == "revenue")
                stated = "10.5,," if is_stated else ",,"
                desk.add("result_lines", f"9999,{board},{year},{number},{name},{role},{account_class},{stated},1000,1")
    for board in BOARDS:
        for year in YEARS:
            if (board, year) in {("KS", 2022), ("KS", 2023)}:
                continue
            # by name 10 is before 9, by length after it: in one year the dates say neither
            first, last = ("10", "9") if (board, year) == ("TN", 2022) else ("9", "10")
            # and in another both were decided the same day, so that the longer one is the last
            decided = f"{year}-04-22" if (board, year) == ("KS", 2024) else f"{year - 1}-11-20"
            desk.add("budget_versions", f"9999,{board},{year},{first},original,Budget,{decided},KF 1,,,12")
            desk.add("budget_versions", f"9999,{board},{year},{last},revised,Tillägg,{year}-04-22,KF 2,,,12")
    # of two names of one length the later one is the last
    desk.add("budget_versions", "9999,KS,2023,a,original,Budget,2022-11-20,KF 1,,,12")
    desk.add("budget_versions", "9999,KS,2023,b,revised,Tillägg,2022-11-20,KF 2,,,12")


def head(desk: Desk, name: str) -> str:
    """The header of a list."""
    return desk.list_path(name).read_text(encoding="utf-8").splitlines()[0]


def ledger(board: str, year: int) -> list[dict[str, Any]]:
    """The vouchers of a board's year: a code or a project each, against the bank."""
    lines: list[dict[str, Any]] = []
    number = 0
    for code in CODES[board]:
        if code == "90" or (code == "31" and year == 2022):
            continue
        # one code has costs alone, so that its revenue is 0 and not empty
        accounts = OPERATING if code != "31" else ("5010", "4510")
        for place, account in enumerate(accounts):
            for month in MONTHS[place % 2 :: 2]:
                number += 1
                lines += voucher(number, board, year, month, account, code)
    projects = {"TN": ("vag", "plan-tak", "plan-golv"), "KS": ("natverk",)}[board]
    # the last year of KS has an operating account alone
    for project in () if (board, year) == ("KS", 2024) else projects:
        number += 1
        lines += voucher(number, board, year, 12, INVESTMENT, CODES[board][0], project)
    return lines


def in_ore(number: int, board: str, year: int) -> int:
    """An amount in öre with a tail of its own, the same every time; a credit note now and then."""
    amount = (number * 791_909 + BOARDS.index(board) * 3_137 + year * 31) % 9_999_991 + 1
    return -amount if number % 11 == 0 else amount


def voucher(
    number: int, board: str, year: int, month: int, account: str, code: str, project: str | None = None
) -> Iterator[dict[str, Any]]:
    """Two lines: the account with its code string, and the bank."""
    amount = in_ore(number, board, year) * (-1 if account[0] == "3" or account == "8410" else 1)
    cells: dict[str, Any] = {
        "board_id": board, "fiscal_year": year, "period": month, "voucher": str(number),
        "booked_on": None, "motpart": "181" if number % 5 == 0 else None,
    }  # fmt: skip
    yield posting(account, kronor(amount), code, project=project, text=f"Faktura {number % 7}", **cells)
    yield posting("1930", kronor(-amount), line=2, **cells)


def kronor(amount: int) -> str:
    """Öre as kronor with a decimal point."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def budget(board: str, year: int, version: str) -> list[dict[str, Any]]:
    """A budget version: each code's cost and revenue; the investments in the first version alone."""
    lines = []
    step = len(version) + (version == "b")
    for place, code in enumerate(CODES[board][:2]):
        cells = {"board_id": board, "fiscal_year": year, "scenario": "budget", "version": version,
                 "voucher": None, "booked_on": None, "period": place + 1}  # fmt: skip
        lines.append(posting("5010", kronor(123_456_7 * step + year), code, **cells))
        lines.append(posting("3010", kronor(-98_765 * step - place), code, **cells))
        if version in ("9", "a"):
            project = "natverk" if board == "KS" else ("vag", "plan-tak")[place]
            lines.append(posting(INVESTMENT, kronor(50_000_01 * (place + 1)), code, project=project, **cells))
    return lines


def imports() -> Iterator[tuple[str, str, str, list[dict[str, Any]]]]:
    """Board, name of the file, kind and postings of each import."""
    for board in BOARDS:
        for year in YEARS:
            yield board, f"{board}-{year}", "ledger", ledger(board, year)
            if (board, year) == ("KS", 2022):
                continue
            for version in ("a", "b") if (board, year) == ("KS", 2023) else ("9", "10"):
                yield board, f"{board}-{year}-{version}", "budget", budget(board, year, version)


def write(folder: Path) -> tuple[Path, Path]:
    """Make the lists and the imported postings below an empty folder; gives the folders DATA and LISTS."""
    desk = Desk.at(folder)
    write_lists(desk)
    for board, name, kind, postings in imports():
        done = desk.bring_in(str(desk.parquet(f"{name}.parquet", postings)), "--kind", kind, board=board)
        if done.exit_code:
            raise ValueError(f"{name}: {done.output}")
    empty = folder / "data" / "postings" / "empty.parquet"
    if not empty.is_file():
        shutil.copy(Path("data/postings/empty.parquet"), empty)
    return folder / "data", folder / "seeds" / "board"
