"""Sign-in: what differs from allauth's own pages."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luuppi.people.joining import accept_invitation, read_invitation, use_sign_in_link
from luuppi.people.models import Member, User
from luuppi.people.web.forms import AcceptForm
from luuppi.people.web.membership import public_page, stand_in

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come by invitation

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)


def home_of(user: User) -> str:
    """Where somebody begins: the Today page of their first organisation."""
    member = Member.objects.select_related("organisation").filter(user=user, is_active=True).order_by("pk").first()
    return reverse("today", args=[member.organisation.slug]) if member else reverse("no_organisation")


def front(request: HttpRequest) -> HttpResponse:
    """/ : everybody's way in."""
    return redirect(home_of(request.user))


def no_organisation(request: HttpRequest) -> HttpResponse:
    return render(request, "people/no_organisation.html")


@public_page
@require_http_methods(["GET", "POST"])
def one_time(request: HttpRequest, secret: str) -> HttpResponse:
    """/in/… : a GET shows a button, so that a program that opens links spends nothing."""
    if request.method == "GET":
        return render(request, "people/one_time.html", {"secret": secret})
    user = use_sign_in_link(secret, from_loopback=request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1"))
    login(request, user, backend=_BACKEND)
    return redirect(home_of(user))


@public_page
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """/join/… : the invited person says their name and chooses a password (or signs in by mailed codes from then on)."""
    invitation = read_invitation(secret)
    stand_in(request, invitation.organisation)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        member = accept_invitation(secret, name=form.cleaned_data["name"], password=form.cleaned_data["password"] or None)
        login(request, member.user, backend=_BACKEND)
        return redirect(home_of(member.user))
    return render(request, "people/join.html", {"form": form, "invitation": invitation})
