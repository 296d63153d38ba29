"""Five improvements, from root cause to being told: two done and told, one under way, one proposed, one declined."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from luuppi.demo import clock
from luuppi.demo.company import Company
from luuppi.demo.stories import TEXTS, Story
from luuppi.meaning.models import Theme
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.measuring import measure_effect
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.proposing import Plan, propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement, start_improvement
from luuppi.running import todo
from luuppi.running.models import Todo
from luuppi.telling.sending import tell_givers

_MOST_BEHIND = 40


@dataclass(frozen=True, slots=True)
class Days:
    """Days before today at which each thing happened; None: not yet."""

    proposed: int
    decided: int | None = None
    started: int | None = None
    done: int | None = None
    told: int | None = None
    due: int | None = None


CALENDAR = {
    "weekend_sorting": Days(proposed=246, decided=238, started=230, done=203, told=200, due=200),
    "locker_codes": Days(proposed=214, decided=205, started=196, done=168, told=166, due=170),
    "refund_three_days": Days(proposed=58, decided=50, started=41, due=-24),
    "search_compound_words": Days(proposed=12),
    "free_returns": Days(proposed=44, decided=30),
}


def read_improvements() -> list[dict]:
    return json.loads((TEXTS / "improvements.json").read_text())


def days_done(today: date) -> dict[str, date]:
    return {key: today - timedelta(days=days.done) for key, days in CALENDAR.items() if days.done is not None}


def improve(company: Company, stories: list[Story], themes: dict[str, Theme], today: date) -> None:
    for written in read_improvements():
        _one(company, written, CALENDAR[written["key"]], stories, themes, today)


def _one(company: Company, written: dict, days: Days, stories: list[Story], themes: dict[str, Theme], today: date) -> None:
    leena, mikko = company.members["Leena"], company.members["Mikko"]

    def moment(ago: int, hour: int) -> datetime:
        return datetime.combine(today - timedelta(days=ago), time(hour, 12), tzinfo=company.organisation.zone)

    behind = _behind(written, stories, moment(days.proposed, 9))
    cause = written["root_cause"]
    with clock.at(moment(days.proposed, 9)):
        root = name_root_cause(
            cause["title"],
            by=leena,
            polarity=cause["polarity"],
            whys=cause["whys"],
            evidence=behind[:8],
            themes=[themes[key].pk for key in written["themes"]],
        )
    with clock.at(moment(days.proposed, 10)):
        improvement = propose_improvement(
            written["title"],
            type=written["type"],
            by=mikko if written["key"] == "search_compound_words" else leena,
            description=written["description"],
            because_of=behind,
            root_causes=[root.pk],
            touchpoint=company.touchpoints[written["touchpoint"]],
            plan=Plan(owner=leena, due_on=today - timedelta(days=days.due)) if days.due is not None else None,
        )
    if days.decided is not None:
        with clock.at(moment(days.decided, 13)):
            improvement = decide_improvement(
                improvement, accepted=written["state"] != "declined", reason=written["reason"], by=leena, read_after_weeks=20
            )
    if days.started is not None:
        with clock.at(moment(days.started, 8)):
            improvement = start_improvement(improvement, by=leena)
    if days.done is not None:
        with clock.at(moment(days.done, 8)):
            improvement = complete_improvement(improvement, by=leena, text=written["told_text"])
    if days.told is not None:
        with clock.at(moment(days.told, 14)):
            tell_givers(improvement, by=leena, texts=written["told_text"])
        _send(moment(days.told, 15))
    _measure(improvement, moment)
    Todo.objects.filter(kind__in=("react", "effects.read")).delete()


def _behind(written: dict, stories: list[Story], before: datetime) -> list[int]:
    """The items whose themes it is about, given before it was proposed."""
    about = [
        s.item.pk
        for s in stories
        if s.at < before and set(s.themes) & set(written["themes"]) and s.text["kind"] != "praise" and not s.text["after"]
    ]
    return about[-_MOST_BEHIND:]


def _measure(improvement: Improvement, moment) -> None:
    """Read the effect on the agreed day, from the answers that had come by then."""
    improvement.refresh_from_db()
    if improvement.done_at is None or improvement.effect_reads_on is None:
        return
    ago = (moment(0, 9).date() - improvement.effect_reads_on).days
    if ago >= 0:
        with clock.at(moment(ago, 9)):
            measure_effect(improvement, by="system")


def _send(at: datetime) -> None:
    with clock.at(at):
        due = list(Todo.objects.filter(kind="mail", due_at__lte=at))
        for start in range(0, len(due), 100):
            todo.do(todo.WORKS["mail"], due[start : start + 100])
