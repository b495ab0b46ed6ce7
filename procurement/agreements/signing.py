"""Signing agreements on line: one, or all that wait for a party, in one act."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, insert, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.certificates.authorities import Authorities
from procurement.accounts.certificates.seals import SEAL_BYTES_MAX, verify_seal
from procurement.accounts.certificates.signers import is_of
from procurement.accounts.tables import Organisation
from procurement.agreements.content import contents_of, number_of
from procurement.agreements.entrusting import active_entrustment
from procurement.agreements.errors import (
    NotEntrustedError,
    NothingToSignError,
    SealRefusedError,
)
from procurement.agreements.states import AgreementStatus, Party, TermStatus, sources_of
from procurement.agreements.tables import (
    Agreement,
    AgreementSignature,
    AgreementSigning,
    AgreementTerm,
)
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.tables import Round

BATCH = 2_000

_OWNER: dict[Party, InstrumentedAttribute[int] | InstrumentedAttribute[int | None]] = {
    Party.HOSPITAL: Agreement.hospital_id,
    Party.MANUFACTURER: Agreement.organisation_id,
    Party.DISTRIBUTOR: Agreement.distributor_id,
}
_SIGNED: dict[Party, InstrumentedAttribute[bool]] = {
    Party.HOSPITAL: Agreement.hospital_signed,
    Party.MANUFACTURER: Agreement.manufacturer_signed,
    Party.DISTRIBUTOR: Agreement.distributor_signed,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be signed, and for whom.

    Attributes:
        party: As what.
        organisation_id: The party that is bound: the actor's organisation, or one that entrusted
            it.
        agreement_ids: Only these; None for all that can be signed.
    """

    party: Party
    organisation_id: int
    agreement_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """An electronic seal on the list of what is signed.

    Attributes:
        signature: Detached CMS signature, DER.
        authorities: Whom the installation trusts.
    """

    signature: bytes
    authorities: Authorities


def party_owner(party: Party) -> ColumnElement[int | None]:
    """Return the column that names a party's organisation."""
    return _OWNER[party]  # type: ignore[return-value]


def can_sign(party: Party) -> ColumnElement[bool]:
    """Condition: an agreement waits for the signature of a party; the hospital signs first."""
    status = AgreementStatus.OPEN if party is Party.HOSPITAL else AgreementStatus.SIGNING
    return (Agreement.status == status) & _SIGNED[party].is_(False)


def signable(
    session: Session, *, term: AgreementTerm, wanted: Wanted, locked: bool = False
) -> Sequence[Agreement]:
    """Return the agreements that a party can sign now, by id; locked for who signs them."""
    statement = (
        select(Agreement)
        .where(Agreement.term_id == term.id, party_owner(wanted.party) == wanted.organisation_id)
        .where(can_sign(wanted.party))
        .order_by(Agreement.id)
    )
    if wanted.agreement_ids is not None:
        statement = statement.where(Agreement.id.in_(wanted.agreement_ids))
    return session.scalars(statement.with_for_update() if locked else statement).all()


def digests_of(
    session: Session, *, round_: Round, term: AgreementTerm, agreements: Sequence[Agreement]
) -> dict[int, str]:
    """Return the digests of what agreements say: what was signed, else what they say now."""
    missing = [one for one in agreements if one.digest is None]
    fresh = contents_of(session, round_=round_, term=term, agreements=missing)
    known = {one.id: one.digest for one in agreements if one.digest is not None}
    return {**known, **{one.agreement.id: one.digest() for one in fresh}}


def signing_list(
    session: Session, *, round_: Round, term: AgreementTerm, agreements: Sequence[Agreement]
) -> str:
    """Return the list that is signed: a line of number and digest for each agreement."""
    digests = digests_of(session, round_=round_, term=term, agreements=agreements)
    return _list(round_, term, agreements, digests)


def _list(
    round_: Round,
    term: AgreementTerm,
    agreements: Sequence[Agreement],
    digests: Mapping[int, str],
) -> str:
    return "".join(f"{number_of(round_, term, one)} {digests[one.id]}\n" for one in agreements)


def sign_agreements(
    session: Session,
    *,
    round_: Round,
    term: AgreementTerm,
    wanted: Wanted,
    actor: Actor,
    moment: datetime,
    seal: Seal | None = None,
) -> AgreementSigning:
    """Sign agreements for a party; nothing is signed unless all that were named can be.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        term: The term whose agreements are meant.
        wanted: What, as what and for whom.
        actor: Of the party's organisation, or of one that it entrusted.
        moment: When.
        seal: A seal of the organisation on the list (see `signing_list`), if one is given.

    Raises:
        NotEntrustedError: The actor is of another organisation, which was not entrusted.
        NothingToSignError: None, or not all of those named, can be signed by this party now.
        SealError: The seal does not hold, or is on another list.
        SealRefusedError: It is another organisation's.
    """
    if actor.person_id is None or actor.organisation_id is None:
        raise NotFoundForActorError
    if term.status != TermStatus.DONE:
        raise NothingToSignError
    entrustment_id = _entrustment(session, round_, wanted, actor)
    agreements = signable(session, term=term, wanted=wanted, locked=True)
    asked = wanted.agreement_ids
    if not agreements or (asked is not None and len(agreements) != len(set(asked))):
        raise NothingToSignError
    digests = digests_of(session, round_=round_, term=term, agreements=agreements)
    listed = _list(round_, term, agreements, digests)
    for one in agreements:
        # From the first signature on the content stands.
        one.digest = digests[one.id]
    session.flush()
    is_agent = actor.organisation_id != wanted.organisation_id
    signing = AgreementSigning(
        term_id=term.id,
        party=wanted.party,
        organisation_id=wanted.organisation_id,
        agent_id=actor.organisation_id if is_agent else None,
        entrustment_id=entrustment_id,
        person_id=actor.person_id,
        person_name=actor.name,
        agreements=len(agreements),
        list_digest=hashlib.sha256(listed.encode()).hexdigest(),
        seal=None if seal is None else seal.signature,
        seal_fingerprint=_fingerprint(session, seal, listed, actor.organisation_id, moment),
        signed_at=moment,
    )
    session.add(signing)
    session.flush()
    for start in range(0, len(agreements), BATCH):
        _sign_some(session, signing, [one.id for one in agreements[start : start + BATCH]])
    session.expire_all()
    _note(session, round_, actor, signing, moment)
    return signing


def _entrustment(session: Session, round_: Round, wanted: Wanted, actor: Actor) -> int | None:
    if wanted.organisation_id == actor.organisation_id:
        return None
    found = active_entrustment(
        session,
        round_id=round_.id,
        grantor_id=wanted.organisation_id,
        agent_id=actor.organisation_id,
    )
    if found is None:
        raise NotEntrustedError
    return found.id


def _fingerprint(
    session: Session, seal: Seal | None, listed: str, organisation_id: int, moment: datetime
) -> str | None:
    if seal is None:
        return None
    if not 0 < len(seal.signature) <= SEAL_BYTES_MAX:
        fault = FieldFault("seal", "签章文件为空或过大。", "The seal is empty or too large.")
        raise InvalidInputError([fault])
    verdict = verify_seal(
        listed.encode(), seal.signature, authorities=seal.authorities, moment=moment
    )
    if not is_of(verdict.signer, session.get_one(Organisation, organisation_id)):
        raise SealRefusedError
    return verdict.fingerprint


def _sign_some(session: Session, signing: AgreementSigning, ids: Sequence[int]) -> None:
    party = Party(signing.party)
    columns = ["agreement_id", "revision", "party", "signing_id", "digest"]
    values = select(
        Agreement.id,
        Agreement.revision,
        literal(party.value),
        literal(signing.id),
        Agreement.digest,
    ).where(Agreement.id.in_(ids))
    session.execute(
        insert(AgreementSignature).from_select(
            columns, values.order_by(Agreement.id), include_defaults=False
        )
    )
    session.execute(
        update(Agreement)
        .where(Agreement.id.in_(ids), Agreement.status.in_(_sources(party)))
        .values({_SIGNED[party].key: True, "status": _following(party)}),
        execution_options={"synchronize_session": False},
    )


def _sources(party: Party) -> tuple[AgreementStatus, ...]:
    if party is Party.HOSPITAL:
        return sources_of(AgreementStatus.SIGNING)
    return sources_of(AgreementStatus.SIGNED)


def _following(party: Party) -> ColumnElement[str]:
    """The status after a signature: signed with the last of the three."""
    others = [column for one, column in _SIGNED.items() if one is not party]
    return case(
        (others[0].is_(True) & others[1].is_(True), literal(AgreementStatus.SIGNED.value)),
        else_=literal(AgreementStatus.SIGNING.value),
    )


def signings_of(
    session: Session, *, agreement: Agreement
) -> Sequence[tuple[AgreementSignature, AgreementSigning]]:
    """Return who signed an agreement, all revisions, in order."""
    rows = session.execute(
        select(AgreementSignature, AgreementSigning)
        .join(AgreementSigning, AgreementSigning.id == AgreementSignature.signing_id)
        .where(AgreementSignature.agreement_id == agreement.id)
        .order_by(AgreementSignature.id)
    )
    return [(signature, signing) for signature, signing in rows]


def _note(
    session: Session, round_: Round, actor: Actor, signing: AgreementSigning, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action="sign-agreements",
        subject=f"round/{round_.name}",
        facts={
            "party": signing.party,
            "organisation": str(signing.organisation_id),
            "agreements": str(signing.agreements),
            "list": signing.list_digest,
        },
        moment=moment,
    )
