from roadstead.core.flags import PAIRS, SHAPES, flag, pair_of
from roadstead.core.hoist import hoist, short
from roadstead.core.ids import new_id
from roadstead.core.templatetags.rs import hue

DIGEST = "6bfebde10a4c7d93f2c4b58e6a1d907733aa15be9012cd45ef6789011234626e"


def test_an_id_always_flies_the_same_flag() -> None:
    assert flag("app-mzxw6ytboi2gk3tu") == flag("app-mzxw6ytboi2gk3tu")
    assert hue("app-mzxw6ytboi2gk3tu") == f"rs-hue-{pair_of('app-mzxw6ytboi2gk3tu')}"


def test_this_flag_never_changes() -> None:
    """A new version of Roadstead must not give every app another picture."""
    assert '<path fill="#1D3B44" d="M0 0h48v48H0z"/><path fill="#E8875B" d="M0 16h48v16H0z"/>' in flag("app-mzxw6ytboi2gk3tu", 40)
    assert 'width="40" height="40"' in flag("app-mzxw6ytboi2gk3tu", 40)


def test_ids_spread_over_all_pairs_and_shapes() -> None:
    drawn = [flag(new_id("app")) for _ in range(2_000)]
    assert all(any(f'fill="{ground}"' in one and f'fill="{figure}"' in one for one in drawn) for ground, figure in PAIRS)
    assert all(any(f'd="{shape}"' in one for one in drawn) for shape in SHAPES)


def test_same_bytes_same_hoist_and_the_title_holds_all_of_them() -> None:
    assert hoist(DIGEST) == hoist(f"sha256:{DIGEST}")
    assert f'title="sha256:{DIGEST}"' in hoist(DIGEST)
    assert "6bfebde…626e" in hoist(DIGEST)
    assert short(DIGEST) == "6bfebde…626e"


def test_one_changed_byte_at_the_front_changes_the_hoist() -> None:
    drawings = {hoist(f"{byte:02x}{DIGEST[2:]}").partition("<code>")[0].partition("<svg")[2] for byte in range(8)}
    assert len(drawings) == 8


def test_an_id_cannot_smuggle_markup_into_its_flag() -> None:
    assert "<script" not in flag('"><script>')
    assert "<script" not in hoist(b'"><script>alert(1)</script>'.hex())
