"""#KSUMMA is computed as the specification says (sections 10.4-10.15), and a file that breaks it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.sie.checksum import Checksum
from bokslut.intake.sie.fields import split_fields
from bokslut.intake.sie.writer import quoted
from sie_samples import SAMPLE, findings, read, write


def crc(data: bytes) -> int:
    """CRC-32 bit by bit: polynomial EDB88320, begun with FFFFFFFF and inverted at the end."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def summed(text: str) -> int:
    checksum = Checksum()
    checksum.add(text)
    return checksum.value


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ('#KONTO 1915 "Kassa \\"special\\""', '#KONTO1915Kassa "special"'),
        ('#TRANS\t5010  {1 "4 5"} -5.00 "" "{Kök}"\r\n}\r\n', "#TRANS501014 5-5.00{Kök}"),
        ('#PROSA "C:\\temp"\n', "#PROSAC:\\temp"),
    ],
)
def test_the_checksum_covers_labels_and_fields_alone(text: str, covered: str) -> None:
    assert summed(text) == crc(covered.encode("cp437"))


@settings(deadline=None)
@given(st.lists(st.text('"\\{} abå').filter(lambda text: not text.endswith("\\"))))
def test_the_checksum_is_that_of_the_fields_as_they_are_split(texts: list[str]) -> None:
    line = " ".join(["#PROSA", *map(quoted, texts)])
    label, fields = split_fields(line)
    assert summed(line) == crc((label + "".join(map(str, fields))).encode("cp437"))


def with_sum(value: str | None = None, first: str = "#KSUMMA") -> str:
    flag, rest = SAMPLE.split("\n", 1)
    closing = "" if value == "" else f"#KSUMMA {value or summed(rest)}\n"
    return f"{flag}\n{first}\n{rest}{closing}"


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "cp1252"])
def test_a_right_checksum_is_said_to_hold_in_every_character_set(encoding: str, tmp_path: Path) -> None:
    assert read(write(tmp_path, with_sum(), encoding)).summary.has_checksum


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (with_sum("1234567890"), "the checksum is"),
        (with_sum("x"), "the checksum is"),
        (with_sum(""), "closing #KSUMMA is missing"),
        (with_sum(first="#KSUMMA 5"), "first #KSUMMA"),
        (with_sum() + "#KSUMMA\n", "third #KSUMMA"),
        (with_sum().replace("Hyra", "Lyra"), "the checksum is"),
        (with_sum().replace("Hyra", "Hyra €"), "the checksum is"),
    ],
)
def test_a_wrong_checksum_is_refused(text: str, message: str, tmp_path: Path) -> None:
    found = findings(write(tmp_path, text, "cp1252"))
    assert [each for each in found if message in each.what], found


def test_the_last_line_may_lack_its_end_when_it_is_the_checksum(tmp_path: Path) -> None:
    assert read(write(tmp_path, with_sum().rstrip("\n"))).summary.has_checksum
