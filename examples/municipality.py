"""Björkvikens kommun, which does not exist: its boards, activities, accounts, projects and goals, as plain facts.

Amounts are whole tkr a year, as a plan; what became of it is drawn in ledger.py. Nothing is drawn or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ORGANISATION = "9901"
ORGANISATION_NAME = "Björkvikens kommun"
YEARS = (2023, 2024)
YEAR_END_SERIES = "BO"
YEAR_END_PERIOD = 13

ACCOUNTS: Mapping[str, str] = {
    "1219": "Ackumulerade avskrivningar",
    "1510": "Kundfordringar",
    "1630": "Fordran ingående moms",
    "1790": "Interimsfordringar",
    "1940": "Avräkning mot kommunens bank",
    "2010": "Eget kapital",
    "2510": "Leverantörsskulder",
    "2710": "Personalens källskatt och avgifter",
    "2990": "Upplupna kostnader",
    "3110": "Taxor och avgifter",
    "3410": "Hyror och arrenden",
    "3510": "Statsbidrag",
    "3610": "Försäljning av verksamhet",
    "4010": "Inköp till anläggningar",
    "4070": "Entreprenader, anläggningar",
    "4510": "Lämnade bidrag",
    "4610": "Köp av verksamhet",
    "5010": "Löner",
    "5610": "Arbetsgivaravgifter",
    "6010": "Lokalhyror",
    "6210": "El, värme och vatten",
    "6410": "Inventarier och material",
    "6910": "Livsmedel",
    "7410": "Konsulter",
    "7910": "Avskrivningar",
}
# what the balance accounts hold at the start of the first year, debit positive; equity is the rest
OPENING_KRONOR = {"1219": -41_000_000, "1510": 1_850_000, "1940": 63_500_000, "2510": -4_200_000, "2990": -1_150_000}
EQUITY = "2010"
TAX_SHARE_PERCENT = 30
FEE_SHARE_PERMILLE = 314
VAT_PERCENT = 25

# counterparty: 1x are the municipality's own boards, 8x others
INTERNAL = {"KS": "11", "BUN": "12", "SBN": "13"}
EXTERNAL = {"81": "Staten", "82": "Regioner och kommuner", "88": "Företag och enskilda"}


@dataclass(frozen=True)
class Activity:
    """An activity code of a board.

    code, name: as in the account. ansvar: the responsible unit. staff: salaries a year. bought, income: account ->
    amount a year. rent: paid to the board that owns the premises. drift: year -> percent by which the outcome leaves
    the plan, apart from chance. All amounts in tkr, positive.
    """

    code: str
    name: str
    ansvar: str
    staff: int = 0
    bought: Mapping[str, int] = field(default_factory=dict)
    income: Mapping[str, int] = field(default_factory=dict)
    rent: int = 0
    depreciation: int = 0
    drift: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """An investment project. budget: year -> approved for the year, tkr. total: approved in all. status: by year."""

    number: str
    name: str
    activity: str
    first_year: int
    budget: Mapping[int, int]
    total: int
    status: Mapping[int, str]
    spent_percent: Mapping[int, int]


@dataclass(frozen=True)
class Measure:
    """A measure of a goal. target, outcomes: as a planning system prints them; an empty outcome is not measured yet."""

    measure_id: str
    name: str
    unit: str
    better: str
    decimals: int
    target: str
    before: str
    outcomes: Mapping[int, str]


@dataclass(frozen=True)
class Goal:
    """A goal of a board, with its measures."""

    goal_id: str
    name: str
    council_goal: str
    method: str
    unit: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Board:
    """A board and what it is responsible for. premises: code that rents from other boards are booked on, or empty."""

    board_id: str
    name: str
    activities: tuple[Activity, ...]
    projects: tuple[Project, ...]
    goals: tuple[Goal, ...]
    premises: str = ""


BOARDS = (
    Board(
        board_id="KS",
        name="Kommunstyrelsen",
        activities=(
            Activity("10", "Nämnd- och styrelseverksamhet", "1000", 2400, {"7410": 180, "6410": 90}),
            Activity("11", "Stöd till politiska partier", "1000", 0, {"4510": 640}),
            Activity("21", "Näringsliv och turism", "1100", 1500, {"7410": 620, "4510": 350}, {"3610": 240}),
            Activity("27", "Räddningstjänst", "1200", 0, {"4610": 9800}, {}, 0, 0, {2024: 4}),
            Activity("91", "Kommungemensam administration", "1300", 14200, {"6410": 900, "7410": 1300}, {}, 1600, 240),
            Activity("92", "IT-verksamhet", "1400", 3900, {"6410": 2700, "7410": 1500}, {"3610": 900}, 300, 800),
        ),
        projects=(
            Project(
                "1101",
                "Nytt datanät",
                "92",
                2023,
                {2023: 1800, 2024: 1200},
                3000,
                {2023: "ongoing", 2024: "finished"},
                {2023: 92, 2024: 103},
            ),
            Project("1102", "Ärendehantering", "91", 2024, {2024: 900}, 1500, {2024: "ongoing"}, {2024: 61}),
        ),
        goals=(
            Goal(
                "attractive-employer",
                "En arbetsplats som medarbetare trivs på",
                "God ekonomisk hushållning",
                "Personalsystem och årlig enkät.",
                "Personalenheten",
                (
                    Measure(
                        "sick-leave",
                        "Sjukfrånvaro",
                        "percent",
                        "lower",
                        2,
                        "< 6,00 %",
                        "5,75",
                        {2023: "5,41 %", 2024: "5,12 %"},
                    ),
                    Measure(
                        "engagement-index",
                        "Hållbart medarbetarengagemang",
                        "index",
                        "higher",
                        0,
                        "80 eller högre",
                        "78",
                        {2023: "79", 2024: "81"},
                    ),
                ),
            ),
        ),
    ),
    Board(
        board_id="BUN",
        name="Barn- och utbildningsnämnden",
        activities=(
            Activity("10", "Nämndverksamhet", "2000", 620, {"6410": 40}),
            Activity("40", "Förskola", "2100", 31500, {"6910": 2100, "6410": 900}, {"3110": 3600, "3510": 1900}, 4200),
            Activity("41", "Fritidshem", "2200", 7200, {"6910": 480, "6410": 210}, {"3110": 1300}, 900),
            Activity(
                "44",
                "Grundskola",
                "2200",
                48600,
                {"6910": 3900, "6410": 2600, "4610": 3100},
                {"3510": 2400},
                8800,
                0,
                {2023: 1, 2024: 2},
            ),
            Activity("45", "Gymnasieskola", "2300", 0, {"4610": 33400, "4510": 900}, {"3510": 350}, 0, 0, {2024: 6}),
            Activity("47", "Vuxenutbildning", "2300", 2900, {"4610": 1700, "6410": 120}, {"3510": 1100}, 400),
            Activity("49", "Gemensam utbildningsverksamhet", "2000", 5200, {"7410": 700, "6410": 350}, {}, 500, 300),
        ),
        projects=(
            Project(
                "2101",
                "Möbler och inventarier",
                "44",
                2023,
                {2023: 700, 2024: 750},
                1450,
                {2023: "ongoing", 2024: "ongoing"},
                {2023: 98, 2024: 88},
            ),
            Project(
                "2102", "Förskolegård Strandängen", "40", 2024, {2024: 1400}, 1400, {2024: "finished"}, {2024: 109}
            ),
        ),
        goals=(
            Goal(
                "every-pupil-succeeds",
                "Alla elever klarar skolan",
                "Kunskap för livet",
                "Betyg och nationell statistik.",
                "Skolkontoret",
                (
                    Measure(
                        "eligible-for-upper-secondary",
                        "Behöriga till gymnasiet",
                        "percent",
                        "higher",
                        1,
                        "minst 90 %",
                        "87,2",
                        {2023: "88,4 %", 2024: "91,3 %"},
                    ),
                    Measure(
                        "qualified-preschool-teachers",
                        "Legitimerade förskollärare",
                        "percent",
                        "higher",
                        1,
                        "45 % eller högre",
                        "42,0",
                        {2023: "41,5 %", 2024: "39,8 %"},
                    ),
                ),
            ),
            Goal(
                "time-for-reading",
                "Läslust från början",
                "Kunskap för livet",
                "Egen räkning.",
                "Skolkontoret",
                (
                    Measure(
                        "reading-projects",
                        "Lästräffar på förskolorna",
                        "count",
                        "higher",
                        0,
                        "minst 20",
                        "14",
                        {2023: "18", 2024: "26"},
                    ),
                ),
            ),
        ),
    ),
    Board(
        board_id="SBN",
        name="Samhällsbyggnadsnämnden",
        activities=(
            Activity("10", "Nämndverksamhet", "3000", 540, {"6410": 30}),
            Activity("20", "Fysisk planering", "3100", 2800, {"7410": 1100}, {"3110": 1500}, 200, 0, {2023: 3}),
            Activity(
                "24", "Gator och vägar", "3200", 2100, {"4610": 5400, "6210": 1300}, {"3510": 420}, 0, 3300, {2024: -3}
            ),
            Activity("25", "Parker", "3200", 1900, {"6410": 520, "4610": 480}, {}, 0, 260),
            Activity("26", "Miljö- och hälsoskydd", "3300", 2300, {"7410": 260}, {"3110": 1700}, 120),
            Activity(
                "80", "Fastigheter", "3400", 4300, {"6210": 8200, "4610": 5900, "6410": 1200}, {"3410": 2600}, 0, 9400
            ),
        ),
        projects=(
            Project(
                "3101",
                "Gång- och cykelväg norra infarten",
                "24",
                2023,
                {2023: 3200, 2024: 2600},
                5800,
                {2023: "ongoing", 2024: "finished"},
                {2023: 81, 2024: 124},
            ),
            Project("3102", "Tak på simhallen", "80", 2024, {2024: 4100}, 7400, {2024: "ongoing"}, {2024: 73}),
            Project(
                "3103",
                "Lekplatser",
                "25",
                2023,
                {2023: 450, 2024: 450},
                900,
                {2023: "ongoing", 2024: "finished"},
                {2023: 97, 2024: 99},
            ),
        ),
        goals=(
            Goal(
                "quick-permits",
                "Snabba besked om bygglov",
                "En kommun att växa i",
                "Ärendesystemet.",
                "Byggenheten",
                (
                    Measure(
                        "permit-days",
                        "Dagar till beslut om bygglov",
                        "count",
                        "lower",
                        0,
                        "högst 35",
                        "41",
                        {2023: "37", 2024: "33"},
                    ),
                    Measure(
                        "satisfied-companies",
                        "Nöjda företag",
                        "index",
                        "higher",
                        0,
                        "> 72",
                        "70",
                        {2023: "71", 2024: ""},
                    ),
                ),
            ),
        ),
        premises="80",
    ),
)
GOAL_AREA = ("good-service", "1", "Kommunens övergripande mål")
# the groups of employees, in the order of the amounts below
STAFF_GROUPS = ("all", "women", "men", "age-to-29", "age-30-49", "age-50-up")
HOURS_A_YEAR = 1700
# board and year -> employees, hours absent for sickness and long ones among them, a group each; some groups are small
SICK_LEAVE: Mapping[tuple[str, int], tuple[tuple[int, int, int], ...]] = {
    ("KS", 2023): ((46, 4231, 1900), (30, 2950, 1500), (16, 1281, 400), (5, 290, 0), (22, 1850, 800), (19, 2091, 1100)),
    ("KS", 2024): ((48, 4178, 1850), (31, 2900, 1400), (17, 1278, 450), (6, 310, 0), (23, 1800, 750), (19, 2068, 1100)),
    ("BUN", 2023): (
        (206, 23900, 9700),
        (169, 20800, 8700),
        (37, 3100, 1000),
        (40, 3900, 800),
        (95, 10800, 4500),
        (71, 9200, 4400),
    ),
    ("BUN", 2024): (
        (210, 24633, 10100),
        (172, 21400, 9000),
        (38, 3233, 1100),
        (41, 4100, 900),
        (97, 11033, 4700),
        (72, 9500, 4500),
    ),
    ("SBN", 2023): ((28, 1950, 600), (9, 680, 220), (19, 1270, 380), (3, 140, 0), (8, 510, 150), (17, 1300, 450)),
    ("SBN", 2024): ((29, 2021, 640), (9, 700, 240), (20, 1321, 400), (3, 150, 0), (7, 480, 140), (19, 1391, 500)),
}
