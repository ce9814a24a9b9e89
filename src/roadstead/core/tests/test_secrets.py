"""What is sealed opens only with its own key and context, and shows nothing of itself."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from pytest_django import Settings

from roadstead.core.secrets import SealBroken, SealedWithAnotherKey, seal, unseal

CANARY = b"canary-7f3a-kubeconfig-token"


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_what_is_sealed_comes_back(plain: bytes, context: str) -> None:
    assert unseal(seal(plain, context=context), context=context) == plain


def test_a_token_shows_nothing_and_is_never_the_same() -> None:
    first, second = (seal(CANARY, context="runtimec-a") for _ in range(2))
    assert first != second
    for part in first.split(".")[2:]:
        assert b"canary" not in base64.b64decode(part + "==", altchars=b"-_")


@pytest.mark.parametrize("context", ["", "runtimec-b", "runtimec-a "])
def test_a_token_copied_to_another_record_stays_shut(context: str) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(CANARY, context="runtimec-a"), context=context)


@given(st.data())
def test_a_changed_token_stays_shut(data: st.DataObject) -> None:
    token = seal(CANARY, context="x")
    place = data.draw(st.integers(0, len(token) - 1))
    changed = token[:place] + ("A" if token[place] != "A" else "Q") + token[place + 1 :]
    try:
        opened = unseal(changed, context="x")
    except (SealBroken, SealedWithAnotherKey):
        return
    # Only the unused low bits of a last base64 character may differ without notice.
    assert opened == CANARY


@pytest.mark.parametrize("token", ["", "rs1", "rs1...", "rs2.a.b.c", "plain text", "rs1.a.b.c.d"])
def test_what_was_never_a_token_is_refused(token: str) -> None:
    with pytest.raises((SealBroken, SealedWithAnotherKey)):
        unseal(token, context="x")


def test_another_master_key_is_named(settings: Settings) -> None:
    token = seal(CANARY, context="x")
    other = base64.b64encode(bytes(range(32))).decode()
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"master_key": SecretStr(other)})
    with pytest.raises(SealedWithAnotherKey) as refusal:
        unseal(token, context="x")
    assert refusal.value.params["key"] == token.split(".")[1]
