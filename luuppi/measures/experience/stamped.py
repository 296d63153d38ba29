"""What was known when: a feature that is stamped after the answer may be caused by it, and would flatter every figure."""

from typing import Any

import numpy as np

from luuppi.measures.inputs import Flags, Floats


def features_known_in_time(features: Any, at: Any, seen_at: Any) -> list[str]:
    """Names of the columns that no row has from after its answer; the others must be left out of learning.

    features: frame of n rows. at: n times of the answers (numbers or moments). seen_at: when each feature was known: a mapping
    from column name to one time for each row, or a frame with those columns; every column of features must be there.
    A missing time of a row means that the row's value is missing, too. Raises ValueError for missing columns, wrong lengths.
    """
    answered = times("at", at)
    return [str(name) for name in features.columns if not _late(name, features, answered, seen_at).any()]


def refuse_late(features: Any, at: Floats, seen_at: Any) -> None:
    """Raise ValueError that names every column stamped after the answer, and the first such row."""
    late = {str(name): _late(name, features, at, seen_at) for name in features.columns}
    wrong = [f"{name!r} (row {int(np.argmax(rows))})" for name, rows in late.items() if rows.any()]
    if wrong:
        raise ValueError(
            f"features: known only after the answer: {', '.join(wrong)}. What the answer may have caused cannot foretell it; "
            "leave these out, see features_known_in_time."
        )


def times(name: str, values: Any) -> Floats:
    """Moments (texts as in RFC 3339) or numbers as float[n], NaN where missing; moments become seconds.

    Raises ValueError for anything else.
    """
    import pandas as pd

    series = pd.Series(values).reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(series):
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        moments = pd.to_datetime(series, utc=True, format="ISO8601")  # one reading of a text, never a guess
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{name}: must be numbers or moments ({problem})") from problem
    seconds = (moments - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return np.asarray(seconds.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _late(name: Any, features: Any, answered: Floats, seen_at: Any) -> Flags:
    if name not in seen_at:
        raise ValueError(f"seen_at: says nothing of the column {name!r}")
    seen = times(f"seen_at[{name!r}]", seen_at[name])
    if len(seen) != len(answered) or len(features) != len(answered):
        raise ValueError(f"seen_at: {name!r} has {len(seen)} times for {len(answered)} answers and {len(features)} rows of features")
    late: Flags = seen > answered  # NaN is never later
    return late
