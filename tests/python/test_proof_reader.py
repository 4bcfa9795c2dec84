"""Each kind of report is read as the lines that people see; what is no report is refused with one line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bokslut.proof.reader import DocumentError, build_document, read_document


def pdf_bytes(pages: list[list[str]]) -> bytes:
    """A PDF by hand: one Helvetica line per text, in Latin-1; a page without lines has no text at all."""
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids: list[str] = []
    for lines in pages:
        shown = b"".join(
            f"1 0 0 1 50 {780 - 20 * number} Tm (".encode()
            + line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            + b") Tj\n"
            for number, line in enumerate(lines)
        )
        stream = b"BT /F1 12 Tf\n" + shown + b"ET" if lines else b"0 0 100 100 re f"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    body = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + trailer


def lines_of(path: Path) -> list[str]:
    document = read_document(path)
    lines = [document.line(number) for number in range(1, len(document.line_starts) + 1)]
    return [line.strip() for line in lines if line.strip()]


def test_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes("\ufeffNetto -12\u00a0508 tkr\r\nA\u030ar 2024\rsvensk\u00ada\fSida två\n".encode())
    document = read_document(path)
    assert lines_of(path) == ["Netto -12\u00a0508 tkr", "År 2024", "svenska", "Sida två"]
    assert document.line_number(document.text.index("Sida")) == 4
    assert document.page_number(document.text.index("Sida")) == 2
    assert document.page_number(0) == 1


def test_text_without_pages() -> None:
    document = build_document("text", "en rad\nen till")
    assert document.page_number(9) is None
    assert document.line(2) == "en till"


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("# Netto\n\n| Skola | **-12&nbsp;508** |\n", encoding="utf-8")
    assert lines_of(path) == ["# Netto", "| Skola | **-12\u00a0508** |"]


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(
        "<!doctype html><html><head><title>År 1</title><style>p{margin:2px}</style></head><body><h1>Netto 2024</h1>"
        "<p>Blev <b>-12&nbsp;508</b>\n   tkr<sup>1</sup>.<br>Ny rad</p><!-- 99 --><script>var a = 3</script>"
        "<table><tr><td>Skola</td><td>&minus;3&nbsp;184</td><td>162</td></tr></table>"
        "<p hidden>4</p><svg><text>5</text></svg><template>6</template></body></html>",
        encoding="utf-8",
    )
    assert lines_of(path) == [
        "Netto 2024",
        "Blev -12\u00a0508 tkr\u00b9.",
        "Ny rad",
        "Skola\t\u22123\u00a0184\t162",
    ]


def test_word(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    report = docx.Document()
    report.add_heading("Netto 2024")
    paragraph = report.add_paragraph("Blev -12\u00a0508 tkr")
    paragraph.add_run("1").font.superscript = True
    table = report.add_table(rows=1, cols=3)
    for cell, text in zip(table.rows[0].cells, ["Skola", "-3 184", "162"], strict=True):
        cell.text = text
    report.add_paragraph("Efter tabellen 7")
    content_control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Styrd 8</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    deleted = parse_xml(
        f"<w:p {nsdecls('w')}><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>kvar</w:t></w:r></w:p>"
    )
    report.element.body.insert(4, content_control)
    report.element.body.insert(5, deleted)
    report.save(str(path))
    assert lines_of(path) == [
        "Netto 2024",
        "Blev -12\u00a0508 tkr\u00b9",
        "Skola\t-3 184\t162",
        "Efter tabellen 7",
        "Styrd 8",
        "kvar",
    ]


def test_pdf(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_bytes([["Netto blev -12 508 tkr", "beräknas bli -", "3,2 mkr"], ["Sida två 5 %"]]))
    document = read_document(path)
    assert lines_of(path) == ["Netto blev -12 508 tkr", "beräknas bli -", "3,2 mkr", "Sida två 5 %"]
    assert document.page_number(document.text.index("Sida")) == 2


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(name, "text")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("empty.pdf", b"", "the file is empty"),
        ("blank.txt", b" \n \n", "holds no text"),
        ("blank.html", b"<html><body><script>1</script></body></html>", "holds no text"),
        ("binary.txt", bytes(range(256)), "a binary file"),
        ("latin.txt", "Åsbro 12 tkr".encode("latin-1"), "not UTF-8 (byte 0)"),
        ("sixteen.txt", "Åsbro".encode("utf-16"), "a binary file"),
        ("binary.html", b"\x00\x01", "a binary file"),
        ("scan.pdf", pdf_bytes([[], []]), "a PDF without text"),
        ("cut.pdf", pdf_bytes([["text"]])[:40], "not a PDF that can be read"),
        ("text.pdf", b"only text", "not a PDF that can be read"),
        ("text.docx", b"only text", "not a Word document"),
        ("zip.docx", zipped("a.txt"), "not a Word document"),
        ("report.xlsx", b"PK", "unknown kind of file - known are .txt .md .html .htm .docx .pdf"),
        ("report", b"text", "unknown kind of file"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError) as error:
        read_document(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("make", "message"), [(Path.exists, "no such file"), (Path.mkdir, "not a file")])
def test_no_file(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    make(tmp_path / "report.txt")
    with pytest.raises(DocumentError, match=message):
        read_document(tmp_path / "report.txt")


def test_a_page_nested_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 20_000 + "5 tkr", encoding="utf-8")
    with pytest.raises(DocumentError, match="nested"):
        read_document(path)
