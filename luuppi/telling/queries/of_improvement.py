"""Who is told about one improvement: how many by mail, how many on the tracking page, who did not want to hear, and who has been told."""

from collections import Counter
from dataclasses import dataclass

from luuppi.outer_loop.models import Improvement
from luuppi.telling.doubting import in_doubt
from luuppi.telling.givers import givers_of
from luuppi.telling.models import Notice, Telling
from luuppi.telling.sending import not_told_yet


@dataclass(frozen=True, slots=True)
class Audience:
    """n_mail, n_page, n_not_wanted: givers still to be told (before a draft: who they will be). n_told, n_waiting, n_failed: notices sent;
    n_in_doubt: those of n_waiting of which nobody knows whether they left."""

    telling: Telling | None
    n_mail: int
    n_page: int
    n_not_wanted: int
    n_told: int
    n_waiting: int
    n_failed: int
    n_in_doubt: int
    missing_languages: tuple[str, ...]

    @property
    def n_to_tell(self) -> int:
        return self.n_mail + self.n_page

    @property
    def is_for_all(self) -> bool:
        """A draft with nobody to tell: what came of it can still stand on the public page."""
        return bool(self.telling and not self.telling.sent_at and self.telling.is_public and not self.n_to_tell)

    @property
    def n_sent(self) -> int:
        return self.n_told + self.n_waiting + self.n_failed


def read_audience(improvement: Improvement) -> Audience:
    """The improvement must have come through its `visible_to`."""
    telling = Telling.objects.select_related("improvement__organisation", "organisation").filter(improvement=improvement).first()
    givers = not_told_yet(telling) if telling else givers_of(improvement)
    to_come = Counter(giver.channel for giver in givers)
    sent = Counter(telling.notices.values_list("state", flat=True)) if telling else Counter()
    n_in_doubt = in_doubt(Telling.objects.filter(pk=telling.pk)).count() if sent[Notice.WAITING] else 0
    missing = sorted({giver.language for giver in givers} - set(telling.texts)) if telling else []
    return Audience(
        telling, to_come[Notice.MAIL], to_come[Notice.PAGE], to_come[Notice.NOT_WANTED], sent[Notice.TOLD], sent[Notice.WAITING], sent[Notice.FAILED],
        n_in_doubt, tuple(missing),
    )  # fmt: skip


def telling_part(improvement: Improvement, who) -> tuple[str, dict]:
    """The part of the improvement's page that this stage brings."""
    may_tell = who.grants.may("improvements.tell", improvement.team.path)
    return "telling/_of_improvement.html", {"audience": read_audience(improvement), "improvement": improvement, "may_tell": may_tell}
