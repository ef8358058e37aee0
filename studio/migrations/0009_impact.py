import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0008_colour'),
    ]

    operations = [
        migrations.AddField('project', 'approved_only', models.BooleanField(default=False)),
        migrations.AddField('referenceset', 'approved_as', models.CharField(blank=True, max_length=64)),
        migrations.AddField('panelprompt', 'left_out', models.JSONField(blank=True, default=list)),
        migrations.AddField('panelprompt', 'sent_anyway', models.JSONField(blank=True, default=list)),
        migrations.CreateModel(
            name='StillFine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('against', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='still_fine', to='studio.take')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('take', 'against'), name='fine_once')],
            },
        ),
        migrations.CreateModel(
            name='MeantSo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('said', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scene', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meant_so', to='studio.scene')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn', None)), fields=('scene', 'key'), name='meant_once')],
            },
        ),
    ]
