"""The picture of the README: the page that it shows has its main parts; with LUUPPI_TAKE_PICTURES=1 it is taken anew."""

import os
import re
import shutil

import pytest

from tests.frame.installation import ROOT, Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
PICTURE = ROOT / "docs" / "picture.png"
PARTS = {"the effect with its chart": "main svg", "who has been told": "#telling", "the feedback behind it": "main blockquote, main .words"}


def test_the_improvement_of_the_demo_shows_what_the_picture_promises(tmp_path):
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is needed for the browser tests: install Debian's chromium")
    luuppi = Installation(tmp_path / "home")
    with luuppi.process("serve", "--demo", "--port", str(luuppi.port)) as group:
        link = next(found[0] for line in group.stdout if (found := re.search(r"http://\S+/in/\S+", line)) and "manager" in line)
        luuppi.wait_until_it_answers(seconds=120)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_context(locale="en-GB", color_scheme="light", viewport={"width": 1280, "height": 900}).new_page()
            page.goto(link)
            page.locator("form button").first.click()
            page.wait_for_url("**/o/lumi**")
            page.goto(f"http://localhost:{luuppi.port}/o/lumi/improvements/1?lang=en")
            missing = [what for what, selector in PARTS.items() if page.locator(selector).count() == 0]
            words = page.inner_text("main")
            if os.environ.get("LUUPPI_TAKE_PICTURES") and not missing:
                page.screenshot(path=PICTURE)
            browser.close()
    assert missing == [] and "Effect measured: better" in words and re.search(r"\d+ givers have been told", words), (missing, words[:500])
    assert PICTURE.stat().st_size > 20_000
