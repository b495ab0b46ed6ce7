"""Nothing of bids is published before it may be known: not even whether there are any."""

import json

import pytest

from procurement.bids.opening import disclosure
from procurement.bids.opening.disclosure import Disclosure
from procurement.publication.ocds.rules.seen import seen_at
from procurement.rounds.rules import PUBLIC_STATUSES
from procurement.rounds.status import RoundStatus
from tests.procurement.awards.world import awarded_round
from tests.procurement.publication.ocds.publishing import publish, releases

_S = RoundStatus
WAY = (
    _S.VOLUME_REPORTING,
    _S.COMMENTS,
    _S.PUBLISHED,
    _S.BIDDING,
    _S.CLOSED,
    _S.OPENED,
    _S.EVALUATED,
    _S.SECOND_ANSWERS,
    _S.ANNOUNCED,
    _S.AWARDED,
    _S.REGIONS_CHOSEN,
    _S.AGREEMENTS,
    _S.RUNNING,
    _S.ENDED,
)
NAME = "anhui-2026-1"


@pytest.mark.parametrize("is_public", [True, False])
def test_what_is_seen_grows_along_the_way_and_never_before_its_time(is_public):
    known: frozenset[str] = frozenset()
    for place in range(1, len(WAY) + 1):
        reached = WAY[:place]
        seen = seen_at(reached, prices_are_public=is_public)
        shown = frozenset(name for name in seen.__slots__ if getattr(seen, name))
        assert known <= shown
        known = shown
        assert seen.bid_count == (_S.CLOSED in reached)
        assert seen.bids == seen.prices == (is_public and _S.OPENED in reached)
        assert seen.awards == (_S.ANNOUNCED in reached)
    assert set(WAY) <= PUBLIC_STATUSES


def test_before_closing_a_release_speaks_of_no_bid(engine):
    awarded_round(engine)
    publish(engine, NAME)
    told = releases(engine, NAME)
    opened = next(place for place, one in enumerate(told) if "details" in one.get("bids", {}))
    closed = next(place for place, one in enumerate(told) if "bids" in one)
    assert closed < opened
    for one in told[:closed]:
        assert not {"bids", "awards", "contracts"} & set(one)
        assert "numberOfTenderers" not in one["tender"]
    for one in told[closed:opened]:
        assert set(one["bids"]) == {"statistics"}
        assert [line["measure"] for line in one["bids"]["statistics"]] == ["bids", "bidders"]
        parties = {tuple(party["roles"]) for party in one["parties"]}
        assert parties == {("procuringEntity",)}


@pytest.mark.parametrize(
    "rule", [Disclosure.PARTIES, Disclosure.COURT, Disclosure.UNKNOWN], ids=str
)
def test_a_round_that_does_not_disclose_prices_publishes_none(rule, engine, monkeypatch):
    awarded_round(engine)
    monkeypatch.setattr(
        "procurement.publication.ocds.reading_round.disclosure_of", lambda *_, **__: rule
    )
    publish(engine, NAME)
    told = releases(engine, NAME)
    assert all("details" not in one.get("bids", {}) for one in told)
    assert all("items" not in award and "value" not in award for award in told[-1]["awards"])
    assert told[-1]["awards"]
    amounts = [
        item["unit"]["value"]["amount"]
        for item in told[-1]["tender"]["items"]
        if "value" in item.get("unit", {})
    ]
    # Ceilings stand in the document for everybody; no other amount is anywhere.
    assert json.dumps(told[-1], default=str).count('"amount"') == len(amounts)
    assert disclosure.RULE == "disclosure.prices"
