"""How far language detection, masking, likeness, themes and coding agree with shared development data. Run by bench/trust.py.

Development figures: the settings were chosen
with these sets in sight, except where a row says otherwise.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.verdicts import Planned, Row, at_least, at_most, row, shared_data

# Columns of nhs_friends_family_test before the themes; "Not assigned" is the absence of a theme.
NHS_FIRST_THEME = "Not assigned"
FEWEST_EXAMPLES = 30
# Findings in the Finnish set that were read one by one: politicians and a street are named there, and are rightly found.
TRULY_NAMES = re.compile("Lippo[ns]e|Halonen|Hiltu|Pekkari[ns]|Karvosen|Saastamoi|Kokkos|Lehtinen|Eloranta|Korpinen|Åberg|Eerikinkatu|Sibeliu|Siitosen|Sarnila")
# Thresholds, votes and weights were chosen on the folds of seed 0. Other folds of the same people's comments, but not other people.
NHS_SEED = 7


def planned() -> list[Planned]:
    """What this part measures; all takes some minutes of an idle core."""
    found = shared_data()
    return [
        Planned(name, judge, (found / name,) if found and (found / name).exists() else None, long=name.startswith("text/themes_"))
        for name, judge in JUDGES
    ]


def read_csv(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def language_rows(path: Path) -> list[Row]:
    from luuppi.language.detecting import detect_language

    lines = read_csv(path)
    asked = [line for line in lines if line["lang"] in {"fi", "sv", "en"}]
    right = {id(line): detect_language(line["text"]).language == line["lang"] for line in asked}
    short = [line for line in asked if len(line["text"]) < 20]
    others = [line for line in lines if line["lang"] not in {"fi", "sv", "en"}]
    unnamed = sum(detect_language(line["text"]).language is None for line in others) / len(others)
    name = "langid_short"
    return [
        at_least(name, "language right, fi sv en", sum(right.values()) / len(asked), 0.989, 0.001),
        at_least(name, "language right, under 20 characters", sum(right[id(line)] for line in short) / len(short), 0.925),
        row(name, "da no et de answered with none", round(unnamed, 4), None, None, holds=None),
    ]


def masking_rows(path: Path) -> list[Row]:
    from luuppi.language.masking import find_personal_data

    least = {"HETU": 0.99, "IBAN": 0.99, "CARD": 0.99, "EMAIL": 0.99, "PHONE": 0.99, "PLATE": 0.99, "ADDRESS": 0.9, "NAME": 0.83}
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    false = innocent = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        spans = find_personal_data(told["text"], told["lang"])
        for start, end, kind in told["spans"]:
            wanted = "identity_code" if kind == "HETU" else kind.lower()
            total[kind] += 1
            hits[kind] += any(span.kind == wanted and span.start <= start and span.end >= end for span in spans)
        if not told["spans"]:
            innocent += 1
            false += sum(span.certain for span in spans)
    found = [at_least("pii_synthetic", f"recall {kind.lower()}", hits[kind] / total[kind], least[kind]) for kind in least]
    return [*found, at_most("pii_synthetic", "certain findings per 1000 texts that hold none", 1000 * false / innocent, 0.5)]


def false_hit_rows(path: Path) -> list[Row]:
    from luuppi.language.masking import find_personal_data

    column, language = {"nhs_friends_family_test.csv.gz": ("FFT answer", "en")}.get(path.name, ("text", "fi"))
    texts = [line[column] for line in read_csv(path) if line[column]]
    found = [text[span.start : span.end] for text in texts for span in find_personal_data(text, language)]
    n_hits = sum(not TRULY_NAMES.search(what) for what in found)
    return [at_most(path.name.split(".")[0], "findings of any kind that are none, per 1000 real texts", 1000 * n_hits / len(texts), 0.5)]


def duplicate_rows(path: Path) -> list[Row]:
    from sklearn.metrics import roc_auc_score

    from luuppi.language.likeness import similarity

    pairs = read_csv(path)
    alike = [similarity(pair["a"], pair["b"]) for pair in pairs]
    return [
        at_least(
            "duplicates_fi_paraphrase",
            "AUC, paraphrase against the rest",
            roc_auc_score([p["grade"] == "4" for p in pairs], alike),
            0.93,
            0.01,
        )
    ]


def theme_rows(language: str, fineness: float, nmi: float, ari: float, most: int) -> Callable[[Path], list[Row]]:
    def proposed_themes(path: Path) -> list[Row]:
        import numpy as np
        from sklearn.metrics import adjusted_rand_score, v_measure_score

        from luuppi.language.theming import propose_themes

        lines = read_csv(path)
        scores = []
        # A part of the set is drawn ten times: one draw of 8 000 differs from another by .02.
        for draw in range(10 if len(lines) > most else 1):
            taken = np.random.default_rng(draw).choice(len(lines), min(most, len(lines)), replace=False)
            assigned = propose_themes([lines[i]["text"] for i in taken], language, fineness).assigned
            truth = [lines[i]["theme_id"] for i in taken]
            scores.append((v_measure_score(truth, assigned), adjusted_rand_score(truth, assigned), assigned.max() + 1))
        found_nmi, found_ari, n_themes = np.mean(scores, axis=0).tolist()
        figure = f"at fineness {fineness:g}, {n_themes:.0f} themes, {len(scores)} draws"
        return [
            at_least(path.stem, f"proposed themes, NMI ({figure})", found_nmi, nmi, 0.005),
            at_least(path.stem, f"proposed themes, ARI ({figure})", found_ari, ari, 0.005),
        ]

    return proposed_themes


def few_label_rows(language: str, most: int, wanted: dict[int, float]) -> Callable[[Path], list[Row]]:
    """Macro-F1 of the best-ranked theme on a 30 % test part, mean of three draws of so many examples per theme."""

    def few_labels(path: Path) -> list[Row]:
        import numpy as np
        from sklearn.metrics import f1_score

        from luuppi.language.coding import learn_codebook

        test, rest = parted(path, most)
        found = []
        for n, reference in wanted.items():
            scores = []
            for draw in range(3):
                examples = some_of_each(rest, n, draw)
                background = [line["text"] for line in rest]
                book = learn_codebook([e["text"] for e in examples], [{e["theme_id"]} for e in examples], language, background)
                guesses = [ranked[0].theme for ranked in book.rank([line["text"] for line in test])]
                scores.append(f1_score([line["theme_id"] for line in test], guesses, average="macro"))
            found.append(at_least(path.stem, f"macro-F1 with {n} examples per theme", float(np.mean(scores)), reference))
        return found

    return few_labels


def stranger_rows(language: str, most: int, n_known: int, most_strangers: float, least_f1: float) -> Callable[[Path], list[Row]]:
    """A codebook that knows a few themes of all, 30 examples each, the rest unsorted beside them: three draws of themes and examples.
    The references are what the same draws gave while no stranger was left out."""

    def strangers(path: Path) -> list[Row]:
        import numpy as np

        from luuppi.language.coding import learn_codebook

        test, rest = parted(path, most)
        all_themes = sorted({line["theme_id"] for line in rest})
        hits = n_given = n_known_tests = unsorted = 0
        of_strangers = []
        for draw in range(3):
            themes = set(np.random.default_rng(draw).permutation(all_themes)[:n_known].tolist())
            examples = [line for line in some_of_each(rest, 30, draw) if line["theme_id"] in themes]
            taken = {line["text"] for line in examples}
            background = [line["text"] for line in rest if line["text"] not in taken]
            book = learn_codebook([e["text"] for e in examples], [{e["theme_id"]} for e in examples], language, background)
            for line, coded in zip(test, book.code([line["text"] for line in test]), strict=True):
                if line["theme_id"] in themes:
                    n_given, n_known_tests, unsorted = n_given + len(coded), n_known_tests + 1, unsorted + (not coded)
                    hits += line["theme_id"] in {one.theme for one in coded}
                else:
                    of_strangers.append(bool(coded))
        what = f"{n_known} of {len(all_themes)} themes known, 30 examples each"
        return [
            at_most(path.stem, f"{what}: share of comments about the others that get a theme", float(np.mean(of_strangers)), most_strangers),
            at_least(path.stem, f"{what}: micro-F1 on the known", 2 * hits / (n_given + n_known_tests), least_f1, 0.003),
            row(path.stem, f"{what}: share of the known left unsorted", round(unsorted / n_known_tests, 4), None, None, holds=None),
        ]

    return strangers


def parted(path: Path, most: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows to judge by, 30 % and at most 3 000, and the rest."""
    import numpy as np

    lines = read_csv(path)
    order = np.random.default_rng(1).permutation(len(lines))[:most]
    cut = int(0.3 * len(order))
    return [lines[i] for i in order[:cut][:3000]], [lines[i] for i in order[cut:]]


def some_of_each(lines: list[dict[str, str]], n: int, draw: int) -> list[dict[str, str]]:
    """The first n of each theme, in an order drawn by chance."""
    import numpy as np

    taken: Counter[str] = Counter()
    examples = []
    for i in np.random.default_rng(draw).permutation(len(lines)):
        if taken[lines[i]["theme_id"]] < n:
            taken[lines[i]["theme_id"]] += 1
            examples.append(lines[i])
    return examples


def several_themes_rows(path: Path) -> list[Row]:
    """Three folds of respondents: each is coded by a codebook that has met none of them. The question is known, as it is in the product."""
    import numpy as np

    from luuppi.language.classifying import folds_of
    from luuppi.language.coding import learn_codebook

    lines = [line for line in read_csv(path) if line["FFT answer"]]
    columns = list(lines[0])
    themes = columns[columns.index(NHS_FIRST_THEME) + 1 :]
    themes = [theme for theme in themes if sum(line[theme] in {"1", "1.0"} for line in lines) >= FEWEST_EXAMPLES]
    sets = [{theme for theme in themes if line[theme] in {"1", "1.0"}} for line in lines]
    people, texts = [line["Respondent ID"] for line in lines], [line["FFT answer"] for line in lines]
    asked = [" ".join(line["FFT question"].split()) for line in lines]
    folds = folds_of(np.unique(people, return_inverse=True)[1], 3, NHS_SEED)
    hits: Counter[str] = Counter()
    either: Counter[str] = Counter()
    for fold in range(3):
        known, new = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        book = learn_codebook([texts[i] for i in known], [sets[i] for i in known], "en", groups=[people[i] for i in known], questions=[asked[i] for i in known])
        for i, coded in zip(new, book.code([texts[i] for i in new], [asked[i] for i in new]), strict=True):
            given = {one.theme for one in coded}
            hits.update(given & sets[i])
            either.update(given)
            either.update(sets[i])
    micro = 2 * hits.total() / either.total()
    macro = sum(2 * hits[theme] / either[theme] for theme in themes) / len(themes)
    name = "nhs_friends_family_test"
    return [
        at_least(name, f"micro-F1, {len(themes)} themes, held-out respondents", micro, 0.72),
        at_least(name, f"micro-F1, {len(themes)} themes, against a model learnt from several times the data", micro, 0.75),
        at_least(name, f"macro-F1, {len(themes)} themes, held-out respondents", macro, 0.57),
    ]


JUDGES: list[tuple[str, Callable[[Path], list[Row]]]] = [
    ("text/langid_short.csv", language_rows),
    ("text/pii_synthetic.jsonl", masking_rows),
    ("feedback/nhs_friends_family_test.csv.gz", false_hit_rows),
    ("text/themes_fi_municipal2000.csv", false_hit_rows),
    ("text/duplicates_fi_paraphrase.csv", duplicate_rows),
    ("text/themes_fi_municipal2000.csv", theme_rows("fi", 2.0, 0.596, 0.436, 8000)),
    ("text/themes_sv_argsentences.csv", theme_rows("sv", 1.0, 0.709, 0.738, 20_000)),
    ("text/themes_en_banking77.csv", theme_rows("en", 2.0, 0.614, 0.298, 20_000)),
    ("feedback/nhs_friends_family_test.csv.gz", several_themes_rows),
    ("text/themes_sv_argsentences.csv", few_label_rows("sv", 20_000, {1: 0.592, 8: 0.856, 64: 0.926})),
    ("text/themes_fi_municipal2000.csv", few_label_rows("fi", 8000, {1: 0.312, 8: 0.557})),
    ("text/themes_en_banking77.csv", few_label_rows("en", 20_000, {1: 0.365, 8: 0.711})),
    ("text/themes_sv_argsentences.csv", stranger_rows("sv", 20_000, 3, 0.457, 0.938)),
    ("text/themes_fi_municipal2000.csv", stranger_rows("fi", 8000, 8, 0.413, 0.791)),
    ("text/themes_en_banking77.csv", stranger_rows("en", 20_000, 8, 0.36, 0.94)),
]
