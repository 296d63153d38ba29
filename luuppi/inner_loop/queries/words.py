"""The kinds and channels of feedback as pages name them."""

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
