"""The gate in front of dbt: check_headers finds every way in which a seed's file or header is not the declared one.

Only files and first lines are judged here, without dbt; test_refused_inputs.py shows that dbt obeys.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.intake.declarations import Declaration, read_declarations
from bokslut.intake.headers import check_headers
from project import REPOSITORY

COLUMNS = ("organisation_id", "board_id", "amount", "scale")
HEADER = ",".join(COLUMNS)
DECLARED = {"boards": Declaration("boards", COLUMNS, Path("_board__seeds.yml"))}


def found(folder: Path, content: bytes | None) -> list[str]:
    """What the gate says of a folder that holds boards.csv with this content, paths relative to it."""
    if content is not None:
        (folder / "boards.csv").write_bytes(content)
    return [str(finding).replace(f"{folder}/", "") for finding in check_headers(DECLARED, [folder])]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n".encode(),
        HEADER.encode(),
        f"{HEADER}\r\n1882,KS,1,1\r\n".encode(),
        b'"organisation_id","board_id","amount","scale"\n',
        f"{HEADER}\n1882,KS,å,1\n".encode(),
    ],
    ids=["header only", "without a line end", "CRLF", "quoted", "Swedish text"],
)
def test_the_declared_header_is_accepted(tmp_path: Path, content: bytes) -> None:
    assert found(tmp_path, content) == []


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("organisation_id,board_id,amount", "column scale is missing"),
        ("organisation_id,board_id,belopp,scale", "column amount is missing and column belopp is unknown"),
        ("organisation_id,board_id,scale,amount", "column scale stands where amount belongs"),
        ("organisation_id,board_id,amount,amount", "column amount stands more than once"),
        ("organisation_id,board_id,amount,scale,note", "column note is unknown"),
        ("organisation_id,board_id,amount,scale,", "column  is unknown"),
        ("organisation_id,board_id,Amount,scale", "column amount is missing and column Amount is unknown"),
        ("organisation_id,board_id, amount,scale", "column amount is missing and column  amount is unknown"),
        (
            "organisation_id;board_id;amount;scale",
            "column organisation_id, board_id, amount, scale is missing"
            " and column organisation_id;board_id;amount;scale is unknown",
        ),
        ("", "column organisation_id, board_id, amount, scale is missing"),
    ],
)
def test_another_header_is_refused_with_its_line_and_the_right_one(tmp_path: Path, header: str, what: str) -> None:
    expected = [f"boards.csv:1: {what} - the header must be: {HEADER}"]
    assert found(tmp_path, f"{header}\n1882,KS,1,1\n".encode()) == expected


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", f"boards.csv:1: the file is empty - write the header: {HEADER}"),
        (
            b"\xef\xbb\xbf" + HEADER.encode(),
            "boards.csv:1: the file begins with a byte order mark - save it as UTF-8 without one",
        ),
        (f"{HEADER}\n1882,Nämnd,1,1\n".encode("cp1252"), "boards.csv:1: not UTF-8 (byte 44) - save it as UTF-8"),
        (HEADER.encode("utf-16"), "boards.csv:1: not UTF-8 (byte 0) - save it as UTF-8"),
    ],
    ids=["empty", "BOM", "cp1252", "UTF-16"],
)
def test_another_encoding_or_nothing_at_all_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    assert found(tmp_path, content) == [what]


def test_a_missing_file_is_refused_with_the_header_to_write(tmp_path: Path) -> None:
    assert found(tmp_path, None) == [
        f"boards.csv: no such file, though _board__seeds.yml declares it - add it; header alone is fine: {HEADER}"
    ]


def test_an_undeclared_file_and_a_second_one_of_the_same_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/boards.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    (tmp_path / "more/extra.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    assert found(tmp_path, f"{HEADER}\n".encode()) == [
        f"more/boards.csv: the seed stands in {tmp_path}/boards.csv too - keep one of them".replace(f"{tmp_path}/", ""),
        "more/extra.csv: this seed is not declared - declare it in the reference folder's _*.yml, or move it away",
    ]


def test_every_fault_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    declared = {name: Declaration(name, COLUMNS, Path("_x.yml")) for name in ("a", "b", "c")}
    (tmp_path / "a.csv").write_text("amount\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    assert [finding.file.name for finding in check_headers(declared, [tmp_path])] == ["a.csv", "b.csv", "c.csv"]


@given(order=st.permutations(COLUMNS), rows=st.lists(st.sampled_from(["1882,KS,1,1", "1882,KS,,"]), max_size=2))
def test_every_order_of_the_columns_but_the_declared_one_is_refused(order: Sequence[str], rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        findings = found(Path(folder), "\n".join([",".join(order), *rows, ""]).encode())
    assert (findings == []) == (tuple(order) == COLUMNS)
    if findings:
        assert findings[0].startswith("boards.csv:1: column ") and findings[0].endswith(HEADER)


@given(header=st.lists(st.sampled_from([*COLUMNS, "note", "amount ", ""]), max_size=6))
def test_every_list_of_columns_but_the_declared_one_is_refused(header: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        findings = found(Path(folder), f"{','.join(header)}\n1882,KS,1,1\n".encode())
    assert (findings == []) == (tuple(header) == COLUMNS)


def test_the_seeds_of_the_repository_pass_and_each_is_declared_once() -> None:
    reference, board = REPOSITORY / "seeds/reference", REPOSITORY / "seeds/board"
    declarations = read_declarations(reference)
    names = [
        line.split(":", 1)[1].strip()
        for path in sorted(reference.glob("_*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("  - name:")
    ]
    assert sorted(names) == sorted(declarations)
    assert check_headers(declarations, [reference, board]) == []
