"""Nothing accepted is lost, nothing is doubled: killed processes, a full disk, bodies of every kind, through the real server."""

import contextlib
import json
import os
import resource
import signal
import socket
import sqlite3
import threading

import pytest

from tests.frame.installation import until

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def stored(luuppi) -> dict[str, int]:
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        return dict(database.execute("SELECT text, count(*) FROM capture_feedbackitem GROUP BY text").fetchall())


def raw(luuppi, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", luuppi.port), timeout=30) as line:
        line.sendall(request)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
        return answer


def test_every_item_that_was_answered_is_there_after_kill_9_and_a_resend_doubles_none(luuppi):
    answered: list[str] = []
    for round_ in range(4):
        sent = [f"{round_}-{k}" for k in range(60)]
        with luuppi.web() as web:

            def send_all(texts=sent):
                for text in texts:
                    if luuppi.send(text=text, key=f"key-{text}")[0] == 201:
                        answered.append(text)

            sender = threading.Thread(target=send_all)
            sender.start()
            until(lambda n=15 + 7 * round_, done=len(answered), sending=sender: len(answered) - done >= n or not sending.is_alive(), 120)
            os.killpg(web.pid, signal.SIGKILL)
            sender.join()
        assert set(answered) <= set(stored(luuppi))
        with luuppi.web():
            for text in sent:
                assert luuppi.send(text=text, key=f"key-{text}")[0] == 201
    found = stored(luuppi)
    assert len(found) == 240 and set(found.values()) == {1}
    with sqlite3.connect(luuppi.home / "luuppi.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM journal_loopevent WHERE kind = 'received'").fetchone() == (240,)
        assert database.execute("SELECT count(*) FROM journal_progress").fetchone() == (240,)


def test_five_lines_arrive_whether_they_are_measured_or_chunked(luuppi):
    lines = b"".join(json.dumps({"text": f"rivi {n}", "external_id": str(n)}).encode() + b"\n" for n in range(5))
    head = f"POST /api/v1/feedback/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {luuppi.token}\r\nConnection: close\r\n".encode()
    with luuppi.web():
        measured = raw(luuppi, head + f"Content-Length: {len(lines)}\r\n\r\n".encode() + lines)
        chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (lines[:7], lines[7:100], lines[100:])) + b"0\r\n\r\n"
        chunked = raw(luuppi, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
        one = b'{"text": "yksi", "external_id": "one"}'
        single = raw(luuppi, head.replace(b"/batch", b"") + b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(one):x}\r\n".encode() + one + b"\r\n0\r\n\r\n")
    assert measured.count(b'"new"') == 5 and chunked.count(b'"same"') == 5
    assert single.startswith(b"HTTP/1.1 201")
    assert len(stored(luuppi)) == 6


def test_a_full_disk_is_said_and_what_was_answered_stays(luuppi):
    size = (luuppi.home / "luuppi.sqlite3").stat().st_size

    def no_more_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 300_000, size + 300_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    answers: dict[int, int] = {}
    with luuppi.process("web", "--port", str(luuppi.port), "--threads", "4", "--follow-parent", preexec_fn=no_more_room):
        luuppi.wait_until_it_answers()
        accepted = []
        for n in range(60):
            status, _answer = luuppi.send(text=f"{n} " + "x" * 20_000)
            answers[status] = answers.get(status, 0) + 1
            if status == 201:
                accepted.append(f"{n} ")
        form = luuppi.ask("POST", "/f/lumi", b"sending=aaaaaaaaaaaaaaaaaaaa&kind=complaint&contact=no&text=" + b"y" * 40_000, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answers.get(503) and accepted and set(answers) <= {201, 503}
    assert form[0] == 503 and b"yyyyyyyy" in form[1]
    texts = stored(luuppi)
    assert set(accepted) == {t.split("x")[0] for t in texts}
    with luuppi.web():
        assert luuppi.send(text="Tilaa on taas")[0] == 201


def test_a_body_that_never_ends_or_never_comes_holds_nobody_else_up(luuppi):
    with luuppi.web():
        hanging = [socket.create_connection(("127.0.0.1", luuppi.port)) for _ in range(3)]
        for line in hanging:
            line.sendall(f"POST /api/v1/feedback HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {luuppi.token}\r\nContent-Length: 5000\r\n\r\n{{".encode())
        assert luuppi.send(text="Muut pääsevät läpi")[0] == 201
        endless = socket.create_connection(("127.0.0.1", luuppi.port), timeout=30)
        endless.sendall(f"POST /api/v1/feedback HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {luuppi.token}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        answer = b""
        with contextlib.suppress(OSError):
            for _ in range(200):
                endless.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        with contextlib.suppress(OSError):
            answer = endless.recv(4096)
        assert not answer or b"413" in answer.split(b"\r\n")[0]
        for line in [*hanging, endless]:
            line.close()
    assert list(stored(luuppi)) == ["Muut pääsevät läpi"]
