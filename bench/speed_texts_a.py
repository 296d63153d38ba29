"""Speed and memory of the text library on one core, beside a plain scikit-learn way of doing the same: `python bench/speed_texts_a.py`.

Comments are put together out of invented sentences of 150–230 letters with a long tail of invented words, so nothing has to be
downloaded. Each measurement runs in a process of its own: what one leaves in memory is not the next one's.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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


def codebook() -> object:
    from luuppi.language.coding import learn_codebook

    texts = invented(600, n_themes=10, seed=1)
    return learn_codebook(texts, [{text.split()[0][:1]} for text in texts], "fi")


def code_many(n: int = 100_000) -> dict[str, float]:
    book = codebook()
    texts = invented(n, n_themes=20, seed=2)
    return timed(lambda: book.code(texts), n)  # type: ignore[attr-defined]


def code_one(n: int = 200) -> dict[str, float]:
    book = codebook()
    texts = invented(n, n_themes=20, seed=3)
    book.code(texts[:1])  # type: ignore[attr-defined]
    return timed(lambda: [book.code([text]) for text in texts], n)  # type: ignore[attr-defined]


def ten_most_similar(n: int = 100_000) -> dict[str, float]:
    import numpy as np

    from luuppi.language.likeness import MostSimilar

    vectors = np.random.default_rng(0).normal(size=(n, 200)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    search = MostSimilar(vectors)
    search.find(vectors[0])
    return timed(lambda: [search.find(vector) for vector in vectors[:100]], 100)


def mask_many(n: int = 20_000) -> dict[str, float]:
    from luuppi.language.masking import find_personal_data

    texts = [f"{text} Soita 040 123 4567 tai kirjoita aino@example.com." if i % 10 == 0 else text for i, text in enumerate(invented(n))]
    return timed(lambda: [find_personal_data(text) for text in texts], n)


def detect_many(n: int = 20_000) -> dict[str, float]:
    from luuppi.language.detecting import detect_language

    texts = invented(n)
    detect_language(texts[0])
    return timed(lambda: [detect_language(text) for text in texts], n)


def import_all(n: int = 1) -> dict[str, float]:
    started = time.process_time()
    import luuppi.language
    from luuppi.language import coding, detecting, likeness, masking, theming

    seconds = time.process_time() - started
    assert luuppi.language and coding and detecting and likeness and masking and theming
    return {"seconds": seconds, "n": n}


def timed(work: Callable[[], object], n: int) -> dict[str, float]:
    started = time.process_time()
    work()
    return {"seconds": time.process_time() - started, "n": n}


# name, measurement, what is compared, limit, whether more is better
MEASURES: list[tuple[str, Callable[[], dict[str, float]], Callable[[dict[str, float]], float], float, bool]] = [
    ("import of luuppi.language and its parts a, CPU-s", import_all, lambda m: m["seconds"], 0.3, False),
    ("language, texts/s", detect_many, lambda m: m["n"] / m["seconds"], 5000, True),
    ("masking, texts/s", mask_many, lambda m: m["n"] / m["seconds"], 5000, True),
    ("one new comment coded, ms", code_one, lambda m: 1000 * m["seconds"] / m["n"], 10, False),
    ("ten most similar among 100 000, ms", ten_most_similar, lambda m: 1000 * m["seconds"] / m["n"], 15, False),
    ("coding 1 000 000 comments (from 100 000), CPU-minutes", code_many, lambda m: m["seconds"] * 1e6 / m["n"] / 60, 8, False),
    ("themes of 100 000 comments, CPU-s", propose, lambda m: m["seconds"], 60, False),
    ("themes of 100 000 comments, peak MB", propose, lambda m: m["peak_mb"], 1500, False),
    ("plain scikit-learn themes of 100 000 comments, CPU-s", propose_plainly, lambda m: m["seconds"], float("inf"), False),
]


def rows() -> list[dict[str, object]]:
    """One row for each measure; the plain way runs too, and its ratio to ours is the last row."""
    found: list[dict[str, object]] = []
    measured: dict[str, dict[str, float]] = {}
    for figure, work, value_of, limit, more in MEASURES:
        if work.__name__ not in measured:
            measured[work.__name__] = in_own_process(work.__name__)
        value = value_of(measured[work.__name__])
        holds = value >= limit if more else value <= limit
        found.append({"figure": figure, "measured": round(value, 3), "limit": limit, "verdict": "holds" if holds else "does not hold"})
    ratio = measured["propose_plainly"]["seconds"] / measured["propose"]["seconds"]
    found.append({"figure": "themes: CPU of the plain way / ours", "measured": round(ratio, 2), "limit": None, "verdict": "–"})
    return found


def in_own_process(name: str) -> dict[str, float]:
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, str(Path(__file__).resolve()), name]
    output = subprocess.run(
        command, env={**os.environ, **one_thread, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True
    ).stdout
    return dict(json.loads(output.splitlines()[-1]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        result = globals()[sys.argv[1]]()
        result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
    else:
        for line in rows():
            print(f"{line['verdict']:14} {line['figure']:60} {line['measured']} (limit {line['limit']})", flush=True)
