"""Markdown of strangers, made into HTML that can do nothing: no raw HTML, no pictures, no addresses but web and mail."""

from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from roadstead.core.source import highlight

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "span", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = ("https://", "http://", "mailto:")


def to_html(text: str) -> SafeString:
    """Render Markdown (CommonMark and tables); headings move one level down, below the title of the page."""
    clean = nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "span": {"class"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308  # nh3 has just made it safe


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    parser.core.ruler.push("below_title", _below_title)
    return parser


def _highlighted(text: str, language: str, _attributes: str) -> str:
    return "\n".join(highlight(text, language=language)) + "\n"


def _image(_renderer: RendererHTML, tokens: list[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    """A picture would be fetched from a stranger's server; its words remain."""
    return escape(tokens[index].content)


def _below_title(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Keep only addresses that lead out, and the short classes of highlighted source."""
    if attribute == "href":
        return value if value.lower().startswith(_SCHEMES) else None
    if attribute == "class":
        return value if tag == "span" and len(value) <= 3 and value.isalnum() else None  # noqa: PLR2004
    return value if attribute in {"start", "rel"} else None
