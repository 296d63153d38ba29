"""Speed and memory of luuppi.language on one core, beside plain scikit-learn in the same run: `./run bench speed_texts`.

Comments are put together out of invented sentences of 150–230 letters with a long tail of invented words, so nothing has to be
downloaded. The million of coded comments is told from 200 000; `--measure code_a_million` codes all of them.
"""

import random
import sys
import time
from typing import Any

from bench.speed import Figure, milliseconds_each, peak_mb, per_second, run, seconds, timed

SYLLABLES = "ka la mi no pa ri su ta vo he lu ki sa te ni ro ma pi tu va jo ko le nä rö si tä ly mu he".split()  # noqa: SIM905


def invented(n: int, n_themes: int = 40, seed: int = 0) -> list[str]:
    """n comments: each mostly of the words of one of the themes, with common words and rare ones between."""
    draw = random.Random(seed)

    def word() -> str:
        return "".join(draw.choice(SYLLABLES) for _ in range(draw.choice((2, 3, 3, 4, 5))))

    common = [word() for _ in range(300)]
    themes = [[word() for _ in range(80)] for _ in range(n_themes)]
    endings = ["", "n", "ssa", "lle", "sta", "a", "t", "ja", "ksi", "mme"]
    texts = []
    for _ in range(n):
        own = draw.choice(themes)
        words = [
            draw.choice(common) if draw.random() < 0.45 else draw.choice(own) + draw.choice(endings) for _ in range(draw.randint(16, 26))
        ]
        if draw.random() < 0.3:
            words.append(word())
        texts.append(" ".join(words).capitalize() + ".")
    return texts


def propose(n: int = 100_000) -> dict[str, float]:
    from luuppi.language.theming import propose_themes

    texts = invented(n)
    return timed(lambda: propose_themes(texts, "fi"), n)


def propose_part() -> dict[str, float]:
    return propose(10_000)


def propose_plainly(n: int = 100_000) -> dict[str, float]:
    """TF-IDF of character 3–5-grams, SVD 100, k-means: what one would write in an afternoon."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    texts = invented(n)
    weigh = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, max_features=30_000)
    steps = make_pipeline(weigh, TruncatedSVD(100, random_state=0), MiniBatchKMeans(40, random_state=0))
    return timed(lambda: steps.fit_predict(texts), n)


def examples() -> tuple[list[str], list[set[str]]]:
    texts = invented(600, n_themes=10, seed=1)
    return texts, [{text.split()[0][:1]} for text in texts]


def codebook() -> Any:
    from luuppi.language.coding import learn_codebook

    return learn_codebook(*examples(), "fi")


def plain_codebook() -> Any:
    """One-vs-rest logistic regression on TF-IDF of words and of characters, without thresholds, stems or vectors."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import MultiLabelBinarizer

    texts, themes = examples()
    words, letters = TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    steps = make_pipeline(make_union(words, letters), OneVsRestClassifier(LogisticRegression(max_iter=300)))
    return steps.fit(texts, MultiLabelBinarizer().fit_transform(themes))


def in_lots(code: Any, n: int) -> dict[str, float]:
    """Comments coded 10 000 at a time, as they come out of a database; grown_mb: memory at the end against after the first lot."""
    spent, first = 0.0, 0.0
    for lot in range(n // 10_000):
        texts = invented(10_000, n_themes=20, seed=100 + lot)
        started = time.process_time()
        code(texts)
        spent += time.process_time() - started
        first = first or resident_mb()
    return {"seconds": spent, "n": n, "grown_mb": resident_mb() - first}


def code_many() -> dict[str, float]:
    return in_lots(codebook().code, 200_000)


def code_many_plainly() -> dict[str, float]:
    return in_lots(plain_codebook().predict, 200_000)


def code_a_million() -> dict[str, float]:
    return in_lots(codebook().code, 1_000_000)


def codebook_learned() -> dict[str, float]:
    return timed(codebook, 600)


def code_part() -> dict[str, float]:
    book, texts = codebook(), invented(20_000, n_themes=20, seed=2)
    return timed(lambda: book.code(texts), len(texts))


def sentiment_learned() -> dict[str, float]:
    from luuppi.language.sentiment import learn_sentiment

    texts = [f"{text} {'Hyvä, kiitos.' if i % 2 else 'Huono, harmitti.'}" for i, text in enumerate(invented(2_000))]
    return timed(lambda: learn_sentiment(texts, [1 if i % 2 else -1 for i in range(len(texts))], "fi").judge(texts), len(texts))


def code_one(n: int = 200) -> dict[str, float]:
    book, texts = codebook(), invented(n, n_themes=20, seed=3)
    book.code(texts[:1])
    return timed(lambda: [book.code([text]) for text in texts], n)


def code_one_plainly(n: int = 200) -> dict[str, float]:
    book, texts = plain_codebook(), invented(n, n_themes=20, seed=3)
    return timed(lambda: [book.predict([text]) for text in texts], n)


def hundred_thousand_vectors() -> Any:
    import numpy as np

    vectors = np.random.default_rng(0).normal(size=(100_000, 300)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def ten_most_similar() -> dict[str, float]:
    from luuppi.language.likeness import MostSimilar

    vectors = hundred_thousand_vectors()
    search = MostSimilar(vectors)
    search.find(vectors[0])
    return timed(lambda: [search.find(vector) for vector in vectors[:200]], 200)


def ten_most_similar_plainly() -> dict[str, float]:
    from sklearn.neighbors import NearestNeighbors

    vectors = hundred_thousand_vectors()
    search = NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(vectors)
    return timed(lambda: [search.kneighbors(vector[None]) for vector in vectors[:200]], 200)


def one_in_ten_with_personal_data(n: int = 20_000) -> list[str]:
    return [f"{text} Soita 040 123 4567 tai kirjoita aino@example.com." if i % 10 == 0 else text for i, text in enumerate(invented(n))]


def mask_many() -> dict[str, float]:
    from luuppi.language.masking import find_personal_data

    texts = one_in_ten_with_personal_data()
    find_personal_data(texts[0])
    return timed(lambda: [find_personal_data(text) for text in texts], len(texts))


def mask_many_plainly() -> dict[str, float]:
    """The phones alone, by the matcher of the phonenumbers library."""
    import phonenumbers

    texts = one_in_ten_with_personal_data()
    return timed(lambda: [list(phonenumbers.PhoneNumberMatcher(text, "FI")) for text in texts], len(texts))


def detect_many(n: int = 20_000) -> dict[str, float]:
    from luuppi.language.detecting import detect_language

    texts = invented(n)
    detect_language(texts[0])
    return timed(lambda: [detect_language(text) for text in texts], n)


def detect_many_plainly(n: int = 20_000) -> dict[str, float]:
    import py3langid

    texts = invented(n)
    py3langid.classify(texts[0])
    return timed(lambda: [py3langid.classify(text) for text in texts], n)


def urgency_of_many(n: int = 5_000) -> dict[str, float]:
    from luuppi.language.urgency import judge_urgency

    texts = invented(n)
    judge_urgency(texts[0])
    return timed(lambda: [judge_urgency(text) for text in texts], n)


def advice_on_many(n: int = 5_000) -> dict[str, float]:
    from luuppi.language.advising import advise

    texts = [f"{text} Kiitos viestistä. Palaamme asiaan ensi viikolla." for text in invented(n)]
    advise(texts[0])
    return timed(lambda: [advise(text) for text in texts], n)


def import_all() -> dict[str, float]:
    def load() -> None:
        from luuppi.language import advising, coding, detecting, likeness, masking, rising, sentiment, theming, urgency

        assert advising and coding and detecting and likeness and masking and rising and sentiment and theming and urgency

    return timed(load, 1)


def import_plainly() -> dict[str, float]:
    def load() -> None:
        import sklearn.feature_extraction.text
        import sklearn.linear_model

        assert sklearn

    return timed(load, 1)


def resident_mb() -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


FIGURES = [
    Figure("import of luuppi.language and all its parts, CPU-s", import_all, import_plainly, seconds, 0.3, rounds=3),
    Figure("language, texts/s (plain: py3langid of all languages)", detect_many, detect_many_plainly, per_second, 5_000, more=True),
    Figure("masking, texts/s (plain: phones alone, by phonenumbers)", mask_many, mask_many_plainly, per_second, 5_000, more=True),
    Figure("urgency, texts/s", urgency_of_many, None, per_second, 2_000, more=True),
    Figure("advice on replies, texts/s", advice_on_many, None, per_second, 2_000, more=True),
    Figure("one new comment coded, ms", code_one, code_one_plainly, milliseconds_each, 10),
    Figure("ten most similar among 100 000, ms", ten_most_similar, ten_most_similar_plainly, milliseconds_each, 15),
    Figure("coding 1 000 000 comments (from 200 000), CPU-minutes", code_many, code_many_plainly, lambda m: m["seconds"] * 1e6 / m["n"] / 60, 8, rounds=1),
    Figure("coding: memory after twenty lots against one, MB more", code_many, code_many_plainly, lambda m: m["grown_mb"], 50, rounds=1),
    Figure("themes of 100 000 comments, CPU-s", propose, propose_plainly, seconds, 60, rounds=1),
    Figure("themes of 100 000 comments, peak MB", propose, propose_plainly, peak_mb, 1_500, rounds=1),
]


if __name__ == "__main__":
    sys.exit(run("speed_texts", FIGURES, globals(), __doc__))
