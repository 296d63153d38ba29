from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX meaning_reading_stems ON meaning_reading USING gin (to_tsvector('simple', stems))")
    else:
        schema_editor.execute("CREATE VIRTUAL TABLE meaning_search USING fts5(stems)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX meaning_reading_stems")
    else:
        schema_editor.execute("DROP TABLE meaning_search")


class Migration(migrations.Migration):
    dependencies = [("meaning", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
