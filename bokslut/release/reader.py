"""What readers read: the release that is current, or the workbench; and for Python a connection that stays on one.

A command that reads takes the release by its number, so that one that is published meanwhile does not mix with it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import duckdb

from bokslut.release.places import DATABASE, DBT, INPUTS, Places, ReleaseError, existing
from bokslut.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
# between looking where the link leads and opening it, a release can be removed
TRIES = 3


def choose_database(environment: Mapping[str, str], given: Path | None) -> Path:
    """The database to read: the one given, else BOKSLUT_DATABASE, else the current release, else the workbench.

    Raises ReleaseError where the link to the current release leads astray.
    """
    named = environment.get("BOKSLUT_DATABASE")
    if given is None and named and not Path(named).is_file():
        raise ReleaseError(f"BOKSLUT_DATABASE={named} is not there: unset it to read the current release")
    if given is not None or named:
        return given or Path(str(named))
    settings = Settings.from_environment(environment)
    places = Places(settings.releases)
    number = places.current_number()
    return settings.database if number is None else places.release(number) / DATABASE


def lineage_of(database: Path, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Dbt's manifest of a database, and the folder that its seeds lie in: a release has both, the workbench target/."""
    released = database.resolve().parent
    if (released / DBT / "manifest.json").is_file():
        return released / DBT / "manifest.json", released / INPUTS
    return Path(environment.get("DBT_TARGET_PATH", "target")) / "manifest.json", Path()


def connect(release: int | None = None, releases: Path | str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a release for reading: the current one, or the one with this number; what is open stays that release.

    releases: the folder; else BOKSLUT_RELEASES, or releases/ of this project. Read-only, without access to files,
    network or extensions, and locked so. Raises ReleaseError where there is no such release.
    """
    places = Places(Path(releases or os.environ.get("BOKSLUT_RELEASES") or PROJECT / "releases"))
    for _ in range(TRIES):
        database = places.release(existing(places, release)) / DATABASE
        try:
            return _open(database)
        except duckdb.IOException:
            if database.is_file():
                raise
    return _open(database)


def _open(database: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(database),
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "lock_configuration": "true",
        },
    )
