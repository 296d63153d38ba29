"""The one way in: `receive` stores checked drafts of one organisation, in one transaction, with their journal and to-do rows.

Form, survey, API, batch, import, mail, kiosk and staff form all end here; doors that take one item come through `committing`.
Raw SQL on purpose: the ORM costs a fifth here.
"""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from pydantic_core import to_json

from luuppi.capture.drafts import Draft, FeedbackIn, ScoresIn
from luuppi.capture.erasing import erased_among
from luuppi.capture.models import FeedbackItem, Sending, Variant
from luuppi.capture.places import root_team, touchpoints_made
from luuppi.journal.recording import new_versions
from luuppi.people.models import Customer, CustomerAddress, Organisation
from luuppi.running import waking
from luuppi.running.connections import again_after_race
from luuppi.running.ids import new_ids

NEW, SAME, BAD = "new", "same", "bad"


@dataclass(slots=True)
class Received:
    """What became of one draft. `code` is stable and set when it is bad; `differs` names fields when it is the same with other content."""

    status: str
    item_id: int | None = None
    differs: list[str] = field(default_factory=list)
    code: str = ""
    problem: str = ""


@again_after_race
@transaction.atomic
def receive(drafts: Sequence[Draft], *, organisation: Organisation, by: Any, now: datetime | None = None) -> list[Received]:
    """Store the drafts; for each, in order: new, same (known external id, Idempotency-Key or form token) or bad with the reason.

    by: whoever has `.actor`, or a word of the journal ("customer", "public"). Nothing is sent and nobody is asked here: what follows
    hangs on the to-do of each `received` event. now: a past moment at which they came (the demo); None: now.
    """
    if not drafts:
        return []
    past, now = now, now or timezone.now()
    results: list[Received | None] = [None] * len(drafts)
    ids = new_ids(len(drafts), at=past)
    fresh = _without_known_sendings(drafts, ids, organisation, now, results)
    _hold_customers(drafts, fresh, organisation)
    fresh = _without_erased(drafts, fresh, organisation, results)
    touchpoints = touchpoints_made(organisation, {drafts[i].item.touchpoint for i in fresh if drafts[i].item.touchpoint})
    customers = _customers(organisation, [(i, drafts[i]) for i in fresh], now)
    nowhere = (None, 0) if all(drafts[i].item.touchpoint for i in fresh) else (None, root_team(organisation))
    places = {i: touchpoints.get(drafts[i].item.touchpoint or "", nowhere) for i in fresh}

    rows = _item_rows(fresh, drafts, ids, organisation.pk, places, customers, now)
    if connection.vendor == "postgresql":
        rows.sort(key=_by_external_id)  # two that name the same items in another order would wait for each other
    n_inserted = _insert("capture_feedbackitem", _ITEM_COLUMNS, rows, " ON CONFLICT DO NOTHING")
    stored = {ids[i] for i in fresh} if n_inserted == len(fresh) else _stored([ids[i] for i in fresh])
    for i in fresh:
        if ids[i] in stored:
            results[i] = Received(NEW, ids[i])
    _same_as_before(drafts, [i for i in fresh if ids[i] not in stored], ids, organisation, now, results)
    _follow([i for i in fresh if ids[i] in stored], drafts, ids, organisation, places, by, now)
    return results


# --- sendings: the same key gives the same item ---------------------------------------------------------------------------------


def body_hash(item: FeedbackIn) -> str:
    return hashlib.blake2b(item.model_dump_json(exclude_none=True).encode(), digest_size=16).hexdigest()


def _without_known_sendings(drafts, ids, organisation, now, results) -> list[int]:
    """Indexes of the drafts whose key was not sent before (or that have none); settles the others."""
    keyed = [i for i, draft in enumerate(drafts) if draft.key]
    if not keyed:
        return list(range(len(drafts)))
    owner, at = organisation.pk, _time(now)
    rows = sorted((owner, drafts[i].key, body_hash(drafts[i].item), ids[i], at) for i in keyed)
    if _insert("capture_sending", "organisation_id, key, body_hash, item_id, at", rows, " ON CONFLICT DO NOTHING") == len(rows):
        return list(range(len(drafts)))
    known = {s.key: s for s in Sending.objects.filter(organisation=organisation, key__in=[drafts[i].key for i in keyed])}
    settled = set()
    for i in keyed:
        sending = known[drafts[i].key]
        if sending.item_id == ids[i]:
            continue
        settled.add(i)
        if sending.body_hash == body_hash(drafts[i].item):
            results[i] = Received(SAME, sending.item_id)
        else:
            results[i] = Received(BAD, sending.item_id, code="key-used", problem="This key was used before with another body. Use a new key.")
    return [i for i in range(len(drafts)) if i not in settled]


def _same_as_before(drafts, unstored, ids, organisation, now, results) -> None:
    """Drafts whose (source, external id) is known: the earlier item, and what differs is kept beside it."""
    if not unstored:
        return
    sources, external_ids = {drafts[i].source for i in unstored}, {drafts[i].item.external_id for i in unstored}
    rows = FeedbackItem.objects.select_related("touchpoint").filter(
        organisation=organisation, source__in=sources, external_id__in=external_ids, withdrawn_at=None
    )
    known = {(earlier.source, earlier.external_id): earlier for earlier in rows}
    variants = []
    for i in unstored:
        draft = drafts[i]
        earlier = known[draft.source, draft.item.external_id]
        differs = differing_fields(earlier, draft)
        results[i] = Received(SAME, earlier.pk, differs)
        if differs:
            content = draft.item.model_dump(mode="json", exclude_none=True)
            variants.append(Variant(item=earlier, at=now, differs=differs, content_hash=body_hash(draft.item), content=content))
        if draft.key:
            Sending.objects.filter(organisation=organisation, key=draft.key, item_id=ids[i]).update(item_id=earlier.pk)
    Variant.objects.bulk_create(variants, ignore_conflicts=True)


def differing_fields(earlier: FeedbackItem, draft: Draft) -> list[str]:
    """Names of the fields that the draft says otherwise than the stored item; what the draft leaves out does not differ."""
    item = draft.item
    said: dict[str, tuple[Any, Any]] = {
        "kind": (item.kind, earlier.kind),
        "text": (item.text, earlier.text),
        "occurred_at": (item.occurred_at, earlier.occurred_at),
        "language": (item.language, earlier.language),
        "touchpoint": (item.touchpoint, earlier.touchpoint.key if earlier.touchpoint else None),
        "answers": ([a.model_dump() for a in item.answers] if item.answers else None, earlier.answers),
        "attributes": (item.attributes, earlier.attributes),
        **{f"scores.{name}": (getattr(item.scores, name, None), getattr(earlier, name)) for name in ("nps", "csat", "ces")},
    }
    return [name for name, (new, old) in said.items() if new is not None and new != old]


# --- places and people ----------------------------------------------------------------------------------------------------------


def _hold_customers(drafts, indexes: list[int], organisation: Organisation) -> None:
    """Whoever is being erased in this moment has been when it is asked who was; and who is named here is not erased before it is stored.
    SQLite has one writer at a time."""
    named = {drafts[i].item.customer.external_id for i in indexes if drafts[i].item.customer and drafts[i].item.customer.external_id}
    if named and connection.vendor == "postgresql":
        _found("SELECT external_id, id FROM people_customer WHERE organisation_id = %s AND external_id", [organisation.pk], named, " FOR KEY SHARE")


def _without_erased(drafts, indexes: list[int], organisation: Organisation, results) -> list[int]:
    erased = erased_among(drafts, indexes, organisation.pk)
    for i in erased:
        results[i] = Received(BAD, code="customer-erased", problem="This customer asked to be erased, so nothing is stored about them again.")
    return [i for i in indexes if i not in erased] if erased else indexes


def normal_email(value: str) -> str:
    return value.strip().lower()


def normal_phone(value: str) -> str:
    """Digits with a leading +; a Finnish 0 becomes +358."""
    digits = "".join(sign for sign in value if sign.isdigit())
    if value.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+358{digits[1:]}" if digits.startswith("0") else digits


def _known_addresses(draft: Draft) -> list[tuple[str, str]]:
    customer = draft.item.customer
    if not (draft.knows_addresses and customer):
        return []
    found = []
    if customer.email:
        found.append((CustomerAddress.EMAIL, normal_email(customer.email)))
    if customer.phone:
        found.append((CustomerAddress.PHONE, normal_phone(customer.phone)))
    return found


def _customers(organisation: Organisation, drafts: list[tuple[int, Draft]], now: datetime) -> dict[int, int]:
    """Draft index → customer id: by external id, then by an address that is known. A typed address joins nobody."""
    drafts = [(i, d) for i, d in drafts if d.item.customer and d.knows_addresses and (d.item.customer.external_id or _known_addresses(d))]
    if not drafts:
        return {}
    owner, external_ids = organisation.pk, {d.item.customer.external_id for _i, d in drafts if d.item.customer.external_id}
    by_external = _found("SELECT external_id, id FROM people_customer WHERE organisation_id = %s AND external_id", [owner], external_ids)
    wanted = {address for _i, d in drafts for address in _known_addresses(d)}
    by_address: dict[tuple[str, str], int] = {}
    held = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    for kind in (CustomerAddress.EMAIL, CustomerAddress.PHONE):
        asked = "SELECT value, customer_id FROM people_customeraddress WHERE organisation_id = %s AND kind = %s AND value"
        by_address |= {(kind, value): customer for value, customer in _found(asked, [owner, kind], {v for k, v in wanted if k == kind}, held).items()}

    made: dict[int, Customer] = {}  # index of the draft that names them first → the customer
    joined: dict[int, int | Customer] = {}
    said_addresses: list[tuple[tuple[str, str], int | Customer]] = []
    for i, draft in drafts:
        said, addresses = draft.item.customer, _known_addresses(draft)
        customer = by_external.get(said.external_id) if said.external_id else next((by_address[a] for a in addresses if a in by_address), None)
        if customer is None:
            customer = made[i] = Customer(
                organisation=organisation,
                external_id=said.external_id,
                name=said.name or "",
                language=draft.item.language or "",
                created_at=now,
            )
            if said.external_id:
                by_external[said.external_id] = customer
        for address in addresses:
            if address not in by_address:
                by_address[address] = customer
                said_addresses.append((address, customer))
        joined[i] = customer
    Customer.objects.bulk_create(sorted(made.values(), key=lambda one: one.external_id or ""))
    CustomerAddress.objects.bulk_create(
        [
            CustomerAddress(organisation=organisation, customer_id=_pk(customer), kind=kind, value=value)
            for (kind, value), customer in sorted(said_addresses, key=lambda one: one[0])
        ],
        ignore_conflicts=True,
    )
    return {i: _pk(customer) for i, customer in joined.items()}


def _found(asked: str, known: list, values: set[str], ending: str = "") -> dict[str, int]:
    """What the question finds for the values. Not by the ORM, which prepares a thousand values one by one, longer than all else takes."""
    if not values:
        return {}
    padded = list(values)
    padded += padded[-1:] * ((1 << (len(padded) - 1).bit_length()) - len(padded))  # few lengths keep the statements prepared
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} IN ({', '.join(['%s'] * len(padded))}){ending}", [*known, *padded])
        return dict(cursor.fetchall())


def _pk(customer: int | Customer) -> int:
    return customer.pk if isinstance(customer, Customer) else customer


# --- rows -----------------------------------------------------------------------------------------------------------------------

_ITEM_COLUMNS = (
    "id, organisation_id, team_id, touchpoint_id, customer_id, kind, channel, occurred_at, received_at, language, text, nps, csat, ces, answers,"
    " says_to_be, wants_contact, contact_by, visibility, source, external_id, attributes, imported_by_id, link_counter"
)
_SOURCE = _ITEM_COLUMNS.split(", ").index("source")


def _by_external_id(row: tuple) -> tuple[str, str]:
    return row[_SOURCE], row[_SOURCE + 1] or ""


def _item_rows(fresh: list[int], drafts, ids, organisation_id: int, places, customers: dict[int, int], now: datetime) -> list[tuple]:
    adapt = connection.ops.adapt_datetimefield_value
    at, rows = adapt(now), []
    for i in fresh:
        draft = drafts[i]
        item, touchpoint_team, customer_id = draft.item, places[i], customers.get(i)
        scores = item.scores or _NO_SCORES
        rows.append((
            ids[i], organisation_id, touchpoint_team[1], touchpoint_team[0], customer_id, item.settled_kind, draft.channel,
            adapt(item.occurred_at) if item.occurred_at else at, at, item.language or "", item.text or "", scores.nps, scores.csat, scores.ces,
            _json([a.model_dump() for a in item.answers]) if item.answers else "[]", _says(draft, customer_id) if item.customer else "{}",
            item.wants_contact, item.contact_by or "", item.visibility, draft.source, item.external_id,
            _json(item.attributes) if item.attributes else "{}", draft.import_id, 0,
        ))  # fmt: skip
    return rows


def _says(draft: Draft, customer_id: int | None) -> str:
    """What the giver says to be, where the customer is not known."""
    customer = draft.item.customer
    if not draft.knows_addresses:
        return _json(customer.model_dump(exclude_none=True))
    return _json({"name": customer.name}) if customer_id is None and customer.name else "{}"


def _follow(stored: list[int], drafts, ids, organisation, places, by, now) -> None:
    """The `received` event, the progress row and the to-do of each stored item."""
    if not stored:
        return
    actor, at, owner = getattr(by, "actor", by), _time(now), organisation.pk
    event_ids, todo_ids, versions = new_ids(len(stored)), new_ids(len(stored)), new_versions(len(stored))
    events, confirmations, progress, todos = [], [], [], []
    for i, event_id, todo_id, version in zip(stored, event_ids, todo_ids, versions, strict=True):
        draft, item_id, (touchpoint, team) = drafts[i], ids[i], places[i]
        imported, shown_at = draft.import_id is not None, None
        events.append((event_id, owner, item_id, "received", at, actor, _came_by(draft.channel, imported)))
        if draft.acknowledged:
            confirmations.append((owner, item_id, "acknowledged", at, "system", "{}"))
            shown_at = at
        progress.append((item_id, owner, team, touchpoint, draft.item.settled_kind, at, imported, False, False, not imported, shown_at, version))
        todos.append((todo_id, owner, "react", str(event_id), at, 0, f'{{"kind": "received", "event": {event_id}, "item": {item_id}}}', ""))
    events += [(event_id, *rest) for event_id, rest in zip(new_ids(len(confirmations)), confirmations, strict=True)]
    _insert("journal_loopevent", "id, organisation_id, item, kind, at, by, data", events)
    _insert(
        "journal_progress",
        "item_id, organisation_id, team_id, touchpoint, kind, received_at, imported, held, withdrawn, unheard, acknowledged_at, version",
        progress,
    )
    _insert("running_todo", "id, organisation_id, kind, key, due_at, attempts, payload, last_error", todos)
    transaction.on_commit(waking.wake_worker, robust=True)


_MOST_ROWS = 64


def _insert(table: str, columns: str, rows: list[tuple], ending: str = "") -> int:
    """INSERT the rows; returns how many went in.

    In statements of 64, 32, 16 … rows rather than by executemany: that lets go of the interpreter and takes it back at each row, and
    under load each time another thread is in between. The few lengths keep the statements prepared.
    """
    n, start, size = 0, 0, _MOST_ROWS
    with connection.cursor() as cursor:
        while start < len(rows):
            while size > len(rows) - start:
                size //= 2
            cursor.execute(_statement(table, columns, ending, size), list(chain.from_iterable(rows[start : start + size])))
            n += cursor.rowcount
            start += size
    return n


@functools.cache
def _came_by(channel: str, imported: bool) -> str:
    return _json({"channel": channel, "imported": True} if imported else {"channel": channel})


@functools.cache
def _statement(table: str, columns: str, ending: str, n_rows: int) -> str:
    names = ", ".join(f'"{name.strip()}"' for name in columns.split(","))
    row = f"({', '.join(['%s'] * (columns.count(',') + 1))})"
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * n_rows)}{ending}'


def _stored(ids: list[int]) -> set[int]:
    return set(FeedbackItem.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _time(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _json(value: Any) -> str:
    return to_json(value).decode()


_NO_SCORES = ScoresIn()
