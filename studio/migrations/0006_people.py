import django.utils.timezone
from django.db import migrations, models

# The audit log is only added to, and the database itself says so.
SEALS = {
    "sqlite": [
        """CREATE TRIGGER studio_auditentry_no_update BEFORE UPDATE ON studio_auditentry
           BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END""",
        """CREATE TRIGGER studio_auditentry_no_delete BEFORE DELETE ON studio_auditentry
           BEGIN SELECT RAISE(ABORT, 'The audit log is only added to.'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION studio_auditentry_sealed() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'The audit log is only added to.' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        """CREATE TRIGGER studio_auditentry_no_change BEFORE UPDATE OR DELETE ON studio_auditentry
           FOR EACH ROW EXECUTE FUNCTION studio_auditentry_sealed()""",
    ],
}
UNSEALS = {
    "sqlite": ["DROP TRIGGER studio_auditentry_no_update", "DROP TRIGGER studio_auditentry_no_delete"],
    "postgresql": [
        "DROP TRIGGER studio_auditentry_no_change ON studio_auditentry",
        "DROP FUNCTION studio_auditentry_sealed()",
    ],
}


def seal(apps, schema_editor):
    for statement in SEALS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unseal(apps, schema_editor):
    for statement in UNSEALS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("studio", "0005_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("team_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("kind", models.CharField(max_length=12)),
                ("verb", models.CharField(max_length=40)),
                ("who", models.CharField(blank=True, max_length=254)),
                ("who_id", models.BigIntegerField(null=True)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("data", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team_id", "at"], name="studio_audi_team_id_02b538_idx"),
                    models.Index(fields=["team_id", "kind", "at"], name="studio_audi_team_id_72fead_idx"),
                ],
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
