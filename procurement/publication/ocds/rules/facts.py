"""The facts that a release is made of, as far as everybody may know them.

Whoever reads them from the database leaves out what is not public yet (`seen.py`): the mapping
publishes all that it is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.publication.ocds.rules.identifiers import (
    INSTITUTION_SCHEME,
    ORGANISATION_SCHEME,
    id_of_code,
    id_of_name,
)

Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as a party.

    Attributes:
        id: Its id in the platform; None where nothing but the name is known.
        name: Full name.
        credit_code: Unified social credit code, if any.
        institution_code: Code of a designated institution, if any.
        region: Name of its province, below it with the code.
    """

    id: int | None
    name: str
    credit_code: str | None = None
    institution_code: str | None = None
    region: str | None = None

    def __hash__(self) -> int:
        """By its name alone: a release asks for it at every bid and award."""
        return hash(self.name)

    @property
    def party_id(self) -> str:
        """Its id in every release: by its code, else by the platform's number, else by its name.

        Examples:
            >>> Organisation(7, "甲").party_id
            'jicai-7'
        """
        if self.credit_code:
            return id_of_code(self.credit_code)
        return id_of_name(self.name) if self.id is None else f"jicai-{self.id}"

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """Scheme and id, the first of them the main one."""
        both = (
            (ORGANISATION_SCHEME, self.credit_code),
            (INSTITUTION_SCHEME, self.institution_code),
        )
        return [(scheme, code) for scheme, code in both if code]


@dataclass(frozen=True, slots=True)
class StrengthFacts:
    """A strength of a lot.

    Attributes:
        label: As printed, such as ``10mg``.
        ceiling: Yuan a unit, exact; None where there is none, or it is not public yet.
        base_volume: Minimal units a year in all regions; None before it is published.
    """

    label: str
    ceiling: Decimal | None = None
    base_volume: int | None = None


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot.

    Attributes:
        code: In the round.
        product: Generic name and dosage form as the document prints it.
        unit: Minimal unit; empty where it is not known.
        strengths: In order.
        generic_name: Of the active ingredient, where the catalogue knows it.
        dosage_form: `bidding.bid_sheet.DosageForm`.
        failed_reason: Why it was withdrawn or failed; None while it stands.
    """

    code: str
    product: str
    unit: str
    strengths: Sequence[StrengthFacts]
    generic_name: str | None = None
    dosage_form: str | None = None
    failed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PackPrice:
    """A price of a pack.

    Attributes:
        strength: Its label.
        pack_units: Minimal units in the pack.
        pack_price: Yuan, exact; None where it is not disclosed.
        drug_code: National drug code of the pack, where it is known.
    """

    strength: str
    pack_units: int
    pack_price: Decimal | None
    drug_code: str | None = None


@dataclass(frozen=True, slots=True)
class BidFacts:
    """A bid in one lot, after the opening.

    Attributes:
        id: Unique in the round, the same in every release.
        lot: Code.
        bidder: Who bid.
        prices: As declared; empty where no price is known.
        status: Code of bidStatus.
    """

    id: str
    lot: str
    bidder: Organisation
    prices: Sequence[PackPrice]
    status: str


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A bid that was selected.

    Attributes:
        id: Unique in the round, the same in every release.
        lot: Code.
        bid: Identifier of the bid in its lot.
        bid_id: Of `BidFacts`; None where bids are not published.
        supplier: The winner.
        status: Code of awardStatus.
        prices: Of each strength and pack; without amounts where prices are not disclosed.
        agreed_volume: Minimal units in the first year, where it is known.
        regions: How many regions it supplies, where regions decide.
        ends_on: Last day of the lot's cycle, where a rule tells it.
        value: Agreed volumes of the first term at their prices, half up to the cent; None before
            there are any, and where prices are not disclosed.
    """

    id: str
    lot: str
    bid: str
    bid_id: str | None
    supplier: Organisation
    status: str
    prices: Sequence[PackPrice]
    agreed_volume: int | None = None
    regions: int | None = None
    ends_on: date | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A version of the procurement document.

    Attributes:
        kind: ``draft``, ``published`` or ``amendment``.
        number: Of its kind, from 1.
        made_at: When it was issued.
        reason: Why it was amended.
    """

    kind: str
    number: int
    made_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The timetable of a round; None where a date is not fixed, or not reached."""

    volume_opens_at: datetime | None = None
    volume_closes_at: datetime | None = None
    comments_close_at: datetime | None = None
    bidding_opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    opened_at: datetime | None = None
    notice_at: datetime | None = None
    objections_close_at: datetime | None = None
    awarded_at: datetime | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A round as everybody may know it at one moment.

    Attributes:
        name: Of the round.
        title: Of its document.
        address: Where the platform is reached, without a slash at the end.
        tender_status: Code of tenderStatus.
        rulebook: Title of the rulebook that governs it.
        bureau: Who leads it; None for a past round that was imported.
        regions: Names of the provinces or cities that take part.
        dates: Its timetable.
        documents: Versions of the document.
        lots: By code; those that failed too.
        bid_count: Bids that stand at closing; None before.
        bidders_by_lot: How many bid in each lot; None where that is not public.
        bids: One for each bidder, lot and product; None where they are not public.
        awards: None before the notice.
        follows: ocid of the round that it follows on.
        cancelled_because: Reason of a cancellation.
    """

    name: str
    title: str
    address: str
    tender_status: str
    rulebook: str
    bureau: Organisation | None
    regions: Sequence[str]
    dates: Dates
    documents: Sequence[DocumentFacts]
    lots: Sequence[LotFacts]
    bid_count: int | None = None
    bidders_by_lot: Sequence[tuple[str, int]] | None = None
    bids: Sequence[BidFacts] | None = None
    awards: Sequence[AwardFacts] | None = None
    follows: str | None = None
    cancelled_because: str | None = None


@dataclass(frozen=True, slots=True)
class AgreedItem:
    """What one agreement says of one strength.

    Attributes:
        lot: Code.
        product: As the document prints it.
        strength: Label.
        unit: Minimal unit.
        volume: Minimal units in the term.
        unit_price: Yuan a unit as a fraction's parts: price and units of a pack; None where it is
            not disclosed or not known.
    """

    lot: str
    product: str
    strength: str
    unit: str
    volume: int
    unit_price: tuple[Decimal, int] | None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment for goods under an agreement.

    Attributes:
        id: Unique, the same in every release.
        paid_on: Day in China.
        amount: Yuan; None where prices are not disclosed.
        payer: Who paid.
        payee: Who was paid.
    """

    id: str
    paid_on: date
    amount: Decimal | None
    payer: Organisation
    payee: Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """An agreement of a hospital, a winner and a distributor.

    Attributes:
        id: Number of the agreement.
        award_id: The award it rests on: the first, where several lots are in it.
        award_ids: All of them.
        hospital: Who buys.
        supplier: The winner.
        distributor: Who delivers.
        status: Code of contractStatus.
        revision: Of its content, from 1.
        starts_on: First day.
        ends_on: Last day.
        signed_at: When the last of the three signed; None where it no longer binds.
        items: What was agreed.
        payments: For goods under it.
    """

    id: str
    award_id: str
    award_ids: Sequence[str]
    hospital: Organisation
    supplier: Organisation
    distributor: Organisation | None
    status: str
    revision: int
    starts_on: date
    ends_on: date
    signed_at: datetime | None
    items: Sequence[AgreedItem]
    payments: Sequence[PaymentFacts] = ()
