"""Reviews for tests: a whole cast, and a version anywhere on its way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.packaging import services as packaging
from roadstead.packaging.factories import chart
from roadstead.reviews import services
from roadstead.reviews.models import Submission
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.vendors.factories import provider
from roadstead.vendors.selectors import provider_of

if TYPE_CHECKING:
    from roadstead.catalog.models import App, Version
    from roadstead.packaging.factories import Files


@dataclass(frozen=True)
class Cast:
    """The people of the walkthrough: one provider's team, the platform's reviewers, and a stranger who holds the same role."""

    developer: User
    head: User
    business: User
    technical: User
    stranger: User

    def reviewer(self, stage: Stage) -> User:
        """Who reviews a stage."""
        return {Stage.PROVIDER: self.head, Stage.BUSINESS: self.business, Stage.TECHNICAL: self.technical}[stage]


def draft(developer: User) -> str:
    """Make a draft version of somebody's new app and return its id."""
    return catalog.version(of=catalog.app(developer, provider=provider_of(developer))).pk


def cast() -> Cast:
    """Make the people."""
    company = provider()
    return Cast(
        developer=person("developer", company.group),
        head=company.head,
        business=person("business_reviewer"),
        technical=person("technical_reviewer"),
        stranger=provider().head,
    )


def submission(people: Cast, *, stage: Stage = Stage.PROVIDER) -> Submission:
    """Submit a new version and pass every stage before the one that is wanted."""
    return _sent(people, draft(people.developer), stage)


def deployable(people: Cast, *, stage: Stage = Stage.TECHNICAL) -> Submission:
    """Submit a version whose package can be deployed, and pass every stage before the one that is wanted."""
    app = catalog.app(people.developer, provider=provider_of(people.developer))
    return _sent(people, packaged(app, Status.DRAFT).pk, stage)


def _sent(people: Cast, version_id: str, stage: Stage) -> Submission:
    made = services.submit(actor=people.developer, version_id=version_id)
    for earlier in OPEN_STAGES[: OPEN_STAGES.index(stage)]:
        pass_stage(people, made, earlier)
    made.refresh_from_db()
    return made


def pass_stage(people: Cast, made: Submission, stage: Stage) -> Submission:
    """Claim and pass one stage as its reviewer."""
    reviewer = people.reviewer(stage)
    services.claim(actor=reviewer, submission_id=made.pk, stage=stage)
    return services.decide(actor=reviewer, submission_id=made.pk, stage=stage, verdict=Verdict.PASS)


def packaged(of: "App", status: Status, *, manifests: str = "", files: "Files | None" = None, **fields: Any) -> "Version":
    """Make a version of an app with a real package and what it is said to render to."""
    data = chart(files)
    facts = {
        "app_version": "",
        "files": [{"path": file.path, "size": file.size} for file in packaging.open_package(data).files],
        "images": [],
        "kinds": {},
        "manifests": blobs.put(manifests.encode()),
    }
    return catalog.version(status, of=of, package=blobs.put(data), facts=facts, **fields)


def update(people: Cast, *, before: tuple[str, "Files"], after: tuple[str, "Files"]) -> Submission:
    """Submit a new version of an app that has a listed one; each is what it renders to, and its files."""
    app = catalog.app(people.developer, provider=provider_of(people.developer))
    packaged(app, Status.ACTIVE, name="1.0.0", manifests=before[0], files=before[1])
    version = packaged(app, Status.DRAFT, name="1.1.0", manifests=after[0], files=after[1])
    return services.submit(actor=people.developer, version_id=version.pk)
