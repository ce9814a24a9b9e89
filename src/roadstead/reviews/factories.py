"""Reviews for tests: a whole cast, and a version anywhere on its way."""

from dataclasses import dataclass

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories as catalog
from roadstead.reviews import services
from roadstead.reviews.models import Submission
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.vendors.factories import provider
from roadstead.vendors.selectors import provider_of


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
    made = services.submit(actor=people.developer, version_id=draft(people.developer))
    for earlier in OPEN_STAGES[: OPEN_STAGES.index(stage)]:
        pass_stage(people, made, earlier)
    made.refresh_from_db()
    return made


def pass_stage(people: Cast, made: Submission, stage: Stage) -> Submission:
    """Claim and pass one stage as its reviewer."""
    reviewer = people.reviewer(stage)
    services.claim(actor=reviewer, submission_id=made.pk, stage=stage)
    return services.decide(actor=reviewer, submission_id=made.pk, stage=stage, verdict=Verdict.PASS)
