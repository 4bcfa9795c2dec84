"""Make a sample: draw each board and year, write its postings and lists, one after the other, so that memory is small.

The boards are independent: those of a few are written at a time, each by one thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from bokslut.intake import store
from bokslut.intake.known import rows_of
from bokslut.intake.starter import create_folder
from bokslut.sample import fictional
from bokslut.sample.cells import cells_of
from bokslut.sample.chart import Classes
from bokslut.sample.draws import apportion
from bokslut.sample.keeping import keep
from bokslut.sample.ledger import open_ledger
from bokslut.sample.lists import Lists, add_board_year, add_boards
from bokslut.sample.model import BoardYear
from bokslut.sample.request import LAST_YEAR, Request
from bokslut.sample.sums import TotalsFile, totals_path
from bokslut.settings import Settings

ORE = 100


def make(request: Request, settings: Settings, step: Callable[[str], None]) -> list[str]:
    """Write the sample into request.out, a new folder; step is told of each board and year.

    Returns what to do next, a line each. Raises UsageError for too few lines, and RefusedError where the folder cannot
    hold lists.
    """
    board_years = list(_shares(request))
    classes = Classes(rows_of([settings.reference], "account_classes"))
    areas = rows_of([settings.reference], "activity_areas")
    made = fictional.shape(request, classes, areas, min(board_years))
    lists = Lists(create_folder(str(request.out / "lists"), settings.reference))
    limit = _comment_limit(settings)
    data = request.out / "data"
    store.prepare(data)
    boards = list(fictional.boards(request))
    add_boards(lists, boards)
    shares = iter(board_years)
    with totals_path(request.out).open("w", encoding="utf-8", newline="") as file, open_ledger() as connection:
        totals = TotalsFile(file, classes)
        for board in boards:
            for year in fictional.years(request):
                step(f"{board.organisation_id} {board.board_id} {year}")
                posted = fictional.board_year(request.seed, board, year, made, next(shares))
                cells = cells_of(posted, request.seed)
                add_board_year(lists, board, made, posted, has_report=year == LAST_YEAR, limit=limit)
                totals.add(posted, cells)
                for total in keep(connection, data, request.digest, posted, cells):
                    store.log(data, "imported", total, total.received_at)
    return list(_next(request))


def _shares(request: Request) -> Iterator[int]:
    count = request.fictional * request.boards * request.years
    yield from apportion(request.lines, [1] * count)


def _comment_limit(settings: Settings) -> int:
    """From which variance a comment is expected, öre."""
    for row in rows_of([settings.reference], "thresholds"):
        if row["threshold_id"] == "operating_comment":
            return int(Decimal(row["value"]) * Decimal(row["scale"]) * ORE)
    return 0


def _next(request: Request) -> Iterator[str]:
    out: Path = request.out
    yield f"Totals: {totals_path(out)}, in the ledger's sign"
    yield f"Next:   BOKSLUT_SEEDS={out}/lists BOKSLUT_DATA={out}/data bokslut build"
