"""What the writer writes, the reader reads: vouchers, objects, texts, amounts, register and checksum."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bokslut.intake.sie.lines import NOTHING_IS_USUAL
from bokslut.intake.sie.records import (
    Account,
    Balance,
    Dimension,
    FiscalYear,
    Header,
    Register,
    SieObject,
    Transaction,
    Voucher,
)
from bokslut.intake.sie.writer import write_sie
from sie_samples import findings, read

YEAR = FiscalYear(0, datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
# the register has a letter that tells the character set (Område below), as a text of only ½ or ß does not
DIMENSIONS = (Dimension(1, "Ansvar"), Dimension(6, "Projekt"), Dimension(20, "Verksamhet"), Dimension(21, "Motpart"))
NO_RUN = 10**9  # lines that vouchers in a row must have to be read at once
PARTS = {1: "ansvar", 6: "project", 20: "activity", 21: "motpart"}
# signs that mean something in the format, and letters that tell the character sets apart
TEXT = st.text('"\\{}# ab0,-åäöÅÄÖé½ß', max_size=12).filter(lambda text: not text.endswith("\\"))
CODE = TEXT.map(str.strip).filter(lambda text: not text.endswith("\\"))
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
AMOUNT = st.integers(-(10**15), 10**15).map(lambda ore: Decimal(ore).scaleb(-2))
ACCOUNT = st.integers(1, 999_999).map(str)
DATE = st.dates(YEAR.starts_on, YEAR.ends_on)
OBJECTS = st.lists(
    st.tuples(st.sampled_from(sorted(PARTS)), CODE.filter(bool)),
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(tuple)
KIND = st.sampled_from(["TRANS", "TRANS", "TRANS", "RTRANS", "BTRANS"])
TRANSACTION = st.builds(Transaction, ACCOUNT, AMOUNT, OBJECTS, st.none() | DATE, TEXT, KIND)


def balanced(voucher: Voucher) -> Voucher:
    counted = sum((each.amount for each in voucher.transactions if each.kind != "BTRANS"), Decimal(0))
    return Voucher(
        voucher.series,
        voucher.number,
        voucher.date,
        voucher.text,
        (*voucher.transactions, Transaction("2999", -counted)),
        voucher.registered_on,
    )


VOUCHER = st.builds(
    Voucher, TEXT, TEXT, DATE, TEXT, st.lists(TRANSACTION, max_size=5).map(tuple), st.none() | DATE
).map(balanced)
VOUCHERS = st.lists(VOUCHER, min_size=1, max_size=8, unique_by=lambda each: (each.series, each.number, each.date))
BALANCE = st.builds(Balance, st.just("PBUDGET"), st.just(0), ACCOUNT, AMOUNT, OBJECTS, st.integers(202401, 202412))
REGISTER = st.builds(
    Register,
    st.builds(Header, TEXT, TEXT, TEXT, st.just("212000-0001"), generated_on=DATE, covers_to=DATE, comment=TEXT),
    st.just((YEAR, FiscalYear(-1, datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)))),
    st.lists(
        st.builds(Account, ACCOUNT, TEXT, st.sampled_from(["", "T", "S", "K", "I"])), unique_by=lambda each: each.number
    ).map(tuple),
    st.just((*DIMENSIONS, Dimension(30, "Område", 1))),
    st.lists(
        st.builds(SieObject, st.integers(1, 30), CODE, TEXT),
        unique_by=lambda each: (each.dimension, each.number),
    ).map(tuple),
    st.lists(BALANCE, max_size=5, unique_by=lambda each: (each.account, frozenset(each.objects), each.period)).map(
        tuple
    ),
)


def expected_rows(vouchers: Sequence[Voucher]) -> list[dict[str, Any]]:
    """What the reader should give of the vouchers, without source lines."""
    rows = []
    for voucher in vouchers:
        counted = [each for each in voucher.transactions if each.kind != "BTRANS"]
        for line, each in enumerate(counted, start=1):
            day = each.date or voucher.date
            codes = {PARTS[number]: code for number, code in each.objects}
            rows.append(
                {
                    "fiscal_year": 2024,
                    "period": day.month,
                    "scenario": "actual",
                    "version": None,
                    "series": voucher.series or None,
                    "voucher": voucher.number or None,
                    "line": line,
                    "booked_on": day,
                    "account": each.account,
                    **{part: codes.get(part) for part in ("ansvar", "activity", "project", "motpart")},
                    "amount": each.amount,
                    "text": each.text or voucher.text or None,
                }
            )
    return rows


def written(folder: Path, register: Register, vouchers: Sequence[Voucher], **options: Any) -> Path:
    path = folder / "written.se"
    with path.open("wb") as file:
        write_sie(file, register, vouchers, **options)
    return path


@FEW
@given(REGISTER, VOUCHERS, st.booleans(), st.sampled_from(["cp437", "utf-8"]))
def test_a_written_file_is_read_back_exactly(
    tmp_path: Path, register: Register, vouchers: list[Voucher], has_checksum: bool, encoding: str
) -> None:
    path = written(tmp_path, register, vouchers, has_checksum=has_checksum, encoding=encoding)
    reading = read(path)
    rows = [{name: value for name, value in row.items() if name != "source_line"} for row in reading.rows]
    assert rows == expected_rows(vouchers)
    assert reading.summary.register == register
    assert reading.summary.has_checksum == has_checksum
    struck = sum(each.kind == "BTRANS" for voucher in vouchers for each in voucher.transactions)
    added = sum(each.kind == "RTRANS" for voucher in vouchers for each in voucher.transactions)
    assert (reading.summary.struck, reading.summary.added) == (struck, added)


@FEW
@given(REGISTER, VOUCHERS)
def test_a_file_without_usual_lines_is_read_alike(tmp_path: Path, register: Register, vouchers: list[Voucher]) -> None:
    path = written(tmp_path, register, vouchers)
    exact = read(path, usual=NOTHING_IS_USUAL, shortest_run=NO_RUN)
    assert read(path, shortest_run=1) == read(path, shortest_run=NO_RUN) == exact


@FEW
@given(REGISTER, VOUCHERS, st.data())
def test_a_flipped_character_is_refused_by_the_checksum(
    tmp_path: Path, register: Register, vouchers: list[Voucher], data: st.DataObject
) -> None:
    path = written(tmp_path, register, vouchers, has_checksum=True)
    content = path.read_bytes()
    start, end = content.index(b"#PROGRAM"), content.rindex(b"#KSUMMA")
    digits = [place for place in range(start, end) if content[place : place + 1].isalnum()]
    place = data.draw(st.sampled_from(digits))
    new = b"7" if content[place : place + 1] != b"7" else b"8"
    path.write_bytes(content[:place] + new + content[place + 1 :])
    assert findings(path)


def test_a_checksum_alone_betrays_a_changed_text(tmp_path: Path) -> None:
    register = Register(Header("P", "1", "N"), (YEAR,), dimensions=DIMENSIONS)
    voucher = balanced(Voucher("A", "1", YEAR.starts_on, "Hyra", (Transaction("5010", Decimal("5.00")),)))
    path = written(tmp_path, register, [voucher], has_checksum=True)
    assert findings(path) == []
    path.write_bytes(path.read_bytes().replace(b"Hyra", b"Lyra"))
    (found,) = findings(path)
    assert (found.column, found.line) == ("#KSUMMA", path.read_bytes().count(b"\n"))


def test_lines_are_numbered_as_in_the_file_over_many_blocks(tmp_path: Path) -> None:
    register = Register(Header("P", "1", "N"), (YEAR,), dimensions=DIMENSIONS)
    vouchers = [
        balanced(Voucher("A", str(number), YEAR.starts_on, f"Å {number}", (Transaction("5010", Decimal(number)),)))
        for number in range(1, 30_000)
    ]
    path = written(tmp_path, register, vouchers)
    lines = path.read_bytes().split(b"\n")
    rows = read(path).rows
    assert len(rows) == 2 * len(vouchers)
    for row in rows:
        assert lines[row["source_line"] - 1].startswith(f"#TRANS {row['account']} {{}} {row['amount']}".encode())


def test_one_voucher_over_many_blocks(tmp_path: Path) -> None:
    register = Register(Header("P", "1", "N"), (YEAR,), dimensions=DIMENSIONS)
    many = tuple(Transaction("5010", Decimal(number % 7 - 3), ((20, str(number % 50)),)) for number in range(60_000))
    voucher = balanced(Voucher("A", "1", YEAR.starts_on, "Allt", many))
    rows = read(written(tmp_path, register, [voucher])).rows
    assert [row["line"] for row in rows] == list(range(1, 60_002))
    assert {(row["series"], row["voucher"], row["text"]) for row in rows} == {("A", "1", "Allt")}


@pytest.mark.parametrize(
    ("transaction", "message"),
    [
        (Transaction("5010", Decimal("1.001")), "two decimals"),
        (Transaction("5010", Decimal(1), text="a\tb"), "control character"),
        (Transaction("5010", Decimal(1), text="a\nb"), "control character"),
        (Transaction("5010", Decimal(1), text="C:\\"), "backslash"),
        (Transaction("5010", Decimal(1), text="100 €"), "not in cp437"),
    ],
)
def test_what_the_format_cannot_hold_is_not_written(transaction: Transaction, message: str) -> None:
    voucher = Voucher("A", "1", YEAR.starts_on, "", (transaction,))
    with pytest.raises(ValueError, match=message):
        write_sie(io.BytesIO(), Register(Header(), (YEAR,)), [voucher])
