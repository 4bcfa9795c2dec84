"""A small report with every kind of node, and with text that tries to be markup, code or a formula."""

from __future__ import annotations

from decimal import Decimal

from bokslut.report.document import (
    BigValue,
    Callout,
    Chart,
    Code,
    Column,
    Delta,
    Details,
    Emphasis,
    Heading,
    Light,
    Link,
    List,
    Listing,
    Number,
    Page,
    PageBreak,
    Paragraph,
    Report,
    Row,
    Strong,
    Table,
    Text,
    Trend,
)

HOSTILE = (
    '=HYPERLINK("http://example.org";"tryck här")',
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "</script><img src=x onerror=alert(2)>",
    "[klicka](javascript:alert(3))",
    "x" * 10_000,
    "\u202eomvänd\u202c text\u200f",
    "@SUM(A1:A9)",
    "+1+2",
    "-2+3",
    "| a | b |",
    "# rubrik",
    '#import "x"',
    "*fet* _kursiv_ `kod` $x$ \\alpha",
    "radbrytning\noch\ttabb \x07 \x00",
)


def money(printed: str, value: int, key: str, suffix: str = " tkr") -> Number:
    return Number(
        printed=printed,
        suffix=suffix,
        value=Decimal(value),
        figure_key=key,
        fiscal_year=2024,
        unit="sek",
        scale=1000,
        number_format="#,##0",
    )


NOTHING = Number("–")


def variance_table(caption: str = "Driftredovisning") -> Table:
    rows = (
        (
            (Link((Text("45 Gymnasieskola"),), page="drift/45"),),
            (money("\u221212\u00a0508", -12_508_000, "operating/45/variance", ""),),
            (Text("Medfinansiering av underskott"),),
        ),
        (
            (Text("80 Fastigheter"),),
            (money("658", 658_000, "operating/80/variance", ""),),
            (Light("red", "Ej uppnått"), Text(" "), Trend("worse", "Sämre")),
        ),
        ((Text("27 Räddningstjänst"),), (NOTHING,), (Text(""),)),
    )
    total = ((Text("Summa"),), (money("\u221211\u00a0850", -11_850_000, "operating/total/variance", ""),), (Text(""),))
    columns = (Column("Verksamhet"), Column("Avvikelse", "tkr", is_number=True, viz="bar"), Column("Orsak"))
    return Table(caption, columns, rows, total, "Drift", (False, True, False))


def specification() -> dict[str, object]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 400,
        "height": 120,
        "data": {"values": [{"label": "45 Gymnasieskola", "value": -12.5}, {"label": "80 Fastigheter", "value": 0.7}]},
        "mark": "bar",
        "encoding": {
            "y": {"field": "label", "type": "nominal", "title": None},
            "x": {"field": "value", "type": "quantitative", "title": "mnkr"},
        },
    }


def report() -> Report:
    """Three pages: a start page with every node, a page below it, and one of hostile texts."""
    start = Page(
        path="index",
        title=(Text("Året i korthet"),),
        blocks=(
            Paragraph(
                (
                    Text("Resultatet blev "),
                    Strong((money("\u221213\u00a0050", -13_050_000, "operating/total/variance"),)),
                    Text(", eller "),
                    Number("7,5", " %", Decimal("7.5"), "operating/total/variance_share", 2024, "percent", 1, 1),
                    Text(" av budgeten. Se "),
                    Link((Text("driftredovisningen"),), page="drift"),
                    Text(" och "),
                    Link((Text("lagen"),), address="https://www.example.org/lag?a=1&b=2"),
                    Text(". Beslut "),
                    Text("23KF105", "number of a decision"),
                    Text("."),
                )
            ),
            Row(
                (
                    BigValue(
                        "Årets resultat",
                        money("\u2212186,6", -186_560_000, "result/net/actual", " mnkr"),
                        Delta(money("\u221213,1", -13_050_000, "result/net/variance", " mnkr"), is_good=False),
                        "mot budget",
                    ),
                    BigValue("Projekt", Number("18", "", Decimal(18), "investment/total/projects", 2024, "count")),
                )
            ),
            Heading(2, (Text("Största avvikelserna"),), "storsta-avvikelserna"),
            variance_table(),
            Chart(
                "avvikelse-per-verksamhet",
                "Avvikelse per verksamhet",
                "Liggande staplar, en per verksamhet. Gymnasieskolan avviker mest.",
                specification(),
                variance_table("Avvikelse per verksamhet"),
            ),
            Callout("warning", "Beräknat", (Paragraph((Text("Ljus och pilar är beräknade."),)),)),
            Details("Så räknas det", (Paragraph((Emphasis((Text("Avvikelse"),)), Text(" = utfall − budget."))),)),
            List(((Paragraph((Text("Första"),)),), (Paragraph((Text("Andra "), Code("kod"))),)), is_ordered=True),
            List(((Paragraph((Text("Punkt"),)),),)),
            Heading(3, (Text("Källa"),), "kalla"),
            Listing("select *\nfrom marts.fct_figure", "sql"),
            PageBreak(),
        ),
    )
    drift = Page("drift", (Text("Driftredovisning"),), (Paragraph((Text("Per verksamhet."),)),))
    code = Page(
        "drift/45",
        (Text("45 Gymnasieskola"),),
        (Paragraph((money("\u221212\u00a0508", -12_508_000, "operating/45/variance"),)),),
        parent="drift",
        level=2,
    )
    hostile = Page(
        "texter",
        (Text("Texter "), Text(HOSTILE[1])),
        (
            *(Paragraph((Text(text, "text of the source"),)) for text in HOSTILE),
            Table(
                "Texter ur källan " + HOSTILE[0],
                (Column(HOSTILE[1]), Column("Text")),
                tuple(((Text(text),), (Text(text, "text of the source"),)) for text in HOSTILE),
                sheet="Texter [1]/*?:",
            ),
        ),
    )
    return Report(
        "1882",
        "Askersunds kommun",
        "KS",
        "Kommunstyrelsen",
        2024,
        "Årsredovisning 2024 för kommunstyrelsen",
        (start, drift, code, hostile),
    )
