"""What the outer loop says no to."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotAllowed, NotFound, NotNow, NotValid


class NoSuchImprovement(NotFound):
    code = "no-such-improvement"
    sentence = _("There is no improvement with this number, or you may not see it.")


class NoSuchRootCause(NotFound):
    code = "no-such-root-cause"
    sentence = _("There is no root cause with this id, or you may not see it.")


class UnknownItems(NotValid):
    code = "unknown-feedback"
    sentence = _("There is no feedback item %(id)s, or you may not see it. Leave it out and send again.")


class UnknownCauses(NotValid):
    code = "unknown-root-cause"
    sentence = _("There is no root cause %(id)s. Leave it out and send again.")


class UnknownThemes(NotValid):
    code = "unknown-theme"
    sentence = _("There is no theme %(id)s in use. Leave it out and send again.")


class NothingWritten(NotValid):
    code = "nothing-written"
    sentence = _("Give it a title of 1–200 characters.")


class ReasonNeeded(NotValid):
    code = "reason-needed"
    sentence = _("Say why: the reason is shown to those who proposed it and told to the givers.")


class OwnerMayNot(NotValid):
    code = "owner-may-not"
    sentence = _("%(name)s cannot own an improvement. Choose a supervisor, a manager or an administrator.")


class OutsideYourAuthority(NotAllowed):
    code = "outside-your-authority"
    sentence = _("Your role does not allow this. Ask a manager of your organisation.")


class AlreadyDecided(NotNow):
    code = "already-decided"
    sentence = _("Improvement %(number)s has already been decided. Propose a new one if things have changed.")


class NotAccepted(NotNow):
    code = "not-accepted"
    sentence = _("Improvement %(number)s is not accepted. It must be decided before work begins.")


class AlreadyDone(NotNow):
    code = "already-done"
    sentence = _("Improvement %(number)s is already done.")


class NotReadYet(NotNow):
    code = "not-read-yet"
    sentence = _("The effect of improvement %(number)s is read once it is done.")
