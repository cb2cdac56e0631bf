"""Names of people and towns, for tables that a test makes itself."""

GIVEN = (
    "Ana",
    "Bo",
    "Carla",
    "Dirk",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Irene",
    "Jakob",
    "Leon",
    "Mona",
    "Olga",
)
SURNAMES = (
    "Ruiz",
    "Lindqvist",
    "Okafor",
    "Baumann",
    "Tanaka",
    "Moreau",
    "Petrov",
    "Osei",
    "Delgado",
    "Hughes",
    "Kim",
)
TOWNS = ("Leeds", "Bonn", "Lyon", "Porto", "Graz", "Turin", "Ghent")
