"""Build a release from beginning to end: lock, clear up, gate, copy, dbt, audit, seal, publish. Readers see the last.

Whatever fails before the symlink is moved leaves the last release as it is, and nothing else behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bokslut import telling
from bokslut.intake import gate, recheck, store
from bokslut.intake.findings import Finding, RefusedError
from bokslut.lock import held
from bokslut.release import audit, inputs, publish, retention, seal
from bokslut.release.dbt_run import How, Run, run_dbt
from bokslut.release.manifest import (
    FORMAT,
    Manifest,
    git_state,
    manifest_path,
    previous_of,
    read_manifest,
    tools,
    write_manifest,
)
from bokslut.release.places import INPUTS, Places, ReleaseError
from bokslut.settings import MEMORY_LIMIT, Settings

# beside copies and twice the last release: dbt's own files, and what DuckDB holds back
PROJECT = Path("dbt_project.yml")
SPARE = 200 * 2**20
# of DuckDB, where the usual limit was too little
MUCH_MEMORY = "1GB"
# signs that patterns, templates or SQL take for their own
STRANGE = "'\"{}*?[]%\\"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What a user asked for. keep: how many old releases are left, None for all. years: how long the law keeps them."""

    settings: Settings
    how: How = field(default_factory=How)
    keep: int | None = None
    years: int = retention.YEARS


@dataclass(frozen=True)
class Built:
    """What was published. before: the manifest of the release that readers had until now."""

    number: int
    manifest: Manifest
    digest: str
    before: Manifest | None
    removed: tuple[int, ...]


class BuildError(Exception):
    """A build was not published. findings: why. code: the exit code that dbt gave, or 1."""

    def __init__(self, findings: list[Finding], code: int) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = tuple(findings)
        self.code = code


def build(request: Request, now: str, say: Say) -> Built:
    """Build, audit and publish one release. now: UTC, ISO 8601. say: told of each step.

    Raises BusyError, RefusedError (inputs), BuildError (dbt or audit), ReleaseError and OSError.
    """
    settings, places = request.settings, Places(request.settings.releases)
    _refuse_place(places, settings)
    with held(places.lock, "another build") as lock:
        for line in publish.recover(places):
            say(line)
        store.prepare(settings.data)
        refused = gate.check(settings)
        if refused:
            raise RefusedError(refused)
        _check_space(places, settings)
        # a folder that is no release is told before the work, not after it
        previous_of(places)
        try:
            built = _build(request, places, lock, now, say)
        except BaseException:
            # what was made aside is worth nothing; the release before stands as it was
            publish.clear(places)
            raise
        # it is published, whatever comes: what cannot be cleared up or removed now, a later build does
        removed: list[int] = []
        try:
            publish.clear(places)
            surplus = [] if request.keep is None else retention.surplus(places, request.keep, request.years, now)
            for number in surplus:
                publish.remove_release(places, number, now)
                removed.append(number)
        except (OSError, ReleaseError) as error:
            say(f"published, but what is old could not all be removed: {error}")
    return Built(built.number, built.manifest, built.digest, built.before, tuple(removed))


def _build(request: Request, places: Places, lock: int, now: str, say: Say) -> Built:
    settings = request.settings
    # what is made there is for nobody else: lists and postings hold what marts do not show
    places.building.mkdir(mode=0o700)
    current = places.current_number()
    before = None if current is None else read_manifest(manifest_path(places, current))
    with held(settings.data / store.LOCK, "an import", shared=True):
        copied = inputs.copy_inputs(settings, places)
    say(f"copied {len(copied.inputs)} inputs, {copied.size / 1e6:.1f} MB")
    run = _run(request.how, copied.settings, places, lock)
    say("audit")
    totals = _audit(run, copied, settings, places, before)
    say("seal")
    number = places.next_number()
    marts = seal.seal(places, run.manifest["nodes"])
    kept = inputs.keep_seeds(copied, places.sealed / INPUTS)
    sealed = Manifest(
        format=FORMAT,
        release=number,
        built_at=now,
        previous=previous_of(places),
        git=git_state(),
        tools=tools(),
        counts=audit.counted(run),
        fiscal_years=sorted({int(row["fiscal_year"]) for row in totals}),
        folders={"reference": str(settings.reference), "board": str(settings.board), "data": str(settings.data)},
        control_totals=[_plain(row) for row in totals],
        marts=marts,
        inputs=[
            {"folder": each.folder, "path": each.path, "bytes": each.size, "sha256": each.sha256}
            | {"kept": kept.get(each.copy)}
            for each in copied.inputs
        ],
        outputs=seal.outputs(places.sealed),
    )
    digest = write_manifest(sealed, places.sealed)
    seal.close(places.sealed)
    publish.publish(places, number, now)
    return Built(number, sealed, digest, before, ())


def _run(how: How, settings: Settings, places: Places, lock: int) -> Run:
    """Run dbt; once more with much memory where the usual one was too little and the user set none."""
    run = run_dbt(settings, places, how, lock)
    if how.memory_limit or not audit.is_short_of_memory(run):
        return run
    # said whether quiet or not: the errors of the first try stand above
    telling.say(f"bokslut: {MEMORY_LIMIT} were too little for DuckDB, once more with {MUCH_MEMORY} (--memory-limit)")
    for path in (places.built, places.built.with_name(f"{places.built.name}.wal")):
        path.unlink(missing_ok=True)
    places.guarded.unlink(missing_ok=True)
    return run_dbt(settings, places, replace(how, memory_limit=MUCH_MEMORY), lock)


def _audit(
    run: Run, copied: inputs.Copied, settings: Settings, places: Places, before: Manifest | None
) -> list[dict[str, Any]]:
    """Hold the build to what is expected; gives its control totals. Raises BuildError."""
    expected = audit.read_expected()
    findings = list(audit.audit_run(run, expected))
    findings += inputs.changed(copied, settings, places)
    if run.returncode != 0:
        # what dbt's reference tests found, in the words of the lists, and where the mistake may lie
        findings += recheck.check_codes(settings)
        findings += inputs.changed_since(copied, before)
        raise BuildError(findings, audit.exit_code(run))
    with seal.audited(places) as connection:
        findings += audit.audit_marts(connection, expected, audit.input_rows(copied))
        findings += audit.audit_totals(connection)
        findings += audit.audit_texts(connection)
        totals = audit.control_totals(connection)
    if findings:
        raise BuildError(findings, 1)
    return totals


def _refuse_place(places: Places, settings: Settings) -> None:
    """Releases lie inside the project: dbt takes its seeds from nowhere else, and the copy lies beside them."""
    root = places.root
    if not PROJECT.is_file():
        raise ReleaseError(f"{Path.cwd()} has no {PROJECT}: run it in the project's folder")
    inside = root.resolve() != Path.cwd() and root.resolve().is_relative_to(Path.cwd())
    if root.is_absolute() or ".." in root.parts or not inside:
        raise ReleaseError(f"BOKSLUT_RELEASES={root} must be a path inside the project, relative to its root")
    for folder in (settings.reference, settings.board, settings.data):
        if root.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(root.resolve()):
            raise ReleaseError(f"BOKSLUT_RELEASES={root} and the input folder {folder} must lie apart")
    strange = [sign for sign in str(root) if sign in STRANGE]
    if strange:
        raise ReleaseError(f"BOKSLUT_RELEASES={root}: {strange[0]} in a name is read otherwise by dbt or DuckDB")


def _check_space(places: Places, settings: Settings) -> None:
    """Raises OSError where the disk has less room than a build may need."""
    last = places.current_number()
    size = 0 if last is None else sum(path.stat().st_size for path in places.release(last).rglob("*") if path.is_file())
    needed = inputs.size_of(settings) + 2 * size + SPARE
    free = shutil.disk_usage(places.root).free
    if free < needed:
        raise OSError(
            f"{places.root}: {free / 2**20:.0f} MiB are free where a build may need {needed / 2**20:.0f}:"
            " make room (bokslut forget lists what may go), nothing was built"
        )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON has it: amounts as texts, to the öre."""
    return {
        name: value if value is None or isinstance(value, bool | int | str) else f"{value}"
        for name, value in row.items()
    }
