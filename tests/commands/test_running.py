"""Deploying from the command, on a real control plane: planned, made with its steps shown, changed, removed."""

from pathlib import Path

from tests.commands.program import BUSINESS, DEVELOPER, HEAD, TECHNICAL, USER, Program, packed, program_of
from tests.server import Server, running
from tests.testbeds.kubernetes import ControlPlane


def released(server: Server, folder: Path) -> str:
    """Bring our own chart into the store and return its version."""
    ci = program_of(server, DEVELOPER, ["apps:write"], folder)
    version = str(ci("app", "create", packed(folder), "-o", "json").json["version"]["id"])
    ci("version", "submit", version)
    for name in (HEAD, BUSINESS, TECHNICAL):
        reviewer = program_of(server, name, ["reviews:write"], folder)
        (row,) = reviewer("review", "list", "--version", version, "-o", "json").json
        reviewer("review", "claim", row["id"])
        reviewer("review", "pass", row["id"])
    ci("version", "release", version)
    return version


def test_an_instance_lives_and_goes_from_the_command(kubernetes: ControlPlane, tmp_path: Path) -> None:
    with running(tmp_path) as server:
        version = released(server, tmp_path)
        user = program_of(server, USER, ["instances:write", "environments:write"], tmp_path)
        (tmp_path / "kubeconfig").write_text(kubernetes.kubeconfig)
        place = user("env", "create", "mine", "--zone", "commands", "--kubeconfig", tmp_path / "kubeconfig", "-o", "json").json
        assert "certificate-authority-data" not in repr(place)
        where = ("-e", "mine", "--name", "blog")
        assert "Install release" in user("instance", "deploy", version, *where, "--dry-run").out
        assert user("instance", "list", "-o", "json").json == []
        made = user("instance", "deploy", version, *where, "--wait", "-o", "json")
        assert (made.json["status"], made.json["transition"]) == ("active", "")
        assert [line[0] for line in made.err.splitlines()] == ["✓"] * 5, made.err
        assert "Install release" in made.err
        instance = made.json["id"]
        changes(user, instance)
        assert user("instance", "delete", instance, "--yes", "--wait", "-o", "json").json["status"] == "deleted"
        assert kubernetes.kubectl("get", "deployments,statefulsets", "-n", "commands", "-o", "name").split() == []
        assert user("instance", "deploy", version, *where, code=6).out == ""
        assert user("instance", "cease", instance, "--yes", "--wait", "-o", "json").json["status"] == "ceased"


def changes(user: Program, instance: str) -> None:
    """Update it and go back; what doesn't fit is refused."""
    values = "replicaCount: 2\n"
    user("instance", "update", instance, "--values", "-", "--wait", stdin=values)
    assert user("instance", "values", instance).out == values
    assert [row["revision"] for row in user("instance", "revisions", instance, "-o", "json").json] == [1]
    user("instance", "rollback", instance, "1", "--wait")
    assert user("instance", "rollback", instance, "77", code=7).out == ""
    jobs = user("job", "list", instance, "-o", "json").json
    assert [job["operation"] for job in jobs] == ["rollback", "update", "create"]
    assert "successful" in user("job", "show", jobs[0]["id"]).out
