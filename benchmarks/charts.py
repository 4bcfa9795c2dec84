"""The charts of the benchmark as SVG, by Vega-Lite: bars of one size, and lines over all sizes.

Light, and told apart by label, shape and dash before colour, so that a print in grey says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import vl_convert

from benchmarks.contest import Row

VEGA_LITE = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK, MUTED, LINE, BAR = "#1c1c1c", "#5a5a5a", "#d9d9d9", "#3a6ea5"
LIGHT = "#c3cbd3"
Specification = dict[str, object]
CONFIG: Specification = {
    "aria": False,
    "font": "sans-serif",
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 240,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
    },
    "title": {"anchor": "start", "color": INK, "fontSize": 14},
    "legend": {"labelColor": INK, "titleColor": MUTED, "titleFontWeight": "normal", "labelLimit": 240},
}


def bars(rows: Sequence[Row], title: str) -> Specification:
    """Median seconds of each contestant with least and most, processor seconds, peak memory; of those with a time."""
    values = [
        {
            "name": row.name,
            "scope": row.scope,
            "median": row.wall.median,
            "least": row.wall.least,
            "most": row.wall.most,
            "printed": f"{row.wall.median:.2f} s",
            "processor": row.cpu.median,
            "processor_printed": f"{row.cpu.median:.2f} s",
            "peak": row.peak,
            "peak_printed": f"{row.peak:.0f} MiB",
        }
        for row in rows
        if row.wall is not None and row.cpu is not None and row.peak is not None
    ]
    names = [value["name"] for value in values]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None}
    # the whole project is dark and the three marts are light, with an outline: the two are no race with each other
    fill = {
        "field": "scope",
        "type": "nominal",
        "scale": {"domain": sorted({row.scope for row in rows}, reverse=True), "range": [BAR, LIGHT]},
        "legend": {"title": None, "orient": "top"},
    }

    def panel(field: str, printed: str, title: str, width: int, *, has_spread: bool) -> Specification:
        x = {"field": field, "type": "quantitative", "title": title, "axis": {"tickCount": 4, "orient": "top"}}
        layers: list[Specification] = [
            {"mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.6}, "encoding": {"x": x, "color": fill}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                "encoding": {"x": {**x, "field": "most" if has_spread else field}, "text": {"field": printed}},
            },
        ]
        if has_spread:
            spread = {"x": {**x, "field": "least"}, "x2": {"field": "most"}}
            layers.insert(1, {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.6}, "encoding": spread})
        return {"width": width, "height": {"step": 24}, "encoding": {"y": y}, "layer": layers}

    return {
        "$schema": SCHEMA,
        "config": CONFIG,
        "padding": {"left": 8, "top": 8, "right": 70, "bottom": 8},
        "title": title,
        "data": {"values": values},
        "spacing": 70,
        "hconcat": [
            panel("median", "printed", "seconds, median (line: least to most)", 380, has_spread=True),
            panel("processor", "processor_printed", "processor seconds, median", 220, has_spread=False),
            panel("peak", "peak_printed", "peak memory of all processes, MiB", 220, has_spread=False),
        ],
    }


def lines(sizes: Mapping[int, Sequence[Mapping[str, str]]], title: str) -> Specification:
    """Median seconds of each contestant over the sizes, both on logarithmic axes."""
    values = [
        {"name": record["contestant"], "lines": size, "seconds": float(record["wall_median_s"])}
        for size in sorted(sizes)
        for record in sizes[size]
        if record["wall_median_s"]
    ]
    names = list(dict.fromkeys(value["name"] for value in values))
    legend = {"title": None, "symbolSize": 90}
    domain = {"domain": names}
    return {
        "$schema": SCHEMA,
        "config": CONFIG,
        "padding": 8,
        "title": title,
        "width": 560,
        "height": 380,
        "data": {"values": values},
        "mark": {"type": "line", "point": {"size": 60}, "strokeWidth": 1.8},
        "encoding": {
            "x": {
                "field": "lines",
                "type": "quantitative",
                "scale": {"type": "log"},
                "title": "lines of postings",
                "axis": {"format": "~s", "values": sorted(sizes)},
            },
            "y": {"field": "seconds", "type": "quantitative", "scale": {"type": "log"}, "title": "seconds, median"},
            "color": {
                "field": "name",
                "type": "nominal",
                "scale": {**domain, "scheme": {"name": "viridis", "extent": [0, 0.75]}},
                "legend": legend,
            },
            "shape": {"field": "name", "type": "nominal", "scale": domain, "legend": legend},
            "strokeDash": {"field": "name", "type": "nominal", "scale": domain, "legend": legend},
        },
    }


def drawn(specification: Specification) -> str:
    """The chart as SVG, the same bytes for the same figures."""
    return str(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[]))
