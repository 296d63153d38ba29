"""How far sentiment, rises, reply advice and urgency can be trusted: measured on labelled sets and on planted truth.

Run by bench/trust.py.
"""

import csv
import gzip
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from bench.verdicts import Measure, Planned, Row, at_least, at_most, row
from luuppi.language import advising, rising, sentiment, urgency
from luuppi.language.tests.labelled import counted
from luuppi.language.tests.shared import shared_path

Labelled = tuple[list[str], np.ndarray]

REVIEWS = "feedback/womens_clothing_reviews.csv.gz"
COMMENTS = "feedback/nhs_friends_family_test.csv.gz"
MUNICIPAL, BANKING = "text/themes_fi_municipal2000.csv", "text/themes_en_banking77.csv"


def planned() -> list[Planned]:
    """What this part measures; what takes long comes last."""
    measures: list[tuple[Measure, list[str], bool]] = [
        (acceptance, ["text/urgency.jsonl", "text/reply_lint.jsonl"], False),
        (labelled_replies, [], False),
        (labelled_messages, [], False),
        (blind_sentences, [], False),
        (blind_messages, [], False),
        (first_day, ["text/sentiment_fi_subtitles.csv", "text/sentiment_sv_subtitles.csv", "text/sentiment_en_yelp.csv"], False),
        (known_stream, ["text/emerging_stream_fi.csv", "text/emerging_stream_fi_truth.json"], False),
        (known_themes, [], False),
        (own_comments, [COMMENTS], True),
        (own_reviews, [REVIEWS], True),
        (own_subtitles, ["text/sentiment_fi_subtitles.csv"], True),
        (new_matters, [MUNICIPAL, BANKING], True),
    ]
    return [
        Planned(needs[0] if needs else "planted truth", measure, None if any(shared_path(name) is None for name in needs) else (), long)
        for measure, needs, long in measures
    ]


def first_day() -> list[Row]:
    lines = []
    # What the same sets gave with AFINN as it is, dictionary forms and one negation value; see docs/methods/sentiment.md.
    sets = (("sentiment_en_yelp", "en", 0.863), ("sentiment_fi_subtitles", "fi", 0.757), ("sentiment_sv_subtitles", "sv", 0.644))
    for name, language, floor in sets:
        texts, truth = labelled(name)
        judged = sentiment.learn_sentiment(language=language).judge(texts)
        told = np.array([one.polarity != 0 for one in judged])
        signs = np.sign([one.polarity for one in judged])
        lines.append(at_least(name, "lists alone, macro-F1 where they tell", float(f1_score(truth[told], signs[told], average="macro")), floor, 0.001))
        lines.append(row(name, "lists alone, share of texts where they tell", round(float(told.mean()), 2), None, None, holds=None))
    return lines


def own_reviews() -> list[Row]:
    lines = []
    for n, draws, floor in ((50, 6, 0.82), (100, 6, 0.84), (200, 5, 0.87), (500, 3, 0.89), (1_000, 2, 0.91)):
        results = [learnt(*reviews(seed), n=n, n_test=400, language="en") for seed in range(draws)]
        lines.append(at_least("womens_clothing_reviews", f"{n} own labels, macro-F1", mean([one[0] for one in results]), floor, 0.01))
        if n == 1_000:
            figure = f"{n} own labels, mean gap of confidence and share right"
            lines.append(at_most("womens_clothing_reviews", figure, mean([one[1] for one in results]), 0.05))
    return lines


def own_subtitles() -> list[Row]:
    texts, truth = labelled("sentiment_fi_subtitles")
    lines = []
    for n, draws, floor in ((200, 5, 0.69), (1_000, 3, 0.72), (6_000, 1, 0.78)):
        scores = []
        for seed in range(draws):
            order = np.random.default_rng(seed).permutation(len(texts))
            scores.append(learnt([texts[i] for i in order], truth[order], n=n, n_test=1_000, language="fi")[0])
        lines.append(at_least("sentiment_fi_subtitles", f"{n} own labels, macro-F1", mean(scores), floor, 0.01))
    return lines


def own_comments() -> list[Row]:
    """Patients' comments: learnt on two thirds of the respondents, judged on the rest."""
    with gzip.open(found(COMMENTS), "rt", encoding="utf-8") as file:
        all_rows = [line for line in csv.DictReader(file) if line["Comment sentiment"] in ("1", "2", "4", "5")]
    scores = []
    for seed in range(3):
        people = sorted({line["Respondent ID"] for line in all_rows})
        held = set(np.random.default_rng(seed).choice(people, size=len(people) // 3, replace=False).tolist())
        parts = [[line for line in all_rows if (line["Respondent ID"] in held) == test] for test in (False, True)]
        texts = [[line["FFT answer"] for line in part] for part in parts]
        signs = [[1 if line["Comment sentiment"] in "12" else -1 for line in part] for part in parts]
        judged = sentiment.learn_sentiment(texts[0], signs[0], "en").judge(texts[1])
        scores.append(f1_score(signs[1], [1 if one.polarity > 0 else -1 for one in judged], average="macro"))
    return [at_least("nhs_friends_family_test", "binary sentiment, other respondents, macro-F1", mean(scores), 0.89, 0.01)]


def known_stream() -> list[Row]:
    with found("text/emerging_stream_fi.csv").open(encoding="utf-8") as file:
        stream = list(csv.DictReader(file))
    truth = json.loads(found("text/emerging_stream_fi_truth.json").read_text(encoding="utf-8"))
    weeks, texts = [int(line["week"]) for line in stream], [line["text"] for line in stream]
    began = time.process_time()
    words = rising.find_rises(weeks, texts, language="fi")
    seconds = time.process_time() - began
    themes = {rise.theme: rise.week for rise in rising.find_rises(weeks, texts, [{line["theme_id"]} for line in stream]) if rise.theme}
    new, surge = truth["new_from_week"], truth["surge_from_week"]
    first = min((rise.week for rise in words if rise.week >= new), default=None)
    false = sum(rise.week < new for rise in words) / (new - 5)
    return [
        row("emerging_stream_fi", "week in which the new matter is found by words", first, new, 0, holds=first == new),
        at_most("emerging_stream_fi", "false words a week before it", false, 0.2),
        row("emerging_stream_fi", "weeks in which the two themes are found", sorted(themes.values()), [new, surge], 0,
            holds=themes == {truth["new_theme"]: new, truth["surge_theme"]: surge}),
        row("emerging_stream_fi", "CPU seconds for 5 200 comments", round(seconds, 1), None, None, holds=None),
    ]  # fmt: skip


def new_matters() -> list[Row]:
    """A theme nobody has seen joins a steady stream of 200 comments a week. 16 draws tell a share of .75 to ± .1 (one standard error)."""
    lines = []
    for name, language, of in ((MUNICIPAL, "fi", "themes_fi_municipal2000"), (BANKING, "en", "themes_en_banking77")):
        for a_week, floor in ((20, 0.75), (10, 0.35)):
            first, false = planted_matters(name, language, a_week=a_week, draws=16)
            lines.append(at_least(of, f"new matter of {a_week} a week found in its first week", first, floor, 0.1))
            lines.append(at_most(of, f"false words a week ({a_week})", false, 0.2))
    return lines


def planted_matters(name: str, language: str, *, a_week: int, draws: int, n_weeks: int = 16, new_at: int = 15) -> tuple[float, float]:
    with found(name).open(encoding="utf-8") as file:
        texts, keys = zip(*((line["text"], line["theme_id"]) for line in csv.DictReader(file)), strict=True)
    theme_of = np.array(keys)
    large = [key for key in sorted(set(keys)) if (theme_of == key).sum() >= 4 * a_week]
    hits, alarms = 0, 0
    for draw in range(draws):
        rng = np.random.default_rng([7, draw])
        planted = large[rng.integers(len(large))]
        others, mine = rng.permutation(np.flatnonzero(theme_of != planted)), rng.permutation(np.flatnonzero(theme_of == planted))
        chosen = others[: 200 * n_weeks].copy()
        for back, week in enumerate(range(new_at, n_weeks + 1)):
            chosen[200 * (week - 1) : 200 * (week - 1) + a_week] = mine[a_week * back : a_week * (back + 1)]
        rises = rising.find_rises(np.repeat(np.arange(1, n_weeks + 1), 200), [texts[i] for i in chosen], language=language)
        hits += any(rise.week == new_at for rise in rises)
        alarms += sum(rise.week < new_at for rise in rises)
    return hits / draws, alarms / (draws * (new_at - 5))


def known_themes() -> list[Row]:
    lines = []
    for times, floor, later in ((3, 0.84, None), (2, 0.31, 0.9)):
        first, month, alarms = 0, 0, 0
        for draw in range(50):
            rng = np.random.default_rng([9, draw])
            shares = np.full((18, 20), 1 / 20)
            shares[14:, 0] *= times
            keys = [int(key) for week in range(18) for key in rng.choice(20, size=200, p=shares[week] / shares[week].sum())]
            rises = rising.find_rises(np.repeat(np.arange(18), 200), ["-"] * len(keys), [{key} for key in keys])
            weeks = [rise.week for rise in rises if rise.theme == 0]
            first, month = first + (14 in weeks), month + any(week >= 14 for week in weeks)
            alarms += sum(rise.week < 14 for rise in rises)
        of = "planted: 20 themes, 200 comments a week"
        lines.append(at_least(of, f"a theme x {times} found in its first week", first / 50, floor, 0.05))
        if later is not None:
            lines.append(at_least(of, f"a theme x {times} found within four weeks", month / 50, later, 0.05))
        lines.append(at_most(of, "false themes a week", alarms / 500, 0.2))
    return lines


def labelled_replies() -> list[Row]:
    def judged(line: Any) -> set[Any]:
        return {one.kind for one in advising.advise(line["text"], line["language"], about=line["about"])}

    return [
        row(f"labelled replies, judging half, {one.language}", f"{one.label} (n = {one.there})",
            f"precision {one.precision:.2f} recall {one.recall:.2f}", None, None, holds=None)
        for one in counted("replies", "judge", advising.KINDS, lambda line: set(line["kinds"]), judged)
    ]  # fmt: skip


def blind_sentences() -> list[Row]:
    """Sentences by hands that knew neither the rules nor what was learnt from."""
    judged = counted(
        "sentences", "judge", ("blame", "excuse"), lambda line: {line["kind"]},
        lambda line: {one.kind for one in advising.advise(line["text"], line["language"])},
    )  # fmt: skip
    return [
        row(f"sentences written blind, judging part, {one.language}", f"{one.label} (n = {one.there})",
            f"precision {one.precision:.2f} recall {one.recall:.2f}", None, None, holds=None)
        for one in judged
    ]  # fmt: skip


def labelled_messages() -> list[Row]:
    return messages_of("messages", "labelled messages, judging half")


def blind_messages() -> list[Row]:
    """Messages by hands that knew neither the rules nor what was learnt from."""
    return messages_of("more_messages", "messages written blind, judging part")


def messages_of(name: str, title: str) -> list[Row]:
    judged = counted(name, "judge", (2, 1, 0), lambda line: {line["urgency"]}, lambda line: {urgency.judge_urgency(line["text"], line["language"])})
    return [
        row(f"{title}, {one.language}", f"urgency {one.label} (n = {one.there})", f"precision {one.precision:.2f} recall {one.recall:.2f}", None, None, holds=None)
        for one in judged
    ]


def acceptance() -> list[Row]:
    messages = [json.loads(line) for line in found("text/urgency.jsonl").read_text(encoding="utf-8").splitlines()]
    replies = [json.loads(line) for line in found("text/reply_lint.jsonl").read_text(encoding="utf-8").splitlines()]
    level = [urgency.judge_urgency(one["text"], one["lang"]) == one["urgency"] for one in messages]
    right = {"thanks": 0, "blames_customer": 0}
    for one in replies:
        kinds = {advice.kind for advice in advising.advise(one["draft"], one["lang"])}
        right["thanks"] += ("no_thanks" not in kinds) == one["thanks"]
        right["blames_customer"] += ("blame" in kinds) == one["blames_customer"]
    lines = [at_least("urgency.jsonl", "share of messages with their level", mean(level), 1.0)]
    lines += [at_least("reply_lint.jsonl", f"share right: {name}", n / len(replies), 1.0) for name, n in right.items()]
    return lines


def learnt(texts: list[str], truth: np.ndarray, *, n: int, n_test: int, language: str) -> tuple[float, float]:
    """Macro-F1 on the last texts of a model of the first n; and the mean gap of confidence and share right, in ten classes."""
    judged = sentiment.learn_sentiment(texts[:n], truth[:n].tolist(), language).judge(texts[-n_test:])
    signs = np.array([1 if one.polarity > 0 else -1 for one in judged])
    right, sure = signs == truth[-n_test:], np.array([one.confidence for one in judged])
    classes = np.minimum((sure * 10).astype(int), 9)
    gap = sum(abs(right[classes == k].mean() - sure[classes == k].mean()) * (classes == k).mean() for k in set(classes.tolist()))
    return float(f1_score(truth[-n_test:], signs, average="macro")), float(gap)


def reviews(seed: int) -> Labelled:
    """As many discontent (1–2 stars) as content (4–5) reviews, shuffled; the middle left out."""
    with gzip.open(found(REVIEWS), "rt", encoding="utf-8") as file:
        usable = [line for line in csv.DictReader(file) if line["Review Text"] and line["Rating"] != "3"]
    rng = np.random.default_rng(seed)
    low, high = ([line for line in usable if (int(line["Rating"]) > 3) == content] for content in (False, True))
    chosen = [*low, *(high[i] for i in rng.permutation(len(high))[: len(low)])]
    chosen = [chosen[i] for i in rng.permutation(len(chosen))]
    signs = np.array([1 if int(line["Rating"]) > 3 else -1 for line in chosen])
    return [f"{line['Title']}. {line['Review Text']}" for line in chosen], signs


def labelled(name: str) -> Labelled:
    with found(f"text/{name}.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    return [line["text"] for line in lines], np.array([1 if line["label"] == "positive" else -1 for line in lines])


def found(name: str) -> Path:
    path = shared_path(name)
    if path is None:
        raise FileNotFoundError(f"shared data: {name} is not on this machine")
    return path


def mean(values: Any) -> float:
    return float(np.mean(values))
