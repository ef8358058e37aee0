from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0010_notes")]

    operations = [
        migrations.AddField("team", "second_step_since", models.DateTimeField(blank=True, null=True)),
    ]
