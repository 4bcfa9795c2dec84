"""Which tags and attributes a page may use: the one list that the renderer checks and docs/reports.md explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bokslut.report.tags import BRACES, Tag, Variable

# kinds of attributes. shown: text that a reader sees, so that a digit in it needs a reason. plain: text that none sees.
SHOWN, PLAIN, FLAG, WHOLE, ANY, GROUP = "shown", "plain", "flag", "whole", "any", "group"


@dataclass(frozen=True)
class Spec:
    """What a tag takes. attributes: name to kind. required: names that must stand. holds: what may stand inside.

    holds: nothing, blocks (text and tags), parts (only the tags in parts). within: tags that it must stand in.
    """

    attributes: Mapping[str, str]
    required: tuple[str, ...] = ()
    holds: str = "nothing"
    parts: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


NUMBER = {"data": PLAIN, "value": ANY, "figure": PLAIN, "fmt": PLAIN, "exempt": PLAIN, "turn": FLAG}
CHART = {
    "data": PLAIN,
    "x": PLAIN,
    "y": PLAIN,
    "names": SHOWN,
    "title": SHOWN,
    "description": SHOWN,
    "fmt": PLAIN,
    "figure": PLAIN,
    "exempt": PLAIN,
    "label_title": SHOWN,
}
CHART_NEEDS = ("data", "x", "y", "title", "description")
LINES = ("reference_line",)

SPECS: Mapping[str, Spec] = {
    "value": Spec(NUMBER),
    "figure": Spec(
        {"key": PLAIN, "fmt": PLAIN, "fiscal_year": WHOLE, "turn": FLAG, "unit": FLAG, "missing": FLAG}, ("key",)
    ),
    "big_value": Spec(
        {**NUMBER, "title": SHOWN, "comparison": PLAIN, "comparison_fmt": PLAIN, "comparison_title": SHOWN}, ("title",)
    ),
    "delta": Spec({**NUMBER, "down_is_good": FLAG}),
    "table": Spec(
        {"data": PLAIN, "title": SHOWN, "sheet": PLAIN, "total_label": SHOWN, "empty": SHOWN},
        ("data", "title"),
        "parts",
        ("dimension", "measure", "traffic_light", "trend"),
    ),
    "dimension": Spec(
        {"value": PLAIN, "title": SHOWN, "fmt": PLAIN, "link": PLAIN, "link_if": PLAIN}, ("value",), within=("table",)
    ),
    "measure": Spec(
        {"value": PLAIN, "title": SHOWN, "fmt": PLAIN, "figure": PLAIN, "total": PLAIN, "viz": PLAIN, "exempt": PLAIN},
        ("value",),
        within=("table",),
    ),
    "traffic_light": Spec({"data": PLAIN, "value": ANY, "label": ANY, "title": SHOWN}, ("value", "label")),
    "trend": Spec({"data": PLAIN, "value": ANY, "label": ANY, "title": SHOWN}, ("value", "label")),
    "bar_chart": Spec({**CHART, "series": PLAIN}, CHART_NEEDS, "parts", LINES),
    "horizontal_bar_chart": Spec({**CHART, "series": PLAIN}, CHART_NEEDS, "parts", LINES),
    "line_chart": Spec({**CHART, "series": PLAIN}, CHART_NEEDS, "parts", LINES),
    "waterfall_chart": Spec({**CHART, "total": PLAIN}, (*CHART_NEEDS, "total"), "parts", LINES),
    "reference_line": Spec(
        {"y": ANY, "figure": PLAIN, "label": SHOWN},
        within=("bar_chart", "horizontal_bar_chart", "line_chart", "waterfall_chart"),
    ),
    "callout": Spec({"type": PLAIN, "title": SHOWN}, holds="blocks"),
    "details": Spec({"title": SHOWN}, ("title",), "blocks"),
    "row": Spec({}, holds="blocks"),
    "if": Spec({"data": PLAIN, "value": ANY, "figure": PLAIN}, holds="blocks"),
    "else": Spec({}, holds="blocks"),
    "each": Spec({"data": PLAIN}, ("data",), "blocks"),
    "partial": Spec({"file": PLAIN, "variables": GROUP}, ("file",)),
    "page_break": Spec({}),
    "exempt": Spec({"reason": PLAIN}, ("reason",), "blocks"),
    "mart_tests": Spec({"title": SHOWN}, ("title",)),
}


def check_tag(tag: Tag) -> None:
    """Hold a tag against the list. Raises PageError with the name that was probably meant."""
    spec = SPECS.get(tag.name)
    if spec is None:
        raise tag.error(f"unknown tag {tag.name}{like(tag.name, SPECS)}")
    if tag.kind == "close":
        return
    for name, value in tag.attributes.items():
        kind = spec.attributes.get(name)
        if kind is None:
            raise tag.error(f"{tag.name} has no attribute {name}{like(name, spec.attributes)}")
        if not isinstance(value, Variable):
            _check_kind(tag, name, kind, value)
    for name in spec.required:
        if name not in tag.attributes:
            raise tag.error(f'{tag.name} needs {name}="..."')
    if tag.kind == "single" and spec.holds == "blocks" and tag.name != "else":
        raise tag.error(f"{tag.name} holds text - close it with {{% /{tag.name} %}}")
    if tag.kind == "open" and spec.holds == "nothing":
        raise tag.error(f"{tag.name} holds nothing - end it with /%}}")


def _check_kind(tag: Tag, name: str, kind: str, value: object) -> None:
    wanted = {SHOWN: (str, "a text"), PLAIN: (str, "a text"), FLAG: (bool, "true or false"), WHOLE: (int, "a number")}
    if kind in wanted and not isinstance(value, wanted[kind][0]):
        raise tag.error(f"{name} is {value!r}, which is not {wanted[kind][1]}")
    if kind == GROUP and not isinstance(value, Mapping):
        raise tag.error(f'{name} is no group - write {name}={{a="..." b=$c}}')
    if kind == SHOWN and isinstance(value, str) and any(sign.isdigit() for sign in without_variables(value)):
        raise tag.error(f"a number in {name} without a figure: {value!r} - take it from the marts, or leave it out")


def without_variables(text: str) -> str:
    """The author's own part of a text, without {{ $variables }}."""
    return BRACES.sub("", text)


def like(name: str, known: Mapping[str, object]) -> str:
    """The known name most like this one, as a question; the list of them where none is like it."""
    close = get_close_matches(name, list(known), n=1)
    return f" - did you mean {close[0]}?" if close else f" - it knows {', '.join(known) or 'none'}"
