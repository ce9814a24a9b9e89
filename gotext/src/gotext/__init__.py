"""Go's `text/template` in pure Python: the same output and the same errors, with limits instead of trust."""

from gotext.errors import DataError, ExecutionError, GotextError, LimitExceeded, ParseError
from gotext.machine import Limits
from gotext.template import MissingKey, Template

__version__ = "0.1.0"
__all__ = ["DataError", "ExecutionError", "GotextError", "LimitExceeded", "Limits", "MissingKey", "ParseError", "Template"]
