"""What a chart is made of. Values are in the measure's own unit: NPS −100…100, shares 0–1, CES 1–7, counts as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from .. import writing
from ..figures import SCALES, Scale

COUNT = Scale(0, float("inf"))


def scale_of(of: str) -> Scale:
    """The scale of a measure; "count" and "points" have no upper end. Raises KeyError for an unknown one."""
    if of == "count":
        return COUNT
    if of == "points":
        return Scale(float("-inf"), float("inf"), decimals=1)
    return SCALES[of]


@dataclass(frozen=True)
class Mark:
    """One point or bar: what stands on its axis, its value with interval and n, and the address of the items behind it."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str = ""
    hot: bool = False


@dataclass(frozen=True)
class Series:
    """One line. `role`: subject (lake), comparison (dashed stone), event (cloudberry)."""

    name: str
    marks: Sequence[Mark]
    role: str = "subject"


@dataclass(frozen=True)
class Event:
    """Something that happened between the marks: a line at index `at`."""

    at: float
    label: str


@dataclass(frozen=True)
class BandLine:
    """A measure over time, its interval as a band. All series have as many marks as the first."""

    title: str
    measure: str
    series: Sequence[Series]
    n: int | None = None
    of: str = "nps"
    event: Event | None = None
    goal: float | None = None


@dataclass(frozen=True)
class Bars:
    """Sizes beside each other: counts, shares. The hot one in cloudberry. whole: what the counts are parts of; each is then told as a share of
    it, too."""

    title: str
    measure: str
    marks: Sequence[Mark]
    n: int | None = None
    of: str = "count"
    whole: int | None = None


@dataclass(frozen=True)
class Whiskers:
    """Estimates with their intervals on one scale, e.g. effects or drivers around zero ("points"), or touchpoints by NPS."""

    title: str
    measure: str
    marks: Sequence[Mark]
    n: int | None = None
    of: str = "nps"


@dataclass(frozen=True)
class Funnel:
    """The loop funnel: counts of the steps, each as a share of the first. Mark.value is the count, low and high those of the share, 0–1."""

    title: str
    measure: str
    marks: Sequence[Mark]
    n: int | None = None


def write_value(value: float | None, of: str) -> str:
    scale = scale_of(of)
    if value is None:
        return writing.DASH
    return writing.number(value * scale.factor, scale.decimals) + (writing.per_cent() if scale.unit == "%" else "")


def write_interval(mark: Mark, of: str) -> str:
    """The interval of a mark, or "" where it has none."""
    if mark.low is None or mark.high is None:
        return ""
    scale = scale_of(of)
    return writing.interval(
        mark.low * scale.factor,
        mark.high * scale.factor,
        scale.decimals,
        writing.per_cent() if scale.unit == "%" else "",
        negatives=scale.low < 0,
    )


def say_mark(mark: Mark, of: str, name: str = "") -> str:
    """What a mark tells on hover and to a screen reader: "Turku, vk 46: 31 (22…40), n 104"."""
    first = ", ".join(part for part in (name, mark.label) if part)
    interval = write_interval(mark, of)
    said = f"{first}: {write_value(mark.value, of)}" + (f" ({interval})" if interval else "")
    return said + (f", n{writing.NBSP}{writing.number(mark.n)}" if mark.n is not None else "")
