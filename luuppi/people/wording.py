"""The roles and the scopes in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLE_NAMES = {
    "frontline": _("Frontline"),
    "supervisor": _("Supervisor"),
    "manager": _("Manager"),
    "executive": _("Executive"),
    "analyst": _("Analyst"),
    "admin": _("Administrator"),
}

SCOPE_NAMES = {
    "feedback:write": pgettext_lazy("scope", "Send feedback"),
    "feedback:read": _("Read feedback"),
    "customers:read": _("Read customers and what they said in full"),
    "customers:erase": _("Erase customers"),
    "cases:read": _("Read cases"),
    "cases:write": _("Work with cases"),
    "improvements:write": _("Work with themes, causes and improvements"),
    "figures:read": _("Read figures"),
    "surveys:write": _("Work with surveys, touchpoints and rules"),
    "admin": _("Everything, members and tokens too"),
}
