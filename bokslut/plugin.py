"""The dbt-duckdb plugin: inputs are checked before dbt reads them, and the connection is closed to everything else.

It is named in profiles.yml, so it is in effect for every dbt command that opens the database (build, seed, show,
run-operation, docs) and for the sqlfluff templater. What dbt reads before it connects is not seen here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from bokslut.intake.declarations import read_declarations
from bokslut.intake.headers import check_headers
from bokslut.settings import Settings

# a database file takes its stem as catalog name; one that is also a schema makes every name ambiguous
SCHEMAS = ("seeds", "staging", "intermediate", "marts")
SHOWN = 20


class Plugin(BasePlugin):
    """Guards one dbt run. Errors are DbtRuntimeError: dbt shows them without a traceback and exits 2."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is dbt-duckdb's
        """Refuse a database or inputs that must not be used, before anything is opened."""
        self.settings = Settings.from_environment(os.environ)
        self._refuse_database(self.settings.database)
        self._refuse_inputs()

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Let SQL reach the input folders and the own database alone, and lock that (DuckDB: Securing DuckDB).

        The order matters: allowed_directories cannot be set once external access is off, and nothing once locked.
        """
        folders = (self.settings.reference, self.settings.board, self.settings.data)
        allowed = ", ".join("'" + str(folder.resolve()).replace("'", "''") + "'" for folder in folders)
        conn.execute(f"set allowed_directories = [{allowed}]")
        conn.execute("set autoinstall_known_extensions = false")
        conn.execute("set autoload_known_extensions = false")
        conn.execute("set enable_external_access = false")
        conn.execute("set lock_configuration = true")

    def _refuse_database(self, database: Path) -> None:
        if _is_below(database, Path("releases")):
            raise DbtRuntimeError(
                f"BOKSLUT_DATABASE={database} lies under releases/, where readers read: build into another file"
            )
        if database.stem in SCHEMAS:
            raise DbtRuntimeError(
                f"BOKSLUT_DATABASE={database} is named like the schema {database.stem}, which makes names ambiguous:"
                " choose another name"
            )

    def _refuse_inputs(self) -> None:
        settings = self.settings
        for variable, folder in (("BOKSLUT_REFERENCE", settings.reference), ("BOKSLUT_SEEDS", settings.board)):
            if folder.is_absolute() or ".." in folder.parts or not _is_below(folder, Path()):
                raise DbtRuntimeError(f"{variable}={folder} must be a path inside the project, relative to its root")
            if not folder.is_dir():
                raise DbtRuntimeError(f"{variable}={folder} is not a folder")
        if not any((settings.data / "postings").rglob("*.parquet")):
            raise DbtRuntimeError(
                f"BOKSLUT_DATA={settings.data} holds no postings/*.parquet: copy data/postings/empty.parquet to"
                " its folder postings, it has the schema and no rows"
            )
        findings = check_headers(read_declarations(settings.reference), (settings.reference, settings.board))
        if findings:
            lines = [f"  {finding}" for finding in findings[:SHOWN]]
            if len(findings) > SHOWN:
                lines.append(f"  and {len(findings) - SHOWN} more")
            raise DbtRuntimeError("\n".join([f"the inputs are refused ({len(findings)}), nothing was built:", *lines]))


def _is_below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
