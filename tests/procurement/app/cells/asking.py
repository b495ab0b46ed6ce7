"""What a request for an action is made of, and what its answer says about the permission."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from procurement.permissions import PERMISSIONS, Action, Condition, Role
from tests.procurement.app.cells.sides import Side


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Attributes:
        method: Of HTTP.
        address: Without host; machines ask below ``/api/``, people elsewhere.
        options: What the client takes: ``data`` of a form, ``json``, ``content``.
    """

    method: str
    address: str
    options: Mapping[str, Any] = field(default_factory=dict)


Make = Callable[[Side, Side, Role], Ask]
"""Makes the request of somebody of a role: about our side, about the other, and of which role."""


@dataclass(frozen=True)
class Exemplar:
    """How an action is asked for.

    Attributes:
        holds: For each condition of its cells the request for a thing where it holds.
        fails: Requests for things where none of them holds; empty where nobody can name one.
        unsaid: Roles whose request is answered, with what they may not change left as it was.
    """

    holds: Mapping[Condition, Make]
    fails: tuple[Make, ...] = ()
    unsaid: frozenset[Role] = frozenset()


def get(address: str) -> Ask:
    """Ask for an address."""
    return Ask("GET", address)


def form(address: str, **fields: Any) -> Ask:
    """Send a form."""
    return Ask("POST", address, {"data": fields})


def machine(address: str, body: object) -> Ask:
    """Send JSON."""
    return Ask("POST", address, {"json": body})


def document(address: str, content: bytes) -> Ask:
    """Send a sealed or signed document, once."""
    return Ask("POST", address, {"content": content, "headers": {"idempotency-key": "once"}})


def cell_of(action: Action, role: Role) -> tuple[Condition, ...]:
    """The conditions under which somebody of a role may act; everybody is public too."""
    row = PERMISSIONS[action]
    return tuple(dict.fromkeys((*row.get(role, ()), *row.get(Role.PUBLIC, ()))))


def is_refused(answer: httpx.Response, role: Role) -> bool:
    """Tell whether nobody of a role may do it: 403, or for a stranger the way to the sign-in."""
    if role is not Role.PUBLIC:
        return answer.status_code == 403
    return answer.status_code == 401 or _leads_to_sign_in(answer)


def is_passed(answer: httpx.Response) -> bool:
    """Tell whether the permission was there, whatever else was wrong with the request."""
    is_answered = answer.status_code not in (401, 403, 404) and answer.status_code < 500
    return is_answered and not _leads_to_sign_in(answer)


def _leads_to_sign_in(answer: httpx.Response) -> bool:
    location = answer.headers.get("location", "")
    return answer.status_code == 303 and location.startswith("/sign-in?next=")
