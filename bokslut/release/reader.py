"""For readers in Python: a connection to the current release that stays on it and reaches nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from bokslut.release.places import DATABASE, Places, existing

PROJECT = Path(__file__).resolve().parents[2]
# between looking where the link leads and opening it, a release can be removed
TRIES = 3


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
