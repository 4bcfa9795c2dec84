"""The gate in front of dbt: folders, seeds and imported postings, checked before dbt reads a byte of them.

It is called by the plugin in every dbt process and by `bokslut check`, which also sees what dbt reads before it loads a
plugin (a seed that is not UTF-8). Each check has a module of its own; here they only stand in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bokslut.intake.declarations import read_declarations
from bokslut.intake.findings import Finding, RefusedError
from bokslut.intake.seeds import check_seeds
from bokslut.intake.store import EMPTY_IMPORTS, EMPTY_POSTINGS, check_store
from bokslut.settings import Settings

# where dbt deps puts what it fetches; the project has no packages
PACKAGES = Path("dbt_packages")


def check(settings: Settings) -> list[Finding]:
    """Return all that is wrong with the inputs of a run; empty if dbt may read them. The current folder is the root."""
    return [*check_models(), *check_lists(settings), *check_data(settings.data)]


def check_models(models: Path = Path("models")) -> Iterator[Finding]:
    """No model in Python, which would run outside the connection that the plugin closes, and no packages."""
    for path in sorted(models.rglob("*.py")):
        yield Finding(path, "a model in Python reaches everything on this machine", "write it in SQL")
    for path in sorted(PACKAGES.glob("*")):
        yield Finding(path, "a package of dbt's: its macros and hooks would run too", "remove it")


def check_folders(settings: Settings) -> Iterator[Finding]:
    """The folders of seeds are folders inside the project; dbt would write its own SQL over a CSV outside it."""
    for variable, folder in (("BOKSLUT_REFERENCE", settings.reference), ("BOKSLUT_SEEDS", settings.board)):
        inside = not folder.is_absolute() and ".." not in folder.parts and folder.resolve().is_relative_to(Path.cwd())
        if not inside:
            what = f"{variable}={folder} must be a path inside the project, relative to its root"
            yield Finding(folder, what, "move the folder into the project")
        elif not folder.is_dir():
            yield Finding(folder, f"{variable}={folder} is not a folder", "name a folder of the shape of seeds/board")


def check_data(data: Path) -> list[Finding]:
    """The imported postings and their records: they have the schema, and each belongs to an import."""
    missing = [name for name in (EMPTY_POSTINGS, EMPTY_IMPORTS) if not (data / name).is_file()]
    if missing:
        do = "say `bokslut check`, which puts them there: they have the columns and no rows"
        return [Finding(data, f"BOKSLUT_DATA={data} lacks {' and '.join(missing)}", do)]
    return check_store(data)


def check_lists(settings: Settings) -> list[Finding]:
    """The folders, the declarations and every list."""
    findings = list(check_folders(settings))
    if findings:
        return findings
    try:
        declarations = read_declarations(settings.reference)
    except RefusedError as refused:
        return list(refused.findings)
    return check_seeds(declarations, (settings.reference, settings.board))
