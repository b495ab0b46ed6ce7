"""Nothing that anybody sends to the API makes it fail: schemathesis over the OpenAPI document."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import new_round
from tests.procurement.world import new_organisation, new_person

ROLES = {
    "bureau": (Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR, Role.ADMINISTRATOR),
    "manufacturer": (Role.MANUFACTURER, Role.ADMINISTRATOR),
    "hospital": (Role.HOSPITAL,),
    "keyholder": (Role.KEYHOLDER,),
}


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def people(platform):
    """One person of each kind, and a draft round of the bureau's."""
    found = {}
    with transaction(platform.engine) as session:
        for kind, roles in ROLES.items():
            organisation = new_organisation(session, kind, region="340000")
            found[kind] = new_person(session, organisation, roles=roles)
            if kind == "bureau":
                new_round(session, bureau=organisation, officer=found[kind], name="pilot")
    return found


@pytest.mark.parametrize("kind", ROLES)
def test_no_request_makes_the_interface_fail(platform, kind):
    person = people(platform)[kind]
    visitor = platform.with_token(person)
    schema = schemathesis.openapi.from_dict(platform.client.app.openapi_schema.to_schema())
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found) > 0
    for operation in operations:
        _try(operation, visitor)


def _try(operation, visitor):
    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case):
        if "name" in (case.path_parameters or {}) and len(str(case.path_parameters["name"])) % 2:
            # A name that exists leads further into the handler than a random one.
            case.path_parameters["name"] = "pilot"
        sent = case.as_transport_kwargs(base_url="http://testserver.local")
        body = sent.get("data")
        answer = visitor.client.request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            headers=_sendable({**(sent.get("headers") or {}), **visitor.headers}),
            json=sent.get("json") if body is None else None,
            content=body if isinstance(body, bytes | str) else None,
            follow_redirects=False,
        )
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert answer.json()["status"] == answer.status_code

    send()


def _sendable(headers):
    """Leave out what no client can put on the line."""
    return {
        name: value
        for name, value in headers.items()
        if value.isascii() and value.isprintable() and name.isascii()
    }
