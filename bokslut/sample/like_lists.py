"""The lists of a sample that is like a board: the board's own, with what postings change about them.

Stated amounts stay, as controls that the postings must agree with. What changes is what was worked out of stated
amounts alone: a code whose net was printed alone gets a split, a printed net that its split missed by rounding is
nothing of its own any more, and so a total that was recomputed from them is recomputed from the postings' own totals.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from bokslut.intake.known import Row, rows_of
from bokslut.sample.like import PRIOR, SCENARIOS, Fitted, Stated
from bokslut.sample.lists import Lists
from bokslut.sample.sums import kronor
from bokslut.telling import UsageError

# a net is the sum of its split wherever postings are the source
NEVER_POSTED = "components_miss_total/operating/"
Control = tuple[str, str, str]  # model, row key, name of the total


def copy_lists(board: Path, folder: Path) -> None:
    """Put the lists of the board in the place of those that create_folder made."""
    for target in sorted(folder.rglob("*.csv")):
        for source in sorted(board.rglob(target.name))[:1]:
            shutil.copyfile(source, target)


def refuse_codes(lists: Path, codes: Sequence[str]) -> None:
    """Raise UsageError where a fictional municipality would have the code of one in the lists."""
    for row in rows_of([lists], "organisations"):
        if row["organisation_id"] in codes:
            raise UsageError(f"--municipalities: the lists have {row['organisation_id']} already: ask for fewer")


def adjust(folder: Path, stated: Stated, fitted: Fitted) -> None:
    """Change the copied lists of the board and year, and add the year before where it is posted."""
    organisation, board, year = stated.owner
    mine = {"organisation_id": organisation, "board_id": board, "fiscal_year": str(year)}
    known = dict(_controls(stated, fitted))
    _rewrite(folder, "control_totals", lambda row: _controlled(row, known) if _is_of(row, mine) else row)
    posted = tuple(f"/{scenario}" for scenario in SCENARIOS if fitted.codes[scenario])

    def is_gone(contradiction: str) -> bool:
        return contradiction.startswith(NEVER_POSTED) and contradiction.endswith(posted)

    def declared(row: Row) -> Row | None:
        return None if _is_of(row, mine) and is_gone(row["contradiction_id"]) else row

    _rewrite(folder, "declared_contradictions", declared)
    documents = {row["document_id"] for row in rows_of([folder], "documents") if _is_of(row, mine)}

    def printed(row: Row) -> Row:
        is_bound = row["document_id"] in documents and is_gone(row["contradiction_id"])
        return {**row, "contradiction_id": ""} if is_bound else row

    _rewrite(folder, "printed_figures", printed)
    if fitted.prior_slots:
        before = mine | {"fiscal_year": str(year - 1)}
        codes = [row for row in rows_of([folder], "activity_codes") if _is_of(row, mine)]
        lists = Lists(folder)
        lists.add("activity_codes", [{**row, **before} for row in codes])
        unknown = {"prior_actual": "", "actual": "", "budget": ""}
        lists.add("result_lines", [{**row, **before, **unknown} for row in stated.lines])


def _controls(stated: Stated, fitted: Fitted) -> Iterator[tuple[Control, int]]:
    """What the postings add up to, öre, income positive: each total that a list can hold them to."""
    model = "fct_activity_variance"
    nets: dict[str, dict[str, int]] = {}
    for scenario in SCENARIOS:
        codes = fitted.codes[scenario]
        if not codes:
            continue
        nets[scenario] = {code.code: code.net_ore for code in codes}
        for name, values in (
            ("net", nets[scenario]),
            ("revenue", {code.code: code.revenue_ore for code in codes}),
            ("cost", {code.code: code.cost_ore for code in codes}),
        ):
            yield (model, "", f"{scenario}_{name}"), sum(values.values())
            for code, ore in values.items():
                yield (model, code, f"{scenario}_{name}"), ore
        # with postings no code is without a split
        for name in ("unsplit_revenue", "unsplit_cost", "unsplit_net", "rounding"):
            yield ("int_control__unsplit_codes", scenario, name), 0
    if len(nets) == len(SCENARIOS):
        variances = {code: nets["actual"].get(code, 0) - nets["budget"].get(code, 0) for code in nets["actual"]}
        yield (model, "", "variance_net"), sum(nets["actual"].values()) - sum(nets["budget"].values())
        for code, ore in variances.items():
            yield (model, code, "variance_net"), ore
    yield from _line_controls(stated, fitted)


def _line_controls(stated: Stated, fitted: Fitted) -> Iterator[tuple[Control, int]]:
    model = "fct_income_statement"
    found: dict[tuple[str, str], int] = {}
    for row in stated.lines:
        for column in (*SCENARIOS, PRIOR):
            codes = fitted.codes[column]
            if not codes:
                continue
            sums = {
                "revenue": sum(code.revenue_ore for code in codes),
                "cost": sum(code.cost_ore for code in codes),
                "result": sum(code.net_ore for code in codes),
            }
            if row["line_role"] in sums:
                found[row["line_number"], column] = sums[row["line_role"]]
    for (line, column), ore in found.items():
        yield (model, line, column), ore
        if column == "actual" and (line, "budget") in found:
            yield (model, line, "variance"), ore - found[line, "budget"]


def _controlled(row: Row, known: Mapping[Control, int]) -> Row:
    ore = known.get((row["model_name"], row["row_key"], row["total_name"]))
    if ore is None or Decimal(row["value"]) * Decimal(row["scale"]) * 100 == ore:
        return row
    return {**row, "value": kronor(ore), "scale": "1", "basis": "recomputed"}


def _is_of(row: Row, mine: Row) -> bool:
    return all(row[name] == value for name, value in mine.items())


def _rewrite(folder: Path, name: str, change: Callable[[Row], Row | None]) -> None:
    (path,) = folder.rglob(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        columns, rows = list(reader.fieldnames or ()), [change(row) for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row is not None)
