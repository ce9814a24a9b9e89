"""An app every word of which tries to run something, and what the tries would do: open a dialog."""

import json
from typing import TYPE_CHECKING

from roadstead.catalog import services as catalog
from roadstead.packaging.factories import tgz
from tests.journeys.packages import CHART

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version

TRIES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<a href='javascript:alert(1)'>press</a>",
    "<a href='java&#x09;script:alert(1)'>press</a>",
    "[press](javascript:alert(1))",
    "[press](JaVaScRiPt&colon;alert(1))",
    "[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '![x](x"onerror=alert(1)//)',
    "![x](https://pictures.example.invalid/x.png)",
    "<javascript:alert(1)>",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "'\"--><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    '<div x-data x-init="alert(1)"></div>',
    "<div hx-get=/accounts/logout/ hx-trigger=load></div>",
    '<div hx-on::load="alert(1)"></div>',
    "<link rel=stylesheet href=//evil.example.invalid/x.css>",
    "<style>@import '//evil.example.invalid/x.css'</style>",
    "<base href=//evil.example.invalid/>",
    "<meta http-equiv=refresh content='0;url=//evil.example.invalid/'>",
    "<form action=//evil.example.invalid/><button>press</button></form>",
    "<object data=data:text/html,<script>alert(1)</script>></object>",
    "\u202e<script>alert(1)</script>",
)
TEXT = "\n\n".join(TRIES)
SHORT = TRIES[1]


def make(developer: "User", name: str) -> "Version":
    """Make the app, its package as hostile as what is said of it."""
    told = {"description": SHORT, "keywords": list(TRIES[:3]), "maintainers": [{"name": SHORT, "email": "a@example.com"}]}
    files = {path: text.replace("{name}", name, 1).replace("{number}", "1.0.0") for path, text in CHART.items()}
    files["Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n" + "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in told.items()
    )
    files["README.md"] = TEXT
    files["values.yaml"] += "".join(f"# {line}\n" for line in TEXT.splitlines())
    files["templates/NOTES.txt"] = TRIES[0]
    files["files/page.html"] = TEXT
    files["files/picture.svg"] = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
    upload = catalog.check_upload(data=tgz(files, name), filename=f"{SHORT}.tgz")
    version = catalog.create_app(actor=developer, upload=upload)
    catalog.edit_app(actor=developer, app_id=version.app_id, introduction=SHORT, description=TEXT, readme=TEXT, tos=TEXT)
    catalog.edit_version(actor=developer, version_id=version.pk, description=TEXT)
    return version
