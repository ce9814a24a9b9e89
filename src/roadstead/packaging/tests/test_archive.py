"""Archives of strangers: each rule with a package that breaks it."""

import gzip
import resource
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from roadstead.packaging import archive
from roadstead.packaging.factories import CHART, chart, entry, tar, tar_of, tbz, tgz, zip_of, zipped
from roadstead.packaging.limits import STANDARD
from roadstead.packaging.tests.saying import Case

MIB = 1024 * 1024
SMALL = replace(STANDARD, upload_bytes=2 * MIB, unpacked_bytes=4 * MIB, entries=20, ratio=10**6)


def bomb() -> bytes:
    return tgz({"zeros": bytes(200 * MIB)})


def one(path: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> bytes:
    return tar_of([(entry("demo/Chart.yaml"), b""), (entry(path, kind, target), b"")])


def twice() -> bytes:
    return tar_of([(entry("demo/a.txt"), b"1"), (entry("demo/a.txt"), b"2")])


def protected() -> bytes:
    data = bytearray(zipped({"a": "b"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def zip_link() -> bytes:
    info = zipfile.ZipInfo("demo/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return zip_of([(info, b"/etc/passwd")])


def sparse() -> bytes:
    member = entry("demo/holes")
    member.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.realsize": str(10**12),
        "GNU.sparse.name": "demo/holes",
    }
    return tar_of([(member, b"1\n0\n0\n".ljust(512, b"\0"))])


def exabyte(path: str) -> bytes:
    """Claim a size that nothing backs, for an entry that would be skipped, as for one that would be read."""
    data = tar_of([(entry(path), b""), (entry("demo/Chart.yaml"), b"")])
    claimed = bytearray(data)
    claimed[124:136] = b"\x80" + (10**18).to_bytes(11, "big")
    claimed[148:156] = b" " * 8
    claimed[148:156] = f"{sum(claimed[:512]):06o}\0 ".encode()
    return bytes(claimed)


LINK = ("Links aren't accepted. Pack the file itself.", "不接受链接，请打包文件本身。")
UNPACKED = ("Unpacked, the archive takes more than 4 MiB.", "解压后超过 4 MiB。")
SPECIAL = (
    "Only ordinary files and folders are accepted, no devices, pipes or sparse files.",
    "只接受普通文件和文件夹，不接受设备、管道或稀疏文件。",
)
ABSOLUTE = ("The path is absolute. Pack the folder with relative paths.", "这是绝对路径，请用相对路径打包文件夹。")
TRAVERSAL = ("The path leaves the package through “..”.", "路径通过“..”跳出了应用包。")
DAMAGED = ("The archive is damaged or cut off. Pack it again.", "压缩包已损坏或不完整，请重新打包。")
FOREIGN = ("This isn't a tar, tar.gz, tar.bz2 or zip archive.", "这不是 tar、tar.gz、tar.bz2 或 zip 压缩包。")
RATIO = (
    "The archive unpacks to more than 50 times its size, as a decompression bomb does.",
    "解压后超过自身大小的 50 倍，形同解压炸弹。",
)
ENTRIES = ("The archive has more than 20 entries.", "压缩包的条目超过 20 个。")
UNREADABLE = (
    "The file name isn't UTF-8 text or holds control characters. Rename the file.",
    "文件名不是 UTF-8 文本，或含有控制字符，请改名。",
)
COLLISION = ("The path differs from “%s” only in upper and lower case. Rename one.", "路径与“%s”只有大小写不同，请改掉其中一个。")

CASES = [
    Case("nothing", lambda: b"", "not_an_archive", "", "", *FOREIGN),
    Case("a text", lambda: b"apiVersion: v2\n" * 50, "not_an_archive", "", "", *FOREIGN),
    Case("xz", lambda: b"\xfd7zXZ\x00" + bytes(600), "not_an_archive", "", "", *FOREIGN),
    Case("cut off", lambda: chart()[:-40], "archive_damaged", "", "", *DAMAGED),
    Case("gzip of a text", lambda: gzip.compress(b"hello" * 500), "archive_damaged", "", "", *DAMAGED),
    Case("long header", lambda: one("demo/" + "a" * 100_000), "archive_damaged", "", "", *DAMAGED),
    Case(
        "empty",
        lambda: tar_of([(entry("demo", tarfile.DIRTYPE), b"")]),
        "archive_empty",
        "",
        "",
        "The archive contains no file.",
        "压缩包里没有文件。",
    ),
    Case(
        "password",
        protected,
        "archive_encrypted",
        "demo/a",
        "",
        "The archive is protected by a password. Pack it without one.",
        "压缩包设有密码，请去掉密码后重新打包。",
    ),
    Case("bomb", bomb, "ratio_too_high", "", "", *RATIO),
    Case("zip bomb", lambda: zipped({"zeros": bytes(20 * MIB)}), "ratio_too_high", "", "", *RATIO),
    Case("absolute", lambda: one("/etc/passwd"), "path_absolute", "/etc/passwd", "", *ABSOLUTE),
    Case("drive", lambda: one("C:\\demo\\a"), "path_absolute", "C:\\demo\\a", "", *ABSOLUTE),
    Case("traversal", lambda: one("demo/../../a"), "path_traversal", "demo/../../a", "", *TRAVERSAL),
    Case("backslashes", lambda: one("demo\\..\\..\\a"), "path_traversal", "demo\\..\\..\\a", "", *TRAVERSAL),
    Case("zip traversal", lambda: zipped({"../../a": "b"}), "path_traversal", "demo/../../a", "", *TRAVERSAL),
    Case("symbolic link", lambda: one("demo/a", tarfile.SYMTYPE, "/etc/passwd"), "entry_link", "demo/a", "", *LINK),
    Case("hard link", lambda: one("demo/a", tarfile.LNKTYPE, "demo/Chart.yaml"), "entry_link", "demo/a", "", *LINK),
    Case("zip link", zip_link, "entry_link", "demo/link", "", *LINK),
    Case("device", lambda: one("demo/sda", tarfile.BLKTYPE), "entry_special", "demo/sda", "", *SPECIAL),
    Case("pipe", lambda: one("demo/pipe", tarfile.FIFOTYPE), "entry_special", "demo/pipe", "", *SPECIAL),
    Case("sparse", sparse, "entry_special", "demo/holes", "", *SPECIAL),
    Case("twice", twice, "path_duplicate", "demo/a.txt", "", "The archive holds this path more than once.", "压缩包里这个路径出现了多次。"),
    Case(
        "case",
        lambda: tgz({"a/B": "", "a/b": ""}),
        "path_case_collision",
        "demo/a/b",
        "",
        COLLISION[0] % "demo/a/B",
        COLLISION[1] % "demo/a/B",
    ),
    Case(
        "case of a folder",
        lambda: tgz({"A/x": "", "a/y": ""}),
        "path_case_collision",
        "demo/a/y",
        "",
        COLLISION[0] % "demo/A",
        COLLISION[1] % "demo/A",
    ),
    Case("not UTF-8", lambda: one("demo/\udcff"), "path_unreadable", "demo/\\udcff", "", *UNREADABLE),
    Case("control character", lambda: one("demo/a\nb"), "path_unreadable", "demo/a\nb", "", *UNREADABLE),
    Case(
        "deep",
        lambda: tgz({"a/" * 12 + "b": ""}),
        "path_too_deep",
        "demo/" + "a/" * 12 + "b",
        "",
        "The path has more than 12 levels.",
        "路径超过 12 层。",
    ),
    Case(
        "no folder",
        lambda: one("Chart.yaml"),
        "no_top_folder",
        "Chart.yaml",
        "",
        "The file lies outside of a top folder. Pack the folder, not its content.",
        "文件不在顶层文件夹里，请打包文件夹本身，而不是它的内容。",
    ),
    Case(
        "two folders",
        lambda: one("other/a"),
        "several_top_folders",
        "",
        "",
        "The archive has several top folders: demo, other. Pack exactly one.",
        "压缩包有多个顶层文件夹：demo, other。请只打包一个。",
    ),
    Case(
        "endless problems",
        lambda: tar_of([(entry(f"demo/{number}", tarfile.SYMTYPE), b"") for number in range(150)]),
        "more_problems",
        "",
        "",
        "There are 50 more problems. Mend these first.",
        "还有 50 个问题，请先改正以上各项。",
    ),
]
SMALL_CASES = [
    Case("upload", lambda: bytes(2 * MIB + 1), "package_too_large", "", "", "The file is larger than 2 MiB.", "文件超过 2 MiB。"),
    Case("unpacked", lambda: tgz({"a": bytes(5 * MIB)}), "unpacked_too_large", "", "", *UNPACKED),
    Case("claimed", lambda: exabyte("demo/a"), "unpacked_too_large", "", "", *UNPACKED),
    Case("claimed and skipped", lambda: exabyte("/a"), "unpacked_too_large", "", "", *UNPACKED),
    Case("entries", lambda: tgz({str(number): "" for number in range(21)}), "too_many_entries", "", "", *ENTRIES),
    Case("entries of a zip", lambda: zipped({str(number): "" for number in range(50)}), "too_many_entries", "", "", *ENTRIES),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_archive_is_refused(case: Case) -> None:
    case.holds(archive.read(case.data(), STANDARD).problems)


@pytest.mark.parametrize("case", SMALL_CASES, ids=lambda case: case.id)
def test_limits_are_those_of_the_operator(case: Case) -> None:
    case.holds(archive.read(case.data(), SMALL).problems)


def test_every_bad_entry_is_named() -> None:
    data = tar_of([(entry("/a"), b""), (entry("demo/../b"), b""), (entry("demo/c", tarfile.SYMTYPE), b""), (entry("demo/good"), b"")])
    assert [problem.code for problem in archive.read(data, STANDARD).problems] == ["path_absolute", "path_traversal", "entry_link"]


def test_a_bomb_costs_no_memory() -> None:
    packed = bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    archive.read(packed, STANDARD)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


@pytest.mark.parametrize("pack", [tar, tgz, tbz, zipped])
def test_four_kinds_of_archive_say_the_same(pack: Callable[[Mapping[str, str]], bytes]) -> None:
    contents = archive.read(pack(CHART), STANDARD)
    assert contents.problems == []
    assert contents.top == "demo"
    assert contents.files == {path: text.encode() for path, text in CHART.items()}


def test_what_packers_add_is_no_fault() -> None:
    folder = [(entry("./demo", tarfile.DIRTYPE), b""), (entry("./demo/a"), b"1"), (entry("__MACOSX/demo/._a"), b"2")]
    assert archive.read(tar_of(folder), STANDARD).files == {"a": b"1"}
    assert archive.read(zipped({"写.txt": "x"}), STANDARD).files == {"写.txt": b"x"}
