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
