"""Nothing that anybody sends to the API makes it fail: schemathesis over the OpenAPI document."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from procurement.permissions import Role
from tests.procurement.app.cells.asking import Ask

BASE = "http://testserver.local"

ROLES = (
    Role.PUBLIC,
    Role.OFFICER,
    Role.EVALUATOR,
    Role.MANUFACTURER,
    Role.HOSPITAL,
    Role.DISTRIBUTOR,
    Role.FUND_AGENCY,
    Role.KEYHOLDER,
    Role.ADMINISTRATOR,
)
"""Each request is sent by somebody of each: together they may do everything."""


def test_no_request_makes_the_interface_fail(either_scene):
    schema = schemathesis.openapi.from_dict(
        either_scene.platform.client.app.openapi_schema.to_schema()
    )
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found) >= 100
    routes = {str(route): route for route in either_scene.routes}
    for operation in operations:
        route = routes[f"{operation.method.upper()} {operation.path}"]
        _try(operation, either_scene, route.values(either_scene.ours))


def _try(operation, scene, own):
    on_sqlite = scene.platform.engine.dialect.name == "sqlite"

    @settings(
        # The same requests come first on both: more of them are tried where a request costs less.
        max_examples=6 if on_sqlite else 3,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # Things that exist lead further into the handler than random names; what the document does not
    # allow must be refused, too.
    @given(
        case=st.one_of(
            operation.as_strategy(),
            operation.as_strategy(path_parameters=own),
            operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=own),
        )
    )
    def send(case):
        ask = _ask(case)
        for role in ROLES:
            answer = scene.answer(role, ask)
            assert answer.status_code < 500, (role, case.as_curl_command(), answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"].startswith("application/problem+json")
                assert answer.json()["status"] == answer.status_code

    send()


def _ask(case):
    sent = case.as_transport_kwargs(base_url=BASE)
    body = sent.get("data")
    options = {
        "params": sent.get("params"),
        "headers": _sendable(sent.get("headers") or {}),
        "json": sent.get("json") if body is None else None,
        "content": body if isinstance(body, bytes | str) else None,
    }
    return Ask(sent["method"], sent["url"].removeprefix(BASE), options)


def _sendable(headers):
    """Leave out what no client can put on the line, and the made-up token: each role has one."""
    return {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.isascii()
        if name.lower() != "authorization"
    }
