"""Six profiles for six differently shaped sheets, each read to the öre against its own subtotals."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets.apply import Applied, Context, apply_profile
from bokslut.intake.sheets.files import load_cells
from bokslut.intake.sheets.profile import Profile, read_profile
from six_sheets import MAKERS, Sheet

PROFILES = Path(__file__).parents[2] / "examples" / "profiles"
AMOUNTS = ("actual", "budget", "cost_to_date", "total_forecast", "total_budget")


def read(sheet: Sheet, profile: Profile, connection: duckdb.DuckDBPyConnection) -> Applied:
    cells = load_cells(sheet.path, connection, profile.file)
    return apply_profile(cells, profile, connection, Context(2024))


def test_every_profile_of_the_examples_has_a_sheet() -> None:
    assert {path.stem for path in PROFILES.glob("*.yml")} == set(MAKERS)


@pytest.mark.parametrize("name", MAKERS)
def test_a_sheet_is_read_to_the_ore_against_its_own_subtotals(name: str, tmp_path: Path) -> None:
    sheet = MAKERS[name](tmp_path, False)
    connection = duckdb.connect()
    profile = read_profile(PROFILES / f"{name}.yml")
    applied = read(sheet, profile, connection)
    table = "postings_read"
    if profile.kind == "projects":
        table = f"(unpivot records_read on {', '.join(AMOUNTS)} into name name value amount)"
    rows = connection.execute(f"select {', '.join(sheet.columns)}, amount from {table}").fetchall()
    assert len(rows) == len(sheet.expected)
    assert {tuple(key): int(amount * 100) for *key, amount in rows} == sheet.expected
    assert applied.totals_checked == sheet.totals
    assert connection.execute(f"select sum(amount) * 100 from {table}").fetchall() == [(sum(sheet.expected.values()),)]


@pytest.mark.parametrize("name", MAKERS)
def test_a_subtotal_changed_by_one_krona_is_refused(name: str, tmp_path: Path) -> None:
    sheet = MAKERS[name](tmp_path, True)
    with pytest.raises(RefusedError) as refused:
        read(sheet, read_profile(PROFILES / f"{name}.yml"), duckdb.connect())
    (finding,) = refused.value.findings
    assert (finding.line, finding.file) == (sheet.wrong_line, sheet.path)
    assert finding.what.endswith("a difference of 1.00")
