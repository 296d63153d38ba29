"""Why a row is bad: one code, English in files, the member's language on pages."""

import pytest
from django.utils import translation

from luuppi.capture.importing.reasons import _SENTENCES, Reason, of_problem, of_validation, packed, unpacked

FACTS = {"most": 200, "n": 3, "width": 2, "value": "x", "low": "0", "high": "10", "detail": "d", "expected": "'a' or 'b'"}


@pytest.mark.parametrize("code", [code for code in _SENTENCES if code not in ("not-valid", "several")])
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_reason_is_said_in_every_language_with_its_facts(code, language):
    facts = {name: value for name, value in FACTS.items() if f"%({name})s" in _SENTENCES[code]}
    reason = Reason(code, column="nps", **facts)
    with translation.override(language):
        assert reason.words != reason and reason.words.startswith("nps: ") and all(str(value) in reason.words for value in facts.values())
    with translation.override("en"):
        assert reason.words == reason


def test_a_reason_is_the_same_after_it_was_kept():
    two = Reason.all_of([Reason("not-a-number", column="nps", value="x"), Reason("in-the-future", column="day")])
    for one in (Reason("not-closed"), Reason("too-many-cells", n=3, width=2), two):
        again = Reason.of(one.kept)
        assert (again, again.code, again.words) == (one, one.code, one.words)
        assert unpacked(packed(one)) == one
    assert two == "nps: “x” is not a number; day: lies in the future" and unpacked(packed("")) == ""
    with translation.override("sv"):
        assert two.words == "nps: ”x” är inget tal; day: ligger i framtiden"


def test_what_the_store_and_the_checks_say_has_a_code_too():
    assert of_problem("customer-erased", "gone").code == "customer-erased"
    assert of_problem("key-used", "This key was used before.") == "This key was used before."
    found = of_validation([{"loc": ("customer", "email"), "msg": "String should match pattern", "type": "string_pattern_mismatch"}, {"loc": (), "msg": "Value error, at least one of text, scores, answers must say something", "type": "value_error"}])
    with translation.override("en"):
        assert found.words.endswith("phone number; has no text, no score and no answer"), "a page has said which row it is"
    assert found.code == "several" and found == "customer.email: is not an e-mail address or phone number; row: has no text, no score and no answer"
