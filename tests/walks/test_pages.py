"""Every page of the URL map in Chromium, empty, full and refusing: axe, both themes, phone and desktop, nothing from elsewhere, and light."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread
from django.urls import reverse

from luuppi.insight import asking
from luuppi.insight.service import file
from luuppi.insight.service.address import UnixAddress
from luuppi.insight.service.answering import Answerer, Manners
from luuppi.insight.service.compacting import Copier
from luuppi.insight.service.server import Desk, serve_at
from luuppi.insight.service.table import Generation, Table
from luuppi.insight.service.writer import Writer
from luuppi.insight.tests.figures_here import TruthOfThisTest
from tests.cast import make_scene
from tests.walks.addresses import ADDRESSES, BOOK, STAFF_LISTS, not_in_the_book
from tests.walks.filled import Filled, fill

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
VIOLATIONS = "rules => axe.run({...rules, resultTypes: ['violations']}).then(found => found.violations)"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Each width in each theme. What depends on the words and the markup alone is looked for once a width; colours in all four.
FACES = ((1440, "light", RULES), (1440, "dark", CONTRAST), (390, "dark", RULES), (390, "light", CONTRAST))
STAFF_BYTES, CUSTOMER_BYTES = 100_000, 20_000
_PRESS = """(() => {
  const form = [...document.forms].find(one => one.method === 'post' && one.querySelector('textarea, select, input:not([type=hidden])'));
  form.noValidate = true;
  form.requestSubmit();
})()"""
NOT_PAGES = {"ui:brand", "said_and_done_feed", "figures_table", "import_bad_rows", "import_progress", "themes_work"}
WITH_A_FORM = ("record", "rule_new", "root_cause_new", "improvement_proposal", "people_settings", "teams", "tokens", "touchpoints", "surveys", "organisation_settings")
PUBLIC_WITH_A_FORM = ("feedback_form", "survey_score")
SIGN_IN = ("account_login", "account_request_login_code", "account_reset_password")


@dataclass
class Site:
    """A served installation: the full organisation, an empty one, and a browser."""

    url: str
    browser: Any
    full: Filled
    empty: Any
    cookies: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def sign_in(self, member) -> list[dict[str, str]]:
        key = member.user.email
        if key not in self.cookies:
            client = Client()
            client.force_login(member.user, backend=_BACKEND)
            self.cookies[key] = [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}]
        return self.cookies[key]


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database also for one test alone: pytest-django makes none when no chosen test is marked for it, and these keep theirs over many tests."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        is_ours = not connection.introspection.table_names()
        if is_ours:
            connection.creation.create_test_db(verbosity=0)
    yield
    if is_ours:
        with django_db_blocker.unblock():
            connection.creation.destroy_test_db(before, verbosity=0)


@pytest.fixture(scope="module")
def site(database, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is needed for the browser tests: install Debian's chromium")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop in this thread, which Django would take for async code
    with django_db_blocker.unblock():
        empty_database = sqlite3.connect(":memory:")
        connection.ensure_connection()
        connection.connection.backup(empty_database)
        served = Site("", None, fill(make_scene(), "Hopeakettu"), make_scene("tyhja", "Tyhjä"))
        connection.inc_thread_sharing()
        server = LiveServerThread("127.0.0.1", lambda application: application, {"default": connections["default"]})  # static files too come as in use: by the middleware
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None, server.error
        served.url = f"http://127.0.0.1:{server.port}"
        for member in (served.full.scene.admin, served.full.scene.mikko, served.full.scene.leena, served.empty.admin):
            served.sign_in(member)  # before Playwright: its loop has another connection, and the database in memory knows one writer
        with figures_of_all(tmp_path_factory.mktemp("figures")), sync_playwright() as playwright:
            served.browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
            yield served
            served.browser.close()
        server.terminate()
        connection.dec_thread_sharing()
        empty_database.backup(connection.connection)  # the journal is append-only: what was written cannot be emptied out again
        empty_database.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class figures_of_all:
    """The real figures service beside the served pages, with all that the fill wrote."""

    def __init__(self, path):
        self.path = path
        self.settings = override_settings(ANALYTICS_URL=f"unix://{path}/socket")

    def __enter__(self) -> None:
        self.settings.enable()
        folder, limits = file.Folder(self.path / "file"), file.Limits(memory_mb=256, threads=1)
        folder.path.mkdir()
        path = folder.next()
        connection = file.open_file(path, limits, make=True)
        self.table = Table(folder)
        self.table.serve(Generation(path, connection))
        writer = Writer(self.table, TruthOfThisTest(), limits)
        while writer._bring_in(connection):
            pass
        self.server = serve_at(UnixAddress(self.path / "socket"), Desk(self.table, Answerer(self.table, Manners()), Copier(self.table, writer), None))
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __exit__(self, *_error) -> None:
        for asker in asking._askers.values():
            asker._drop()
        asking._askers.clear()
        self.server.shutdown()
        self.server.server_close()
        self.table.close()
        self.settings.disable()


def look(site: Site, path: str, *, member=None, most_bytes: int, press: bool = False) -> list[str]:
    """Open one page with an empty cache and say what is wrong with it: desktop and phone, light and dark. `press`: send its form as it is."""
    faults: list[str] = []
    context = site.browser.new_context(color_scheme="light", reduced_motion="reduce", locale="fi-FI", viewport={"width": 1440, "height": 900})
    if member is not None:
        context.add_cookies(site.sign_in(member))
    page = context.new_page()
    sizes: list[int] = []
    page.on("console", lambda m: faults.append(f"{path}: console says {m.text}") if m.type == "error" and "the server responded with a status" not in m.text else None)
    page.on("pageerror", lambda e: faults.append(f"{path}: {e}"))
    page.on("request", lambda r: faults.append(f"{path}: asks {r.url}") if not r.url.startswith((site.url, "data:")) else None)
    page.on("requestfinished", lambda r: sizes.append(sum(r.sizes()[part] for part in ("responseBodySize", "responseHeadersSize"))))
    answer = page.goto(site.url + path, wait_until="load")
    if answer is None or (answer.status >= 500 and not path.endswith("/figures")):
        faults.append(f"{path}: {answer and answer.status}")
    if sum(sizes) > most_bytes:
        faults.append(f"{path}: {sum(sizes)} bytes transferred, at most {most_bytes}")
    if press:
        with page.expect_navigation():
            page.evaluate(_PRESS)
    page.evaluate(AXE_SCRIPT)
    for width, theme, rules in FACES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if page.evaluate(TOO_WIDE):
            faults.append(f"{path}: scrolls sideways at {width}")
        found = page.evaluate(VIOLATIONS, rules)
        faults += [f"{path}: axe, {theme} {width}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    context.close()
    return faults


def staff_pages(full: Filled) -> list[str]:
    return [address.of(full) for address in ADDRESSES if not address.is_public and not address.is_post and address.name not in NOT_PAGES]


def halves(pages: list[str], part: int, of: int) -> list[str]:
    return pages[part::of]


@pytest.mark.parametrize("part", range(3))
def test_full_pages_of_staff(site, part):
    paths = [*staff_pages(site.full), f"{BOOK['cases'].of(site.full)}?queue=closed", BOOK["case"].of(site.full).replace(str(site.full.case.number), str(site.full.closed.number))]
    paths += [BOOK["improvement"].of(site.full).replace(str(site.full.improvement.number), str(one.number)) for one in site.full.improvements.values() if one.pk != site.full.improvement.pk]
    faults = [fault for path in halves(paths, part, 3) for fault in look(site, path, member=site.full.scene.admin, most_bytes=STAFF_BYTES)]
    assert not faults, "\n".join(faults)


def test_empty_lists_of_staff(site):
    paths = [BOOK[name].of(site.full, slug="tyhja") for name in STAFF_LISTS]
    faults = [fault for path in paths for fault in look(site, path, member=site.empty.admin, most_bytes=STAFF_BYTES)]
    assert not faults, "\n".join(faults)


def test_pages_of_customers_and_of_signing_in(site):
    customers = [address.of(site.full) for address in ADDRESSES if address.is_public and not address.is_post and address.name not in NOT_PAGES and address.name not in ("join", "one_time")]
    faults = [fault for path in customers for fault in look(site, path, most_bytes=CUSTOMER_BYTES)]
    faults += look(site, BOOK["said_and_done"].of(site.full, slug="tyhja"), most_bytes=CUSTOMER_BYTES)
    for path in [*[reverse(name) for name in SIGN_IN], BOOK["join"].of(site.full), BOOK["one_time"].of(site.full)]:
        faults += look(site, path, most_bytes=STAFF_BYTES)
    assert not faults, "\n".join(faults)


def test_pages_that_refuse(site):
    faults = []
    for path in ("/nowhere", f"/t/{'a' * 42}", f"/u/{'a' * 42}", "/f/nobodys", "/join/join_spent"):
        faults += look(site, path, most_bytes=CUSTOMER_BYTES)
    for path in (BOOK["case"].of(site.full, known=False), BOOK["today"].of(site.full, slug="nobodys"), BOOK["cases"].of(site.full) + "?cursor=abc"):
        faults += look(site, path, member=site.full.scene.mikko, most_bytes=STAFF_BYTES)
    for name in WITH_A_FORM:
        faults += look(site, BOOK[name].of(site.full), member=site.full.scene.admin, most_bytes=STAFF_BYTES, press=True)
    for name in PUBLIC_WITH_A_FORM:
        faults += look(site, BOOK[name].of(site.full), most_bytes=CUSTOMER_BYTES, press=True)
    with override_settings(ANALYTICS_URL="unix:///nowhere/socket"):
        faults += look(site, BOOK["figures"].of(site.full), member=site.full.scene.leena, most_bytes=STAFF_BYTES)
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_every_page_is_looked_at():
    """A new address is either looked at or named among those that are no pages."""
    assert not_in_the_book() == []
    assert set(STAFF_LISTS) | set(WITH_A_FORM) | set(PUBLIC_WITH_A_FORM) | NOT_PAGES <= set(BOOK)
