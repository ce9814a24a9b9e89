"""Keeps what each operation makes of an instance; the first change of those that are there is what they are."""

import django.db.models.deletion
from django.db import migrations, models

import roadstead.core.clock
import roadstead.core.ids


def first_changes(apps, _schema_editor):
    clusters, changes = apps.get_model("clusters", "Cluster"), apps.get_model("clusters", "Change")
    kept = ("version_id", "digest", "sealed_values", "created_at")
    for row in clusters.objects.only("pk", *kept).iterator():
        changes.objects.create(cluster_id=row.pk, **{name: getattr(row, name) for name in kept})


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("clusters", "0002_values_are_sealed")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("sealed_values", models.TextField(blank=True)),
                (
                    "id",
                    models.CharField(default=roadstead.core.ids.id_factory("chg"), max_length=32, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64)),
                ("job_id", models.CharField(blank=True, db_index=True, max_length=32)),
                ("revision", models.PositiveIntegerField(null=True)),
                ("before", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=roadstead.core.clock.now)),
                (
                    "cluster",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="clusters.cluster"),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.version"),
                ),
            ],
            options={"indexes": [models.Index(fields=["cluster", "created_at"], name="clusters_ch_cluster_0ef1b0_idx")]},
        ),
        migrations.RunPython(first_changes, migrations.RunPython.noop),
    ]
