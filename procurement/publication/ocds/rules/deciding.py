"""The bids and awards sections."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from procurement.publication.ocds.rules.facts import (
    AwardFacts,
    BidFacts,
    LotFacts,
    PackPrice,
    RoundFacts,
)
from procurement.publication.ocds.rules.identifiers import DRUG_SCHEME
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.medicine import medicine_fields
from procurement.publication.ocds.rules.values import (
    CURRENCY,
    day_of,
    end_of,
    given,
    moment_of,
    plain,
    reference,
    value_of,
)


def bids_of(facts: RoundFacts) -> Document:
    """Return the bids section: how many there are, and each of them where that is public.

    A declared price is one of a pack, no total value of a bid, so that it stands in the bid's
    documents and not in its ``value``.
    """
    opened = given(date=moment_of(facts.dates.opened_at))
    address = f"{facts.address}/rounds/{facts.name}/opening"
    return given(
        statistics=list(_statistics(facts)),
        details=[_bid(one, opened, address) for one in facts.bids or ()],
    )


def _statistics(facts: RoundFacts) -> Iterator[Document]:
    if facts.bid_count is None:
        return
    closed = moment_of(facts.dates.closes_at)
    for measure in ("bids", "bidders"):
        yield given(id=measure, measure=measure, value=facts.bid_count, date=closed)
    for lot, count in facts.bidders_by_lot or ():
        yield given(
            id=f"bidders-{lot}", measure="bidders", value=count, date=closed, relatedLot=lot
        )


# A large round has hundreds of bids and of awarded packs. What is always there of them is written
# as it stands: asking of each field whether it is given takes as long as all the rest.


def _bid(bid: BidFacts, opened: Document, address: str) -> Document:
    told: Document = {
        "id": bid.id,
        "status": bid.status,
        **opened,
        "tenderers": [reference(bid.bidder)],
        "relatedLots": [bid.lot],
    }
    if bid.prices:
        told["documents"] = [_declared(bid, price, address) for price in bid.prices]
    return told


def _declared(bid: BidFacts, price: PackPrice, address: str) -> Document:
    strength, units = price.strength, price.pack_units
    told = {
        "id": f"{bid.id}/{strength}/{units}",
        "documentType": "submissionDocuments",
        "title": f"{strength} × {units}",
    }
    if price.pack_price is not None:
        told["description"] = (
            f"申报价 {strength}，每包装 {units} 单位：{plain(price.pack_price)} {CURRENCY}"
            " / declared price of a pack"
        )
    told["url"] = address
    return told


def awards_of(facts: RoundFacts) -> list[Document]:
    """Return the awards: one for each selected bid; an item for each strength and pack."""
    if facts.awards is None:
        return []
    lots = {lot.code: lot for lot in facts.lots}
    awarded = moment_of(facts.dates.awarded_at or facts.dates.notice_at)
    starts = day_of(facts.dates.starts_on)
    return [_award(one, awarded, starts, lots[one.lot]) for one in facts.awards]


def _award(award: AwardFacts, awarded: str | None, starts: str | None, lot: LotFacts) -> Document:
    period = given(startDate=starts, endDate=end_of(award.ends_on))
    return given(
        id=award.id,
        title=f"{award.lot} {award.bid}",
        description=_said_of(award),
        status=award.status,
        date=awarded,
        value=value_of(award.value),
        suppliers=[reference(award.supplier)],
        items=_priced_items(award, lot),
        contractPeriod=period or None,
        relatedLots=[award.lot],
        relatedBid=award.bid_id,
    )


def _said_of(award: AwardFacts) -> str | None:
    said = []
    if award.agreed_volume is not None:
        said.append(
            f"首年约定采购量 {award.agreed_volume}（最小计量单位） / agreed in the first year"
        )
    if award.regions is not None:
        said.append(f"供应地区 {award.regions} 个 / regions supplied")
    return "；".join(said) or None


def _priced_items(award: AwardFacts, lot: LotFacts) -> Sequence[Document]:
    return [_priced(award, price, lot) for price in award.prices]


def _priced(award: AwardFacts, price: PackPrice, lot: LotFacts) -> Document:
    strength, units = price.strength, price.pack_units
    pack, description = _described(lot.product, lot.unit, strength, units)
    value = value_of(price.pack_price)
    return {
        "id": f"{award.id}/{strength}/{units}",
        "description": description,
        "unit": {"name": pack} if value is None else {"name": pack, "value": value},
        "relatedLot": award.lot,
        **(_NO_CODE if price.drug_code is None else _code(price.drug_code)),
        **medicine_fields(lot, strength),
    }


_NO_CODE: Document = {}


def _code(drug_code: str) -> Document:
    return {"additionalClassifications": [{"scheme": DRUG_SCHEME, "id": drug_code}]}


@lru_cache(maxsize=4096)
def _described(product: str, unit: str, strength: str, units: int) -> tuple[str, str]:
    """A pack, and the drug in it: the same for all winners of a lot who offer that pack."""
    pack = f"{units} {unit}".rstrip()
    return pack, f"{product} {strength} × {pack}"
