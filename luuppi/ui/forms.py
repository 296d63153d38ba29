"""Django's forms in the look of the kit. Settings: FORM_RENDERER = "luuppi.ui.forms.PageRenderer"."""

from django.forms.renderers import DjangoTemplates
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, DateInput, HiddenInput, RadioSelect, Select, Textarea, Widget

CLASSES = {
    "staff": [
        (CheckboxInput, "checkbox"),
        (CheckboxSelectMultiple, ""),
        (RadioSelect, ""),
        (Select, "select"),
        (Textarea, "textarea"),
        (Widget, "input"),
    ],
    "customer": [(CheckboxInput, ""), (CheckboxSelectMultiple, ""), (RadioSelect, ""), (Widget, "in")],
}


class DayInput(DateInput):
    """A day as a browser takes it; in the reader's own writing ("30.11.2026") the field would come up empty."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PageRenderer(DjangoTemplates):
    """`{{ form }}` and `{{ field.as_field_group }}` in the staff face; customers' pages use `{% field %}`."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"


def widget_class(widget: Widget, face: str = "staff") -> str:
    """The class that the widget's element gets in the face."""
    return next(css for kind, css in CLASSES[face] if isinstance(widget, kind))


def shape_of(widget: Widget) -> str:
    """How a field is laid out: hidden, check (label beside), group (fieldset with legend) or line (label above)."""
    if isinstance(widget, HiddenInput):
        return "hidden"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "line"
