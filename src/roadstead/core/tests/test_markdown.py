import re

import pytest

from roadstead.core.markdown import to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](http://evil.example/x.png)',
    "[x](http://a.example 'onclick=\"alert(1)\"')",
    "<svg onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='https://a.example' style='position:fixed'>x</a>",
    "```x onload=alert(1)\n<script>alert(1)</script>\n```",
    "```html\n<script>alert(1)</script>\n```",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>body{display:none}</style>",
    "<form action=/scheme><button>x</button></form>",
    "[x](//evil.example)",
    "[x](/accounts/logout/)",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
HARMLESS = {"p", "a", "code", "pre", "span", "table", "thead", "tbody", "tr", "th", "td", "blockquote"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text: str) -> None:
    html = to_html(text)
    for _, name, attributes in TAG.findall(html):
        assert name in HARMLESS
        assert not re.search(r"\b(on\w+|style|src|id|title)\s*=", attributes)
    for address in re.findall(r'href="([^"]*)"', html):
        assert address.startswith(("http://", "https://", "mailto:"))


def test_what_is_meant_survives() -> None:
    html = to_html("# Title\n\nSee [docs](https://docs.example) and `code`.\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<h2>Title</h2>" in html
    assert '<a href="https://docs.example" rel="noopener noreferrer nofollow">docs</a>' in html
    assert "<code>code</code>" in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


def test_a_picture_leaves_only_its_words() -> None:
    assert to_html("![the <dashboard>](https://pictures.example/x.png)") == "<p>the &lt;dashboard&gt;</p>\n"


def test_code_is_coloured_by_class_only() -> None:
    html = to_html('```yaml\nkey: "text" # why\n```')
    assert '<span class="nt">key</span>' in html
    assert "style=" not in html
