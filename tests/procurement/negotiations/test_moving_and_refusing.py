"""A session that is moved before the price is sealed, and a deal that one side does not sign."""

from datetime import timedelta

import pytest

from pricing.session import EventKind
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.negotiations.dossiers.filing import events_of
from procurement.negotiations.errors import DossierStateError, NotReadyError
from procurement.negotiations.kinds import DossierStatus, Party, SessionStatus
from procurement.negotiations.sessions.deals import find_record
from procurement.negotiations.sessions.refusing import end_unsigned
from procurement.negotiations.sessions.scheduling import manifest_of, move_session, require_session
from procurement.negotiations.sessions.standards import standards_of
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import DURING, MOMENT, STARTS_AT, NegotiationWorld, some

LATER = STARTS_AT + timedelta(days=7)


def move(world, starts_at=LATER, *, place="二号会议室", moment=MOMENT):
    with transaction(world.engine) as session:
        move_session(
            session,
            dossier=world.dossier(session),
            starts_at=starts_at,
            place=place,
            actor=world.people["second"],
            secret_key=SECRET,
            moment=moment,
        )
    return world


def dealt(engine):
    world = NegotiationWorld(engine).sealed().begin().unseal()
    world.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "150")
    return world.act(EventKind.OFFER, "120").act(EventKind.ACCEPT_OFFER)


def end(world, party, *, reason="公司内部未批准"):
    name = "maker" if party is Party.MAKER else "negotiator"
    with transaction(world.engine) as session:
        end_unsigned(
            session,
            talk=require_session(session, dossier=world.dossier(session)),
            party=party,
            reason=reason,
            actor=world.people[name],
            secret_key=SECRET,
            moment=DURING,
        )
    return world


def test_a_moved_session_is_sealed_and_held_at_its_new_time(engine):
    world = move(NegotiationWorld(engine).admitted().compute().reconcile().schedule()).seal()
    with snapshot(engine) as session:
        talk = require_session(session, dossier=world.dossier(session))
        manifest = manifest_of(talk)
        assert (talk.starts_at, talk.place) == (LATER, "二号会议室")
        assert (manifest.opens_at, manifest.digest) == (LATER, talk.manifest_digest)
    with pytest.raises(NotReadyError):
        world.begin()
    world.begin(moment=LATER).unseal(moment=LATER)


def test_a_session_whose_time_passed_unsealed_is_moved_too(engine):
    world = NegotiationWorld(engine).admitted().compute().reconcile().schedule()
    move(world, moment=STARTS_AT + timedelta(hours=1)).seal()


def test_nothing_is_moved_once_the_price_is_sealed_or_before_it_is_scheduled(engine):
    world = NegotiationWorld(engine).admitted()
    with pytest.raises(DossierStateError):
        move(world)
    world.compute().reconcile().schedule().seal()
    with pytest.raises(DossierStateError):
        move(world)


def test_a_session_is_moved_to_a_time_and_a_place(engine):
    world = NegotiationWorld(engine).admitted().schedule()
    for wrong in ({"starts_at": MOMENT}, {"starts_at": None}, {"place": ""}):
        with pytest.raises(InvalidInputError):
            move(world, **wrong)


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("signed", [None, Party.MAKER, Party.BUREAU])
def test_either_side_ends_a_deal_that_not_both_have_signed(engine, party, signed):
    world = dealt(engine)
    if signed is not None:
        world.sign(signed)
    end(world, party)
    with snapshot(engine) as session:
        dossier = world.dossier(session)
        talk = require_session(session, dossier=dossier)
        assert (dossier.status, talk.status) == (DossierStatus.FAILED, SessionStatus.UNSIGNED)
        assert events_of(session, dossier_id=dossier.id)[-1].reason.endswith("公司内部未批准")
        assert some(find_record(session, talk=talk)).outcome == SessionStatus.UNSIGNED
        assert standards_of(session, campaign_id=world.campaign_id) == []
    for after in (lambda: world.sign(party), lambda: end(world, party)):
        with pytest.raises(NotReadyError):
            after()


def test_a_reason_is_needed_and_a_deal(engine):
    world = NegotiationWorld(engine).sealed().begin().unseal()
    with pytest.raises(NotReadyError):
        end(world, Party.MAKER)
    world.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "150")
    world.act(EventKind.ACCEPT_QUOTE)
    for reason in ("", "因" * 2001):
        with pytest.raises(InvalidInputError):
            end(world, Party.MAKER, reason=reason)
    world.sign(Party.MAKER).sign(Party.BUREAU)
    with pytest.raises(NotReadyError):
        end(world, Party.BUREAU)


def test_both_are_done_on_the_pages(engine, tmp_path):
    world = NegotiationWorld(engine).admitted().compute().reconcile().schedule()
    with visited(engine, tmp_path) as visits:
        assert "更改时间和地点" in visits.get(world, "officer", "session").text
        typed = {"starts_at": "2026-09-10T10:00", "place": "三号"}
        assert visits.post(world, "maker", "session/move", **typed).status_code == 404
        assert visits.post(world, "officer", "session/move", place="三号").status_code == 422
        assert visits.post(world, "officer", "session/move", **typed).status_code == 303
        assert "三号" in visits.get(world, "maker", "session").text
        later = STARTS_AT + timedelta(hours=1, minutes=5)
        world.seal().begin(moment=later).unseal(moment=later)
        world.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "150")
        world.act(EventKind.OFFER, "120").act(EventKind.ACCEPT_OFFER)
        visits.clock.moment = later
        visits.known.clear()
        assert "终止未签署的协议" in visits.get(world, "negotiator", "table").text
        for name, path in (("rival", "quotes"), ("chair", "table"), ("maker", "table")):
            answer = visits.post(world, name, f"{path}/unsigned", reason="不签")
            assert answer.status_code == 404, name
        assert visits.post(world, "maker", "quotes/unsigned").status_code == 422
        assert visits.post(world, "maker", "quotes/unsigned", reason="不签").status_code == 303
        for name, path in (("maker", "quotes"), ("negotiator", "table"), ("officer", "record")):
            assert visits.get(world, name, path).status_code == 200, name
        assert "不签" in visits.get(world, "negotiator", "table").text
        assert "协议没有由双方签署" in visits.get(world, "officer", "record").text
