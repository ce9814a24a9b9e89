"""What the content security policy would drop in silence is found here, in every template of every package."""

import re
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[2]
TEMPLATES = sorted(PACKAGES.glob("**/templates/**/*.html"))
BANNED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "a script inside the page": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "hx-on": re.compile(r"\bhx-on\b"),
    "hx-vals with js:": re.compile(r"""hx-(vals|headers)=["']\s*(js|javascript):"""),
    "a trigger filter": re.compile(r"""hx-trigger=["'][^"']*\["""),
    "something from another host": re.compile(r"""<(script|link|img|iframe)[^>]*(src|href)=["'](https?:)?//"""),
}


@pytest.mark.parametrize("what", BANNED)
def test_no_template_has(what: str) -> None:
    found = [str(path.relative_to(PACKAGES)) for path in TEMPLATES if BANNED[what].search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 20


def test_every_form_that_posts_carries_its_token() -> None:
    forms = re.compile(r"""<form[^>]*method=["']post["'].*?</form>""", re.DOTALL)
    found = [
        str(path.relative_to(PACKAGES))
        for path in TEMPLATES
        for form in forms.findall(path.read_text(encoding="utf-8"))
        if "csrf_token" not in form
    ]
    assert found == []
