"""A walk through luuppi.measures and luuppi.language: what an analyst would look at first, on feedback that is simulated here.

python docs/tour.py                 simulates sixty weeks of Finnish feedback of an invented shop and prints what it finds, under a minute
python docs/tour.py feedback.csv    the same for a file with the columns week (number, or a date), score (0–10), text and, if there is one, team,
                                    in English or as they are called in Finnish and Swedish; the language is detected.
                                    Part 5, the effect of a change, is of the simulated shop alone: a file does not say what was changed and when

Each part stands alone: copy one into a notebook.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from luuppi.capture.importing.encodings import find_encoding
from luuppi.language import advising, coding, detecting, masking, rising, sentiment, theming, urgency
from luuppi.measures import drivers, effects, scores, shrinkage, staffing

# What people say of each matter, how often, and what it does to a score of 8 on average.
MATTERS: dict[str, tuple[float, float, list[str]]] = {
    "late": (0.3, -4.5, ["paketti myöhästyi {n} päivää", "toimitus kesti kaksi viikkoa", "kuljetus oli taas myöhässä", "odotin pakettia turhaan koko päivän"]),
    "staff": (0.25, 1.5, ["asiakaspalvelija oli ystävällinen", "henkilökunta auttoi heti", "sain hyvää palvelua myymälässä", "myyjä neuvoi kärsivällisesti"]),
    "price": (0.2, -1.5, ["hinnat ovat nousseet", "toimitusmaksu on liian kallis", "sama tuote on muualla halvempi", "hinta yllätti ikävästi"]),
    "search": (0.15, -1.0, ["haku ei löydä yhdyssanoja", "verkkokaupan haku on kankea", "en löytänyt tuotetta haulla", "hakutulokset olivat sekavia"]),
    "quality": (0.2, 1.0, ["tuote on laadukas ja kestävä", "takin laatu on hyvä", "kengät istuvat täydellisesti", "kangas tuntuu kestävältä"]),
}  # fmt: skip
FILLING = ["tilasin lahjan äidille", "kävin lauantaina", "tämä oli kolmas tilaukseni", "terveisiä koko väelle", "asun maalla", "ostin kahdet housut"]
NEW_MATTER = ["laturin akku kuumeni", "akku kuumenee ladatessa", "puhelimen akku kuumeni pahasti"]
# What a file may call its columns.
HEADINGS = {
    "week": {"week", "viikko", "vecka", "date", "päivä", "päivämäärä", "pvm", "datum", "day"},
    "score": {"score", "nps", "arvosana", "suositus", "betyg", "poäng", "rating"},
    "text": {"text", "comment", "feedback", "palaute", "kommentti", "teksti", "kommentar", "fritext"},
    "team": {"team", "tiimi", "yksikkö", "toimipiste", "enhet", "grupp", "unit"},
}
CHANGE_WEEK, NEW_FROM, WEEKS, A_WEEK = 44, 56, 60, 60


def main() -> None:
    frame = read(Path(sys.argv[1])) if len(sys.argv) > 1 else simulate()
    language = Counter(detecting.detect_language(text).language for text in frame["text"].head(200)).most_common(1)[0][0] or "fi"
    print(f"{len(frame)} comments of {frame['week'].nunique()} weeks, language {language}; e.g. “{frame['text'].iloc[0]}”")
    show_scores(frame)
    show_teams(frame)
    flags = show_themes(frame, language)
    show_drivers(flags, frame)
    if len(sys.argv) == 1:
        show_effect(frame)
    show_rises(frame, language)
    show_people(frame, language)


def show_scores(frame: pd.DataFrame) -> None:
    heading("1. How are we doing?")
    half = frame["week"].median()
    before, after = (scores.nps(part["score"]) for part in (frame[frame["week"] <= half], frame[frame["week"] > half]))
    said("NPS", scores.nps(frame["score"]))
    said("  later half less earlier half", scores.difference(before, after))


def show_teams(frame: pd.DataFrame) -> None:
    heading("2. Which team needs help? (drawn together: a small team is not the worst by chance)")
    groups = [(str(name), scores.nps(part["score"]), part["score"]) for name, part in frame.groupby("team")]
    points = [100.0 * ((of >= 9).astype(int) - (of <= 6).astype(int)) for _, _, of in groups]
    ranked = shrinkage.rank_groups(
        [name for name, _, _ in groups],
        [float(of.mean()) for of in points],
        [float(of.var(ddof=1)) for of in points],  # of one answer; the number of answers is told beside it
        [len(of) for of in points],
        scale=(-100, 100),
    )
    for one in ranked:
        below = "" if one.p_below is None else f"  P(below the others) {one.p_below:.2f}"
        said(f"  {one.name}", one, below)


def show_themes(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    heading("3. What do they talk about?")
    proposal = theming.propose_themes(frame["text"].tolist(), language=language)
    if not proposal.themes:
        print(f"  too few comments for themes; what is said most: {', '.join(theming.key_phrases(frame['text'], language)) or 'nothing twice'}")
        return pd.DataFrame(index=frame.index)
    for theme in proposal.themes[:8]:
        print(f"  {theme.size:5}  {theme.label}   e.g. “{theme.examples[0]}”")
    labels = {number: theme.label for number, theme in enumerate(proposal.themes)}
    assigned = np.asarray(proposal.assigned)
    # A person would name, merge and correct the proposals; here they are taken as they are.
    learn = np.flatnonzero(assigned >= 0)[:600]
    texts = frame["text"].tolist()
    codebook = coding.learn_codebook([texts[i] for i in learn], [{labels[int(assigned[i])]} for i in learn], language=language, background=texts)
    coded = codebook.code(texts)
    print(f"  coded by a codebook learnt from {len(learn)} of them: {np.mean([bool(one) for one in coded]):.0%}; the rest stays unsorted")
    themes = sorted({one.theme for of in coded for one in of})
    return pd.DataFrame({theme: [int(any(one.theme == theme for one in of)) for of in coded] for theme in themes})


def show_drivers(flags: pd.DataFrame, frame: pd.DataFrame) -> None:
    heading("4. What is the score linked with? (NPS points that each theme adds or costs)")
    if scores.speaking("drivers", len(frame)).level == "silent":
        print(f"  too few answers (n = {len(frame)}; from 200 on)")
        return
    usable = flags.loc[:, flags.sum() >= 10]
    found = drivers.theme_points(usable, frame["score"].to_numpy(), draws=200)
    for one in sorted(found, key=lambda one: one.value or 0)[:4] + sorted(found, key=lambda one: -(one.value or 0))[:2]:
        said(f"  {one.name}", one)


def show_effect(frame: pd.DataFrame) -> None:
    heading(f"5. Did weekend sorting, begun in week {CHANGE_WEEK}, help those who wait for a parcel?")
    frame = frame.assign(points=100.0 * ((frame["score"] >= 9).astype(int) - (frame["score"] <= 6).astype(int)))
    weekly = frame.pivot_table(index="week", columns="delivery", values="points", aggfunc="mean")
    n = frame[frame["delivery"]].groupby("week").size().reindex(weekly.index).to_numpy()
    found = effects.effect_of_change(
        weekly.index.to_numpy() - CHANGE_WEEK, weekly[True].to_numpy(), weekly[False].to_numpy(), n_answers=n, read_at=WEEKS - CHANGE_WEEK
    )
    said("  effect on NPS", found, f"  {found.verdict}; the smallest visible would have been {found.smallest_visible:.0f} points")


def show_rises(frame: pd.DataFrame, language: str) -> None:
    heading("6. What is new?")
    rises = rising.find_rises(frame["week"], frame["text"], language=language)
    if not rises:
        print("  nothing that rose; a week is held against four earlier ones or more")
    for rise in rises:
        print(f"  week {rise.week}: {', '.join(rise.words)}: {rise.n} comments, {rise.times:.0f} times as often as before")


def show_people(frame: pd.DataFrame, language: str) -> None:
    heading("7. One comment at a time")
    known = frame[(frame["score"] >= 9) | (frame["score"] <= 6)]
    model = sentiment.learn_sentiment(known["text"].tolist(), np.where(known["score"] >= 9, 1, -1), language=language)
    if model.validation is not None:
        print(f"  sentiment learnt from {model.n_learnt} own comments, macro-F1 {model.validation.macro_f1:.2f} on parts held out")
    for text in ("Akku savuaa ja haisee palaneelle! Soittakaa 040 123 4567", "Milloin paketti tulee?", "Mukava myyjä, kiitos"):
        hidden = masking.mask(text, masking.find_personal_data(text, language))
        print(f"  urgency {urgency.judge_urgency(text, language)}  polarity {model.judge([text])[0].polarity:+.2f}  {hidden}")
    draft = "Hei! Olisit voinut lukea ohjeet. Palaamme asiaan."
    print(f"  advice on the draft “{draft}”:")
    for advice in advising.advise(draft, language, about="Akku kuumeni"):
        print(f"    {advice.kind}: {advice.suggestion}")
    phone = staffing.erlang_a(calls_per_minute=2, handling_minutes=4, people=9, patience_minutes=3)
    print(f"  nine people on the phone, two calls a minute: {phone.mean_wait_seconds:.0f} s of waiting, {phone.abandoned_share:.0%} hang up")


def simulate(seed: int = 4) -> pd.DataFrame:
    """Invented feedback with three things to find: late parcels cost most, week 44 helped deliveries, hot batteries from week 56."""
    rng = np.random.default_rng(seed)
    rows = []
    for week in range(WEEKS):
        for number in range(A_WEEK):
            delivery = bool(rng.random() < 0.5)
            better = delivery and week >= CHANGE_WEEK
            held = [name for name, (share, _, _) in MATTERS.items() if rng.random() < (share * 0.3 if better and name == "late" else share)]
            parts = [str(rng.choice(MATTERS[name][2])).format(n=rng.integers(3, 15)) for name in held]
            if not parts or rng.random() < 0.05:
                parts.append(str(rng.choice(FILLING)))
            score = 8 + sum(MATTERS[name][1] for name in held) + rng.normal(0, 1.5)
            if week >= NEW_FROM and number < 9:
                parts, score = [str(rng.choice(NEW_MATTER)), *parts[-1:]], score - 4
            team = str(rng.choice(["chat", "phones", "shop", "returns"], p=[0.5, 0.3, 0.18, 0.02]))
            rows.append((week, int(np.clip(round(score), 0, 10)), ". ".join(parts).capitalize(), team, delivery, "late" in held))
    return pd.DataFrame(rows, columns=["week", "score", "text", "team", "delivery", "late"])


def read(path: Path) -> pd.DataFrame:
    """The rows of a file that have week, score and text; leaves with what is wrong where there are none.

    Separators, encodings and headings as spreadsheets of Finnish, Swedish and English offices write them. A date counts as its week.
    """
    try:
        kind, _some_do_not_fit = find_encoding(path)
        with path.open(encoding=kind) as lines:
            first = next(lines, "")
        frame = pd.read_csv(path, sep=max(",;\t|", key=first.count), encoding=kind, dtype=str, skip_blank_lines=False)
    except (OSError, ValueError) as problem:
        raise SystemExit(f"{path}: {problem}") from problem
    frame = frame.rename(columns=lambda heading: heading.strip()).rename(columns=known_as(list(frame.columns)))
    missing = {"week", "score", "text"} - set(frame.columns)
    if missing:
        usual = "; ".join(f"{column} may be called {', '.join(sorted(HEADINGS[column]))}" for column in sorted(missing))
        raise SystemExit(f"{path}: the columns {', '.join(sorted(missing))} are missing among {', '.join(frame.columns)} ({usual})")
    if (days := days_of(frame["week"])).notna().any():
        frame["week"] = ((days - days.min()).dt.days // 7).where(days.notna(), frame["week"])
    for column, lowest, highest in (("week", -10_000, 999_999), ("score", 0, 10)):
        number = pd.to_numeric(frame[column].astype(str).str.strip().str.replace(",", "."), errors="coerce")
        wrong = frame[column].notna() & ~(number.between(lowest, highest) & (number % 1 == 0))
        if wrong.any():
            raise SystemExit(f"{path}: line {wrong.idxmax() + 2}: {column} is {frame[column][wrong.idxmax()]}, no whole number {lowest}–{highest}")
        frame[column] = number
    frame = frame.dropna(subset=["week", "score", "text"]).reset_index(drop=True).astype({"week": int, "score": int})
    if frame["score"].between(1, 5).all() and len(frame) >= 100:
        raise SystemExit(f"{path}: all scores lie within 1–5; the tour needs answers 0–10 to the question of recommending")
    if frame.empty:
        raise SystemExit(f"{path}: no row has week, score and text")
    return frame.assign(team=frame["team"].fillna("no team") if "team" in frame else "all")


def days_of(weeks: pd.Series) -> pd.Series:
    """The days in a column: 2026-05-31 or 31.5.2026, a time of day behind them or not; NaT for anything else."""
    plain = weeks.astype("string").str.strip()
    dotted = pd.to_datetime(plain.str.split().str[0], format="%d.%m.%Y", errors="coerce")
    written = plain.where(plain.str.contains("-", na=False))
    return dotted.fillna(pd.to_datetime(written, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None))


def known_as(headings: list[str]) -> dict[str, str]:
    """The columns of the tour by the headings of a file; the first that fits counts."""
    found = {column: next((one.strip() for one in headings if one.strip().lower() in names), None) for column, names in HEADINGS.items()}
    return {heading: column for column, heading in found.items() if heading is not None}


def heading(text: str) -> None:
    print(f"\n{text}")


def said(name: str, one: object, more: str = "") -> None:
    value, low, high, n = (getattr(one, part) for part in ("value", "low", "high", "n"))
    shown = value is not None and scores.speaking("figure", n).level != "silent"
    print(f"{name:40} {value:7.1f}  [{low:.1f}, {high:.1f}]  n = {n}{more}" if shown else f"{name:40} too few (n = {n})")


if __name__ == "__main__":
    main()
