"""Lock files are read whole, an audit that did not happen is never a pass, and the SBOM holds what is locked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokslut.supply import audit
from bokslut.supply.audit import AuditError, Verdict, ask_pip_audit, judge
from bokslut.supply.lock import Locked, LockError, layers, parse_lock, without_markers
from project import REPOSITORY

LOCKS = ("requirements.txt", "requirements-supply.txt")
SUPPLY_PYTHON = REPOSITORY / ".venv-supply" / "bin" / "python"
NO_ONE_LISTENS = "http://127.0.0.1:9"

needs_supply = pytest.mark.skipif(not SUPPLY_PYTHON.exists(), reason="make test and make sbom install .venv-supply")


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


def package(name: str, version: str = "1.0", marker: str | None = None) -> Locked:
    return Locked(name, version, (digest(1), digest(2)), marker)


ONE, TWO = package("one"), package("two", "2.0")
TWICE = (package("split", "1.0", 'python_version < "3.12"'), package("split", "2.0", 'python_version >= "3.12"'))


# the lock files


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_package_has_hashes_and_nothing_has_an_address(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    locked = parse_lock(text)
    assert len(locked) == len([line for line in text.splitlines() if line and line[0] not in " #"]) > 40
    assert [package.pinned for package in locked if not package.hashes] == []
    assert sum(len(package.hashes) for package in locked) == text.count("--hash=")
    assert [
        sign for sign in ("http", "://", "--index-url", "--extra-index-url", "--find-links", "@") if sign in text
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_who_wants_a_locked_package_is_locked_or_the_project(name: str) -> None:
    locked = parse_lock((REPOSITORY / name).read_text(encoding="utf-8"))
    known = {"bokslut", *(package.name for package in locked)}
    assert [package.name for package in locked if not package.required_by] == []
    assert {wanting for package in locked for wanting in package.required_by} <= known


def test_each_lock_holds_what_pyproject_asks_for() -> None:
    content = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    project = content["project"]
    asked = {
        "requirements.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
        "requirements-supply.txt": content["dependency-groups"]["supply"],
    }
    for name in LOCKS:
        wanted = parse_lock((REPOSITORY / name).read_text(encoding="utf-8"))
        direct = {package.name for package in wanted if "bokslut" in package.required_by}
        assert direct == {requirement.split("==")[0].split("[")[0] for requirement in asked[name]}, name


# reading a lock


names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(lambda name: "--" not in name)
versions = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3}){0,3}(\.post[0-9])?", fullmatch=True)
packages = st.builds(
    Locked,
    name=names,
    version=versions,
    hashes=st.lists(st.integers(0, 16**64 - 1).map(digest), min_size=1, max_size=4).map(tuple),
    marker=st.sampled_from([None, 'python_version < "3.12"', 'sys_platform == "win32" and python_version >= "3.12"']),
    extras=st.lists(names, max_size=2, unique=True).map(lambda extras: tuple(sorted(extras))),
    required_by=st.lists(names, max_size=3, unique=True).map(tuple),
)
lists = st.lists(packages, max_size=12, unique_by=lambda package: package.pinned)


def written(locked: Sequence[Locked]) -> str:
    """The packages as uv writes them: head, hashes, and who wants them in one line or several."""
    lines: list[str] = []
    for one in locked:
        extras = f"[{','.join(one.extras)}]" if one.extras else ""
        marker = f" ; {one.marker}" if one.marker else ""
        head = [f"{one.name}{extras}=={one.version}{marker}", *(f"    --hash={each}" for each in one.hashes)]
        lines += [*(line + " \\" for line in head[:-1]), head[-1]]
        if len(one.required_by) == 1:
            lines.append(f"    # via {one.required_by[0]} (pyproject.toml:supply)")
        elif one.required_by:
            lines += ["    # via", *(f"    #   {name}" for name in one.required_by)]
    return "".join(f"{line}\n" for line in lines)


@given(lists)
def test_a_lock_is_read_as_it_was_written(locked: list[Locked]) -> None:
    assert parse_lock(written(locked)) == tuple(locked)


@given(lists)
def test_a_lock_without_markers_keeps_each_package_and_hash(locked: list[Locked]) -> None:
    kept = parse_lock(without_markers(locked))
    assert [(one.pinned, one.hashes) for one in kept] == [(one.pinned, one.hashes) for one in locked]
    assert {one.marker for one in kept} <= {None}


@given(lists)
def test_layers_hold_every_package_once_and_no_name_twice(locked: list[Locked]) -> None:
    dealt = layers(locked)
    assert sorted(one.pinned for layer in dealt for one in layer) == sorted(one.pinned for one in locked)
    assert all(len({one.name for one in layer}) == len(layer) for layer in dealt)
    assert len(dealt) == max((len([o for o in locked if o.name == one.name]) for one in locked), default=0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one==1.0\n", "line 1: one has no hash"),
        ("one==1.0 \\\n    # via two\n", "line 1: one has no hash"),
        (f"one>=1.0 \\\n    --hash={digest(1)}\n", "line 1: one is not pinned"),
        (f"one==1.* \\\n    --hash={digest(1)}\n", "line 1: one is not pinned"),
        (f"one \\\n    --hash={digest(1)}\n", "line 1: one is not pinned"),
        (f"one @ file:///one.whl \\\n    --hash={digest(1)}\n", "line 1: one is not pinned"),
        (f"--index-url here\none==1.0 \\\n    --hash={digest(1)}\n", "line 1: '--index-url here' is not a locked"),
        (f"-r other.txt\none==1.0 \\\n    --hash={digest(1)}\n", "line 1: '-r other.txt' is not a locked"),
        (f"one==1.0 \\\n    --hash={digest(1)} \\\n    --hash=md5:0\n", "line 3: '--hash=md5:0' is neither"),
        (f"one==1.0 \\\n    --hash={digest(1)}\n    --index-url here\n", "line 3: '--index-url here' is neither"),
        (written([ONE, ONE]), "one==1.0 stands twice"),
    ],
)
def test_what_is_not_locked_is_refused(text: str, said: str) -> None:
    with pytest.raises(LockError) as raised:
        parse_lock(text)
    assert said in str(raised.value)
    assert "run make lock" in str(raised.value)


# the verdict


def clean(*asked: Locked) -> list[dict[str, Any]]:
    return [{"name": one.name, "version": one.version, "vulns": []} for one in asked]


def skipped(one: Locked, reason: str = "Dependency not found on PyPI and could not be audited") -> dict[str, Any]:
    return {"name": one.name, "skip_reason": f"{reason}: {one.name} ({one.version})"}


def vulnerable(one: Locked, *fixed_in: str) -> dict[str, Any]:
    found = {"id": "PYSEC-2026-1", "fix_versions": list(fixed_in), "aliases": [], "description": "bad"}
    return {"name": one.name, "version": one.version, "vulns": [found]}


def answer(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def counts(verdict: Verdict) -> tuple[int, int, int, int]:
    return verdict.audited, len(verdict.findings), len(verdict.unaudited), verdict.exit_code


@pytest.mark.parametrize(
    ("given_answer", "expected"),
    [
        # audited, findings, unaudited, exit code
        (answer(*clean(ONE, TWO)), (2, 0, 0, 0)),
        (answer(*clean(TWO, ONE)), (2, 0, 0, 0)),
        (answer(vulnerable(ONE, "1.1"), *clean(TWO)), (2, 1, 0, 1)),
        (answer(skipped(ONE), skipped(TWO)), (0, 0, 2, 2)),
        (answer(skipped(ONE), *clean(TWO)), (1, 0, 1, 2)),
        (answer(skipped(ONE), vulnerable(TWO)), (1, 1, 1, 1)),
        # an empty answer, a partial one, one for something else
        (answer(), (0, 0, 2, 2)),
        (answer(*clean(ONE)), (1, 0, 1, 2)),
        (answer(*clean(ONE, package("two", "2.1"))), (1, 0, 1, 2)),
        (answer(*clean(ONE, TWO, TWO)), (1, 0, 1, 2)),
        (answer(*clean(ONE), {"name": "two", "version": "2.0"}), (1, 0, 1, 2)),
        (answer(*clean(ONE), {"name": "two", "version": "2.0", "vulns": None}), (1, 0, 1, 2)),
        (answer(*clean(ONE), {"name": "two", "version": "2.0", "vulns": [{"fix_versions": []}]}), (1, 0, 1, 2)),
        (answer(*clean(ONE), {"name": "two", "version": "2.0", "vulns": [], "skip_reason": ""}), (1, 0, 1, 2)),
        # the same version, written differently
        (answer(*clean(ONE, package("two", "2.0.0"))), (2, 0, 0, 0)),
    ],
)
def test_audited_is_what_has_an_answer_of_its_own(given_answer: str, expected: tuple[int, int, int, int]) -> None:
    assert counts(judge((ONE, TWO), given_answer)) == expected


@pytest.mark.parametrize(
    "text", ["", "Traceback", "[]", "{}", "null", '{"dependencies": [{}]}', '{"dependencies": [1]}']
)
def test_what_is_not_an_answer_audits_nothing(text: str) -> None:
    with pytest.raises(AuditError):
        judge((ONE,), text)
    assert counts(audit.audit((ONE, TWO), lambda _: text)) == (0, 0, 2, 2)


@given(lists, st.data())
def test_exit_0_needs_a_clean_answer_for_every_locked_package(locked: list[Locked], data: st.DataObject) -> None:
    whole = data.draw(st.booleans())
    left_out = set() if whole or not locked else {data.draw(st.sampled_from(locked)).pinned}

    def ask(asked: Sequence[Locked]) -> str:
        return answer(*clean(*(one for one in asked if one.pinned not in left_out)))

    verdict = audit.audit(locked, ask)
    assert {one.pinned for one, _ in verdict.unaudited} == left_out
    assert verdict.exit_code == (0 if locked and not left_out else 2)


def test_both_versions_of_a_name_are_asked_about_apart() -> None:
    asked: list[tuple[str, ...]] = []

    def ask(layer: Sequence[Locked]) -> str:
        asked.append(tuple(one.pinned for one in layer))
        return answer(*(vulnerable(one) if one.version == "2.0" else clean(one)[0] for one in layer))

    verdict = audit.audit((ONE, *TWICE), ask)
    assert asked == [("one==1.0", "split==1.0"), ("split==2.0",)]
    assert [finding.package.pinned for finding in verdict.findings] == ["split==2.0"]
    assert counts(verdict) == (3, 1, 0, 1)


def test_one_failed_question_leaves_the_other_answers() -> None:
    def ask(layer: Sequence[Locked]) -> str:
        if layer[0].version == "2.0":
            raise AuditError("no connection")
        return answer(*clean(*layer))

    verdict = audit.audit((ONE, *TWICE), ask)
    assert verdict.unaudited == ((TWICE[1], "no connection"),)
    assert counts(verdict) == (2, 0, 1, 2)


# what is shown


def test_the_screen_says_what_is_vulnerable_and_what_is_not_audited() -> None:
    many = tuple(package(f"many{number}") for number in range(12))
    said = answer(vulnerable(ONE, "1.1", "2.0"), vulnerable(TWO), *(skipped(one) for one in many))
    text = audit.render(judge((ONE, TWO, *many), said), "requirements.txt")
    lines = text.splitlines()
    assert lines[:6] == [
        "Locked:      14 packages in requirements.txt",
        "Audited:     2 packages",
        "Vulnerable:  2 packages",
        "  one 1.0: PYSEC-2026-1, fixed in 1.1, 2.0",
        "  two 2.0: PYSEC-2026-1, fixed in no version yet",
        "Not audited: 12 packages",
    ]
    assert lines[6] == "  12 because: Dependency not found on PyPI and could not be audited"
    assert "many0 1.0" in lines[7] and "and 2 more" in text
    assert "not the same as not vulnerable" in text and "Passed" not in text
    assert len(lines) <= 24 and max(len(line) for line in lines) <= audit.WIDTH


def test_the_whole_lock_unaudited_fits_on_a_screen() -> None:
    locked = parse_lock((REPOSITORY / "requirements.txt").read_text(encoding="utf-8"))
    verdict = audit.audit(locked, lambda asked: answer(*(skipped(one) for one in asked)))
    assert counts(verdict) == (0, 0, len(locked), 2)
    assert len(audit.render(verdict, "requirements.txt").splitlines()) <= 24


@pytest.mark.parametrize(
    ("locked", "said", "code", "shown"),
    [
        ([ONE], answer(*clean(ONE)), 0, "Passed:"),
        ([ONE], answer(vulnerable(ONE)), 1, "a vulnerability is known"),
        ([ONE], answer(skipped(ONE)), 2, "run make audit where"),
        ([], answer(), 2, "nothing is locked"),
    ],
)
def test_the_command_ends_with_the_exit_code_of_the_verdict(
    locked: list[Locked], said: str, code: int, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(written(locked), encoding="utf-8")
    assert audit.main([str(lock)], lambda _: said) == code
    assert shown in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"one==1.0\n", b"\xff\xfe"])
def test_a_lock_that_cannot_be_read_is_exit_2(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock.txt"
    if content is not None:
        lock.write_bytes(content)
    assert audit.main([str(lock)], lambda _: answer(*clean(ONE))) == 2
    assert "nothing was audited" in capsys.readouterr().err


# pip-audit itself


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Put a pip_audit of the test's own where `python -m pip_audit` finds it first."""
    (folder / "pip_audit.py").write_text(f"import json, os, sys\n{body}\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.chdir(folder)


def test_pip_audit_is_asked_with_hashes_and_without_settings_or_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
    body = "lock = sys.argv[sys.argv.index('--requirement') + 1]\n"
    body += "print(json.dumps([sys.argv[1:], open(lock).read(), [n for n in os.environ if n.startswith('PIP_AUDIT')]]))"
    stand_in(tmp_path, monkeypatch, body)
    words, lock, settings = json.loads(ask_pip_audit((ONE, TWICE[0])))
    assert {"--require-hashes", "--disable-pip", "--cache-dir"} <= set(words)
    assert lock == without_markers((ONE, TWICE[0]))
    assert settings == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ConnectionError('no route to it')", "pip-audit failed: ConnectionError: no route to it"),
        ("sys.exit(1)", "pip-audit failed: it said nothing"),
        (f"print({answer(*clean(ONE))!r}); sys.exit(3)", "pip-audit failed: it said nothing"),
        (
            "print('No known vulnerabilities found', file=sys.stderr)",
            "pip-audit failed: No known vulnerabilities found",
        ),
        ("print('no JSON')", "pip-audit's answer is not in its form"),
    ],
)
def test_a_failed_pip_audit_is_a_reason_and_no_traceback(
    body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(tmp_path, monkeypatch, body)
    (tmp_path / "lock.txt").write_text(written([ONE]), encoding="utf-8")
    assert audit.main(["lock.txt"]) == 2
    shown = capsys.readouterr()
    assert said in shown.out
    assert "Traceback" not in shown.out + shown.err


def test_a_vulnerability_that_pip_audit_finds_is_exit_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, f"print({answer(vulnerable(ONE))!r}); sys.exit(1)")
    (tmp_path / "lock.txt").write_text(written([ONE]), encoding="utf-8")
    assert audit.main(["lock.txt"]) == 1


def test_a_pip_audit_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(audit, "SECONDS", 0.5)
    with pytest.raises(AuditError, match="had not ended"):
        ask_pip_audit((ONE,))


def test_a_reader_that_has_seen_enough_gives_no_traceback_and_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text(written([ONE]), encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "bokslut.supply.audit", str(tmp_path / "lock.txt")]
    run = subprocess.run(words, cwd=REPOSITORY, stdout=write, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(write)
    assert (run.returncode, run.stderr) == (-signal.SIGPIPE, "")


@needs_supply
def test_the_real_pip_audit_without_connection_is_exit_2() -> None:
    run = subprocess.run(
        [SUPPLY_PYTHON, "-m", "bokslut.supply.audit", "requirements.txt"],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "HTTPS_PROXY": NO_ONE_LISTENS,
            "https_proxy": NO_ONE_LISTENS,
            "NO_PROXY": "",
            "no_proxy": "",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 2, run
    assert "Audited:     0 packages" in run.stdout and "ProxyError" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


# the SBOM


def make_sbom(output: Path, lock: Path, seed: str) -> str:
    """Write the SBOM as make sbom does, with what this Python has installed; what it printed."""
    words: list[str | Path] = [
        SUPPLY_PYTHON,
        "-m",
        "bokslut.supply.sbom",
        lock,
        output,
        "--installed",
        sysconfig.get_path("purelib"),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run(
        words, cwd=REPOSITORY, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    assert run.returncode == 0, run
    return run.stdout


@pytest.fixture(scope="module")
def sbom(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bytes, str]:
    """The SBOM of requirements.txt: its content, its bytes, and what was printed."""
    output = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    printed = make_sbom(output, REPOSITORY / "requirements.txt", "1")
    return json.loads(output.read_bytes()), output.read_bytes(), printed


@needs_supply
def test_the_sbom_holds_each_locked_package_with_all_its_hashes(sbom: tuple[dict[str, Any], bytes, str]) -> None:
    locked = parse_lock((REPOSITORY / "requirements.txt").read_text(encoding="utf-8"))
    expected = {(f"pkg:pypi/{p.name}@{p.version}", p.name, p.version, frozenset(p.hashes), p.marker) for p in locked}
    held = {
        (
            component["purl"],
            component["name"],
            component["version"],
            frozenset("sha256:" + each["content"] for each in component["externalReferences"][0]["hashes"]),
            next((p["value"] for p in component.get("properties", []) if p["name"] == "bokslut:marker"), None),
        )
        for component in sbom[0]["components"]
    }
    assert held == expected
    assert len(sbom[0]["components"]) == len(locked)


@needs_supply
def test_what_is_installed_has_a_licence_and_the_rest_is_said(sbom: tuple[dict[str, Any], bytes, str]) -> None:
    without = [f"{c['name']} {c['version']}" for c in sbom[0]["components"] if not c.get("licenses")]
    assert without == [
        line.split(": ")[1].split(",")[0] for line in sbom[2].splitlines() if "not installed here" in line
    ]
    assert len(without) < 10


@needs_supply
def test_the_sbom_says_who_wants_whom(sbom: tuple[dict[str, Any], bytes, str]) -> None:
    wants = {entry["ref"].split("@")[0]: entry.get("dependsOn", []) for entry in sbom[0]["dependencies"]}
    reached, ahead = set(), ["bokslut"]
    while ahead:
        for wanted in wants[ahead.pop().split("@")[0]]:
            if wanted not in reached:
                reached.add(wanted)
                ahead.append(wanted)
    assert reached == {component["bom-ref"] for component in sbom[0]["components"]}


@needs_supply
def test_the_same_lock_gives_the_same_bytes(sbom: tuple[dict[str, Any], bytes, str], tmp_path: Path) -> None:
    make_sbom(tmp_path / "again.json", REPOSITORY / "requirements.txt", "2")
    assert (tmp_path / "again.json").read_bytes() == sbom[1]
    assert b"timestamp" not in sbom[1] and str(REPOSITORY).encode() not in sbom[1]
    assert set(sbom[0]) >= {"serialNumber", "bomFormat", "specVersion"}


@needs_supply
def test_another_lock_gives_another_serial_number(sbom: tuple[dict[str, Any], bytes, str], tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text(written([ONE]), encoding="utf-8")
    printed = make_sbom(tmp_path / "one.json", tmp_path / "lock.txt", "1")
    other = json.loads((tmp_path / "one.json").read_bytes())
    assert other["serialNumber"] != sbom[0]["serialNumber"]
    assert "not installed here: one 1.0, locked for every machine: run make build" in printed


@needs_supply
@pytest.mark.parametrize("content", [None, "one==1.0\n"])
def test_a_lock_that_cannot_be_read_gives_no_sbom(content: str | None, tmp_path: Path) -> None:
    lock, output = tmp_path / "lock.txt", tmp_path / "sbom.json"
    if content is not None:
        lock.write_text(content, encoding="utf-8")
    words: list[str | Path] = [SUPPLY_PYTHON, "-m", "bokslut.supply.sbom", lock, output, "--installed", tmp_path]
    run = subprocess.run(words, cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 2 and "no SBOM was written" in run.stderr and "Traceback" not in run.stderr
    assert not output.exists()


def test_a_build_does_not_install_what_audits_it() -> None:
    """A build installs what a build needs: the tools of the supply chain have a virtual environment of their own."""
    locked = {p.name for p in parse_lock((REPOSITORY / "requirements.txt").read_text(encoding="utf-8"))}
    assert locked.isdisjoint({"pip-audit", "cyclonedx-python-lib", "cyclonedx-bom"})
