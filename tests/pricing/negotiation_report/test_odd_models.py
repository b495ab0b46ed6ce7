"""Odd but valid models end in a document: every ceiling stands, or says why there is none."""

import json

import pytest

from pricing.model_file import parse_model
from tests.pricing.negotiation_report.test_indications import HEAD, PART
from tests.pricing.negotiation_report.test_run import document_of, ran

CONSTRAINTS = """
[[constraint]]
kind = "budget-every-year"
cap = {cap}
[[constraint]]
kind = "budget-quantile"
cap = {cap}
overrun_probability = 0.1
[[constraint]]
kind = "cost-neutral"
[[constraint]]
kind = "cost-neutral"
over = "outcome"
[[constraint]]
kind = "icer"
threshold = {threshold}
[[constraint]]
kind = "icer"
threshold = {threshold}
overrun_probability = 0.2
[[constraint]]
kind = "reference-price"
price = 30
basis = "net"
"""

BOTH = """
[managed_entry]
tiers = [{ up_to = 100 }, { price = 5 }]
[elasticity]
value = -1
"""


def model_of(*, cap="9000", threshold="1000", more="", new="0,0.5,2", old="0,0,0", size=400):
    text = PART.format(title="odd", size=size or 1, nodes="new.csv")
    text = text if size else text.replace("size = 1\n", "size = 0\n").partition("[uncertain]")[0]
    text += CONSTRAINTS.format(cap=cap, threshold=threshold) + more
    tables = {"old.csv": old, "new.csv": new}
    return parse_model(
        {"model.toml": text.encode()}
        | {name: f"{HEAD}root,,1,{row}\n".encode() for name, row in tables.items()}
    )


@pytest.mark.parametrize("draws", [0, 1, 50])
@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"cap": "0"},
        {"cap": "-5"},
        {"cap": "1e12", "threshold": "1e12"},
        {"threshold": "0"},
        {"size": 0},
        {"new": "0,0,2"},
        {"new": "0,-1,2"},
        {"new": "0,1,0"},
        {"new": "0,-0.1,1", "old": "0,0,3"},
        {"more": "[managed_entry]\ncap = 0\n"},
        {"more": "[managed_entry]\ncap = [0, 100]\nrefund_share = 0.5\n"},
        {"more": "[managed_entry]\ndose_cap_units = 0\n"},
        {"more": "[managed_entry]\ntiers = [{ discount = 1 }]\n"},
        {"more": "[managed_entry]\noutcome_rebate = { response = 0, rebate = 1 }\n"},
        {"more": "[elasticity]\nvalue = -3\n"},
        {"more": "[elasticity]\nvalue = 0\n"},
        {"more": BOTH},
    ],
)
def test_an_odd_model_ends_in_a_document(odd, draws):
    document = document_of(ran(model_of(**odd), draws=draws))
    json.dumps(document, allow_nan=False)
    for ceiling in document["ceilings"]:
        if ceiling["price"] is None:
            assert ceiling["why"]
            assert ceiling["why_en"]
            assert ceiling["cause"]
        else:
            assert ceiling["put_back"]["holds"]
            assert ceiling["put_back"]["fails_above"]
            assert ceiling["why"] is None
            assert ceiling["net_price"] <= float(ceiling["price"]) + 1e-9
