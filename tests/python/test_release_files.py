"""What a release holds and how it is verified, compared, kept and removed, on small releases made without dbt."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from bokslut.cli import app
from bokslut.lock import BusyError, held, is_held
from bokslut.release import publish, retention
from bokslut.release.diff import diff
from bokslut.release.places import DATABASE, Places, ReleaseError, existing
from bokslut.release.reader import choose_database, connect
from bokslut.release.seal import remove
from bokslut.release.verify import chain, verify
from small_release import ROWS, flip, make_release, manifest_of, rewrite

NOW = "2026-03-01T08:00:00+00:00"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.chdir(tmp_path)
    for variable in ("BOKSLUT_RELEASES", "BOKSLUT_DATABASE", "BOKSLUT_DATA", "BOKSLUT_SEEDS", "BOKSLUT_REFERENCE"):
        monkeypatch.delenv(variable, raising=False)
    return Places(Path("releases"))


def say(*arguments: object) -> tuple[int, str]:
    """A command's exit code and all that it says."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_a_release_is_the_marts_alone_as_tables_and_as_parquet(places: Places) -> None:
    number = make_release(places)
    folder = places.release(number)
    with connect(releases=places.root) as connection:
        assert connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall() == [
            ("marts", "dim_code"),
            ("marts", "fct_cost"),
        ]
        assert connection.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
        schemas = "select schema_name from duckdb_schemas() where not internal and schema_name <> 'main'"
        assert connection.execute(schemas).fetchall() == [("marts",)]
        rows = connection.execute("select * from marts.fct_cost").fetchall()
    with duckdb.connect() as connection:
        parquet = connection.execute(f"select * from '{folder}/marts/fct_cost.parquet'").fetchall()
    assert rows == parquet
    assert [row[0] for row in rows] == ["10", "45"]
    assert list(folder.glob("*.wal")) == []
    assert not places.building.exists()
    assert str(places.current.readlink()) == str(number)


def test_a_release_is_read_only_and_says_what_its_columns_mean(places: Places) -> None:
    folder = places.release(make_release(places))
    writable = [path for path in [folder, *folder.rglob("*")] if path.stat().st_mode & 0o222]
    assert writable == []
    with connect(releases=places.root) as connection:
        (comment,) = connection.execute(
            "select comment from duckdb_columns() where schema_name = 'marts' and table_name = 'dim_code'"
            " and column_name = 'code'"
        ).fetchone() or ("",)
    assert comment == "It's a code."


def test_the_same_rows_in_another_order_give_the_same_parquet(places: Places) -> None:
    first, second = make_release(places), make_release(places, tuple(reversed(ROWS)))
    for name in ("dim_code", "fct_cost"):
        one, other = (places.release(each) / "marts" / f"{name}.parquet" for each in (first, second))
        assert one.read_bytes() == other.read_bytes()


def test_each_release_names_the_one_before(places: Places) -> None:
    make_release(places)
    second = manifest_of(places, make_release(places))
    manifest = (places.release(1) / "manifest.json").read_bytes()
    assert second["previous"] == {"release": 1, "manifest_sha256": hashlib.sha256(manifest).hexdigest()}
    assert chain(places) == []


RELEASED = (
    "warehouse.duckdb",
    "marts/dim_code.parquet",
    "inputs/seeds/board/codes.csv",
    "dbt/manifest.json",
    "manifest.json",
    "manifest.json.sha256",
)


@pytest.mark.parametrize("name", RELEASED)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_flipped_byte_is_told(places: Places, name: str, place: str) -> None:
    number = make_release(places)
    path = places.release(number) / name
    size = path.stat().st_size
    flip(path, {"first": 0, "middle": size // 2, "last": size - 1}[place])

    code, output = say("verify", number)

    assert code == 1, output
    assert name in output
    assert "Traceback" not in output


def test_a_file_that_is_gone_or_was_added_is_told(places: Places) -> None:
    folder = places.release(make_release(places))
    for path in (folder, folder / "marts"):
        path.chmod(0o755)
    (folder / "marts" / "dim_code.parquet").unlink()
    (folder / "marts" / "added.parquet").write_bytes(b"")

    faults = verify(places, 1).faults

    assert [fault.split(": ")[1] for fault in faults] == ["the manifest does not name it", "it is gone"]


def test_a_manifest_that_is_rewritten_with_its_checksum_is_told_by_the_next(places: Places) -> None:
    make_release(places)
    make_release(places)
    content = (places.release(1) / "manifest.json").read_bytes().replace(b"2025-02-01", b"2025-02-02")
    rewrite(places.release(1) / "manifest.json", content)
    digest = hashlib.sha256(content).hexdigest()
    rewrite(places.release(1) / "manifest.json.sha256", f"{digest}  manifest.json\n".encode())

    code, output = say("verify", 1)

    assert code == 1
    assert "not the manifest that release 2 was built on" in output
    assert "not the manifest that releases/log.csv says was published" in output
    assert "the manifest of release 1 is not the one that release 2 was built on" in output


def test_a_manifest_that_was_written_down_is_held_to_that(places: Places) -> None:
    number = make_release(places)
    digest = verify(places, number).digest
    printed = " ".join(digest[at : at + 8] for at in range(0, 64, 8)).upper()
    for written in (digest, f"sha256:{digest}", printed):
        code, output = say("verify", number, "--expect", written)
        assert code == 0
        assert "it is the manifest that you named" in output
    code, output = say("verify", number, "--expect", "0" * 64)
    assert code == 1
    assert "another manifest than the one that was written down" in output
    for written in (digest[:12], "", f"{digest}0"):
        assert say("verify", number, "--expect", written)[0] == 2


def test_a_release_that_was_removed_is_held_to_its_manifest(places: Places) -> None:
    make_release(places)
    digest = verify(places, 1).digest
    make_release(places)
    publish.remove_release(places, 1, NOW)
    code, output = say("verify", 1, "--expect", digest)
    assert code == 0
    assert "it was removed" in output
    assert "the one that was written down" in output
    assert say("verify", 1, "--expect", "0" * 64)[0] == 1


def test_a_release_that_is_said_to_be_kept_is_kept(places: Places) -> None:
    for _ in range(4):
        make_release(places)
    assert say("keep", 2)[0] == 0
    assert retention.surplus(places, 0, 7, NOW) == [1, 3]
    assert chain(places) == []
    assert [row["action"] for row in publish.read_log(places)][-1] == "kept"
    assert say("keep", 9)[0] == 2


def test_the_current_release_is_never_removed(places: Places) -> None:
    make_release(places)
    with pytest.raises(ReleaseError, match="release 1 is current"):
        publish.remove_release(places, 1, NOW)


@pytest.mark.parametrize(
    ("damage", "printed"),
    [
        (lambda root: (root / "log.csv").unlink(), "does not say that release 1 was published"),
        (lambda root: (root / "log.csv").write_bytes(b"\xff\xfe"), "not a history of releases"),
        (lambda root: (root / "log.csv").write_text("at,action\n"), "log.csv:1: not a line of the history"),
        (lambda root: remove(root / "2"), "leads to 2, which is no release"),
        (lambda root: remove(root / "1"), "release 1 was published, was not removed by bokslut, and is gone"),
        (lambda root: (root / "current").unlink(), "current is gone: say bokslut rollback 2"),
        (lambda root: replace_by_link(root / "1" / DATABASE), "a link or no file, where a release has files alone"),
        (lambda root: (root / "2" / "manifest.json").chmod(0o644), ""),
    ],
    ids=["no log", "bytes", "half a log", "newest gone", "oldest gone", "no link", "a link inside", "nothing"],
)
def test_verify_never_says_that_all_is_well_when_it_is_not(
    places: Places, damage: Callable[[Path], object], printed: str
) -> None:
    make_release(places)
    make_release(places)
    damage(places.root)
    code, output = say("verify")
    assert code == (1 if printed else 0), output
    assert printed in output


def replace_by_link(path: Path) -> None:
    """The same bytes, elsewhere."""
    path.parent.chmod(0o755)
    elsewhere = path.resolve().parents[2] / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", "null", "[" * 100_000, '{"format": 1}', "nonsense", '{"format": 1, "release": "x"}'],
    ids=["list", "empty", "null", "deep", "format alone", "no JSON", "another type"],
)
@pytest.mark.parametrize("command", [("verify",), ("status",), ("forget",), ("rollback", 1), ("history",)])
def test_a_damaged_manifest_is_told_in_a_line(places: Places, content: str, command: tuple[object, ...]) -> None:
    make_release(places)
    rewrite(places.release(1) / "manifest.json", content.encode())
    code, output = say(*command)
    assert code in ((0,) if command == ("history",) else (1, 2)), output
    assert code == 0 or "not the manifest of a release" in output


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_has_the_name_of_a_release_is_left_alone(places: Places, kind: str) -> None:
    make_release(places)
    taken = places.root / "2"
    if kind == "file":
        taken.touch()
    elif kind == "folder":
        (taken / "inside").mkdir(parents=True)
    else:
        taken.symlink_to("/etc")
    publish.recover(places)
    assert taken.is_symlink() or taken.exists()
    if kind == "folder":
        with pytest.raises(ReleaseError, match="holds no manifest and is no release: move it away"):
            make_release(places)
    else:
        assert make_release(places) == 3
        assert chain(places) == []


def test_a_published_release_is_not_cleared_away_after_a_rollback(places: Places) -> None:
    make_release(places)
    number = make_release(places)
    # killed after the link was moved; then somebody moves it back by hand
    places.building.mkdir()
    places.number.write_text(str(number), encoding="utf-8")
    places.current.unlink()
    places.current.symlink_to("1")
    publish.recover(places)
    assert places.numbers() == [1, 2]


def test_an_unknown_mart_is_told(places: Places) -> None:
    make_release(places)
    code, output = say("diff", 1, 1, "--mart", "fct_cots")
    assert code == 2
    assert "there is no such mart in either release - did you mean fct_cost?" in output
    assert say("diff", 1, 1, "--mart", "marts.fct_cost")[1].strip() == "Releases 1 and 1 have the same rows in fct_cost"


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("releases", "printed"),
    [
        (".", "must be a path inside the project"),
        ("seeds/board", "must lie apart"),
        ("seeds", "must lie apart"),
        ("data/releases", "must lie apart"),
        ("rel{y}", "is read otherwise by dbt or DuckDB"),
        ("rel'y", "is read otherwise by dbt or DuckDB"),
    ],
)
def test_a_place_that_would_do_harm_is_refused(monkeypatch: pytest.MonkeyPatch, releases: str, printed: str) -> None:
    Path("dbt_project.yml").touch()
    monkeypatch.setenv("BOKSLUT_RELEASES", releases)
    code, output = say("build")
    assert code == 2
    assert printed in output
    assert [path.name for path in Path().iterdir()] == ["dbt_project.yml"]


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("command", ["build", "status", "history", "verify", "forget"])
def test_another_folder_than_the_projects_is_told_and_left_alone(command: str) -> None:
    code, output = say(command)
    assert code == 2
    assert "run it in the project's folder" in output
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("years", "code"), [("6", 2), ("x", 2), ("²", 2), ("", 0), ("10", 0)])
def test_less_than_the_law_asks_is_refused(
    places: Places, monkeypatch: pytest.MonkeyPatch, years: str, code: int
) -> None:
    make_release(places)
    monkeypatch.setenv("BOKSLUT_YEARS", years)
    assert say("forget")[0] == code
    assert say("forget", "--years", "6")[0] == 2


def test_what_changed_between_two_releases_is_told_by_key(places: Places) -> None:
    make_release(places)
    make_release(places, (("10", "Nämnder", "-5.01"), ("46", "Komvux", "-1.00")))

    changes = diff(places.release(1) / DATABASE, places.release(2) / DATABASE, None, 5)
    found = {each.mart: each for each in changes}

    cost = found["fct_cost"]
    assert (cost.added, cost.removed, cost.changed) == (1, 1, 1)
    changed, removed, added = cost.changes
    assert (changed.what, dict(changed.key)["code"]) == ("changed", "10")
    assert [(name, str(value)) for name, value in (*changed.before, *changed.after)] == [
        ("net_sek", "-5.00"),
        ("net_sek", "-5.01"),
    ]
    assert (removed.what, dict(removed.key)["code"]) == ("removed", "45")
    assert (added.what, dict(added.key)["code"]) == ("added", "46")
    assert (found["dim_code"].added, found["dim_code"].removed, found["dim_code"].changed) == (1, 1, 0)


def test_a_release_has_no_difference_to_itself_and_each_value_stands_in_the_csv(places: Places) -> None:
    make_release(places)
    make_release(places, (("10", "Nämnder", "-5.01"), ROWS[1]))
    assert say("diff", 1, 1)[1].strip() == "Releases 1 and 1 have the same rows in all marts"
    code, output = say("diff", 1, 2, "--csv", "-")
    assert code == 0
    assert list(csv.DictReader(output.splitlines())) == [
        {
            "mart": "fct_cost",
            "what": "changed",
            "key": "10/2024",
            "column": "net_sek",
            "before": "-5.00",
            "after": "-5.01",
        }
    ]


def test_a_rollback_is_one_move_and_an_open_reader_stays_where_it_was(places: Places) -> None:
    make_release(places)
    make_release(places, (ROWS[0],))
    with connect(releases=places.root) as before:
        assert say("rollback", 1)[0] == 0
        assert before.execute("select count(*) from marts.fct_cost").fetchone() == (1,)
    with connect(releases=places.root) as after:
        assert after.execute("select count(*) from marts.fct_cost").fetchone() == (2,)
    code, output = say("history")
    assert code == 0
    assert [line.split()[1:3] for line in output.splitlines()][-1] == ["rolled", "back"]
    assert make_release(places) == 3


def test_a_release_that_is_damaged_is_not_rolled_back_to(places: Places) -> None:
    make_release(places)
    make_release(places)
    flip(places.release(1) / DATABASE, 5000)
    code, output = say("rollback", 1)
    assert code == 1
    assert "its bytes are not those that were released" in output
    assert places.current_number() == 2


def test_old_releases_go_but_for_those_asked_for_and_the_last_of_each_year(places: Places) -> None:
    for years in ((2023,), (2023,), (2023, 2024), (2023, 2024), (2023, 2024), (2023, 2024)):
        make_release(places, years=years)
    # 2 is the last of 2023, 6 is current
    assert retention.surplus(places, 1, 7, NOW) == [1, 3, 4]
    assert retention.surplus(places, 0, 7, NOW) == [1, 3, 4, 5]
    assert retention.surplus(places, 0, 7, "2031-01-01T00:00:00+00:00") == [1, 2, 3, 4, 5]
    assert retention.surplus(places, 9, 7, NOW) == []
    for number in (1, 3, 4):
        publish.remove_release(places, number, NOW)
    assert places.numbers() == [2, 5, 6]
    assert places.gone() == [1, 3, 4]
    assert chain(places) == []
    assert places.next_number() == 7
    with pytest.raises(ReleaseError, match=r"there is no release 3 \(it was removed; its manifest is kept\)"):
        existing(places, 3)


@pytest.mark.parametrize(("now", "goes"), [("2031-12-31T23:59:59+00:00", False), ("2032-01-01T00:00:00+00:00", True)])
def test_a_fiscal_year_is_kept_to_the_end_of_the_seventh_year_after_it(now: str, goes: bool) -> None:
    assert retention.is_over(2024, retention.YEARS, now) is goes


def test_what_may_go_is_listed_first_and_removed_when_told(places: Places) -> None:
    for year in (2010, 2024, 2024):
        make_release(places, years=(year,))
    old, new = (Path("data/received/organisation=1882") / digest / "ledger.se" for digest in ("aa", "bb"))
    for path in (old, new):
        path.parent.mkdir(parents=True)
        path.write_text("#FLAGGA 0\n", encoding="utf-8")
    Path("data/log.csv").write_text(
        "received_at,action,organisation_id,board_id,import_id,source_file,source_sha256\n"
        "2011-01-31T08:00:00,imported,1882,KS,a,ledger.se,aa\n2025-01-31T08:00:00,imported,1882,KS,b,ledger.se,bb\n",
        encoding="utf-8",
    )

    code, listed = say("forget")
    assert code == 0
    assert "releases/1  fiscal year 2010" in listed
    assert "organisation=1882/aa/ledger.se  fiscal year 2011" in listed
    assert "bb" not in listed
    assert old.is_file()
    assert places.numbers() == [1, 2, 3]

    code, output = say("forget", "--yes")
    assert code == 0, output
    assert not old.exists()
    assert new.is_file()
    assert places.numbers() == [2, 3]
    assert chain(places) == []
    assert "forgotten,1882,,,ledger.se,aa" in Path("data/log.csv").read_text(encoding="utf-8")
    assert say("forget")[1].startswith("Nothing may go")


def test_what_a_stopped_command_left_is_cleared_up(places: Places) -> None:
    make_release(places)
    # stopped after it had its name, before the link was moved
    places.building.mkdir()
    places.number.write_text("2", encoding="utf-8")
    places.release(2).mkdir()
    (places.release(2) / DATABASE).write_bytes(b"")
    (places.root / ".current-2").symlink_to("2")
    assert publish.recover(places)
    assert places.numbers() == [1]
    assert [path.name for path in places.root.glob(".*")] == []
    # stopped after the link was moved, before the history had its name
    number = make_release(places)
    places.log.replace(places.next_log)
    places.log.write_text(places.next_log.read_text(encoding="utf-8").rsplit("\n", 2)[0] + "\n", encoding="utf-8")
    places.building.mkdir()
    places.number.write_text(str(number), encoding="utf-8")
    publish.recover(places)
    assert places.numbers() == [1, 2]
    assert [row["release"] for row in publish.read_log(places)] == ["1", "2"]
    assert publish.recover(places) == []


def test_a_removal_that_was_stopped_is_in_the_history_if_it_was_done(places: Places) -> None:
    for _ in range(3):
        make_release(places)
    for number, is_done in ((1, True), (2, False)):
        whole = places.log.read_bytes()
        publish.remove_release(places, number, NOW)
        places.log.replace(places.next_log)
        places.log.write_bytes(whole)
        if not is_done:
            # the manifest was kept, and the release had its name still
            shutil.copytree(places.release(3), places.release(number))
            shutil.copyfile(places.removed / f"{number}.json", places.release(number) / "manifest.json")
        publish.recover(places)
    assert [row["release"] for row in publish.read_log(places) if row["action"] == publish.REMOVED] == ["1"]
    assert (places.numbers(), places.gone()) == ([2, 3], [1])
    assert [path.name for path in places.root.glob(".*") if path != places.target] == []


def test_a_history_that_finds_no_room_leaves_the_release_that_was_there(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_release(places)

    def fail(*_: object, **__: object) -> object:
        raise OSError("no room")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no room"):
        patch.setattr(csv, "writer", fail)
        make_release(places)
    publish.recover(places)
    assert (places.current_number(), places.numbers()) == (1, [1])


def test_once_the_link_is_moved_it_is_published_and_the_history_follows(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace
    failed: list[Path] = []

    def fail_once(path: Path, target: Path) -> Path:
        if target == places.log and not failed:
            failed.append(path)
            raise OSError("no room")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_once)
    assert make_release(places) == places.current_number()
    assert failed
    assert [row["release"] for row in publish.read_log(places)] == ["1"]


def test_a_second_builder_is_told_who_is_at_work(places: Places) -> None:
    with held(places.lock, "another build"):
        assert is_held(places.lock)
        told = r"another build is at work \(process [0-9]+\) in releases"
        with pytest.raises(BusyError, match=told), held(places.lock, "another build"):
            pass
        assert say("rollback", 1)[0] == 2
        make_release(places)
        assert say("rollback", 1)[0] == 3
    assert not is_held(places.lock)


def test_readers_take_the_release_by_its_number(places: Places) -> None:
    assert choose_database({}, None) == Path("warehouse.duckdb")
    make_release(places)
    make_release(places)
    assert choose_database({}, None) == Path("releases/2/warehouse.duckdb")
    Path("mine.duckdb").touch()
    assert choose_database({"BOKSLUT_DATABASE": "mine.duckdb"}, None) == Path("mine.duckdb")
    with pytest.raises(ReleaseError, match=r"BOKSLUT_DATABASE=gone.duckdb is not there: unset it"):
        choose_database({"BOKSLUT_DATABASE": "gone.duckdb"}, None)
    assert choose_database({"BOKSLUT_DATABASE": "mine.duckdb"}, Path("other.duckdb")) == Path("other.duckdb")
    assert choose_database({"BOKSLUT_RELEASES": "mine"}, None) == Path("warehouse.duckdb")


@pytest.mark.parametrize("named", ["9", "warehouse", "../releases/1"])
def test_a_link_that_leads_astray_is_told(places: Places, named: str) -> None:
    make_release(places)
    places.current.unlink()
    places.current.symlink_to(named)
    code, output = say("status")
    assert code == 2
    assert f"leads to {named}, which is no release: say bokslut rollback N" in output


ATTEMPTS = {
    "reads": "select * from read_text('/etc/passwd')",
    "reads as a table": "select * from '/etc/passwd'",
    "copies out": "copy (select 1) to 'out.csv'",
    "copies a mart out": "copy marts.fct_cost to 'out.parquet'",
    "exports": "export database 'out'",
    "attaches": "attach 'out.duckdb' as out",
    "installs": "install httpfs",
    "loads": "load httpfs",
    "opens access": "set enable_external_access = true",
    "allows a folder": "set allowed_directories = ['/']",
    "writes": "insert into marts.fct_cost values ('1', 2024, 1)",
    "creates": "create table marts.other (a integer)",
}


@pytest.mark.parametrize("sql", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_a_readers_connection_is_stopped_that(places: Places, tmp_path: Path, sql: str) -> None:
    make_release(places)
    with connect(releases=places.root) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute(sql)
        assert connection.execute("select count(*) from marts.fct_cost").fetchone() == (2,)
    assert [path.name for path in tmp_path.iterdir()] == ["releases"]


def test_a_release_that_is_not_there_is_told(places: Places) -> None:
    with pytest.raises(ReleaseError, match="holds no release yet: say bokslut build"):
        connect(releases=places.root)
    make_release(places)
    with pytest.raises(ReleaseError, match="there is no release 7; there are: 1"):
        connect(7, places.root)
    for command in (("verify", 7), ("rollback", 7), ("diff", 1, 7)):
        code, output = say(*command)
        assert code == 2
        assert "there is no release 7" in output


def test_a_manifest_of_another_version_is_told(places: Places) -> None:
    make_release(places)
    content = manifest_of(places, 1) | {"format": 99}
    rewrite(places.release(1) / "manifest.json", json.dumps(content).encode())
    assert "format 99 is not known to this version of bokslut" in say("verify", 1)[1]


def test_a_text_that_looks_like_a_formula_stays_a_text(places: Places) -> None:
    make_release(places)
    make_release(places, (("10", "=cmd|' /C calc'!A0", "-5.00"), ROWS[1]))
    (row,) = csv.DictReader(say("diff", 1, 2, "--csv", "-")[1].splitlines())
    assert (row["before"], row["after"]) == ("Nämnder", "'=cmd|' /C calc'!A0")
