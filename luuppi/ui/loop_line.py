"""The loop line: five dots that say how far round the loop an item, a case or an improvement is.

A code has one letter per step: d done, n now, o open, s skipped; "ddnoo" is answered and waiting to be solved.
Exactly one n unless all is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

STEPS = {
    "item": (
        pgettext_lazy("step", "Received"),
        pgettext_lazy("step", "Answered"),
        pgettext_lazy("step", "Solved"),
        pgettext_lazy("step", "Used"),
        pgettext_lazy("step", "Told"),
    ),
    "improvement": (
        pgettext_lazy("step", "Proposed"),
        pgettext_lazy("step", "Decided"),
        pgettext_lazy("step", "Done"),
        pgettext_lazy("step", "Measured"),
        pgettext_lazy("step", "Told"),
    ),
}
LINES = {"item": gettext_lazy("Journey of the feedback"), "improvement": gettext_lazy("Journey of the improvement")}
CLASSES = {"d": "done", "n": "now", "o": "open", "s": "skip"}


@dataclass(frozen=True)
class Step:
    """One dot: its class, its name, its state in words, and a note under it."""

    css: str
    name: str
    state: str
    note: str = ""


def read_steps(code: str, notes: Sequence[str] = (), of: str | Sequence[str | Promise] = "item") -> list[Step]:
    """The five steps of a code. Raises ValueError for a code that is not five of d, n, o, s."""
    if len(code) != 5 or set(code) - set(CLASSES):
        raise ValueError(f"a loop code is five letters of d, n, o, s; got {code!r}")
    names = STEPS[of] if isinstance(of, str) else of
    states = {
        "d": pgettext("state", "done"),
        "n": pgettext("state", "now"),
        "o": pgettext("state", "to come"),
        "s": pgettext("state", "skipped"),
    }
    notes = [*notes, *[""] * 5]
    return [Step(CLASSES[letter], str(names[i]), states[letter], notes[i] or "") for i, letter in enumerate(code)]


def line_name(of: str | Sequence) -> str:
    return str(LINES[of]) if isinstance(of, str) else _("Journey")


def say_line(code: str, of: str | Sequence[str | Promise] = "item") -> str:
    """The whole line as one sentence, for those who do not see dots."""
    said = ", ".join(f"{step.name.lower()} {step.state}" for step in read_steps(code, of=of))
    return f"{line_name(of)}: {said}" + (", " + _("loop closed") if is_closed(code) else "")


def is_closed(code: str) -> bool:
    """The giver has been told: the line runs back to its start."""
    return code[4] == "d"
