import django.db.models.deletion
import functools
import roadstead.core.clock
import roadstead.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("runtimes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cluster",
            fields=[
                ("owner_path", models.CharField(db_index=True, max_length=500)),
                (
                    "id",
                    models.CharField(
                        default=functools.partial(roadstead.core.ids.new_id, *("cl",), **{}),
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=53)),
                ("digest", models.CharField(max_length=64)),
                ("delivery", models.CharField(choices=[("helm", "Helm"), ("vm", "VM")], max_length=8)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("active", "Active"),
                            ("stopped", "Stopped"),
                            ("suspended", "Suspended"),
                            ("deleted", "Deleted"),
                            ("ceased", "Ceased"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                (
                    "transition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("creating", "Creating"),
                            ("upgrading", "Upgrading"),
                            ("rollbacking", "Rollbacking"),
                            ("resizing", "Resizing"),
                            ("scaling", "Scaling"),
                            ("updating", "Updating"),
                            ("stopping", "Stopping"),
                            ("starting", "Starting"),
                            ("deleting", "Deleting"),
                            ("recovering", "Recovering"),
                            ("ceasing", "Ceasing"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("values", models.TextField(blank=True)),
                ("view", models.JSONField(default=dict)),
                ("viewed_at", models.DateTimeField(null=True)),
                ("unknown_since", models.DateTimeField(null=True)),
                ("last_error", models.JSONField(default=dict)),
                ("debug", models.BooleanField(default=False)),
                ("keep_on_failure", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=roadstead.core.clock.now)),
                ("status_at", models.DateTimeField(default=roadstead.core.clock.now)),
                ("app", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.app")),
                (
                    "environment",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="runtimes.environment"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.version")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "debug", "-created_at", "id"], name="clusters_cl_owner_i_54c4d8_idx"),
                    models.Index(fields=["debug", "-created_at", "id"], name="clusters_cl_debug_63f007_idx"),
                    models.Index(fields=["version", "debug"], name="clusters_cl_version_5d46e6_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "ceased"), _negated=True),
                        fields=("environment", "name"),
                        name="one_instance_of_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "active", "stopped", "suspended", "deleted", "ceased"])),
                        name="instance_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "transition__in",
                                [
                                    "",
                                    "creating",
                                    "upgrading",
                                    "rollbacking",
                                    "resizing",
                                    "scaling",
                                    "updating",
                                    "stopping",
                                    "starting",
                                    "deleting",
                                    "recovering",
                                    "ceasing",
                                ],
                            )
                        ),
                        name="instance_transition_is_known",
                    ),
                ],
            },
        ),
    ]
