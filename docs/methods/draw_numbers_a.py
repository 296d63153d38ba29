"""Draws the pictures of scores, effects, comparing, alarms and drivers from what the library says about simulated feedback.

python docs/methods/draw_numbers_a.py    writes docs/methods/*.svg; the same seed draws the same picture
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))  # so that it runs as a script from a checkout

import matplotlib  # noqa: E402

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

from luuppi.measures import change, drivers, effects, scores, shrinkage  # noqa: E402

LAKE, BERRY, STONE, INK, LINE = "#0f5063", "#d96f16", "#8a7f72", "#26211c", "#e6dfd4"
PLAIN = {
    "svg.fonttype": "none", "svg.hashsalt": "luuppi", "font.family": "sans-serif", "font.size": 11, "text.color": INK,
    "axes.edgecolor": LINE, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "figure.facecolor": "#ffffff",
}  # fmt: skip


def main() -> None:
    with plt.rc_context(PLAIN):
        draw_scores()
        draw_effect()
        draw_comparing()
        draw_alarm()
        draw_drivers()


def draw_scores() -> None:
    axes = sheet("The same NPS of 30: a guess with 10 answers, a figure with 938", "NPS with its 95 % interval")
    sizes = [10, 30, 100, 235, 938]
    for place, n in enumerate(sizes):
        promoters, detractors = round(0.5 * n), round(0.2 * n)
        found = scores.nps_of(promoters, n - promoters - detractors, detractors)
        level = scores.speaking("figure", n).level
        colour = LAKE if level == "normal" else STONE
        axes.plot([place, place], [found.low, found.high], color=colour, alpha=0.45, linewidth=8, solid_capstyle="butt")
        axes.plot(place, found.value, "o", color=colour)
        axes.annotate(f"{found.value:.0f}  [{found.low:.0f}, {found.high:.0f}]", (place, found.high), (0, 6), textcoords="offset points",
                      ha="center")  # fmt: skip
    axes.set_xticks(range(len(sizes)), [f"n = {n}\n{scores.speaking('figure', n).level}" for n in sizes])
    axes.set_ylim(-60, 100)
    axes.set_xlim(-0.6, 4.6)
    save(axes, "scores")


def draw_effect() -> None:
    rng = np.random.default_rng(8)
    weeks = np.arange(-52, 16)
    bad_spell = (weeks >= -8) & (weeks < 0)
    season = 6 * np.sin(2 * np.pi * weeks / 52) + rng.normal(0, 3, len(weeks))
    treated = 20 + season + rng.normal(0, 8, len(weeks)) + 10 * (weeks >= 0) - 9 * bad_spell
    control = np.array([25.0, 32.0, 28.0]) + season[:, None] + rng.normal(0, 8, (len(weeks), 3))
    found = effects.effect_of_change(weeks, treated, control, trigger_weeks=range(-8, 0), read_at=16)
    assert found.value is not None and found.low is not None and found.high is not None
    axes = sheet(f"The change helped: {found.value:+.0f} points [{found.low:+.0f}, {found.high:+.0f}]",
                 "NPS of the changed touchpoint minus three untouched ones, blocks of four weeks")  # fmt: skip
    blocks = effects.blocks_of_change(weeks, treated, control, trigger_weeks=range(-8, 0))
    for part, colour in (("before", LAKE), ("trigger", STONE), ("after", BERRY)):
        chosen = [block for block in blocks if block.part == part]
        middles = [(block.first_week + block.last_week) / 2 for block in chosen]
        axes.plot(middles, [block.gap for block in chosen], "o", color=colour, fillstyle="none" if part == "trigger" else "full")
        if part != "trigger":
            level = float(np.mean([block.gap for block in chosen]))
            axes.plot([chosen[0].first_week, chosen[-1].last_week], [level, level], color=colour)
            axes.annotate(part, (chosen[0].first_week, level), (0, 6), textcoords="offset points", color=colour)
        else:
            axes.annotate("led to the change: left out", (middles[0], chosen[0].gap), (-8, 0), textcoords="offset points", color=colour,
                          ha="right", va="center")  # fmt: skip
    axes.axvline(-0.5, color=BERRY, linewidth=1)
    axes.set_xlabel("weeks from the change")
    save(axes, "effects")


def draw_comparing() -> None:
    rng = np.random.default_rng(21)
    n = rng.integers(30, 400, 14)
    truth = 25 + rng.normal(0, 7, 14)
    means = truth + rng.normal(0, 78 / np.sqrt(n))
    names = [f"team {chr(65 + place)}" for place in range(14)]
    ranked = shrinkage.rank_groups(names, means, np.full(14, 78.0**2), n)
    flagged = [team for team in ranked if team.flag]
    axes = sheet(f"Of fourteen teams, {len(flagged)} surely differ from the whole",
                 "Ring: plain NPS. Disc, band: what it most likely is", height=4.6)  # fmt: skip
    for place, team in enumerate(ranked):
        assert team.value is not None and team.low is not None and team.high is not None
        colour = BERRY if team.flag == "below" else LAKE if team.flag == "above" else STONE
        axes.plot([team.low, team.high], [place, place], color=colour, alpha=0.45, linewidth=6, solid_capstyle="butt")
        axes.plot(means[names.index(team.name)], place, "o", color=colour, fillstyle="none")
        axes.plot(team.value, place, "o", color=colour)
    axes.axvline(float(np.average(means, weights=n)), color=INK, linewidth=1, linestyle=":")
    axes.set_yticks(range(14), [f"{team.name} (n = {team.n})" + (f": {team.flag}" if team.flag else "") for team in ranked])
    axes.set_xlabel("NPS points; dotted: all answers together")
    save(axes, "comparing")


def draw_alarm() -> None:
    rng = np.random.default_rng(5)
    weeks = np.arange(78)
    n = rng.poisson(25, 78)
    detractors = rng.binomial(n, np.where(weeks < 50, 0.22, 0.40))
    watch = change.watch_unit(n, detractors)
    first = next(shift for shift in watch.shifts if shift.direction == "worse")
    axes = sheet(f"Worse from week 50, certain in week {first.week}",
                 "Smoothed distance from the first 26 weeks, about 25 answers a week; dotted: the alarm's limits")  # fmt: skip
    axes.plot(range(26, 78), watch.level, color=LAKE)
    for limit in (-watch.limit, watch.limit):
        axes.axhline(limit, color=INK, linewidth=1, linestyle=":")
    axes.axvline(50, color=BERRY, linewidth=1)
    axes.annotate("detractors 22 → 40 %", (50, -watch.limit), (6, 8), textcoords="offset points", color=BERRY)
    axes.plot(first.week, watch.level[first.week - 26], "o", color=BERRY)
    axes.set_xlabel("week")
    save(axes, "alarms")


def draw_drivers() -> None:
    rng = np.random.default_rng(3)
    themes = ["late", "broken", "friendly staff", "price", "hard to reach", "easy to order"]
    flags = rng.random((800, 6)) < np.array([0.3, 0.08, 0.25, 0.15, 0.12, 0.2])
    points = np.clip(np.round(7.6 + flags @ np.array([-2.2, -3.5, 1.8, -0.3, -2.0, 1.0]) + rng.normal(0, 1.9, 800)), 0, 10)
    found = drivers.theme_points(flags, points)
    named = {f"x{place + 1}": theme for place, theme in enumerate(themes)}
    axes = sheet(f"“{named[found[0].name].capitalize()}” costs most: {abs(found[0].value or 0):.0f} NPS points",
                 "What each theme adds or costs; n = 800; no proof of a cause")  # fmt: skip
    for place, driver in enumerate(reversed(found)):
        assert driver.value is not None
        colour = BERRY if driver.high < 0 else LAKE if driver.low > 0 else STONE
        axes.plot([driver.low, driver.high], [place, place], color=colour, alpha=0.45, linewidth=8, solid_capstyle="butt")
        axes.plot(driver.value, place, "o", color=colour)
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set_yticks(range(6), [f"{named[driver.name]} (rank {driver.rank_low}–{driver.rank_high})" for driver in reversed(found)])
    axes.set_xlabel("NPS points")
    save(axes, "drivers")


def sheet(finding: str, what: str, height: float = 3.6) -> Axes:
    figure, axes = plt.subplots(figsize=(7.6, height), layout="constrained")
    figure.suptitle(finding, x=0.01, ha="left", fontweight="bold")
    axes.set_title(what, loc="left", fontsize=10, color="#625a50")
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    return axes


def save(axes: Axes, name: str) -> None:
    axes.figure.savefig(HERE / f"{name}.svg", metadata={"Date": None, "Creator": None})
    plt.close(axes.figure)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
