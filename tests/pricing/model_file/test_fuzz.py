"""Whatever is in the files: a model, or its faults, never another error."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pricing.faults import ModelError, ModelFaultsError
from pricing.model_file import parse_model
from tests.pricing.model_file.samples import BUDGET, COHORT, COHORT_TABLES, files
from tests.pricing.model_file.test_outcomes import OVERALL, SURVIVAL, TREE, TREES

MODELS = (
    files(BUDGET),
    files(COHORT, COHORT_TABLES),
    files(TREE, TREES),
    files(SURVIVAL, OVERALL),
)
PIECES = st.one_of(
    st.sampled_from(
        (
            *("", "-", "1e999", "nan", "C", "cycle", "rr", '"', "[", "]", "{", "}", ",", "\n"),
            *("#", "=", "0", "99", '"2 * rr"', "[[treatment]]", "[x]", "true", "1979-05-27"),
        )
    ),
    st.text(max_size=3),
)


@st.composite
def damaged(draw):
    whole = dict(draw(st.sampled_from(MODELS)))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(whole)))
        text = whole[name].decode()
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        whole[name] = (text[:start] + draw(PIECES) + text[end:]).encode("utf-8", "replace")
    return whole


@settings(max_examples=300, deadline=None)
@given(whole=damaged())
@example(whole={"model.toml": b"uncertain = 1\nscenario = []\nconstraint = 1\ntreatment = {}\n"})
@example(whole={"model.toml": b"parameter = [1]\nnegotiated = [[1]]\npopulation = []\n"})
@example(whole={"model.toml": b"[[parameter]]\n[population]\nfunnel = 1\nyears = 1\n"})
@example(whole={"model.toml": b"[cost_effectiveness]\nstrategy = { a = 1 }\nstates = [1]\n"})
@example(whole={"model.toml": b"[cost_effectiveness.strategy.a]\ncurves = 1\ncost = []\n"})
def test_damaged_files_are_a_model_or_have_faults(whole):
    try:
        found = parse_model(whole)
    except ModelFaultsError as refused:
        assert all(fault.where and fault.zh and fault.en for fault in refused.faults)
        return
    # What is read without a fault can be worked out.
    plain = found.at()
    assert plain.budget is not None or plain.strategies
    assert len(plain.constraints) == len(found.constraint_templates)
    try:
        evaluated = found.at(found.sample(np.random.default_rng(1), 3))
        assert evaluated.budget is not None or evaluated.strategies
    except ModelError as refused:
        # A draw may have no meaning where the model itself has one.
        assert str(refused)
