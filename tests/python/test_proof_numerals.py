"""The atoms of a text: digits, signs and what lies between them, as municipal reports print them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.proof.exemptions import Rule, RuleError, exempt_atoms, find_exemptions
from bokslut.proof.numerals import Sign, find_atoms, grouped, letters, shown, unit_after, unit_of


def read(text: str) -> list[str]:
    """The numerals of a text as one reads them who expects nothing."""
    atoms = find_atoms(text)
    found: list[str] = []
    index = 0
    while index < len(atoms):
        end = grouped(atoms, index)
        found.append(shown(text, atoms, index, end))
        index = end
    return found


@pytest.mark.parametrize("minus", ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "\uff0d"])
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009", "\u2007"])
def test_every_minus_and_thousands_mark_is_read(minus: str, space: str) -> None:
    assert read(f"blev {minus}12{space}508 tkr") == ["-12 508"]


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("12,6 mkr", ["12,6"]),
        ("2022-2024", ["2022", "2024"]),
        ("2022–2024", ["2022", "2024"]),
        ("5-10 %", ["5", "10"]),
        ("(-3 022)", ["-3 022"]),
        ("kl. 13.00", ["13.00"]),
        ("1 000-tal", ["1 000"]),
        ("10 12 500", ["10", "12 500"]),
        ("1000 200", ["1000", "200"]),
        ("-3 184 162", ["-3 184 162"]),  # only a binding can tell two cells
        ("-370 -370", ["-370", "-370"]),
        ("0 162", ["0", "162"]),
        ("8,5,", ["8,5"]),
        ("den 5, 6", ["5", "6"]),
        ("2\u00b2 och 3\u00b9", ["2", "3"]),
        ("Åsa-7", ["7"]),
    ],
)
def test_numerals_as_read_without_expectation(text: str, numerals: list[str]) -> None:
    assert read(text) == numerals


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("-3", Sign.MINUS),
        ("bli -\n\n3,2 mkr", Sign.LOOSE),
        ("- 3 nya platser", Sign.LOOSE),
        ("ord-3", Sign.NONE),
        ("2-3", Sign.NONE),
        (")-3", Sign.NONE),
        ("+3", Sign.NONE),
    ],
)
def test_sign_of_the_last_atom_group(text: str, sign: Sign) -> None:
    wanted = next(atom for atom in find_atoms(text) if atom.text == "3")
    assert wanted.sign is sign


@pytest.mark.parametrize(
    ("text", "is_label"),
    [
        ("A4", True),
        ("CO2", True),
        ("23KF105", True),
        ("12mkr", False),
        ("10%", False),
        ("5:e", False),
        ("kr500 kr", False),
    ],
)
def test_a_part_of_a_name_is_a_label(text: str, is_label: bool) -> None:
    assert all(atom.is_label is is_label for atom in find_atoms(text))


@pytest.mark.parametrize(
    ("after", "kind", "scale"),
    [
        (" tkr", "sek", 1000),
        (" Mkr.", "sek", 1_000_000),
        ("\nmnkr", "sek", 1_000_000),
        (" miljoner kronor", "sek", 1_000_000),
        (" tusen\nkronor", "sek", 1000),
        (" kr/invånare", "sek", 1),
        ("\u00a0kronor", "sek", 1),
        ("%", "percent", 1),
        (" \n\n% lägsta", "percent", 1),
        (" procent", "percent", 1),
        (" procentenheter", "percentage_points", 1),
        (" %-enheter", "percentage_points", 1),
        (" mkr1", "sek", 1_000_000),
    ],
)
def test_units(after: str, kind: str, scale: int) -> None:
    unit = unit_after(f"5{after}", 1)
    assert unit is not None
    assert (unit.kind, unit.scale) == (kind, scale)


@pytest.mark.parametrize(
    "after", [" krav", " tkrs", " elever", "", " procentuell", "\n\nKronor per invånare", " miljoner besök"]
)
def test_what_is_no_unit(after: str) -> None:
    assert unit_after(f"5{after}", 1) is None


@pytest.mark.parametrize("text", ["10-15 %", "10 – 15 %", "10 till 15 procent", "94,9 respektive 97,7 procent"])
def test_a_range_carries_its_unit_to_both_ends(text: str) -> None:
    atoms = find_atoms(text)
    unit = unit_of(text, atoms, grouped(atoms, 0) - 1)
    assert unit is not None
    assert unit.kind == "percent"


def test_number_words_are_found_as_whole_words_in_any_case() -> None:
    atoms = find_atoms("Tre av fyra, trettio, betre", ["tre", "fyra"])
    assert [atom.text for atom in atoms if atom.is_word] == ["Tre", "fyra"]
    assert letters("tre")
    assert not letters("-3,5")


@settings(deadline=None)
@given(st.text(alphabet=" \n\t0123456789-–−,.%kr§()/:\u00a0", max_size=200))
def test_atoms_are_the_digits_of_the_text_in_order(text: str) -> None:
    atoms = find_atoms(text)
    assert "".join(atom.text for atom in atoms) == "".join(character for character in text if character in "0123456789")
    assert all(text[atom.start : atom.end] == atom.text for atom in atoms)
    assert all(first.end <= second.start for first, second in pairwise(atoms))


def test_a_rule_exempts_its_group_or_all_of_its_match() -> None:
    text = "§\u00a045 gäller 12 platser, dnr KS\u202f2024/123 och 3\u20139 juni"
    rules = [
        Rule("paragraph", "§ (?P<n>[0-9]+)", "paragraph"),
        Rule("diary", "dnr [A-Z]+ [0-9/]+", "diary"),
        Rule("date", "(?P<n>[0-9]+[–-][0-9]+) juni", "date"),
    ]
    atoms = find_atoms(text)
    found = exempt_atoms(atoms, find_exemptions(text, rules))
    assert [
        (atom.text, exemption and exemption.rule.rule_id) for atom, exemption in zip(atoms, found, strict=True)
    ] == [
        ("45", "paragraph"),
        ("12", None),
        ("2024", "diary"),
        ("123", "diary"),
        ("3", "date"),
        ("9", "date"),
    ]


def test_a_rule_that_is_no_expression_is_named() -> None:
    with pytest.raises(RuleError, match="broken-one"):
        find_exemptions("text", [Rule("broken-one", "(", "")])
