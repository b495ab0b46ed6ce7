"""The sealed price and the table: who opens, what ends the talks, what a deal needs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pricing.session import Event, EventKind
from procurement.bids.submission.at_rest import SealedRowError
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.negotiations.errors import DossierStateError, NotReadyError
from procurement.negotiations.groups.tables import WorkKey
from procurement.negotiations.kinds import DossierStatus, Party, SessionStatus
from procurement.negotiations.sessions.acts import act_at_table, take_share
from procurement.negotiations.sessions.deals import find_deal, find_record, sign_deal
from procurement.negotiations.sessions.opening import find_opening, opened_price
from procurement.negotiations.sessions.reading import record_view
from procurement.negotiations.sessions.scheduling import require_session, schedule_session
from procurement.negotiations.sessions.sealing import find_envelope, sealed_of
from procurement.negotiations.sessions.standards import standards_of
from procurement.negotiations.sessions.table import (
    TableRefusedError,
    begin_session,
    look_at_maximum,
)
from procurement.permissions import NotFoundForActorError
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.world import DURING, MOMENT, STARTS_AT, NegotiationWorld, some

MAXIMUM = Decimal("264.00")


@pytest.fixture
def sealed(engine):
    return NegotiationWorld(engine).sealed()


@pytest.fixture
def running(sealed):
    return sealed.begin().unseal()


def talk_of(world, session):
    return require_session(session, dossier=world.dossier(session))


def status(world):
    with snapshot(world.engine) as session:
        return world.dossier(session).status, talk_of(world, session).status


def test_a_session_is_scheduled_for_a_time_that_is_to_come(engine):
    world = NegotiationWorld(engine).admitted()
    with transaction(engine) as session, pytest.raises(InvalidInputError) as refused:
        schedule_session(
            session,
            dossier=world.dossier(session),
            starts_at=MOMENT,
            place="",
            actor=world.people["officer"],
            secret_key=SECRET,
            moment=MOMENT,
        )
    assert [one.field for one in refused.value.faults] == ["starts_at", "place"]


def test_the_digest_is_there_before_the_session_and_fits_the_envelope(sealed):
    with snapshot(sealed.engine) as session:
        envelope = some(find_envelope(session, talk=talk_of(sealed, session)))
        assert envelope.digest == sealed_of(envelope).digest
        assert envelope.sealed_at < STARTS_AT
        assert session.scalars(select(WorkKey)).all() == []


def test_a_price_is_sealed_once(sealed):
    with pytest.raises(DossierStateError):
        sealed.seal()


def test_only_the_chair_seals(engine):
    world = NegotiationWorld(engine).admitted().compute().reconcile().schedule()
    world.people["chair"] = world.people["economist"]
    with pytest.raises(NotFoundForActorError):
        world.seal()


def test_nothing_is_opened_before_the_session_has_begun(sealed):
    with pytest.raises(NotReadyError):
        sealed.unseal(1)
    with pytest.raises(NotReadyError):
        sealed.begin(moment=STARTS_AT - timedelta(seconds=1))


def test_fewer_than_the_quorum_open_nothing(sealed):
    sealed.begin().unseal(1)
    with snapshot(sealed.engine) as session:
        assert find_opening(session, talk=talk_of(sealed, session)) is None
    sealed.unseal(3)
    with snapshot(sealed.engine) as session:
        talk = talk_of(sealed, session)
        opened = some(opened_price(session, talk=talk, secret_key=SECRET))
        assert opened.price == MAXIMUM


def test_the_opened_price_is_sealed_at_rest(running):
    with snapshot(running.engine) as session, pytest.raises(SealedRowError):
        opened_price(session, talk=talk_of(running, session), secret_key=bytes(32))


def test_a_share_of_another_seat_is_refused(sealed):
    sealed.begin()
    with transaction(sealed.engine) as session, pytest.raises(InvalidInputError):
        take_share(
            session,
            talk=talk_of(sealed, session),
            actor=sealed.people["holder2"],
            body=sealed.posting(session, 1).to_bytes(),
            secret_key=SECRET,
            moment=DURING,
        )


def test_a_first_quote_above_the_limit_does_not_end_the_talks_and_a_second_does(running):
    running.act(EventKind.FIRST_QUOTE, "9000")
    assert status(running) == (DossierStatus.TALKS, SessionStatus.OPEN)
    running.act(EventKind.SECOND_QUOTE, "303.61")
    assert status(running) == (DossierStatus.FAILED, SessionStatus.FAILED)
    with snapshot(running.engine) as session:
        kept = some(find_record(session, talk=talk_of(running, session)))
        assert kept.maximum_price == MAXIMUM
        assert standards_of(session, campaign_id=running.campaign_id) == []


def test_a_second_quote_at_the_limit_leads_to_bargaining(running):
    running.act(EventKind.FIRST_QUOTE, "9000").act(EventKind.SECOND_QUOTE, "303.60")
    assert status(running) == (DossierStatus.TALKS, SessionStatus.OPEN)


def test_no_deal_is_made_above_the_maximum_price(running):
    running.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "300")
    with pytest.raises(TableRefusedError):
        running.act(EventKind.ACCEPT_QUOTE)
    with pytest.raises(TableRefusedError):
        running.act(EventKind.OFFER, "264.01")
    running.act(EventKind.QUOTE, "264").act(EventKind.ACCEPT_QUOTE)
    with snapshot(running.engine) as session:
        assert some(find_deal(session, talk=talk_of(running, session))).price == MAXIMUM


def test_quotes_made_before_the_opening_are_measured_when_it_is_opened(sealed):
    sealed.begin().act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "350")
    assert status(sealed)[1] == SessionStatus.OPEN
    sealed.unseal()
    assert status(sealed)[1] == SessionStatus.FAILED


def test_a_maker_who_leaves_before_the_opening_leaves_a_record_all_the_same(sealed):
    sealed.begin().act(EventKind.MAKER_LEAVES)
    with snapshot(sealed.engine) as session:
        assert find_record(session, talk=talk_of(sealed, session)) is None
    sealed.unseal()
    with snapshot(sealed.engine) as session:
        assert some(find_record(session, talk=talk_of(sealed, session))).maximum_price == MAXIMUM


@pytest.mark.parametrize("price", ["0", "-1", "0.00001", "1e30", "NaN", "99999999999999999"])
def test_a_price_that_nobody_could_pay_is_refused(running, price):
    with pytest.raises(InvalidInputError):
        running.act(EventKind.FIRST_QUOTE, price)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (EventKind.FIRST_QUOTE, "rival"),
        (EventKind.OFFER, "maker"),
        (EventKind.OFFER, "chair"),
        (EventKind.CEILING_OPENED, "negotiator"),
    ],
)
def test_each_side_acts_for_itself(running, kind, name):
    with transaction(running.engine) as session, pytest.raises(NotFoundForActorError):
        act_at_table(
            session,
            dossier=running.dossier(session),
            event=Event(kind, Decimal(1)),
            actor=running.people[name],
            secret_key=SECRET,
            moment=DURING,
        )


def test_only_a_negotiator_of_a_running_session_looks(sealed):
    for name, error in (("negotiator", NotReadyError), ("chair", NotFoundForActorError)):
        with transaction(sealed.engine) as session, pytest.raises(error):
            look_at_maximum(
                session,
                dossier=sealed.dossier(session),
                actor=sealed.people[name],
                secret_key=SECRET,
                moment=DURING,
            )


def test_a_deal_holds_when_both_have_signed_with_their_names(running):
    running.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "250")
    running.act(EventKind.ACCEPT_QUOTE)
    with transaction(running.engine) as session:
        deal = some(find_deal(session, talk=talk_of(running, session)))
        for wrong in ({"signed_by": "别人"}, {"digest": "0" * 64}):
            about = {"signed_by": running.people["maker"].name, "digest": deal.digest, **wrong}
            with pytest.raises((InvalidInputError, NotReadyError)):
                sign_deal(
                    session,
                    talk=talk_of(running, session),
                    party=Party.MAKER,
                    actor=running.people["maker"],
                    secret_key=SECRET,
                    moment=DURING,
                    **about,
                )
    running.sign(Party.MAKER)
    assert status(running)[1] == SessionStatus.OPEN
    with pytest.raises(NotReadyError):
        running.sign(Party.MAKER)
    running.sign(Party.BUREAU)
    assert status(running) == (DossierStatus.AGREED, SessionStatus.AGREED)


def test_the_record_opens_the_whole_calculation_again(engine):
    world = NegotiationWorld(engine).agreed()
    with snapshot(engine) as session:
        talk = talk_of(world, session)
        view = some(record_view(session, dossier=world.dossier(session), talk=talk))
    assert view.results["economics"]["price"] == "264.00"
    assert [one.price for one in view.steps] == [MAXIMUM]
    assert view.record.maximum_price == MAXIMUM


def test_a_session_begins_once_and_by_a_negotiator(running):
    with transaction(running.engine) as session, pytest.raises(DossierStateError):
        begin_session(
            session,
            dossier=running.dossier(session),
            actor=running.people["negotiator"],
            moment=DURING,
        )
