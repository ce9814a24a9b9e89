"""What is seen of a WordPress with its database: one pod of each, one of them not ready."""

from roadstead.runtimes.sdk import Endpoint, Other, Pod, ReleaseView, Workload

WORDPRESS = Pod("blog-wordpress-7d9f-abcde", "Running", ready=True, node="node-1", address="10.0.0.7", created="2026-11-23T06:00:00Z")
MARIADB = Pod("blog-mariadb-0", "Pending", node="node-2", reason="ImagePullBackOff", message="Back-off pulling image")
VIEW = ReleaseView(
    status="deployed",
    workloads=(
        Workload("Deployment", "blog-wordpress", 1, 1, ("wordpress:6.8.3",), (WORDPRESS,)),
        Workload("StatefulSet", "blog-mariadb", 0, 1, ("mariadb:11.8",), (MARIADB,)),
    ),
    others=(
        Other("PersistentVolumeClaim", "blog-data", {"status": "Bound", "capacity": "8Gi"}),
        Other("Secret", "blog-mariadb", {"keys": "2"}),
        Other("Service", "blog-wordpress", {"type": "ClusterIP", "ports": "80/TCP"}),
    ),
    endpoints=(
        Endpoint("blog-wordpress", "203.0.113.7:80", "http://203.0.113.7:80/"),
        Endpoint("blog-mariadb", "blog-mariadb.demo.svc:3306"),
    ),
    notes="Open the address and sign in.",
)
