"""Agreements that are to be published: signed ones, and what changed of those that were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from procurement.agreements.content import AgreementContent, AgreementLine, contents_of
from procurement.agreements.states import AgreementStatus, Party
from procurement.agreements.tables import (
    AgreedSupply,
    Agreement,
    AgreementSignature,
    AgreementSigning,
    AgreementTerm,
)
from procurement.awards.tables import AwardedBid
from procurement.database import Money
from procurement.payments.reading.settled import ZERO
from procurement.publication.ocds.payments import Sum, payment_facts, sums_by_agreement
from procurement.publication.ocds.reading_bids import award_id, party
from procurement.publication.ocds.rules.facts import AgreedItem, ContractFacts, PaymentFacts
from procurement.publication.ocds.tables import OcdsContract
from procurement.rounds.tables import Lot, Round

_S = AgreementStatus

CONTRACT_STATUS = {
    _S.WAITING: "pending",
    _S.OPEN: "pending",
    _S.SIGNING: "pending",
    _S.SIGNED: "active",
    _S.VOID: "cancelled",
}
"""By status of the agreement: code of contractStatus. An agreement is published once it has been
signed by all three; from then on whatever becomes of it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An agreement that is not published as it is.

    Attributes:
        agreement: The row.
        paid: What is paid under it.
    """

    agreement: Agreement
    paid: Sum


def changed_agreements(session: Session, *, round_id: int, most: int) -> list[Changed]:
    """Return agreements of a round that differ from what is published of them.

    Nothing is published of an agreement before it is signed by all three. It compares rows and
    keeps no place up to which all was published, so that nothing that ends late is passed over.

    Args:
        session: Any session.
        round_id: The round.
        most: At most so many.
    """
    paid = sums_by_agreement()
    payments = func.coalesce(paid.c.payments, 0)
    amount = func.coalesce(paid.c.amount, ZERO)
    rows = session.execute(
        select(Agreement, payments, amount)
        .join(AgreementTerm, AgreementTerm.id == Agreement.term_id)
        .outerjoin(OcdsContract, OcdsContract.agreement_id == Agreement.id)
        .outerjoin(paid, paid.c.agreement_id == Agreement.id)
        .where(AgreementTerm.round_id == round_id, _differs(payments, amount))
        .order_by(Agreement.id)
        .limit(most)
    )
    return [Changed(one, Sum(int(count), _money(total))) for one, count, total in rows]


def _differs(payments: ColumnElement[int], amount: ColumnElement[Decimal]) -> ColumnElement[bool]:
    published = OcdsContract
    return or_(
        published.agreement_id.is_(None) & (Agreement.status == _S.SIGNED),
        published.status != Agreement.status,
        published.revision != Agreement.revision,
        published.payments != payments,
        published.paid_amount != amount,
    )


def _money(total: object) -> Decimal:
    if isinstance(total, Decimal):
        return total
    counted = Money().process_result_value(total, None)  # type: ignore[arg-type]
    return Decimal(0) if counted is None else counted


def contract_facts(
    session: Session, *, round_: Round, changed: Sequence[Changed], with_prices: bool
) -> list[ContractFacts]:
    """Return agreements as they are published.

    Args:
        session: Any session.
        round_: Their round.
        changed: The agreements.
        with_prices: The round discloses its prices to everybody.
    """
    agreements = [one.agreement for one in changed]
    contents = _contents(session, round_, agreements)
    ids = [one.id for one in agreements]
    payments = payment_facts(session, ids, with_amounts=with_prices)
    signed = _signed_at(session, ids)
    awards = _awards(session, contents.values())
    return [
        _contract(
            contents[one.id],
            awards,
            signed.get((one.id, one.revision)),
            payments.get(one.id, ()),
            with_prices=with_prices,
        )
        for one in agreements
    ]


def _contents(
    session: Session, round_: Round, agreements: Sequence[Agreement]
) -> Mapping[int, AgreementContent]:
    by_term: dict[int, list[Agreement]] = {}
    for one in agreements:
        by_term.setdefault(one.term_id, []).append(one)
    found: dict[int, AgreementContent] = {}
    for term_id, own in by_term.items():
        term = session.get_one(AgreementTerm, term_id)
        for content in contents_of(session, round_=round_, term=term, agreements=own):
            found[content.agreement.id] = content
    return found


def _signed_at(session: Session, ids: Sequence[int]) -> Mapping[tuple[int, int], datetime]:
    """When the last party signed, by agreement and revision."""
    rows = session.execute(
        select(
            AgreementSignature.agreement_id,
            AgreementSignature.revision,
            AgreementSigning.signed_at,
        )
        .join(AgreementSigning, AgreementSigning.id == AgreementSignature.signing_id)
        .where(AgreementSignature.agreement_id.in_(ids))
        .order_by(AgreementSigning.signed_at)
    )
    return {(agreement, revision): moment for agreement, revision, moment in rows}


def _awards(session: Session, contents: Iterable[AgreementContent]) -> Mapping[int, str]:
    """The award that each supply rests on."""
    supplies = {line.supply_id for content in contents for line in content.lines}
    rows = session.execute(
        select(AgreedSupply.id, Lot.code, AwardedBid.bid)
        .join(AwardedBid, AwardedBid.id == AgreedSupply.awarded_bid_id)
        .join(Lot, Lot.id == AwardedBid.lot_id)
        .where(AgreedSupply.id.in_(supplies))
    )
    return {supply: award_id(lot, bid) for supply, lot, bid in rows}


def _contract(
    content: AgreementContent,
    awards: Mapping[int, str],
    signed_at: datetime | None,
    payments: Sequence[PaymentFacts],
    *,
    with_prices: bool,
) -> ContractFacts:
    row = content.agreement
    own = list(dict.fromkeys(awards[line.supply_id] for line in content.lines))
    distributor = content.parties.get(Party.DISTRIBUTOR)
    is_signed = row.status == _S.SIGNED
    return ContractFacts(
        id=content.number,
        award_id=own[0] if own else content.number,
        award_ids=own,
        hospital=party(content.parties[Party.HOSPITAL]),
        supplier=party(content.parties[Party.MANUFACTURER]),
        distributor=None if distributor is None else party(distributor),
        status=CONTRACT_STATUS[AgreementStatus(row.status)],
        revision=row.revision,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        signed_at=signed_at if is_signed else None,
        items=[_item(line, with_prices=with_prices) for line in content.lines],
        payments=payments,
    )


def _item(line: AgreementLine, *, with_prices: bool) -> AgreedItem:
    # Where a winner has several packs of a strength, the cheapest unit counts, as in prepayments.
    prices = [(Decimal(one.pack_price), one.pack_units) for one in line.prices]
    cheapest = min(prices, key=lambda one: one[0] / one[1]) if prices and with_prices else None
    return AgreedItem(line.lot, line.product, line.strength, line.unit, line.volume, cheapest)
