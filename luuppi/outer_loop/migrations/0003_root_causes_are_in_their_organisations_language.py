"""Root causes had one language that nobody named: it is taken to be the organisation's, as with improvements."""

from django.db import migrations


def by_language(apps, schema_editor):
    """In batches, runnable twice: who has titles stays as it is."""
    RootCause = apps.get_model("outer_loop", "RootCause")
    last = 0
    while rows := list(RootCause.objects.filter(pk__gt=last).select_related("organisation").order_by("pk")[:500]):
        last = rows[-1].pk
        old = [row for row in rows if not row.titles]
        for row in old:
            row.language = row.organisation.language[:2]
            row.titles = {row.language: row.title}
            row.whys = {row.language: row.whys} if row.whys else {}
        RootCause.objects.bulk_update(old, ["language", "titles", "whys"])


class Migration(migrations.Migration):
    dependencies = [
        ("outer_loop", "0002_root_causes_have_languages"),
        ("people", "0001_initial"),
    ]

    operations = [migrations.RunPython(by_language, migrations.RunPython.noop)]
