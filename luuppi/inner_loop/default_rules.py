"""The rules that every organisation has from its founding, and reading the rules in use."""

from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.models.case import HIGH, NORMAL
from luuppi.inner_loop.rules.matching import BAD_SCORES, Conditions, RuleValue
from luuppi.people.models import Organisation

_ONE_WEEKDAY = 24
_DEFAULTS = (
    # key, conditions, priority, hours of the promise (None: the organisation's)
    ("contact", Conditions(wants_contact=True), HIGH, _ONE_WEEKDAY),
    ("complaint", Conditions(kinds=("complaint",)), HIGH, _ONE_WEEKDAY),
    ("detractor", Conditions(nps_at_most=BAD_SCORES["nps"], csat_at_most=BAD_SCORES["csat"], ces_at_most=BAD_SCORES["ces"]), HIGH, _ONE_WEEKDAY),
    ("question", Conditions(kinds=("question",)), NORMAL, None),
)


def rules_of(organisation: Organisation) -> list[RuleValue]:
    """The organisation's rules that are on, in the order in which they decide."""
    return [rule.as_value() for rule in Rule.objects.filter(organisation=organisation, is_on=True).in_order()]


def create_default_rules(organisation: Organisation) -> None:
    """At the founding: bad scores, complaints, contact wishes and questions open a case. Twice is once."""
    made = [
        Rule(organisation=organisation, key=key, position=(i + 1) * 100, conditions=conditions.to_json(), priority=priority, promise_hours=hours)
        for i, (key, conditions, priority, hours) in enumerate(_DEFAULTS)
    ]
    Rule.objects.bulk_create(made, ignore_conflicts=True)
