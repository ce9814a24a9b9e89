"""Categories, with the set that every installation starts with."""

import django.db.models.deletion
import functools
import roadstead.core.clock
import roadstead.core.ids
from django.db import migrations, models

SHIPPED = [
    ("ctg-uncategorized", "Uncategorised", "未分类", "category"),
    ("ctg-databases", "Databases", "数据库", "database"),
    ("ctg-developer-tools", "Developer tools", "开发工具", "code"),
    ("ctg-sites-and-content", "Sites and content", "建站与内容", "world-www"),
    ("ctg-data-and-intelligence", "Data and intelligence", "数据与智能", "brain"),
    ("ctg-security", "Security", "安全", "shield-lock"),
    ("ctg-collaboration", "Collaboration", "协作办公", "users-group"),
    ("ctg-monitoring", "Monitoring and operations", "监控运维", "activity-heartbeat"),
    ("ctg-storage-and-backup", "Storage and backup", "存储与备份", "archive"),
]


def ship(apps, schema_editor):
    category = apps.get_model("catalog", "Category")
    for key, english, chinese, icon in SHIPPED:
        category.objects.get_or_create(pk=key, defaults={"name": english, "names": {"en": english, "zh-hans": chinese}, "icon": icon})


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=functools.partial(roadstead.core.ids.new_id, *("ctg",), **{}),
                        max_length=32,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=50, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("icon", models.CharField(default="category", max_length=40)),
                ("created_at", models.DateTimeField(default=roadstead.core.clock.now)),
            ],
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.AddField(
            model_name="app",
            name="category",
            field=models.ForeignKey(
                default="ctg-uncategorized",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="apps",
                to="catalog.category",
            ),
        ),
    ]
