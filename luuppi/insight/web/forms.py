"""The filters of the figures page as a form; the same words as in every list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from luuppi.capture.models import Touchpoint
from luuppi.capture.wording import CHANNEL_NAMES, KIND_NAMES
from luuppi.insight.queries.groups import LANGUAGES
from luuppi.meaning.models import Theme
from luuppi.people.models import Member, Team


class FilterForm(forms.Form):
    """Choices are what the reader may see; what is not offered here (segment, score, step) stays in the address as it is."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    touchpoint = forms.ChoiceField(label=_("Touchpoint"), required=False)
    team = forms.ChoiceField(label=_("Team and below"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *KIND_NAMES.items()])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All")), *CHANNEL_NAMES.items()])
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("All")), *LANGUAGES.items()])

    def __init__(self, chosen: dict[str, str], member: Member) -> None:
        super().__init__(initial=chosen)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input w-full" if name in ("since", "until") else "select w-full"
        everything = [("", _("All"))]
        touchpoints = Touchpoint.objects.visible_to(member)
        self.fields["touchpoint"].choices = everything + sorted(((row.key, row.name) for row in touchpoints), key=lambda pair: pair[1])
        teams = Team.objects.visible_to(member).order_by("path")
        self.fields["team"].choices = everything + [(row.key, "\u2003" * (row.path.count(".") - 1) + row.name) for row in teams]
        themes = Theme.objects.visible_to(member).in_use()
        self.fields["theme"].choices = everything + sorted(((row.key, row.name) for row in themes), key=lambda pair: pair[1])
