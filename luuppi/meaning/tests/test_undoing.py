"""A slip among ten proposals on a page is taken back: everything is as it was."""

import pytest

from luuppi.meaning.coding import code
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.learning import read_examples
from luuppi.meaning.models import Coding, Theme, ThemeChange, ThemeProposal
from luuppi.meaning.refusals import NotByThisRole, NothingToTakeBack, UsedSince
from luuppi.meaning.theming import accept_proposal, add_theme, dismiss_proposal, merge_themes, retire_theme
from luuppi.meaning.undoing import take_back
from luuppi.running import todo
from luuppi.running.models import Todo


@pytest.fixture
def items(lumi, gives, background):
    found = [gives(text=f"Paketti {n} tuli viikon myöhässä.", language="fi", scores={"nps": n}) for n in range(6)]
    background()
    return found


@pytest.fixture
def proposal(lumi, items):
    return propose(lumi, items[:4])


def propose(lumi, items, inside=None):
    ids = [item.pk for item in items]
    return ThemeProposal.objects.create(
        organisation=lumi.organisation, language="fi", label="myöhässä", words=["myöhässä"], examples=ids[:2], items=ids, size=len(ids), inside=inside, made_at=items[0].received_at
    )


def everything() -> list:
    codings = list(Coding.objects.order_by("item", "theme__key").values_list("item", "theme__key", "polarity", "confidence", "by", "at"))
    proposals = list(ThemeProposal.objects.order_by("pk").values_list("pk", "state", "theme", "items"))
    return [codings, proposals, list(Theme.objects.order_by("key").values_list("key", "merged_into"))]


def test_what_was_accepted_dismissed_or_merged_is_undone_from_the_page(lumi, items, proposal, as_member):
    wide, other = add_theme({"fi": "Muut"}, by=lumi.leena), add_theme({"fi": "Toiset"}, by=lumi.leena)
    correct_themes(items[4], [ThemeOfItem(wide.pk, -1)], by=lumi.mikko)
    correct_themes(items[5], [ThemeOfItem(wide.pk, -1), ThemeOfItem(other.pk, 1)], by=lumi.mikko)
    Coding.objects.create(item=items[4], organisation=lumi.organisation, theme=other, polarity=0, confidence=0.4, at=items[4].received_at)
    part = propose(lumi, items[4:5], inside=wide)
    before = everything()
    for address, said in (
        (f"proposals/{proposal.pk}", {"act": "accept", "name_fi": "Myöhässä"}), (f"proposals/{proposal.pk}", {"act": "accept", "into": wide.pk}),
        (f"proposals/{part.pk}", {"act": "accept", "name_fi": "Osa"}), (f"proposals/{part.pk}", {"act": "accept", "into": other.pk}),
        (f"proposals/{proposal.pk}", {"act": "dismiss"}), (f"{wide.pk}", {"act": "merge", "into": other.pk}), (f"{other.pk}", {"act": "merge", "into": wide.pk}),
    ):  # fmt: skip
        page = as_member(lumi.leena)
        assert page.post(f"/o/lumi/themes/{address}", said).status_code == 302 and everything() != before
        [change] = ThemeChange.objects.all()
        undo = f"/o/lumi/themes/changes/{change.pk}/undoing"
        assert undo in page.get("/o/lumi/themes").content.decode()
        assert as_member(lumi.mikko).post(undo).status_code == 404
        assert (page := as_member(lumi.leena)).post(undo).status_code == 302 and everything() == before, (address, said)
        assert page.post(undo).status_code == 404


def test_what_was_built_upon_since_is_not_taken_away(lumi, items, proposal):
    made = accept_proposal(proposal, by=lumi.leena)
    with pytest.raises(NotByThisRole):
        take_back(made, by=lumi.mikko)
    correct_themes(items[5], [ThemeOfItem(made.theme_id, -1)], by=lumi.mikko)
    with pytest.raises(UsedSince):
        take_back(made, by=lumi.leena)
    wide, other = add_theme({"fi": "Muut"}, by=lumi.leena), add_theme({"fi": "Toiset"}, by=lumi.leena)
    merged = merge_themes(made.theme, into=wide, by=lumi.leena)
    correct_themes(items[0], [ThemeOfItem(wide.pk, 1)], by=lumi.mikko)
    merge_themes(wide, into=other, by=lumi.leena)
    for too_late in (made, merged):
        with pytest.raises(NothingToTakeBack):
            take_back(too_late, by=lumi.leena)
    dismissed = dismiss_proposal(propose(lumi, items), by=lumi.leena)
    take_back(dismissed, by=lumi.leena)
    with pytest.raises(NothingToTakeBack):
        take_back(dismissed, by=lumi.leena)


def test_a_word_said_after_the_merge_stays_where_it_was_said(lumi, items):
    one, other = add_theme({"fi": "Muut"}, by=lumi.leena), add_theme({"fi": "Toiset"}, by=lumi.leena)
    for item in items:
        correct_themes(item, [ThemeOfItem(one.pk, -1)], by=lumi.mikko)
    merged = merge_themes(one, into=other, by=lumi.leena)
    correct_themes(items[0], [ThemeOfItem(other.pk, 1)], by=lumi.sari)
    take_back(merged, by=lumi.leena)
    assert items[0].codings.get().theme == other and {item.codings.get().theme for item in items[1:]} == {one}


def test_learning_that_is_under_way_is_done_once_more(lumi, items, proposal, background):
    accept_proposal(proposal, by=lumi.leena)
    [under_way] = todo.claim(1, kinds=["themes.learn"])
    accept_proposal(propose(lumi, items[4:]), by=lumi.leena, names={"fi": "Toiset"})
    todo.do(todo.WORKS["themes.learn"], [under_way])
    assert Todo.objects.filter(kind="themes.learn", claimed_until=None).count() == 1, "what was accepted meanwhile is learnt too"
    todo.fail(under_way, ValueError("too late"))
    background()
    assert not Todo.objects.filter(kind="themes.learn").exists()


def test_what_was_coded_with_a_retired_theme_stays_when_the_coding_learns_anew(lumi, items, proposal, monkeypatch, as_member):
    theme = accept_proposal(proposal, by=lumi.leena).theme
    retire_theme(theme, by=lumi.leena)
    again, page = f"/o/lumi/themes/{theme.pk}/restoring", as_member(lumi.leena)
    assert again in page.get("/o/lumi/themes").content.decode() and page.post(again).status_code == 302
    assert again not in page.get("/o/lumi/themes").content.decode() and theme.name in page.get("/o/lumi/themes").content.decode()
    retire_theme(theme, by=lumi.leena)
    assert read_examples(lumi.organisation.pk, "fi") == {}

    class Book:
        def code(self, texts, questions):
            return [[] for _ in texts]

    monkeypatch.setattr("luuppi.meaning.coding._newest", lambda organisation, language: (Book(), 3))
    code([item.pk for item in items])
    assert Coding.objects.filter(theme=theme).count() == 4


def test_an_item_gets_at_most_as_many_themes_as_people_give_one(lumi, items, monkeypatch):
    """A coder taught by few examples is in doubt between many themes; the surest are kept."""
    from luuppi.language.coding import Coded

    themes = [Theme.objects.create(organisation=lumi.organisation, key=f"t{n}", names={"fi": str(n)}) for n in range(6)]

    class Book:
        def code(self, texts, questions):
            return [[Coded(theme.pk, 0.4 - place / 100) for place, theme in enumerate(themes)] for _ in texts]

    monkeypatch.setattr("luuppi.meaning.coding._newest", lambda organisation, language: (Book(), 3))
    code([items[0].pk])
    assert sorted(items[0].codings.values_list("theme", flat=True)) == [theme.pk for theme in themes[:3]]
