"""Test deployments of what is reviewed."""

from typing import TYPE_CHECKING

from roadstead.clusters import services as clusters
from roadstead.core.errors import NotPermitted
from roadstead.reviews import selectors, services
from roadstead.reviews.panel import panel_for

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.reviews.models import Evidence


def deploy_for_test(*, actor: "User", submission_id: str, environment_id: str, name: str, values: str) -> "Evidence":
    """Deploy exactly the reviewed version to a test environment and attach the deployment to the review."""
    submission = selectors.submission_for(actor, submission_id)
    if not panel_for(actor, submission).can_test:
        raise NotPermitted
    cluster = clusters.create(
        actor=actor, version_id=submission.version_id, environment_id=environment_id, name=name, values=values, debug=True
    )
    return services.attach_deployment(actor=actor, submission_id=submission_id, cluster=cluster)
