"""What was said in a case: our answers, the customer's replies, and notes among ourselves."""

from django.db import models

from luuppi.inner_loop.models.case import Case

IN, OUT, NOTE = "in", "out", "note"
# of an answer: queued (can be taken back) → sent, or failed; standing: there is no address, so it is read on the tracking page
QUEUED, SENT, STANDING, FAILED = "queued", "sent", "standing", "failed"
ON_ITS_WAY_OR_THERE = (QUEUED, SENT, STANDING)
THERE = (SENT, STANDING)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, who) -> "MessageQuerySet":
        return self.filter(case__in=Case.objects.visible_to(who))


class Message(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=4)
    text = models.TextField()
    by = models.CharField(max_length=40)  # as in the journal: member:7 · token:3 · customer · system
    at = models.DateTimeField()
    key = models.CharField(max_length=64)  # of the form or the sending: the same one sent twice is one message
    # On whose page a reply was written.
    item = models.ForeignKey("capture.FeedbackItem", models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, default=SENT)
    promised_on = models.DateField(null=True)
    closes = models.BooleanField(default=False)  # the words with which the case was closed
    outgoing = models.ForeignKey("delivery.Outgoing", models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "inner_loop_message"
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="message_once")]
        indexes = [models.Index(fields=["case", "id"], name="message_of_case")]

    def __str__(self) -> str:
        return f"{self.direction} in {self.case_id}"

    @property
    def perhaps_sent(self) -> bool:
        """A crash fell between handing it to the mail server and noting that; a person decides."""
        return self.state == QUEUED and self.outgoing is not None and self.outgoing.state == "perhaps_sent"
