"""What people do in the browser, in their words; the stories are told with these."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

DEVELOPER, HEAD, BUSINESS, TECHNICAL, USER = "陈屿", "苏禾", "何以晴", "林知远", "周子衿"


def sign_in_as(page: Page, name: str) -> None:
    """Become one of the sample people by one click."""
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name=re.compile(name)).click()
    page.wait_for_load_state()


def upload(page: Page, archive: Path) -> None:
    """Create an app from a Helm chart, up to its first draft version."""
    page.goto("/workbench/apps/new")
    page.get_by_role("button", name="继续上传").click()
    page.locator("input[type=file][name=package]").set_input_files(archive)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="完成").click()
    page.get_by_role("link", name="打开版本").click()


def submit(page: Page) -> None:
    """Send the version that is on the page to review."""
    page.get_by_role("button", name="提交审核").first.click()
    page.get_by_role("dialog").get_by_role("link", name="准备提交").click()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("等待审核")


def start_processing(page: Page, app: str) -> None:
    """Take an app's version from the queue."""
    page.goto("/workbench/reviews")
    page.get_by_role("row").filter(has_text=app).get_by_role("button", name="开始处理").click()
    expect(page.locator("main")).to_contain_text("由你处理")


def pass_stage(page: Page) -> None:
    """Pass the review on the page."""
    page.get_by_role("button", name="通过", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="通过这个版本").click()


def create_environment(page: Page, kubeconfig: str, namespace: str, name: str) -> None:
    """Fill the form of a Kubernetes environment that is on the page."""
    page.locator("[name=content]").fill(kubeconfig)
    page.locator("[name=zone]").fill(namespace)
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="创建环境").click()


def deploy(page: Page, name: str) -> None:
    """Fill the deploy form that is on the page and wait until the instance runs."""
    page.get_by_label("实例名称").fill(name)
    page.get_by_role("button", name="部署", exact=True).click()
    expect(page.locator(".rs-head")).to_contain_text("正常", timeout=120_000)


def delete(page: Page, name: str) -> None:
    """Delete the instance on the page, whose name has to be typed, and wait until it is gone."""
    page.locator(".rs-head summary").click()
    page.get_by_role("link", name="删除实例").click()
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="删除")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill(name)
    confirm.click()
    expect(page.locator(".rs-head")).to_contain_text("已删除", timeout=120_000)
