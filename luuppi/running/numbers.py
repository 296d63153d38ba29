"""Numbers of the command line, refused in words where they cannot be."""

import argparse
from collections.abc import Callable


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """For `type=`: a whole number from `lowest` to `highest`."""

    def read(said: str) -> int:
        if not (said.isascii() and said.isdigit() and len(said) < 10 and lowest <= int(said) <= highest):
            raise argparse.ArgumentTypeError(f"{said} is not a whole number from {lowest} to {highest}")
        return int(said)

    return read


port = whole(0, 65_535)
