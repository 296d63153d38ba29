"""The kinds of loop event, each declared once with its words for everybody who will read it.

`customer` is what the tracking page says (None: the customer does not see it); `staff` what members read. Words may use {by}, {role},
{to}, {earlier}, {team}, {reason}, {title}: `luuppi/journey/wording.py` fills them in.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from luuppi.journal.steps import Step

KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    customer: str | None
    staff: str
    reaches: Step | None = None

    def __str__(self) -> str:
        return self.key


def kind(key: str, *, customer=None, staff, reaches: Step | None = None) -> Kind:
    """Declare a kind. Raises ValueError when the key is taken."""
    if key in KINDS:
        raise ValueError(f"the kind {key!r} is declared already")
    KINDS[key] = made = Kind(key, customer, staff, reaches)
    return made


# --- capture --------------------------------------------------------------------------------------------------------------------
RECEIVED = kind("received", customer=_("Your feedback arrived"), staff=_("Feedback arrived"), reaches=Step.RECEIVED)
ACKNOWLEDGED = kind("acknowledged", customer=_("We confirmed that it arrived"), staff=_("Its arrival was confirmed"), reaches=Step.ACKNOWLEDGED)
ADDED = kind("added", customer=_("You added something"), staff=_("The customer added something"))
WITHDRAWN = kind("withdrawn", customer=_("You withdrew your feedback"), staff=_("The feedback was withdrawn"))
RESTORED = kind("restored", customer=_("You brought your feedback back"), staff=_("The withdrawal was undone"))
ERASURE_ASKED = kind("erasure_asked", customer=_("You asked us to erase it"), staff=_("The customer asks for erasure"))
ERASURE_CONFIRMED = kind(
    "erasure_confirmed", customer=_("You confirmed that it should be erased"), staff=_("The customer confirmed the request by mail")
)
ERASED = kind("erased", customer=_("It was erased"), staff=_("The personal data was erased"))
HELD = kind("held", staff=_("Held back as suspected spam"))
RELEASED = kind("released", staff=_("Released: it is not spam"))
# --- meaning --------------------------------------------------------------------------------------------------------------------
CODING_CORRECTED = kind("coding_corrected", staff=_("{by} corrected the themes"), reaches=Step.READ)
# --- inner loop -----------------------------------------------------------------------------------------------------------------
READ = kind("read", customer=_("{role} went through it"), staff=_("{by} went through it"), reaches=Step.READ)
CASE_OPENED = kind("case_opened", customer=_("It went to {team}"), staff=_("A case was opened and routed to {team}"))
ASSIGNED = kind("assigned", customer=_("{role} is taking care of it"), staff=_("{by} gave the case to {to}"), reaches=Step.READ)
HANDED_OFF = kind("handed_off", customer=_("{role} is taking care of it now"), staff=_("{by} handed the case from {earlier} to {to}"))
NOTED = kind("noted", staff=_("{by} wrote a note"))
ANSWER_WRITTEN = kind("answer_written", staff=_("{by} wrote an answer"))
ANSWER_TAKEN_BACK = kind("answer_taken_back", staff=_("{by} took the answer back before it was sent"))
ANSWERED = kind("answered", customer=_("{role} answered you"), staff=_("The answer from {by} has been sent"), reaches=Step.ANSWERED)
ANSWER_FAILED = kind("answer_failed", staff=_("The answer could not be delivered: {reason}"))
CUSTOMER_REPLIED = kind("customer_replied", customer=_("You replied"), staff=_("The customer replied"))
CLOSED = kind("closed", customer=_("We closed it: {reason}"), staff=_("{by} closed the case: {reason}"))
SOLVED = kind("solved", customer=_("You said that it is solved"), staff=_("The customer says that it is solved"), reaches=Step.SOLVED)
NOT_SOLVED = kind("not_solved", customer=_("You said that it is not solved yet"), staff=_("The customer says that it is not solved"))
REOPENED = kind("reopened", customer=_("We opened it again"), staff=_("The case was opened again"))
ESCALATED = kind("escalated", staff=_("{by} asked for help"))
# --- outer loop -----------------------------------------------------------------------------------------------------------------
USED = kind("used", customer=_("It is one of the reasons for an improvement: {title}"), staff=_("Used in the improvement {title}"), reaches=Step.USED)
IMPROVEMENT_PROPOSED = kind("improvement_proposed", staff=_("{by} proposed the improvement {title}"))
IMPROVEMENT_DECIDED = kind("improvement_decided", staff=_("{by} decided on {title}: {reason}"))
IMPROVEMENT_STARTED = kind("improvement_started", staff=_("{by} started {title}"))
IMPROVEMENT_DONE = kind("improvement_done", staff=_("{by} finished {title}"))
IMPROVEMENT_MEASURED = kind("improvement_measured", staff=_("The effect of {title} was measured"))
# --- telling --------------------------------------------------------------------------------------------------------------------
TELLING_STARTED = kind("telling_started", staff=_("{by} told the givers about {title}"))
TELLING_TAKEN_BACK = kind("telling_taken_back", staff=_("{by} took the messages about {title} back before they were sent"))
TOLD = kind("told", customer=_("We told you what came of it"), staff=_("The giver was told"), reaches=Step.TOLD)
TELLING_FAILED = kind("telling_failed", staff=_("The message about it could not be delivered: {reason}"))
