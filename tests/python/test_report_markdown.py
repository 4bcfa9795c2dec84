"""The long Markdown file: read by a Markdown parser it is the report again, and no text of the sources is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bokslut.proof.numerals import find_atoms
from bokslut.proof.reader import read_document
from bokslut.report.document import (
    Block,
    Callout,
    Chart,
    Code,
    Column,
    Details,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    Listing,
    Number,
    Page,
    Paragraph,
    Picture,
    Report,
    Row,
    Strong,
    Table,
    Text,
)
from bokslut.report.theme import Theme
from bokslut.report.writers.markdown import escaped, markdown, slug, write_markdown
from bokslut.report.writers.paged import visible
from report_sample import HOSTILE, money, report, specification, variance_table

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
PICTURES = {"avvikelse-per-verksamhet": Picture("<svg/>", b"", 640, 100)}
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("ab1 .-+#>*_`~[]()!<&|\\\"':/@$={}\n\t\u00a0\u2212", max_size=40),
    st.lists(st.sampled_from(["&", "#49", "lt", "amp", ";", " ", "!", "[a]", "(b)", "_", "1", "www."])).map("".join),
    st.sampled_from(HOSTILE),
)


def parsed(text: str) -> list[Token]:
    """The tokens of the file, read as a reader does that allows raw HTML and knows tables and struck out text."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def one_page(*blocks: Block) -> Report:
    return replace(report(), pages=(Page("index", (Text("Sida"),), blocks),))


def of(*blocks: Block) -> str:
    """The blocks as Markdown, without what stands before them."""
    return markdown(one_page(*blocks), THEME).partition("\n## Sida\n")[2].strip("\n")


def seen(text: str) -> str:
    """The text as a reader shows it: on one line, without what is not seen, without spaces at its ends."""
    return visible(text).replace("\n", " ").strip(" ")


def inline_kinds(tokens: list[Token]) -> set[str]:
    return {child.type for token in tokens for child in token.children or []}


def contents(tokens: list[Token]) -> list[str]:
    """The text of each run of inlines, as it is seen."""
    return ["".join(child.content for child in token.children or []) for token in tokens if token.type == "inline"]


def test_headings_lie_below_the_title_by_the_level_of_their_page() -> None:
    tokens = parsed(markdown(report(), THEME))
    found = [
        (token.tag, contents([tokens[place + 1]])[0])
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    assert found == [
        ("h1", report().title),
        ("h2", "Innehåll"),
        ("h2", "Året i korthet"),
        ("h3", "Största avvikelserna"),
        ("h4", "Källa"),
        ("h2", "Driftredovisning"),
        ("h3", "45 Gymnasieskola"),
        ("h2", "Texter <script>alert(1)</script>"),
    ]


def test_links_lead_to_headings_of_the_file() -> None:
    text = markdown(report(), THEME)
    anchors: set[str] = set()
    for line in re.findall("^#+ (.*)$", text, re.MULTILINE):
        slug("".join(contents(parsed(line))), anchors)
    targets = re.findall(r"\]\(#([^)]*)\)", text)
    assert targets[:4] == ["året-i-korthet", "driftredovisning", "45-gymnasieskola", "texter-scriptalert1script"]
    assert set(targets) <= anchors


def test_two_headings_with_one_text_have_each_its_anchor() -> None:
    pages = (
        Page("a", (Text("Innehåll"),), (Callout("info", "", (Heading(2, (Text("Mål"),), "mal"),)),)),
        Page("b", (Text("Mål"),), ()),
    )
    text = markdown(replace(report(), pages=pages), THEME)
    assert "- [Innehåll](#innehåll-1)\n- [Mål](#mål-1)\n" in text


def test_tables_have_a_caption_sides_and_a_total() -> None:
    assert of(variance_table()).split("\n") == [
        "**Tabell: Driftredovisning**",
        "",
        "| Verksamhet | Avvikelse (tkr) | Orsak |",
        "| :--- | ---: | :--- |",
        "| 45 Gymnasieskola | \u221212\u00a0508 | Medfinansiering av underskott |",
        "| 80 Fastigheter | 658 | ○ Ej uppnått ↘ Sämre |",
        "| 27 Räddningstjänst | – |  |",
        "| **Summa** | **\u221211\u00a0850** |  |",
    ]


def test_a_chart_stands_between_its_title_and_its_table(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_markdown(report(), PICTURES, THEME, path)
    text = path.read_text(encoding="utf-8")
    place = text.index("**Diagram: Avvikelse per verksamhet**")
    image = "![Liggande staplar, en per verksamhet. Gymnasieskolan avviker mest.](diagram/avvikelse-per-verksamhet.svg)"
    assert place < text.index(image) < text.index("**Tabell: Avvikelse per verksamhet**")
    assert [file.name for file in (tmp_path / "diagram").iterdir()] == ["avvikelse-per-verksamhet.svg"]
    assert (tmp_path / "diagram" / "avvikelse-per-verksamhet.svg").read_text(encoding="utf-8") == "<svg/>"


@pytest.mark.parametrize("name", ["../report", "a/b", "", "a b", "a)b", "a\n"])
def test_a_chart_is_never_written_outside_its_folder(name: str, tmp_path: Path) -> None:
    chart = Chart(name, "Titel", "Beskrivning", specification(), variance_table())
    with pytest.raises(ValueError, match="name of a file"):
        write_markdown(one_page(chart), {name: Picture("<svg/>", b"", 1, 1)}, THEME, tmp_path / "report.md")
    assert not list(tmp_path.iterdir())


def test_every_other_block_reads_well() -> None:
    text = Paragraph((Text("Text."),))
    assert of(Callout("warning", "Beräknat", (text, text))) == "> **Beräknat**\n>\n> Text.\n>\n> Text."
    assert of(Callout("danger", "", (text,))) == "> **Viktigt**\n>\n> Text."
    assert of(Details("Så räknas det", (text,))) == "**Så räknas det**\n\nText."
    assert of(Row((text, text))) == "Text.\n\nText."
    assert of(List(((text, List(((text,),))), (text,)), is_ordered=True)) == ("1. Text.\n\n   - Text.\n2. Text.")
    assert of(Listing("select 1\n```\n", "sql")) == "````sql\nselect 1\n```\n\n````"
    start = markdown(report(), THEME)
    assert "**Årets resultat:** \u2212186,6 mnkr (mot budget ▼ \u221213,1 mnkr)" in start
    assert "**Projekt:** 18\n" in start


def test_a_link_leads_to_a_page_or_to_a_safe_address() -> None:
    def link(page: str | None, address: str | None) -> str:
        return of(Paragraph((Link((Text("a"),), page, address),)))

    assert link("index", None) == "[a](#sida)"
    assert link(None, "https://example.org/a?b=1&copy=(2)") == "[a](<https://example.org/a?b=1&amp;copy=(2)>)"
    (target,) = (
        child.attrs["href"]
        for token in parsed(link(None, "https://example.org/a?b=1&copy=(2)"))
        for child in token.children or []
        if child.type == "link_open"
    )
    assert target == "https://example.org/a?b=1&copy=(2)"
    for address in ("javascript:alert(1)", "data:text/html,x", "https://a.se/> b", "http://example.org", "//a.se"):
        assert link(None, address) == "a"
    assert link("no-such-page", None) == "a"


def test_hostile_text_is_only_text() -> None:
    tokens = parsed(markdown(report(), THEME))
    assert "html_block" not in {token.type for token in tokens}
    allowed = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close", "code_inline", "image"}
    assert inline_kinds(tokens) <= allowed | {"link_open", "link_close", "softbreak"}
    links = [
        str(child.attrs["href"]) for token in tokens for child in token.children or [] if child.type == "link_open"
    ]
    assert all(target.startswith("#") or target == "https://www.example.org/lag?a=1&b=2" for target in links)
    found = contents(tokens)
    for text in HOSTILE:
        assert found.count(seen(text)) >= 3, "as a paragraph, and in two cells"
    assert f"Tabell: Texter ur källan {HOSTILE[0]}" in found


@given(TEXTS)
@example("&lt;b&gt; &#49; &amp;lt; &auml;")
def test_any_text_is_shown_as_it_is(text: str) -> None:
    tokens = parsed(of(Paragraph((Text(text),))))
    shown = seen(text)
    if shown.strip():
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert inline_kinds(tokens) <= {"text", "text_special"}
        # a reader takes other spaces than these off the ends of a line too
        assert contents(tokens)[0].strip() == shown.strip().replace("\x00", "\ufffd")


@given(TEXTS, TEXTS)
def test_any_text_is_shown_as_it_is_in_a_heading_and_in_a_table(text: str, other: str) -> None:
    heading = Heading(2, (Text(text), Text(other)), "a")
    columns = (Column(text), Column(other, "tkr", is_number=True))
    table = Table("Tabell", columns, (((Text(other), Text(text)), (Strong((Text(text),)),)),))
    tokens = parsed(of(heading, table))
    kinds = [token.type for token in tokens]
    assert kinds[:3] == ["heading_open", "inline", "heading_close"]
    assert kinds.count("th_open") == kinds.count("td_open") == 2
    assert inline_kinds(tokens) <= {"text", "text_special", "strong_open", "strong_close"}
    found = [content.strip() for content in contents(tokens)]
    assert found[0] == seen(text + other).strip()
    assert found[2] == seen(text).strip()
    assert found[4] == seen(other + text).strip()


def test_text_before_a_link_does_not_make_it_a_picture_or_a_sign() -> None:
    link = Link((Text("a"),), "index")
    for text in ("Se!", "Se &", "Se \\"):
        tokens = parsed(of(Paragraph((Text(text), link, Text("#49;")))))
        assert inline_kinds(tokens) <= {"text", "text_special", "link_open", "link_close"}
        assert contents(tokens) == [f"{text}a#49;"]
    tokens = parsed(of(Paragraph((Text("&"), Text("#49;")))))
    assert contents(tokens) == ["&#49;"]


@given(TEXTS)
@example("1_000 a_1_b")
def test_escaping_never_changes_how_a_numeral_reads(text: str) -> None:
    line = visible(text).replace("\n", " ").replace("&", " ").replace("<", " ")

    def read(given_text: str) -> list[tuple[str, str]]:
        return [(atom.text, atom.sign.value) for atom in find_atoms(given_text)]

    assert read(escaped(line)) == read(line)


def test_what_is_no_markup_is_left_as_it_is() -> None:
    for text in (
        "operating/total_1/variance",
        "R & D (2,5 %) – 10-15 st.",
        "Klart! §4, 12:30; 'a' \"b\" = c > d",
        "1+2",
    ):
        assert escaped(text) == text


def test_numbers_read_as_they_are_printed(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_markdown(report(), PICTURES, THEME, path)
    text = read_document(path).text
    for printed in ("\u221213\u00a0050 tkr", "7,5 %", "\u2212186,6 mnkr", "\u221213,1 mnkr", "\u221212\u00a0508"):
        assert printed in text
    numbers: tuple[Inline, ...] = (
        money("2024", 2_024_000, "a", ""),
        Text(". Början av en rad "),
        Number("\u22125,5", "\u00a0%"),
    )
    assert of(Paragraph(numbers)) == "2024\\. Början av en rad \u22125,5\u00a0%"


def test_code_is_as_it_is_typed() -> None:
    for code in ("a", "a|b", "`", "a`b``c", "*a* <b>", " a "):
        table = Table("Tabell", (Column("a"), Column("b")), (((Code(code),), (Text("|"),)),))
        tokens = parsed(of(Paragraph((Code(code),)), table))
        found = [child.content for token in tokens for child in token.children or [] if child.type == "code_inline"]
        assert [one.strip() for one in found] == [code.strip()] * 2
        assert [token.type for token in tokens].count("td_open") == 2


def test_marks_of_strong_text_are_never_seen() -> None:
    texts: tuple[Inline, ...] = (
        Text("a "),
        Strong((Text(" b "),)),
        Emphasis((Text("c"),)),
        Strong((Text(""),)),
        Strong((Emphasis((Text("d"),)),)),
    )
    tokens = parsed(of(Paragraph(texts)))
    assert contents(tokens) == ["a  b cd"]


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    files: list[list[bytes]] = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_markdown(report(), PICTURES, THEME, tmp_path / name / "report.md")
        files.append([path.read_bytes() for path in _files(tmp_path / name)])
    assert files[0] == files[1]
    assert files[0][-1].endswith(b"\n")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
