import django.db.models.deletion
import django.utils.timezone
import studio.lib.codes
import studio.notices.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0004_review'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('key', models.CharField(max_length=80)),
                ('message', models.CharField(default=studio.notices.models.message_id, max_length=32, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('delivered', 'Delivered'), ('failed', 'Given up')], default='waiting', max_length=10)),
                ('due', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=60)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='NoLetters',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Untold',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='studio.event')),
            ],
        ),
        migrations.CreateModel(
            name='DeliveryTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('seconds', models.FloatField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='studio.delivery')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Hook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('host', models.CharField(max_length=255)),
                ('address_sealed', models.TextField()),
                ('secret_sealed', models.TextField()),
                ('before_sealed', models.TextField(blank=True)),
                ('before_until', models.DateTimeField(blank=True, null=True)),
                ('shape', models.CharField(choices=[('standard', 'Signed JSON'), ('slack', 'Slack message')], default='standard', max_length=8)),
                ('kinds', models.JSONField(default=list)),
                ('on', models.BooleanField(default=True)),
                ('stopped', models.CharField(blank=True, max_length=200)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('deleted', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hooks', to='studio.team')),
            ],
        ),
        migrations.AddField(
            model_name='delivery',
            name='hook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='studio.hook'),
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('sort', models.CharField(choices=[('notices', 'Notices'), ('digest', 'Digest'), ('client', 'To a client')], max_length=8)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('about', models.CharField(blank=True, max_length=16)),
                ('content_sealed', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('unknown', 'May have been sent'), ('dropped', 'Not needed')], default='waiting', max_length=8)),
                ('due', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=60)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.image')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='studio.team')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LetterEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('unknown', 'May have been sent'), ('dropped', 'Not needed')], max_length=8)),
                ('said', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='studio.letter')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Looked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=studio.lib.codes.code, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('mention', 'Someone mentions me'), ('round', 'A round is sent or closes'), ('decision', 'A decision on what I drew or sent'), ('note', 'A note on what I drew or sent'), ('due', 'A round that waits for me is due'), ('engine', 'An engine pauses'), ('hook', 'A webhook is switched off')], max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('who', models.CharField(blank=True, max_length=80)),
                ('did', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=160)),
                ('quote', models.CharField(blank=True, max_length=200)),
                ('path', models.CharField(blank=True, max_length=200)),
                ('here', models.BooleanField(default=True)),
                ('mail', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('off', 'Off')], default='off', max_length=8)),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('read', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.image')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='studio.letter')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='studio.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began', models.DateTimeField(default=django.utils.timezone.now)),
                ('heard', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('on', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.roundpanel')),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='showing', to='studio.round')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'Someone mentions me'), ('round', 'A round is sent or closes'), ('decision', 'A decision on what I drew or sent'), ('note', 'A note on what I drew or sent'), ('due', 'A round that waits for me is due'), ('engine', 'An engine pauses'), ('hook', 'A webhook is switched off')], max_length=12)),
                ('here', models.BooleanField(default=True)),
                ('mail', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('off', 'Off')], default='now', max_length=8)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', 'due'], name='studio_deli_state_e96fba_idx'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('hook', 'key'), name='delivered_once_a_webhook'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', 'due'], name='studio_lett_state_11bab6_idx'),
        ),
        migrations.AddConstraint(
            model_name='looked',
            constraint=models.UniqueConstraint(fields=('user', 'team'), name='one_look_a_team'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['user', 'team', 'read'], name='studio_noti_user_id_89bfc5_idx'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='told_once'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='one_wish_a_kind'),
        ),
    ]
