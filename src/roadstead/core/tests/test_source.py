import pytest
from django.utils.html import strip_tags

from roadstead.core.source import highlight

YAML = '# why\nimage:\n  tag: "6.8.3"\n\nreplicas: 2\ntext: |\n  one\n  two\n'


def test_lines_stay_lines() -> None:
    lines = highlight(YAML, path="chart/values.yaml")
    assert [strip_tags(line).replace("&quot;", '"') for line in lines] == YAML.splitlines()


def test_keys_text_and_comments_have_their_classes() -> None:
    lines = highlight(YAML, path="values.yaml")
    assert lines[0] == '<span class="c1"># why</span>'
    assert '<span class="nt">image</span>' in lines[1]
    assert '<span class="s">6.8.3</span>' in lines[2]
    assert '<span class="l">2</span>' in lines[4]


@pytest.mark.parametrize("path", ["LICENSE", "x.unknown", "values.yaml", "templates/_helpers.tpl", "a.json"])
def test_markup_in_a_file_is_text(path: str) -> None:
    assert "<script" not in "".join(highlight("<script>alert(1)</script>\n", path=path))


def test_what_is_too_long_stays_plain() -> None:
    assert highlight("a: b\n" * 60_000, path="values.yaml")[0] == "a: b"
