"""The API of the codebook: themes, and what one item is about."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from luuppi.api.auth import acting_as, require
from luuppi.api.fields import Email, Id, Limit
from luuppi.api.lists import page
from luuppi.api.problems import Problem
from luuppi.capture.api.router import FeedbackOut, find_item
from luuppi.capture.api.router import shown as shown_item
from luuppi.capture.drafts import clean_text
from luuppi.capture.models import FeedbackItem
from luuppi.meaning.correcting import ThemeOfItem, correct_themes
from luuppi.meaning.models import Rise, Theme
from luuppi.meaning.refusals import UnknownTheme
from luuppi.meaning.theming import add_theme

router = Router(tags=["themes"])

Name = Annotated[str, BeforeValidator(clean_text), StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Question = Annotated[str, BeforeValidator(clean_text), StringConstraints(min_length=1, max_length=200)]


class ThemeIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"name": {"fi": "Myöhästynyt toimitus", "en": "Late delivery"}}]},
    )
    name: Annotated[dict[Literal["fi", "sv", "en"], Name], Field(min_length=1, max_length=3)]
    parent: Id | None = None
    acting_as: Annotated[Email | None, Field(alias="as")] = None


class ThemeOut(Schema):
    id: str
    key: str
    name: dict[str, str]
    parent: str | None


class ThemeList(Schema):
    items: list[ThemeOut]
    next: str | None


class RiseOut(Schema):
    """week: the Monday of the week in which it was first seen; times: its share of the feedback over the share before; n: items of these
    `weeks` (1 or 4, `week` is the last) that hold it; words: the clearest first; examples: ids of feedback."""

    language: str
    week: date
    weeks: int
    theme: str | None
    name: dict[str, str] | None
    words: list[str]
    times: float
    n: int
    examples: list[str]


class RiseList(Schema):
    items: list[RiseOut]
    next: str | None


class ThemeOfItemIn(BaseModel):
    """`answers`: the questions in whose answers the theme is, as they stand in the item; left out, it is somewhere in the item."""

    model_config = ConfigDict(extra="forbid")
    theme: Id
    polarity: Literal[-1, 0, 1] = 0
    answers: Annotated[list[Question], Field(max_length=200)] = []


class ThemesOfItemIn(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [{"themes": []}]})
    themes: Annotated[list[ThemeOfItemIn], Field(max_length=50)]
    acting_as: Annotated[Email | None, Field(alias="as")] = None

    @model_validator(mode="after")
    def _once_each(self) -> "ThemesOfItemIn":
        if len({one.theme for one in self.themes}) < len(self.themes):
            raise ValueError("names a theme twice")
        return self


@router.get("/themes", response={200: ThemeList, 401: Problem, 403: Problem, 422: Problem}, operation_id="list_themes", summary="Themes in use")
def list_themes(request: HttpRequest, cursor: str | None = None, limit: Limit = 50):
    require(request.auth, "feedback:read")
    rows, following = page(Theme.objects.visible_to(request.auth).in_use(), cursor=cursor, limit=limit, newest_first=False)
    return {"items": [shown(row) for row in rows], "next": following}


@router.get(
    "/themes/emerging",
    response={200: RiseList, 401: Problem, 403: Problem, 422: Problem},
    operation_id="list_emerging_themes",
    summary="What is said more often than before",
)
def list_emerging(request: HttpRequest, cursor: str | None = None, limit: Limit = 50):
    """Themes of the codebook that grow, and words that no theme explains (`theme` null), as found last night in the last four weeks, newest first.

    A token that is bound to a team gets none: the words of all teams are read together.
    """
    require(request.auth, "feedback:read")
    rows, following = page(Rise.objects.visible_to(request.auth).in_use().select_related("theme"), cursor=cursor, limit=limit)
    seen = set(
        FeedbackItem.objects.visible_to(request.auth)
        .not_gone()
        .filter(pk__in=[item for row in rows for item in row.examples])
        .values_list("pk", flat=True)
    )
    return {"items": [shown_rise(row, seen) for row in rows], "next": following}


@router.post(
    "/themes",
    response={201: ThemeOut, 400: Problem, 401: Problem, 403: Problem, 422: Problem},
    operation_id="add_theme",
    summary="Add a theme to the codebook",
)
def post_theme(request: HttpRequest, data: ThemeIn):
    require(request.auth, "improvements:write")
    parent = None
    if data.parent is not None:
        parent = Theme.objects.visible_to(request.auth).in_use().filter(pk=int(data.parent)).first()
        if parent is None:
            raise UnknownTheme(id=data.parent)
    return Status(201, shown(add_theme(dict(data.name), by=acting_as(request.auth, data.acting_as), parent=parent)))


@router.put(
    "/feedback/{feedback_id}/themes",
    response={200: FeedbackOut, 400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    operation_id="put_themes",
    summary="Say what an item is about",
)
def put_themes(request: HttpRequest, feedback_id: str, data: ThemesOfItemIn):
    """Corrects the coding; the codebook learns from it. An empty list says that none fits."""
    require(request.auth, "improvements:write")
    require(request.auth, "feedback:read")
    item = find_item(request.auth, feedback_id)
    correct_themes(
        item,
        [ThemeOfItem(int(one.theme), one.polarity, tuple(one.answers)) for one in data.themes],
        by=acting_as(request.auth, data.acting_as),
    )
    return shown_item(find_item(request.auth, feedback_id), request.auth)


def shown_rise(rise: Rise, seen: set[int]) -> dict:
    """seen: the items that the reader may see."""
    return {
        "language": rise.language,
        "week": rise.week,
        "weeks": rise.weeks,
        "theme": str(rise.theme_id) if rise.theme else None,
        "name": rise.theme.names if rise.theme else None,
        "words": rise.words,
        "times": rise.times,
        "n": rise.n,
        "examples": [str(item) for item in rise.examples if item in seen],
    }


def shown(theme: Theme) -> dict:
    return {"id": str(theme.pk), "key": theme.key, "name": theme.names, "parent": str(theme.parent_id) if theme.parent_id else None}
