"""The one way in: new, same or bad, and nothing doubled."""

import pytest
from django.db import DatabaseError, connection, transaction

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.models import FeedbackItem, Touchpoint, Variant
from luuppi.capture.receiving import receive
from luuppi.capture.tracking_links import FOLLOWER, is_genuine, item_id_in, token_of
from luuppi.journal import kinds
from luuppi.journal.models import LoopEvent, Progress
from luuppi.journal.recording import rebuild_progress, record
from luuppi.people.models import Customer
from luuppi.running.ids import ids_of_reference, new_id, reference_of
from luuppi.running.models import Todo


def draft(key=None, source="crm", import_id=None, **fields) -> Draft:
    fields.setdefault("text", "Paketti tuli kaksi viikkoa myöhässä.")
    return Draft(FeedbackIn(**fields), channel="api", source=source, knows_addresses=True, key=key, import_id=import_id)


def take(lumi, *drafts):
    return receive(list(drafts), organisation=lumi.organisation, by="customer")


def test_a_new_item_has_its_event_its_progress_and_its_todo(lumi):
    [received] = take(lumi, draft(touchpoint="delivery", scores={"nps": 3}, customer={"external_id": "C-1001", "email": "Aino@example.com"}))
    item = FeedbackItem.objects.get(pk=received.item_id)
    assert (item.kind, item.nps, item.touchpoint.key, item.team) == ("survey", 3, "delivery", lumi.teams["delivery"])
    assert item.customer.addresses.get().value == "aino@example.com"
    assert LoopEvent.objects.get(item=item.pk).kind == "received"
    assert item.progress.unheard and item.progress.version > 0
    assert Todo.objects.get(kind="react").payload["item"] == item.pk


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 211])
def test_as_many_as_came_are_stored_each_with_its_own_rows(lumi, n):
    came = take(lumi, *[draft(key=f"k{k}", external_id=f"e{k}", text=f"Viesti {k}", scores={"nps": k % 11}) for k in range(n)])
    assert [one.status for one in came] == ["new"] * n
    items = FeedbackItem.objects.order_by("id")
    assert [(item.pk, item.external_id, item.text, item.nps) for item in items] == [(one.item_id, f"e{k}", f"Viesti {k}", k % 11) for k, one in enumerate(came)]
    assert sorted(Progress.objects.values_list("item_id", flat=True)) == sorted(LoopEvent.objects.values_list("item", flat=True)) == [one.item_id for one in came]
    assert sorted(todo.payload["item"] for todo in Todo.objects.filter(kind="react")) == [one.item_id for one in came]
    again = take(lumi, *[draft(key=f"k{k}", external_id=f"e{k}", text=f"Viesti {k}", scores={"nps": k % 11}) for k in range(n + 1)])
    assert [one.status for one in again] == ["same"] * n + ["new"]


def test_the_same_key_gives_the_same_item_and_another_body_is_refused(lumi):
    first, again, other = take(lumi, draft(key="k1"), draft(key="k1"), draft(key="k1", text="Jotain muuta"))
    assert (first.status, again.status, other.status) == ("new", "same", "bad")
    assert again.item_id == first.item_id and other.code == "key-used"
    assert take(lumi, draft(key="k1"))[0].item_id == first.item_id
    assert FeedbackItem.objects.count() == 1 == LoopEvent.objects.count() == Progress.objects.count()


def test_a_known_external_id_is_the_same_item_and_other_content_is_kept_beside(lumi):
    [first] = take(lumi, draft(external_id="crm-1"))
    same, differs = take(lumi, draft(external_id="crm-1"), draft(external_id="crm-1", text="Muokattu", scores={"nps": 2}))
    assert same.status == differs.status == "same" and same.item_id == first.item_id
    assert same.differs == [] and differs.differs == ["text", "scores.nps"]
    assert FeedbackItem.objects.get().text.startswith("Paketti") and Variant.objects.get().content["text"] == "Muokattu"


def test_customers_join_by_external_id_then_by_a_known_address_and_never_by_a_typed_one(lumi):
    take(
        lumi,
        draft(external_id="1", customer={"external_id": "C-1", "email": "aino@example.com"}),
        draft(external_id="2", customer={"email": "AINO@example.com"}),
        draft(external_id="3", customer={"external_id": "C-2", "phone": "040 123 4567"}),
        draft(external_id="4", customer={"phone": "+358401234567"}),
    )
    assert [i.customer.external_id for i in FeedbackItem.objects.order_by("id")] == ["C-1", "C-1", "C-2", "C-2"]
    typed = Draft(FeedbackIn(text="Hei", customer={"email": "aino@example.com"}), channel="form", source="form")
    [received] = take(lumi, typed)
    item = FeedbackItem.objects.get(pk=received.item_id)
    assert item.customer is None and item.says_to_be == {"email": "aino@example.com"}
    assert Customer.objects.count() == 2


def test_an_unknown_touchpoint_is_accepted_unconfirmed(lumi):
    take(lumi, draft(touchpoint="kiosk 7"))
    assert not Touchpoint.objects.get(key="kiosk 7").confirmed


def test_an_imported_item_is_not_in_the_black_hole(lumi):
    from luuppi.capture.models import Import

    run = Import.objects.create(organisation=lumi.organisation, file_name="old.csv", by="system")
    take(lumi, draft(import_id=run.pk))
    assert not Progress.objects.get().unheard


def test_the_journal_refuses_to_be_changed(lumi, gives):
    gives(text="Hei")
    for change in ("UPDATE journal_loopevent SET kind = 'told'", "DELETE FROM journal_loopevent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert LoopEvent.objects.get().kind == "received"


def test_progress_follows_from_the_journal_alone(lumi, gives):
    item = gives(text="Hei", kind="praise")
    with transaction.atomic():
        record(kinds.READ, organisation=lumi.organisation, items=[item.pk], by=lumi.mikko)
    item.progress.refresh_from_db()
    assert item.progress.read_at and not item.progress.unheard
    Progress.objects.update(read_at=None, unheard=True)
    assert rebuild_progress() == 1 and rebuild_progress() == 0
    item.progress.refresh_from_db()
    assert item.progress.read_at and not item.progress.unheard


def test_a_tracking_token_opens_its_own_item_alone():
    item = new_id()
    token = token_of(item)
    assert item_id_in(token) == item and is_genuine(token)
    assert not is_genuine(token, counter=1) and not is_genuine(token, purpose=FOLLOWER)
    for place in range(len(token)):
        wrong = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
        assert item_id_in(wrong) is None or not is_genuine(wrong)


def test_a_reference_leads_back_to_its_item_and_a_slip_is_noticed():
    item = new_id()
    code = reference_of(item)
    low, high = ids_of_reference(code.lower().replace("-", " "))
    assert low <= item <= high
    slips = [code[:k] + sign + code[k + 1 :] for k in range(9) if code[k] != "-" for sign in "0123456789ABCDEF" if sign != code[k]]
    found = sum(ids_of_reference(slip) is not None for slip in slips)
    assert found <= len(slips) * 0.05
