"""The first minutes of an installation: the one-time link's user names the organisation and becomes its administrator."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotNow, NotValid
from luuppi.people.models import Member, Organisation, SignInLink, User
from luuppi.people.organising import add_member, create_organisation

FIRST_ADDRESS = "administrator@localhost"  # of the user whom the first link signs in, until they say their own


class AlreadyBegun(NotNow):
    code = "already-begun"
    sentence = _("There is already an organisation. Ask its administrator to invite you.")


class AddressTaken(NotValid):
    code = "address-taken"
    sentence = _("Somebody already signs in with %(email)s. Give another address.")


def may_begin(user: User) -> bool:
    return user.email == FIRST_ADDRESS and not Organisation.objects.exists()


@transaction.atomic
def begin(user: User, *, organisation: str, slug: str, language: str, name: str, email: str, password: str) -> Member:
    """Make the organisation; the user takes their own name, address and password, and is its administrator. Their links are spent.

    Raises AlreadyBegun, AddressTaken, SlugTaken, django ValidationError.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not may_begin(user):
        raise AlreadyBegun()
    email = email.strip().lower()
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise AddressTaken(email=email)
    user.email, user.name = email, name
    user.set_password(password)
    user.save()
    SignInLink.objects.filter(user=user, used_at=None).update(used_at=timezone.now())
    made = create_organisation(slug, name=organisation, language=language, contact_email=email)
    return add_member(made, email=email, name=name, roles=[("admin", made.root_team)])
