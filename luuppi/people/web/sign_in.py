"""Sign-in: what differs from allauth's own pages."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from luuppi.delivery.backends import stays_in_the_house
from luuppi.errors import NotNow, NotValid
from luuppi.people.beginning import begin, may_begin
from luuppi.people.joining import accept_invitation, read_invitation, use_sign_in_link
from luuppi.people.models import Member, Organisation, User
from luuppi.people.organising import SlugTaken
from luuppi.people.web.forms import AcceptForm, BeginForm
from luuppi.people.web.membership import public_page, stand_in
from luuppi.people.wording import ROLE_NAMES

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class MailIsAway(NotNow):
    status, code = 503, "mail-is-away"
    sentence = _("The mail could not leave just now. Try again in a few minutes, or sign in with your password.")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come by invitation

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Begins with LUUPPI_BASE_URL: a forged Host header would have the owner of the address hand the key to a stranger."""
        return settings.BASE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """At once, since somebody waits for it. Raises MailIsAway."""
        try:
            super().send_mail(template_prefix, email, {**context, "base_url": settings.BASE_URL})
        except OSError as error:  # smtplib's errors are OSErrors
            raise MailIsAway(retry_after=60) from error

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)


def home_of(user: User) -> str:
    """Where somebody begins: the Today page of their first organisation."""
    member = Member.objects.select_related("organisation").filter(user=user, is_active=True).order_by("pk").first()
    return reverse("today", args=[member.organisation.slug]) if member else reverse("no_organisation")


def closed(request: HttpRequest, **_named: str) -> HttpResponse:
    """Pages of the library where people would give themselves another address: one's address is that of the invitation, which proved it."""
    raise Http404


def front(request: HttpRequest) -> HttpResponse:
    """/ : everybody's way in."""
    return redirect(home_of(request.user))


@require_http_methods(["GET", "POST"])
def no_organisation(request: HttpRequest) -> HttpResponse:
    """Signed in, but a member of nothing: the first administrator names the organisation here, everybody else learns whom to ask."""
    if Member.objects.filter(user=request.user, is_active=True).exists():
        return redirect(home_of(request.user))
    if not may_begin(request.user):
        return render(request, "people/no_organisation.html")
    form = BeginForm(request.POST or None, initial={"language": request.language})
    if request.method == "POST" and form.is_valid():
        try:
            member = begin(request.user, **form.cleaned_data)
        except NotValid as refusal:
            form.add_error("slug" if isinstance(refusal, SlugTaken) else "email", str(refusal))
        else:
            login(request, member.user, backend=_BACKEND)
            return redirect(home_of(member.user))
    return render(request, "people/begin.html", {"form": form}, status=422 if form.errors else 200)


@public_page
@require_http_methods(["GET", "POST"])
def one_time(request: HttpRequest, secret: str) -> HttpResponse:
    """/in/… : a GET shows a button, so that a program that opens links spends nothing."""
    if request.method == "GET":
        return render(request, "people/one_time.html", {"secret": secret, "begins": not Organisation.objects.exists()})
    user = use_sign_in_link(secret, from_loopback=request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1"))
    login(request, user, backend=_BACKEND)
    return redirect(home_of(user))


@public_page
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """/join/… : the invited person says their name and chooses a password (or, where mail leaves, signs in by mailed codes from then on)."""
    invitation = read_invitation(secret)
    stand_in(request, invitation.organisation)
    needs_password = stays_in_the_house() and not User.objects.filter(email=invitation.email).exists()
    form = AcceptForm(request.POST or None, initial={"name": invitation.name}, needs_password=needs_password)
    if request.method == "POST" and form.is_valid():
        member = accept_invitation(secret, name=form.cleaned_data["name"], password=form.cleaned_data["password"] or None)
        login(request, member.user, backend=_BACKEND)
        return redirect(home_of(member.user))
    return render(
        request,
        "people/join.html",
        {"form": form, "invitation": invitation, "role": ROLE_NAMES[invitation.role]},
        status=422 if form.errors else 200,
    )
