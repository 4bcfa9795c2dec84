"""Goal outcomes and projects are written into the board's lists: what the file says, and nothing else is touched."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from import_desk import Desk

GOALS = """
profile: planning system
kind: goals
columns: {measure_id: Mått, target: Målvärde, outcome_value: Utfall, status: Status}
decimal: ","
"""
PROJECTS = """
profile: project list
kind: projects
columns: {project_id: Nr, project_name: Namn, status: Status, budget: Budget, actual: Utfall, total_budget: Total}
unit: tkr
sign: cost_positive
empty_amounts: no_posting
decimal: ","
"""
OUTCOMES = """Mått;Målvärde;Utfall;Status
Sjukfrånvaro;< 5,00 %;2,12 %;Uppfyllt
hme;80 eller högre;77;Ej uppfyllt
"""
LIST = """Nr;Namn;Status;Budget;Utfall;Total
vag;Ny väg;Pågående;300;251,5;1000
4512;Bro över ån;Ej påbörjat;10;0;
"""
MEASURES = """
9999,TN,2024,sick-leave,staff,1,Sjukfrånvaro,percent,lower,2,8
9999,TN,2024,hme,staff,2,HME-index,index,higher,0,8
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("goals.yml", GOALS)
    desk.write("projects.yml", PROJECTS)
    desk.add("goal_areas", "9999,TN,2024,staff-area,1,Personal,8")
    desk.add("goals", "9999,TN,2024,staff,1,staff-area,Friska medarbetare,God arbetsgivare,Enkät,HR,8")
    desk.add("measures", MEASURES)
    return desk


def bring(desk: Desk, kind: str, text: str, *arguments: str) -> tuple[int, str]:
    file = desk.write(f"{kind}.csv", text)
    result = desk.bring_in(str(file), "--profile", str(desk.path / f"{kind}.yml"), "--year", "2024", *arguments)
    return result.exit_code, result.output


def test_goal_outcomes_become_outcomes_and_targets(desk: Desk) -> None:
    code, output = bring(desk, "goals", OUTCOMES)
    assert code == 0, output
    outcomes = [
        (row["measure_id"], row["outcome_value"], row["stated_status"]) for row in desk.rows("measure_outcomes")
    ]
    targets = [(row["measure_id"], row["comparator"], row["target_value"]) for row in desk.rows("measure_targets")]
    assert outcomes == [("sick-leave", "2.12", "met"), ("hme", "77", "not_met")]
    assert targets == [("sick-leave", "below", "5.00"), ("hme", "at_least", "80")]
    assert "measure_outcomes.csv: 2 rows added" in output
    assert desk.run("check").exit_code == 0


def test_a_measure_without_a_target_gets_none(desk: Desk) -> None:
    code, output = bring(desk, "goals", OUTCOMES.replace("80 eller högre", ""))
    assert code == 0, output
    assert [row["measure_id"] for row in desk.rows("measure_targets")] == ["sick-leave"]


def test_an_unknown_measure_is_refused_with_its_line(desk: Desk) -> None:
    before = desk.files("seeds")
    code, output = bring(desk, "goals", OUTCOMES.replace("hme;", "nöjdhet;"))
    assert code == 1
    assert "goals.csv:3: column measure_id: 'nöjdhet' a measure that the board does not have in 2024" in output
    assert desk.files("seeds") == before


def test_projects_become_projects_amounts_and_totals_in_kronor(desk: Desk) -> None:
    code, output = bring(desk, "projects", LIST)
    assert code == 0, output
    projects = [
        (row["project_id"], row["project_name"], row["list_number"], row["status"]) for row in desk.rows("projects")
    ]
    amounts = [
        (row["project_id"], row["scenario"], row["amount"], row["scale"]) for row in desk.rows("project_amounts")
    ]
    totals = [(row["project_id"], row["total_budget"]) for row in desk.rows("project_totals")]
    assert projects == [("vag", "Ny väg", "1", "ongoing"), ("4512", "Bro över ån", "2", "not_started")]
    assert amounts == [
        ("vag", "actual", "-251500.00", "1"),
        ("vag", "budget", "-300000.00", "1"),
        ("4512", "actual", "0.00", "1"),
        ("4512", "budget", "-10000.00", "1"),
    ]
    assert totals == [("vag", "-1000000.00")]
    assert desk.run("check").exit_code == 0


def test_the_same_list_twice_changes_nothing(desk: Desk) -> None:
    bring(desk, "projects", LIST)
    before = desk.files("seeds")
    code, output = bring(desk, "projects", LIST)
    assert code == 0
    assert "imported already, nothing changed" in output
    assert desk.files("seeds") == before


def test_another_value_asks_for_replace_and_leaves_what_the_file_does_not_give(desk: Desk) -> None:
    bring(desk, "goals", OUTCOMES)
    path = desk.list_path("measure_outcomes")
    path.write_text(path.read_text(encoding="utf-8").replace("hme,77,,,,", "hme,77,,,7,9"), encoding="utf-8")
    changed = OUTCOMES.replace("hme;80 eller högre;77", "hme;80 eller högre;78")
    code, output = bring(desk, "goals", changed)
    assert code == 1
    assert "goals.csv:3: column outcome_value: '78'" in output
    assert "has 77 for 9999/TN/2024/hme - say --replace" in output
    code, output = bring(desk, "goals", changed, "--replace")
    assert code == 0, output
    (row,) = [row for row in desk.rows("measure_outcomes") if row["measure_id"] == "hme"]
    assert (row["outcome_value"], row["numerator"], row["denominator"]) == ("78", "7", "9")


def test_a_list_that_the_gate_would_refuse_is_put_back(desk: Desk) -> None:
    before = desk.files("seeds")
    code, output = bring(desk, "projects", LIST.replace("4512;", "45 12 å;"))
    assert code == 1, output
    assert "45 12 å" in output
    assert "projects.csv:3:" in output
    assert desk.files("seeds") == before


def test_the_year_must_be_said(desk: Desk) -> None:
    file = desk.write("goals.csv", OUTCOMES)
    result = desk.bring_in(str(file), "--profile", str(desk.path / "goals.yml"))
    assert result.exit_code == 1
    assert "say --year" in result.output


def test_a_row_in_thousands_stays_in_thousands(desk: Desk) -> None:
    desk.add("project_totals", "9999,TN,2024,vag,-4000,-6000,-5000,1000,6")
    totals = "profile: p\nkind: projects\ncolumns: {project_id: Nr, project_name: Namn, cost_to_date: Hittills}\n"
    desk.write("projects.yml", totals + "unit: kronor\nsign: cost_positive\ndecimal: ','\n")
    code, output = bring(desk, "projects", "Nr;Namn;Hittills\nvag;Ny väg;4 000 000\n")
    assert code == 0, output
    code, output = bring(desk, "projects", "Nr;Namn;Hittills\nvag;Ny väg;4 500 000\n", "--replace")
    assert code == 0, output
    (row,) = desk.rows("project_totals")
    cells = (Decimal(row["cost_to_date"]), row["total_forecast"], row["total_budget"], row["scale"])
    assert cells == (Decimal(-4500), "-6000", "-5000", "1000")


def test_a_measure_named_twice_is_refused(desk: Desk) -> None:
    code, output = bring(desk, "goals", OUTCOMES + "HME-index;;78;\n")
    assert code == 1
    assert "goals.csv:4: 9999/TN/2024/hme stands on line 3 of goals.csv too" in output


def test_a_project_that_lost_its_zeros_is_refused(desk: Desk) -> None:
    desk.add("projects", "9999,TN,2024,0451,Bro,2,,ongoing,2024,4")
    code, output = bring(desk, "projects", LIST.replace("4512;", "451;"))
    assert code == 1
    assert "projects.csv:3: column project_id: '451' is 0451 but for its zeros" in output


def test_what_the_gate_refuses_in_a_list_is_told_of_the_received_file(desk: Desk) -> None:
    before = desk.files("seeds")
    code, output = bring(desk, "projects", LIST.replace("Bro över ån", "Bro 811218-9876"))
    assert code == 1
    assert f"{desk.path}/projects.csv:3:" in output
    assert "(for projects.csv)" in output
    assert "811218" not in output
    assert desk.files("seeds") == before
