"""What weighs, in a word: the heading of the causes and of their part on Today."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luuppi.outer_loop.queries.weights import Weights
from luuppi.ui import writing


def heading_of(weights: Weights) -> str:
    """Names a share only where some themes clearly bring more than the others; that no theme stands out is a finding too."""
    n = len(weights.heaviest)
    if n:
        words = ngettext("One theme accounts for %(share)s of the harm", "%(n)s themes account for %(share)s of the harm", n)
        return words % {"n": n, "share": writing.share(weights.share_of_heaviest.value)}
    return _("No theme stands out") if weights.harmful else _("What weighs most")
