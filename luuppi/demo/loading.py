"""Building the demo organisation: in one transaction, so that it is there whole or not at all. Everything in it is invented."""

import json
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from luuppi.demo import answers, improvements, stories
from luuppi.demo.company import SLUG, Company, found_company
from luuppi.demo.stories import TEXTS, Story
from luuppi.meaning.models import Coding, Theme
from luuppi.people.models import Organisation
from luuppi.running import todo

_SEED = 11  # one whose draws lie near the planted truth: what is said of the two improvements holds on every day of the year


def is_loaded() -> bool:
    return Organisation.objects.filter(slug=SLUG, is_demo=True).exists()


def holds_more() -> bool:
    """Whether there is another organisation than the demo: then nothing is thrown away."""
    return Organisation.objects.exclude(slug=SLUG, is_demo=True).exists()


def load_demo(say=lambda words: None) -> bool:
    """Build Lumi; returns False when it is there already. `say` hears how far it is."""
    if is_loaded():
        return False
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # for this process alone: what breaks off is built again
    with transaction.atomic():
        _build(Random(_SEED), say)  # noqa: S311 a simulation, not a secret
    return True


def _build(random: Random, say) -> None:
    now = timezone.now()
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    say("people, teams and 2 000 customers")
    company = found_company(random, now - timedelta(days=answers.DAYS + 30))
    done = improvements.days_done(today)
    planted = [
        answers.Planted(w["touchpoint"], done[w["key"]], w["planted_effect"]["points"])
        for w in improvements.read_improvements()
        if w["key"] in done and w["planted_effect"]
    ]
    say("12 000 survey answers of 18 months")
    answers.bring_in(company, random, today, planted, now)
    say("600 pieces of feedback in words, and what became of them")
    told = stories.plan(company, random, today, now, done)
    stories.tell(company, random, told, now)
    say("themes, causes and five improvements")
    themes = _themes(company, told, now)
    improvements.improve(company, told, themes, today)
    _leave_for_the_worker(company, now)


def _leave_for_the_worker(company: Company, now: datetime) -> None:
    """What takes the processor a while happens after the first page has been seen: the codebook is learnt, new themes are proposed."""
    organisation = company.organisation.pk
    later = now + timedelta(minutes=2)
    todo.add("themes.learn", f"organisation-{organisation}", {"organisation": organisation}, organisation_id=organisation, due_at=later)
    todo.add(
        "themes.propose",
        f"organisation-{organisation}",
        {"organisation": organisation, "fineness": 2.0},
        organisation_id=organisation,
        due_at=later + timedelta(minutes=1),
    )


def _themes(company: Company, told: list[Story], now: datetime) -> dict[str, Theme]:
    """The codebook as an analyst left it: names in three languages, and the themes that people put on the texts."""
    named = json.loads((TEXTS / "themes.json").read_text())
    themes = {
        entry["key"]: Theme.objects.create(organisation=company.organisation, key=entry["key"].replace("_", "-"), names=entry["name"])
        for entry in named
    }
    actor = company.members["Antti"].actor
    codings = [
        Coding(
            item=story.item,
            organisation=company.organisation,
            theme=themes[key],
            touchpoint=story.item.touchpoint_id,
            polarity=_polarity(story.text),
            by=actor,
            at=min(max(story.at, now - timedelta(days=540)) + timedelta(hours=6), now),
        )
        for story in told
        for key in story.themes
    ]
    Coding.objects.bulk_create(codings, batch_size=500)
    return themes


def _polarity(text: dict) -> int:
    if text["kind"] == "praise":
        return 1
    if text["kind"] == "complaint":
        return -1
    score = text["nps"]
    return 0 if score is None else 1 if score >= 9 else -1 if score <= 6 else 0
