"""Every release of a real round passes the official checker, without a network."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from procurement.database import snapshot
from procurement.payments.states import BankOutcome, InstructionKind
from procurement.payments.tables import PaymentInstruction
from procurement.publication.ocds.feed import published_round, release_package
from procurement.publication.ocds.rules.merge import compiled_release
from tests.procurement.awards.world import announced_round, awarded_round, opened_round
from tests.procurement.payments.world import PACK, payments_world
from tests.procurement.publication.ocds.checked import CLEAN, check_all, clean
from tests.procurement.publication.ocds.offline import (
    found_by_checker,
    merged_by_reference,
    plain,
)
from tests.procurement.publication.ocds.publishing import ADDRESS, publish, releases

NAME = "anhui-2026-1"


@pytest.fixture
def folder(shared):
    return shared / "ocds"


@pytest.fixture
def paid(engine):
    """A round from its first day to the payment of goods, published on the way."""
    world = payments_world(engine)
    publish(engine, NAME)
    world.receive(10)
    world.account(world.seller)
    world.account(world.hospital)
    month_id = world.month()
    world.reconcile(world.claim(month_id))
    world.owe(1000)
    world.set_off(month_id)
    world.pay(*world.instructions())
    return world


@pytest.mark.parametrize("stage", [opened_round, announced_round, awarded_round])
def test_each_stage_passes_the_checker_when_it_is_published_in_time(stage, engine, folder):
    stage(engine)
    assert publish(engine, NAME) > 0
    rows, _ = check_all(engine, folder, NAME)
    assert rows[0].tags in ("planning", "tender")


def test_the_whole_way_passes_the_checker_and_merges_like_the_reference(paid, engine, folder):
    publish(engine, NAME)
    rows, record = check_all(engine, folder, NAME)
    tags = {tag for row in rows for tag in row.tags.split()}
    assert {"tender", "tenderUpdate", "award", "awardUpdate", "contract"} <= tags
    told = releases(engine, NAME)
    expected = merged_by_reference(plain(told), folder)
    assert plain(compiled_release(told)) == expected
    assert plain(record["records"][0]["compiledRelease"]) == expected
    assert any("value" in one for one in expected["awards"])
    transactions = transactions_of(expected)
    assert [one["value"]["amount"] for one in transactions] == [PACK * 10]
    assert transactions[0]["payer"]["name"] == paid.agency.organisation.name
    assert transactions[0]["payee"]["name"] == paid.seller.organisation.name


def transactions_of(document):
    return [
        transaction
        for contract in document["contracts"]
        for transaction in contract.get("implementation", {}).get("transactions", ())
    ]


def test_a_payment_that_the_bank_returns_is_undone_by_another_transaction(paid, engine, folder):
    publish(engine, NAME)
    with snapshot(engine) as session:
        instruction = session.scalars(
            select(PaymentInstruction.id).where(PaymentInstruction.kind == InstructionKind.GOODS)
        ).one()
    paid.bank(instruction, outcome=BankOutcome.RETURNED, day=date(2027, 4, 9))
    assert publish(engine, NAME) == 1
    rows, _ = check_all(engine, folder, NAME)
    assert rows[-1].tags == "implementationUpdate"
    merged = merged_by_reference(plain(releases(engine, NAME)), folder)
    first, second = transactions_of(merged)
    assert second["id"] == f"{first['id']}/returned"
    assert second["value"]["amount"] == -first["value"]["amount"]
    assert publish(engine, NAME) == 0


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("validation_errors", {"date": "some day"}),
        ("additional_fields", {"ministry": "x"}),
        ("additional_closed_codelist_values", {"tag": ["announcement"]}),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_release(name, spoilt, engine, folder):
    opened_round(engine)
    publish(engine, NAME)
    with snapshot(engine) as session:
        round_ = published_round(session, name=NAME)
        package = json.loads("".join(release_package(session, round_=round_, address=ADDRESS)))
    assert clean(found_by_checker(json.dumps(package), folder)) == CLEAN
    package["releases"][0].update(spoilt)
    assert clean(found_by_checker(json.dumps(package), folder))[name]
