"""Six sheets as invented systems would export them, made by a seeded generator that keeps its own account in öre.

Each maker writes a sheet for one profile of examples/profiles. With wrong=True its first total is one krona too large.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

Key = tuple[object, ...]
KRONA = 100
VERKSAMHETER = ("41 Grundskola", "45 Gymnasieskola", "47 Vuxenutbildning", "51 Äldreomsorg")


@dataclass(frozen=True)
class Sheet:
    """A written sheet. columns: of the table read, whose rows are the keys of expected (öre). totals: how many it has.

    wrong_line: the line of the first total.
    """

    path: Path
    columns: tuple[str, ...]
    expected: dict[Key, int]
    totals: int
    wrong_line: int


def verifikationslista(folder: Path, wrong: bool) -> Sheet:
    """A list of vouchers, as text."""
    rng = seeded(1)
    lines = ["Verifikationslista", "Utskriven av Ekonomiavdelningen", ""]
    lines.append("Serie;Vernr;Rad;Bokf.datum;Konto;Ansvar;Verksamhet;Motpart;Text;Debet;Kredit;Användare")
    expected: dict[Key, int] = {}
    total = 0
    for number in range(1, 41):
        day = f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        parts = [rng.randint(1, 5_000_000) for _ in range(rng.randint(1, 3))]
        total += sum(parts)
        for row, ore in enumerate([*parts, -sum(parts)], 1):
            first = f"A;{number:05};" if row == 1 else ";;"
            account = "1910" if ore < 0 else rng.choice(("4011", "5011", "0612"))
            money = f";{grouped(-ore)}" if ore < 0 else f"{grouped(ore)};"
            activity = rng.choice(VERKSAMHETER)[:2]
            text = f'"Faktura {number}; moms – 25 %"'
            lines.append(f"{first}{row};{day if row == 1 else ''};{account};1200;{activity};;{text};{money};u1")
            expected["A", f"{number:05}", row, day, account, activity] = ore
    lines.append(f"Summa;;;;;;;;;{grouped(total + KRONA * wrong)};{grouped(total)};")
    path = folder / "verifikationslista.csv"
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    columns = ("series", "voucher", "line", "cast(booked_on as varchar)", "account", "activity")
    return Sheet(path, columns, expected, 1, len(lines))


def huvudbok(folder: Path, wrong: bool) -> Sheet:
    """Balances of accounts and months."""
    rng = seeded(2)
    lines = ["Konto\tVht\tPeriod\tBelopp"]
    expected: dict[Key, int] = {}
    first = 0
    for account in ("3011 Avgifter", "4011 Material", "5011 Lön"):
        summed = 0
        for activity in VERKSAMHETER:
            for period in (1, 2, 13):
                ore = rng.randint(-900_000_000, 900_000_000)
                summed += ore
                expected[account[:4], activity[:2], 2024, period] = ore
                lines.append(f"{account}\t{activity[:2]}\t2024{period:02}\t{grouped(ore, '.', behind=True)}")
        lines.append(
            f"Summa konto {account[:4]}\t\t\t{grouped(summed + KRONA * (wrong and not first), '.', behind=True)}"
        )
        first = first or len(lines)
    lines.append(f"Totalsumma\t\t\t{grouped(sum(expected.values()), '.', behind=True)}")
    path = folder / "huvudbok.txt"
    path.write_bytes("\n".join(lines).encode("utf-16"))
    return Sheet(path, ("account", "activity", "fiscal_year", "period"), expected, 4, first)


def arsbudget(folder: Path, wrong: bool) -> Sheet:
    """A yearly budget of income and cost."""
    rng = seeded(3)
    lines = ["Version,År,Ansvar,Verksamhet,Intäkter,Kostnader"]
    expected: dict[Key, int] = {}
    first = 0
    for ansvar in ("1200 Skola", "1300 Omsorg"):
        sums = [0, 0]
        for activity in VERKSAMHETER:
            income, cost = rng.randint(0, 10**9), rng.randint(0, 10**10)
            sums = [sums[0] + income, sums[1] + cost]
            for account, ore in (("3", -income), ("4", cost)):
                for month in range(1, 13):
                    part = abs(ore) // 12 * (1 if ore > 0 else -1)
                    expected[ansvar[:4], activity[:2], account, "original", month] = (
                        ore - 11 * part if month == 12 else part
                    )
            lines.append(f'Beslutad,2024,{ansvar},"{activity}",{plain(income)},{plain(cost)}')
        lines.append(f",,Summa {ansvar},,{plain(sums[0] + KRONA * (wrong and not first))},{plain(sums[1])}")
        first = first or len(lines)
    path = folder / "arsbudget.csv"
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return Sheet(path, ("ansvar", "activity", "account", "version", "period"), expected, 2, first)


def budgetmatris(folder: Path, wrong: bool) -> Sheet:
    """One column a month, in tkr, income positive."""
    rng = seeded(4)
    rows: list[list[object]] = [["Budget 2024, tkr"], []]
    months = ["Jan", "Feb", "Mar", "Apr", "Maj", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec"]
    rows.append(["Konto", "Verksamhet", "Kommentar", *months, "Helår"])
    expected: dict[Key, int] = {}
    sums = [0] * 13
    first = 0
    for account, sign in (("3 Intäkter", 1), ("4 Kostnader", -1)):
        for activity in VERKSAMHETER:
            kronor = [sign * rng.randint(1, 5_000_000) if rng.random() > 0.2 else None for _ in months]
            for month, krona in enumerate(kronor, 1):
                if krona is not None:
                    expected[account[0], int(activity[:2]), month, "original"] = -krona * 100
            year = [*(krona or 0 for krona in kronor), sum(krona or 0 for krona in kronor)]
            sums = [before + more for before, more in zip(sums, year, strict=True)]
            cells = [None if krona is None else krona / 1000 for krona in kronor]
            rows.append(
                [account, int(activity[:2]), "Oförändrat" if rng.random() > 0.5 else None, *cells, year[-1] / 1000]
            )
        if not first:
            changed = [sums[0] + wrong, *sums[1:-1], sums[-1] + wrong]
            rows.append(["Summa intäkter", None, None, *(krona / 1000 for krona in changed)])
            first = len(rows)
    rows.append(["Totalt", None, None, *(krona / 1000 for krona in sums)])
    path = write_excel(folder / "budgetmatris.xlsx", "Budget", rows)
    columns = ("account", "cast(activity as integer)", "period", "version")
    return Sheet(path, columns, expected, 2, first)


def uppfoljning(folder: Path, wrong: bool) -> Sheet:
    """A head over two rows, merged keys, subtotals; income positive."""
    rng = seeded(5)
    rows: list[list[object]] = [["Organisation", None, "Kontogrupp", "Månad", "Utfall", "Budget"]]
    rows.append(["Ansvar", "Verksamhet", None, None, "kr", "kr"])
    merges = ["A1:B1", "C1:C2", "D1:D2"]
    expected: dict[Key, int] = {}
    first = totals = 0
    for ansvar in ("1200 Skola", "1300 Omsorg"):
        start, upper = len(rows) + 1, [0, 0]
        for activity in VERKSAMHETER[:3]:
            begin, lower = len(rows) + 1, [0, 0]
            for group in ("3", "5"):
                ore = [rng.randint(-(10**8), 10**8), rng.randint(-(10**8), 10**8)]
                lower = [lower[0] + ore[0], lower[1] + ore[1]]
                keys = (ansvar if len(rows) + 1 == start else None, activity if len(rows) + 1 == begin else None)
                rows.append([*keys, group, "dec 2024", ore[0] / 100, ore[1] / 100])
                for scenario, each in zip(("actual", "budget"), ore, strict=True):
                    expected[ansvar[:4], activity[:2], group, 12, scenario] = -each
            merges.append(f"B{begin}:B{len(rows)}")
            upper = [upper[0] + lower[0], upper[1] + lower[1]]
            stated = (lower[0] + KRONA * (wrong and not first)) / 100
            rows.append([None, f"Summa {activity}", None, None, stated, lower[1] / 100])
            first, totals = first or len(rows), totals + 1
        merges.append(f"A{start}:A{len(rows)}")
        rows.append([f"Summa {ansvar}", None, None, None, upper[0] / 100, upper[1] / 100])
        totals += 1
    path = write_excel(folder / "uppfoljning.xlsx", "Uppföljning", rows, merges)
    return Sheet(path, ("ansvar", "activity", "account", "period", "scenario"), expected, totals, first)


def investeringar(folder: Path, wrong: bool) -> Sheet:
    """Projects in tkr, spending positive."""
    rng = seeded(6)
    names = ("Utfall", "Budget", "Upparbetat", "Slutprognos", "Totalbudget")
    rows: list[list[object]] = [["Nr", "Projekt", "Benämning", "Läge", *names, "Ansvarig enhet"]]
    expected: dict[Key, int] = defaultdict(int)
    sums = [0] * len(names)
    for number in range(1, 9):
        kronor = [rng.randint(0, 90_000_000) for _ in names]
        sums = [before + more for before, more in zip(sums, kronor, strict=True)]
        status, word = rng.choice((("ongoing", "Pågående"), ("finished", "Avslutat"), ("not_started", "Ej påbörjat")))
        cells = [krona / 1000 for krona in kronor]
        rows.append([number, f"{4500 + number:05}", f"Ombyggnad, etapp {number}", word, *cells, "Fastighet"])
        for name, krona in zip(
            ("actual", "budget", "cost_to_date", "total_forecast", "total_budget"), kronor, strict=True
        ):
            expected[f"{4500 + number:05}", str(number), status, name] = -krona * 100
    sums[0] += wrong
    rows.append([None, None, "Summa investeringar", None, *(krona / 1000 for krona in sums)])
    path = write_excel(folder / "investeringar.xlsx", "Projekt", rows)
    return Sheet(path, ("project_id", "list_number", "status", "name"), dict(expected), 1, len(rows))


MAKERS: dict[str, Callable[[Path, bool], Sheet]] = {
    "verifikationslista": verifikationslista,
    "huvudbok": huvudbok,
    "arsbudget": arsbudget,
    "budgetmatris": budgetmatris,
    "uppfoljning": uppfoljning,
    "investeringar": investeringar,
}


def seeded(seed: int) -> random.Random:
    """The same numbers each time."""
    return random.Random(seed)  # noqa: S311 - no secret


def write_excel(path: Path, name: str, rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> Path:
    """A workbook with a sheet before it that is not to be read; merged ranges keep the value of their first cell."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Läs mig").write("A1", "Summa")
        sheet = book.add_worksheet(name)
        for merged in merges:
            sheet.merge_range(merged, None)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(row, column, cell)
    return path


def plain(ore: int) -> str:
    """Kronor and öre with a decimal point."""
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}"


def grouped(ore: int, mark: str = " ", behind: bool = False) -> str:
    """Kronor and öre with a decimal comma and a mark between thousands."""
    text = f"{abs(ore) // 100:,}".replace(",", mark) + f",{abs(ore) % 100:02}"
    if ore >= 0:
        return text
    return f"{text}-" if behind else f"-{text}"
