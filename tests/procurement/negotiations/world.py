"""A campaign with its people, keyholders and a maker, brought from a dossier to a signed price.

Prices and the drug are invented; the services are those that pages call.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bidding.sealing import new_holder_key, post_shares
from pricing.session import Event, EventKind
from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.catalogue.tables import GenericProduct
from procurement.database import transaction
from procurement.negotiations.campaigns.keys import PREFIX, hand_over_key
from procurement.negotiations.campaigns.members import appoint, declare_interest
from procurement.negotiations.campaigns.service import (
    CampaignFacts,
    draft_campaign,
    name_holders,
    open_campaign,
)
from procurement.negotiations.dossiers.filing import (
    hand_in_model,
    save_draft,
    start_dossier,
    submit_dossier,
)
from procurement.negotiations.dossiers.review import admit_dossier, review_dossier
from procurement.negotiations.groups.models import begin_copy
from procurement.negotiations.groups.reconciling import reconcile
from procurement.negotiations.groups.results import compute_result, newest_result, sign_result
from procurement.negotiations.kinds import Group, Part, Party, Track, Verdict
from procurement.negotiations.sessions.acts import act_at_table, take_share
from procurement.negotiations.sessions.deals import find_deal, sign_deal
from procurement.negotiations.sessions.scheduling import (
    manifest_of,
    require_session,
    schedule_session,
)
from procurement.negotiations.sessions.sealing import find_envelope, seal_maximum_price, sealed_of
from procurement.negotiations.sessions.table import begin_session
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Actor, Level, Role
from tests.procurement.bids.world import SECRET, statement_of
from tests.procurement.rounds.world import actor_of, new_organisation, new_person

Thing = TypeVar("Thing")

MOMENT = datetime(2026, 8, 1, 1, tzinfo=UTC)
STARTS_AT = datetime(2026, 9, 10, 1, tzinfo=UTC)
DURING = STARTS_AT + timedelta(minutes=5)

MODEL = """\
title = "Drug A"
[negotiated]
name = "A"
price = 300
unit = "盒（30片）"
[population]
years = 3
size = 1_000_000
growth = 0.01
funnel = { prevalence = 0.002, treated = 0.5 }
[uptake]
curve = "linear"
years_to_full = 2
[fund]
payment_ratio = 0.7
[[treatment]]
name = "A"
units_a_year = 12
share_without = 0.0
share_with = 0.4
[[treatment]]
name = "B"
price = 1500
share_without = 1.0
share_with = 0.6
[[constraint]]
kind = "budget-every-year"
cap = 500_000
[[constraint]]
kind = "reference-price"
price = 240
premium = 0.1
"""

TYPED = {
    "approval_number": "国药准字H20240001",
    "approved_on": "2024-05-20",
    "dosage_form": "片剂",
    "strength": "10mg",
    "priced_unit": "盒（30片）",
    "pack_units": "30",
    "indication": "某病",
    "safety": "与参照药相当",
    "effectiveness": "优于参照药",
    "innovation": "新靶点",
    "fairness": "弥补目录空白",
    "economics": "见测算资料",
    "reference_drug": "药品B",
    "reference_reason": "同适应症一线用药",
    "expected_price": "280.50",
}

FACTS = CampaignFacts(
    title="2026年国家医保药品目录谈判",
    year=2026,
    rulebook="negotiation-nrdl-2023",
    renewal_rulebook="nrdl-renewal-2024",
    files_from=MOMENT,
    files_until=MOMENT + timedelta(days=20),
    starts_on=date(2027, 1, 1),
    ends_on=date(2028, 12, 31),
    quorum=2,
    pool=Decimal(1_000_000_000),
)

APPOINTED = {
    "reviewer": Part.REVIEWER,
    "economist": Part.ECONOMICS,
    "economist2": Part.ECONOMICS,
    "actuary": Part.FUND,
    "actuary2": Part.FUND,
    "chair": Part.CHAIR,
    "negotiator": Part.NEGOTIATOR,
}


def some(thing: Thing | None) -> Thing:
    """What a test knows to be there."""
    assert thing is not None
    return thing


class NegotiationWorld:
    """One campaign with one dossier; each step is a service call of its own transaction."""

    def __init__(self, engine: Engine, *, name: str = "nrdl-2026"):
        self.engine, self.name = engine, name
        self.people: dict[str, Actor] = {}
        self.dossier_id = 0
        with transaction(engine) as session:
            self._populate(session)

    def _populate(self, session: Session) -> None:
        bureau = new_organisation(
            session,
            OrganisationKind.BUREAU,
            "国家谈判办公室",
            region="000000",
            level=Level.NATIONAL,
        )
        maker = new_organisation(session, OrganisationKind.MANUFACTURER, "甲药业有限公司")
        rival = new_organisation(session, OrganisationKind.MANUFACTURER, "乙药业有限公司")
        self.bureau_id, self.maker_id = bureau.id, maker.id

        def add(name: str, home: Organisation, *roles: Role) -> None:
            person = new_person(session, home, *roles)
            self.people[name] = actor_of(session, person)

        for name in ("officer", "second"):
            add(name, bureau, Role.OFFICER)
        for name in APPOINTED:
            add(name, bureau, Role.EVALUATOR)
        add("supervisor", bureau, Role.SUPERVISOR)
        add("stranger", bureau, Role.EVALUATOR)
        add("maker", maker, Role.MANUFACTURER)
        add("rival", rival, Role.MANUFACTURER)
        self.holder_ids = []
        for seat in (1, 2, 3):
            home = new_organisation(session, OrganisationKind.KEYHOLDER, f"密钥机构{seat}")
            add(f"holder{seat}", home, Role.KEYHOLDER)
            self.holder_ids.append(home.id)
        known = session.scalars(select(GenericProduct).where(GenericProduct.name == "某药"))
        product = known.one_or_none() or GenericProduct(
            name="某药", printed_form="口服常释剂型", unit="片", recorded_at=MOMENT
        )
        session.add(product)
        session.flush()
        self.product_id = product.id
        self.keys = [
            new_holder_key("intl-1", random_bytes=secrets.token_bytes) for _ in self.holder_ids
        ]

    def person(self, name: str) -> Person:
        with transaction(self.engine) as session:
            person = session.get_one(Person, self.people[name].person_id)
            assert person.organisation.id
            return person

    def campaign(self, session: Session) -> Campaign:
        return session.get_one(Campaign, self.campaign_id)

    def dossier(self, session: Session) -> Dossier:
        return session.get_one(Dossier, self.dossier_id)

    def do(self, work: Callable[[Session], object]) -> "NegotiationWorld":
        """Do something in a transaction of its own."""
        with transaction(self.engine) as session:
            work(session)
        return self

    def draft(self) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            campaign = draft_campaign(
                session,
                name=self.name,
                facts=FACTS,
                actor=self.people["officer"],
                moment=MOMENT,
            )
            self.campaign_id = campaign.id
            name_holders(
                session,
                campaign=campaign,
                organisation_ids=self.holder_ids,
                actor=self.people["officer"],
                moment=MOMENT,
            )
        return self

    def hand_over_keys(self) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            for seat, key in enumerate(self.keys, start=1):
                hand_over_key(
                    session,
                    campaign=self.campaign(session),
                    actor=self.people[f"holder{seat}"],
                    statement=statement_of(key, PREFIX + self.name, seat),
                    moment=MOMENT,
                )
        return self

    def open(self) -> "NegotiationWorld":
        """A campaign that is open, with everybody appointed."""
        self.draft().hand_over_keys()
        with transaction(self.engine) as session:
            open_campaign(
                session,
                campaign=self.campaign(session),
                version=self.campaign(session).version,
                actor=self.people["officer"],
                moment=MOMENT,
            )
            for name, part in APPOINTED.items():
                appoint(
                    session,
                    campaign=self.campaign(session),
                    dossier=None,
                    person_id=self.people[name].person_id or 0,
                    part=part,
                    actor=self.people["officer"],
                    moment=MOMENT,
                )
        return self

    def start(self, *, track: Track = Track.REGULAR, product: str = "某药") -> "NegotiationWorld":
        with transaction(self.engine) as session:
            self.dossier_id = start_dossier(
                session,
                campaign=self.campaign(session),
                track=track,
                product=product,
                actor=self.people["maker"],
                moment=MOMENT,
            ).id
        return self

    def fill(self, typed: dict[str, str] | None = None) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            dossier = self.dossier(session)
            save_draft(
                session,
                dossier=dossier,
                typed=typed or TYPED,
                version=dossier.version,
                moment=MOMENT,
            )
        return self

    def add_model(self, text: str = MODEL) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            hand_in_model(
                session,
                dossier=self.dossier(session),
                files={"model.toml": text},
                actor=self.people["maker"],
                moment=MOMENT,
            )
        return self

    def submit(self, *, moment: datetime = MOMENT) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            dossier = self.dossier(session)
            submit_dossier(
                session,
                dossier=dossier,
                version=dossier.version,
                actor=self.people["maker"],
                moment=moment,
            )
        return self

    def file(self) -> "NegotiationWorld":
        """A dossier that was handed in."""
        return self.open().start().fill().add_model().submit()

    def review(self, verdict: Verdict = Verdict.PASS, **how: object) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            wanted = {"reason": "", "due_at": None, **how}
            review_dossier(
                session,
                dossier=self.dossier(session),
                verdict=verdict,
                actor=self.people["officer"],
                moment=MOMENT,
                **wanted,  # type: ignore[arg-type]
            )
        return self

    def declare(self, *names: str, has_conflict: bool = False) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            for name in names or tuple(APPOINTED):
                declare_interest(
                    session,
                    dossier=self.dossier(session),
                    has_conflict=has_conflict,
                    text="持有该企业股票" if has_conflict else "",
                    actor=self.people[name],
                    moment=MOMENT,
                )
        return self

    def admit(self) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            admit_dossier(
                session,
                dossier=self.dossier(session),
                admits=True,
                reason="专家评分达到要求",
                actor=self.people["officer"],
                moment=MOMENT,
            )
        return self

    def compute(self) -> "NegotiationWorld":
        """Both groups compute and sign."""
        for group, names in (
            (Group.ECONOMICS, ("economist", "economist2")),
            (Group.FUND, ("actuary", "actuary2")),
        ):
            with transaction(self.engine) as session:
                about: dict[str, Any] = {
                    "dossier": self.dossier(session),
                    "group": group,
                    "secret_key": SECRET,
                    "moment": MOMENT,
                }
                first = self.people[names[0]]
                begin_copy(session, actor=first, **about)
                result = compute_result(session, draws=100, seed=7, actor=first, **about)
                for name in names:
                    sign_result(session, digest=result.digest, actor=self.people[name], **about)
        return self

    def result(self, session: Session, group: Group):
        return newest_result(session, dossier=self.dossier(session), group=group, secret_key=SECRET)

    def reconcile(self, policy: str = "strict-min", **how: object) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            reconcile(
                session,
                dossier=self.dossier(session),
                policy=policy,
                reason="两组结果接近",
                actor=self.people["chair"],
                secret_key=SECRET,
                moment=MOMENT,
                **{"weight": None, **how},  # type: ignore[arg-type]
            )
        return self

    def schedule(self) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            schedule_session(
                session,
                dossier=self.dossier(session),
                starts_at=STARTS_AT,
                place="一号会议室",
                actor=self.people["officer"],
                secret_key=SECRET,
                moment=MOMENT,
            )
        return self

    def seal(self) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            seal_maximum_price(
                session,
                dossier=self.dossier(session),
                actor=self.people["chair"],
                secret_key=SECRET,
                moment=MOMENT,
            )
        return self

    def admitted(self) -> "NegotiationWorld":
        """A dossier that is being calculated."""
        return self.file().review().declare().admit()

    def sealed(self) -> "NegotiationWorld":
        """A dossier whose maximum price is sealed."""
        return self.admitted().compute().reconcile().schedule().seal()

    def begin(self, *, moment: datetime = DURING) -> "NegotiationWorld":
        with transaction(self.engine) as session:
            begin_session(
                session,
                dossier=self.dossier(session),
                actor=self.people["negotiator"],
                moment=moment,
            )
        return self

    def posting(self, session: Session, seat: int):
        talk = require_session(session, dossier=self.dossier(session))
        envelope = find_envelope(session, talk=talk)
        assert envelope is not None
        return post_shares(
            manifest_of(talk),
            envelopes=[sealed_of(envelope)],
            seat=seat,
            key=self.keys[seat - 1],
            moment=talk.starts_at,
            random_bytes=secrets.token_bytes,
        )

    def unseal(self, *seats: int, moment: datetime = DURING) -> "NegotiationWorld":
        """Let keyholders post their shares."""
        for seat in seats or (1, 3):
            with transaction(self.engine) as session:
                take_share(
                    session,
                    talk=require_session(session, dossier=self.dossier(session)),
                    actor=self.people[f"holder{seat}"],
                    body=self.posting(session, seat).to_bytes(),
                    secret_key=SECRET,
                    moment=moment,
                )
        return self

    def act(self, kind: EventKind, price: str | None = None) -> "NegotiationWorld":
        """Let one side act at the table."""
        side = "maker" if Event(kind).side.value == "maker" else "negotiator"
        with transaction(self.engine) as session:
            act_at_table(
                session,
                dossier=self.dossier(session),
                event=Event(kind, None if price is None else Decimal(price)),
                actor=self.people[side],
                secret_key=SECRET,
                moment=DURING,
            )
        return self

    def sign(self, party: Party) -> "NegotiationWorld":
        name = "maker" if party is Party.MAKER else "negotiator"
        with transaction(self.engine) as session:
            talk = require_session(session, dossier=self.dossier(session))
            deal = find_deal(session, talk=talk)
            assert deal is not None
            sign_deal(
                session,
                talk=talk,
                party=party,
                digest=deal.digest,
                signed_by=self.people[name].name,
                actor=self.people[name],
                secret_key=SECRET,
                moment=DURING,
            )
        return self

    def agreed(self) -> "NegotiationWorld":
        """A dossier whose deal is signed."""
        self.sealed().begin().unseal()
        self.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "150")
        self.act(EventKind.OFFER, "120").act(EventKind.ACCEPT_OFFER)
        return self.sign(Party.MAKER).sign(Party.BUREAU)
