"""People in front of the real pages without a browser: Django's own client, signed in, speaking one of the two languages."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.journeys.reading import Said, said_on

if TYPE_CHECKING:
    from roadstead.accounts.models import User

LANGUAGES = ("zh-hans", "en")


class Visitor:
    """One signed-in person; `zh` and `en` of a table are chosen by `says`."""

    def __init__(self, person: "User", language: str) -> None:
        self.person, self.language = person, language
        self.client = Client()
        self.client.force_login(person)
        self.client.cookies["roadstead_language"] = language

    def get(self, path: str) -> tuple[int, str]:
        """Read a page: its status and its HTML."""
        answer = self.client.get(path)
        return answer.status_code, answer.content.decode()

    def post(self, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str]:
        """Send a form."""
        answer = self.client.post(path, fields or {})
        return answer.status_code, answer.content.decode()

    def refused(self, path: str, fields: dict[str, Any] | None = None) -> tuple[int, Said]:
        """Send a form that must be refused, and return the status and what the page says, in the visitor's language."""
        status, page = self.post(path, fields)
        said = said_on(page)
        assert said.language.partition("-")[0] == self.language.partition("-")[0]
        return status, said

    def says(self, english: str, chinese: str) -> str:
        """Return the words of the visitor's language."""
        return chinese if self.language == "zh-hans" else english


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)
