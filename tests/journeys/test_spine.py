"""The product's main job in the browser: a chart goes through review to a running release (steps 9–11, 14–20, 30–35 and 38)."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.cast import Cast
from tests.journeys.packages import wordpress
from tests.journeys.users import Runner
from tests.testbeds.kubernetes import ControlPlane


def test_a_chart_goes_through_review_to_a_running_release(cast: Cast, kubernetes: ControlPlane, tmp_path: Path) -> None:
    app = f"wordpress-{cast.mark}"
    archive = tmp_path / f"{app}-1.0.0.tgz"
    archive.write_bytes(wordpress(app))

    version = developed(cast, archive)
    cast.head.pass_as_provider(app)
    reviewed_as_business(cast, app)
    reviewed_as_technical(cast, app, kubernetes)
    released(cast, version)
    deployed(cast, app, kubernetes)
    deleted(cast, kubernetes)


def developed(cast: Cast, archive: Path) -> str:
    """Upload the chart and submit it; return the address of its version."""
    version = cast.developer.create_app(archive)
    cast.developer.submit()
    return version


def reviewed_as_business(cast: Cast, app: str) -> None:
    """Pass the second stage; business reviewers prove companies, not deployments."""
    business = cast.business
    business.claim(app)
    business.cannot("Deploy test")
    business.pass_stage("Business review passed. {name} goes to technical review.", f"{app} 1.0.0")


def reviewed_as_technical(cast: Cast, app: str, kubernetes: ControlPlane) -> None:
    """Pass the last stage after a test deployment to an environment that is made on the way."""
    technical = cast.technical
    review = technical.claim(app)
    technical.follow("Deploy test")
    tester = Runner(technical.page, technical.language)
    tester.make_environment(kubernetes.kubeconfig, f"journey-testing-{cast.mark}", "k8s-testing-runtime")
    expect(tester.chosen_environment).to_contain_text("k8s-testing-runtime")
    tester.deploy("wordpress-test")
    technical.go(review)
    technical.see_text("k8s-testing-runtime", "wordpress-test", within=technical.panel)
    technical.pass_stage("Technical review passed. The developer can release {name} to the store now.", f"{app} 1.0.0")


def released(cast: Cast, version: str) -> None:
    """Release the passed version, and go to see it in the store."""
    cast.developer.go(version)
    cast.developer.release()
    cast.developer.follow("View in store")
    cast.developer.see("Proof of review", "Certified provider")


def deployed(cast: Cast, app: str, kubernetes: ControlPlane) -> None:
    """Deploy from the store as a user, and read on the instance's page what runs."""
    user = cast.user
    user.open_in_store(app)
    user.press("Deploy now")
    user.make_environment(kubernetes.kubeconfig, f"journey-user-{cast.mark}", "harbour")
    expect(user.chosen_environment).to_contain_text("harbour")
    user.deploy("my-blog")
    user.look_into("Workloads")
    user.see_text(f"my-blog-{app}", "my-blog-mariadb", "StatefulSet")
    user.look_into("Additional information")
    user.see_text("PersistentVolumeClaim", "Secret", "Service")
    made = kubernetes.kubectl("get", "deployments,statefulsets", "-n", f"journey-user-{cast.mark}", "-o", "name").split()
    assert made == [f"deployment.apps/my-blog-{app}", "statefulset.apps/my-blog-mariadb"]


def deleted(cast: Cast, kubernetes: ControlPlane) -> None:
    """Delete the instance, of which nothing runs on."""
    user = cast.user
    user.ask_for("Delete instance")
    user.confirm("Delete instance", "my-blog")
    user.see_state("Deleted", 60_000)
    left = kubernetes.kubectl("get", "deployments,statefulsets,services", "-n", f"journey-user-{cast.mark}", "-o", "name")
    assert left.split() == []
