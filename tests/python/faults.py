"""The faults that a published warehouse survives: builds killed at every step, a full disk, little memory, and more.

Run as a program it works in a copy of the project in a temporary folder, with readers that read all the time, and
prints how each numbered case was survived; exit code 1 unless all are. The cases of data that comes in are in
bad_input.py, and are counted here too. Takes about half an hour.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bokslut.release.manifest import manifest_path, read_manifest
from bokslut.release.publish import ROLLED_BACK, move
from bokslut.release.reader import connect
from project import REPOSITORY, Project, Result, Workshop
from readers import Readers, Tally, by_connect, variants
from release_bench import Bench, Running
from stopped import MAKES, Report, fill

# moments of a build: what it has just said or made, or a share of the time that a whole one took
MOMENTS: tuple[str | float, ...] = (0.002, 0.01, ".building", "copied", "Registered adapter", "Found ", "audit", "seal")
MOMENTS += tuple(round(0.03 + 0.94 * step / 19, 3) for step in range(20))
# after the kill of these a second build starts at once, while dbt may still be there
ORPHANED = ("Found ", MOMENTS[-6])
# of operations that come again and again from one place of the code: which ones are hit
OFTEN = (0, 1, -2, -1)
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24
DROPPED = "FAULTS_RIGHTS_DROPPED"
# of a process, in mebibytes: Python starts in each, and dbt does not end well; and how long it is waited for
ADDRESS_SPACES, PATIENCE = (600, 800, 950), 60
# how much is told of what went wrong
SHOWN, WIDTH = 20, 400
REPORTS = [f"tests/python/test_report_{name}.py" for name in ("run", "excel", "pdf", "word", "render")]
ELSEWHERE = {
    57: ("-k", "hostile or inert", "tests/python/test_proof_cli.py", *REPORTS),
    58: ("tests/python/test_sandbox.py",),
    60: ("tests/release/test_repeatable.py",),
}


@dataclass
class Verdict:
    """What became of a case. survived: None where it could not be tried. evidence: a line."""

    number: int
    survived: bool | None
    evidence: str


@dataclass
class Trial:
    """All that the cases share. built: seconds of a whole build, dbt's parse included."""

    bench: Bench
    kills: int
    rng: random.Random
    full: Path | None
    why_not_full: str
    built: float = 0.0
    verdicts: list[Verdict] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """A line of progress."""
        print(f"{time.monotonic() - self.started:6.0f} s  {text}", file=sys.stderr, flush=True)

    def judge(self, number: int, problems: list[str], evidence: str) -> None:
        """Note what became of a case."""
        shown = f"{len(problems)} problems, first: {problems[0]}" if problems else evidence
        self.verdicts.append(Verdict(number, not problems, " ".join(shown.split())[:WIDTH]))
        self.say(f"case {number}: {'NOT SURVIVED' if problems else f'survived, {evidence}'}")
        for problem in problems[:SHOWN]:
            self.say(f"  {problem[:WIDTH]}" + (f" ... {problem[-WIDTH:]}" if len(problem) > WIDTH else ""))

    def other(self) -> str:
        """The variant that is not current."""
        return "B" if variants(by_connect(self.bench.places.root)) == {"A"} else "A"


# 49: killed during the build


def kill_builds(trial: Trial) -> None:
    """Kill whole builds, at each moment once."""
    bench, problems, killed, second, reached = trial.bench, [], 0, [], []
    for at, moment in enumerate(MOMENTS):
        variant = trial.other()
        bench.show(variant)
        share = moment
        for _ in range(4):
            running = bench.start("build", "--threads", "2")
            _wait(running, share, trial)
            if running.kill():
                killed += 1
                break
            # it was faster than the one that was measured
            problems += bench.settle(variant)
            variant = trial.other()
            bench.show(variant)
            share = share * 0.8 if isinstance(share, float) else share
        reached.append(_reached(running.lines))
        if moment in ORPHANED:
            result = bench.project.bokslut("build", "--quiet")
            second.append(result.returncode)
            if result.returncode not in (0, 3):
                problems.append(f"a second build at once: {result}")
        problems += [f"{moment}: {each}" for each in bench.settle(variant, every=at % 5 == 0)]
        if at % 8 == 7:
            problems += bench.publish(trial.other(), keep=2)
        trial.say(f"kill {killed} of {len(MOMENTS)} in a build, at {moment} ({reached[-1]})")
    bench.show(variant := trial.other())
    result = bench.project.bokslut("build", "--quiet")
    problems += [] if result.returncode == 0 else [f"the build after all of them: {result}"]
    problems += bench.settle(variant, every=True)
    problems += [] if killed >= 25 else [f"only {killed} builds were killed"]
    phases = ", ".join(f"{reached.count(phase)} {phase}" for phase in sorted(set(reached)))
    trial.judge(49, problems, f"{killed} kills ({phases}); a second build at once gave {second}; the next one succeeds")


def _wait(running: Running, moment: str | float, trial: Trial) -> None:
    if isinstance(moment, float):
        left = running.started + moment * trial.built - time.monotonic()
        time.sleep(max(left, 0))
    elif moment.startswith("."):
        while running.process.poll() is None and not trial.bench.places.building.exists():
            time.sleep(0.0005)
    else:
        running.wait_for(moment)


def _reached(lines: list[str]) -> str:
    text = "".join(lines)
    signs = (("bokslut: seal", "seal"), ("bokslut: audit", "audit"), (" of 3", "dbt run"), ("copied", "dbt parse"))
    return next((phase for sign, phase in signs if sign in text), "start")


# 50: killed during publishing


def steps_to_hit(operations: tuple[tuple[str, str, str], ...]) -> list[int]:
    """Of every place of the code that does something to a file, the first two and the last two times, from 1."""
    places: dict[tuple[str, str], list[int]] = {}
    for at, (event, where, _) in enumerate(operations, 1):
        places.setdefault((event, where), []).append(at)
    return sorted({found[each] for found in places.values() for each in OFTEN if -len(found) <= each < len(found)})


def kill_publishing(trial: Trial) -> None:
    """Kill sealing and publishing: every step, then the removal of old releases, clearing up, and random moments."""
    bench, rng = trial.bench, trial.rng
    problems = bench.publish(trial.other())
    listing = bench.build(variant := trial.other(), listed=True)
    problems += bench.settle(variant) + bench.publish(trial.other())
    removal = bench.build(variant := trial.other(), listed=True, keep=1)
    problems += bench.settle(variant, every=True)
    steps = steps_to_hit(listing.operations)
    orders: list[dict[str, object]] = [{"at": at} for at in steps]
    removing = [at for at in steps_to_hit(removal.operations) if at > len(listing.operations)]
    orders += [{"at": at, "keep": 1} for at in removing]
    every = [at for at in range(1, len(listing.operations) + 1) if at not in steps]
    rest = max(trial.kills - len(orders), 60)
    orders += [{"at": at} for at in sorted(rng.sample(every, min(len(every), rest // 2)))]
    orders += [{"after": round(rng.uniform(0, listing.seconds), 4)} for _ in range(rest - rest // 2)]
    killed = moved = twice = at = 0
    while at < len(orders) or killed < trial.kills:
        order = orders[at] if at < len(orders) else {"after": round(rng.uniform(0, listing.seconds), 4)}
        if "keep" in order:
            # there must be an old release to remove
            problems += bench.publish(trial.other())
        before = bench.places.current_number()
        report = bench.build(variant := trial.other(), **order)
        killed += report.ended < 0
        if report.ended >= 0 and "at" in order and "keep" not in order:
            problems.append(f"{order} was not reached: {report.error}")
        moved += report.ended < 0 and bench.places.current_number() != before
        if at % 10 == 9 and report.ended < 0:
            again = bench.build(variant, at=rng.randint(1, 200), since="start")
            twice += again.ended < 0
        whole = at % 25 == 24
        problems += [f"{order} {report.where}: {each}" for each in bench.settle(variant, every=whole)]
        at += 1
        if whole:
            problems += bench.publish(trial.other(), keep=2)
            told = bench.verified()
            problems += [] if told.returncode == 0 else [f"bokslut verify: {told}"]
            trial.say(f"kill {killed} of {max(trial.kills, len(orders))} in publishing, {len(problems)} problems")
        if len(problems) > 20 or at > 3 * trial.kills + 100:
            break
    problems += bench.publish(trial.other(), keep=2)
    trial.judge(
        50,
        problems if killed >= trial.kills else [*problems, f"only {killed} were killed"],
        f"{killed} kills ({len(steps) + len(removing)} steps of {len(listing.operations)} operations, the rest at"
        f" random), {moved} after the move of the link; {twice} more in the clearing up after them",
    )


# 51 and 52: no room, no memory


def fill_disk(trial: Trial) -> None:
    """Fill the disk that the releases lie on while dbt works, and at each step of sealing and publishing."""
    if trial.full is None:
        trial.verdicts.append(Verdict(51, None, f"not tried: {trial.why_not_full}"))
        return
    with Bench(Project(trial.full), trial.bench.runs) as bench:
        bench.lost, bench.unreadable = trial.bench.lost, trial.bench.unreadable
        problems = bench.publish("A")
        # dbt at work
        bench.show("B")
        running = bench.start("build")
        running.wait_for("1 of 3")
        while running.process.poll() is None:
            fill(bench.places.root)
            time.sleep(0.05)
        result = running.result()
        problems += _refused(result, (1, 2)) + bench.settle("B")
        # before the build
        refused = bench.project.bokslut("build", "--quiet")
        problems += _refused(refused, (2,), "are free where a build may need")
        problems += bench.settle("B")
        bench.empty_disk()
        problems += bench.publish("B")
        # with an old release to remove, which must not undo what was published
        problems += bench.publish("B")
        listing = bench.build("A", listed=True, keep=1)
        problems += bench.settle("A") + bench.publish("A", keep=1)
        firsts = [at for at in steps_to_hit(listing.operations) if _is_first(listing, at)]
        makes = [at for at in steps_to_hit(listing.operations) if listing.operations[at - 1][0] in MAKES]
        published = 0
        for at, fault in [(at, "fill") for at in firsts] + [(at, "fail") for at in makes]:
            before, variant = bench.places.current_number(), "B" if bench.places.numbers()[-1] % 2 == 0 else "A"
            report = bench.build(variant, at=at, fault=fault, keep=1)
            is_moved = bench.places.current_number() != before
            published += is_moved
            name = f"{fault} at {report.where}"
            if is_moved != (report.ended == 0):
                problems.append(f"{name}: {'published' if is_moved else 'not published'}, {report.error or 'no error'}")
            if report.error and not re.match("(OSError|IOException|.*Error): ", report.error):
                problems.append(f"{name}: {report.error}")
            bench.empty_disk()
            problems += [f"{name}: {each}" for each in bench.settle(variant)] + bench.publish(variant, keep=1)
        bench.show("A")
        result = bench.project.bokslut("build", "--quiet")
        problems += [] if result.returncode == 0 else [f"with room again: {result}"]
        problems += bench.settle("A", every=True)
        trial.judge(
            51,
            problems,
            f"full during dbt, before a build, and from {len(firsts)} steps of sealing and publishing on;"
            f" {len(makes)} steps that find no room; {published} of these published; each next build succeeds",
        )


def _is_first(report: Report, at: int) -> bool:
    event, where, _ = report.operations[at - 1]
    return (event, where) not in {each[:2] for each in report.operations[: at - 1]}


def limit_memory(trial: Trial) -> None:
    """Too little memory for DuckDB, and for the whole process."""
    bench = trial.bench
    bench.show(variant := trial.other())
    limited = bench.project.bokslut("build", "--quiet", "--memory-limit", "8MB")
    problems = _refused(limited, (1, 2), "Out of Memory") + bench.settle(variant)
    ended = []
    for mebibytes in ADDRESS_SPACES:
        command = f'ulimit -v {mebibytes * 1024}; exec "$0" -m bokslut build --quiet'
        running = Running(bench.project, "sh", "-c", command, sys.executable)
        try:
            code = f"exit code {running.result(PATIENCE).returncode}"
        except subprocess.TimeoutExpired:
            # dbt waits for ever for a thread that had no memory; it is stopped as an operator would
            running.kill()
            code = f"stopped after {PATIENCE} s"
        ended.append(f"{mebibytes} MB {code}")
        problems += [f"{mebibytes} MB of address space were enough"] if code == "exit code 0" else []
        problems += bench.settle(variant)
    problems += _next_succeeds(bench, variant)
    evidence = f"8 MB of DuckDB: exit code {limited.returncode}; address space of {', '.join(ended)};"
    trial.judge(52, problems, f"{evidence} the next one succeeds")


# 16, 47, 48, 54, 55, 56


def change_inputs(trial: Trial) -> None:
    """Change a list while dbt reads its copy, and the copy itself by a hook; a second builder is told meanwhile."""
    bench = trial.bench
    bench.show(variant := trial.other())
    running = bench.start("build")
    running.wait_for("Found ")
    second = bench.project.bokslut("build")
    told = f"another build is at work (process {running.process.pid})"
    trial.judge(54, _refused(second, (3,), told), f"exit code {second.returncode}: {second.output.strip()}")
    boards = bench.project.seed("boards")
    kept = boards.read_bytes()
    boards.write_bytes(kept + b"1882,NY,Ny styrelse,1\n")
    result = running.result()
    problems = _refused(result, (1,), "boards.csv", "it was changed while it was built")
    boards.write_bytes(kept)
    problems += bench.settle(variant)
    model = "models/marts/board/dim_board.sql"
    for target in ("boards.csv", "planted.csv"):
        hook = f"copy (select 1 as a) to 'releases/.building/inputs/seeds/board/{target}'"
        with changed_file(bench, model, lambda text, hook=hook: f'{{{{ config(pre_hook="{hook}") }}}}\n{text}'):  # type: ignore[misc]
            result = bench.project.bokslut("build", "--quiet")
        problems += _refused(result, (1,)) + bench.settle(variant)
        is_told = "while dbt ran" in result.output or "Permission denied" in result.output
        problems += [] if is_told else [f"a hook that writes {target} is not told of: {result}"]
    trial.judge(16, problems + _next_succeeds(bench, variant), "the list, its copy, and a new file: each exit code 1")


def fail_tests(trial: Trial) -> None:
    """A control total that is off by a krona, and a model that fails."""
    bench = trial.bench
    bench.show(variant := trial.other())
    row = {"scenario": "actual", "activity_code": "45", "entry_class": "net"}
    path = bench.project.seed("operating_entries")
    kept = path.read_bytes()
    bench.project.set_cell("operating_entries", row, "amount", "-82802.001")
    result = bench.project.bokslut("build", "--quiet")
    path.write_bytes(kept)
    problems = _refused(result, (1,), "BROKEN fct_activity_variance__control_totals") + bench.settle(variant)
    trial.judge(47, problems + _next_succeeds(bench, variant), "exit code 1, with the test; the next one succeeds")
    model = "models/marts/operating/fct_activity_variance.sql"
    with changed_file(bench, model, lambda text: text + "where error('midway') is null\n"):
        result = bench.project.bokslut("build", "--quiet")
    problems = _refused(result, (1,), "model fct_activity_variance: error") + bench.settle(variant)
    trial.judge(48, problems + _next_succeeds(bench, variant), "exit code 1, with the model; the next one succeeds")


def select_less(trial: Trial) -> None:
    """A build that is not whole, by a selector, the environment, a deleted test or a removed claim."""
    bench = trial.bench
    variant = trial.other()
    problems, told = [], []
    for name, definition in (("nothing", "tag:no-such-tag"), ("one model", "dim_board")):
        text = f"selectors:\n  - name: less\n    default: true\n    definition: {json.dumps(definition)}\n"
        with changed_file(bench, "selectors.yml", lambda _, text=text: text):  # type: ignore[misc]
            result = bench.project.bokslut("build", "--quiet")
        problems += [f"a selector of {name}: {each}" for each in _refused(result, (1, 2)) + bench.settle(variant)]
        told.append(result.returncode)
    test = "tests/assert_every_printed_figure_agrees_or_is_declared.sql"
    with changed_file(bench, test, lambda _: None):
        result = bench.project.bokslut("build", "--quiet")
    problems += _refused(result, (1,), "data_tests were built or passed, not") + bench.settle(variant)
    told.append(result.returncode)
    claims = "models/marts/operating/_operating__models.yml"
    with changed_file(bench, claims, lambda text: re.sub(r"\n +variance_is_actual_minus_budget: .*", "", text)):
        result = bench.project.bokslut("build", "--quiet")
    problems += _refused(result, (1,), "claims were built or passed, not") + bench.settle(variant)
    told.append(result.returncode)
    before = bench.places.current_number() or 0
    counts = read_manifest(manifest_path(bench.places, before)).counts
    environment = {"DBT_EXCLUDE_RESOURCE_TYPES": "test", "DBT_EXCLUDE_RESOURCE_TYPE": "test", "DBT_SELECT": "dim_board"}
    bench.show(variant)
    result = bench.project.bokslut("build", "--quiet", env=environment)
    # dbt's settings in the environment are of no effect: what is published was tested as a whole
    after = bench.places.current_number() or 0
    if read_manifest(manifest_path(bench.places, after)).counts != counts:
        problems.append(f"published with the tests left out: {result}")
    problems += bench.settle(variant, every=True)
    whole = f"ignored, all {counts['data_tests']} tests ran" if after != before else "not published"
    trial.judge(55, problems, f"selectors, a deleted test, a removed claim: exit codes {told}; environment: {whole}")


def flip_bytes(trial: Trial) -> None:
    """One byte of each kind of file, and a manifest that is rewritten with its checksum and the history."""
    bench = trial.bench
    problems = bench.publish(trial.other()) + bench.publish(trial.other())
    flipped, faults = flips(bench)
    problems += faults
    problems += rewritten(bench)
    result = bench.verified()
    problems += [] if result.returncode == 0 else [f"after all was put back: {result}"]
    trial.judge(56, problems, f"{len(flipped)} flipped bytes ({', '.join(flipped)}) and 2 rewritten manifests are told")


def flips(bench: Bench) -> tuple[list[str], list[str]]:
    """Flip a byte in the middle of one file of each kind, see that verify tells, and put it back."""
    # not of the current one: the readers are to see nothing but what was published
    number = next(number for number in reversed(bench.places.numbers()) if number != bench.places.current_number())
    folder = bench.places.release(number)
    files = [folder / "warehouse.duckdb", folder / "manifest.json", folder / "manifest.json.sha256"]
    files += [next((folder / "marts").glob("*.parquet")), next((folder / "inputs/seeds").rglob("*.csv"))]
    files += [folder / "inputs/data/imports/empty.csv", folder / "dbt/manifest.json", folder / "dbt/run_results.json"]
    problems = []
    for path in files:
        with other_bytes(path, _flipped(path.read_bytes())):
            result = bench.verified()
        named = path.relative_to(folder).as_posix().removesuffix(".sha256")
        if result.returncode != 1 or f"releases/{number}/{named}" not in result.output:
            problems.append(f"a flipped byte in {path.name}: {result}")
    return [path.name for path in files], problems


def rewritten(bench: Bench) -> list[str]:
    """Rewrite the manifest of the release before the newest, its checksum, and in the second case the history too."""
    number = bench.places.numbers()[-2]
    folder, problems = bench.places.release(number), []
    content = (folder / "manifest.json").read_bytes()
    forged = re.sub(rb'"built_at": "20', b'"built_at": "19', content)
    checksum = f"{sha256(forged).hexdigest()}  manifest.json\n".encode()
    log = bench.places.log.read_bytes()
    for history in (log, log.replace(sha256(content).hexdigest().encode(), sha256(forged).hexdigest().encode())):
        with ExitStack() as stack:
            stack.enter_context(other_bytes(folder / "manifest.json", forged))
            stack.enter_context(other_bytes(folder / "manifest.json.sha256", checksum))
            stack.enter_context(other_bytes(bench.places.log, history))
            result = bench.verified()
        if result.returncode != 1 or "was built on" not in result.output:
            problems.append(f"a rewritten manifest: {result}")
    return problems


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@contextmanager
def other_bytes(path: Path, content: bytes) -> Iterator[None]:
    """A file of a release has other bytes for a while."""
    kept, mode = path.read_bytes(), path.stat().st_mode
    path.chmod(0o644)
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(kept)
        path.chmod(mode)


@contextmanager
def changed_file(bench: Bench, relative: str, change: Callable[[str], str | None]) -> Iterator[None]:
    """A file of the copy is changed, made or (None) removed for a while."""
    path = bench.project.path / relative
    kept = path.read_text(encoding="utf-8") if path.exists() else None
    text = change(kept or "")
    if text == kept:
        raise ValueError(f"{relative} was not changed")
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        if kept is not None:
            path.write_text(kept, encoding="utf-8")


def _refused(result: Result, codes: tuple[int, ...], *told: str) -> list[str]:
    is_told = result.returncode in codes and all(text in result.output for text in told)
    # dbt may show one of its own; ours come last
    is_ours = 'bokslut/__main__.py", line' in result.output
    return [] if is_told and not is_ours else [f"expected {codes} and {told}: {result}"]


def _next_succeeds(bench: Bench, variant: str) -> list[str]:
    return bench.publish(variant, keep=2)


# 53, and all readers


def move_often(trial: Trial) -> None:
    """Move the link between two releases many times, while the readers read."""
    first, second = trial.bench.places.numbers()[-2:]
    for at in range(400):
        move(trial.bench.places, (first, second)[at % 2], ROLLED_BACK, "2026-01-01T00:00:00+00:00")
        time.sleep(0.02)


@contextmanager
def open_throughout(trial: Trial) -> Iterator[None]:
    """A connection that is opened now and must answer the same at the end; another one is among the readers."""
    marts = ("dim_activity", "fct_activity_variance", "fct_figure")
    sql = " union all ".join(f"select '{mart}', sum(hash(m)) from marts.{mart} as m" for mart in marts)
    first = trial.bench.places.current_number()
    with connect(releases=trial.bench.places.root) as connection:
        before = connection.execute(sql).fetchall()
        yield
        after = connection.execute(sql).fetchall()
    number = trial.bench.places.current_number()
    problems = [] if before == after and number != first else ["an open reader did not read the same throughout"]
    trial.judge(53, problems, f"opened on release {first}, the same answers when {number} was current; by the link too")


# elsewhere


def run_tests(trial: Trial, number: int) -> None:
    """Run the tests that cover a case."""
    paths = [each for each in ELSEWHERE[number] if each.endswith(".py")]
    missing = [each for each in paths if not (REPOSITORY / each).is_file()]
    if missing:
        trial.verdicts.append(Verdict(number, None, f"not tried: there is no {missing[0]}"))
        return
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *ELSEWHERE[number]]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False)
    last = (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1].strip("= ")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    names = ", ".join(Path(path).name for path in paths)
    trial.judge(number, [] if done.returncode == 0 else [*failed, last], f"{names}: {last}")


def run_imports(trial: Trial) -> None:
    """Run the cases of what comes in."""
    program = REPOSITORY / "tests/python/bad_input.py"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(program.parent)])}
    done = subprocess.run(
        [sys.executable, program], env=environment, cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False
    )
    for line in done.stdout.splitlines():
        found = re.match(r" *(\d+) (survived|NOT SURVIVED) +(.*)", line)
        if found:
            trial.verdicts.append(Verdict(int(found[1]), found[2] == "survived", f"{found[3]} variants"))
    trial.say(done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip())


CASES: dict[tuple[int, ...], Callable[[Trial], None]] = {
    (49,): kill_builds,
    (50,): kill_publishing,
    (16, 54): change_inputs,
    (47, 48): fail_tests,
    (52,): limit_memory,
    (55,): select_less,
    (56,): flip_bytes,
}


def run_all(trial: Trial, only: set[int]) -> list[Tally]:
    """All cases, or those with the numbers; gives what the readers saw."""
    bench = trial.bench
    trial.say("the first release, by dbt")
    started = time.monotonic()
    first = bench.build("A", real=True)
    trial.built = time.monotonic() - started
    problems = bench.settle("A")
    with open_throughout(trial), Readers(bench.places.root) as readers:
        trial.say(f"the second, with other inputs; the first took {trial.built:.0f} s")
        started = time.monotonic()
        second = bench.build("B", real=True)
        trial.built = max(trial.built, time.monotonic() - started)
        problems += bench.settle("B")
        if problems or first.ended or second.ended:
            raise RuntimeError(f"the project as it is does not build: {problems} {first.error} {second.error}")
        for numbers, case in CASES.items():
            if not only or only & set(numbers):
                trial.say(f"case {' and '.join(map(str, numbers))}: {case.__doc__}")
                _tried(trial, numbers, case)
        trial.say("the link moves 400 times")
        move_often(trial)
    for tally in readers.tallies:
        if not tally.reads or (tally.kind == "open" and tally.failed):
            trial.judge(53, [f"reader {tally.kind}: {tally.reads} reads {tally.told}"], "")
    if not only or 51 in only:
        _tried(trial, (51,), fill_disk)
    for number in ELSEWHERE:
        if not only or number in only:
            trial.say(f"case {number}: {' '.join(ELSEWHERE[number])}")
            run_tests(trial, number)
    return readers.tallies


def _tried(trial: Trial, numbers: tuple[int, ...], case: Callable[[Trial], None]) -> None:
    """Let a case run; what it raises is a case that is not survived."""
    try:
        case(trial)
    except Exception as error:  # the other cases are to be tried too
        judged = {verdict.number for verdict in trial.verdicts}
        for number in numbers:
            if number not in judged:
                trial.judge(number, [f"{type(error).__name__}: {error}"], "")


def survived(verdicts: list[Verdict]) -> set[int]:
    """The numbers of the cases that are survived in all that was tried of them; 16 is tried in two places."""
    return {verdict.number for verdict in verdicts} - {each.number for each in verdicts if each.survived is not True}


def table(trial: Trial, tallies: list[Tally]) -> tuple[str, bool]:
    """What is printed at the end, and whether all is well."""
    bench = trial.bench
    failed = [line for tally in tallies for line in tally.told]
    counts = {
        "reads": sum(tally.reads for tally in tallies) + bench.reads,
        "failed reads": sum(tally.failed for tally in tallies),
        "mixed reads": sum(tally.mixed for tally in tallies),
        "unreadable files": len(bench.unreadable),
        "lost releases": len(bench.lost),
    }
    lines = [f"{name:<17} {count:>7}" for name, count in counts.items()]
    lines += [f"  by {tally.kind:<12} {tally.reads:>7} reads" for tally in tallies]
    lines += [f"  {line}" for line in [*failed, *sorted(bench.unreadable)][:20]]
    verdicts = sorted(trial.verdicts, key=lambda verdict: verdict.number)
    for verdict in verdicts:
        word = {True: "survived", False: "NOT SURVIVED", None: "NOT TRIED"}[verdict.survived]
        lines.append(f"{verdict.number:>3} {word:<13} {verdict.evidence}")
    lines.append(f"survived {len(survived(verdicts))} of 60")
    is_well = all(verdict.survived is not False for verdict in verdicts)
    return "\n".join(lines), is_well and not any(list(counts.values())[1:]) and counts["reads"] > 0


@contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """A disk of its own at a folder; gives why there is none, or an empty text."""
    folder.mkdir(parents=True)
    mount, unmount = (shutil.which(name, path=os.defpath + ":/sbin:/usr/sbin") for name in ("mount", "umount"))
    if mount is None or unmount is None:
        yield "there is no program that mounts"
        return
    command: list[str | Path] = [mount, "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    try:
        yield "" if done.returncode == 0 else f"a small disk cannot be mounted here ({done.stderr.strip()})"
    finally:
        if done.returncode == 0:
            subprocess.run([unmount, "--lazy", folder], check=False)


def drop_rights() -> None:
    """Begin anew without root's right to write what is read-only, since a user has none; mounting stays."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or DROPPED in os.environ or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.environ[DROPPED] = "1"
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - this very program


def main() -> int:
    """Try all cases in a temporary folder, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=250, help="so many in sealing and publishing")
    parser.add_argument("--seed", type=int, default=60, help="of the random moments")
    parser.add_argument("--only", type=int, nargs="*", default=[], help="only the cases with these numbers")
    parser.add_argument("--without-imports", action="store_true", help="leave out the cases of bad_input.py")
    options = parser.parse_args()
    drop_rights()
    folder = Path(tempfile.mkdtemp(prefix="bokslut-faults-"))
    try:
        project, full = (Workshop(folder / name).copied() for name in ("usual", "full"))
        with small_disk(full.path / "releases") as why, Bench(project, folder / "runs") as bench:
            rng = random.Random(options.seed)  # noqa: S311 - the same moments each time
            trial = Trial(bench, options.kills, rng, None if why else full.path, why)
            tallies = run_all(trial, set(options.only))
            if not options.only and not options.without_imports:
                run_imports(trial)
            text, is_well = table(trial, tallies)
            trial.say("done")
    finally:
        for path in (path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()):
            path.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
