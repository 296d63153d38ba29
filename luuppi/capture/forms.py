"""The forms of people who have no account, and the staff's quick form. They hold what was typed; drafts.FeedbackIn decides."""

from collections.abc import Mapping

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from luuppi.capture.drafts import MAX_TEXT, clean_text
from luuppi.capture.wording import KIND_NAMES

KIND_CHOICES = [("complaint", _("Something went wrong")), ("praise", _("Thanks")), ("idea", _("An idea")), ("question", _("A question"))]
CONTACT_CHOICES = [("email", _("Yes, by e-mail")), ("phone", _("Yes, call me")), ("no", _("No, I will follow the link"))]
_EMAIL = {"autocomplete": "email", "inputmode": "email"}
_PHONE = {"autocomplete": "tel", "inputmode": "tel"}


class LongText(forms.CharField):
    """What somebody says in words, counted as it is stored: a line break is one character.

    The page has no `maxlength`: a browser cuts what is pasted there and tells nobody. Too much comes back whole with both numbers.
    """

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return clean_text(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > MAX_TEXT:
            facts = {"n": number_format(len(value), force_grouping=True), "most": number_format(MAX_TEXT, force_grouping=True)}
            raise forms.ValidationError(
                _("The text has %(n)s characters, and at most %(most)s fit. Shorten it, or send it in parts."),
                code="too-long",
                params=facts,
            )


class SendingForm(forms.Form):
    """Carries the form's token (the same token is the same sending) and a field that people never see but programs fill in."""

    sending = forms.CharField(max_length=64, min_length=16, widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200)

    @property
    def looks_automatic(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class FeedbackForm(SendingForm):
    kind = forms.ChoiceField(
        label=_("What kind of feedback?"),
        choices=KIND_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of feedback this is.")},
    )
    text = LongText(
        label=_("Tell us in your own words"),
        help_text=_("What happened? If something went wrong, what would put it right? An order number helps if you have it at hand."),
        error_messages={"required": _("Tell us what happened.")},
    )
    contact = forms.ChoiceField(
        label=_("Do you want an answer?"),
        help_text=_("Leave this empty if you need none."),
        choices=CONTACT_CHOICES,
        widget=forms.RadioSelect,
        required=False,
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput(attrs=_EMAIL))
    phone = forms.RegexField(
        r"^\+?[0-9 ()-]{5,31}$",
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs=_PHONE),
        error_messages={"invalid": _("Write the number in figures, for example 040 123 4567.")},
    )

    def clean(self) -> dict:
        said = super().clean()
        if (way := _lacks(said)) and way not in self.errors:
            self.add_error(way, _ADDRESS_NEEDED[way])
        return _with_way(said)

    @classmethod
    def plainly_said(cls, data: Mapping[str, str]) -> dict | None:
        """What a sending says that is right and that no program filled in, by the fields of the form alone; None for any other.

        A form is made for showing what is wrong: building one takes three times as long as the checks.
        """
        try:
            said = {name: field.clean(data.get(name)) for name, field in cls.base_fields.items()}
        except forms.ValidationError:
            return None
        return None if said["website"] or _lacks(said) else _with_way(said)


_ADDRESS_NEEDED = {"email": _("Write the e-mail address to which we may answer."), "phone": _("Write the number at which we may call you.")}


def _lacks(said: Mapping[str, str]) -> str | None:
    """The way by which an answer is wanted, when its address is not given."""
    way = said.get("contact")
    return way if way in _ADDRESS_NEEDED and not said.get(way) else None


def _with_way(said: dict) -> dict:
    """Who leaves the choice open wants an answer to the address that they wrote, and none when they wrote none."""
    way = said.get("contact") or ("email" if said.get("email") else "phone" if said.get("phone") else "no")
    return said | {"contact": way}


class QuickForm(SendingForm):
    text = LongText(
        label=_("What did the customer say?"),
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": _("Write what the customer said.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, KIND_NAMES[kind]) for kind, _words in KIND_CHOICES], initial="complaint", widget=forms.RadioSelect
    )
    touchpoint = forms.ChoiceField(label=_("Where did it happen?"), required=False)
    external_id = forms.CharField(label=_("Customer number"), required=False, max_length=200)
    name = forms.CharField(label=_("Customer's name"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.RegexField(r"^\+?[0-9 ()-]{5,31}$", label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    wants_contact = forms.BooleanField(label=_("Wants to be contacted"), required=False)


class ScoreForm(SendingForm):
    score = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in range(11)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number from 0 to 10.")},
    )


class WhyForm(SendingForm):
    why = LongText(required=False)
    contact = forms.BooleanField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput(attrs=_EMAIL))

    def clean(self) -> dict:
        """Who writes an address wants an answer there, ticked or not, as at the open form; a tick without one asks for it."""
        said = super().clean()
        if said.get("contact") and not said.get("email") and "email" not in self.errors:
            self.add_error("email", _ADDRESS_NEEDED["email"])
        return said
