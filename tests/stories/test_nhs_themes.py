"""Real input, all the way round: patients' comments imported, sorted by trained readers' labels, learnt, answered, improved, told (docs/import.md)."""

import csv
import gzip
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import token_of
from luuppi.inner_loop.answering import write_answer
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.routing import open_case
from luuppi.journal.models import Progress
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.models import Codebook, Coding, Theme, ThemeProposal
from luuppi.meaning.theming import accept_proposal, add_theme, ask_for_proposals, dismiss_proposal, retire_theme
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement
from luuppi.people.organising import create_token
from luuppi.telling.models import Notice
from luuppi.telling.sending import tell_givers
from tests.shared_data import shared_data
from tests.stories.test_nhs_feedback import nhs  # noqa: F401 the fixture that imports the file

FEWEST = 30  # examples of a theme, as the published models have it
NO_THEMES = {"Not assigned", "Labelling not possible"}  # columns that say that none fits
JUDGED = 5  # every fifth respondent is judged upon; settings were chosen on the others alone

Labels = dict[str, dict[str, set[str]]]


def read_labels() -> Labels:
    """Respondent → theme → the questions in whose answers trained readers found it."""
    text = gzip.decompress(shared_data("feedback", "nhs_friends_family_test.csv.gz").read_bytes()).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    names = rows.fieldnames[rows.fieldnames.index("Comment sentiment") + 1 :]
    found: Labels = {}
    for row in rows:
        mine = found.setdefault(row["Respondent ID"], {})
        for name in names:
            if row[name].strip() == "1":
                mine.setdefault(name, set()).add(" ".join(row["FFT question"].split()) if row["FFT answer"].strip() else "")
    n_of = Counter(name for said in found.values() for name in said)
    common = {name for name, n in n_of.items() if n >= FEWEST} - NO_THEMES
    return {respondent: {name: asked for name, asked in said.items() if name in common} for respondent, said in found.items()}


def micro_f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    """Agreement of what people said and what was found, all decisions together."""
    hits = sum(len(said & found) for said, found in pairs)
    return 2 * hits / sum(len(said) + len(found) for said, found in pairs)


@pytest.mark.slow
def test_real_comments_go_all_the_way_round(nhs, lumi, background, client, as_member):  # noqa: F811
    background()
    items = {item.external_id: item for item in FeedbackItem.objects.filter(organisation=lumi.organisation).exclude(reading__masked_text="").select_related("reading")}
    labels = {respondent: said for respondent, said in read_labels().items() if respondent in items}
    _propose_and_settle(lumi, background)

    judged = sorted(labels)[::JUDGED]
    themes = {name: add_theme({"en": name}, by=lumi.antti) for name in sorted({name for said in labels.values() for name in said})}
    _teach(client, lumi, items, {one: said for one, said in labels.items() if one not in set(judged)}, themes)
    background(until=timezone.now() + timedelta(hours=1))
    book = Codebook.objects.filter(language="en").order_by("-learnt_at").first()
    assert book.n_examples >= 1_900 and book.quality["micro_f1"] > 0.68

    asked = [one for one in judged if items[one].reading.language == "en"]
    found = _found_by_the_software([items[one] for one in asked], themes)
    agreement = micro_f1([(set(labels[one]), found.get(items[one].pk, set())) for one in asked])
    print(f"micro-F1 on {len(asked)} respondents not seen: {agreement:.3f}; by cross-validation {book.quality['micro_f1']:.3f}")
    assert len(asked) > 400 and agreement >= 0.72
    _answer_improve_and_tell(client, lumi, background)


def _propose_and_settle(lumi, background) -> None:
    ask_for_proposals(by=lumi.antti)
    background()
    proposals = list(ThemeProposal.objects.filter(state="open", language="en"))
    assert len(proposals) >= 5 and all(proposal.examples for proposal in proposals)
    kept = accept_proposal(proposals[0], by=lumi.antti, names={"en": "Proposed by the software"}).theme
    for proposal in proposals[1:]:
        dismiss_proposal(proposal, by=lumi.antti)
    retire_theme(kept, by=lumi.antti)  # the trained readers have a codebook of their own


def _teach(client, lumi, items: dict[str, FeedbackItem], labels: Labels, themes: dict[str, Theme]) -> None:
    """The readers' labels are what people say of each answer: twenty through the API, the others by what it calls."""
    bearer = {"Authorization": f"Bearer {create_token(lumi.organisation, name='readers')[1]}"}
    for n, (respondent, said) in enumerate(sorted(labels.items())):
        wanted = [ThemeOfItem(themes[name].pk, 0, tuple(sorted(asked - {""}))) for name, asked in said.items()]
        if n < 20:
            body = {"themes": [{"theme": str(one.theme), "polarity": one.polarity, "answers": list(one.answers)} for one in wanted]}
            sent = client.put(f"/api/v1/feedback/{items[respondent].pk}/themes", body, content_type="application/json", headers=bearer)
            assert sent.status_code == 200 and {one["theme"] for one in sent.json()["themes"]} == {one["theme"] for one in body["themes"]}
        else:
            correct_themes(items[respondent], wanted, by=lumi.antti)


def _found_by_the_software(asked: list[FeedbackItem], themes: dict[str, Theme]) -> dict[int, set[str]]:
    names = {theme.pk: name for name, theme in themes.items()}
    found: dict[int, set[str]] = {}
    for item, theme in Coding.objects.filter(item__in=asked, by="system", theme__in=names).values_list("item_id", "theme_id"):
        found.setdefault(item, set()).add(names[theme])
    return found


def _answer_improve_and_tell(client, lumi, background) -> None:
    worst = list(FeedbackItem.objects.filter(csat=1).exclude(text="").order_by("pk")[:20])
    cases = [open_case(item, by=lumi.leena) for item in worst[:3]]
    write_answer(cases[0], text="Thank you for telling us. I am sorry for the wait. Your call is with us today.", by=lumi.leena)
    background(until=timezone.now() + timedelta(minutes=1))
    close_case(cases[0], outcome="solved", by=lumi.leena)
    token = token_of(worst[0].pk)
    assert "Your call is with us today" in client.get(f"/t/{token}").content.decode()
    assert client.post(f"/t/{token}/confirmation", {"solved": "yes", "sending": "a"}).status_code in (302, 303)
    assert Progress.objects.get(pk=worst[0].pk).solved_at

    givers = [item.pk for item in worst]
    cause = name_root_cause("Nobody calls back while people wait", by=lumi.leena, evidence=givers)
    improvement = propose_improvement({"en": "A call while you wait"}, type="service", by=lumi.leena, because_of=givers, root_causes=[cause.pk])
    decide_improvement(improvement, accepted=True, reason={"en": "It is the most common complaint."}, by=lumi.leena)
    complete_improvement(improvement, by=lumi.leena, text={"en": "A nurse now calls everybody who has waited for a week."})
    background()
    notices = tell_givers(improvement, by=lumi.leena, at=timezone.now() - timedelta(minutes=1))
    assert {notice.channel for notice in notices} == {"page"} and len(notices) == len(worst)
    assert "A nurse now calls everybody" in client.get(f"/t/{token}").content.decode()
    mine = Notice.objects.get(items__item=worst[0].pk)
    assert client.post(f"/t/{token}/heard", {"notice": str(mine.pk), "heard": "yes"}).status_code in (302, 303)
    assert Progress.objects.get(pk=worst[0].pk).told_at
