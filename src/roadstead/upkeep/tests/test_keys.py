"""Ten thousand secrets are sealed anew while others read and write them: none fails to open."""

import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from roadstead.accounts.access import owned_by
from roadstead.accounts.factories import person
from roadstead.core.secrets import SealBroken, SealedWithAnotherKey, key_id, key_id_of, reseal, seal, unseal
from roadstead.jobs.threads import with_own_connections
from roadstead.runtimes.models import Credential
from roadstead.upkeep import keys

SECRETS = 10_000
PIECE = 500


@pytest.fixture
def _kept_keys(tmp_path: Path, settings: Settings) -> None:
    """An installation whose keys lie in its data folder."""
    key = fresh_key()
    (tmp_path / "keys.toml").write_text(f'secret_key = "signs"\nmaster_key = "{key.get_secret_value()}"\n')
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"data_dir": tmp_path, "master_key": key})


def fresh_key() -> SecretStr:
    return SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())


def fill(count: int) -> None:
    owner = owned_by(person("user"))
    rows = (Credential(name=str(n), provider="kubernetes", fingerprint=str(n), **owner) for n in range(count))
    sealed = []
    for row in rows:
        row.content = seal(f"secret {row.fingerprint}".encode(), context=row.pk)
        sealed.append(row)
    Credential.objects.bulk_create(sealed, PIECE)


@with_own_connections
def read_until(stopped: Event) -> int:
    """Open secrets again and again; return how many. One that doesn't open raises."""
    count = 0
    while not stopped.is_set():
        for row in Credential.objects.order_by("?")[:20]:
            assert unseal(row.content, context=row.pk) == f"secret {row.fingerprint}".encode()
            count += 1
    return count


@pytest.mark.usefixtures("_kept_keys")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_thousand_secrets_under_load(settings: Settings) -> None:
    fill(SECRETS)
    before = key_id()
    stopped = Event()
    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read_until, stopped) for _ in range(3)]
        try:
            assert settings.OPTIONS.renew_master_key()
            assert keys.rotate() == SECRETS
        finally:
            stopped.set()
        assert all(reader.result() > 0 for reader in readers)
    assert key_id() != before
    assert keys.in_use() == {key_id(): SECRETS}
    assert keys.rotate() == 0


@pytest.mark.usefixtures("_kept_keys")
@pytest.mark.django_db
def test_a_process_that_began_before_opens_what_was_sealed_since(settings: Settings) -> None:
    fill(3)
    earlier = settings.OPTIONS.model_copy()
    assert settings.OPTIONS.renew_master_key()
    assert keys.rotate() == 3
    settings.OPTIONS = earlier
    assert [unseal(row.content, context=row.pk) for row in Credential.objects.order_by("fingerprint")] == [
        b"secret 0",
        b"secret 1",
        b"secret 2",
    ]


@pytest.mark.usefixtures("_kept_keys")
@pytest.mark.django_db
def test_a_forgotten_key_opens_nothing_more(settings: Settings) -> None:
    token = seal(b"old", context="x")
    settings.OPTIONS.renew_master_key()
    assert unseal(token, context="x") == b"old"
    settings.OPTIONS.forget_master_keys()
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"other_master_keys": []})
    with pytest.raises(SealedWithAnotherKey):
        unseal(token, context="x")


def test_a_key_from_a_variable_is_not_renewed(tmp_path: Path, settings: Settings) -> None:
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"data_dir": tmp_path})
    before = key_id()
    assert not settings.OPTIONS.renew_master_key()
    assert (key_id(), list(tmp_path.iterdir())) == (before, [])


def test_resealing_keeps_the_secret_and_its_place(settings: Settings) -> None:
    token = seal(b"content", context="here")
    old, new = settings.OPTIONS.master_key, fresh_key()
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"master_key": new, "other_master_keys": [old]})
    fresh = reseal(token, context="here")
    assert key_id_of(fresh) == key_id() != key_id_of(token)
    assert unseal(fresh, context="here") == b"content"
    with pytest.raises(SealBroken):
        reseal(token, context="elsewhere")
