"""Bad input to the running server: what a huge upload costs, and that a place which never answers holds up nobody else."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.client import Answer, Client
from tests.journeys.bad_clusters import silent
from tests.journeys.reading import said_on
from tests.server import Server, running

MIB = 1024 * 1024
SIZE = 300 * MIB
PIECE = b"x" * (256 * 1024)
CUT_OFF = Answer(0, "", "")
NEW_APP, NEW_ENVIRONMENT = "/workbench/apps/new?delivery=helm", "/workbench/environments/new"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for the stories of this file."""
    with running(tmp_path_factory.mktemp("bad")) as server:
        yield server


def pieces() -> Iterator[bytes]:
    """A form with one file, made while it is sent."""
    yield b'--edge\r\nContent-Disposition: form-data; name="package"; filename="huge.tgz"\r\n\r\n'
    for _ in range(SIZE // len(PIECE)):
        yield PIECE
    yield b"\r\n--edge--\r\n"


def length() -> int:
    """How long that form is, without making it."""
    return SIZE + sum(len(piece) for piece in pieces() if piece is not PIECE)


def post(person: Client, path: str, body: Iterator[bytes] | bytes, language: str, **headers: str) -> Answer:
    """Send a body that is no ordinary form."""
    known = {"Accept-Language": language, "Referer": person.base, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = urllib.request.Request(person.base + path, body, known)
    try:
        with person.opener.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.url, answer.read().decode())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.url, refused.read().decode())
    except urllib.error.URLError as cut:
        if isinstance(cut.reason, ConnectionError):
            return CUT_OFF
        raise


def memory(server: Server, line: str) -> int:
    """Return a line of the server's memory, in bytes."""
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(rf"^{line}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found
    return int(found[1]) * 1024


@contextmanager
def little_memory(server: Server) -> Iterator[None]:
    """Fail when the server's memory rises by more than 30 MiB at any moment of the block."""
    assert server.process
    # From here on the kernel notes the highest mark anew.
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
    before = memory(server, "VmRSS")
    yield
    risen = memory(server, "VmHWM") - before
    assert risen < 30 * MIB, f"{risen / MIB:.1f} MiB"


def stored(server: Server) -> dict[str, int]:
    """Every file of the data folder but the logs of the databases, with its size."""
    files = (path for path in server.data_dir.rglob("*") if path.is_file())
    return {str(path): path.stat().st_size for path in files if not path.name.endswith(("-wal", "-shm"))}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The upload has 300 MiB, and a package may have 16 MiB at most. Nothing was stored. Choose a smaller file."),
        ("zh-CN", "上传内容有 300 MiB，超过上限 16 MiB。没有保存任何内容，换一个小些的文件。"),
    ],
)
def test_three_hundred_mebibytes_are_refused_unread(installation: Server, language: str, words: str) -> None:
    developer = Client(installation.url)
    developer.sign_in_as("陈屿")
    form = {"Content_Type": "multipart/form-data; boundary=edge"}
    # The first refusal loads templates and words, which stay.
    post(developer, NEW_APP, b"", language, **form)
    before = stored(installation)
    with little_memory(installation):
        answer = post(developer, NEW_APP, pieces(), language, Content_Length=str(length()), **form)
    said = said_on(answer.text)
    assert (answer.status, said.refusal) == (413, words)
    assert stored(installation) == before


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        # No browser hides the length of an upload.
        (NEW_APP, {"Content_Type": "multipart/form-data; boundary=edge"}),
        # No page has a field that takes so much.
        (NEW_ENVIRONMENT, {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": str(length())}),
    ],
    ids=["an upload without its length", "a form without a file"],
)
def test_what_only_a_program_sends_is_cut_off_or_refused(installation: Server, path: str, headers: dict[str, str]) -> None:
    developer = Client(installation.url)
    developer.sign_in_as("陈屿")
    before = stored(installation)
    with little_memory(installation):
        answer = post(developer, path, pieces(), "en", **headers)
    assert answer == CUT_OFF or answer.status in {400, 403, 413, 422}
    assert developer.get(path).status == 200
    assert stored(installation) == before


def test_a_silent_place_holds_up_nobody(installation: Server, tmp_path: Path) -> None:
    words = {
        "en": "accepts connections but didn't answer within 9 s. Check that it's an API server and is well.",
        "zh-CN": "接受连接，但 9 秒内没有回应。确认它是 API 服务器并且运行正常。",
    }
    with silent(tmp_path) as content, ThreadPoolExecutor(len(words)) as people:
        asked = {language: people.submit(_try_environment, installation, content, language) for language in words}
        # While they wait, others are served.
        for _ in range(20):
            assert Client(installation.url).get("/").status == 200
        for language, answer in asked.items():
            said = said_on(answer.result(timeout=30).text)
            assert answer.result().status == 422
            assert list(said.fields) == ["content"]
            assert words[language] in said.problems[0][1]
    user = Client(installation.url)
    user.sign_in_as("周子衿")
    assert "/workbench/environments/runtime-" not in user.get("/workbench/environments").text


def _try_environment(server: Server, content: str, language: str) -> Answer:
    user = Client(server.url)
    user.sign_in_as("周子衿")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', user.get(NEW_ENVIRONMENT).text)
    assert token
    wish = {"provider": "kubernetes", "content": content, "zone": "shop", "name": "Staging", "csrfmiddlewaretoken": token[1]}
    return post(user, NEW_ENVIRONMENT, urlencode(wish).encode(), language)
