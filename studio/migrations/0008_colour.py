import django.db.models.deletion
import django.utils.timezone
import studio.lib.codes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0007_making'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColourPatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marker_key', models.CharField(max_length=16)),
                ('swatch', models.CharField(max_length=7)),
                ('left', models.PositiveSmallIntegerField()),
                ('top', models.PositiveSmallIntegerField()),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('lightness', models.FloatField()),
                ('a', models.FloatField()),
                ('b', models.FloatField()),
                ('spread', models.FloatField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('measured', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.image')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.subject')),
                ('take', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='patches', to='studio.take')),
            ],
            options={
                'ordering': ['-revision'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced', None), ('take__isnull', False)), fields=('take', 'subject', 'marker_key'), name='one_standing_patch_a_take'), models.UniqueConstraint(condition=models.Q(('replaced', None), ('take', None)), fields=('subject', 'marker_key', 'swatch'), name='one_standing_patch_a_marker')],
            },
        ),
        migrations.CreateModel(
            name='Cut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('key', models.UUIDField(unique=True)),
                ('way', models.CharField(choices=[('crop', 'Cropped'), ('plain', 'Plain background')], max_length=8)),
                ('box', models.JSONField(blank=True, default=list)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('accepted', models.DateTimeField(blank=True, null=True)),
                ('discarded', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.image')),
                ('made', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cut_from', to='studio.reference')),
                ('reference', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cuts', to='studio.reference')),
                ('reference_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cuts', to='studio.referenceset')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.image')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted', None), ('discarded', None), _connector='OR'), name='a_cut_is_taken_or_laid_aside')],
            },
        ),
    ]
