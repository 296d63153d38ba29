"""Ids rise and never repeat, also when more are made than a millisecond holds; the short code leads back to its id."""

import threading
from datetime import UTC, datetime

import pytest
from django.urls import Resolver404, resolve, reverse

from luuppi.running.ids import first_id_at, id_in, ids_of_reference, milliseconds_of, new_ids, reference_of


def test_ids_rise_and_none_comes_twice_when_a_millisecond_is_full():
    made = new_ids(3) + new_ids(10_000) + new_ids(1)
    assert made == sorted(set(made)) and len(made) == 10_004
    assert milliseconds_of(made[-1]) - milliseconds_of(made[0]) >= 2


def test_threads_never_get_the_same_id():
    found: list[int] = []
    threads = [threading.Thread(target=lambda: [found.extend(new_ids(7)) for _ in range(300)]) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == len(found) == 6 * 300 * 7


def test_the_short_code_leads_back_to_its_id():
    for one in [*new_ids(50), 1 << 22, (1 << 62) - 1]:
        code = reference_of(one)
        assert len(code) == 11 and code[3] == code[7] == "-"
        lowest, highest = ids_of_reference(code)
        assert lowest <= one <= highest


def test_an_address_holds_every_id_that_will_be_made_and_no_larger_number():
    """From 2032 on ids have nineteen digits."""
    later = first_id_at(datetime(2060, 1, 1, tzinfo=UTC))
    assert resolve(reverse("feedback_item", args=["lumi", later])).kwargs["item_id"] == later
    with pytest.raises(Resolver404):
        resolve(f"/o/lumi/feedback/{1 << 63}")
    assert [id_in(said) for said in (str(later), "0", "", "-1", "1.5", "٣", "1" * 20, str(1 << 63))] == [later, 0, *[None] * 6]
