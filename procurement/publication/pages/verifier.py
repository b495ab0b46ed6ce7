"""The verifier in the browser: files are examined in the page and never sent."""

from typing import Any

from litestar import Response, get

from procurement.web import WITH_WASM, Visit, reads, render


@get("/verify", include_in_schema=False, opt=WITH_WASM)
@reads
def show_verifier(visit: Visit) -> Response[Any]:
    """Show where to drop the files of a round."""
    return render(visit, "publication/verify.html")


ROUTES = (show_verifier,)
"""Handlers of this page."""
