"""Steps that wait for an agent leave their tokens, to be woken by the agent's first word."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the column."""

    dependencies = [("agents", "0001_agents")]

    operations = [migrations.AddField("agent", "awaited_by", models.TextField(blank=True, default=""), preserve_default=False)]
