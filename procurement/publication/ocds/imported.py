"""A past round that was imported: one release from its folder, for whoever has the database.

Nobody is shown it on the platform: nobody there conducts it. Its files tell the day of the opening
alone, so that one release tells all of it, and a day stands as its first moment in China.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from bidding.bid_sheet import Bid, Volume
from bidding.bid_sheet import Lot as SheetLot
from bidding.rules import RoundRules
from procurement.bids.opening.disclosure import RULE, Disclosure
from procurement.china_days import CHINA
from procurement.publication.ocds.publish import Place
from procurement.publication.ocds.rules.facts import (
    AwardFacts,
    BidFacts,
    Dates,
    LotFacts,
    Organisation,
    PackPrice,
    RoundFacts,
    StrengthFacts,
)
from procurement.publication.ocds.rules.identifiers import ocid_of
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.packages import Publisher, package_head
from procurement.publication.ocds.rules.release import Head, round_release
from procurement.publication.ocds.rules.seen import tender_status
from procurement.publication.ocds.rules.values import day_of
from procurement.rounds.folder.expected import Expected
from procurement.rounds.folder.read import RoundFolder
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.tables import Round, RoundStatus
from rulebooks import load_rulebook

TAGS = ("tender", "award")
PUBLISHER = "集采 Jicai（导入的历史批次 / imported past round）"


def imported_package(round_: Round, *, place: Place) -> Document:
    """Return the release package of an imported round.

    Args:
        round_: With the facts of its folder.
        place: Where it would be published.
    """
    ocid = ocid_of(place.prefix, round_.name)
    opened = day_of(round_.opened_on) or ""
    head = package_head(
        Publisher(PUBLISHER, None, None, place.address),
        ocid=ocid,
        uri=f"{place.address}/open-data/rounds/{round_.name}.json",
        published_at=opened,
    )
    moment = datetime.combine(round_.opened_on, time(), CHINA)
    release = round_release(Head(ocid, 1, moment, TAGS), imported_facts(round_, place=place))
    return {**head, "releases": [release]}


def imported_facts(round_: Round, *, place: Place) -> RoundFacts:
    """Return the facts of an imported round; its prices as far as its rulebook discloses them."""
    folder = read_facts(round_.facts)
    sheet = folder.round
    rulebook = load_rulebook(round_.rulebook)
    rules = RoundRules(rulebook, sheet.options)
    is_public = rules.knows(RULE) and rules.word(RULE) == Disclosure.PUBLIC
    bidders = {bid.manufacturer for bid in sheet.bids}
    pairs = {(bid.lot, bid.manufacturer) for bid in sheet.bids}
    return RoundFacts(
        name=round_.name,
        title=round_.title,
        address=place.address,
        tender_status=tender_status(RoundStatus.IMPORTED),
        rulebook=f"{rulebook.title.zh} / {rulebook.title.en}",
        bureau=None,
        regions=sorted({volume.region for volume in sheet.volumes}),
        dates=Dates(opened_at=datetime.combine(round_.opened_on, time(), CHINA)),
        documents=[],
        lots=[_lot(lot, sheet.volumes) for lot in sheet.lots],
        bid_count=len(bidders),
        bidders_by_lot=sorted(Counter(lot for lot, _ in pairs).items()),
        bids=[_bid(bid) for bid in sheet.bids] if is_public else None,
        awards=_awards(folder, with_prices=is_public),
    )


def _lot(lot: SheetLot, volumes: Sequence[Volume]) -> LotFacts:
    strengths = [
        StrengthFacts(label, one.price_ceiling, _base_volume(lot.lot, label, volumes))
        for label, one in lot.strengths.items()
    ]
    return LotFacts(lot.lot, lot.product, "", strengths, dosage_form=lot.dosage_form)


def _base_volume(lot: str, strength: str, volumes: Sequence[Volume]) -> int | None:
    own = [one.base_volume for one in volumes if (one.lot, one.strength) == (lot, strength)]
    return sum(own) if own else None


def _id(lot: str, bid: str) -> str:
    return f"{lot}/{bid}"


def _prices(bid: Bid) -> list[PackPrice]:
    return [
        PackPrice(
            quote.strength,
            quote.declared_price.pack_units,
            quote.declared_price.pack_price,
        )
        for quote in bid.quotes
        if quote.declared_price is not None
    ]


def _bid(bid: Bid) -> BidFacts:
    return BidFacts(
        id=_id(bid.lot, bid.bid),
        lot=bid.lot,
        bidder=Organisation(None, bid.manufacturer),
        prices=_prices(bid),
        status="valid",
    )


def _awards(folder: RoundFolder, *, with_prices: bool) -> list[AwardFacts]:
    """What was published of the outcome; a folder without it has no awards."""
    bids: Mapping[tuple[str, str], Bid] = {(bid.lot, bid.bid): bid for bid in folder.round.bids}
    return [
        _award(one, bids.get((one.lot, one.bid or one.manufacturer)), with_prices=with_prices)
        for one in folder.expected
        if one.selected
    ]


def _award(expected: Expected, bid: Bid | None, *, with_prices: bool) -> AwardFacts:
    name = expected.bid or expected.manufacturer
    return AwardFacts(
        id=_id(expected.lot, name),
        lot=expected.lot,
        bid=name,
        bid_id=_id(expected.lot, bid.bid) if bid is not None and with_prices else None,
        supplier=Organisation(None, expected.manufacturer),
        status="active",
        prices=_prices(bid) if bid is not None and with_prices else [],
        regions=len(expected.regions) or None,
    )
