"""The web site in a browser, opened from disk: accessible, quiet, in one piece, and usable without mouse or script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from outputs import PICTURES, REPOSITORY, Report, listed, output, reports

SCRIPTS = REPOSITORY / "tests" / "report"
SCREENS = ("phone", "laptop", "print")


@pytest.fixture(scope="module", params=reports(), ids=lambda report: report.name)
def report(request: pytest.FixtureRequest) -> Report:
    """Each report in turn."""
    found: Report = request.param
    return found


@pytest.fixture(scope="module")
def found(report: Report) -> Any:
    """What the browser found, as browse.mjs tells it."""
    return json.loads(output(["node", SCRIPTS / "browse.mjs", report.site]))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], report: Report) -> Iterator[list[str]]:
    """Lines that are shown when the test has passed them on: how much was looked at."""
    lines: list[str] = []
    yield lines
    with capsys.disabled():
        for line in lines:
            print(f"\n{report.name}: {line}", end="")


def of_pages(found: Mapping[str, Any], name: str) -> list[str]:
    """All findings of one kind, with the page that each stands on."""
    return [
        f"{file}: {json.dumps(each, ensure_ascii=False)}"
        for file, page in found["pages"].items()
        for each in page[name]
    ]


def test_axe_finds_no_violation(found: Mapping[str, Any], told: list[str]) -> None:
    violations = of_pages(found, "axe")
    assert not violations, listed(violations)
    told.append(f"axe-core, WCAG 2.1 A and AA: {len(found['axe_pages'])} of {len(found['pages'])} pages, 0 violations")


def test_every_page_of_the_site_is_opened(report: Report, found: Mapping[str, Any]) -> None:
    assert set(found["pages"]) == {path.relative_to(report.site).as_posix() for path in report.site.rglob("*.html")}


def test_no_page_reports_an_error_or_breaks_the_security_policy(found: Mapping[str, Any]) -> None:
    errors = of_pages(found, "errors") + found["without_script"]["errors"]
    assert not errors, listed(errors)


def test_no_request_leaves_the_folder(found: Mapping[str, Any]) -> None:
    outside = of_pages(found, "outside") + found["without_script"]["outside"]
    assert not outside, listed(outside)


def test_every_link_leads_somewhere(found: Mapping[str, Any]) -> None:
    broken = of_pages(found, "broken_links")
    assert not broken, listed(broken)


def test_no_page_is_wider_than_the_screen(found: Mapping[str, Any], told: list[str]) -> None:
    wide = of_pages(found, "overflow")
    assert not wide, listed(wide)
    told.append(f"{len(found['pages'])} pages fit 320, 390 and 1280 px")


def test_all_text_is_there_without_script_and_no_control_that_needs_one(found: Mapping[str, Any]) -> None:
    wrong = [
        f"{file}: {page['without_script']}"
        for file, page in found["pages"].items()
        if page["without_script"] != {"hidden": [], "controls": [], "has_all_text": True}
    ]
    assert not wrong, listed(wrong)


def test_tab_reaches_everything_and_shows_where_it_is(found: Mapping[str, Any], told: list[str]) -> None:
    walks = found["keyboard"]
    wrong = [f"{file}: {walk}" for file, walk in walks.items() if walk["missed"] or walk["unseen"]]
    assert not wrong, listed(wrong)
    told.append(f"{sum(walk['stops'] for walk in walks.values())} stops of {len(walks)} pages reached with Tab")


def test_tab_reaches_first_the_link_that_skips_the_menu(found: Mapping[str, Any]) -> None:
    walks = found["keyboard"]
    wrong = [file for file, walk in walks.items() if not (walk["skip_link_first"] and walk["skip_link_lands"])]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(("what", "counted"), [("sorting", "columns"), ("filtering", "tables"), ("searching", "pages")])
def test_the_script_sorts_filters_and_searches(
    found: Mapping[str, Any], told: list[str], what: str, counted: str
) -> None:
    problems = [f"{file}: {problem}" for file, each in found[what].items() for problem in each["problems"]]
    assert not problems, listed(problems)
    count = sum(each[counted] for each in found[what].values())
    assert count, f"nothing was tried: {what}"
    told.append(f"{what}: {count} {counted} tried")


def test_the_site_is_pictured(report: Report, told: list[str]) -> None:
    folder = PICTURES / report.name
    output(["node", SCRIPTS / "screenshots.mjs", report.site, folder])
    chapters = [path.stem for path in report.site.glob("*.html")]
    missing = [
        f"{page} {kind}" for page in chapters for kind in SCREENS if not list(folder.glob(f"{page}.{kind}*.png"))
    ]
    assert not missing, listed(missing)
    told.append(f"{len(list(folder.iterdir()))} screenshots to look at in {folder}")
