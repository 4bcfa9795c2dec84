"""A rendered Word file that was edited on: wrong figures are found wherever they stand, and moving is no alarm."""

from __future__ import annotations

import copy
import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner

from bokslut.cli import app
from bokslut.proof.bindings import COLUMNS, Binding, Figure, check_binding
from bokslut.proof.controls import has_controls, prove_controls
from bokslut.proof.exemptions import Rule
from bokslut.proof.prove import Finding, Proof, Verdict
from bokslut.proof.reader import build_document, read_document
from bokslut.proof.run import rendered_document
from bokslut.report.document import Column, Heading, Number, Page, Paragraph, Report, Strong, Table, Text
from bokslut.report.theme import Theme
from bokslut.report.writers.word import write_word
from test_proof_cli import MARTS

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
RULES = [
    Rule("year", "(?P<n>20[0-9]{2})", "a year"),
    Rule("part", "(?:Tabell|Diagram) (?P<n>[0-9]+)", "the number of a table"),
]
FIGURES = {
    ("operating/10/actual", 2024): Figure(Decimal(-3022000), "sek"),
    ("operating/10/budget", 2024): Figure(Decimal(-3184000), "sek"),
    ("operating/10/variance", 2024): Figure(Decimal(162000), "sek"),
    ("project/bron/forecast_variance", 2024): Figure(Decimal(-1566000), "sek"),
    ("indicator/fibre/kommunen", 2023): Figure(Decimal(69), "percent"),
    ("indicator/fibre/kommunen", 2024): Figure(Decimal(71), "percent"),
}


def amount(printed: str, key: str, suffix: str = "", scale: int = 1000, decimals: int = 0) -> Number:
    return Number(printed, suffix, None, key, 2024, "sek", scale, decimals)


def share(printed: str, year: int) -> Number:
    return Number(printed, " %", None, "indicator/fibre/kommunen", year, "percent")


# in document order, as a sidecar has them
NUMBERS: list[Number | str] = [
    amount("\u22123\u00a0022", "operating/10/actual", " tkr"),
    "10",
    "10",
    amount("\u22123\u00a0022", "operating/10/actual"),
    amount("\u22123\u00a0184", "operating/10/budget"),
    amount("162", "operating/10/variance"),
    amount("162", "operating/10/variance"),
    amount("\u22121,6", "project/bron/forecast_variance", " mnkr", 1_000_000, 1),
    share("69", 2023),
    share("71", 2024),
]


def figure(index: int) -> Number:
    number = NUMBERS[index]
    assert isinstance(number, Number)
    return number


def rendered() -> Report:
    table = Table(
        "Drift",
        (Column("Verksamhet"), *(Column(name, "tkr", is_number=True) for name in ("Utfall", "Budget", "Avvikelse"))),
        (((Text("10 Nämnder", "a code"),), (figure(3),), (figure(4),), (figure(5),)),),
        ((Text("Summa"),), (Number("–"),), (Number("–"),), (figure(6),)),
    )
    blocks = (
        Paragraph((Text("Nämnderna kostade "), Strong((figure(0),)), Text(" år 2024."))),
        Heading(2, (Text("Verksamhet 10", "a code"),), "v"),
        table,
        Paragraph((Text("Bron beräknas kosta "), figure(7), Text(" mer."))),
        Paragraph((Text("Fiber fanns hos "), figure(8), Text(" år 2023 och "), figure(9), Text(" år 2024."))),
    )
    return Report("9999", "Kommun", "KS", "Styrelse", 2024, "Bokslut 2024", (Page("index", (Text("Drift"),), blocks),))


def plain(printed: str) -> str:
    return printed.replace("\u2212", "-").replace("\u00a0", " ")


def bindings() -> list[Binding]:
    return [
        Binding(place, "Drift", "text", number, exemption="a code")
        if isinstance(number, str)
        else Binding(
            place,
            "Drift",
            "Nämnder",
            plain(number.printed),
            number.unit,
            number.scale,
            1,
            number.decimals,
            "exact",
            number.figure_key,
            number.fiscal_year,
        )
        for place, number in enumerate(NUMBERS, start=1)
    ]


class Edited:
    """A Word file as an administration has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        write_word(rendered(), {}, THEME, self.path)
        self.document = docx.Document(str(self.path))
        self.body = self.document.element.body

    def controls(self, key: str) -> list[Any]:
        """The content controls with that tag."""
        return [tag.getparent().getparent() for tag in self.body.iter(qn("w:tag")) if tag.get(qn("w:val")) == key]

    def control(self, key: str, index: int = 0) -> Any:
        """One of the content controls with that tag."""
        return self.controls(key)[index]

    def type_into(self, control: Any, text: str) -> None:
        """Put another text into a control."""
        (run,) = control.iter(qn("w:t"))
        run.text = text

    def paragraph(self, beginning: str) -> Any:
        """The paragraph that begins so."""
        (found,) = (part._p for part in self.document.paragraphs if part.text.startswith(beginning))
        return found

    def proof(self) -> Proof:
        """Save the file and prove it."""
        self.document.save(str(self.path))
        bound = bindings()
        checks = {
            binding.printed_number: check_binding(
                binding, FIGURES.get((binding.figure_key or "", binding.fiscal_year or 2024)), {}
            )
            for binding in bound
            if binding.figure_key
        }
        document = read_document(self.path)
        assert has_controls(document, bound)
        return prove_controls(document, bound, RULES, checks)


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path / "report.docx")


def only(proof: Proof) -> Finding:
    (finding,) = proof.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND)
    return finding


def counts(proof: Proof) -> tuple[int, int]:
    return len(proof.of(Verdict.PROVEN)), len(proof.of(Verdict.DIFFERS, Verdict.MISSING, Verdict.UNBOUND))


def test_as_it_was_rendered_everything_is_proven(edited: Edited) -> None:
    proof = edited.proof()
    assert counts(proof) == (8, 0)
    assert not proof.failures(strict=True)
    assert (proof.telling, proof.telling_found) == (8, 8)
    offsets = [finding.offset for finding in proof.findings]
    assert offsets == sorted(offsets)
    first = proof.findings[1]  # after the year of the title
    assert (first.found, first.unit, first.figure_key, first.printed_number) == (
        "-3 022",
        "tkr",
        "operating/10/actual",
        1,
    )


@pytest.mark.parametrize(
    ("key", "index", "typed", "expected"),
    [
        ("operating/10/actual", 0, "\u22123\u00a0202", "-3 022"),
        ("operating/10/actual", 1, "\u22123\u00a0220", "-3 022"),
        ("operating/10/budget", 0, "3\u00a0184", "-3 184"),
        ("project/bron/forecast_variance", 0, "\u22121,7", "-1,6"),
        ("project/bron/forecast_variance", 0, "\u22121,6–1,8", "-1,6"),
        ("operating/10/variance", 0, "0162", "162"),
        ("indicator/fibre/kommunen", 0, "71", "69"),
        ("indicator/fibre/kommunen", 1, "sjuttio", "71"),
    ],
)
def test_a_figure_edited_in_its_control_is_found(
    edited: Edited, key: str, index: int, typed: str, expected: str
) -> None:
    edited.type_into(edited.control(key, index), typed)
    proof = edited.proof()
    finding = only(proof)
    assert finding.figure_key == key
    assert finding.expected == expected
    assert proof.failures() == [finding]
    assert finding.verdict is (Verdict.MISSING if typed == "sjuttio" else Verdict.DIFFERS)


def test_a_control_that_was_emptied_is_missing(edited: Edited) -> None:
    edited.type_into(edited.control("operating/10/budget"), "Klicka här för att ange text")
    finding = only(edited.proof())
    assert (finding.verdict, finding.expected) == (Verdict.MISSING, "-3 184")
    assert "holds no number" in finding.note


def test_a_unit_edited_behind_a_control_is_found(edited: Edited) -> None:
    unit = edited.control("project/bron/forecast_variance").getnext().find(qn("w:t"))
    assert unit.text == "\u00a0mnkr"
    unit.text = "\u00a0tkr"
    assert (only(edited.proof()).found, only(edited.proof()).expected) == ("-1,6", "-1,6 mkr")


@pytest.mark.parametrize("typed", ["5", "0", ",4", "\u00a0000"])
def test_digits_typed_against_a_control_are_found(edited: Edited, typed: str) -> None:
    control = edited.control("operating/10/actual")
    behind = control.getnext().find(qn("w:t"))
    behind.text = f"{typed}{behind.text}"
    finding = only(edited.proof())
    assert (finding.verdict, finding.found) == (Verdict.DIFFERS, f"-3 022{plain(typed)}")


def test_digits_typed_before_a_control_are_found(edited: Edited) -> None:
    control = edited.control("operating/10/variance")
    run = copy.deepcopy(next(control.iter(qn("w:r"))))
    run.find(qn("w:t")).text = "5 "
    control.addprevious(run)
    finding = only(edited.proof())
    assert (finding.verdict, finding.found, finding.expected) == (Verdict.DIFFERS, "5 162", "162")


def test_what_a_rule_exempts_before_a_control_is_no_part_of_its_number(edited: Edited) -> None:
    paragraph = edited.document.add_paragraph("Se Tabell 5 ")._p
    paragraph.append(copy.deepcopy(edited.control("operating/10/variance")))
    assert counts(edited.proof()) == (9, 0)


@pytest.mark.parametrize("typed", ["\u22123\u00a0184 i ett år", "\u22123\u00a0\ufdd2184\ufdd1"])
def test_words_and_signs_typed_into_a_control_are_no_numbers(edited: Edited, typed: str) -> None:
    edited.type_into(edited.control("operating/10/budget"), typed)
    assert counts(edited.proof()) == (8, 0)


def test_a_sign_that_closes_controls_hides_no_digits(edited: Edited) -> None:
    edited.type_into(edited.control("operating/10/budget"), "\u22123\u00a0184\ufdd2 9")
    assert (only(edited.proof()).verdict, only(edited.proof()).found) == (Verdict.DIFFERS, "-3 184 9")


def test_a_tag_is_no_text(edited: Edited) -> None:
    tag = edited.control("project/bron/forecast_variance").find(f".//{qn('w:tag')}")
    tag.set(qn("w:val"), "bron\ufdd1 99 tkr")
    assert "99" not in [finding.found for finding in edited.proof().findings]


def test_a_minus_typed_before_a_control_is_found(edited: Edited) -> None:
    before = edited.control("indicator/fibre/kommunen").getprevious().find(qn("w:t"))
    before.text = f"{before.text}\u2212"
    assert (only(edited.proof()).found, only(edited.proof()).expected) == ("-69", "69")


def test_moving_paragraphs_and_rows_is_no_alarm(edited: Edited) -> None:
    fibre, table = edited.paragraph("Fiber"), edited.document.tables[-1]
    edited.body.insert(0, fibre)
    table._tbl.append(table.rows[1]._tr)
    edited.body.insert(1, table._tbl)
    proof = edited.proof()
    assert counts(proof) == (8, 0)
    assert not proof.failures(strict=True)


def test_moving_a_control_into_another_sentence_is_no_alarm(edited: Edited) -> None:
    edited.paragraph("Bron").append(edited.control("indicator/fibre/kommunen"))
    assert counts(edited.proof()) == (8, 0)


def test_prose_without_numbers_and_years_are_no_alarm(edited: Edited) -> None:
    edited.document.add_paragraph("Nämnden beslutade 2025 om en ny plan. Ett par frågor återstår, en av dem svår.")
    assert not edited.proof().failures(strict=True)


@pytest.mark.parametrize(("text", "fails"), [("Det kostade 12 tkr mer.", True), ("Vi mötte 17 resenärer.", False)])
def test_a_numeral_typed_outside_controls_is_unbound(edited: Edited, text: str, fails: bool) -> None:
    edited.document.add_paragraph(text)
    proof = edited.proof()
    assert only(proof).verdict is Verdict.UNBOUND
    assert bool(proof.failures()) is fails
    assert proof.failures(strict=True)


def test_an_exempt_numeral_may_stand_as_often_as_it_was_rendered(edited: Edited) -> None:
    edited.body.insert(0, edited.paragraph("Verksamhet 10"))
    assert counts(edited.proof()) == (8, 0)
    edited.document.add_paragraph("Verksamhet 10 igen")
    assert (only(edited.proof()).verdict, only(edited.proof()).found) == (Verdict.UNBOUND, "10")


def test_a_copy_of_a_control_is_judged_too(edited: Edited) -> None:
    copied = copy.deepcopy(edited.control("operating/10/variance"))
    copied.find(f".//{qn('w:id')}").set(qn("w:val"), "-1203948576")
    paragraph = edited.document.add_paragraph("Avvikelsen är ")._p
    paragraph.append(copied)
    assert counts(edited.proof()) == (9, 0)
    edited.type_into(copied, "163")
    finding = only(edited.proof())
    assert (finding.verdict, finding.found, finding.expected) == (Verdict.DIFFERS, "163", "162")


def test_a_copy_may_say_any_year_of_its_figure_that_the_report_prints(edited: Edited) -> None:
    copied = copy.deepcopy(edited.control("indicator/fibre/kommunen", 1))
    copied.find(f".//{qn('w:id')}").set(qn("w:val"), "77")
    edited.document.add_paragraph("Andelen är ")._p.append(copied)
    assert counts(edited.proof()) == (9, 0)


def test_a_figure_deleted_with_its_text_is_no_finding(edited: Edited) -> None:
    paragraph = edited.paragraph("Bron")
    paragraph.getparent().remove(paragraph)
    proof = edited.proof()
    assert counts(proof) == (7, 0)
    assert not proof.failures(strict=True)


def unwrap(control: Any, text: str | None = None) -> None:
    """Remove a control and keep what it held, or put a text in its place."""
    run = control.find(f".//{qn('w:r')}")
    if text is not None:
        run.find(qn("w:t")).text = text
    control.getparent().replace(control, run)


@pytest.mark.parametrize("text", [None, "\u22123\u00a0999"])
def test_a_number_in_a_table_whose_control_was_removed_is_found(edited: Edited, text: str | None) -> None:
    unwrap(edited.control("operating/10/budget"), text)
    proof = edited.proof()
    (missing,) = proof.of(Verdict.MISSING)
    (unbound,) = proof.of(Verdict.UNBOUND)
    assert (missing.figure_key, missing.expected) == ("operating/10/budget", "-3 184")
    assert missing.line == unbound.line
    assert "its control is gone" in missing.note
    assert proof.failures() == [missing]


def test_a_number_with_a_unit_whose_control_was_removed_is_unbound(edited: Edited) -> None:
    unwrap(edited.control("operating/10/actual"))
    proof = edited.proof()
    assert [finding.verdict for finding in proof.failures()] == [Verdict.UNBOUND, Verdict.MISSING]


def test_a_tag_that_is_no_figure_leaves_its_number_unbound(edited: Edited) -> None:
    tag = edited.control("project/bron/forecast_variance").find(f".//{qn('w:tag')}")
    tag.set(qn("w:val"), "project/bron/unknown")
    proof = edited.proof()
    assert (proof.telling, proof.telling_found) == (8, 7)
    assert {finding.verdict for finding in proof.failures()} == {Verdict.UNBOUND, Verdict.MISSING}


def test_a_tag_of_another_figure_is_judged_by_that_figure(edited: Edited) -> None:
    tag = edited.control("operating/10/budget").find(f".//{qn('w:tag')}")
    tag.set(qn("w:val"), "operating/10/variance")
    finding = only(edited.proof())
    assert (finding.verdict, finding.found, finding.expected) == (Verdict.DIFFERS, "-3 184", "162")


def test_another_form_of_the_same_figure_needs_its_unit(edited: Edited) -> None:
    """A figure that the report also prints in millions may be said so where its unit stands behind it."""
    bound = [*bindings(), Binding(11, "x", "x", "-3,0", "sek", 1_000_000, 1, 1, "exact", "operating/10/actual", 2024)]
    checks = {
        binding.printed_number: check_binding(
            binding, FIGURES.get((binding.figure_key or "", binding.fiscal_year or 2024)), {}
        )
        for binding in bound
        if binding.figure_key
    }
    prose, cell = edited.controls("operating/10/actual")
    edited.type_into(prose, "\u22123,0")
    prose.getnext().find(qn("w:t")).text = " mnkr"
    edited.proof()
    assert not prove_controls(read_document(edited.path), bound, RULES, checks).failures()
    edited.type_into(cell, "\u22123,0")
    edited.proof()
    finding = only(prove_controls(read_document(edited.path), bound, RULES, checks))
    assert (finding.found, finding.expected) == ("-3,0", "-3 022")


def test_deleted_and_moved_text_of_tracked_changes_is_not_read(edited: Edited) -> None:
    control = edited.control("operating/10/budget")
    old = copy.deepcopy(control)
    edited.type_into(old, "\u22129")
    deleted = control.makeelement(qn("w:moveFrom"), {})
    control.addprevious(deleted)
    deleted.append(old)
    assert counts(edited.proof()) == (8, 0)


def test_the_signs_around_controls_are_no_text() -> None:
    document = build_document("text", "a\ufdd07 key/x\ufdd1 12 \ufdd0-3 b\ufdd1\ufdd2c\ufdd2d\ufdd2 \ufdd1")
    assert document.text == "a 12 cd "
    assert [(mark.start, mark.end, mark.tag, mark.number) for mark in document.marks] == [
        (1, 6, "key/x", 7),
        (5, 5, "b", -3),
    ]


def sidecar_of(path: Path, document_id: str) -> Path:
    sidecar = path.with_name(f"{path.name}.figures.csv")
    with sidecar.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for binding in bindings():
            row = {name: getattr(binding, name, "") for name in COLUMNS}
            blank = {name: "" for name, value in row.items() if value is None}
            writer.writerow({**row, **blank, "document_id": document_id, "report_part": 1})
    return sidecar


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    database = tmp_path / "small.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(MARTS)
        connection.execute(
            "insert into marts.fct_figure values"
            " ('9999', 'KS', 2024, 'indicator/fibre/kommunen', 71, 'percent', 'm', 'c')"
        )
        connection.execute("insert into marts.dim_document values ('b-2024', '9999', 'BUN', 2024, 'En annan')")
    monkeypatch.setenv("BOKSLUT_DATABASE", str(database))
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_proves_a_rendered_file_that_names_its_own_board(run: Callable[..., Any], edited: Edited) -> None:
    sidecar_of(edited.path, "report/9999/KS/2024")
    result = run("prove", edited.path)
    assert result.exit_code == 0, result.output
    assert "Rendered report of KS, 9999, 2024 (report/9999/KS/2024)" in result.output
    assert "8 proven" in result.output
    assert run("prove", edited.path, "--document", "report/9999/KS/2024").exit_code == 0
    edited.type_into(edited.control("operating/10/budget"), "\u22123\u00a0148")
    edited.document.save(str(edited.path))
    result = run("prove", edited.path)
    assert result.exit_code == 1
    assert re.search(r"differs  line \d+: -3 148, should say -3 184", result.output)


def test_a_rendered_file_of_a_board_without_figures_is_told(run: Callable[..., Any], edited: Edited) -> None:
    sidecar_of(edited.path, "report/9999/XX/2024")
    result = run("prove", edited.path)
    assert result.exit_code == 2
    assert "knows no figures of report/9999/XX/2024" in result.stderr


def test_only_an_id_of_its_form_names_a_rendered_report() -> None:
    assert rendered_document("report/1882/KS/24") is None
    assert rendered_document("a-2024") is None
    bound = rendered_document("report/1882/KS/2024")
    assert bound is not None
    assert (bound.organisation_id, bound.board_id, bound.fiscal_year) == ("1882", "KS", 2024)
