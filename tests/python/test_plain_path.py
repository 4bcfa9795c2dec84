"""DuckDB reads the file that was named, whatever signs stand in its name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bokslut.intake.plain_path import plain_path

NAMES = ("l[1].csv", "l*.csv", "l?.csv", "{a,b}.csv", "~.csv", "year=2024/l.csv", "l1.csv", "a b.csv", "å.csv")


@pytest.mark.parametrize("name", NAMES)
def test_the_named_file_is_read_and_no_other(name: str, tmp_path: Path) -> None:
    for other in ("l1.csv", "lx.csv", "a.csv", "b.csv"):
        (tmp_path / other).write_text("a;b\n0;other\n", encoding="utf-8")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a;b\n1;named\n", encoding="utf-8")
    with plain_path(path) as plain:
        assert duckdb.execute("select * from read_csv(?, delim = ';')", [str(plain)]).fetchall() == [(1, "named")]
    assert path.exists()


def test_a_link_is_gone_afterwards_and_a_plain_path_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("a\n", encoding="utf-8")
    with plain_path(tmp_path / "l.csv") as plain:
        assert plain == tmp_path / "l.csv"
    (tmp_path / "l[1].csv").write_text("a\n", encoding="utf-8")
    with plain_path(tmp_path / "l[1].csv") as plain:
        assert plain.read_text(encoding="utf-8") == "a\n"
    assert not plain.exists()


def test_where_links_are_not_allowed_a_copy_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(link: Path, target: Path) -> None:
        raise OSError(f"{link} may not link to {target}")

    (tmp_path / "l[1].csv").write_text("a\n", encoding="utf-8")
    monkeypatch.setattr(Path, "symlink_to", refuse)
    with plain_path(tmp_path / "l[1].csv") as plain:
        assert not plain.is_symlink()
        assert plain.read_text(encoding="utf-8") == "a\n"
