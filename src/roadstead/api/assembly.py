"""The API, assembled from the routers of the packages."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from roadstead import __version__
from roadstead.accounts.api import me
from roadstead.api import problems
from roadstead.api.document import Document
from roadstead.api.parsing import StrictParser
from roadstead.store.api import router as store

DESCRIPTION = "Self-hosted marketplace and life-cycle platform for applications. Every answer from 400 on is an RFC 9457 problem."


class RoadsteadAPI(NinjaAPI):
    """An API whose document also says how every operation refuses."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Return the document."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Document(self, prefix)


def assemble() -> NinjaAPI:
    """Put the routers together; the interactive page is left out, for it loads scripts from elsewhere."""
    api = RoadsteadAPI(
        title="Roadstead", version=__version__, description=DESCRIPTION, docs_url=None, urls_namespace="api", parser=StrictParser()
    )
    problems.install(api)
    api.add_router("/store", store)
    api.add_router("/me", me)
    return api
