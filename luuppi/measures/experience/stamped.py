"""What was known when: a feature that is stamped after the answer may be caused by it, and would flatter every figure."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from luuppi.measures.inputs import Flags, frame
from luuppi.measures.moments import Moments, moments, refuse_two_kinds
from luuppi.measures.options import said


def features_known_in_time(features: Any, at: Any, seen_at: Any) -> list[str]:
    """Names of the columns that no row has from after its answer; the others must be left out of learning.

    features: frame of n rows. at: n times of the answers (numbers or moments). seen_at: when each feature was known: a mapping
    from column name to one time for each row, or a frame with those columns; every column of features must be there.
    A missing time of a row means that the row's value is missing, too. Raises ValueError for missing columns, wrong lengths, and times of
    another kind than at (numbers beside moments, moments with and without a time zone).
    """
    features, answered = frame("features", features), answered_at(at)
    return [str(name) for name in features.columns if not _late(name, features, answered, seen_at).any()]


def refuse_late(features: Any, at: Moments, seen_at: Any) -> None:
    """Raise ValueError that names every column stamped after the answer, and the first such row."""
    late = {str(name): _late(name, features, at, seen_at) for name in features.columns}
    wrong = [f"{name!r} (row {int(np.argmax(rows))})" for name, rows in late.items() if rows.any()]
    if wrong:
        raise ValueError(
            f"features: known only after the answer: {', '.join(wrong)}. What the answer may have caused cannot foretell it; "
            "leave these out, see features_known_in_time."
        )


def answered_at(at: Any) -> Moments:
    """When each answer was given. Raises ValueError for anything but numbers or moments, and for a missing one."""
    answered = moments("at", at)
    gaps = np.flatnonzero(np.isnan(answered.values))
    if gaps.size:
        raise ValueError(f"at: position {int(gaps[0])} is missing; each answer was given at some time")
    return answered


def _late(name: Any, features: Any, answered: Moments, seen_at: Any) -> Flags:
    if not isinstance(seen_at, Mapping) and not hasattr(seen_at, "columns"):
        raise ValueError(f"seen_at: needs a mapping or frame by column name, got {said(seen_at)}")
    if name not in seen_at:
        raise ValueError(f"seen_at: says nothing of the column {name!r}")
    seen, n = moments(f"seen_at[{name!r}]", seen_at[name]), len(answered.values)
    if len(seen.values) != n or len(features) != n:
        raise ValueError(f"seen_at: {name!r} has {len(seen.values)} times for {n} answers and {len(features)} rows of features")
    refuse_two_kinds(**{f"seen_at[{name!r}]": seen, "at": answered})
    late: Flags = seen.values > answered.values  # NaN is never later
    return late
