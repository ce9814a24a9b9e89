"""What a node goes on with after a restart."""

from pathlib import Path

import pytest

from roadstead_agent import lasting
from roadstead_agent.boot import Kept
from roadstead_agent.lasting import Lasting


def test_an_agent_that_is_killed_while_it_starts_all_again_does_so_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path / "lasting.json")
    assert Lasting(kept).new_life()
    # Killed here, it finds the same.
    assert Lasting(kept).new_life()
    Lasting(kept).going()
    assert not Lasting(kept).new_life()
    monkeypatch.setattr(lasting, "machine_life", lambda: "another start")
    assert Lasting(kept).new_life()
