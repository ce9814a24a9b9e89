"""Demo data: an installation as it may look after two years, made in minutes, the same names and numbers for the same seed."""

import itertools
from base64 import b32encode
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from roadstead.accounts import services as accounts
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.store import demo_words, services
from roadstead.store.demo_copies import Copy, Original, When, add, copied
from roadstead.store.demo_places import run_some
from roadstead.store.demo_ways import REJECTED, WAYS, Cast, Way, originals
from roadstead.store.errors import NotForDemoData
from roadstead.vendors import services as vendors

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.vendors.models import Provider

PIECE = 500
APPS_OF_A_COMPANY, MOST_COMPANIES = 40, 300
DAYS = 700
ORIGINALS = "WordPress"
Tell = Callable[[int], object]


@dataclass(frozen=True)
class Company:
    """A provider and who works there."""

    provider: "Provider"
    head: "User"
    developers: "Sequence[User]"


@dataclass
class Crowd:
    """Who there is: companies, reviewers of each later stage, and people who run apps."""

    companies: list[Company] = field(default_factory=list)
    business: "list[User]" = field(default_factory=list)
    technical: "list[User]" = field(default_factory=list)
    users: "list[User]" = field(default_factory=list)


@transaction.atomic
def fill(*, sample: "Callable[[], Provider]", count: int, seed: int, tell: Tell) -> None:
    """Add so many apps in every state, with their people, reviews and instances, or nothing; `tell` hears how many there are.

    `sample` makes the sample people and their provider where they are missing. Raises `NotForDemoData` where anybody else is.
    """
    random = Random(seed)  # noqa: S311  # it plays dice, and keeps no secret
    provider = sample()
    people = accounts.ensure_sample_people()
    _require_nobody_else(people)
    cast = Cast(people["developer"], people["isv"], people["business_reviewer"], people["technical_reviewer"], people["global_admin"])
    crowd = _crowd(random, cast, Company(provider, cast.head, [cast.developer]), people["user"], count)
    models = [(way, Original.of(made)) for way, made in zip(WAYS, originals(cast, names=ORIGINALS), strict=True)]
    writer = _Writer(random, cast, crowd)
    for piece in _pieces(range(max(0, count - len(models)))):
        add([writer.copy(*random.choices(models, [way.share for way in WAYS])[0]) for _ in piece])
        tell(len(models) + piece[-1] + 1)
    services.count_shelves()
    run_some(random, crowd.users, count)
    record(None, "demo.filled", provider, apps=count, seed=seed)


def _require_nobody_else(people: "dict[str, User]") -> None:
    """Refuse where anybody is whom neither the demo nor the first start made: what they see must stay true."""
    others = get_user_model().objects.exclude(pk__in=[person.pk for person in people.values()]).exclude(role_id="global_admin")
    if other := others.order_by("created", "pk").first():
        raise NotForDemoData(name=other.name)


def _crowd(random: Random, cast: Cast, own: Company, user: "User", count: int) -> Crowd:
    numbers = itertools.count(1)

    def person(role: str, **more: Any) -> "User":
        email, name = f"demo{next(numbers)}@example.com", demo_words.person(random)
        return accounts.create_user(actor=None, email=email, name=name, role_id=role, **more)

    crowd = Crowd([own], [cast.business], [cast.technical], [user])
    for number in range(1, 1 + min(MOST_COMPANIES, count // APPS_OF_A_COMPANY)):
        head = person("isv")
        made = vendors.create_provider(actor=None, head=head, company_name=demo_words.company(random, number))
        vendors.certify(actor=cast.keeper, provider_id=made.pk)
        made.refresh_from_db()
        crowd.companies.append(Company(made, head, [person("developer", group=head.group) for _ in range(random.randint(1, 4))]))
    crowd.business += [person("business_reviewer") for _ in range(3)]
    crowd.technical += [person("technical_reviewer") for _ in range(4)]
    crowd.users += [person("user") for _ in range(min(300, 5 + count // 200))]
    return crowd


def _pieces(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), PIECE):
        yield numbers[start : start + PIECE]


class _Writer:
    """Makes copies up: which company offers an app, what it is called, who decided it, and when."""

    def __init__(self, random: Random, cast: Cast, crowd: Crowd) -> None:
        self._random, self._cast, self._crowd = random, cast, crowd
        self._now = now()
        self._taken: set[tuple[str, str]] = set()
        self._places: set[datetime] = set()

    def copy(self, way: Way, original: Original) -> Copy:
        """Make one up."""
        random, company = self._random, self._random.choice(self._crowd.companies)
        product = demo_words.product(random)
        name = self._free(company.provider.pk, product.name)
        app = {"category_id": product.category, "keywords": product.keywords, "introduction": product.introduction, "name": name}
        info = {
            "name": name,
            "introduction": product.introduction,
            "category": product.category,
            "keywords": product.keywords,
            "provider": services.provider_shown(company.provider),
        }
        return copied(original, swaps=self._swaps(original, company), when=self._when(way, original), app=app, info=info)

    def _free(self, provider_id: str, name: str) -> str:
        tries = itertools.chain([name], (f"{name} {number}" for number in itertools.count(2)))
        free = next(each for each in tries if (provider_id, each.lower()) not in self._taken)
        self._taken.add((provider_id, free.lower()))
        return free

    def _swaps(self, original: Original, company: Company) -> dict[str, str]:
        random, cast, crowd = self._random, self._cast, self._crowd
        people = (
            (cast.developer, random.choice(company.developers)),
            (cast.head, company.head),
            (cast.business, random.choice(crowd.business)),
            (cast.technical, random.choice(crowd.technical)),
        )
        swaps = {row.pk: self._id(row.pk) for row in original.rows if isinstance(row.pk, str)}
        for before, after in people:
            swaps |= {before.pk: after.pk, before.path: after.path, before.name: after.name}
        return swaps | {self._crowd.companies[0].provider.pk: company.provider.pk, REJECTED: random.choice(demo_words.REASONS)}

    def _id(self, like: str) -> str:
        return f"{like.partition('-')[0]}-{b32encode(self._random.randbytes(10)).decode().lower()}"

    def _when(self, way: Way, original: Original) -> When:
        """Spread what happened within seconds over days, in the same order."""
        random, before = self._random, original.moments()
        under_way = way.then in {"", "claim"} and way.passes in {0, 1, 2}
        age = random.uniform(0.3, 6) if under_way else random.uniform(2, DAYS)
        span = age * random.uniform(0.6, 0.98) if under_way else min(age, random.uniform(1, 9))
        steps = sorted(random.random() for _ in before)
        begin = self._now - timedelta(days=age)
        after = [begin + timedelta(days=span * step) for step in steps]
        # The store keeps its listings in their order: no two at the same moment.
        while after[-1] in self._places:
            after[-1] += timedelta(microseconds=1)
        self._places.add(after[-1])
        return lambda moment: after[min(bisect_left(before, moment), len(after) - 1)]
