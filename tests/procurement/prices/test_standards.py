"""The payment standard in force: negotiated, winning, by the region's rules, or unknown."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.accounts.divisions import PROVINCES
from procurement.catalogue.kinds import Evaluation
from procurement.database import transaction
from procurement.permissions import Actor
from procurement.prices.kinds import PriceKind, StandardStep
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.standard_rules import REGION_RULES, rules_of_region
from procurement.prices.standards import standards_in_force
from rulebooks import rulebook_ids
from tests.procurement.catalogue.builders import new_holder, new_product
from tests.procurement.platform import running_platform
from tests.procurement.world import MOMENT, new_organisation

DAY = date(2020, 1, 1)
PUBLIC = PriceDetails(is_public=True)


@pytest.fixture
def product(engine):
    """A product that passed, with a winner beside it at 1.00 from 2020 on."""
    with transaction(engine) as session:
        new_holder(session)
        made = new_product(session)
        made.evaluation = Evaluation.PASSED
        made.is_originator = made.is_reference = False
    return made


def record(engine, product, kind, price, *, rival=None, details=PUBLIC, **facts):
    with transaction(engine) as session:
        known = {
            "organisation_id": product.holder_id if rival is None else rival,
            "generic_product_id": product.generic_product_id,
            "strength": "1mg",
            "pack_units": product.pack_units,
            "pack_price": Decimal(price),
            "kind": kind,
            "starts_on": DAY,
            "source": "文件",
            "moment": MOMENT,
            "details": details,
        }
        return record_price(session, **{**known, **facts})


@pytest.fixture
def rival(engine, product):
    with transaction(engine) as session:
        firm = new_organisation(session, "manufacturer").id
    record(engine, product, PriceKind.WINNING, "1.00", rival=firm)
    return firm


def standard(engine, product, *, region="000000", day=DAY):
    with transaction(engine) as session:
        [found] = standards_in_force(
            session,
            generic_product_id=product.generic_product_id,
            region=region,
            day=day,
            actor=Actor(),
            product_id=product.id,
        )
    return found.said


def test_a_negotiated_standard_goes_first_and_gives_way_to_what_took_its_place(
    engine, product, rival
):
    talks = PriceDetails(clause="talks", is_public=True)
    kind = PriceKind.PAYMENT_STANDARD
    record(engine, product, kind, "90", details=talks, ends_on=date(2029, 12, 31))
    assert standard(engine, product).step is StandardStep.NEGOTIATED
    taken = PriceDetails(clause="standard-national-2021 negotiated.takes", is_public=True)
    record(engine, product, kind, "28", details=taken, starts_on=date(2022, 1, 1))
    said = standard(engine, product, day=date(2022, 1, 1))
    assert (said.step, said.standard) == (StandardStep.WINNING, Decimal(28))
    assert (said.rulebook, said.clause) == ("standard-national-2021", "negotiated.takes")
    assert not said.is_verified
    assert standard(engine, product, day=date(2021, 12, 31)).standard == 90


def test_a_winner_has_its_winning_price(engine, product):
    record(engine, product, PriceKind.WINNING, "2.00")
    said = standard(engine, product)
    assert (said.step, said.standard, said.clause) == (
        StandardStep.WINNING,
        Decimal(2),
        "winner.standard",
    )


@pytest.mark.parametrize(
    ("region", "day", "price", "expected"),
    [
        ("000000", "2020-01-01", "5.00", "3.5"),
        ("110000", "2020-01-01", "0.80", "0.8"),
        ("110000", "2021-06-01", "5.00", "1"),
        ("610100", "2020-01-01", "5.00", "5"),
        ("230100", "2020-06-01", "0.80", "0.8"),
        ("230100", "2023-01-01", "5.00", "1"),
        ("230100", "2020-06-01", "5.00", None),
        ("350000", "2026-01-01", "5.00", None),
        ("000000", "2018-01-01", "5.00", None),
    ],
)
def test_the_regions_rules_say_it_of_a_product_that_did_not_win(
    engine, product, rival, region, day, price, expected
):
    record(engine, product, PriceKind.LISTING, price)
    said = standard(engine, product, region=region, day=date.fromisoformat(day))
    assert said.standard == (None if expected is None else Decimal(expected))
    step = StandardStep.UNKNOWN if expected is None else StandardStep.NON_WINNING
    assert said.step is step and said.zh and said.en


def test_a_regions_own_listing_price_goes_before_that_of_everywhere(engine, product, rival):
    record(engine, product, PriceKind.LISTING, "5.00")
    record(
        engine,
        product,
        PriceKind.LISTING,
        "0.90",
        details=PriceDetails(is_public=True, region="340000"),
    )
    assert standard(engine, product, region="340100").standard == Decimal("0.9")
    assert standard(engine, product, region="110000").standard == Decimal("3.5")


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("winner", "no winning price"),
        ("listing", "listing price"),
        ("evaluation", "originator"),
        ("one-winner", "several winning prices"),
        ("disclosure", "not disclosed"),
    ],
)
def test_what_is_not_known_is_said_to_be_unknown(engine, product, missing, words):
    hidden = PriceDetails(is_public=missing != "disclosure")
    with transaction(engine) as session:
        firms = [new_organisation(session, "manufacturer").id for _ in range(2)]
        if missing == "evaluation":
            session.merge(product).evaluation = Evaluation.NOT_APPLICABLE
    if missing != "winner":
        record(engine, product, PriceKind.WINNING, "1.00", rival=firms[0], details=hidden)
    if missing == "one-winner":
        record(engine, product, PriceKind.WINNING, "1.50", rival=firms[1])
    if missing != "listing":
        record(engine, product, PriceKind.LISTING, "2.50")
    said = standard(engine, product)
    assert (said.step, said.standard) == (StandardStep.UNKNOWN, None)
    assert words in said.en


def test_a_product_with_a_hidden_winning_price_is_none_that_did_not_win(engine, product, rival):
    record(engine, product, PriceKind.LISTING, "5.00")
    record(engine, product, PriceKind.WINNING, "0.70", details=PriceDetails())
    assert "not disclosed" in standard(engine, product).en


def test_each_region_with_rules_is_a_division_and_has_its_rulebooks():
    for digits, name in REGION_RULES.items():
        assert f"{digits[:2]}0000" in {*PROVINCES, "610000"}
        assert any(one.startswith(f"standard-{name}-") for one in rulebook_ids())
    assert rules_of_region("000000", date(2018, 1, 1)) is None


def test_the_standards_are_public_by_machine(engine, product, rival, tmp_path):
    record(engine, product, PriceKind.LISTING, "5.00")
    root = f"/api/v1/catalogue/generic-products/{product.generic_product_id}/payment-standards"
    with running_platform(engine, tmp_path) as platform:
        nobody = platform.nobody()
        found = nobody.get(f"{root}?on_date=2020-06-01&region=610100").json()
        said = {(one["step"], one["standard"]) for one in found["items"]}
        assert said == {("non-winning", "5"), ("winning", "1")} and len(found["items"]) == 2
        only = nobody.get(f"{root}?on_date=2020-06-01&product_id={product.id}").json()
        assert [one["rulebook"] for one in only["items"]] == ["standard-national-2019"]
        assert nobody.get(root).json()["on_date"] > "2020-01-01"
        assert nobody.get(f"{root}?region=x").status_code in (400, 422)
        assert (
            nobody.get(root.replace(str(product.generic_product_id), "999999")).status_code == 404
        )
