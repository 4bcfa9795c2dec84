"""The queries of pages: one SELECT from the marts of one board. What else a page may try is refused, and said where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from bokslut.report.queries import Marts, Query, Result
from bokslut.report.tags import PageError

FILE, LINE = "queries/costs.sql", 7
VARIABLES: Mapping[str, object] = {"organisation_id": "1882", "board_id": "KS", "fiscal_year": 2024}
MINE = "where organisation_id = {{ $organisation_id }} and board_id = {{ $board_id }}"


@pytest.fixture(scope="module")
def marts() -> Iterator[Marts]:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts; create schema staging;"
            "create table marts.fct_cost (organisation_id text, board_id text, code text, net_sek decimal(18, 2),"
            " share double, decided_on date, is_open boolean);"
            "insert into marts.fct_cost values ('1882', 'KS', '45', -12.50, 0.1, '2024-06-19', true),"
            " ('1882', 'KS', '80', 3, null, null, false), ('1882', 'BUN', '45', 7, 1, null, null),"
            " ('9999', 'KS', '45', 8, 1, null, null);"
            "create table marts.dim_light (colour text, label text); insert into marts.dim_light values ('red', 'Nej');"
            "create table staging.vouchers (name text); create table vouchers (name text)"
        )
        yield Marts(connection)


def ask(marts: Marts, sql: str, known: Mapping[str, str] | None = None) -> Result:
    queries = {name: Query(name, other, f"queries/{name}.sql", 1) for name, other in (known or {}).items()}
    return marts.ask(Query("costs", sql, FILE, LINE), queries, VARIABLES)


def refused(marts: Marts, sql: str, *words: str, known: Mapping[str, str] | None = None) -> None:
    """The query is refused with its file, line and name, and with those words."""
    with pytest.raises(PageError) as caught:
        ask(marts, sql, known)
    assert str(caught.value).startswith(f"{FILE}:{LINE}: query costs: ")
    for word in words:
        assert word in caught.value.message


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("select 1; select 2", "not one statement"),
        ("", "not one statement"),
        ("selec 1", "may only select"),
        ("insert into marts.dim_light values ('a', 'b')", "may only select"),
        ("update marts.dim_light set label = ''", "may only select"),
        ("drop table marts.dim_light", "may only select"),
        ("create table a as select 1", "may only select"),
        ("copy marts.dim_light to 'light.csv'", "may only select"),
        ("attach 'other.duckdb'", "may only select"),
        ("install httpfs", "may only select"),
        ("load httpfs", "may only select"),
        ("set threads = 1", "may only select"),
        ("pragma version", "may only select"),
        ("export database 'folder'", "may only select"),
        ("pivot marts.dim_light on colour", "may only select"),
        ("select * from read_csv('/etc/passwd')", "no files and no functions"),
        ("select * from read_text('/etc/passwd')", "no files and no functions"),
        ("select * from glob('*')", "no files and no functions"),
        ("select * from range(3)", "no files and no functions"),
        ("select * from unnest([1, 2])", "no files and no functions"),
        ("select * from duckdb_tables()", "no files and no functions"),
        ("select * from query('select 1')", "no files and no functions"),
        ("select * from query_table('marts.dim_light')", "no files and no functions"),
        ("select * from (values (1)) as listed (a)", "no files and no functions"),
        ("values (1)", "no files and no functions"),
        ("describe marts.dim_light", "no files and no functions"),
        ("show tables", "no files and no functions"),
        ("select * from '/etc/passwd'", "/etc/passwd is no mart"),
        ("select * from information_schema.tables", "information_schema.tables is no mart"),
        ("select * from staging.vouchers", "staging.vouchers is no mart"),
        ("select * from vouchers", "vouchers is no mart - write marts.vouchers"),
        ("select * from memory.marts.dim_light", "is no mart"),
        ("select * from dim_light", "write marts.dim_light"),
        ("select * from marts.dim_lights", "there is no mart dim_lights - did you mean dim_light?"),
        ("select * from marts.dim_light where exists (select * from staging.vouchers)", "staging.vouchers is no mart"),
        # a name of one's own covers no table: neither in its own definition nor outside its query
        ("with vouchers as (select * from vouchers) select * from vouchers", "vouchers is no mart"),
        ("select * from (with vouchers as (select 1) select 1) as a, vouchers", "vouchers is no mart"),
        ("with recursive a as (select 1 union all select * from a) select * from a", "never end"),
        ("select * from marts.dim_light tablesample 1", "another one each time"),
    ],
)
def test_only_one_select_from_marts_is_run(marts: Marts, sql: str, word: str) -> None:
    refused(marts, sql, word)


@pytest.mark.parametrize(
    "expression",
    [
        "net_sek + 1",
        "net_sek - 1",
        "-net_sek",
        "net_sek * 2",
        "net_sek / 2",
        "net_sek % 2",
        "net_sek ** 2",
        "sum(net_sek)",
        "avg(net_sek)",
        "count(*)",
        "min(net_sek)",
        "max(net_sek)",
        "round(net_sek)",
        "(select max(net_sek) from marts.fct_cost)",
        "sum(net_sek) over ()",
        "row_number() over (order by code)",
        "now()",
        "today()",
        "current_date",
        "CURRENT_TIMESTAMP",
        "current_user",
        "random()",
        "uuid()",
        "getenv('HOME')",
        "getvariable('a')",
        "nextval('a')",
        "[number for number in [1, 2]]",
        "list_sum([1, 2])",
        "{'a': 1}",
        "printf('%s', code)",
        # a number as text would be a number without a figure
        "cast(net_sek as text)",
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "select EXPRESSION as a from marts.fct_cost " + MINE + " order by code limit 1",
        "select code from marts.fct_cost " + MINE + " order by EXPRESSION limit 1",
    ],
)
def test_a_page_computes_nothing_and_asks_no_clock(marts: Marts, expression: str, place: str) -> None:
    with pytest.raises(PageError, match=r"belongs in a model|another one each time"):
        ask(marts, place.replace("EXPRESSION", expression))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("", ("organisation_id = {{ $organisation_id }}", "board_id = {{ $board_id }}")),
        ("where board_id = {{ $board_id }}", ("organisation_id = {{ $organisation_id }}",)),
        ("where organisation_id = {{ $organisation_id }}", ("board_id = {{ $board_id }}",)),
        ("where organisation_id = '1882' and board_id = 'KS'", ("it reads every board",)),
    ],
)
def test_a_mart_of_boards_is_read_for_one_board(marts: Marts, where: str, words: tuple[str, ...]) -> None:
    refused(marts, f"select code from marts.fct_cost {where} order by code", *words)


def test_several_rows_need_an_order(marts: Marts) -> None:
    refused(marts, f"select code from marts.fct_cost {MINE}", "add order by")
    refused(marts, f"select * from (select code from marts.fct_cost {MINE} order by code)", "add order by")
    assert len(ask(marts, f"select code from marts.fct_cost {MINE} and code = '45'").rows) == 1


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            f"select code from marts.fct_cost {MINE} and code = {{{{ $bord_id }}}}",
            ("$bord_id", "did you mean board_id?"),
        ),
        ("select * from {{ cost_of_year }}", ("no query cost_of_year", "did you mean costs_of_year?")),
        ("select * from {{ 7*7 }}", ("there is no query 7*7",)),
        ("select * from {{ costs }}", ("inserts itself",)),
        ("select * from {{ first }}", ("inserts itself by way of",)),
        ("select colour as a, label as a from marts.dim_light", ("two columns have the same name",)),
        ("select nothing from marts.dim_light", ("nothing",)),
    ],
)
def test_a_slip_is_named_with_what_was_meant(marts: Marts, sql: str, words: tuple[str, ...]) -> None:
    known = {
        "costs_of_year": "select 1",
        "costs": sql,
        "first": "select * from {{ second }}",
        "second": "select * from {{ first }}",
    }
    with pytest.raises(PageError) as caught:
        ask(marts, sql, known)
    for word in words:
        assert word in str(caught.value)


def test_values_come_as_they_are(marts: Marts) -> None:
    result = ask(marts, f"select code, net_sek, share, decided_on, is_open from marts.fct_cost {MINE} order by code;")
    assert result.columns == ("code", "net_sek", "share", "decided_on", "is_open")
    assert [tuple(row.values()) for row in result.rows] == [
        ("45", Decimal("-12.50"), Decimal("0.1"), date(2024, 6, 19), True),
        ("80", Decimal("3.00"), None, None, False),
    ]


@pytest.mark.parametrize(
    "sql",
    [
        f"select *, code || ' ' || lower(code) as label from marts.fct_cost {MINE} order by abs(net_sek) desc, code",
        f"select case when net_sek > 0 then 'mer' else 'mindre' end as a from marts.fct_cost {MINE} order by net_sek",
        f"select code from marts.fct_cost {MINE} and code in ('45', '80') and net_sek between -20 and 20 order by code",
        f"select costs.code from marts.fct_cost as costs inner join marts.dim_light on true {MINE} order by code",
        f"select distinct code from marts.fct_cost {MINE} order by code",
        f"with mine as (select code from marts.fct_cost {MINE}), same as (select * from mine)"
        " select * from same order by code",
        f"select code from marts.fct_cost {MINE} union all select colour from marts.dim_light order by code",
        "select * from marts.dim_light where exists (select 1 from marts.fct_cost as costs "
        f"{MINE} and costs.code like '4%') and coalesce(label, '') <> ''",
        "select * from {{ mine }} as mine where code = '45'",
    ],
)
def test_what_a_page_needs_is_allowed(marts: Marts, sql: str) -> None:
    assert ask(marts, sql, {"mine": f"select code, net_sek from marts.fct_cost {MINE}"}).rows


def test_a_variable_is_bound_and_never_becomes_sql(marts: Marts) -> None:
    hostile = {**VARIABLES, "label": "x' or '1' = '1"}
    query = Query("costs", "select * from marts.dim_light where label = {{ $label }}", FILE, LINE)
    assert marts.ask(query, {}, hostile).rows == ()
    assert marts.ask(query, {}, {"label": "Nej"}).rows == ({"colour": "red", "label": "Nej"},)
