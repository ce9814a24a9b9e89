"""A program that calls the API for somebody."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roadstead.accounts.factories import bearer
from roadstead.accounts.models import User


@dataclass
class Caller:
    """Calls with a token; `said` is the last answer's body, `status` its status."""

    person: User
    scopes: tuple[str, ...] = ()
    status: int = 0
    said: Any = None
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        token = bearer(self.person, *self.scopes)
        self.client = Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})

    def get(self, path: str, **query: str) -> Any:
        """Read."""
        return self._kept(self.client.get(f"/api/v1{path}", query))

    def send(self, path: str, method: str = "post", *, key: str = "", **sent: Any) -> Any:
        """Send JSON."""
        headers = {"idempotency-key": key} if key else {}
        call = getattr(self.client, method)
        return self._kept(call(f"/api/v1{path}", json.dumps(sent), content_type="application/json", headers=headers))

    def upload(self, path: str, data: bytes, *, key: str = "", **fields: str) -> Any:
        """Send a package."""
        headers = {"idempotency-key": key} if key else {}
        return self._kept(self.client.post(f"/api/v1{path}", {"package": SimpleUploadedFile("b.tgz", data), **fields}, headers=headers))

    def _kept(self, answer: Any) -> Any:
        self.status = answer.status_code
        self.said = answer.json() if answer.content and "json" in answer["Content-Type"] else answer.content
        return self.said
