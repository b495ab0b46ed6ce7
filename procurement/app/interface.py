"""The page that describes the API to people, made of the same description that machines read."""

from typing import Any

from litestar import Response, get

from procurement.web import Visit, reads, render

METHODS = ("get", "post", "put", "delete")


@get("/interface", include_in_schema=False)
@reads
def interface(visit: Visit) -> Response[Any]:
    """List every operation of the API."""
    schema = visit.request.app.openapi_schema.to_schema()
    operations = [
        (method.upper(), path, description[method])
        for path, description in sorted(schema["paths"].items())
        for method in METHODS
        if method in description
    ]
    return render(visit, "interface/interface.html", operations=operations)


ROUTES = (interface,)
