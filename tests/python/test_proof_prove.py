"""What is said of each numeral: proven, exempt, declared, differs, missing or unbound, with where and what to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bokslut.proof.bindings import Binding, Check, Figure, check_binding, judge
from bokslut.proof.exemptions import Rule
from bokslut.proof.prove import Finding, Proof, Verdict, prove
from bokslut.proof.reader import build_document

YEARS = Rule("year", "(?P<n>20[0-9]{2})", "a year")
NETTO = Binding(1, "Drift", "Skola, utfall", "-12 508", "sek", 1000, 1, 0, "exact", "operating/45/actual", 2024)


def proven(text: str, *bindings: tuple[Binding, Check | None], rules: Sequence[Rule] = (YEARS,)) -> Proof:
    checks = {binding.printed_number: check for binding, check in bindings if check is not None}
    return prove(build_document("text", text), [binding for binding, _ in bindings], rules, checks)


def only(proof: Proof) -> Finding:
    (finding,) = proof.findings
    return finding


def agrees(value: str) -> Check:
    return Check(Decimal(value), "agrees")


def test_a_numeral_that_says_what_the_marts_say_is_proven() -> None:
    finding = only(proven("Skola blev -12\u00a0508 tkr", (NETTO, agrees("-12508000"))))
    assert finding.verdict is Verdict.PROVEN
    assert (finding.found, finding.unit, finding.line, finding.figure_key) == (
        "-12 508",
        "tkr",
        1,
        "operating/45/actual",
    )
    assert "Skola blev" in finding.context


def test_another_numeral_differs_and_is_told_what_it_should_say() -> None:
    proof = proven("År 2024\nSkola blev -12 580 tkr", (NETTO, agrees("-12508000")))
    (finding,) = proof.of(Verdict.DIFFERS)
    assert (finding.found, finding.expected, finding.line) == ("-12 580", "-12 508", 2)
    assert proof.failures() == [finding]


def test_a_figure_that_has_changed_differs_though_the_text_is_as_it_was_bound() -> None:
    finding = only(proven("Skola -12 508 tkr", (NETTO, agrees("-12509000"))))
    assert (finding.verdict, finding.expected) == (Verdict.DIFFERS, "-12 509")
    finding = only(proven("Skola -12 508 tkr", (NETTO, Check(Decimal(-12509000), "differs"))))
    assert (finding.verdict, finding.expected) == (Verdict.DIFFERS, "-12 509")


def test_the_unit_behind_a_numeral_must_be_the_bindings() -> None:
    finding = only(proven("Skola -12 508 mkr", (NETTO, agrees("-12508000"))))
    assert (finding.verdict, finding.expected) == (Verdict.DIFFERS, "-12 508 tkr")
    share = Binding(1, "Mål", "andel", "5,3", "percentage_points", 1, 1, 1, "exact", "indicator/a/b/change", 2024)
    assert only(proven("med 5,3 procentenheter", (share, agrees("5.3")))).verdict is Verdict.PROVEN
    assert only(proven("med 5,3 procent", (share, agrees("5.3")))).verdict is Verdict.DIFFERS
    assert only(proven("med 5,3", (share, agrees("5.3")))).verdict is Verdict.PROVEN


def test_a_declared_contradiction_is_shown_and_does_not_fail() -> None:
    known = Check(Decimal(-1566000), "differs", True, "the sign is lost in print")
    wrong = Binding(
        1, "Analys", "avvikelse", "1,6", "sek", 1_000_000, 1, 1, "exact", "project/a/forecast_variance", 2024
    )
    proof = proven("beräknas bli 1,6 mkr", (wrong, known))
    assert only(proof).verdict is Verdict.DECLARED
    assert (only(proof).note, only(proof).figure) == ("the sign is lost in print", "-1,6")
    assert not proof.failures(strict=True)
    assert only(proven("beräknas bli 1,7 mkr", (wrong, known))).expected == "1,6"
    # a report that has been put right says what the marts say
    corrected = only(proven("beräknas bli -1,6 mkr", (wrong, known)))
    assert corrected.verdict is Verdict.PROVEN
    assert "still declared" in corrected.note


def test_a_declared_rounding_is_proven_with_a_note_until_it_is_passed() -> None:
    rounding = replace(NETTO, allowed_difference=Decimal(1))
    finding = only(proven("-12 508", (rounding, Check(Decimal(-12507000), "rounding"))))
    assert (finding.verdict, finding.note) == (Verdict.PROVEN, "rounded by itself, as declared")
    assert only(proven("-12 507", (rounding, Check(Decimal(-12507000), "rounding")))).verdict is Verdict.DIFFERS
    assert only(proven("-12 508", (rounding, Check(Decimal(-12506000), "rounding")))).verdict is Verdict.DIFFERS


def test_about_is_proven_as_declared() -> None:
    about = Binding(
        1, "Text", "cirka", "12,6", "sek", 1_000_000, -1, 1, "about", "driver/a/amount", 2024, Decimal("0.1")
    )
    finding = only(proven("cirka 12,6 mkr", (about, Check(Decimal(-12508000), "approximate"))))
    assert (finding.verdict, finding.note) == (Verdict.PROVEN, "approximate, as declared")


def test_a_figure_that_the_marts_lack_differs() -> None:
    for check in (None, Check(None, "not_computable"), Check(Decimal(-12508000), "not_computable")):
        finding = only(proven("-12 508 tkr", (NETTO, check)))
        assert (finding.verdict, finding.expected) == (Verdict.DIFFERS, "")


def test_a_turned_sign_is_turned_in_what_it_should_say() -> None:
    turned = replace(NETTO, printed="12 508", sign=-1)
    assert only(proven("underskott på 12 508 tkr", (turned, agrees("-12508000")))).verdict is Verdict.PROVEN
    assert only(proven("underskott på 12 508 tkr", (turned, agrees("-13000000")))).expected == "13 000"


def test_number_words() -> None:
    word = Binding(1, "Mål", "skolor som nått målet", "tre", "count", 1, 1, 0, "exact", "goal/total/met", 2024)
    check = Check(Decimal(3), "agrees", printed_value=Decimal(3))
    text = "Målet nåddes av {} skolor"
    assert only(proven(text.format("tre"), (word, check))).verdict is Verdict.PROVEN
    assert only(proven(text.format("3"), (word, check))).verdict is Verdict.PROVEN
    changed = only(proven(text.format("fyra"), (word, check)))
    assert (changed.verdict, changed.found, changed.expected) == (Verdict.DIFFERS, "fyra", "tre")
    figure = only(proven(text.format("tre"), (word, Check(Decimal(4), "differs", printed_value=Decimal(3)))))
    assert (figure.verdict, figure.expected) == (Verdict.DIFFERS, "fyra")
    assert only(proven("Målet nåddes inte", (word, check))).verdict is Verdict.MISSING


def test_a_numeral_that_no_mart_can_know_is_exempt_by_its_binding() -> None:
    bus = Binding(1, "Trafik", "linje", "751", exemption="name of a bus line")
    finding = only(proven("linje 751", (bus, None)))
    assert (finding.verdict, finding.note) == (Verdict.EXEMPT, "name of a bus line")
    assert only(proven("linje 752", (bus, None))).verdict is Verdict.DIFFERS


def test_an_open_binding_is_unbound() -> None:
    finding = only(proven("-12 508 tkr", (replace(NETTO, figure_key=None), None)))
    assert finding.verdict is Verdict.UNBOUND
    assert finding.unit == "tkr"


def test_a_missing_numeral_is_told_at_its_row() -> None:
    row = [
        (replace(NETTO, printed_number=number, place=f"Skola, {column}", printed=form), agrees(value))
        for number, column, form, value in [
            (1, "utfall", "-12 508", "-12508000"),
            (2, "budget", "-12 000", "-12000000"),
            (3, "avvikelse", "-508", "-508000"),
        ]
    ]
    proof = proven("Utfall\n\nSkola -12 508 -508\n\nMer text", *row)
    (finding,) = proof.of(Verdict.MISSING)
    assert (finding.line, finding.expected, finding.printed_number) == (3, "-12 000", 2)
    assert [finding.verdict for finding in proof.findings].count(Verdict.PROVEN) == 2


def test_what_is_too_much_fails_only_with_a_unit_or_when_strict() -> None:
    proof = proven("Skola -12 508 tkr, 17 elever, 5 % fler, A4, år 2024", (NETTO, agrees("-12508000")))
    unbound = proof.of(Verdict.UNBOUND)
    assert [(finding.found, finding.unit) for finding in unbound] == [("17", ""), ("5", "%")]
    assert [finding.found for finding in proof.failures()] == ["5"]
    assert [finding.found for finding in proof.failures(strict=True)] == ["17", "5"]
    assert [(finding.found, finding.rule_id) for finding in proof.of(Verdict.EXEMPT)] == [("4", ""), ("2024", "year")]


def test_a_numeral_broken_over_lines_is_one_when_unbound_too() -> None:
    assert only(proven("förbrukades 97 \n200 tkr")).found == "97 200"


def test_another_document_is_told() -> None:
    bindings = [
        (replace(NETTO, printed_number=number, printed=f"{number} 1{number:02}"), agrees(f"{number}1{number:02}000"))
        for number in range(1, 21)
    ]
    same = " ; ".join(binding.printed for binding, _ in bindings)
    assert not proven(same, *bindings).is_other_document()
    half = " ; ".join(binding.printed for binding, _ in bindings[:9])
    assert proven(half, *bindings).is_other_document()
    assert not proven(" ; ".join(binding.printed for binding, _ in bindings[:10]), *bindings).is_other_document()
    few = bindings[:4]
    assert not proven(few[0][0].printed, *few).is_other_document()
    assert proven("-99 999", *few).is_other_document()


@pytest.mark.parametrize(
    ("value", "allowed", "qualifier", "printed", "verdict"),
    [
        ("-12508499", "0", "exact", "-12508", "agrees"),
        ("-12508500", "0", "exact", "-12508", "differs"),
        ("-12508500", "1", "exact", "-12508", "rounding"),
        ("-12509500", "1", "exact", "-12508", "differs"),
        ("-12509500", "2", "about", "-12508", "approximate"),
        ("-12510001", "2", "about", "-12508", "differs"),
    ],
)
def test_the_verdict_follows_the_rule_of_the_warehouse(
    value: str, allowed: str, qualifier: str, printed: str, verdict: str
) -> None:
    binding = replace(NETTO, allowed_difference=Decimal(allowed), qualifier=qualifier)
    assert judge(binding, Figure(Decimal(value), "sek"), Decimal(printed)) == verdict


def test_a_unit_that_is_not_the_figures_proves_nothing() -> None:
    assert judge(NETTO, Figure(Decimal(-12508000), "percent"), Decimal(-12508)) == "not_computable"
    assert judge(NETTO, None, Decimal(-12508)) == "not_computable"


def test_the_check_of_a_binding() -> None:
    declared = replace(NETTO, contradiction_id="sign")
    check = check_binding(declared, Figure(Decimal(12508000), "sek"), {"sign": "known"})
    assert (check.verdict, check.is_declared, check.note) == ("differs", True, "known")
    assert not check_binding(declared, Figure(Decimal(12508000), "sek"), {}).is_declared
    assert not check_binding(declared, Figure(Decimal(-12508000), "sek"), {"sign": "known"}).is_declared


def test_control_characters_do_not_reach_the_context() -> None:
    finding = only(proven("Skola \x1b[m -12 508 tkr \u202e", (NETTO, agrees("-12508000"))))
    assert finding.context.isprintable()
