"""The kinds and channels of feedback as pages name them."""

from django.utils.translation import gettext_lazy as _

KIND_NAMES = {"survey": _("Survey"), "complaint": _("Complaint"), "praise": _("Praise"), "idea": _("Idea"), "question": _("Question")}
KIND_ICONS = {"survey": "list", "complaint": "flag", "praise": "heart", "idea": "lightbulb", "question": "circle-question-mark"}
CHANNEL_NAMES = {
    "form": _("Feedback form"),
    "survey": _("Survey"),
    "api": _("Another system"),
    "import": _("Imported file"),
    "staff": _("Through staff"),
    "email": _("E-mail"),
    "kiosk": _("Kiosk"),
    "widget": _("Widget"),
}
