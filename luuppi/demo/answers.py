"""12 000 score-only survey answers, simulated with a planted truth: what each touchpoint is worth, and what the two finished
improvements changed (+15 NPS points at delivery, nothing at the pick-up points). What the screens say of it comes from the answers alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from luuppi.capture.drafts import CustomerIn, Draft, FeedbackIn, ScoresIn
from luuppi.capture.models import FeedbackItem, Import
from luuppi.capture.receiving import receive
from luuppi.demo.company import Company
from luuppi.meaning.cleaning import clean

N_ANSWERS = 12_000
DAYS = 547  # whole weeks before each of the two changes, so that no week of their series is cut
SHARES = {"delivery": 0.34, "pick-up-point": 0.20, "customer-service": 0.12, "web-shop": 0.12, "returns": 0.11, "checkout": 0.11}
BASE_NPS = {"delivery": 8, "pick-up-point": 16, "customer-service": 34, "web-shop": 30, "returns": -4, "checkout": 22}
_PASSIVE = 0.28
_WITHIN = {"promoter": [(10, 6), (9, 4)], "passive": [(8, 6), (7, 4)], "detractor": [(6, 30), (5, 22), (4, 14), (3, 12), (2, 10), (1, 6), (0, 6)]}


@dataclass(frozen=True, slots=True)
class Planted:
    """The truth behind the answers: from `day` on, the touchpoint is worth `points` more."""

    touchpoint: str
    day: date
    points: int


def bring_in(company: Company, random: Random, today: date, planted: list[Planted], now: datetime) -> int:
    """Import the answers as a nightly job would, day by day; those of the last night as early as `now`. Returns how many."""
    organisation = company.organisation
    run = Import.objects.create(
        organisation=organisation, file_name="toimituskyselyt.csv", by="system", state="done", n_rows=N_ANSWERS, n_new=N_ANSWERS
    )
    days = sorted(random.randrange(1, DAYS) for _ in range(N_ANSWERS))
    mood = [random.gauss(0, 2.0) for _ in range(DAYS // 7 + 2)]  # weeks in which everything goes a little better or worse, everywhere
    by_day: dict[int, int] = {}
    for day in days:
        by_day[day] = by_day.get(day, 0) + 1
    number = 0
    for ago in sorted(by_day, reverse=True):
        day = today - timedelta(days=ago)
        drafts = []
        for _ in range(by_day[ago]):
            number += 1
            touchpoint = random.choices(list(SHARES), list(SHARES.values()))[0]
            points = BASE_NPS[touchpoint] + mood[ago // 7] + sum(p.points for p in planted if p.touchpoint == touchpoint and day >= p.day)
            drafts.append(_draft(company, random, day, touchpoint, score_of(points, random), number, run.pk))
        receive(drafts, organisation=organisation, by="system", now=min(_moment(organisation, day + timedelta(days=1), 3, random), now))
    ids = list(FeedbackItem.objects.filter(imported_by=run).values_list("pk", flat=True))
    for start in range(0, len(ids), 1000):
        clean(ids[start : start + 1000])
    return number


def score_of(nps_points: float, random: Random) -> int:
    """One 0–10 score of a population whose NPS is `nps_points`, with 28 % passives."""
    promoters = (1 - _PASSIVE + nps_points / 100) / 2
    draw = random.random()
    band = "promoter" if draw < promoters else "passive" if draw < promoters + _PASSIVE else "detractor"
    return random.choices([s for s, _w in _WITHIN[band]], [w for _s, w in _WITHIN[band]])[0]


def _draft(company: Company, random: Random, day: date, touchpoint: str, score: int, number: int, run: int) -> Draft:
    customer = random.choice(company.customers)
    item = FeedbackIn(
        kind="survey",
        scores=ScoresIn(nps=score),
        touchpoint=touchpoint,
        language=customer.language,
        occurred_at=_moment(company.organisation, day, random.randrange(8, 22), random),
        customer=CustomerIn(external_id=customer.external_id),
        external_id=f"answer-{number}",
        attributes={"segment": company.segments[customer.pk]},
    )
    return Draft(item, channel="survey", source="survey system", knows_addresses=True, import_id=run)


def _moment(organisation, day: date, hour: int, random: Random) -> datetime:
    return datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), tzinfo=organisation.zone)
