"""Answers of the API kept for a day, so that a repeated POST with the same Idempotency-Key gives the first answer again."""

from django.db import models


class KeptAnswer(models.Model):
    caller = models.CharField(max_length=64)  # SHA-256 of the bearer token: keys of two callers never meet
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # NULL: still under way
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "api_keptanswer"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return self.key
