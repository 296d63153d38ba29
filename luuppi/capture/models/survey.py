"""Surveys by link: versions never change under their answers; each page sent saves a draft answer."""

from django.db import models


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, who) -> "SurveyQuerySet":
        if not who.grants.reach("settings.work"):
            return self.none()
        return self.filter(organisation=who.organisation)


class Survey(models.Model):
    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="surveys")
    key = models.CharField(max_length=40, unique=True)  # in its address: /s/{key}
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    measure = models.CharField(max_length=8, default="nps")
    touchpoint = models.ForeignKey("capture.Touchpoint", models.PROTECT, null=True, blank=True)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        db_table = "capture_survey"

    def __str__(self) -> str:
        return self.name


class SurveyDraft(models.Model):
    """Answers on their way: becomes an item when the last page is sent, or after 30 idle minutes."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="drafts")
    token = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    item_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "capture_surveydraft"

    def __str__(self) -> str:
        return f"draft of {self.survey_id}"
