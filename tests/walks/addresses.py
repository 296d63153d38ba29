"""Every address of the URL map with the objects of a filled organisation in it; what is missing here makes the walks fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.walks.filled import Filled

# An id that a row could have and none has.
UNKNOWN_ROW, UNKNOWN_NUMBER, UNKNOWN_ITEM = 987_654_321, 987_654, 999_999_999_999_999_999

# Pages of the libraries: about the signed-in person alone, no object of an organisation stands in their addresses.
OF_LIBRARIES = ("account_", "mfa_")
WITHOUT_OBJECTS = {"unknown_api_address", "front", "no_organisation", "healthz", "readyz", "metrics", "ui:theme", "ui:language"}
API = "api:"


@dataclass(frozen=True)
class Address:
    """One name of the URL map. `ids` gives the arguments beside `organisation` from a filled organisation, and their unknown twins."""

    name: str
    ids: Callable[[Filled], dict[str, Any]] = lambda full: {}
    unknown: dict[str, Any] | None = None
    is_post: bool = False  # POST alone; everything else is opened with GET and sent to with POST
    is_public: bool = False

    def of(self, full: Filled, *, slug: str | None = None, known: bool = True) -> str:
        arguments = self.ids(full) if known or self.unknown is None else self.ids(full) | self.unknown
        if "organisation" in wanted(self.name):
            arguments = arguments | {"organisation": slug or full.slug}
        return reverse(self.name, kwargs=arguments)

    @property
    def has_ids(self) -> bool:
        return self.unknown is not None


def _row(thing: str, *, key: str = "pk", unknown: int = UNKNOWN_ROW, **more: Callable[[Filled], Any]):
    return {"ids": lambda full: {key: getattr(full, thing).pk} | {name: find(full) for name, find in more.items()}, "unknown": {key: unknown}}


def _case(**more: Callable[[Filled], Any]):
    return {"ids": lambda full: {"number": full.case.number} | {name: find(full) for name, find in more.items()}, "unknown": {"number": UNKNOWN_NUMBER}}


_ITEM = _row("item", key="item_id", unknown=UNKNOWN_ITEM)
_OF_CASE = ("assignment", "assignment_undo", "answers", "notes", "escalation", "closure", "reopening", "advice")
_OF_ANSWER = ("undo", "again", "arrived")
_OF_IMPROVEMENT = ("", "_decision", "_start", "_completion", "_plan", "_items", "_reading")
_ANSWER = _case(message=lambda full: full.message.pk)


def _improvement(state: str = "proposed"):
    return {"ids": lambda full: {"number": full.improvements[state].number}, "unknown": {"number": UNKNOWN_NUMBER}}


def _notice():
    return {"ids": lambda full: {"number": full.improvements["done"].number, "notice": full.notice.pk}, "unknown": {"notice": UNKNOWN_ROW}}


def _token(thing: str, key: str = "token", **more: Callable[[Filled], Any]):
    """A secret in the address; its unknown twin has one letter changed."""
    return {"ids": lambda full: {key: getattr(full, thing)} | {name: find(full) for name, find in more.items()}, "unknown": {key: "a" * 42}, "is_public": True}


STAFF_LISTS = (
    "home", "today", "record", "feedback_stream", "black_hole", "cases", "rules", "rule_new", "figures", "themes", "theme_next_texts", "causes", "root_cause_new", "improvements",
    "improvement_proposal", "telling", "settings", "organisation_settings", "tokens", "people_settings", "absences", "teams", "background", "ui:keys",
    "imports", "touchpoints", "surveys", "erasure_requests",
)  # fmt: skip

ADDRESSES = [
    *[Address(name) for name in STAFF_LISTS],
    *[Address(name, is_post=True) for name in ("theme_new", "themes_propose")],
    Address("case", **_case()),
    *[Address(f"case_{act}", is_post=True, **_case()) for act in _OF_CASE],
    *[Address(f"case_answer_{act}", is_post=True, **_ANSWER) for act in _OF_ANSWER],
    Address("rule", **_row("rule")),
    Address("rule_removal", is_post=True, **_row("rule")),
    Address("feedback_item", **_ITEM),
    *[Address(f"feedback_{act}", is_post=True, **_ITEM) for act in ("reading", "case", "release")],
    Address("feedback_erasure", **_ITEM),
    Address("erasure_confirmation", **_token("erasure")),
    Address("item_themes", **_row("item", unknown=UNKNOWN_ITEM)),
    Address("theme_proposal", is_post=True, **_row("proposal")),
    Address("theme", **_row("theme")),
    Address("themes_work"),
    Address("theme_restoring", is_post=True, **_row("theme")),
    Address("theme_undoing", is_post=True, **_row("change")),
    Address("root_cause", **_row("cause")),
    Address("root_cause_words", is_post=True, **_row("cause")),
    *[Address(f"improvement{act}", is_post=bool(act), **_improvement()) for act in _OF_IMPROVEMENT],
    Address("telling_draft", **_improvement("done")),
    Address("telling_sending", **_improvement("done")),
    Address("telling_undo", is_post=True, **_improvement("done")),
    *[Address(f"telling_{act}", is_post=True, **_notice()) for act in ("again", "arrived")],
    Address("token_revocation", is_post=True, **_row("token")),
    Address("member", **_row("member")),
    Address("absence", **_row("member")),
    Address("absence_end", is_post=True, **_row("member")),
    Address("role_removal", is_post=True, **_row("member", role=lambda full: full.role.pk)),
    Address("member_leaving", is_post=True, **_row("member")),
    Address("member_return", is_post=True, **_row("member")),
    Address("invitation_removal", is_post=True, **_row("invitation")),
    Address("team", ids=lambda full: {"pk": full.scene.teams["phones"].pk}, unknown={"pk": UNKNOWN_ROW}),
    Address("import_run", **_row("run")),
    Address("import_progress", **_row("run")),
    Address("figures_table"),
    Address("import_bad_rows", **_row("run")),
    *[Address(f"import_{act}", is_post=True, **_row("run")) for act in ("cancellation", "resumption", "undo")],
    Address("touchpoint", **_row("touchpoint")),
    *[Address(f"survey_{act}", is_post=True, **_row("survey")) for act in ("closing", "opening")],
    Address("background_again", is_post=True, **_row("parked", key="todo_id", unknown=UNKNOWN_ITEM)),
    Address("feedback_form", is_public=True),
    Address("said_and_done", is_public=True),
    Address("said_and_done_feed", is_public=True),
    Address("ui:brand", is_public=True),
    Address("survey_score", ids=lambda full: {"key": full.survey.key}, unknown={"key": "nobodys-survey"}, is_public=True),
    Address("survey_why", ids=lambda full: {"key": full.survey.key, "token": full.draft.token}, unknown={"token": "a" * 42}, is_public=True),
    Address("tracking", **_token("tracking")),
    Address("thanks", **_token("tracking")),
    *[Address(f"tracking_{act}", is_post=True, **_token("tracking")) for act in ("reply", "confirmation", "heard", "withdrawal")],
    Address("stop_messages", **_token("unsubscribe")),
    Address("join", **_token("join", key="secret")),
    Address("one_time", **_token("link", key="secret")),
]
BOOK = {address.name: address for address in ADDRESSES}


def names_of_the_map(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Every name of the URL map, with its namespace; a route without a name gives its pattern, so that it is missed as well."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else f"without a name: {entry.pattern}"
        else:
            yield from names_of_the_map(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def wanted(name: str) -> set[str]:
    """The arguments that an address takes."""
    space, _, alone = name.rpartition(":")
    resolver = get_resolver()
    if space:
        resolver = resolver.namespace_dict[space][1]
    [possibilities] = [found for found, *_rest in resolver.reverse_dict.getlist(alone)][:1]
    return set(possibilities[0][1])


def not_in_the_book() -> list[str]:
    known = set(BOOK) | WITHOUT_OBJECTS
    return sorted(name for name in set(names_of_the_map()) if name not in known and not name.startswith((*OF_LIBRARIES, API)))
