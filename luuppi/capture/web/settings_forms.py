"""Forms of the settings of capture: uploads, touchpoints, surveys."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from luuppi.capture.importing.reading import DELIMITERS
from luuppi.capture.models import Mapping, Touchpoint
from luuppi.capture.wording import KIND_NAMES
from luuppi.people.models import Team
from luuppi.people.web.forms import TeamChoice

_DELIMITER_NAMES = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 2 GB. Nothing is stored as feedback before you have seen what becomes of it."),
        error_messages={"empty": _("The file is empty.")},
    )
    mapping = forms.ModelChoiceField(
        label=_("Saved mapping"), queryset=Mapping.objects.none(), required=False, empty_label=_("None: by the names of the columns")
    )

    def __init__(self, *arguments, mappings, **named):
        super().__init__(*arguments, **named)
        self.fields["mapping"].queryset = mappings


class FileForm(forms.Form):
    """What holds for the whole file."""

    name = forms.CharField(
        label=_("Save the mapping as"),
        max_length=80,
        required=False,
        help_text=_("Give it a name to keep the mapping for the next file of this kind."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        required=False,
        help_text=_("Feedback from one source is recognised by its id, so it never comes in twice."),
    )
    language = forms.ChoiceField(label=_("Language of the texts"), required=False, choices=[("", _("Detected from each text")), *settings.LANGUAGES])
    time_zone = forms.ChoiceField(
        label=_("Time zone of the times"),
        required=False,
        choices=lambda: [("", _("The organisation's")), *((zone, zone) for zone in sorted(available_timezones()))],
    )
    kind = forms.ChoiceField(
        label=_("Kind, if no column gives it"),
        required=False,
        choices=[("", _("Survey if there are scores, otherwise a question")), *KIND_NAMES.items()],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[
            ("", _("As detected")),
            *((one, one) for one in ("utf-8", "utf-16", "cp1252", "iso8859-15", "cp1250", "cp1257", "cp1251")),
        ],
    )
    delimiter = forms.ChoiceField(
        label=_("Delimiter"), required=False, choices=[("", _("As detected")), *((sign, _DELIMITER_NAMES[sign]) for sign in DELIMITERS)]
    )


class _NamesForm(forms.Form):
    name_fi = forms.CharField(label=_("Name in Finnish"), max_length=100, required=False)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=100, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    team = TeamChoice(label=_("Team"), queryset=Team.objects.none(), empty_label=None, help_text=_("Its feedback goes to this team."))

    def __init__(self, *arguments, teams, **named):
        super().__init__(*arguments, **named)
        self.fields["team"].queryset = teams.order_by("path")

    @property
    def names(self) -> dict[str, str]:
        return {language: name for language in ("fi", "sv", "en") if (name := self.cleaned_data[f"name_{language}"].strip())}


class TouchpointForm(_NamesForm):
    field_order = ["name_fi", "name_sv", "name_en", "team"]


class NewTouchpointForm(_NamesForm):
    key = forms.SlugField(label=_("Short name"), max_length=100, help_text=_("Used in addresses and by your systems, for example delivery."))
    field_order = ["key", "name_fi", "name_sv", "name_en", "team"]


class SurveyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Customers do not see it."))
    touchpoint = forms.ModelChoiceField(label=_("Touchpoint"), queryset=Touchpoint.objects.none(), required=False, empty_label=_("None"))

    def __init__(self, *arguments, touchpoints, **named):
        super().__init__(*arguments, **named)
        self.fields["touchpoint"].queryset = touchpoints.order_by("key")
