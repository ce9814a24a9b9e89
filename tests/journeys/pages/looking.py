"""What is asked of each page: accessible, nothing cut at the side, no script error, no refused resource, in one language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, expect

from tests.journeys.pages.languages import leftovers
from tests.journeys.pages.pinned import Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Response
    from playwright.sync_api import Page as Tab

    from tests.journeys.pages.installation import World

DESK, PHONE = 1440, 390
WIDTHS = {DESK: 900, PHONE: 844}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SEVERE = {"serious", "critical"}
_TEXTS = """() => {
  const skip = "script, style, template, code, pre, kbd, samp, textarea, body [lang], .rs-lines, .rs-output, .rs-prose, .rs-mono";
  const here = document.querySelector("dialog[open]") ?? document.body;
  const shown = (node) => node.checkVisibility?.() ?? true;
  const texts = [document.title];
  const walk = document.createTreeWalker(here, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: parent, textContent } = walk.currentNode;
    if (textContent.trim() && shown(parent) && !parent.closest(skip)) texts.push(textContent.replace(/\\s+/g, " ").trim());
  }
  for (const one of here.querySelectorAll("[title], [aria-label], [placeholder]"))
    if (shown(one) && !one.closest(skip))
      for (const name of ["title", "aria-label", "placeholder"]) texts.push(one.getAttribute(name) ?? "");
  return texts.filter(Boolean);
}"""
_ASIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollHeight > document.body.offsetHeight + 1) return ["the page hangs out of its body"];
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 1);
  return out.slice(0, 4).map((one) => `${one.tagName.toLowerCase()}.${one.className}`).concat("the page scrolls sideways");
}"""


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    language: str
    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


@dataclass
class Findings:
    """What is wrong, page by page."""

    rows: list[str] = field(default_factory=list)

    def add(self, page: Page, look: Look, *what: str) -> None:
        """Note it."""
        self.rows += [f"{page.key} [{look}]: {one}" for one in what]


@dataclass
class Eyes:
    """A browser that looks as several people; `pictures` is where each look is kept, if anywhere."""

    browser: "Browser"
    world: "World"
    address: dict[str, str]
    pictures: Path | None = None
    contexts: "dict[tuple[str, Look], BrowserContext]" = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    @cached_property
    def axe(self) -> Axe:
        """The judge."""
        return Axe()

    def look(self, page: Page, look: Look) -> None:
        """Open a page and ask everything of it."""
        with self._tab(page, look) as tab:
            answer = tab.goto(self.address[page.key])
            if page.status and (answer is None or answer.status != page.status):
                self.findings.add(page, look, f"answers {answer and answer.status}, not {page.status}")
            tab.locator("main").wait_for()
            for step in page.first:
                _take(tab, step)
            _settle(tab)
            self._judge(tab, page, look)

    def _judge(self, tab: "Tab", page: Page, look: Look) -> None:
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        # What a menu covers for a moment isn't judged; a dialog makes the rest inert by itself.
        part = "details.rs-menu[open]" if tab.locator("details.rs-menu[open]").count() else None
        found = self.axe.run(tab, context=part, options=options).response["violations"]
        self.findings.add(page, look, *(_said(one) for one in found if one["impact"] in SEVERE and not _covered(one)))
        self.findings.add(page, look, *leftovers(tab.evaluate(_TEXTS), look.language, self.world.data))
        if self.pictures:
            tab.screenshot(path=self.pictures / f"{page.key}-{look}.png", full_page=not page.first, animations="disabled", caret="initial")
        for width, height in sorted(WIDTHS.items(), key=lambda size: size[0] != look.width):
            tab.set_viewport_size(ViewportSize(width=width, height=height))
            self.findings.add(page, Look(look.language, look.scheme, width), *tab.evaluate(_ASIDE))

    @contextmanager
    def _tab(self, page: Page, look: Look) -> "Iterator[Tab]":
        tab = self._context(page.who, look).new_page()
        tab.set_default_timeout(30_000)
        said: list[str] = []
        tab.on("pageerror", lambda error: said.append(f"script: {error}"))
        tab.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
        tab.on("response", lambda answer: said.append(f"{answer.status} {answer.url}") if _is_broken(answer) else None)
        try:
            yield tab
        except Exception as problem:  # noqa: BLE001  # one page that can't be looked at must not hide the others
            said.append(f"{type(problem).__name__}: {str(problem).splitlines()[0]}")
        finally:
            tab.close()
            self.findings.add(page, look, *said)

    def _context(self, who: str, look: Look) -> "BrowserContext":
        """A browser of somebody's own; it is kept, because a new one fetches and reads everything anew."""
        if (who, look) not in self.contexts:
            self.contexts[who, look] = self._new_context(who, look)
        return self.contexts[who, look]

    def _new_context(self, who: str, look: Look) -> "BrowserContext":
        url = self.world.server.url
        size = ViewportSize(width=look.width, height=WIDTHS[look.width])
        context = self.browser.new_context(base_url=url, viewport=size, reduced_motion="reduce", has_touch=look.width == PHONE)
        cookies = {"roadstead_language": LANGUAGES[look.language], "roadstead_scheme": look.scheme}
        if who:
            cookies["sessionid"] = self.world.sessions[who]
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        return context

    def close(self) -> None:
        """Close all of them."""
        for context in self.contexts.values():
            context.close()


def _take(tab: "Tab", step: str) -> None:
    """Press something, or type into it."""
    selector, _sign, text = step.partition(" := ")
    here = tab.locator(selector).locator("visible=true").first
    if step == "forget":
        tab.context.clear_cookies(name="csrftoken")
    elif text.startswith("file:"):
        here.set_input_files({"name": text.removeprefix("file:"), "mimeType": "text/plain", "buffer": b"no package"})
    elif text:
        here.fill(text)
    else:
        here.click()


def _settle(tab: "Tab") -> None:
    """Wait until what the page asks for by itself has come."""
    tab.wait_for_load_state("load")
    tab.evaluate("document.fonts.ready.then(() => true)")
    expect(tab.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)


def _is_broken(answer: "Response") -> bool:
    return answer.status >= 400 and answer.request.resource_type != "document"


def _covered(violation: dict[str, Any]) -> bool:
    """Whether this is only about what the dock, or a bar, half covers: where the page happens to stand, not how it is made."""
    return violation["id"] == "target-size" and all("obscured" in node.get("failureSummary", "") for node in violation["nodes"])


def _said(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    return f"axe {violation['impact']} {violation['id']}: {'; '.join(places[:4])}"


def numbered(pages: tuple[Page, ...], scheme: str) -> Iterator[tuple[Page, Look]]:
    """Every page once in a scheme; languages and widths take turns, so that the other scheme has the other half."""
    for place, page in enumerate(pages):
        turn = (place + (scheme == "dark")) % 2
        yield page, Look("en" if turn else "zh", scheme, PHONE if (place // 2 + turn) % 2 else DESK)


def every(pages: tuple[Page, ...]) -> Iterator[tuple[Page, Look]]:
    """Every page in every language, scheme and width."""
    for page in pages:
        for language in LANGUAGES:
            for scheme in ("light", "dark"):
                for width in WIDTHS:
                    yield page, Look(language, scheme, width)


__all__ = ["Eyes", "Findings", "Look", "every", "numbered"]
