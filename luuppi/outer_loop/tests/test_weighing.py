"""What weighs is named only where it can be told apart, and each share stands with its interval and the mentions it is of."""

import pytest
from django.utils import timezone

from luuppi.meaning.models import Coding, Theme

HEADINGS = [
    ({"late": 14, "price": 3, "desk": 2}, "One theme accounts for 74% of the harm", "late weighs most", "51–88%"),
    ({"late": 14, "price": 13, "desk": 2}, "2 themes account for 93% of the harm", "2 themes account for", "78–98%"),
    ({"late": 7, "price": 6, "desk": 6}, "No theme stands out", "Themes of the last 12 weeks", "19–59%"),
    ({"late": 5, "price": 0, "desk": 0}, "No theme stands out", "Themes of the last 12 weeks", None),
    ({"late": 0, "price": 0, "desk": 0}, "What weighs most", "Themes of the last 12 weeks", None),
]


@pytest.mark.parametrize(("bad", "heading", "also", "interval"), HEADINGS)
def test_a_theme_is_called_the_heaviest_only_where_it_clearly_is(lumi, gives, as_member, bad, heading, also, interval):
    codings = []
    for key, n in bad.items():
        theme = Theme.objects.create(organisation=lumi.organisation, key=key, names={"en": key})
        said = [*[gives(text=f"{key} {k}") for k in range(n)], gives(text=f"{key} was fine")]
        codings += [
            Coding(item=item, organisation=lumi.organisation, theme=theme, polarity=-1 if place < n else 1, at=timezone.now()) for place, item in enumerate(said)
        ]
    Coding.objects.bulk_create(codings)
    client = as_member(lumi.leena)
    page, today = (client.get(f"/o/lumi/{name}?lang=en").content.decode() for name in ("causes", "today"))
    assert f"<h1>{heading}</h1>" in page and also in page
    assert heading in today
    n_bad = sum(bad.values())
    assert (f"n&nbsp;{n_bad} bad mention" in page) == bool(n_bad)
    if interval:
        assert interval in page and interval in today
    else:
        assert "95% interval" not in page, "no share is told of fewer than ten mentions"
