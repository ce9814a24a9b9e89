"""What a pod says about the images that it ran: the name as it was written, and a digest only where the node reports one."""

from typing import Any

import pytest

from roadstead.providers.kubernetes.pods import pod
from roadstead.runtimes.sdk import RanImage

DIGEST = "sha256:" + "ab" * 32


def item(image: str, **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "blog-0"},
        "spec": {"containers": [{"name": "blog", "image": image}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "blog", **status}] if status else []},
    }


@pytest.mark.parametrize(
    ("reported", "digest"),
    [
        (f"docker.io/library/nginx@{DIGEST}", DIGEST),
        (f"docker-pullable://nginx@{DIGEST}", DIGEST),
        (DIGEST, DIGEST),
        (f"docker://{DIGEST}", DIGEST),
        ("", ""),
        (None, ""),
        ("nginx:1.27", ""),
        ("nginx@sha256:abc", ""),
    ],
)
def test_the_digest_is_what_the_node_reports(reported: str | None, digest: str) -> None:
    assert pod(item("nginx:1.27", imageID=reported)).images == (RanImage("blog", "nginx:1.27", digest),)


def test_a_container_without_a_status_has_no_digest() -> None:
    assert pod(item("nginx:1.27")).images == (RanImage("blog", "nginx:1.27"),)


def test_init_containers_count_too() -> None:
    started = item("nginx", imageID=DIGEST)
    started["spec"]["initContainers"] = [{"name": "prepare", "image": "busybox:1"}]
    started["status"]["initContainerStatuses"] = [{"name": "prepare", "imageID": f"busybox@{DIGEST}"}]
    assert pod(started).images == (RanImage("prepare", "busybox:1", DIGEST), RanImage("blog", "nginx", DIGEST))
