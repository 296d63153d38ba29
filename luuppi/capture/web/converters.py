"""Ids in addresses: only numbers that the database can hold, so that anything else is simply not here."""


class ItemId:
    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
