"""docs/profiles.md says what comes out of each example, and this is what comes out."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from bokslut.intake.findings import RefusedError
from bokslut.intake.sheets import form
from bokslut.intake.sheets.apply import Context, apply_profile
from bokslut.intake.sheets.files import load_cells
from bokslut.intake.sheets.profile import COMPARATORS, ENCODINGS, KEYS, read_profile

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```csv\n(.*?)```\s+```yaml\n(.*?)```\s+```(result|refused)\n(.*?)```", re.DOTALL)
VALUES = {
    "kind": form.KINDS,
    "file": ENCODINGS,
    "columns": (*form.TAKES, *form.PERIOD_FORMS, *form.DATE_FORMS),
    "unit": tuple(form.UNITS),
    "negative": form.NEGATIVES,
    "sign": form.SIGNS,
    "empty_amounts": form.EMPTY_AMOUNTS,
    "comparator": COMPARATORS,
}


@dataclass(frozen=True)
class Example:
    """One example of a key: a sheet, a profile, and what comes out."""

    key: str
    sheet: str
    profile: str
    outcome: str
    text: str


def sections() -> dict[str, str]:
    parts = re.split(r"^### (\w+)\n", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


EXAMPLES = [Example(key, *blocks) for key, section in sections().items() for blocks in EXAMPLE.findall(section)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.profile.splitlines()[0].partition(": ")[2])
def test_what_the_page_says_comes_out_comes_out(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("profile.yml").write_text(example.profile, encoding="utf-8")
    profile = read_profile(Path("profile.yml"))
    Path("sheet.csv").write_text(example.sheet, encoding=profile.file.encoding or "utf-8")
    connection = duckdb.connect()

    def apply() -> None:
        apply_profile(load_cells(Path("sheet.csv"), connection, profile.file), profile, connection, Context())

    if example.outcome == "refused":
        with pytest.raises(RefusedError) as refused:
            apply()
        assert [str(finding) for finding in refused.value.findings] == example.text.splitlines()
        return
    apply()
    head, *expected = csv.reader(example.text.splitlines())
    table = "records_read" if profile.kind in ("projects", "goals") else "postings_read"
    order = "source_line" if table == "records_read" else "source_line, period, account"
    rows = connection.execute(f"select {', '.join(head)} from {table} order by {order}").fetchall()
    assert [["" if cell is None else str(cell) for cell in row] for row in rows] == expected


def test_each_key_has_its_section_and_an_example_that_uses_it() -> None:
    assert list(sections()) == list(KEYS)
    for key in KEYS:
        assert any(example.key == key and re.search(rf"^{key}:", example.profile, re.MULTILINE) for example in EXAMPLES)


def test_every_block_belongs_to_an_example() -> None:
    assert PAGE.count("```csv") == PAGE.count("```yaml") == len(EXAMPLES)


def test_each_value_and_each_field_is_named() -> None:
    for key, values in VALUES.items():
        assert [value for value in values if value not in sections()[key]] == []
    fields = {field for kind in form.FIELDS.values() for field in kind}
    assert [field for field in fields if field not in sections()["kind"]] == []
