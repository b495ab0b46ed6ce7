"""``jicai renewal``: route, cut, price and clauses; what is unknown is a fault with its name."""

import pytest

from tests.procurement.cli.shapes import assert_shape, parse

ONE = {"rulebook": "nrdl-renewal-2023", "price": 100, "ratio-a": "1.25", "spend": 300_000_000}
BOTH = {**ONE, "ratio-b": "0.3", "spend-increase": 100_000_000}

SHAPE = {
    "rulebook": str,
    "route": str,
    "cut": str,
    "price": str,
    "clauses": [str],
    "verified": bool,
    "halved": bool,
    "may_ask_renegotiation": bool,
    "not_given": [str],
    "steps": [{"rule": str, "clause": str, "verified": bool, "zh": str, "en": str}],
}


def typed(about, *more, years=2):
    told = {**about, "years-listed": years}
    return [*(part for name, value in told.items() for part in (f"--{name}", value)), *more]


@pytest.fixture
def renewal(jicai):
    def run(about, *more, years=2):
        said = jicai("renewal", *typed(about, *more, years=years), "--json")
        assert (said.status, said.err) == (0, "")
        return parse(said.out)

    return run


def test_the_document_has_route_cut_price_and_clauses(renewal):
    document = renewal(ONE)
    assert_shape(document, SHAPE)
    assert (document["route"], document["cut"], document["price"]) == ("simple", "0.07", "93")
    assert document["clauses"] == ["simple.ratio_a_until", "cut.table"]


@pytest.mark.parametrize(
    ("year", "halving", "years", "cut"),
    [
        (2022, None, 5, "0.1165"),
        (2022, "each", 5, "0.1165"),
        (2023, None, 3, "0.1165"),
        (2023, "combined", 4, "0.05825"),
        (2024, "each", 7, "0.059125"),
    ],
)
def test_the_halving_is_an_option_from_2023_on(renewal, year, halving, years, cut):
    more = [] if halving is None else ["--halving", halving]
    about = {**BOTH, "rulebook": f"nrdl-renewal-{year}"}
    document = renewal(about, *more, years=years)
    assert document["cut"] == cut
    idle = ["halving.method"] if year == 2022 and halving else []
    assert document["options_without_effect"] == idle


def test_the_columns_of_2025_are_wider_and_nothing_of_them_is_verified(renewal):
    document = renewal({**ONE, "rulebook": "nrdl-renewal-2025"})
    assert document["cut"] == "0.05"
    assert document["verified"] is False
    assert not any(step["verified"] for step in document["steps"])


def test_flags_change_the_route(renewal):
    assert renewal(ONE, "--non-exclusive")["route"] == "regular"
    assert renewal(ONE, "--major-change")["route"] == "renegotiate"
    assert renewal(ONE, "--renegotiate")["price"] is None
    asked = renewal(ONE, "--class-1")
    assert (asked["route"], asked["may_ask_renegotiation"]) == ("simple", True)
    assert renewal(ONE, "--class-1", "--renegotiate")["simple_cut"] == "0.07"
    assert renewal(ONE, "--unchanged-cycles", "2")["route"] == "regular"
    assert renewal(ONE, "--budget-growth", "1.01")["route"] == "renegotiate"
    assert renewal(ONE, years=8)["route"] == "regular"


def test_an_option_supplies_a_rule_that_no_source_states(renewal):
    odd = {**ONE, "price": "33.33"}
    assert renewal(odd)["price"] == "30.9969"
    assert renewal(odd, "--option", "price.decimals=2")["price"] == "31"
    both = renewal(BOTH, "--option", "halving.method=combined", years=4)
    assert both["cut"] == "0.05825"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["简易续约", "降幅 7%，新支付标准 93 元", "未核实", "未给出未来两年预算增幅"]),
        ("en", ["simple renewal", "cut of 7%, new payment standard 93 yuan", "not verified"]),
    ],
)
def test_it_is_read_by_people_in_their_language(jicai, language, words):
    said = jicai("renewal", *typed(ONE), "--lang", language)
    assert said.status == 0
    assert all(word in said.out for word in words)
    both = {**BOTH, "rulebook": "nrdl-renewal-2022"}
    idle = jicai("renewal", *typed(both), "--halving", "each", "--lang", language)
    assert "halving.method" in idle.out


FAULTS = {
    "an unknown rule": (typed(BOTH, years=4), ["halving.method is unknown", "--halving"]),
    "no added budget": (typed({**ONE, "ratio-b": "0.3"}), ["--spend-increase: is not given"]),
    "a price of zero": (typed({**ONE, "price": 0}), ["--price: 0: expected a number above 0"]),
    "a negative ratio": (typed({**ONE, "ratio-a": "-1"}), ["--ratio-a: -1: expected a number"]),
    "another document": (typed({**ONE, "rulebook": "national-3"}), ["national-3 is about"]),
    "no such rulebook": (typed({**ONE, "rulebook": "nrdl-renewal-2021"}), ["nrdl-renewal-2022"]),
    "an option without a value": (typed(ONE, "--option", "price.decimals"), ["KEY=VALUE"]),
    "a rule that is stated": (
        typed(ONE, "--option", "agreement.years=3"),
        ["agreement.years", "is not left open"],
    ),
    "an option of another kind": (typed(ONE, "--option", "price.decimals=few"), ["is no count"]),
}


@pytest.mark.parametrize(("arguments", "words"), FAULTS.values(), ids=FAULTS)
def test_bad_input_is_one_line_and_nothing_is_printed(jicai, arguments, words):
    (fault,) = jicai("renewal", *arguments, "--json").faults
    assert all(word in fault for word in words)


def test_every_missing_fact_is_named(jicai):
    faults = jicai("renewal", "--rulebook", "nrdl-renewal-2023", "--price", 5).faults
    assert [fault.split(": is")[0].split()[-1] for fault in faults] == [
        "--ratio-a",
        "--spend",
        "--years-listed",
    ]


@pytest.mark.parametrize("number", ["1e3", "ten", "１", "1,5", "NaN"])
def test_a_number_of_another_form_is_named(jicai, number):
    faults = jicai("renewal", *typed({**ONE, "ratio-a": number})).faults
    assert "is no number" in faults[-1]
    assert "is no count" in jicai("renewal", *typed(ONE, years=number)).faults[-1]


FORECAST = """\
units,expected_units,scope_units
2100000,1800000,
2100000,,300000
2400000,2400000,
2600000,,
2600000,2400000,
2600000,2400000,
2600000,2400000,
2600000,,
"""
START = ["--rulebook", "nrdl-renewal-2023", "--price", "100", "--payment-ratio", "1"]


@pytest.fixture
def forecast(tmp_path):
    def write(text=FORECAST):
        path = tmp_path / "forecast.csv"
        path.write_text(text, encoding="utf-8")
        return [*START, "--forecast", path]

    return write


def test_a_forecast_gives_the_price_path_with_the_cells_that_it_hits(jicai, forecast):
    said = jicai("renewal", *forecast(), "--json")
    assert (said.status, said.err) == (0, "")
    document = parse(said.out)
    assert document["price_after"] == {"2": "88.35", "4": "88.35", "8": "88.35"}
    assert [step["renewal"]["route"] for step in document["steps"]] == [
        "simple",
        "simple",
        "regular",
    ]
    cells = [step["renewal"]["cell_a"] for step in document["steps"]]
    assert [cell and (cell["row"], cell["column"]) for cell in cells] == [(2, 2), (1, 2), None]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_price_path_is_read_by_people(jicai, forecast, language):
    said = jicai("renewal", *forecast(), "--lang", language)
    assert said.status == 0
    assert "88.35" in said.out
    assert "cut.table" in said.out
    open_end = jicai("renewal", *forecast("units,expected_units\n9,1\n9,\n"), "--lang", language)
    assert "--renegotiated-cut" in open_end.out


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("units,expected_units\n5,4\n", ["forecast.csv: has 1 years: "]),
        ("units,expected_units\n", ["forecast.csv: has 0 years: "]),
        ("units,expected_units\n5,\n5,4\n", ["forecast.csv:3: ", "forecast.csv:2: "]),
        ("units,expected_units\n5,3\n5,4\n", ["forecast.csv:3: expected_units: differs"]),
        ("units,expected_units,scope_units\n5,3,1\n5,,\n", ["forecast.csv:2: scope_units: "]),
        ("units,expected_units\n0,3\nx,\n", ["forecast.csv:2: units: ", "forecast.csv:3: units"]),
        ("units\n5\n5\n", ["forecast.csv:1: expected_units: the column is missing"]),
    ],
)
def test_a_bad_forecast_is_told_line_by_line(jicai, forecast, text, faults):
    found = jicai("renewal", *forecast(text)).faults
    assert len(found) == len(faults)
    assert all(any(line.startswith(start) for line in found) for start in faults)


def test_a_forecast_that_is_not_there_is_a_fault(jicai, tmp_path):
    (fault,) = jicai("renewal", *START, "--forecast", tmp_path / "none.csv").faults
    assert "none.csv" in fault
