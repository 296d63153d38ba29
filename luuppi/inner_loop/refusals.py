"""How the inner loop says no."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotAllowed, NotFound, NotNow, NotValid
from luuppi.ui import writing


class CaseIsClosed(NotNow):
    code = "case-closed"
    sentence = _("Case %(number)s is closed. Open it again to go on with it.")


class CaseIsOpen(NotNow):
    code = "case-open"
    sentence = _("Case %(number)s is already open.")


class OutsideYourAuthority(NotAllowed):
    code = "outside-your-authority"
    sentence = _("Case %(number)s is not yours to change. Take it if nobody has it, or ask its owner or the supervisor.")


class CannotTakeCases(NotValid):
    code = "cannot-take-cases"
    sentence = _("%(name)s cannot have cases. Choose somebody from the frontline, a supervisor or a manager.")


class CaseHasMovedOn(NotNow):
    code = "case-has-moved-on"
    sentence = _("Case %(number)s cannot be taken back any more: somebody has gone on with it, or a minute has passed. Ask its owner.")


class NothingSaid(NotValid):
    code = "nothing-said"
    sentence = _("Write something first.")


class TooLong(NotValid):
    code = "too-long"
    sentence = _("The text has %(n)s characters, and at most %(most)s fit. Shorten it, or send it in parts.")


class _NotThatDay(NotValid):
    """The day as the reader's language writes it."""

    def __str__(self) -> str:
        return str(self.sentence) % {"day": writing.day(self.day)}


class PromiseInThePast(_NotThatDay):
    code = "promise-in-the-past"
    sentence = _("%(day)s has passed. Promise a day that is still to come.")


class PromiseTooFar(_NotThatDay):
    code = "promise-too-far"
    sentence = _("%(day)s is more than a year away. Promise a nearer day.")


class NobodyWasTold(NotValid):
    code = "nobody-was-told"
    sentence = _("No case closes in silence: tell the customer what came of it, or say why they cannot be told.")


class NeedsExplanation(NotValid):
    code = "needs-explanation"
    sentence = _("Explain to the customer why this cannot be changed.")


class UnknownOutcome(NotValid):
    code = "unknown-outcome"
    sentence = _("There is no outcome %(outcome)s. Choose solved, partly, cannot_be_changed or not_ours.")


class TooLateToTakeBack(NotNow):
    code = "too-late-to-take-back"
    sentence = _("The answer has left already. Write another one to correct it.")


class NotForSendingAgain(NotNow):
    code = "not-for-sending-again"
    sentence = _("This answer is on its way or has arrived. Write another one if there is more to say.")


class ItemHasAnOpenCase(NotNow):
    code = "item-has-a-case"
    sentence = _("This feedback is in the open case %(number)s. Go on there.")


class HasNoCase(NotNow):
    code = "no-case"
    sentence = _("Nobody has taken this up yet. Add to your feedback instead.")


class NotAnsweredYet(NotNow):
    code = "not-answered-yet"
    sentence = _("We have not answered yet, so there is nothing to confirm. We will ask when we have.")


class WithdrawnFeedback(NotNow):
    code = "withdrawn"
    sentence = _("The customer has withdrawn this feedback, so nothing more is done about it.")


class UnknownMember(NotFound):
    code = "unknown-member"
    status = 422
    sentence = _("There is no member %(email)s in this organisation. Give the address of a member.")


class UnknownTeam(NotFound):
    code = "unknown-team"
    status = 422
    sentence = _("There is no team %(team)s in this organisation. Give the key of a team.")


class RuleStays(NotNow):
    code = "rule-stays"
    sentence = _("This rule belongs to every organisation. Switch it off instead of removing it.")
