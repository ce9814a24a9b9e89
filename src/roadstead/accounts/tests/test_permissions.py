"""The table of actions and the shipped roles."""

import pytest

from roadstead.accounts import services
from roadstead.accounts.models import Portal, Role, RoleGrant
from roadstead.accounts.permissions import SHIPPED_ROLES, Action, is_default, module_of, portals_of, reach_module_of


@pytest.mark.parametrize("action", Action)
def test_every_action_belongs_somewhere(action: Action) -> None:
    assert module_of(action) in {f"m{number}" for number in range(9)}
    assert reach_module_of(action) == module_of(action) or is_default(action)
    assert portals_of(action)


@pytest.mark.parametrize("role", SHIPPED_ROLES, ids=lambda role: role.id)
def test_a_shipped_role_names_only_what_its_portal_may_hold(role: object) -> None:
    assert role in SHIPPED_ROLES
    shipped = next(one for one in SHIPPED_ROLES if one == role)
    for module, given in shipped.grants.items():
        for action in given.actions:
            assert module_of(action) == module
            assert shipped.portal in portals_of(action)


def test_reviews_are_kept_apart() -> None:
    assert portals_of(Action.ISV_REVIEW) == {Portal.PROVIDER}
    assert portals_of(Action.BUSINESS_REVIEW) == portals_of(Action.TECHNICAL_REVIEW) == {Portal.ADMIN}


@pytest.mark.django_db
def test_starting_again_mends_built_in_roles_and_keeps_edited_ones() -> None:
    services.ensure_builtin_roles()
    RoleGrant.objects.filter(role_id="developer").delete()
    RoleGrant.objects.filter(role_id="business_reviewer", module="m7").delete()
    Role.objects.filter(pk="business_reviewer").update(name="Shop review")
    services.ensure_builtin_roles()
    assert RoleGrant.objects.filter(role_id="developer", module="m1").exists()
    assert not RoleGrant.objects.filter(role_id="business_reviewer", module="m7").exists()
    assert Role.objects.get(pk="business_reviewer").name == "Shop review"
