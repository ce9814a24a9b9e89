"""Put a released WordPress and an environment of the sample user into a data folder; run as `python -m tests.chaos.prepare DATA KUBECONFIG`.

It prints the version's and the environment's ids as JSON. The services are the very ones that the pages call.
"""

import json
import os
import sys
import tomllib
from pathlib import Path

CHART = Path(__file__).parents[2] / "examples" / "wordpress" / "helm"


def main(data_dir: Path, kubeconfig: Path) -> None:
    """Walk one chart through review to the store."""
    keys = tomllib.loads((data_dir / "keys.toml").read_text())
    os.environ |= {f"ROADSTEAD_{name.upper()}": value for name, value in keys.items()}
    os.environ |= {"ROADSTEAD_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "roadstead.config.settings"}
    import django

    django.setup()
    from roadstead.accounts.models import User
    from roadstead.catalog import services as catalog
    from roadstead.packaging.services import pack_folder
    from roadstead.reviews import services as reviews
    from roadstead.reviews.track import OPEN_STAGES, Verdict
    from roadstead.runtimes import services as runtimes
    from roadstead.store import services as store

    people = {user.name: user for user in User.objects.all()}
    upload = catalog.check_upload(data=pack_folder(CHART), filename="wordpress.tgz")
    version = catalog.create_app(actor=people["陈屿"], upload=upload)
    submission = reviews.submit(actor=people["陈屿"], version_id=version.pk)
    for stage, name in zip(OPEN_STAGES, ["苏禾", "何以晴", "林知远"], strict=True):
        reviews.claim(actor=people[name], submission_id=submission.pk, stage=stage)
        reviews.decide(actor=people[name], submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)
    store.release(actor=people["陈屿"], version_id=version.pk)
    place = runtimes.create_environment(
        actor=people["周子衿"], provider="kubernetes", content=kubeconfig.read_text(), zone=data_dir.name, name="chaos"
    )
    print(json.dumps({"version": version.pk, "environment": place.pk}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
