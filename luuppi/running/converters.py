"""What an address may hold in place of a row: imported by every urls.py that writes `<row:…>` or `<id:…>`.

Only numbers that the database can hold fit, so that anything else is simply not here.
"""

from django.urls import register_converter


class RowNumber:
    """`<row:…>`: the number of a row that the database numbers, and of a case or an improvement."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class LongId(RowNumber):
    """`<id:…>`: what luuppi.running.ids makes, of items and to-dos: 63 bits."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Raises ValueError, which is no match, beyond 63 bits."""
        number = int(value)
        if number >= 1 << 63:
            raise ValueError(value)
        return number


register_converter(RowNumber, "row")
register_converter(LongId, "id")
