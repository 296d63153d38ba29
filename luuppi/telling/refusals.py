"""What telling says no to."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotFound, NotNow, NotValid


class NothingToTell(NotNow):
    code = "nothing-to-tell"
    sentence = _("Improvement %(number)s is neither done nor declined yet. Its givers are told then.")


class TextNeeded(NotValid):
    code = "text-needed"
    sentence = _("Write what came of it at least in %(language)s: %(n)s of the givers read it.")


class TextWasSent(NotNow):
    code = "text-was-sent"
    sentence = _("The text in %(language)s has been sent, so it stays as it is. Leave it out.")


class TooLateToTakeBack(NotNow):
    code = "too-late"
    sentence = _("The messages have left. What has been sent cannot be taken back.")


class NotInDoubt(NotNow):
    code = "not-in-doubt"
    sentence = _("It is already known what happened to this message. Reload the page.")


class LinkIsNotOurs(NotFound):
    code = "no-such-link"
    sentence = _("This link is not one of ours. Open it from the newest message.")
