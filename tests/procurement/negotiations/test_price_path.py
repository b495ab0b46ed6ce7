"""The price path from a typed forecast: the same as by units, and shown to bureau and maker."""

from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.renewal import Agreement, Prospects, price_path
from pricing.stated_rules import StatedRules
from procurement.errors import InvalidInputError
from procurement.negotiations.kinds import Track
from procurement.negotiations.outputs.charts import draw, standards_line
from procurement.negotiations.outputs.charts.axes import NARROWEST
from procurement.negotiations.outputs.charts.lettering import text_width
from procurement.negotiations.outputs.charts.marks import Words
from procurement.negotiations.outputs.said import Reader
from procurement.negotiations.renewals.forecast import Forecast, forecast_path
from tests.procurement.negotiations.test_renewing import confirm, propose, renewing
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import NegotiationWorld

BOOK = "nrdl-renewal-2025"
UNITS = ((2_100_000, 2_100_000), (2_600_000, 2_800_000), (2_900_000, 3_100_000), (3_100_000,) * 2)
EXPECTED = (1_800_000, 2_300_000, 2_600_000, 3_100_000)
PRICE = 160

EXAMPLE = Forecast(
    price=Decimal(PRICE),
    spends={
        number: Decimal(units * PRICE)
        for number, units in enumerate((one for pair in UNITS for one in pair), start=1)
    },
    budgets={number: Decimal(units * PRICE) for number, units in enumerate(EXPECTED, start=1)},
    added={1: Decimal(300_000 * PRICE)},
)
"""The forecast of examples/renewal-forecast.csv, in yuan."""


def by_units(price):
    agreements = [
        Agreement(
            units=tuple(map(Decimal, units)),
            expected_units=Decimal(expected),
            scope_units=Decimal(300_000) if number == 0 else None,
        )
        for number, (units, expected) in enumerate(zip(UNITS, EXPECTED, strict=True))
    ]
    return price_path(Prospects(price=Decimal(price)), agreements, [StatedRules.of(BOOK)])


def faults_of(forecast, book=BOOK):
    with pytest.raises(InvalidInputError) as refused:
        forecast_path(forecast, rulebook=book)
    return [one.field for one in refused.value.faults]


def test_the_documented_example_comes_out_in_yuan():
    path = forecast_path(EXAMPLE, rulebook=BOOK)
    prices = [path.price_after(years) for years in (2, 4, 8)]
    assert prices == [Decimal("141.36"), Decimal("136.4124"), Decimal("131.637966")]


@given(st.decimals("0.01", 10**6, places=4))
def test_a_forecast_in_yuan_gives_what_one_in_units_gives(price):
    scaled = replace(
        EXAMPLE,
        price=price,
        spends={year: spend / PRICE * price for year, spend in EXAMPLE.spends.items()},
        budgets={year: spend / PRICE * price for year, spend in EXAMPLE.budgets.items()},
        added={1: Decimal(300_000) * price},
    )
    if max(scaled.spends.values()) > 10**13:
        return
    mine, plain = forecast_path(scaled, rulebook=BOOK), by_units(price)
    for own, other in zip(mine.steps, plain.steps, strict=True):
        assert own.renewal.route == other.renewal.route
        assert (own.renewal.cell_a, own.renewal.cell_b) == (
            other.renewal.cell_a,
            other.renewal.cell_b,
        )
        assert own.price_after == other.price_after


def test_an_amount_on_an_edge_of_the_table_stays_on_its_side():
    # 200 million yuan at 0.07 yuan a unit is no whole number of units.
    edge = Forecast(
        price=Decimal("0.07"),
        spends={1: Decimal(200_000_000), 2: Decimal(200_000_000)},
        budgets={1: Decimal(160_000_000)},
        added={},
        payment_ratio=Decimal(1),
    )
    [step] = forecast_path(edge, rulebook="nrdl-renewal-2024").steps
    assert step.renewal.cell_a is not None and step.renewal.cell_a.column == 0


def test_what_is_missing_or_wrong_is_named_at_its_field():
    none = Forecast(price=None, spends={}, budgets={}, added={})
    assert faults_of(none) == ["price", "budget_1", "spend_1", "spend_2"]
    gap = replace(EXAMPLE, spends={1: Decimal(1), 2: Decimal(1), 4: Decimal(1)})
    assert faults_of(gap) == [f"spend_{year}" for year in (3, 5, 6, 7, 8)]
    assert faults_of(replace(EXAMPLE, payment_ratio=Decimal(2))) == ["payment_ratio"]
    assert faults_of(replace(EXAMPLE, budgets={**EXAMPLE.budgets, 2: Decimal(0)})) == ["budget_2"]
    assert faults_of(replace(EXAMPLE, years_listed=4)) == ["halving"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "changes", [[(2, 152.0), (4, 144.4)], [(2, 152.0), (4, None)], [(2, None)]]
)
def test_the_line_can_be_read_without_being_seen(language, changes):
    picture = standards_line(160.0, changes, years=4, reader=Reader(language))
    assert all(yuan in picture.description for yuan in ["160"] + ["152"] * (len(changes) - 1))
    assert ("renegotiat" in picture.description or "重新谈判" in picture.description) == (
        changes[-1][1] is None
    )
    fromstring(str(draw(picture, language=language)))  # noqa: S314 - drawn by the test itself


@pytest.mark.parametrize("price", [0.35, 152.25, 9_999.99, 1_200_000.0])
def test_no_words_of_the_line_leave_the_picture_on_the_narrowest_screen(price):
    changes = [(year, price * (1 - year / 40)) for year in (2, 4, 6, 8)]
    for language in ("zh", "en"):
        picture = standards_line(price, changes, years=8, reader=Reader(language))
        for one in picture.marks:
            if isinstance(one, Words):
                width = text_width(one.text, one.size)
                start = NARROWEST * one.x / 100 + one.dx
                start -= {"start": 0, "middle": width / 2, "end": width}[one.anchor]
                assert start > -8 and start + width < NARROWEST + 8, one


def test_bureau_and_maker_see_the_path_of_their_own_forecast_and_nobody_else(engine, tmp_path):
    world = confirm(propose(renewing(engine)))
    typed = {
        "price": "95",
        "years_listed": "2",
        "spend_1": "125000000",
        "spend_2": "125000000",
        "budget_1": "100000000",
    }
    with visited(engine, tmp_path) as visits:
        assert "renewal/path" in visits.get(world, "maker").text
        assert "renewal/path" in visits.get(world, "officer", "renewal").text
        for name, language in (("maker", "zh"), ("officer", "en")):
            form = visits.get(world, name, "renewal/path")
            assert form.status_code == 200 and 'value="95"' in form.text
            shown = visits.post(
                world, name, f"renewal/path?lang={language}", halving="each", **typed
            )
            assert shown.status_code == 200, shown.text[:2000]
            # Four years on the list: half of the cut of 5 %.
            assert "92.625" in shown.text and 'role="img"' in shown.text
            assert ("row 2, column 1" if language == "en" else "第 2 行第 1 列") in shown.text
        wrong = visits.post(world, "maker", "renewal/path", **{**typed, "spend_2": "viel"})
        assert wrong.status_code == 422 and 'id="fault-spend_2"' in wrong.text
        assert 'value="125000000"' in wrong.text
        for method in (visits.get, visits.post):
            assert method(world, "rival", "renewal/path").status_code == 404


def test_bidding_has_no_path_and_a_drug_that_is_negotiated_begins_without_a_price(engine, tmp_path):
    world = NegotiationWorld(engine).admitted()
    with visited(engine, tmp_path) as visits:
        page = visits.get(world, "maker", "renewal/path")
        assert page.status_code == 200 and 'name="price"' in page.text
        world.start(track=Track.NON_EXCLUSIVE)
        assert "renewal/path" not in visits.get(world, "maker").text
