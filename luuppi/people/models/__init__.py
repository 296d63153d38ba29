from luuppi.people.models.customer import Customer, CustomerAddress, ErasedCustomer
from luuppi.people.models.organisation import Organisation, Team
from luuppi.people.models.staff import Member, MemberRole, User
from luuppi.people.models.tokens import ApiToken, Invitation, SignInLink

__all__ = [
    "ApiToken",
    "Customer",
    "CustomerAddress",
    "ErasedCustomer",
    "Invitation",
    "Member",
    "MemberRole",
    "Organisation",
    "SignInLink",
    "Team",
    "User",
]
