"""A stranger sends more than any page takes: the reading ends early, nothing is written, and the disk stays as it was."""

import io

import pytest

from luuppi.capture.models import FeedbackItem
from luuppi.capture.tracking_links import token_of
from luuppi.people.organising import create_token
from luuppi.running.bodies import MOST_GATHERED
from luuppi.wsgi import application

pytestmark = pytest.mark.usefixtures("kept_connection")

HEAD = b'--B\r\nContent-Disposition: form-data; name="file"; filename="x.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'


class Endless(io.RawIOBase):
    """Gives what it has, then more and more; counts what was taken."""

    def __init__(self, begins: bytes = b"") -> None:
        self.begins, self.taken = begins, 0

    def read(self, size: int = -1) -> bytes:
        piece, self.begins = (self.begins[:size], self.begins[size:]) if self.begins else (b"x" * min(size, 65_536), b"")
        self.taken += len(piece)
        return piece


def send(path: str, body: Endless, **environ: str) -> str:
    said = []
    asked = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80", "REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(), "wsgi.input": body}
    b"".join(application(asked | environ, lambda status, headers, wrong=None: said.append(status)))
    return said[0]


def test_a_body_without_a_length_is_gathered_to_a_limit(lumi):
    for path in ("/f/lumi", "/account/login/", "/o/lumi/settings/imports", "/nowhere"):
        body = Endless()
        assert send(path, body, HTTP_TRANSFER_ENCODING="chunked").startswith("413 ")
        assert body.taken < MOST_GATHERED + 200_000


def test_ten_megabytes_of_text_are_said_to_be_too_much(client, lumi, gives):
    for path in ("/f/lumi", f"/t/{token_of(gives(text='x').pk)}/reply"):
        answer = client.post(path, "text=" + "x" * 10_000_000, content_type="application/x-www-form-urlencoded", headers={"Accept-Language": "en"})
        assert answer.status_code == 413 and "send it in parts" in answer.content.decode()
    by = {"Authorization": f"Bearer {create_token(lumi.organisation)[1]}"}
    for headers in (by, by | {"Idempotency-Key": "k"}):
        answer = client.post("/api/v1/themes", b'{"name": {"en": "' + b"x" * 10_000_000 + b'"}}', content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_file_to_a_page_that_takes_none_is_not_read(lumi):
    for path in ("/f/lumi", "/account/login/"):
        body = Endless(HEAD)
        assert send(path, body, CONTENT_TYPE="multipart/form-data; boundary=B", CONTENT_LENGTH=str(2 << 30)).startswith(("403 ", "422 "))
        assert body.taken < 1_000_000
    assert not FeedbackItem.objects.exists()
