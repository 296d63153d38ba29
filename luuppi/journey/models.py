"""A giver's wish to be erased, until an administrator has carried it out."""

from django.db import models
from django.db.models import Q


class ErasureRequestQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ErasureRequestQuerySet":
        return self.filter(organisation=who.organisation) if who.grants.reach("customers.erase").everywhere else self.none()

    def waiting(self) -> "ErasureRequestQuerySet":
        return self.filter(done_at=None)


class ErasureRequest(models.Model):
    """One item has one. Where an address is known it is confirmed by mail: who only has the tracking link may not be the giver."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+", db_index=False)
    item = models.OneToOneField("capture.FeedbackItem", models.CASCADE, related_name="erasure_request")
    asked_at = models.DateTimeField()
    by_mail = models.BooleanField()  # an address was known, and the mail that asks for the confirmation was sent there
    confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        db_table = "journey_erasurerequest"
        indexes = [models.Index(fields=["organisation", "id"], name="erasure_waiting", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"of {self.item_id}"

    @property
    def waits_for_giver(self) -> bool:
        return self.by_mail and self.confirmed_at is None and self.done_at is None
