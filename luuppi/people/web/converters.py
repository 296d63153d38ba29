"""Numbers in addresses: only those that a row can have, so that anything else is simply not here."""


class RowNumber:
    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
