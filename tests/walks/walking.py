"""The walk of a stranger through somebody else's organisation: each address must answer as for an id that nobody has."""

import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tests.walks.addresses import ADDRESSES, Address
from tests.walks.filled import Filled

_CHANGES = re.compile(r'(name="csrfmiddlewaretoken" value|name="(?:sending|key)" value|nonce)="[^"]*"|page-\d+')


@dataclass(frozen=True)
class Visitor:
    """Who walks: a client, and whether it is signed in (else it is asked to)."""

    name: str
    client: Client
    is_signed_in: bool = True

    def send(self, path: str, *, is_post: bool) -> HttpResponse:
        return self.client.post(path, {}) if is_post else self.client.get(path)


def walk(visitor: Visitor, target: Filled, home: Filled, addresses: list[Address] = ADDRESSES) -> list[str]:
    """What `visitor`, who belongs to `home` or nowhere, learns of `target`: a line for each address that tells something."""
    found = []
    for address in addresses:
        if address.is_public:
            continue
        for is_post in (True,) if address.is_post else (False, True):
            pairs = [(address.of(target), address.of(target, slug="nobodys"))]
            if address.has_ids:
                pairs.append((address.of(target, slug=home.slug), address.of(home, known=False)))
            for path, unknown in pairs:
                found += _told(visitor, target, path, unknown, is_post=is_post)
    return found


def _told(visitor: Visitor, target: Filled, path: str, unknown: str, *, is_post: bool) -> list[str]:
    said, expected = visitor.send(path, is_post=is_post), visitor.send(unknown, is_post=is_post)
    line = f"{visitor.name}: {'POST' if is_post else 'GET'} {path}"
    allowed = {404} if visitor.is_signed_in else {302}
    if is_post:
        allowed |= {405}
    faults = leaks(said, target, line)
    if said.status_code != expected.status_code or said.status_code not in allowed:
        faults.append(f"{line}: {said.status_code}, for an unknown id {expected.status_code}")
    elif same(said, path) != same(expected, unknown):
        faults.append(f"{line}: answers otherwise than for an unknown id")
    return faults


def leaks(said: HttpResponse, target: Filled, line: str) -> list[str]:
    """The texts of the target in an answer, whoever it was for."""
    body = text_of(said)
    return [f"{line}: says {secret}" for secret in target.secrets if secret.lower() in body.lower()]


def text_of(said: HttpResponse) -> str:
    content = b"".join(said.streaming_content) if said.streaming else said.content
    return content.decode("utf-8", "replace") + said.headers.get("Location", "")


def same(said: HttpResponse, path: str) -> str:
    """The answer without what differs from one request to the next, and without its own address."""
    from urllib.parse import quote

    return _CHANGES.sub("", text_of(said)).replace(path, "PATH").replace(quote(path), "PATH").replace(quote(path, safe=""), "PATH")
