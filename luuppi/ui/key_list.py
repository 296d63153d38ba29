"""The keys of the staff app. Each is also a button; the single ones can be turned off."""

from django.utils.translation import gettext_lazy as _

KEYS = (
    ("/", _("Search and commands (also Ctrl or Cmd with K)")),
    ("j", _("Next in the list")),
    ("k", _("Previous in the list")),
    ("Enter", _("Open")),
    ("x", _("Select (with Shift: up to here)")),
    ("n", _("Next best case")),
    ("r", _("Reply")),
    ("Ctrl Enter", _("Send the answer that you are writing (Cmd on a Mac)")),
    ("a", _("Assign")),
    ("e", _("Close")),
    ("c", _("Record what a customer said")),
    ("z", _("Undo")),
    ("?", _("This list")),
    ("Esc", _("Close what is open and go back")),
)
