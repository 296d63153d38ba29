"""The five dots of an improvement: proposed, decided, done, measured, told. Measured and told come in either order."""

from datetime import datetime


def line_of(*, decided: datetime | None, declined: bool, done: datetime | None, measured: datetime | None, told: datetime | None) -> str:
    """One letter a step: d done, n now, o open, s skipped; exactly one n unless the last is done. A declined one skips to being told."""
    if declined:
        return "ddssd" if told else "ddssn"
    happened = [True, decided is not None, done is not None, measured is not None, told is not None]
    letters = ["d" if has else "o" for has in happened]
    if told is not None:
        return "".join("s" if letter == "o" else letter for letter in letters)
    letters[happened.index(False)] = "n"
    return "".join(letters)
