"""Write the lists of a sample: what every fictional board needs, into a folder that create_folder made."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bokslut.sample.chart import EXTERNAL, INTERNAL
from bokslut.sample.fictional import Board, Shape, project_id
from bokslut.sample.model import BoardYear, Slot
from bokslut.sample.sums import kronor

Row = Mapping[str, object]
STATUS = ("ongoing", "finished", "ongoing")
CAUSE = "Påhittad verksamhet: beloppet är draget."


@dataclass
class Lists:
    """The lists of a folder, to which rows are added. headers: name of a list -> its path and columns."""

    folder: Path
    headers: dict[str, tuple[Path, list[str]]] = field(default_factory=dict)

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Add rows to a list; a column that a row does not name stays empty."""
        if name not in self.headers:
            (path,) = self.folder.rglob(f"{name}.csv")
            with path.open(encoding="utf-8", newline="") as file:
                self.headers[name] = (path, next(csv.reader(file)))
        path, columns = self.headers[name]
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(rows)


def add_boards(lists: Lists, boards: Sequence[Board]) -> None:
    """Who there is, and what their counterparties are."""
    names = {board.organisation_id: board.organisation_name for board in boards}
    lists.add(
        "organisations",
        [{"organisation_id": code, "organisation_name": name, "report_part": 16} for code, name in names.items()],
    )
    lists.add(
        "boards",
        [
            {
                "organisation_id": board.organisation_id,
                "board_id": board.board_id,
                "board_name": board.board_name,
                "report_part": 16,
            }
            for board in boards
        ],
    )
    classes = ((INTERNAL, "internal", "Egna enheter"), (EXTERNAL, "external", "Övriga"))
    lists.add(
        "counterparty_classes",
        [
            {
                "organisation_id": code,
                "motpart_prefix": prefix,
                "counterparty_class": counterparty,
                "counterparty_name": name,
                "report_part": 16,
            }
            for code in names
            for prefix, counterparty, name in classes
        ],
    )


def add_board_year(lists: Lists, board: Board, made: Shape, posted: BoardYear, *, has_report: bool, limit: int) -> None:
    """What a board has a year. has_report: with a document whose figures are printed, and the comments that it owes.

    limit: öre of a code's variance from which a comment is expected.
    """
    year = posted.fiscal_year
    mine = {"organisation_id": board.organisation_id, "board_id": board.board_id, "fiscal_year": year}
    lists.add(
        "activity_codes",
        [mine | {"activity_code": code, "activity_name": name, "report_part": 2} for code, name in made.activities],
    )
    lists.add("projects", list(_projects(mine, made)))
    lists.add("result_lines", list(_result_lines(mine)))
    net = Net.of(posted.slots)
    lists.add(
        "budget_versions",
        [
            mine
            | {
                "version": posted.version,
                "version_kind": "original",
                "version_name": "Beslutad budget",
                "decided_on": f"{year - 1}-11-15",
                "net_cost": kronor(-net.budget),
                "scale": 1,
                "report_part": 12,
            }
        ],
    )
    lists.add("control_totals", list(_controls(mine, made, posted, net)))
    if has_report:
        document = f"{board.organisation_id}-{board.board_id}-{year}".lower()
        title = f"{board.board_name}, {board.organisation_name}, årsredovisning {year}"
        lists.add("documents", [mine | {"document_id": document, "document_title": title, "report_part": 16}])
        lists.add("printed_figures", list(_printed(document, made, posted, net)))
        lists.add("operating_comments", list(_comments(mine, "activity_code", _codes_over(posted, limit), 3)))
        lists.add("investment_comments", list(_comments(mine, "project_id", _projects_over(posted), 7)))


@dataclass(frozen=True)
class Net:
    """Sums of slots in öre with the warehouse's sign: income positive, spending negative."""

    actual: int
    budget: int

    @classmethod
    def of(cls, slots: Sequence[Slot], *, is_project: bool = False) -> Net:
        """The operating account, or the investment account."""
        own = [slot for slot in slots if bool(slot.project) == is_project]
        return cls(-sum(slot.actual or 0 for slot in own), -sum(slot.budget or 0 for slot in own))


def _projects(mine: Row, made: Shape) -> Iterator[Row]:
    for number in range(made.projects):
        yield {
            **mine,
            "project_id": project_id(number),
            "project_name": f"Provprojekt {number + 1}",
            "list_number": number + 1,
            "status": STATUS[number],
            "report_part": 4,
        }


def _result_lines(mine: Row) -> Iterator[Row]:
    """The lines without amounts: the postings give them."""
    lines = (
        ("Intäkter", "revenue", ""),
        ("Kostnader", "cost", ""),
        ("varav personalkostnader", "memo", "personnel"),
        ("varav kapitalkostnader", "memo", "capital_cost"),
        ("Resultat", "result", ""),
    )
    for number, (name, role, account_class) in enumerate(lines, start=1):
        what = {"line_number": number, "line_name": name, "line_role": role, "account_class": account_class}
        yield {**mine, **what, "scale": 1, "report_part": 1}


def _controls(mine: Row, made: Shape, posted: BoardYear, net: Net) -> Iterator[Row]:
    investments = Net.of(posted.slots, is_project=True)
    totals: list[tuple[str, str, object, int]] = [
        ("fct_activity_variance", "codes", len(made.activities), 2),
        ("fct_activity_variance", "actual_net", kronor(net.actual), 2),
        ("fct_activity_variance", "budget_net", kronor(net.budget), 2),
    ]
    if made.projects:
        totals += [
            ("fct_investment_variance", "projects", made.projects, 4),
            ("fct_investment_variance", "actual", kronor(investments.actual), 4),
            ("fct_investment_variance", "budget", kronor(investments.budget), 4),
        ]
    for model, name, value, part in totals:
        what = {"model_name": model, "total_name": name, "value": value, "scale": 1, "basis": "recomputed"}
        yield {**mine, **what, "report_part": part}


def _printed(document: str, made: Shape, posted: BoardYear, net: Net) -> Iterator[Row]:
    code = made.activities[0][0]
    first = Net.of([slot for slot in posted.slots if slot.activity == code])
    figures = [
        ("Summa, utfall", "operating/total/actual", net.actual),
        ("Summa, budget", "operating/total/budget", net.budget),
        ("Summa, avvikelse", "operating/total/variance", net.actual - net.budget),
        ("Resultat, utfall", "result/result/actual", net.actual),
        (f"Verksamhet {code}, utfall", f"operating/{code}/actual", first.actual),
    ]
    for number, (place, key, ore) in enumerate(figures, start=1):
        yield {
            "document_id": document,
            "printed_number": number,
            "section": "Driftredovisning",
            "place": place,
            "printed": in_tkr(ore),
            "unit": "sek",
            "scale": 1000,
            "sign": 1,
            "decimals": 0,
            "qualifier": "exact",
            "figure_key": key,
            "report_part": 2,
        }


def in_tkr(ore: int) -> str:
    """Öre as tkr in print, half away from zero: -1 234."""
    size = (abs(ore) + 50_000) // 100_000
    return ("-" if ore < 0 and size else "") + f"{size:,}".replace(",", " ")


def _codes_over(posted: BoardYear, limit: int) -> list[str]:
    over: dict[str, int] = {}
    for slot in posted.slots:
        if slot.activity:
            over[slot.activity] = over.get(slot.activity, 0) + (slot.actual or 0) - (slot.budget or 0)
    return [code for code, ore in over.items() if abs(ore) >= limit]


def _projects_over(posted: BoardYear) -> list[str]:
    return [slot.project for slot in posted.slots if slot.project and (slot.actual or 0) > (slot.budget or 0)]


def _comments(mine: Row, column: str, codes: Sequence[str], part: int) -> Iterator[Row]:
    for number, code in enumerate(codes, start=1):
        yield {**mine, "analysis_number": number, column: code, "comment": CAUSE, "report_part": part}
