"""Expressions: the arithmetic of school, names, and the place of what is wrong."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.model_file.expressions import ExpressionError, constant, parse_expression

NAMES = {"rr": 0.5, "c_a": 20.0, "价格": 3.0}


def value(text: str) -> float:
    return float(parse_expression(text).value(lambda name: np.array([NAMES[name]]))[0])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2", 2),
        ("1_000.5", 1000.5),
        (".5e1", 5),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 / 4 / 2", 1),
        ("8 - 4 - 2", 2),
        ("-2 * -3", 6),
        ("2 - -3", 5),
        ("+4", 4),
        ("exp(0)", 1),
        ("log(exp(2))", 2),
        ("1 - exp(-rr)", 1 - math.exp(-0.5)),
        ("c_a*rr", 10),
        ("价格 * 2", 6),
        ("0.07 * 180 + 0.12 * 95", 24),
    ],
)
def test_an_expression_is_worked_out(text, result):
    assert value(text) == pytest.approx(result)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("2 +", 3),
        ("2 3", 2),
        ("(1", 2),
        ("1)", 1),
        ("2 ** 3", 3),
        ("2 ^ 3", 2),
        ("exp 2", 4),
        ("exp", 3),
        ("a.b.", 3),
        ("1,5", 1),
        ("__import__('os')", 11),
        ("x[0]", 1),
        ("50%", 2),
    ],
)
def test_what_is_no_expression_is_refused_where_it_ends(text, at):
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text)
    assert refused.value.at == at
    assert "expected" in refused.value.en
    assert "应" in refused.value.zh


@pytest.mark.parametrize("text", ["(" * 5000, "-" * 5000, "1+" * 5000 + "1", "exp(" * 300])
def test_very_deep_or_long_texts_are_refused_and_nothing_breaks(text):
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_dividing_by_zero_gives_no_finite_number_and_no_error():
    assert value("1 / 0") == math.inf
    assert math.isnan(value("log(0 - 1)"))


def test_names_are_those_that_are_used():
    assert parse_expression("rr * (a.b + exp(c))").names == {"rr", "a.b", "c"}


def test_draws_go_through():
    found = parse_expression("1 - p").value(lambda name: np.array([0.25, 0.5]))
    assert found.tolist() == [0.75, 0.5]


def test_a_plain_number_is_known_as_such():
    assert constant(2.5).constant == parse_expression("2.5").constant == 2.5
    assert parse_expression("-2.5").constant == -2.5
    assert parse_expression("2 + 1").constant is None


NUMBERS = st.floats(0, 1e6, allow_subnormal=False).map(repr)
TEXTS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-{text}"),
    ),
    max_leaves=12,
)


@given(text=TEXTS)
def test_it_agrees_with_python(text):
    try:
        expected = float(eval(text))  # noqa: S307 - made of numbers and operators above
    except ZeroDivisionError:
        assert not math.isfinite(value(text)) or "/" in text
    else:
        assert value(text) == expected or math.isnan(expected)


@given(text=st.text(alphabet="0123456789.eE+-*/() abexplog_", max_size=30))
def test_any_text_is_worked_out_or_refused(text):
    try:
        parse_expression(text)
    except ExpressionError as refused:
        assert 0 <= refused.at <= len(text)
