"""What a user reads of releases: texts of what was built, is current, was published, differs. Nothing is computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bokslut.inert import inert
from bokslut.release.building import Built
from bokslut.release.diff import Change, MartDiff
from bokslut.release.manifest import Manifest
from bokslut.release.places import DATABASE, Places
from bokslut.release.retention import Goes
from bokslut.release.verify import Verified

SHELL = ".venv/bin/duckdb -readonly"


def built(result: Built, places: Places) -> str:
    """What was built and published, what differs from the release before, and what to do next."""
    counts, database = result.manifest.counts, places.current / DATABASE
    lines = [
        f"Built:    {counts['seeds']} seeds, {counts['models']} models ({len(result.manifest.marts)} of them marts);"
        f" {counts['data_tests']} data tests with {counts['claims']} claims passed",
        f"Since:    {since(result.before, result.manifest)}",
        f"Released: {places.release(result.number)}, manifest {result.digest}",
        f"Database: {database} (what BI reads is in its schema marts)",
        f'Next:     {SHELL} {database} "from marts.fct_activity_variance", or make report, or make test',
    ]
    if result.removed:
        lines.insert(3, f"Removed:  releases {', '.join(map(str, result.removed))}; their manifests are kept")
    return "\n".join(lines)


def since(before: Manifest | None, now: Manifest) -> str:
    """Rows and sums of marts that differ from the release that readers had, a line each."""
    if before is None:
        return "this is the first release"
    lines = list(_differences(before, now))
    same = sum(1 for mart in now.marts if mart in before.marts)
    head = f"release {before.release}: " + (
        f"{same} marts are as before, but" if lines else f"all {same} marts are as before"
    )
    look = f"bokslut diff {before.release} {now.release} shows the rows"
    return "\n".join([head, *(f"          {line}" for line in [*lines, look] if lines)])


def _differences(before: Manifest, now: Manifest) -> Iterator[str]:
    old = {mart["name"]: mart for mart in before.marts}
    new = {mart["name"]: mart for mart in now.marts}
    for name in sorted(old.keys() | new.keys()):
        if name not in new or name not in old:
            yield f"{name}: {'is new' if name in new else 'is gone'}"
            continue
        if old[name]["sha256"] == new[name]["sha256"]:
            continue
        parts = []
        if old[name]["rows"] != new[name]["rows"]:
            parts.append(f"{old[name]['rows']} -> {new[name]['rows']} rows")
        for column, total in new[name]["sums"].items():
            was = old[name]["sums"].get(column)
            if was != total:
                parts.append(f"{column} {was or 'nothing'} -> {total or 'nothing'}")
        more = f", and {len(parts) - 3} sums more" if len(parts) > 3 else ""
        yield f"{name}: {', '.join(parts[:3]) or 'other values, the same sums'}{more}"


def status(
    current: Manifest | None,
    places: Places,
    *,
    is_building: bool,
    changed: Sequence[str],
    newest: int | None,
) -> str:
    """Which release readers have, of what, and whether the inputs have changed since."""
    lines = ["Building: a build is at work"] if is_building else []
    if current is None:
        return "\n".join([*lines, f"Current:  none - {places.root} holds no release yet, say bokslut build"])
    rows = sum(mart["rows"] for mart in current.marts)
    lines += [
        f"Current:  release {current.release} of {current.built_at}"
        + (f" (rolled back; the newest is {newest})" if newest not in (None, current.release) else ""),
        f"Holds:    {len(current.marts)} marts with {rows} rows, fiscal years {_years(current)}",
        f"Code:     {_code(current.git)}",
        f"Database: {places.current / DATABASE}",
    ]
    shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
    lines.append(f"Inputs:   {f'changed since: {shown} - say bokslut build' if changed else 'as they were released'}")
    return "\n".join(lines)


def history(rows: Sequence[Mapping[str, str]], places: Places, current: int | None) -> str:
    """What was published, rolled back and removed, oldest first."""
    if not rows:
        return f"{places.root} holds no release yet"
    there = set(places.numbers())
    lines = []
    for row in rows:
        number = int(row["release"])
        note = "current" if number == current else "" if number in there else "removed"
        lines.append(
            f"{row['at']}  {row['action']:<12} release {number:<5} {row['manifest_sha256'][:12]}  {note}".rstrip()
        )
    return "\n".join(lines)


def verified(results: Sequence[Verified], broken: Sequence[str]) -> str:
    """What was recomputed of each release, and of the chain."""
    lines = []
    for each in results:
        same, all_ = each.postings
        note = f"; {same} of {all_} files of postings are still in the data folder as they were" if all_ else ""
        state = f"{len(each.faults)} faults" if each.faults else f"{each.files} files are as they were released"
        lines.append(f"Release {each.number}: {state}{note}")
        lines += [f"  {fault}" for fault in each.faults]
        if each.digest:
            lines.append(f"  manifest {each.digest}")
    lines += [f"Chain: {fault}" for fault in broken] or ["Chain: each release names the one before, back to the first"]
    return "\n".join(lines)


def diffed(changes: Sequence[MartDiff], old: int, new: int, only: str | None) -> str:
    """Which rows of which marts differ, as a person reads them."""
    if not changes:
        return f"Releases {old} and {new} have the same rows in {only or 'all marts'}"
    lines = [f"From release {old} to {new}:"]
    for mart in changes:
        counts = f"{mart.added} added, {mart.removed} removed, {mart.changed} changed"
        lines.append(f"{mart.mart}: {mart.note or counts}")
        lines += [f"  {_changed(change)}" for change in mart.changes]
        hidden = mart.added + mart.removed + mart.changed - len(mart.changes)
        if hidden and not mart.note:
            lines.append(f"  and {hidden} more (--csv FILE writes them all)")
    return "\n".join(lines)


def diff_as_csv(changes: Sequence[MartDiff]) -> str:
    """One line a value that differs: mart, what, key, column, before, after."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("mart", "what", "key", "column", "before", "after"))
    for mart in changes:
        for change in mart.changes:
            key = "/".join(str(value) for _, value in change.key)
            before, after = dict(change.before), dict(change.after)
            for column in dict.fromkeys((*before, *after)):
                writer.writerow((mart.mart, change.what, key, column, _cell(before, column), _cell(after, column)))
    return target.getvalue()


def may_go(releases: Sequence[tuple[int, Goes]], received: Sequence[Goes], years: int) -> str:
    """What may be removed, and why."""
    if not releases and not received:
        return f"Nothing may go: all of it is of fiscal years that are kept ({years} years after their end)"
    lines = [f"No longer kept by law ({years} years after the end of the fiscal year):"]
    for goes in [*(each for _, each in releases), *received]:
        lines.append(f"  {goes.path}  fiscal year {goes.fiscal_year}, {goes.size / 1e6:.1f} MB")
    return "\n".join(lines)


def _changed(change: Change) -> str:
    key = "/".join(str(value) for _, value in change.key)
    if change.what != "changed":
        return f"{change.what} {key}"
    before = dict(change.before)
    cells = ", ".join(f"{name} {_shown(before[name])} -> {_shown(value)}" for name, value in change.after)
    return f"changed {key}: {cells}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _cell(side: Mapping[str, Any], column: str) -> str:
    """A value as text; a text that a spreadsheet would take for a formula gets an apostrophe, a number never."""
    value = side.get(column)
    return "" if value is None else str(inert(value))


def _years(manifest: Manifest) -> str:
    return ", ".join(map(str, manifest.fiscal_years)) or "none"


def _code(git: Mapping[str, Any] | None) -> str:
    if git is None:
        return "not from a repository"
    return f"commit {git['commit'][:12]}" + ("" if git["is_clean"] else ", with changes that were not committed")
