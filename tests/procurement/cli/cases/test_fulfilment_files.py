"""Published and constructed cases of fulfilment and agreed volumes, computed from their inputs."""

import json

import pytest

from procurement.cli.cases import WITHIN, compare, read_cases
from procurement.cli.errors import BadCaseError

COMPUTED = {"fulfilment": 8, "volume_rules": 14}
"""How many figures agree."""


@pytest.mark.parametrize("name", COMPUTED)
def test_every_figure_is_computed_and_agrees(shared, name):
    found = [one.status for one in compare(read_cases(shared / f"cases/settlement/{name}.json"))]
    assert found == [WITHIN] * COMPUTED[name]


@pytest.mark.parametrize(
    ("inputs", "cause"),
    [
        (3, "expected a table"),
        ({"planned_wan": "0", "actual_wan": "1"}, "expected the numbers of the case"),
        ({"planned_wan": "1"}, "actual_wan"),
        ([{"agreed_y1": "x", "actual_y1": "1"}], "expected the numbers of the case"),
    ],
)
def test_inputs_that_lack_something_are_told(tmp_path, inputs, cause):
    path = tmp_path / "fulfilment.json"
    path.write_text(json.dumps({"id": "X", "inputs": inputs, "expected": {"a": "1"}}))
    with pytest.raises(BadCaseError, match=cause):
        compare(read_cases(path))
