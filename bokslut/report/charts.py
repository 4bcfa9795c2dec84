"""Charts in the house style: a Vega-Lite specification from labels and numbers, and its drawing as SVG and PNG.

The numbers are printed elsewhere; here a value only decides where a bar or a point stands, and its label is the printed
form. Texts are data of the specification and never part of an expression. The same chart gives the same bytes.
"""

from __future__ import annotations

import html
import re
import textwrap
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]
import vl_convert

from bokslut.report.document import Chart, Picture
from bokslut.report.theme import Theme
from bokslut.report.writers.paged import visible

VEGA_LITE = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 640
PNG_SCALE = 3
LABEL_SIZE = 13
VALUE_SIZE = 12
VALUE_LENGTH = 20  # characters of a printed form
CHARACTER = 7.4  # px, a generous mean of what a reader without the house font sees instead
LINE = 15  # px from line to line
LABEL_LENGTH = 38  # characters of a label on one line
OUTLINE = 1.2
ASLANT_LENGTH = 26  # and of one that stands aslant
LEGEND_LENGTH = 60
STANDING_HEIGHT = 240
NOT_STATED = "ej angivet"
Specification = dict[str, object]
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Series:
    """One series: a value a label, None where nothing is known, and the form in which the report prints it."""

    name: str
    values: tuple[Decimal | None, ...]
    printed: tuple[str, ...]


@dataclass(frozen=True)
class ChartData:
    """What a chart shows.

    kind: bar_chart, horizontal_bar_chart, line_chart or waterfall_chart. labels: in the order drawn. unit: as printed
    at the axis (tkr, mnkr, % or empty). scale: values are divided by it for the axis. decimals: of the printed forms.
    is_total: per label of a waterfall, whether its bar stands from zero. reference_lines: a value (in the unit of the
    values, before scale) and what it is.
    """

    kind: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    scale: int
    decimals: int
    is_total: tuple[bool, ...] = ()
    reference_lines: tuple[tuple[Decimal, str], ...] = ()


def one_line(text: str) -> str:
    """The text as it can be seen, on one line."""
    return visible(text).replace("\n", " ")


def specification(data: ChartData, theme: Theme) -> Specification:
    """The chart as Vega-Lite, all sizes fixed in px. Raises KeyError for an unknown kind."""
    parts = KINDS[data.kind](data, theme)
    return {
        "$schema": SCHEMA,
        "config": config(theme),
        "background": theme.colours["paper"],
        "autosize": {"type": "none"},
        **parts,
    }


def config(theme: Theme) -> Specification:
    """The house style of every chart."""
    ink, muted, line = theme.colours["ink"], theme.colours["muted"], theme.colours["line"]
    return {
        "aria": False,
        "font": f"'{theme.fonts[0]}', sans-serif",
        "view": {"stroke": None},
        "axis": {
            "domain": False,
            "ticks": False,
            "gridColor": line,
            "labelColor": muted,
            "labelFontSize": VALUE_SIZE,
            "labelPadding": 6,
            "labelOverlap": False,
            "titleColor": muted,
            "titleFontSize": VALUE_SIZE,
            "titleFontWeight": "normal",
        },
        "legend": {
            "labelColor": ink,
            "labelFontSize": LABEL_SIZE,
            "symbolSize": 110,
            "symbolStrokeWidth": 2,
            "columnPadding": 44,
            "rowPadding": 4,
        },
        "text": {"color": ink, "fontSize": VALUE_SIZE},
    }


def draw(chart: Chart, theme: Theme) -> Picture:
    """The chart as SVG, with title and description for who cannot see it, and as PNG. No network is used."""
    _register_fonts()
    vega_lite = {"config": config(theme), **chart.specification}
    drawn = vl_convert.vegalite_to_svg(vega_lite, vl_version=VEGA_LITE, format_locale="sv-SE", allowed_base_urls=[])
    head = re.match(r'<svg [^<>]* width="([0-9.]+)" height="([0-9.]+)" [^<>]*>', drawn)
    if head is None:
        raise ValueError(f"{chart.name}: the chart was drawn without a size")
    width, height = (round(float(size)) for size in head.groups())
    name = html.escape(chart.name)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{html.escape(one_line(chart.title), quote=False)}</title>'
        f'<desc id="{name}-description">{html.escape(one_line(chart.description), quote=False)}</desc>'
        f"{_without_roles(drawn[head.end() :])}"
    )
    return Picture(svg, _compressed(vl_convert.svg_to_png(svg, scale=PNG_SCALE)), width, height)


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))


def _without_roles(drawn: str) -> str:
    """The drawing is one picture, so its parts need no roles; in texts "<" is escaped, so only tags are changed."""
    return re.sub(r'(<g class="[^"<>]*") role="[^"<>]*" aria-roledescription="[^"<>]*"', r"\1", drawn)


def _compressed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: as it is drawn it is packed for speed alone."""
    chunks: list[tuple[bytes, bytes]] = []
    start = 8
    while start < len(png):
        length = int.from_bytes(png[start : start + 4], "big")
        chunks.append((png[start + 4 : start + 8], png[start + 8 : start + 8 + length]))
        start += length + 12
    pixels = zlib.compress(zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT")))
    before = [chunk for chunk in chunks[:-1] if chunk[0] != b"IDAT"]
    return png[:8] + b"".join(
        len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
        for kind, content in [*before, (b"IDAT", pixels), chunks[-1]]
    )


# ------------------------------------------------------------------------------------------------ kinds


@dataclass(frozen=True)
class _Frame:
    """The plot and the room around it, in px."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


@dataclass(frozen=True)
class _Step:
    """A row of a waterfall: from where to where, in units of the axis. kind: total, more, less, or none: not known."""

    start: float
    end: float
    kind: str


def _lying_bars(data: ChartData, theme: Theme) -> Specification:
    labels = [_lines(label, LABEL_LENGTH, 2) for label in data.labels]
    frame = _lying_frame(data, labels, row=26)
    measure = _measure(data, _bar_domain(_values(data), frame.width, _value_room(data)), "x")
    return _plot(frame, [*_bars(data, theme, frame, measure, "x", has_values=True), _row_labels(labels, frame)])


def _standing_bars(data: ChartData, theme: Theme) -> Specification:
    frame, labels = _standing_frame(data)
    measure = _measure(data, _bar_domain(_values(data), frame.height, 2 * LINE), "y")
    has_values = _value_room(data) * len(data.labels) * len(data.series) <= frame.width
    return _plot(frame, [*_bars(data, theme, frame, measure, "y", has_values=has_values), labels])


def _bars(
    data: ChartData, theme: Theme, frame: _Frame, measure: Specification, along: str, *, has_values: bool
) -> Rows:
    """Bars from zero along "x" or "y", with the zero line, the reference lines and, where there is room, the values."""
    across = "y" if along == "x" else "x"
    rows = _rows(data, is_turned=_is_turned(_values(data)))
    names = _names(data)
    place: Specification = {across: _band(data.labels)}
    if len(names) > 1:
        place[f"{across}Offset"] = {"field": "order", "type": "ordinal", "scale": {"domain": [*range(len(names))]}}
    encoding: Specification = {**place, along: {**measure, "field": "value"}}
    if len(names) == 1 and {row["sign"] for row in rows} >= {"favourable", "unfavourable"}:
        colours = [theme.colours["favourable"], theme.colours["unfavourable"]]
        colour = _colour("sign", ["favourable", "unfavourable"], colours)
        encoding |= {"fill": colour, "stroke": colour, "fillOpacity": _light("sign", "favourable")}
    else:
        encoding["color"] = _colour("series", names, _palette(theme, len(names)), _legend(names, frame))
    layers: Rows = [
        {"data": {"values": rows}, "mark": {"type": "bar", "strokeWidth": OUTLINE}, "encoding": encoding},
        *_fixed_lines(data, theme, frame, measure, along),
    ]
    if has_values:
        # what is not known has its sign where its bar would begin
        known: Rows = [{**row, "value": row["value"] or 0} for row in rows]
        layers += [_value_labels(known, place, measure, along, side) for side in ("after", "before")]
    return layers


def _waterfall(data: ChartData, theme: Theme) -> Specification:
    labels = [_lines(label, LABEL_LENGTH, 2) for label in data.labels]
    frame = _lying_frame(data, labels, row=30)
    steps = _steps(data)
    ends = [step.end for step in steps] + _references(data)
    is_turned = _is_turned(ends)
    domain = _bar_domain(ends, frame.width, max(_value_room(data), _room(NOT_STATED)))
    measure = _measure(data, domain, "x", is_turned=is_turned)
    band = _band(data.labels)
    connectors: Rows = [{"row": row, "next": row + 1, "value": step.end} for row, step in enumerate(steps[:-1])]
    bars: Rows = [
        {"row": row, "start": step.start, "value": step.end, "kind": step.kind}
        for row, step in enumerate(steps)
        if step.kind
    ]
    outer = min if is_turned else max
    texts: Rows = [
        {
            "row": row,
            "value": outer(step.start, step.end),
            "printed": _cut(printed, VALUE_LENGTH) if step.kind else NOT_STATED,
            "side": "after",
        }
        for row, (step, printed) in enumerate(zip(steps, data.series[0].printed, strict=True))
    ]
    colour = _colour("kind", ["total", "less", "more"], _palette(theme, 3))
    layers: Rows = [
        {
            "data": {"values": connectors},
            "mark": {"type": "rule", "color": theme.colours["muted"], "strokeWidth": 1},
            "encoding": {
                "x": {**measure, "field": "value"},
                "y": {**band, "bandPosition": 0.5},
                "y2": {"field": "next", "bandPosition": 0.5},
            },
        },
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "strokeWidth": OUTLINE},
            "encoding": {
                "x": {**measure, "field": "start"},
                "x2": {"field": "value"},
                "y": band,
                "fill": colour,
                "stroke": colour,
                "fillOpacity": _light("kind", "more"),
            },
        },
        *_fixed_lines(data, theme, frame, measure, "x"),
        _value_labels(texts, {"y": band}, measure, "x", "after"),
        _row_labels(labels, frame),
    ]
    return _plot(frame, layers)


def _steps(data: ChartData) -> list[_Step]:
    """Where the bars of a waterfall stand. A position is only drawn, never printed."""
    steps: list[_Step] = []
    position = 0.0
    values = _scaled(data.series[0], data)
    for value, is_total in zip(values, data.is_total or [False] * len(values), strict=True):
        if value is None:
            steps.append(_Step(position, position, ""))
        elif is_total:
            steps.append(_Step(0.0, value, "total"))
        else:
            steps.append(_Step(position, position + value, "less" if value < 0 else "more"))
        position = steps[-1].end
    return steps


def _lines_over_labels(data: ChartData, theme: Theme) -> Specification:
    frame, labels = _standing_frame(data)
    names = _names(data)
    values = _values(data)
    low, high = min(values, default=0.0), max(values, default=1.0)
    # a line needs no zero, but one that is near is shown
    if low == high or (high - low) * 2 >= max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
    domain = _padded(low, high, frame.height, LINE, 2 * LINE)
    measure = _measure(data, domain, "y", is_turned=False)
    band = {**_band(data.labels), "scale": {"type": "point", "domain": [*range(len(data.labels))], "padding": 0.5}}
    rows = _rows(data, is_turned=True)
    known = [row for row in rows if row["value"] is not None]
    legend = _legend(names, frame)
    encoding: Specification = {
        "x": band,
        "y": {**measure, "field": "value"},
        "color": _colour("series", names, _palette(theme, len(names)), legend),
    }
    shapes = [SHAPES[order % len(SHAPES)] for order in range(len(names))]
    line: Specification = {"type": "line", "strokeWidth": 2.5, "invalid": "break-paths-filter-domains"}
    point: Specification = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    layers: Rows = [
        *_fixed_lines(data, theme, frame, measure, "y", has_zero=low <= 0 <= high),
        {"data": {"values": rows}, "mark": line, "encoding": encoding},
        {
            "data": {"values": known},
            "mark": point,
            "encoding": {**encoding, "shape": _colour("series", names, shapes, legend)},
        },
        labels,
    ]
    if len(names) > 1:
        layers.append(_last_values(data, domain, frame))
    elif _value_room(data) * len(data.labels) <= frame.width:
        layers.append(_value_labels(known, {"x": band}, measure, "y", "after"))
    return _plot(frame, layers)


def _last_values(data: ChartData, domain: list[float], frame: _Frame) -> Specification:
    """The last value of each series at the right edge: at its height, or beneath the one above where two are near."""
    low, high = domain
    last: list[tuple[float, str]] = []
    for series in data.series:
        known = [pair for pair in zip(_scaled(series, data), series.printed, strict=True) if pair[0] is not None]
        last += [
            ((high - value) / (high - low) * frame.height, text) for value, text in known[-1:] if value is not None
        ]
    texts: Rows = []
    lowest = 0.0
    for height, text in sorted(last):
        lowest = max(lowest, height)
        texts.append({"height": round(lowest, 2), "printed": _cut(text, VALUE_LENGTH)})
        lowest += LINE
    place = {"field": "height", "type": "quantitative", "scale": None, "axis": None}
    return {
        "data": {"values": texts},
        "mark": {"type": "text", "align": "left", "baseline": "middle"},
        "encoding": {"x": {"value": frame.width + 6}, "y": place, "text": {"field": "printed"}},
    }


KINDS: Mapping[str, Callable[[ChartData, Theme], Specification]] = {
    "bar_chart": _standing_bars,
    "horizontal_bar_chart": _lying_bars,
    "line_chart": _lines_over_labels,
    "waterfall_chart": _waterfall,
}
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")


# ------------------------------------------------------------------------------------------------ frames


def _plot(frame: _Frame, layers: Rows) -> Specification:
    return {
        "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        "width": frame.width,
        "height": frame.height,
        "layer": layers,
    }


def _lying_frame(data: ChartData, labels: Sequence[list[str]], row: int) -> _Frame:
    """The frame of rows. row: its least height; more lines of label or more bars make it higher."""
    longest = max((len(line) for lines in labels for line in lines), default=0)
    # the number at the end of the axis stands half outside the plot
    left, right = max(48, round(longest * CHARACTER) + 16), 32
    most = max((len(lines) for lines in labels), default=1)
    height = max(row, most * LINE + 8, len(data.series) * (LINE + 1) + 8) * max(1, len(labels))
    top = _legend_height(_names(data)) + (44 if data.unit else 28)
    return _Frame(WIDTH - left - right, height, left, right, top, 24 if data.reference_lines else 6)


def _standing_frame(data: ChartData) -> tuple[_Frame, Specification]:
    """The frame of columns, and their labels: under each in a few lines, or aslant where there is no room for them."""
    count = max(1, len(data.labels))
    left = _room(f"−{max((abs(value) for value in _values(data)), default=0):,.0f}")
    right = _value_room(data) if data.kind == "line_chart" and len(data.series) > 1 else 12
    room = (WIDTH - left - right) / count
    fitting = max(1, int(room / CHARACTER) - 1)
    longest_word = max((len(word) for label in data.labels for word in one_line(label).split()), default=0)
    turn: Specification
    if fitting >= min(longest_word, LABEL_LENGTH):
        labels = [_lines(label, fitting, 3) for label in data.labels]
        bottom = max((len(lines) for lines in labels), default=1) * LINE + 14
        turn = {"align": "center", "baseline": "top"}
    else:
        labels = [[_cut(label, ASLANT_LENGTH)] for label in data.labels]
        length = max(len(lines[0]) for lines in labels) * CHARACTER
        is_steep = room < 1.5 * LABEL_SIZE
        slant = round(length if is_steep else length * 0.71)
        left, bottom = max(left, 0 if is_steep else slant), slant + 20
        size = min(LABEL_SIZE, round(room))
        turn = {"align": "right", "baseline": "middle", "angle": -90 if is_steep else -45, "fontSize": size}
    top = _legend_height(_names(data)) + (30 if data.unit else 10)
    frame = _Frame(WIDTH - left - right, STANDING_HEIGHT, left, right, top, bottom)
    rows: Rows = [
        {"place": round((row + 0.5) * frame.width / count, 2), "lines": lines} for row, lines in enumerate(labels)
    ]
    layer: Specification = {
        "data": {"values": rows},
        "mark": {"type": "text", "fontSize": LABEL_SIZE, "lineHeight": LINE, **turn},
        "encoding": {
            "x": {"field": "place", "type": "quantitative", "scale": None, "axis": None},
            "y": {"value": frame.height + 8},
            "text": {"field": "lines"},
        },
    }
    return frame, layer


def _row_labels(labels: Sequence[list[str]], frame: _Frame) -> Specification:
    """Labels to the left of their rows. Data, not labels of an axis: two rows may have the same text."""
    step = frame.height / max(1, len(labels))
    rows: Rows = [
        {"place": round((row + 0.5) * step + (order - (len(lines) - 1) / 2) * LINE, 2), "line": line}
        for row, lines in enumerate(labels)
        for order, line in enumerate(lines)
    ]
    return {
        "data": {"values": rows},
        "mark": {
            "type": "text",
            "align": "right",
            "baseline": "middle",
            "fontSize": LABEL_SIZE,
            "limit": frame.left - 12,
        },
        "encoding": {
            "x": {"value": -10},
            "y": {"field": "place", "type": "quantitative", "scale": None, "axis": None},
            "text": {"field": "line"},
        },
    }


def _lines(text: str, length: int, most: int) -> list[str]:
    """The text in at most so many lines of that length; what does not fit is cut with an ellipsis."""
    lines = textwrap.wrap(one_line(text), length) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1] + "…", length)]


def _cut(text: str, length: int) -> str:
    """The text on one line of at most that length; a longer one ends with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _room(text: str) -> int:
    return round(len(text) * CHARACTER) + 14


def _value_room(data: ChartData) -> int:
    return max((_room(_cut(text, VALUE_LENGTH)) for series in data.series for text in series.printed), default=0)


# ------------------------------------------------------------------------------------------------ layers


def _fixed_lines(
    data: ChartData, theme: Theme, frame: _Frame, measure: Specification, along: str, *, has_zero: bool = True
) -> Rows:
    """The zero line where zero is on the axis, and the reference lines with what they are."""
    place = {along: {**measure, "field": "value"}}
    zero: Specification = {
        "data": {"values": [{"value": 0}] if has_zero else []},
        "mark": {"type": "rule", "color": theme.colours["muted"]},
        "encoding": place,
    }
    if not data.reference_lines:
        return [zero]
    rows: Rows = [
        {"value": value, "label": _cut(label, LABEL_LENGTH)}
        for value, (_, label) in zip(_references(data), data.reference_lines, strict=True)
    ]
    if along == "x":
        text: Specification = {"align": "center", "baseline": "top"}
        edge: Specification = {"y": {"value": frame.height + 6}}
    else:
        text = {"align": "right", "baseline": "bottom", "dy": -3}
        edge = {"x": {"value": frame.width}}
    ink = theme.colours["ink"]
    return [
        zero,
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": ink, "strokeDash": [5, 3], "strokeWidth": 1.2},
            "encoding": place,
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "fontStyle": "italic", **text},
            "encoding": {**place, **edge, "text": {"field": "label"}},
        },
    ]


def _value_labels(rows: Rows, place: Specification, measure: Specification, along: str, side: str) -> Specification:
    """The printed forms at the ends of bars or above points. side: after (right of it, above) or before."""
    if along == "x":
        mark: Specification = {"baseline": "middle"} | (
            {"align": "left", "dx": 5} if side == "after" else {"align": "right", "dx": -5}
        )
    else:
        mark = {"align": "center"} | (
            {"baseline": "bottom", "dy": -5} if side == "after" else {"baseline": "top", "dy": 5}
        )
    return {
        "data": {"values": [row for row in rows if row["side"] == side]},
        "mark": {"type": "text", **mark},
        "encoding": {**place, along: {**measure, "field": "value"}, "text": {"field": "printed"}},
    }


def _band(labels: Sequence[object]) -> Specification:
    scale = {"type": "band", "domain": [*range(len(labels))], "paddingInner": 0.3, "paddingOuter": 0.15}
    return {"field": "row", "type": "ordinal", "sort": None, "axis": None, "scale": scale}


def _measure(data: ChartData, domain: list[float], along: str, *, is_turned: bool | None = None) -> Specification:
    """The axis of the numbers: at the top of rows, at the left of columns. Without numbers there is none."""
    values = _values(data)
    reverse = _is_turned(values) if is_turned is None else is_turned
    axis: Specification = {"format": ",~f", "tickCount": 5, "title": _cut(data.unit, LABEL_LENGTH) or None}
    if along == "x":
        axis |= {"orient": "top", "titleAnchor": "start" if reverse else "end"}
    else:
        axis |= {"titleAngle": 0, "titleAlign": "right", "titleX": -6, "titleY": -16}
    scale = {"domain": domain, "nice": False, "zero": False, "reverse": reverse}
    return {"type": "quantitative", "scale": scale, "axis": axis if values else None}


def _colour(field: str, domain: list[str], colours: list[str], legend: Specification | None = None) -> Specification:
    return {"field": field, "type": "nominal", "scale": {"domain": domain, "range": colours}, "legend": legend}


def _light(field: str, value: str) -> Specification:
    """An outline with a light fill: two colours that are printed in grey can be alike."""
    return {"condition": {"test": {"field": field, "equal": value}, "value": 0.3}, "value": 1}


def _palette(theme: Theme, count: int) -> list[str]:
    """So many colours: those of the theme, then each of them again and lighter."""
    return [_lighter(theme.series[order % len(theme.series)], order // len(theme.series)) for order in range(count)]


def _lighter(colour: str, times: int) -> str:
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{255 - (255 - part) // (times + 1):02x}" for part in parts)


def _legend(names: list[str], frame: _Frame) -> Specification | None:
    """The legend above the plot, from the left edge of the chart; none for one series."""
    if len(names) < 2:
        return None
    return {
        "orient": "none",
        "legendX": 10 - frame.left,
        "legendY": 4 - frame.top,
        "direction": "horizontal",
        "columns": _legend_columns(names),
        "labelLimit": WIDTH // _legend_columns(names) - 66,
        "title": None,
    }


def _legend_columns(names: list[str]) -> int:
    longest = min(LEGEND_LENGTH, max(len(name) for name in names))
    return max(1, min(len(names), int(WIDTH / (longest * CHARACTER + 76))))


def _legend_height(names: list[str]) -> int:
    return 19 * -(-len(names) // _legend_columns(names)) + 8 if len(names) > 1 else 0


# ------------------------------------------------------------------------------------------------ numbers


def _names(data: ChartData) -> list[str]:
    return [_cut(series.name, LEGEND_LENGTH) for series in data.series]


def _rows(data: ChartData, *, is_turned: bool) -> Rows:
    """One row a series and label. side: where its value is printed, at the end of the bar."""
    return [
        {
            "row": row,
            "order": order,
            "series": name,
            "value": value,
            "printed": _cut(printed, VALUE_LENGTH),
            "sign": None if not value else "favourable" if value > 0 else "unfavourable",
            "side": "before" if value is not None and value < 0 and not is_turned else "after",
        }
        for order, (name, series) in enumerate(zip(_names(data), data.series, strict=True))
        for row, (value, printed) in enumerate(zip(_scaled(series, data), series.printed, strict=True))
    ]


def _scaled(series: Series, data: ChartData) -> list[float | None]:
    return [None if value is None else float(value / data.scale) for value in series.values]


def _values(data: ChartData) -> list[float]:
    """Every number that has a place on the axis."""
    values = [value for series in data.series for value in _scaled(series, data) if value is not None]
    return values + _references(data)


def _references(data: ChartData) -> list[float]:
    return [float(value / data.scale) for value, _ in data.reference_lines]


def _is_turned(values: Sequence[float]) -> bool:
    """Whether the axis is turned, so that bars grow to the right or upwards though all numbers are negative."""
    return bool(values) and max(values) <= 0 and min(values) < 0


def _bar_domain(values: Sequence[float], length: int, room: int) -> list[float]:
    """From the lowest to the highest number and zero, with room for labels where bars end."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return _padded(min(low, 0.0), max(high, 0.0), length, room if low < 0 else 0, room if high > 0 or low >= 0 else 0)


def _padded(low: float, high: float, length: int, before: int, after: int) -> list[float]:
    high = high if high > low else low + 1.0
    # labels longer than any real number may meet those beside them, but the bars keep a part of the plot
    one_px = (high - low) / max(length - before - after, length / 4)
    return [low - before * one_px, high + after * one_px]
