"""Everything that can be wrong with an engine's credential, the engine, or a machine in it, said once."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import problem_kind

PRINT = """\
echo "tcp://$(hostname -f):2376"
cat ~/.docker/ca.pem ~/.docker/cert.pem ~/.docker/key.pem
"""
"""Commands that print a credential of an engine that was set up as Docker's manual says."""

# A pasted credential
TOO_LARGE = problem_kind("docker_credential_too_large", _("This is too large: %(size)s bytes, allowed are %(limit)s."))
NO_ADDRESS = problem_kind("docker_no_address", _("The first line must be the engine's address, such as tcp://engine.example.com:2376."))
ADDRESS_FORM = problem_kind("docker_address_form", _("The address must look like tcp://host:2376, without user, path or query."))
SOCKET_FORM = problem_kind("docker_socket_form", _("A socket's address must look like unix:///run/docker.sock, and nothing may follow it."))
SCHEME = problem_kind("docker_scheme", _("“%(scheme)s” isn't a way to reach an engine here. Use tcp:// with TLS."))
ADDRESS_FORBIDDEN = problem_kind("docker_address_forbidden", _("Roadstead never connects to %(host)s: it isn't an engine's address."))
NO_TLS_PARTS = problem_kind(
    "docker_no_tls", _("An engine is only reached over TLS. Paste the authority, the client's certificate and its key below the address.")
)
STRAY = problem_kind(
    "docker_stray_text", _("This line is neither the address nor part of a PEM block. Files aren't read: paste their content.")
)
REGISTRY_FORM = problem_kind(
    "docker_registry_form", _("A login for a registry must look like “registry host user password”, on a line of its own.")
)
BAD_PEM = problem_kind("docker_bad_pem", _("This PEM block can't be read. Paste it whole, from BEGIN to END."))
ODD_PEM = problem_kind("docker_odd_pem", _("“%(kind)s” isn't needed here. Paste certificates and one private key."))
NO_KEY = problem_kind("docker_no_key", _("The client's private key is missing."))
SEVERAL_KEYS = problem_kind("docker_several_keys", _("There is more than one private key. Keep the client's."))
KEY_LOCKED = problem_kind("docker_key_locked", _("The private key has a pass phrase, which nobody could type here. Paste one without."))
NO_CERTIFICATE = problem_kind("docker_no_certificate", _("No certificate belongs to the private key. Paste the client's certificate."))
NO_AUTHORITY = problem_kind("docker_no_authority", _("The authority that signed the engine's certificate is missing."))
EXPIRED = problem_kind("docker_certificate_expired", _("The client's certificate expired on %(day)s. Make a new one."))
ZONE_UNKNOWN = problem_kind("docker_zone_unknown", _("An engine has no zones. Leave this empty."))

# Reaching an engine
STOPPED = problem_kind("docker_engine_stopped", _("No Docker engine answers at %(server)s. Is it running?"))
UNREACHABLE = problem_kind("docker_engine_unreachable", _("The way to the engine at %(server)s failed: %(reason)s."))
NO_PERMISSION = problem_kind(
    "docker_permission", _("Roadstead may not open %(server)s. Add the user that it runs as to the group docker, and start it again.")
)
NAME_UNKNOWN = problem_kind("docker_name_unknown", _("The name %(host)s isn't known. Check it for typing mistakes."))
NO_ANSWER = problem_kind("docker_no_answer", _("The engine at %(server)s didn't answer in time."))
BAD_TLS = problem_kind("docker_bad_tls", _("TLS with %(server)s failed: %(reason)s. Check the authority and the client's certificate."))
TOO_OLD = problem_kind("docker_too_old", _("The engine speaks version %(version)s of its interface; %(wanted)s or later is needed."))
NOT_LINUX = problem_kind("docker_not_linux", _("The engine runs containers of %(system)s, and machines need Linux."))
NOT_AN_ENGINE = problem_kind("docker_not_an_engine", _("What answers at %(server)s isn't a Docker engine."))
BUSY = problem_kind("docker_busy", _("The engine asks for fewer calls: %(reason)s"))
TROUBLE = problem_kind("docker_trouble", _("The engine can't do it at the moment: %(reason)s"))
SAID_NO = problem_kind("docker_said_no", _("The engine said no: %(reason)s"))
INTERRUPTED = problem_kind("docker_interrupted", _("It was stopped on request."))
LATE = problem_kind("docker_late", _("It wasn't done within %(seconds)s s."))

# Images
IMAGE_MISSING = problem_kind(
    "docker_image_missing",
    _("The image %(name)s is neither on the engine nor to be had (%(reason)s). Check its name, or build or load it there, and try again."),
)
IMAGE_LOGIN = problem_kind(
    "docker_image_login",
    _(
        "%(registry)s doesn't give the image %(name)s to whoever asks: %(reason)s. Put a line “registry %(registry)s user password” "
        "into the environment's authorization, or correct the one that is there."
    ),
)
IMAGE_PROCESSOR = problem_kind("docker_image_processor", _("The image %(name)s is for %(found)s, and the engine's machine is %(wanted)s."))
IMAGE_NO_SHELL = problem_kind(
    "docker_image_no_shell",
    _("The image %(name)s has no shell (/bin/sh), which the services of a machine need. Build it from one that has, such as debian."),
)
IMAGE_NO_PYTHON = problem_kind(
    "docker_image_no_python",
    _(
        "The image %(name)s has no Python 3.9 or later, so the agent must bring its own: an administrator runs `roadstead agent build` "
        "once, and again after each update. Or install python3 in the image."
    ),
)
IMAGE_NO_GLIBC = problem_kind(
    "docker_image_no_glibc",
    _(
        "The image %(name)s has no Python 3.9 or later, and an agent that brings its own needs glibc, which isn't there either; "
        "musl, which Alpine has, is another. Install python3 in the image, or make it from one with glibc, such as Debian."
    ),
)
IMAGE_OLD_GLIBC = problem_kind(
    "docker_image_old_glibc",
    _(
        "The image %(name)s has no Python 3.9 or later, and its glibc %(found)s is too old for the agent that brings its own, which needs "
        "%(wanted)s. Install python3 in the image, make it from a newer one, or run `roadstead agent build` on an older system."
    ),
)
AGENT_PROCESSOR = problem_kind(
    "docker_agent_processor",
    _(
        "The image %(name)s has no Python 3.9 or later, and the agent that brings its own is for %(found)s, while the engine's machine is "
        "%(wanted)s. Install python3 in the image, or run `roadstead agent build` on a machine like the engine's."
    ),
)
BUILD_FAILED = problem_kind("docker_build_failed", _("The image %(name)s can't be built: %(reason)s"))

# Machines, disks, networks
NAME_TAKEN = problem_kind("docker_name_taken", _("Something else on the engine is called %(name)s."))
MACHINE_MISSING = problem_kind("docker_machine_missing", _("The machine %(name)s isn't there."))
NETWORK_GONE = problem_kind(
    "docker_network_gone",
    _("The network %(name)s isn't there any more. Retry makes Roadstead's own again; make another again yourself before that."),
)
NETWORK_IN_USE = problem_kind("docker_network_in_use", _("Machines still use the network %(name)s."))
NO_NETWORK_LEFT = problem_kind("docker_no_network_left", _("The engine has no address range left for another network: %(reason)s"))
ADDRESS_TAKEN = problem_kind("docker_address_taken", _("The address %(address)s is taken by something else in the network %(network)s."))
NO_ADDRESS_LEFT = problem_kind("docker_no_address_left", _("The network %(network)s has no free address left."))
PORT_TAKEN = problem_kind("docker_port_taken", _("No port of the engine's machine is free for port %(port)s: %(reason)s"))
CPU_TOO_LARGE = problem_kind("docker_cpu_too_large", _("%(wanted)s CPUs are asked for, and the engine's machine has %(have)s."))
MEMORY_TOO_LARGE = problem_kind(
    "docker_memory_too_large", _("%(wanted)s MiB of memory are asked for, and the engine's machine has %(have)s MiB.")
)
DISK_TOO_LARGE = problem_kind(
    "docker_disk_too_large", _("A disk of %(wanted)s GiB is asked for, and the engine's machine has %(have)s GiB free.")
)
DISK_FULL = problem_kind("docker_disk_full", _("The disk of the engine's machine is full: %(reason)s"))
DISK_MISSING = problem_kind("docker_disk_missing", _("The disk %(name)s isn't there."))
DISK_IN_USE = problem_kind("docker_disk_in_use", _("A machine still uses the disk %(name)s."))
DISK_SHRINKS = problem_kind("docker_disk_shrinks", _("The disk %(name)s has %(have)s GiB and can't be made smaller."))
MACHINE_RUNS = problem_kind("docker_machine_runs", _("The machine %(name)s runs. Stop it first: an engine adds and takes disks only then."))
NO_SOCKET_THERE = problem_kind("docker_no_socket_there", _("A remote engine can't reach the platform through a folder of this machine."))
