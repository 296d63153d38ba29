"""Organisations that nobody gave feedback to had no rules yet, and one that made its own first by the API never got the first ones."""

from django.db import migrations

_SCORES = {"nps_at_most": 6, "csat_at_most": 2, "ces_at_most": 2}
_FIRST = (
    ("contact", 100, {"wants_contact": True}, 1, 24),
    ("complaint", 200, {"kinds": ["complaint"]}, 1, 24),
    ("detractor", 300, _SCORES, 1, 24),
    ("question", 400, {"kinds": ["question"]}, 0, None),
)


def give_first_rules(apps, schema_editor):
    """Runnable twice: a rule that is there stays as it is."""
    Rule, Organisation = apps.get_model("inner_loop", "Rule"), apps.get_model("people", "Organisation")
    there = set(Rule.objects.exclude(key="").values_list("organisation", "key"))
    made = [
        Rule(organisation_id=organisation, key=key, position=position, conditions=conditions, priority=priority, promise_hours=hours)
        for organisation in Organisation.objects.values_list("pk", flat=True)
        for key, position, conditions, priority, hours in _FIRST
        if (organisation, key) not in there
    ]
    Rule.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("inner_loop", "0004_cases_keep_why_they_were_escalated"),
        ("people", "0002_members_may_be_away"),
    ]

    operations = [migrations.RunPython(give_first_rules, migrations.RunPython.noop)]
