"""Invitations: how a person becomes a member, and one-time links: how the first one signs in."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from luuppi.delivery.mailing import hand_over
from luuppi.errors import NotAllowed, NotFound, NotValid
from luuppi.people.beginning import may_begin
from luuppi.people.models import Invitation, Member, SignInLink, Team, User
from luuppi.people.models.tokens import hash_of, new_secret
from luuppi.people.organising import UnknownRole, add_member
from luuppi.people.rules.permissions import ROLES


class LinkIsSpent(NotFound):
    code = "link-spent"
    sentence = _("This link has been used or is too old. Ask for a new one, or sign in.")


class AlreadyMember(NotValid):
    code = "already-member"
    sentence = _("%(name)s is already a member. Open their page to give them another role.")


@transaction.atomic
def invite(email: str, *, name: str, team: Team, role: str, by: Member) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, valid for a week. Raises NotAllowed, UnknownRole, AlreadyMember."""
    if not by.grants.may("settings.people", team.path):
        raise NotAllowed()
    if role not in ROLES or team.organisation_id != by.organisation_id:
        raise UnknownRole(role=role)
    if member := Member.objects.filter(organisation=team.organisation_id, is_active=True, user__email=email.strip().lower()).first():
        raise AlreadyMember(name=member.name)
    secret, secret_hash = new_secret("join")
    made = Invitation.objects.create(
        organisation=team.organisation,
        email=email.strip().lower(),
        name=name,
        team=team,
        role=role,
        secret_hash=secret_hash,
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=7),
    )
    _mail(made, secret)
    return made, secret


def _mail(invitation: Invitation, secret: str) -> None:
    organisation = invitation.organisation
    with override(organisation.language):
        facts = {"invitation": invitation, "organisation": organisation, "link": link_of(secret)}
        subject = gettext("%(organisation)s invites you to its customer feedback") % {"organisation": organisation.name}
        text = render_to_string("people/mail/invitation.txt", facts)
    hand_over(key=f"invitation:{invitation.pk}", purpose="invitation", organisation=organisation, to=invitation.email, subject=subject, text=text)


def link_of(secret: str) -> str:
    return f"{settings.BASE_URL}/join/{secret}"


def read_invitation(secret: str) -> Invitation:
    """Raises LinkIsSpent."""
    found = (
        Invitation.objects.select_related("organisation", "team")
        .filter(secret_hash=hash_of(secret), accepted_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        raise LinkIsSpent()
    return found


@transaction.atomic
def accept_invitation(secret: str, *, name: str, password: str | None) -> Member:
    """Make the invited person a member; the link in the mail proved the address. Raises LinkIsSpent."""
    invitation = Invitation.objects.select_for_update().get(pk=read_invitation(secret).pk)
    if invitation.accepted_at:
        raise LinkIsSpent()
    is_new = not User.objects.filter(email=invitation.email).exists()
    member = add_member(
        invitation.organisation,
        email=invitation.email,
        name=name or invitation.name,
        roles=[(invitation.role, invitation.team)],
        password=password if is_new else None,
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return member


@transaction.atomic
def use_sign_in_link(secret: str, *, from_loopback: bool) -> User:
    """Whom the link signs in; works once, the first administrator's until the organisation is named (`begin` spends it). Raises LinkIsSpent."""
    link = SignInLink.objects.select_for_update().filter(secret_hash=hash_of(secret), used_at=None, expires_at__gt=timezone.now()).first()
    if link is None or (link.loopback_only and not from_loopback):
        raise LinkIsSpent()
    if not may_begin(link.user):
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
    return link.user
