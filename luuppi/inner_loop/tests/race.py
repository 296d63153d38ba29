"""Acts at the same moment, on a database of its own (LUUPPI_HOME or LUUPPI_DATABASE_URL name an empty one). Prints what each got as JSON.

Run by test_races.py as a process, because threads that commit need a database that no test transaction holds.
"""

import json
import os
import threading
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from luuppi.capture.drafts import Draft, FeedbackIn  # noqa: E402
from luuppi.capture.models import FeedbackItem  # noqa: E402
from luuppi.capture.placing import create_touchpoint  # noqa: E402
from luuppi.capture.receiving import receive  # noqa: E402
from luuppi.errors import Refusal  # noqa: E402
from luuppi.inner_loop import routing  # noqa: E402
from luuppi.inner_loop.answering import write_answer  # noqa: E402
from luuppi.inner_loop.closing import close_case, confirm  # noqa: E402
from luuppi.inner_loop.models import Case, Message  # noqa: E402
from luuppi.journal.models import LoopEvent  # noqa: E402
from luuppi.meaning.theming import add_theme  # noqa: E402
from luuppi.people.models import Team  # noqa: E402
from luuppi.people.organising import found_team  # noqa: E402
from luuppi.running import todo  # noqa: E402
from tests.cast import make_scene  # noqa: E402


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same moment; for each "done" or the code of the refusal, sorted."""
    barrier, got = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            got.append("done")
        except Refusal as refusal:
            got.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(got)


def main() -> None:
    call_command("migrate", verbosity=0)
    lumi = make_scene()
    drafts = [Draft(FeedbackIn(text="Myöhässä", kind="idea", touchpoint="delivery"), "api", "test"), Draft(FeedbackIn(text="Myöhässä taas", kind="complaint", touchpoint="delivery"), "api", "test")]
    ids = [received.item_id for received in receive(drafts, organisation=lumi.organisation, by="customer")]
    while todo.run_due():
        pass
    idea, complaint = (FeedbackItem.objects.select_related("team").get(pk=pk) for pk in ids)
    case = Case.objects.select_related("team").get(lead_item=complaint)
    events = list(LoopEvent.objects.filter(item=idea.pk, kind="received"))
    found = {
        "two open a case": at_once(lambda: routing.open_case(idea, by=lumi.mikko), lambda: routing.open_case(idea, by=lumi.sari)),
        "two reactions": at_once(*[lambda: routing.open_case_when_needed(events)] * 3),
        "n cases of the idea": Case.objects.filter(lead_item=idea).count(),
        "the same answer twice": at_once(*[lambda: write_answer(case, text="Hei", by=lumi.sari, key="k")] * 2),
        "n answers": Message.objects.filter(case=case).count(),
        "two close": at_once(lambda: close_case(case, by=lumi.sari), lambda: close_case(case, by=lumi.leena)),
        "n closed events": LoopEvent.objects.filter(case=case.pk, kind="closed").count(),
        "two say no": at_once(*[lambda: confirm(complaint, solved=False)] * 2),
        "n reopened events": LoopEvent.objects.filter(case=case.pk, kind="reopened").count(),
        "two say no by one press": at_once(*[lambda: confirm(complaint, solved=False, key="press")] * 2),
        "two add a theme": at_once(*[lambda: add_theme({"fi": "Nouto"}, by=lumi.leena)] * 2),
        "two add a touchpoint": at_once(*[lambda: create_touchpoint(key="nouto", names={"fi": "Nouto"}, team=lumi.teams["service"], by=lumi.admin)] * 2),
        "two found a team": at_once(*[lambda: found_team(lumi.organisation, name="Nouto", under=lumi.teams["service"], by=lumi.admin)] * 2),
        "keys of teams": sorted(Team.objects.filter(name="Nouto").values_list("key", flat=True)),
        "numbers": sorted(Case.objects.values_list("number", flat=True)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
