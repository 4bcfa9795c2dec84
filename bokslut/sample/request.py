"""What a user asked a sample of, and what is refused of it. Nothing is drawn here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bokslut.intake.known import Row, rows_of
from bokslut.sample.chart import MOST_ACCOUNTS
from bokslut.settings import Settings
from bokslut.telling import UsageError

FORMATS = ("parquet", "sie", "csv", "excel")
LAST_YEAR = 2024
# no Swedish municipality has a code of 3000 or more
FIRST_CODE, LAST_CODE = 9001, 9999
MOST_DIGITS = 100  # activity codes have two digits, from so many on three
MOST_RECEIVED = 200_000  # lines of a SIE, CSV or Excel sample: files of a size that people open
MOST_LINES = 10**10


@dataclass(frozen=True)
class Request:
    """The arguments of the command. like: organisation/board/year of the lists, or empty."""

    out: Path
    municipalities: int = 1
    boards: int = 1
    years: int = 1
    lines: int = 10_000
    activities: int = 20
    accounts: int = 40
    seed: int = 1
    like: str = ""
    form: str = "parquet"

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the postings: all arguments but where they go and in which form."""
        said = {name: value for name, value in asdict(self).items() if name not in ("out", "form")}
        return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()

    @property
    def fictional(self) -> int:
        """How many municipalities are made up: --like is the first of them otherwise."""
        return self.municipalities - 1 if self.like else self.municipalities


def checked(request: Request, settings: Settings) -> Request:
    """The request, when it makes sense. Raises UsageError with what to do."""
    reference = settings.reference
    areas = len(rows_of([reference], "activity_areas"))
    limits = (
        ("--municipalities", request.municipalities, 1, LAST_CODE - FIRST_CODE + 1),
        ("--boards", request.boards, 1, 99),
        ("--years", request.years, 1, _years(reference)),
        ("--lines", request.lines, 1, MOST_LINES),
        ("--activities", request.activities, 1, areas * MOST_DIGITS),
        ("--accounts", request.accounts, 2, MOST_ACCOUNTS),
        ("--seed", request.seed, 0, 2**63 - 1),
    )
    for name, value, least, most in limits:
        if not least <= value <= most:
            raise UsageError(f"{name} {value}: say {least} to {most}")
    if request.form not in FORMATS:
        raise UsageError(f"--format {request.form}: known are {', '.join(FORMATS)}")
    if request.form != "parquet" and request.lines > MOST_RECEIVED:
        raise UsageError(
            f"--format {request.form} is for at most {MOST_RECEIVED} lines, as a person may open: say --lines"
            f" {MOST_RECEIVED} or fewer, or leave --format out"
        )
    if request.like and request.fictional == 0 and (request.boards, request.years) != (1, 1):
        raise UsageError(
            "--boards and --years are of the municipalities beside --like: add --municipalities 2, or leave them out"
        )
    for taken in (reference, settings.board, settings.data, settings.releases):
        if request.out.resolve().is_relative_to(taken.resolve()) or taken.resolve().is_relative_to(
            request.out.resolve()
        ):
            raise UsageError(f"{request.out} and {taken}/ must lie apart: name another folder, as build/sample")
    if request.out.exists() and (not request.out.is_dir() or any(request.out.iterdir())):
        raise UsageError(f"{request.out} is there already and not empty: name a new folder, or remove it first")
    return request


def _years(reference: Path) -> int:
    return sum(int(year) <= LAST_YEAR for year in _known_years(rows_of([reference], "fiscal_years")))


def _known_years(rows: list[Row]) -> Iterator[str]:
    return (row["fiscal_year"] for row in rows)
