"""The bindings of a rendered file: a row a numeral, in order; a number that a file lost or changed is found."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from bokslut.proof.bindings import COLUMNS
from bokslut.proof.exemptions import Rule
from bokslut.proof.reader import Document, read_document
from bokslut.report.document import (
    Block,
    Heading,
    Inline,
    Link,
    List,
    Listing,
    Number,
    Page,
    Paragraph,
    Report,
    Row,
    Strong,
    Text,
)
from bokslut.report.errors import SidecarError
from bokslut.report.sidecar import Entry, bind, entries, page_pieces, report_pieces, sidecar
from bokslut.report.theme import Theme
from bokslut.report.writers.markdown import write_markdown
from report_sample import money, report
from test_report_pdf import PICTURES

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
RULES = (Rule("section", "(?P<n>[0-9]+) §", "a paragraph of law"),)
LOSS = money("\u221213\u00a0050", -13_050_000, "operating/total/variance")
GAIN = money("658", 658_000, "operating/80/variance")
SHARE = Number("7,5", " %", None, "operating/total/variance_share", 2024, "percent", 1, 1)


def page(*blocks: Block) -> Page:
    return Page("index", (Text("Sidan"),), blocks)


def said(*inlines: Inline) -> Page:
    return page(Paragraph(inlines))


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def bound(tmp_path: Path, text: str, of: Page) -> list[Entry]:
    return bind(document(tmp_path, text), page_pieces(of), RULES)


def test_a_number_is_bound_where_it_stands(tmp_path: Path) -> None:
    (entry,) = bound(tmp_path, "Sidan\n\nBlev \u221213\u00a0050\u00a0tkr.", said(Text("Blev "), LOSS, Text(".")))
    assert entry == Entry("-13 050", LOSS, "", "Sidan", "Blev \u221213\u00a0050 tkr.")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Sidan\n\nBlev tkr.", "lost"),
        ("Sidan\n\nBlev 13\u00a0050\u00a0tkr.", "without its minus"),
        ("Sidan\n\nBlev \u221213\u00a0051\u00a0tkr.", "changed"),
        ("Sidan\n\nBlev \u2212130\u00a0050\u00a0tkr.", "longer"),
        ("Sidan\n\nBlev \u221213,050\u00a0tkr.", "otherwise written"),
        ("Något annat.", "all is lost"),
    ],
)
def test_a_lost_or_changed_number_is_found(tmp_path: Path, text: str, printed: str) -> None:
    with pytest.raises(SidecarError) as caught:
        bound(tmp_path, text, said(Text("Blev "), LOSS, Text(".")))
    assert "-13 050 (operating/total/variance, Sidan: Blev" in str(caught.value), printed
    assert "report.txt" in str(caught.value)


def test_one_of_two_equal_numbers_cannot_stand_for_both(tmp_path: Path) -> None:
    of = page(Paragraph((Text("A "), GAIN)), Paragraph((Text("B "), GAIN)))
    assert len(bound(tmp_path, "Sidan\n\nA 658 tkr\n\nB 658 tkr", of)) == 2
    with pytest.raises(SidecarError):
        bound(tmp_path, "Sidan\n\nA 658 tkr\n\nB tkr", of)


def test_numbers_are_bound_in_the_order_of_the_file(tmp_path: Path) -> None:
    of = page(
        Heading(2, (Text("Först "), SHARE), "forst"),
        Row((Paragraph((Strong((LOSS,)),)), Paragraph((Link((GAIN,), page="index"),)))),
        List(((Paragraph((Text("sist "), SHARE)),),)),
    )
    found = bound(tmp_path, "Sidan\n\nFörst 7,5 %\n\n-13 050 tkr\n\n658 tkr\n\n- sist 7,5 %\n", of)
    assert [entry.printed for entry in found] == ["7,5", "-13 050", "658", "7,5"]
    with pytest.raises(SidecarError):
        bound(tmp_path, "Sidan\n\nFörst 7,5 %\n\n658 tkr\n\n-13 050 tkr\n\n- sist 7,5 %\n", of)


def test_a_text_has_a_row_for_each_numeral_that_no_rule_exempts(tmp_path: Path) -> None:
    of = said(Text("Enligt 4 § i beslut 17, och ", "lagrum"), Text("12 000 andra", "text of the marts"))
    found = bound(tmp_path, "Sidan\n\nEnligt 4 § i beslut 17, och 12 000 andra", of)
    assert [(entry.printed, entry.number, entry.reason) for entry in found] == [
        ("17", None, "lagrum"),
        ("12 000", None, "text of the marts"),
    ]


def test_a_text_that_a_writer_left_out_needs_no_row(tmp_path: Path) -> None:
    of = page(Listing("select 17", "sql"), Paragraph((GAIN,)))
    assert [entry.printed for entry in bound(tmp_path, "Sidan\n\n658 tkr", of)] == ["658"]


def test_nothing_known_needs_no_row() -> None:
    assert list(entries(page_pieces(said(Number("–"))))) == []


def test_titles_stand_in_the_contents_too() -> None:
    pages = (Page("a", (Text("Sida 17"),), ()), Page("b", (Text("Sida 18"),), ()))
    whole = replace(report(), pages=pages, title="Redovisning 2024")
    once = [entry.printed for entry in entries(report_pieces(whole))]
    twice = [entry.printed for entry in entries(report_pieces(whole, has_contents=True))]
    assert (once, twice) == (["2024", "17", "18"], ["2024", "17", "18", "17", "18"])


def test_the_names_above_a_report_have_rows_too(tmp_path: Path) -> None:
    whole = replace(report(), pages=(said(GAIN),), organisation_name="Kommun 3", title="Bok", board_name="Nämnd 17")
    found = bind(document(tmp_path, "Kommun 3\nBok\nNämnd 17\n\nSidan\n\n658 tkr"), report_pieces(whole), ())
    assert [entry.printed for entry in found] == ["3", "17", "658"]


def test_rows_are_those_of_the_bindings_of_the_warehouse(tmp_path: Path) -> None:
    whole: Report = replace(report(), pages=(said(LOSS, Text(" 17", "lagrum")),))
    text = sidecar(whole, bound(tmp_path, "Sidan\n\n-13 050 tkr 17", whole.pages[0]))
    reader = csv.DictReader(io.StringIO(text))
    rows = list(reader)
    assert tuple(reader.fieldnames or ()) == tuple(COLUMNS)
    filled = [{name: cell for name, cell in row.items() if cell and name not in ("place", "section")} for row in rows]
    of_report = {"document_id": "report/1882/KS/2024"}
    assert filled == [
        {
            **of_report,
            "printed_number": "1",
            "printed": "-13 050",
            "unit": "sek",
            "scale": "1000",
            "sign": "1",
            "decimals": "0",
            "qualifier": "exact",
            "figure_key": "operating/total/variance",
            "fiscal_year": "2024",
        },
        {**of_report, "printed_number": "2", "printed": "17", "exemption": "lagrum"},
    ]


def test_a_written_report_has_every_figure_bound_and_a_mended_one_is_found(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_markdown(report(), PICTURES, THEME, path)
    pieces = list(report_pieces(report(), has_contents=True))
    figures = [entry.number for entry in entries(pieces) if entry.number is not None]
    found = bind(read_document(path), pieces, RULES)
    assert figures
    assert [entry.number for entry in found if entry.number is not None] == figures
    text = path.read_text(encoding="utf-8")
    assert text.count("186,6") == 1
    path.write_text(text.replace("186,6", "186,5"), encoding="utf-8")
    with pytest.raises(SidecarError, match="result/net/actual"):
        bind(read_document(path), pieces, RULES)
