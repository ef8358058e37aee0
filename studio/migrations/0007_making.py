import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import studio.lib.codes

VIEWS = [
    ('front', 'Front'), ('three_quarter_left', 'Three-quarter left'), ('three_quarter_right', 'Three-quarter right'),
    ('profile_left', 'Left profile'), ('profile_right', 'Right profile'), ('back', 'Back'), ('full_body', 'Full body'),
    ('top', 'Top'), ('base', 'Base'), ('detail', 'Detail'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0006_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='workshop',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('workshop', True)), fields=('team',), name='one_workshop_a_team'),
        ),
        migrations.CreateModel(
            name='Bench',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('view', models.CharField(choices=VIEWS, max_length=20)),
                ('detail', models.CharField(blank=True, max_length=60)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('panel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bench', to='studio.panel')),
                ('reference_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='benches', to='studio.referenceset')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='bench',
            constraint=models.UniqueConstraint(fields=('reference_set', 'view', 'detail'), name='one_bench_a_side'),
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='studio.take')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced', None)), fields=('take',), name='one_ruling_stands'),
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=16, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reference_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.referenceset')),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='origins', to='studio.take')),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('key', models.UUIDField(unique=True)),
                ('title', models.CharField(max_length=120)),
                ('columns', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaigns', to='studio.project')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
    ]
