"""/o/{organisation}/settings: the overview, the organisation itself and its API tokens."""

from dataclasses import dataclass

from django.conf import settings as installation
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luuppi.people.models import ApiToken, Team
from luuppi.people.organising import change_organisation, create_token, revoke_token
from luuppi.people.web.forms import OrganisationForm, TokenForm
from luuppi.people.web.membership import needs
from luuppi.people.wording import SCOPE_NAMES
from luuppi.ui.paging import page_of
from luuppi.ui.toasts import say


@dataclass(frozen=True)
class Section:
    """One page of settings, shown to those who may use it."""

    url_name: str
    icon: str
    name: str
    about: str
    act: str


# From who we are to what runs by itself: the order in which a new organisation is set up.
SECTIONS = [
    Section(
        "organisation_settings",
        "building-2",
        gettext_lazy("Organisation"),
        gettext_lazy("Name, colour, language, what you promise"),
        "settings.people",
    ),
    Section(
        "people_settings",
        "users",
        gettext_lazy("People and roles"),
        gettext_lazy("Who works here, and what they may do"),
        "settings.people",
    ),
    Section("teams", "git-branch", gettext_lazy("Teams"), gettext_lazy("How your teams are arranged"), "settings.people"),
    Section(
        "touchpoints",
        "map-pin",
        gettext_lazy("Touchpoints"),
        gettext_lazy("Where feedback comes from, and which team it goes to"),
        "settings.work",
    ),
    Section(
        "rules",
        "workflow",
        gettext_lazy("Routing rules"),
        gettext_lazy("Which feedback becomes a case, whose, and how soon"),
        "settings.work",
    ),
    Section(
        "surveys",
        "list-checks",
        gettext_lazy("Surveys"),
        gettext_lazy("Send a link that asks how likely customers are to recommend you"),
        "settings.work",
    ),
    Section(
        "imports", "upload", gettext_lazy("Imports"), gettext_lazy("Bring in feedback from files, and undo an import"), "settings.work"
    ),
    Section("tokens", "key-round", gettext_lazy("API tokens"), gettext_lazy("Let your other systems send and read"), "settings.people"),
    Section(
        "erasure_requests",
        "trash-2",
        gettext_lazy("Erasure"),
        gettext_lazy("Customers who ask to have their details erased"),
        "customers.erase",
    ),
    Section(
        "background",
        "activity",
        gettext_lazy("Background work"),
        gettext_lazy("What happens in the background, and what was given up"),
        "settings.people",
    ),
]


@require_safe
def overview(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET /o/{organisation}/settings"""
    mine = [(section, reverse(section.url_name, args=[organisation])) for section in SECTIONS if request.member.grants.reach(section.act)]
    if not mine:
        raise Http404
    return render(
        request,
        "people/settings.html",
        {"sections": mine, "here": "settings", "form_url": f"{installation.BASE_URL}{reverse('feedback_form', args=[organisation])}"},
    )


@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_itself(request: HttpRequest, organisation: str) -> HttpResponse:
    """/o/{organisation}/settings/organisation"""
    here = request.organisation
    form = OrganisationForm(request.POST or None, initial={name: getattr(here, name) for name in OrganisationForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(here, by=request.member, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            say(request, _("Saved"))
            return redirect("organisation_settings", organisation)
    return render(request, "people/organisation.html", {"form": form, "here": "settings"}, status=422 if form.errors else 200)


@never_cache
@needs("settings.people")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, organisation: str) -> HttpResponse:
    """/o/{organisation}/settings/tokens: a new token is shown once, on the answer to the POST."""
    form = TokenForm(request.POST or None, teams=Team.objects.visible_to(request.member))
    secret = made = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made, secret = create_token(request.organisation, name=said["name"], scopes=said["scopes"], team=said["team"])
        form = TokenForm(teams=Team.objects.visible_to(request.member))
    page = page_of(request, ApiToken.objects.filter(organisation=request.organisation, revoked_at=None).select_related("team"), "-pk")
    shown = [{"token": token, "scopes": [SCOPE_NAMES.get(scope, scope) for scope in token.scopes]} for token in page.rows]
    return render(
        request,
        "people/tokens.html",
        {"form": form, "tokens": shown, "page": page, "secret": secret, "made": made, "here": "settings"},
        status=422 if form.errors else 200,
    )


@needs("settings.people")
@require_POST
def token_revocation(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/tokens/{pk}/revocation"""
    token = ApiToken.objects.filter(organisation=request.organisation, pk=pk, revoked_at=None).first()
    if token is None:
        raise Http404
    revoke_token(token, by=request.member)
    say(request, _("The token %(name)s no longer works") % {"name": token.name})
    return redirect("tokens", organisation)
