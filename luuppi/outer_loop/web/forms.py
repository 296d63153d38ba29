"""The forms of causes and improvements."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from luuppi.outer_loop.models import Improvement, RootCause
from luuppi.ui.forms import DayInput

LANGUAGES = (("fi", _("In Finnish")), ("sv", _("In Swedish")), ("en", _("In English")))


class ItemsField(forms.CharField):
    """Reference codes or ids of feedback items, separated by spaces, commas or lines; cleaned to a list of what was written."""

    def clean(self, value) -> list[str]:
        return super().clean(value).replace(",", " ").replace(";", " ").split()


class CauseForm(forms.Form):
    title = forms.CharField(label=_("What is the root cause?"), max_length=200, help_text=_("One sentence, as you would say it to a colleague."))
    polarity = forms.ChoiceField(
        label=_("Is it a problem or a strength?"), choices=RootCause.POLARITIES, initial=RootCause.PROBLEM, widget=forms.RadioSelect
    )
    whys = forms.CharField(label=_("Why? Ask five times, one answer a line"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    themes = forms.MultipleChoiceField(label=_("Themes it explains"), required=False, widget=forms.CheckboxSelectMultiple)
    evidence = ItemsField(
        label=_("Feedback that shows it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Reference codes, as in 7K4-PQ2-XM3."),
    )


class CauseWordsForm(forms.Form):
    """A root cause in each language: `title_fi`, `whys_fi` and so on; what is left empty is shown as it was written first."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=label, required=False, max_length=200, widget=forms.TextInput(attrs={"lang": code})
            )
            self.fields[f"whys_{code}"] = forms.CharField(
                label=_("Why, one answer a line"), required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": code})
            )

    @staticmethod
    def initial_of(cause: RootCause) -> dict[str, str]:
        whys = {f"whys_{code}": "\n".join(whys) for code, whys in cause.whys.items()}
        return {f"title_{code}": title for code, title in cause.titles.items()} | whys

    def titles(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"title_{code}"] for code, _label in LANGUAGES}

    def whys(self) -> dict[str, list[str]]:
        return {code: self.cleaned_data[f"whys_{code}"].splitlines() for code, _label in LANGUAGES}


class ProposalForm(forms.Form):
    title = forms.CharField(label=_("What should change?"), max_length=200, help_text=_("Name the change, as in “Sorting on Saturdays too”."))
    description = forms.CharField(
        label=_("How would it help the customer?"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    type = forms.ChoiceField(label=_("What is it a change of?"), choices=Improvement.TYPES, initial="process", widget=forms.RadioSelect)
    touchpoint = forms.ChoiceField(label=_("Where does the customer meet it?"), required=False, help_text=_("Its effect is read at this touchpoint."))
    root_causes = forms.MultipleChoiceField(label=_("Root causes it fixes"), required=False, widget=forms.CheckboxSelectMultiple)
    because_of = ItemsField(
        label=_("Feedback behind it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Reference codes, as in 7K4-PQ2-XM3. More can be added later."),
    )


class ItemsForm(forms.Form):
    items = ItemsField(
        label=_("More feedback behind it"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Reference codes, as in 7K4-PQ2-XM3.")
    )


class DecisionForm(forms.Form):
    accepted = forms.ChoiceField(label=_("Your decision"), choices=[("yes", _("Do it")), ("no", _("Do not do it"))], widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who proposed it read this; a no is told to the givers."),
    )


class PlanForm(forms.Form):
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    sponsor = forms.ChoiceField(label=_("Sponsor"), required=False)
    due_on = forms.DateField(label=_("Due by"), required=False, widget=DayInput())
    people_needed = forms.CharField(label=_("People"), required=False, max_length=200)
    time_needed = forms.CharField(label=_("Time"), required=False, max_length=200)
    money_eur = forms.IntegerField(label=_("Money, euros"), required=False, min_value=0, max_value=1_000_000_000)


class TextsForm(forms.Form):
    """One text in each language; `name` says what they are, `without` names languages that stand fast."""

    def __init__(self, *args, name: str, rows: int = 4, without: Collection[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        for code, label in LANGUAGES:
            if code in without:
                continue
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": rows, "lang": code})
            )
        self.name = name

    def texts(self) -> dict[str, str]:
        return {code: words for code, _label in LANGUAGES if (words := self.cleaned_data.get(f"{self.name}_{code}", "").strip())}
