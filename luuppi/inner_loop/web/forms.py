"""The forms of the case page and of the rules."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luuppi.capture.forms import LongText
from luuppi.capture.wording import KIND_NAMES
from luuppi.inner_loop.models.case import NOT_TOLD_BECAUSE, OUTCOMES, PRIORITIES, SOLVED
from luuppi.inner_loop.rules.matching import Conditions
from luuppi.people.models import Member, Team
from luuppi.ui import writing
from luuppi.ui.forms import DayInput


def _text(label: str, rows: int, *, required: bool = True, **more) -> LongText:
    return LongText(
        label=label,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, **more}),
        error_messages={"required": _("Write something first.")},
    )


class AnswerForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = _text(pgettext_lazy("text", "Answer"), 8, **{"data-key": "r"})
    promised_on = forms.DateField(
        label=_("Promised by"), required=False, widget=DayInput(), help_text=_("A day that you promise keeps the case with you until then.")
    )


class NoteForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = _text(_("Note, not shown to the customer"), 3)


class EscalationForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = _text(_("Why is help needed?"), 3)
    to = forms.ModelChoiceField(label=_("From whom"), queryset=Member.objects.none(), required=False, empty_label=_("Anybody above the team"))

    def __init__(self, *arguments, colleagues=(), **named):
        super().__init__(*arguments, **named)
        self.fields["to"].queryset = Member.objects.filter(pk__in=[one.pk for one in colleagues]).order_by("name")


class ClosureForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=[*OUTCOMES.items()], initial=SOLVED, widget=forms.RadioSelect)
    text = _text(_("Tell the customer"), 4, required=False)
    not_told_because = forms.ChoiceField(
        label=_("Or why they cannot be told"), required=False, choices=[("", _("The customer is told")), *NOT_TOLD_BECAUSE.items()]
    )


class AssignmentForm(forms.Form):
    """One list of people and teams: `member:7` or `team:3`."""

    to = forms.ChoiceField(label=_("Move to"))

    def __init__(self, *arguments, colleagues=(), teams=(), **named):
        super().__init__(*arguments, **named)
        people = [(f"member:{one.pk}", _named(one)) for one in colleagues]
        queues = [(f"team:{one.pk}", "\u2003" * (one.path.count(".") - 1) + one.name) for one in teams]
        self.fields["to"].choices = [("", _("Choose…")), (_("Colleagues"), people), (_("Teams"), queues)]


def _named(colleague: Member) -> str:
    """The name, and until when somebody is away: who gives the case decides."""
    if not colleague.is_away(at=timezone.now()):
        return colleague.name
    return _("%(name)s, away until %(day)s") % {"name": colleague.name, "day": writing.day(colleague.away_until)}


class RuleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    is_on = forms.BooleanField(label=_("The rule is on"), required=False, initial=True)
    position = forms.IntegerField(
        label=pgettext_lazy("rule", "Order"), min_value=1, max_value=99_999, initial=500, help_text=_("The first rule that fits decides.")
    )
    kinds = forms.MultipleChoiceField(label=_("Kind"), choices=[*KIND_NAMES.items()], required=False, widget=forms.CheckboxSelectMultiple)
    nps_at_most = forms.IntegerField(label=_("NPS at most"), min_value=0, max_value=10, required=False)
    csat_at_most = forms.IntegerField(label=_("CSAT at most"), min_value=1, max_value=5, required=False)
    ces_at_most = forms.IntegerField(
        label=_("CES at most"), min_value=1, max_value=7, required=False, help_text=_("It is enough that one of the scores is as bad.")
    )
    touchpoints = forms.MultipleChoiceField(label=_("Touchpoint"), required=False, widget=forms.CheckboxSelectMultiple)
    themes = forms.MultipleChoiceField(label=_("Theme"), required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("Language"),
        choices=[("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or more, separated by commas. One of them in the text is enough."),
    )
    wants_contact = forms.BooleanField(label=_("Wants to be contacted"), required=False)
    attributes = forms.CharField(
        label=_("Attributes"),
        required=False,
        max_length=1000,
        help_text=_("For example segment=home, separated by commas. All must match."),
    )
    opens_case = forms.BooleanField(
        label=_("Opens a case"), required=False, initial=True, help_text=_("Without it, what fits the rule needs no case.")
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("The team of the touchpoint"))
    owner = forms.ModelChoiceField(
        label=pgettext_lazy("case", "Owner"), queryset=Member.objects.none(), required=False, empty_label=_("Whoever takes it")
    )
    priority = forms.TypedChoiceField(label=_("Priority"), choices=[*PRIORITIES.items()], coerce=int, initial=0)
    promise_hours = forms.IntegerField(
        label=_("Answered within, weekday hours"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("24 hours are one weekday. Empty: the organisation's promise."),
    )

    def __init__(self, *arguments, teams, colleagues, touchpoints, themes, **named):
        super().__init__(*arguments, **named)
        self.fields["team"].queryset, self.fields["owner"].queryset = teams, colleagues
        self.fields["touchpoints"].choices, self.fields["themes"].choices = touchpoints, themes
        for unused, choices in (("touchpoints", touchpoints), ("themes", themes)):
            if not choices:
                del self.fields[unused]

    def clean_attributes(self) -> list[tuple[str, str]]:
        pairs = [part.partition("=") for part in self.cleaned_data["attributes"].split(",") if part.strip()]
        if any(not (sign and name.strip() and value.strip()) for name, sign, value in pairs):
            raise forms.ValidationError(_("Write each as name=value, for example segment=home."))
        return [(name.strip(), value.strip()) for name, _sign, value in pairs]

    def conditions(self) -> Conditions:
        said = self.cleaned_data
        return Conditions(
            kinds=tuple(said["kinds"]),
            nps_at_most=said["nps_at_most"],
            csat_at_most=said["csat_at_most"],
            ces_at_most=said["ces_at_most"],
            touchpoints=tuple(said.get("touchpoints", ())),
            themes=tuple(said.get("themes", ())),
            languages=tuple(said["languages"]),
            words=tuple(word.strip() for word in said["words"].split(",") if word.strip()),
            wants_contact=True if said["wants_contact"] else None,
            attributes=tuple(said["attributes"]),
        )
