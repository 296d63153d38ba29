"""What follows from each loop event, and what else the stages do for one another: the wiring of the whole loop on one page.

`journal.recording.record` leaves a to-do for every event whose kind stands in REACTIONS; the worker calls the reactions in order, in
batches. A reaction may run twice: what it does is keyed. Imported once everything else is there (luuppi.apps).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from luuppi import tidying
from luuppi.capture import acknowledging, surveying
from luuppi.capture.importing import keeping, undoing
from luuppi.capture.importing import running as importing
from luuppi.capture.queries import stream
from luuppi.delivery import forgetting, mailing
from luuppi.inner_loop import answering, default_rules, leaving, routing
from luuppi.inner_loop.queries import case_page, unread
from luuppi.insight import other_days
from luuppi.journal import kinds
from luuppi.journal.kinds import Kind
from luuppi.journal.models import LoopEvent
from luuppi.journal.recording import reacting
from luuppi.journey import wording
from luuppi.journey.queries import item_page
from luuppi.meaning import cleaning, coding, erasing, learning, rising, searching, splitting, theming
from luuppi.meaning.web.parts import themes_of_item
from luuppi.outer_loop import measuring
from luuppi.outer_loop.web.parts import improvements_of_item
from luuppi.people import organising, staffing
from luuppi.running import todo, worker
from luuppi.telling import drafting, sending, stopping

Reaction = Callable[[Sequence[LoopEvent]], None]

REACTIONS: dict[Kind, list[Reaction]] = {
    kinds.RECEIVED: [cleaning.clean_items, coding.code_items, routing.open_case_when_needed, acknowledging.plan_acknowledgements],
    kinds.RELEASED: [routing.open_case_when_needed, acknowledging.plan_acknowledgements],
    kinds.IMPROVEMENT_DECIDED: [drafting.draft_message_to_givers],
    kinds.IMPROVEMENT_DONE: [measuring.plan_effect_measurement, drafting.draft_message_to_givers],
}


def react(todos: Sequence[todo.Todo]) -> None:
    """Run the reactions to a batch of events; all events of the batch pass one reaction before the next begins."""
    by_kind: dict[str, list[int]] = {}
    for one in todos:
        by_kind.setdefault(one.payload["kind"], []).append(one.payload["event"])
    for kind, ids in by_kind.items():
        events = list(LoopEvent.objects.filter(pk__in=ids).order_by("id"))
        for reaction in REACTIONS[kinds.KINDS[kind]]:
            reaction(events)


def connect() -> None:
    """Called once when the program has started (luuppi.apps)."""
    reacting(REACTIONS)
    _connect_work()
    _connect_clocks()
    _connect_mail()
    _connect_stages()


def _connect_work() -> None:
    """How each kind of to-do is done. What is heavy runs in a child process."""
    todo.register("react", react, batch=200)
    todo.register("clockwork", worker.tick)
    todo.register("mail", mailing.send_mail)
    todo.register(forgetting.FORGET, forgetting.forget_files, batch=20)
    todo.register("acknowledge", acknowledging.acknowledge, batch=50)
    todo.register(erasing.SWEEP, erasing.sweep_index)
    todo.register("import.try", importing.try_waiting, in_child=True)
    todo.register("import.run", importing.run_waiting, in_child=True)
    todo.register("import.undo", undoing.undo_waiting, in_child=True)
    todo.register("themes.propose", theming.propose_themes, in_child=True)
    todo.register("themes.split", splitting.propose_parts, in_child=True)
    todo.register("themes.learn", learning.learn_codebooks, in_child=True)
    todo.register(rising.FIND, rising.find_rises, in_child=True)
    todo.register("effects.read", measuring.read_effects, in_child=True)
    todo.register(other_days.MAKE_ANEW, other_days.make_anew)


def _connect_clocks() -> None:
    """What comes by the clock."""
    worker.every(timedelta(minutes=5), "surveys", surveying.finish_idle)
    worker.every(timedelta(days=1), "rises", rising.plan_looking)
    worker.every(timedelta(days=1), "effects", measuring.plan_readings)
    worker.every(timedelta(days=1), "imports", keeping.forget_old)
    worker.every(timedelta(days=1), "tidying", tidying.tidy)


def _connect_mail() -> None:
    """Who hears that a message has left, or never will, by its purpose."""
    mailing.on_delivery("acknowledgement", sent=acknowledging.when_sent)
    mailing.on_delivery("answer", sent=answering.when_sent, failed=answering.when_failed)
    mailing.on_delivery("telling", sent=sending.note_sent, failed=sending.note_failed)


def _connect_stages() -> None:
    """What an earlier stage asks of a later one: each is a list or a table of the earlier stage that is filled in here."""
    stream.SEARCH[:] = [searching.find]
    stream.UNREAD[:] = [unread.only_unread]
    acknowledging.WANT_NONE[:] = [stopping.stopped_among]
    organising.AT_FOUNDING[:] = [default_rules.create_default_rules]
    staffing.IN_HAND[:] = [leaving.CASES, leaving.RULES]
    organising.KEPT_BY_DAY[:] = [other_days.plan_making_anew]
    case_page.EVENT_WORDS[:] = [wording.for_staff]
    item_page.PARTS.update(themes=themes_of_item, improvements=improvements_of_item)
