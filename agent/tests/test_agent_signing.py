"""Signing and sealing, for any words and bytes: what was changed anywhere fits nowhere."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roadstead_agent import signing, wire

SECRETS = st.binary(min_size=16, max_size=32)
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
BODIES = st.binary(max_size=300)


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, wire.Request]:
    secret = draw(SECRETS)
    return secret, wire.Request.signed(secret, draw(WORDS), draw(WORDS), draw(BODIES), time=draw(st.integers(0, 2**40)))


@given(requests())
def test_a_request_is_its_signer_s_also_after_a_journey(signed: tuple[bytes, wire.Request]) -> None:
    secret, request = signed
    assert request.signed_with(secret)
    assert wire.Request.unpacked(request.packed()) == request


CHANGES = st.one_of(
    st.tuples(st.sampled_from(["agent", "method", "path", "nonce"]), WORDS),
    st.tuples(st.just("body"), BODIES),
    st.tuples(st.just("time"), st.integers(0, 2**40)),
)


@given(requests(), SECRETS, CHANGES)
def test_nothing_of_a_request_can_be_changed(signed: tuple[bytes, wire.Request], other: bytes, change: tuple[str, Any]) -> None:
    secret, request = signed
    part, value = change
    assume(getattr(request, part) != value)
    assert not wire.Request(**{**vars(request), part: value}).signed_with(secret)
    assume(other.rstrip(b"\0") != secret.rstrip(b"\0"))
    assert not request.signed_with(other)


@given(requests(), requests(), BODIES, st.integers(100, 599), st.integers(0, 2**40))
def test_an_answer_fits_its_own_request(
    signed: tuple[bytes, wire.Request], another: tuple[bytes, wire.Request], body: bytes, status: int, time: int
) -> None:
    secret, request = signed
    answer = wire.Answer.signed(secret, request, status, body, time=time)
    assert answer.signed_with(secret, request)
    assert wire.Answer.unpacked(answer.packed()) == answer
    assert not answer.signed_with(secret, another[1])
    assert not replace(answer, status=status + 1).signed_with(secret, request)
    assert not replace(answer, time=time + 1).signed_with(secret, request)
    assert not replace(answer, body=body + b"x").signed_with(secret, request)


@given(SECRETS, BODIES, WORDS, WORDS, st.integers(0))
def test_what_is_sealed_is_read_by_who_has_the_secret_for_that_purpose(
    secret: bytes, plain: bytes, purpose: str, other: str, bit: int
) -> None:
    sealed = signing.seal(secret, plain, purpose=purpose)
    assert signing.unseal(secret, sealed, purpose=purpose) == plain
    at = bit // 8 % len(sealed)
    bent = sealed[:at] + bytes([sealed[at] ^ 1 << bit % 8]) + sealed[at + 1 :]
    for wrong in (bent, sealed[:at], b""):
        with pytest.raises(signing.Forged):
            signing.unseal(secret, wrong, purpose=purpose)
    assume(purpose != other)
    with pytest.raises(signing.Forged):
        signing.unseal(secret, sealed, purpose=other)


@given(SECRETS, st.binary(min_size=24, max_size=60))
def test_the_same_text_never_looks_the_same(secret: bytes, plain: bytes) -> None:
    first, second = (signing.seal(secret, plain, purpose="p") for _ in range(2))
    assert first != second
    assert plain not in first


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_words_can_t_run_into_each_other(words: list[str], others: list[str]) -> None:
    assert (signing._keyed(b"k", *words) == signing._keyed(b"k", *others)) is (words == others)


def test_both_sides_make_the_same_secret() -> None:
    made = signing.secret_from(b"token", "agt-1", "ours", "theirs")
    assert made == signing.secret_from(b"token", "agt-1", "ours", "theirs")
    others = {signing.secret_from(*what) for what in ((b"t2", "agt-1", "ours", "theirs"), (b"token", "agt-2", "ours", "theirs"))}
    assert made not in others
