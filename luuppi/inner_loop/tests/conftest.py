"""What the tests of the inner loop share: a case of Aino's, and the mails that have left."""

import email
import email.policy

import pytest

from luuppi.inner_loop.models import Case


@pytest.fixture
def outbox(mailoutbox):
    """`outbox()` reads the mails that have left, oldest first, as their readers get them."""
    return lambda: [email.message_from_bytes(mail.message().as_bytes(), policy=email.policy.default) for mail in mailoutbox]


@pytest.fixture
def aino_complains(gives, background):
    """`aino_complains(text=…)` gives the case that her complaint opened."""

    def complain(text="Paketti tuli kaksi viikkoa myöhässä.", customer=None, **fields) -> Case:
        customer = customer if customer is not None else {"external_id": "C-1001", "email": "aino@example.com", "name": "Aino"}
        item = gives(text=text, kind="complaint", touchpoint=fields.pop("touchpoint", "delivery"), language="fi", **({"customer": customer} if customer else {}), **fields)
        background()
        return Case.objects.select_related("team", "owner", "organisation").get(case_items__item=item.pk, case_items__in_open_case=True)

    return complain
