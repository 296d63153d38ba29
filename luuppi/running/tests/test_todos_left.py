"""What was claimed and not brought to an end comes back: the database stopped answering, or the process that did it died."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from luuppi.running import todo
from luuppi.running.children import Children
from luuppi.running.models import Todo
from luuppi.running.wording import WORK_NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    yield "kept"
    todo.WORKS.pop("kept", None)


def test_while_the_database_does_not_answer_nothing_is_counted_and_then_it_goes_on_at_once(kind, monkeypatch):
    away, done = [True], []

    def work(todos):
        if away[0]:
            raise OperationalError("database or disk is full")
        done.extend(one.key for one in todos)

    def fail(one, error):
        raise OperationalError("database or disk is full")

    todo.register(kind, work, batch=10)
    todo.add_many([todo.NewTodo(kind, f"k{k}") for k in range(3)])
    with monkeypatch.context() as full:
        full.setattr(todo, "fail", fail)
        for _ in range(20):  # more often than a to-do is tried
            with pytest.raises(OperationalError):
                todo.run_due(kinds=[kind])
    assert Todo.objects.filter(kind=kind, parked_at=None).count() == 3
    away[0] = False
    todo.run_due(kinds=[kind])
    assert sorted(done) == ["k0", "k1", "k2"] and not Todo.objects.filter(kind=kind).exists()


class Dead:
    """A child process that has ended."""

    def __init__(self, code: int) -> None:
        self.returncode = code

    def poll(self) -> int:
        return self.returncode


def test_what_a_killed_child_left_is_tried_again_soon_and_what_one_finished_is_not(kind):
    todo.register(kind, lambda todos: None, in_child=True)
    todo.add_many([todo.NewTodo(kind, "killed"), todo.NewTodo(kind, "ended")])
    killed, ended = sorted(todo.claim(2, kinds=[kind]), key=lambda one: one.key == "ended")
    todo.finish([ended])
    children = Children()
    children.running = [(Dead(-9), killed.pk), (Dead(0), ended.pk)]
    children._bury()
    left = Todo.objects.get(kind=kind)
    assert left.key == "killed" and left.claimed_until is None and "-9" in left.last_error
    assert (left.due_at - timezone.now()).total_seconds() < 5 and children.running == []


def test_what_was_given_up_is_named_in_words(lumi, as_member):
    """Every kind of work has its words; the page gives them, and the name in the code beside them."""
    assert {kind for kind, work in todo.WORKS.items() if ".tests." not in work.run.__module__} <= set(WORK_NAMES)
    now = timezone.now()
    Todo.objects.create(organisation=lumi.organisation, kind="themes.learn", key="t1", due_at=now, parked_at=now, last_error="MemoryError: no room")
    page = as_member(lumi.admin).get("/o/lumi/settings/background", headers={"accept-language": "fi"}).content.decode()
    assert "Teemojen oppiminen" in page and "themes.learn" in page
