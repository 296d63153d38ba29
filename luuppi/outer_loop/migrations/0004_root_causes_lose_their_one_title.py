from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outer_loop", "0003_root_causes_are_in_their_organisations_language")]

    operations = [
        migrations.RemoveField("rootcause", "title"),
        migrations.AlterField("rootcause", "language", models.CharField(max_length=2)),
    ]
