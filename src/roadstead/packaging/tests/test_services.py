"""The verbs: what a report says of a good chart, what an opened package gives."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest
from django.utils import translation

from roadstead import helm
from roadstead.packaging import services
from roadstead.packaging.errors import FileNotInPackage, PackageUnreadable
from roadstead.packaging.factories import CHART, chart, tbz, tgz, zipped

RICH = {
    **CHART,
    "Chart.yaml": """apiVersion: v2
name: demo
version: 1.2.3
appVersion: "4.5"
description: Shows things
home: https://demo.example
icon: https://demo.example/icon.png
kubeVersion: ">=1.30"
deprecated: true
keywords: [web, cms]
sources: [https://git.example]
maintainers: [{name: Ann, email: ann@example.org}]
""",
    "README.md": "# Demo",
    "templates/job.yaml": (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n"
        "spec: {jobTemplate: {spec: {template: {spec: {initContainers: [{image: busybox}], containers: [{image: nginx:1.29}]}}}}}\n"
    ),
    "crds/thing.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.org}\n",
}
SCHEMA = '{"properties": {"replicas": {"type": "integer"}, "db": {"required": ["host"]}}}'


def test_a_good_chart_is_described() -> None:
    data = tgz(RICH)
    report = services.check(data, filename="demo.tgz")
    assert report.ok
    assert (report.delivery, report.name, report.version, report.version_name) == ("helm", "demo", "1.2.3", "1.2.3 [4.5]")
    assert report.digest == hashlib.sha256(data).hexdigest()
    assert (report.description, report.home) == ("Shows things", "https://demo.example")
    assert report.icon_url == "https://demo.example/icon.png"
    assert (report.keywords, report.sources) == (("web", "cms"), ("https://git.example",))
    assert (report.deprecated, report.kube_version) == (True, ">=1.30")
    assert report.maintainers == ({"name": "Ann", "email": "ann@example.org"},)
    assert report.images == ("busybox", "nginx:1.29")
    assert report.kinds == ("apiextensions.k8s.io/v1/CustomResourceDefinition", "apps/v1/Deployment", "batch/v1/CronJob")
    assert (report.values, report.readme) == ("replicas: 1\n", "# Demo")
    assert "# Source: demo/templates/job.yaml" in report.manifests
    assert report.files[0] == services.PackageFile("Chart.yaml", len(RICH["Chart.yaml"]))
    assert report.network_isolated


def test_an_address_that_is_no_web_address_never_becomes_a_link() -> None:
    text = CHART["Chart.yaml"] + "home: 'javascript:alert(1)'\nicon: 'data:text/html,x'\n"
    report = services.check(chart({"Chart.yaml": text}))
    assert (report.ok, report.home, report.icon_url) == (True, "", "")


def test_the_same_bytes_give_the_same_report() -> None:
    data = chart({"templates/x.yaml": "{{ .Values.a.b }}", "values.toml": ""})
    assert services.check(data) == services.check(data)


def test_the_outward_shape_speaks_the_readers_language() -> None:
    report = services.check(b"", filename="up.tgz")
    with translation.override("zh-hans"):
        assert report.as_dict() == {
            "ok": False,
            "delivery": None,
            "name": "",
            "version": "",
            "digest": hashlib.sha256(b"").hexdigest(),
            "problems": [
                {"file": "up.tgz", "where": "", "code": "not_an_archive", "message": "这不是 tar、tar.gz、tar.bz2 或 zip 压缩包。"}
            ],
            "warnings": [],
        }


def test_a_vm_package_is_recognised() -> None:
    report = services.check(tgz({"package.json": '{"name": "pg", "version": "1.0.0", "app_version": "15"}'}))
    assert (report.delivery, report.name, report.version_name) == ("vm", "pg", "1.0.0 [15]")
    assert [problem.code for problem in report.problems] == ["file_missing", "file_missing"]


def test_an_opened_package_is_read() -> None:
    package = services.open_package(tgz(RICH))
    assert package.values == "replicas: 1\n"
    assert package.text("README.md") == "# Demo"
    assert [file.path for file in package.files] == sorted(RICH)
    with pytest.raises(FileNotInPackage):
        package.text("../secret")


@pytest.mark.parametrize("data", [b"", chart({"Chart.yaml": None}), chart({"values.schema.json": '{"$ref": "http://x"}'})])
def test_what_was_never_accepted_is_not_opened(data: bytes) -> None:
    with pytest.raises(PackageUnreadable) as raised:
        services.open_package(data)
    assert raised.value.problems


def test_helm_gets_the_same_bytes_whatever_was_uploaded() -> None:
    archives = [services.open_chart(pack(RICH, top)).chart_archive() for pack, top in ((tgz, "a"), (tbz, "demo"), (zipped, "中"))]
    assert len(set(archives)) == 1
    with tarfile.open(fileobj=io.BytesIO(archives[0])) as packed:
        assert packed.getnames() == [f"demo/{path}" for path in sorted(RICH)]
    assert helm.render(archives[0], name="one", namespace="place").files


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("", []),
        ("replicas: 3", []),
        ("replicas: x", ["value_type"]),
        ("db: {user: me}", []),
        ("db: {host: null}", ["value_required"]),
        ("replicas: [", ["yaml_syntax"]),
        ("- a", ["not_a_mapping"]),
        ("a: 1\na: 2", ["duplicate_key"]),
        ("a: \ud800", ["not_utf8"]),
    ],
)
def test_edited_values_are_checked_with_the_defaults(values: str, codes: list[str]) -> None:
    package = services.open_package(chart({"values.schema.json": SCHEMA, "values.yaml": "replicas: 1\ndb: {host: here}\n"}))
    assert [problem.code for problem in services.check_values(package, values)] == codes


def test_a_folder_is_packed_as_an_upload(tmp_path: Path) -> None:
    for path, text in {**CHART, ".git/config": "secret"}.items():
        (tmp_path / "demo" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "demo" / path).write_text(text)
    data = services.pack_folder(tmp_path / "demo")
    report = services.check(data)
    assert report.ok
    assert [file.path for file in report.files] == sorted(CHART)
    assert services.pack_folder(tmp_path / "demo") == data
    (tmp_path / "demo/link").symlink_to("/etc/passwd")
    assert [problem.code for problem in services.check(services.pack_folder(tmp_path / "demo")).problems] == ["entry_link"]
