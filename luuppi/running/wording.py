"""What each kind of background work is called for people. Its name in the code stands beside, for logs and whoever is asked for help."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORK_NAMES: dict[str, str | Promise] = {
    "react": _("What follows from an event"),
    "clockwork": _("Deadlines and reminders"),
    "mail": _("A mail to send"),
    "mail.forget": _("Mail files to delete"),
    "acknowledge": _("A confirmation to a customer"),
    "search.sweep": _("Erased words to leave the search"),
    "import.try": _("Trial of an import"),
    "import.run": _("Import of a file"),
    "import.undo": _("Undoing an import"),
    "themes.propose": _("Proposals of themes"),
    "themes.split": _("Proposals for parts of a theme"),
    "themes.learn": _("Learning the themes"),
    "themes.rises": _("Search for what is on the rise"),
    "effects.read": _("Reading the effect of an improvement"),
    "figures.anew": _("Counting the figures anew"),
}


def name_work(kind: str) -> str:
    """The kind itself where it has no name yet."""
    return str(WORK_NAMES.get(kind, kind))
