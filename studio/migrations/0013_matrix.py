"""Which pictures a version was locked with. Those of versions that are locked already were not kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0012_dryrun")]

    operations = [
        migrations.AddField(
            model_name="subjectversion", name="pictures", field=models.JSONField(blank=True, default=None, null=True)
        ),
    ]
