"""An organisation in another time zone has other days: each figure's day was fixed when its row was written, so the rows are made anew."""

from collections.abc import Sequence

from luuppi.insight.asking import ask_for_rebuild
from luuppi.people.models import Organisation
from luuppi.running import todo

MAKE_ANEW = "figures.anew"


def plan_making_anew(organisation: Organisation) -> None:
    """In the transaction of the change; one that is just being done is done once more after it."""
    todo.add_anew(MAKE_ANEW, f"organisation-{organisation.pk}", organisation_id=organisation.pk)


def make_anew(todos: Sequence[todo.Todo]) -> None:
    """The service makes its file beside the one that answers. Raises FiguresAreRebuilding where it does not run: tried again later."""
    ask_for_rebuild()
