"""bokslut prove and bokslut bind as a user runs them: exit codes, outputs, sidecars, wrong input told in one line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from bokslut.cli import app
from bokslut.proof.bindings import COLUMNS
from bokslut.proof.show import FINDING_COLUMNS
from test_proof_reader import pdf_bytes

REPOSITORY = Path(__file__).resolve().parents[2]
MARTS = """
create schema marts;
create table marts.dim_document as
    select 'a-2024' as document_id, '9999' as organisation_id, 'KS' as board_id, 2024 as fiscal_year,
        'Årsredovisning [2024]' as document_title;
create table marts.fct_figure (
    organisation_id varchar, board_id varchar, fiscal_year integer, figure_key varchar, value decimal(28, 6),
    unit varchar, mart_name varchar, column_name varchar
);
insert into marts.fct_figure values
    ('9999', 'KS', 2024, 'operating/10/actual', -3022000, 'sek', 'm', 'c'),
    ('9999', 'KS', 2024, 'operating/10/budget', -3184000, 'sek', 'm', 'c'),
    ('9999', 'KS', 2024, 'operating/10/variance', 162000, 'sek', 'm', 'c'),
    ('9999', 'KS', 2024, 'project/bron/forecast_variance', -1566000, 'sek', 'm', 'c'),
    ('9999', 'KS', 2023, 'indicator/fibre/kommunen', 69, 'percent', 'm', 'c');
create table marts.dim_activity as
    select '9999' as organisation_id, 'KS' as board_id, '10' as activity_code, 'Nämnder' as activity_name;
create table marts.dim_exemption_rule as
    select 'year' as rule_id, '(?P<n>20[0-9]{2})' as pattern, 'A year' as reason
    union all select 'code', '(?m)^(?P<n>[0-9]{2}) [A-Z]', 'A code';
create table marts.fct_contradiction as
    select '9999' as organisation_id, 'KS' as board_id, 2024 as fiscal_year, 'lost-sign' as contradiction_id,
        'the sign is lost' as reason, true as is_declared;
create table marts.dim_printed_figure (
    printed_id varchar, document_id varchar, organisation_id varchar, board_id varchar, fiscal_year integer,
    document_fiscal_year integer, printed_number integer, section varchar, place varchar, printed varchar, unit varchar,
    scale integer, sign integer, decimals integer, qualifier varchar, figure_key varchar,
    allowed_difference decimal(28, 6), exemption varchar, contradiction_id varchar, printed_value decimal(28, 6)
);
insert into marts.dim_printed_figure
select 'a-2024/' || number, 'a-2024', '9999', 'KS', fiscal_year, 2024, number, section, place, printed, unit, scale, 1,
    decimals, 'exact', figure_key, 0, exemption, contradiction_id, printed_value
from (values
    (1, 'Drift', 'Nämnder, utfall', '-3 022', 'sek', 1000, 0, 'operating/10/actual', 2024, null, null, -3022000),
    (2, 'Drift', 'Nämnder, budget', '-3 184', 'sek', 1000, 0, 'operating/10/budget', 2024, null, null, -3184000),
    (3, 'Drift', 'Nämnder, avvikelse', '162', 'sek', 1000, 0, 'operating/10/variance', 2024, null, null, 162000),
    (4, 'Bron', 'beräknas bli', '1,6', 'sek', 1000000, 1, 'project/bron/forecast_variance', 2024, null, 'lost-sign',
        1600000),
    (5, 'Fiber', 'hushåll med fiber', '69,0', 'percent', 1, 1, 'indicator/fibre/kommunen', 2023, null, null, 69),
    (6, 'Buss', 'linje', '751', null, null, null, null, 2024, 'name of a line', null, null)
) as rows(number, section, place, printed, unit, scale, decimals, figure_key, fiscal_year, exemption, contradiction_id,
    printed_value);
create table marts.fct_figure_check as
select bindings.printed_id, bindings.document_id, bindings.organisation_id, bindings.board_id, bindings.fiscal_year,
    bindings.figure_key, bindings.printed_value, figures.value as computed_value,
    case when contradiction_id is null then 'agrees' else 'differs' end as verdict,
    contradiction_id is not null as is_declared, contradiction_id as note
from marts.dim_printed_figure as bindings
inner join marts.fct_figure as figures
    on bindings.figure_key = figures.figure_key and bindings.fiscal_year = figures.fiscal_year;
"""
REPORT = """Driftredovisning 2024, tkr

Verksamhet Utfall Budget Avvikelse
10 Nämnder -3 022 -3 184 162

Sågbron: projektet beräknas bli 1,6 mkr dyrare 2024.

Andelen hushåll med fiber var 69,0 procent 2023. Linje 751 lades ned.
"""
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(MARTS)
    return path


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder with the small warehouse as BOKSLUT_DATABASE, on a wide screen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOKSLUT_DATABASE", str(database))
    monkeypatch.setenv("COLUMNS", "160")

    def invoke(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_report_that_agrees_is_proven(run: Run, report: Path) -> None:
    result = run("prove", report)
    assert result.exit_code == 0, result.output
    assert "Årsredovisning [2024] (a-2024)" in result.output
    assert (
        "10 numerals: 4 proven, 5 exempt, 1 declared, 0 differ, 0 unbound (0 with a unit); 0 missing" in result.output
    )
    assert "declared line 6: 1,6 mkr, the marts say -1,6 - lost-sign [project/bron/forecast_variance]" in result.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("-3 184", "-3 148", "differs  line 4: -3 148, should say -3 184"),
        ("-3 184", "3 184", "differs  line 4: 3 184, should say -3 184"),
        (" -3 184", "", "missing  line 4: -3 184"),
        ("mkr dyrare", "mkr dyrare, 12 %", "unbound  line 6: 12 % - no binding"),
        ("1,6 mkr", "1,6 tkr", "differs  line 6: 1,6 tkr, should say 1,6 mkr"),
        ("751", "752", "differs  line 8: 752, should say 751"),
    ],
)
def test_what_must_be_corrected_gives_exit_code_1(run: Run, report: Path, old: str, new: str, told: str) -> None:
    change(report, old, new)
    result = run("prove", report)
    assert result.exit_code == 1, result.output
    assert told in result.output
    assert "1 to correct" in result.output


def test_a_plain_number_warns_and_fails_when_strict(run: Run, report: Path) -> None:
    change(report, "lades ned.", "lades ned för 17 resenärer.")
    assert run("prove", report).exit_code == 0
    assert "unbound  line 8: 17" in run("prove", report).output
    assert run("prove", report, "--strict").exit_code == 1


def test_json_and_csv(run: Run, report: Path, tmp_path: Path) -> None:
    change(report, "-3 184", "-3 148")
    result = run("prove", report, "--json", "-")
    assert result.exit_code == 1
    content = json.loads(result.stdout)
    assert content["counts"]["differs"] == 1
    assert not content["holds"]
    assert "to correct" in result.stderr
    (finding,) = [row for row in content["findings"] if row["verdict"] == "differs"]
    assert (finding["line"], finding["found"], finding["expected"], finding["figure_key"]) == (
        4,
        "-3 148",
        "-3 184",
        "operating/10/budget",
    )
    run("prove", report, "--csv", tmp_path / "findings.csv", "--json", tmp_path / "findings.json")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "findings.csv").read_text(encoding="utf-8"))))
    assert tuple(rows[0]) == FINDING_COLUMNS
    assert len(rows) == len(content["findings"])
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8")) == content


def test_a_text_that_looks_like_a_formula_or_markup_is_inert(run: Run, report: Path) -> None:
    change(report, "Sågbron: projektet", "=cmd() [red]Sågbron[/red] [bold")
    assert "[red]Sågbron[/red]" in run("prove", report).output
    rows = list(csv.DictReader(io.StringIO(run("prove", report, "--csv", "-").stdout)))
    assert rows
    assert not [cell for row in rows for cell in (row["context"], row["place"]) if cell[:1] in ("=", "+", "@")]


def test_a_sidecar_takes_the_place_of_the_bindings(run: Run, report: Path, tmp_path: Path) -> None:
    report.write_text("Nämnder -3,0 mkr och 1,6 mkr, fiber 69 % år 2023\n", encoding="utf-8")
    sidecar = tmp_path / "report.txt.figures.csv"
    lines = [
        ",".join(COLUMNS),
        'x,1,Drift,Nämnder,"-3,0",sek,1000000,1,1,exact,operating/10/actual,,,,,16',
        'x,2,Drift,bron,"1,6",sek,1000000,1,1,exact,project/bron/forecast_variance,,,,lost-sign,16',
        "x,3,Drift,fiber,69,percent,1,1,0,exact,indicator/fibre/kommunen,2023,,,,16",
    ]
    sidecar.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run("prove", report)
    assert result.exit_code == 0, result.output
    assert "report.txt.figures.csv" in result.output
    assert "4 numerals: 2 proven, 1 exempt, 1 declared" in result.output
    change(report, "-3,0", "-3,1")
    assert "-3,1 mkr, should say -3,0" in run("prove", report).output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("printed_number,printed\n", ":1: column document_id, section"),
        (",".join(COLUMNS) + "\nx,1,s,p,1.5,sek,1000,1,1,exact,k,,,,,16\n", ":2: '1.5' is not a printed number"),
        (",".join(COLUMNS) + "\nx,1,s,p,5,sek,10,1,1,exact,k,,,,,16\n", ":2: '10' is none of 1, 1000, 1000000"),
        (",".join(COLUMNS) + "\nx,a,s,p,5,sek,1,1,0,exact,k,,,,,16\n", ":2: "),
        (",".join(COLUMNS) + "\nx,1,s,p,5,sek,1,1,0,exact,k,,x,,,16\n", ":2: allowed_difference is not a number"),
        (",".join(COLUMNS) + '\nx,1,s,"p,5\n', "not CSV"),
        (",".join(COLUMNS) + "\n", "has no bindings"),
    ],
)
def test_a_broken_sidecar_is_told(run: Run, report: Path, tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "report.txt.figures.csv").write_text(content, encoding="utf-8")
    result = run("prove", report)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("binary.txt", bytes(range(256)) * 9, "a binary file"),
        ("scan.pdf", pdf_bytes([[], [], []]), "a PDF without text"),
        ("broken.docx", b"PK\x03\x04", "not a Word document"),
        ("report.odt", b"text", "unknown kind of file"),
        (
            "2023.txt",
            REPORT.translate(str.maketrans("1356", "2467")).encode(),
            "not the document that was bound as a-2024",
        ),
    ],
)
@pytest.mark.parametrize("command", ["prove", "bind"])
def test_wrong_documents_give_exit_code_2_and_one_line(
    run: Run, tmp_path: Path, command: str, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run(command, path)
    if (command, name) == ("bind", "2023.txt"):
        return  # any text can be drafted
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not result.stdout


def test_wrong_use_gives_exit_code_2(run: Run, report: Path, tmp_path: Path) -> None:
    for arguments, told in [
        (("prove",), "Missing argument"),
        (("prove", tmp_path / "none.txt"), "no such file"),
        (("prove", tmp_path), "not a file"),
        (("prove", report, "--document", "b-2024"), "knows no document b-2024; it knows a-2024"),
        (("prove", report, "--database", tmp_path / "none.duckdb"), "no such warehouse"),
        (("prove", report, "--database", report), "cannot be opened as a warehouse"),
        (("prove", report, "--json", "-", "--csv", "-"), "cannot share the standard output"),
        (("prove", report, "--json", tmp_path / "none" / "x.json"), "No such file"),
        (("prove", report, "--loud"), "No such option"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 2, (arguments, result.output)
        assert told in result.stderr, (arguments, result.output)


def test_a_warehouse_without_these_marts_is_told(run: Run, report: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    result = run("prove", report, "--database", empty)
    assert result.exit_code == 2
    assert "not a warehouse with these marts" in result.stderr


def test_several_documents_must_be_chosen_from(run: Run, report: Path, tmp_path: Path) -> None:
    several = tmp_path / "several.duckdb"
    with duckdb.connect(str(several)) as connection:
        connection.execute(MARTS)
        connection.execute("insert into marts.dim_document values ('b-2024', '9999', 'BUN', 2024, 'En annan')")
    result = run("prove", report, "--database", several)
    assert result.exit_code == 2
    assert "choose one with --document: a-2024, b-2024" in result.stderr
    assert run("prove", report, "--database", several, "--document", "a-2024").exit_code == 0
    assert "b-2024 has no bindings" in run("prove", report, "--database", several, "--document", "b-2024").stderr


def test_the_release_is_read_before_the_workbench(
    run: Run, report: Path, tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOKSLUT_DATABASE")
    assert run("prove", report).exit_code == 2
    (tmp_path / "warehouse.duckdb").write_bytes(database.read_bytes())
    assert "Figures:  warehouse.duckdb" in run("prove", report).output
    (tmp_path / "releases" / "7").mkdir(parents=True)
    (tmp_path / "releases" / "7" / "warehouse.duckdb").write_bytes(database.read_bytes())
    (tmp_path / "releases" / "current").symlink_to("7")
    assert "Figures:  releases/7/warehouse.duckdb" in run("prove", report).output


def test_bind_drafts_a_file_that_prove_can_use(run: Run, report: Path, tmp_path: Path) -> None:
    result = run("bind", report)
    assert result.exit_code == 0, result.output
    draft = tmp_path / "report.txt.draft.csv"
    rows = list(csv.DictReader(io.StringIO(draft.read_text(encoding="utf-8"))))
    assert [row["figure_key"] for row in rows[:3]] == [
        "operating/10/actual",
        "operating/10/budget",
        "operating/10/variance",
    ]
    assert run("bind", report).exit_code == 2
    assert run("bind", report, "--force").exit_code == 0
    assert run("bind", report, "--output", "-").stdout == draft.read_text(encoding="utf-8")
    draft.rename(tmp_path / "report.txt.figures.csv")
    proof = run("prove", report)
    assert "3 proven" in proof.output


def test_help_of_every_command(run: Run) -> None:
    assert "Exit code 0" in run("prove", "--help").output
    assert "draft" in run("bind", "--help").output.lower()
    assert "prove" in run("--help").output


def test_as_a_program_without_a_traceback(database: Path, report: Path, tmp_path: Path) -> None:
    def program(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bokslut", *map(str, arguments), "--database", str(database)],
            cwd=REPOSITORY,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert program("prove", report).returncode == 0
    (tmp_path / "binary.pdf").write_bytes(bytes(range(256)))
    refused = program("prove", tmp_path / "binary.pdf")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
