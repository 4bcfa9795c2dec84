"""A few small seeds with the repository's own declarations, for tests that spoil one of them: the gate reads no others.

Lists that hold for every municipality are the repository's; what a right value is stands in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bokslut.intake.declarations import Declaration, read_declarations
from bokslut.intake.findings import Finding
from bokslut.intake.seeds import check_seeds
from project import REPOSITORY

REFERENCE = REPOSITORY / "seeds/reference"
TEXTS: Mapping[str, str] = {
    "organisations": """\
organisation_id,organisation_name,report_part
1882,Exempelby kommun,16
""",
    "boards": """\
organisation_id,board_id,board_name,report_part
1882,KS,Kommunstyrelsen,16
""",
    "activity_codes": """\
organisation_id,board_id,fiscal_year,activity_code,activity_name,report_part
1882,KS,2024,0010,Politik,2
1882,KS,2024,21,Mark,2
""",
    "operating_entries": """\
organisation_id,board_id,fiscal_year,scenario,activity_code,entry_class,amount,scale,report_part
1882,KS,2024,actual,0010,net,-3022,1000,2
1882,KS,2024,budget,0010,net,-3184,1000,2
1882,KS,2024,actual,21,net,-50.5,1000,2
""",
    "operating_comments": """\
organisation_id,board_id,fiscal_year,analysis_number,activity_code,comment,report_part
1882,KS,2024,1,0010,"Arvoden, lägre än ""beräknat"".",3
1882,KS,2024,2,21,Inga tomter såldes.,3
""",
    "budget_decisions": """\
organisation_id,board_id,fiscal_year,account,step_number,step_kind,step_name,net_cost,scale,decision_number,decided_on,report_part
1882,KS,2024,operating,1,frame,Ram,126342,1000,23KF105,2023-06-19,12
1882,KS,2024,operating,2,revision,Tillskott,,,,,12
""",
    "projects": """\
organisation_id,board_id,fiscal_year,project_id,project_name,list_number,parent_project_id,status,first_fiscal_year,report_part
1882,KS,2024,hall,Idrottshall,1,,ongoing,2023,4
1882,KS,2024,hall-tak,Tak,1,hall,,,4
1882,KS,2024,bro,Bro,2,,,,4
""",
    **{name: (REFERENCE / f"{name}.csv").read_text(encoding="utf-8") for name in ("fiscal_years", "report_parts")},
}


@cache
def declared() -> Mapping[str, Declaration]:
    """The declarations of the small seeds."""
    declarations = read_declarations(REFERENCE)
    return {name: declarations[name] for name in TEXTS}


def write_seeds(folder: Path, changed: Mapping[str, bytes | None]) -> None:
    """Write the small seeds into a folder; a changed one as given, or not at all where it is None."""
    for name, text in TEXTS.items():
        content = changed.get(name, text.encode())
        if content is not None:
            (folder / f"{name}.csv").write_bytes(content)


def findings_of(folder: Path, changed: Mapping[str, bytes | None]) -> list[Finding]:
    """What the gate finds in the small seeds with some changed."""
    write_seeds(folder, changed)
    return check_seeds(declared(), [folder])
