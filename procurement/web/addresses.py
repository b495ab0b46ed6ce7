"""Types of what stands in addresses, so that nonsense is refused before it reaches a query."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
"""Id of a row in an address."""

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=10_000_000)]
"""Number of a page of a list, from 1."""

PageSize = Annotated[int, QueryParameter(name="page_size", ge=1, le=500)]
"""Rows of a page of an API list."""

Cursor = Annotated[str | None, QueryParameter(name="cursor", max_length=200)]
"""Place in an API list, as the page before gave it."""
