"""Somebody who deploys and looks after instances: acts through the API, reads it, and reads the page."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.client import Client
from tests.trouble.package import answers

PATIENCE = 300
Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: Any

    @property
    def words(self) -> str:
        """All of it, for those who look for a word."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass(frozen=True)
class Person:
    """One person with a token, an environment and a version that they deploy."""

    url: str
    token: str
    pages: Client
    version: str
    environment: str

    def ask(self, method: str, path: str, body: Json | None = None, language: str = "en") -> Answer:
        """Ask the API."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept-Language": language}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, json.loads(answer.read() or b"null"))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, json.loads(refused.read() or b"null"))

    def wish(self, name: str, *, keep: bool = True, **changes: object) -> Answer:
        """Ask for an instance; what fails is kept unless it is to be cleaned up."""
        what = {"version": self.version, "environment": self.environment, "name": name, "values": answers(**changes)}
        return self.ask("POST", "/instances", {**what, "on_failure": "keep" if keep else "clean_up"})

    def deploy(self, name: str, *, keep: bool = True, **changes: object) -> str:
        """Have an instance made, and return its id."""
        made = self.wish(name, keep=keep, **changes)
        assert made.status == 201, made
        return str(made.body["id"])

    def instance(self, instance: str) -> Json:
        """Return how an instance is."""
        return dict(self.ask("GET", f"/instances/{instance}").body)

    def machine(self, instance: str) -> Json:
        """Return how an instance's only machine is now."""
        (found,) = self.ask("GET", f"/instances/{instance}/machines").body["machines"]
        return dict(found)

    def job(self, instance: str, language: str = "en") -> Json:
        """Return the latest job of an instance, with its steps."""
        return dict(self.ask("GET", f"/jobs/{self.instance(instance)['job']}", language=language).body)

    def until(self, what: Callable[[], Any], else_: Callable[[], object] = str) -> Any:
        """Wait for something to be so, and return it; `else_` says how things are if it never is."""
        end = time.monotonic() + PATIENCE
        while not (found := what()):
            assert time.monotonic() < end, f"it never came to be: {else_()}"
            time.sleep(0.2)
        return found

    def ended(self, instance: str) -> Json:
        """Wait until the latest job of an instance has ended, and return it."""
        return dict(self.until(lambda: (job := self.job(instance))["finished"] and job, lambda: self.job(instance)))

    def at(self, instance: str, title: str, service: str = "") -> Json:
        """Wait until a step, of some service perhaps, is being done, and return it."""

        def step() -> Json | None:
            job = self.job(instance)
            assert not job["finished"], job
            steps = (one for one in job["steps"] if one["title"] == title and one["target"].endswith(service))
            return next((one for one in steps if one["status"] == "working"), None)

        return dict(self.until(step))

    def does(self, verb: str, instance: str) -> Json:
        """Stop, start or delete an instance, or retry, cancel or give-up its job, and return the job once that has ended."""
        self.begins(verb, instance)
        return self.ended(instance)

    def begins(self, verb: str, instance: str) -> None:
        """The same without waiting for its end."""
        if verb in ("retry", "cancel", "give-up"):
            told = self.ask("POST", f"/jobs/{self.instance(instance)['job']}/{verb}")
        elif verb == "delete":
            told = self.ask("DELETE", f"/instances/{instance}")
        else:
            told = self.ask("POST", f"/instances/{instance}/{verb}")
        assert told.status in (200, 202), told

    def page(self, instance: str, tab: str = "activity") -> str:
        """Return the instance's page."""
        return unescape(self.pages.get(f"/workbench/instances/{instance}?tab={tab}").text)


def failed(job: Json) -> Json:
    """Return the step that failed a job."""
    assert job["status"] == "failed", job
    return next(step for step in job["steps"] if step["status"] == "failed")


def went_well(*jobs: Json) -> bool:
    """Whether jobs did what they were to do; if not, say which step didn't."""
    for job in jobs:
        assert job["status"] == "successful", [step for step in job["steps"] if step["status"] == "failed"]
    return True
