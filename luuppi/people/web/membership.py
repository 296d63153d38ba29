"""Which organisation a page is of, and who is looking.

Staff addresses begin with /o/{organisation}/; the view's `organisation` argument is the slug. The middleware sets `request.organisation`
and `request.member`. Views are private unless marked: `@public_page` (no member needed; sets `request.organisation` when the address
names one), everything else needs a signed-in member of the organisation. What you may not see does not exist (404).
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from luuppi.people.models import Member, Organisation
from luuppi.people.web.addressing import organisation_at


def public_page(view: Callable) -> Callable:
    """Mark a view that anybody may open. It checks for itself what its visitor may see."""
    view.is_public = True
    return view


def needs(act: str) -> Callable:
    """Mark a staff view that needs this act somewhere in the organisation; without it the page does not exist."""

    def mark(view: Callable) -> Callable:
        view.needs_act = act
        return view

    return mark


class MembershipMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = request.organisation = None
        timezone.deactivate()
        response = self.get_response(request)
        if request.resolver_match and {"token", "secret"} & request.resolver_match.kwargs.keys():
            response.headers.setdefault("Cache-Control", "no-store")  # who has the address has the key
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Asked for anew each time: who has signed out must not find it in a cache, and nobody else in between may keep it.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(self, request: HttpRequest, view, _args, kwargs) -> HttpResponse | None:
        slug = kwargs.get("organisation")
        inner = getattr(view, "view_class", view)
        if getattr(inner, "is_public", False) or getattr(view, "is_public", False):
            if slug:
                if (named := organisation_at(slug)) is None:
                    raise Http404
                stand_in(request, named)
                request.member = member_of(request, request.organisation)
            return None
        if getattr(view, "func", view).__module__.startswith(("allauth.", "django.", "ninja.", "luuppi.api")):
            return None  # these ask for themselves
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not slug:
            return None
        organisation = Organisation.objects.filter(slug=slug).first()
        request.member = member_of(request, organisation)
        if request.member is None:
            raise Http404  # without the organisation's name on the page: that it exists is not said either
        stand_in(request, organisation)
        act = getattr(view, "needs_act", None)
        if act and not request.member.grants.reach(act):
            raise Http404
        return None


def stand_in(request: HttpRequest, organisation: Organisation) -> None:
    """From here on the page is of this organisation: its name and colour, and its local time."""
    request.organisation = organisation
    timezone.activate(organisation.zone)


def member_of(request: HttpRequest, organisation: Organisation | None) -> Member | None:
    if organisation is None or not request.user.is_authenticated:
        return None
    member = Member.objects.select_related("user").filter(organisation=organisation, user=request.user, is_active=True).first()
    if member is not None:
        member.organisation = organisation
    return member
