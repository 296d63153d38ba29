"""The steps of an item, one list everywhere: loop events, progress row, funnel, tracking page, filters, the five dots."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Step(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    READ = "read"
    ANSWERED = "answered"
    SOLVED = "solved"
    USED = "used"
    TOLD = "told"


STEP_NAMES = {
    Step.RECEIVED: _("Received"),
    Step.ACKNOWLEDGED: _("Acknowledged"),
    Step.READ: _("Read"),
    Step.ANSWERED: _("Answered"),
    Step.SOLVED: _("Solved"),
    Step.USED: _("Used"),
    Step.TOLD: _("Told"),
}
DOTS = (Step.RECEIVED, Step.ANSWERED, Step.SOLVED, Step.USED, Step.TOLD)
KEPT_STEPS = tuple(step for step in Step if step is not Step.RECEIVED)  # those with a column of their own in the progress row


@dataclass(frozen=True, slots=True)
class LoopLine:
    """The five dots: one letter each, d done, n now, o open, s skipped; exactly one n unless the last is done."""

    code: str

    @property
    def closed(self) -> bool:
        return self.code[-1] == "d"


def loop_line(times: dict[Step, datetime | None]) -> LoopLine:
    """The dots for these step times (a step that is missing or None has not happened).

    A step that was passed over (told without an answer) is s; the first open one after the last done is now.
    """
    done = [step is Step.RECEIVED or times.get(step) is not None for step in DOTS]
    last = max(i for i, is_done in enumerate(done) if is_done)
    letters = ["d" if is_done else "s" if i < last else "n" if i == last + 1 else "o" for i, is_done in enumerate(done)]
    return LoopLine("".join(letters))
