"""Where a figure comes from: the rows of its thing and year and no others, and never what could point at a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bokslut.report.errors import LineageError
from bokslut.report.figures import Figure, Figures
from bokslut.report.trace import Guard, Lineage, Trace, Traces, read_lineage
from project import DATABASE, Project

Node = dict[str, Any]
OWNER = ["organisation_id", "board_id"]
YEAR = [*OWNER, "fiscal_year"]

SEEDS: Mapping[str, str] = {
    "activity_codes": """
organisation_id,board_id,fiscal_year,activity_code,activity_name
1,KS,2024,45,Gymnasiet
1,KS,2024,4,Skola
1,KS,2023,45,Gymnasieskolan
2,KS,2024,45,En annan kommuns
""",
    "operating_entries": """
organisation_id,board_id,fiscal_year,scenario,activity_code,account_class,amount,comment
1,KS,2024,actual,45,,-100,"en cell
på två rader"
1,KS,2024,budget,45,,-90,
1,KS,2024,actual,45,personnel,-60,
1,KS,2024,actual,4,,45,
1,KS,2024,actual,,personnel,-70,
1,KS,2023,actual,45,,-80,
1,KS,2025,actual,45,,-110,
1,BN,2024,actual,45,,-1,
2,KS,2024,actual,45,,-2,
""",
    "projects": """
organisation_id,board_id,fiscal_year,project_id,project_name,parent_project_id
1,KS,2024,plan,Planen,
1,KS,2024,plan/tak,Taket,plan
1,KS,2024,plan/tak/norr,Taket i norr,plan/tak
1,KS,2024,hall,Hallen,
""",
    "project_amounts": """
organisation_id,board_id,fiscal_year,project_id,amount
1,KS,2024,plan,-9
1,KS,2024,plan/tak,-5
1,KS,2024,plan/tak/norr,-3
1,KS,2024,hall,-7
""",
    "goals": """
organisation_id,board_id,fiscal_year,goal_id,goal_name
1,KS,2024,health,Frisk
1,KS,2024,work,Arbete
""",
    "measures": """
organisation_id,board_id,fiscal_year,measure_id,goal_id
1,KS,2024,leave,health
1,KS,2024,jobs,work
""",
    "outcomes": """
organisation_id,board_id,fiscal_year,measure_id,value
1,KS,2024,leave,2
1,KS,2024,jobs,3
""",
    "result_lines": """
organisation_id,board_id,fiscal_year,line_number,line_name,line_role,amount
1,KS,2024,1,Intäkter,revenue,10
1,KS,2024,2,Kostnader,cost,-11
""",
    "accounts": "account,account_class\n5010,personnel\n",
    "control_totals": "organisation_id,board_id,fiscal_year,activity_code,total\n1,KS,2024,45,-100\n",
}
FOLDERS = {"accounts": "reference", "control_totals": "board/control"}
KINDS = {"line_role": "enum", "activity_code": "id", "project_id": "id", "goal_id": "id", "measure_id": "id"}


def seed(name: str) -> Node:
    header = SEEDS[name].strip().splitlines()[0].split(",")
    folder = FOLDERS.get(name, "board")
    return {
        "resource_type": "seed",
        "unique_id": f"seed.p.{name}",
        "name": name,
        "fqn": ["p", *folder.split("/")[1:], name],
        "original_file_path": f"seeds/{folder}/{name}.csv",
        "columns": {column: {"config": {"meta": {"kind": KINDS.get(column, "text")}}} for column in header},
        "depends_on": {"macros": []},
    }


def model(name: str, layer: str, reads: Iterable[str], key: Sequence[str] = (), columns: Sequence[str] = ()) -> Node:
    return {
        "resource_type": "model",
        "unique_id": f"model.p.{name}",
        "name": name,
        "fqn": ["p", layer, name],
        "original_file_path": f"models/{layer}/{name}.sql",
        "description": f"What {name} is.",
        "raw_code": f"select * from {name}",
        "columns": {column: {"description": f"What {column} is."} for column in columns},
        "constraints": [{"type": "primary_key", "columns": list(key)}] if key else [],
        "depends_on": {"nodes": list(reads)},
    }


def data_test(name: str, on: str | None, kind: str | None, reads: Sequence[str] = (), **arguments: Any) -> Node:
    return {
        "resource_type": "test",
        "unique_id": f"test.p.{name}",
        "name": name,
        "attached_node": on,
        "description": "",
        "test_metadata": {"name": kind, "kwargs": arguments} if kind else None,
        "depends_on": {"nodes": list(reads)},
    }


def reference(name: str, columns: list[str], to: str, **more: Any) -> Node:
    given = {"columns": columns, "to": to, **more}
    return data_test(f"{name}_{to}_exist", f"seed.p.{name}", "references_exist", references=[given])


def nodes() -> list[Node]:
    staged = {name: model(f"stg_{name}", "staging", [f"seed.p.{name}"]) for name in SEEDS}
    marts = {
        "fct_activity": (
            "activity_code",
            ["activity_codes", "operating_entries", "accounts", "control_totals", "goals"],
        ),
        "fct_project": ("project_id", ["projects", "project_amounts"]),
        "fct_goal": ("goal_id", ["goals", "measures", "outcomes"]),
        "fct_result": ("line_number", ["result_lines"]),
    }
    posted = model("int_posted", "intermediate", ["source.p.ledger.postings"])
    return [
        *(seed(name) for name in SEEDS),
        *staged.values(),
        posted,
        *(
            model(
                name,
                "marts",
                [
                    *(f"model.p.stg_{each}" for each in read),
                    *(["model.p.int_posted"] if key == "activity_code" else []),
                ],
                [*YEAR, key],
                [key, "net_sek"],
            )
            for name, (key, read) in marts.items()
        ),
        reference("projects", [*YEAR, "parent_project_id"], "projects", to_columns=[*YEAR, "project_id"]),
        reference("project_amounts", [*YEAR, "project_id"], "projects"),
        reference("measures", [*YEAR, "goal_id"], "goals"),
        reference("outcomes", [*YEAR, "measure_id"], "measures"),
        reference("goals", OWNER, "boards"),
        data_test(
            "fct_activity__claims",
            "model.p.fct_activity",
            "row_claims",
            key=["activity_code"],
            claims={"net_is_known": "net_sek is not null"},
            not_empty_with=["operating_entries"],
        ),
        data_test("fct_activity__totals", "model.p.fct_activity", "control_totals", totals={"net": "sum(net_sek)"}),
        data_test("assert_nothing_is_lost", None, None, ["model.p.fct_activity", "model.p.int_posted"]),
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    for name, text in SEEDS.items():
        path = root / "seeds" / FOLDERS.get(name, "board") / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    manifest = {"nodes": {node["unique_id"]: node for node in nodes()}}
    (root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return root


def figures(*given: Figure) -> Figures:
    return Figures({(figure.key, figure.fiscal_year): figure for figure in given}, frozenset(), frozenset())


def trace(root: Path, key: str, mart: str, year: int = 2024) -> Trace:
    lineage = read_lineage(root / "manifest.json", root)
    found = lineage.traces("1", "KS", 2024, figures(Figure(key, year, Decimal(1), "sek", mart, "net_sek")))
    return found.by_key[key, year]


def lines(trace: Trace, *, earlier: bool = False) -> dict[str, list[int]]:
    """The lines shown of each file, by its name."""
    found = {
        Path(seed.file).stem: [row.line for row in (seed.earlier if earlier else seed.rows)]
        for seed in trace.basis.seeds
    }
    return {name: rows for name, rows in found.items() if rows}


def test_a_figure_shows_the_rows_of_its_thing_board_and_year(root: Path) -> None:
    found = trace(root, "operating/45/variance", "fct_activity")
    # the first row takes two lines of the file; 4 is another code, whose amount happens to be 45
    assert lines(found) == {"activity_codes": [2], "operating_entries": [2, 4]}
    assert lines(found, earlier=True) == {"activity_codes": [4], "operating_entries": [8]}
    assert not found.basis.is_whole
    assert found.basis.names == ("Gymnasiet",)
    (_, entries) = found.basis.seeds
    assert entries.file == "seeds/board/operating_entries.csv"
    assert entries.rows[0].cells[4:] == ("45", "", "-100", "en cell\npå två rader")


def test_no_row_tells_what_a_code_cost_by_account(root: Path) -> None:
    single, whole = (trace(root, f"operating/{thing}/actual", "fct_activity") for thing in ("45", "total"))
    assert single.basis.left_out == whole.basis.left_out == 1
    for found in (single, whole):
        for each in found.basis.seeds:
            if "account_class" in each.columns:
                code, account = each.columns.index("activity_code"), each.columns.index("account_class")
                assert not [row for row in (*each.rows, *each.earlier) if row.cells[code] and row.cells[account]]
    # of the whole board, personnel is told
    assert 7 in lines(whole)["operating_entries"]


def test_a_total_shows_all_rows_of_the_board_and_year(root: Path) -> None:
    found = trace(root, "operating/total/variance", "fct_activity")
    assert found.basis.is_whole
    assert lines(found) == {"activity_codes": [2, 3], "operating_entries": [2, 4, 6, 7]}
    assert found.basis.names == ("",)


def test_a_thing_is_not_one_whose_name_it_begins_with(root: Path) -> None:
    assert trace(root, "operating/456/variance", "fct_activity").basis.names == ("",)


def test_a_project_shows_its_parts_and_not_its_siblings(root: Path) -> None:
    whole = trace(root, "project/plan/forecast", "fct_project")
    part = trace(root, "project/plan/tak/forecast", "fct_project")
    assert lines(whole) == {"project_amounts": [2, 3, 4], "projects": [2, 3, 4]}
    assert lines(part) == {"project_amounts": [3, 4], "projects": [3, 4]}
    assert (whole.basis.names, part.basis.names) == (("Planen",), ("Taket",))


def test_rows_that_hang_on_the_thing_are_shown(root: Path) -> None:
    found = trace(root, "goal/health/met_count", "fct_goal")
    assert lines(found) == {"goals": [2], "measures": [2], "outcomes": [2]}


def test_a_word_that_rows_are_called_by_narrows_them(root: Path) -> None:
    found = trace(root, "result/revenue/actual", "fct_result")
    assert lines(found) == {"result_lines": [2]}
    assert found.basis.names == ("Intäkter",)
    assert lines(trace(root, "result/net/actual", "fct_result")) == {"result_lines": [2, 3]}


def test_reference_data_and_the_control_folder_are_no_rows(root: Path) -> None:
    found = trace(root, "operating/total/variance", "fct_activity")
    files = {each.file for each in found.basis.seeds} | set(found.basis.unlisted)
    assert not [file for file in files if "reference" in file or "control" in file]
    # a file that the mart reads too, and that knows no activity codes
    assert found.basis.unlisted == ("seeds/board/goals.csv",)


def test_a_mart_tells_its_sql_its_tests_and_whether_postings_are_read(root: Path) -> None:
    activity, project = (trace(root, key, mart).mart for key, mart in (
        ("operating/45/net", "fct_activity"), ("project/hall/net", "fct_project")
    ))  # fmt: skip
    assert [each.name for each in project.models] == ["fct_project", "stg_projects", "stg_project_amounts"]
    assert project.models[0].sql == "select * from fct_project"
    assert project.models[0].file == "models/marts/fct_project.sql"
    assert project.columns["net_sek"] == "What net_sek is."
    assert (activity.has_postings, project.has_postings) == (True, False)
    assert activity.guards == (
        Guard("assert_nothing_is_lost", "", ""),
        Guard("fct_activity__claims", "is_not_empty_where_operating_entries_is_not", ""),
        Guard("fct_activity__claims", "key_is_unique", "activity_code"),
        Guard("fct_activity__claims", "net_is_known", "net_sek is not null"),
        Guard("fct_activity__totals", "net", "sum(net_sek)"),
    )
    assert not project.guards


def test_the_tests_of_each_mart_are_told_for_the_control_page(root: Path) -> None:
    tests = read_lineage(root / "manifest.json", root).tests
    assert tests["fct_activity"][0] == ("assert_nothing_is_lost", "nothing is lost")
    assert ("fct_activity__claims: net_is_known", "net_sek is not null") in tests["fct_activity"]


def test_figures_of_one_thing_share_their_basis(root: Path) -> None:
    lineage = read_lineage(root / "manifest.json", root)
    both = figures(
        *(
            Figure(f"operating/45/{name}", 2024, Decimal(1), "sek", "fct_activity", name)
            for name in ("actual", "budget")
        )
    )
    one, other = lineage.traces("1", "KS", 2024, both).by_key.values()
    assert one.basis is other.basis


def test_what_is_missing_is_told(root: Path, tmp_path: Path) -> None:
    with pytest.raises(LineageError, match="no manifest of a build here"):
        read_lineage(tmp_path / "manifest.json", tmp_path)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LineageError, match="no manifest of a build here"):
        read_lineage(tmp_path / "manifest.json", tmp_path)
    with pytest.raises(LineageError, match=r"fct_unknown, which the manifest lacks"):
        trace(root, "operating/45/net", "fct_unknown")
    content = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    with pytest.raises(LineageError, match=r"seeds/board/.*\.csv: cannot be read"):
        Lineage(content, tmp_path).traces(
            "1", "KS", 2024, figures(Figure("goal/health/net", 2024, Decimal(1), "sek", "fct_goal", "net_sek"))
        )


# ------------------------------------------------------------------------------------------------ the project itself


@pytest.fixture(scope="module")
def built_traces(built: Project) -> Traces:
    lineage = read_lineage(built.path / "target" / "manifest.json", built.path)
    with duckdb.connect(str(built.path / DATABASE), read_only=True) as connection:
        return lineage.traces("1882", "KS", 2024, Figures.read(connection, "1882", "KS"))


def test_every_figure_of_the_project_has_rows_columns_and_tests(built_traces: Traces) -> None:
    assert len(built_traces.by_key) > 400
    for at, each in built_traces.by_key.items():
        assert each.basis.seeds, at
        assert each.mart.guards, at
        assert each.mart.models[0].name == each.figure.mart


def test_the_variance_of_one_code_rests_on_its_own_rows_alone(built_traces: Traces) -> None:
    found = built_traces.by_key["operating/45/variance", 2024]
    assert {Path(each.file).stem for each in found.basis.seeds} >= {"activity_codes", "operating_entries"}
    for each in found.basis.seeds:
        code = each.columns.index("activity_code")
        assert {row.cells[code] for row in (*each.rows, *each.earlier)} == {"45"}, each.file


def test_only_a_project_of_its_own_has_the_rows_of_its_parts(built_traces: Traces) -> None:
    plan = built_traces.by_key["investment/reinvesteringsplan/actual", 2024]
    part = built_traces.by_key["investment/radhuset-hiss/actual", 2024]
    assert len(lines(plan)["projects"]) > 1
    assert len(lines(part)["projects"]) == 1


def test_no_figure_of_the_project_shows_a_code_by_account_or_a_posting(built_traces: Traces) -> None:
    for at, each in built_traces.by_key.items():
        for rows in each.basis.seeds:
            assert rows.file.startswith("seeds/board/"), at
            assert "/control/" not in rows.file, at
            assert not {"voucher", "series"} & set(rows.columns), at
