"""The API, assembled from the routers of the packages."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from roadstead import __version__
from roadstead.api import problems
from roadstead.store.api import router as store

DESCRIPTION = "Self-hosted marketplace and life-cycle platform for applications. Every answer from 400 on is an RFC 9457 problem."
METHODS = {"get", "put", "post", "delete", "patch"}


class RoadsteadAPI(NinjaAPI):
    """An API whose document also says how every operation refuses."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Return the document with the problem shape as every operation's default answer."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        shape = problems.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = schema.setdefault("components", {}).setdefault("schemas", {})
        parts.update(shape.pop("$defs", {}))
        parts["ProblemDetails"] = shape
        refusal = {"description": "Refused", "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}}
        for operations in schema["paths"].values():
            for method in METHODS & operations.keys():
                operations[method]["responses"].setdefault("default", refusal)
        return schema


def assemble() -> NinjaAPI:
    """Put the routers together; the interactive page is left out, for it loads scripts from elsewhere."""
    api = RoadsteadAPI(title="Roadstead", version=__version__, description=DESCRIPTION, docs_url=None, urls_namespace="api")
    problems.install(api)
    api.add_router("/store", store)
    return api
