"""Counting what still lives reads an index, not every instance with all that was seen of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clusters", "0004_what_removals_leave")]

    operations = [
        migrations.AddIndex(
            model_name="cluster",
            index=models.Index(fields=["debug", "status"], name="clusters_cl_debug_ba03ce_idx"),
        ),
    ]
