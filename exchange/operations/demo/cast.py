"""Who works at the sample company, and the names its contacts are made of. All of them are invented."""

from dataclasses import dataclass

COMPANY = "Larkfield"
DOMAIN = "larkfield.example"


@dataclass(frozen=True)
class Colleague:
    """One sign-in of the sample company. `kinds` and `team` narrow the role; empty means everywhere.

    `manager` is the key of the colleague whom they report to: of the team's lead unless another is named.
    """

    key: str
    name: str
    job_title: str
    role: str
    team: str = ""
    kinds: tuple[str, ...] = ()
    leads: bool = False
    manager: str = ""

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.key}@{DOMAIN}"


TEAMS = {
    "key": "Key accounts",
    "continent": "Continental accounts",
    "americas": "Americas accounts",
    "suppliers": "Suppliers & partners",
    "investors": "Investor relations",
    "public": "Press & community",
    "warehouse": "Warehouse",
}

COLLEAGUES = (
    Colleague("sam", "Sam Whitlock", "Workspace administrator", "administrator"),
    Colleague("ruth", "Ruth Adeyemi", "Managing director", "executive"),
    Colleague("amara", "Amara Osei", "Head of key accounts", "relationship_manager", "key", leads=True),
    Colleague("tom", "Tom Baptiste", "Account representative", "representative", "key"),
    Colleague("mei", "Mei Tanaka", "Account representative", "representative", "key"),
    Colleague(
        "oskar",
        "Oskar Brandt",
        "Head of continental accounts",
        "relationship_manager",
        "continent",
        leads=True,
    ),
    Colleague("elena", "Elena Costa", "Account representative", "representative", "continent"),
    Colleague(
        "diego", "Diego Marín", "Head of Americas accounts", "relationship_manager", "americas", leads=True
    ),
    Colleague("hazel", "Hazel Byrne", "Account representative", "representative", "americas"),
    Colleague(
        "jonas",
        "Jonas Lind",
        "Head of purchasing",
        "relationship_manager",
        "suppliers",
        ("suppliers",),
        leads=True,
    ),
    Colleague("priya", "Priya Nair", "Buyer", "representative", "suppliers", ("suppliers",)),
    Colleague(
        "isla",
        "Isla Ferreira",
        "Head of investor relations",
        "relationship_manager",
        "investors",
        ("investors",),
        leads=True,
    ),
    Colleague(
        "marcus",
        "Marcus Hale",
        "Head of communications",
        "relationship_manager",
        "public",
        ("press", "community"),
        leads=True,
    ),
    Colleague(
        "yusuf", "Yusuf Demir", "Community officer", "representative", "public", ("press", "community")
    ),
    Colleague("grace", "Grace Okafor", "Head of people", "hr", kinds=("staff", "suppliers")),
    Colleague("olu", "Olu Bankole", "Head of warehouse", "", "warehouse", leads=True),
    Colleague("nina", "Nina Shah", "Finance partner", "finance"),
    Colleague("paul", "Paul Kerr", "Internal auditor", "auditor"),
)

# Shown at the first start, in this order: enough to see every role at work.
SIGN_INS = ("amara", "tom", "jonas", "isla", "marcus", "grace", "ruth", "nina", "paul", "sam")
DIRECTOR = "ruth"

GIVEN = {
    "north": [
        "Astrid",
        "Björn",
        "Freja",
        "Henrik",
        "Ingrid",
        "Lars",
        "Maja",
        "Nils",
        "Saga",
        "Sven",
        "Tuva",
        "Vidar",
        "Aino",
        "Eero",
    ],
    "german": [
        "Anke",
        "Bernd",
        "Carla",
        "Dieter",
        "Frieda",
        "Jürgen",
        "Katrin",
        "Lukas",
        "Marlene",
        "Otto",
        "Sabine",
        "Uwe",
        "Wiebke",
        "Jonas",
    ],
    "french": [
        "Adèle",
        "Bastien",
        "Camille",
        "Denis",
        "Élodie",
        "Fabrice",
        "Gaëlle",
        "Hugo",
        "Inès",
        "Léon",
        "Margaux",
        "Noé",
        "Odile",
        "Yves",
    ],
    "iberian": [
        "Adriana",
        "Bruno",
        "Clara",
        "Duarte",
        "Elisa",
        "Gonçalo",
        "Inés",
        "Joaquim",
        "Lucía",
        "Mateo",
        "Nuria",
        "Rafael",
        "Sofía",
        "Tomás",
    ],
    "italian": [
        "Alba",
        "Bruna",
        "Cesare",
        "Dario",
        "Elisa",
        "Fabio",
        "Ginevra",
        "Lorenzo",
        "Marta",
        "Nicola",
        "Paola",
        "Renzo",
        "Silvia",
        "Tullio",
    ],
    "english": [
        "Alice",
        "Ben",
        "Clare",
        "Dylan",
        "Esme",
        "Frank",
        "Grace",
        "Harvey",
        "Isla",
        "Joel",
        "Keira",
        "Louis",
        "Megan",
        "Owen",
    ],
    "asian": ["Aiko", "Daichi", "Emi", "Haruto", "Kaede", "Mio", "Ren", "Sora", "Yui", "Takumi"],
}
FAMILY = {
    "north": [
        "Aldrin",
        "Bergqvist",
        "Dahlgren",
        "Ekholm",
        "Fjeld",
        "Granlund",
        "Hagström",
        "Kvist",
        "Lindahl",
        "Norling",
        "Skov",
        "Virtala",
    ],
    "german": [
        "Amsel",
        "Brockmann",
        "Dornfeld",
        "Eichberg",
        "Falkner",
        "Grünwald",
        "Hartwig",
        "Kessner",
        "Lindemuth",
        "Rabenau",
        "Stolz",
        "Weidlich",
    ],
    "french": [
        "Aubrac",
        "Belleval",
        "Clairmont",
        "Dufresnoy",
        "Esquier",
        "Fontbonne",
        "Garrigue",
        "Lavandou",
        "Montclar",
        "Perruchon",
        "Rivoire",
    ],
    "iberian": [
        "Alcocer",
        "Barroeta",
        "Cardoal",
        "Duarés",
        "Escalada",
        "Figueral",
        "Galhardo",
        "Lamego",
        "Montesa",
        "Olivella",
        "Quintal",
        "Valcárcel",
    ],
    "italian": [
        "Abruzzi",
        "Bellandi",
        "Carnevali",
        "Dossena",
        "Fabbrini",
        "Gavardo",
        "Lucardi",
        "Montesi",
        "Pellerin",
        "Rovigo",
        "Santoni",
    ],
    "english": [
        "Ashdown",
        "Bramley",
        "Cartwell",
        "Dunmore",
        "Ellerby",
        "Fairholm",
        "Garstang",
        "Holbeck",
        "Kettley",
        "Marsden",
        "Thornby",
        "Winslade",
    ],
    "asian": [
        "Arakida",
        "Fukamori",
        "Hoshikawa",
        "Ishimine",
        "Kurosaka",
        "Minatoya",
        "Nagisawa",
        "Shirafuji",
    ],
}
REGION = {
    "Sweden": "north", "Norway": "north", "Denmark": "north", "Finland": "north",
    "Germany": "german", "Austria": "german", "Switzerland": "german", "Netherlands": "german",
    "France": "french", "Belgium": "french",
    "Spain": "iberian", "Portugal": "iberian", "Mexico": "iberian", "Brazil": "iberian",
    "Argentina": "iberian", "Venezuela": "iberian",
    "Italy": "italian", "Poland": "german", "Japan": "asian", "Singapore": "asian",
}  # fmt: skip
COUNTRY_CODE = {
    "Sweden": "SE", "Norway": "NO", "Denmark": "DK", "Finland": "FI", "Germany": "DE", "Austria": "AT",
    "Switzerland": "CH", "Netherlands": "NL", "France": "FR", "Belgium": "BE", "Spain": "ES", "Portugal": "PT",
    "Mexico": "MX", "Brazil": "BR", "Argentina": "AR", "Venezuela": "VE", "Italy": "IT", "Poland": "PL",
    "Japan": "JP", "Singapore": "SG", "UK": "GB", "Ireland": "IE", "USA": "US", "Canada": "CA", "Australia": "AU",
}  # fmt: skip
TEAM_OF_COUNTRY = {
    "key": {"UK", "Ireland", "Sweden", "Norway", "Denmark", "Finland"},
    "americas": {"USA", "Canada", "Mexico", "Brazil", "Argentina", "Venezuela"},
}
JOB_TITLES = (
    ("Owner", "decides_for"),
    ("Purchasing manager", "decides_for"),
    ("Head of kitchen", "influences"),
    ("Goods-in supervisor", "influences"),
    ("Accounts payable", "gatekeeps"),
    ("Assistant buyer", "influences"),
)
SUPPLIER_JOB_TITLES = (
    ("Sales director", "decides_for"),
    ("Account manager", "influences"),
    ("Export manager", "decides_for"),
    ("Dispatch planner", "influences"),
    ("Credit control", "gatekeeps"),
)

OTHER_JOB_TITLES = {
    "investors": (
        ("Portfolio manager", "decides_for"),
        ("Analyst", "influences"),
        ("Head of stewardship", "influences"),
    ),
    "press": (("Editor", "decides_for"), ("Reporter", "influences"), ("Picture desk", "gatekeeps")),
    "community": (
        ("Spokesperson", "decides_for"),
        ("Clerk", "gatekeeps"),
        ("Head of planning", "influences"),
    ),
}


def manager_of(colleague: Colleague) -> str:
    """The key of whom somebody reports to: their team's lead, the director for leads and for those without one."""
    lead = next((other.key for other in COLLEAGUES if other.leads and other.team == colleague.team), "")
    return colleague.manager or (lead if lead and lead != colleague.key else DIRECTOR)


def team_of(country: str) -> str:
    """The key of the team that looks after customers of a country."""
    return next((team for team, countries in TEAM_OF_COUNTRY.items() if country in countries), "continent")
