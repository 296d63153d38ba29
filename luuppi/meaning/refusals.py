"""What the codebook says no to."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotAllowed, NotFound, NotNow, NotValid


class NoSuchTheme(NotFound):
    code = "no-such-theme"
    sentence = _("There is no such theme in use.")


class UnknownTheme(NotValid):
    code = "unknown-theme"
    sentence = _("There is no theme %(id)s in use. Leave it out and send again.")


class UnknownAnswer(NotValid):
    code = "unknown-answer"
    sentence = _("The item has no answer in words to “%(question)s”. Name a question as it is written in the item's answers, or none.")


class ThemeTaken(NotValid):
    code = "theme-taken"
    sentence = _("There is already a theme %(name)s. Use that one, or choose another name.")


class NameNeeded(NotValid):
    code = "name-needed"
    sentence = _("Give the theme a name of 1–80 characters in one language at least.")


class NotByThisRole(NotAllowed):
    code = "outside-your-authority"
    sentence = _("Your role does not allow this. Ask a manager or an analyst of your organisation.")


class NotOpenAnyMore(NotNow):
    code = "proposal-settled"
    sentence = _("This proposal has been accepted or dismissed already. Reload the page.")


class TooFewToSplit(NotNow):
    code = "too-few-to-split"
    sentence = _(
        "With fewer than %(least)s items in one language, parts of a theme would be down to chance."
        " Add the new theme by hand and correct the items that belong to it."
    )


class IntoItself(NotValid):
    code = "into-itself"
    sentence = _("A theme cannot go into itself. Choose another one.")


class NothingToTakeBack(NotNow):
    code = "nothing-to-take-back"
    sentence = _("This was taken back already, or something else has been decided since. Look at the theme as it is now.")


class UsedSince(NotNow):
    code = "used-since"
    sentence = _("%(name)s has been used since. Merge it into another theme, or retire it.")
