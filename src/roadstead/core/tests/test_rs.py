from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from roadstead.core.dots import dots, width
from roadstead.core.states import State
from roadstead.core.templatetags import rs

WAITING = State("submitted", "Waiting", "hourglass", "wait")


def draw(source: str, **context: object) -> str:
    return Template("{% load rs %}" + source).render(Context(context))


def test_a_badge_says_word_icon_and_tone() -> None:
    html = draw("{% badge state %}", state=WAITING)
    assert 'class="rs-badge rs-tone-wait"' in html
    assert "#hourglass" in html
    assert "Waiting" in html


def test_the_words_of_a_badge_can_be_a_person_and_are_text() -> None:
    html = draw("{% badge state words %}", state=WAITING, words="<b>Zhou</b>")
    assert "&lt;b&gt;Zhou&lt;/b&gt;" in html
    assert "Waiting" not in html


def test_no_state_no_badge() -> None:
    assert draw("{% badge state %}", state=None) == ""


def test_an_app_shows_its_icon_or_its_flag() -> None:
    bare = SimpleNamespace(pk="app-1", icon="", name="x")
    pictured = SimpleNamespace(pk="app-1", icon="ab" * 32, name="x")
    assert 'class="rs-flag"' in draw("{% app_icon app 40 %}", app=bare)
    assert f'src="/media/icons/{"ab" * 32}" width="40"' in draw("{% app_icon app 40 %}", app=pictured)


def test_a_delivery_is_a_chip_and_an_unknown_one_nothing() -> None:
    assert 'class="rs-chip"' in draw("{% delivery 'helm' %}")
    assert draw("{% delivery 'floppy' %}") == ""


def test_an_avatar_escapes_the_name() -> None:
    assert "<text" in draw("{% avatar name %}", name="林知远")
    assert ">&lt;</text>" in draw("{% avatar name %}", name="<script>")


class SampleForm(forms.Form):
    name = forms.CharField(help_text="2 to 50 characters")
    zone = forms.ChoiceField(choices=[("a", "A")])
    agree = forms.BooleanField()


def test_a_control_is_tied_to_its_rule_and_its_error() -> None:
    form = SampleForm({})
    html = rs.control(form["name"])
    assert 'class="form-control"' in html
    assert 'aria-describedby="id_name-rule id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-select"' in rs.control(form["zone"])
    assert rs.is_check(form["agree"])


@pytest.mark.parametrize("count", [1, 3, 5])
def test_dots_stand_on_one_line(count: int) -> None:
    buoys = [SimpleNamespace(label="x", state="done") for _ in range(count)]
    drawn = dots(buoys)
    assert drawn[-1].x + 7 == width(buoys)
    assert all(dot.start < dot.end for dot in drawn)


def test_a_message_is_a_result_and_its_consequence() -> None:
    assert rs.headline("Passed\nIt can be released now.") == ("Passed", "It can be released now.")
    assert rs.headline("Passed") == ("Passed", "")


def test_chinese_times_have_no_space_before_their_last_word() -> None:
    with translation.override("zh-hans"):
        assert draw("{{ size|bytes }}", size=812) == "812 字节"
