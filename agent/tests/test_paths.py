"""Paths are told apart by their segments, and trees are changed by what differs."""

from hypothesis import given
from hypothesis import strategies as st

from roadstead_agent import changes, paths

SEGMENT = st.text(alphabet="abx/-. 0ü", min_size=1, max_size=3)
NAMES = st.sampled_from(["web", "db", "db-2", "cl-x", "cl-xy"])
FIELDS = st.sampled_from(["ip", "sid", "gid", "role", "node_id"])
HOST_KEYS = st.builds(lambda role, host, field: f"/clusters/cl-1/hosts/{role}/i-{host}/{field}", NAMES, st.integers(1, 3), FIELDS)
OTHER_KEYS = st.builds(lambda name: f"/clusters/cl-1/env/web/{name}", SEGMENT)
TREES = st.dictionaries(st.one_of(HOST_KEYS, OTHER_KEYS), st.sampled_from(["1", "2", ""]), max_size=25)


def within(one: paths.Range, key: str) -> bool:
    """Whether a range of the store holds a key; it sorts by bytes."""
    start, end = (part.encode() for part in one)
    return start <= key.encode() < end if end else key.encode() == start


def whole(tree: dict[str, str]) -> dict[str, str]:
    """Give every host of a tree its address."""
    records = {changes.record_of(key) for key in tree} - {""}
    return {**{f"{record}/ip": "10.0.0.1" for record in records}, **tree}


@given(st.lists(SEGMENT, min_size=1, max_size=3), st.lists(SEGMENT, min_size=1, max_size=4))
def test_the_ranges_of_a_path_hold_what_the_path_holds(path: list[str], key: list[str]) -> None:
    one, other = "/" + "/".join(path), "/" + "/".join(key)
    assert any(within(part, other) for part in paths.at_and_below(one)) == paths.holds(one, other)


@given(st.lists(SEGMENT, min_size=1, max_size=3), st.sampled_from(["", "-", ".", " ", "!", "0", "a", "/", "/a", "-/a", "0/a"]))
def test_names_that_sort_between_a_path_and_what_is_below_it_are_others(path: list[str], more: str) -> None:
    one = "/" + "/".join(path)
    assert any(within(part, one + more) for part in paths.at_and_below(one)) == paths.holds(one, one + more) == (more[:1] in ("", "/"))


def test_a_longer_namesake_is_another_path() -> None:
    assert paths.holds("/clusters/cl-x", "/clusters/cl-x/env")
    assert not paths.holds("/clusters/cl-x", "/clusters/cl-xy/env")
    assert not paths.holds("/clusters/cl-x", "/clusters/cl-x-y")
    assert paths.holds("/", "/clusters")


@given(st.lists(st.lists(SEGMENT, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts)), max_size=6))
def test_the_outermost_paths_hold_all_and_not_each_other(given_paths: list[str]) -> None:
    kept = paths.outermost(given_paths)
    assert all(any(paths.holds(outer, path) for outer in kept) for path in given_paths)
    assert not any(paths.holds(one, other) for one in kept for other in kept if one is not other)


@given(TREES, TREES)
def test_a_difference_makes_the_new_tree_and_touches_nothing_else(old: dict[str, str], new: dict[str, str]) -> None:
    change = changes.difference(old, new)
    made = {key: value for key, value in {**old, **change.puts}.items() if key not in change.deletes}
    assert made == new
    assert all(old.get(key) != value for key, value in change.puts.items())
    assert all(key in old for key in change.deletes)
    assert changes.difference(new, new) == changes.Change()


@given(TREES, TREES, st.integers(5, 9))
def test_between_transactions_every_host_is_as_it_was_or_as_it_will_be(old: dict[str, str], new: dict[str, str], most: int) -> None:
    now, goal = whole(old), whole(new)
    hosts = {changes.record_of(key) for key in (*now, *goal)} - {""}
    before, after = ({host: below(tree, host) for host in hosts} for tree in (dict(now), goal))
    for step in changes.transactions(changes.difference(now, goal), most):
        assert 0 < len(step) <= most
        now.update(step.puts)
        for key in step.deletes:
            del now[key]
        for host in hosts:
            assert below(now, host) in (before[host], after[host])
            assert not below(now, host) or "ip" in below(now, host)
    assert now == goal


@given(TREES, TREES)
def test_a_record_that_no_transaction_holds_still_has_its_address_from_first_to_last(old: dict[str, str], new: dict[str, str]) -> None:
    now, goal = whole(old), whole(new)
    for step in changes.transactions(changes.difference(now, goal), 1):
        now.update(step.puts)
        for key in step.deletes:
            del now[key]
        for record in {changes.record_of(key) for key in now} - {""}:
            assert f"{record}/ip" in now
    assert now == goal


def test_what_is_new_is_written_before_what_was_goes() -> None:
    old, new = ({f"/clusters/cl-1/hosts/web/{host}/{field}": "1" for field in ("ip", "sid")} for host in ("i-2", "i-9"))
    for most in (1, 2, 3):
        steps = [*changes.transactions(changes.difference(old, new), most)]
        assert [bool(step.puts) for step in steps] == sorted((bool(step.puts) for step in steps), reverse=True)
        assert len(steps) > 1


def test_large_values_are_parted_by_their_size() -> None:
    tree = {f"/clusters/cl-1/env/web/{number}": "x" * 300_000 for number in range(5)}
    steps = [*changes.transactions(changes.difference({}, tree))]
    assert [len(step) for step in steps] == [1, 1, 1, 1, 1]


def below(tree: dict[str, str], host: str) -> dict[str, str]:
    """Return the fields of a host."""
    return {key[len(host) + 1 :]: value for key, value in tree.items() if key.startswith(f"{host}/")}
