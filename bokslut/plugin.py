"""The dbt-duckdb plugin: inputs are checked before dbt reads them, and the connection is closed to everything else.

It is named in profiles.yml, so it is in effect for every dbt command that opens the database (build, seed, show,
run-operation, docs) and for the sqlfluff templater. What dbt reads before it connects is not seen here.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.environments import Environment
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from bokslut.intake.findings import told
from bokslut.intake.gate import check
from bokslut.intake.sql import quoted
from bokslut.release.places import Places
from bokslut.settings import COLLECT_AFTER, MEMORY, MEMORY_LIMIT, MOST_THREADS, Settings

# a database file takes its stem as catalog name; one that is also a schema makes every name ambiguous
SCHEMAS = ("seeds", "staging", "intermediate", "marts")
VARIABLES: frozenset[str] = frozenset()
SEEDING = ("build", "seed", "retry")


class Plugin(BasePlugin):
    """Guards one dbt run. Errors are DbtRuntimeError: dbt shows them without a traceback and exits 2."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is dbt-duckdb's
        """Refuse a database or inputs that must not be used, before anything is opened."""
        self.settings = Settings.from_environment(os.environ)
        self._refuse_database(self.settings.database)
        self._refuse_variables()
        self._refuse_inputs()
        gc.set_threshold(*COLLECT_AFTER)
        # a materialization can hand Python to the adapter, which runs it outside the closed connection
        Environment.run_python_job = _refuse_python

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Let SQL reach its inputs and the own database alone, and lock that (DuckDB: Securing DuckDB).

        The order matters: allowed_directories cannot be set once external access is off, and nothing once locked.
        """
        folders = [self.settings.data]
        # lists are read by the commands that load seeds alone; a folder that may be read may be written, too
        if getattr(get_flags(), "WHICH", None) in SEEDING:
            folders += [self.settings.reference, self.settings.board]
        allowed = ", ".join(quoted(str(folder.resolve())) for folder in folders)
        conn.execute(f"set allowed_directories = [{allowed}]")
        conn.execute(f"set memory_limit = {quoted(self._memory_limit())}")
        conn.execute(f"set threads = {min(os.cpu_count() or 1, MOST_THREADS)}")
        conn.execute("set autoinstall_known_extensions = false")
        conn.execute("set autoload_known_extensions = false")
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")
        places = Places(self.settings.releases)
        if self.settings.database == places.built:
            places.guarded.touch()

    def _memory_limit(self) -> str:
        limit = self.settings.memory_limit or MEMORY_LIMIT
        if not MEMORY.fullmatch(limit):
            raise DbtRuntimeError(f"BOKSLUT_MEMORY_LIMIT={limit}: say a number and a unit, as 500MB or 2GB")
        return limit

    def _refuse_database(self, database: Path) -> None:
        releases = self.settings.releases
        if _is_below(database, releases) and not _is_below(database, Places(releases).building):
            raise DbtRuntimeError(
                f"BOKSLUT_DATABASE={database} lies under {releases}/, where readers read: build into another file"
            )
        if database.stem in SCHEMAS:
            raise DbtRuntimeError(
                f"BOKSLUT_DATABASE={database} is named like the schema {database.stem}, which makes names ambiguous:"
                " choose another name"
            )

    def _refuse_variables(self) -> None:
        """What is given by --vars reaches SQL unseen: only what stands here may be given, and nothing does."""
        unknown = sorted((getattr(get_flags(), "VARS", None) or {}).keys() - VARIABLES)
        if unknown:
            raise DbtRuntimeError(f"--vars {unknown[0]}: no variable is known here, settings are in the README")

    def _refuse_inputs(self) -> None:
        findings = check(self.settings)
        if findings:
            raise DbtRuntimeError(f"the inputs are refused ({len(findings)}), nothing was built:\n{told(findings)}")


def _refuse_python(*_: Any, **__: Any) -> None:
    raise DbtRuntimeError("code in Python reaches everything on this machine: write it in SQL")


def _is_below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
