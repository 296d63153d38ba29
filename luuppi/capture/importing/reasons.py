"""Why a row cannot become an item: a stable code, English in files and JSON, the member's own language on pages.

A Reason is its English sentence, with the code and the facts beside it. `words` says it in the language that is active.
"""

import json
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_SENTENCES = {
    "not-closed": _("a quotation mark begins a cell here and is never closed"),
    "cell-too-long": _("a cell is longer than %(most)s characters"),
    "too-many-cells": _("has %(n)s cells, the header has %(width)s"),
    "not-text": _("has bytes that are not text in the encoding of the file"),
    "not-a-score": _("%(value)s is not a score from %(low)s to %(high)s"),
    "not-whole": _("%(value)s is not a whole number"),
    "not-a-number": _("“%(value)s” is not a number"),
    "not-yes-or-no": _("“%(value)s” is neither yes nor no"),
    "not-a-date": _("“%(value)s” is not a date"),
    "not-of-the-calendar": _("“%(value)s” is not in the calendar"),
    "not-your-team": _("touchpoint: “%(value)s” does not belong to one of your teams"),
    "customer-erased": _("This customer asked to be erased, so nothing is stored about them again."),
    "not-stored": _("could not be stored: %(detail)s"),
    "in-the-future": _("lies in the future"),
    "too-old": _("lies before 1970"),
    "says-nothing": _("has no text, no score and no answer"),
    "too-long": _("is longer than %(most)s characters"),
    "not-one-of": _("must be one of: %(expected)s"),
    "not-an-address": _("is not an e-mail address or phone number"),
    "too-many-attributes": _("has more than 100 attributes"),
    "not-valid": "%(detail)s",
    "several": "%(detail)s",
}


_WHOLE = "row"  # in place of a column, where none alone is to blame; said in files, while pages have said already which line it is


class Reason(str):
    """The English sentence; `code` is stable, `facts` fill the sentence, `column` names where it is, where one column is to blame."""

    __slots__ = ("code", "column", "facts")

    def __new__(cls, code: str, *, column: str = "", **facts: Any) -> "Reason":
        made = super().__new__(cls, _said(column, _SENTENCES[code], facts))
        made.code, made.column, made.facts = code, column, facts
        return made

    @property
    def words(self) -> str:
        """In the language that is active, to stand after the number of the line."""
        if self.code == "several":
            return "; ".join(Reason.of(one).words for one in self.facts["parts"])
        return _said("" if self.column == _WHOLE else self.column, gettext(_SENTENCES[self.code]), self.facts)

    def within(self, column: str) -> "Reason":
        return Reason(self.code, column=column, **self.facts)

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept in JSON; `Reason.of` reads it again."""
        return {"code": self.code, "column": self.column, "facts": self.facts, "detail": str(self)}

    @staticmethod
    def of(kept: dict[str, Any]) -> "Reason":
        return Reason(kept["code"], column=kept["column"], **kept["facts"])

    @staticmethod
    def all_of(reasons: list["Reason"]) -> "Reason":
        """Several as one."""
        if len(reasons) == 1:
            return reasons[0]
        return Reason("several", parts=[one.kept for one in reasons], detail="; ".join(reasons))


def packed(reason: str) -> str:
    """For a column of text; "" stays it."""
    return json.dumps(reason.kept) if isinstance(reason, Reason) else ""


def unpacked(text: str) -> "Reason | str":
    return Reason.of(json.loads(text)) if text else ""


def of_problem(code: str, problem: str) -> Reason:
    """What the store says of a draft that it refused."""
    return Reason(code) if code in _SENTENCES and "%" not in _SENTENCES[code] else Reason("not-valid", detail=problem)


def of_validation(errors: list[dict[str, Any]]) -> Reason:
    """The first things that pydantic found, with their places."""
    return Reason.all_of([_of_error(one) for one in errors[:3]])


_OWN = {"lies in the future": "in-the-future", "lies before 1970": "too-old", "has more than 100 attributes": "too-many-attributes"}


def _of_error(error: dict[str, Any]) -> Reason:
    place = ".".join(str(part) for part in error["loc"]) or _WHOLE
    said, facts = error["msg"].removeprefix("Value error, "), error.get("ctx", {})
    if said.startswith("at least one of text"):
        return Reason("says-nothing", column=_WHOLE)
    if said in _OWN:
        return Reason(_OWN[said], column=place)
    if error["type"] == "string_too_long":
        return Reason("too-long", column=place, most=facts["max_length"])
    if error["type"] == "literal_error":
        return Reason("not-one-of", column=place, expected=facts["expected"].replace(" or ", ", "))
    if error["type"] == "string_pattern_mismatch" and place in ("customer.email", "customer.phone"):
        return Reason("not-an-address", column=place)
    return Reason("not-valid", column=place, detail=said)


def _said(column: str, sentence: str, facts: dict[str, Any]) -> str:
    words = sentence % facts if facts else sentence
    return f"{column}: {words}" if column else words
