"""Open contracting data: releases a second, beside the floor of writing the same documents.

The rounds are made up: of 8 lots, like the demo's, and of 60, like a large national one, with 10
bids in each lot and 4 winners; and 2,000 agreements in releases of 50. Mapping starts at the
facts, as they are read from the database; the export sends stored releases as they are.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.timing import measure
from procurement.database import text_digest
from procurement.publication.ocds.rules.facts import (
    AgreedItem,
    AwardFacts,
    BidFacts,
    ContractFacts,
    Dates,
    LotFacts,
    Organisation,
    PackPrice,
    RoundFacts,
    StrengthFacts,
)
from procurement.publication.ocds.rules.json_text import Document, read_json, write_json
from procurement.publication.ocds.rules.merge import compiled_release, with_retractions
from procurement.publication.ocds.rules.packages import package_text
from procurement.publication.ocds.rules.release import Head, contract_release, round_release
from tests.procurement.publication.ocds.offline import reference_merger

SMALL, LARGE = 8, 60
BIDDERS, WINNERS, STAGES = 10, 4, 6
CONTRACTS, OF_ONE_RELEASE = 2_000, 50
EXPORTED, RUNS = 400, 7
SCHEMAS = Path(__file__).parents[2] / "shared" / "ocds"
WANTED = 200
"""Releases a second that issue 8 asks for."""

OCID = "ocds-000000-benchmark"
START = datetime(2026, 11, 22, tzinfo=UTC)
BUREAU = Organisation(1, "采购办公室", "91000000000009999X", None, "全国")


def _firm(number: int) -> Organisation:
    return Organisation(100 + number, f"企业{number}", f"9100000000000{number:04d}X", None, "安徽")


def _awards(bids: Sequence[BidFacts]) -> list[AwardFacts]:
    return [
        AwardFacts(
            f"{bid.lot}/{bid.bidder.name}",
            bid.lot,
            bid.bidder.name,
            bid.id,
            bid.bidder,
            "active",
            [PackPrice(f"{mg}mg", 14, Decimal("28.07")) for mg in (5, 10, 20)],
            10**7,
            8,
            date(2029, 12, 31),
            Decimal("123456789.12"),
        )
        for bid in bids
        if bid.bidder.id is not None and bid.bidder.id < 100 + WINNERS
    ]


def _facts(lots_of_round: int) -> RoundFacts:
    lots = [
        LotFacts(
            f"L{one:02d}",
            f"品种{one} 口服常释剂型",
            "片",
            [StrengthFacts(f"{mg}mg", Decimal("8.8571"), 10**8 + mg) for mg in (5, 10, 20)],
            f"品种{one}",
            "oral-solid",
        )
        for one in range(1, lots_of_round + 1)
    ]
    bids = [
        BidFacts(
            f"{lot.code}/{_firm(firm).party_id}",
            lot.code,
            _firm(firm),
            [PackPrice("10mg", 14, Decimal("28.07") + firm)],
            "valid",
        )
        for lot in lots
        for firm in range(BIDDERS)
    ]
    awards = _awards(bids)
    return RoundFacts(
        name="benchmark",
        title="药品集中带量采购文件",
        address="https://jc.example",
        tender_status="complete",
        rulebook="规则",
        bureau=BUREAU,
        regions=[f"省{one}" for one in range(31)],
        dates=Dates(closes_at=START, opens_at=START, opened_at=START),
        documents=[],
        lots=lots,
        bid_count=BIDDERS,
        bidders_by_lot=[(lot.code, BIDDERS) for lot in lots],
        bids=bids,
        awards=awards,
    )


def _contracts() -> list[ContractFacts]:
    return [
        ContractFacts(
            id=f"benchmark-1-{one:07d}",
            award_id="L01/企业1",
            award_ids=["L01/企业1"],
            hospital=Organisation(10_000 + one, f"医院{one}", None, f"H3401{one:07d}", "安徽"),
            supplier=_firm(one % BIDDERS),
            distributor=_firm(one % BIDDERS + 50),
            status="active",
            revision=1,
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            signed_at=START,
            items=[
                AgreedItem("L01", "品种1", f"{mg}mg", "片", 1400 + one, (Decimal("28.07"), 14))
                for mg in (5, 10, 20)
            ],
        )
        for one in range(CONTRACTS)
    ]


def _of_stages(facts: RoundFacts) -> Iterator[Document]:
    for number in range(1, STAGES + 1):
        head = Head(OCID, number, START + timedelta(days=number), ["awardUpdate"])
        yield round_release(head, facts)


def _of_contracts(contracts: Sequence[ContractFacts]) -> Iterator[Document]:
    for place in range(0, CONTRACTS, OF_ONE_RELEASE):
        some = contracts[place : place + OF_ONE_RELEASE]
        yield contract_release(Head(OCID, STAGES + place, START, ["contract"]), some)


def _told_after(told: str, facts: RoundFacts) -> str:
    """The next release of a round as it is published, all but reading and storing its rows."""
    head = Head(OCID, STAGES, START + timedelta(days=STAGES), ["awardUpdate"])
    text = write_json(with_retractions(read_json(told), round_release(head, facts)))
    text_digest(text)
    return text


def _exported(texts: Sequence[str]) -> int:
    return sum(len(part) for part in package_text({"version": "1.1"}, texts))


def _print(name: str, releases: int, took: float, size: int) -> None:
    print(f"  {name}: {releases / took:,.0f} releases/s ({size / releases / 1024:,.0f} KB each)")


def _floor(name: str, releases: int, took: float, whole: float) -> None:
    print(f"      {name}: {releases / took:,.0f}; of that time, ours takes {whole / took:.2f}")


def _measure(name: str, make: Callable[[], Iterable[Document]]) -> list[str]:
    # As they are published: one after the other, none kept.
    texts = [write_json(one) for one in make()]
    took = measure(lambda: deque((write_json(one) for one in make()), maxlen=0), runs=RUNS).median
    _print(name, len(texts), took, sum(len(text.encode()) for text in texts))
    # The floors write the same documents, which somebody else has made, with binary fractions:
    # json has no decimals.
    plain = [json.loads(text) for text in texts]
    for what, write in (
        ("json.dumps of the same documents, ready made", partial(json.dumps, ensure_ascii=False)),
        ("msgspec of the same", write_json),
    ):
        floor = measure(partial(_written, write, plain), runs=RUNS).median
        _floor(what, len(texts), floor, took)
    return texts


def _written(write: Callable[[Document], str], documents: Sequence[Document]) -> int:
    return sum(len(write(one)) for one in documents)


def _measure_publishing(facts: RoundFacts, told: str) -> None:
    took = measure(lambda: _told_after(told, facts), runs=RUNS).median
    name = f"the next release after one of {len(facts.lots)} lots, told against it"
    _print(name, 1, took, len(told.encode()))


def _measure_export(texts: Sequence[str]) -> None:
    stored = [texts[place % len(texts)] for place in range(EXPORTED)]
    took = measure(lambda: _exported(stored), runs=RUNS).median
    _print("export of stored releases", EXPORTED, took, sum(len(one.encode()) for one in stored))
    plain = [json.loads(text) for text in texts]
    floor = measure(lambda: [json.dumps(one, ensure_ascii=False) for one in plain], runs=RUNS)
    _floor("json.dumps of the same", EXPORTED, floor.median * EXPORTED / len(texts), took)


def _measure_merging(texts: Sequence[str]) -> None:
    documents = [read_json(text) for text in texts]
    took = measure(lambda: compiled_release(documents), runs=RUNS).median
    print(f"  merging {len(documents)} releases into a record: {took:.3f} s")
    if not SCHEMAS.is_dir():
        print("      not compared with ocdsmerge: the schemas beside the checkout are missing")
        return
    merger = reference_merger(SCHEMAS)
    plain = [json.loads(text) for text in texts]
    peer = measure(lambda: merger.create_compiled_release(plain), runs=1).median
    print(f"      ocdsmerge of the same: {peer:.3f} s; of that time, ours takes {took / peer:.2f}")


def main() -> None:
    """Print what mapping, merging and export take."""
    print(f"open contracting data (wanted: ≥ {WANTED} releases/s)")
    whole: list[str] = []
    for lots in (LARGE, SMALL):
        facts = _facts(lots)
        told = _measure(
            f"mapping a round of {lots} lots and {lots * BIDDERS} bids", partial(_of_stages, facts)
        )
        _measure_publishing(facts, told[0])
        whole = told
    parts = _measure(
        f"mapping {OF_ONE_RELEASE} agreements a release", partial(_of_contracts, _contracts())
    )
    _measure_export([*whole, *parts])
    _measure_merging([*whole, *parts])


if __name__ == "__main__":
    main()
