"""What `./run demo` prints: who to be, and which parcels to follow."""

from django.conf import settings

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import tracking_url
from luuppi.demo.company import PEOPLE, SLUG
from luuppi.people.models import Member, Organisation
from luuppi.people.organising import create_sign_in_link

_ROLES = {
    "frontline": "works the queue",
    "supervisor": "sees that nobody waits",
    "manager": "decides on improvements",
    "executive": "reads the figures",
    "analyst": "themes and imports",
    "admin": "sets everything up",
}


def lines() -> list[str]:
    organisation = Organisation.objects.get(slug=SLUG)
    said = [
        "",
        "Lumi is an invented parcel and web-shop company; everything in it is made up. Be one of its people (each link works once, on this machine):",
    ]
    seen = set()
    for name, role, _team, _shows in PEOPLE:
        if role in seen:
            continue
        seen.add(role)
        member = Member.objects.select_related("user").get(organisation=organisation, user__email=f"{name.lower()}@lumi.example.com")
        said.append(f"  {name:<7}{role:<11}{_ROLES[role]:<26}{settings.BASE_URL}{create_sign_in_link(member.user)}")
    said += ["", "Or a customer:", f"  give feedback                               {settings.BASE_URL}/f/{SLUG}"]
    for words, item in tracked():
        said.append(f"  {words:<44}{tracking_url(item.pk, counter=item.link_counter)}")
    said += [f"  what customers said and what was done       {settings.BASE_URL}/said-and-done/{SLUG}", ""]
    return said


def tracked() -> list[tuple[str, FeedbackItem]]:
    """Three items whose tracking pages tell something: told what came of it, answered and asked, just arrived."""
    items = FeedbackItem.objects.filter(organisation__slug=SLUG, imported_by=None).exclude(text="").order_by("-id")
    asked = {
        "follow one that led to an improvement": items.filter(
            language="fi", progress__told_at__isnull=False, progress__solved_at__isnull=False, improvement_items__improvement__number=1
        ),
        "follow one that was answered": items.filter(
            # Whether its case is still open depends on the hour at which the demo was made; its giver is asked either way.
            language="fi",
            kind__in=("survey", "complaint"),
            progress__answered_at__isnull=False,
            progress__solved_at=None,
            progress__told_at=None,
        ),
        "follow one that has just arrived": items.filter(language="fi", progress__answered_at=None, case_items__in_open_case=True),
    }
    return [(words, item) for words, rows in asked.items() if (item := rows.first()) is not None]
