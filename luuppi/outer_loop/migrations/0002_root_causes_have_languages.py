from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outer_loop", "0001_initial")]

    operations = [
        migrations.AddField("rootcause", "language", models.CharField(max_length=2, default="")),
        migrations.AddField("rootcause", "titles", models.JSONField(default=dict)),
        migrations.AlterField("rootcause", "whys", models.JSONField(default=dict)),
        migrations.AlterField("rootcause", "title", models.CharField(max_length=200, default="")),
    ]
