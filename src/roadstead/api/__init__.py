"""The API as a whole: routers of the packages, one shape of errors, one OpenAPI document."""
