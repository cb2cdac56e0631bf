"""Investors, press, community and staff of the sample company: each with its profile and its story written down."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from exchange.operations.demo.cast import COLLEAGUES, DIRECTOR, OTHER_JOB_TITLES, manager_of, team_of
from exchange.operations.demo.world import Placed, World, contacts, invented_name, read_rows
from relationships.models import Party, Relationship
from relationships.operations.parties import create_party
from relationships.operations.relationships import open_relationship

OWN, PUBLISHED = "larkfield", "adventureworks"
LAST_DAY = date(2014, 6, 30)
"""The day on which the published list of employees was drawn."""
STAFF_STORIES = (
    "steady", "devoted", "recovered", "steady", "promises_broken", "warming", "steady", "cooling", "devoted",
    "complaint_open", "steady", "recovered",
)  # fmt: skip
BEEKEEPER = "mei"
OUTLET_FACTS = ("medium", "reach", "region", "language", "beat", "deadline")
WAREHOUSE_TOPICS = ("the night shift", "the new scanners", "the cold store", "loading")
OFFICE_TOPICS = ("the key accounts", "the new system", "the autumn campaign", "the trade fair")


def place_investors(world: World, rng: random.Random) -> None:
    """Every investor, one of them a customer and one an outlet too."""
    for row in read_rows("investors", OWN):
        held = row["held_days_ago"]
        profile = {
            "type": row["type"],
            "style": row["style"],
            "shares_held": int(row["shares"]) if row["shares"] else None,
            "holding_date": _days(world, -int(held)) if held else None,
            "votes_percent": Decimal(row["votes"]) if row["votes"] else None,
            "holder_since_date": _day(row["holder_since_date"]),
            "holder_number": row["holder_number"],
        }
        _place(world, rng, "investors", "investors", row, profile)


def place_press(world: World, rng: random.Random) -> None:
    """Every outlet."""
    for row in read_rows("press", OWN):
        verified = row["verified_days_ago"]
        profile: dict[str, Any] = {
            name: row[name] for name in ("medium", "reach", "region", "language", "beat", "deadline")
        }
        profile |= {"verified_date": _days(world, -int(verified)) if verified else None}
        _place(world, rng, "press", "public", row, profile)


def place_community(world: World, rng: random.Random) -> None:
    """Every body of the community; one of them buys from the company as well."""
    for row in read_rows("community", OWN):
        ends = row["term_ends_in_days"]
        profile: dict[str, Any] = {name: row[name] for name in ("type", "area", "issue", "stance", "permits")}
        profile |= {
            "people_represented": int(row["people"]) if row["people"] else None,
            "term_ends_date": _days(world, int(ends)) if ends else None,
        }
        placed = _place(world, rng, "community", "public", row, profile)
        if row["also"]:
            customer = {**row, "stage": "active", "story": "steady", "topics": "school meals;fruit"}
            segment = {"segment": "Public kitchens"}
            _place(world, rng, row["also"], team_of("UK"), customer, segment, people=placed.people)


def place_staff(world: World, rng: random.Random) -> None:
    """Everybody who signs in but the director, and the people of the warehouse, each with their manager."""
    stories = iter(STAFF_STORIES * 3)
    for colleague in COLLEAGUES:
        if colleague.key != DIRECTOR:
            hired = world.start.date() - timedelta(days=rng.randint(300, 3000))
            party = _person(world, colleague.name, colleague.job_title)
            profile = {"user": world.users[colleague.key], "department": _department(colleague.team)}
            manager = world.users[manager_of(colleague)]
            if colleague.key == BEEKEEPER:
                _sell_honey(world, rng, party)
            _employ(
                world, rng, party, manager,
                hired=hired, story=next(stories), topics=OFFICE_TOPICS, profile=profile,
            )  # fmt: skip
    for row in read_rows("employees", PUBLISHED):
        hired = date.fromisoformat(row["HireDate"]) + (world.now.date() - LAST_DAY)
        party = _person(
            world, invented_name(rng, rng.choice(["english", "german", "iberian"])), row["JobTitle"]
        )
        profile = {"employee_number": f"W-{row['EmployeeID']}", "department": row["Department"]}
        _employ(
            world, rng, party, world.users["olu"],
            hired=hired, story=next(stories), topics=WAREHOUSE_TOPICS, profile=profile,
        )  # fmt: skip


def _sell_honey(world: World, rng: random.Random, party: Party) -> None:
    """Somebody who works here keeps bees and sells us the honey: an employee who is a supplier too."""
    row = {
        "ref": "honey", "name": party.name, "stage": "approved", "story": "steady",
        "topics": "honey;beeswax", "country": "GB",
    }  # fmt: skip
    terms = {"category": "goods", "criticality": 1, "payment_terms_days": 14}
    _place(world, rng, "suppliers", "suppliers", row, terms, party=party, people=[party])


def _place(
    world: World,
    rng: random.Random,
    kind: str,
    team: str,
    row: Mapping[str, str],
    profile: Mapping[str, Any],
    *,
    party: Party | None = None,
    people: list[Party] | None = None,
) -> Placed:
    """A relationship from its row; a party of that name that is there already gets it as a further role."""
    known = party or Party.objects.filter(name=row["name"], is_sample=True).first()
    seen = known or _party(world, rng, row)
    if people is None:
        people = [seen] if seen.is_person else _known_people(seen)
        titles = OTHER_JOB_TITLES[kind]
        people = people or contacts(world, rng, seen, titles, country=_country_name(row["country"]))
    staff = world.staff_of(team)
    relationship = _open(
        world, world.users["sam"], seen, kind, staff[len(world.placed) % len(staff)],
        opened_at=world.start - timedelta(days=rng.randint(20, 700)), stage=row["stage"], ref=row["ref"],
        team=team, profile=profile,
    )  # fmt: skip
    placed = Placed(relationship, people, row["topics"].split(";"), relationship.owner, rng, row["story"])
    world.placed.append(placed)
    return placed


def _employ(
    world: World,
    rng: random.Random,
    party: Party,
    manager: User,
    *,
    hired: date,
    story: str,
    topics: tuple[str, ...],
    profile: Mapping[str, Any],
) -> None:
    """The relationship of employer and employee, opened by HR for the manager, as old as the employment."""
    fixed = rng.random() < 0.15
    facts = {
        "worksite": "Depot" if profile["department"] != "Head office" else "Head office",
        "employment": "fixed_term" if fixed else "permanent",
        "contract_hours": Decimal(rng.choice(["37.5", "37.5", "37.5", "30.0", "22.5"])),
        "hired_date": hired,
        "contract_ends_date": _days(world, rng.randint(25, 300)) if fixed else None,
        **profile,
    }
    opened_at = datetime(hired.year, hired.month, hired.day, 9, tzinfo=world.now.tzinfo)
    relationship = _open(
        world, world.users["grace"], party, "staff", manager,
        opened_at=opened_at, stage=rng.choice(["settled", "settled", "growing"]), ref=f"E{party.pk}",
        profile=facts,
    )  # fmt: skip
    world.placed.append(Placed(relationship, [party], list(topics), manager, rng, story))


def _open(
    world: World,
    actor: User,
    party: Party,
    kind: str,
    owner: User,
    *,
    opened_at: datetime,
    stage: str,
    ref: str,
    profile: Mapping[str, Any],
    team: str = "",
) -> Relationship:
    return open_relationship(
        actor=actor,
        party=party,
        kind=kind,
        now=max(opened_at, party.created_at) + timedelta(hours=1),
        opened_at=opened_at,
        owner=owner,
        team=world.teams.get(team),
        stage=stage,
        source=OWN,
        external_ref=ref,
        is_sample=True,
        profile=profile,
    )


def _party(world: World, rng: random.Random, row: Mapping[str, str]) -> Party:
    return create_party(
        actor=world.users["sam"],
        kind=row["party_kind"],
        name=row["name"],
        now=world.start - timedelta(days=rng.randint(30, 900)),
        place=row["place"],
        country=row["country"],
        sector=row.get("sector", ""),
        is_sample=True,
    )


def _person(world: World, name: str, job_title: str) -> Party:
    """Somebody who works for the company, written down by HR."""
    return create_party(
        actor=world.users["grace"],
        kind="person",
        name=name,
        now=world.start - timedelta(days=20),
        job_title=job_title,
        country="GB",
        is_sample=True,
    )


def _known_people(party: Party) -> list[Party]:
    """Who works for a party that has another role already."""
    links = party.links_out.filter(type__slug="employs").select_related("target_party").order_by("pk")
    return [link.target_party for link in links]


def _department(team: str) -> str:
    return "Shipping and Receiving" if team == "warehouse" else "Head office"


def _country_name(code: str) -> str:
    """The country as the lists of invented names call it; any other gets English ones."""
    return {"DE": "Germany", "CH": "Switzerland", "SE": "Sweden", "NO": "Norway"}.get(code, "")


def _days(world: World, days: int) -> date:
    return world.now.date() + timedelta(days=days)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
