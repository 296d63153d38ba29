"""The five dots of an improvement: proposed, decided, done, measured, told. Measured and told come in either order."""

from datetime import datetime


def line_of(
    *,
    decided: datetime | None,
    declined: bool,
    done: datetime | None,
    measured: datetime | None,
    told: datetime | None,
    can_be_measured: bool = True,
) -> str:
    """One letter a step: d done, n now, o open, s skipped; exactly one n unless all is done. A declined one skips to being told.

    Told before it was measured waits to be measured: measured and told are two facts, in either order. What names no touchpoint has nothing to
    measure, and skips that step.
    """
    if declined:
        return "ddssd" if told else "ddssn"
    happened = [True, decided is not None, done is not None, measured is not None, told is not None]
    letters = ["d" if has else "o" for has in happened]
    if not can_be_measured and not measured:
        letters[3] = "s"
    if "o" in letters:
        letters[letters.index("o")] = "n"
    return "".join(letters)
