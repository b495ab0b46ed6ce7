"""A round in bidding with keyholders, admitted manufacturers and their keys, for tests."""

import itertools
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from bidding.sealing import (
    Bid,
    BidLine,
    Envelope,
    HolderKey,
    Manifest,
    ReceiptSecret,
    SigningKey,
    new_holder_key,
    new_signing_key,
    post_shares,
    seal_bid,
    seal_withdrawal,
)
from bidding.sealing.signing import sign_document
from procurement.accounts.tables import Certificate, Organisation, OrganisationKind, Person
from procurement.accounts.tables import SigningKey as BoundKey
from procurement.bids.keyholders.holder_proof import HolderStatement
from procurement.bids.keyholders.keys import hand_over_keys
from procurement.bids.keyholders.manifests import write_manifest
from procurement.bids.keyholders.rehearsals import (
    post_rehearsal_share,
    rehearsal_documents,
    start_rehearsal,
)
from procurement.bids.kinds import PaperStatus
from procurement.bids.opening.service import open_bids
from procurement.bids.submission.close import close_round
from procurement.bids.submission.gate import bidder_name
from procurement.bids.submission.submit import Acknowledgement, submit_bid
from procurement.bids.tables import Opening, PaperStep
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Lot, LotStrength, Round
from tests.procurement.rounds.world import (
    actor_of,
    new_bureau,
    new_keyholders,
    new_organisation,
    new_person,
    new_round,
    open_bidding,
    publish_round,
)
from tests.procurement.world import credit_code

SECRET = bytes(range(32))
"""The installation's key of the tests."""

_numbers = itertools.count(100)

BID = Bid(lines=(BidLine("L01", "1mg", declared_price=Decimal("7.654")),))


@dataclass
class Maker:
    """A manufacturer with its signing key, and what it sealed last."""

    id: int
    name: str
    bidder: str
    person_id: int
    key: SigningKey
    version: int = 0
    last: str | None = None
    secrets: list[ReceiptSecret] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor(
            person_id=self.person_id,
            organisation_id=self.id,
            roles=frozenset({Role.PUBLIC, Role.MANUFACTURER}),
            name="报价经理",
            organisation=self.name,
        )

    def seal(self, manifest: Manifest, bid: Bid = BID) -> Envelope:
        """Seal the next version of this maker's bid."""
        envelope, secret = seal_bid(
            manifest,
            bid=bid,
            bidder=self.bidder,
            version=self.version + 1,
            replaces=self.last,
            signing_key=self.key,
            random_bytes=secrets.token_bytes,
        )
        self.secrets.append(secret)
        return envelope

    def withdraw(self, manifest: Manifest):
        assert self.last is not None
        return seal_withdrawal(
            manifest,
            bidder=self.bidder,
            version=self.version + 1,
            replaces=self.last,
            signing_key=self.key,
            random_bytes=secrets.token_bytes,
        )

    def sent(self, submission) -> None:
        self.version, self.last = submission.version, submission.digest


class World:
    """One round, prepared by the services as people prepare it."""

    def __init__(self, engine: Engine, *, holders: int = 5, name: str = "anhui-2026-1"):
        self.engine = engine
        with transaction(engine) as session:
            self.bureau = new_bureau(session)
            self.officers = [new_person(session, self.bureau, Role.OFFICER) for _ in range(2)]
            organisations = new_keyholders(session, holders)
            people = [new_person(session, one, Role.KEYHOLDER) for one in organisations]
            self.holder_actors = [actor_of(session, person) for person in people]
            self.officer_actors = [actor_of(session, person) for person in self.officers]
            evaluator = new_person(session, self.bureau, Role.EVALUATOR)
            self.evaluator = actor_of(session, evaluator)
            now = database_moment(session)
            round_ = new_round(
                session,
                bureau=self.bureau,
                officer=self.officers[0],
                moment=now - timedelta(days=21),
                keyholders=organisations,
                name=name,
            )
            self.round_id, self.name = round_.id, round_.name
        self.keys = [
            new_holder_key("intl-1", random_bytes=secrets.token_bytes) for _ in range(holders)
        ]
        self.makers: list[Maker] = []

    def round(self, session: Session) -> Round:
        return session.get_one(Round, self.round_id)

    def hand_over_all_keys(self) -> None:
        for seat in range(1, len(self.keys) + 1):
            self.hand_over_key(seat)

    def hand_over_key(self, seat: int) -> None:
        with transaction(self.engine) as session:
            round_ = self.round(session)
            hand_over_keys(
                session,
                round_=round_,
                actor=self.holder_actors[seat - 1],
                statement=statement_of(self.keys[seat - 1], round_.name, seat),
                moment=database_moment(session),
            )

    def rehearse(self, seats: int | None = None) -> None:
        with transaction(self.engine) as session:
            round_, moment = self.round(session), database_moment(session)
            rehearsal = start_rehearsal(
                session,
                round_=round_,
                actor=self.officer_actors[0],
                secret_key=SECRET,
                moment=moment,
            )
            manifest, envelope = rehearsal_documents(rehearsal)
            for seat in range(1, (seats or len(self.keys)) + 1):
                post_rehearsal_share(
                    session,
                    round_=round_,
                    actor=self.holder_actors[seat - 1],
                    post=self.posting(manifest, [envelope], seat).to_bytes(),
                    moment=moment,
                )

    def posting(self, manifest, envelopes, seat, *, moment=None, key=None):
        return post_shares(
            manifest,
            envelopes=envelopes,
            seat=seat,
            key=key or self.keys[seat - 1],
            moment=moment or manifest.opens_at,
            random_bytes=secrets.token_bytes,
        )

    def open_bidding(self) -> Manifest:
        """Publish and open the round; bids close an hour from now."""
        with transaction(self.engine) as session:
            round_ = self.round(session)
            publish_round(session, round_, moment=database_moment(session))
            manifest = write_manifest(
                session,
                round_=round_,
                actor=self.officer_actors[1],
                secret_key=SECRET,
                moment=database_moment(session),
            )
            open_bidding(session, round_, moment=database_moment(session))
        return manifest

    def amend(self) -> Manifest:
        """Amend a ceiling and sign the next manifest."""
        with transaction(self.engine) as session:
            round_ = self.round(session)
            lots = select(Lot.id).where(Lot.round_id == round_.id)
            session.execute(
                update(LotStrength)
                .where(LotStrength.lot_id.in_(lots))
                .where(LotStrength.strength == "1mg")
                .values(price_ceiling=Decimal("11.5"))
            )
            return write_manifest(
                session,
                round_=round_,
                actor=self.officer_actors[1],
                secret_key=SECRET,
                moment=database_moment(session),
            )

    def prepare(self) -> Manifest:
        """Bring the round to bidding."""
        self.hand_over_all_keys()
        self.rehearse()
        return self.open_bidding()

    def new_maker(self, *, admitted: bool = True) -> Maker:
        with transaction(self.engine) as session:
            number = next(_numbers)
            organisation = new_organisation(
                session, OrganisationKind.MANUFACTURER, f"第{number}药业有限公司"
            )
            organisation.credit_code = credit_code(number)
            person = new_person(session, organisation, Role.MANUFACTURER)
            maker = Maker(
                organisation.id,
                organisation.name,
                bidder_name(organisation.credit_code, organisation.id),
                person.id,
                new_signing_key("intl-1", random_bytes=secrets.token_bytes),
            )
            bind_key(session, organisation, person, maker.key)
            if admitted:
                session.add(
                    PaperStep(
                        round_id=self.round_id,
                        organisation_id=organisation.id,
                        status=PaperStatus.ADMITTED,
                        person_id=self.evaluator.person_id,
                        happened_at=database_moment(session),
                    )
                )
        self.makers.append(maker)
        return maker

    def submit(self, maker: Maker, submission, *, key: str = "") -> Acknowledgement:
        return self.send(maker, submission.to_bytes(), key=key or submission.digest[:40])

    def send(self, maker: Maker, body: bytes, *, key: str) -> Acknowledgement:
        with transaction(self.engine) as session:
            return submit_bid(
                session,
                round_name=self.name,
                actor=maker.actor,
                body=body,
                key=key,
                secret_key=SECRET,
            )

    def bid(self, maker: Maker, manifest: Manifest, bid: Bid = BID) -> Acknowledgement:
        envelope = maker.seal(manifest, bid)
        answer = self.submit(maker, envelope)
        if answer.is_receipt:
            maker.sent(envelope)
        return answer

    def end_bidding(self) -> datetime:
        """Let the closing time be now, by the database's clock."""
        return self.set_times(closes_in=timedelta(0))

    def set_times(self, *, closes_in: timedelta) -> datetime:
        with transaction(self.engine) as session:
            closes_at = database_moment(session) + closes_in
            session.execute(
                update(Round)
                .where(Round.id == self.round_id)
                .values(closes_at=closes_at, opens_at=closes_at)
            )
        return closes_at

    def close(self):
        self.end_bidding()
        with transaction(self.engine) as session:
            return close_round(session, round_=self.round(session), secret_key=SECRET)

    def open(self) -> Opening:
        with transaction(self.engine) as session:
            return open_bids(session, round_=self.round(session), secret_key=SECRET)

    def read(self):
        """Open a snapshot."""
        return snapshot(self.engine)


def statement_of(key: HolderKey, round_name: str, seat: int) -> HolderStatement:
    """Sign a holder's statement, as the browser does."""
    unsigned = HolderStatement(
        key.suite_name, round_name, seat, key.sealing_pair.public, key.signing_key.public
    )
    signature = sign_document(
        unsigned.unsigned(), key=key.signing_key, random_bytes=secrets.token_bytes
    )
    return HolderStatement(
        key.suite_name,
        round_name,
        seat,
        unsigned.sealing_key,
        unsigned.signing_key,
        signature,
    )


def bind_key(
    session: Session, organisation: Organisation, person: Person, key: SigningKey
) -> BoundKey:
    """Bind a signing key to an organisation, as its certificate does."""
    now = database_moment(session)
    certificate = Certificate(
        organisation_id=organisation.id,
        fingerprint=secrets.token_hex(32),
        suite="intl-1",
        certificate="",
        subject="",
        issuer="",
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=365),
        bound_by=person.id,
        bound_at=now,
    )
    session.add(certificate)
    session.flush()
    bound = BoundKey(
        organisation_id=organisation.id,
        certificate_id=certificate.id,
        suite=key.suite_name,
        public_key=key.public.hex(),
        statement="",
        key_signature="",
        certificate_signature="",
        bound_by=person.id,
        bound_at=now,
    )
    session.add(bound)
    session.flush()
    return bound
