"""WordPress in earnest: on a real kubelet, its installer completed in the browser through the address that the instance's page names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.cast import Cast
from tests.journeys.installation import Installation
from tests.journeys.packages import wordpress
from tests.journeys.wordpress import expect_title, install
from tests.testbeds.kubernetes import CannotBuild, NotReady
from tests.testbeds.kubernetes.node import RealNode

SLOW = 300_000


@pytest.fixture(scope="module")
def node() -> Iterator[RealNode]:
    """A cluster of one real node, of which nothing is left."""
    try:
        with RealNode.running() as running:
            yield running
    except (CannotBuild, NotReady) as reason:
        pytest.skip(str(reason))
    assert not running.folder.parent.exists()
    assert not list(Path("/sys/fs/cgroup").glob(f"**/{running.folder.parent.name}"))


@pytest.mark.parametrize("language", ["zh-CN"], indirect=True)
def test_wordpress_is_installed_through_its_instance(cast: Cast, installation: Installation, node: RealNode, tmp_path: Path) -> None:
    app = installation.has(f"wordpress-{cast.mark}", archive=chart_for_the_node(f"wordpress-{cast.mark}", tmp_path))
    user = cast.user
    user.go(f"{app.in_store}/deploy")
    user.make_environment(node.plane.kubeconfig, f"real-{cast.mark}", f"quay-{cast.mark}")
    user.write({"Instance name": "heron"})
    user.press("Deploy")
    user.see_state("Running", SLOW)
    instance = user.page.url.partition("?")[0]

    with user.page.expect_popup() as opened:
        user.main.get_by_role("link", name=re.compile(r"^10\.")).first.click()
    site = opened.value
    install(site)
    expect_title(site)

    user.go(instance)
    user.look_into("Workloads")
    user.row(f"heron-{app.name}").get_by_role("link", name=re.compile(user.read("Log"))).first.click()
    user.see_text("POST /wp-admin/install.php")
    site.close()


def chart_for_the_node(name: str, folder: Path) -> Path:
    """Pack the example with the node's images and volumes, reached on a port of the node."""
    wanted = {"persistence": {"storageClass": "real"}}
    archive = folder / f"{name}-1.0.0.tgz"
    archive.write_bytes(
        wordpress(
            name,
            image={"repository": "roadstead.test/wordpress", "tag": "1"},
            service={"type": "NodePort"},
            mariadb={"image": {"repository": "roadstead.test/mariadb", "tag": "1"}, **wanted},
            **wanted,
        )
    )
    return archive
