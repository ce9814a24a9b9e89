"""The technical reviewers' whole module of instances becomes what it was when the action to read parameters didn't exist."""

from django.db import migrations

BEFORE = [f"m3.f1.a{number}" for number in range(1, 14)]


def narrow(apps, _editor):
    grants = apps.get_model("accounts", "RoleGrant").objects.filter(role_id="technical_reviewer", module="m3", check_all=True)
    grants.update(check_all=False, actions=[*BEFORE, "m3.f1.a1.test"])


def widen(apps, _editor):
    grants = apps.get_model("accounts", "RoleGrant").objects.filter(role_id="technical_reviewer", module="m3", check_all=False)
    grants.update(check_all=True, actions=[])


class Migration(migrations.Migration):

    dependencies = [("accounts", "0004_kept_answers")]

    operations = [migrations.RunPython(narrow, widen)]
