"""Telling the givers what came of their feedback: one telling an improvement, one notice a giver."""

from django.db import models

from luuppi.capture.models.touchpoint import named


class TellingQuerySet(models.QuerySet):
    def visible_to(self, who) -> "TellingQuerySet":
        if not who.grants.reach("improvements.read"):
            return self.none()
        return self.filter(organisation=who.organisation, improvement__team__path__startswith=who.root_path)

    def public(self) -> "TellingQuerySet":
        """What stands on the public page: sent, and not kept off it."""
        return self.filter(sent_at__isnull=False, is_public=True)


class Telling(models.Model):
    """`texts` is what came of it and `you_said` what the givers said, in our words; one text per language."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="tellings")
    improvement = models.OneToOneField("outer_loop.Improvement", models.CASCADE, related_name="telling")
    texts = models.JSONField(default=dict)
    you_said = models.JSONField(default=dict)
    is_public = models.BooleanField(default=True)
    drafted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=40, blank=True)

    objects = TellingQuerySet.as_manager()

    class Meta:
        db_table = "telling_telling"
        indexes = [models.Index(fields=["organisation", "-sent_at"], name="telling_sent", condition=models.Q(sent_at__isnull=False))]

    def __str__(self) -> str:
        return f"telling of {self.improvement_id}"

    @property
    def text(self) -> str:
        return named(self.texts, "")

    @property
    def sent_languages(self) -> set[str]:
        """In which languages givers have a message; empty while it is a draft, and again when all of it was taken back."""
        return set(self.notices.exclude(channel=Notice.NOT_WANTED).values_list("language", flat=True)) if self.sent_at else set()

    @property
    def said(self) -> str:
        return named(self.you_said, "")


class Notice(models.Model):
    """What one giver is told: by mail, or on the tracking page. `giver` makes it one for each, however many items they gave."""

    MAIL, PAGE, NOT_WANTED = "mail", "page", "not_wanted"
    WAITING, TOLD, FAILED = "waiting", "told", "failed"

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="notices", db_index=False)
    giver = models.CharField(max_length=80)  # customer:7 · address:<keyed hash> · item:12
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=8)
    text = models.TextField()
    state = models.CharField(max_length=8, default=WAITING)
    shown_from = models.DateTimeField()  # ten seconds after sending: until then the sender may take it back
    told_at = models.DateTimeField(null=True, blank=True)
    heard = models.CharField(max_length=8, blank=True)  # what the giver pressed on the tracking page: yes · no

    class Meta:
        db_table = "telling_notice"
        constraints = [models.UniqueConstraint(fields=["telling", "giver"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.giver} of {self.telling_id}"


class NoticeItem(models.Model):
    """An item whose giver the notice tells; the first one is the one that it quotes."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="items", db_index=False)
    item = models.ForeignKey("capture.FeedbackItem", models.CASCADE, related_name="notice_items")

    class Meta:
        db_table = "telling_noticeitem"
        constraints = [models.UniqueConstraint(fields=["notice", "item"], name="item_of_notice_once")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.notice_id}"


class StoppedAddress(models.Model):
    """An address of nobody known that wants no more messages, as a keyed hash: it can be recognised, not read."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    stopped_at = models.DateTimeField()

    class Meta:
        db_table = "telling_stoppedaddress"
        constraints = [models.UniqueConstraint(fields=["organisation", "address_hash"], name="stopped_address_once")]

    def __str__(self) -> str:
        return self.address_hash[:8]
