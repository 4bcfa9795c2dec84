"""Charts: what is drawn says what is printed, hostile text is only text, and the same chart gives the same bytes."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bokslut.proof.formatting import printed_form, typeset
from bokslut.report.charts import ChartData, Series, config, draw, specification
from bokslut.report.document import Chart, Picture, Table
from bokslut.report.theme import Theme
from report_sample import HOSTILE

THEME = Theme.read(Path(__file__).resolve().parents[2] / "reports" / "theme")
SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("bar_chart", "horizontal_bar_chart", "line_chart", "waterfall_chart")
# what an expression of Vega is written in: an object with one of these keys
EXPRESSIONS = {"expr", "signal", "calculate", "labelExpr", "url", "href"}


def series(*values: int | None, name: str = "Avvikelse") -> Series:
    numbers = tuple(None if value is None else Decimal(value) for value in values)
    printed = tuple("–" if number is None else typeset(printed_form(number, 1000)) for number in numbers)
    return Series(name, numbers, printed)


def data(kind: str, *some: Series, labels: tuple[str, ...] | None = None) -> ChartData:
    count = len(some[0].values)
    return ChartData(kind, labels or tuple(f"Rad {row}" for row in range(count)), some, "tkr", 1000, 0)


def drawn(chart_data: ChartData, name: str = "avvikelse") -> Picture:
    chart = Chart(name, "Titel", "Beskrivning", specification(chart_data, THEME), Table("Tabell", (), ()))
    return draw(chart, THEME)


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)  # noqa: S314 - drawn here


def texts(picture: Picture) -> list[str]:
    return ["".join(text.itertext()) for text in parsed(picture).iter(f"{SVG}text")]


def values(node: object) -> Iterator[tuple[str, object]]:
    """Every key and value of a specification."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from values(value)
    elif isinstance(node, list):
        for value in node:
            yield from values(value)


def bar_ends(picture: Picture, colour: str) -> list[tuple[float, float]]:
    """Where bars of that colour begin and how wide they are, in px of the plot."""
    paths = [path for path in parsed(picture).iter(f"{SVG}path") if path.get("fill") == colour]
    found = [re.match(r"M(-?[\d.]+),-?[\d.]+h(-?[\d.]+)v", path.get("d") or "") for path in paths]
    return [(float(match[1]), float(match[2])) for match in found if match]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_prints_each_number_as_the_report_does(kind: str) -> None:
    picture = drawn(data(kind, series(-12_508_400, 658_000, -45_000)))
    assert {"\u221212\u00a0508", "658", "\u221245", "Rad 0", "Rad 1", "Rad 2", "tkr"} <= set(texts(picture))


def test_the_axis_is_numbered_in_swedish() -> None:
    lowest = texts(drawn(data("horizontal_bar_chart", series(-12_508_000, 658_000))))
    assert "\u221210\u00a0000" in lowest
    decimals = ChartData("bar_chart", ("a", "b"), (series(1, 2),), "mnkr", 10, 1)
    assert "0,05" in texts(drawn(decimals))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_says_what_it_is_to_who_cannot_see_it(kind: str) -> None:
    chart = Chart("a-1", "Titel & <b>", HOSTILE[3], specification(data(kind, series(1)), THEME), Table("t", (), ()))
    root = parsed(draw(chart, THEME))
    title, description = list(root)[:2]
    assert (title.tag, title.text) == (f"{SVG}title", "Titel & <b>")
    assert (description.tag, description.text) == (f"{SVG}desc", HOSTILE[3])
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids == ["a-1-title", "a-1-description"], "an id of the drawing itself would stand twice on a page"
    assert not [element for element in list(root.iter())[1:] if element.get("role") or element.get("href")]


def test_svg_and_png_have_the_same_form() -> None:
    picture = drawn(data("bar_chart", series(1, 2)))
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.size == (picture.width * 3, picture.height * 3)
        image.load()
    root = parsed(picture)
    assert root.get("viewBox") == f"0 0 {picture.width} {picture.height}"
    assert picture.width == 640


def test_the_png_is_set_in_the_house_font() -> None:
    chart_data = data("horizontal_bar_chart", series(1), labels=("Räddningstjänst",))
    # without another family to fall back on, nothing is drawn where the font is not there
    made = {**specification(chart_data, THEME), "config": {**config(THEME), "font": THEME.fonts[0]}}
    alone = draw(Chart("a", "", "", made, Table("t", (), ())), THEME)
    assert drawn(chart_data).png == alone.png
    label = Image.open(io.BytesIO(alone.png)).convert("L").crop((0, 135, 280, 210))
    assert min(label.tobytes()) < 100, "the label is not drawn"


def test_the_same_chart_gives_the_same_bytes() -> None:
    chart_data = data("horizontal_bar_chart", series(-5000, None, 7000), series(1, 2, 3, name="Budget"))
    assert drawn(chart_data) == drawn(chart_data)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_only_text(kind: str) -> None:
    hostile = tuple(HOSTILE)
    numbers = tuple(Decimal(row) for row in range(len(hostile)))
    chart_data = ChartData(
        kind,
        hostile,
        (Series(hostile[1], numbers, hostile), Series(hostile[2], numbers, hostile)),
        hostile[3],
        1,
        0,
        (True,) * len(hostile),
        ((Decimal(3), hostile[4]),),
    )
    made = specification(chart_data, THEME)
    assert not EXPRESSIONS & {key for key, _ in values(made)}
    assert all(value == {"field": "sign", "equal": "favourable"} or "equal" in value for value in _tests(made))
    json.dumps(made)
    picture = drawn(chart_data)
    root = parsed(picture)
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "path", "line", "rect", "text", "tspan")
    }
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f\x00-\x08]", picture.svg)
    assert picture.width == 640
    assert "x" * 100 not in picture.svg.replace(hostile[5], "") or kind == "horizontal_bar_chart"


def _tests(made: object) -> list[Any]:
    return [value for key, value in values(made) if key == "test"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("value", [None, -5000, 10**13])
def test_any_number_of_labels_and_any_numbers_can_be_drawn(kind: str, count: int, value: int | None) -> None:
    picture = drawn(data(kind, series(*([value] * count))))
    assert picture.width == 640
    assert picture.height < 40 * 40


def test_a_label_is_never_outside_the_picture() -> None:
    long = ("Övriga justeringar beslutade av kommunfullmäktige under året och därefter",) * 3
    for kind in KINDS:
        root = parsed(drawn(data(kind, series(1000, 2000, 3000), labels=long)))
        lines = ["".join(part.itertext()) for part in root.iter() if part.tag in (f"{SVG}text", f"{SVG}tspan")]
        assert any(line.endswith("…") or "därefter" in line for line in lines)
        assert max(map(len, lines)) < 120


def test_a_printed_form_of_any_length_leaves_room_for_the_bars() -> None:
    long = replace(series(5000, 7000), printed=("9" * 10_000, "7"))
    ((_, first), (_, second)) = bar_ends(drawn(data("horizontal_bar_chart", long)), THEME.series[0])
    assert 0 < first < second < 600
    both = replace(series(-5000, 7000), printed=("9" * 10_000, "9" * 10_000))
    long_labels = replace(data("horizontal_bar_chart", both), labels=("å" * 10_000, "ä" * 10_000))
    roles = (THEME.colours["unfavourable"], THEME.colours["favourable"])
    ((start, first),), ((zero, second),) = (bar_ends(drawn(long_labels), colour) for colour in roles)
    assert 20 < first < second
    assert 0 < start < start + first == pytest.approx(zero, abs=1)


def test_colour_tells_the_sign_and_so_does_the_fill() -> None:
    roles = THEME.colours
    picture = drawn(data("horizontal_bar_chart", series(-5000, 0, None, 7000)))
    assert len(bar_ends(picture, roles["favourable"])) == 1
    assert len(bar_ends(picture, roles["unfavourable"])) == 1
    assert 'fill-opacity="0.3"' in picture.svg
    one_sign = drawn(data("horizontal_bar_chart", series(-5000, -7000)))
    assert len(bar_ends(one_sign, THEME.series[0])) == 2


def test_bars_of_negative_numbers_alone_grow_to_the_right_and_keep_their_minus() -> None:
    picture = drawn(data("horizontal_bar_chart", series(-5000, -7000)))
    (short, short_width), (long, long_width) = bar_ends(picture, THEME.series[0])
    assert short == long == 0
    assert 0 < short_width < long_width
    assert {"\u22125", "\u22127"} <= set(texts(picture))
    mixed = drawn(data("horizontal_bar_chart", series(-5000, 7000)))
    (start, width), *_ = bar_ends(mixed, THEME.colours["unfavourable"])
    assert start > 0
    assert width > 0


def test_bars_are_as_long_as_their_numbers() -> None:
    (_, one), (_, three) = bar_ends(drawn(data("horizontal_bar_chart", series(2000, 6000))), THEME.series[0])
    assert three / one == pytest.approx(3, rel=0.01)


def test_several_series_have_colours_and_a_legend() -> None:
    many = [series(1000, 2000, name=f"Serie {letter}") for letter in "abcdef"]
    for kind in KINDS[:3]:
        picture = drawn(data(kind, *many))
        assert {one.name for one in many} <= set(texts(picture))
    assert "Serie a" not in texts(drawn(data("bar_chart", many[0])))


def test_two_rows_may_have_the_same_label() -> None:
    picture = drawn(data("horizontal_bar_chart", series(1000, 2000), labels=("Parker", "Parker")))
    assert texts(picture).count("Parker") == 2


def test_a_waterfall_stands_on_what_came_before_and_its_totals_on_zero() -> None:
    chart_data = replace(data("waterfall_chart", series(5000, 2000, None, 7000)), is_total=(True, False, False, True))
    picture = drawn(chart_data)
    (first, five), (last, seven) = bar_ends(picture, THEME.series[0])
    ((start, two),) = bar_ends(picture, THEME.series[2])
    assert first == last == 0
    assert start == pytest.approx(five, abs=1)
    assert start + two == pytest.approx(seven, abs=1)
    assert texts(picture).count("ej angivet") == 1


def test_a_line_is_broken_where_nothing_is_known() -> None:
    whole = drawn(data("line_chart", series(1000, 2000, 3000, 4000, 5000)))
    broken = drawn(data("line_chart", series(1000, 2000, None, 4000, 5000)))
    assert [_line(whole).count(letter) for letter in "ML"] == [1, 4]
    assert [_line(broken).count(letter) for letter in "ML"] == [2, 2]


def _line(picture: Picture) -> str:
    paths = parsed(picture).iter(f"{SVG}path")
    return "".join(path.get("d") or "" for path in paths if path.get("stroke-width") == "2.5")


@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_line_has_its_label_and_a_place_on_the_axis(kind: str) -> None:
    chart_data = replace(data(kind, series(1000, 2000)), reference_lines=((Decimal(9_000_000), "beslutad ram"),))
    picture = drawn(chart_data)
    assert "beslutad ram" in texts(picture)
    assert "9\u00a0000" in texts(picture) or "8\u00a0000" in texts(picture)


def test_nothing_is_read_from_the_net() -> None:
    made = {**specification(data("bar_chart", series(1)), THEME), "data": {"url": "https://example.org/a.json"}}
    made["layer"] = [{"mark": "bar", "encoding": {"x": {"field": "a"}}}]
    with pytest.raises(ValueError, match=r"example\.org"):
        draw(Chart("a", "", "", made, Table("t", (), ())), THEME)
