"""Lumi, an invented parcel and web-shop company: its tree of teams, its people in every role, its touchpoints and customers."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from luuppi.capture.models import Survey, Touchpoint
from luuppi.people.models import Customer, CustomerAddress, Member, Organisation, Team
from luuppi.people.organising import add_member, create_organisation, create_team

SLUG = "lumi"
TEAMS = [  # key, name, under
    ("service", "Asiakaspalvelu", None),
    ("phones", "Puhelin ja chat", "service"),
    ("deliveries", "Toimitukset", "service"),
    ("returns-team", "Palautukset", "service"),
    ("shop", "Verkkokauppa", None),
]
TOUCHPOINTS = [  # key, team, fi, sv, en
    ("delivery", "deliveries", "Toimitus", "Leverans", "Delivery"),
    ("pick-up-point", "deliveries", "Noutopiste", "Utlämningsställe", "Pick-up point"),
    ("returns", "returns-team", "Palautus", "Retur", "Returns"),
    ("customer-service", "phones", "Asiakaspalvelu", "Kundtjänst", "Customer service"),
    ("web-shop", "shop", "Verkkokauppa", "Webbutik", "Web shop"),
    ("checkout", "shop", "Kassa", "Kassan", "Checkout"),
]
PEOPLE = [  # name, role, team, shows name, words for the greeting
    ("Mikko", "frontline", "deliveries", True),
    ("Sari", "supervisor", "service", True),
    ("Leena", "manager", "lumi", False),
    ("Elisa", "executive", "lumi", False),
    ("Antti", "analyst", "lumi", False),
    ("Ylva", "admin", "lumi", False),
    ("Pekka", "frontline", "phones", False),
    ("Noora", "frontline", "returns-team", True),
    ("Ville", "frontline", "shop", False),
    ("Oskar", "supervisor", "shop", True),
]
N_CUSTOMERS = 2_000
SEGMENTS = [("home", 0.7), ("plus", 0.2), ("business", 0.1)]


@dataclass
class Company:
    organisation: Organisation
    teams: dict[str, Team]
    members: dict[str, Member]
    touchpoints: dict[str, Touchpoint]
    customers: list[Customer]
    segments: dict[int, str]


def found_company(random: Random, since: datetime) -> Company:
    organisation = create_organisation(SLUG, name="Lumi", language="fi", colour="#8c1d4f", contact_email="palaute@lumi.example.com", is_demo=True)
    teams = {SLUG: organisation.root_team}
    for key, name, under in TEAMS:
        teams[key] = create_team(organisation, key=key, name=name, under=teams[under or SLUG])
    touchpoints = {
        key: Touchpoint.objects.create(organisation=organisation, team=teams[team], key=key, names={"fi": fi, "sv": sv, "en": en})
        for key, team, fi, sv, en in TOUCHPOINTS
    }
    members = {}
    for name, role, team, shows_name in PEOPLE:
        member = add_member(organisation, email=f"{name.lower()}@lumi.example.com", name=name, roles=[(role, teams[team])])
        member.shows_name = shows_name
        member.save(update_fields=["shows_name"])
        member.organisation = organisation
        members[name] = member
    Survey.objects.create(organisation=organisation, key="lumi-toimitus", name="Toimituksen jälkeen", touchpoint=touchpoints["delivery"])
    customers = _customers(organisation, random, since)
    segments = dict(
        zip((c.pk for c in customers), random.choices([s for s, _w in SEGMENTS], [w for _s, w in SEGMENTS], k=len(customers)), strict=True)
    )
    return Company(organisation, teams, members, touchpoints, customers, segments)


def _customers(organisation: Organisation, random: Random, since: datetime) -> list[Customer]:
    """Numbered, as a shop knows them; the first two have a name, because stories are told of them."""
    names = {0: "Aino", 1: "Eero"}
    languages = random.choices(["fi", "sv", "en"], [0.72, 0.16, 0.12], k=N_CUSTOMERS)
    made = Customer.objects.bulk_create(
        [
            Customer(
                organisation=organisation,
                external_id=f"C-{1001 + n}",
                name=names.get(n, ""),
                language="fi" if n < 2 else languages[n],
                created_at=since,
            )
            for n in range(N_CUSTOMERS)
        ],
        batch_size=1000,
    )
    addresses = [
        CustomerAddress(
            organisation=organisation,
            customer=customer,
            kind=CustomerAddress.EMAIL,
            value=f"{customer.name.lower() or customer.external_id.lower()}@example.com",
        )
        for customer in made
        if customer.name or random.random() < 0.85
    ]
    CustomerAddress.objects.bulk_create(addresses, batch_size=1000)
    return made
