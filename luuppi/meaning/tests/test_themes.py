"""Themes are proposed from the texts, a person decides, the coding learns from people, and a person's word wins."""

import itertools
import pickle

import pytest

from luuppi.journal.models import LoopEvent
from luuppi.meaning.coding import code, recode
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.learning import learn_in_language, read_examples
from luuppi.meaning.models import Codebook, Coding, Reading, Theme, ThemeProposal
from luuppi.meaning.queries.codebook import ask_next, read_codebook
from luuppi.meaning.refusals import IntoItself, NameNeeded, NotByThisRole, NotOpenAnyMore, ThemeTaken, UnknownTheme
from luuppi.meaning.theming import (
    accept_proposal,
    add_theme,
    ask_for_proposals,
    dismiss_proposal,
    merge_themes,
    propose_in_language,
    retire_theme,
)

PARCEL = (["Paketti", "Lähetys", "Toimitus"], ["tuli", "saapui", "ehti"], ["viikon myöhässä", "kolme päivää myöhässä", "vasta sovitun päivän jälkeen", "liian myöhään lahjaksi"], ["perille", "kotiin", "noutopisteeseen"])
MONEY = (["Hyvitys", "Palautettu maksu", "Rahan palautus"], ["ei näy", "puuttuu yhä", "ei ole tullut"], ["tilillä", "pankissa", "tiliotteella", "luottokortilla"], ["vaikka odotin", "kuukauden jälkeen", "laskusta huolimatta"])


def texts_of(parts) -> list[str]:
    return [" ".join(words) + "." for words in itertools.product(*parts)]


@pytest.fixture
def many(lumi, gives, background):
    """108 texts each about late parcels and about refunds, stored and cleaned."""
    from luuppi.capture.drafts import Draft, FeedbackIn
    from luuppi.capture.models import FeedbackItem
    from luuppi.capture.receiving import receive
    from luuppi.meaning.cleaning import clean

    made = {}
    for key, parts, score in (("parcel", PARCEL, 3), ("money", MONEY, 9)):
        drafts = [Draft(FeedbackIn(text=text, language="fi", scores={"nps": score}), channel="api", source="test") for text in texts_of(parts)]
        ids = [received.item_id for received in receive(drafts, organisation=lumi.organisation, by="customer")]
        clean(ids)
        made[key] = list(FeedbackItem.objects.filter(pk__in=ids).order_by("pk"))
    Reading.objects.update(language="fi")
    return made


@pytest.mark.slow  # reads the dictionary of Finnish words, and learns
def test_proposals_are_accepted_and_the_coding_learns_from_them(lumi, many, gives, background):
    parcels, refunds = ({item.pk for item in many[key]} for key in ("parcel", "money"))
    ask_for_proposals(by=lumi.mikko, fineness=1.0)
    background()
    proposals = list(ThemeProposal.objects.filter(state="open"))
    assert len(proposals) >= 2 and all(p.words and p.examples and p.size for p in proposals)
    late, money = (Theme.objects.create(organisation=lumi.organisation, key=key, names={"fi": key}) for key in ("myöhässä", "raha"))
    for proposal in proposals:
        mostly_late = len(parcels & set(proposal.items)) > len(refunds & set(proposal.items))
        accept_proposal(proposal, by=lumi.leena, theme=late if mostly_late else money)
    assert Coding.objects.filter(by="system", confidence=0.5).exists()
    background()
    [book] = Codebook.objects.all()
    assert book.n_examples >= 150 and book.quality["micro_f1"] > 0.9 and book.quality["n"] == book.n_examples

    new = gives(text="Pakettini saapui taas viikon myöhässä noutopisteeseen.", language="fi", scores={"nps": 2})
    nonsense = gives(text="Xyzzy plugh.", language="fi")
    background()
    [coded] = new.codings.all()
    assert (coded.theme, coded.polarity, coded.by) == (late, -1, "system") and 0 < coded.confidence <= 1
    assert not nonsense.codings.exists(), "unsorted rather than guessed"
    assert code([new.pk]) == 1 and new.codings.count() == 1, "coding twice is coding once"


def test_a_persons_word_wins_and_teaches(lumi, many, background):
    late, money = (add_theme({"fi": name}, by=lumi.antti) for name in ("Myöhässä", "Raha"))
    for item in many["parcel"][:20]:
        correct_themes(item, [ThemeOfItem(late.pk, -1)], by=lumi.mikko)
    for item in many["money"][:20]:
        correct_themes(item, [ThemeOfItem(money.pk, -1)], by=lumi.mikko)
    odd = many["parcel"][30]
    correct_themes(odd, [ThemeOfItem(money.pk, 1)], by=lumi.mikko)
    nothing = many["parcel"][31]
    correct_themes(nothing, [], by=lumi.mikko)
    events = LoopEvent.objects.filter(kind="coding_corrected").count()
    correct_themes(odd, [ThemeOfItem(money.pk, 1)], by=lumi.sari)
    assert LoopEvent.objects.filter(kind="coding_corrected").count() == events, "the same again changes nothing"
    odd.progress.refresh_from_db()
    assert odd.progress.read_at, "who codes an item by hand has read it"

    examples = read_examples(lumi.organisation.pk, "fi")
    assert len(examples) == 42 and examples[odd.pk] == {money.pk: []} and examples[nothing.pk] == {}
    assert learn_in_language(lumi.organisation.pk, "fi").n_examples == 42
    recode(lumi.organisation.pk, "fi")
    assert odd.codings.get().theme == money and not nothing.codings.exists()
    assert Coding.objects.filter(theme=late, by="system", item__in=many["parcel"]).count() > 50
    with pytest.raises(UnknownTheme):
        correct_themes(odd, [ThemeOfItem(999_999, 0)], by=lumi.mikko)
    with pytest.raises(NotByThisRole):
        correct_themes(odd, [], by=lumi.elisa)
    asked = ask_next(lumi.mikko, "fi", n=5)
    assert len(asked) == 5 and not {example.item.pk for example in asked} & set(examples)


def test_merging_keeps_the_persons_word(lumi, many):
    one, other = (add_theme({"en": name}, by=lumi.leena) for name in ("Late", "Delayed"))
    both, only = many["parcel"][:2]
    correct_themes(both, [ThemeOfItem(one.pk, -1)], by=lumi.mikko)
    Coding.objects.create(item=both, organisation=lumi.organisation, theme=other, polarity=0, confidence=0.4, at=both.received_at)
    correct_themes(only, [ThemeOfItem(one.pk, 1)], by=lumi.mikko)
    merge_themes(one, into=other, by=lumi.leena)
    assert {(c.item_id, c.theme_id, c.polarity, c.by) for c in Coding.objects.all()} == {(both.pk, other.pk, -1, lumi.mikko.actor), (only.pk, other.pk, 1, lumi.mikko.actor)}
    with pytest.raises(IntoItself):
        merge_themes(other, into=other, by=lumi.leena)
    assert [theme.pk for theme in read_codebook(lumi.leena).themes] == [other.pk]
    with pytest.raises(ThemeTaken):
        add_theme({"en": "Delayed"}, by=lumi.leena)
    assert add_theme({"en": "Late"}, by=lumi.leena).key != one.key, "the name of a merged theme is free again"


def test_who_decides_and_what_is_settled_stays_settled(lumi, many, other):
    propose_in_language(lumi.organisation.pk, "fi", fineness=1.0)
    first, second = ThemeProposal.objects.order_by("pk")[:2]
    for member in (lumi.mikko, lumi.sari, lumi.elisa):
        with pytest.raises(NotByThisRole):
            accept_proposal(first, by=member)
    dismiss_proposal(first, by=lumi.antti)
    with pytest.raises(NotOpenAnyMore):
        accept_proposal(first, by=lumi.leena)
    theme = accept_proposal(second, by=lumi.leena, names={"fi": "Nimi", "sv": "Namn", "en": ""}).theme
    assert theme.names == {"fi": "Nimi", "sv": "Namn"}
    with pytest.raises(NameNeeded):
        add_theme({"fi": " "}, by=lumi.leena)
    propose_in_language(lumi.organisation.pk, "fi", fineness=1.0)
    first.refresh_from_db()
    assert first.state == "dismissed" and ThemeProposal.objects.filter(state="accepted").count() == 1, "only what nobody settled is proposed anew"
    assert not ThemeProposal.objects.visible_to(other.olof).exists() and not Theme.objects.visible_to(other.olof).exists()
    retire_theme(theme, by=lumi.leena)
    assert read_examples(lumi.organisation.pk, "fi") == {}


def test_under_a_hundred_texts_nothing_is_proposed(lumi, gives, background):
    for text in texts_of(PARCEL)[:30]:
        gives(text=text, language="fi")
    background()
    assert propose_in_language(lumi.organisation.pk, "fi") == 0
    assert read_codebook(lumi.leena).needs_more


def from_before_strangers() -> bytes:
    from luuppi.language.coding import learn_codebook

    book = learn_codebook(["Paketti myöhästyi", "Lasku oli väärin"], [{1}, {2}], "fi")
    del vars(book)["strangers"]
    return pickle.dumps(book)


@pytest.mark.parametrize("of_another_version", [lambda: b"cluppi.gone\nGone\n.", from_before_strangers])
def test_a_codebook_of_another_version_is_learnt_again_and_holds_nothing_up(of_another_version, lumi, gives, background, caplog):
    from django.utils import timezone

    from luuppi.running.models import Todo

    model = of_another_version()
    Codebook.objects.create(organisation=lumi.organisation, language="fi", learnt_at=timezone.now(), n_examples=1, model=model)
    item = gives(text="Paketti myöhästyi taas kerran.", language="fi", kind="complaint")
    background()
    assert "learnt by another version" in caplog.text
    assert not item.codings.exists() and not Todo.objects.filter(kind="react").exists()
    assert LoopEvent.objects.filter(item=item.pk, kind="case_opened").exists(), "routing does not wait for themes"
