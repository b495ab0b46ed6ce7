"""While second answers are taken nobody can read one, nor a key or share, nor count them."""

import logging
from decimal import Decimal
from typing import Any

import pytest

from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import cover_row
from procurement.database import transaction
from tests.procurement.bids.answering import answer, asked, call, evaluated, yes
from tests.procurement.bids.test_secrecy import (
    NEVER_THE_SAME,
    PRICES,
    all_seen,
    counts,
    dump,
    encodings,
    people,
    plain,
    price_encodings,
    secrets_of,
    seen_by,
)
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import running_platform


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def asking(bidding):
    """Four makers of whom all but the last, the rival who looks, are asked."""
    world, manifest = bidding
    *firms, _ = evaluated(world, manifest, makers=4)
    return world, call(world, *(asked(firm) for firm in firms)), firms


def answered(world, manifest, firms):
    """Two answers of each, with prices that do not occur by chance."""
    sealed: dict[int, list[Any]] = {maker.id: [] for maker in world.makers}
    for firm, price in zip(firms, PRICES, strict=True):
        for _ in range(2):
            content = yes(price=Decimal(price))
            sealed[firm.id].append(answer(world, firm, manifest, content))
    return sealed


def test_a_sitting_holds_no_answer_key_share_or_nonce_anywhere(platform, asking, tmp_path, caplog):
    world, manifest, firms = asking
    caplog.set_level(logging.DEBUG)
    sealed = answered(world, manifest, firms)
    everything = [
        *dump(world.engine, tmp_path),
        ("log", caplog.text.encode()),
        *(
            (f"{who} {address}", page)
            for who, visit in people(platform, world).items()
            for address, page in seen_by(visit, platform, world).items()
        ),
    ]
    assert any("/answers/1" in where for where, _ in everything)
    needles = {coded for price in PRICES for coded in price_encodings(price)}
    for secret in secrets_of(world, manifest, sealed):
        needles |= {coded for coded in encodings(secret) if len(coded) > 10}
    found = [
        (where, needle) for where, content in everything for needle in needles if needle in content
    ]
    assert found == []


def test_nothing_that_anybody_sees_depends_on_the_number_of_answers(platform, asking):
    world, manifest, firms = asking
    visits = people(platform, world)
    before = all_seen(visits, platform, world)
    answered(world, manifest, firms)
    after = all_seen(visits, platform, world)
    for who in visits:
        for address in set(before[who]) - NEVER_THE_SAME:
            assert plain(before[who][address]) == plain(after[who][address]), (who, address)


def test_no_table_but_the_covered_log_grows_with_answers(asking):
    world, manifest, firms = asking
    with transaction(world.engine) as session:
        at_rest = AtRest(SECRET)
        session.add_all(
            cover_row(round_id=world.round_id, at_rest=at_rest, sitting=1) for _ in range(5)
        )
    before = counts(world.engine)
    answered(world, manifest, firms)
    grown = {table for table, count in counts(world.engine).items() if count != before[table]}
    assert grown == {"log_leaf"}
