"""Hold what was imported against the lists as they are now: a code that was known then may have been taken away.

Read by `bokslut check` alone, since it looks through the postings; dbt's own tests find the same in a build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import duckdb

from bokslut.intake.findings import Finding
from bokslut.intake.known import Known, decided_net, read_known
from bokslut.intake.sql import literal
from bokslut.settings import Settings

CODES = """
select
    organisation_id, board_id, fiscal_year, scenario, coalesce(version, ''), account, activity, project,
    count(*), sum(amount)
from read_parquet(?, hive_partitioning = false)
group by all
order by all
"""
Row = tuple[str, str, int, str, str, str | None, str | None, str | None, int, Decimal]


def check_codes(settings: Settings) -> list[Finding]:
    """What the imported postings name that the lists lack: a finding for each code, in the order of boards."""
    files = [literal(path) for path in sorted((settings.data / "postings").rglob("*.parquet"))]
    with duckdb.connect() as connection:
        rows: list[Row] = connection.execute(CODES, [files]).fetchall()
    known: dict[tuple[str, str], Known] = {}
    counted: dict[tuple[str, str, str], int] = {}
    for row in rows:
        owner = (row[0], row[1])
        if owner not in known:
            known[owner] = read_known(settings, *owner)
        for fault in _faults(row, known[owner]):
            counted[fault] = counted.get(fault, 0) + row[8]
    findings = [
        Finding(
            settings.data / "postings",
            f"{what} ({count} postings)",
            "add it to the list, or import again",
            None,
            column,
            value,
        )
        for (column, value, what), count in counted.items()
    ]
    findings.extend(_undecided(settings, rows, known))
    return findings


def _undecided(settings: Settings, rows: Sequence[Row], known: Mapping[tuple[str, str], Known]) -> Iterator[Finding]:
    """Budget versions that do not add up to the decided net any more: a part was taken out, or the decision changed."""
    for (organisation, board), lists in known.items():
        for version in lists.versions:
            decided = decided_net(version)
            which = (organisation, board, version["fiscal_year"], "budget", version["version"])
            mine = [row for row in rows if (row[0], row[1], str(row[2]), row[3], row[4]) == which]
            net = sum((row[9] for row in mine if lists.kind_of(row[5]) == "operating"), Decimal(0))
            if decided is not None and mine and decided.of(net) != decided.net:
                yield Finding(
                    settings.data / "postings",
                    f"adds up to a net cost of {net}, but {decided.net.normalize():f} was decided",
                    "import all of the budget, or correct net_cost in budget_versions.csv",
                    column="version",
                    value=f"{organisation}/{board} {version['fiscal_year']} {version['version']}",
                )


def _faults(row: Row, known: Known) -> Iterator[tuple[str, str, str]]:
    organisation, board, year, scenario, version, account, activity, project, *_ = row
    whose = f"{organisation}/{board} {year}"
    if board not in known.boards:
        yield "board_id", board, f"a board that {organisation} does not have"
        return
    kind = known.kind_of(account)
    if kind is None:
        yield "account", account or "", "an account that no class takes"
    if kind == "operating" and (year, activity or "") not in known.activities:
        yield "activity", activity or "", f"an activity code that is not in activity_codes.csv of {whose}"
    if kind == "investment" and (year, project or "") not in known.projects:
        yield "project", project or "", f"a project that is not in projects.csv of {whose}"
    declared = {row["version"] for row in known.versions if row["fiscal_year"] == str(year)}
    if scenario != "actual" and version and version not in declared:
        yield "version", version, f"a version that is not in budget_versions.csv of {whose}"
