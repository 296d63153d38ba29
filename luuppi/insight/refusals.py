"""What figures say when there are none to give."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotNow, NotValid


class FiguresAreRebuilding(NotNow):
    """The figures service is starting, away or making its table anew from the feedback. retry_after: seconds."""

    status, code = 503, "figures-are-rebuilding"
    sentence = _("The figures are being prepared. Nothing is lost; reload in a moment.")


class FiguresAreBusy(NotNow):
    """Too many questions at once, or one that takes too long. retry_after: seconds."""

    status, code = 503, "figures-are-busy"
    sentence = _("The figures are busy. Try again in a moment, or with a shorter period.")


class FilterNotUnderstood(NotValid):
    """A filter of the address. word: its name; value: what stood there."""

    code = "filter-not-understood"
    sentence = _("%(word)s=%(value)s is not understood here. Choose from the list or leave it out.")
