"""Make a sample: draw each board and year, write its postings and lists, one after the other, in little memory."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bokslut.intake import gate, store
from bokslut.intake.findings import RefusedError
from bokslut.intake.known import rows_of
from bokslut.intake.starter import create_folder
from bokslut.sample import fictional, like, like_lists
from bokslut.sample.accounts import Accounts
from bokslut.sample.cells import cells_of
from bokslut.sample.chart import Classes
from bokslut.sample.draws import apportion
from bokslut.sample.keeping import keep
from bokslut.sample.ledger import open_ledger
from bokslut.sample.lists import Lists, add_board_year, add_boards
from bokslut.sample.model import BoardYear
from bokslut.sample.received import write_profiles, write_received
from bokslut.sample.request import LAST_YEAR, Request
from bokslut.sample.sums import TotalsFile, totals_path
from bokslut.settings import Settings

ORE = 100


@dataclass(frozen=True)
class Plan:
    """What is to be made, all that can be refused of it behind us. shares: lines of each fictional board and year."""

    request: Request
    classes: Classes
    shape: fictional.Shape | None
    shares: tuple[int, ...]
    stated: like.Stated | None
    fitted: like.Fitted | None
    like_years: tuple[BoardYear, ...]


def make(request: Request, settings: Settings, step: Callable[[str], None]) -> list[str]:
    """Write the sample into request.out, a new folder; step is told of each board and year.

    Returns what to do next, a line each. Raises UsageError for too few lines or figures that no postings meet, and
    RefusedError where the folder cannot hold lists; nothing is written then.
    """
    refused = gate.check_lists(settings) if request.like else []
    if refused:
        raise RefusedError(refused)
    plan = _plan(request, settings)
    folder = create_folder(str(request.out / "lists"), settings.reference)
    data = request.out / "data"
    store.prepare(data)
    if plan.stated and plan.fitted:
        like_lists.copy_lists(settings.board, folder)
        like_lists.adjust(folder, plan.stated, plan.fitted)
    imports: list[str] = []
    if request.form != "parquet":
        write_profiles(request.out / "received", request.form)
    with totals_path(request.out).open("w", encoding="utf-8", newline="") as file, open_ledger() as connection:
        totals = TotalsFile(file, plan.classes)
        for posted in (*plan.like_years, *_fictional(plan, folder, settings)):
            step(f"{posted.organisation_id} {posted.board_id} {posted.fiscal_year}")
            cells = cells_of(posted, request.seed)
            totals.add(posted, cells)
            if request.form == "parquet":
                for total in keep(connection, data, request.digest, posted, cells):
                    store.log(data, "imported", total, total.received_at)
            else:
                imports.extend(write_received(connection, request.out, request.form, posted, cells))
    return [*imports, *_next(request)]


def _plan(request: Request, settings: Settings) -> Plan:
    classes = Classes(rows_of([settings.reference], "account_classes"))
    count = request.fictional * request.boards * request.years
    shares = apportion(request.lines, [1] * (count + bool(request.like)))
    stated = fitted = made = None
    like_years: tuple[BoardYear, ...] = ()
    if request.like:
        stated = like.read_stated(request.like, settings.board)
        fitted = like.fit(stated, Accounts(classes), request.seed)
        like_years = tuple(like.board_years(stated, fitted, shares.pop(), count + 1))
        like_lists.refuse_codes(settings.board, [board.organisation_id for board in fictional.boards(request)])
    if shares:
        made = fictional.shape(request, classes, rows_of([settings.reference], "activity_areas"), min(shares))
    return Plan(request, classes, made, tuple(shares), stated, fitted, like_years)


def _fictional(plan: Plan, folder: Path, settings: Settings) -> Iterator[BoardYear]:
    """The fictional boards and years, whose lists are written on the way."""
    if plan.shape is None:
        return
    request, lists, limit = plan.request, Lists(folder), _comment_limit(settings)
    boards, shares = list(fictional.boards(request)), iter(plan.shares)
    add_boards(lists, boards)
    for board in boards:
        for year in fictional.years(request):
            posted = fictional.board_year(request.seed, board, year, plan.shape, next(shares))
            add_board_year(lists, board, plan.shape, posted, has_report=year == LAST_YEAR, limit=limit)
            yield posted


def _comment_limit(settings: Settings) -> int:
    """From which variance a comment is expected, öre."""
    for row in rows_of([settings.reference], "thresholds"):
        if row["threshold_id"] == "operating_comment":
            return int(Decimal(row["value"]) * Decimal(row["scale"]) * ORE)
    return 0


def _next(request: Request) -> Iterator[str]:
    out = request.out
    yield f"Totals: {totals_path(out)}, in the ledger's sign"
    # releases of its own: readers of the others must not see what is made up
    places = {"SEEDS": "lists", "DATA": "data", "RELEASES": "releases"}
    said = " ".join(f"BOKSLUT_{name}={shlex.quote(str(out / folder))}" for name, folder in places.items())
    yield f"Next:   {said} bokslut build"
