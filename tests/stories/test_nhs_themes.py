"""Real input, all the way round: patients' comments imported, sorted by trained readers' labels, learnt, answered, improved, told."""

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
from luuppi.meaning.models import Codebook, Coding, ThemeProposal
from luuppi.meaning.theming import accept_proposal, add_theme, ask_for_proposals, dismiss_proposal
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement
from luuppi.telling.sending import tell_givers
from tests.shared_data import shared_data
from tests.stories.test_nhs_feedback import nhs  # noqa: F401 the fixture that imports the file

FEWEST = 30  # examples of a theme, as the published models have it


def labels() -> dict[str, set[str]]:
    """Respondent → the themes that trained readers found in any of their answers."""
    text = gzip.decompress(shared_data("feedback", "nhs_friends_family_test.csv.gz").read_bytes()).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    names = rows.fieldnames[rows.fieldnames.index("Comment sentiment") + 1 :]
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["Respondent ID"], set()).update(name for name in names if row[name].strip() == "1")
    common = {name for name, n in Counter(name for said in found.values() for name in said).items() if n >= FEWEST}
    return {respondent: said & common for respondent, said in found.items()}


@pytest.mark.slow
def test_real_comments_go_all_the_way_round(nhs, lumi, background, client, as_member):  # noqa: F811
    background()
    items = {item.external_id: item for item in FeedbackItem.objects.filter(organisation=lumi.organisation).exclude(reading__masked_text="")}
    said = {respondent: themes for respondent, themes in labels().items() if respondent in items}

    ask_for_proposals(by=lumi.antti)
    background()
    proposals = list(ThemeProposal.objects.filter(state="open", language="en"))
    assert len(proposals) >= 5 and all(proposal.examples for proposal in proposals)
    kept = accept_proposal(proposals[0], by=lumi.antti, names={"en": "Proposed by the software"})
    for proposal in proposals[1:]:
        dismiss_proposal(proposal, by=lumi.antti)

    # The trained readers' labels are what people say; two thirds of the respondents teach, the others are asked about.
    themes = {name: add_theme({"en": name}, by=lumi.antti) for name in sorted(set().union(*said.values()))}
    teaching = [respondent for n, respondent in enumerate(sorted(said)) if n % 3]
    for respondent in teaching:
        correct_themes(items[respondent], [ThemeOfItem(themes[name].pk, 0) for name in said[respondent]], by=lumi.antti)
    background(until=timezone.now() + timedelta(hours=1))
    book = Codebook.objects.filter(language="en").order_by("-learnt_at").first()
    assert book.n_examples >= len(teaching) * 0.95 and book.quality["micro_f1"] > 0.6 and kept.pk

    asked = [respondent for respondent in said if respondent not in set(teaching) and items[respondent].reading.language == "en"]
    names = {theme.pk: name for name, theme in themes.items()}
    found: dict[int, set[str]] = {}
    for item, theme in Coding.objects.filter(item__in=[items[one].pk for one in asked], by="system", theme__in=names).values_list("item_id", "theme_id"):
        found.setdefault(item, set()).add(names[theme])
    pairs = [(said[one], found.get(items[one].pk, set())) for one in asked]
    hits, misses, extra = (sum(len(part) for part in parts) for parts in ([t & f for t, f in pairs], [t - f for t, f in pairs], [f - t for t, f in pairs]))
    micro_f1 = 2 * hits / (2 * hits + misses + extra)
    print(f"micro-F1 on {len(asked)} respondents not seen: {micro_f1:.3f}")
    assert len(asked) > 500 and micro_f1 >= 0.72

    worst = list(FeedbackItem.objects.filter(csat=1).exclude(text="").order_by("pk")[:20]) or list(FeedbackItem.objects.filter(csat=1).order_by("pk")[:20])
    cases = [open_case(item, by=lumi.leena) for item in worst[:3]]
    write_answer(cases[0], text="Thank you for telling us. I am sorry for the wait. Your call is with us today.", by=lumi.leena)
    background(until=timezone.now() + timedelta(minutes=1))
    close_case(cases[0], outcome="solved", by=lumi.leena)
    token = token_of(worst[0].pk)
    assert client.get(f"/t/{token}").status_code == 200
    assert client.post(f"/t/{token}/confirmation", {"solved": "yes", "sending": "a"}).status_code in (302, 303)
    assert Progress.objects.get(pk=worst[0].pk).solved_at

    cause = name_root_cause("Nobody calls back while people wait", by=lumi.leena, evidence=[item.pk for item in worst])
    improvement = propose_improvement({"en": "A call while you wait"}, type="service", by=lumi.leena, because_of=[item.pk for item in worst], root_causes=[cause.pk])
    decide_improvement(improvement, accepted=True, reason={"en": "It is the most common complaint."}, by=lumi.leena)
    complete_improvement(improvement, by=lumi.leena, text={"en": "A nurse now calls everybody who has waited for a week."})
    background()
    notices = tell_givers(improvement, by=lumi.leena, at=timezone.now() - timedelta(minutes=1))
    assert {notice.channel for notice in notices} == {"page"} and len(notices) == len(worst)
    page = client.get(f"/t/{token}").content.decode()
    assert "A nurse now calls everybody" in page
    assert client.post(f"/t/{token}/heard", {"notice": str(notices[0].pk if notices[0].items.filter(item=worst[0].pk).exists() else next(n.pk for n in notices if n.items.filter(item=worst[0].pk).exists())), "heard": "yes"}).status_code in (302, 303)
    assert Progress.objects.get(pk=worst[0].pk).told_at
