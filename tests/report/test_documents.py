"""The PDF as assistive technology meets it, and the proof of the files that are handed on, by the command itself."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from outputs import Report, prove, reports, sidecar


@pytest.fixture(scope="module", params=reports(), ids=lambda report: report.name)
def report(request: pytest.FixtureRequest) -> Report:
    """Each report in turn."""
    found: Report = request.param
    return found


# ------------------------------------------------------------------------------------------------------------ the PDF


@pytest.fixture(scope="module")
def pdf(report: Report) -> Iterator[pikepdf.Pdf]:
    """The report's PDF."""
    with pikepdf.open(report.file(".pdf")) as opened:
        yield opened


def elements(node: Any) -> Iterator[Any]:
    """The elements of a structure tree, in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def of_kind(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """The elements of a PDF of one kind, e.g. "/Figure"."""
    return [element for element in elements(pdf.Root.StructTreeRoot) if str(element.S) == kind]


def test_the_pdf_says_that_it_is_accessible_what_it_is_and_in_which_language(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang).lower().startswith("sv")
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_every_drawing_of_the_pdf_has_a_text_in_its_place(
    report: Report, pdf: pikepdf.Pdf, capsys: pytest.CaptureFixture[str]
) -> None:
    drawings = of_kind(pdf, "/Figure")
    assert drawings
    assert all(str(drawing.get("/Alt", "")).strip() for drawing in drawings)
    with capsys.disabled():
        print(f"\n{report.name}: PDF: {len(pdf.pages)} pages, {len(drawings)} drawings with a text", end="")


def test_the_pdf_has_headings_tables_and_contents(pdf: pikepdf.Pdf) -> None:
    headings = [
        str(element.S) for element in elements(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H[1-6]", str(element.S))
    ]
    levels = [int(heading[2:]) for heading in headings]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    for table in of_kind(pdf, "/Table"):
        heads = [element for element in elements(table) if element.S == "/TH"]
        assert heads
    with pdf.open_outline() as outline:
        assert len(outline.root) > 1


# ---------------------------------------------------------------------------------------------------------- the proof


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed proof shows."""
    return f"exit code {done.returncode}\n{done.stderr[-3000:]}"


def differing(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The keys of the figures that the proof says are wrong."""
    return [row["figure_key"] for row in csv.DictReader(io.StringIO(done.stdout)) if row["verdict"] == "differs"]


@pytest.mark.parametrize("suffix", [".md", ".pdf", ".docx"])
def test_everything_is_proven(report: Report, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = prove(report.file(suffix))
    assert done.returncode == 0, told(done)
    verdicts = [row["verdict"] for row in csv.DictReader(io.StringIO(done.stdout))]
    assert "proven" in verdicts
    with capsys.disabled():
        print(f"\n{report.name}: {suffix}: {verdicts.count('proven')} numerals proven, 0 to correct", end="")


@pytest.fixture
def word(report: Report, tmp_path: Path) -> Path:
    """A copy of the Word file that the test may edit, with its bindings."""
    path = tmp_path / "arsredovisning.docx"
    shutil.copy2(report.file(".docx"), path)
    shutil.copy2(sidecar(report.file(".docx")), sidecar(path))
    return path


def key(control: Any) -> str:
    """The figure of a content control."""
    return str(control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")))


def test_a_figure_edited_by_hand_in_word_is_found_and_named(word: Path) -> None:
    document = docx.Document(str(word))
    control = next(document.element.body.iter(qn("w:tag"))).getparent().getparent()
    text = control.find(f".//{qn('w:t')}")
    text.text = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text.text, count=1)
    document.save(str(word))
    done = prove(word)
    assert done.returncode == 1, told(done)
    assert differing(done) == [key(control)]


def test_a_moved_paragraph_is_no_alarm(word: Path) -> None:
    document = docx.Document(str(word))
    body = document.element.body
    paragraphs = [child for child in body if child.tag == qn("w:p") and child.find(f".//{qn('w:tag')}") is not None]
    paragraphs[-1].addnext(paragraphs[0])
    document.save(str(word))
    done = prove(word)
    assert done.returncode == 0, told(done)


def test_a_moved_table_row_is_no_alarm(word: Path) -> None:
    document = docx.Document(str(word))
    rows = next(
        rows
        for table in document.element.body.iter(qn("w:tbl"))
        for rows in [[row for row in table.iter(qn("w:tr")) if row.find(f".//{qn('w:tag')}") is not None]]
        if len(rows) > 2
    )
    rows[-1].addnext(rows[0])
    document.save(str(word))
    done = prove(word)
    assert done.returncode == 0, told(done)
