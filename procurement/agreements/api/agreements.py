"""Agreements by machine: reading, choosing a distributor, signing, entrusting."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.agreements.at_edge import (
    agreement_for,
    content_for,
    listed,
    public_round,
    require_term,
    seal_of,
    wanted_for,
)
from procurement.agreements.content import AgreementContent, number_of
from procurement.agreements.distributors import choose_distributor
from procurement.agreements.entrusting import end_entrustment, entrust_signing
from procurement.agreements.signing import sign_agreements
from procurement.agreements.states import Party
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.rounds.tables import Round
from procurement.web import Cursor, PageSize, RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class AgreementEntry:
    """An agreement in a list.

    Attributes:
        id: Names it in addresses.
        number: How people call it.
        region: Where the hospital lies.
        hospital_id: The buyer.
        manufacturer_id: The winner.
        distributor_id: Who delivers; null while it is not chosen.
        status: waiting, open, signing, signed or void.
        revision: Counts contents.
        signed: Which parties have signed this revision.
    """

    id: int
    number: str
    region: str
    hospital_id: int
    manufacturer_id: int
    distributor_id: int | None
    status: str
    revision: int
    signed: list[str]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """Some agreements.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[AgreementEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A pack at the selected price.

    Attributes:
        pack_units: Minimal units in it.
        pack_price: Yuan, as a decimal.
    """

    pack_units: int
    pack_price: str


@dataclass(frozen=True, slots=True)
class LineEntry:
    """What is agreed of one strength.

    Attributes:
        supply_id: Names it in requests for changes.
        lot: Code of the lot.
        product: Generic name.
        strength: As printed.
        unit: Minimal unit.
        volume: Agreed minimal units in the term.
        by_brand: The part of it that was reported for this brand.
        prices: Packs; empty for who may not see prices.
    """

    supply_id: int
    lot: str
    product: str
    strength: str
    unit: str
    volume: int
    by_brand: int
    prices: list[PriceEntry]


@dataclass(frozen=True, slots=True)
class AgreementDetail:
    """A whole agreement.

    Attributes:
        agreement: As in the list.
        starts_on: First day.
        ends_on: Last day.
        parties: Names by party.
        lines: By lot and strength.
        digest: SHA-256 of the content; null until somebody signs.
    """

    agreement: AgreementEntry
    starts_on: date
    ends_on: date
    parties: dict[str, str]
    lines: list[LineEntry]
    digest: str | None


@dataclass(frozen=True, slots=True)
class DistributorBody:
    """Who is to deliver.

    Attributes:
        distributor_id: One of those that confirmed.
    """

    distributor_id: int


@dataclass(frozen=True, slots=True)
class SigningBody:
    """What is signed.

    Attributes:
        party: hospital, manufacturer or distributor.
        organisation_id: For which organisation, where it entrusted the own one; null for the own.
        agreement_ids: Only these; null for all that wait.
        seal: Detached CMS signature on the list, base64; null for none.
    """

    party: str
    organisation_id: int | None = None
    agreement_ids: list[int] | None = None
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class SigningEntry:
    """What was signed.

    Attributes:
        agreements: How many.
        list_digest: SHA-256 of the list that was signed.
        signed_at: When.
    """

    agreements: int
    list_digest: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class EntrustmentBody:
    """Who is to sign.

    Attributes:
        agent_id: The bureau, or the group's lead hospital.
    """

    agent_id: int


@dataclass(frozen=True, slots=True)
class EntrustmentEntry:
    """An entrustment.

    Attributes:
        id: Names it in addresses.
        agent_id: Who may sign.
        given_at: Since when.
        ended_at: Until when; null while it holds.
    """

    id: int
    agent_id: int
    given_at: datetime
    ended_at: datetime | None


def entry(round_: Round, term: AgreementTerm, row: Agreement) -> AgreementEntry:
    """An agreement as the interface gives it."""
    signed = {
        Party.HOSPITAL: row.hospital_signed,
        Party.MANUFACTURER: row.manufacturer_signed,
        Party.DISTRIBUTOR: row.distributor_signed,
    }
    return AgreementEntry(
        row.id,
        number_of(round_, term, row),
        row.region,
        row.hospital_id,
        row.organisation_id,
        row.distributor_id,
        row.status,
        row.revision,
        [party.value for party, is_signed in signed.items() if is_signed],
    )


def _detail(shown: AgreementEntry, content: AgreementContent) -> AgreementDetail:
    return AgreementDetail(
        agreement=shown,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        parties={party.value: one.name for party, one in content.parties.items()},
        lines=[
            LineEntry(
                line.supply_id,
                line.lot,
                line.product,
                line.strength,
                line.unit,
                line.volume,
                line.by_brand,
                [PriceEntry(one.pack_units, one.pack_price) for one in line.prices],
            )
            for line in content.lines
        ],
        digest=content.agreement.digest,
    )


@get("/api/v1/rounds/{name:str}/agreements")
@reads
def list_agreements(
    visit: Visit, name: FromPath[str], page_size: PageSize = 50, cursor: Cursor = None
) -> AgreementPage:
    """List the agreements of the newest term (or of ``?term=``) that are one's concern."""
    round_ = public_round(visit, name, Action.READ_AGREEMENT)
    term = require_term(visit, round_)
    rows, following = listed(visit, round_, term, cursor=cursor, size=page_size)
    return AgreementPage([entry(round_, term, row) for row in rows], following)


@get("/api/v1/rounds/{name:str}/agreements/{agreement_id:int}")
@reads
def read_agreement(visit: Visit, name: FromPath[str], agreement_id: RowId) -> AgreementDetail:
    """Read one agreement."""
    found = agreement_for(visit, name, agreement_id, Action.READ_AGREEMENT)
    shown = entry(found.round, found.term, found.agreement)
    return _detail(shown, content_for(visit, found))


@post("/api/v1/rounds/{name:str}/agreements/{agreement_id:int}/distributor", status_code=201)
@writes
def choose(
    visit: Visit, name: FromPath[str], agreement_id: RowId, data: JSONBody[DistributorBody]
) -> AgreementEntry:
    """Choose who delivers."""
    found = agreement_for(visit, name, agreement_id, Action.CHOOSE_DISTRIBUTOR)
    row = choose_distributor(
        visit.session,
        round_=found.round,
        agreement=found.agreement,
        distributor_id=data.distributor_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(found.round, found.term, row)


@post("/api/v1/rounds/{name:str}/agreements/signings", status_code=201)
@writes
def sign(visit: Visit, name: FromPath[str], data: JSONBody[SigningBody]) -> SigningEntry:
    """Sign agreements, for the own organisation or for one that entrusted it."""
    round_ = public_round(visit, name, Action.SIGN_AGREEMENT)
    ids = None if data.agreement_ids is None else tuple(data.agreement_ids[:1000])
    wanted = wanted_for(
        visit,
        round_,
        party=data.party,
        organisation_id=data.organisation_id,
        agreement_ids=ids,
    )
    signing = sign_agreements(
        visit.session,
        round_=round_,
        term=require_term(visit, round_),
        wanted=wanted,
        actor=visit.actor,
        moment=visit.moment,
        seal=seal_of(visit, _decoded(data.seal)),
    )
    return SigningEntry(signing.agreements, signing.list_digest, signing.signed_at)


def _decoded(seal: str | None) -> bytes | None:
    if seal is None:
        return None
    try:
        return base64.b64decode(seal, validate=True)
    except (binascii.Error, ValueError) as error:
        fault = FieldFault("seal", "须为 base64。", "Expected base64.")
        raise InvalidInputError([fault]) from error


@post("/api/v1/rounds/{name:str}/agreements/entrustments", status_code=201)
@writes
def entrust(visit: Visit, name: FromPath[str], data: JSONBody[EntrustmentBody]) -> EntrustmentEntry:
    """Let another organisation sign."""
    round_ = public_round(visit, name, Action.ENTRUST_SIGNING)
    row = entrust_signing(
        visit.session,
        round_=round_,
        agent_id=data.agent_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return EntrustmentEntry(row.id, row.agent_id, row.given_at, row.ended_at)


@post("/api/v1/rounds/{name:str}/agreements/entrustments/{entrustment_id:int}/end", status_code=201)
@writes
def end(visit: Visit, name: FromPath[str], entrustment_id: RowId) -> EntrustmentEntry:
    """End an entrustment."""
    round_ = public_round(visit, name, Action.ENTRUST_SIGNING)
    row = end_entrustment(
        visit.session,
        round_=round_,
        entrustment_id=entrustment_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return EntrustmentEntry(row.id, row.agent_id, row.given_at, row.ended_at)


ROUTES = (list_agreements, read_agreement, choose, sign, entrust, end)
"""Handlers of agreements."""
