"""Which days a page shows when nothing is said, and how finely it cuts them."""

from datetime import date

from luuppi.insight.web.addresses import first_start, next_start

MOST_GROUPS = 120


def usual_since(today: date) -> date:
    """The first day of the month eleven months ago: twelve months with the present one."""
    return date(today.year - 1, today.month + 1, 1) if today.month < 12 else date(today.year, 1, 1)


def usual_grouping(since: date, until: date) -> str:
    """As fine as stays readable: days to a month, weeks to half a year, months beyond."""
    days = (until - since).days
    return "day" if days <= 31 else "week" if days <= 190 else "month"


def groupings_for(since: date, until: date) -> list[str]:
    """Those that give at most MOST_GROUPS marks; a month always."""
    days = (until - since).days + 1
    return [name for name, length in (("day", 1), ("week", 7), ("month", 28)) if name == "month" or days / length <= MOST_GROUPS]


def starts_between(grouping: str, since: date, until: date) -> list[date]:
    """The start of each group from `since` to `until`, so that a group without answers is a gap and not left out."""
    start, starts = first_start(grouping, since), []
    # A chart of a century of months is still readable by its table; beyond that the first ones are left out.
    while start <= until and len(starts) < 1200 and starts[-1:] != [start]:
        starts.append(start)
        start = next_start(grouping, start)
    return starts
