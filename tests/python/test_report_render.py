"""Pages become a tree: what each tag makes of a small warehouse, and how a slip in a page is told by file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Code,
    Delta,
    Details,
    Emphasis,
    Heading,
    Light,
    Link,
    List,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Row,
    Strong,
    Table,
    Text,
    Trend,
    plain,
)
from bokslut.report.figures import Figures
from bokslut.report.pages import read_folder
from bokslut.report.queries import Marts
from bokslut.report.render import Board, Renderer
from bokslut.report.tags import PageError
from bokslut.report.theme import Theme
from report_sample import HOSTILE

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
BOARD = Board("1882", "Askersunds kommun", "KS", "Kommunstyrelsen", 2024)
FRONT = '---\ntitle: "Sidan"\nslogan: "Ett slagord"\n---\n\n'
# where the body of a page begins, after its front matter
BODY = 6
MINE = "organisation_id = {{ $organisation_id }} and board_id = {{ $board_id }}"
COSTS = f"```sql costs\nselect * from marts.fct_cost where {MINE} order by code\n```\n\n"
NONE = f"```sql none\nselect * from marts.fct_cost where {MINE} and code = 'x' order by code\n```\n\n"
BEGIN = BODY + COSTS.count("\n")


@dataclass(frozen=True)
class Site:
    """A folder of pages and the marts that they are rendered from."""

    folder: Path
    connection: duckdb.DuckDBPyConnection

    def write(self, name: str, text: str) -> str:
        """Write a file of the folder; gives its path as errors name it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def report(self) -> Report:
        """The report of all pages that were written."""
        figures = Figures.read(self.connection, "1882", "KS")
        tests = {"fct_cost": [("fct_cost__claims", "utfall minus budget")]}
        folder = read_folder(self.folder)
        return Renderer(folder, Marts(self.connection), figures, BOARD, THEME, tests, lambda _: None).report("Rapport")

    def blocks(self, body: str) -> tuple[Block, ...]:
        """The blocks of a start page with that body."""
        self.write("pages/index.md", FRONT + body)
        return self.report().pages[0].blocks

    def only(self, body: str) -> Block:
        """The one block of a start page with that body."""
        (block,) = self.blocks(body)
        return block

    def refused(self, body: str, line: int, *words: str) -> None:
        """The page is refused at that line of its body (from 0), with those words."""
        file = self.write("pages/index.md", FRONT + body)
        with pytest.raises(PageError) as caught:
            self.report()
        assert str(caught.value).split(": ")[0] == f"{file}:{BODY + line}", str(caught.value)
        for word in words:
            assert word in caught.value.message


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts;"
            "create table marts.fct_cost (organisation_id text, board_id text, code text, name text,"
            " net_sek decimal(18, 2), share decimal(9, 4), colour text, status text, trend text, way text,"
            " people integer, has_page boolean, decided_on date, nothing text);"
            "insert into marts.fct_cost values"
            " ('1882', 'KS', '45', 'Skola', -12508000, 0.075, 'red', 'Ej nått', 'worse', 'Sämre', 7, true,"
            " '2024-06-19', null),"
            " ('1882', 'KS', '80', 'Hus', 658000, null, null, null, null, null, 8, false, null, null);"
            "create table marts.fct_figure (organisation_id text, board_id text, fiscal_year integer, figure_key text,"
            " value decimal(28, 6), unit text, mart_name text, column_name text)"
        )
        for key, value, unit, year in (
            ("operating/45/variance", -12_508_000, "sek", 2024),
            ("operating/80/variance", 658_000, "sek", 2024),
            ("operating/total/variance", -11_850_000, "sek", 2024),
            ("operating/total/variance", -1_000_000, "sek", 2023),
            ("operating/45/variance_share", "7.5", "percent", 2024),
            ("goal/total/goals", 3, "count", 2024),
        ):
            connection.execute(
                "insert into marts.fct_figure values ('1882', 'KS', ?, ?, ?, ?, 'fct_cost', 'net_sek')",
                [year, key, value, unit],
            )
        yield Site(tmp_path, connection)


def values(part: object, kind: type) -> list[object]:
    """All parts of a kind in a tree, in order."""
    if isinstance(part, kind):
        return [part]
    if is_dataclass(part):
        return [found for each in fields(part) for found in values(getattr(part, each.name), kind)]
    return [found for each in part for found in values(each, kind)] if isinstance(part, list | tuple) else []


def text_of(blocks: Iterable[Block]) -> str:
    return " ".join(plain(block.children) for block in blocks if isinstance(block, Paragraph | Heading))


# ------------------------------------------------------------------------------------------------ what tags make


def test_a_figure_prints_a_number_with_its_key(site: Site) -> None:
    block = site.only('Blev {% figure key="operating/total/variance" fmt="sek0k" /%} i år.')
    assert isinstance(block, Paragraph)
    number = block.children[1]
    assert isinstance(number, Number)
    assert (number.printed, number.suffix, number.value) == ("\u221211\u00a0850", "\u00a0tkr", Decimal(-11_850_000))
    assert (number.figure_key, number.fiscal_year, number.unit, number.scale, number.sign) == (
        "operating/total/variance",
        2024,
        "sek",
        1000,
        1,
    )


@pytest.mark.parametrize(
    ("tag", "printed"),
    [
        ('{% figure key="operating/total/variance" fmt="sek0k" turn=true unit=false /%}', "11\u00a0850"),
        ('{% figure key="operating/total/variance" fmt="sek1m" /%}', "\u221211,9\u00a0mnkr"),
        (
            '{% figure key="operating/total/variance" fmt="sek0k" fiscal_year=$prior_year /%}',
            "\u22121\u00a0000\u00a0tkr",
        ),
        ('{% figure key="operating/{{ $code }}/variance" /%}', ""),
        ('{% figure key="operating/99/variance" missing=true /%}', "–"),
        ('{% figure key="goal/total/goals" /%}', "3"),
        ('{% value data="costs" value="name" /%}', "Skola"),
        ('{% value data="costs" value="decided_on" /%}', "19\u00a0juni 2024"),
        ('{% value data="costs" value="people" fmt="id" /%}', "7"),
        ('{% value data="costs" value="people" exempt="antal svar" /%}', "7"),
        ('{% value data="costs" value="net_sek" figure="operating/{code}/variance" /%}', "\u221212\u00a0508\u00a0tkr"),
        ('{% value data="costs" value="share" figure="operating/{code}/variance_share" fmt="pct1" /%}', "7,5\u00a0%"),
        ("{{ $board_name }} {{ $fiscal_year }} {{ $slogan }}", "Kommunstyrelsen 2024 Ett slagord"),
        ('{% exempt reason="lagrum" %}4 **kap.** 3 §{% /exempt %}', "4 kap. 3 §"),
        ('{% traffic_light data="costs" value="colour" label="status" /%}', "Ej nått"),
        ('{% trend data="costs" value="trend" label="way" /%}', "Sämre"),
    ],
)
def test_tags_in_a_sentence(site: Site, tag: str, printed: str) -> None:
    if not printed:
        site.refused(COSTS + tag, BEGIN - BODY, "unknown variable $code")
        return
    block = site.only(COSTS + tag)
    assert isinstance(block, Paragraph)
    assert plain(block.children) == printed


def test_texts_carry_the_reason_why_their_numerals_need_no_figure(site: Site) -> None:
    block = site.only('{% exempt reason="lagrum" %}4 **kap.**{% /exempt %} {{ $fiscal_year }}')
    reasons = [text.exemption for text in values(block, Text) if isinstance(text, Text) and text.text.strip()]
    assert reasons == ["lagrum", "lagrum", "text of the marts"]


def test_a_table_has_columns_cells_links_and_a_total(site: Site) -> None:
    site.write("pages/kod.md", FRONT)
    site.write(
        "pages/kod/[code].md",
        f'---\ntitle: "{{{{ $name }}}}"\neach: with_page\n---\n```sql with_page\n'
        f"select * from marts.fct_cost where {MINE}"
        ' and has_page order by code\n```\n{% figure key="operating/{{ $code }}/variance" fmt="sek0k" /%}',
    )
    table = site.only(
        COSTS + '{% table data="costs" title="Kostnader" sheet="Drift" total_label="Allt" %}\n'
        '{% dimension value="name" title="Namn" link="/kod/{code}" link_if="has_page" /%}\n'
        '{% measure value="net_sek" title="Avvikelse" fmt="sek0k" figure="operating/{code}/variance"'
        ' total="operating/total/variance" viz="bar" /%}\n'
        '{% measure value="people" title="Antal" fmt="num0" exempt="antal svar" /%}\n'
        '{% traffic_light value="colour" label="status" title="Läge" /%}\n'
        '{% trend value="trend" label="way" title="Trend" /%}\n'
        "{% /table %}"
    )
    assert isinstance(table, Table)
    assert (table.caption, table.sheet) == ("Kostnader", "Drift")
    assert [(column.title, column.unit, column.is_number, column.viz) for column in table.columns] == [
        ("Namn", "", False, ""),
        ("Avvikelse", "tkr", True, "bar"),
        ("Antal", "", True, ""),
        ("Läge", "", False, ""),
        ("Trend", "", False, ""),
    ]
    assert table.rows[0][0] == (Link((Text("Skola", "text of the marts"),), page="kod/45"),)
    assert table.rows[1][0] == (Text("Hus", "text of the marts"),)
    assert table.rows[0][3:] == ((Light("red", "Ej nått"),), (Trend("worse", "Sämre"),))
    assert table.rows[1][3:] == ((Light("grey", "Ej bedömt"),), (Trend("unknown", "Okänd"),))
    assert [plain(row[1]) for row in table.rows] == ["\u221212\u00a0508", "658"]
    assert table.total is not None
    assert [plain(cell) for cell in table.total] == ["Allt", "\u221211\u00a0850", "", "", ""]
    assert table.is_live == (False, True, False, False, False)
    assert [(page.path, page.plain_title, page.parent) for page in site.report().pages[-2:]] == [
        ("kod", "Sidan", None),
        ("kod/45", "Skola", "kod"),
    ]


def test_a_total_that_the_rows_do_not_sum_to_is_no_live_sum(site: Site) -> None:
    site.connection.execute("update marts.fct_figure set value = 1000 where figure_key = 'operating/total/variance'")
    table = site.only(
        COSTS + '{% table data="costs" title="Kostnader" %}{% dimension value="name" /%}{% measure value="net_sek"'
        ' figure="operating/{code}/variance" total="operating/total/variance" fmt="sek0k" /%}{% /table %}'
    )
    assert isinstance(table, Table)
    assert table.is_live == (False, False)


def test_an_empty_table_or_chart_is_a_sentence(site: Site) -> None:
    table = '{% table data="none" title="A" empty="Inga kostnader." %}{% dimension value="name" /%}{% /table %}'
    assert text_of(site.blocks(NONE + table)) == "Inga kostnader."
    chart = '{% bar_chart data="none" x="name" y="net_sek" title="A" description="B" exempt="c" /%}'
    assert text_of(site.blocks(NONE + chart)) == "Inget att visa."


@pytest.mark.parametrize(
    ("tag", "label", "number"),
    [
        ("bar_chart", "x", "y"),
        ("horizontal_bar_chart", "y", "x"),
        ("line_chart", "x", "y"),
        ("waterfall_chart", "x", "y"),
    ],
)
def test_a_chart_has_its_data_as_a_table(site: Site, tag: str, label: str, number: str) -> None:
    total = 'total="has_page"' if tag == "waterfall_chart" else ""
    chart = site.only(
        COSTS + f'{{% {tag} data="costs" {label}="name" {number}="net_sek" names="Avvikelse" title="Per kod" {total}'
        ' description="Staplar." fmt="sek0k" figure="operating/{code}/variance" label_title="Kod" %}'
        f'{{% reference_line y=0 label="Noll" /%}}{{% /{tag} %}}'
    )
    assert isinstance(chart, Chart)
    assert (chart.name, chart.title, chart.description) == ("per-kod", "Per kod", "Staplar.")
    assert [(column.title, column.unit) for column in chart.table.columns] == [("Kod", ""), ("Avvikelse", "tkr")]
    assert [[plain(cell) for cell in row] for row in chart.table.rows] == [
        ["Skola", "\u221212\u00a0508"],
        ["Hus", "658"],
    ]
    assert "Noll" in str(chart.specification)


def test_blocks_hold_blocks(site: Site) -> None:
    row, callout, details, big, broken = site.blocks(
        '{% row %}\n{% big_value title="Resultat" figure="operating/total/variance" fmt="sek0k" /%}\n\nText.\n'
        "{% /row %}\n"
        '{% callout type="warning" title="Obs" %}\n## Rubrik\n\n- en\n- två\n{% /callout %}\n'
        '{% details title="Mer" %}\nInne **i** `kod`.\n{% /details %}\n'
        '{% big_value title="A" figure="goal/total/goals" comparison="operating/total/variance"'
        ' comparison_fmt="sek0k" comparison_title="mot budget" /%}\n{% page_break /%}\n'
    )
    assert isinstance(row, Row)
    assert [type(block) for block in row.children] == [BigValue, Paragraph]
    assert isinstance(callout, Callout)
    assert (callout.kind, callout.title) == ("warning", "Obs")
    assert [type(block) for block in callout.children] == [Heading, List]
    assert isinstance(details, Details)
    assert values(details, Strong)
    assert values(details, Code)
    assert isinstance(big, BigValue)
    assert big.comparison == Delta(big.comparison.number, is_good=False) if big.comparison else False
    assert isinstance(broken, PageBreak)


def test_delta_says_whether_less_is_good(site: Site) -> None:
    tag = '{{% delta figure="operating/{}/variance" fmt="sek0k" {} /%}}'
    found = [
        values(site.only(tag.format(*each)), Delta)
        for each in (("80", ""), ("80", "down_is_good=true"), ("45", ""), ("45", "down_is_good=true"))
    ]
    assert [delta.is_good for (delta,) in found if isinstance(delta, Delta)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('data="costs"', True),
        ('data="none"', False),
        ('data="costs" value="name"', True),
        ('data="costs" value="nothing"', False),
        ('data="costs" value="has_page"', True),
        ('figure="operating/45/variance"', True),
        ('figure="operating/99/variance"', False),
        ("value=$slogan", True),
    ],
)
@pytest.mark.parametrize(
    "form",
    ["{% if COND %}\nja\n{% /if %}\n{% else %}\nnej\n{% /else %}", "{% if COND %}\nja\n{% else /%}\nnej\n{% /if %}"],
)
def test_if_and_else(site: Site, form: str, condition: str, holds: bool) -> None:
    assert text_of(site.blocks(COSTS + NONE + form.replace("COND", condition))) == ("ja" if holds else "nej")


def test_what_an_if_leaves_out_is_not_asked_for(site: Site) -> None:
    body = '{% if figure="operating/99/variance" %}\n{% figure key="operating/99/variance" /%}\n{% /if %}\n'
    assert site.blocks(body) == ()


def test_each_row_has_its_own_variables(site: Site) -> None:
    blocks = site.blocks(
        COSTS
        + '{% each data="costs" %}\n### {{ $name }}\n\n{% if value=$share %}\n{{ $name }} har en andel.\n{% /if %}\n'
        '{% figure key="operating/{{ $code }}/variance" fmt="sek0k" /%} och {% value value=$name /%}\n{% /each %}'
    )
    assert [plain(block.children) for block in blocks if isinstance(block, Heading)] == ["Skola", "Hus"]
    assert text_of(blocks) == (
        "Skola Skola har en andel. \u221212\u00a0508\u00a0tkr och Skola Hus 658\u00a0tkr och Hus"
    )


def test_a_partial_gets_what_it_is_given(site: Site) -> None:
    site.write("partials/hej.md", '{{ $who }} på {{ $board_name }}: {% figure key="{{ $key }}" fmt="num0" /%}\n')
    body = '{% partial file="/partials/hej" variables={who=$slogan key="goal/total/goals"} /%}'
    assert text_of(site.blocks(body)) == "Ett slagord på Kommunstyrelsen: 3"


def test_the_tests_of_marts_are_listed(site: Site) -> None:
    table = site.only('{% mart_tests title="Tester" /%}')
    assert isinstance(table, Table)
    assert [plain(cell) for cell in table.rows[0]] == ["fct_cost", "fct_cost__claims", "utfall minus budget"]


def test_links_lead_to_pages_and_outside(site: Site) -> None:
    site.write("pages/drift.md", FRONT)
    links = values(site.only("[a](/drift) [b](/) [c](https://example.org/a?b=1) [d](mailto:a@example.org)"), Link)
    assert [(link.page, link.address) for link in links if isinstance(link, Link)] == [
        ("drift", None),
        ("index", None),
        (None, "https://example.org/a?b=1"),
        (None, "mailto:a@example.org"),
    ]


def test_text_is_markdown_without_html(site: Site) -> None:
    block = site.only("*a* **b** <b>c</b>")
    assert values(block, Emphasis)
    assert values(block, Strong)
    assert isinstance(block, Paragraph)
    assert plain(block.children) == "a b <b>c</b>"


def test_the_same_pages_give_the_same_tree(site: Site) -> None:
    body = COSTS + '{% each data="costs" %}\n{{ $name }}\n{% /each %}'
    assert site.blocks(body) == site.blocks(body)


# ------------------------------------------------------------------------------------------------ what is refused

TABLE = '{% table data="costs" title="A" %}\n'
FIGURE_TAG = '{% figure key="operating/45/variance" /%}'


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        # tags and attributes
        ('x\n\n{% figur key="a" /%}', 2, ("unknown tag figur", "did you mean figure?")),
        ("{% include /%}", 0, ("unknown tag include",)),
        ('{% figure kye="operating/45/variance" /%}', 0, ("no attribute kye", "did you mean key?")),
        ('{% figure fmt="sek0k" /%}', 0, ('needs key="..."',)),
        ("{% figure key=$fiscal_yaer /%}", 0, ("$fiscal_yaer", "did you mean fiscal_year?")),
        ('{% figure key="operating/45/variance" turn="ja" /%}', 0, ("turn is 'ja'", "true or false")),
        ('{% callout type="fara" %}\nx\n{% /callout %}', 0, ("'fara'", "info, success, warning, danger")),
        # queries and columns
        (COSTS + '{% value data="cost" value="name" /%}', COSTS.count("\n"), ("no query cost", "did you mean costs?")),
        (
            COSTS + 'x\n{% value data="costs" value="nam" /%}',
            COSTS.count("\n") + 1,
            ("no column nam", "did you mean name?"),
        ),
        (COSTS + TABLE + '{% dimension value="nme" /%}\n{% /table %}', COSTS.count("\n") + 1, ("did you mean name?",)),
        (NONE + '{% value data="none" value="name" /%}', NONE.count("\n"), ("gives no row", "{% if data=")),
        # figures
        ('{% figure key="operating/45/varience" /%}', 0, ("varience", "did you mean variance?")),
        ('{% figure key="operatin/45/variance" /%}', 0, ("'operatin'", "did you mean operating?")),
        ('{% figure key="operating" /%}', 0, ("no figure key",)),
        ('{% figure key="operating/46/variance" /%}', 0, ("no figure operating/46/variance for 2024", "did you mean")),
        ('{% figure key="operating/45/variance" fiscal_year=2019 /%}', 0, ("for 2019",)),
        # formats
        ('{% figure key="operating/45/variance" fmt="sek0t" /%}', 0, ("'sek0t'", "sek0k")),
        ('{% figure key="operating/45/variance" fmt="pct1" /%}', 0, ("in sek",)),
        ('{% figure key="goal/total/goals" fmt="sek0k" /%}', 0, ("in count",)),
        # numbers without a figure
        ("ett\ntvå\n\nBlev 12,5 tkr.", 3, ("the number 12,5", "{% figure key=", "exempt")),
        ("## Rubrik 1", 0, ("the number 1 ",)),
        ("- a\n- 7 b", 1, ("the number 7",)),
        ('{% big_value title="Mål 2" figure="goal/total/goals" /%}', 0, ("title", "'Mål 2'")),
        (COSTS + '{% table data="costs" title="År 2024" %}\n{% /table %}', COSTS.count("\n"), ("'År 2024'",)),
        (
            COSTS + TABLE + '{% dimension value="name" title="Kod 1" /%}\n{% /table %}',
            COSTS.count("\n") + 1,
            ("'Kod 1'",),
        ),
        (
            COSTS + '{% bar_chart data="costs" x="name" y="net_sek" title="A" description="3 staplar" /%}',
            COSTS.count("\n"),
            ("description",),
        ),
        (COSTS + '{% value data="costs" value="net_sek" /%}', COSTS.count("\n"), ("without a figure",)),
        (COSTS + '{% value data="costs" value="people" /%}', COSTS.count("\n"), ("7 is a number", 'fmt="id"')),
        (
            COSTS + TABLE + '{% measure value="net_sek" fmt="sek0k" /%}\n{% /table %}',
            COSTS.count("\n") + 1,
            ("without a figure", "exempt="),
        ),
        (COSTS + TABLE + '{% dimension value="net_sek" /%}\n{% /table %}', COSTS.count("\n") + 1, ("by measure",)),
        (
            COSTS + '{% each data="costs" %}\n{{ $net_sek }}\n{% /each %}',
            COSTS.count("\n") + 1,
            ("$net_sek is a number",),
        ),
        # nesting
        ('x\n{% callout title="A" %}\ny', 1, ("callout is not closed", "{% /callout %}")),
        ('{% callout title="A" %}\n{% row %}\n{% /callout %}\n{% /row %}', 2, ("closes nothing", "row is open")),
        ("x\n{% /row %}", 1, ("closes nothing",)),
        ("{% row /%}", 0, ("holds text",)),
        ('{% figure key="operating/45/variance" %}', 0, ("end it with /%}",)),
        ('{% dimension value="name" /%}', 0, ("stands inside table",)),
        (COSTS + TABLE + FIGURE_TAG + "\n{% /table %}", COSTS.count("\n") + 1, ("does not stand inside table",)),
        (COSTS + TABLE + "text\n{% /table %}", COSTS.count("\n"), ("text inside table",)),
        ("x\n{% else %}\ny\n{% /else %}", 1, ("else follows",)),
        (COSTS + TABLE + "{% /table %}", COSTS.count("\n"), ("no columns",)),
        (COSTS + 'x {% table data="costs" title="A" %}{% dimension value="name" /%}{% /table %} y', -5, ("own",)),
        # what is no page's own language
        ("x\n{{ 7*7 }}", 1, ("7*7", "{{ $name }}")),
        ("{% set a=7 %}", 0, ("unknown tag set",)),
        ("{% for a in b %}", 0, ()),
        ("{{ $nobody }}", 0, ("unknown variable $nobody",)),
        ("x\n\ue0f27*7\ue0f3", 1, ("U+E0F2",)),
        ("\ue0100\ue011", 0, ("U+E010",)),
        ('{% partial file="/partials/nej" /%}', 0, ("no partial nej",)),
        # links
        ("x\n\n[a](/driften)", 2, ("no page /driften",)),
        ("x\n\n[a](http://example.org)", 2, ("https:",)),
        ("# Rubrik", -5, ("##",)),
        ("> citat", -5, ("blockquote is not for pages",)),
        ("![a](https://example.org/a.png)", -5, ("image is not for pages",)),
    ],
)
def test_a_slip_is_told_by_file_and_line(site: Site, body: str, line: int, words: tuple[str, ...]) -> None:
    site.refused(body, line, *words)


def test_a_number_in_a_page_title_is_refused(site: Site) -> None:
    file = site.write("pages/index.md", '---\ntitle: "År 2024"\n---\n')
    with pytest.raises(PageError) as caught:
        site.report()
    assert str(caught.value).startswith(f"{file}:1: a number in the title")


def test_every_page_that_fails_is_told_of(site: Site) -> None:
    one = site.write("pages/index.md", FRONT + '{% figure key="operating/46/variance" /%}')
    two = site.write("pages/drift.md", FRONT + "x\n{% value value=$nobody /%}")
    with pytest.raises(PageError) as caught:
        site.report()
    assert f"{one}:{BODY}: " in str(caught.value)
    assert f"{two}:{BODY + 1}: " in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        "update marts.fct_cost set net_sek = -12508001 where code = '45'",
        "update marts.fct_figure set value = 658000.01 where figure_key = 'operating/80/variance'",
        "delete from marts.fct_figure where figure_key = 'operating/80/variance'",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        TABLE + '{% measure value="net_sek" fmt="sek0k" figure="operating/{code}/variance" /%}\n{% /table %}',
        '{% bar_chart data="costs" x="name" y="net_sek" title="A" description="B" fmt="sek0k"'
        ' figure="operating/{code}/variance" /%}',
    ],
)
def test_a_column_must_say_what_the_ledger_says(site: Site, body: str, change: str) -> None:
    assert site.blocks(COSTS + body)
    site.connection.execute(change)
    with pytest.raises(PageError, match=r"the column says|has no figure operating/80/variance"):
        site.report()


def test_a_link_to_a_page_that_is_not_there_fails_unless_a_column_says_so(site: Site) -> None:
    body = COSTS + TABLE + '{% dimension value="name" link="/kod/{code}" /%}\n{% /table %}'
    site.refused(body, COSTS.count("\n") + 1, "there is no page /kod/45")
    site.connection.execute("update marts.fct_cost set has_page = false")
    assert not values(site.blocks(body.replace('" /%}', '" link_if="has_page" /%}')), Link)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pages/index.md", "text", "no front matter"),
        ("pages/index.md", "---\nposition: 1\n---\n", "no title"),
        ("pages/index.md", "---\ntitle: [\n---\n", "no YAML"),
        ("pages/index.md", '---\ntitle: "A"\nsidebar_position: "b"\n---\n', "sidebar_position"),
        ("pages/index.md", '---\ntitle: "A"\nlist: [a]\n---\n', "the variable list"),
        ("pages/Fel namn.md", FRONT, "cannot stand in an address"),
        ("pages/[code].md", FRONT, "needs each"),
        ("pages/drift/[code].md", '---\ntitle: "A"\neach: costs\n---\n', "no page drift.md above it"),
    ],
)
def test_what_is_no_page_is_refused(site: Site, name: str, text: str, message: str) -> None:
    site.write("pages/index.md", FRONT)
    file = site.write(name, text)
    with pytest.raises(PageError) as caught:
        site.report()
    assert caught.value.file == file
    assert message in caught.value.message


def test_an_entity_page_needs_a_query_and_column_that_are_there(site: Site) -> None:
    site.write("pages/index.md", FRONT)
    for each, message in (("cost", "did you mean costs?"), ("costs", "no column kode - did you mean code?")):
        file = site.write("pages/[kode].md", f'---\ntitle: "A"\neach: {each}\n---\n{COSTS}')
        with pytest.raises(PageError) as caught:
            site.report()
        assert caught.value.file == file
        assert message in caught.value.message


# ------------------------------------------------------------------------------------------------ data stays text

EVIL = (
    *HOSTILE,
    "{% figure key=a /%}",
    "{{ $fiscal_year }}",
    "<b>fet</b>",
    "\ue0f2 7*7 \ue0f3",
    "\ue0100\ue011",
    "```sql",
)


@pytest.mark.parametrize("evil", EVIL, ids=lambda text: repr(text[:12]))
def test_what_the_marts_say_stays_text(site: Site, evil: str) -> None:
    site.connection.execute("update marts.fct_cost set name = ?, status = ?, way = ?", [evil] * 3)
    site.write("partials/namn.md", "{{ $who }}\n")
    blocks = site.blocks(
        COSTS
        + TABLE
        + '{% dimension value="name" title="Namn" /%}\n{% traffic_light value="colour" label="status" /%}\n'
        '{% /table %}\n\n{% value data="costs" value="name" /%}\n\n{% each data="costs" %}\n### {{ $name }}\n\n'
        '{% partial file="/partials/namn" variables={who=$name} /%}\n\n'
        '{% callout title="{{ $name }}" %}\n{{ $name }}\n{% /callout %}\n\n'
        "{% if value=$name %}\n- {% value value=$name /%}\n{% /if %}\n{% /each %}"
    )
    table, printed, *each = blocks
    assert isinstance(table, Table)
    assert table.rows[0] == ((Text(evil, "text of the marts"),), (Light("red", evil),))
    of_row = (Heading, Paragraph, Callout, List)
    assert [type(block) for block in each] == [*of_row, *of_row]
    for block in (printed, *each):
        if isinstance(block, Callout):
            assert block.title == evil
        assert [text.text for text in values(block, Text) if isinstance(text, Text)] == [evil]
        assert not values(block, Number)


def test_the_name_of_a_page_stays_text(site: Site) -> None:
    site.connection.execute("update marts.fct_cost set name = '{{ 7*7 }} {% row %}' where code = '45'")
    site.write("pages/index.md", FRONT)
    site.write("pages/[code].md", f'---\ntitle: "Om {{{{ $name }}}}"\neach: costs\n---\n{COSTS}')
    assert [page.plain_title for page in site.report().pages][:1] == ["Sidan"]
    assert "Om {{ 7*7 }} {% row %}" in [page.plain_title for page in site.report().pages]
