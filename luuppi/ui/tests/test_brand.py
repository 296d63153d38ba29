import pytest

from luuppi.ui import brand


def test_contrast_is_that_of_wcag():
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", ["#8a2450", "#ffe600", "#ffffff", "#000000", "#0f5063", "#00ff00", "#777777"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_has_a_shade_that_can_be_read(colour, theme):
    assert brand.passes(brand.nearest_passing(colour, theme), theme)


def test_a_colour_that_passes_is_kept_as_it_is():
    assert brand.nearest_passing("#8a2450") == "#8a2450"
    assert brand.nearest_passing("#ffe600") != "#ffe600"


def test_the_sheet_sets_three_colours_for_each_theme():
    sheet = brand.brand_css("#8a2450")
    assert sheet.count("--on-org:") == 3
    assert "--org:#8a2450" in sheet
    assert brand.brand_css("") == ""


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "#123456;}body{display:none"])
def test_only_a_colour_becomes_a_sheet(wrong):
    with pytest.raises(ValueError, match="#rrggbb"):
        brand.brand_css(wrong)
