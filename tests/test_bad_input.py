"""What every door of both libraries does with what it should not get: a documented result, or a ValueError that names the argument.

Never a warning (they are errors here), a NaN, or another kind of error.
"""

import math
import re

import numpy as np
import pandas as pd
import pytest

from luuppi.language import advising, coding, detecting, likeness, masking, rising, sentiment, theming, urgency
from luuppi.measures import (
    adjusting,
    arrivals,
    asking,
    change,
    drivers,
    effects,
    experience,
    nonresponse,
    scores,
    shrinkage,
    silence,
    staffing,
    tolerance,
)  # fmt: skip
from tests.same_answers import flat

pytestmark = pytest.mark.filterwarnings("error")

COLUMNS = {
    "empty": [],
    "one value": [3.0],
    "all equal": [4.0] * 40,
    "NaN": [4.0] * 39 + [float("nan")],
    "None": [None, *[4.0] * 39],
    "infinite": [float("-inf"), *[4.0] * 39],
    "huge": [1e300] * 40,
    "below the scale": [-1.0] * 40,
    "above the scale": [11.0] * 40,
    "fractions": [2.5, 3.25] * 20,
    "texts": ["4"] * 40,
    "no list": 4.0,
    "out of order, twice": [5.0, 3.0, 4.0, 3.0] * 10,
    "zero": [0.0] * 40,
}


def like(values, fill):
    """A column of the same length."""
    return [fill] * (len(values) if hasattr(values, "__len__") else 1)


def frame(values):
    return pd.DataFrame({"f": like(values, 1.0), "word": like(values, "x")})


NUMBERS = {
    "nps": scores.nps,
    "csat": scores.csat,
    "ces": scores.ces,
    "mean": lambda v: scores.mean(v, lowest=0, highest=10),
    "nps_of": lambda v: scores.nps_of(v, like(v, 1), like(v, 1)),
    "csat_of": lambda v: scores.csat_of(v, like(v, 5)),
    "mean_of": lambda v: scores.mean_of(like(v, 4), v, like(v, 40.0), lowest=0, highest=10),
    "teams, means": lambda v: shrinkage.rank_groups([str(i) for i in range(len(like(v, 0)))], v, like(v, 9.0), like(v, 50)),
    "teams, variances": lambda v: shrinkage.rank_groups([str(i) for i in range(len(like(v, 0)))], like(v, 3.0), v, like(v, 50)),
    "teams, answers": lambda v: shrinkage.rank_groups([str(i) for i in range(len(like(v, 0)))], like(v, 3.0), like(v, 9.0), v),
    "hidden groups": shrinkage.hidden_groups,
    "alarms, answers": lambda v: change.watch_unit(v, like(v, 0)),
    "alarms, detractors": lambda v: change.watch_unit(like(v, 9), v),
    "drivers, y": lambda v: drivers.relative_weights(np.ones((len(like(v, 0)), 2)), v, draws=100),
    "drivers, x": lambda v: drivers.relative_weights(np.column_stack([v, v]), np.arange(len(like(v, 0))), draws=100),
    "drivers, more predictors than rows": lambda v: drivers.relative_weights(np.zeros((len(like(v, 0)), 50)), v, draws=100),
    "themes, scores": lambda v: drivers.theme_points(np.zeros((len(like(v, 0)), 2)), v, draws=100),
    "themes, flags": lambda v: drivers.theme_points(np.column_stack([v, v]), like(v, 7), draws=100),
    "effect, weeks": lambda v: effects.effect_of_change(v, like(v, 1.0), like(v, 1.0)),
    "effect, treated": lambda v: effects.effect_of_change(np.arange(len(like(v, 0))) - 25, v, like(v, 1.0)),
    "effect, controls": lambda v: effects.effect_of_change(np.arange(len(like(v, 0))) - 25, like(v, 1.0), v),
    "effect, no controls": lambda v: effects.effect_of_change(np.arange(len(like(v, 0))) - 25, v, None),
    "effect, answers": lambda v: effects.effect_of_change(np.arange(len(like(v, 0))) - 25, like(v, 1.0), like(v, 1.0), v),
    "adjusting": lambda v: adjusting.adjusted_for_mix(v, like(v, 1.0), like(v, 1)),
    "rhythm": lambda v: silence.fit_rhythm(v, like(v, 1.0), like(v, 60.0)),
    "rhythm, recency": lambda v: silence.fit_rhythm(like(v, 1), v, like(v, 60.0)),
    "staying": lambda v: silence.staying(v, like(v, 1)).share_after([2]),
    "drift": lambda v: experience.find_drift(v, like(v, 1)),
    "drift, outcome": lambda v: experience.find_drift(like(v, 0.5), v),
    "experience, one class only": lambda v: experience.learn_experience(frame(v), v, np.arange(len(like(v, 0)))).kind,
    "corrected NPS": lambda v: nonresponse.corrected_nps(frame(v), v, ["f", "word"]),
    "draw silent": nonresponse.draw_silent,
    "value of asking": lambda v: asking.value_of_asking(v, like(v, 0.5), 20, 6),
    "weighted NPS": lambda v: asking.weighted_nps(v, like(v, 0.5)),
    "weighted NPS, chances": lambda v: asking.weighted_nps(like(v, 7), v),
    "material wait": lambda v: tolerance.material_wait(v, like(v, 4)),
    "material wait, csat": lambda v: tolerance.material_wait(like(v, 60.0), v),
    "kink": lambda v: tolerance.find_kink(v, like(v, 1), like(v, 5)),
    "patience": lambda v: tolerance.patience(v, like(v, 1)),
    "forecast": arrivals.forecast,
}


def defended(call):
    """The answer, or the refusal; fails on a NaN and on a refusal that does not begin with an argument's name."""
    try:
        values = flat(call())
    except ValueError as refusal:
        assert re.match(r"[a-z_]+(\[\d+\])?( and [a-z_]+)*:", str(refusal)), f"names no argument: {refusal}"
        return
    assert not any(isinstance(value, float) and math.isnan(value) for value in values)


@pytest.mark.parametrize("door", NUMBERS)
@pytest.mark.parametrize("case", COLUMNS)
def test_numbers(door, case):
    defended(lambda: NUMBERS[door](COLUMNS[case]))


@pytest.mark.parametrize("given", [-1.0, 0.0, float("nan"), float("inf"), None, "3"])
@pytest.mark.parametrize("place", range(4))
def test_staffing(given, place):
    numbers = [5.0, 3.0, 16, 2.0]
    numbers[place] = given
    defended(lambda: staffing.erlang_a(*numbers))
    defended(lambda: staffing.erlang_c(*numbers[:3]))


TEXTS = {
    "None": None,
    "a number": 5,
    "empty": "",
    "spaces": " \n\t ",
    "emoji": "👍🏽👩‍👩‍👧🎉",
    "mixed scripts": "Hyvä сервис 良い خدمة שירות",
    "lone surrogates": "hyvä \ud800 palvelu \udfff",
    "control and bidi": "a\x00b\x1b[31m\u202eterve\u202c\u200b\ufeff",
    "one very long word": "a" * 300_000,
    "ten megabytes": "huono palvelu " * 730_000,
}
ONE_TEXT = {
    "language": detecting.detect_language,
    "personal data": masking.find_personal_data,
    "mask": lambda text: masking.mask(text, []),
    "likeness": lambda text: likeness.similarity(text, "palvelu"),
    "advice": advising.advise,
    "urgency": urgency.judge_urgency,
}
MANY_TEXTS = {
    "near duplicates": likeness.near_duplicates,
    "themes": lambda texts: theming.propose_themes(texts).assigned,
    "codebook": lambda texts: coding.learn_codebook(texts, [{"a"}, *[{"b"}] * (len(texts) - 1)]).code(texts),
    "sentiment": lambda texts: sentiment.learn_sentiment(language="fi").judge(texts),
    "sentiment, learnt": lambda texts: sentiment.learn_sentiment(texts, [1] * len(texts), "fi").judge(texts),
    "rises": lambda texts: rising.find_rises(range(len(texts)), texts),
}


@pytest.mark.parametrize("door", ONE_TEXT)
@pytest.mark.parametrize("case", TEXTS)
def test_one_text(door, case):
    defended(lambda: ONE_TEXT[door](TEXTS[case]))


@pytest.mark.parametrize("door", MANY_TEXTS)
@pytest.mark.parametrize("case", [case for case in TEXTS if case != "ten megabytes"])
def test_many_texts(door, case):
    defended(lambda: MANY_TEXTS[door]([TEXTS[case], "hyvä palvelu", "hyvä palvelu", TEXTS[case]]))
