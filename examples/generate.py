"""Make the example municipality: received files, lists, and the totals that the warehouse must come to.

    python -m examples.generate --output build/example

The same seed gives the same bytes. The folder is written afresh each time; imported data and a built warehouse that lie
beside the received files are left alone.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from bokslut.intake.described import read_described
from examples import files
from examples.ledger import Voucher, vouchers
from examples.lists import seed_files
from examples.municipality import BOARDS, YEARS, Board
from examples.plans import FORECAST, ORIGINAL, REVISED, Row, plans
from examples.totals import Totals, together, total

SEED = 1
RECEIVED, SEEDS = "received", "seeds"
Ledgers = Mapping[int, tuple[Voucher, ...]]
Plans = Mapping[tuple[int, str], tuple[Row, ...]]


def example(seed: int, reference: Path, glossary: Path) -> dict[str, bytes]:
    """Path below the output -> bytes, of the whole example."""
    ledgers = {board.board_id: {year: vouchers(board, year, seed) for year in YEARS} for board in BOARDS}
    planned = {board.board_id: plans(board, seed) for board in BOARDS}
    totals = together(total(board, ledgers[board.board_id], planned[board.board_id]) for board in BOARDS)
    made = {"totals.json": totals.as_json().encode(), "totals.csv": totals.as_csv().encode()}
    lists = seed_files(read_described(reference, glossary), planned, totals)
    made |= {f"{SEEDS}/{path}": content for path, content in lists.items()}
    for board in BOARDS:
        for name, content in _received(board, ledgers[board.board_id], planned[board.board_id], totals):
            made[f"{RECEIVED}/{name}"] = content
    return made


def write(output: Path, made: Mapping[str, bytes]) -> None:
    """Write the example; what an earlier run wrote is removed first."""
    for name in (RECEIVED, SEEDS):
        shutil.rmtree(output / name, ignore_errors=True)
    for name, content in made.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _received(board: Board, ledgers: Ledgers, planned: Plans, totals: Totals) -> Iterator[tuple[str, bytes]]:
    for year in YEARS:
        place = f"{board.board_id}-{year}"
        balances = files.opening([ledgers[earlier] for earlier in YEARS if earlier < year])
        own = [each for each in totals.projects if (each.board_id, each.fiscal_year) == (board.board_id, year)]
        yield f"ledger-{place}.se", files.sie(board, year, ledgers[year], balances)
        yield f"ledger-{place}.xlsx", files.ledger_workbook(board, year, ledgers[year])
        for version in (ORIGINAL, REVISED):
            yield f"budget-{place}-{version}.xlsx", files.budget_workbook(board, year, version, planned[year, version])
        yield f"forecast-{place}.csv", files.forecast_csv(planned[year, FORECAST])
        yield f"goals-{place}.csv", files.goals_csv(board, year)
        yield f"projects-{place}.csv", files.projects_csv(board, year, own)


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Make the files of a fictional municipality.")
    parser.add_argument("--output", type=Path, default=Path("build/example"), help="where to (build/example)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed draws other vouchers (1)")
    arguments = parser.parse_args()
    made = example(arguments.seed, Path("seeds/reference"), Path("models/glossary.md"))
    write(arguments.output, made)
    print(f"{arguments.output}: {len(made)} files")


if __name__ == "__main__":
    main()
