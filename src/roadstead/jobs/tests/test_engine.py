"""What we rely on in DBOS beyond its documented interface, for the version that is pinned."""

import inspect
from importlib.metadata import version

from dbos import DBOS, DBOSConfig
from dbos._dbos import _get_or_create_dbos_registry

from roadstead.jobs import engine


def test_the_takeover_that_we_call_is_there() -> None:
    assert version("dbos").startswith("3.4."), "a new version: read its recovery, run test_death, then change this"
    assert list(inspect.signature(DBOS._recover_pending_workflows).parameters) == ["executor_ids"]


def test_the_settings_that_we_rely_on_are_there() -> None:
    used = {"name", "system_database_url", "application_version", "executor_id", "max_executor_threads", "serializer", "log_level"}
    assert used <= set(DBOSConfig.__annotations__)
    assert {"worker_concurrency", "polling_interval_sec", "on_conflict"} <= set(inspect.signature(DBOS.register_queue).parameters)


def test_workflows_keep_the_names_under_which_they_are_stored() -> None:
    assert engine.VERSION == "1", "a new version: what earlier ones left in work must be drained or stamped anew first"
    assert {"roadstead.job", "roadstead.parked", "roadstead.step"} <= set(_get_or_create_dbos_registry().workflow_info_map)
