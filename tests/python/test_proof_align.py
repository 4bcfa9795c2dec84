"""Numerals are split and found by what is expected, in document order: side by side, missing, changed or too many."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.proof.align import Expected, Kind, Pair, align, unlikeness
from bokslut.proof.formatting import printed_form
from bokslut.proof.numerals import Atom, find_atoms, shown
from bokslut.proof.reader import build_document

printed_numbers = st.builds(
    printed_form,
    st.one_of(
        st.integers(-1000, 1000).map(Decimal),
        st.integers(-(10**7), 10**7).map(Decimal),
        st.sampled_from([Decimal(0), Decimal(-370), Decimal(370), Decimal(1000), Decimal(632)]),
    ),
    st.just(1),
    st.sampled_from([0, 0, 0, 1, 2]),
)


def aligned(text: str, expected: list[str], exempt: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Kind and text of what stands for each expected numeral. exempt: atoms that a rule covers."""
    document = build_document("text", text)
    words = [word for word in expected if word.isalpha()]
    atoms = find_atoms(text, words)
    pairs = align(
        document, atoms, [atom.text in exempt for atom in atoms], [Expected.of(form, "") for form in expected]
    )
    return [(pair.kind.value, found(text, atoms, form, pair)) for form, pair in zip(expected, pairs, strict=True)]


def found(text: str, atoms: list[Atom], form: str, pair: Pair) -> str:
    if pair.kind is Kind.MISSING:
        return ""
    return shown(text, atoms, pair.first, pair.end, loose_minus=form.startswith("-"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(printed_numbers, min_size=1, max_size=8), min_size=1, max_size=12))
def test_rows_joined_by_single_spaces_are_split_back(rows: list[list[str]]) -> None:
    text = "\n".join(" ".join(row) for row in rows)
    expected = [form for row in rows for form in row]
    assert aligned(text, expected) == [("matched", form) for form in expected]


@settings(max_examples=100, deadline=None)
@given(st.lists(printed_numbers, min_size=2, max_size=15), st.data())
def test_one_missing_is_one_missing(row: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(row) - 1))
    text = "; ".join(form for index, form in enumerate(row) if index != gone)
    kinds = [kind for kind, _ in aligned(text, row)]
    assert kinds.count("missing") == 1
    assert kinds.count("matched") == len(row) - 1


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=" \n\t0123456789-\u2013,.%tre\u00a0", max_size=120),
    st.lists(st.one_of(printed_numbers, st.just("tre")), max_size=12),
    st.data(),
)
def test_any_text_gives_one_pair_each_in_order(text: str, expected: list[str], data: st.DataObject) -> None:
    atoms = find_atoms(text, ["tre"])
    exempt = data.draw(st.lists(st.booleans(), min_size=len(atoms), max_size=len(atoms)))
    pairs = align(build_document("text", text), atoms, exempt, [Expected.of(form, "row") for form in expected])
    assert len(pairs) == len(expected)
    end = 0
    for pair in pairs:
        assert end <= pair.first <= pair.end <= len(atoms)
        assert (pair.first == pair.end) is (pair.kind is Kind.MISSING)
        end = pair.end


def test_side_by_side_cells() -> None:
    assert aligned("-3 184 162", ["-3 184", "162"]) == [("matched", "-3 184"), ("matched", "162")]
    assert aligned("0 -370 370", ["0", "-370", "370"]) == [("matched", "0"), ("matched", "-370"), ("matched", "370")]
    assert aligned("-1 000 632", ["-1 000", "632"]) == [("matched", "-1 000"), ("matched", "632")]
    assert aligned("-1 000 632", ["-1 000 632"]) == [("matched", "-1 000 632")]
    assert aligned("kvartal 1 2025", ["1"], frozenset(["2025"])) == [("matched", "1")]


def test_broken_over_lines() -> None:
    assert aligned("på 126 \n\n342 tkr", ["126 342"]) == [("matched", "126 342")]
    assert aligned("bli -\n\n3,2 mkr", ["-3,2"]) == [("matched", "-3,2")]
    assert aligned("på 12,\n6 mkr", ["12,6"]) == [("matched", "12,6")]


def test_another_numeral_at_the_place() -> None:
    assert aligned("Hus -3 194 162", ["-3 184", "162"]) == [("substituted", "-3 194"), ("matched", "162")]
    assert aligned("på 5 400 tkr", ["400"]) == [("substituted", "5 400")]
    assert aligned("på 63.7 procent", ["63,7"]) == [("substituted", "63.7")]
    assert aligned("på 63,75 procent", ["63,7"]) == [("substituted", "63,75")]
    assert aligned("på 126342 tkr", ["126 342"]) == [("substituted", "126342")]
    assert aligned("på 13 050 tkr", ["-13 050"]) == [("substituted", "13 050")]
    assert aligned("på -13 050 tkr", ["13 050"]) == [("substituted", "-13 050")]


def test_an_exempt_numeral_is_no_other_one() -> None:
    assert aligned("etapp 3", ["7"], frozenset(["3"])) == [("missing", "")]
    assert aligned("elever 2000", ["1000"], frozenset(["2000"])) == [("substituted", "2000")]


def test_number_words() -> None:
    assert aligned("Tre av fyra", ["tre", "fyra"]) == [("matched", "Tre"), ("matched", "fyra")]


def test_repeated_values_are_told_apart_by_their_place() -> None:
    names = ["Alen", "Boken", "Lunden", "Tallen"]
    text = "\n\n".join(f"{name} skola, solskydd -37" for name in names if name != "Boken")
    document = build_document("text", text)
    atoms = find_atoms(text)
    pairs = align(document, atoms, [False] * 3, [Expected.of("-37", f"{name} skola, solskydd") for name in names])
    assert [pair.kind is Kind.MISSING for pair in pairs] == [False, True, False, False]


def test_a_long_document_without_any_anchor_is_aligned() -> None:
    generator = random.Random(1)  # noqa: S311 - no secret
    text = " ; ".join(str(generator.randrange(10, 99)) for _ in range(4000))
    expected = [str(generator.randrange(10, 99)) for _ in range(900)]
    aligned_kinds = aligned(text, expected)
    assert len(aligned_kinds) == 900


def test_unlikeness() -> None:
    assert unlikeness("-3 184", "-3 184") == 0
    assert unlikeness("0", "7") == 1
    assert unlikeness("-3 184", "-3 194") == 1 / 6
