"""The cases of bad input that a warehouse for public money survives: what comes in, and what must become of it.

Run as a program it prints each case, how many are survived, and how many values went wrong in silence. Whose number a
case has is told in docs/own-data.md. No dbt runs here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from bokslut.intake import importing
from import_desk import Desk
from project import REPOSITORY

HEAD = "Konto;Verksamhet;Datum;Serie;Ver;Rad;Belopp;Text"
FIRST = "5010;20;2024-01-31;A;1;1;1234,56;Lön"
SECOND = "1930;;2024-01-31;A;1;2;-1234,56;Bank"
PROFILE = """
profile: bad input
kind: ledger
columns:
  account: Konto
  activity: Verksamhet
  booked_on: Datum
  series: Serie
  voucher: Ver
  line: Rad
  amount: Belopp
  text: Text
decimal: ","
"""
NO_LINE = PROFILE.replace("  line: Rad\n", "")
PART = PROFILE + "vouchers: part\n"
TOTALS = NO_LINE + 'totals: [{where: {account: "Summa*"}, adds: all}]\nvouchers: part\n'
BUDGET = """
profile: bad budget
kind: budget
columns: {account: Konto, activity: Verksamhet, amount: Belopp}
constants: {period: 1, fiscal_year: 2024, version: original}
decimal: ","
"""
GOALS = """
profile: bad goals
kind: goals
columns: {measure_id: Mått, target: Mål, outcome_value: Utfall}
decimal: ","
"""
MEASURES = {
    "goal_areas": "9999,TN,2024,staff-area,1,Personal,8",
    "goals": "9999,TN,2024,staff,1,staff-area,Friska medarbetare,God arbetsgivare,Enkät,HR,8",
    "measures": "9999,TN,2024,hme,staff,1,HME-index,index,higher,0,8",
}
VERSION = {"budget_versions": "9999,TN,2024,original,original,Beslutad budget,2023-11-20,KF 12,1000.00,1,12"}
BOARDS = "organisation_id,board_id,board_name,report_part\n9999,TN,Tekniska nämnden,16\n9999,KS,Kommunstyrelsen,16\n"
CODES = "organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part\n9999,TN,2024,20,Planering,2\n"
AMOUNTS = (
    "organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part\n"
    "9999,TN,2024,actual,20,net,-100,1000,2\n"
)


@dataclass(frozen=True)
class Variant:
    """One thing that comes in.

    told: what the refusal must say, all of it; empty where it must be accepted. values: what the query must then give.
    seed: the list that content replaces; None where it is an import. file: its name. as_nobody: import it as a user
    who may not read it.
    """

    name: str
    content: bytes | str | None
    told: tuple[str, ...] = ()
    values: Any = None
    query: str = "select account, activity, amount, text from postings order by line"
    profile: str | None = PROFILE
    file: str = "a.csv"
    arguments: tuple[str, ...] = ()
    seed: str | None = None
    lists: Mapping[str, str] = field(default_factory=dict)
    board: str = "TN"
    prepare: Callable[[Desk], None] | None = None
    as_nobody: bool = False


@dataclass(frozen=True)
class Case:
    """One numbered case of the list, with all that stands for it here."""

    number: int
    name: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Told:
    """How a command ended."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class Outcome:
    """What became of a variant. survived: as it must. silent: accepted with another value than it must have."""

    survived: bool
    silent: bool
    output: str


def text(*lines: str, end: str = "\n") -> str:
    """A CSV of lines, each ended."""
    return "".join(f"{line}{end}" for line in lines)


GOOD = text(HEAD, FIRST, SECOND)
LEDGER = [("5010", "20", Decimal("1234.56"), "Lön"), ("1930", None, Decimal("-1234.56"), "Bank")]
AMOUNT = "select amount from postings order by line"


def amount(name: str, form: str, told: Sequence[str] = (), value: str | None = None, profile: str = PART) -> Variant:
    """A ledger of one line with that amount."""
    content = text(HEAD, FIRST.replace("1234,56", form))
    values = None if value is None else [(Decimal(value),)]
    return Variant(name, content, tuple(told), values, AMOUNT, profile)


def bad(name: str, old: str, new: str, *told: str, profile: str = PART) -> Variant:
    """The ledger with a text of its first line changed, which must be refused."""
    return Variant(name, text(HEAD, FIRST.replace(old, new, 1)), ("a.csv:2", *told), profile=profile)


def seed(name: str, content: bytes | str, *told: str, of: str = "boards") -> Variant:
    """A list with that content, which must be refused."""
    return Variant(name, content, (f"{of}.csv", *told), seed=of)


def fine(name: str, content: bytes | str, of: str = "boards") -> Variant:
    """A list with that content, which must be accepted."""
    return Variant(name, content, seed=of)


def workbook(*rows: Sequence[object]) -> bytes:
    """An Excel file; a date becomes a native date cell."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Huvudbok")
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, dates)
                else:
                    sheet.write(number, column, value)
    return stream.getvalue()


def sie(*lines: str) -> str:
    """A SIE 4 file with one voucher, and these lines before it."""
    head = ("#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", '#FNAMN "Exempelby"', "#RAR 0 20240101 20241231")
    dims = ('#DIM 1 "Ansvar"', '#DIM 20 "Verksamhet"', '#KONTO 5010 "L”n"', '#KONTO 1930 "Bank"')
    ver = (
        '#VER A 1 20240131 "Lon"',
        "{",
        '#TRANS 5010 {20 "20"} 1234.56 20240131 "Lon"',
        '#TRANS 1930 {} -1234.56 20240131 "Bank"',
        "}",
    )
    return text(*head, *dims, *lines, *ver)


def touched(desk: Desk) -> None:
    """Let the file grow while it is read: what the check of an import sees at its end."""
    check = vars(importing)["check_postings"]

    def check_and_grow(*arguments: Any, **named: Any) -> Any:
        with (desk.path / "a.csv").open("a", encoding="utf-8") as file:
            file.write(SECOND + "\n")
        setattr(importing, "check_postings", check)  # noqa: B010 - mypy knows it as no name of that module
        return check(*arguments, **named)

    setattr(importing, "check_postings", check_and_grow)  # noqa: B010


AS_NOBODY = """
import os, sys
from typer.testing import CliRunner
from bokslut.cli import app
import typer.rich_utils
# the first run loads all that is needed, since the user may have no right to read the packages
os.umask(0)
CliRunner().invoke(app, ["import", "none.csv", *sys.argv[2:]])
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
result = CliRunner().invoke(app, ["import", *sys.argv[1:]], catch_exceptions=False)
print(result.output)
sys.exit(result.exit_code)
"""
DECOMPOSED = "Lo\u0308n"
CASES = (
    Case(
        1,
        "missing",
        (
            Variant("import", None, ("a.csv: no such file",)),
            Variant("seed", None, ("boards.csv", "no such file"), seed="boards"),
        ),
    ),
    Case(2, "empty", (Variant("import", "", ("a.csv", "empty")), seed("seed", "", "empty"))),
    Case(
        3,
        "header only",
        (
            Variant("import", text(HEAD), ("a.csv",)),
            fine("seed", AMOUNTS.splitlines()[0] + "\n", of="operating_entries"),
        ),
    ),
    Case(
        4,
        "byte order mark",
        (
            Variant("import", "\ufeff" + GOOD, values=LEDGER),
            seed("seed", "\ufeff" + BOARDS, "boards.csv:1", "byte order mark"),
        ),
    ),
    Case(
        5,
        "CRLF",
        (
            Variant("import", text(HEAD, FIRST, SECOND, end="\r\n"), values=LEDGER),
            fine("seed", BOARDS.replace("\n", "\r\n")),
        ),
    ),
    Case(6, "mixed line ends", (Variant("import", f"{HEAD}\r\n{FIRST}\n{SECOND}\r\n", values=LEDGER),)),
    Case(
        7,
        "cp1252",
        (
            Variant("import", GOOD.encode("cp1252"), values=LEDGER),
            seed("seed", BOARDS.encode("cp1252"), "boards.csv:2", "UTF-8"),
        ),
    ),
    Case(
        8,
        "cp1252 with € and –",
        (
            Variant(
                "import",
                GOOD.replace("Lön", "Lön 5 € – rest").encode("cp1252"),
                values=[(*LEDGER[0][:3], "Lön 5 € – rest"), LEDGER[1]],
            ),
        ),
    ),
    Case(
        9,
        "UTF-16",
        (
            Variant("import", GOOD.encode("utf-16"), values=LEDGER),
            Variant("big-endian", b"\xfe\xff" + GOOD.encode("utf-16-be"), values=LEDGER),
            seed("seed", BOARDS.encode("utf-16"), "UTF-8"),
        ),
    ),
    Case(
        10,
        "mojibake",
        (bad("import", "Lön", "LÃ¶n", "'LÃ¶n'"), seed("seed", BOARDS.replace("ä", "Ã¤"), "boards.csv:2")),
    ),
    Case(
        11,
        "NUL byte",
        (bad("import", "Lön", "L\0n"), seed("seed", BOARDS.replace("nämnden", "n\0mnden"), "boards.csv:2")),
    ),
    Case(
        12,
        "cut in a row",
        (
            Variant("import", GOOD[:-12], ("a.csv:3",)),
            seed("seed", BOARDS[:-25], "boards.csv:3"),
            Variant("in a quote", GOOD.replace("Bank\n", '"Bank'), ("a.csv:3",)),
        ),
    ),
    Case(
        13,
        "cut between rows",
        (
            Variant("total gone", text(HEAD, FIRST, SECOND), ("a.csv",), profile=TOTALS),
            Variant("voucher halved", text(HEAD, FIRST), ("a.csv:2", "does not balance")),
        ),
    ),
    Case(
        14,
        "everything twice",
        (
            Variant("import", GOOD + text(FIRST, SECOND), ("a.csv:4", "line 2")),
            seed("seed", BOARDS + BOARDS.split("\n", 1)[1], "boards.csv:4", "2"),
        ),
    ),
    Case(
        15,
        "wrong year",
        (Variant("import", GOOD.replace("2024", "2023"), ("a.csv:2", "of 2023"), arguments=("--year", "2024")),),
    ),
    Case(16, "changed while it is imported", (Variant("import", GOOD, ("changed while",), prepare=touched),)),
    Case(17, "not readable", (Variant("import", GOOD, ("a.csv", "cannot be read"), as_nobody=True),)),
    Case(
        18,
        "header missing",
        (
            Variant("import", text(FIRST, SECOND), ("a.csv", "no head found", "Konto")),
            seed("seed", BOARDS.split("\n", 1)[1], "boards.csv:1", "the header must be"),
        ),
    ),
    Case(
        19,
        "extra column",
        (
            Variant(
                "import",
                text(*(f"{line};{extra}" for line, extra in ((HEAD, "Extra"), (FIRST, "x"), (SECOND, "y")))),
                values=LEDGER,
            ),
            seed("seed", BOARDS.replace("report_part", "report_part,extra"), "boards.csv:1", "extra"),
        ),
    ),
    Case(
        20,
        "renamed column",
        (
            Variant("import", GOOD.replace("Belopp", "Summa"), ("a.csv:1", "Belopp")),
            seed("seed", BOARDS.replace("board_name", "name"), "boards.csv:1", "board_name"),
        ),
    ),
    Case(
        21,
        "duplicate column",
        (
            Variant("import", GOOD.replace("Serie", "Konto"), ("a.csv:1", "Konto")),
            seed("seed", BOARDS.replace("board_name", "board_id"), "boards.csv:1", "board_id"),
        ),
    ),
    Case(
        22,
        "other order",
        (
            Variant(
                "import",
                text(*(";".join(reversed(line.split(";"))) for line in (HEAD, FIRST, SECOND))),
                values=LEDGER,
            ),
            seed("seed", BOARDS.replace("board_id,board_name", "board_name,board_id"), "boards.csv:1", "board_name"),
        ),
    ),
    Case(
        23,
        "other delimiter",
        (
            Variant("tab", GOOD.replace(";", "\t"), values=LEDGER),
            Variant(
                "comma", GOOD.replace(",", ".").replace(";", ","), values=LEDGER, profile=PROFILE.replace('","', '"."')
            ),
            seed("seed", BOARDS.replace(",", ";"), "boards.csv:1"),
        ),
    ),
    Case(
        24,
        "short row",
        (
            Variant("import", GOOD.replace(";Lön", ""), ("a.csv:2",)),
            seed("seed", BOARDS.replace("Tekniska nämnden,16", "Tekniska nämnden"), "boards.csv:2"),
        ),
    ),
    Case(
        25,
        "long row",
        (
            Variant("import", GOOD.replace("Lön", "Lön; januari"), ("a.csv:2",)),
            seed("seed", BOARDS.replace("Tekniska", "Tekniska, andra"), "boards.csv:2"),
        ),
    ),
    Case(
        26,
        "unterminated quote",
        (
            Variant("import", GOOD.replace("Lön", '"Lön'), ("a.csv:2",)),
            seed("seed", BOARDS.replace("Tekniska", '"Tekniska'), "boards.csv:2"),
        ),
    ),
    Case(
        27,
        "quoted line break",
        (
            Variant(
                "import",
                GOOD.replace("Lön", '"Lön\njanuari"'),
                values=[(*LEDGER[0][:3], "Lön\njanuari"), LEDGER[1]],
            ),
        ),
    ),
    Case(
        28,
        "total row among the data",
        (
            Variant("undeclared", GOOD + "Summa;;;;;;0,00;\n", ("a.csv:4", "Summa")),
            Variant(
                "declared",
                text(HEAD, FIRST, "Summa;;;;;;1234,56;"),
                values=[(Decimal("1234.56"),)],
                query=AMOUNT,
                profile=TOTALS,
            ),
            Variant("declared, wrong", text(HEAD, FIRST, "Summa;;;;;;1234,57;"), ("a.csv:3", "1234"), profile=TOTALS),
            seed("seed", AMOUNTS + "Summa,,,,,,-100,1000,2\n", "operating_entries.csv:3", of="operating_entries"),
        ),
    ),
    Case(
        29,
        "exact duplicate",
        (
            Variant(
                "import",
                text(HEAD, FIRST, FIRST),
                ("a.csv:3", "2"),
                profile=NO_LINE + "vouchers: part\n",
            ),
            Variant(
                "told apart",
                text(HEAD, FIRST, FIRST.replace("A;1;1", "A;1;2")),
                values=[(Decimal("1234.56"),), (Decimal("1234.56"),)],
                query=AMOUNT,
                profile=PART,
            ),
        ),
    ),
    Case(
        30,
        "leading zeros",
        (
            Variant(
                "import",
                GOOD.replace("5010;20", "5010;045"),
                values=[("5010", "045", *LEDGER[0][2:]), LEDGER[1]],
            ),
        ),
    ),
    Case(
        31,
        "code as 1E+06",
        (
            bad("import", "5010;20", "5010;1E+06", "'1E+06'"),
            seed("seed", CODES.replace(",20,", ",1E+06,"), "activity_codes.csv:2", "1E+06", of="activity_codes"),
        ),
    ),
    Case(
        32,
        "thousands apart by a space",
        (
            amount("space", "1 234,56", value="1234.56"),
            amount("no-break space", "1\u00a0234,56", value="1234.56"),
            amount("narrow no-break space", "1\u202f234,56", value="1234.56"),
            seed("seed", AMOUNTS.replace("-100", "-1 000"), "operating_entries.csv:2", of="operating_entries"),
        ),
    ),
    Case(
        33,
        "1.234,56",
        (
            amount("undeclared", "1.234,56", ("a.csv:2", "'1.234,56'")),
            amount("declared", "1.234,56", value="1234.56", profile=PART + 'thousands: "."\n'),
        ),
    ),
    Case(
        34,
        "U+2212 as minus",
        (
            amount("import", "\u22121234,56", value="-1234.56"),
            seed("seed", AMOUNTS.replace("-100", "\u2212100"), "operating_entries.csv:2", of="operating_entries"),
        ),
    ),
    Case(
        35,
        "trailing minus and parentheses",
        (
            amount("minus", "500,00-", ("a.csv:2", "'500,00-'")),
            amount("parentheses", "(500,00)", ("a.csv:2", "'(500,00)'")),
            amount("minus declared", "500,00-", value="-500.00", profile=PART + "negative: [trailing_minus]\n"),
            amount("parentheses declared", "(500,00)", value="-500.00", profile=PART + "negative: [parentheses]\n"),
            seed("seed", AMOUNTS.replace("-100", "100-"), "operating_entries.csv:2", of="operating_entries"),
            seed("seed ()", AMOUNTS.replace("-100", "(100)"), "operating_entries.csv:2", of="operating_entries"),
        ),
    ),
    Case(
        36,
        "three decimals",
        (
            amount("import", "1234,567", ("a.csv:2", "'1234,567'")),
            seed(
                "seed", AMOUNTS.replace("-100,1000", "-100.1234,100"), "operating_entries.csv:2", of="operating_entries"
            ),
        ),
    ),
    Case(
        37,
        "exponent, NaN, inf",
        (
            *(amount(form, form, ("a.csv:2", f"'{form}'")) for form in ("1,2E+05", "NaN", "inf", "-inf")),
            *(
                seed(f"seed {form}", AMOUNTS.replace("-100", form), "operating_entries.csv:2", of="operating_entries")
                for form in ("1.2E+05", "NaN", "inf")
            ),
        ),
    ),
    Case(
        38,
        "empty or overflowing amount",
        (
            amount("empty", "", ("a.csv:2",)),
            amount("overflow", "12345678901234567890,00", ("a.csv:2",)),
            seed("seed", AMOUNTS.replace("-100", ""), "operating_entries.csv:2", of="operating_entries"),
            seed("overflow", AMOUNTS.replace("-100", "9" * 19), "operating_entries.csv:2", of="operating_entries"),
        ),
    ),
    Case(
        39,
        "date not ISO",
        (
            *(
                bad(form, "2024-01-31", form, f"'{form}'")
                for form in ("31/1/2024", "31.01.2024", "24-01-31", "240131", "45322", "2024-1-31")
            ),
            Variant(
                "native date",
                workbook(HEAD.split(";"), ("5010", "20", date(2024, 1, 31), "A", 1, 1, 1234.56, "Lön")),
                values=[("5010", "20", date(2024, 1, 31), Decimal("1234.56"))],
                query="select account, activity, booked_on, amount from postings",
                profile=PART,
                file="a.xlsx",
            ),
            Variant(
                "serial as text",
                workbook(HEAD.split(";"), ("5010", "20", "45322", "A", 1, 1, 1234.56, "Lön")),
                ("a.xlsx:2", "45322"),
                profile=PART,
                file="a.xlsx",
            ),
            Variant(
                "serial as number",
                workbook(HEAD.split(";"), ("5010", "20", 45322, "A", 1, 1, 1234.56, "Lön")),
                ("a.xlsx:2", "45322"),
                profile=PART,
                file="a.xlsx",
            ),
        ),
    ),
    Case(
        40,
        "30 February, or outside the year",
        (
            bad("30 February", "2024-01-31", "2024-02-30", "'2024-02-30'"),
            Variant(
                "outside the year",
                GOOD.replace("2024-01-31;A;1;2", "2025-01-01;A;1;2"),
                ("a.csv:3",),
                arguments=("--year", "2024"),
            ),
        ),
    ),
    Case(
        41,
        "unknown account, code or board",
        (
            bad("account", "5010", "0110", "'0110'"),
            bad("code", "5010;20", "5010;99", "'99'"),
            Variant("board", GOOD, ("a.csv", "XX"), board="XX"),
            seed("seed", AMOUNTS.replace(",20,", ",99,"), "operating_entries.csv:2", "99", of="operating_entries"),
        ),
    ),
    Case(42, "decomposed Unicode", (Variant("import", GOOD.replace("Lön", DECOMPOSED), values=LEDGER),)),
    Case(
        43,
        "unbalanced voucher",
        (
            Variant("import", GOOD.replace("-1234,56", "-1234,55"), ("a.csv:2", "does not balance", "0.01")),
            Variant("SIE", sie().replace("-1234.56", "-1234.55"), ("a.se:10", "0.01"), file="a.se", profile=None),
        ),
    ),
    Case(
        44,
        "ledger differs from its closing balances",
        (
            Variant(
                "agrees",
                sie("#RES 0 5010 1234.56"),
                values=[(Decimal("1234.56"),), (Decimal("-1234.56"),)],
                query=AMOUNT,
                file="a.se",
                profile=None,
            ),
            Variant("result", sie("#RES 0 5010 1234.57"), ("a.se:10", "5010"), file="a.se", profile=None),
            Variant(
                "balance",
                sie("#IB 0 1930 100.00", "#UB 0 1930 -1134.55"),
                ("a.se:11", "1930"),
                file="a.se",
                profile=None,
            ),
        ),
    ),
    Case(
        45,
        "budget differs from the decided total",
        (
            Variant(
                "agrees",
                "Konto;Verksamhet;Belopp\n5010;20;1000,00\n",
                values=[(Decimal("1000.00"),)],
                query=AMOUNT,
                profile=BUDGET,
                lists=VERSION,
            ),
            Variant(
                "differs",
                "Konto;Verksamhet;Belopp\n5010;20;1000,01\n",
                ("a.csv", "1000 was decided"),
                profile=BUDGET,
                lists=VERSION,
            ),
        ),
    ),
    Case(
        46,
        "goal without target",
        (
            Variant(
                "import",
                "Mått;Mål;Utfall\nhme;;77\n",
                values=([], [("hme", "77")]),
                profile=GOALS,
                query="goals",
                arguments=("--year", "2024"),
                lists=MEASURES,
            ),
        ),
    ),
    Case(
        59,
        "personal identity number in a text",
        (
            bad("import", "Lön", "Lön 811218-9876", "'Lön ******-****'"),
            bad("without hyphen", "Lön", "Lön 198112189876", "'Lön ******-****'"),
            bad("no-break space", "Lön", "Lön 811218\u00a09876", "'Lön ******-****'"),
            bad("en dash", "Lön", "Lön 811218–9876", "'Lön ******-****'"),
            Variant(
                "organisation number",
                GOOD.replace("Lön", "556036-0793"),
                values=[(*LEDGER[0][:3], "556036-0793"), LEDGER[1]],
            ),
            Variant(
                "SIE",
                sie().replace('20240131 "Lon"\n', '20240131 "811218-9876"\n'),
                ("a.se:1", "******-****"),
                file="a.se",
                profile=None,
            ),
            seed("seed", BOARDS.replace("Tekniska nämnden", "Nämnd 811218-9876"), "boards.csv:2", "******-****"),
        ),
    ),
)


def outcome(case: Case, variant: Variant, folder: Path) -> Outcome:
    """Let a variant come in at a desk of its own in the folder, and judge what became of it."""
    if variant.as_nobody:
        # a folder that another user can reach
        with tempfile.TemporaryDirectory() as open_folder:
            return _judged(case, variant, Desk.at(Path(open_folder)))
    return _judged(case, variant, Desk.at(folder))


def _judged(case: Case, variant: Variant, desk: Desk) -> Outcome:
    for name, rows in variant.lists.items():
        desk.add(name, rows)
    result = _seed(desk, variant) if variant.seed else _import(desk, variant)
    if "811218" in result.output or result.exit_code not in (0, 1):
        return Outcome(False, False, f"exit code {result.exit_code}: {result.output}")
    if variant.told:
        told = result.exit_code == 1 and all(part in result.output for part in variant.told)
        untouched = variant.seed is not None or desk.query("select count(*) from postings") == [(0,)]
        return Outcome(told and untouched, result.exit_code == 0, result.output)
    if result.exit_code:
        return Outcome(False, False, result.output)
    if variant.seed:
        return Outcome(True, False, result.output)
    found = _goals(desk) if variant.query == "goals" else desk.query(variant.query)
    reported = case.number != 19 or "columns not read: Extra" in result.output
    reported = reported and (case.number != 7 or "read as cp1252" in result.output)
    right = found == variant.values
    return Outcome(right and reported, not right, f"{found}\n{result.output}")


def _import(desk: Desk, variant: Variant) -> Told:
    path = desk.path / variant.file
    if variant.content is not None:
        desk.write(variant.file, variant.content)
    if variant.profile is not None:
        desk.write("profile.yml", variant.profile)
    if variant.prepare:
        variant.prepare(desk)
    profile = () if variant.profile is None else ("--profile", str(desk.path / "profile.yml"))
    arguments = (str(path), *profile, *variant.arguments)
    if variant.as_nobody:
        return _import_as_nobody(desk, arguments)
    result = desk.bring_in(*arguments, board=variant.board)
    return Told(result.exit_code, result.output)


def _import_as_nobody(desk: Desk, arguments: Sequence[str]) -> Told:
    """Import in a process that gives up its rights; the data folder is open to it, the file is not."""
    for path in (desk.path, *desk.path.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (desk.path / "a.csv").chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *arguments, "--organisation", "9999", "--board", "TN"],
        cwd=desk.path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]},
    )
    return Told(done.returncode, done.stdout + done.stderr)


def _seed(desk: Desk, variant: Variant) -> Told:
    path = desk.list_path(variant.seed or "")
    if variant.content is None:
        path.unlink()
    else:
        path.write_bytes(variant.content if isinstance(variant.content, bytes) else variant.content.encode("utf-8"))
    result = desk.run("check")
    return Told(result.exit_code, result.output)


def _goals(desk: Desk) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    targets = [(row["measure_id"], row["target_value"]) for row in desk.rows("measure_targets")]
    return targets, [(row["measure_id"], row["outcome_value"]) for row in desk.rows("measure_outcomes")]


def main() -> int:
    """Print each case, survived/47 and the values that went wrong in silence; exit 1 unless all are survived."""
    survived = silent = 0
    for case in CASES:
        outcomes = []
        for variant in case.variants:
            folder = Path(tempfile.mkdtemp())
            try:
                outcomes.append(outcome(case, variant, folder))
            finally:
                shutil.rmtree(folder)
        held = all(each.survived for each in outcomes)
        survived += held
        silent += sum(each.silent for each in outcomes)
        print(f"{case.number:>3} {'survived' if held else 'NOT SURVIVED':<13} {case.name} ({len(outcomes)})")
    print(f"survived {survived}/{len(CASES)}, silently wrong values {silent}")
    return 0 if survived == len(CASES) else 1


if __name__ == "__main__":
    sys.exit(main())
