"""The stages of the loop, in order."""

from importlib.util import find_spec

STAGES = ("people", "journal", "capture", "meaning", "inner_loop", "outer_loop", "telling", "insight", "journey", "demo")


def exists(module: str) -> bool:
    """Whether there is a module of this dotted name; a stage need not have every door."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
