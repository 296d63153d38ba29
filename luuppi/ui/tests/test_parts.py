import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError

from luuppi.ui import icons, loop_line

from .gallery import NOW, Estimate, ImprovementForm, parts


def test_the_loop_line_says_its_whole_sentence(as_page):
    html = as_page('{% loop_line "ddnoo" %}')
    assert 'role="img"' in html
    assert (
        'aria-label="Palautteen matka: vastaanotettu valmis, vastattu valmis, ratkaistu nyt, hyödynnetty edessä, kerrottu edessä"' in html
    )
    assert html.count("<i") == 5
    assert "closed" not in html


def test_the_line_closes_when_the_giver_was_told(as_page):
    html = as_page('{% loop_line "ddsdd" %}')
    assert 'class="loop closed"' in html
    assert "luuppi sulkeutunut" in html


@pytest.mark.parametrize("wrong", ["", "ddd", "ddnoox", "dXnoo"])
def test_a_code_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="five letters"):
        loop_line.read_steps(wrong)


def test_named_steps_mark_the_current_one(as_page):
    html = as_page('{% steps "ddddn" notes of="improvement" css="wide small" %}', notes=["4.9.2026"])
    assert html.count("aria-current") == 1
    assert "Mitattu" in html
    assert "<small>4.9.2026</small>" in html


@pytest.mark.parametrize(
    ("tag", "css", "label"),
    [
        ("{% score 3 %}", "low", "NPS 3"),
        ("{% score 7 %}", "mid", "NPS 7"),
        ("{% score 9 %}", "high", "NPS 9"),
        ('{% score 2 of="csat" %}', "low", "CSAT 2"),
        ('{% score 6 of="ces" %}', "high", "CES 6"),
        ('{% score 3 of="five" %}', "mid", "Arvosana 3"),
        ("{% score None %}", "none", "Ei arvosanaa"),
    ],
)
def test_the_shape_of_a_score_tells_its_band(as_page, tag, css, label):
    html = as_page(tag)
    assert f'class="score {css}"' in html
    assert f'aria-label="{label}"' in html


@pytest.mark.parametrize(
    ("left", "css", "words"),
    [
        (timedelta(hours=7), "calm", "klo 17.10 mennessä"),
        (timedelta(days=1), "calm", "huomenna klo 10.10"),
        (timedelta(minutes=80), "warn", "aikaa 1 t 20 min"),
        (timedelta(hours=-2), "late", "myöhässä 2 t"),
    ],
)
def test_a_promise_clock_is_calm_then_warns_then_is_late(as_page, left, css, words):
    html = as_page("{% clock due promise now=now %}", due=NOW + left, promise=timedelta(days=1), now=NOW)
    assert f'class="clock {css}"' in html
    assert words in html.replace("\u00a0", " ")
    assert "2026" in html, "the exact moment is on hover"


def test_a_tile_opens_its_items_and_is_silent_below_the_smallest_n(as_page):
    html = as_page('{% tile name="NPS" estimate=e href="/feedback" %}', e=Estimate(31, 22, 40, 1204))
    assert html.startswith('<a href="/feedback" class="tile">')
    assert "22…40" in html
    assert "1\u00a0204" in html
    few = as_page('{% tile name="NPS" estimate=e %}', e=Estimate(None, None, None, 4))
    assert "liian vähän vastauksia" in few
    assert 'class="pt"' not in few


def test_what_people_write_is_escaped_everywhere(as_page):
    evil = "<script>alert(1)</script>"
    html = as_page(
        '{% row href="/" words=evil %}{% put meta %}{{ evil }}{% endput %}{% endrow %}{% tag evil %}{% face evil %}'
        "{% chip evil off=evil %}{% words %}{{ evil }}{% endwords %}{% title evil %}{% endtitle %}",
        evil=evil,
    )
    assert "<script" not in html


def test_a_block_fills_its_places(as_page):
    html = as_page('{% card "Jono" id="queue" %}sisältö{% put aside %}7{% endput %}{% endcard %}')
    assert 'aria-labelledby="queue-h"' in html
    assert '<span class="aside">7</span>' in html
    assert "sisältö" in html


def test_a_block_refuses_what_it_does_not_know(as_page):
    with pytest.raises(TemplateSyntaxError, match="does not know"):
        as_page('{% tabs "a" "b" %}{% endtabs %}')


def test_an_unknown_icon_is_named(as_page):
    with pytest.raises(KeyError, match="no-such-icon"):
        icons.icon("no-such-icon")


def test_each_icon_that_a_template_names_is_there_and_none_is_kept_for_nothing():
    product = Path(icons.__file__).parents[1]
    read = [path for end in ("py", "html", "js") for path in product.rglob(f"*.{end}") if not {"node_modules", "static"} & set(path.parts)]
    words = "\n".join(path.read_text() for path in read)
    kept = set(json.loads((product / "ui" / "icons.json").read_text()))
    assert set(re.findall(r'(?:{% icon |icon=)"([a-z0-9-]+)"', words)) - kept == set()
    assert kept - set(re.findall(r"""["']([a-z0-9-]+)["']""", words)) == set()


def test_a_wrong_form_says_the_same_at_the_field_and_above(as_page):
    html = as_page(
        "{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}",
        form=ImprovementForm({"amount": "kaksikymppiä", "owner": "sari"}),
    )
    assert html.count("Kirjoita summa numeroin, esimerkiksi 20,00") == 2
    assert 'href="#id_amount"' in html
    described = re.search(r'<input[^>]*name="amount"[^>]*>', html).group()
    assert 'aria-invalid="true"' in described
    assert "id_amount_error" in described
    assert 'id="id_amount_error"' in html
    assert 'value="kaksikymppiä"' in html, "what was written is kept"


def test_a_field_takes_the_face_of_its_page(as_page):
    assert 'class="input"' in as_page("{% field form.name %}", form=parts()["form"])
    assert 'class="in"' in as_page('{% with face="customer" %}{% field form.name %}{% endwith %}', form=parts()["form"])
    assert 'class="pick lines"' in as_page('{% field form.kind face="customer" %}', form=parts()["form"])


def test_the_rail_shows_only_what_this_member_may_see(as_page):
    from luuppi.ui import places

    places.register_place("settings", "settings", "Asetukset", "settings", 100, lambda member: "admin" in member.role_names)
    html = as_page("{% rail %}", path="/o/lumi/cases/1042")
    assert "Asetukset" not in html
    assert html.index("Tänään") < html.index("Palaute") < html.index("Tapaukset")
    assert re.search(r'href="/o/lumi/cases" aria-current="page"', html)
    assert 'class="count">7' in html


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/o/lumi/", "today"),
        ("/o/lumi/feedback", "feedback"),
        ("/o/lumi/feedback/7", "feedback"),
        ("/o/lumi/feedbacks", ""),
        ("/f/lumi", ""),
    ],
)
def test_a_page_lies_under_its_place(path, here):
    from luuppi.ui import places

    assert places.here_of(path, {"today": "/o/lumi/", "feedback": "/o/lumi/feedback", "cases": "/o/lumi/cases"}) == here
