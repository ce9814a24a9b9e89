"""People, the tree of groups they sit in, and the roles that say what they may do."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext

from roadstead.accounts.states import TOKEN_STATES, USER_STATES
from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.lookup import Lookup
from roadstead.core.sealed import SealedField
from roadstead.core.states import State


class Group(models.Model):
    """A department. `path` is its ancestors' ids and its own, joined by dots; the root of a tree is one tenant."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("grp"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    name = models.CharField(max_length=100)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name

    @property
    def root_id(self) -> str:
        """The id of the top group of this tree."""
        return self.path.partition(".")[0]


class Portal(StrEnum):
    """The part of the platform that a role works in; the values are stored and part of the API."""

    ADMIN = "global_admin"
    PROVIDER = "isv"
    USER = "user"


class DataLevel(StrEnum):
    """How far a granted action reaches."""

    ALL = "all"
    GROUP = "group"
    SELF = "self"


class Role(models.Model):
    """A named set of permissions within one portal. Built-in ones are locked; shipped names are translated when shown."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("role"))
    name = models.CharField(max_length=50)
    description = models.CharField(max_length=200, blank=True)
    portal = models.CharField(max_length=16)
    builtin = models.BooleanField(default=False)
    # The tree whose people made this role and may give it; none: shipped with the platform.
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+")
    # A deleted role stays for the former people who had it; nobody can be given it.
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language; a custom role's name is its own."""
        return gettext(self.name)

    @property
    def about(self) -> str:
        """The description in the reader's language; a custom role's is its own."""
        return gettext(self.description) if self.description else ""

    @cached_property
    def grants_by_module(self) -> "dict[str, Grant]":
        """Read the grants once for as long as this object lives: a request, a step of a job."""
        return {grant.module: Grant(grant.module, grant.data_level, grant.check_all, grant.actions) for grant in _GRANTS.all(self.pk)}


class Grant(NamedTuple):
    """What a role may do in one module, as `RoleGrant` has it."""

    module: str
    data_level: str
    check_all: bool
    actions: list[Any]

    @classmethod
    def columns(cls, role: str) -> dict[str, F]:
        """Return the annotations that bring the grants of a query's `role` along; a role without grants brings one of None."""
        return {f"grant_{name}": F(f"{role}__grants__{name}") for name in cls._fields}


def with_grants(role: Role, rows: Iterable[tuple[Any, ...]]) -> None:
    """Give a role that was just read its grants, which came along in the columns of `Grant`."""
    role.grants_by_module = {grant.module: grant for grant in map(Grant._make, rows) if grant.module}


class RoleGrant(models.Model):
    """What a role may do in one module and how far; `check_all` means every action that its portal may hold."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    module = models.CharField(max_length=8)
    data_level = models.CharField(max_length=8)
    check_all = models.BooleanField(default=False)
    actions = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "module"], name="one_grant_per_module")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.module} {self.data_level}"


_GRANTS = Lookup(lambda role_id: RoleGrant.objects.filter(role=role_id))


class UserStatus(StrEnum):
    """Whether a person may sign in; a deleted one stays as the former owner of things."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class UserManager(BaseUserManager["User"]):
    """Finds people; making one is `services.create_user`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this address, in any case of its letters."""
        return self.get(email=(username or "").lower())

    def active(self) -> "models.QuerySet[User]":
        """Return the people who may sign in."""
        return self.filter(status=UserStatus.ACTIVE)


class User(AbstractBaseUser):
    """A person who can sign in: known by email, with one role, in one group."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("usr"))
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=50)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="users")
    language = models.CharField(max_length=10, blank=True)
    description = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, default=UserStatus.ACTIVE)
    # How often all sessions were ended; a session of an earlier count is none any more.
    sessions_ended = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        """How the account's state is said."""
        return USER_STATES[self.status]

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a column in Django's base, here one value of `status`
        """Whether this person may sign in."""
        return self.status == UserStatus.ACTIVE

    @property
    def path(self) -> str:
        """Where this person sits; things carry it as `owner_path`."""
        return f"{self.group.path}:{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind a session to the password, as Django does, and to the count of their endings."""
        plain: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # Django's stubs leave it out
        return f"{plain}{self.sessions_ended or ''}"

    def get_full_name(self) -> str:
        """Return the name that others see."""
        return self.name


class Setting(models.Model):
    """One rule of the platform that an administrator set over the operator's."""

    name = models.CharField(primary_key=True, max_length=40)
    value = models.IntegerField()
    changed_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Token(models.Model):
    """A program's way in as a person. Its value is shown once; `digest` is the SHA-256 of it."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("tok"))
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    scopes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Whether it is neither revoked nor past its end."""
        return self.state is TOKEN_STATES["works"]

    @property
    def state(self) -> State:
        """How the token's state is said."""
        if self.revoked_at:
            return TOKEN_STATES["revoked"]
        return TOKEN_STATES["works" if self.expires_at > now() else "expired"]


class SignInTry(models.Model):
    """An attempt to sign in that failed, or isn't over: one row for the account that was typed, one for where it came from."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="sign_in_tries_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.at:%F %T}"


class KeptAnswer(models.Model):
    """What a create under an `Idempotency-Key` was asked and answered; empty while the work is under way. Sealed, and kept for a day."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    answer = SealedField(context="sealed_for", blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def sealed_for(self) -> str:
        """What binds the answer to its row."""
        return f"answer:{self.person_id}:{self.key}"
