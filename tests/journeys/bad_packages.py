"""Packages that must be refused, each with all that people are told about it: the place and the sentence in both languages."""

import tarfile
from collections.abc import Callable
from typing import NamedTuple

from roadstead.packaging.factories import chart, entry, tar_of, tgz

LOOP = "{{ range until 1000 }}" * 4 + "{{ end }}" * 4
SCHEMA = '{"type": "object", "properties": {"db": {"type": "object", "required": ["host"], "properties": {"host": {"type": "string"}}}}}'
SET_A_HOST = "execution error at (demo/templates/app.yaml:2:3): set a host"


class Bad(NamedTuple):
    """A package and what is said about it."""

    id: str
    data: Callable[[], bytes]
    place: str
    english: str
    chinese: str


def _with(path: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> bytes:
    return tar_of([(entry("demo/Chart.yaml"), b""), (entry(path, kind, target), b"")])


def _twice() -> bytes:
    return tar_of([(entry("demo/values.yaml"), b"a: 1\n"), (entry("demo/values.yaml"), b"a: 2\n")])


_LINK = ("Links aren't accepted. Pack the file itself.", "不接受链接，请打包文件本身。")
_YAML = ("This isn't valid YAML: did not find expected", "不是有效的 YAML：did not find expected")

BAD_PACKAGES = [
    Bad(
        "not an archive",
        lambda: b"apiVersion: v2\nname: demo\n" * 40,
        "demo.tgz",
        "This isn't a tar, tar.gz, tar.bz2 or zip archive.",
        "这不是 tar、tar.gz、tar.bz2 或 zip 压缩包。",
    ),
    Bad(
        "cut off",
        lambda: chart()[:-40],
        "demo.tgz",
        "The archive is damaged or cut off. Pack it again.",
        "压缩包已损坏或不完整，请重新打包。",
    ),
    Bad(
        "bomb",
        lambda: tgz({"zeros": bytes(200 * 1024 * 1024)}),
        "demo.tgz",
        "The archive unpacks to more than 50 times its size, as a decompression bomb does.",
        "解压后超过自身大小的 50 倍，形同解压炸弹。",
    ),
    Bad(
        "traversal",
        lambda: _with("demo/../../etc/cron.d/x"),
        "demo/../../etc/cron.d/x",
        "The path leaves the package through “..”.",
        "路径通过“..”跳出了应用包。",
    ),
    Bad("symbolic link", lambda: _with("demo/secret", tarfile.SYMTYPE, "/etc/passwd"), "demo/secret", *_LINK),
    Bad("hard link", lambda: _with("demo/again", tarfile.LNKTYPE, "demo/Chart.yaml"), "demo/again", *_LINK),
    Bad("duplicate names", _twice, "demo/values.yaml", "The archive holds this path more than once.", "压缩包里这个路径出现了多次。"),
    Bad(
        "no chart",
        lambda: chart({"Chart.yaml": None}),
        "demo.tgz",
        "Neither Chart.yaml (Helm) nor package.json (VM) is in the top folder.",
        "顶层文件夹里既没有 Chart.yaml（Helm），也没有 package.json（虚拟机）。",
    ),
    Bad("broken Chart.yaml", lambda: chart({"Chart.yaml": "apiVersion: v2\nname: [demo\nversion: 1.0.0\n"}), "Chart.yaml · 3", *_YAML),
    Bad("broken values.yaml", lambda: chart({"values.yaml": "a: 1\nb:\n  - [1\nc: 2\n"}), "values.yaml · 4", *_YAML),
    Bad(
        "defaults against schema",
        lambda: chart({"values.yaml": "replicas: 1\ndb: {host: 5}\n", "values.schema.json": SCHEMA}),
        "values.yaml · db.host",
        "Expected string, found integer.",
        "应当是 string，实际是 integer。",
    ),
    Bad(
        "defaults without what the schema requires",
        lambda: chart({"values.yaml": "replicas: 1\ndb: {}\n", "values.schema.json": SCHEMA}),
        "values.yaml · db",
        "“host” is required.",
        "缺少必填项“host”。",
    ),
    Bad(
        "endless template",
        lambda: chart({"templates/app.yaml": LOOP}),
        "",
        "Rendering didn't end within 3 seconds and was stopped.",
        "渲染在 3 秒内没有结束，已被停止。",
    ),
    Bad(
        "failing render",
        lambda: chart({"templates/app.yaml": '\n{{ fail "set a host" }}'}),
        "templates/app.yaml · 2",
        f"The template fails with the default values: {SET_A_HOST}",
        f"使用默认值渲染模板失败：{SET_A_HOST}",
    ),
]
