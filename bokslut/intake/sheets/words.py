"""The words of Swedish ledgers, budgets and plans: which heading is which field. Nothing is read here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bokslut.intake.sheets.headings import HYPHENATED, tidy
from bokslut.intake.sheets.values import MONTHS

# the first that fits a whole heading wins; a unit or a year after it does not count
POSTING_WORDS: Mapping[str, str] = {
    "account": r"konto(?: ?nr| ?nummer| ?kod)?|kto",
    "ansvar": r"ansv(?:ar)?\.?(?: ?nr| ?kod|s?enhet)?|enhet|kst|kostnadsställe",
    "activity": r"verks(?:amhet)?\.?(?: ?nr| ?kod)?|vht|vsh",
    "project": r"proj(?:ekt)?\.?(?: ?nr| ?kod)?",
    "motpart": r"motp(?:art)?\.?(?: ?nr| ?kod)?",
    "voucher": r"ver(?:ifikat(?:ion)?)?s?[. ]*(?:nr|nummer)?\.?",
    "series": r"(?:ver(?:ifikat(?:ion)?)?s?[. ]*)?serie",
    "line": r"rad(?: ?nr| ?nummer)?",
    "booked_on": r"(?:bok(?:f(?:öring(?:s)?)?)?[. ]*|ver[. ]*|trans[. ]*|bokförings)?datum",
    "period": r"(?:bokförings)?per(?:iod)?|månad",
    "fiscal_year": r"(?:räkenskaps|budget|verksamhets)?år",
    "debit": r"deb(?:et)?",
    "credit": r"kre(?:dit)?",
    "version": r"version|budgetversion",
    "text": r"(?:ver(?:ifikat(?:ion)?)?s?|trans(?:aktion)?s?|rad|bokförings)?[. ]*text|benämning|beskrivning|kommentar",
}
GOAL_WORDS: Mapping[str, str] = {
    "measure_id": r"(?:mått|indikator|nyckeltal)s?[- ]?(?:id|nr|nummer|kod)|id|nr",
    "goal_id": r"mål[- ]?(?:id|nr|nummer|kod)|målområde|nämndmål",
    "measure_name": r"mått(?:et)?|indikator(?:er)?|nyckeltal|benämning|mått och nyckeltal",
    "outcome_value": r"utfall|resultat|värde",
    "previous_value": r"föregående(?: utfall| år| värde)?|utfall föregående år|fg(?: år)?",
    "target": r"mål(?:värde|nivå|tal)?|önskat värde",
    "fiscal_year": r"år",
    "status": r"status|läge|uppfyllelse|måluppfyllelse",
}
PROJECT_WORDS: Mapping[str, str] = {
    "project_id": r"proj(?:ekt)?\.?[- ]?(?:id|nr|nummer|kod)?",
    "project_name": r"projektnamn|benämning|namn|projektbenämning",
    "parent_project_id": r"huvudprojekt|samlingsprojekt",
    "list_number": r"nr|rad|löpnr|löpnummer",
    "status": r"status|läge",
    "total_budget": r"total(?: ?budget| ?utgift)|projektbudget|budget total(?:t)?|beslutad budget",
    "total_forecast": r"total ?prognos|prognos total(?:t)?|slutprognos",
    "cost_to_date": r"ack(?:umulerat|\.)?(?: utfall| utgift)?|upparbetat|utfall total(?:t)?|total(?:t)? utfall",
    "actual": r"utfall|årets utfall|utfall i år",
    "budget": r"budget|årets budget|budget i år",
}
AMOUNT_WORDS: Mapping[str, str] = {
    "": r"belopp|saldo|amount|summa",
    "budget": r"(?:års|ursprunglig |beslutad |total )?budget(?:belopp)?",
    "forecast": r"(?:års|helårs)?prognos",
    "actual": r"(?:ack(?:\.|umulerat)? )?(?:utfall|bokslut|redovisat)",
}
ROW_TOTALS = r"total(?:t)?|summa|s:a|helår|år(?:et)? total(?:t)?"
UNITS: Mapping[str, str] = {"tkr": r"tkr|kkr|tusental(?: kronor)?|tusen kronor", "mkr": r"mkr|miljoner(?: kronor)?"}
YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_BESIDE = re.compile(
    r"\(?\b(?:i )?(?:tkr|kkr|mkr|kr|sek|kronor)\b\.?\)?|(?<![0-9])20[0-9]{2}(?![0-9])|[*:]", re.IGNORECASE
)
_MONTH = re.compile(
    rf"(?P<name>{'|'.join(name for names in MONTHS for name in sorted(names, key=len, reverse=True))})\.?"
    r"(?:[ -]?(?:20)?[0-9]{2})?|20[0-9]{2}-?(?P<number>0[1-9]|1[0-2])(?:-[0-9]{2})?"
    r"|(?:period |p)(?P<period>[0-9]{1,2})",
    re.IGNORECASE,
)


def plain(heading: str) -> str:
    """A heading without mark, unit and year, its blanks single, in small letters."""
    return " ".join(_BESIDE.sub(" ", tidy(heading)).split()).strip(" .,-()").lower()


def field_of(heading: str, words: Mapping[str, str]) -> str | None:
    """The field that a heading names, or None."""
    text = plain(heading)
    # a hyphen that divides a word between two cells of the head is no part of it
    ways = (text, HYPHENATED.sub("", text)) if text else ()
    return next((field for way in ways for field, pattern in words.items() if re.fullmatch(pattern, way)), None)


def month_of(heading: str) -> int | None:
    """The month that a heading names: jan, Januari 2024, 202401, 2024-01, a date cell, P1; or None."""
    found = _MONTH.fullmatch(tidy(heading))
    if not found:
        return None
    if name := found["name"]:
        return next(month for month, names in enumerate(MONTHS, 1) if name.lower() in names)
    month = int(found["number"] or found["period"])
    return month if 1 <= month <= 12 else None


def unit_of(texts: list[str]) -> str:
    """The unit that the texts around the amounts name: tkr, mkr, else kronor."""
    for unit, pattern in UNITS.items():
        if any(re.search(rf"(?<![a-zåäö])(?:{pattern})(?![a-zåäö])", text, re.IGNORECASE) for text in texts):
            return unit
    return "kronor"


def names_kronor(texts: list[str]) -> bool:
    """Whether the texts around the amounts say that they are kronor."""
    return any(re.search(r"(?<![a-zåäö])(?:kr|kronor|sek)(?![a-zåäö])", text, re.IGNORECASE) for text in texts)
