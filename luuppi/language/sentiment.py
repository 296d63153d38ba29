"""Is a comment praise or complaint? From word lists at first; from the organisation's own scored comments as soon as there are some.

`learn_sentiment()` with nothing given judges by the lists of `lexicons/`. With 50 or more own comments, whose scores say which of them are
content and which discontent, a linear model learns the words of this very organisation and keeps the lists as some of its features.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from luuppi.language.alone import fit_alone
from luuppi.language.checking import checked_language, listed
from luuppi.language.lexicons import Lexicon, Tone, read_lexicon, tone_of
from luuppi.language.words import clean_texts
from luuppi.measures.options import said
from luuppi.measures.options import seed as checked_seed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_TO_LEARN = 50
FEWEST_OF_A_KIND = 5
# Above this nothing is gained, and learning stays under a minute.
MOST_TO_LEARN = 20_000
SHOW_FROM = 0.6

_FOLDS = 5
_AT_A_TIME = 5_000
# Share of right signs among texts of list tone p, over the English, Finnish and Swedish development sets: close to 0.5 + 0.48 p.
_LIST_TRUST = 0.48
_LIST_WEIGHT = 2.0
_N_LIST_FEATURES = 4
# Two standard errors of a macro-F1 of one half, which a coin reaches: what tells no more on the parts held out has learnt nothing.
_BEYOND_CHANCE = 1.0
# Inverse regularisation of the two margins, chosen on other draws of the development sets than those that are reported.
_SURE_MARGIN, _SURE_RATIO = 1.0, 0.3
_WORD_OR_MARK = r"[^\W\d_]+(?:'[^\W\d_]+)*|[!?]"


@dataclass(frozen=True)
class Judged:
    """`polarity` −1 (complaint) … 1 (praise), 0 cannot tell; `confidence` 0–1, how often a judgement like this has the right sign."""

    polarity: float
    confidence: float


@dataclass(frozen=True)
class Validation:
    """How the model judged comments that it had not seen: macro-F1 (0–1) over `n` comments, five parts in turn."""

    macro_f1: float
    n: int


@dataclass(frozen=True)
class Sentiment:
    """What judges. `n_learnt` own comments stand behind it; 0: the word lists alone, and `validation` is None."""

    language: str
    n_learnt: int = 0
    validation: Validation | None = None
    _model: _Linear | None = field(default=None, repr=False)

    def judge(self, texts: Iterable[object]) -> list[Judged]:
        """One judgement for each text, in their order.

        texts: n texts; n may be 0. Returns n of Judged; Judged(0, 0) for a text without words, or (by the lists) with none that is known.
        Show no polarity of confidence below `SHOW_FROM`. Irony is not understood.
        Raises ValueError naming the position of what is not a text.
        """
        cleaned = clean_texts(texts)
        lexicon = read_lexicon(self.language)
        judged: list[Judged] = []
        for start in range(0, len(cleaned), _AT_A_TIME):
            part = cleaned[start : start + _AT_A_TIME]
            tones = [tone_of(text, lexicon) for text in part]
            judged += [_judge_by_lists(tone) for tone in tones] if self._model is None else self._model.judge(part, tones, lexicon)
        return judged


def learn_sentiment(
    texts: Iterable[object] = (), polarity: Iterable[float] = (), language: str = "fi", *, seed: int = 0
) -> Sentiment:
    """Learn from comments whose own score says whether they are content.

    texts: n comments of one language; polarity: n of −1 (the score was low) or 1 (high); 0 (a middle score) and empty texts are left out.
    Returns a Sentiment that can be pickled. With fewer than 50 comments, or fewer than five different ones of either kind, it judges by
    the word lists alone, and so where no word is said in enough of them or their words have nothing to do with
    their scores. Of more than 20 000, so many are drawn.
    The same seed and data give the same model.
    Raises ValueError for another language, a polarity other than −1, 0, 1, lists of unequal length, or something that is no text.

    Source: AFINN (Nielsen 2011, arXiv:1103.2903) with negation after VADER (Hutto & Gilbert 2014, ICWSM); widest margins on word 1–2 and
    character 2–5 TF-IDF, plain and weighed by log-count ratios (Wang & Manning 2012, ACL); confidence by Platt (1999) on the parts held out in turn.
    """
    checked_language(language)
    cleaned, signs, seed = clean_texts(texts), _signs(polarity), checked_seed(seed)
    if len(cleaned) != len(signs):
        raise ValueError(f"polarity: expected {len(cleaned)} values, one for each text, got {len(signs)}")
    usable = [(text, sign) for text, sign in zip(cleaned, signs, strict=True) if sign and text.strip()]
    kinds = [len({text for text, sign in usable if sign == kind}) for kind in (-1, 1)]
    if len(usable) < FEWEST_TO_LEARN or min(kinds) < FEWEST_OF_A_KIND:
        return Sentiment(language=language)
    return _learn(_drawn(usable, seed), language, seed)


def _signs(polarity: Iterable[float]) -> list[int]:
    signs = []
    for position, value in enumerate(listed(polarity, "polarity", "-1, 0 and 1")):
        if not isinstance(value, Real | Decimal) or isinstance(value, bool) or not _is_sign(value):
            raise ValueError(f"polarity[{position}]: expected -1, 0 or 1, got {said(value)}")
        signs.append(int(float(value)))
    return signs


def _is_sign(value: Any) -> bool:
    return not (isinstance(value, Decimal) and value.is_snan()) and value in (-1, 0, 1)


def _judge_by_lists(tone: Tone) -> Judged:
    if tone.n == 0 or tone.polarity == 0:
        return Judged(0.0, 0.0)
    return Judged(tone.polarity, 0.5 + _LIST_TRUST * abs(tone.polarity))


def _drawn(usable: list[tuple[str, int]], seed: int) -> list[tuple[str, int]]:
    if len(usable) <= MOST_TO_LEARN:
        return usable
    import numpy as np

    chosen = np.random.default_rng(seed).choice(len(usable), size=MOST_TO_LEARN, replace=False)
    return [usable[i] for i in sorted(chosen.tolist())]


def _learn(usable: list[tuple[str, int]], language: str, seed: int) -> Sentiment:
    import numpy as np
    from sklearn.metrics import f1_score

    texts = [text for text, _ in usable]
    y = np.array([sign for _, sign in usable])
    lexicon = read_lexicon(language)
    words, letters = _vectorisers(len(texts))
    # Fitted on all texts once: vocabulary and weights of words know no scores, so the parts held out stay unseen.
    try:
        known = words.fit_transform(texts), letters.fit_transform(texts)
    except ValueError:  # numbers and signs alone: there is no word to learn
        return Sentiment(language=language)
    features = _features(*known, _list_features(texts, [tone_of(text, lexicon) for text in texts], lexicon))
    held_out = np.zeros(len(y))
    for learn, test in _parts(texts, y, seed):
        weights, intercept = _fit(features[learn], y[learn])
        held_out[test] = features[test] @ weights + intercept
    score = float(f1_score(y, np.where(held_out > 0, 1, -1), average="macro"))
    if score < 0.5 + _BEYOND_CHANCE / len(y) ** 0.5:
        return Sentiment(language=language)
    weights, intercept = _fit(features, y)
    model = _Linear(words, letters, weights, intercept, *_platt(held_out, y))
    return Sentiment(language=language, n_learnt=len(y), validation=Validation(score, len(y)), _model=model)


def _parts(texts: Sequence[str], y: Any, seed: int) -> Iterator[tuple[Any, Any]]:
    from sklearn.model_selection import StratifiedGroupKFold

    # The same sentence sent twice must not be learnt and tested upon.
    same = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    groups = [same[text] for text in texts]
    for learn, test in folds.split(texts, y, groups=groups):
        if len(set(y[learn].tolist())) == 2 and len(test):
            yield learn, test


class _Linear:
    """Vectorisers and weights; `slope` and `offset` turn a margin into the chance that the comment is content."""

    def __init__(self, words: Any, letters: Any, weights: Floats, intercept: float, slope: float, offset: float) -> None:
        self.words, self.letters, self.weights, self.intercept = words, letters, weights, intercept
        self.slope, self.offset = slope, offset

    def judge(self, texts: Sequence[str], tones: Sequence[Tone], lexicon: Lexicon) -> list[Judged]:
        import numpy as np

        extras = _list_features(texts, tones, lexicon)
        margins = _features(self.words.transform(texts), self.letters.transform(texts), extras) @ self.weights + self.intercept
        chance = 1 / (1 + np.exp(-np.clip(self.slope * margins + self.offset, -30, 30)))
        judged = []
        for text, tone, margin, content in zip(texts, tones, margins.tolist(), chance.tolist(), strict=True):
            if tone.n == 0 and not any(sign.isalpha() for sign in text):
                judged.append(Judged(0.0, 0.0))
            else:
                judged.append(Judged(float(np.tanh(margin / 2)), content if margin > 0 else 1 - content))
        return judged


def _vectorisers(n: int) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    fewest = 1 if n < 1_000 else 2
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=fewest)
    words.set_params(token_pattern=_WORD_OR_MARK)
    return words, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=fewest)


def _fit(features: Any, y: Any) -> tuple[Floats, float]:
    """The sum of two widest margins, one of them on words and letters weighed by how much likelier they are among the content."""
    import numpy as np

    from luuppi.language.classifying import log_ratios
    from luuppi.language.sparse import scale_columns

    ratios = np.ones(features.shape[1])
    ratios[:-_N_LIST_FEATURES] = log_ratios(features[:, :-_N_LIST_FEATURES], y > 0)
    plain, offset = _margin(features, y, _SURE_MARGIN)
    weighed, offset_weighed = _margin(scale_columns(features, ratios), y, _SURE_RATIO)
    return plain + weighed * ratios, offset + offset_weighed


def _margin(features: Any, y: Any, sure: float) -> tuple[Floats, float]:
    from sklearn.svm import LinearSVC

    # Both kinds weigh the same: an organisation with nine content customers in ten wants the tenth found.
    model = LinearSVC(C=sure, class_weight="balanced", max_iter=5_000, random_state=0)
    fit_alone(model.fit, features, y)
    return model.coef_[0], float(model.intercept_[0])


def _features(words: Any, letters: Any, extras: Any) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([words, letters, csr_matrix(extras)]).tocsr()


def _list_features(texts: Sequence[str], tones: Sequence[Tone], lexicon: Lexicon) -> Any:
    """float[n, 4]: the tone of the whole, of the first and the last sentence (a long comment ends with what it means), and "none known"."""
    import numpy as np

    rows = np.zeros((len(texts), _N_LIST_FEATURES))
    for row, (text, tone) in enumerate(zip(texts, tones, strict=True)):
        sentences = _ends(text)
        first, last = (tone.polarity, tone.polarity) if len(sentences) < 2 else (tone_of(part, lexicon).polarity for part in sentences)
        rows[row] = (_LIST_WEIGHT * tone.polarity, first, last, float(tone.n == 0))
    return rows


def _ends(text: str) -> list[str]:
    sentences = [part for part in _split_sentences(text) if part.strip()]
    return [sentences[0], sentences[-1]] if len(sentences) > 1 else sentences


def _split_sentences(text: str) -> list[str]:
    for sign in "!?\n":
        text = text.replace(sign, ".")
    return text.split(".")


def _platt(margins: Floats, y: Any) -> tuple[float, float]:
    """Slope and offset of the chance that a comment is content, at the shares of the comments learnt from."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=10, solver="lbfgs", max_iter=1_000).fit(margins.reshape(-1, 1), y)
    return max(float(fitted.coef_[0][0]), 0.0), float(fitted.intercept_[0])
