"""What can be ordered of a node."""

from __future__ import annotations

from roadstead_agent.work import Answer, Verb, Work, ended


def service(work: Work) -> Answer:
    """Run a service of the package."""
    return ended(work.shell(str(work.params["cmd"])))


def custom_metadata(work: Work) -> Answer:
    """Run the command whose output becomes the node's token in the metadata."""
    run = work.shell(str(work.params["cmd"]))
    return ended(run, token=run.output.strip())


NODE: dict[str, Verb] = {"service": service, "custom_metadata": custom_metadata, "check": service}
