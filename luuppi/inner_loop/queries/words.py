"""What the giver of each kind of feedback is asked after an answer."""

from django.utils.translation import gettext_lazy as _

_SOLVED = _("Is it solved?")
_ASKED = {
    "question": _("Did this answer your question?"),
    "praise": _("Are you content with the answer?"),
    "idea": _("Are you content with the answer?"),
}


def asked_of(kind: str) -> str:
    """The question that closes the loop: who praised or had an idea brought nothing that could be solved."""
    return str(_ASKED.get(kind, _SOLVED))
