"""The stages of the loop, in order, and the foundations that have pages of their own."""

from importlib.util import find_spec

STAGES = ("people", "journal", "capture", "meaning", "inner_loop", "outer_loop", "telling", "insight", "journey", "demo")
FOUNDATIONS = ("running", "delivery", "ui")


def exists(module: str) -> bool:
    """Whether there is a module of this dotted name; a stage need not have every door."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
