"""The Word file: headings, tables, captions, controls and alternative texts as Word has them; hostile text inert."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from bokslut.proof.reader import read_document
from bokslut.report.document import (
    BigValue,
    Block,
    Callout,
    Chart,
    Column,
    Delta,
    Details,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    Number,
    Page,
    Paragraph,
    Report,
    Row,
    Strong,
    Table,
    Text,
)
from bokslut.report.errors import WordError
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import visible
from bokslut.report.writers.word import word_bytes, write_word
from report_sample import HOSTILE, money, report
from test_report_pdf import PICTURES

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "report.docx"
    write_word(report(), PICTURES, THEME, path)
    return path


@pytest.fixture(scope="module")
def opened(sample: Path) -> Any:
    return docx.Document(str(sample))


def value(element: Any, name: str) -> str:
    """The value of the first element of that name below another."""
    return str(element.find(f".//{qn(name)}").get(qn("w:val")))


def one_page(*blocks: Block) -> Report:
    return replace(report(), pages=(Page("index", (Text("Sida"),), blocks),))


def opened_of(content: Report) -> Any:
    return docx.Document(io.BytesIO(word_bytes(content, PICTURES, THEME)))


def figures(blocks: tuple[Block, ...]) -> list[str]:
    """The keys of the figures of blocks in the order in which they are read."""
    found: list[str] = []

    def read(*parts: Inline | Block) -> None:
        for part in parts:
            match part:
                case Number(figure_key=str(key)):
                    found.append(key)
                case Delta(number):
                    read(number)
                case BigValue(number=number, comparison=comparison):
                    read(number, *([comparison] if comparison else []))
                case Table(rows=rows, total=total):
                    for row in [*rows, *([total] if total else [])]:
                        for cell in row:
                            read(*cell)
                case Chart(table=table):
                    read(table)
                case List(items):
                    for item in items:
                        read(*item)
                case Paragraph(children) | Strong(children) | Emphasis(children) | Link(children) | Row(children):
                    read(*children)
                case Heading(children=inlines):
                    read(*inlines)
                case Callout(children=inner) | Details(children=inner):
                    read(*inner)

    read(*blocks)
    return found


def test_headings_are_those_of_the_outline(opened: Any) -> None:
    headings = [(part.style.name, part.text) for part in opened.paragraphs if part.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Året i korthet"),
        ("Heading 2", "Största avvikelserna"),
        ("Heading 3", "Källa"),
        ("Heading 1", "Driftredovisning"),
        ("Heading 2", "45 Gymnasieskola"),
        ("Heading 1", "Texter <script>alert(1)</script>"),
    ]
    assert [part.text for part in opened.paragraphs if part.style.name == "Title"] == [report().title]


def test_the_contents_are_filled_in_and_lead_to_headings(opened: Any) -> None:
    body = opened.element.body
    (contents,) = (part for part in body.iter(qn("w:docPartGallery")) if part.get(qn("w:val")) == "Table of Contents")
    control = contents.getparent().getparent().getparent()
    links = list(control.iter(qn("w:hyperlink")))
    assert ["".join(text.text for text in link.iter(qn("w:t"))) for link in links] == [
        "Året i korthet",
        "Största avvikelserna",
        "Driftredovisning",
        "45 Gymnasieskola",
        "Texter <script>alert(1)</script>",
    ]
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))} <= names
    assert "TOC" in "".join(part.text for part in body.iter(qn("w:instrText")))
    assert all(0 < len(name) <= 40 for name in names)


def test_no_field_is_updated_when_the_file_is_opened(sample: Path) -> None:
    with zipfile.ZipFile(sample) as archive:
        texts = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
    assert not [text for text in texts if b"updateFields" in text or b"w:dirty" in text]


def test_tables_repeat_their_head_and_keep_rows_whole(opened: Any) -> None:
    tables = [table for table in opened.tables if table.style.name == "Bokslutstabell"]
    assert [value(table._tbl, "w:tblCaption")[:20] for table in tables] == [
        "Driftredovisning",
        "Avvikelse per verksa",
        "Texter ur källan =HY",
    ]
    for table in tables:
        first, *others = table.rows
        assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
        assert all(row._tr.find(f".//{qn('w:tblHeader')}") is None for row in others)
    # a number in a control is not among the runs of its paragraph, so the whole text of the cell is read
    rows = [["".join(text.text for text in cell._tc.iter(qn("w:t"))) for cell in row.cells] for row in tables[0].rows]
    assert rows == [
        ["Verksamhet", "Avvikelsetkr", "Orsak"],
        ["45 Gymnasieskola", "\u221212\u00a0508", "Medfinansiering av underskott"],
        ["80 Fastigheter", "658", "○\u00a0Ej uppnått ↘\u00a0Sämre"],
        ["27 Räddningstjänst", "–", ""],
        ["Summa", "\u221211\u00a0850", ""],
    ]
    numbers = [row.cells[1].paragraphs[0].alignment for row in tables[0].rows]
    assert {str(alignment) for alignment in numbers} == {"RIGHT (2)"}


def test_captions_are_numbered_by_fields_with_their_numbers_stored(opened: Any) -> None:
    captions = [part for part in opened.paragraphs if part.style.name == "Caption"]
    texts = ["".join(text.text for text in part._p.iter(qn("w:t"))) for part in captions]
    assert [text[:28] for text in texts] == [
        "Tabell 1. Driftredovisning",
        "Diagram 1. Avvikelse per ver",
        "Tabell 2. Avvikelse per verk",
        "Tabell 3. Texter ur källan =",
    ]
    fields = [field.get(qn("w:instr")).split()[:2] for field in opened.element.body.iter(qn("w:fldSimple"))]
    assert fields == [["SEQ", "Tabell"], ["SEQ", "Diagram"], ["SEQ", "Tabell"], ["SEQ", "Tabell"]]


def test_every_figure_stands_in_a_control_of_its_own_in_document_order(opened: Any) -> None:
    controls = [tag.getparent().getparent() for tag in opened.element.body.iter(qn("w:tag"))]
    keys = figures(tuple(block for page in report().pages for block in page.blocks))
    assert [value(control, "w:tag") for control in controls] == keys
    assert [int(value(control, "w:id")) for control in controls] == list(range(1, len(keys) + 1))
    assert len(keys) == 12
    texts = ["".join(text.text for text in control.iter(qn("w:t"))) for control in controls]
    assert texts[:3] == ["\u221213\u00a0050", "7,5", "\u2212186,6"]
    titles = [value(control, "w:alias") for control in controls]
    assert all(0 < len(title) <= 64 for title in titles)
    assert "Avvikelse, 45 Gymnasieskola" in titles
    # the unit stands behind its control
    assert controls[0].getnext().find(qn("w:t")).text == "\u00a0tkr"


def test_the_marks_that_the_proof_reads_are_the_controls(sample: Path) -> None:
    document = read_document(sample)
    assert [mark.number for mark in document.marks] == list(range(1, 13))
    first = document.marks[0]
    assert (document.text[first.start : first.end], first.tag) == ("\u221213\u00a0050", "operating/total/variance")
    assert "\n45 Gymnasieskola\t\u221212\u00a0508\tMedfinansiering av underskott\n" in document.text
    assert "Innehåll" not in document.text


def test_pictures_have_alternative_texts(opened: Any) -> None:
    described = [part.get("descr") for part in opened.element.body.iter(qn("wp:docPr"))]
    assert described == ["Liggande staplar, en per verksamhet. Gymnasieskolan avviker mest."]
    (shape,) = opened.inline_shapes
    assert (shape.width, shape.height) == (400 * 9525, 120 * 9525)


def test_language_properties_and_fixed_dates(sample: Path, opened: Any) -> None:
    properties = opened.core_properties
    assert (properties.title, properties.author) == (report().title, "Askersunds kommun")
    assert properties.language == "sv-SE"
    assert properties.created.replace(tzinfo=UTC) == datetime(2024, 12, 31, tzinfo=UTC)
    assert opened.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "sv-SE"
    assert {value(opened.settings.element, name) for name in ("w:themeFontLang",)} == {"sv-SE"}
    with zipfile.ZipFile(sample) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_head_and_foot_of_the_pages(opened: Any) -> None:
    section = opened.sections[0]
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text.startswith(report().title)
    foot = section.footer._element.xml
    assert "Sida " in foot
    assert re.findall('w:instr=" ([A-Z]+) "', foot) == ["PAGE", "NUMPAGES"]


def test_lists_are_numbered_by_word_and_each_begins_at_one() -> None:
    item = (Paragraph((Text("Punkt"),)),)
    nested = (Paragraph((Text("Yttre"),)), List((item,)))
    content = one_page(List((item, item), is_ordered=True), List((nested,)), List((item,), is_ordered=True))
    opened = opened_of(content)
    numbered = [part for part in opened.paragraphs if part._p.pPr.numPr is not None]
    numbers = [(part._p.pPr.numPr.numId.val, part._p.pPr.numPr.ilvl.val) for part in numbered]
    assert numbers == [(2, 0), (2, 0), (1, 0), (1, 1), (3, 0)]
    known = [number.numId for number in opened.part.numbering_part.element.num_lst]
    assert known == [1, 2, 3]


def test_hostile_text_is_inert_and_present(sample: Path) -> None:
    text = read_document(sample).text
    for hostile in HOSTILE:
        assert visible(hostile) in text, hostile[:40]
    with zipfile.ZipFile(sample) as archive:
        document = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", document)
    assert "<script" not in document
    assert set(re.findall('w:instr="([^"]*)"', document)) == {" SEQ Tabell \\* ARABIC ", " SEQ Diagram \\* ARABIC "}
    assert re.findall('Target="([^"]*)" TargetMode', relations) == ["https://www.example.org/lag?a=1&amp;b=2"]


def test_a_link_leads_only_to_a_page_of_the_report_or_a_safe_address() -> None:
    links = (
        Link((Text("ett"),), page="saknas"),
        Link((Text("två"),), address="javascript:alert(1)"),
        Link((Text("tre"),), address="file:///etc/passwd"),
    )
    opened = opened_of(one_page(Paragraph(links)))
    assert opened.paragraphs[-1].text == "etttvåtre"
    assert not [relation for relation in opened.part.rels.values() if relation.is_external]


def test_a_key_too_long_for_a_tag_is_told() -> None:
    key = "indicator/" + "a" * 55
    with pytest.raises(WordError, match=f"{key} is longer than the 64 characters"):
        word_bytes(one_page(Paragraph((money("1", 1000, key),))), PICTURES, THEME)
    word_bytes(one_page(Paragraph((money("1", 1000, key[:64]),))), PICTURES, THEME)


def test_a_table_too_wide_for_a_page_stands_on_one_turned() -> None:
    columns = (Column("Projekt"), *(Column(f"Kolumn {letter}", "tkr", is_number=True) for letter in "ABCDEFGHIJKL"))
    row: tuple[tuple[Inline, ...], ...] = ((Text("Skola"),), *((Number("\u2212123\u00a0456"),) for _ in range(12)))
    opened = opened_of(
        one_page(Paragraph((Text("Före"),)), Table("Bred", columns, (row,)), Paragraph((Text("Efter"),)))
    )
    assert [section.orientation for section in opened.sections] == [0, 1, 0]
    assert [section.different_first_page_header_footer for section in opened.sections] == [True, False, False]


def test_the_same_report_gives_the_same_bytes(sample: Path) -> None:
    assert word_bytes(report(), PICTURES, THEME) == sample.read_bytes()
