"""The PDF: tagged as PDF/UA-1 asks, in reading order, with hostile text inert, and the same bytes each time."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bokslut.proof.reader import build_document, read_document
from bokslut.report.document import (
    Column,
    Heading,
    Inline,
    Link,
    Number,
    Page,
    Paragraph,
    Picture,
    Report,
    Table,
    Text,
    plain,
)
from bokslut.report.errors import PdfError
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import outline_level, visible
from bokslut.report.writers.pdf import pdf_bytes, write_pdf
from report_sample import HOSTILE, report

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")


def blank_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xee" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURES = {"avvikelse-per-verksamhet": Picture("<svg/>", blank_png(1200, 360), 400, 120)}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(report(), PICTURES, THEME, path)
    return path


@pytest.fixture(scope="module")
def text(sample: Path) -> str:
    return read_document(sample).text


def one_page(*blocks: Any, title: str = "Sida") -> Report:
    return replace(report(), pages=(Page("index", (Text(title),), tuple(blocks)),))


def text_of(content: Report, tmp_path: Path) -> str:
    path = tmp_path / "one.pdf"
    write_pdf(content, PICTURES, THEME, path)
    return read_document(path).text


def elements(node: Any) -> Iterator[Any]:
    """The structure elements below a node, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_it_is_tagged_titled_and_in_swedish(sample: Path) -> None:
    with pikepdf.open(sample) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/CreationDate"]) == "D:20241231000000Z"
        assert str(pdf.docinfo["/Title"]) == "Årsredovisning 2024 för kommunstyrelsen"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Årsredovisning 2024 för kommunstyrelsen"
        tags = [str(element.S) for element in elements(pdf.Root.StructTreeRoot.K)]
    assert [tag for tag in tags if re.fullmatch("/H[1-6]", tag)] == ["/H1", "/H1", "/H2", "/H3", "/H1", "/H2", "/H1"]
    for tag in ("/TOC", "/Table", "/THead", "/TH", "/TD", "/TFoot", "/Caption", "/L", "/LI", "/Link", "/Figure"):
        assert tag in tags, tag
    assert tags.count("/Table") == 3


def test_every_picture_has_an_alternative_text(sample: Path) -> None:
    with pikepdf.open(sample) as pdf:
        figures = [element for element in elements(pdf.Root.StructTreeRoot.K) if str(element.S) == "/Figure"]
        texts = [str(figure.Alt) for figure in figures]
    assert texts == ["Liggande staplar, en per verksamhet. Gymnasieskolan avviker mest."]


def test_bookmarks_lead_to_pages_and_headings(sample: Path) -> None:
    with pikepdf.open(sample) as pdf, pdf.open_outline() as outline:
        titles = [(item.title, [child.title for child in item.children]) for item in outline.root]
    assert titles[:2] == [
        ("Året i korthet", ["Största avvikelserna"]),
        ("Driftredovisning", ["45 Gymnasieskola"]),
    ]


def test_the_text_stands_in_reading_order_and_a_row_on_one_line(text: str) -> None:
    lines = [line.strip() for line in re.split("[\n\f]", text)]
    assert "45 Gymnasieskola \u221212\u00a0508 Medfinansiering av underskott" in lines
    assert "Summa \u221211\u00a0850" in lines
    assert "Resultatet blev \u221213\u00a0050\u00a0tkr, eller 7,5\u00a0% av budgeten." in text
    assert "80 Fastigheter 658 ○ Ej uppnått ↘ Sämre" in text.replace("\u00a0", " ")
    wanted = ["Innehåll", "\nÅret i korthet\n", "Tabell\u00a01. Driftredovisning", "Diagram\u00a01. ", "Beräknat"]
    places = [text.index(part) for part in wanted]
    assert places == sorted(places)


def test_pages_are_numbered_alone_on_their_line(text: str) -> None:
    pages = text.split("\f")
    count = len(pages)
    assert "Sida" not in pages[0]
    for number, page in enumerate(pages[1:], start=2):
        assert page.strip().splitlines()[-1] == f"Sida {number} av {count}"


def test_hostile_text_is_inert_and_present(sample: Path, text: str) -> None:
    solid = re.sub(r"[\s-]", "", text)
    for hostile in HOSTILE:
        # heads and feet of pages stand within the longest
        shown = re.sub(r"[\s-]", "", visible(hostile))
        assert shown[:500] in solid, hostile[:40]
    assert solid.count("x") > 3 * 10_000
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x07\x00]", text)
    with pikepdf.open(sample) as pdf:
        addresses = {
            str(annotation.A.URI)
            for page in pdf.pages
            for annotation in page.get("/Annots", ())
            if "/A" in annotation and "/URI" in annotation.A
        }
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
    assert addresses == {"https://www.example.org/lag?a=1&b=2"}


def test_every_line_stands_on_the_page(sample: Path) -> None:
    import pypdfium2  # type: ignore[import-untyped]

    pdf = pypdfium2.PdfDocument(sample)
    for page in pdf:
        width, height = page.get_size()
        textpage = page.get_textpage()
        for index in range(textpage.count_rects()):
            left, bottom, right, top = textpage.get_rect(index)
            assert left > 0
            assert bottom > 0
            assert right < width - 40
            assert top < height
    pdf.close()


def test_a_link_leads_only_to_a_page_of_the_report_or_a_safe_address(tmp_path: Path) -> None:
    links = [
        Link((Text("ett"),), page="saknas"),
        Link((Text("två"),), address="javascript:alert(1)"),
        Link((Text("tre"),), address='https://example.org/")#eval("1'),
    ]
    path = tmp_path / "links.pdf"
    write_pdf(one_page(Paragraph(tuple(links))), PICTURES, THEME, path)
    assert "etttvåtre" in read_document(path).text
    with pikepdf.open(path) as pdf:
        assert "/Annots" not in pdf.pages[-1]


def test_the_same_report_gives_the_same_bytes(sample: Path) -> None:
    assert pdf_bytes(report(), PICTURES, THEME) == sample.read_bytes()


def test_letters_without_a_glyph_are_shown_as_such_and_others_are_kept(tmp_path: Path) -> None:
    shown = text_of(one_page(Paragraph((Text("Škola 日本 e\u1ab0n 😀 Ω ≈ ○ ◐ ● ↗"),))), tmp_path)
    assert "Škola \ufffd\ufffd e\ufffdn \ufffd Ω ≈ ○ ◐ ● ↗" in shown


def test_escapes_of_the_source_are_text(tmp_path: Path) -> None:
    escapes = '\\n \\u{41} \\" + read("report.typ") + "'
    assert escapes in text_of(one_page(Paragraph((Text(escapes),))), tmp_path)


def test_a_heading_that_skips_a_level_is_raised(tmp_path: Path) -> None:
    content = one_page(Heading(4, (Text("Djup"),), "djup"), Paragraph((Text("Text"),)))
    path = tmp_path / "deep.pdf"
    write_pdf(content, PICTURES, THEME, path)
    with pikepdf.open(path) as pdf:
        tags = [str(element.S) for element in elements(pdf.Root.StructTreeRoot.K)]
    assert [tag for tag in tags if tag.startswith("/H")] == ["/H1", "/H1", "/H2"]
    assert outline_level(2, 0) == 1
    assert outline_level(9, 8) == 6


def test_a_table_too_wide_for_a_page_is_turned(tmp_path: Path) -> None:
    columns = (Column("Projekt"), *(Column(f"Kolumn {letter}", "tkr", is_number=True) for letter in "ABCDEFGHIJKL"))
    row: tuple[tuple[Inline, ...], ...] = (
        (Text("Skola"),),
        *((Number("\u2212123\u00a0456"),) for _ in "ABCDEFGHIJKL"),
    )
    path = tmp_path / "wide.pdf"
    wide = Table("Bred", columns, (row,))
    narrow = Table("Smal", columns[:4], (row[:4],))
    write_pdf(one_page(Paragraph((Text("Före"),)), wide, narrow), PICTURES, THEME, path)
    with pikepdf.open(path) as pdf:
        turned = [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]
    assert turned == [False, False, False, True, False]


def test_a_template_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "report.typ").write_text("#let report(it, body) = body + unknown\n", encoding="utf-8")
    with pytest.raises(PdfError) as raised:
        pdf_bytes(report(), PICTURES, replace(THEME, folder=tmp_path))
    assert "\n" not in str(raised.value)


def test_the_text_that_is_checked_is_that_of_the_tree(text: str) -> None:
    titles = [plain(page.title) for page in report().pages]
    document = build_document("report", text)
    assert all(title in document.text for title in titles)
