"""Makes the people of a life cycle, each with a token for programs, and prints those as JSON."""

import json
import sys

from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.reviews.factories import cast


def main() -> None:
    """Make them in the data folder of this process."""
    people = cast()
    wanted = {"developer": people.developer, "provider": people.head, "business": people.business, "technical": people.technical}
    tokens = {name: create_token(actor=person, name="bench", scopes=[*Scope], days=1)[1] for name, person in wanted.items()}
    sys.stdout.write(json.dumps(tokens))
