"""The permission tree as people read it: modules, their features, their actions, with what a role has of each."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from roadstead.accounts.models import DataLevel, Portal, Role
from roadstead.accounts.permissions import Action, is_default, module_of, portals_of
from roadstead.core.problems import Words

MODULES: dict[str, Words] = {
    "m1": _("Store management"),
    "m2": _("Personal centre"),
    "m3": _("My instances"),
    "m4": _("Accounts and permissions"),
    "m5": _("Platform settings"),
    "m6": _("Environments"),
    "m7": _("Providers"),
    "m8": _("Other"),
}
FEATURES: dict[str, Words] = {
    "m1.f1": _("Apps"),
    "m1.f2": _("Review"),
    "m1.f3": _("Categories"),
    "m2.f1": _("SSH keys"),
    "m2.f2": _("API clients"),
    "m3.f1": _("Instances"),
    "m4.f1": _("People"),
    "m4.f2": _("Roles"),
    "m4.f3": _("Departments"),
    "m5.f1": _("Repositories"),
    "m5.f2": _("Service settings"),
    "m6.f1": _("Environments"),
    "m6.f2": _("Credentials"),
    "m7.f1": _("Certification"),
    "m8.f2": _("Tasks"),
}
_NAMED_FEATURES = {
    Action.ISV_REVIEW: "m1.f2",
    Action.BUSINESS_REVIEW: "m1.f2",
    Action.TECHNICAL_REVIEW: "m1.f2",
    Action.APPLY_AS_PROVIDER: "m7.f1",
    Action.CERTIFY_PROVIDER: "m7.f1",
}
ACTIONS: dict[Action, Words] = {
    Action.VIEW_APP_STATISTICS: _("View app statistics"),
    Action.CREATE_APP: _("Create app"),
    Action.EDIT_APP: _("Edit app"),
    Action.DELETE_APP: _("Delete app"),
    Action.RELEASE: _("Release to store"),
    Action.SUSPEND: _("Suspend app"),
    Action.RECOVER: _("Recover app"),
    Action.SUBMIT: _("Submit for review"),
    Action.WITHDRAW: _("Withdraw from review"),
    Action.ISV_REVIEW: _("Provider review"),
    Action.BUSINESS_REVIEW: _("Business review"),
    Action.TECHNICAL_REVIEW: _("Technical review"),
    Action.FORCE_DECIDE: _("Force pass or reject"),
    Action.CREATE_CATEGORY: _("Create category"),
    Action.EDIT_CATEGORY: _("Edit category"),
    Action.DELETE_CATEGORY: _("Delete category"),
    Action.CREATE_KEY_PAIR: _("Create key"),
    Action.VIEW_KEY_PAIRS: _("View keys"),
    Action.DELETE_KEY_PAIR: _("Delete key"),
    Action.ATTACH_KEY_PAIR: _("Attach key"),
    Action.DETACH_KEY_PAIR: _("Detach key"),
    Action.MANAGE_CLIENTS: _("Manage own API clients"),
    Action.CREATE_INSTANCE: _("Deploy instance"),
    Action.TEST_INSTANCE: _("Deploy test instance"),
    Action.EDIT_INSTANCE: _("Edit instance"),
    Action.DELETE_INSTANCE: _("Delete instance"),
    Action.UPGRADE_INSTANCE: _("Upgrade instance"),
    Action.ROLL_BACK_INSTANCE: _("Roll back instance"),
    Action.RESIZE_INSTANCE: _("Resize instance"),
    Action.SCALE_INSTANCE: _("Scale instance"),
    Action.CONFIGURE_INSTANCE: _("Change parameters"),
    Action.VIEW_INSTANCE_STATISTICS: _("View instance statistics"),
    Action.STOP_INSTANCE: _("Stop instance"),
    Action.START_INSTANCE: _("Start instance"),
    Action.CEASE_INSTANCE: _("Cease instance"),
    Action.RECOVER_INSTANCE: _("Recover instance"),
    Action.VIEW_VALUES: _("Read parameters and logs"),
    Action.CREATE_USER: _("Add people to the platform"),
    Action.CREATE_MEMBER: _("Add people to the team"),
    Action.SET_ROLE: _("Change a person's role"),
    Action.DELETE_USER: _("Suspend and delete people"),
    Action.DELETE_ROLE: _("Delete role"),
    Action.CREATE_ROLE: _("Create role"),
    Action.EDIT_ROLE: _("Edit role"),
    Action.EDIT_ROLE_GRANTS: _("Change a role's permissions"),
    Action.CREATE_GROUP: _("Create department"),
    Action.EDIT_GROUP: _("Edit department"),
    Action.DELETE_GROUP: _("Delete department"),
    Action.JOIN_GROUP: _("Move people between departments"),
    Action.LEAVE_GROUP: _("Leave department"),
    Action.MANAGE_REPOSITORIES: _("Manage repositories"),
    Action.CHANGE_SETTINGS: _("Change settings"),
    Action.CREATE_ENVIRONMENT: _("Create environment"),
    Action.TEST_ENVIRONMENT: _("Create test environment"),
    Action.VIEW_ENVIRONMENT_STATISTICS: _("View environment statistics"),
    Action.EDIT_ENVIRONMENT: _("Edit environment"),
    Action.DELETE_ENVIRONMENT: _("Delete environment"),
    Action.CREATE_CREDENTIAL: _("Create credential"),
    Action.TEST_CREDENTIAL: _("Create test credential"),
    Action.EDIT_CREDENTIAL: _("Edit credential"),
    Action.DELETE_CREDENTIAL: _("Delete credential"),
    Action.APPLY_AS_PROVIDER: _("Apply as provider"),
    Action.CERTIFY_PROVIDER: _("Certify providers"),
    Action.RETRY_JOB: _("Retry task"),
}
LEVELS: dict[str, Words] = {
    DataLevel.ALL: _("All data"),
    DataLevel.GROUP: _("Within the department"),
    DataLevel.SELF: _("Only own"),
}


@dataclass(frozen=True)
class Leaf:
    """One action, and whether the role has it."""

    id: str
    word: Words
    ticked: bool


@dataclass(frozen=True)
class Branch:
    """One feature with its actions."""

    word: Words
    leaves: list[Leaf]


@dataclass(frozen=True)
class Module:
    """One module with its features, and how far the role reaches in it."""

    id: str
    word: Words
    level: str
    level_word: Words
    branches: list[Branch]

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(len(branch.leaves) for branch in self.branches)

    @property
    def ticked(self) -> int:
        """How many of them the role has."""
        return sum(leaf.ticked for branch in self.branches for leaf in branch.leaves)


def feature_of(action: Action) -> str:
    """Return the feature that holds an action, such as "m1.f2"."""
    return _NAMED_FEATURES.get(action) or ".".join(action.split(".")[:2])


def levels_of(portal: str) -> list[tuple[str, Words]]:
    """Return how far a role of a portal may reach; only those who run the platform reach all of it."""
    return [(level, word) for level, word in LEVELS.items() if portal == Portal.ADMIN or level != DataLevel.ALL]


def default_level(portal: str) -> DataLevel:
    """Return how far a new role of a portal reaches."""
    return {Portal.ADMIN: DataLevel.ALL, Portal.PROVIDER: DataLevel.GROUP}.get(Portal(portal), DataLevel.SELF)


def grantable(portal: str) -> list[Action]:
    """Return the actions that a role of a portal may be given; the defaults, which everybody has, aren't shown."""
    return [action for action in Action if not is_default(action) and Portal(portal) in portals_of(action)]


def tree_of(role: Role) -> list[Module]:
    """Return the whole tree with what the role has of it."""
    modules = []
    for module, word in MODULES.items():
        actions = [action for action in grantable(role.portal) if module_of(action) == module]
        grant = role.grants_by_module.get(module)
        level = grant.data_level if grant else default_level(role.portal)
        held = set(actions if grant.check_all else grant.actions) if grant else set()
        if actions:
            modules.append(Module(module, word, level, LEVELS[level], _branches(actions, held)))
    return modules


def _branches(actions: list[Action], held: set[Action]) -> list[Branch]:
    features = dict.fromkeys(sorted(feature_of(action) for action in actions))
    leaves = {f: [Leaf(a, ACTIONS[a], a in held) for a in actions if feature_of(a) == f] for f in features}
    return [Branch(FEATURES[feature], found) for feature, found in leaves.items()]
