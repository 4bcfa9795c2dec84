"""Identity numbers are found and masked however they are written, and what only looks alike is left alone."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.intake.personal import CANDIDATE, MASK, PREFILTER, identity_numbers, masked

# the example of the official description of the number, and a number that is nobody's
WRITTEN = (
    "64-08-23-3234",
    "64.08.23-3234",
    "640823_3234",
    "640823:3234",
    "640823--3234",
    "640823-3234",
    "640823+3234",
    "6408233234",
    "196408233234",
    "19640823-3234",
    "19640823 3234",
    "640823 3234",
    "640883-3231",
    "640823–3234",
    "640823—3234",
    "640823\u20103234",
    "640823\u20113234",
    "640823−3234",
    "640823\u00a03234",
    "640823\u202f3234",
    "640823\u00ad3234",
    "640823-\u200b3234",
    "640823 - 3234",
    "640823 – 3234",
    "640823/3234",
    "640823.3234",
    "1964-08-23-3234",
    "1964-08-23 3234",
    "1964‑08‑23–3234",
    "1964.08.23-3234",
    "1964/08/23/3234",
    "1964-08-233234",
    "20121212-1212",
    "201212121212",
    "2012-12-12-1212",
    "1964 08 23-3234",
    "64 08 23-3234",
)
OTHERS = (
    # amounts, accounts, vouchers, organisation numbers, dates, phone numbers
    "640823,32",
    "640823.32",
    "6408233234,50",
    "6408233234.50",
    "1640823323",
    "16408233234",
    "64082332340",
    "640 823,32 34",
    "64 08 23 3234",
    "6408233234,6408233234",
    "4011 45 1234 5000",
    "4011-4510-16-1001",
    "2024001234",
    "2024-00-12-3234",
    "20240131 1234",
    "20240131\u00a01234",
    "2024-01-31 1234",
    "betalt 2024-01-31  1234",
    "2024-01-31",
    "202401-202412",
    "2024-01-31 12:34",
    "212000-0142",
    "212000–0142",
    "556036-0793",
    "556036 − 0793",
    "16556036-0793",
    "802002.4280",
    "640823-3235",
    "640823, 3234",
    "641323-3234",
    "08-640 823 32",
)


@pytest.mark.parametrize("number", WRITTEN)
@pytest.mark.parametrize("text", ["{}", "Ersättning {} maj", "pnr:{}.", "({})"])
def test_an_identity_number_is_found_and_masked(number: str, text: str) -> None:
    written = text.format(number)
    assert [match[0] for match in identity_numbers(written)] == [number]
    assert masked(written) == text.format(MASK)


@pytest.mark.parametrize("text", OTHERS)
def test_what_looks_alike_is_no_identity_number(text: str) -> None:
    assert list(identity_numbers(text)) == []


@pytest.mark.parametrize("text", ["20240131 1234", "2024-01-31 1234"])
def test_what_may_be_a_date_and_a_number_is_masked_all_the_same(text: str) -> None:
    assert masked(text) == MASK


SIGNS = st.text(st.sampled_from("0123456789-–‑−+/. \u00a0\u202f\u00ad\u200b\nå"), max_size=5)


@given(st.builds("".join, st.tuples(SIGNS, st.just("640823"), SIGNS, st.sampled_from(["3234", "323"]), SIGNS)))
def test_the_filter_of_a_database_passes_over_no_candidate(text: str) -> None:
    [(passed,)] = duckdb.execute("select regexp_matches(?, ?)", [text, PREFILTER]).fetchall()
    assert passed or not CANDIDATE.search(text)


@pytest.mark.parametrize("number", WRITTEN)
def test_the_filter_of_a_database_lets_every_form_through(number: str) -> None:
    assert duckdb.execute("select regexp_matches(?, ?)", [number, PREFILTER]).fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rad 1.640823-3234", f"rad 1.{MASK}"),
        ("19640823-3234,2 dagar", f"{MASK},2 dagar"),
        ("19640823-3234,19640823-3234", f"{MASK},{MASK}"),
        ("640823-3234.5", f"{MASK}.5"),
        ("196408233234,5", f"{MASK},5"),
    ],
)
def test_a_number_with_a_dash_or_a_century_is_no_amount(text: str, expected: str) -> None:
    assert masked(text) == expected
    assert any(identity_numbers(text))
