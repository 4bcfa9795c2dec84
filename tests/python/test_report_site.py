"""The web site: hostile text inert, every link leads somewhere, nothing is loaded from outside, the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from bokslut.proof.reader import read_document
from bokslut.report.document import (
    BigValue,
    Block,
    Chart,
    Column,
    Heading,
    Link,
    Number,
    Page,
    Paragraph,
    Picture,
    Report,
    Table,
    Text,
)
from bokslut.report.figures import Figure
from bokslut.report.theme import Theme
from bokslut.report.trace import Basis, Guard, Mart, Model, SeedRow, SeedRows, Trace, Traces
from bokslut.report.writers.html import Html
from bokslut.report.writers.paged import visible
from bokslut.report.writers.site import SiteError, site_files, write_site
from report_sample import HOSTILE, money, report, specification, variance_table

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
DRAWN = Picture(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9" role="img"'
    ' aria-labelledby="title description"><title id="title">Diagram id="title"</title>'
    '<desc id="description">Staplar</desc>'
    '<clipPath id="clip"><path d="M0,0h9"/></clipPath><g clip-path="url(#clip)"><path d="M0,0h9"/></g></svg>',
    b"",
    9,
    9,
)
COLUMNS = ("organisation_id", "board_id", "fiscal_year", "activity_code", "amount")
HOSTILE_NAME = HOSTILE[1] + HOSTILE[3]


def seed_rows(code: str, *lines: int) -> SeedRows:
    rows = tuple(SeedRow(line, ("1882", "KS", "2024", code, HOSTILE[0])) for line in lines)
    return SeedRows(
        "seeds/board/operating/operating_entries.csv", COLUMNS, rows, (SeedRow(1, ("a", "b", "c", "d", "e")),)
    )


def traces() -> Traces:
    """Of every figure of the sample, and of one whose key and texts are hostile."""
    mart = Mart(
        "fct_activity_variance",
        (
            Model(
                "fct_activity_variance", "models/marts/fct.sql", HOSTILE[3], "select '</code><script>alert(4)</script>'"
            ),
            Model("stg_entries", "models/staging/stg.sql", "", "select 1"),
        ),
        ("organisation_id", "activity_code"),
        {"variance_net_sek": HOSTILE[1]},
        (
            Guard("fct__claims", "variance_is_actual_minus_budget", "variance_net_sek = actual - budget"),
            Guard("fct__claims", "other_claim", "other_variance_net_sek is null"),
            Guard("assert_all_is_kept", "", ""),
        ),
        has_postings=True,
    )
    keys = {
        "operating/45/variance": "Gymnasieskola",
        "operating/80/variance": HOSTILE_NAME,
        "operating/total/variance": "",
        "operating/total/variance_share": "",
        "result/net/actual": "",
        "result/net/variance": "",
        "investment/total/projects": "",
        "investment/../../etc/" + "y" * 300: "",
    }
    found = {
        (key, 2024): Trace(
            Figure(key, 2024, Decimal("-12508000.50"), "sek", mart.name, "variance_net_sek"),
            mart,
            Basis((name,), (seed_rows(key.split("/")[1], 30, 31),), "total" in key, ("seeds/board/projects.csv",), 1),
        )
        for key, name in keys.items()
    }
    return Traces(2024, dict(sorted(found.items())), {mart.name: mart})


def sample() -> Report:
    """The common sample, with a figure whose key tries to leave its folder, and links that must not be ones."""
    start, *others = report().pages
    hostile = money("1", 1, "investment/../../etc/" + "y" * 300)
    more: tuple[Block, ...] = (
        Paragraph((hostile, Link((hostile,), address="https://example.org/?a=1&b=2"))),
        Paragraph((Link((Text("bort"),), address="javascript:alert(5)"), Link((hostile,), page="drift/45"))),
        Chart("ett-diagram-till", "Samma namn", "Staplar.", specification(), variance_table("Samma namn")),
    )
    pages = (replace(start, blocks=(*start.blocks, *more)), *others)
    return replace(report(), organisation_name="Askersunds\u202e kommun\x07", pages=pages)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "webb"
    pictures = dict.fromkeys(("avvikelse-per-verksamhet", "ett-diagram-till"), DRAWN)
    written = write_site(sample(), pictures, THEME, traces(), folder)
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())
    return folder


def soups(site: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted(site.rglob("*.html")):
        yield path, soup_of(path)


def soup_of(path: Path) -> Any:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_html(*blocks: Block) -> Any:
    pictures = dict.fromkeys(("a", "b"), DRAWN)
    html = Html(pictures, THEME, lambda path: f"{path}.html", lambda number: f"kallor.html#{number.figure_key}")
    return BeautifulSoup(str(html.blocks(blocks)), "html.parser")


# ---------------------------------------------------------------------------------------------------- hostile text


def test_no_text_becomes_markup(site: Path) -> None:
    for path, soup in soups(site):
        scripts = soup.find_all("script")
        assert [urlsplit(script["src"]).path.rsplit("/", 1)[-1] for script in scripts] == ["script.js", "sok.js"], path
        assert not any(script.string for script in scripts)
        assert not soup.find_all(["img", "iframe", "object", "embed", "form", "style", "base"]), path
        for element in soup.find_all(True):
            assert not [name for name in element.attrs if name.startswith("on") or name == "style"], (path, element)
            for name in ("href", "src"):
                assert urlsplit(element.get(name, "")).scheme in ("", "https"), (path, element)


def test_hostile_text_is_shown_as_it_is(site: Path) -> None:
    text = soup_of(site / "texter.html").get_text()
    for hostile in HOSTILE:
        assert visible(hostile) in text
    source = soup_of(site / "kallor" / "operating-80.html")
    assert HOSTILE_NAME in source.h1.get_text()
    assert HOSTILE[0] in source.get_text()


def test_no_sign_that_is_not_seen_is_written(site: Path) -> None:
    unseen = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    for path in site.rglob("*.*"):
        assert not unseen.search(path.read_text(encoding="utf-8")), path


def test_the_index_of_the_search_cannot_end_its_script(site: Path) -> None:
    written = (site / "tema" / "sok.js").read_text(encoding="utf-8")
    assert "<" not in written
    assert written.isascii()
    index = json.loads(written.removeprefix("window.searchIndex = ").removesuffix(";\n"))
    assert [page["file"] for page in index] == ["index.html", "drift.html", "drift/45.html", "texter.html"]
    assert "<script>alert(1)</script>" in index[3]["title"]
    assert "Driftredovisning" in index[0]["text"]


def test_a_key_or_a_page_cannot_leave_the_folder(site: Path) -> None:
    (long,) = [path for path in (site / "kallor").glob("investment-*") if "total" not in path.name]
    assert len(long.name) < 130
    assert "/" not in long.name.removesuffix(".html")
    for path in ("../ut", "/etc", "a/../b", "kallor/x", "tema", "a b", ""):
        pages = (*report().pages, Page(path, (Text("x"),), ()))
        with pytest.raises(SiteError, match="no page can have the address"):
            list(site_files(replace(report(), pages=pages), {}, THEME, traces()))


# ---------------------------------------------------------------------------------------------------- the whole


def test_the_same_report_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    pictures = dict.fromkeys(("avvikelse-per-verksamhet", "ett-diagram-till"), DRAWN)
    for path in write_site(sample(), pictures, THEME, traces(), tmp_path):
        assert path.read_bytes() == (site / path.relative_to(tmp_path)).read_bytes()


def test_every_link_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    ids = {path.resolve(): {each["id"] for each in soup.find_all(id=True)} for path, soup in soups(site)}
    count = 0
    for path, soup in soups(site):
        for element in soup.find_all(["a", "link", "script"]):
            address = urlsplit(element.get("href") or element["src"])
            if address.scheme:
                continue
            assert not address.netloc
            target = (path.parent / unquote(address.path)).resolve() if address.path else path.resolve()
            assert target.is_file(), (path, element)
            assert target.is_relative_to(site.resolve())
            assert not address.fragment or unquote(address.fragment) in ids[target], (path, element)
            count += 1
    assert count > 100


def test_nothing_is_loaded_from_outside(site: Path) -> None:
    for path, soup in soups(site):
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'; style-src 'self' file:; script-src 'self' file:;"), path
        assert "unsafe" not in policy
        for element in soup.find_all(["script", "link"]):
            assert not urlsplit(element.get("src") or element["href"]).scheme
    style = (site / "tema" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|https?:", style)
    assert "--accent: #0b5563;" in style
    script = (site / "tema" / "script.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|fetch\(|https?:", script)


def test_every_page_has_its_language_title_and_headings_in_order(site: Path) -> None:
    titles = set()
    for path, soup in soups(site):
        assert soup.html["lang"] == "sv"
        assert soup.title.get_text().strip()
        titles.add(soup.title.get_text())
        headings = [int(each.name[1]) for each in soup.find_all(re.compile("^h[1-6]$"))]
        assert headings.count(1) == 1, path
        assert headings[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(headings)), path
        assert soup.find("a", class_="skip")["href"] == f"#{soup.main['id']}"
        names = [each["id"] for each in soup.find_all(id=True)]
        assert len(names) == len(set(names)), path
        regions = [
            each.get("aria-label") or soup.find(id=each["aria-labelledby"]).get_text()
            for each in soup.find_all(role="region")
        ]
        assert len(regions) == len(set(regions)), path
    assert len(titles) == len(list(site.rglob("*.html")))


def test_the_navigation_tells_where_the_reader_is(site: Path) -> None:
    soup = soup_of(site / "drift" / "45.html")
    pages = soup.find("nav", class_="pages")
    (current,) = pages.find_all(attrs={"aria-current": "page"})
    assert (current.get_text(), current["href"]) == ("45 Gymnasieskola", "../drift/45.html")
    crumbs = soup.find("nav", class_="crumbs")
    assert [each["href"] for each in crumbs.find_all("a")] == ["../index.html", "../drift.html"]
    turn = soup.find("nav", class_="turn")
    assert [(each["rel"], each["href"]) for each in turn.find_all("a")] == [
        (["prev"], "../drift.html"),
        (["next"], "../texter.html"),
    ]
    assert soup_of(site / "index.html").find("nav", class_="crumbs") is None


def test_the_footer_leads_to_the_control_page_where_there_is_one(site: Path) -> None:
    assert "kontrollerade" not in soup_of(site / "index.html").footer.get_text()
    pages = (Page("index", (Text("Start"),), ()), Page("kontroll", (Text("Kontroll"),), ()))
    files = dict(site_files(replace(report(), pages=pages), {}, THEME, Traces(2024, {}, {})))
    assert '<a href="kontroll.html">Hur siffrorna är kontrollerade</a>' in files["index.html"]
    assert "Alla källor" not in files["index.html"]


def test_the_proof_reads_every_number_of_a_page_and_no_other(site: Path) -> None:
    text = read_document(site / "drift" / "45.html").text
    assert "\u221212\u00a0508 tkr" in text
    assert text.count("45 Gymnasieskola") == 1


# ---------------------------------------------------------------------------------------------------- nodes


def test_a_figure_leads_to_its_source(site: Path) -> None:
    soup = soup_of(site / "drift" / "45.html")
    (link,) = soup.main.find_all("a", class_="number")
    assert link["href"] == "../kallor/operating-45.html#variance"
    assert link.get_text() == "\u221212\u00a0508 tkr"


def test_a_link_holds_no_other_one(site: Path) -> None:
    for path, soup in soups(site):
        assert not [each for each in soup.find_all("a") if each.find_parent("a")], path


def test_a_table_has_caption_heads_and_a_total_of_its_own() -> None:
    table = page_html(variance_table()).table
    assert table.caption.get_text() == "Driftredovisning"
    assert [(each.get_text(), each["scope"]) for each in table.thead.find_all("th")] == [
        ("Verksamhet", "col"),
        ("Avvikelse tkr", "col"),
        ("Orsak", "col"),
    ]
    assert [each.get_text() for each in table.find_all("th", scope="row")] == [
        "45 Gymnasieskola",
        "80 Fastigheter",
        "27 Räddningstjänst",
        "Summa",
    ]
    assert table.tfoot.get_text(" ", strip=True) == "Summa \u221211\u00a0850"
    assert [each["data-value"] for each in table.tbody.find_all("td", attrs={"data-value": True})] == [
        "-12508000",
        "658000",
    ]
    region = table.parent
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-labelledby"] == table.caption["id"]


def test_bars_stand_on_a_common_zero() -> None:
    bars = page_html(variance_table()).find_all("svg", class_="bar")
    assert len(bars) == 3
    assert all(bar["aria-hidden"] == "true" for bar in bars)
    assert [bar["viewbox"] for bar in bars] == ["-100 0 200 10"] * 3
    assert [(bar.rect["class"], bar.rect["x"], bar.rect["width"]) for bar in bars] == [
        (["less"], "-100.0", "100.0"),
        (["more"], "0", "5.3"),
        ([], "0", "0"),
    ]


def test_only_a_long_table_can_be_filtered() -> None:
    columns = (Column("a"),)
    for count, expected in ((8, False), (9, True)):
        table = Table("t", columns, tuple(((Text(str(row)),),) for row in range(count)))
        assert page_html(table).table.has_attr("data-filter") is expected


def test_an_empty_cell_heads_nothing() -> None:
    table = Table("t", (Column(""), Column("b")), (((), (Text("x"),)),))
    soup = page_html(table)
    assert [each.get_text() for each in soup.find_all("th")] == ["b"]


def test_a_chart_is_named_once_and_shares_no_id() -> None:
    def chart(name: str, title: str, caption: str) -> Chart:
        return Chart(name, title, "Staplar.", specification(), variance_table(caption))

    soup = page_html(chart("a", "Samma", "Samma"), chart("b", "Ett", "Ett annat"))
    names = [each["id"] for each in soup.find_all(id=True)]
    assert len(names) == len(set(names))
    first, second = soup.find_all("figure")
    assert first.table.caption is None
    assert first.table["aria-labelledby"] == first.figcaption["id"]
    assert second.table.caption.get_text() == "Ett annat"
    drawing = second.find("svg")
    assert drawing["aria-labelledby"] == "b_title b_description"
    assert drawing.find("g")["clip-path"] == "url(#b_clip)"
    assert drawing.title.get_text() == 'Diagram id="title"'


def test_lights_trends_and_changes_are_told_in_words(site: Path) -> None:
    soup = soup_of(site / "index.html")
    assert soup.find(class_="light").get_text() == "○ Ej uppnått"
    assert soup.find(class_="trend").get_text() == "↘ Sämre"
    assert soup.find(class_="delta").get_text() == "▼ \u221213,1 mnkr till det sämre"
    assert [each.get_text() for each in soup.find_all(class_="callout-title")] == ["! Obs: Beräknat"]


def test_no_heading_leaves_out_a_level() -> None:
    soup = page_html(Heading(2, (Text("a"),), "a"), Heading(5, (Text("b"),), "b"), Heading(2, (Text("c"),), "c"))
    assert [each.name for each in soup.find_all(id=True)] == ["h2", "h3", "h2"]


def test_a_change_without_judgement_says_none() -> None:
    number = Number("5", value=Decimal(5))
    assert page_html(BigValue("Antal", number)).find(class_="delta") is None


# ---------------------------------------------------------------------------------------------------- sources


def test_the_source_of_a_figure_shows_its_rows_and_no_others(site: Path) -> None:
    soup = soup_of(site / "kallor" / "operating-45.html")
    figure = soup.find(id="variance")
    assert figure.h2.get_text() == "Avvikelse: \u221212\u00a0508\u00a0000,5\u00a0kronor"
    text = figure.get_text(" ", strip=True)
    assert "operating/45/variance" in text
    assert "variance is actual minus budget" in text
    assert "other claim" not in text
    assert figure.find("dd", lang="en").get_text() == HOSTILE[1]
    assert [each["href"] for each in figure.find_all("a")][-2:] == ["../index.html", "../drift/45.html"]
    now, earlier = soup.find_all("table")
    assert rows_of(now) == [
        ["30", "1882", "KS", "2024", "45", HOSTILE[0]],
        ["31", "1882", "KS", "2024", "45", HOSTILE[0]],
    ]
    assert now.caption.get_text() == "seeds/board/operating/operating_entries.csv"
    assert rows_of(earlier) == [["1", "a", "b", "c", "d", "e"]]
    assert earlier.find_parent("details")


def rows_of(table: Any) -> Sequence[Sequence[str]]:
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def test_what_is_not_shown_is_told(site: Path) -> None:
    text = re.sub(r"\s+", " ", soup_of(site / "kallor" / "operating-45.html").main.get_text())
    assert "Verifikationerna visas inte" in text
    assert "bokslut vouchers --organisation 1882 --board KS --year 2024 --activity 45" in text
    assert "1 rad visas inte" in text
    assert "Tabellen läser också seeds/board/projects.csv" in text
    assert "alla rader" not in text
    total = soup_of(site / "kallor" / "operating-total.html").main.get_text()
    assert "nämndens alla rader" in total
    assert "bokslut vouchers" not in total


def test_the_page_of_a_mart_shows_its_sql_and_its_tests(site: Path) -> None:
    soup = soup_of(site / "kallor" / "mart" / "fct_activity_variance.html")
    first, second = soup.main.find_all("details")
    assert first.has_attr("open")
    assert first.pre.get_text() == "select '</code><script>alert(4)</script>'"
    assert second.summary.get_text() == "models/staging/stg.sql"
    tests = rows_of(soup.find_all("table")[1])
    assert ["variance is actual minus budget", "variance_net_sek = actual - budget", "fct__claims"] in tests
    assert ["assert all is kept", "", "assert_all_is_kept"] in tests


def test_only_figures_that_stand_in_the_report_have_a_source() -> None:
    pages = (Page("index", (Text("Start"),), (Paragraph((money("1", 1, "operating/45/variance"),)),)),)
    files = dict(site_files(replace(report(), pages=pages), {}, THEME, traces()))
    assert sorted(file for file in files if file.startswith("kallor/")) == [
        "kallor/index.html",
        "kallor/mart/fct_activity_variance.html",
        "kallor/operating-45.html",
    ]


def test_a_figure_of_another_year_has_a_place_of_its_own() -> None:
    number = replace(money("1", 1, "operating/45/variance"), fiscal_year=2023)
    both = traces()
    now = both.by_key["operating/45/variance", 2024]
    before = replace(now, figure=replace(now.figure, fiscal_year=2023))
    given = replace(both, by_key={("operating/45/variance", 2023): before, **both.by_key})
    pages = (Page("index", (Text("Start"),), (Paragraph((number, money("2", 2, "operating/45/variance"))),)),)
    files = dict(site_files(replace(report(), pages=pages), {}, THEME, given))
    links = [each["href"] for each in BeautifulSoup(files["index.html"], "html.parser").find_all("a", class_="number")]
    assert links == ["kallor/operating-45.html#variance.2023", "kallor/operating-45.html#variance"]
    soup: Any = BeautifulSoup(files["kallor/operating-45.html"], "html.parser")
    assert [each["id"] for each in soup.find_all("section")] == ["variance.2023", "variance"]
    assert soup.section.h2.get_text().startswith("variance, 2023: ")
