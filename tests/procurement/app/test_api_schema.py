"""Nothing that anybody sends to the API makes it fail, or say what is somebody else's.

schemathesis makes up requests for every operation of the OpenAPI document; somebody of every role,
and somebody who is not signed in, sends them.
"""

import functools
import re

import pytest

from tests.procurement.app.cells.cases import Operation, operations_of
from tests.procurement.app.cells.sending import faults_of

PARTS = {
    "rounds-a-l": r"/api/v1/rounds(/\{name\}(/[a-l].*)?)?$",
    "rounds-m-z": r"/api/v1/rounds/\{name\}/[m-z].*$",
    "money": r"/api/v1/(savings|payments|prices|invoices)\b",
    "others": r"",
}
"""The first whose pattern fits an address: each is a test, so that workers share them."""


@functools.cache
def _operations(app):
    """Reading the document takes a second, and making requests up more."""
    parts: dict[str, list[Operation]] = {part: [] for part in PARTS}
    for operation in operations_of(app):
        path = operation.described.path
        fits = (part for part, pattern in PARTS.items() if re.match(pattern, path))
        parts[next(fits)].append(operation)
    return parts


def test_every_part_of_the_interface_has_its_share(scene):
    sizes = [len(part) for part in _operations(scene.platform.client.app).values()]
    assert min(sizes) > 50
    assert sum(sizes) > 400


@pytest.mark.parametrize("part", PARTS)
def test_no_request_makes_the_interface_fail_or_tell_what_is_others(either_scene, part):
    operations = _operations(either_scene.platform.client.app)[part]
    faults = [fault for each in operations for fault in faults_of(either_scene, each)]
    assert not faults, "\n".join(faults)
