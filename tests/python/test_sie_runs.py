"""Vouchers that are read at once give what they give line by line: the same rows, summary and findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bokslut.intake.findings import RefusedError
from bokslut.intake.sie.plain import CLOSES, HEAD, OPENS, OTHER, TRANSACTION, cut
from bokslut.intake.sie.reader import BATCH_ROWS, SieOptions, read_sie
from sie_samples import HEAD as REGISTER
from sie_samples import MAPPING, read, write

AT_ONCE, BY_LINE = 1, 10**9  # lines that a run must have
BLANK = st.sampled_from([" ", " ", " ", " ", " ", "  ", "\t"])
ACCOUNT = st.sampled_from(["1910", "5010", "3010", '"1910"', "٣", "19x", "0", ""])
LISTED = st.sampled_from(
    [
        *("{}", "{}", "{ }", '{20 "45"}', '{1 "100" 20 "45" 6 "P1"}', "{1 100}", '{"1" "100"}', '{1 "a b"}'),
        *('{1 "a}b"}', '{1 "a{b"}', '{1 "a} 5"}', "{1 {2}}", "{1}", '{1 "1" 1 "2"}', '{7 "x"}', '{1 ""}', '{1 "x}'),
        *('{1 "å\\"ä"}', "{1 a\tb}", "{1 a}{6 b}", '{1 " 100 "}', "", '{x "1"}', '{99999999999 "1"}'),
    ]
)
AMOUNT = st.sampled_from(
    [
        *("1", "2.50", "0.01", "1234567890.12", "12345678901", "999999999999999.99", "10000000000000000", "0"),
        "00.5",
        *("1.", ".5", "1.234", "1e5", "+1", "1,5", "1 000", "", "x", '"5"', "5\x07", "NaN", "--1"),
    ]
)
DAY = st.sampled_from(
    [
        *("20240115", "20240229", '"20240131"', '""', "20240230", "20230630", "20220101", "2024", "", '"20240101'),
        "20241231",
    ]
)
TEXT = st.sampled_from(
    [
        *(
            '"Hyra"',
            '"Hyra för mars"',
            '""',
            "Hyra",
            "Hyra mars",
            '"a" 5 "sign"',
            '"a" ""',
            '"a"  x ',
            '"a"b',
            '"a" "b',
            '"',
        ),
        *(
            '"a{b}c"',
            "{x}",
            "a{b",
            '"a\\"b"',
            '"C:\\temp"',
            '"a\tb"',
            '"a\x7fb"',
            '"a" {1 2}',
            '"a""b"',
            'a"b',
            '"""',
            " ",
        ),
    ]
)
WAYS = st.sampled_from(["all", "all", "all", "no text", "no day"])
LABEL = st.sampled_from(
    ["#TRANS"] * 12 + ["#RTRANS", "#BTRANS", " #TRANS", "\t#TRANS", "#trans", '"#TRANS"', "#TRANSX"]
)


@st.composite
def transactions(draw: st.DrawFn) -> list[str]:
    """A line, often with all the same again and the amount turned, so that the voucher adds up."""
    label, account, listed, amount = draw(LABEL), draw(ACCOUNT), draw(LISTED), draw(AMOUNT)
    way, end = draw(WAYS), draw(st.sampled_from(["", "", "", "", " ", "\t"]))
    rest = {"all": [draw(DAY), draw(TEXT)], "no text": [draw(DAY)], "no day": []}[way]
    blanks = [draw(BLANK) for _ in range(5)]

    def line(sign: str) -> str:
        fields = [label, account, listed, sign + amount, *rest]
        return "".join(field + blank for field, blank in zip(fields, [*blanks, ""], strict=False)).rstrip() + end

    return [line(""), line("-")] if draw(st.integers(0, 9)) else [line("")]


PLAIN = st.sampled_from(
    [
        ['#TRANS 5010 {1 "100" 20 "45"} 5 20240115 "Lokal"', "#TRANS 1910 {} -5"],
        ["#TRANS 5010 {20 45} 2.50", '#TRANS 1910 {} -2.5 "" "Betalt"'],
        ["#TRANS 2440 {} 1.10 20240229 Porto"] * 2 + ["#TRANS 1910 {} -2.20"],
    ]
)
HEADS = st.sampled_from(
    [*('#VER A {} 20240115 "Hyra"', '#VER "B" "{}" 20240115 "Hyra" 20240116', "#VER A {} 20240115")] * 6
    + [*('#VER A "" 20240115 "Utan"', '#VER A 1 20240115 "Ett"', '#VER "" {} "20240115" ""', "#VER A{} 20240115 x")]
    + [*('#VER A {} 20230115 "Förra"', "#VER A {} 20240230 x", '#VER A 0{} 20240101 "a\\"b"', "#VER A {} 20220101")]
    + [*("#VER A {}", '#VER "A B" {} 20240115 "a" sign', '#VER A {} 20240115 "a" {{x}}', ' #VER A {} 20240115 "a"')]
    + ['#VER A  {} 20240115 "a"', '#VER A٣ ٣{} 20240115 "a"', '#VER A {}b 20240115 "a"', '#VER A {} "" "a"']
)
BETWEEN = st.sampled_from(
    [
        *("", "", "}", "{", "#NEW 1", '#KONTO 1920 "Bank"', '#DIM 7 "Anställd"', "#RAR -2 20220101 20221231", "x"),
        " ",
        *("#KSUMMA", "#BTRANS 1910 {} 5", "#RTRANS 1910 {} 5", "#TRANS 1910 {} 5", "\x1a", "#VER A 9 20240101"),
    ]
)


@st.composite
def vouchers(draw: st.DrawFn) -> list[str]:
    """A voucher, its head numbered by the place it takes in the file; now and then something else beside it."""
    bodies = draw(st.lists(st.one_of(PLAIN, PLAIN, PLAIN, transactions()), min_size=1, max_size=3))
    lines = [draw(HEADS), "{", *(line for body in bodies for line in body), "}"]
    if draw(st.integers(0, 7)) == 0:
        place = draw(st.integers(0, len(lines)))
        lines[place : place + draw(st.integers(0, 1))] = [draw(BETWEEN)]
    return lines


FILES = st.lists(st.one_of(vouchers(), st.builds(lambda head, body: [head, "{", *body, "}"], HEADS, PLAIN)), max_size=8)
FEW = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def text_of(parts: list[list[str]]) -> str:
    """The file, each voucher with a number of its own."""
    return REGISTER + "".join(
        (line.format(number) if line.lstrip().startswith("#VER") else line) + "\n"
        for number, part in enumerate(parts, start=1)
        for line in part
    )


def outcome(path: Path, shortest_run: int) -> Any:
    """All that a reading gives, or all that it finds."""
    try:
        return read(path, shortest_run=shortest_run, year_end_series=frozenset("B"))
    except RefusedError as error:
        return error.findings


@FEW
@given(FILES, st.sampled_from(["\n", "\r\n", "\r\n"]), st.booleans())
def test_vouchers_read_at_once_and_line_by_line_are_the_same(
    tmp_path: Path, parts: list[list[str]], end: str, is_mixed: bool
) -> None:
    text = text_of(parts).replace("\n", end)
    text = text.replace(end, "\n", 25).replace("\n", end, 20) if is_mixed else text
    path = write(tmp_path, text.encode("utf-8"))
    assert outcome(path, AT_ONCE) == outcome(path, BY_LINE)


@FEW
@given(st.lists(transactions(), min_size=1, max_size=4))
def test_any_transaction_among_plain_vouchers_is_read_alike(tmp_path: Path, bodies: list[list[str]]) -> None:
    plain = ['#VER A {} 20240115 "Hyra"', "{", '#TRANS 5010 {20 "45"} 5', "#TRANS 1910 {} -5", "}"]
    odd = ['#VER A {} 20240115 "Hyra"', "{", *(line for body in bodies for line in body), "}"]
    path = write(tmp_path, text_of([plain, odd, plain]).encode("utf-8"))
    assert outcome(path, AT_ONCE) == outcome(path, BY_LINE)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('#VER A 1 20240115 "Hyra"', HEAD),
        ('#VER "A" "1" 20240115 "Hyra för två" 20240116 "sign"', HEAD),
        ("#VER A 1 20240115", HEAD),
        ('#TRANS 1910 {1 "100" 20 "45"} -5.50 20240115 "Lokal"', TRANSACTION),
        ('  #TRANS 1910 {} 5 "" "Lokal" 0 "sign"', TRANSACTION),
        ("\t#TRANS 1910 {1 100} 5 20240115 Porto", TRANSACTION),
        ("#TRANS 1910 {} 5", TRANSACTION),
        ("{", OPENS),
        (" }", CLOSES),
        ('#TRANS 1910 {} 5 "" "a\\"b"', OTHER),
        ("#TRANS\t1910 {} 5", OTHER),
        ('#VER A 1 20240115 "a" {1}', OTHER),
        ("#BTRANS 1910 {} 5", OTHER),
        ("#TRANS 1910 {} 12345678901", OTHER),
        ("", OTHER),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_programs_write_is_plain_and_nothing_else(line: str, kind: int, end: str) -> None:
    plain = cut(f"#FLAGGA 0{end}{line}{end}}}{end}")
    assert plain
    assert list(plain.kinds) == [OTHER, kind, CLOSES]
    assert (plain.heads.places, plain.transactions.places) == ([1] * (kind == HEAD), [1] * (kind == TRANSACTION))


def test_a_large_file_with_odd_vouchers_in_between_is_read_alike(tmp_path: Path) -> None:
    lines = [REGISTER]
    for number in range(1, 60_000):
        day = f"2024{number % 12 + 1:02}{number % 28 + 1:02}"
        text = f' {day} "a\\"b"' if number % 997 == 0 else "" if number % 7 else f' {day} "Hyra {number % 50} på Åsen"'
        head = f'#VER {"AB"[number % 2]} {number} {day} "Lön"'
        lines.append(
            f'{head}\n{{\n#TRANS 5010 {{20 "{number % 300}"}} {number}.10{text}\n#TRANS 1910 {{}} -{number}.1\n}}\n'
        )
    lines.append("#VER C 1 20240101 Allt\n{\n" + "#TRANS 5010 {} 1\n#TRANS 1910 {} -1\n" * 30_000 + "}\n")
    path = write(tmp_path, "".join(lines))
    batches = []
    for shortest in (400, BY_LINE):
        reading = read_sie(path, SieOptions(MAPPING, shortest_run=shortest))
        batches.append((list(reading.batches()), reading.summary()))
    assert batches[0] == batches[1]
    assert [batch.num_rows for batch in batches[0][0]] == [BATCH_ROWS, 2 * 59_999 + 60_000 - BATCH_ROWS]


@pytest.mark.parametrize("shortest", [AT_ONCE, BY_LINE])
def test_the_same_voucher_far_apart_is_found_at_its_line(tmp_path: Path, shortest: int) -> None:
    one = '#VER A {} 20240115 "Hyra"\n{{\n#TRANS 5010 {{}} 5\n#TRANS 1910 {{}} -5\n}}\n'
    text = REGISTER + "".join(one.format(number) for number in (*range(1, 20_000), 7))
    with pytest.raises(RefusedError) as caught:
        read(write(tmp_path, text), shortest_run=shortest)
    (found,) = caught.value.findings
    assert (found.line, found.value) == (REGISTER.count("\n") + 5 * 19_999 + 1, "A 7")


@pytest.mark.parametrize("amount", [".5", "", "1.", "1e5", "+1", "-", "1.234", "--1"])
def test_an_amount_of_another_form_is_left_to_the_exact_way(amount: str) -> None:
    plain = cut(f"#TRANS 1910 {{}} {amount}\n#TRANS 1910 {{}} 5\n")
    assert plain
    assert list(plain.kinds) == [OTHER, TRANSACTION]


@pytest.mark.parametrize("above", ["#VER A 9 20240115\n{\n", "#NEW 1\n{\n", "#VER A 9 20240115\n", "#NEW 1\n", "{\n"])
def test_a_voucher_below_something_unfinished_is_read_alike(above: str, tmp_path: Path) -> None:
    voucher = '#VER A 1 20240115 "Hyra"\n{\n#TRANS 5010 {} 5\n#TRANS 1910 {} -5\n}\n'
    path = write(tmp_path, REGISTER + above + voucher + voucher.replace("A 1", "A 2") + "#TRANS 1910 {} 5\n")
    assert outcome(path, AT_ONCE) == outcome(path, BY_LINE)
