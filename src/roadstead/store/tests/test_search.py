"""Search: Chinese by pairs and characters, words by their beginnings, and nothing of what is typed reaches the query raw."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadstead.core.paging import BadCursor
from roadstead.store import factories, selectors, words
from roadstead.store.tokens import stored_tokens, terms_of

CASES = [
    ("应用", {"shop"}),
    ("博客", {"wordpress"}),
    ("数据库", {"mariadb"}),
    ("库", {"mariadb"}),
    ("wordp", {"wordpress"}),
    ("WORDPRESS 博客", {"wordpress"}),
    ("ＷｏｒｄＰｒｅｓｓ", {"wordpress"}),
    ("数据 mariadb", {"mariadb"}),
    ("cafe", {"Café Größe"}),
    ("CAFÉ größe", {"Café Größe"}),
    ("grosse", set()),
    ("press", set()),
    ("数库", set()),
    ("wordpress 数据库", set()),
]


@pytest.fixture
def _four_apps(db: None) -> None:
    factories.listing(name="wordpress", introduction="全球使用最广的博客系统", chart_name="wp")
    factories.listing(name="mariadb", introduction="三节点同步复制的数据库", chart_name="galera")
    factories.listing(name="shop", introduction="应用商店", chart_name="till")
    factories.listing(name="Café Größe", introduction="коричневый ガレージ", chart_name="mug")


@pytest.mark.usefixtures("_four_apps")
@pytest.mark.parametrize(("text", "names"), CASES)
def test_search_finds(text: str, names: set[str]) -> None:
    assert {item.as_card.name for item in selectors.search(text).items} == names


@pytest.mark.usefixtures("_four_apps")
@pytest.mark.parametrize("text", ["", "  ", "***", '"', "( ) : ^"])
def test_no_word_means_no_query(text: str) -> None:
    assert terms_of(text) == []
    assert len(selectors.search(text).items) == 4


@pytest.mark.usefixtures("_four_apps")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.sampled_from(['a" OR words:"b', "NEAR(a b)", "a AND NOT b", "-a", "a*b", "words : x", "')--"]))
def test_nothing_typed_breaks_the_query(text: str) -> None:
    selectors.search(text)


@pytest.mark.usefixtures("_four_apps")
@pytest.mark.parametrize("text", ["", "wordp", "博客"])
@pytest.mark.parametrize("category", ["?", "\x1b붂?", "分类", "' | '", "ctg-nowhere"])
def test_nothing_is_found_on_a_shelf_that_there_is_not(category: str, text: str) -> None:
    assert selectors.search(text, category=category).items == []


def test_tokens_of_mixed_text() -> None:
    assert stored_tokens("WordPress 数据库 v2") == ["wordpress", "数据", "据库", "数", "据", "库", "v2"]
    terms = terms_of("WordPress 数据库 库")
    assert words.ENGINES["sqlite"].query(terms) == '"wordpress"* "数据" "据库" "库"'
    assert words.ENGINES["postgresql"].query(terms) == "'wordpress':* & '数据' & '据库' & '库'"


def test_a_long_text_is_cut() -> None:
    assert len(terms_of("字" * 500)) == 16


def test_a_search_is_paged_newest_first(db: None) -> None:
    apps = [factories.listing(name=f"Harbour {number}").app_id for number in range(5)]
    found: list[str] = []
    cursor = ""
    for _ in range(3):
        page = selectors.search("harbour", cursor=cursor, size=2)
        found += [item.as_card.id for item in page.items]
        cursor = page.next_cursor
    assert (found, cursor) == (apps[::-1], "")


def test_a_new_release_is_found_by_its_new_words_only(db: None) -> None:
    listing = factories.listing(name="Lighthouse")
    listing.app.name = "Beacon"
    listing.app.save()
    factories.listing(listing.app, version="2.0.0")
    assert not selectors.search("lighthouse").items
    assert len(selectors.search("beacon").items) == 1


@pytest.mark.parametrize("cursor", ["!", "eHg", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "4pyT"])
def test_a_cursor_of_somebody_elses_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        selectors.search("", cursor=cursor)
