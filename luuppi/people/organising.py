"""Making an organisation, its teams, its members and its tokens."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count

from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotAllowed, NotValid
from luuppi.people.models import ApiToken, Member, MemberRole, Organisation, SignInLink, Team, User
from luuppi.people.models.tokens import new_secret
from luuppi.people.rules.permissions import DEFAULT_SCOPES, ROLES, SCOPES

# What is kept by local days and must be made anew when an organisation takes another time zone, in the transaction of that. Later stages
# fill this in.
KEPT_BY_DAY: list[Callable[[Organisation], None]] = []
# What else a new organisation has from its first moment, in the transaction of its founding. Later stages fill this in.
AT_FOUNDING: list[Callable[[Organisation], None]] = []


class SlugTaken(NotValid):
    code = "slug-taken"
    sentence = _("There is already an organisation %(slug)s. Choose another short name.")


class UnknownRole(NotValid):
    code = "unknown-role"
    sentence = _("There is no role %(role)s. Choose one of frontline, supervisor, manager, executive, analyst, admin.")


class UnknownScope(NotValid):
    code = "unknown-scope"
    sentence = _("There is no scope %(scope)s. `luuppi token create --help` lists them.")


@transaction.atomic
def create_organisation(slug: str, *, name: str, language: str = "fi", time_zone: str = "Europe/Helsinki", **more) -> Organisation:
    """An organisation with its root team and what AT_FOUNDING adds.

    Raises SlugTaken, django ValidationError for a slug or time zone that is not one.
    """
    if Organisation.objects.filter(slug=slug).exists():
        raise SlugTaken(slug=slug)
    organisation = Organisation(slug=slug, name=" ".join(name.split()), language=language, time_zone=time_zone, **more)
    organisation.full_clean(exclude=["colour"])
    organisation.save()
    Team.objects.create(organisation=organisation, parent=None, key=slug, name=name, path="0001.")
    for add in AT_FOUNDING:
        add(organisation)
    return organisation


@transaction.atomic
def create_team(organisation: Organisation, *, key: str, name: str, under: Team | None = None) -> Team:
    """A team under `under` (the root team when left out)."""
    under = Team.objects.select_for_update().get(pk=(under or organisation.root_team).pk)
    last = under.children.order_by("-path").values_list("path", flat=True).first()
    number = int(last[len(under.path) :].rstrip(".")) + 1 if last else 1
    return Team.objects.create(organisation=organisation, parent=under, key=key, name=name, path=f"{under.path}{number:04d}.")


@transaction.atomic
def add_member(
    organisation: Organisation, *, email: str, name: str = "", roles: Iterable[tuple[str, Team]] = (), password: str | None = None
) -> Member:
    """Make the person a member with these roles; one who is a member already gets the roles added. Raises UnknownRole."""
    roles = list(roles)
    for role, _team in roles:
        if role not in ROLES:
            raise UnknownRole(role=role)
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or _new_user(email, name, password)
    member, _made = Member.objects.get_or_create(organisation=organisation, user=user, defaults={"name": name or user.name or email.split("@")[0]})
    if not member.is_active:
        member.is_active = True
        member.save(update_fields=["is_active"])
    MemberRole.objects.bulk_create([MemberRole(member=member, team=team, role=role) for role, team in roles], ignore_conflicts=True)
    return Member.objects.get(pk=member.pk)


def _new_user(email: str, name: str, password: str | None) -> User:
    """The user, also when two organisations invited the person and both links are opened at the same moment. Raises django ValidationError."""
    validate_email(email)
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name, password)
    except IntegrityError:
        return User.objects.get(email=email)


@transaction.atomic
def found_team(organisation: Organisation, *, name: str, under: Team, by: Member) -> Team:
    """A new team, its key made of its name. Raises NotAllowed."""
    if not by.grants.may("settings.people", under.path) or under.organisation_id != organisation.pk:
        raise NotAllowed()
    Team.objects.select_for_update().get(pk=organisation.root_team.pk)  # two of one name at the same moment: the second sees the first's key
    base = slugify(name)[:40] or "team"
    taken = set(Team.objects.filter(organisation=organisation, key__startswith=base).values_list("key", flat=True))
    key = next(key for n in count(1) if (key := base if n == 1 else f"{base}-{n}") not in taken)
    return create_team(organisation, key=key, name=name, under=under)


@transaction.atomic
def rename_team(team: Team, *, name: str, by: Member) -> Team:
    """Raises NotAllowed."""
    if not by.grants.may("settings.people", team.path) or by.organisation_id != team.organisation_id:
        raise NotAllowed()
    team.name = name
    team.save(update_fields=["name"])
    return team


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: Member, **facts) -> Organisation:
    """Name, colour, language, time zone, promise, days of the black hole, contact address. Raises NotAllowed, django ValidationError."""
    if not by.grants.may("settings.people") or by.organisation_id != organisation.pk:
        raise NotAllowed()
    zone_before = organisation.time_zone
    for name, value in facts.items():
        setattr(organisation, name, value)
    organisation.full_clean(exclude=["slug"])
    organisation.save(update_fields=[*facts])
    for make_anew in KEPT_BY_DAY if organisation.time_zone != zone_before else ():
        make_anew(organisation)
    return organisation


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Member) -> None:
    """From now on the token opens nothing. Raises NotAllowed."""
    if not by.grants.may("settings.people") or by.organisation_id != token.organisation_id:
        raise NotAllowed()
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def create_token(organisation: Organisation, *, name: str = "", scopes: Iterable[str] = (), team: Team | None = None) -> tuple[ApiToken, str]:
    """A token and its secret, which is shown once and not kept. Without scopes it has all but admin and customers:erase."""
    chosen = list(scopes) or list(DEFAULT_SCOPES)
    for scope in chosen:
        if scope not in SCOPES:
            raise UnknownScope(scope=scope)
    secret, secret_hash = new_secret("luuppi")
    return ApiToken.objects.create(organisation=organisation, team=team, name=name or "api", secret_hash=secret_hash, scopes=chosen), secret


def create_sign_in_link(user: User, *, hours: int = 24, loopback_only: bool = True) -> str:
    """The path of a link that signs the user in once; for the operator's own screen."""
    secret, secret_hash = new_secret("in")
    SignInLink.objects.create(user=user, secret_hash=secret_hash, expires_at=timezone.now() + timedelta(hours=hours), loopback_only=loopback_only)
    return f"/in/{secret}"
