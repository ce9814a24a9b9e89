"""The documents of the store: stored with a listing, answered by the API, read by the pages."""

from datetime import datetime

from ninja import Schema

from roadstead.store.models import UNCATEGORIZED


class Provider(Schema):
    """Who offers the app."""

    id: str
    name: str
    website: str = ""
    profile: str = ""
    certified: bool = False
    joined_at: datetime


class Proof(Schema):
    """One stage of the review that a version passed: `stage` is provider, business or technical, `verdict` pass, waived or forced."""

    stage: str
    verdict: str
    reviewer: str = ""
    decided_at: datetime


class RanImage(Schema):
    """An image of a test deployment: its name in the manifests, and the digests that ran; none where the cluster reported none."""

    image: str
    digests: list[str] = []


class TestRun(Schema):
    """A test deployment during the review, as it was seen then: `place` is the kind of environment, `result` how it ended."""

    place: str
    result: str
    begun_at: datetime
    seconds: int = 0
    images: list[RanImage] = []


class MachineRole(Schema):
    """A role of a package for machines with its own answers: how many nodes, each with `replica` followers, and what a node takes.

    `memory` is in MiB, `storage` in GiB.
    """

    role: str
    image: str
    count: int
    replica: int = 0
    cpu: int = 0
    memory: int = 0
    storage: int = 0


class Version(Schema):
    """A version in the store. `digest` is the SHA-256 of the package: what was reviewed is what is deployed.

    `checks` counts the automatic checks that it passed; `forced` says that administrators decided in place of the stages' reviewers.
    """

    id: str
    name: str
    type: str
    app_version: str = ""
    update_log: str = ""
    digest: str
    size: int
    released_at: datetime
    proofs: list[Proof] = []
    forced: bool = False
    checks: int = 0
    test_deployments: int = 0
    tests: list[TestRun] = []
    roles: list[MachineRole] = []


class Screenshot(Schema):
    """A picture of the app at work, and its thumbnail; addresses below `/media/icons/`."""

    full: str
    small: str


class AppInfo(Schema):
    """The app's information, as it was at the last release. What ends in `_html` is sanitised.

    `icon` is the picture's address below `/media/icons/`, or empty; `category` is the shelf that it stands on now.
    """

    id: str
    name: str
    introduction: str = ""
    description: str = ""
    description_html: str = ""
    instructions: str = ""
    instructions_html: str = ""
    terms: str = ""
    terms_html: str = ""
    home: str = ""
    icon: str = ""
    category: str = UNCATEGORIZED
    screenshots: list[Screenshot] = []
    keywords: list[str] = []
    sources: list[str] = []
    chart_name: str = ""
    provider: Provider

    @property
    def pk(self) -> str:
        """The id, under the name by which pictures are asked for."""
        return self.id


class Page(AppInfo):
    """An app in the store with its versions, newest first within each delivery type."""

    listed_at: datetime
    versions: list[Version]

    @property
    def types(self) -> list[str]:
        """The delivery types that are offered."""
        return list(dict.fromkeys(version.type for version in self.versions))


class CardProvider(Schema):
    """Who offers the app, in short."""

    id: str
    name: str
    certified: bool = False


class Card(Schema):
    """An app as an item of a list. `icon` is the picture's address below `/media/icons/`, or empty."""

    id: str
    name: str
    introduction: str = ""
    icon: str = ""
    category: str = UNCATEGORIZED
    provider: CardProvider
    types: list[str]
    latest_version: str
    keywords: list[str] = []
    listed_at: datetime

    @property
    def pk(self) -> str:
        """The id, under the name by which pictures are asked for."""
        return self.id


class Cards(Schema):
    """A page of the list; `next_cursor` is empty on the last one."""

    items: list[Card]
    next_cursor: str = ""
