"""Customers, and the addresses by which they are known."""

from django.db import models

from luuppi.people.models.organisation import Organisation


class CustomerQuerySet(models.QuerySet):
    def visible_to(self, who, *, act: str = "items.with_customer") -> "CustomerQuerySet":
        """Customers of the organisation, for who sees items with their customer anywhere. Which of a customer's items and cases
        are shown beside the person is the business of those rows' own `visible_to`."""
        if not who.grants.reach(act):
            return self.none()
        return self.filter(organisation=who.organisation)


class Customer(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="customers")
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 NULL is "has none" and does not collide
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    stopped_asking_at = models.DateTimeField(null=True, blank=True)
    stopped_telling_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        db_table = "people_customer"
        constraints = [models.UniqueConstraint(fields=["organisation", "external_id"], name="customer_external_id_once")]

    def __str__(self) -> str:
        return self.name or self.external_id or f"#{self.pk}"


class CustomerAddress(models.Model):
    """An address that is known: sent by the organisation's own systems, or verified by the customer. Typed addresses are not here."""

    EMAIL, PHONE = "email", "phone"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=[(EMAIL, EMAIL), (PHONE, PHONE)])
    value = models.CharField(max_length=254)  # normalised: e-mail in small letters, phone as +358…
    verified = models.BooleanField(default=False)  # False: known from the organisation's own systems
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_customeraddress"
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "value"], name="address_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


class ErasedCustomer(models.Model):
    """What stays of an erased person: a keyed hash of the external id, so that a later import cannot bring the person back."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    external_id_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "people_erasedcustomer"
        constraints = [models.UniqueConstraint(fields=["organisation", "external_id_hash"], name="erased_once")]

    def __str__(self) -> str:
        return self.external_id_hash[:8]
