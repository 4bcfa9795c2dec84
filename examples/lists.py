"""The lists (seeds) of the example: what a municipality types in by hand. What projects and goals came to is imported.

Every list that is not filled here has its header alone, as `bokslut init` makes it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from bokslut.intake.described import DescribedSeed
from bokslut.intake.starter import starter_files
from examples import municipality as facts
from examples.ledger import TKR
from examples.plans import FORECAST, KINDS, NAMES, Row, decided_on
from examples.totals import ActivityTotal, ProjectTotal, Totals

# from this variance on a comment is expected (thresholds.csv)
COMMENTED = 100 * TKR
LINES = (
    ("Intäkter", "revenue", ""),
    ("Kostnader", "cost", ""),
    ("varav personalkostnader", "memo", "personnel"),
    ("Resultat", "result", ""),
)
Rows = Iterator[Sequence[object]]
Plans = Mapping[str, Mapping[tuple[int, str], tuple[Row, ...]]]


def seed_files(seeds: Sequence[DescribedSeed], plans: Plans, totals: Totals) -> Mapping[str, bytes]:
    """Path in the folder -> bytes of every list. plans: board -> (year, version) -> rows.

    Raises KeyError for a list that is not declared.
    """
    rows = {
        "organisations": _organisations(),
        "boards": _boards(),
        "activity_codes": _activity_codes(),
        "counterparty_classes": _counterparties(),
        "chapters": _chapters(),
        "budget_versions": _versions(plans),
        "result_lines": _result_lines(),
        "operating_comments": _operating_comments(totals),
        "projects": _projects(),
        "investment_comments": _investment_comments(totals),
        "goal_areas": _goal_areas(),
        "goals": _goals(),
        "measures": _measures(),
        "sick_leave": _sick_leave(),
    }
    files = {path: content for path, content in starter_files(seeds).items() if path.endswith(".csv")}
    for seed in seeds:
        if seed.name in rows:
            files[str(seed.path)] = _csv(seed.declaration.header, rows.pop(seed.name))
    if rows:
        raise KeyError(f"not declared: {', '.join(rows)}")
    return files


def _csv(header: Sequence[str], rows: Rows) -> bytes:
    """A list. rows: the cells after organisation_id, in the order of the header. ValueError where one is short."""
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            cells = (facts.ORGANISATION, *row)
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} cells for {','.join(header)}")
            writer.writerow(cells)
        return text.getvalue().encode("utf-8")


def _each() -> Iterator[tuple[facts.Board, int]]:
    for board in facts.BOARDS:
        for year in facts.YEARS:
            yield board, year


def _organisations() -> Rows:
    yield (facts.ORGANISATION_NAME, 16)


def _boards() -> Rows:
    for board in facts.BOARDS:
        yield (board.board_id, board.name, 16)


def _activity_codes() -> Rows:
    for board, year in _each():
        for activity in board.activities:
            yield (board.board_id, year, activity.code, activity.name, 2)


def _counterparties() -> Rows:
    for board in facts.BOARDS:
        yield (facts.INTERNAL[board.board_id], "internal", board.name, 2)
    for prefix, name in facts.EXTERNAL.items():
        yield (prefix, "external", name, 2)


def _chapters() -> Rows:
    for board, year in _each():
        text = f"{board.name} är påhittad, liksom kommunen. Texten visar var ett kapitel hamnar i rapporten."
        yield (board.board_id, year, 1, "Översikt", 1, "Året som gick", text, 16)


def _versions(plans: Plans) -> Rows:
    for board, year in _each():
        for version, kind in KINDS.items():
            tkr = "" if version == FORECAST else sum(row.tkr for row in plans[board.board_id][year, version])
            decision = f"{board.board_id} {year}/{list(KINDS).index(version) + 1}"
            day = decided_on(version, year).isoformat()
            name, scale = NAMES[version], 1000 if tkr else ""
            yield (board.board_id, year, version, kind, name, day, decision, tkr, scale, 12)


def _result_lines() -> Rows:
    for board, year in _each():
        for number, (name, role, account_class) in enumerate(LINES, start=1):
            yield (board.board_id, year, number, name, role, account_class, "", "", "", 1, 1)


def _operating_comments(totals: Totals) -> Rows:
    numbers: dict[tuple[str, int], int] = {}
    for total in totals.activities:
        variance = total.actual_net - total.budget_net
        if abs(variance) >= COMMENTED:
            place = (total.board_id, total.fiscal_year)
            numbers[place] = numbers.get(place, 0) + 1
            yield (*place, numbers[place], total.activity_code, _cause(total, variance), 3)


def _cause(total: ActivityTotal, variance: int) -> str:
    if total.actual_revenue and abs(total.actual_revenue) > abs(total.actual_cost):
        return "Intäkterna blev högre än budgeterat." if variance > 0 else "Intäkterna blev lägre än budgeterat."
    return "Kostnaderna blev lägre än budgeterat." if variance > 0 else "Kostnaderna blev högre än budgeterat."


def _projects() -> Rows:
    """What the import of projects would write too; it stands here since comments name projects."""
    for board, year in _each():
        own = [project for project in board.projects if year in project.budget]
        for number, each in enumerate(own, start=1):
            form = (number, "", each.status[year], each.first_year)
            yield (board.board_id, year, each.number, each.name, *form, 4)


def _investment_comments(totals: Totals) -> Rows:
    numbers: dict[tuple[str, int], int] = {}
    for total in totals.projects:
        place = (total.board_id, total.fiscal_year)
        numbers[place] = numbers.get(place, 0) + 1
        yield (*place, numbers[place], total.project_id, _progress(total), 7)


def _progress(total: ProjectTotal) -> str:
    if total.actual < total.budget:
        return "Arbetet kostade mer än beslutat, mest på grund av dyrare entreprenader."
    return "Arbetet följer planen, och en del av medlen återstår."


def _goal_areas() -> Rows:
    for board, year in _each():
        yield (board.board_id, year, *facts.GOAL_AREA, 8)


def _goals() -> Rows:
    for board, year in _each():
        for number, goal in enumerate(board.goals, start=1):
            words = (goal.name, goal.council_goal, goal.method, goal.unit)
            yield (board.board_id, year, goal.goal_id, number, facts.GOAL_AREA[0], *words, 8)


def _measures() -> Rows:
    for board, year in _each():
        for goal in board.goals:
            for number, each in enumerate(goal.measures, start=1):
                form = (each.unit, each.better, each.decimals)
                yield (board.board_id, year, each.measure_id, goal.goal_id, number, each.name, *form, 8)


def _sick_leave() -> Rows:
    for (board_id, year), groups in facts.SICK_LEAVE.items():
        for group, (employees, absent, long) in zip(facts.STAFF_GROUPS, groups, strict=True):
            yield (board_id, year, group, employees, employees * facts.HOURS_A_YEAR, absent, long, "", 17)
