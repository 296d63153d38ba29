from luuppi.capture.models.imports import Import, Mapping
from luuppi.capture.models.item import Addition, ErasedItem, FeedbackItem, Sending, Variant, sees_customer
from luuppi.capture.models.survey import Survey, SurveyDraft
from luuppi.capture.models.touchpoint import Touchpoint

__all__ = [
    "Addition",
    "ErasedItem",
    "FeedbackItem",
    "Import",
    "Mapping",
    "Sending",
    "Survey",
    "SurveyDraft",
    "Touchpoint",
    "Variant",
    "sees_customer",
]
