"""bokslut: an open dbt-style warehouse for Swedish municipal boards.

The package reads, shows and guards figures; it computes none. Figures are computed in SQL, in models/. Readers find one
function here, connect.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def connect(release: int | None = None, releases: Path | str | None = None) -> duckdb.DuckDBPyConnection:
    """Open the current release, or the one with this number, for reading alone; see bokslut.release.reader.connect."""
    from bokslut.release import reader

    return reader.connect(release, releases)
