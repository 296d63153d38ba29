"""An organisation full of objects: one of everything that an address can name, with a mark in every text of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.db.models import F
from django.utils import timezone

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.importing.definition import automatic
from luuppi.capture.importing.keeping import bad_file_of, keep_upload
from luuppi.capture.importing.reading import look_at
from luuppi.capture.models import FeedbackItem, Survey, Touchpoint
from luuppi.capture.receiving import receive
from luuppi.capture.sending import new_sending
from luuppi.capture.surveying import save_score
from luuppi.capture.tracking_links import UNSUBSCRIBE, token_of
from luuppi.inner_loop.answering import write_answer
from luuppi.inner_loop.assigning import take_case
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.models import Case, Rule
from luuppi.journey.erasing import CONFIRM, ask_for_erasure
from luuppi.meaning.models import Coding, Rise, Theme, ThemeProposal
from luuppi.meaning.theming import dismiss_proposal
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement
from luuppi.people.joining import invite
from luuppi.people.models import ApiToken, Member, SignInLink
from luuppi.people.models.tokens import new_secret
from luuppi.people.rules.permissions import SCOPES
from luuppi.running import todo
from luuppi.running.models import Todo
from luuppi.telling.models import Notice
from luuppi.telling.sending import tell_givers
from tests.cast import Scene

ROLES = ("mikko", "sari", "leena", "elisa", "antti", "admin")


@dataclass
class Filled:
    """A scene with one of everything. `mark` stands in every text that only its own people may read; `secrets` as well."""

    scene: Scene
    mark: str
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def slug(self) -> str:
        return self.scene.organisation.slug

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.mark, f"{self.slug}.example.com")


def background(until=None) -> None:
    """Let everything that is due happen, as the worker would."""
    for _ in range(60):
        if not todo.run_due(now=until):
            return
    raise AssertionError("the background does not come to rest")


def fill(scene: Scene, mark: str, *, numbers_from: int = 0) -> Filled:
    """One of everything. `numbers_from` lifts the numbers of cases and improvements, so that two organisations share none."""
    full = Filled(scene, mark)
    organisation = scene.organisation
    Member.objects.filter(organisation=organisation).update(name=f"Jäsen {mark}")
    for team in scene.teams.values():
        team.name = f"{team.name} {mark}"
        team.save(update_fields=["name"])
    Touchpoint.objects.filter(organisation=organisation, key="web-shop").update(names={"fi": f"Kauppa {mark}", "sv": f"Butik {mark}", "en": f"Shop {mark}"})
    full.things |= _items(full)
    background()
    full.things |= _cases(full)
    full.things |= _themes(full)
    full.things |= _improvements(full)
    full.things |= _settings(full)
    background(until=timezone.now() + timedelta(seconds=30))
    if numbers_from:
        _lift_numbers(full, numbers_from)
    full.things["notice"] = Notice.objects.filter(telling__organisation=organisation).first()
    for member in scene.members.values():
        member.refresh_from_db()
    return full


def _items(full: Filled) -> dict[str, Any]:
    fields = [
        {"text": f"Paketti myöhästyi kaksi viikkoa, {full.mark}", "kind": "complaint", "touchpoint": "delivery", "language": "fi",
         "customer": {"external_id": f"C-{full.mark}", "email": f"aino@{full.slug}.example.com", "name": f"Aino {full.mark}"}},
        {"text": f"Kiitos nopeasta toimituksesta, {full.mark}", "kind": "praise", "touchpoint": "web-shop", "language": "fi"},
        {"text": f"Varför kom paketet för sent, {full.mark}", "kind": "question", "touchpoint": "delivery", "language": "sv", "customer": {"external_id": f"D-{full.mark}", "email": f"eero@{full.slug}.example.com"}},
        {"text": f"Why so slow, {full.mark}", "kind": "complaint", "touchpoint": "customer-service", "language": "en"},
        {"text": f"Voisi tulla illalla, {full.mark}", "kind": "idea", "touchpoint": "delivery", "language": "fi"},
        *[{"scores": {"nps": n, "csat": 1 + n % 5, "ces": 1 + n % 7}, "text": f"Vastaus {n} {full.mark}", "kind": "survey", "touchpoint": ("delivery", "web-shop")[n % 2], "language": "fi"} for n in range(11)],
    ]  # fmt: skip
    drafts = [Draft(FeedbackIn(**one), channel="api", source="walk", knows_addresses=True) for one in fields]
    stored = receive(drafts, organisation=full.scene.organisation, by="customer")
    assert {one.status for one in stored} == {"new"}
    by_id = FeedbackItem.objects.in_bulk([one.item_id for one in stored])
    items = [by_id[one.item_id] for one in stored]
    ask_for_erasure(items[0])
    return {"items": items, "item": items[0], "erasure": token_of(items[0].pk, purpose=CONFIRM), "tracking": token_of(items[0].pk), "unsubscribe": token_of(items[0].pk, purpose=UNSUBSCRIBE)}


def _lift_numbers(full: Filled, by: int) -> None:
    """Continue the numbers from elsewhere, as if the organisation had had that many before."""
    for model in (Case, Improvement):
        model.objects.filter(organisation=full.scene.organisation).update(number=F("number") + by)
    for row in (full.case, full.closed, full.open_case, *full.improvements.values()):
        row.refresh_from_db()


def _cases(full: Filled) -> dict[str, Any]:
    scene = full.scene
    cases = list(Case.objects.filter(organisation=scene.organisation).select_related("team", "owner", "organisation").order_by("number"))
    of_item = {case.case_items.first().item_id: case for case in cases}
    first = take_case(of_item[full.items[0].pk], by=scene.mikko)
    message = write_answer(first, text=f"Uusi paketti on matkalla, {full.mark}", by=scene.mikko)
    closed = of_item[full.items[3].pk]
    close_case(closed, by=scene.admin, text=f"Selvitetty, {full.mark}", outcome="solved")
    return {"case": Case.objects.get(pk=first.pk), "closed": Case.objects.get(pk=closed.pk), "open_case": of_item[full.items[2].pk], "message": message}


def _themes(full: Filled) -> dict[str, Any]:
    organisation, now = full.scene.organisation, timezone.now()
    name = {"fi": f"Myöhästyminen {full.mark}", "sv": f"Försening {full.mark}", "en": f"Lateness {full.mark}"}
    theme = Theme.objects.create(organisation=organisation, key=f"late-{full.mark.lower()}", names=name)
    second = Theme.objects.create(organisation=organisation, key=f"price-{full.mark.lower()}", names={"fi": f"Hinta {full.mark}", "sv": f"Pris {full.mark}", "en": f"Price {full.mark}"})
    Coding.objects.bulk_create([Coding(item=item, organisation=organisation, theme=theme, polarity=-1, at=now) for item in full.items[:4]])
    proposal = ThemeProposal.objects.create(
        organisation=organisation, language="fi", label=f"nouto {full.mark}", words=["nouto", full.mark.lower()], examples=[full.item.pk], items=[item.pk for item in full.items], size=9, made_at=now
    )
    Rise.objects.bulk_create(
        Rise(organisation=organisation, language="fi", week=now.date(), theme=of, words=[f"jono{full.mark.lower()}"], times=2.5, n=9, weeks=weeks, examples=[full.item.pk], found_at=now)
        for of, weeks in ((theme, 1), (None, 4))
    )
    slip = ThemeProposal.objects.create(organisation=organisation, language="fi", label=f"jono {full.mark}", items=[full.item.pk], size=1, made_at=now)
    return {"theme": theme, "second_theme": second, "proposal": proposal, "change": dismiss_proposal(slip, by=full.scene.leena)}


def _improvements(full: Filled) -> dict[str, Any]:
    scene, items, mark = full.scene, full.items, full.mark
    cause = name_root_cause(f"Viikonloppuna ei lajitella {mark}", by=scene.leena, whys=[f"Se seisoi {mark}", "Kukaan ei lajittele"], evidence=[items[0].pk, items[2].pk], themes=[full.theme.pk])
    made = {}
    for state, item in (("proposed", items[0]), ("accepted", items[2]), ("declined", items[4]), ("done", items[0])):
        one = propose_improvement({"fi": f"Lajittelu {state} {mark}", "sv": f"Sortering {state} {mark}", "en": f"Sorting {state} {mark}"}, type="process", by=scene.mikko, because_of=[item.pk, items[1].pk], root_causes=[cause.pk])
        if state != "proposed":
            one = decide_improvement(one, accepted=state != "declined", reason=f"Syy {mark}", by=scene.leena)
        made[state] = one
    complete_improvement(made["done"], by=scene.leena, text={"fi": f"Lajittelemme nyt {mark}.", "sv": f"Vi sorterar nu {mark}.", "en": f"We sort now {mark}."})
    background()
    tell_givers(made["done"], by=scene.leena)
    return {"cause": cause, "improvements": made, "improvement": made["proposed"]}


def _settings(full: Filled) -> dict[str, Any]:
    scene, mark, now = full.scene, full.mark, timezone.now()
    organisation = scene.organisation
    rule = Rule.objects.create(organisation=organisation, name=f"Sääntö {mark}", conditions={"kinds": ["idea"]}, team=scene.teams["delivery"])
    invitation, join = invite(f"new@{full.slug}.example.com", name=f"Uusi {mark}", team=scene.teams["service"], role="frontline", by=scene.admin)
    secret, digest = new_secret("luuppi")
    token = ApiToken.objects.create(organisation=organisation, name=f"crm {mark}", secret_hash=digest, scopes=list(SCOPES))
    link, link_hash = new_secret("in")
    SignInLink.objects.create(user=scene.mikko.user, secret_hash=link_hash, expires_at=now + timedelta(hours=1))
    parked = Todo.objects.create(organisation=organisation, kind="walk.given_up", key=mark, due_at=now, parked_at=now, last_error=f"Virhe {mark}")
    survey = Survey.objects.create(organisation=organisation, key=f"nps-{full.slug}", name=f"Kysely {mark}", touchpoint=Touchpoint.objects.get(organisation=organisation, key="delivery"))
    draft = save_score(survey, token=new_sending(), score=3, language="fi", looks_automatic=False)
    return _work(full) | {"rule": rule, "invitation": invitation, "join": join, "token": token, "secret": secret, "link": link, "parked": parked, "survey": survey, "draft": draft, "member": scene.pekka, "role": scene.pekka.roles.first()}


def _work(full: Filled) -> dict[str, Any]:
    """An import that was looked at and not run, as its upload leaves it; and a touchpoint."""
    text = f"when;what;nps\n2026-11-02;Paketti katosi {full.mark};1\n2026-11-03;Kiitos {full.mark};10\n"
    with NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8") as upload:
        upload.write(text)
    path = Path(upload.name)
    layout = look_at(path, encoding="", delimiter="", name=f"{full.mark}.csv")
    run = keep_upload(path, name=f"{full.mark}.csv", organisation=full.scene.organisation, by=full.scene.admin, layout=layout, definition=automatic(layout.columns))
    bad_file_of(run).write_text(f"line;why\n2;Rivi {full.mark}\n", encoding="utf-8")
    return {"run": run, "touchpoint": Touchpoint.objects.get(organisation=full.scene.organisation, key="web-shop")}
