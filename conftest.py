"""What holds for all tests. Their settings are `roadstead.config.testing`."""

import os
from collections.abc import Generator
from math import inf

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is.
_usual = settings.get_profile(settings.get_current_profile_name())
_patient = [*_usual.suppress_health_check, HealthCheck.too_slow]
settings.register_profile("patient", _usual, deadline=None, suppress_health_check=_patient)
settings.load_profile("patient")
pytest_plugins = ["tests.testbeds.plugin"]
ON_POSTGRESQL = bool(os.environ.get("ROADSTEAD_DATABASE_URL"))
# What a test that has a database asks for: the tests' own, or a folder with one.
USES = {"db", "transactional_db", "django_db_setup", "folder", "worker"}
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for the other engine; on PostgreSQL also what has no database: that ran on SQLite already."""
    engine = "postgresql" if ON_POSTGRESQL else "sqlite"
    left_out = [item for item in items if not _is_for(item, engine)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_for(item: pytest.Item, engine: str) -> bool:
    only = item.get_closest_marker("only_on")
    if only:
        return engine in only.args
    return engine == "sqlite" or bool(item.get_closest_marker("django_db")) or bool(USES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def _rules_as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with the rules of the platform known and as installed, so that queries are counted alike."""
    from roadstead.accounts import rules  # noqa: PLC0415  # Django must be ready

    monkeypatch.setattr(rules, "_memory", rules.Memory(read_at=inf))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In continuous integration a part that this machine cannot have is a failure, with the same reason."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} cannot be left out with CI=true: {call.excinfo.value if call.excinfo else ''}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} cannot be left out with CI=true: {report.longrepr}"
    return report
