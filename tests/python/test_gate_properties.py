"""Nothing slips by the gate: what it accepts is what dbt loads, and its kinds are those of the SQL macro.

Seeds are damaged at random; DuckDB loads them by the options of the project's own macro. dbt is not run.
"""

from __future__ import annotations

import re
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokslut.intake.declarations import Column
from bokslut.intake.findings import told
from bokslut.intake.kinds import KINDS
from bokslut.intake.seed_files import read_seed
from bokslut.intake.seeds import cell_fault
from project import REPOSITORY
from small_seeds import TEXTS, declared, findings_of

MACROS = REPOSITORY / "macros"
CONTENTS = {name: text.encode() for name, text in TEXTS.items()}
CONTENTS |= {
    f"{name} with CRLF": CONTENTS[name].replace(b"\n", b"\r\n") for name in ("operating_comments", "budget_decisions")
}
SIGNS = [
    b'"',
    b'""',
    b",",
    b";",
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\t",
    b"\\",
    b"'",
    b"0",
    b"-",
    b".",
    b"E5",
    b"\0",
    b"\xef\xbb\xbf",
]
SIGNS += [sign.encode() for sign in ("å", "a\u030a", "Ã¥", "\u2212", "\u00a0", "\u2028", "\x1a", "€")] + [
    b"\xe4",
    b"\xff",
    b"",
]


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """One DuckDB in memory for all tests here."""
    return duckdb.connect()


def loaded(path: Path, columns: int) -> list[tuple[str | None, ...]]:
    """The rows of a CSV as the macro that dbt uses reads them into columns of text."""
    macro = (MACROS / "engines/materialize_seed.sql").read_text(encoding="utf-8")
    options = re.search(r"header = true.*nullstr = ''", macro)
    assert options
    types = ", ".join(f"'c{place}': 'varchar'" for place in range(columns))
    return engine().execute(f"select * from read_csv('{path}', {options[0]}, columns = {{{types}}})").fetchall()


def check_against_the_loader(name: str, content: bytes) -> bool:
    """True if the gate accepts the content of a seed; it must then say the same of each cell as dbt's loader does."""
    with tempfile.TemporaryDirectory() as folder:
        findings = findings_of(Path(folder), {name: content})
        path = Path(folder) / f"{name}.csv"
        lines = content.count(b"\n") + 1
        assert all(finding.line is None or 1 <= finding.line <= lines for finding in findings if finding.file == path)
        told(findings)
        if any(finding.file == path for finding in findings):
            return False
        declaration = declared()[name]
        seed, _ = read_seed(path, declaration)
        assert seed is not None
        assert loaded(path, len(declaration.columns)) == [
            tuple(cell or None for cell in record.cells) for record in seed.records
        ]
        return True


@pytest.mark.parametrize("name", CONTENTS)
def test_the_loader_reads_what_the_gate_reads(name: str) -> None:
    assert check_against_the_loader(name.split()[0], CONTENTS[name])


@given(
    name=st.sampled_from(sorted(CONTENTS)),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from(SIGNS)), min_size=1, max_size=4),
)
@settings(max_examples=400, deadline=None)
def test_a_damaged_seed_is_refused_or_loaded_as_it_is_read(name: str, damage: list[tuple[float, int, bytes]]) -> None:
    """Signs are put in or in place of others anywhere: never a crash, never a cell that dbt reads otherwise."""
    content = CONTENTS[name]
    for place, length, sign in damage:
        start = int(place * len(content))
        content = content[:start] + sign + content[start + length :]
    check_against_the_loader(name.split()[0], content)


@given(content=st.binary(max_size=300), name=st.sampled_from(sorted(TEXTS)), with_header=st.booleans())
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused_or_loaded_as_they_are_read(content: bytes, name: str, with_header: bool) -> None:
    header = TEXTS[name].splitlines()[0].encode() + b"\n"
    check_against_the_loader(name, header + content if with_header else content)


@cache
def claims_of(column: Column) -> str:
    """What tests/generic/seed_claims.sql says of one cell on DuckDB, with the macros of the project as they stand."""
    names = ("is_of_kind", "kronor", "scaled", "engines/matches")
    source = "\n".join((MACROS / f"{name}.sql").read_text(encoding="utf-8") for name in names)
    source = source.replace('adapter.dispatch("matches", "bokslut")', "duckdb__matches")
    template = jinja2.Environment().from_string(source + "{{ is_of_kind('value', meta) }}")  # noqa: S701 - it is SQL
    kind = template.render(meta={"kind": column.kind, "values": column.values, "scale_column": "scale"})
    scaled = "and (value is null or scale is not null)" if column.scale_column else ""
    return f"(value is null or {kind}) {scaled}"


def agreed_by_sql(column: Column, value: str, scale: str) -> bool:
    """True when the SQL claims hold of one cell; null breaks a claim, and so does an error of a cast."""
    cell = "(select nullif(?, '') as value, nullif(?, '') as scale)"
    try:
        found = engine().execute(f"select {claims_of(column)} from {cell}", [value, scale]).fetchone()
    except duckdb.ConversionException:
        return False
    assert found
    return found[0] is True


NUMBERS = st.from_regex(r"[-+]?[0-9]{0,17}([.,][0-9]{0,7})?(E[0-9])?", fullmatch=True)
DATES = st.one_of(
    st.dates(date(1890, 1, 1), date(2110, 1, 1)).map(str),
    st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", fullmatch=True),
)
WORDS = st.text(st.sampled_from("aZ09_./- \t\n\rÅäé\u00a0\u2212\"',{}%"), max_size=6)
VALUES = st.one_of(
    NUMBERS,
    DATES,
    WORDS,
    st.sampled_from(["true", "True", "false", "1", "1000", "1000000", "10000", "net", "2024", "1899", "0", "-0"]),
)


@pytest.mark.parametrize("kind", KINDS)
@given(
    values=st.lists(
        st.tuples(VALUES, st.sampled_from(["1", "1000", "1000000", "", "10", "x"])), min_size=1, max_size=10
    )
)
@settings(max_examples=60, deadline=None)
def test_the_kinds_of_the_gate_are_those_of_the_sql_macro(kind: str, values: list[tuple[str, str]]) -> None:
    column = Column(
        "value", kind, values=("net", "true"), scale_column="scale" if kind in ("amount", "decimal") else None
    )
    for value, scale in values:
        fault = cell_fault(column, value, scale if column.scale_column else None)
        if fault and "identity number" in fault[0]:
            continue
        agreed = agreed_by_sql(column, value, scale)
        if agreed and kind == "date" and fault:
            # the claim takes the form alone; the cast in staging fails on such a day
            assert fault[0] == "is not a day of the calendar"
            with pytest.raises(duckdb.ConversionException):
                engine().execute("select cast(? as date)", [value]).fetchone()
        else:
            assert agreed == (fault is None), (value, scale, fault)


# (right, wrong) of each kind
FORMS = {
    "id": (["KS", "0010", "a_b/c.d-e", "9"], ["_a", "-", "å", "a b", "a+b", "KS "]),
    "text": (["a", "å", "a b", '"', "a\u00a0"], [" a", "a ", "a\tb", "a\nb", "a\rb", " "]),
    "year": (["1900", "2024", "2099"], ["1899", "2100", "202", "02024", "999", "20 4"]),
    "integer": (["0", "-1", "999999999", "-0"], ["00", "01", "1000000000", "1.0", "+1", "1 000", "-"]),
    "decimal": (
        ["0", "-1.5", "007", "999999999999999.999999"],
        ["1.", ".5", "1,5", "1e5", "NaN", "1" * 16, "1.1234567"],
    ),
    "date": (
        ["2024-02-29", "1900-01-01", "2099-12-31"],
        ["2024-2-9", "2024-13-01", "2024-00-10", "1899-12-31", "20240229"],
    ),
    "scale": (["1", "1000", "1000000"], ["10", "100", "10000", "1000000000", "0", "01"]),
    "boolean": (["true", "false"], ["True", "FALSE", "yes", "1", "0"]),
    "amount": (["-0.01", "1.10", "999999999999999"], ["0.001", "0.005", "1,5", "\u22121", "1-", "inf"]),
    "enum": (["net", "true"], ["Net", "net ", "false"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_forms_of_each_kind_are_those_of_the_sql_macro(kind: str) -> None:
    column = Column("value", kind, values=("net", "true"), scale_column="scale" if kind == "amount" else None)
    right, wrong = FORMS[kind]
    for value in [*right, *wrong]:
        expected = value in right
        assert (cell_fault(column, value, "1" if kind == "amount" else None) is None) == expected, value
        assert agreed_by_sql(column, value, "1") == expected, value


@pytest.mark.parametrize(
    ("value", "scale", "right"),
    [
        ("9999999999", "1000000", True),
        ("10000000000", "1000000", False),
        ("0.00001", "1000", True),
        ("0.000001", "1000", False),
        ("0.000001", "1000000", True),
        ("0.01", "", False),
        ("0.001", "10", True),
    ],
)
def test_amounts_with_their_scale_are_judged_as_by_the_sql_macro(value: str, scale: str, right: bool) -> None:
    """A scale that is none is told of its own column."""
    column = Column("value", "amount", scale_column="scale")
    assert (cell_fault(column, value, scale) is None) == right
    assert agreed_by_sql(column, value, scale) == right
