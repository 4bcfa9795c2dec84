"""What the pages say of a board with half a year booked, with every code split, without projects or comments."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from project import DATABASE, Project
from test_report_run import Made, make

BOOKED = "Bokföringen är inläst till och med "
ONLY_NET = "De verksamheter som bara redovisar netto"
SOME_SPLIT = "Bara en del av verksamheterna redovisar"
HEADING = "\n## "

Changed = Callable[[str], str]

# as if the board's actual amounts were posted up to a period, beside a budget of all months; {last} 0: none is posted
POSTED = """
insert into marts.fct_monthly_activity
    (organisation_id, board_id, fiscal_year, period, activity_code, period_name, activity_name, actual_sek, budget_sek)
select
    activities.organisation_id, activities.board_id, activities.fiscal_year, periods.period, activities.activity_code,
    periods.period_name, activities.activity_name, case when periods.period <= {last} then 0 end, 0
from marts.fct_activity_variance as activities
inner join (select period::integer as period, period_name from seeds.periods) as periods
    on periods.period <= 12 or {last} = 13
where activities.fiscal_year = (select max(fiscal_year) from marts.fct_activity_variance)
"""
# what the figures hold of the codes without a split, as if it were 0 and theirs
SPLIT = """
insert into marts.fct_figure (organisation_id, board_id, fiscal_year, figure_key, value, unit, mart_name, column_name)
select
    organisation_id, board_id, fiscal_year, 'operating/' || activity_code || '/' || part.name,
    case part.name when 'actual_cost' then actual_net_sek else 0 end, 'sek',
    'fct_activity_variance', part.name || '_sek'
from marts.fct_activity_variance, (values ('actual_revenue'), ('actual_cost')) as part (name)
where actual_net_sek is not null and actual_revenue_sek is null;

update marts.fct_activity_variance set actual_revenue_sek = 0, actual_cost_sek = actual_net_sek
where actual_net_sek is not null and actual_revenue_sek is null;
"""


@pytest.fixture(scope="module")
def text(built: Project, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report in Markdown as it is."""
    return read(make(built, tmp_path_factory.mktemp("pages") / "made", ("markdown",)))


@pytest.fixture
def changed(built: Project, tmp_path: Path) -> Changed:
    """The report in Markdown, proven, after some SQL has changed a copy of the marts."""

    def remade(sql: str) -> str:
        database = tmp_path / "changed.duckdb"
        shutil.copy2(built.path / DATABASE, database)
        with duckdb.connect(str(database)) as connection:
            connection.execute(sql)
        made = make(built, tmp_path / "made", ("markdown",), database=database)
        assert made.outcome.failures() == []
        return read(made)

    return remade


def read(made: Made) -> str:
    return (made.folder / "arsredovisning.md").read_text(encoding="utf-8")


def chapters(text: str) -> dict[str, str]:
    """The text of each page by its title; those below it are part of it."""
    parts = [part.partition("\n") for part in text.split(HEADING)[1:]]
    return {title: body for title, _, body in parts}


def test_a_year_that_is_booked_in_part_says_up_to_which_month(text: str, changed: Changed) -> None:
    half = changed(POSTED.format(last=6))
    found = {title: body for title, body in chapters(half).items() if BOOKED in body}
    first, *others = found
    assert first.endswith("i korthet")
    assert others == ["Resultat", "Drift per verksamhet"]
    for title, body in found.items():
        said = body.index(f"{BOOKED}juni 2024. Utfallet gäller den delen av året, medan budgeten gäller hela året.")
        assert "tkr" not in body[:said], f"{title}: it stands before the first amount"
    assert "Utfall till och med juni" in found[first]
    assert "Till och med juni är utfallet" in found[first]
    for whole in ("Årets resultat", "Året slutade på"):
        assert whole in text
        assert whole not in half


@pytest.mark.parametrize("last", [0, 12, 13])
def test_a_whole_year_and_one_without_postings_say_nothing_of_it(text: str, changed: Changed, last: int) -> None:
    assert BOOKED not in text
    assert changed(POSTED.format(last=last)) == text


def test_part_of_a_year_without_a_budget_is_compared_to_none(changed: Changed) -> None:
    no_budget = (
        "delete from marts.fct_figure where figure_key in ('operating/total/budget', 'operating/total/variance')"
    )
    part = changed(f"{POSTED.format(last=11)}; {no_budget}")
    assert f"{BOOKED}november 2024. Utfallet gäller den delen av året.\n" in part
    assert "medan budgeten" not in part
    assert "Någon budget att jämföra med är inte känd." in part


def test_net_alone_is_told_only_where_a_code_has_net_alone(text: str, changed: Changed) -> None:
    assert SOME_SPLIT in text
    assert ONLY_NET in text
    every = changed(SPLIT)
    assert SOME_SPLIT not in every
    assert ONLY_NET not in every
    assert "Intäkter och kostnader där de redovisas var för sig" in every


def test_a_board_without_projects_promises_none(text: str, changed: Changed) -> None:
    assert "hur byggprojekten står sig" in text
    without = changed("delete from marts.fct_project_accumulation")
    assert "byggprojekten" not in without
    assert "hur året gick och varför det inte blev som budgeten sade." in without


def test_the_largest_variances_have_a_column_of_reasons_only_where_one_is_given(text: str, changed: Changed) -> None:
    head, without = "| Rest (tkr) | Orsak enligt redovisningen |", "| Rest (tkr) |\n"
    assert head in text
    assert without not in text
    bare = changed("update marts.fct_activity_variance set analysis_comment = null")
    assert head not in bare
    assert without in bare
