import re

from luuppi.ui import build


def test_what_is_served_is_what_the_sources_give():
    assert build.check() == []


def test_styles_and_scripts_weigh_what_they_may():
    assert {name: build.gzipped(build.BUILT / name) <= most for name, most in build.LIMITS.items()} == dict.fromkeys(build.LIMITS, True)


def test_every_promised_utility_is_in_the_sheet():
    """README.md promises them to those who write pages; a page must not need a rebuild for one of these."""
    sheet = (build.BUILT / "app.css").read_text()
    for name in (
        "grid-cols-3",
        "md:grid-cols-2",
        "col-span-2",
        "gap-5",
        "mt-10",
        "p-6",
        "max-w-prose",
        "text-ink-2",
        "divide-y",
        "line-clamp-2",
        "sm:flex",
        "w-2/3",
    ):
        assert re.search(r"\." + re.escape(name).replace("/", r"\\?/").replace(":", r"\\?:") + r"\b", sheet.replace("\\", "")), name


def test_the_sheets_load_nothing_from_elsewhere():
    for name in build.LIMITS:
        text = (build.BUILT / name).read_text()
        assert "@import" not in text
        assert not re.search(r"url\((?!\"?data:)", text), name


def test_a_class_that_no_sheet_knows_is_found(tmp_path):
    pages = tmp_path / "telling" / "templates"
    pages.mkdir(parents=True)
    (pages / "page.html").write_text('<p class="card {% if x %}pad{% endif %} no-such-{{ y }} misspelt md:grid-cols-2">')
    assert [name for _path, name in build.unknown_classes(tmp_path)] == ["misspelt", "no-such-"]
    assert not [one for one in build.unknown_classes() if one[0].startswith("ui/")]
