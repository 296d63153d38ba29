"""Log lines without the secrets that stand in addresses: who reads a log must not be able to open a customer's journey or an invitation."""

import logging
import re

_SECRET = re.compile(r"(/(?:t|u|e|i|in|join|s/[\w-]+|password/reset/key)/)[\w-]{8,}")


class WithoutSecrets(logging.Formatter):
    """Django logs the address of every refused request, that of a tracking page too."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1…", super().format(record))
