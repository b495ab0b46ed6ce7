"""From a signed agreement to the cent that the hospital keeps, by people at browsers."""

import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.journeys.buying import accept, confirm, invoice, order, ship
from tests.journeys.databases import goes_on
from tests.journeys.keeping import (
    assess,
    compute,
    draft,
    instruct,
    object_and_decide,
    report_and_publish,
    share_out,
)
from tests.journeys.paying import open_accounts, open_month, pay, settle_month
from tests.journeys.people import Town
from tests.journeys.present import Market, in_china, open_market, running_today

LASTS = timedelta(minutes=20)
"""A journey must not go over midnight in China: its year ends on the day on which it begins."""


@pytest.fixture
def market(engine, monkeypatch, town: Town) -> Market:
    wait_for_midnight()
    return open_market(town, running_today(engine, monkeypatch))


def wait_for_midnight() -> None:
    present = in_china()
    midnight = (present + timedelta(days=1)).replace(hour=0, minute=0, second=5)
    if midnight - present < LASTS:
        time.sleep((midnight - present).total_seconds())


@goes_on("postgresql")
def test_an_agreement_is_settled(market: Market, tmp_path: Path) -> None:
    buy(market)
    settle_goods(market, tmp_path)
    kept = settle_year(market)
    instruct(market)
    pay(market, tmp_path)
    share_out(market)
    market.hospital.sees(f"{kept:,}")


def buy(market: Market) -> None:
    """Ten packs are ordered; one of them comes broken, and comes again."""
    place = order(market, 10)
    assert market.maker.is_missing(f"{place}/deliveries/new")
    confirm(market, place)
    ship(market, place, 10, "SH-1", "81000000000000000001")
    accept(market, place, 9, 1, "外包装破损")
    ship(market, place, 1, "SH-2")
    accept(market, place, 1)
    bill = invoice(market, "24312000000012345678")
    market.hospital.go(bill)
    market.hospital.photograph("invoice")
    market.hospital.go(place)
    market.hospital.photograph("order")


def settle_goods(market: Market, folder: Path) -> None:
    """Last month's goods: claimed, checked, set off against what the fund owes, paid."""
    open_accounts(market)
    claim = settle_month(market, open_month(market))
    pay(market, folder)
    market.distributor.go(claim)
    market.distributor.sees("已支付")
    market.distributor.photograph("claim-paid")


def settle_year(market: Market) -> Decimal:
    """From the draft of the year's settlement to its publication; returns what is kept."""
    draft(market)
    assess(market)
    compute(market)
    kept = object_and_decide(market)
    assert kept > 0
    report_and_publish(market)
    return kept
