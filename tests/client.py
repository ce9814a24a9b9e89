"""A person without a browser: keeps cookies, sends forms with their token. For stories in which the pages are not the point."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar


@dataclass(frozen=True)
class Answer:
    """What came back after redirects."""

    status: int
    url: str
    text: str


@dataclass
class Client:
    """One person's cookies at one server."""

    base: str
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    )

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, *, form_on: str = "", **fields: str | list[str]) -> Answer:
        """Send a form; its token is read from the page that shows the form."""
        page = self.get(form_on or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text[:2_000]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **fields}, doseq=True).encode()
        url = urllib.parse.urljoin(self.base, path)
        return self._open(urllib.request.Request(url, data, {"Referer": url}))

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.url, refused.read().decode())

    def sign_in_as(self, name: str) -> None:
        """Become a sample person, as their button on the sign-in page does."""
        page = self.get("/accounts/login/")
        button = next(form for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if name in form)
        action = re.search(r'action="([^"]+)"', button)
        assert action
        self.post(action.group(1), form_on="/accounts/login/")
