"""Releases of a warehouse of two small marts, sealed and published by the product's own steps, without dbt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from bokslut.intake.store import sha256
from bokslut.release import publish, seal
from bokslut.release.manifest import FORMAT, Manifest, previous_of, write_manifest
from bokslut.release.places import Places

NODES = {
    "model.bokslut.dim_code": {
        "resource_type": "model",
        "name": "dim_code",
        "description": "One row per code.",
        "columns": {"code": {"description": "It's a code."}, "code_name": {}},
    }
}
ROWS: Sequence[tuple[str, str, str]] = (("10", "Nämnder", "-5.00"), ("45", "Gymnasiet", "-7.50"))


def make_release(
    places: Places,
    rows: Sequence[tuple[str, str, str]] = ROWS,
    *,
    years: Sequence[int] = (2024,),
    now: str = "2025-02-01T08:00:00+00:00",
    inputs: Mapping[str, str] | None = None,
) -> int:
    """Publish one release; rows: code, name, amount. inputs: kept lists by path, and their text. Gives its number."""
    places.building.mkdir(parents=True)
    places.built.parent.mkdir()
    with duckdb.connect(str(places.built)) as connection:
        connection.execute("create schema marts; create schema staging")
        connection.execute("create view staging.stg_codes as select 1 as one")
        connection.execute("create table marts.dim_code (code varchar, code_name varchar, primary key (code))")
        connection.execute(
            "create table marts.fct_cost (code varchar, fiscal_year integer, net_sek decimal(18, 2),"
            " primary key (code, fiscal_year))"
        )
        for code, name, amount in reversed(rows):
            connection.execute("insert into marts.dim_code values (?, ?)", [code, name])
            connection.execute("insert into marts.fct_cost values (?, 2024, ?)", [code, amount])
    places.target.mkdir(exist_ok=True)
    for name in seal.KEPT_OF_DBT:
        (places.target / name).write_text("{}", encoding="utf-8")
    marts = seal.seal(places, NODES)
    kept = []
    for path, text in (inputs or {"seeds/board/codes.csv": "code\n10\n45\n"}).items():
        target = places.sealed / "inputs" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        digest = sha256(target)
        kept.append({"folder": "board", "path": path, "bytes": len(text), "sha256": digest, "kept": f"inputs/{path}"})
    number = places.next_number()
    manifest = Manifest(
        format=FORMAT,
        release=number,
        built_at=now,
        previous=previous_of(places),
        git=None,
        tools={},
        counts={"seeds": 1, "models": 2, "data_tests": 3, "claims": 4},
        fiscal_years=list(years),
        folders={"reference": "seeds/reference", "board": "seeds/board", "data": "data"},
        control_totals=[],
        marts=marts,
        inputs=kept,
        outputs=seal.outputs(places.sealed),
    )
    write_manifest(manifest, places.sealed)
    seal.close(places.sealed)
    publish.publish(places, number, now)
    publish.clear(places)
    return number


def rewrite(path: Path, content: bytes) -> None:
    """Change a released file, which is read-only."""
    path.chmod(0o644)
    path.write_bytes(content)


def flip(path: Path, at: int) -> None:
    """Change one bit of a released file."""
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    rewrite(path, bytes(content))


def manifest_of(places: Places, number: int) -> dict[str, object]:
    """The manifest as JSON."""
    content: dict[str, object] = json.loads((places.release(number) / "manifest.json").read_text(encoding="utf-8"))
    return content
