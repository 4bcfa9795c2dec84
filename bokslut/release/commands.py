"""The commands on releases: arguments, the clock and exit codes. What is done stands in the other modules here."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bokslut.lock import held, is_held
from bokslut.release.places import DATABASE, Places, ReleaseError, existing
from bokslut.settings import MEMORY, Settings
from bokslut.telling import UsageError, say, told

Number = Annotated[int, typer.Argument(help="Number of a release", show_default=False)]
Years = Annotated[
    int | None,
    typer.Option("--years", min=7, help="Years that are kept after the end of a fiscal year; else BOKSLUT_YEARS, or 7"),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (build, status, history, verify, rollback, keep, diff, forget):
        app.command()(command)


def build(
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Threads of dbt; else 2")] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option("--memory-limit", help="Memory that DuckDB may use, as 500MB; else 100MB, and 1GB if that fails"),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=0, help="Leave so many old releases, and the last of each year that the law keeps"),
    ] = None,
    years: Years = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show errors and the result alone")] = False,
) -> None:
    """Check the inputs, build aside, audit, and publish as a release that readers see in one step.

    Exit code 0: published. 1: refused inputs, a failed test or the audit. 2: dbt's own error, or no room. 3: another
    build is at work. In all but 0 the last release stands as it was.
    """
    from bokslut.release import show
    from bokslut.release.building import Request
    from bokslut.release.building import build as build_release
    from bokslut.release.dbt_run import How

    with told():
        settings = Settings.from_environment(os.environ)
        if memory_limit and not MEMORY.fullmatch(memory_limit):
            raise UsageError(f"--memory-limit {memory_limit}: say a number and a unit, as 500MB or 2GB")
        request = Request(settings, How(threads, memory_limit, quiet), keep, _years(years))
        result = build_release(request, _now(), (lambda _: None) if quiet else lambda text: say(f"bokslut: {text}"))
    try:
        _print(show.built(result, Places(settings.releases)))
    except OSError as error:
        say(f"bokslut: release {result.number} is published, but what it holds could not be written here: {error}")


def status() -> None:
    """Say which release readers have, and whether the inputs have changed since.

    Exit code 0: said. 2: releases that cannot be read.
    """
    from bokslut.intake.store import sha256
    from bokslut.release import show
    from bokslut.release.inputs import sources
    from bokslut.release.manifest import manifest_path, read_manifest

    with told():
        settings, places = Settings.from_environment(os.environ), _places()
        number = places.current_number()
        current = None if number is None else read_manifest(manifest_path(places, number))
        changed = []
        if current is not None:
            released = {(each["folder"], each["path"]): each["sha256"] for each in current.inputs}
            there = {(folder, path): sha256(source) for folder, path, source in sources(settings)}
            changed = sorted(
                path
                for folder, path in released.keys() | there.keys()
                if released.get((folder, path)) != there.get((folder, path))
            )
        text = show.status(
            current,
            places,
            is_building=is_held(places.lock),
            changed=changed,
            newest=max(places.numbers(), default=None),
        )
    _print(text)


def history() -> None:
    """List what was published, rolled back and removed, oldest first.

    Exit code 0: listed. 2: releases that cannot be read.
    """
    from bokslut.release import show
    from bokslut.release.publish import read_log

    with told():
        places = _places()
        text = show.history(read_log(places), places, places.current_number())
    _print(text)


def verify(
    number: Annotated[int | None, typer.Argument(help="Only this release; else all", show_default=False)] = None,
    expect: Annotated[
        str | None, typer.Option("--expect", help="What the manifest's SHA-256 was when it was written down")
    ] = None,
) -> None:
    """Recompute the hash of every released file, and hold each manifest to the next one.

    Exit code 0: all is as it was released. 1: something is not, with what and where. 2: no such release.
    """
    from bokslut.progress import shown
    from bokslut.release import show
    from bokslut.release.verify import chain
    from bokslut.release.verify import verify as verify_release

    with told():
        places = _places()
        written = None if expect is None else _digest(expect)
        if number is not None and number in places.gone() and number not in places.numbers():
            _verify_removed(places, number, written)
        numbers = [existing(places, number)] if number is not None else places.numbers()
        if not numbers:
            raise ReleaseError(f"{places.root} holds no release yet: say bokslut build")
        if expect is not None and number is None:
            raise UsageError("--expect is of one release: say bokslut verify N --expect SHA256")
        results = []
        with shown("verify") as step:
            for each in numbers:
                step(f"release {each}")
                results.append(verify_release(places, each))
        broken = chain(places)
        if written is not None and results[0].digest != written:
            broken.insert(0, f"release {number} has another manifest than the one that was written down, {written}")
    _print(show.verified(results, broken))
    if written is not None and not broken:
        _print("Written down: it is the manifest that you named")
    raise typer.Exit(1 if broken or any(each.faults for each in results) else 0)


def rollback(number: Number) -> None:
    """Let readers have an earlier release again, or a later one; it is verified first.

    Exit code 0: it is current now. 1: it is not as it was released, and nothing was done. 2: no such release. 3: a
    build is at work.
    """
    from bokslut.release import publish, show
    from bokslut.release.verify import verify as verify_release

    with told():
        places = _places()
        existing(places, number)
        with held(places.lock, "a build"):
            publish.recover(places)
            result = verify_release(places, existing(places, number))
            if result.faults:
                _print(show.verified([result], []))
                _print(f"Nothing was done: readers have release {places.current_number()}, as before")
                raise typer.Exit(1)
            publish.move(places, number, publish.ROLLED_BACK, _now())
    _print(f"Current: release {number}; readers see it when they open {places.current / DATABASE} again")
    _print("The next build is published over it: stop the nightly one until what was wrong is mended")


def keep(number: Number) -> None:
    """Keep a release as long as the law asks, whatever `build --keep` removes: one whose hash is in the minutes.

    Exit code 0: it is kept. 2: no such release. 3: a build is at work.
    """
    from bokslut.release import publish

    with told():
        places = _places()
        with held(places.lock, "a build"):
            publish.recover(places)
            publish.keep_release(places, existing(places, number), _now())
    _print(f"Kept: release {number}, until bokslut forget lists it")


def diff(
    old: Number,
    new: Number,
    mart: Annotated[str | None, typer.Option("--mart", help="Only this mart")] = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Show at most so many rows of each mart")] = 5,
    csv: Annotated[str | None, typer.Option("--csv", help="Write every changed value to a file, - for stdout")] = None,
) -> None:
    """Show which rows of which marts were added, removed or changed between two releases, by their key.

    Exit code 0: shown. 2: no such release or mart.
    """
    import sys

    from bokslut.release import show
    from bokslut.release.diff import diff as diff_releases

    with told():
        places = _places()
        old_file, new_file = (places.release(existing(places, each)) / DATABASE for each in (old, new))
        changes = diff_releases(old_file, new_file, mart, None if csv else rows)
        if csv == "-":
            sys.stdout.write(show.diff_as_csv(changes))
        elif csv is not None:
            Path(csv).write_text(show.diff_as_csv(changes), encoding="utf-8", newline="\n")
    if csv is None:
        _print(show.diffed(changes, old, new, mart and mart.removeprefix("marts.")))


def forget(
    years: Years = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove what is listed; without it, it is only listed")] = False,
) -> None:
    """List what the law no longer keeps - received files and old releases - and remove it with --yes.

    Exit code 0: listed, or removed. 2: wrong use. 3: a build or an import is at work.
    """
    from bokslut.intake import store
    from bokslut.release import publish, retention, show

    with told():
        settings = Settings.from_environment(os.environ)
        places, kept, now = _places(), _years(years), _now()
        releases = retention.releases_that_may_go(places, kept, now)
        received = retention.received_that_may_go(settings.data, kept, now)
        _print(show.may_go(releases, received, kept))
        if not (releases or received):
            return
        if not yes:
            _print("Nothing was removed: say bokslut forget --yes")
            return
        with held(places.lock, "a build"), store.locked(settings.data):
            publish.recover(places)
            # what was listed, and may still go
            still = retention.releases_that_may_go(places, kept, now)
            releases = [each for each in releases if each in still]
            received = [each for each in received if each in retention.received_that_may_go(settings.data, kept, now)]
            for number, _ in releases:
                publish.remove_release(places, number, now)
            for goes in received:
                store.forget_received(settings.data, goes.path, now)
        _print(f"Removed: {len(releases)} releases (their manifests are kept) and {len(received)} received files")


def _places() -> Places:
    places = Places(Settings.from_environment(os.environ).releases)
    if not places.root.is_dir() and not Path("dbt_project.yml").is_file():
        raise UsageError(f"{Path.cwd()} has neither {places.root} nor dbt_project.yml: run it in the project's folder")
    return places


def _digest(expect: str) -> str:
    """A SHA-256 as it may stand on paper: in groups, in capitals, with its name before it."""
    digest = "".join(expect.lower().removeprefix("sha256:").split())
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise UsageError(f"--expect {expect}: a SHA-256 has 64 hexadecimal digits, all of which count")
    return digest


def _verify_removed(places: Places, number: int, written: str | None) -> None:
    """Say of a release that was removed what can still be said, and end."""
    from bokslut.intake.store import sha256
    from bokslut.release.manifest import manifest_path
    from bokslut.release.verify import chain

    digest = sha256(manifest_path(places, number))
    broken = chain(places)
    if written is not None and written != digest:
        broken.insert(0, f"its manifest is another one than was written down, {written}")
    _print(f"Release {number}: it was removed, its manifest is kept; its files can no longer be verified")
    _print(f"  manifest {digest}" + (", the one that was written down" if written == digest else ""))
    _print("\n".join(f"Chain: {fault}" for fault in broken) or "Chain: each release names the one before")
    raise typer.Exit(1 if broken else 0)


def _years(given: int | None) -> int:
    from bokslut.release.retention import YEARS

    named = os.environ.get("BOKSLUT_YEARS") or str(YEARS)
    if given is None and not (re.fullmatch("[0-9]{1,3}", named) and int(named) >= YEARS):
        raise UsageError(f"BOKSLUT_YEARS={named}: say a number of years, at least the {YEARS} of the law")
    return int(named) if given is None else given


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _print(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(Text(text))
