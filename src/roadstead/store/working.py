"""The shapes of the working copies: what developers edit, before a release makes a listing of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import AfterValidator, Field

from roadstead.catalog.selectors import verbs_open_to
from roadstead.core.api import Filter, Listing, Name, Reason, Ref
from roadstead.store.schemas import Screenshot

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog import models

Text = Annotated[str, Field(max_length=100_000)]
_Language = Annotated[str, Field(max_length=50)]


def _web(address: str) -> str:
    if address and not address.startswith(("https://", "http://")):
        raise ValueError("an address that begins with https:// or http://")
    return address


class AppVersion(Schema):
    """A version: one package, named by its digest. `verbs` are what this person can do to it now."""

    id: str
    app: str
    name: str
    type: str
    status: str
    description: str
    digest: str
    size: int
    app_version: str
    images: list[str]
    submission: str
    owner: str
    verbs: list[str]
    created_at: datetime
    status_at: datetime

    @classmethod
    def of(cls, version: "models.Version", actor: "User") -> Self:
        """Tell somebody of a version; its columns have these kinds, so nothing is looked at again."""
        return cls.model_construct(
            id=version.pk,
            app=version.app_id,
            name=version.name,
            type=version.type,
            status=version.status,
            description=version.description,
            digest=version.package,
            size=version.package_size,
            app_version=version.facts.get("app_version", ""),
            images=version.facts.get("images", []),
            submission=version.submission_id,
            owner=version.owner_id,
            verbs=[verb.value for verb in verbs_open_to(actor, version)],
            created_at=version.created_at,
            status_at=version.status_at,
        )


class WorkingApp(Schema):
    """An app as its provider edits it; the store shows what it was at the last release."""

    id: str
    name: str
    chart_name: str
    status: str
    introduction: str
    home: str
    icon: str
    category: str
    keywords: list[str]
    provider: str
    owner: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, app: "models.App") -> Self:
        """Tell of an app."""
        return cls(**_facts(app))


class WholeApp(WorkingApp):
    """An app with its long texts, its pictures and its versions, newest first within each delivery type."""

    description: str
    instructions: str
    terms: str
    screenshots: list[Screenshot]
    versions: list[AppVersion]

    @classmethod
    def whole(cls, app: "models.App", versions: "list[models.Version]", actor: "User") -> Self:
        """Tell somebody of an app with everything in it."""
        return cls(
            **_facts(app),
            description=app.description,
            instructions=app.readme,
            terms=app.tos,
            screenshots=[Screenshot(**one) for one in app.screenshots],
            versions=[AppVersion.of(version, actor) for version in versions],
        )


class NewApp(Schema):
    """What an upload made: the app, and its first version."""

    app: WorkingApp
    version: AppVersion


def _facts(app: "models.App") -> dict[str, Any]:
    same = ("name", "chart_name", "status", "introduction", "home", "icon", "keywords", "created_at", "updated_at")
    ids = {"id": app.pk, "category": app.category_id, "provider": app.provider_id or "", "owner": app.owner_id}
    return {name: getattr(app, name) for name in same} | ids


class AppsAsked(Listing):
    """What the list of apps is narrowed to."""

    status: Literal["", "draft", "active", "suspended", "deleted"] = ""
    provider: Filter = ""
    category: Filter = ""
    sort: Literal["updated_at", "-updated_at", "created_at", "-created_at", "name", "-name"] = "-updated_at"


class AppEdit(Schema):
    """What an app's information shall be; what isn't named stays. The long texts are Markdown."""

    name: Name | None = None
    introduction: Annotated[str, Field(max_length=200)] | None = None
    description: Annotated[str, Field(max_length=20_000)] | None = None
    instructions: Text | None = None
    terms: Text | None = None
    home: Annotated[str, Field(max_length=200), AfterValidator(_web)] | None = None

    def columns(self) -> dict[str, str]:
        """Return what changes, by the columns' names."""
        names = {"instructions": "readme", "terms": "tos"}
        return {names.get(name, name): value for name, value in self.model_dump(exclude_none=True).items()}


class Step(Schema):
    """One place towards the beginning (-1) or the end (1)."""

    step: Literal[-1, 1]


class VersionsAsked(Listing):
    """What the list of versions is narrowed to; `q` looks at names and ids."""

    app: Filter = ""
    status: Literal["", "draft", "submitted", "in-review", "passed", "rejected", "active", "suspended"] = ""
    type: Literal["", "helm", "vm"] = ""
    sort: Literal["created_at", "-created_at", "status_at", "-status_at", "name", "-name"] = "-created_at"


class VersionEdit(Schema):
    """A version's update log."""

    description: Annotated[str, Field(max_length=2_000)]


class Why(Schema):
    """Why something is done; the record keeps it."""

    reason: Reason = ""


class Category(Schema):
    """A shelf of the store; `name` is in the language of the request, `names` in each that it has."""

    id: str
    name: str
    names: dict[str, str]
    icon: str

    @classmethod
    def of(cls, category: "models.Category") -> Self:
        """Tell of a category."""
        return cls(id=category.pk, name=category.word, names=category.names, icon=category.icon)


class CategoryWish(Schema):
    """What a category is called in English and Chinese, and its picture; one name is enough."""

    name: _Language = ""
    name_zh: _Language = ""
    icon: Annotated[str, Field(max_length=40)] = "category"

    @property
    def names(self) -> dict[str, str]:
        """Its names by language."""
        return {"en": self.name, "zh-hans": self.name_zh}


class AppsOfCategory(Schema):
    """Apps that shall stand in a category."""

    apps: Annotated[list[Ref], Field(min_length=1, max_length=200)]


class Moved(Schema):
    """How many apps changed."""

    moved: int
