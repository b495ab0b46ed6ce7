"""Rounds are stored once, whole, under their name."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from procurement.database import snapshot, text_digest, transaction
from procurement.rounds.service import (
    RoundDocument,
    RoundNameTakenError,
    find_round,
    store_round,
)

MOMENT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DOCUMENT = RoundDocument(
    name="national-3-2020",
    title="第三批国家组织药品集中采购",
    rulebook="national-3",
    rulebook_digest="a" * 64,
    opened_on=date(2020, 8, 20),
    facts='{"lots": [{"product": "二甲双胍"}]}',
)


def store(engine, document=DOCUMENT, moment=MOMENT):
    with transaction(engine) as session:
        return store_round(session, document=document, moment=moment)


def test_a_stored_round_is_found_by_its_name_with_every_field(engine):
    store(engine)
    with snapshot(engine) as session:
        found = find_round(session, name="national-3-2020")
    assert found is not None
    assert {name: getattr(found, name) for name in DOCUMENT.__slots__} == {
        name: getattr(DOCUMENT, name) for name in DOCUMENT.__slots__
    }
    assert found.facts_digest == text_digest(DOCUMENT.facts)
    assert found.imported_at == MOMENT


def test_an_unknown_name_finds_nothing(engine):
    store(engine)
    with snapshot(engine) as session:
        assert find_round(session, name="national-4") is None


def test_storing_the_same_round_again_returns_the_stored_one(engine):
    first = store(engine)
    again = store(engine, moment=datetime(2026, 1, 6, tzinfo=UTC))
    assert again.id == first.id
    assert again.imported_at == MOMENT


@pytest.mark.parametrize(
    "other", [replace(DOCUMENT, facts="{}"), replace(DOCUMENT, rulebook_digest="b" * 64)]
)
def test_a_name_cannot_be_taken_by_another_round(engine, other):
    store(engine)
    with pytest.raises(RoundNameTakenError) as refused:
        store(engine, other)
    assert refused.value.name == "national-3-2020"


def test_two_rounds_may_share_their_facts(engine):
    first, second = store(engine), store(engine, replace(DOCUMENT, name="copy"))
    assert first.id != second.id
