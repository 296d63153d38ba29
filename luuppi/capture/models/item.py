"""The feedback item: what one customer said at one time. Never edited, only redacted or erased."""


from django.db import models
from django.db.models import Q

from luuppi.running.ids import reference_of

KINDS = ("survey", "complaint", "praise", "idea", "question")
CHANNELS = ("form", "survey", "api", "import", "staff", "email", "kiosk", "widget")


class FeedbackItemQuerySet(models.QuerySet):
    def visible_to(self, who) -> "FeedbackItemQuerySet":
        """All items of the organisation (of other teams masked and without the customer: `sees_customer`); a token bound to a team
        sees those of that branch."""
        if not who.grants.reach("items.masked"):
            return self.none()
        items = self.filter(organisation=who.organisation)
        return items.filter(team__path__startswith=who.root_path) if who.root_path else items

    def not_gone(self) -> "FeedbackItemQuerySet":
        return self.filter(withdrawn_at=None)


class FeedbackItem(models.Model):
    id = models.BigIntegerField(primary_key=True)
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="items", db_index=False)
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="items", db_index=False)
    touchpoint = models.ForeignKey("capture.Touchpoint", models.PROTECT, related_name="items", null=True, db_index=False)
    customer = models.ForeignKey("people.Customer", models.SET_NULL, related_name="items", null=True, db_index=False)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    channel = models.CharField(max_length=10)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    language = models.CharField(max_length=8, blank=True)  # as the sender said; what was detected stands in meaning.Reading
    text = models.TextField(blank=True)
    nps = models.SmallIntegerField(null=True)
    csat = models.SmallIntegerField(null=True)
    ces = models.SmallIntegerField(null=True)
    answers = models.JSONField(default=list)  # [{"question": …, "value": …}]
    says_to_be = models.JSONField(default=dict)  # name, email, phone as typed by somebody we cannot be sure of
    wants_contact = models.BooleanField(default=False)
    contact_by = models.CharField(max_length=8, blank=True)
    visibility = models.CharField(max_length=8, default="private")
    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=200, null=True)  # noqa: DJ001 NULL is "has none" and does not collide
    attributes = models.JSONField(default=dict)
    imported_by = models.ForeignKey("capture.Import", models.PROTECT, null=True, related_name="items", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    link_counter = models.PositiveSmallIntegerField(default=0)  # raised to revoke every tracking link of the item

    objects = FeedbackItemQuerySet.as_manager()

    class Meta:
        db_table = "capture_feedbackitem"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                name="external_id_once",
                condition=Q(withdrawn_at=None, external_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], name="item_stream"),
            models.Index(fields=["organisation", "touchpoint", "id"], name="item_of_touchpoint"),
            models.Index(fields=["organisation", "id"], name="item_in_words", condition=~Q(text="")),
            models.Index(fields=["team", "id"], name="item_of_team"),
            models.Index(fields=["customer", "id"], name="item_of_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["imported_by", "id"], name="item_of_import", condition=Q(imported_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The short code that people read aloud."""
        return reference_of(self.pk)

    @property
    def score(self) -> tuple[str, int] | None:
        """The one score to show beside the words: NPS before CSAT before CES."""
        return next(((name, value) for name in ("nps", "csat", "ces") if (value := getattr(self, name)) is not None), None)


def sees_customer(who, item: FeedbackItem) -> bool:
    """Whether who reads may see this item unmasked and with its customer (the item's `team` should be loaded)."""
    return who.grants.may("items.with_customer", item.team.path)


class Sending(models.Model):
    """What one Idempotency-Key or form token led to, so that a repeated send gives the same item. Kept for 24 hours at least."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=32)
    item_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "capture_sending"
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="sending_once")]

    def __str__(self) -> str:
        return self.key


class Variant(models.Model):
    """A known external id that came again with other content: kept beside, never over."""

    item = models.ForeignKey(FeedbackItem, models.CASCADE, related_name="variants")
    at = models.DateTimeField()
    differs = models.JSONField(default=list)
    content_hash = models.CharField(max_length=32)
    content = models.JSONField(default=dict)

    class Meta:
        db_table = "capture_variant"
        constraints = [models.UniqueConstraint(fields=["item", "content_hash"], name="variant_once")]

    def __str__(self) -> str:
        return f"variant of {self.item_id}"


class ErasedItem(models.Model):
    """What stays of the external id of an erased item: a keyed hash, so that the same row of a file cannot bring its words back."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+", db_index=False)
    external_id_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "capture_eraseditem"
        constraints = [models.UniqueConstraint(fields=["organisation", "external_id_hash"], name="erased_item_once")]

    def __str__(self) -> str:
        return self.external_id_hash[:8]


class Addition(models.Model):
    """What the giver added later, on the tracking page or by sending the same form again with more."""

    item = models.ForeignKey(FeedbackItem, models.CASCADE, related_name="additions")
    text = models.TextField()
    at = models.DateTimeField()
    key = models.CharField(max_length=64)  # the form's token: the same addition sent twice is one

    class Meta:
        db_table = "capture_addition"
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="addition_once")]

    def __str__(self) -> str:
        return f"addition to {self.item_id}"
