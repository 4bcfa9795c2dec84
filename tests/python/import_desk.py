"""A small municipality at a desk of its own: lists in a folder, a data folder, and the command line to import with.

No dbt runs here. What an import should give is not known here.
"""

from __future__ import annotations

import csv
import datetime
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from typer.testing import CliRunner, Result

from bokslut.cli import app
from bokslut.intake.postings import SCHEMA
from bokslut.intake.starter import create_folder
from bokslut.intake.store import prepare
from bokslut.settings import Settings
from project import REPOSITORY

LISTS: Mapping[str, str] = {
    "organisations": "organisation_id,organisation_name,report_part\n9999,Exempelby kommun,16\n",
    "boards": (
        "organisation_id,board_id,board_name,report_part\n9999,TN,Tekniska nämnden,16\n9999,KS,Kommunstyrelsen,16\n"
    ),
    "activity_codes": (
        "organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part\n"
        "9999,TN,2023,20,Teknisk planering,2\n9999,TN,2024,20,Teknisk planering,2\n9999,TN,2024,30,Gator,2\n"
        "9999,TN,2024,045,Parker,2\n"
    ),
    "projects": (
        "organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,"
        "first_fiscal_year,report_part\n9999,TN,2024,vag,Ny väg,1,,ongoing,2024,4\n"
    ),
}


@dataclass(frozen=True)
class Desk:
    """A folder with seeds/reference, seeds/board and data, as a municipality has them."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Desk:
        """Set the desk up: the reference lists of the project, and the board's own with a few rows."""
        shutil.copytree(REPOSITORY / "seeds" / "reference", path / "seeds" / "reference")
        # what create_folder takes the names of columns from
        (path / "models").mkdir()
        shutil.copy(REPOSITORY / "models" / "glossary.md", path / "models" / "glossary.md")
        with chdir(path):
            create_folder("seeds/board", Path("seeds/reference"))
        desk = cls(path)
        for name, text in LISTS.items():
            desk.list_path(name).write_text(text, encoding="utf-8")
        return desk

    @property
    def settings(self) -> Settings:
        """The folders, as absolute paths."""
        root = self.path
        return Settings(root / "seeds/reference", root / "seeds/board", root / "data", root / "warehouse.duckdb")

    def list_path(self, name: str) -> Path:
        """The CSV of a list."""
        (path,) = (self.path / "seeds").rglob(f"{name}.csv")
        return path

    def add(self, name: str, rows: str) -> None:
        """Add lines to a list."""
        with self.list_path(name).open("a", encoding="utf-8") as file:
            file.write(rows.strip() + "\n")

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a list."""
        with self.list_path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def run(self, *arguments: str) -> Result:
        """Run a command of bokslut at the desk, e.g. with "import", "ledger.se", "--board", "TN"."""
        hidden = {name: None for name in os.environ if name.startswith("BOKSLUT_")}
        with chdir(self.path):
            return CliRunner().invoke(app, arguments, env=hidden, catch_exceptions=False)

    def bring_in(self, *arguments: str, board: str = "TN") -> Result:
        """Import as the Exempelby municipality."""
        return self.run("import", *arguments, "--organisation", "9999", "--board", board)

    def write(self, name: str, content: bytes | str) -> Path:
        """Write a file on the desk."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def parquet(self, name: str, postings: Sequence[Mapping[str, Any]]) -> Path:
        """Write canonical postings as a Parquet file, in the order given."""
        path = self.path / name
        pq.write_table(pa.Table.from_pylist([dict(each) for each in postings], schema=SCHEMA), path)
        return path

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the view postings: all that was imported."""
        prepare(self.path / "data")
        with duckdb.connect() as connection:
            connection.execute(
                "create view postings as select * from"
                f" read_parquet('{self.path}/data/postings/**/*.parquet', hive_partitioning = false)"
            )
            return connection.execute(sql).fetchall()

    def files(self, folder: str = "data") -> dict[str, bytes]:
        """Every file below a folder, by its path: to see that nothing changed."""
        root = self.path / folder
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }


def posting(account: str | None, amount: str | None, activity: str | None = None, **cells: Any) -> dict[str, Any]:
    """One canonical line: actual in January 2024, line 1 of voucher A 1, unless said otherwise; debit positive."""
    return {
        "organisation_id": "9999",
        "board_id": "TN",
        "fiscal_year": 2024,
        "period": 1,
        "scenario": "actual",
        "version": "",
        "series": "A",
        "voucher": "1",
        "line": 1,
        "booked_on": datetime.date(2024, 1, 31),
        "account": account,
        "ansvar": None,
        "activity": activity,
        "project": None,
        "motpart": None,
        "amount": None if amount is None else Decimal(amount),
        "text": None,
    } | cells


def voucher(number: str, *lines: dict[str, Any], **cells: Any) -> list[dict[str, Any]]:
    """The lines as one voucher, numbered from 1."""
    return [line | {"voucher": number, "line": index} | cells for index, line in enumerate(lines, start=1)]
