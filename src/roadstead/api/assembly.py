"""The API, assembled from the routers of the packages."""

from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from roadstead import __version__
from roadstead.accounts import api as accounts
from roadstead.api import problems
from roadstead.api.document import Document
from roadstead.api.parsing import StrictParser
from roadstead.clusters import api as clusters
from roadstead.reviews import api as reviews
from roadstead.runtimes import api as runtimes
from roadstead.store import api as store

DESCRIPTION = "Self-hosted marketplace and life-cycle platform for applications. Every answer from 400 on is an RFC 9457 problem."
ROUTERS = {
    "/store": store.router,
    "/me": accounts.me,
    "/overview": store.overview,
    "/apps": store.apps,
    "/versions": store.versions,
    "/categories": store.categories,
    "/reviews": reviews.router,
    "/environments": runtimes.environments,
    "/credentials": runtimes.credentials,
    "/this-machine": runtimes.machine,
    "/instances": clusters.instances,
    "/jobs": clusters.jobs,
    "/people": accounts.people,
    "/roles": accounts.roles,
    "/departments": accounts.departments,
    "/audit": accounts.record,
    "/settings": accounts.rules,
}


class RoadsteadAPI(NinjaAPI):
    """An API whose document also says how every operation refuses."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Return the document."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Document(self, prefix)


@cache
def the_api() -> NinjaAPI:
    """Put the routers together, once; the interactive page is left out, for it loads scripts from elsewhere."""
    api = RoadsteadAPI(
        title="Roadstead", version=__version__, description=DESCRIPTION, docs_url=None, urls_namespace="api", parser=StrictParser()
    )
    problems.install(api)
    for prefix, router in ROUTERS.items():
        api.add_router(prefix, router)
    return api
