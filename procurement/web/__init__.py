"""What every page and interface shares: one request, one transaction, one answer.

Pages import from here and not from the modules within.
"""

from procurement.web.addresses import Cursor, PageNumber, PageSize, RowId
from procurement.web.cookies import cookie_name, new_cookie
from procurement.web.forms import Form, Upload
from procurement.web.handlers import OWN_IDEMPOTENCY, reads, writes
from procurement.web.paging import KeysetPage, Page, paginate, paginate_by_key
from procurement.web.rendering import redirect, render
from procurement.web.visit import SESSION_COOKIE, Edge, Visit

WITH_WASM = {"wasm": True}
"""Handler ``opt`` of the sealing and opening pages, whose library runs WebAssembly."""

__all__ = [
    "OWN_IDEMPOTENCY",
    "SESSION_COOKIE",
    "WITH_WASM",
    "Cursor",
    "Edge",
    "Form",
    "KeysetPage",
    "Page",
    "PageNumber",
    "PageSize",
    "RowId",
    "Upload",
    "Visit",
    "cookie_name",
    "new_cookie",
    "paginate",
    "paginate_by_key",
    "reads",
    "redirect",
    "render",
    "writes",
]
