"""Seals the answers of the deploy form at rest."""

from django.db import migrations

from roadstead.core.secrets import seal


def seal_all(apps, _schema_editor):
    clusters = apps.get_model("clusters", "Cluster")
    for cluster in clusters.objects.exclude(sealed_values="").only("sealed_values"):
        cluster.sealed_values = seal(cluster.sealed_values.encode(), context=cluster.pk)
        cluster.save(update_fields=["sealed_values"])


class Migration(migrations.Migration):
    dependencies = [("clusters", "0001_initial")]

    operations = [
        migrations.RenameField("cluster", "values", "sealed_values"),
        migrations.RunPython(seal_all, migrations.RunPython.noop),
    ]
