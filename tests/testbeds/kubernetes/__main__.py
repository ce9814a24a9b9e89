"""`python -m tests.testbeds.kubernetes up|down|build`: the testbed by hand."""

import sys

from tests.testbeds.kubernetes.build import CannotBuild, build, build_helm
from tests.testbeds.kubernetes.control_plane import ControlPlane, NotReady, standing


def up() -> str:
    """Start the control plane that stays until `down`."""
    state = standing() / "state.json"
    if state.exists():
        plane = ControlPlane.read(state)
        if plane.alive:
            return f"already up: export KUBECONFIG={plane.folder / 'kubeconfig'}"
        plane.stop()
    plane = ControlPlane.start(folder=standing(), owner=0)
    return f"ready after {plane.seconds:.1f} s: export KUBECONFIG={plane.folder / 'kubeconfig'}"


def down() -> str:
    """Stop what `up` started."""
    state = standing() / "state.json"
    if not state.exists():
        return "not up"
    ControlPlane.read(state).stop()
    return "down"


def make() -> str:
    """Build the programs and the Helm command into the cache folder."""
    return f"{build().folder} {build_helm().parent}"


COMMANDS = {"up": up, "down": down, "build": make}


def main(arguments: list[str]) -> int:
    """Run one command and print its one line."""
    command = COMMANDS.get(arguments[0]) if len(arguments) == 1 else None
    if command is None:
        sys.stderr.write("usage: python -m tests.testbeds.kubernetes up|down|build\n")
        return 2
    try:
        sys.stdout.write(command() + "\n")
    except (CannotBuild, NotReady) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
