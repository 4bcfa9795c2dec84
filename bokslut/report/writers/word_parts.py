"""What stands around the text of a Word file: styles, numbering, head and foot, settings, and the package of them all.

The same parts give the same bytes: in a fixed order, each with the first date that a zip file knows. The text itself is
made in `word`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from xml.sax.saxutils import escape, quoteattr

from bokslut.report.document import Report
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import visible

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EXTERNAL = ' TargetMode="External"'
# the parts that stand in a file of their own, with the end of their kind of relation and of their kind of content
PARTS = (
    ("styles.xml", "styles", "styles"),
    ("numbering.xml", "numbering", "numbering"),
    ("settings.xml", "settings", "settings"),
    ("fontTable.xml", "fontTable", "fontTable"),
    ("header1.xml", "header", "header"),
    ("footer1.xml", "footer", "footer"),
)
# what a list is numbered by; each numbered list has a number of its own, from NUMBERS on
BULLETS, NUMBERS = 1, 2
LIST_LEVELS = 9
INDENT = 340  # of each level of a list, in twentieths of a point
# in twentieths of a point: A4, its margins, and the room between them, upright and turned
WIDTH, HEIGHT = 11906, 16838
SIDE, TOP = 1304, 1474
ROOM, TURNED_ROOM = WIDTH - 2 * SIDE, HEIGHT - 2 * SIDE


@dataclass(frozen=True)
class Relation:
    """What the text refers to: kind is the end of its address, target a part, or an address outside the file."""

    kind: str
    target: str
    is_external: bool = False


def content(text: str) -> str:
    """A text as content of an element."""
    return escape(visible(text))


def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotes."""
    return quoteattr(visible(text).replace("\n", " "))


def hexadecimal(colour: str) -> str:
    """A colour (#rrggbb) as Word writes it."""
    return colour.removeprefix("#").upper()


def first_relations() -> list[Relation]:
    """The relations to the parts, which come first: `rId1` is the first of them."""
    return [Relation(kind, name) for name, kind, _ in PARTS]


def section(*, is_turned: bool = False, has_cover: bool = False) -> str:
    """The properties of a section: paper, margins, head and foot. has_cover: its first page has neither."""
    size = f'w:w="{HEIGHT}" w:h="{WIDTH}" w:orient="landscape"' if is_turned else f'w:w="{WIDTH}" w:h="{HEIGHT}"'
    names = [name for name, _, _ in PARTS]
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="rId{names.index("header1.xml") + 1}"/>'
        f'<w:footerReference w:type="default" r:id="rId{names.index("footer1.xml") + 1}"/>'
        f'<w:pgSz {size}/><w:pgMar w:top="{TOP}" w:right="{SIDE}" w:bottom="{TOP}" w:left="{SIDE}" w:header="680"'
        f' w:footer="624" w:gutter="0"/>{"<w:titlePg/>" if has_cover else ""}</w:sectPr>'
    )


def package(
    report: Report, theme: Theme, document: str, relations: Sequence[Relation], pictures: Sequence[bytes], lists: int
) -> bytes:
    """The Word file. document: its main part. pictures: media/1.png and on. lists: how many numbered ones there are."""
    names = {
        "styles.xml": _styles(theme),
        "numbering.xml": _numbering(theme, lists),
        "settings.xml": SETTINGS,
        "fontTable.xml": _fonts(theme),
        "header1.xml": _header(report),
        "footer1.xml": FOOTER,
    }
    parts: list[tuple[str, str | bytes]] = [
        ("[Content_Types].xml", _content_types()),
        ("_rels/.rels", PACKAGE_RELATIONS),
        ("docProps/core.xml", _core(report)),
        ("docProps/app.xml", APPLICATION),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", _relations(relations)),
        *((f"word/{name}", names[name]) for name, _, _ in PARTS),
        *((f"word/media/{number}.png", picture) for number, picture in enumerate(pictures, start=1)),
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts:
            information = zipfile.ZipInfo(name)  # of 1980, whatever the clock says
            information.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(information, part if isinstance(part, bytes) else XML + part)
    return buffer.getvalue()


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{name}" ContentType="{CONTENT}.{kind}+xml"/>'
        for name, kind in [("document.xml", "document.main"), *((name, kind) for name, _, kind in PARTS)]
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{parts}"
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )


PACKAGE_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/extended-properties" Target="docProps/app.xml"/></Relationships>'
)
APPLICATION = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>bokslut</Application></Properties>"
)


def _relations(relations: Sequence[Relation]) -> str:
    written = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{relation.kind}" Target={attribute(relation.target)}'
        f"{EXTERNAL if relation.is_external else ''}/>"
        for number, relation in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{written}</Relationships>'


def _core(report: Report) -> str:
    date = f"{report.fiscal_year}-12-31T00:00:00Z"
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{content(report.title)}</dc:title><dc:subject>{content(report.board_name)}</dc:subject>"
        f"<dc:creator>{content(report.organisation_name)}</dc:creator><dc:language>sv-SE</dc:language>"
        f"<cp:lastModifiedBy>{content(report.organisation_name)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{date}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{date}</dcterms:modified></cp:coreProperties>'
    )


# no field is updated when the file is opened: Word would ask its reader first
SETTINGS = (
    f'<w:settings {WORD}><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="sv-SE"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)


def _fonts(theme: Theme) -> str:
    return (
        f"<w:fonts {WORD}><w:font w:name={attribute(theme.fonts[0])}>"
        '<w:altName w:val="Calibri"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _header(report: Report) -> str:
    # the style of the first level by its number: its name is another in each language of Word
    return (
        f'<w:hdr {WORD}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{content(report.title)}</w:t></w:r><w:r><w:tab/></w:r>'
        '<w:fldSimple w:instr=" STYLEREF 1 "><w:r><w:t></w:t></w:r></w:fldSimple></w:p></w:hdr>'
    )


FOOTER = (
    f'<w:ftr {WORD}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">Sida </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> av </w:t></w:r>'
    '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)


def _numbering(theme: Theme, lists: int) -> str:
    accent = hexadecimal(theme.colours["accent"])

    def level(number: int, kind: str, text: str, properties: str = "") -> str:
        return (
            f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{(number + 1) * INDENT}" w:hanging="{INDENT}"/></w:pPr>'
            f"{properties}</w:lvl>"
        )

    bullets = "".join(
        level(n, "bullet", "•", f'<w:rPr><w:color w:val="{accent}"/></w:rPr>') for n in range(LIST_LEVELS)
    )
    numbers = "".join(level(n, "decimal", f"%{n + 1}.") for n in range(LIST_LEVELS))
    restarted = "".join(
        f'<w:num w:numId="{NUMBERS + n}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for n in range(lists)
    )
    return (
        f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>{bullets}'
        f'</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{numbers}'
        f'</w:abstractNum><w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>{restarted}</w:numbering>'
    )


def _styles(theme: Theme) -> str:
    """The styles of the theme, with its fonts and colours put in."""
    template = Template((theme.folder / "word-styles.xml").read_text(encoding="utf-8"))
    colours = {role: hexadecimal(colour) for role, colour in theme.colours.items()}
    return template.substitute(colours, font=content(theme.fonts[0]), room=ROOM)
