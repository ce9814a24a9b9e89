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

    we.sign_in_as(page, we.DEVELOPER)
    we.upload(page, archive)
    version = page.url
    we.submit(page)

    we.sign_in_as(page, we.HEAD)
    we.start_processing(page, "wordpress")
    we.pass_stage(page)
    expect(page.get_by_role("status").first).to_contain_text("服务商审核已通过")

    we.sign_in_as(page, we.BUSINESS)
    we.start_processing(page, "wordpress")
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

    we.sign_in_as(page, we.DEVELOPER)
    page.goto(version)
    page.get_by_role("button", name="上架到商店").first.click()
    page.get_by_role("dialog").get_by_role("button", name="上架到商店").click()
    expect(page.locator("main")).to_contain_text("已上架")

    we.sign_in_as(page, we.USER)
    page.goto("/")
    page.get_by_role("link", name="wordpress").first.click()
    page.get_by_role("button", name="立即部署").click()
    page.get_by_role("link", name="创建环境").first.click()
    we.create_environment(page, kubernetes.kubeconfig, "journey-user", "我的集群")
    we.deploy(page, "my-blog")

    page.get_by_role("link", name="工作负载").click()
    expect(page.locator("main")).to_contain_text("my-blog-mariadb")
    expect(page.locator("main")).to_contain_text("StatefulSet")
    page.get_by_role("link", name="附加信息").click()
    expect(page.locator("main")).to_contain_text("PersistentVolumeClaim")
    expect(page.locator("main")).to_contain_text("Secret")

    deployments = kubernetes.kubectl("get", "deployments,statefulsets", "-n", "journey-user", "-o", "name")
    assert "deployment.apps/my-blog" in deployments
    assert "statefulset.apps/my-blog-mariadb" in deployments
