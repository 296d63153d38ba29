"""A theme that has grown too wide: the software proposes its parts, a person accepts, and the items go over to the part."""

import pytest

from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.learning import read_examples
from luuppi.meaning.models import Coding, Theme, ThemeProposal
from luuppi.meaning.queries.codebook import read_codebook
from luuppi.meaning.refusals import IntoItself, NotByThisRole, TooFewToSplit
from luuppi.meaning.splitting import propose_parts, propose_parts_in_language, split_theme
from luuppi.meaning.tests.test_themes import many  # noqa: F401 108 texts each of late parcels and of refunds
from luuppi.meaning.theming import accept_proposal, add_theme, merge_themes, propose_in_language, retire_theme
from luuppi.running.models import Todo


@pytest.fixture
def wide(lumi, many):  # noqa: F811
    """One theme for everything that is wrong; of two texts a person said so."""
    theme = add_theme({"fi": "Ongelmat"}, by=lumi.leena)
    items = many["parcel"] + many["money"]
    Coding.objects.bulk_create([Coding(item=item, organisation=lumi.organisation, theme=theme, polarity=-1, confidence=0.7, at=item.received_at) for item in items[2:]])
    for item in items[:2]:
        correct_themes(item, [ThemeOfItem(theme.pk, -1)], by=lumi.mikko)
    return theme


def parts_of(theme: Theme) -> list[ThemeProposal]:
    return list(ThemeProposal.objects.filter(inside=theme, state="open").order_by("-size"))


@pytest.mark.slow  # reads the dictionary of Finnish words
def test_the_parts_of_a_theme_are_proposed_and_take_their_items_with_them(lumi, many, wide, as_member, background):  # noqa: F811
    late = {item.pk for item in many["parcel"]}
    page = as_member(lumi.leena)
    assert page.post(f"/o/lumi/themes/{wide.pk}", {"act": "split"}).status_code == 302
    assert read_codebook(lumi.leena).work.is_reading and "being read" in page.get("/o/lumi/themes/work?lang=en").content.decode()
    background()
    assert "It is done" in page.get("/o/lumi/themes/work?lang=en").content.decode()
    first, *others = parts_of(wide)
    assert others and sum(part.size for part in (first, *others)) == 216
    assert "Ongelmat" in page.get("/o/lumi/themes", headers={"accept-language": "en"}).content.decode()
    assert propose_in_language(lumi.organisation.pk, "fi") and parts_of(wide), "proposals from all texts leave the parts alone"

    moved = set(first.items)
    page.post(f"/o/lumi/themes/proposals/{first.pk}", {"act": "accept", "name_fi": "Osa"})
    part = Theme.objects.get(names={"fi": "Osa"})
    assert part.parent == wide.parent and set(Coding.objects.filter(theme=part).values_list("item", flat=True)) == moved
    assert not Coding.objects.filter(theme=wide, item__in=moved).exists() and Coding.objects.filter(theme=wide).count() == 216 - len(moved)
    assert len(moved & late) in (0, len(moved)), "a part is of one matter"
    assert set(Coding.objects.exclude(by="system").values_list("by", flat=True)) == {lumi.mikko.actor}, "what a person said stays that person's word"

    examples = read_examples(lumi.organisation.pk, "fi")
    assert all(set(examples[item]) == {part.pk} for item in moved)
    with pytest.raises(IntoItself):
        accept_proposal(others[0], by=lumi.leena, theme=wide)
    accept_proposal(others[0], by=lumi.leena, theme=part)
    assert Coding.objects.filter(theme=part).count() == len(moved | set(others[0].items))


def test_who_splits_and_what(lumi, many, wide):  # noqa: F811
    for member in (lumi.mikko, lumi.elisa):
        with pytest.raises(NotByThisRole):
            split_theme(wide, by=member)
    with pytest.raises(TooFewToSplit):
        split_theme(add_theme({"fi": "Pieni"}, by=lumi.leena), by=lumi.leena)
    split_theme(wide, by=lumi.leena)
    split_theme(wide, by=lumi.leena)
    assert Todo.objects.filter(kind="themes.split").count() == 1
    assert propose_parts_in_language(wide, "sv") == 0
    retire_theme(wide, by=lumi.leena)
    propose_parts(Todo.objects.filter(kind="themes.split"))
    assert not parts_of(wide), "a theme out of use has no parts"


def test_a_theme_that_is_merged_takes_its_open_parts_along(lumi, many, wide):  # noqa: F811
    assert propose_parts_in_language(wide, "fi") >= 2
    merge_themes(wide, into=add_theme({"fi": "Muut"}, by=lumi.leena), by=lumi.leena)
    assert not parts_of(wide)
