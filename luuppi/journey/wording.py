"""Loop events in words: for the customer whose feedback it is, and for members. The journal holds ids alone; names are looked up here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from luuppi.inner_loop.models.case import NOT_TOLD_BECAUSE, OUTCOMES
from luuppi.journal import kinds
from luuppi.journal.kinds import KINDS, Kind
from luuppi.journal.models import LoopEvent
from luuppi.outer_loop.models import Improvement
from luuppi.people.models import ApiToken, Member, Team

ROLE_WORDS = {
    "frontline": gettext_noop("A customer adviser"),
    "supervisor": gettext_noop("A supervisor"),
    "manager": gettext_noop("A manager"),
    "executive": gettext_noop("A member of the management"),
    "analyst": gettext_noop("An analyst"),
    "admin": gettext_noop("A member of our staff"),
}


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a kind of event is called when the event says `when`. customer: None keeps the words of the kind."""

    kind: Kind
    when: Callable[[LoopEvent], bool]
    staff: str
    customer: str | None = None


OTHERWISE = [
    Otherwise(
        kinds.WITHDRAWN,
        lambda event: "undone_import" in event.data,
        staff=gettext_lazy("{by} undid the import that it came in"),
        customer=gettext_lazy("{role} undid the import that it came in"),
    ),
    Otherwise(kinds.ASSIGNED, lambda event: event.data.get("to") == event.by, staff=gettext_lazy("{by} took the case")),
    Otherwise(
        kinds.HANDED_OFF, lambda event: event.data.get("reason") == "left", staff=gettext_lazy("{earlier} left, and the case went to {to}")
    ),
    Otherwise(
        kinds.HANDED_OFF,
        lambda event: event.data.get("reason") == "away",
        staff=gettext_lazy("{earlier} is away, and the case went to {to}"),
    ),
    Otherwise(
        kinds.HANDED_OFF,
        lambda event: event.data.get("reason") == "role",
        staff=gettext_lazy("{earlier} has another role now, and the case went to {to}"),
    ),
    Otherwise(
        kinds.ESCALATED,
        lambda event: event.data.get("reason") == "not-solved",
        staff=gettext_lazy("A supervisor sees the case too, since the customer says that it is not solved"),
    ),
    Otherwise(kinds.ESCALATED, lambda event: bool(event.data.get("to")), staff=gettext_lazy("{by} asked {to} for help")),
    Otherwise(
        kinds.HANDED_OFF,
        lambda event: event.data.get("reason") == "taken-back",
        staff=gettext_lazy("{by} took that back: the case is with {to} again"),
    ),
    Otherwise(
        kinds.HANDED_OFF, lambda event: event.data.get("to") == event.by, staff=gettext_lazy("{by} took the case over from {earlier}")
    ),
    Otherwise(
        kinds.HANDED_OFF, lambda event: event.data.get("earlier") in (None, "", event.by), staff=gettext_lazy("{by} moved the case to {to}")
    ),
]


@dataclass(frozen=True, slots=True)
class Told:
    """One event, ready to be shown."""

    at: datetime
    kind: str
    words: str


@dataclass(frozen=True)
class _Names:
    members: dict[int, Member]
    teams: dict[int, str]
    tokens: dict[int, str]
    improvements: dict[int, str]


def for_customer(events: Sequence[LoopEvent], organisation) -> list[Told]:
    """What the giver sees; events that are ours alone are left out, and so is the same thing said twice in a row."""
    names = _look_up(events)
    told: list[Told] = []
    for event in events:
        words = _words(event, for_customer=True)
        if words is None:
            continue
        sentence = _fill(words, event, names, organisation, for_customer=True)
        if not told or told[-1].words != sentence:
            told.append(Told(event.at, event.kind, sentence))
    return told


def for_staff(events: Sequence[LoopEvent], organisation) -> list[Told]:
    names = _look_up(events)
    return [Told(event.at, event.kind, _fill(_words(event, for_customer=False), event, names, organisation, for_customer=False)) for event in events]


def _words(event: LoopEvent, *, for_customer: bool) -> str | None:
    kind = KINDS[event.kind]
    other = next((one for one in OTHERWISE if one.kind is kind and one.when(event)), None)
    words = (other and other.customer) or kind.customer if for_customer else other.staff if other else kind.staff
    return None if words is None else str(words)


def _look_up(events: Sequence[LoopEvent]) -> _Names:
    actors = {actor for event in events for actor in (event.by, event.data.get("to"), event.data.get("earlier")) if isinstance(actor, str)}
    ids = lambda kind: {int(actor.split(":")[1]) for actor in actors if actor.startswith(kind + ":")}  # noqa: E731
    teams = ids("team") | {event.data["team"] for event in events if isinstance(event.data.get("team"), int)}
    improvements = {event.improvement for event in events if event.improvement}
    members = Member.objects.filter(pk__in=ids("member")).prefetch_related("roles") if ids("member") else []
    return _Names(
        members={m.pk: m for m in members},
        teams={t.pk: t.name for t in Team.objects.filter(pk__in=teams)} if teams else {},
        tokens=dict(ApiToken.objects.filter(pk__in=ids("token")).values_list("pk", "name")) if ids("token") else {},
        improvements={i.pk: i.title for i in Improvement.objects.filter(pk__in=improvements)} if improvements else {},
    )


def _fill(words: str, event: LoopEvent, names: _Names, organisation, *, for_customer: bool) -> str:
    data = event.data
    whose = data.get("to") if event.kind in ("assigned", "handed_off") else event.by
    facts = {
        "by": _name_of(event.by, names, organisation, for_customer=for_customer),
        "role": _name_of(whose, names, organisation, for_customer=for_customer),
        "to": _name_of(data.get("to"), names, organisation, for_customer=for_customer),
        "earlier": _name_of(data.get("earlier"), names, organisation, for_customer=for_customer),
        "team": names.teams.get(data.get("team"), organisation.name),
        "title": names.improvements.get(event.improvement, data.get("title", "")),
        "reason": _reason(data.get("reason")),
    }
    return words.format(**facts)


def _reason(code: object) -> str:
    if code in OUTCOMES:
        return str(OUTCOMES[code]).lower()
    if code in NOT_TOLD_BECAUSE:
        return str(NOT_TOLD_BECAUSE[code])
    said = {
        "mail-refused": _("the mail server refused the address"),
        "not-solved": _("the customer says that it is not solved"),
        "honeypot": _("it looks automatic"),
    }
    return said.get(code, str(code or ""))


def _name_of(actor: object, names: _Names, organisation, *, for_customer: bool) -> str:
    """Members by name among staff; for the customer the role, and the name only when the person allows."""
    kind, _sep, number = str(actor or "").partition(":")
    if kind == "member" and (member := names.members.get(int(number))):
        if not for_customer or member.shows_name:
            return member.name
        roles = sorted((role.role for role in member.roles.all()), key=list(ROLE_WORDS).index)
        return _(ROLE_WORDS[roles[0]]) if roles else organisation.name
    if kind == "team":
        return names.teams.get(int(number), organisation.name)
    if kind == "token":
        return organisation.name if for_customer else names.tokens.get(int(number), organisation.name)
    if kind == "customer":
        return _("The customer")
    return organisation.name
