"""The kinds and channels of feedback as pages name them, and what the giver of each kind is asked after an answer."""

from django.utils.translation import gettext_lazy as _

KIND_NAMES = {"survey": _("Survey"), "complaint": _("Complaint"), "praise": _("Praise"), "idea": _("Idea"), "question": _("Question")}
KIND_ICONS = {"survey": "list", "complaint": "flag", "praise": "heart", "idea": "lightbulb", "question": "circle-question-mark"}
CHANNEL_NAMES = {
    "form": _("feedback form"),
    "survey": _("survey"),
    "api": _("another system"),
    "import": _("imported"),
    "staff": _("told to a colleague"),
    "email": _("e-mail"),
    "kiosk": _("kiosk"),
    "widget": _("web page"),
}

_SOLVED = _("Is it solved?")
_ASKED = {"question": _("Did this answer your question?"), "praise": _("Are you content with the answer?"), "idea": _("Are you content with the answer?")}


def asked_of(kind: str) -> str:
    """The question that closes the loop: who praised or had an idea brought nothing that could be solved."""
    return str(_ASKED.get(kind, _SOLVED))
