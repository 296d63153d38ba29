"""POST /improvements/{number}/telling: tell the givers, the twin of the button on the improvement's page."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from luuppi.api.auth import acting_as, require
from luuppi.api.problems import Problem
from luuppi.outer_loop.api.router import Act, Language, Words
from luuppi.outer_loop.queries.improvement_page import find_improvement
from luuppi.telling.models import Notice
from luuppi.telling.sending import tell_givers

router = Router(tags=["improvements"])


class TellingIn(Act):
    text: Annotated[dict[Language, Words], Field(max_length=3)] | None = None


class TellingOut(Schema):
    """How many givers will be told now: by mail, and on their tracking page; not_wanted have stopped such messages."""

    to_tell: int
    by_mail: int
    on_page: int
    not_wanted: int


@router.post(
    "/improvements/{number}/telling",
    response={202: TellingOut, 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
    operation_id="tell_givers",
    summary="Tell the givers what came of it",
)
def telling(request: HttpRequest, number: str, data: TellingIn):
    """Each giver once, in their language, ten seconds from now; asked again it tells only those who have not been told."""
    require(request.auth, "improvements:write")
    notices = tell_givers(find_improvement(request.auth, number), by=acting_as(request.auth, data.acting_as), texts=data.text)
    n = {channel: sum(notice.channel == channel for notice in notices) for channel in (Notice.MAIL, Notice.PAGE, Notice.NOT_WANTED)}
    return Status(
        202,
        {
            "to_tell": n[Notice.MAIL] + n[Notice.PAGE],
            "by_mail": n[Notice.MAIL],
            "on_page": n[Notice.PAGE],
            "not_wanted": n[Notice.NOT_WANTED],
        },
    )
