"""Where inputs, the workbench and the releases lie: from the environment or by default.

Paths are as the user wrote them, relative to the project's root. Nothing is read or created here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# what DuckDB may hold in a build before it puts groups of postings on disk, where nobody says another limit
MEMORY_LIMIT = "100MB"
# how a limit is said
MEMORY = re.compile("[1-9][0-9]*(KB|MB|GB|KiB|MiB|GiB)")
# each thread of DuckDB holds memory, and a hundred million postings are some seconds' work of one
MOST_THREADS = 4
# of Python's garbage collector in a build: what dbt reads at its start stays to its end, and looking through it over
# and over took a tenth of the time
COLLECT_AFTER = (20_000, 50, 1_000)


@dataclass(frozen=True)
class Settings:
    """The folders and the file that one run works with.

    reference: seeds that hold for every municipality, with the declarations of all seeds. board: seeds of one's own.
    data: imported postings. database: the DuckDB file that plain dbt writes. releases: what `bokslut build` publishes.
    memory_limit: of DuckDB in a build, as 500MB; None for MEMORY_LIMIT.
    """

    reference: Path
    board: Path
    data: Path
    database: Path
    releases: Path = Path("releases")
    memory_limit: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read BOKSLUT_REFERENCE, _SEEDS, _DATA, _DATABASE, _RELEASES and _MEMORY_LIMIT; empty is as if not set."""
        return cls(
            reference=Path(environment.get("BOKSLUT_REFERENCE") or "seeds/reference"),
            board=Path(environment.get("BOKSLUT_SEEDS") or "seeds/board"),
            data=Path(environment.get("BOKSLUT_DATA") or "data"),
            database=Path(environment.get("BOKSLUT_DATABASE") or "warehouse.duckdb"),
            releases=Path(environment.get("BOKSLUT_RELEASES") or "releases"),
            memory_limit=environment.get("BOKSLUT_MEMORY_LIMIT") or None,
        )
