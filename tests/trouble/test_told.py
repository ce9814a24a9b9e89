"""What machines are told: parameters with unusual names, templates that fail, and the time."""

import json

from tests.trouble.conftest import MORNING, Harbour
from tests.trouble.package import ODD
from tests.trouble.person import Person, failed, went_well

RESOURCE = '[template]\nsrc = "tide.tmpl"\ndest = "/etc/tide"\nkeys = ["/"]\n'
TEMPLATE = 'tide\n{{ getv "/env/two words" }} {{ getv "/env/名称" }} {{ getv "/env/a/b" }}\n'
WRONG = 'tide\n{{ getv "/env/never" }}\n'
ASKING = (
    "import urllib.request as u; "
    "print(u.urlopen(u.Request('http://127.0.0.1:9611/self/env', "
    "headers={'Accept': 'application/json'})).read().decode())"
)
AHEAD = "import time\n_real = time.time\ntime.time = lambda: _real() + 600\n"


def test_parameters_with_unusual_names_arrive_as_they_are(harbour: Harbour, user: Person) -> None:
    image = harbour.image("odd", {"etc/confd/conf.d/tide.toml": RESOURCE, "etc/confd/templates/tide.tmpl": TEMPLATE})
    instance = user.deploy("odd", image=image, text="fair & <wide>")
    assert went_well(user.ended(instance))
    said = json.loads(harbour.run(instance, f'python3 -c "{ASKING}"'))
    slashed = {**ODD, "text": "fair & <wide>", "a": {"b": ODD["a/b"]}}
    del slashed["a/b"]
    assert said == slashed
    assert harbour.run(instance, "cat /etc/tide") == "tide\nblank 鹭 slash\n"
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_template_that_fails_is_named_with_its_line(harbour: Harbour, user: Person) -> None:
    image = harbour.image("wrong", {"etc/confd/conf.d/tide.toml": RESOURCE, "etc/confd/templates/tide.tmpl": WRONG})
    instance = user.deploy("wrong", image=image)
    step = failed(user.ended(instance))
    assert step["title"] == "Write configuration"
    assert "tide.toml" in step["problem"]["message"]
    assert "tide.tmpl:2" in step["problem"]["message"]
    assert "/env/never" in step["problem"]["message"]
    assert step["problem"]["message"] in user.page(instance)
    harbour.put(instance, "etc/confd/templates/tide.tmpl", TEMPLATE)
    assert went_well(user.does("retry", instance))
    assert "blank" in harbour.run(instance, "cat /etc/tide")
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_machine_whose_clock_is_ten_minutes_off_works_and_says_so(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("ahead", image=harbour.image("ahead", {MORNING: AHEAD}))
    assert went_well(user.ended(instance))
    assert user.until(lambda: "clock is 10 min ahead" in user.page(instance, "machines"))
    assert "Set it right" in user.page(instance, "machines")
    assert went_well(user.does("stop", instance), user.does("start", instance), user.does("delete", instance))
    assert harbour.left(instance) == []
