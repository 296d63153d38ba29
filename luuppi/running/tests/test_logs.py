"""No log line holds a secret."""

import logging

import pytest

from luuppi.running.logs import WithoutSecrets


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/t/aeaqg6oebyay4qaa23aevyexd75rxz2xvcmulgbjzy/reply", "/t/…/reply"), ("/u/aeaqg6oebyay4qaa23aevyexd75r", "/u/…"), ("/join/join_uPbfIfY3iqthUo-Kz_7BvfkwxhQ", "/join/…"),
        ("/in/in_uPbfIfY3iqthUo", "/in/…"), ("/s/nps-lumi/aeaqg6oebyay4qaa23", "/s/nps-lumi/…"), ("/account/password/reset/key/1-dih5pe-960c06f171bb7bed/", "/account/password/reset/key/…/"),
        ("/o/lumi/cases/1001", "/o/lumi/cases/1001"),
    ],
)  # fmt: skip
def test_addresses_are_logged_without_what_opens_them(address, logged):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None)
    assert WithoutSecrets("%(message)s").format(record) == f"Not Found: {logged}"
