"""Makes the sample company's people, its parties and their contacts, through the same operations as everybody."""

import csv
import random
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import BusinessUnit, Team, TeamMembership, User
from accounts.operations.roles import add_grant
from exchange.operations.demo.cast import (
    COLLEAGUES,
    COUNTRY_CODE,
    FAMILY,
    GIVEN,
    JOB_TITLES,
    REGION,
    SUPPLIER_JOB_TITLES,
    TEAMS,
    Colleague,
    team_of,
)
from relationships.models import ContactPoint, LinkType, Party, PartyLink, Relationship
from relationships.operations.parties import create_party
from relationships.operations.relationships import open_relationship

DATA = Path(__file__).resolve().parents[3] / "demo"
SOURCE = "northwind"
ALSO_CUSTOMERS = ("1", "7", "16", "20")
"""Suppliers that buy from the company as well: one party, two relationships."""

LAPSED_AFTER_DAYS, KNOWN_AFTER_DAYS, RENEWING_DAYS = 180, 300, 60
"""Without an order for longer than the first a customer has lapsed, younger than the second it is new, and within the
third of its renewal it is renewing."""


@dataclass
class Placed:
    """A relationship of the sample company with the people on the other side and what is traded or spoken of.

    `story` is how it goes when that is written down beside it; else it is drawn.
    """

    relationship: Relationship
    people: list[Party]
    products: list[str]
    rep: User
    rng: random.Random
    story: str = ""


@dataclass
class World:
    """Everything made so far."""

    rng: random.Random
    unit: BusinessUnit
    system: User
    now: datetime
    start: datetime
    users: dict[str, User] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    link_types: dict[str, LinkType] = field(
        default_factory=lambda: {t.slug: t for t in LinkType.objects.all()}
    )
    placed: list[Placed] = field(default_factory=list)

    def staff_of(self, team: str) -> list[User]:
        """The people of a team, its lead first."""
        return [self.users[c.key] for c in COLLEAGUES if c.team == team]


def read_rows(name: str, folder: str = "northwind") -> list[dict[str, str]]:
    """The rows of one of the sample's files."""
    with (DATA / folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def hire(world: World) -> None:
    """Makes teams and sign-ins; each sign-in gets a random password of its own."""
    for key, name in TEAMS.items():
        world.teams[key], _made = Team.objects.get_or_create(name=name, business_unit=world.unit)
    for colleague in COLLEAGUES:
        _hire_one(world, colleague)


def _hire_one(world: World, colleague: Colleague) -> None:
    password = secrets.token_urlsafe(12)
    joined = world.start - timedelta(days=400)
    user = _sign_in(colleague, password, joined)
    world.users[colleague.key], world.passwords[colleague.key] = user, password
    team = world.teams.get(colleague.team)
    if team:
        TeamMembership.objects.create(user=user, team=team, started_at=joined)
        if colleague.leads:
            team.lead = user
            team.save(update_fields=["lead"])
    for kind in (colleague.kinds or ("",)) if colleague.role else ():
        add_grant(actor=world.system, user=user, role=colleague.role, kind=kind, now=joined)


def _sign_in(colleague: Colleague, password: str, joined: datetime) -> User:
    """A new sign-in, or the one that an earlier removal of the sample could only deactivate."""
    known = User.objects.filter(email=colleague.email, is_sample=True).first()
    if known is None:
        return User.objects.create_user(
            colleague.email,
            colleague.name,
            password,
            job_title=colleague.job_title,
            is_sample=True,
            date_joined=joined,
        )
    known.is_active, known.deactivated_at, known.deactivated_by = True, None, None
    known.set_password(password)
    known.save()
    return known


def place_customers(world: World) -> None:
    """Every customer of the published set, with the products it has ordered."""
    ordered: dict[str, list[str]] = {}
    days: dict[str, list[date]] = {}
    for line in read_rows("order_lines"):
        ordered.setdefault(line["CustomerID"], []).append(line["ProductName"])
        days.setdefault(line["CustomerID"], []).append(date.fromisoformat(line["OrderDate"]))
    end = max(max(each) for each in days.values())
    for row in read_rows("customers"):
        party = _firm(world, row["CompanyName"], row["City"], row["Country"], "Food trade")
        team = team_of(row["Country"].strip())
        products = ordered.get(row["CustomerID"], ["mixed groceries"])
        stage = _stage_of([(end - day).days for day in days.get(row["CustomerID"], [])])
        _place(
            world, party, "customers", row["CustomerID"], team, products, country=row["Country"], stage=stage
        )


def _stage_of(ages: Sequence[int]) -> str:
    """Where a customer stands who ordered so many days ago."""
    if not ages:
        return "prospect"
    if min(ages) > LAPSED_AFTER_DAYS:
        return "lapsed"
    return "onboarding" if max(ages) < KNOWN_AFTER_DAYS else "active"


def place_suppliers(world: World) -> None:
    """Every supplier of the published set; a few of them are customers too."""
    products: dict[str, list[str]] = {}
    for row in read_rows("products"):
        products.setdefault(row["SupplierID"], []).append(row["ProductName"])
    for row in read_rows("suppliers"):
        party = _firm(world, row["CompanyName"], row["City"], row["Country"], row["Categories"])
        goods = products[row["SupplierID"]]
        placed = _place(
            world, party, "suppliers", row["SupplierID"], "suppliers", goods, country=row["Country"]
        )
        if row["SupplierID"] in ALSO_CUSTOMERS:
            team = team_of(row["Country"].strip())
            ref = f"S{row['SupplierID']}"
            _place(
                world,
                party,
                "customers",
                ref,
                team,
                goods,
                country=row["Country"],
                stage="active",
                people=placed.people,
            )


def _firm(world: World, name: str, city: str, country: str, sector: str) -> Party:
    made = world.start - timedelta(days=world.rng.randint(30, 900))
    return create_party(
        actor=world.users["sam"],
        kind="organisation",
        name=name,
        now=made,
        place=city,
        country=COUNTRY_CODE[country.strip()],
        sector=sector[:80],
        is_sample=True,
    )


def _place(
    world: World,
    party: Party,
    kind: str,
    ref: str,
    team: str,
    products: list[str],
    *,
    country: str,
    stage: str = "",
    people: list[Party] | None = None,
) -> Placed:
    staff = world.staff_of(team)
    rep = staff[len(world.placed) % len(staff)]
    stage, profile = _standing(world, kind, stage)
    relationship = open_relationship(
        actor=staff[0],
        party=party,
        kind=kind,
        now=party.created_at + timedelta(hours=1),
        owner=rep,
        team=world.teams[team],
        stage=stage,
        source=SOURCE,
        external_ref=ref,
        is_sample=True,
        profile=profile,
    )
    if people is None:
        titles = JOB_TITLES if kind == "customers" else SUPPLIER_JOB_TITLES
        people = contacts(world, world.rng, party, titles, country=country)
    placed = Placed(relationship, people, products, rep, world.rng)
    world.placed.append(placed)
    return placed


def _standing(world: World, kind: str, stage: str) -> tuple[str, dict[str, Any]]:
    """The stage, drawn where none is known, and the profile; who is about to renew is not merely active."""
    stage = stage or world.rng.choice(["approved", "approved", "preferred"])
    profile = _profile(world, kind)
    renewal = profile.get("renewal_date")
    soon = renewal and (renewal - world.now.date()).days <= RENEWING_DAYS
    return ("renewing" if stage == "active" and soon else stage), profile


def _profile(world: World, kind: str) -> dict[str, Any]:
    if kind == "customers":
        segment = world.rng.choice(["Retail", "Restaurants", "Wholesale", "Delicatessen"])
        renewal = (world.now + timedelta(days=world.rng.randint(10, 330))).date()
        return {"segment": segment, "renewal_date": renewal if world.rng.random() < 0.3 else None}
    return {"criticality": world.rng.choice([1, 2, 2, 3, 3, 4, 5]), "payment_terms_days": 30}


def contacts(
    world: World, rng: random.Random, party: Party, titles: Sequence[tuple[str, str]], *, country: str
) -> list[Party]:
    """People of a party, written in bulk: sample people need no history of their own.

    `titles` are jobs with the link that says what weight the person has there; some of them are filled.
    """
    region = REGION.get(country.strip(), "english")
    titles = titles[: rng.choice([1, 2, 2, 3, 3, 4])]
    made = party.created_at + timedelta(hours=2)
    author = world.users["sam"]
    people = Party.objects.bulk_create(
        Party(
            kind="person",
            name=invented_name(rng, region),
            job_title=job_title,
            country=party.country,
            is_sample=True,
            created_at=made,
            created_by=author,
        )
        for job_title, _role in titles
    )
    ContactPoint.objects.bulk_create(
        point for person in people for point in _contact_points(rng, party, person)
    )
    _link(world, rng, party, people, [role for _title, role in titles])
    return people


def invented_name(rng: random.Random, region: str) -> str:
    """A name of nobody."""
    return f"{rng.choice(GIVEN[region])} {rng.choice(FAMILY[region])}"


def _link(world: World, rng: random.Random, party: Party, people: list[Party], roles: list[str]) -> None:
    """Each works for the party, and has a say in it."""
    made = people[0].created_at
    since = (made - timedelta(days=rng.randint(100, 2000))).date()
    common = {"since_date": since, "created_at": made, "created_by": world.users["sam"]}
    PartyLink.objects.bulk_create(
        PartyLink(source_party=party, target_party=person, type=world.link_types["employs"], **common)
        for person in people
    )
    PartyLink.objects.bulk_create(
        PartyLink(
            source_party=person,
            target_party=party,
            type=world.link_types[role],
            influence=rng.randint(2, 5),
            **common,
        )
        for person, role in zip(people, roles, strict=True)
    )


def _contact_points(rng: random.Random, party: Party, person: Party) -> list[ContactPoint]:
    address = f"{_plain(person.name)}@{_plain(party.name)}.example"
    number = f"020 7946 0{rng.randrange(1000):03d}"
    facts = {"party": person, "created_at": person.created_at, "is_preferred": True}
    return [
        ContactPoint(kind="email", value=address, normalised=address, label="Work", **facts),
        ContactPoint(
            kind="phone",
            value=number,
            normalised="+44" + number.replace(" ", "")[1:],
            label="Direct",
            **facts,
        ),
    ]


def _plain(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
