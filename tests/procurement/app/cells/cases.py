"""Requests that schemathesis makes up from the OpenAPI document, about a side's things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from procurement.permissions import Role
from tests.procurement.app.cells.asking import Ask
from tests.procurement.app.cells.routes import Route
from tests.procurement.app.cells.sides import Side

BASE = "http://testserver.local"
THING = "thing-of-a-side"
"""Stands in an address where a side's own thing will."""

FURTHER = 3
"""How many requests are made up besides the plainest one; where few differ, fewer are sent."""

_OF_CLIENTS = frozenset(
    {
        # Each role has its own token.
        "authorization",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        # Different for each request: with it no two would be equal.
        "x-schemathesis-testcaseid",
    }
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A request that was made up.

    Attributes:
        address: With its parameters; None where a side's own thing is to stand.
        options: What the client takes.
    """

    address: str | None
    options: Mapping[str, Any]

    def about(self, side: Side, route: Route) -> Ask:
        """Send it about a side's things: those that its address names, and those in its body."""
        address = self.address or route.path.format(**route.values(side))
        body = _about(self.options["json"], side)
        return Ask(route.method, address, {**self.options, "json": body})


@dataclass
class Operation:
    """One operation of the interface.

    Attributes:
        described: As schemathesis reads it.
        cases: Its requests, made up once for both databases.
    """

    described: APIOperation[Any, Any, Any, Any]
    cases: list[MadeUp] = field(default_factory=list)

    def __str__(self) -> str:
        """As `Route` is written."""
        return f"{self.described.method.upper()} {self.described.path}"

    def made_up(self) -> list[MadeUp]:
        """Return its requests: one that is allowed, then others, allowed or not."""
        if not self.cases:
            things = dict.fromkeys(Route("", self.described.path).parameters, THING)
            plain = self.described.as_strategy(path_parameters=things)
            # Things that exist lead further into the handler than random names; what the document
            # does not allow must be refused, too.
            broken = self.described.as_strategy(GenerationMode.NEGATIVE, path_parameters=things)
            others = st.one_of(self.described.as_strategy(), plain, broken)
            drawn = [*_drawn(plain, 1), *_drawn(others, FURTHER)]
            self.cases = [one for at, one in enumerate(drawn) if one not in drawn[:at]]
        return self.cases


def operations_of(app: Litestar) -> list[Operation]:
    """Every operation that an application describes."""
    schema = schemathesis.openapi.from_dict(app.openapi_schema.to_schema())
    found = list(schema.get_all_operations())
    operations = [Operation(each.ok()) for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found)
    return operations


def _about(value: Any, side: Side) -> Any:
    """Put a side's things in the places of numbers that are called like one of them."""
    if isinstance(value, list):
        return [_about(one, side) for one in value]
    if not isinstance(value, dict):
        return value
    ids = _ids(side)
    return {
        name: ids[name] if type(one) is int and name in ids else _about(one, side)
        for name, one in value.items()
    }


def _ids(side: Side) -> Mapping[str, object]:
    organisations = {
        "hospital_id": side.organisation_id(Role.HOSPITAL),
        "pharmacy_id": side.organisation_id(Role.PHARMACY),
        "manufacturer_id": side.maker.id,
        "holder_id": side.maker.id,
        "seller_id": side.maker.id,
        "distributor_id": side.organisation_id(Role.DISTRIBUTOR),
        "agency_id": side.organisation_id(Role.FUND_AGENCY),
        "bureau_id": side.bureau.id,
    }
    return {**side.things, **organisations}


def _drawn(strategy: st.SearchStrategy[Case[Any]], number: int) -> list[MadeUp]:
    drawn: list[MadeUp] = []

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def draw(case: Case[Any]) -> None:
        drawn.append(_made_up(case))

    draw()
    return drawn


def _made_up(case: Case[Any]) -> MadeUp:
    sent = case.as_transport_kwargs(base_url=BASE)
    body = sent.get("data")
    options = {
        "params": sent.get("params"),
        "headers": _sendable(sent.get("headers") or {}),
        "json": sent.get("json") if body is None else None,
        "content": body if isinstance(body, bytes | str) else None,
    }
    names_things = THING in case.path_parameters.values() or "{" not in case.path
    return MadeUp(None if names_things else sent["url"].removeprefix(BASE), options)


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """Leave out what no client can put on the line, and what each client says on its own."""
    return {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.isascii()
        if name.lower() not in _OF_CLIENTS
    }
