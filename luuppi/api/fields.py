"""What the bodies and questions of several operations hold in the same way."""

from typing import Annotated

from ninja import Field
from pydantic import AfterValidator, StringConstraints

from luuppi.running.ids import id_in


def _possible(value: str) -> str:
    if id_in(value) is None:
        raise ValueError("is larger than any id")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$"), AfterValidator(_possible)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00-\x20\x7f]+$")]
Limit = Annotated[int, Field(ge=1, le=200)]
