"""How the tracking page says no."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotFound, NotNow, NotValid


class NothingWritten(NotValid):
    code = "nothing-written"
    sentence = _("Write something first.")


class TooMuchWritten(NotValid):
    code = "too-much-written"
    sentence = _("The text has %(n)s characters, and at most %(most)s fit. Shorten it, or send it in parts.")


class TooLateToTakeBack(NotNow):
    code = "too-late-to-take-back"
    sentence = _("The feedback was withdrawn more than a week ago. Give it again if you want to.")


class NotYoursToTakeBack(NotNow):
    code = "not-yours-to-take-back"
    sentence = _("We undid the import that this feedback came in. Give the feedback again if you want to.")


class ItIsErased(NotNow):
    code = "erased"
    sentence = _("This feedback has been erased. Give new feedback if you want to write to us.")


class LinkIsNotOurs(NotFound):
    code = "link-is-not-ours"
    sentence = _("This link is not one of ours, or a part of it is missing. Copy the whole link from the message.")
