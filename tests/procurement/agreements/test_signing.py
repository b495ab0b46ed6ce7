"""Three parties sign; a wrong organisation, a foreign seal or a wrong order changes nothing."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from procurement.accounts.certificates.seals import SealError
from procurement.accounts.tables import Organisation
from procurement.agreements.content import contents_of
from procurement.agreements.entrusting import (
    end_entrustment,
    entrust_signing,
    given_by,
    given_to,
    possible_agents,
)
from procurement.agreements.errors import (
    NotEntrustedError,
    NothingToSignError,
    SealRefusedError,
)
from procurement.agreements.signing import Seal, Wanted, signable, signing_list, signings_of
from procurement.agreements.states import AgreementStatus, Party
from procurement.agreements.tables import AgreementSignature, AgreementSigning
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from tests.procurement.accounts.authority import PLAIN, issue, new_root, seal, trusting
from tests.procurement.rounds.world import REGIONS
from tests.procurement.world import credit_code


@pytest.fixture
def ready(world):
    """Every agreement has its distributor."""
    world.nominate_everywhere()
    world.choose_distributors()
    return world


def first_hospital(world):
    return world.hospitals[REGIONS[0]][0]


def statuses(world, **wanted):
    with world.read() as session:
        return {one.status for one in world.agreements(session, **wanted)}


def listed(world, party, organisation_id):
    """What a party signs, and its text."""
    with transaction(world.engine) as session:
        term = world.term(session)
        wanted = Wanted(party=party, organisation_id=organisation_id)
        found = signable(session, term=term, wanted=wanted)
        text = signing_list(session, round_=world.round(session), term=term, agreements=found)
    return text


def test_the_hospital_signs_first_and_the_third_signature_binds(ready):
    hospital, maker, distributor = first_hospital(ready), ready.maker("A"), ready.distributors[0]
    with pytest.raises(NothingToSignError):
        ready.sign(Party.MANUFACTURER, maker.id, maker.actor)
    ready.sign(Party.HOSPITAL, hospital.id, hospital.actor)
    assert statuses(ready, hospital_id=hospital.id) == {AgreementStatus.SIGNING}
    ready.sign(Party.DISTRIBUTOR, distributor.id, distributor.actor)
    ready.sign(Party.MANUFACTURER, maker.id, maker.actor)
    both = {"hospital_id": hospital.id, "organisation_id": maker.id}
    assert statuses(ready, **both) == {AgreementStatus.SIGNED}
    with ready.read() as session:
        agreement = ready.agreements(session, **both)[0]
        signed = signings_of(session, agreement=agreement)
        content = contents_of(
            session,
            round_=ready.round(session),
            term=ready.term(session),
            agreements=[agreement],
        )[0]
        assert [one.party for one, _ in signed] == ["hospital", "distributor", "manufacturer"]
        assert {one.digest for one, _ in signed} == {content.digest()} == {agreement.digest}
        assert set(content.parties) == set(Party) and content.volume > 0


def test_a_signature_is_given_once(ready):
    hospital = first_hospital(ready)
    ready.sign(Party.HOSPITAL, hospital.id, hospital.actor)
    with pytest.raises(NothingToSignError):
        ready.sign(Party.HOSPITAL, hospital.id, hospital.actor)


def test_a_signature_by_the_wrong_organisation_is_refused_and_changes_nothing(ready):
    hospital, other = first_hospital(ready), ready.hospitals[REGIONS[0]][1]
    with ready.read() as session:
        own = ready.agreements(session, hospital_id=hospital.id)[0].id
    for organisation_id, actor in (
        (hospital.id, other.actor),
        (hospital.id, ready.officer),
        (hospital.id, ready.maker("A").actor),
    ):
        with pytest.raises(NotEntrustedError):
            ready.sign(Party.HOSPITAL, organisation_id, actor)
    # For itself, but an agreement of another; and as a party that it is not.
    with pytest.raises(NothingToSignError):
        ready.sign(Party.HOSPITAL, other.id, other.actor, own)
    with pytest.raises(NothingToSignError):
        ready.sign(Party.MANUFACTURER, hospital.id, hospital.actor, own)
    with pytest.raises(NotFoundForActorError):
        ready.sign(Party.HOSPITAL, hospital.id, Actor())
    assert statuses(ready) == {AgreementStatus.OPEN}
    with ready.read() as session:
        assert session.scalar(select(func.count()).select_from(AgreementSigning)) == 0
        assert session.scalar(select(func.count()).select_from(AgreementSignature)) == 0


def test_single_agreements_are_signed_only_if_all_of_them_can_be(ready):
    hospital = first_hospital(ready)
    with ready.read() as session:
        own = [one.id for one in ready.agreements(session, hospital_id=hospital.id)]
    with pytest.raises(NothingToSignError):
        ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, own[0], 10**9)
    ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, own[0])
    with ready.read() as session:
        assert [
            one.hospital_signed for one in ready.agreements(session, hospital_id=hospital.id)
        ] == [
            True,
            *(False for _ in own[1:]),
        ]


def test_the_bureau_signs_for_those_who_entrusted_it_until_they_end_it(ready):
    hospital = first_hospital(ready)

    def entrust(agent_id):
        with transaction(ready.engine) as session:
            return entrust_signing(
                session,
                round_=ready.round(session),
                agent_id=agent_id,
                actor=hospital.actor,
                moment=database_moment(session),
            ).id

    for stranger in (ready.distributors[0].id, ready.lead.id, hospital.id, 10**9):
        with pytest.raises(InvalidInputError):
            entrust(stranger)
    given = entrust(ready.bureau.id)
    assert entrust(ready.bureau.id) == given
    with ready.read() as session:
        assert len(given_by(session, round_id=ready.round_id, grantor_id=hospital.id)) == 1
        assert len(given_to(session, round_id=ready.round_id, agent_id=ready.bureau.id)) == 1
        own = ready.agreements(session, hospital_id=hospital.id)
    signing = ready.sign(Party.HOSPITAL, hospital.id, ready.officer, own[0].id)
    assert (signing.agent_id, signing.entrustment_id) == (ready.bureau.id, given)
    with transaction(ready.engine) as session:
        end_entrustment(
            session,
            round_=ready.round(session),
            entrustment_id=given,
            actor=hospital.actor,
            moment=database_moment(session),
        )
    with pytest.raises(NotEntrustedError):
        ready.sign(Party.HOSPITAL, hospital.id, ready.officer)


def test_a_group_entrusts_its_lead_hospital(ready):
    member = ready.members[0]
    with transaction(ready.engine) as session:
        round_, moment = ready.round(session), database_moment(session)
        grantor = session.get_one(Organisation, member.id)
        agents = possible_agents(session, round_=round_, grantor=grantor, moment=moment)
        assert {one.id for one in agents} == {ready.lead.id, ready.bureau.id}
        entrust_signing(
            session, round_=round_, agent_id=ready.lead.id, actor=member.actor, moment=moment
        )
    assert ready.sign(Party.HOSPITAL, member.id, ready.lead.actor).agent_id == ready.lead.id


def test_a_seal_on_the_list_is_kept_and_a_foreign_or_wrong_one_refused(ready):
    hospital = first_hospital(ready)
    code = credit_code(4321)
    with transaction(ready.engine) as session:
        session.get_one(Organisation, hospital.id).credit_code = code
    text = listed(ready, Party.HOSPITAL, hospital.id)
    root = new_root("ecdsa")
    own = issue(root, hospital.organisation.name, issuing=replace(PLAIN, credit_code=code))
    foreign = issue(root, "别家", issuing=replace(PLAIN, credit_code=credit_code(4322)))
    trusted = trusting(root)
    with pytest.raises(SealRefusedError):
        good = Seal(seal(foreign, text.encode()), trusted)
        ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, seal=good)
    with pytest.raises(SealError):
        other = Seal(seal(own, text.encode() + b"x"), trusted)
        ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, seal=other)
    with pytest.raises(InvalidInputError):
        ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, seal=Seal(b"", trusted))
    assert statuses(ready) == {AgreementStatus.OPEN}
    good = Seal(seal(own, text.encode()), trusted)
    signing = ready.sign(Party.HOSPITAL, hospital.id, hospital.actor, seal=good)
    assert signing.seal_fingerprint is not None
    assert signing.list_digest == hashlib.sha256(text.encode()).hexdigest()


def test_what_was_signed_cannot_be_changed(ready):
    hospital = first_hospital(ready)
    signing = ready.sign(Party.HOSPITAL, hospital.id, hospital.actor)
    for table in (AgreementSigning, AgreementSignature):
        with pytest.raises(IntegrityError), transaction(ready.engine) as session:
            row = session.scalars(select(table).limit(1)).one()
            session.delete(row)
    with ready.read() as session:
        assert signing.agreements == len(ready.agreements(session, hospital_id=hospital.id))
