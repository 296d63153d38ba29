"""Forms of people's own pages."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from luuppi.people.models import Team
from luuppi.people.models.organisation import SLUG
from luuppi.people.rules.permissions import SCOPES
from luuppi.people.wording import ROLE_NAMES, SCOPE_NAMES
from luuppi.ui.forms import DayInput

NEAREST = ("Europe/Helsinki", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Tallinn", "Europe/London", "UTC")


def zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones for a list: the nearest first, then each region by its cities; names of older sorts at the end."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones().difference(NEAREST)):
        region, _sep, city = zone.partition("/")
        in_region = city and region not in ("Etc", "SystemV", "posix", "right")
        regions.setdefault(region if in_region else "", []).append((zone, city.replace("_", " ") if in_region else zone))
    others = regions.pop("", [])
    return [(_("Nearest"), [(zone, zone.rpartition("/")[2]) for zone in NEAREST]), *regions.items(), (_("Other names"), others)]


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        help_text=_("At least 10 characters. Leave it empty to sign in with a code that we mail to you each time."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *given, needs_password: bool, **named):
        """needs_password: no code would reach who joins."""
        super().__init__(*given, **named)
        if needs_password:
            self.fields["password"].required = True
            self.fields["password"].help_text = _("At least 10 characters.")

    def clean_password(self) -> str:
        if password := self.cleaned_data["password"]:
            validate_password(password)
        return password


class BeginForm(forms.Form):
    organisation = forms.CharField(
        label=_("Name of the organisation"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    slug = forms.CharField(
        label=_("Short name for addresses"),
        required=False,
        max_length=50,
        validators=[SLUG],
        help_text=_(
            "Lowercase letters, digits and hyphens, for example lumi-shop. Left empty, it is made from the name."
            " It is part of every link and does not change."
        ),
    )
    language = forms.ChoiceField(label=_("Language of your customers"), choices=settings.LANGUAGES)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"), help_text=_("At least 10 characters."), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_slug(self) -> str:
        """A name without a Latin letter or digit gives nothing: then it has to be written. While there is no name, only the name is asked for."""
        name = self.cleaned_data.get("organisation")
        slug = self.cleaned_data["slug"] or slugify(name or "")[:50].strip("-")
        if slug or not name:
            return slug
        raise forms.ValidationError(_("The name has no letter from a to z and no digit. Write a short name here."), code="required")

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    colour = forms.CharField(
        label=_("Colour on your customers' pages"),
        max_length=7,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as #0f5063."))],
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    language = forms.ChoiceField(label=_("Language of your customers"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: zones_by_region())
    answer_promise_days = forms.IntegerField(label=_("Promised answer within (working days)"), min_value=1, max_value=60)
    black_hole_days = forms.IntegerField(label=_("Days after which unheard feedback is in the black hole"), min_value=1, max_value=365)
    contact_email = forms.EmailField(label=_("Contact address shown to customers"), required=False)


class TeamChoice(forms.ModelChoiceField):
    """The teams as a tree."""

    def label_from_instance(self, team: Team) -> str:
        return "\u2003" * (team.path.count(".") - 1) + team.name


class _OfOrganisation(forms.Form):
    """A form whose team is one of the organisation's."""

    def __init__(self, *arguments, teams, **named):
        super().__init__(*arguments, **named)
        self.fields["team"].queryset = teams.order_by("path")


class RoleForm(_OfOrganisation):
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_NAMES.items()))
    team = TeamChoice(label=_("Team"), queryset=Team.objects.none(), empty_label=None)


class InviteForm(RoleForm):
    email = forms.EmailField(label=_("Their e-mail"))
    name = forms.CharField(label=_("Their name"), max_length=120, required=False)
    field_order = ["email", "name", "role", "team"]


class AbsenceForm(forms.Form):
    until = forms.DateField(label=_("Last day away"), widget=DayInput())
    hands_on = forms.BooleanField(label=_("Open cases go to the queues of their teams now"), required=False)


class NewTeamForm(_OfOrganisation):
    name = forms.CharField(label=_("Name of the team"), max_length=120)
    team = TeamChoice(label=_("Under"), queryset=Team.objects.none(), empty_label=None)


class TeamNameForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=120)


class TokenForm(_OfOrganisation):
    name = forms.CharField(
        label=_("What uses it"), max_length=80, help_text=_("It becomes the source of the feedback sent with it, for example crm.")
    )
    team = TeamChoice(label=_("Sees"), queryset=Team.objects.none(), required=False, empty_label=_("The whole organisation"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, SCOPE_NAMES[scope]) for scope in SCOPES],
        initial=("feedback:write",),  # the least that is of use; the rest is a choice
        widget=forms.CheckboxSelectMultiple,
    )
