"""How a refusal is headed, by its HTTP status."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.states import State

_OTHER = State(value="error", word=_("That didn't work"), icon="alert-triangle", tone="halt")
_BY_STATUS = {
    403: State(value="403", word=_("Your role doesn't reach this far"), icon="lock", tone="halt"),
    404: State(value="404", word=_("Nothing here"), icon="map-off", tone="off"),
    409: State(value="409", word=_("Something has changed meanwhile"), icon="refresh-alert", tone="wait"),
}


def refusal_state(status: int) -> State:
    """Return title, icon and tone of a refusal."""
    return _BY_STATUS.get(status, _OTHER)
