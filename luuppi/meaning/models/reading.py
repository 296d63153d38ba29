"""What the software found in an item, kept beside it: language, mask, spam, sentiment, stems. The item itself never changes."""

from django.db import models

from luuppi.meaning.masks import in_words


class Reading(models.Model):
    item = models.OneToOneField("capture.FeedbackItem", models.CASCADE, primary_key=True, related_name="reading")
    language = models.CharField(max_length=8, blank=True)
    language_confidence = models.FloatField(null=True)
    masked_text = models.TextField(blank=True)  # the text with personal data blocked out; names that are only likely are blocked too
    parts = models.JSONField(default=list)  # [[question, start, end], …]: the answers in masked_text; [] where nothing was asked
    has_personal_data = models.BooleanField(default=False)
    sentiment = models.FloatField(null=True)  # −1 … 1
    sentiment_confidence = models.FloatField(null=True)
    spam_reason = models.CharField(max_length=80, blank=True)
    stems = models.TextField(blank=True)
    read_at = models.DateTimeField()

    class Meta:
        db_table = "meaning_reading"

    def __str__(self) -> str:
        return f"reading of {self.item_id}"

    @property
    def masked_words(self) -> str:
        """The masked text as people read it; programs read `masked_text`."""
        return in_words(self.masked_text, self.language)
