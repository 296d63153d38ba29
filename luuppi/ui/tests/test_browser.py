"""The gallery and the pages of ui in Chromium: axe in both themes, 320 px, the content security policy, and the keys."""

import os
import re
import shutil
from datetime import datetime

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/gallery?toast=1&error=1",
    "/gallery/customer",
    "/confirm",
    "/keys",
    "/account/login/",
    "/account/login/code/",
    "/account/password/reset/",
    "/error/403",
    "/error/404",
    "/error/500",
    "/error/503",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
COVERED = """() => [...document.querySelectorAll('.row')].filter(row => [...row.children].some((one, i, all) => all.slice(i + 1).some(other => {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
}))).map(row => row.innerText)"""


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests of the module. Playwright runs a loop in this thread, which Django would take for async code."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is needed for the browser tests: install Debian's chromium")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def open_page(chromium, live_server, lumi):
    """`open_page("/gallery", theme="dark")`: a page whose console errors are kept in `page.errors`."""
    contexts = []

    def open_one(path: str, theme: str = "light", width: int = 1440, script: bool = True):
        context = chromium.new_context(
            color_scheme=theme,
            reduced_motion="reduce",
            locale="fi-FI",
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on(
            "console",
            lambda m: page.errors.append(m.text) if m.type == "error" and "the server responded with a status" not in m.text else None,
        )
        page.on("pageerror", lambda e: page.errors.append(str(e)))
        page.on("request", lambda r: page.errors.append(f"asked {r.url}") if not r.url.startswith((live_server.url, "data:")) else None)
        page.goto(live_server.url + path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_the_page(open_page, path, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, theme)
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")
        assert not page.evaluate(TOO_WIDE), f"{path} scrolls sideways at {width}"
        assert page.evaluate(COVERED) == [], f"words lie on words at {width}"
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.errors == []


def test_axe_would_notice(open_page):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page("/gallery")
    page.evaluate("document.querySelector('.btn-primary').replaceChildren()")
    assert "link-name" in [v["id"] for v in Axe().run(page, options=RULES).response["violations"]]


def test_the_palette_opens_narrows_and_goes(open_page):
    page = open_page("/gallery")
    page.keyboard.press("/")
    page.keyboard.type("para")
    assert page.locator("#palette [role=option]:visible").all_inner_texts() == ["Hae palautteista: para", "Parannukset"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/o/lumi/improvements")


def test_esc_closes_the_palette_at_once_and_focus_returns(open_page):
    page = open_page("/gallery")
    page.locator(".find").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("para")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()
    assert page.evaluate("document.activeElement.className") == "find"


def test_an_answer_is_sent_by_ctrl_enter(open_page):
    page = open_page("/gallery")
    form = '<form action="/cases"><textarea name="text" data-key="r">Hei!</textarea><button name="check" value="1">Lue</button></form>'
    page.evaluate("form => document.querySelector('main').insertAdjacentHTML('afterbegin', form)", form)
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cases?text=Hei%21")


def test_what_is_no_command_is_searched_for(open_page):
    page = open_page("/gallery")
    page.keyboard.press("Control+k")
    page.keyboard.type("myöhässä taas")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/o/lumi/feedback\?q=my%C3%B6h%C3%A4ss%C3%A4%20taas"))


def test_rows_are_walked_by_keys_and_keys_can_be_off(open_page):
    page = open_page("/gallery")
    focused = "document.activeElement.textContent"
    page.keyboard.press("j")
    assert page.evaluate(focused).startswith("Palautin takin")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.evaluate(focused).startswith("Noutopisteen lokero")
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate(focused).startswith("Noutopisteen lokero")
    assert not page.locator("#palette").is_visible()


def test_a_key_typed_into_a_field_is_only_typed(open_page):
    page = open_page("/gallery")
    page.locator("#id_reason").focus()
    page.keyboard.type("c/jk?")
    assert page.locator("#id_reason").input_value() == "c/jk?"
    assert page.url.endswith("/gallery")


def test_the_question_is_a_dialog_and_focus_returns(open_page):
    page = open_page("/gallery")
    opener = page.locator("[data-open=tell]")
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog#tell").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#tell").is_visible()
    assert page.evaluate("document.activeElement.dataset.open") == "tell"


def test_without_script_the_question_is_a_page_and_menus_open(open_page):
    page = open_page("/gallery", script=False)
    page.locator("details.menu-pop summary").first.click()
    assert page.locator("details.menu-pop").first.locator("button").first.is_visible()
    page.locator("[data-open=tell]").click()
    assert page.url.endswith("/confirm")


def test_what_is_copied_lies_on_the_clipboard_and_is_said(open_page, live_server):
    page = open_page("/gallery")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    button = page.locator("[data-copy]")
    button.click()
    page.locator("[data-copy] [role=status]", has_text="Kopioitu").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://luuppi.example/s/lumi-delivery"
    assert page.errors == []
    assert not open_page("/gallery", script=False).locator("[data-copy]").is_visible()


def test_the_theme_changes_at_once_and_stays(open_page):
    page = open_page("/gallery")
    page.locator("[data-theme-form]").locator("xpath=..").locator("summary").click()
    with page.expect_response("**/ui/theme"):
        page.locator("button[value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.errors == []


def test_z_undoes_and_the_toast_leaves_after_ten_seconds_of_not_being_looked_at(open_page):
    page = open_page("/gallery?toast=1")
    page.evaluate("document.querySelector('[data-toast] form').action = '/confirm'")
    with page.expect_request(lambda request: request.url.endswith("/confirm") and request.method == "POST"):
        page.keyboard.press("z")
    context = page.context.browser.new_context()
    second = context.new_page()
    second.clock.install(time=datetime(2026, 11, 23, 10))
    second.clock.pause_at(datetime(2026, 11, 23, 11))  # else a slow machine's own seconds are added to those that are run
    second.route("**/gallery?*", lambda route: route.fulfill(response=(said := route.fetch()), body=said.text().replace("data-focus", "data-none")))
    second.goto(page.url.replace("/confirm", "/gallery?toast=1"))
    assert second.evaluate("document.activeElement === document.body"), "the toast takes no focus"
    second.clock.run_for(9_000)
    assert second.locator("[data-toast]").count() == 1
    second.keyboard.press("Tab")
    assert second.locator("[data-toast] button").evaluate("button => button === document.activeElement"), "what can be undone is the first Tab away"
    second.clock.run_for(20_000)
    assert second.locator("[data-toast]").count() == 1
    second.locator("#id_reason").focus()
    second.clock.run_for(11_000)
    assert second.locator("[data-toast]").count() == 0
    context.close()


def test_a_question_mark_opens_the_list_of_keys(open_page):
    page = open_page("/gallery")
    page.keyboard.press("?")
    page.wait_for_url(re.compile("/ui/keys/lumi$|/account/login/.*keys"))


def test_a_refused_part_leaves_the_page_and_says_why(open_page):
    page = open_page("/gallery")
    page.evaluate("htmx.ajax('GET', '/error/503', { target: '#nps-line' })")
    banner = page.locator("[data-failed]")
    banner.wait_for()
    assert "Emme pysty ottamaan tätä juuri nyt vastaan." in banner.inner_text()
    assert page.locator("#nps-line svg.chart").count() == 3, "the part is as it was"
    page.evaluate("htmx.ajax('GET', '/part/422', { target: '#nps-line' })")
    page.locator("#nps-line >> text=Kirjoita summa").wait_for()
    assert banner.count() == 0
    assert [e for e in page.errors if not e.startswith("Response Status Error Code 503")] == [], "htmx itself notes the 503"
