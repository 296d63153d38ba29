"""600 written texts and what became of each: read, answered, solved, forgotten. All of it goes through the doors that users have."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from django.db.models import Q

from luuppi.capture.drafts import CustomerIn, Draft, FeedbackIn, ScoresIn
from luuppi.capture.models import FeedbackItem
from luuppi.capture.receiving import receive
from luuppi.demo import clock
from luuppi.demo.company import Company
from luuppi.inner_loop import answering, assigning, closing, going_through, noting, replying, routing
from luuppi.inner_loop.models import Case
from luuppi.journal.models import LoopEvent
from luuppi.meaning.cleaning import clean
from luuppi.people.models import Customer
from luuppi.running import todo
from luuppi.running.models import Todo

TEXTS = Path(__file__).parent / "texts"
_HANDLERS = {"deliveries": "Mikko", "phones": "Pekka", "returns-team": "Noora", "shop": "Ville"}
_STANDARD = {
    "fi": "Hei, kiitos että kerroit. Olen pahoillani tästä vaivasta. Selvitin asian, ja se on hoidettu. Jos jokin jäi auki, vastaa tähän viestiin.",
    "sv": "Hej, tack för att du berättade. Jag är ledsen för besväret. Jag har utrett saken och den är ordnad."
    " Svara på det här meddelandet om något blev oklart.",
    "en": "Hello, thank you for telling us. I am sorry for the trouble. I have looked into it and it is taken care of."
    " Reply to this message if anything is still open.",
}
_THANKS = {
    "fi": "Hei, kiitos kun kirjoitit. Luin palautteesi ja vein sen tiimin viikkopalaveriin. Kerromme sinulle, jos se johtaa muutokseen.",
    "sv": "Hej, tack för att du skrev. Jag har läst din feedback och tog med den till teamets veckomöte. Vi berättar om den leder till en ändring.",
    "en": "Hello, thank you for writing. I have read your feedback and took it to the team's weekly meeting."
    " We will tell you if it leads to a change.",
}
_REPLIES = {"fi": "Kiitos, nyt toimii.", "sv": "Tack, nu fungerar det.", "en": "Thank you, it works now."}
_NOT_YET = {"fi": "Ei tullut vieläkään.", "sv": "Det har fortfarande inte kommit.", "en": "It still has not come."}


@dataclass
class Story:
    """One text, when it came, and the item that it became."""

    text: dict
    at: datetime
    item: FeedbackItem | None = None
    themes: list[str] = field(default_factory=list)


def read_texts() -> list[dict]:
    return [json.loads(line) for language in ("fi", "sv", "en") for line in (TEXTS / f"{language}.jsonl").read_text().splitlines()]


def read_replies() -> dict[str, dict]:
    """The written answers, by the id of the text that they answer."""
    return {reply["answers"]: reply for reply in json.loads((TEXTS / "replies.json").read_text())}


@dataclass
class _Past:
    """What every story is told with."""

    company: Company
    random: Random
    now: datetime
    replies: dict[str, dict] = field(default_factory=read_replies)
    silent: Iterator[bool] = field(default_factory=lambda: cycle((True, False, False)))  # of the answered lately, who has said nothing yet


def plan(company: Company, random: Random, today: date, now: datetime, done: dict[str, date]) -> list[Story]:
    """When each text came: more of them lately; those that speak of a season in it; those that know of a change after it."""
    stories = []
    for text in read_texts():
        day = _day_for(text, random, today, done)
        moment = datetime.combine(day, time(random.randrange(7, 22), random.randrange(60), random.randrange(60)), tzinfo=company.organisation.zone)
        latest = now.astimezone(company.organisation.zone) - timedelta(minutes=20)
        stories.append(
            Story(
                text, min(moment, latest - timedelta(minutes=random.randrange(400))) if moment > latest else moment, themes=text["themes"]
            )
        )
    return sorted(stories, key=lambda story: story.at)


def _day_for(text: dict, random: Random, today: date, done: dict[str, date]) -> date:
    earliest = done.get(text["after"] or "")
    for _ in range(400):
        ago = random.randrange(0, 35) if random.random() < 0.3 else random.randrange(0, 540)
        day = today - timedelta(days=ago)
        if (earliest is None or day > earliest + timedelta(days=7)) and (text["month"] is None or day.month == text["month"]):
            return day
    return (earliest or today - timedelta(days=30)) + timedelta(days=10)


def tell(company: Company, random: Random, stories: list[Story], now: datetime) -> None:
    """Receive every text at its time and let people do with it what they did."""
    past = _Past(company, random, now)
    givers = _givers(company, random, stories)
    for story, customer in zip(stories, givers, strict=True):
        with clock.at(story.at):
            story.item = _receive(company, story, customer, random)
        _live(past, story)


def _givers(company: Company, random: Random, stories: list[Story]) -> list[Customer | None]:
    """A customer who speaks the language of the text; one in eight stays anonymous. Aino and Eero gave what their names stand under."""
    by_language: dict[str, list[Customer]] = {}
    for customer in company.customers[2:]:
        by_language.setdefault(customer.language, []).append(customer)
    named = {"Aino": company.customers[0], "Eero": company.customers[1]}
    return [
        named.get(story.text["customer_name_hint"] or "")
        or (None if random.random() < 0.12 and not story.text["wants_contact"] else random.choice(by_language[story.text["language"]]))
        for story in stories
    ]


def _receive(company: Company, story: Story, customer: Customer | None, random: Random) -> FeedbackItem:
    text = story.text
    scores = {name: text[name] for name in ("nps", "csat", "ces") if text[name] is not None}
    item = FeedbackIn(
        kind=text["kind"],
        text=text["text"],
        language=text["language"],
        touchpoint=text["touchpoint"],
        scores=ScoresIn(**scores) if scores else None,
        customer=CustomerIn(external_id=customer.external_id) if customer else None,
        wants_contact=text["wants_contact"],
        contact_by="email" if text["wants_contact"] else None,
        external_id=text["id"],
        attributes={"segment": company.segments[customer.pk]} if customer else {},
    )
    channel = "survey" if text["kind"] == "survey" else random.choices(["form", "staff", "api"], [0.7, 0.2, 0.1])[0]
    draft = Draft(item, channel=channel, source="lumi", knows_addresses=True, acknowledged=channel != "staff")
    [received] = receive([draft], organisation=company.organisation, by="customer", now=story.at)
    Todo.objects.filter(kind="react").delete()
    clean([received.item_id])
    routing.open_case_when_needed(list(LoopEvent.objects.filter(item=received.item_id, kind="received")))
    return FeedbackItem.objects.select_related("organisation", "team", "progress").get(pk=received.item_id)


def _live(past: _Past, story: Story) -> None:
    """What happens to one item: its case if it got one, else somebody goes through it, or nobody does."""
    company, random, now = past.company, past.random, past.now
    age = now - story.at
    case = Case.objects.filter(case_items__item=story.item.pk, case_items__in_open_case=True).select_related("organisation", "team", "owner").first()
    handler = _handler(company, story.item)
    if case is None:
        _without_case(past, story, handler)
        return
    if random.random() < (0.0 if age > timedelta(days=50) else 0.1 if age > timedelta(days=4) else 0.3) and story.text["id"] not in past.replies:
        return  # forgotten, or not reached yet
    taken_at = story.at + timedelta(hours=random.uniform(0.4, 20))
    if taken_at > now:
        return
    with clock.at(taken_at):
        assigning.assign_case(case, to=handler, by=company.members["Sari"] if handler.name != "Ville" else company.members["Oskar"])
        if random.random() < 0.12:
            noting.write_note(case, text="Sama asia kuin eilisessä tapauksessa, tarkistan varastolta.", by=handler)
    _answer(past, story, case, handler, taken_at)


def _without_case(past: _Past, story: Story, handler) -> None:
    """Somebody goes through it; most givers of an idea or a middling score get a few words of thanks, as does some praise."""
    random, now = past.random, past.now
    age = now - story.at
    read_at = story.at + timedelta(hours=random.uniform(2, 40))
    if read_at > now or random.random() > (1.0 if age > timedelta(days=40) else 0.9 if age > timedelta(days=2) else 0.5):
        return
    with clock.at(read_at):
        going_through.go_through(story.item, by=handler)
        if random.random() > (0.3 if story.text["kind"] == "praise" else 0.8 if age > timedelta(days=14) else 0.5):
            return
        case = routing.open_case(story.item, by=handler)
        answering.write_answer(case, text=_THANKS[story.text["language"]], by=handler, key=f"demo-{story.text['id']}")
    _send_mail(read_at + timedelta(seconds=15))
    with clock.at(read_at + timedelta(minutes=1)):
        closing.close_case(
            Case.objects.select_related("organisation", "team", "owner").get(pk=case.pk), by=handler, outcome="solved", key="demo-close"
        )
    _send_mail(read_at + timedelta(seconds=75))


def _answer(past: _Past, story: Story, case: Case, handler, taken_at: datetime) -> None:
    random, now, reply = past.random, past.now, past.replies.get(story.text["id"])
    answered_at = taken_at + timedelta(hours=random.uniform(0.3, 26))
    if answered_at > now or (now - story.at < timedelta(days=9) and reply is None and random.random() < 0.35):
        return
    with clock.at(answered_at):
        promised = answered_at.date() + timedelta(days=reply["promised_in_days"]) if reply and reply["promised_in_days"] else None
        answering.write_answer(
            case,
            text=reply["text"] if reply else _STANDARD[story.text["language"]],
            by=handler,
            promised_on=promised,
            key=f"demo-{story.text['id']}",
        )
    _send_mail(answered_at + timedelta(seconds=15))
    heard_at = answered_at + timedelta(hours=random.uniform(1, 60))
    still_waits = promised is None and now - answered_at < timedelta(days=8) and next(past.silent)
    if still_waits or heard_at > now:
        return
    draw = random.random()
    with clock.at(heard_at):
        if draw < 0.48:
            closing.confirm(story.item, solved=True, key="demo", ces=random.choice([4, 5, 6, 6, 7]))
            return
        if draw < 0.56:
            replying.receive_reply(story.item, text=_NOT_YET[story.text["language"]], key="demo-reply")
            if now - heard_at < timedelta(days=3):
                return
        elif draw < 0.66:
            replying.receive_reply(story.item, text=_REPLIES[story.text["language"]], key="demo-reply")
    closed_at = heard_at + timedelta(hours=random.uniform(2, 50))
    if closed_at > now:
        return
    with clock.at(closed_at):
        case = Case.objects.select_related("organisation", "team", "owner").get(pk=case.pk)
        if not case.is_closed:
            closing.close_case(
                case,
                by=handler,
                outcome=random.choices(["solved", "partly"], [0.85, 0.15])[0],
                text=_STANDARD[story.text["language"]] if draw < 0.56 else "",
                key="demo-close",
            )
    _send_mail(closed_at + timedelta(seconds=15))


def _handler(company: Company, item: FeedbackItem):
    for key, name in _HANDLERS.items():
        if item.team_id == company.teams[key].pk:
            return company.members[name]
    return company.members["Sari"]


def _send_mail(moment: datetime) -> None:
    """Let the mail that is due leave, as the worker would at that moment."""
    with clock.at(moment):
        work = todo.WORKS["mail"]
        due = list(Todo.objects.filter(Q(kind="mail"), due_at__lte=moment))
        if due:
            todo.do(work, due)
