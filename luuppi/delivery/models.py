"""Everything that leaves the house by mail: one row under a stable key, so that nothing goes twice."""

from django.db import models


class Outgoing(models.Model):
    """States: queued → sending → sent; failed (will be tried again) → gave_up; bounced; perhaps_sent: a crash fell between handing
    over and noting it, and a person decides rather than the customer getting it twice."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True)  # who + what + which event
    purpose = models.CharField(max_length=40)  # answer · telling · acknowledgement · closing · invitation …: who is told when it has left
    refers_to = models.BigIntegerField(null=True)  # the message, notice … of the purpose
    to_address = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    from_name = models.CharField(max_length=120, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=14, default="queued")
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "delivery_outgoing"
        indexes = [models.Index(fields=["state"], name="outgoing_unsettled", condition=~models.Q(state="sent"))]

    def __str__(self) -> str:
        return self.key
