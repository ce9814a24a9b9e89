"""What can be permitted: every action, the module that it belongs to, and the portals whose roles may hold it.

A grant of a role names a module and how far it reaches (`models.RoleGrant`); `access` decides. To add an action, add its id and one row.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_noop as _

from roadstead.accounts.models import DataLevel, Portal


class Action(StrEnum):
    """The third level of module, feature, action. The ids are stored in roles and are part of the API."""

    VIEW_USERS = "m0.f1.a3"
    EDIT_OWN_DATA = "m0.f1.a4"
    VIEW_ROLES = "m0.f2.a1"
    VIEW_GROUPS = "m0.f3.a1"
    VIEW_JOBS = "m0.f7.a1"
    VIEW_APPS = "m0.f9.a1"
    VIEW_INSTANCES = "m0.f10.a1"
    VIEW_ENVIRONMENTS = "m0.f11.a1"
    VIEW_CREDENTIALS = "m0.f12.a1"
    VIEW_PROVIDERS = "m0.f13.a1"

    VIEW_APP_STATISTICS = "m1.f1.a1"
    CREATE_APP = "m1.f1.a2"
    EDIT_APP = "m1.f1.a3"
    DELETE_APP = "m1.f1.a4"
    RELEASE = "m1.f1.a5"
    SUSPEND = "m1.f1.a6"
    RECOVER = "m1.f1.a7"
    SUBMIT = "m1.f2.a1"
    WITHDRAW = "m1.f2.a2"
    ISV_REVIEW = "isv_review"
    BUSINESS_REVIEW = "business_review"
    TECHNICAL_REVIEW = "technical_review"
    FORCE_DECIDE = "m1.f2.force"
    CREATE_CATEGORY = "m1.f3.a2"
    EDIT_CATEGORY = "m1.f3.a3"
    DELETE_CATEGORY = "m1.f3.a4"

    CREATE_KEY_PAIR = "m2.f1.a1"
    VIEW_KEY_PAIRS = "m2.f1.a2"
    DELETE_KEY_PAIR = "m2.f1.a3"
    ATTACH_KEY_PAIR = "m2.f1.a4"
    DETACH_KEY_PAIR = "m2.f1.a5"
    MANAGE_CLIENTS = "m2.f2.a1"

    CREATE_INSTANCE = "m3.f1.a1"
    TEST_INSTANCE = "m3.f1.a1.test"
    EDIT_INSTANCE = "m3.f1.a2"
    DELETE_INSTANCE = "m3.f1.a3"
    UPGRADE_INSTANCE = "m3.f1.a4"
    ROLL_BACK_INSTANCE = "m3.f1.a5"
    RESIZE_INSTANCE = "m3.f1.a6"
    SCALE_INSTANCE = "m3.f1.a7"
    CONFIGURE_INSTANCE = "m3.f1.a8"
    VIEW_INSTANCE_STATISTICS = "m3.f1.a9"
    STOP_INSTANCE = "m3.f1.a10"
    START_INSTANCE = "m3.f1.a11"
    CEASE_INSTANCE = "m3.f1.a12"
    RECOVER_INSTANCE = "m3.f1.a13"
    VIEW_VALUES = "m3.f1.values"

    CREATE_USER = "m4.f1.a1"
    CREATE_MEMBER = "m4.f1.a2"
    SET_ROLE = "m4.f1.a5"
    DELETE_USER = "m4.f1.a6"
    DELETE_ROLE = "m4.f2.a2"
    CREATE_ROLE = "m4.f2.a3"
    EDIT_ROLE = "m4.f2.a4"
    EDIT_ROLE_GRANTS = "m4.f2.a5"
    CREATE_GROUP = "m4.f3.a1"
    EDIT_GROUP = "m4.f3.a3"
    DELETE_GROUP = "m4.f3.a4"
    JOIN_GROUP = "m4.f3.a5"
    LEAVE_GROUP = "m4.f3.a6"

    MANAGE_REPOSITORIES = "m5.f1.a1"
    CHANGE_SETTINGS = "m5.f2.a2"

    CREATE_ENVIRONMENT = "m6.f1.a1"
    TEST_ENVIRONMENT = "m6.f1.a1.test"
    VIEW_ENVIRONMENT_STATISTICS = "m6.f1.a2"
    EDIT_ENVIRONMENT = "m6.f1.a3"
    DELETE_ENVIRONMENT = "m6.f1.a4"
    CREATE_CREDENTIAL = "m6.f2.a1"
    TEST_CREDENTIAL = "m6.f2.a1.test"
    EDIT_CREDENTIAL = "m6.f2.a3"
    DELETE_CREDENTIAL = "m6.f2.a4"

    APPLY_AS_PROVIDER = "isv_apply"
    CERTIFY_PROVIDER = "isv_auth"

    RETRY_JOB = "m8.f2.a2"


_EVERYBODY = frozenset(Portal)
_ADMIN = frozenset({Portal.ADMIN})
_PROVIDER = frozenset({Portal.PROVIDER})
_MAKERS = _ADMIN | _PROVIDER
_CUSTOMERS = frozenset({Portal.PROVIDER, Portal.USER})

# Who may be given an action at all; what is not listed may be given to everybody.
_PORTALS: dict[frozenset[Portal], set[Action]] = {
    _ADMIN: {
        Action.SUSPEND,
        Action.RECOVER,
        Action.BUSINESS_REVIEW,
        Action.TECHNICAL_REVIEW,
        Action.FORCE_DECIDE,
        Action.CREATE_CATEGORY,
        Action.EDIT_CATEGORY,
        Action.DELETE_CATEGORY,
        Action.CREATE_USER,
        Action.CHANGE_SETTINGS,
        Action.CERTIFY_PROVIDER,
    },
    _PROVIDER: {Action.ISV_REVIEW, Action.CREATE_MEMBER},
    _MAKERS: {
        Action.CREATE_APP,
        Action.EDIT_APP,
        Action.DELETE_APP,
        Action.RELEASE,
        Action.SUBMIT,
        Action.WITHDRAW,
        Action.TEST_INSTANCE,
        Action.DELETE_USER,
        Action.DELETE_ROLE,
        Action.CREATE_ROLE,
        Action.EDIT_ROLE,
        Action.EDIT_ROLE_GRANTS,
        Action.MANAGE_REPOSITORIES,
        Action.TEST_ENVIRONMENT,
        Action.TEST_CREDENTIAL,
        Action.RETRY_JOB,
    },
    _CUSTOMERS: {Action.APPLY_AS_PROVIDER},
}
_NAMED_MODULES = {
    Action.ISV_REVIEW: "m1",
    Action.BUSINESS_REVIEW: "m1",
    Action.TECHNICAL_REVIEW: "m1",
    Action.APPLY_AS_PROVIDER: "m7",
    Action.CERTIFY_PROVIDER: "m7",
}
# Everybody holds the default actions; how far they reach is the affair of the module that owns what is looked at.
_VIEWED_MODULES = {
    Action.VIEW_USERS: "m4",
    Action.VIEW_ROLES: "m4",
    Action.VIEW_GROUPS: "m4",
    Action.VIEW_JOBS: "m3",
    Action.VIEW_APPS: "m1",
    Action.VIEW_INSTANCES: "m3",
    Action.VIEW_ENVIRONMENTS: "m6",
    Action.VIEW_CREDENTIALS: "m6",
    Action.VIEW_PROVIDERS: "m7",
}


def module_of(action: Action) -> str:
    """Return the module that holds an action, such as "m1" for the store."""
    return _NAMED_MODULES.get(action) or action.partition(".")[0]


def reach_module_of(action: Action) -> str:
    """Return the module whose data level says how far the action reaches."""
    return _VIEWED_MODULES.get(action) or module_of(action)


def is_default(action: Action) -> bool:
    """Whether everybody who can sign in holds this action."""
    return module_of(action) == "m0"


def portals_of(action: Action) -> frozenset[Portal]:
    """Return the portals whose roles may hold this action."""
    return next((portals for portals, actions in _PORTALS.items() if action in actions), _EVERYBODY)


@dataclass(frozen=True)
class Grant:
    """One module of a shipped role; no `actions` means all that the portal may hold."""

    level: DataLevel
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class ShippedRole:
    """A role that every installation starts with; the walkthrough's reviewers may be changed, `builtin` ones not."""

    id: str
    name: str
    portal: Portal
    description: str
    builtin: bool = True
    grants: dict[str, Grant] = field(default_factory=dict)


def _whole(modules: str, level: DataLevel) -> dict[str, Grant]:
    return {module: Grant(level) for module in modules.split()}


_DEVELOPER_STORE = (
    Action.VIEW_APP_STATISTICS,
    Action.CREATE_APP,
    Action.EDIT_APP,
    Action.DELETE_APP,
    Action.RELEASE,
    Action.SUBMIT,
    Action.WITHDRAW,
)
# What customers typed for their instances may hold passwords; nobody needs them to review a version.
_WITHOUT_VALUES = tuple(action for action in Action if module_of(action) == "m3" and action is not Action.VIEW_VALUES)
_GROUPS = (Action.CREATE_GROUP, Action.EDIT_GROUP, Action.DELETE_GROUP, Action.JOIN_GROUP, Action.LEAVE_GROUP)

SHIPPED_ROLES = (
    ShippedRole(
        "global_admin",
        _("Administrator"),
        Portal.ADMIN,
        _("Runs the whole platform."),
        grants=_whole("m1 m2 m3 m4 m5 m6 m7 m8", DataLevel.ALL),
    ),
    ShippedRole(
        "isv",
        _("Provider head"),
        Portal.PROVIDER,
        _("Leads one provider: its team, its review and all of its apps."),
        grants=_whole("m1 m2 m3 m4 m6 m7", DataLevel.GROUP),
    ),
    ShippedRole(
        "developer",
        _("Developer"),
        Portal.PROVIDER,
        _("Creates, tests, submits and releases apps for a provider."),
        grants=_whole("m2 m3 m6", DataLevel.SELF) | {"m1": Grant(DataLevel.SELF, _DEVELOPER_STORE)},
    ),
    ShippedRole(
        "user",
        _("Regular user"),
        Portal.USER,
        _("Browses the store and runs apps in environments of their own."),
        grants=_whole("m2 m3 m6 m7", DataLevel.SELF)
        | {
            "m1": Grant(DataLevel.SELF, (Action.VIEW_APP_STATISTICS,)),
            "m4": Grant(DataLevel.SELF, (Action.SET_ROLE, *_GROUPS)),
        },
    ),
    ShippedRole(
        "business_reviewer",
        _("Business reviewer"),
        Portal.ADMIN,
        _("Decides whether an app may be offered: its provider, its terms, its description."),
        builtin=False,
        grants=_whole("m2", DataLevel.SELF)
        | {
            "m1": Grant(DataLevel.ALL, (Action.BUSINESS_REVIEW, Action.SUBMIT, Action.WITHDRAW)),
            "m7": Grant(DataLevel.ALL, (Action.CERTIFY_PROVIDER,)),
        },
    ),
    ShippedRole(
        "technical_reviewer",
        _("Technical reviewer"),
        Portal.ADMIN,
        _("Deploys a version for a test and proves that it works."),
        builtin=False,
        grants=_whole("m2", DataLevel.SELF)
        | {
            "m1": Grant(DataLevel.ALL, (Action.TECHNICAL_REVIEW, Action.SUBMIT, Action.WITHDRAW)),
            "m3": Grant(DataLevel.ALL, _WITHOUT_VALUES),
        }
        | _whole("m6", DataLevel.ALL),
    ),
)
