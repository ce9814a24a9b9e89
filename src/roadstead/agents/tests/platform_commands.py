"""What the platform of the tests can do: serves the doors for agents, reads commands as JSON lines and answers each with one."""

import json
import os
import sys
import threading
import time
from pathlib import Path
from socket import create_server
from typing import Any

import uvicorn
from django.core.management import call_command
from django.forms.models import model_to_dict

from roadstead import jobs
from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.agents import selectors, services
from roadstead.agents.doors import agent_doors
from roadstead.agents.models import Agent, Command
from roadstead.agents.socket import listening_for_agents
from roadstead.core.problems import Problem
from roadstead.jobs.models import Job

SERVED_IN = 60
FAILED = Problem("command_failed")


def ordered(run: jobs.StepRun) -> None:
    """Order something of an agent and wait for its end: what the steps of a plan do."""
    services.order(agent_id=run.target, token=run.token, verb="service", params=run.params, timeout=30)
    command = selectors.command_of(run.token)
    if command is None or command.open:
        run.wait(30)
    elif command.state != "done":
        raise jobs.StepFailed(FAILED)


class Platform:
    """Answers the test's commands."""

    def __init__(self) -> None:
        jobs.register_op("test.order", ordered, "Order")
        jobs.register_kind("test.job", "Job")

    def admit(self, **said: Any) -> str:
        return services.admit(environment_id="runtime-x", **said).pk

    def boot(self, agent: str, **said: Any) -> dict[str, Any]:
        config: dict[str, Any] = json.loads(services.boot_config(agent_id=agent, **said))
        return config

    def revoke(self, agent: str) -> None:
        services.revoke(agent_id=agent)

    def order(self, agent: str, token: str, params: dict[str, Any], verb: str = "service", timeout: float = 60) -> str:
        return services.order(agent_id=agent, token=token, verb=verb, params=params, timeout=timeout).pk

    def withdraw(self, token: str) -> None:
        services.withdraw(token)

    def publish(self, **said: Any) -> str:
        return services.publish(**said).pk

    def command(self, token: str) -> dict[str, Any]:
        command = selectors.command_of(token)
        assert command
        return model_to_dict(command, exclude=["sealed_params"])

    def agent(self, agent: str) -> dict[str, Any]:
        found = selectors.agent_by_id(agent)
        return {"connected": found.connected, "boot": found.boot, "health": found.health, "facts": found.facts, "version": found.version}

    def trip(self, agent: str, token: str, cmd: str) -> float:
        """Order something and return the seconds until its end stood in its row."""
        begun = time.monotonic()
        self.order(agent, token, {"cmd": cmd})
        while (command := selectors.command_of(token)) is None or command.open:
            time.sleep(0.002)
        return time.monotonic() - begun

    def job(self, targets: list[str], cmd: str) -> str:
        actor = User.objects.first() or person()
        layers = [[jobs.StepSpec("test.order", target, {"cmd": cmd})] for target in targets]
        return jobs.submit(actor=actor, kind="test.job", subject=actor, plan=jobs.Plan(layers=layers)).pk

    def job_status(self, job: str) -> dict[str, Any]:
        row = Job.objects.get(pk=job)
        seconds = (row.finished - row.created).total_seconds() if row.finished else 0
        return {"status": row.status, "done": row.done, "seconds": seconds, "error": row.error}

    def counts(self) -> dict[str, int]:
        return {
            "agents": Agent.objects.count(),
            "commands": Command.objects.count(),
            "threads": threading.active_count(),
            "waiting": agent_doors.waiting,
        }


def main(folder: Path) -> None:
    """Serve until the test says no more."""
    call_command("migrate", verbosity=0, interactive=False)
    platform = Platform()
    with listening_for_agents() as door, create_server(("127.0.0.1", 0)) as port, jobs.Worker(folder, job_workers=8):
        config = uvicorn.Config(agent_doors, loop="uvloop", http="httptools", log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        config.load()
        threading.Thread(target=server.run, kwargs={"sockets": [door, port]}, daemon=True).start()
        end = time.monotonic() + SERVED_IN
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        answer({"socket": str(Path(services.relay_folder(), "platform.sock")), "port": port.getsockname()[1]})
        for line in sys.stdin:
            said = json.loads(line)
            act = getattr(platform, said.pop("do"))
            try:
                answer({"answer": act(**said)})
            except Exception as error:  # noqa: BLE001  # the test is told
                answer({"error": repr(error)})
    sys.stdout.flush()
    os._exit(0)


def answer(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()
