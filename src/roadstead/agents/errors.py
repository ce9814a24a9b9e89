"""What can be wrong with a request to the agents' verbs; what an agent does wrong has no words, it just finds nothing."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Missing, WrongState


class AgentMissing(Missing):
    """There is no such agent, or it was revoked."""

    code = "agent_missing"
    words = _("This machine's agent isn't known here any more.")


class TokenTaken(WrongState):
    """The token belongs to a command of another agent."""

    code = "command_token_taken"
    words = _("This step has ordered something of another machine before.")


class FreezerMissing(WrongState):
    """What freezes an agent isn't installed."""

    code = "agent_freezer_missing"
    words = _("PyInstaller isn't installed here. Install Roadstead's extra for it: pip install 'roadstead[frozen]'")


class FreezingFailed(WrongState):
    """PyInstaller said no."""

    code = "agent_freezing_failed"
    words = _("The agent can't be built: %(reason)s")
