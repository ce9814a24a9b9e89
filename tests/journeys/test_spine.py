"""The product's main job in the browser: a chart goes through review to a running release."""

from pathlib import Path

from playwright.sync_api import Page, expect

from roadstead.packaging.services import pack_folder
from tests.journeys import people as we
from tests.testbeds.kubernetes import ControlPlane

CHART = Path(__file__).parents[2] / "examples" / "wordpress" / "helm"


def test_a_chart_goes_through_review_to_a_running_release(page: Page, kubernetes: ControlPlane, tmp_path: Path) -> None:
    archive = tmp_path / "wordpress-1.0.0.tgz"
    archive.write_bytes(pack_folder(CHART))

    version = developed(page, archive)
    reviewed(page, kubernetes)
    released(page, version)
    deployed(page, kubernetes)

    made = kubernetes.kubectl("get", "deployments,statefulsets", "-n", "journey-user", "-o", "name").split()
    assert made == ["deployment.apps/my-blog-wordpress", "statefulset.apps/my-blog-mariadb"]
    we.delete(page, "my-blog")
    assert kubernetes.kubectl("get", "deployments,statefulsets,services", "-n", "journey-user", "-o", "name").split() == []


def developed(page: Page, archive: Path) -> str:
    """Upload the chart and submit it; return the address of its version."""
    we.sign_in_as(page, we.DEVELOPER)
    we.upload(page, archive)
    version = page.url
    we.submit(page)
    return version


def reviewed(page: Page, kubernetes: ControlPlane) -> None:
    """Pass the three stages, the last one with a test deployment."""
    we.sign_in_as(page, we.HEAD)
    we.start_processing(page, "wordpress")
    we.pass_stage(page)
    expect(page.get_by_role("status").first).to_contain_text("服务商审核已通过")

    we.sign_in_as(page, we.BUSINESS)
    we.start_processing(page, "wordpress")
    # Business reviewers prove companies, not deployments.
    expect(page.get_by_role("link", name="部署测试")).to_have_count(0)
    we.pass_stage(page)

    we.sign_in_as(page, we.TECHNICAL)
    we.start_processing(page, "wordpress")
    review = page.url
    page.get_by_role("link", name="部署测试").click()
    page.get_by_role("link", name="创建环境").first.click()
    we.create_environment(page, kubernetes.kubeconfig, "journey-testing", "k8s-testing-runtime")
    we.deploy(page, "wordpress-test")
    page.goto(review)
    expect(page.locator("main")).to_contain_text("k8s-testing-runtime")
    we.pass_stage(page)


def released(page: Page, version: str) -> None:
    """Release the passed version to the store."""
    we.sign_in_as(page, we.DEVELOPER)
    page.goto(version)
    page.get_by_role("button", name="上架到商店").first.click()
    page.get_by_role("dialog").get_by_role("button", name="上架到商店").click()
    expect(page.locator("main")).to_contain_text("已上架")


def deployed(page: Page, kubernetes: ControlPlane) -> None:
    """Deploy from the store as a user, and read on the instance's page what runs."""
    we.sign_in_as(page, we.USER)
    page.goto("/")
    page.get_by_role("link", name="wordpress").first.click()
    page.get_by_role("button", name="立即部署").click()
    page.get_by_role("link", name="创建环境").first.click()
    we.create_environment(page, kubernetes.kubeconfig, "journey-user", "我的集群")
    we.deploy(page, "my-blog")

    page.get_by_role("link", name="工作负载").click()
    for words in ("my-blog-wordpress", "my-blog-mariadb", "StatefulSet"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("link", name="附加信息").click()
    for words in ("PersistentVolumeClaim", "Secret", "Service"):
        expect(page.locator("main")).to_contain_text(words)
