# mypy: allow-untyped-defs, allow-untyped-calls
"""Leena opens a heap of comments that nobody has read and gets themes with names."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, homogeneity_score, v_measure_score

from luuppi.language.labelling import label_groups
from luuppi.language.tests.invented import comments
from luuppi.language.tests.shared import shared_file
from luuppi.language.theming import FEWEST, Proposal, key_phrases, match_themes, propose_themes
from luuppi.language.tokens import read_words
from luuppi.language.words import stop_words

TEXTS, THEMES = comments(600)


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    return propose_themes(TEXTS, "en", fineness=1.0)


def test_planted_themes_are_found(proposal):
    # The sentences are put together out of few parts, so a planted theme may fall into several; none may mix two.
    assert homogeneity_score(THEMES, proposal.assigned) > 0.95
    assert {"deliver", "invoice", "app", "counter", "courier", "price", "login", "parcel"} & {
        word for theme in proposal.themes for label in theme.words for word in label.split()
    }


def test_sizes_examples_and_assignments_tell_the_same(proposal):
    for number, theme in enumerate(proposal.themes):
        assert theme.size == int((proposal.assigned == number).sum()) > 0
        assert theme.examples == tuple(TEXTS[i] for i in theme.example_indexes)
        assert all(proposal.assigned[i] == number for i in theme.example_indexes)
        assert theme.label == ", ".join(theme.words[:3]) != ""
    assert [theme.size for theme in proposal.themes] == sorted((theme.size for theme in proposal.themes), reverse=True)


def test_the_same_seed_gives_the_same_proposal(proposal):
    again = propose_themes(TEXTS, "en", fineness=1.0)
    assert np.array_equal(again.assigned, proposal.assigned)
    assert [theme.label for theme in again.themes] == [theme.label for theme in proposal.themes]


def test_more_fineness_gives_no_fewer_themes(proposal):
    assert len(propose_themes(TEXTS, "en", fineness=4.0).themes) >= len(proposal.themes)


def test_few_comments_give_no_themes_but_phrases():
    few = propose_themes(TEXTS[: FEWEST - 1], "en")
    assert few.themes == ()
    assert few.assigned.tolist() == [-1] * (FEWEST - 1)
    assert 0 < len(key_phrases(TEXTS[:50], "en", n=5)) <= 5
    assert key_phrases([], "en") == []


def test_texts_without_words_belong_to_no_theme():
    strange = ["", "   ", "👍👍", "\ud800", "\u202e\x00"]
    proposal = propose_themes([*TEXTS, *strange], "en", fineness=1.0)
    assert proposal.assigned[-len(strange) :].tolist() == [-1] * len(strange)
    assert (proposal.assigned[: len(TEXTS)] >= 0).all()


def test_what_says_nothing_is_in_no_theme_and_copies_are_no_theme_of_their_own():
    empty = ["Ei mitään.", "Nothing!", "NEJ", "En osaa sanoa", "n/a", "-"]
    proposal = propose_themes([*TEXTS, *(empty * 40), *([TEXTS[0].upper()] * 300)], "en", fineness=1.0)
    assert set(proposal.assigned[len(TEXTS) : len(TEXTS) + 240].tolist()) == {-1}
    assert set(proposal.assigned[-300:].tolist()) == {int(proposal.assigned[0])}
    own = proposal.themes[int(proposal.assigned[0])]
    assert own.size > 300
    assert len(set(own.examples)) == len(own.examples) == 5
    assert all(len({text.lower() for text in theme.examples}) == len(theme.examples) for theme in proposal.themes)


def test_the_same_comment_a_thousand_times_is_no_accident():
    proposal = propose_themes(["The parcel was late."] * 1000, "en")
    assert len(proposal.assigned) == 1000
    assert set(proposal.assigned.tolist()) <= set(range(len(proposal.themes))) | {-1}


def test_one_endless_comment_does_not_stop_the_others():
    proposal = propose_themes([*TEXTS, "parcel " * 1_500_000], "en", fineness=1.0)
    assert proposal.assigned[-1] >= 0


def test_own_vectors_may_be_given():
    def embed(texts):
        return np.asarray([[("parcel" in t or "courier" in t), 1.0, len(t) % 3] for t in texts], dtype=np.float32)

    assert len(propose_themes(TEXTS, "en", embed=embed).assigned) == len(TEXTS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["Hei", None],), r"^texts\[1\]: expected a text, got None"),
        (("Hei",), "^texts: expected a list of texts, got str"),
        ((None,), "^texts: "),
        (([], "de"), "^language: "),
        (([], "fi", 0), "^fineness: "),
        (([], "fi", float("nan")), "^fineness: "),
    ],
)
def test_wrong_input_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        propose_themes(*arguments)


def test_no_text_at_all_is_no_theme_at_all():
    assert propose_themes([]).themes == ()
    assert len(propose_themes([]).assigned) == 0


def test_labels_are_words_that_people_say():
    texts = ["Huumeiden käyttö lisääntyy kouluissa.", "Huumeiden käyttö on ongelma.", "Huumeiden käyttöä valvotaan."] * 10
    texts += [
        "Lähellä on kirjastoissa paljon kirjoja.",
        "Kirjat ovat vanhoja.",
        "Kirjastoja suljetaan.",
        "Pidän kirjastosta.",
        "Kirjaston ovi.",
    ] * 10
    groups = np.repeat([0, 1], [30, 50])
    drugs, library = label_groups(read_words(texts), groups, 2, "fi")
    assert drugs.words[0] == "huumeiden käyttö"
    assert {"kirjasto", "kirja"} <= set(library.words)


def test_a_label_holds_no_verb_of_all_trades_no_greeting_and_nothing_twice():
    texts = ["Vuosaaren satama sai kiitosta.", "Vuosaaren satamaa pitäisi laajentaa.", "Näistä satamista paras.", "Hei, satama kasvaa."] * 5
    texts += ["Kiinteistöveroa pitää nostaa.", "Veron saa maksaa.", "Kiinteistövero."] * 5
    harbour, tax = label_groups(read_words(texts), np.repeat([0, 1], [20, 15]), 2, "fi")
    assert harbour.words[0] == "vuosaaren satama"
    places = ["Vuosaaren bussi.", "Vuosaaren koulu.", "Vuosaari.", "Vuosaaren ranta.", "Vuosaaren talvi."] * 3
    assert key_phrases(places, "fi")[0] == "vuosaari"
    assert tax.words[0] == "kiinteistövero"
    assert not {"vero", "saada", "pitää", "nämä", "kiitos", "hei"} & {*harbour.words, *tax.words}
    assert key_phrases(["The parking is full.", "No parking for hours.", "Parking costs a day's wage.", "Parking for days"], "en")[0] == "parking"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_stop_words_are_lower_case_and_many(language):
    assert len(stop_words(language)) > 150
    assert all(word == word.lower() for word in stop_words(language))


def test_themes_keep_their_place_over_a_refit():
    old = np.eye(4, 8)
    new = old[[2, 0, 3]] + 0.05
    assert match_themes(old, new).tolist() == [2, 0, 3]
    assert match_themes(old, np.vstack([new, -old[1:2]])).tolist() == [2, 0, 3, -1]
    assert match_themes(np.empty((0, 8)), new).tolist() == [-1, -1, -1]
    assert match_themes(old, np.empty((0, 8))).tolist() == []
    with pytest.raises(ValueError, match=r"^new: centres of 8 dimensions"):
        match_themes(np.eye(3), new)


@pytest.mark.slow
def test_real_answers_are_sorted_as_the_reference_says():
    import pandas as pd

    answers = pd.read_csv(shared_file("text/themes_fi_municipal2000.csv")).sample(8000, random_state=0)
    proposal = propose_themes(answers.text.tolist(), "fi")
    assert v_measure_score(answers.theme_id, proposal.assigned) >= 0.596
    assert adjusted_rand_score(answers.theme_id, proposal.assigned) >= 0.436


def test_what_is_said_beside_every_theme_names_none():
    draw = np.random.default_rng(2)
    said = ["patteri on kylmä", "lasku oli väärä", "bussi ajoi ohi"]
    beside = ["mä suutuin", "oikeesti", "pliis", "hämmästyin", "ku aina", "järkytyin", "naapuri nauroi", ""]
    groups = np.repeat(np.arange(3), 60)
    texts = [f"{said[group]} {draw.choice(beside)}" for group in groups]
    labels = label_groups(read_words(texts), groups, 3, "fi")
    assert {"patteri", "lasku", "bussi"} <= {word for label in labels for phrase in label.words for word in phrase.split()}
    told = " ".join(label.name for label in labels)
    assert not any(word in told for word in ("suut", "oikeesti", "pliis", "hämmäst", "järky", "naapuri", "nauroi"))
